//! What stands between two parentheses, while it is read.

use std::ops::Range;

use super::chars::has_word;
use super::operators::Operator;
use super::{Field, Query};

/// What must hold of a clause among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing is said.
    Plain,
    /// `+`, or next to `AND`.
    Required,
    /// `-`, or after `NOT`.
    Excluded,
}

/// A clause of an open group.
pub(super) enum Item {
    Clause(Query, Mark),
    /// Words side by side, and whether `AND` stands before the first and after the last of them.
    Words(Vec<String>, [bool; 2]),
}

/// The signs and the field in front of something.
#[derive(Default)]
pub(super) struct Prefixes {
    /// Empty where there are none.
    pub(super) range: Range<usize>,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) field: Option<Field>,
}

/// An open parenthesis, or the whole text.
#[derive(Default)]
pub(super) struct Group {
    pub(super) opened: Range<usize>,
    /// What stands in front of the parenthesis.
    pub(super) prefixes: Prefixes,
    /// The alternatives before the last `OR`.
    alternatives: Vec<Query>,
    /// The clauses after it.
    items: Vec<Item>,
    /// Whether `+` stands before one of the clauses, which makes those without it optional.
    has_plus: bool,
    /// An `AND` or an `OR` that waits for what comes after it.
    pub(super) joining: Option<(Operator, Range<usize>)>,
    /// A `NOT` that waits for what comes after it.
    pub(super) not: Option<Range<usize>>,
    /// A star on its own.
    pub(super) star: Option<Range<usize>>,
    /// Parentheses inside that are too deep to count.
    pub(super) uncounted: usize,
}

impl Group {
    pub(super) fn open(opened: Range<usize>, prefixes: Prefixes) -> Group {
        Group {
            opened,
            prefixes,
            ..Group::default()
        }
    }

    /// Whether there is no clause since the start or the last `OR`.
    pub(super) fn is_open_ended(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn push(&mut self, query: Query, mark: Mark, plus: bool) {
        self.has_plus |= plus;
        self.items.push(Item::Clause(query, mark));
    }

    pub(super) fn push_words(&mut self, words: Vec<String>, joined: bool) {
        // Words are side by side, too, if what stood between them is ignored.
        if let Some(Item::Words(before, [_, false])) = self.items.last_mut() {
            before.extend(words);
            return;
        }
        self.items.push(Item::Words(words, [joined, false]));
    }

    /// Whether `AND` stands before what comes now; forgets the operator.
    pub(super) fn take_and(&mut self) -> bool {
        matches!(self.joining.take(), Some((Operator::And, _)))
    }

    /// Reads an `AND`: what stands on either side of it is required.
    pub(super) fn and(&mut self, range: Range<usize>) {
        match self.items.last_mut() {
            Some(Item::Words(_, required)) => required[1] = true,
            Some(Item::Clause(_, mark)) if *mark == Mark::Plain => *mark = Mark::Required,
            _ => {}
        }
        self.joining = Some((Operator::And, range));
    }

    /// Reads an `OR`: what stands before it is one alternative.
    pub(super) fn or(&mut self, range: Range<usize>) {
        let alternative = self.finish_items();
        self.alternatives.extend(alternative);
        self.joining = Some((Operator::Or, range));
    }

    /// What the group says, but for its star; nothing if it is empty.
    pub(super) fn finish(&mut self) -> Option<Query> {
        let last = self.finish_items();
        self.alternatives.extend(last);
        let alternatives = std::mem::take(&mut self.alternatives);
        let mut queries = Vec::with_capacity(alternatives.len());
        for query in alternatives {
            match query {
                Query::Or(inner) => queries.extend(inner),
                other => queries.push(other),
            }
        }
        if queries.len() < 2 {
            queries.pop()
        } else {
            Some(Query::Or(queries))
        }
    }

    /// What the clauses since the last `OR` say together.
    fn finish_items(&mut self) -> Option<Query> {
        let has_plus = std::mem::take(&mut self.has_plus);
        let mut required = Vec::new();
        let mut optional = Vec::new();
        for item in std::mem::take(&mut self.items) {
            match item {
                Item::Clause(query, Mark::Excluded) => required.push(!query),
                Item::Clause(query, Mark::Plain) if has_plus => optional.push(query),
                Item::Clause(query, _) => required.push(query),
                Item::Words(words, _) if !has_plus => required.push(Query::words(words.join(" "))),
                Item::Words(words, [first, last]) => {
                    // Each of the words is welcome on its own.
                    let words: Vec<String> =
                        words.into_iter().filter(|word| has_word(word)).collect();
                    let count = words.len();
                    for (index, word) in words.into_iter().enumerate() {
                        let is_required = (first && index == 0) || (last && index + 1 == count);
                        let list = if is_required {
                            &mut required
                        } else {
                            &mut optional
                        };
                        list.push(Query::words(word));
                    }
                }
            }
        }
        match all_of(required) {
            Some(required) if !optional.is_empty() => Some(Query::Prefer {
                required: Box::new(required),
                optional,
            }),
            required => required,
        }
    }
}

/// All of these: one as it is, several as [`Query::And`] with none directly inside.
fn all_of(queries: Vec<Query>) -> Option<Query> {
    let mut all = Vec::with_capacity(queries.len());
    for query in queries {
        match query {
            Query::And(inner) => all.extend(inner),
            other => all.push(other),
        }
    }
    if all.len() < 2 {
        all.pop()
    } else {
        Some(Query::And(all))
    }
}
