//! The rules' path: reads one group of words joined by hyphens, apostrophes
//! and the like, and drafts its tokens.

use super::apostrophe::{self, Apostrophe, starts_sentence};
use super::characters::{char_at, char_before, is_accent, is_hyphen, joins_words, slice};
use super::hyphen::{self, Element};
use super::number;
use super::scan::Run;
use super::terms::Word;
use super::token::{StopLevel, TokenFlags};
use super::vocabulary::{CustomWords, Kind, Mode, starts_synonym};
use super::words::{Words, starts_word};
use super::workspace::{Draft, Home, Workspace};
use super::{acronym, inclusive, joined};

/// More elements than this are no compound; the rest is read as another group.
pub(super) const MAX_ELEMENTS: usize = 16;

/// Reads a text from group to group.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) mode: Mode,
    pub(super) custom: &'a CustomWords,
    pub(super) work: &'a mut Workspace,
    /// Position of the next word.
    pub(super) position: u32,
    pub(super) words: Words,
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

    /// The word of a run of plain letters: `known`, from the cache or learnt.
    /// `None` if the run is no word: × and ÷ are among the letters of Latin-1.
    #[inline(always)]
    pub(super) fn plain_word(&mut self, run: &Run, known: Option<Word>) -> Option<Word> {
        match known {
            Some(word) => Some(word),
            None => self.new_word(run),
        }
    }

    #[inline(never)]
    fn new_word(&mut self, run: &Run) -> Option<Word> {
        // Perhaps not long ago.
        if let Some(word) = self.work.cache.get(&run.key) {
            return Some(word);
        }
        let word = slice(self.text, run.start, run.end());
        if word.contains(['×', '÷']) {
            return None;
        }
        Some(self.work.learn(run.key, word, Kind::Word, self.custom))
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
        if let ([element], Mode::Document) = (self.elements.as_slice(), self.mode) {
            if let Some(word) = element.word {
                joined::look_ahead(self, word);
            }
        } else if self.elements.len() > 1 {
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
        let letters = letter.is_alphabetic()
            && char_before(self.text, end)
                .is_some_and(|before| before.is_alphabetic() || is_accent(before));
        let joins = (is_hyphen(sign) || (sign == '–' && letters))
            && joins_words(letter)
            && self.ends_joinable(end);
        joins.then_some(next)
    }

    /// Whether the character before `end` is of a script that joins words.
    fn ends_joinable(&self, end: usize) -> bool {
        char_before(self.text, end).is_some_and(|letter| {
            joins_words(letter) || is_accent(letter) || letter == '.' || letter == ')'
        })
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
                self.push_own_signs(at, end);
                return self.element_of(first, word, at, end);
            }
            if let Some(end) = self.protected_end(at) {
                self.push_word(at, end, TokenFlags::NONE);
                return self.element_of(first, word, at, end);
            }
            if let Some(end) = acronym::end(self.text, at) {
                self.push_kind(at, end, Kind::Acronym, TokenFlags::NONE);
                return self.element_of(first, word, at, end);
            }
            if char_at(self.text, at).is_some_and(super::characters::is_digit) {
                let end = self.numeral(at);
                return self.element_of(first, word, at, end);
            }
            let mut end = self.words.end(self.text, at);
            let next = loop {
                if let Some(inclusive) = inclusive::read(self.text, at, end, self.is_in_address(at))
                {
                    self.push_forms(at, inclusive.end, &inclusive.forms);
                    return self.element_of(first, word, at, inclusive.end);
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
                return self.element_of(first, word, at, end);
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

    /// The element whose word is the draft `word`, if that was drafted.
    fn element_of(&self, first: usize, word: usize, start: usize, end: usize) -> Element {
        let word = (word < self.work.drafts.len()).then_some(word);
        Element {
            first,
            word,
            start,
            end,
        }
    }

    /// Whether the word at `at` goes on an address: `www.elu.es`.
    fn is_in_address(&self, at: usize) -> bool {
        matches!(
            char_before(self.text, at),
            Some('.' | '/' | ':' | '@' | '_')
        )
    }

    /// The end of the word that starts at `start`.
    pub(super) fn word_end(&mut self, start: usize) -> usize {
        self.words.end(self.text, start)
    }

    /// Drafts the word of the text from `start` to `end`.
    pub(super) fn push_word(&mut self, start: usize, end: usize, flags: TokenFlags) {
        self.push_kind(start, end, Kind::Word, flags);
    }

    fn push_kind(&mut self, start: usize, end: usize, kind: Kind, flags: TokenFlags) {
        let text = slice(self.text, start, end);
        let (mut word, mut home) = self.work.resolve(text, self.mode, kind, self.custom);
        if word.flags.has(TokenFlags::NAME_OR_WORD) && self.is_name(start, end) {
            (word, home) = self.work.resolve(text, self.mode, Kind::Name, self.custom);
        }
        if word.written_length() == 0 {
            // A sign that Unicode counts among the letters or numbers.
            return;
        }
        let mut flags = flags.with(word.flags).without(TokenFlags::CONTEXT);
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

    /// Whether a capital tells a name: any word has one where a sentence
    /// starts, but no one starts a query of one word by it for nothing.
    fn is_name(&self, start: usize, end: usize) -> bool {
        let alone = self.mode == Mode::Query && self.text.trim().len() == end - start;
        alone || !starts_sentence(self.text, start)
    }

    /// Drafts a word that stands in the text in other signs: `€`, a number.
    fn push_made(&mut self, start: usize, end: usize, written: &str) {
        let (word, home) = self
            .work
            .resolve(written, self.mode, Kind::Word, self.custom);
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

    pub(super) fn push(&mut self, draft: Draft) {
        self.work.drafts.push(draft);
        self.position = self.position.saturating_add(1);
    }

    /// The word that the description holds, with its flags.
    pub(super) fn described(&mut self, flags: TokenFlags) -> (Word, TokenFlags) {
        let flags = starts_synonym(self.custom, &self.work.description, flags);
        (self.work.described(flags), flags)
    }

    /// Drafts a word of several forms: the first, then alternatives.
    fn push_forms(&mut self, start: usize, end: usize, forms: &[String]) {
        let position = self.position;
        for (place, form) in forms.iter().enumerate() {
            let (word, home) = self.work.resolve(form, self.mode, Kind::Word, self.custom);
            let flags = if place == 0 {
                TokenFlags::NONE
            } else {
                TokenFlags::ALTERNATIVE
            };
            let flags = flags.with(word.flags).without(TokenFlags::CONTEXT);
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
}
