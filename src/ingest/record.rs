//! [`Reader`], [`Record`], [`Note`]: what every source of articles gives.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::bad_record::BadRecord;
use super::clean::Decision;
use crate::article::Article;

/// A source of articles: one after the other, in constant memory.
///
/// [`Records`](super::Records) reads files. A program that has its articles elsewhere (a database, a
/// queue) implements this trait, and [`Import`](super::Import) runs it like any file.
///
/// ```
/// use trouvaille::Article;
/// use trouvaille::ingest::{BadRecord, Reader, Record};
///
/// struct Numbers(u32);
///
/// impl Reader for Numbers {
///     fn next_record(&mut self) -> Option<Result<Record, BadRecord>> {
///         self.0 += 1;
///         let article = Article::new(self.0.to_string(), "", "Une brève.");
///         (self.0 <= 3).then(|| Ok(Record::new(article)))
///     }
/// }
///
/// let mut numbers = Numbers(0);
/// assert_eq!(numbers.next_record().unwrap().unwrap().article.id, "1");
/// ```
pub trait Reader {
    /// The next record; `None` at the end. A bad record does not end it: the next call gives the
    /// next one.
    fn next_record(&mut self) -> Option<Result<Record, BadRecord>>;

    /// How many bytes have been read, for showing progress.
    fn bytes(&self) -> u64 {
        0
    }

    /// How many bytes there are in all, where it is known.
    fn total_bytes(&self) -> Option<u64> {
        None
    }
}

/// An article, where it came from, and what was noticed on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The article.
    pub article: Article,
    /// The file, inside the folder that is read; empty where there is none.
    pub file: PathBuf,
    /// The line on which the record begins, from 1, in files of several records.
    pub line: Option<u64>,
    /// What is worth knowing and no reason to refuse the record.
    pub notes: Vec<Note>,
    /// What the cleaner decided.
    pub decisions: Vec<Decision>,
}

impl Record {
    /// A record of a [`Reader`] of your own.
    pub fn new(article: Article) -> Record {
        Record {
            article,
            file: PathBuf::new(),
            line: None,
            notes: Vec::new(),
            decisions: Vec::new(),
        }
    }
}

/// Something noticed that did not prevent the record from being read: « read as Windows-1252 ».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// The file.
    pub file: PathBuf,
    /// The line, where the file has several records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What was noticed.
    pub text: String,
}

impl Note {
    /// A note of a [`Reader`] of your own.
    pub fn new(file: impl AsRef<Path>, text: impl Into<String>) -> Note {
        Note {
            file: file.as_ref().to_owned(),
            line: None,
            text: text.into(),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}", self.text)
    }
}

/// What one file gives before ids, cleaning and limits are looked at.
pub(super) struct Parsed {
    pub(super) article: Article,
    pub(super) line: Option<u64>,
    pub(super) notes: Vec<String>,
}

impl Parsed {
    pub(super) fn new(article: Article) -> Parsed {
        Parsed {
            article,
            line: None,
            notes: Vec::new(),
        }
    }

    pub(super) fn line(mut self, line: u64) -> Parsed {
        self.line = Some(line);
        self
    }
}

/// The reader of one file.
pub(super) trait FileReader {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>>;
}
