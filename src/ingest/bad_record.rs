//! [`BadRecord`]: what is said of a record that could not be read.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A record that could not become an article: where it is and what is wrong with it.
///
/// Its `Display` is one line: `articles.jsonl:12: field `published`: …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BadRecord {
    /// The file.
    pub file: PathBuf,
    /// The line of a file with one record a line, counted from 1.
    pub line: Option<u64>,
    /// The field, where one is to blame.
    pub field: Option<String>,
    /// What is wrong, and what is accepted.
    pub reason: String,
}

impl BadRecord {
    pub(crate) fn new(file: &Path, reason: impl Into<String>) -> BadRecord {
        BadRecord {
            file: file.to_owned(),
            line: None,
            field: None,
            reason: reason.into(),
        }
    }

    pub(crate) fn line(mut self, line: u64) -> BadRecord {
        self.line = Some(line);
        self
    }

    pub(crate) fn field(mut self, field: &str) -> BadRecord {
        self.field = Some(field.to_owned());
        self
    }
}

impl fmt::Display for BadRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(formatter, ": field `{field}`")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

impl std::error::Error for BadRecord {}
