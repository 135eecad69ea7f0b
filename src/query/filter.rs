//! [`Filter`]: what narrows a search without a say in the score.

use std::ops::{Bound, RangeBounds};

use serde::{Deserialize, Serialize};

use super::{Query, levels};
use crate::date::Date;

/// Narrows a search to articles with exact values; never changes a score.
///
/// Values are compared byte by byte, as they were given to the article: `Filter::tag("Santé")` does
/// not let `santé` through.
///
/// ```
/// use trouvaille::{Date, Filter, Query, Search};
///
/// let year = Date::new(2023, 1, 1)?..=Date::new(2023, 12, 31)?;
/// let search = Search::new(Query::words("coton"))
///     .filter(Filter::published(year))
///     .filter(Filter::any([Filter::tag("agriculture"), Filter::source("Abidjan Éco")]));
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Filter {
    /// Articles of this author.
    Author(String),
    /// Articles of this source.
    Source(String),
    /// Articles with this tag.
    Tag(String),
    /// Articles with one of these ids.
    Ids(Vec<String>),
    /// Articles published in this range of days, both ends included; an article without a date is
    /// in no range.
    Published {
        /// The first day, or none.
        from: Option<Date>,
        /// The last day, or none.
        to: Option<Date>,
    },
    /// Articles whose extra of this name has this value.
    Extra {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// Articles that this query finds. Made by [`Filter::query`].
    #[non_exhaustive]
    Query(#[serde(deserialize_with = "levels::deserialize")] Query),
    /// Articles that every one of these lets through; all articles if there is none. Made by
    /// [`Filter::all`].
    #[non_exhaustive]
    All(#[serde(deserialize_with = "levels::deserialize")] Vec<Filter>),
    /// Articles that at least one of these lets through; no article if there is none. Made by
    /// [`Filter::any`].
    #[non_exhaustive]
    Any(#[serde(deserialize_with = "levels::deserialize")] Vec<Filter>),
    /// Articles that this one does not let through. Made by `!`.
    #[non_exhaustive]
    Not(#[serde(deserialize_with = "levels::deserialize")] Box<Filter>),
    /// Stands where a filter would have been more than [`Query::MAX_LEVELS`] deep: a search that has
    /// it is an error.
    TooDeep,
}

impl Filter {
    /// Articles of this author.
    pub fn author(author: impl Into<String>) -> Filter {
        Filter::Author(author.into())
    }

    /// Articles of this source.
    pub fn source(source: impl Into<String>) -> Filter {
        Filter::Source(source.into())
    }

    /// Articles with this tag.
    pub fn tag(tag: impl Into<String>) -> Filter {
        Filter::Tag(tag.into())
    }

    /// Articles with one of these ids.
    pub fn ids(ids: impl IntoIterator<Item = impl Into<String>>) -> Filter {
        Filter::Ids(ids.into_iter().map(Into::into).collect())
    }

    /// Articles published in this range of days: `from..=to`, `from..`, `..to`.
    pub fn published(days: impl RangeBounds<Date>) -> Filter {
        let (from, to) = Filter::days(&days);
        Filter::Published { from, to }
    }

    /// The first and the last day of a range.
    pub(super) fn days(days: &impl RangeBounds<Date>) -> (Option<Date>, Option<Date>) {
        let from = match days.start_bound() {
            Bound::Included(&day) => Some(day),
            Bound::Excluded(&day) => Some(day.next().unwrap_or(day)),
            Bound::Unbounded => None,
        };
        let to = match days.end_bound() {
            Bound::Included(&day) => Some(day),
            Bound::Excluded(&day) => Some(day.previous().unwrap_or(day)),
            Bound::Unbounded => None,
        };
        (from, to)
    }

    /// Articles whose extra of this name has this value.
    pub fn extra(name: impl Into<String>, value: impl Into<String>) -> Filter {
        Filter::Extra {
            name: name.into(),
            value: value.into(),
        }
    }

    /// Articles that this query finds.
    pub fn query(query: impl Into<Query>) -> Filter {
        Filter::Query(query.into().inside())
    }

    /// Articles that every one of these lets through.
    pub fn all(filters: impl IntoIterator<Item = Filter>) -> Filter {
        Filter::All(filters.into_iter().map(Filter::inside).collect())
    }

    /// Articles that at least one of these lets through.
    pub fn any(filters: impl IntoIterator<Item = Filter>) -> Filter {
        Filter::Any(filters.into_iter().map(Filter::inside).collect())
    }

    /// Articles that none of these lets through.
    pub fn none(filters: impl IntoIterator<Item = Filter>) -> Filter {
        !Filter::any(filters)
    }
}

impl std::ops::Not for Filter {
    type Output = Filter;

    /// Articles that this filter does not let through.
    fn not(self) -> Filter {
        Filter::Not(Box::new(self.inside()))
    }
}
