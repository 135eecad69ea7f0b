//! [`Query`]: what an article must have to be found.

use std::ops::RangeBounds;

use serde::{Deserialize, Serialize};

use super::{Field, Filter, Match, levels};
use crate::date::Date;

/// What an article must have to be found: words, phrases, and their combinations.
///
/// Built here, or read from what a person typed with [`Query::parse`]. Words are kept as given: the
/// analyzer of the index takes them apart, so that `l’État` and `etats` are one word to find.
///
/// The variants that have queries inside are made by methods alone, which bound their depth
/// ([`Query::MAX_LEVELS`]), and matched as `Query::And { 0: queries, .. }`.
///
/// ```
/// use trouvaille::{Field, Query};
///
/// let query = Query::phrase("accord de paix")
///     .and(Query::words("Bamako Alger"))
///     .and_not(Query::words("rumeur").field(Field::Title));
/// assert_eq!(query.to_string(), "\"accord de paix\" Bamako Alger -title:rumeur");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Query {
    /// Every article.
    All,
    /// No article.
    None,
    /// A run of plain words, as typed.
    Words {
        /// The words.
        text: String,
        /// How many must be there; the search's choice where none is made here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matching: Option<Match>,
        /// Where; title and body unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<Field>,
    },
    /// Words in this order, function words included; accents, case, hyphens and kinds of apostrophe
    /// do not count.
    Phrase {
        /// The words.
        text: String,
        /// How many words may stand between them, in all.
        #[serde(default)]
        slop: u32,
        /// Whether the last word is only the beginning of one.
        #[serde(default)]
        prefix: bool,
        /// Where; title and body unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<Field>,
    },
    /// Words as written that begin so.
    Prefix {
        /// The beginning.
        word: String,
        /// Where; title and body unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<Field>,
    },
    /// Words as written of this shape: `*` stands for any letters, `?` for one.
    Wildcard {
        /// The shape.
        pattern: String,
        /// Where; title and body unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<Field>,
    },
    /// Words as written that differ in a few letters.
    Fuzzy {
        /// The word.
        word: String,
        /// How many letters may be wrong, missing, too many or swapped with the next: 0 to 2. Unless
        /// said: none in words of 1 or 2 letters, one up to 5, two from 6.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edits: Option<u8>,
        /// Where; title and body unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<Field>,
    },
    /// Published in a range of days, both included.
    Published {
        /// The first day, or none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
        /// The last day, or none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Date>,
    },
    /// All of these. Made by [`Query::and`] and [`Query::all_of`].
    #[non_exhaustive]
    And(#[serde(deserialize_with = "levels::deserialize")] Vec<Query>),
    /// One of these at least. Made by [`Query::or`] and [`Query::any_of`].
    #[non_exhaustive]
    Or(#[serde(deserialize_with = "levels::deserialize")] Vec<Query>),
    /// Not this. Made by `!` and [`Query::and_not`].
    #[non_exhaustive]
    Not(#[serde(deserialize_with = "levels::deserialize")] Box<Query>),
    /// The first; the others only raise the score. Made by [`Query::prefer`].
    #[non_exhaustive]
    Prefer {
        /// What must be there.
        #[serde(deserialize_with = "levels::deserialize")]
        required: Box<Query>,
        /// What is welcome.
        #[serde(deserialize_with = "levels::deserialize")]
        optional: Vec<Query>,
    },
    /// This, its score multiplied. Made by [`Query::boost`].
    #[non_exhaustive]
    Boost {
        /// What is searched.
        #[serde(deserialize_with = "levels::deserialize")]
        query: Box<Query>,
        /// By how much: 0.01 to 100.
        factor: f32,
    },
    /// Stands where a query would have been more than [`Query::MAX_LEVELS`] deep: a search that has
    /// it is an error.
    TooDeep,
}

impl Query {
    /// How deep parentheses may nest in a typed query. Deeper ones are read as if they were not there.
    pub const MAX_DEPTH: usize = 32;
    /// How deep queries and filters built in code may nest: how many levels a part may be below the
    /// whole. What would be deeper becomes [`Query::TooDeep`] or [`Filter::TooDeep`], which is an error
    /// when it is searched; deserializing it is an error too (`serde_json` has a limit of its own, 128
    /// brackets, of which a level takes one or two). So nothing that is done with a query comes to the end of
    /// a thread's stack. Every typed query is within: between two of its parentheses are five levels at the
    /// most (`OR`, what `+` prefers, `AND`, `NOT`, a boost).
    pub const MAX_LEVELS: usize = 5 * (Query::MAX_DEPTH + 1);
    /// How many clauses a query may have.
    pub const MAX_CLAUSES: usize = 1_024;
    /// How many bytes of a typed query are read.
    pub const MAX_BYTES: usize = 16_384;

    /// Finds every article.
    pub fn all() -> Query {
        Query::All
    }

    /// Finds no article.
    pub fn none() -> Query {
        Query::None
    }

    /// Finds plain words: nothing in `text` is syntax.
    pub fn words(text: impl Into<String>) -> Query {
        Query::Words {
            text: text.into(),
            matching: None,
            field: None,
        }
    }

    /// Finds words that stand together in this order.
    pub fn phrase(text: impl Into<String>) -> Query {
        Query::Phrase {
            text: text.into(),
            slop: 0,
            prefix: false,
            field: None,
        }
    }

    /// Finds words, as written, that begin so.
    pub fn prefix(word: impl Into<String>) -> Query {
        Query::Prefix {
            word: word.into(),
            field: None,
        }
    }

    /// Finds words, as written, of this shape: `*` for any letters, `?` for one.
    pub fn wildcard(pattern: impl Into<String>) -> Query {
        Query::Wildcard {
            pattern: pattern.into(),
            field: None,
        }
    }

    /// Finds words, as written, that differ in `edits` letters at the most; `None` for what suits
    /// the word's length.
    pub fn fuzzy(word: impl Into<String>, edits: Option<u8>) -> Query {
        Query::Fuzzy {
            word: word.into(),
            edits,
            field: None,
        }
    }

    /// Finds articles published in this range of days: `from..=to`, `from..`, `..to`.
    pub fn published(days: impl RangeBounds<Date>) -> Query {
        let (from, to) = Filter::days(&days);
        Query::Published { from, to }
    }

    /// Finds what all of these find; every article if there is none.
    ///
    /// ```
    /// use trouvaille::Query;
    ///
    /// let crops = Query::any_of(["coton", "soja", "mil"].map(Query::words));
    /// let query = Query::all_of([crops, Query::words("Mali"), !Query::words("riz")]);
    /// assert_eq!(query.to_string(), "(coton OR soja OR mil) Mali -riz");
    /// ```
    #[must_use]
    pub fn all_of(queries: impl IntoIterator<Item = Query>) -> Query {
        let queries: Vec<Query> = queries.into_iter().map(Query::inside).collect();
        match queries.is_empty() {
            true => Query::All,
            false => Query::And(queries),
        }
    }

    /// Finds what one of these finds at least; no article if there is none.
    #[must_use]
    pub fn any_of(queries: impl IntoIterator<Item = Query>) -> Query {
        let queries: Vec<Query> = queries.into_iter().map(Query::inside).collect();
        match queries.is_empty() {
            true => Query::None,
            false => Query::Or(queries),
        }
    }

    /// Both this and the other.
    #[must_use]
    pub fn and(self, other: impl Into<Query>) -> Query {
        match (self, other.into()) {
            (Query::And(mut left), Query::And(right)) => {
                left.extend(right);
                Query::And(left)
            }
            (Query::And(mut left), right) => {
                left.push(right.inside());
                Query::And(left)
            }
            (left, Query::And(mut right)) => {
                right.insert(0, left.inside());
                Query::And(right)
            }
            (left, right) => Query::And(vec![left.inside(), right.inside()]),
        }
    }

    /// This or the other, or both.
    #[must_use]
    pub fn or(self, other: impl Into<Query>) -> Query {
        match (self, other.into()) {
            (Query::Or(mut left), Query::Or(right)) => {
                left.extend(right);
                Query::Or(left)
            }
            (Query::Or(mut left), right) => {
                left.push(right.inside());
                Query::Or(left)
            }
            (left, Query::Or(mut right)) => {
                right.insert(0, left.inside());
                Query::Or(right)
            }
            (left, right) => Query::Or(vec![left.inside(), right.inside()]),
        }
    }

    /// This, but not the other.
    #[must_use]
    pub fn and_not(self, other: impl Into<Query>) -> Query {
        self.and(!other.into())
    }

    /// This, while what is welcome besides raises the score.
    #[must_use]
    pub fn prefer(self, welcome: impl Into<Query>) -> Query {
        match self {
            Query::Prefer {
                required,
                mut optional,
            } => {
                optional.push(welcome.into().inside());
                Query::Prefer { required, optional }
            }
            other => Query::Prefer {
                required: Box::new(other.inside()),
                optional: vec![welcome.into().inside()],
            },
        }
    }

    /// Multiplies the score of this part by `factor`, brought within 0.01 to 100.
    #[must_use]
    pub fn boost(self, factor: f32) -> Query {
        let factor = boost_within(factor);
        match self {
            Query::Boost { query, factor: own } => query.boost(own * factor),
            other => Query::Boost {
                query: Box::new(other.inside()),
                factor,
            },
        }
    }

    /// Looks for every word inside in this field, but for those that have a field already.
    #[must_use]
    pub fn field(mut self, wanted: Field) -> Query {
        self.for_each_leaf(&mut |leaf| match leaf {
            Query::Words { field, .. }
            | Query::Phrase { field, .. }
            | Query::Prefix { field, .. }
            | Query::Wildcard { field, .. }
            | Query::Fuzzy { field, .. } => *field = field.or(Some(wanted)),
            _ => {}
        });
        self
    }

    /// How many of the words of every run inside must be there.
    #[must_use]
    pub fn matching(mut self, wanted: Match) -> Query {
        self.for_each_leaf(&mut |leaf| {
            if let Query::Words { matching, .. } = leaf {
                *matching = Some(wanted);
            }
        });
        self
    }

    /// Lets `slop` words stand between the words of every phrase inside.
    #[must_use]
    pub fn slop(mut self, wanted: u32) -> Query {
        self.for_each_leaf(&mut |leaf| {
            if let Query::Phrase { slop, .. } = leaf {
                *slop = wanted;
            }
        });
        self
    }

    pub(crate) fn for_each_leaf(&mut self, change: &mut impl FnMut(&mut Query)) {
        match self {
            Query::And(queries) | Query::Or(queries) => {
                for query in queries {
                    query.for_each_leaf(change);
                }
            }
            Query::Not(query) | Query::Boost { query, .. } => query.for_each_leaf(change),
            Query::Prefer { required, optional } => {
                required.for_each_leaf(change);
                for query in optional {
                    query.for_each_leaf(change);
                }
            }
            leaf => change(leaf),
        }
    }
}

impl std::ops::Not for Query {
    type Output = Query;

    /// Everything that this does not find.
    fn not(self) -> Query {
        match self {
            Query::Not(inner) => *inner,
            Query::All => Query::None,
            Query::None => Query::All,
            other => Query::Not(Box::new(other.inside())),
        }
    }
}

impl From<&str> for Query {
    /// Reads what a person typed; see [`Query::parse`].
    fn from(text: &str) -> Query {
        Query::parse(text).query
    }
}

/// A factor brought within what [`Query::boost`] takes: what was deserialized may be any number.
pub(crate) fn boost_within(factor: f32) -> f32 {
    match factor.is_nan() {
        true => 1.0,
        false => factor.clamp(0.01, 100.0),
    }
}
