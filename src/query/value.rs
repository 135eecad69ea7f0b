//! [`Query`]: what an article must have to be found.

use std::ops::RangeBounds;

use serde::{Deserialize, Serialize};

use super::{Field, Filter, Match};
use crate::date::Date;

/// What an article must have to be found: words, phrases, and their combinations.
///
/// Built here, or read from what a person typed with [`Query::parse`]. Words are kept as given: the
/// analyzer of the index takes them apart, so that `l’État` and `etats` are one word to find.
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
    /// All of these.
    And(Vec<Query>),
    /// One of these at least.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
    /// The first; the others only raise the score.
    Prefer {
        /// What must be there.
        required: Box<Query>,
        /// What is welcome.
        optional: Vec<Query>,
    },
    /// This, its score multiplied.
    Boost {
        /// What is searched.
        query: Box<Query>,
        /// By how much: 0.01 to 100.
        factor: f32,
    },
}

impl Query {
    /// How deep a query may nest. Deeper parentheses are read as if they were not there; a deeper
    /// query built in code is an error when it is searched.
    pub const MAX_DEPTH: usize = 32;
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

    /// Both this and the other.
    #[must_use]
    pub fn and(self, other: impl Into<Query>) -> Query {
        match (self, other.into()) {
            (Query::And(mut left), Query::And(right)) => {
                left.extend(right);
                Query::And(left)
            }
            (Query::And(mut left), right) => {
                left.push(right);
                Query::And(left)
            }
            (left, Query::And(mut right)) => {
                right.insert(0, left);
                Query::And(right)
            }
            (left, right) => Query::And(vec![left, right]),
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
                left.push(right);
                Query::Or(left)
            }
            (left, Query::Or(mut right)) => {
                right.insert(0, left);
                Query::Or(right)
            }
            (left, right) => Query::Or(vec![left, right]),
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
                optional.push(welcome.into());
                Query::Prefer { required, optional }
            }
            other => Query::Prefer {
                required: Box::new(other),
                optional: vec![welcome.into()],
            },
        }
    }

    /// Multiplies the score of this part by `factor`, brought within 0.01 to 100.
    #[must_use]
    pub fn boost(self, factor: f32) -> Query {
        let factor = if factor.is_nan() {
            1.0
        } else {
            factor.clamp(0.01, 100.0)
        };
        match self {
            Query::Boost { query, factor: own } => query.boost(own * factor),
            other => Query::Boost {
                query: Box::new(other),
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
            other => Query::Not(Box::new(other)),
        }
    }
}

impl From<&str> for Query {
    /// Reads what a person typed; see [`Query::parse`].
    fn from(text: &str) -> Query {
        Query::parse(text).query
    }
}
