//! What follows a name and a colon: a field, or a date.

use super::chars::is_word;
use super::lexer::{Lexer, TokenKind};
use super::{Field, Query, Severity, date_range};

impl Lexer<'_> {
    /// Reads a field's name and its colon, or a whole `date:…`; whether there was one.
    pub(super) fn field(&mut self) -> bool {
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
