//! [`Cursor`]: a place in an answer, to go on from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// A place in the answer to a search, to go on from with [`Search::after`](crate::Search::after).
/// Given by [`Hit::cursor`](crate::Hit::cursor).
///
/// It holds for one frozen view: keep the [`Searcher`](crate::Searcher), and search that; another
/// commit is another view, which refuses it. As text it is short and safe in an address, and JSON
/// holds that text.
///
/// ```
/// use trouvaille::{Article, Cursor, Index, Search, Sort};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// for title in ["Un", "Deux", "Trois"] {
///     writer.upsert(&Article::new(title, title, "Dépêche."))?;
/// }
/// writer.commit()?;
/// let searcher = index.searcher();
/// let search = Search::from("dépêche").sort(Sort::Title).limit(2);
/// let first = searcher.search(search.clone())?;
/// let sent: String = first[1].cursor().to_string();
///
/// let cursor: Cursor = sent.parse()?;
/// let second = searcher.search(search.after(cursor))?;
/// assert_eq!(second[0].article().title, "Un");
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which view it belongs to.
    pub(crate) view: u64,
    pub(crate) segment: u32,
    pub(crate) document: u32,
    /// From 0, in the whole answer.
    pub(crate) rank: u32,
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cursor {
            view,
            segment,
            document,
            rank,
        } = self;
        write!(formatter, "{view:x}-{segment:x}-{document:x}-{rank:x}")
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cursor> {
        let mut parts = text.split('-');
        let mut next = |most: u64| {
            parts
                .next()
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .and_then(|part| u64::from_str_radix(part, 16).ok())
                .filter(|number| *number <= most)
        };
        let small = u64::from(u32::MAX);
        let cursor = (|| {
            Some(Cursor {
                view: next(u64::MAX)?,
                segment: u32::try_from(next(small)?).ok()?,
                document: u32::try_from(next(small)?).ok()?,
                rank: u32::try_from(next(small)?).ok()?,
            })
        })();
        cursor.filter(|_| parts.next().is_none()).ok_or_else(|| {
            let short: String = text.chars().take(60).collect();
            Error::invalid_argument(format!(
                "{short:?} is not a cursor: give back what `Hit::cursor` gave"
            ))
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Cursor, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
