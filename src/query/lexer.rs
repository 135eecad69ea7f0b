//! Cuts a typed query into tokens, in one pass from left to right.

use std::ops::Range;

use super::chars::{QUOTES, digits, is_amount, is_break, is_word};
use super::operators::Operator;
use super::quotes::Quotes;
use super::word::{self, Meaning, Remark};
use super::{Field, Note, Query, Severity};

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

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) quotes: Quotes,
    /// Where the last letter or digit of the text stands.
    pub(super) last_word: usize,
    /// How many words the tokens hold so far.
    pub(super) words: usize,
    pub(super) tokens: Vec<Token>,
    notes: Vec<Note>,
}

impl<'a> Lexer<'a> {
    /// Reads the whole text; whether it had more words than a query may have.
    fn run(&mut self) -> bool {
        while let Some(character) = self.rest().chars().next() {
            // What is full can still be closed.
            let adds = !matches!(character, ')' | '\u{feff}') && !is_break(None, character, None);
            if self.words >= Query::MAX_CLAUSES && adds {
                self.note(
                    self.at..self.text.len(),
                    Severity::Ignored,
                    too_many_words(),
                );
                return true;
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
                _ if QUOTES.contains(&character) => self.phrase(character),
                '+' | '-' if self.may_sign() && self.starts_signed(self.at + 1) => {
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

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn note(
        &mut self,
        range: Range<usize>,
        severity: Severity,
        message: impl Into<String>,
    ) {
        self.notes.push(Note {
            range,
            severity,
            message: message.into(),
        });
    }

    /// Adds the token of the next `length` bytes, and goes past them.
    pub(super) fn push(&mut self, kind: TokenKind, length: usize) {
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

    /// Whether a sign in front of `at` is one, rather than part of an amount.
    fn starts_signed(&self, at: usize) -> bool {
        self.starts_operand(at) && !self.text.get(at..).is_some_and(is_amount)
    }

    /// Whether something to look for begins at `at`, so that a sign or a field can belong to it.
    pub(super) fn starts_operand(&self, at: usize) -> bool {
        let mut characters = self.text.get(at..).unwrap_or_default().chars();
        match characters.next() {
            Some('(') => true,
            Some('#' | '@') => characters.next().is_some_and(char::is_alphanumeric),
            // Stars and question marks in front of letters.
            Some('*' | '?') => {
                let after = characters.find(|sign| !matches!(sign, '*' | '?'));
                after.is_some_and(is_word)
            }
            Some(character) if QUOTES.contains(&character) => self.opens_phrase(at, character),
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

    pub(super) fn clause(&mut self, query: Query, length: usize) {
        self.words += 1;
        self.push(TokenKind::Clause(query), length);
    }

    /// `^2` after a parenthesis or a phrase.
    pub(super) fn boost(&mut self) {
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

    /// Whether a phrase begins here.
    fn is_before_phrase(&self) -> bool {
        let next = self.rest().chars().next();
        next.is_some_and(|sign| QUOTES.contains(&sign) && self.opens_phrase(self.at, sign))
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
            Meaning::Plain(text) if is_elision(&text) && self.is_before_phrase() => {
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
            let caret = self.text[range.clone()].rfind('^').unwrap_or(0);
            self.push_boost(factor, range.start + caret..range.end);
        }
    }
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
