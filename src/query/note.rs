//! [`Parsed`] and [`Note`]: what the parser made of a text, and what it has to say about it.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Query;

/// What [`Query::parse`] made of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Parsed {
    /// The query.
    pub query: Query,
    /// What was ignored, or read in another way than its signs suggest; empty as a rule.
    pub notes: Vec<Note>,
}

/// One thing that the parser ignored, or read in another way than its signs suggest.
///
/// Its `Display` is a sentence for the person who typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// Where, in bytes of the text; start inclusive, end exclusive.
    pub range: Range<usize>,
    /// How much it matters.
    pub severity: Severity,
    /// What was done and why.
    pub message: String,
}

/// How much a [`Note`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// A sign was left out: a quote without its other half, an operator without a word.
    Ignored,
    /// Signs of the query language were read as text.
    Reinterpreted,
    /// What is asked cannot be answered, such as the 31st of February: searching it is an error.
    Error,
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
