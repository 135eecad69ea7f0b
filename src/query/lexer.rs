//! Cuts a typed query into tokens, in one pass from left to right.

use std::ops::Range;

use super::chars::{QUOTES, chunks, has_word, is_break, is_special, is_word, tidy};
use super::operators::Operator;
use super::quotes::Quotes;
use super::word::{self, Meaning, Remark};
use super::{Field, Note, Query, Severity, date_range};

/// One piece of a typed query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Where, in bytes of the text.
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A word, or punctuation between words.
    Word(String),
    /// What one token says whole: a phrase, a prefix, a range of dates.
    Clause(Query),
    /// A star on its own.
    Star,
    /// `+`, directly before what it requires.
    Plus,
    /// `-`, directly before what it excludes.
    Minus,
    /// A name and its colon, directly before what is looked for in it.
    Field(Field),
    Open,
    Close,
    /// `^2`, directly after what it weighs.
    Boost(f32),
    Operator(Operator, String),
}

/// What came of a text.
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) notes: Vec<Note>,
    /// Whether a part at the end was not read, for the text is too long.
    pub(super) cut: bool,
    /// How many words the tokens hold, operators not counted.
    pub(super) words: usize,
}

pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        at: 0,
        quotes: Quotes::pair(text),
        last_word: text.rfind(char::is_alphanumeric).unwrap_or(0),
        words: 0,
        tokens: Vec::new(),
        notes: Vec::new(),
    };
    let cut = lexer.run();
    Lexed {
        tokens: lexer.tokens,
        notes: lexer.notes,
        cut,
        words: lexer.words,
    }
}

/// What to say where a text has more words than a query may have.
pub(super) fn too_many_words() -> String {
    format!(
        "Only the first {} words are searched; the rest is ignored.",
        Query::MAX_CLAUSES
    )
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    quotes: Quotes,
    /// Where the last letter or digit of the text stands.
    last_word: usize,
    /// How many words the tokens hold so far.
    words: usize,
    tokens: Vec<Token>,
    notes: Vec<Note>,
}

