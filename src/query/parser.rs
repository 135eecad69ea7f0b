//! From tokens to a [`Query`]: a stack of open parentheses, and no recursion.

use std::ops::Range;

use super::chars::has_word;
use super::group::{Group, Mark, Prefixes};
use super::lexer::{Token, TokenKind};
use super::operators::Operator;
use super::{Note, Query, Severity};

/// Reads tokens from left to right.
pub(super) struct Parser {
    tokens: Vec<Token>,
    notes: Vec<Note>,
    at: usize,
    /// Whether the end of the text was not read, so that what is open there is no one's fault.
    cut: bool,
    /// The open groups but for the innermost.
    outer: Vec<Group>,
    group: Group,
    prefixes: Prefixes,
    too_deep: Option<Range<usize>>,
}

impl Parser {
    pub(super) fn new(tokens: Vec<Token>, notes: Vec<Note>, cut: bool) -> Parser {
        Parser {
            tokens,
            notes,
            at: 0,
            cut,
            outer: Vec::new(),
            group: Group::default(),
            prefixes: Prefixes::default(),
            too_deep: None,
        }
    }

    /// The query, unless there is nothing to look for, and all notes.
    pub(super) fn run(mut self) -> (Option<Query>, Vec<Note>) {
        while let Some(token) = self.tokens.get_mut(self.at) {
            let range = token.range.clone();
            // A token is read once, so its text can be taken out.
            let kind = std::mem::replace(&mut token.kind, TokenKind::Star);
            if self.prefixes.range.end != range.start {
                self.drop_prefixes();
            }
            self.at += 1;
            match kind {
                TokenKind::Word(text) => self.words(text),
                TokenKind::Clause(query) => self.push(query),
                TokenKind::Star => {
                    self.drop_prefixes();
                    self.group.star = Some(range);
                }
                TokenKind::Plus => self.prefix(range, |prefixes| prefixes.plus = true),
                TokenKind::Minus => self.prefix(range, |prefixes| prefixes.minus = true),
                TokenKind::Field(field) => {
                    self.prefix(range, |prefixes| prefixes.field = Some(field))
                }
                TokenKind::Open => self.open(range),
                TokenKind::Close => self.close(range),
                TokenKind::Boost(_) => {}
                TokenKind::Operator(operator, _) => self.operator(operator, range),
            }
        }
        self.drop_prefixes();
        while let Some(outer) = self.outer.pop() {
            if !self.cut {
                let opened = self.group.opened.clone();
                self.note(
                    opened,
                    "The parenthesis is never closed: it goes on to the end.",
                );
            }
            self.leave(outer);
        }
        if let Some(range) = self.too_deep.take() {
            let message = format!(
                "Parentheses nest more than {} deep here: the inner ones are ignored.",
                Query::MAX_DEPTH
            );
            self.note(range, message);
        }
        let mut whole = std::mem::take(&mut self.group);
        let query = self.finish(&mut whole);
        (query, self.notes)
    }

    /// Says that something was left out.
    fn note(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.notes.push(Note {
            range,
            severity: Severity::Ignored,
            message: message.into(),
        });
    }

    fn prefix(&mut self, range: Range<usize>, set: impl FnOnce(&mut Prefixes)) {
        if self.prefixes.range.is_empty() {
            self.prefixes.range = range;
        } else {
            self.prefixes.range.end = range.end;
        }
        set(&mut self.prefixes);
    }

    /// Forgets signs and fields that stand before nothing.
    fn drop_prefixes(&mut self) {
        let prefixes = std::mem::take(&mut self.prefixes);
        if !prefixes.range.is_empty() {
            self.note(
                prefixes.range,
                "A sign or a field is ignored, for there is nothing to look for after it.",
            );
        }
    }

    /// The factor of a boost that comes next.
    fn boost(&mut self) -> Option<f32> {
        match self.tokens.get(self.at)?.kind {
            TokenKind::Boost(factor) => {
                self.at += 1;
                Some(factor)
            }
            _ => None,
        }
    }

    /// The text of the next token, if it is a word without a boost.
    fn next_word(&mut self) -> Option<String> {
        if matches!(self.tokens.get(self.at + 1), Some(token) if matches!(token.kind, TokenKind::Boost(_)))
        {
            return None;
        }
        match &mut self.tokens.get_mut(self.at)?.kind {
            TokenKind::Word(text) => {
                self.at += 1;
                Some(std::mem::take(text))
            }
            _ => None,
        }
    }

    /// A word, and those that follow it.
    fn words(&mut self, text: String) {
        let boosted = matches!(
            self.tokens.get(self.at),
            Some(token) if matches!(token.kind, TokenKind::Boost(_))
        );
        let prefixed = !self.prefixes.range.is_empty();
        if prefixed && !has_word(&text) {
            self.drop_prefixes();
            return;
        }
        if boosted || prefixed || (self.group.not.is_some() && has_word(&text)) {
            // Signs, fields, `NOT` and boosts belong to one word.
            self.push(Query::words(text));
            return;
        }
        let mut words = vec![text];
        if self.group.not.is_none() {
            while let Some(word) = self.next_word() {
                words.push(word);
            }
        }
        if !words.iter().any(|word| has_word(word)) {
            return;
        }
        let joined = self.group.take_and();
        self.group.push_words(words, joined);
    }

