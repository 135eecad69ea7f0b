//! [`Facet`]: what the matches of a search are counted by.

use serde::{Deserialize, Serialize};

use super::Filter;
use crate::date::Date;

/// What the matches of a search are counted by, with [`Search::facet`](crate::Search::facet).
///
/// ```
/// use trouvaille::{Facet, Filter, Search};
///
/// let search = Search::from("coton").facet(Facet::Source).facet(Facet::Year);
/// // A value that somebody clicks on becomes a filter:
/// assert_eq!(Facet::Source.filter("La Rive"), Some(Filter::source("La Rive")));
/// assert!(Facet::Year.filter("2023").is_some());
/// assert!(Facet::Year.filter("hier").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Facet {
    /// By author.
    Author,
    /// By source.
    Source,
    /// By tag; an article counts for each of its tags.
    Tag,
    /// By year of publication (UTC): `2023`. In the order of time.
    Year,
    /// By month of publication (UTC): `2023-02`. In the order of time.
    Month,
}

impl Facet {
    /// Every facet there is.
    pub const ALL: [Facet; 5] = [
        Facet::Author,
        Facet::Source,
        Facet::Tag,
        Facet::Year,
        Facet::Month,
    ];

    /// Whether its values are spans of time.
    pub fn is_date(self) -> bool {
        matches!(self, Facet::Year | Facet::Month)
    }

    /// The filter that lets through what is counted under `value`; none where there can be no such
    /// value.
    pub fn filter(self, value: &str) -> Option<Filter> {
        Some(match self {
            Facet::Author => Filter::author(value),
            Facet::Source => Filter::source(value),
            Facet::Tag => Filter::tag(value),
            Facet::Year => {
                let year = digits(value, 4)?;
                let first = Date::new(year, 1, 1).ok()?;
                Filter::published(first..=Date::new(year, 12, 31).ok()?)
            }
            Facet::Month => {
                let (year, month) = value.split_once('-')?;
                let month = u8::try_from(digits(month, 2)?).ok()?;
                let first = Date::new(digits(year, 4)?, month, 1).ok()?;
                Filter::published(first..=first.last_of_month())
            }
        })
    }
}

fn digits(text: &str, length: usize) -> Option<i32> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
