//! [`Match`]: how many of a run of plain words an article must have.

use serde::{Deserialize, Serialize};

/// How many of a run of plain words an article must have. Function words (`de`, `la`) do not count
/// while other words remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Match {
    /// All of them.
    #[default]
    All,
    /// One at least.
    Any,
    /// This many at least; all of them where there are fewer.
    AtLeast(usize),
    /// This percentage of them at least, rounded up; 100 is all, 0 is one.
    Share(u8),
}

impl Match {
    /// How many of `count` words must be there.
    pub(crate) fn required(self, count: usize) -> usize {
        let least = match self {
            Match::All => count,
            Match::Any => 1,
            Match::AtLeast(least) => least,
            Match::Share(percent) => count
                .saturating_mul(usize::from(percent.min(100)))
                .div_ceil(100),
        };
        least.clamp(1, count.max(1))
    }
}
