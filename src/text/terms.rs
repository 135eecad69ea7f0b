//! Where the strings of words live: one growing `String` for all of them, and
//! for each word a small [`Word`] that says where its own lie.

use super::token::TokenFlags;

/// The most terms a word keeps. The richest form of the lexicon has fewer.
pub(super) const MAX_LEMMAS: usize = 19;

/// The most bytes of a written form or a term; the rest is cut off.
pub(super) const MAX_TERM: usize = 255;

/// The strings of one word: in the arena, from `offset`, the written form, the
/// accented form (absent when it is the same), then the terms (absent where
/// the same as the written form). Lengths are in bytes; 0 says "as written".
#[derive(Clone, Copy)]
pub(super) struct Word {
    offset: u32,
    pub(super) flags: TokenFlags,
    exact: u16,
    written: u8,
    accented: u8,
    count: u8,
    lemmas: [u8; MAX_LEMMAS],
}

impl Word {
    pub(super) const EMPTY: Self = Self {
        offset: 0,
        flags: TokenFlags::NONE,
        exact: 0,
        written: 0,
        accented: 0,
        count: 0,
        lemmas: [0; MAX_LEMMAS],
    };

    #[inline]
    pub(super) fn is_unaccented(&self) -> bool {
        self.accented == 0
    }

    fn bytes(&self) -> usize {
        let lemmas: usize = self.lemmas.iter().map(|&length| usize::from(length)).sum();
        usize::from(self.written) + usize::from(self.accented) + lemmas
    }
}

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
}

impl Arena {
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
            offset: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            flags,
            written: length(written),
            ..Word::EMPTY
        };
        self.text.push_str(written);
        if accented != written {
            word.accented = length(accented);
            self.text.push_str(accented);
        }
        for (slot, (term, exact)) in word.lemmas.iter_mut().zip(lemmas.iter()) {
            let term = bounded(term);
            if term != written {
                *slot = length(term);
                self.text.push_str(term);
            }
            if exact && word.count < 16 {
                word.exact |= 1 << word.count;
            }
            word.count += 1;
        }
        word
    }

    /// Copies a word of another arena.
    pub(super) fn adopt(&mut self, from: &Self, word: &Word) -> Word {
        let offset = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text
            .push_str(from.slice(word.offset as usize, word.bytes()));
        Word { offset, ..*word }
    }

    #[inline]
    fn slice(&self, start: usize, length: usize) -> &str {
        self.text.get(start..start + length).unwrap_or_default()
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
        LemmaIter {
            written: self.written(word),
            rest: self.text.get(start..).unwrap_or_default(),
            lengths: word.lemmas,
            exact: word.exact,
            next: 0,
            count: word.count,
        }
    }
}

/// The terms of a word, each with whether its accents are the word's own.
#[derive(Clone)]
pub(crate) struct LemmaIter<'a> {
    written: &'a str,
    rest: &'a str,
    lengths: [u8; MAX_LEMMAS],
    exact: u16,
    next: u8,
    count: u8,
}

impl<'a> Iterator for LemmaIter<'a> {
    type Item = (&'a str, bool);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.count {
            return None;
        }
        let length = *self.lengths.get(usize::from(self.next))?;
        let exact = self.exact >> self.next.min(15) & 1 != 0;
        self.next += 1;
        if length == 0 {
            return Some((self.written, exact));
        }
        let (term, rest) = self.rest.split_at_checked(length.into())?;
        self.rest = rest;
        Some((term, exact))
    }
}
