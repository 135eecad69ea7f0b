//! How deep queries and filters nest.
//!
//! Whatever goes through one goes down level by level (planning, writing, comparing, copying, dropping), and
//! the stack ends before the memory does. So depth is bounded where they are made: the variants that have
//! parts are made by methods of this crate only, and by serde, and none of them lets a part in that would
//! be too deep. Only a program that nests parts by hand, through `&mut`, goes around that; planning, which
//! counts levels too, refuses what it made.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, de};

use super::{Filter, Query};
use crate::error::Error;

/// A query or a filter inside another one.
enum Part<'a> {
    Query(&'a Query),
    Filter(&'a Filter),
}

impl Part<'_> {
    /// Whether no part is more than so many levels below this one.
    fn stays_within(self, levels: usize) -> bool {
        let mut open = vec![(self, 0)];
        while let Some((part, level)) = open.pop() {
            if level > levels {
                return false;
            }
            let below = level + 1;
            match part {
                Part::Query(Query::And(queries) | Query::Or(queries)) => {
                    open.extend(queries.iter().map(|query| (Part::Query(query), below)));
                }
                Part::Query(Query::Prefer { required, optional }) => {
                    open.push((Part::Query(required), below));
                    open.extend(optional.iter().map(|query| (Part::Query(query), below)));
                }
                Part::Query(Query::Not(query) | Query::Boost { query, .. }) => {
                    open.push((Part::Query(query), below));
                }
                Part::Filter(Filter::All(filters) | Filter::Any(filters)) => {
                    open.extend(filters.iter().map(|filter| (Part::Filter(filter), below)));
                }
                Part::Filter(Filter::Not(filter)) => open.push((Part::Filter(filter), below)),
                Part::Filter(Filter::Query(query)) => open.push((Part::Query(query), below)),
                Part::Query(_) | Part::Filter(_) => {}
            }
        }
        true
    }
}

impl Query {
    /// This as a part of another query or of a filter.
    pub(super) fn inside(self) -> Query {
        match Part::Query(&self).stays_within(Query::MAX_LEVELS - 1) {
            true => self,
            false => Query::TooDeep,
        }
    }
}

impl Filter {
    /// This as a part of another filter.
    pub(super) fn inside(self) -> Filter {
        match Part::Filter(&self).stays_within(Query::MAX_LEVELS - 1) {
            true => self,
            false => Filter::TooDeep,
        }
    }
}

/// What a search says of a query or a filter that is too deep.
pub(crate) fn too_deep() -> Error {
    Error::invalid_query(message(), None)
}

fn message() -> String {
    format!(
        "it nests deeper than {} levels: put parts side by side, not one inside the other",
        Query::MAX_LEVELS
    )
}

thread_local! {
    /// How many parts, one inside the other, are being deserialized.
    static OPEN: Cell<usize> = const { Cell::new(0) };
}

/// Deserializes parts, unless they are too deep: not every format has a limit of its own.
pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Level;
    impl Drop for Level {
        fn drop(&mut self) {
            OPEN.set(OPEN.get().saturating_sub(1));
        }
    }

    if OPEN.get() >= Query::MAX_LEVELS {
        return Err(de::Error::custom(message()));
    }
    OPEN.set(OPEN.get() + 1);
    let _level = Level;
    T::deserialize(deserializer)
}
