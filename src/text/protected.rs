//! Words that the program protects from the rules.

use super::characters::{char_at, is_apostrophe, is_hyphen, slice};
use super::folding::fold;
use super::group::{MAX_ELEMENTS, Reader};
use super::token::TokenFlags;
use super::words::starts_word;
use super::workspace::{Draft, Home};

impl Reader<'_> {
    /// The end of the longest protected word with apostrophes or hyphens that
    /// starts at `at`.
    pub(super) fn protected_end(&mut self, at: usize) -> Option<usize> {
        if !self.custom.protects_joined {
            return None;
        }
        let (mut written, mut accented) = (String::new(), String::new());
        let mut found = None;
        let mut end = self.words.end(self.text, at);
        for _ in 0..MAX_ELEMENTS {
            let joiner =
                char_at(self.text, end).filter(|&sign| is_hyphen(sign) || is_apostrophe(sign))?;
            let next = end + joiner.len_utf8();
            if !char_at(self.text, next).is_some_and(starts_word) {
                break;
            }
            end = self.words.end(self.text, next);
            fold(slice(self.text, at, end), &mut written, &mut accented);
            if self.custom.protected.contains(&written) {
                found = Some(end);
            }
            if !char_at(self.text, end).is_some_and(|sign| is_hyphen(sign) || is_apostrophe(sign)) {
                break;
            }
        }
        found
    }

    /// The end of a protected word with signs of its own that starts at `at`.
    pub(super) fn own_signs(&self, at: usize) -> Option<usize> {
        if self.custom.symbols.is_empty() {
            return None;
        }
        let rest = self.text.get(at..)?;
        let fits = |symbols: &&String| {
            let mut letters = rest.chars();
            symbols.chars().all(|wanted| {
                letters
                    .next()
                    .is_some_and(|letter| letter.to_lowercase().eq([wanted]))
            }) && !letters.next().is_some_and(starts_word)
        };
        let symbols = self
            .custom
            .symbols
            .iter()
            .filter(fits)
            .max_by_key(|symbols| symbols.len())?;
        let length: usize = rest
            .chars()
            .take(symbols.chars().count())
            .map(char::len_utf8)
            .sum();
        Some(at + length)
    }

    /// Drafts a protected word with signs of its own.
    pub(super) fn push_own_signs(&mut self, start: usize, end: usize) {
        let lower = slice(self.text, start, end).to_lowercase();
        self.work.description.start(&lower);
        self.work.description.terms.push(&lower, true);
        let (word, flags) = self.described(TokenFlags::NONE);
        let (position, home) = (self.position, Home::Scratch);
        self.push(Draft {
            start,
            end,
            position,
            positions: 1,
            flags,
            word,
            home,
        });
    }
}
