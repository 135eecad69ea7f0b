//! The words seen lately, by their very bytes: a hit spares folding, the
//! lexicon and the stop words.
//!
//! Text repeats itself: 16,384 places answer for some 97 words in 100 of
//! French prose. Direct-mapped, so that a look-up is one multiplication chain,
//! one load and one comparison of 24 bytes; longer words are not kept.

use super::terms::{Arena, Word};

/// The longest word kept, in bytes.
pub(super) const MAX_KEY: usize = 24;

/// A word of at most [`MAX_KEY`] bytes, padded with zeros.
pub(super) type Key = [u64; 3];

/// Places are added as misses show that the text is long: a query or a title
/// must not pay for a table that it cannot fill.
const SIZES: [usize; 3] = [1 << 8, 1 << 11, 1 << 14];

/// Strings of evicted words stay behind until this many bytes are in use.
const MAX_BYTES: usize = 2 << 20;

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Entry {
    key: Key,
    word: Word,
}

const VACANT: Entry = Entry {
    key: [0; 3],
    word: Word::EMPTY,
};

/// See the module.
#[derive(Default)]
pub(super) struct WordCache {
    entries: Vec<Entry>,
    misses: usize,
    pub(super) arena: Arena,
}

impl WordCache {
    /// The word with these bytes, if it was seen lately.
    #[inline]
    pub(super) fn get(&self, key: &Key) -> Option<&Word> {
        let entry = self.entries.get(place(key, self.entries.len()))?;
        (entry.key == *key).then_some(&entry.word)
    }

    /// Keeps a word whose strings are in [`arena`](Self::arena).
    pub(super) fn insert(&mut self, key: Key, word: Word) {
        self.misses += 1;
        if self.misses > self.entries.len() {
            self.grow();
        }
        let place = place(&key, self.entries.len());
        if let Some(entry) = self.entries.get_mut(place) {
            *entry = Entry { key, word };
        }
    }

    fn grow(&mut self) {
        let Some(&size) = SIZES.iter().find(|&&size| size > self.entries.len()) else {
            return;
        };
        let old = std::mem::replace(&mut self.entries, vec![VACANT; size]);
        self.misses = 0;
        for entry in old.into_iter().filter(|entry| entry.key != [0; 3]) {
            if let Some(new) = self.entries.get_mut(place(&entry.key, size)) {
                *new = entry;
            }
        }
    }

    /// Whether it is time to [`compact`](Self::compact).
    pub(super) fn is_bloated(&self) -> bool {
        self.arena.len() > MAX_BYTES
    }

    /// Drops the strings of evicted words. Words handed out before are void.
    pub(super) fn compact(&mut self) {
        let mut arena = Arena::default();
        for entry in self.entries.iter_mut().filter(|entry| entry.key != [0; 3]) {
            entry.word = arena.adopt(&self.arena, &entry.word);
        }
        self.arena = arena;
    }
}

/// The place of a key in a table of `size` places, a power of two.
#[inline]
fn place(&[first, second, third]: &Key, size: usize) -> usize {
    // Odd constants with mixed bits (from the golden ratio); the high bits of
    // the product depend on all of the key.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = first
        ^ second.wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(23)
        ^ third.wrapping_mul(0xa076_1d64_78bd_642f).rotate_left(41);
    let spread = (mixed ^ (mixed >> 29)).wrapping_mul(SPREAD);
    // At most 2^14 places, so the low 16 bits of the shifted product suffice.
    (spread >> 48) as usize & size.wrapping_sub(1)
}