    /// Adds a clause with the signs and the field before it and the boost after it.
    fn push(&mut self, query: Query) {
        let prefixes = std::mem::take(&mut self.prefixes);
        self.attach(query, prefixes);
    }

    fn attach(&mut self, query: Query, prefixes: Prefixes) {
        let query = match prefixes.field {
            Some(field) => query.field(field),
            None => query,
        };
        let query = match self.boost() {
            Some(factor) => query.boost(factor),
            None => query,
        };
        let joined = self.group.take_and();
        let not = self.group.not.take();
        let mark = if not.is_some() || prefixes.minus {
            if let Some(not) = not.filter(|_| prefixes.minus || prefixes.plus) {
                self.note(
                    not.start..prefixes.range.end,
                    "Only one of these signs counts: the clause is excluded.",
                );
            }
            Mark::Excluded
        } else if prefixes.plus || joined {
            Mark::Required
        } else {
            Mark::Plain
        };
        let plus = prefixes.plus && mark == Mark::Required;
        self.group.push(query, mark, plus);
    }

    fn operator(&mut self, operator: Operator, range: Range<usize>) {
        let waiting = self.group.not.is_some() || self.group.joining.is_some();
        match operator {
            Operator::Not if self.group.not.is_some() => {
                self.note(range, "The operator is ignored: there is one already.");
            }
            Operator::Not => self.group.not = Some(range),
            _ if waiting => self.note(range, "The operator is ignored: there is one already."),
            _ if self.group.is_open_ended() => {
                self.note(range, "The operator is ignored: nothing stands before it.");
            }
            Operator::And => self.group.and(range),
            Operator::Or => self.group.or(range),
        }
    }

    fn open(&mut self, range: Range<usize>) {
        if let Some(query) = self.plain_words() {
            match query {
                Some(query) => self.push(query),
                None => self.drop_empty(range),
            }
            return;
        }
        // The whole text is not a parenthesis.
        if self.outer.len() >= Query::MAX_DEPTH {
            let start = self.prefixes.range.start;
            let signed = !std::mem::take(&mut self.prefixes).range.is_empty();
            let start = if signed { start } else { range.start };
            let deep = self.too_deep.get_or_insert(start..range.end);
            deep.end = range.end;
            self.group.uncounted += 1;
            return;
        }
        let inner = Group::open(range, std::mem::take(&mut self.prefixes));
        self.outer.push(std::mem::replace(&mut self.group, inner));
    }

    /// The plain words up to a closing parenthesis, if that is all there is: `(a b)` is one clause,
    /// which takes no depth.
    fn plain_words(&mut self) -> Option<Option<Query>> {
        let inside = &self.tokens[self.at..];
        let count = inside
            .iter()
            .take_while(|token| matches!(token.kind, TokenKind::Word(_)))
            .count();
        if count == 0 || inside.get(count)?.kind != TokenKind::Close {
            return None;
        }
        let words = inside[..count]
            .iter()
            .filter_map(|token| match &token.kind {
                TokenKind::Word(text) => Some(text.as_str()),
                _ => None,
            });
        let text = words.collect::<Vec<_>>().join(" ");
        self.at += count + 1;
        Some(has_word(&text).then(|| Query::words(text)))
    }

    /// Forgets a parenthesis with nothing in it, and what belongs to it.
    fn drop_empty(&mut self, opened: Range<usize>) {
        self.boost();
        let signs = std::mem::take(&mut self.prefixes).range;
        let start = if signs.is_empty() {
            opened.start
        } else {
            signs.start
        };
        let end = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(opened.end, |token| token.range.end);
        self.note(start..end.max(opened.end), "Empty parentheses are ignored.");
    }

    fn close(&mut self, range: Range<usize>) {
        self.drop_prefixes();
        if self.group.uncounted > 0 {
            self.group.uncounted -= 1;
            if let Some(deep) = &mut self.too_deep {
                deep.end = range.end;
            }
            self.boost();
        } else if let Some(outer) = self.outer.pop() {
            self.leave(outer);
        } else {
            self.boost();
            self.note(
                range,
                "A closing parenthesis without an opening one is ignored.",
            );
        }
    }

    /// Puts the innermost group into the one around it.
    fn leave(&mut self, outer: Group) {
        let mut inner = std::mem::replace(&mut self.group, outer);
        let query = self.finish(&mut inner);
        let prefixes = std::mem::take(&mut inner.prefixes);
        match query {
            Some(query) => self.attach(query, prefixes),
            None => {
                self.prefixes = prefixes;
                self.drop_empty(inner.opened);
            }
        }
    }

    /// What a group says, and notes on what it leaves out; nothing if it is empty.
    fn finish(&mut self, group: &mut Group) -> Option<Query> {
        let operators = [
            group.joining.take().map(|(_, range)| range),
            group.not.take(),
        ];
        for range in operators.into_iter().flatten() {
            self.note(range, "The operator is ignored: nothing follows it.");
        }
        let query = group.finish();
        let star = group.star.take();
        match (&query, star) {
            (None, Some(_)) => return Some(Query::All),
            (Some(_), Some(range)) => {
                self.note(
                    range,
                    "The star is ignored: it stands for every article only if it is alone.",
                );
            }
            (_, None) => {}
        }
        query
    }
}
