//! Where the strings of words live: one growing `String` for all of them, and
//! for each word a small [`Word`] that says where its own lie.

use std::sync::atomic::{AtomicU32, Ordering};

use super::prefetch::prefetch;
use super::token::TokenFlags;

/// The most bytes of a written form or a term; the rest is cut off.
pub(super) const MAX_TERM: usize = 255;

/// The strings of one word: in the arena, from `offset`, the written form, the
/// accented form (absent when it is the same), then the terms with a line
/// break between two, each empty when it is the written form.
///
/// 16 bytes, so that the cache has two words and their keys in a cache line.
#[derive(Clone, Copy)]
pub(super) struct Word {
    offset: u32,
    /// One bit for each of the first 16 terms: whether it is exact.
    exact: u16,
    pub(super) flags: TokenFlags,
    terms: u16,
    written: u8,
    accented: u8,
    count: u16,
}

impl Word {
    pub(super) const EMPTY: Self = Self {
        offset: 0,
        exact: 0,
        flags: TokenFlags::NONE,
        terms: 0,
        written: 0,
        accented: 0,
        count: 0,
    };

    #[inline]
    pub(super) fn is_unaccented(&self) -> bool {
        self.accented == 0
    }

    /// How many bytes its written form has: known without a look at its letters, which lie elsewhere in memory.
    #[inline]
    pub(super) fn written_length(&self) -> usize {
        self.written.into()
    }

    pub(super) fn offset(&self) -> u32 {
        self.offset
    }

    fn bytes(&self) -> usize {
        usize::from(self.written) + usize::from(self.accented) + usize::from(self.terms)
    }
}

/// Stands between two terms.
const BREAK: char = '\n';

/// The longest prefix of at most [`MAX_TERM`] bytes.
pub(super) fn bounded(term: &str) -> &str {
    let mut end = term.len().min(MAX_TERM);
    loop {
        match term.get(..end) {
            Some(prefix) => return prefix,
            None => end = end.saturating_sub(1),
        }
    }
}

fn length(term: &str) -> u8 {
    u8::try_from(term.len()).unwrap_or(u8::MAX)
}

/// The terms of one word while they are gathered: a buffer to use again.
#[derive(Default)]
pub(super) struct TermList {
    text: String,
    /// Where each term ends, and whether it is exact.
    terms: Vec<(usize, bool)>,
}

impl TermList {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.terms.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut start = 0;
        self.terms.iter().map(move |&(end, exact)| {
            let term = self.text.get(start..end).unwrap_or_default();
            start = end;
            (term, exact)
        })
    }

    /// Adds a term. One that is there already is only made exact if it is now.
    pub(super) fn push(&mut self, term: &str, exact: bool) {
        let place = self.iter().position(|(known, _)| known == term);
        match place.and_then(|place| self.terms.get_mut(place)) {
            Some(known) => known.1 |= exact,
            None => {
                self.text.push_str(term);
                self.terms.push((self.text.len(), exact));
            }
        }
    }
}

/// A string that holds the forms and terms of many words.
#[derive(Default)]
pub(super) struct Arena {
    text: String,
    /// Unique for an arena whose words stay what they are, 0 for others.
    number: u32,
}

/// Words of lasting arenas begin at multiples of this, in bytes, so that their numbers are dense.
const ALIGNMENT: u32 = 8;

/// Words of one identity have the same written form and the same terms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Never that of another arena.
    pub arena: u32,
    /// Small numbers for the words met first, which are the frequent ones: less than two million.
    pub word: u32,
}

/// Of arenas whose words stay what they are.
static LAST_NUMBER: AtomicU32 = AtomicU32::new(0);

impl Arena {
    /// An arena that is never cleared, so that its words can be told by where they are.
    pub(super) fn lasting() -> Arena {
        Arena {
            text: String::new(),
            number: LAST_NUMBER.fetch_add(1, Ordering::Relaxed).wrapping_add(1),
        }
    }

