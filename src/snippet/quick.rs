//! Passes over the words that cannot be marked, by a few of their bytes.

use super::PhraseMatcher;

const BITS: usize = 1_024;

/// Sets of words, as bits by length and by first and last byte: what is not in the bits is not in the
/// set. A hundred words leave one other word in ten to be looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Quick {
    /// Lemmas and words as written.
    words: Bits,
    /// First bytes of prefixes.
    prefixes: Bits,
    /// Words of phrases, or their first byte where only that is sure.
    phrase_words: Bits,
    phrase_prefixes: Bits,
}

#[derive(Debug, Clone, PartialEq)]
struct Bits([u64; BITS / 64]);

impl Default for Bits {
    fn default() -> Bits {
        Bits([0; BITS / 64])
    }
}

impl Bits {
    fn add(&mut self, bit: usize) {
        if let Some(bits) = self.0.get_mut(bit / 64) {
            *bits |= 1 << (bit % 64);
        }
    }

    #[inline]
    fn has(&self, bit: usize) -> bool {
        self.0
            .get(bit / 64)
            .is_some_and(|bits| bits >> (bit % 64) & 1 != 0)
    }
}

#[inline]
fn of_word(word: &str) -> usize {
    let bytes = word.as_bytes();
    let first = bytes.first().copied().unwrap_or_default();
    let last = bytes.last().copied().unwrap_or_default();
    let middle = bytes.get(bytes.len() / 2).copied().unwrap_or_default();
    let sum = usize::from(first) * 31 + usize::from(last) * 7 + usize::from(middle) * 97;
    (sum + bytes.len() * 131) % BITS
}

#[inline]
fn of_beginning(word: &str) -> usize {
    usize::from(word.as_bytes().first().copied().unwrap_or_default())
}

impl Quick {
    pub(super) fn new<'a>(
        words: impl Iterator<Item = &'a String>,
        prefixes: impl Iterator<Item = &'a String>,
        phrases: &[PhraseMatcher],
    ) -> Quick {
        let mut quick = Quick::default();
        for word in words {
            quick.words.add(of_word(word));
        }
        for prefix in prefixes {
            quick.prefixes.add(of_beginning(prefix));
        }
        for phrase in phrases {
            for (_, word) in &phrase.words {
                quick.phrase_words.add(of_word(word));
            }
            if let (true, Some((_, word))) = (phrase.prefix, phrase.words.last()) {
                quick.phrase_prefixes.add(of_beginning(word));
            }
        }
        quick
    }

    #[inline]
    pub(super) fn may_be_word(&self, word: &str) -> bool {
        self.words.has(of_word(word))
    }

    #[inline]
    pub(super) fn may_begin(&self, word: &str) -> bool {
        self.prefixes.has(of_beginning(word))
    }

    #[inline]
    pub(super) fn may_be_in_phrase(&self, word: &str) -> bool {
        self.phrase_words.has(of_word(word)) || self.phrase_prefixes.has(of_beginning(word))
    }
}
