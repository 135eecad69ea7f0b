//! Phrases: what stands between quotes, and the signs after it.

use super::chars::{QUOTES, chunks, digits, has_word, is_special, is_word, tidy};
use super::lexer::{Lexer, Token, TokenKind, too_many_words};
use super::{Query, Severity};

impl Lexer<'_> {
    /// Whether the quote at `at` begins a phrase.
    pub(super) fn opens_phrase(&self, at: usize, sign: char) -> bool {
        self.quotes.closing(at).is_some() || self.opens_to_the_end(at, sign)
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

    /// Reads the phrase that the quote here begins; without one, the quote is left out.
    pub(super) fn phrase(&mut self, sign: char) {
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
