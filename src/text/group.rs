//! The rules' path: reads one group of words joined by hyphens, apostrophes
//! and the like, and drafts its tokens.

use super::apostrophe::{self, Apostrophe};
use super::characters::{char_at, char_before, is_hyphen, slice};
use super::folding::fold;
use super::hyphen::{self, Element};
use super::number::{self, Numeral};
use super::terms::Word;
use super::token::{StopLevel, TokenFlags};
use super::vocabulary::{CustomWords, Mode, starts_synonym};
use super::words::{Words, starts_word};
use super::workspace::{Draft, Home, Workspace};
use super::{acronym, inclusive};

/// More elements than this are no compound; the rest is read as another group.
const MAX_ELEMENTS: usize = 16;

/// Reads a text from group to group.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) mode: Mode,
    pub(super) custom: &'a CustomWords,
    pub(super) work: &'a mut Workspace,
    /// Position of the next word.
    pub(super) position: u32,
    words: Words,
    elements: Vec<Element>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        text: &'a str,
        mode: Mode,
        custom: &'a CustomWords,
        work: &'a mut Workspace,
    ) -> Self {
        work.clear();
        Self {
            text,
            mode,
            custom,
            work,
            position: 0,
            words: Words::default(),
            elements: Vec::new(),
        }
    }

    /// Drafts the tokens of the group that starts at `at`, and returns where
    /// to go on. What starts no group is skipped, one character a call.
    pub(super) fn group(&mut self, at: usize) -> usize {
        let Some(first) = char_at(self.text, at) else {
            return self.text.len();
        };
        if !starts_word(first) {
            if let Some(word) = number::currency(first) {
                self.push_made(at, at + first.len_utf8(), word);
            }
            return at + first.len_utf8();
        }
        let first_draft = self.work.drafts.len();
        self.elements.clear();
        let mut at = at;
        loop {
            let element = self.element(at);
            let end = element.end;
            self.elements.push(element);
            match self.next_element(end) {
                Some(next) if self.elements.len() < MAX_ELEMENTS => at = next,
                Some(next) => {
                    at = next;
                    break;
                }
                None => {
                    at = end;
                    break;
                }
            }
        }
        if self.elements.len() > 1 {
            let elements = std::mem::take(&mut self.elements);
            hyphen::arrange(self, first_draft, &elements);
            self.elements = elements;
        }
        at
    }

    /// Where the next element of the compound starts, if a hyphen at `end`
    /// joins it. A dash joins letters only: `Nord–Sud`, but not `1914–1918`.
    fn next_element(&self, end: usize) -> Option<usize> {
        let sign = char_at(self.text, end)?;
        let next = end + sign.len_utf8();
        let letter = char_at(self.text, next).filter(|&letter| starts_word(letter))?;
        let joins = is_hyphen(sign)
            || (sign == '–'
                && letter.is_alphabetic()
                && char_before(self.text, end).is_some_and(char::is_alphabetic));
        joins.then_some(next)
    }

    /// Drafts one element: elided words, then a word, an acronym or a number.
    fn element(&mut self, start: usize) -> Element {
        let first = self.work.drafts.len();
        let mut at = start;
        loop {
            match char_at(self.text, at) {
                Some(letter) if starts_word(letter) => {}
                _ => {
                    // An elided word with nothing behind it.
                    return Element {
                        first,
                        word: None,
                        start,
                        end: at,
                    };
                }
            }
            let word = self.work.drafts.len();
            if let Some(end) = self.own_signs(at) {
                self.push_word(at, end, TokenFlags::NONE);
                return Element {
                    first,
                    word: Some(word),
                    start: at,
                    end,
                };
            }
            if let Some(end) = acronym::end(self.text, at) {
                self.push_word(at, end, TokenFlags::NONE);
                return Element {
                    first,
                    word: Some(word),
                    start: at,
                    end,
                };
            }
            if char_at(self.text, at).is_some_and(super::characters::is_digit) {
                let end = self.numeral(at);
                return Element {
                    first,
                    word: Some(word),
                    start: at,
                    end,
                };
            }
            let mut end = self.words.end(self.text, at);
            let next = loop {
                if let Some(inclusive) = inclusive::read(self.text, at, end, self.is_in_address(at))
                {
                    self.push_forms(at, inclusive.end, &inclusive.forms);
                    return Element {
                        first,
                        word: Some(word),
                        start: at,
                        end: inclusive.end,
                    };
                }
                let words = &mut self.words;
                let text = self.text;
                let decision =
                    apostrophe::after_word(text, at, end, |place| words.end(text, place)).or_else(
                        || apostrophe::after_space(text, at, end, |place| words.end(text, place)),
                    );
                match decision {
                    Some(Apostrophe::Elided { next }) => break Some(next),
                    Some(Apostrophe::Inside { next }) => end = self.words.end(self.text, next),
                    Some(Apostrophe::Closing) | None => break None,
                }
            };
            let Some(next) = next else {
                self.push_word(at, end, TokenFlags::NONE);
                return Element {
                    first,
                    word: Some(word),
                    start: at,
                    end,
                };
            };
            // The range holds the apostrophe, not the space typed for one.
            let end = if self
                .text
                .get(end..next)
                .is_some_and(|sign| sign.trim().is_empty())
            {
                end
            } else {
                next
            };
            self.push_word(at, end, TokenFlags::ELIDED);
            at = next;
        }
    }

    /// Whether the word at `at` goes on an address: `www.elu.es`.
    fn is_in_address(&self, at: usize) -> bool {
        matches!(
            char_before(self.text, at),
            Some('.' | '/' | ':' | '@' | '_')
        )
    }

    /// The end of a protected word with signs of its own that starts at `at`.
    fn own_signs(&self, at: usize) -> Option<usize> {
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

    /// Drafts the word of the text from `start` to `end`.
    pub(super) fn push_word(&mut self, start: usize, end: usize, flags: TokenFlags) {
        let (word, home) = if self.custom.symbols.is_empty() || !self.has_own_signs(start, end) {
            self.work
                .resolve(slice(self.text, start, end), self.mode, self.custom)
        } else {
            let lower = slice(self.text, start, end).to_lowercase();
            self.work.description.start(&lower);
            self.work.description.terms.push(&lower, true);
            (self.described(TokenFlags::NONE).0, Home::Scratch)
        };
        let mut flags = flags.with(word.flags).without(TokenFlags::NEEDS_CONTEXT);
        if flags.has(TokenFlags::ELIDED) {
            flags = flags.with_stop(StopLevel::Always);
        } else if word.flags.has(TokenFlags::NEEDS_CONTEXT) && end - start == 1 {
            // A lone letter is a word: vitamine D.
            flags = flags.without(TokenFlags::STOP_ALWAYS);
        }
        self.push(Draft {
            start,
            end,
            position: self.position,
            positions: 1,
            flags,
            word,
            home,
        });
    }

    fn has_own_signs(&self, start: usize, end: usize) -> bool {
        let word = slice(self.text, start, end);
        self.custom.symbols.iter().any(|symbols| {
            symbols
                .chars()
                .eq(word.chars().flat_map(char::to_lowercase))
        })
    }

    /// Drafts a word that stands in the text in other signs: `€`, a number.
    fn push_made(&mut self, start: usize, end: usize, written: &str) {
        let (word, home) = self.work.resolve(written, self.mode, self.custom);
        let flags = word.flags;
        self.push(Draft {
            start,
            end,
            position: self.position,
            positions: 1,
            flags,
            word,
            home,
        });
    }

    fn push(&mut self, draft: Draft) {
        self.work.drafts.push(draft);
        self.position = self.position.saturating_add(1);
    }

    /// The word that the description holds, with its flags.
    fn described(&mut self, flags: TokenFlags) -> (Word, TokenFlags) {
        let flags = starts_synonym(self.custom, &self.work.description, flags);
        (self.work.described(flags), flags)
    }

    /// Drafts a word of several forms: the first, then alternatives.
    fn push_forms(&mut self, start: usize, end: usize, forms: &[String]) {
        let position = self.position;
        for (place, form) in forms.iter().enumerate() {
            let (word, home) = self.work.resolve(form, self.mode, self.custom);
            let flags = if place == 0 {
                TokenFlags::NONE
            } else {
                TokenFlags::ALTERNATIVE
            };
            let flags = flags.with(word.flags).without(TokenFlags::NEEDS_CONTEXT);
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

    /// Drafts a token above the drafts from `first` on, from position
    /// `position` to the next word's. The description holds its strings.
    pub(super) fn insert_overlay(
        &mut self,
        first: usize,
        range: (usize, usize),
        positions: (u32, u32),
        flags: TokenFlags,
    ) {
        let (word, flags) = self.described(flags);
        let overlay = Draft {
            start: range.0,
            end: range.1,
            position: positions.0,
            positions: positions.1.saturating_sub(positions.0).max(1),
            flags,
            word,
            home: Home::Scratch,
        };
        let first = first.min(self.work.drafts.len());
        self.work.drafts.insert(first, overlay);
    }

    /// Drafts the numeral at `start`, and returns its end.
    fn numeral(&mut self, start: usize) -> usize {
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
                super::ordinal::push(rank, true, &mut description.terms);
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
            if part.starts_with(super::characters::is_digit) {
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
}