    /// Whose word this is: `None` where the next text has another in its place.
    #[inline]
    pub(super) fn identity(&self, word: &Word) -> Option<Identity> {
        match self.number {
            // Only a word with letters has a place for itself.
            0 => None,
            _ if word.written == 0 => None,
            arena => Some(Identity {
                arena,
                word: word.offset / ALIGNMENT,
            }),
        }
    }

    /// Where the next word begins, from which it can be numbered.
    fn next(&mut self) -> u32 {
        if self.number > 0 {
            while !self.text.len().is_multiple_of(ALIGNMENT as usize) {
                self.text.push(BREAK);
            }
        }
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.text.capacity()
    }

    /// Stores a word.
    pub(super) fn push(
        &mut self,
        written: &str,
        accented: &str,
        lemmas: &TermList,
        flags: TokenFlags,
    ) -> Word {
        let written = bounded(written);
        let accented = bounded(accented);
        let mut word = Word {
            offset: self.next(),
            flags,
            written: length(written),
            ..Word::EMPTY
        };
        self.text.push_str(written);
        if accented != written {
            word.accented = length(accented);
            self.text.push_str(accented);
        }
        let start = self.text.len();
        for (term, exact) in lemmas.iter() {
            let term = bounded(term);
            if self.text.len() - start + term.len() >= usize::from(u16::MAX) {
                break;
            }
            if word.count > 0 {
                self.text.push(BREAK);
            }
            if term != written {
                self.text.push_str(term);
            }
            if exact && word.count < 16 {
                word.exact |= 1 << word.count;
            }
            word.count += 1;
        }
        word.terms = u16::try_from(self.text.len() - start).unwrap_or(u16::MAX);
        word
    }

    /// Copies a word of another arena.
    pub(super) fn adopt(&mut self, from: &Self, word: &Word) -> Word {
        let offset = self.next();
        self.text
            .push_str(from.slice(word.offset as usize, word.bytes()));
        Word { offset, ..*word }
    }

    #[inline]
    fn slice(&self, start: usize, length: usize) -> &str {
        self.text.get(start..start + length).unwrap_or_default()
    }

    /// Begins to fetch the letters of a word.
    #[inline]
    pub(super) fn prefetch(&self, word: &Word) {
        prefetch(self.text.as_bytes(), word.offset as usize);
    }

    #[inline]
    pub(super) fn written(&self, word: &Word) -> &str {
        self.slice(word.offset as usize, word.written.into())
    }

    #[inline]
    pub(super) fn accented(&self, word: &Word) -> &str {
        if word.accented == 0 {
            self.written(word)
        } else {
            self.slice(
                word.offset as usize + usize::from(word.written),
                word.accented.into(),
            )
        }
    }

    #[inline]
    pub(super) fn lemmas(&self, word: &Word) -> LemmaIter<'_> {
        let start = word.offset as usize + usize::from(word.written) + usize::from(word.accented);
        // Half the words of a text are their own and only term.
        let rest = if word.terms == 0 {
            ""
        } else {
            self.slice(start, word.terms.into())
        };
        LemmaIter {
            written: self.written(word),
            rest,
            exact: word.exact,
            left: word.count,
        }
    }
}

/// The terms of a word, each with whether its accents are the word's own.
#[derive(Clone)]
pub(crate) struct LemmaIter<'a> {
    written: &'a str,
    rest: &'a str,
    /// The lowest bit is for the next term.
    exact: u16,
    left: u16,
}

impl<'a> Iterator for LemmaIter<'a> {
    type Item = (&'a str, bool);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let exact = self.exact & 1 != 0;
        self.exact >>= 1;
        let term = if self.left == 0 {
            self.rest
        } else {
            let (term, rest) = self.rest.split_once(BREAK)?;
            self.rest = rest;
            term
        };
        Some((if term.is_empty() { self.written } else { term }, exact))
    }
}