impl<'a> Lexer<'a> {
    /// Reads the whole text; whether it had more words than a query may have.
    fn run(&mut self) -> bool {
        while let Some(character) = self.rest().chars().next() {
            if self.words >= Query::MAX_CLAUSES {
                let rest = self.rest();
                if has_word(rest) {
                    self.note(
                        self.at..self.text.len(),
                        Severity::Ignored,
                        too_many_words(),
                    );
                    return true;
                }
            }
            let glued = self.is_glued();
            match character {
                // A byte order mark in front of a word says nothing.
                '\u{feff}' => self.at += character.len_utf8(),
                _ if is_break(None, character, None) => self.at += character.len_utf8(),
                '(' => self.parenthesis(),
                ')' => {
                    self.push(TokenKind::Close, 1);
                    self.after_group();
                }
                _ if QUOTES.contains(&character) => self.quote(character),
                '+' | '-' if self.may_sign() && self.starts_operand(self.at + 1) => {
                    let kind = if character == '+' {
                        TokenKind::Plus
                    } else {
                        TokenKind::Minus
                    };
                    self.push(kind, 1);
                }
                _ => {
                    if !self.field() {
                        self.word(glued);
                    }
                }
            }
        }
        false
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn note(&mut self, range: Range<usize>, severity: Severity, message: impl Into<String>) {
        self.notes.push(Note {
            range,
            severity,
            message: message.into(),
        });
    }

    /// Adds the token of the next `length` bytes, and goes past them.
    fn push(&mut self, kind: TokenKind, length: usize) {
        let range = self.at..self.at + length;
        self.at = range.end;
        self.tokens.push(Token { kind, range });
    }

    /// Whether a sign or a field stands directly before.
    fn is_glued(&self) -> bool {
        self.tokens.last().is_some_and(|token| {
            token.range.end == self.at
                && matches!(
                    token.kind,
                    TokenKind::Plus | TokenKind::Minus | TokenKind::Field(_)
                )
        })
    }

    /// Whether `+` and `-` can be signs here: at the start, after white space or a parenthesis.
    fn may_sign(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        match before {
            None | Some('\u{feff}') => true,
            Some('(' | ')') => self.tokens.last().is_some_and(|token| {
                token.range.end == self.at
                    && matches!(token.kind, TokenKind::Open | TokenKind::Close)
            }),
            Some(character) => character.is_whitespace(),
        }
    }

    /// Whether something to look for begins at `at`, so that a sign or a field can belong to it.
    fn starts_operand(&self, at: usize) -> bool {
        let mut characters = self.text.get(at..).unwrap_or_default().chars();
        match characters.next() {
            Some('(') => true,
            Some('#' | '@') => characters.next().is_some_and(char::is_alphanumeric),
            // Stars and question marks in front of letters.
            Some('*' | '?') => {
                let after = characters.find(|sign| !matches!(sign, '*' | '?'));
                after.is_some_and(is_word)
            }
            Some(character) if QUOTES.contains(&character) => {
                self.quotes.closing(at).is_some() || self.opens_to_the_end(at, character)
            }
            Some(character) => character.is_alphanumeric(),
            None => false,
        }
    }

    fn parenthesis(&mut self) {
        // `(*)` and `(-*)` are how everything and nothing are written inside a query.
        let rest = self.rest();
        if rest.starts_with("(*)") {
            self.clause(Query::All, 3);
            self.after_group();
        } else if rest.starts_with("(-*)") {
            self.clause(Query::None, 4);
            self.after_group();
        } else {
            self.push(TokenKind::Open, 1);
        }
    }

    fn clause(&mut self, query: Query, length: usize) {
        self.words += 1;
        self.push(TokenKind::Clause(query), length);
    }

    /// `^2` after a parenthesis or a phrase.
    fn boost(&mut self) {
        let Some(after) = self.rest().strip_prefix('^') else {
            return;
        };
        if let Some((factor, length)) = word::read_factor(after) {
            self.push_boost(factor, self.at..self.at + 1 + length);
            self.at += 1 + length;
        }
    }

    fn push_boost(&mut self, factor: f32, range: Range<usize>) {
        let allowed = factor.clamp(0.01, 100.0);
        if allowed != factor {
            let message = format!("A boost goes from 0.01 to 100: it is read as {allowed}.");
            self.note(range.clone(), Severity::Reinterpreted, message);
        }
        self.tokens.push(Token {
            kind: TokenKind::Boost(allowed),
            range,
        });
    }

    /// What may stand directly after a closing parenthesis.
    fn after_group(&mut self) {
        if self.rest().starts_with('~') {
            let length = 1 + digits(&self.rest()[1..]);
            let message = "The tilde is ignored: it belongs after a word or a phrase.";
            self.note(self.at..self.at + length, Severity::Ignored, message);
            self.at += length;
        }
        self.boost();
    }

    /// Whether a quote without its other half begins a phrase that runs to the end of the text.
    fn opens_to_the_end(&self, at: usize, sign: char) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + sign.len_utf8()..].chars().next();
        let at_word_start =
            !before.is_some_and(is_word) && !before.is_some_and(|c| QUOTES.contains(&c));
        let follows = after.is_some_and(|after| match sign {
            '«' | '‹' => after.is_whitespace() || !QUOTES.contains(&after),
            '»' | '›' => false,
            _ => !after.is_whitespace() && !QUOTES.contains(&after),
        });
        at_word_start && follows && self.last_word > at
    }

    fn quote(&mut self, sign: char) {
        let start = self.at;
        let inner = start + sign.len_utf8();
        let (inside, end) = match self.quotes.closing(start) {
            Some(closing) => {
                let width = self.text[closing..]
                    .chars()
                    .next()
                    .map_or(1, char::len_utf8);
                (&self.text[inner..closing], closing + width)
            }
            None if self.opens_to_the_end(start, sign) => {
                let message = "The quote is never closed: the phrase goes on to the end.";
                self.note(start..inner, Severity::Reinterpreted, message);
                (&self.text[inner..], self.text.len())
            }
            None => {
                self.note(
                    start..inner,
                    Severity::Ignored,
                    "A quote without its other half is ignored.",
                );
                self.at = inner;
                return;
            }
        };
        let mut text = phrase_text(inside);
        let starred = inside.trim_end().ends_with('*') && !inside.trim_end().ends_with("\\*");
        let count = chunks(&text).count();
        let left = Query::MAX_CLAUSES.saturating_sub(self.words);
        if count > left {
            self.note(start..end, Severity::Ignored, too_many_words());
            text = chunks(&text).take(left).collect::<Vec<_>>().join(" ");
        }
        if !has_word(&text) {
            self.at = end;
            self.phrase_signs(&mut Vec::new());
            self.note(
                start..end,
                Severity::Ignored,
                "A phrase without words is ignored.",
            );
            return;
        }
        if starred {
            let message = "Inside quotes a star is text: to find the beginning of a word, write it after the closing quote.";
            self.note(start..end, Severity::Reinterpreted, message);
        }
        self.words += count.min(left);
        self.at = end;
        let mut boost = Vec::new();
        let (slop, prefix) = self.phrase_signs(&mut boost);
        let query = Query::Phrase {
            text,
            slop,
            prefix,
            field: None,
        };
        let signs_end = boost
            .first()
            .map_or(self.at, |boost: &Token| boost.range.start);
        self.tokens.push(Token {
            kind: TokenKind::Clause(query),
            range: start..signs_end,
        });
        self.tokens.extend(boost);
    }

    /// `~3`, `*` and `^2` after a closing quote, in any order; slop and whether it is a prefix.
    fn phrase_signs(&mut self, boost: &mut Vec<Token>) -> (u32, bool) {
        let (mut slop, mut prefix) = (0, false);
        loop {
            let rest = self.rest();
            if rest.starts_with('*') {
                prefix = true;
                self.at += 1;
            } else if let Some(after) = rest.strip_prefix('~') {
                slop = self.slop(after);
            } else if rest.starts_with('^') {
                let tokens = self.tokens.len();
                self.boost();
                boost.extend(self.tokens.drain(tokens..));
                return (slop, prefix);
            } else {
                return (slop, prefix);
            }
        }
    }

    /// Reads the number after `~`; without one, no word may stand between.
    fn slop(&mut self, after: &str) -> u32 {
        let length = digits(after);
        let range = self.at..self.at + 1 + length;
        if length == 0 {
            // `~-1`: the number belongs to the tilde, whatever is wrong with it.
            let wrong = after
                .bytes()
                .take_while(|byte| matches!(byte, b'-' | b'0'..=b'9'))
                .count();
            let message = "The tilde is ignored: a number must follow it, as in \"chef État\"~2.";
            self.note(range.start..range.end + wrong, Severity::Ignored, message);
            self.at = range.end + wrong;
            return 0;
        }
        self.at = range.end;
        after[..length].parse().unwrap_or_else(|_| {
            let message =
                "The number after the tilde is too large: any number of words may stand between.";
            self.note(range, Severity::Reinterpreted, message);
            u32::MAX
        })
    }

    /// Reads a field's name and its colon, or a whole `date:…`; whether there was one.
    fn field(&mut self) -> bool {
        let rest = self.rest();
        let Some((name, length)) = field_name(rest) else {
            return false;
        };
        let after = self.at + length;
        let after_field = self.tokens.last().is_some_and(|token| {
            token.range.end == self.at && matches!(token.kind, TokenKind::Field(_))
        });
        if after_field {
            let message = "Only the first of two fields counts: the second is read as text.";
            self.note(self.at..after, Severity::Reinterpreted, message);
            return false;
        }
        let value = self.text[after..].chars().next();
        let spaced = value.is_none_or(char::is_whitespace);
        match name {
            Name::Date if !spaced => self.date(after),
            Name::Field(field) if self.starts_operand(after) => {
                self.push(TokenKind::Field(field), length);
            }
            _ => {
                let message = if spaced {
                    "A field is read as text unless a word follows its colon directly."
                } else if matches!(value, Some('[' | '{' | '<' | '>')) {
                    "Only dates have ranges: this one is read as text."
                } else {
                    "A field is read as text unless a word, a phrase or a parenthesis follows its colon."
                };
                self.note(self.at..after, Severity::Reinterpreted, message);
                return false;
            }
        }
        true
    }

    fn date(&mut self, after: usize) {
        let value = &self.text[after..];
        let (length, reading) = if value.starts_with(['[', '{']) {
            match value.find([']', '}']) {
                Some(end) => {
                    let without_first = value.starts_with('{');
                    let without_last = value[end..].starts_with('}');
                    (
                        end + 1,
                        date_range::read_between(&value[1..end], without_first, without_last),
                    )
                }
                None => (value.len(), Err(date_range::unfinished(value))),
            }
        } else if value.starts_with('(') {
            (0, Err(date_range::unreadable("(")))
        } else {
            let end = value.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '^'));
            let value = &value[..end.unwrap_or(value.len())];
            let mut date = value.trim_end_matches([',', ';', '!', '?', ':']);
            if date.ends_with('.') && !date.ends_with("..") {
                date = &date[..date.len() - 1];
            }
            (value.len(), date_range::read_plain(date))
        };
        let end = after + length;
        let range = self.at..end;
        let query = match reading {
            Ok((query, None)) => query,
            Ok((query, Some(message))) => {
                self.note(range, Severity::Reinterpreted, message);
                query
            }
            Err(message) => {
                self.note(range, Severity::Error, message);
                Query::None
            }
        };
        let length = end - self.at;
        self.clause(query, length);
        self.boost();
    }

    fn word(&mut self, glued: bool) {
        let chunk = word::cut(self.rest());
        let range = self.at..self.at + chunk.length.max(1);
        let word = chunk.read(glued);
        self.at = range.end;
        if let Some(remark) = word.remark {
            let severity = match remark {
                Remark::TildeIgnored => Severity::Ignored,
                _ => Severity::Reinterpreted,
            };
            self.note(range.clone(), severity, remark.message());
        }
        self.words += usize::from(!matches!(word.meaning, Meaning::Operator(..)));
        let kind = match word.meaning {
            // In `l'« accord »` the article is no clause of its own.
            Meaning::Plain(text) if self.quotes.closing(self.at).is_some() && is_elision(&text) => {
                let message =
                    format!("“{text}” is ignored: nothing is looked for before the phrase.");
                self.note(range, Severity::Ignored, message);
                if let Some(sign) = self.tokens.last_mut().filter(|_| glued) {
                    // The sign in front of the article is meant for the phrase.
                    sign.range.end = self.at;
                }
                return;
            }
            Meaning::Plain(text) => TokenKind::Word(text),
            Meaning::Operator(operator, text) => TokenKind::Operator(operator, text),
            Meaning::Star => TokenKind::Star,
            Meaning::Clause(query) => TokenKind::Clause(query),
        };
        self.tokens.push(Token {
            kind,
            range: range.clone(),
        });
        if let Some(factor) = word.boost {
            self.push_boost(factor, range.end..range.end);
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The words of a phrase, without the backslashes that make quotes part of it.
fn phrase_text(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut characters = inside.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.peek() {
            Some(&literal) if character == '\\' && is_special(literal) => {
                text.push(literal);
                characters.next();
            }
            _ => text.push(character),
        }
    }
    tidy(&text)
}

fn is_elision(text: &str) -> bool {
    let Some(letters) = text.strip_suffix(['\'', '’']) else {
        return false;
    };
    let letters = letters.to_lowercase();
    matches!(
        letters.as_str(),
        "l" | "d"
            | "qu"
            | "n"
            | "s"
            | "j"
            | "m"
            | "t"
            | "c"
            | "jusqu"
            | "lorsqu"
            | "puisqu"
            | "quoiqu"
    )
}

enum Name {
    Field(Field),
    Date,
}

/// The field whose name and colon `rest` begins with, and their length in bytes.
fn field_name(rest: &str) -> Option<(Name, usize)> {
    // The longest name has 10 letters; accents may be characters of their own.
    const LONGEST: usize = 24;
    let colon = rest
        .char_indices()
        .take(LONGEST)
        .take_while(|&(_, character)| is_word(character) || matches!(character, '-' | ':'))
        .find(|&(_, character)| character == ':')?
        .0;
    let typed = folded(&rest[..colon]);
    let length = colon + 1;
    if matches!(typed.as_str(), "date" | "publie" | "published") {
        return Some((Name::Date, length));
    }
    Field::NAMES
        .iter()
        .find(|(_, names)| names.iter().any(|name| folded(name) == typed))
        .map(|&(field, _)| (Name::Field(field), length))
}

/// Small letters without accents, as far as field names have any.
fn folded(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|character| !matches!(character, '\u{300}'..='\u{36f}'))
        .map(|character| match character {
            'é' | 'è' | 'ê' | 'ë' => 'e',
            other => other,
        })
        .collect()
}
