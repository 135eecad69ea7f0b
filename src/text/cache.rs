//! The words seen lately, by their very bytes: a hit spares folding, the
//! lexicon and the stop words.
//!
//! Text repeats itself. Measured on 37 MB of novels, plays and news: 16,384
//! places miss 6.6 words in 100, 32,768 miss 4.1, 65,536 miss 2.7. Words of
//! more than 16 bytes, one in 2,000, are not kept.
//!
//! A miss costs a writer what a dozen hits do, for the word is looked up among
//! those of the segment too: with 262,144 places it takes up to a tenth less time.

use super::prefetch::prefetch;
use super::terms::{Arena, Word};

/// The longest word kept, in bytes.
pub(super) const MAX_KEY: usize = 16;

/// A word of at most [`MAX_KEY`] bytes, padded with zeros.
pub(super) type Key = [u64; 2];

/// Places are added as misses show that the text is long: a query or a title
/// must not pay for a table that it cannot fill. Then come as many as there may be.
const FIRST_SIZES: [usize; 2] = [1 << 8, 1 << 12];

/// The most places, unless there is memory for more.
const USUAL: usize = 1 << 16;

/// More are not filled.
const MOST: usize = 1 << 18;

/// Strings of evicted words stay behind until there are so many bytes for each
/// place. Those of a word take some twenty.
const BYTES_PER_PLACE: usize = 48;

#[derive(Clone, Copy)]
struct Entry {
    key: Key,
    word: Word,
}

const VACANT: Entry = Entry {
    key: [0; 2],
    word: Word::EMPTY,
};

/// Two places for the words of one hash. A new word takes the second, and the
/// first once it is met again: words met once don't drive out frequent ones.
/// Both are in one line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Pair {
    first: Entry,
    second: Entry,
}

const EMPTY: Pair = Pair {
    first: VACANT,
    second: VACANT,
};

/// See the module.
pub(super) struct WordCache {
    pairs: Vec<Pair>,
    /// The most places: a power of two.
    most: usize,
    misses: usize,
    pub(super) arena: Arena,
}

impl Default for WordCache {
    fn default() -> WordCache {
        WordCache {
            pairs: Vec::new(),
            most: USUAL,
            misses: 0,
            arena: Arena::lasting(),
        }
    }
}

impl WordCache {
    /// The word with these bytes, if it was seen lately.
    #[inline(always)]
    pub(super) fn get(&mut self, key: &Key) -> Option<Word> {
        let place = place(key, self.pairs.len());
        let Pair { first, second } = self.pairs.get_mut(place)?;
        if is_same(&first.key, key) {
            return Some(first.word);
        }
        if is_same(&second.key, key) {
            std::mem::swap(first, second);
            return Some(first.word);
        }
        None
    }

    /// Begins to fetch the place of a word.
    #[inline(always)]
    pub(super) fn prefetch(&self, key: &Key) {
        prefetch(&self.pairs, place(key, self.pairs.len()));
    }

    /// Keeps a word whose strings are in [`arena`](Self::arena).
    pub(super) fn insert(&mut self, key: Key, word: Word) {
        self.misses += 1;
        if self.misses > 2 * self.pairs.len() {
            self.grow();
        }
        let place = place(&key, self.pairs.len());
        if let Some(pair) = self.pairs.get_mut(place) {
            pair.second = Entry { key, word };
        }
    }

    fn grow(&mut self) {
        let sizes = FIRST_SIZES.into_iter().chain([self.most]);
        let mut sizes = sizes.map(|size| size / 2);
        let Some(size) = sizes.find(|size| *size > self.pairs.len()) else {
            return;
        };
        let old = std::mem::replace(&mut self.pairs, vec![EMPTY; size]);
        self.misses = 0;
        for Pair { first, second } in old {
            for entry in [second, first] {
                if let Some(pair) = self.pairs.get_mut(place(&entry.key, size)) {
                    pair.second = std::mem::replace(&mut pair.first, entry);
                }
            }
        }
    }

    /// Lets it have as many places as so many bytes hold, their strings aside, and the usual ones at the least.
    pub(super) fn allow(&mut self, bytes: usize) {
        let places = bytes / size_of::<Entry>();
        let most = match places.checked_ilog2() {
            Some(power) => (1 << power).clamp(USUAL, MOST),
            None => USUAL,
        };
        // One that a writer with more memory has left is too large for this one.
        if 2 * self.pairs.len() > most {
            *self = WordCache::default();
        }
        self.most = most;
    }

