//! [`BadRecord`]: what is said of a record that could not be read.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A record that could not become an article: where it is, what is wrong with it, and what to do.
///
/// Its `Display` is one line: `articles.jsonl:12: field `published`: …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BadRecord {
    /// The file, inside the folder that is read.
    pub file: PathBuf,
    /// The line on which the record begins, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Where the record begins in the file as text (decompressed, decoded), in bytes from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// The field, where one is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong, and what is accepted.
    pub reason: String,
}

impl BadRecord {
    /// A bad record of a [`Reader`](super::Reader) of your own.
    pub fn new(file: impl AsRef<Path>, reason: impl Into<String>) -> BadRecord {
        BadRecord {
            file: file.as_ref().to_owned(),
            line: None,
            byte: None,
            field: None,
            reason: reason.into(),
        }
    }

    /// Says on which line it begins, from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> BadRecord {
        self.line = Some(line);
        self
    }

    /// Says at which byte it begins, from 0.
    #[must_use]
    pub fn byte(mut self, byte: u64) -> BadRecord {
        self.byte = Some(byte);
        self
    }

    /// Says which field is to blame.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> BadRecord {
        self.field = Some(field.into());
        self
    }

    pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> BadRecord {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "vanished between listing and reading, or is a link to nothing".to_owned()
            }
            std::io::ErrorKind::PermissionDenied => {
                format!("cannot be read: {error}; give this user the right to read it")
            }
            _ => format!("cannot be read: {error}"),
        };
        BadRecord::new(file, reason)
    }
}

impl fmt::Display for BadRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        match (self.line, self.byte) {
            (Some(line), _) => write!(formatter, ":{line}")?,
            (None, Some(byte)) => write!(formatter, ": at byte {byte}")?,
            (None, None) => {}
        }
        if let Some(field) = &self.field {
            write!(formatter, ": field `{field}`")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

impl std::error::Error for BadRecord {}
