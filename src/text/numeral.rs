//! The tokens of numerals.

use super::characters::{is_digit, slice};
use super::folding::fold;
use super::group::Reader;
use super::number::{self, Numeral};
use super::ordinal;
use super::token::TokenFlags;
use super::workspace::{Draft, Home};

impl Reader<'_> {
    /// Drafts the numeral at `start`, and returns its end.
    pub(super) fn numeral(&mut self, start: usize) -> usize {
        let (words, text) = (&mut self.words, self.text);
        match number::read(text, start, |at| words.end(text, at)) {
            Numeral::Number { end, value, other } => {
                self.push_number(start, end, &value, other.as_deref());
                end
            }
            Numeral::Separate { end, parts } => {
                self.push_parts(&parts);
                end
            }
            Numeral::Grouped { end, value, parts } => {
                self.work.description.start(&value);
                self.push_above(start, end, &parts);
                end
            }
            Numeral::Measure { end, parts } => {
                let description = &mut self.work.description;
                fold(
                    slice(text, start, end),
                    &mut description.written,
                    &mut description.accented,
                );
                self.push_above(start, end, &parts);
                end
            }
            Numeral::Ordinal { end, rank } => {
                let description = &mut self.work.description;
                fold(
                    slice(text, start, end),
                    &mut description.written,
                    &mut description.accented,
                );
                description.terms.clear();
                ordinal::push(rank, true, &mut description.terms);
                let (word, flags) = self.described(TokenFlags::NUMBER);
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
                end
            }
            Numeral::Word { end } => {
                self.push_word(start, end, TokenFlags::NONE);
                end
            }
        }
    }

    /// Drafts the parts of a number, below a token for the whole, whose forms
    /// the description holds.
    fn push_above(&mut self, start: usize, end: usize, parts: &[(usize, usize)]) {
        let description = &mut self.work.description;
        let written = std::mem::take(&mut description.written);
        description.terms.clear();
        description.terms.push(&written, true);
        description.written = written;
        let flags = TokenFlags::NUMBER.with(TokenFlags::COMPOUND);
        let (first, position) = (self.work.drafts.len(), self.position);
        let last = position.saturating_add(u32::try_from(parts.len()).unwrap_or(u32::MAX));
        self.insert_overlay(first, (start, end), (position, last), flags);
        self.push_parts(parts);
    }

    /// Drafts numbers and units side by side.
    fn push_parts(&mut self, parts: &[(usize, usize)]) {
        for &(start, end) in parts {
            let part = slice(self.text, start, end);
            if part.starts_with(is_digit) {
                let value: String = part
                    .chars()
                    .filter(|&sign| sign.is_alphanumeric() || sign == ',')
                    .collect();
                self.push_number(start, end, &value, None);
            } else {
                self.push_word(start, end, TokenFlags::NONE);
            }
        }
    }

    /// Drafts a number: its digits are its only term.
    fn push_number(&mut self, start: usize, end: usize, value: &str, other: Option<&str>) {
        let position = self.position;
        for (value, flags) in [
            (Some(value), TokenFlags::NUMBER),
            (other, TokenFlags::NUMBER.with(TokenFlags::ALTERNATIVE)),
        ] {
            let Some(value) = value else { continue };
            self.work.description.start(value);
            self.work.description.terms.push(value, true);
            let (word, flags) = self.described(flags);
            let home = Home::Scratch;
            self.work.drafts.push(Draft {
                start,
                end,
                position,
                positions: 1,
                flags,
                word,
                home,
            });
        }
        self.position = position.saturating_add(1);
    }
}
