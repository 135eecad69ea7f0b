//! [`Seen`]: the forms of words met before, by the numbers that the analyzer's cache gives them. Spares reading and
//! hashing letters.

use crate::text::prefetch::prefetch;

/// See the module.
#[derive(Default)]
pub(super) struct Seen {
    /// The form of each.
    forms: Vec<u32>,
    /// Which of them are there, one bit each: so small that it is near, where the forms are not.
    bits: Vec<u64>,
}

impl Seen {
    #[inline]
    pub(super) fn has(&self, word: u32) -> bool {
        let bits = self.bits.get((word / u64::BITS) as usize);
        bits.is_some_and(|bits| bits >> (word % u64::BITS) & 1 == 1)
    }

    /// Fetches the form of a word that is asked for soon.
    #[inline]
    pub(super) fn prefetch(&self, word: u32) {
        prefetch(&self.forms, word as usize);
    }

    /// The form of a word; that of no word where it was not seen.
    #[inline]
    pub(super) fn form(&self, word: u32) -> u32 {
        self.forms.get(word as usize).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn add(&mut self, word: u32, form: u32) {
        let (place, of_bits) = (word as usize, (word / u64::BITS) as usize);
        if self.forms.len() <= place {
            self.forms.resize(place + 1, 0);
            self.bits.resize(of_bits + 1, 0);
        }
        if let (Some(known), Some(bits)) = (self.forms.get_mut(place), self.bits.get_mut(of_bits)) {
            *known = form;
            *bits |= 1 << (word % u64::BITS);
        }
    }

    pub(super) fn clear(&mut self) {
        self.forms.clear();
        self.bits.clear();
    }

    pub(super) fn memory(&self) -> usize {
        self.forms.capacity() * size_of::<u32>() + self.bits.capacity() * size_of::<u64>()
    }
}