    /// What it takes beyond what it usually does, in bytes.
    pub(super) fn extra_memory(&self) -> usize {
        let usual = USUAL * (size_of::<Entry>() + BYTES_PER_PLACE);
        let used = self.pairs.len() * size_of::<Pair>() + self.arena.len();
        used.saturating_sub(usual)
    }

    /// Whether it is time to [`compact`](Self::compact).
    pub(super) fn is_bloated(&self) -> bool {
        let places = (2 * self.pairs.len()).max(USUAL);
        self.arena.len() > places * BYTES_PER_PLACE
    }

    /// Drops the strings of evicted words. Words handed out before are void.
    pub(super) fn compact(&mut self) {
        let pairs = self.pairs.iter_mut();
        let entries = pairs.flat_map(|Pair { first, second }| [first, second]);
        let mut entries: Vec<&mut Entry> = entries.filter(|entry| entry.key != [0; 2]).collect();
        // Those met first, which are the frequent ones, stay side by side.
        entries.sort_unstable_by_key(|entry| entry.word.offset());
        let mut arena = Arena::lasting();
        for entry in entries {
            entry.word = arena.adopt(&self.arena, &entry.word);
        }
        self.arena = arena;
    }
}

/// Compares in registers: sixteen bytes at once must wait until the key's two halves are written to memory.
#[inline(always)]
fn is_same([first, second]: &Key, [third, fourth]: &Key) -> bool {
    (first ^ third) | (second ^ fourth) == 0
}

/// The key of a name, which has the same letters as the word that it is not. No letter has this byte,
/// and a name that is kept leaves room for it.
pub(super) fn name_key([first, second]: Key) -> Key {
    [first, second | 0xff << 56]
}

/// The place of a key in a table of `size` places, a power of two.
#[inline]
fn place(&[first, second]: &Key, size: usize) -> usize {
    // Odd constants with mixed bits (from the golden ratio and from wyhash);
    // the high bits of the product depend on all of the key.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    const SECOND: u64 = 0xa076_1d64_78bd_642f;
    let mixed = first ^ second.wrapping_mul(SECOND).rotate_left(23);
    let spread = (mixed ^ (mixed >> 29)).wrapping_mul(SPREAD);
    // At most 2^17 pairs, so the high 24 bits of the product suffice.
    (spread >> 40) as usize & size.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::super::terms::TermList;
    use super::super::token::TokenFlags;
    use super::*;

    /// Meets so many words, each as often as it is frequent, and says how many were not known.
    fn read(cache: &mut WordCache, words: usize) -> usize {
        let mut misses = 0;
        for number in 0..words {
            // Every other one is one of a few thousand.
            for number in [number, number * 7 % 5_003] {
                let written = format!("mot{number}");
                let key = scan::key(written.as_bytes());
                if let Some(word) = cache.get(&key) {
                    assert_eq!(cache.arena.written(&word), written);
                    continue;
                }
                misses += 1;
                if cache.is_bloated() {
                    cache.compact();
                }
                let lemmas = TermList::default();
                let word = cache.arena.push(&written, "", &lemmas, TokenFlags::NONE);
                cache.insert(key, word);
            }
        }
        misses
    }

    #[test]
    fn it_grows_as_far_as_it_may_and_knows_the_frequent_words() {
        let mut cache = WordCache::default();
        read(&mut cache, 100);
        assert_eq!(2 * cache.pairs.len(), FIRST_SIZES[0]);
        let usual = read(&mut cache, 400_000);
        assert_eq!(2 * cache.pairs.len(), USUAL);
        assert!(usual < 410_000, "{usual}");

        let mut large = WordCache::default();
        large.allow(8 << 20);
        read(&mut large, 600_000);
        assert_eq!(2 * large.pairs.len(), MOST);
        assert!(large.extra_memory() > 8 << 20);
        assert!(large.extra_memory() < 24 << 20);
        // Who may have less does not get it.
        large.allow(5 << 20);
        assert_eq!(large.extra_memory(), 0);
        read(&mut large, 600_000);
        assert_eq!(2 * large.pairs.len(), MOST / 2);
    }
}
