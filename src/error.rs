//! The one error type of the crate.
//!
//! [`Error`] is opaque: it says what happened, where, and what to do, and it is asked about itself
//! with predicates such as [`Error::is_locked`]. The errors of the engine underneath are kept as
//! its [source](std::error::Error::source) and never appear in a signature.

use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What every fallible call of the crate returns.
pub type Result<T> = std::result::Result<T, Error>;

type Source = Box<dyn StdError + Send + Sync + 'static>;

/// What went wrong, where, and what to do about it.
///
/// ```
/// use trouvaille::{Article, Index};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// let error = writer.upsert(&Article::new("", "Sans identifiant", "…")).unwrap_err();
/// assert!(error.is_invalid_article());
/// assert!(error.to_string().contains("id"));
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug)]
pub struct Error {
    // Boxed, so that a `Result` stays one pointer wide beside its value.
    kind: Box<Kind>,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error(
        "the index {index} is being written by {holder}; only one writer may be open at a time: close the other one, or wait for it"
    )]
    Locked { index: Place, holder: String },
    #[error("{message}")]
    Incompatible { message: String },
    #[error(
        "the index {index} is damaged: {message}; restore it from a copy, or delete the directory and index the articles again"
    )]
    Corrupt {
        index: Place,
        message: String,
        #[source]
        source: Option<Source>,
    },
    #[error("{message}")]
    NotFound { message: String },
    #[error("{action} {place}: {source}")]
    Io {
        action: &'static str,
        place: String,
        source: std::io::Error,
    },
    #[error("article {id:?}, field `{field}`: {reason}")]
    InvalidArticle {
        id: String,
        field: &'static str,
        reason: String,
    },
    #[error("invalid query{}: {message}", at(position))]
    InvalidQuery {
        message: String,
        position: Option<Range<usize>>,
    },
    #[error("{message}")]
    InvalidArgument { message: String },
    #[error("the index {index} was opened read-only: open it with `Index::open` to write")]
    ReadOnly { index: Place },
    #[error(
        "{action}: the writer has stopped ({reason}); nothing that an earlier commit returned for is lost: drop this writer, open a new one with `index.writer()` and send again what was not committed"
    )]
    WriterStopped {
        action: &'static str,
        reason: String,
        source: Option<Error>,
    },
    #[error(
        "the commit is made and durable, but this program cannot show it ({source}): try `index.refresh()`"
    )]
    Unseen { source: Error },
    #[error("{action}: {source}")]
    Engine {
        action: &'static str,
        source: Source,
    },
}

/// Where an index lives, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    Directory(PathBuf),
    /// A directory of the caller's own kind.
    #[cfg(feature = "unstable-raw")]
    Given,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Memory => formatter.write_str("in memory"),
            Place::Directory(path) => write!(formatter, "at {}", path.display()),
            #[cfg(feature = "unstable-raw")]
            Place::Given => formatter.write_str("in the directory given"),
        }
    }
}

fn at(position: &Option<Range<usize>>) -> String {
    match position {
        Some(range) => format!(" at bytes {} to {}", range.start, range.end),
        None => String::new(),
    }
}

impl Error {
    fn new(kind: Kind) -> Error {
        Error {
            kind: Box::new(kind),
        }
    }

    pub(crate) fn locked(index: Place, holder: String) -> Error {
        Error::new(Kind::Locked { index, holder })
    }

    pub(crate) fn incompatible(message: impl Into<String>) -> Error {
        Error::new(Kind::Incompatible {
            message: message.into(),
        })
    }

    pub(crate) fn corrupt(
        index: Place,
        message: impl Into<String>,
        source: Option<Source>,
    ) -> Error {
        Error::new(Kind::Corrupt {
            index,
            message: message.into(),
            source,
        })
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Error {
        Error::new(Kind::NotFound {
            message: message.into(),
        })
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Error {
        Error::new(Kind::Io {
            action,
            place: path.display().to_string(),
            source,
        })
    }

    pub(crate) fn io_of_index(
        action: &'static str,
        index: &Place,
        source: std::io::Error,
    ) -> Error {
        Error::new(Kind::Io {
            action,
            place: format!("(the index {index})"),
            source,
        })
    }

    pub(crate) fn invalid_article(
        id: &str,
        field: &'static str,
        reason: impl Into<String>,
    ) -> Error {
        // An id can be as long as its sender likes: a message keeps the start of it.
        let mut short: String = id.chars().take(80).collect();
        if short.len() < id.len() {
            short.push('…');
        }
        Error::new(Kind::InvalidArticle {
            id: short,
            field,
            reason: reason.into(),
        })
    }

    pub(crate) fn invalid_query(
        message: impl Into<String>,
        position: Option<Range<usize>>,
    ) -> Error {
        Error::new(Kind::InvalidQuery {
            message: message.into(),
            position,
        })
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Error {
        Error::new(Kind::InvalidArgument {
            message: message.into(),
        })
    }

    pub(crate) fn read_only(index: Place) -> Error {
        Error::new(Kind::ReadOnly { index })
    }

    pub(crate) fn writer_stopped(
        action: &'static str,
        reason: impl Into<String>,
        source: Option<Error>,
    ) -> Error {
        Error::new(Kind::WriterStopped {
            action,
            reason: reason.into(),
            source,
        })
    }

    /// A commit that was made, and cannot be read back.
    pub(crate) fn unseen(source: Error) -> Error {
        Error::new(Kind::Unseen { source })
    }

    pub(crate) fn engine(
        action: &'static str,
        source: impl StdError + Send + Sync + 'static,
    ) -> Error {
        Error::new(Kind::Engine {
            action,
            source: Box::new(source),
        })
    }

    /// Another writer is open on the same index, in this process or in another one.
    pub fn is_locked(&self) -> bool {
        matches!(*self.kind, Kind::Locked { .. })
    }

    /// The directory holds something else than an index of this crate, or an index made with
    /// another analyzer or another format.
    pub fn is_incompatible(&self) -> bool {
        matches!(*self.kind, Kind::Incompatible { .. })
    }

    /// The files of the index are damaged. True too where the damage is why a
    /// [writer stopped](Self::is_writer_stopped).
    pub fn is_corrupt(&self) -> bool {
        matches!(*self.root().kind, Kind::Corrupt { .. })
    }

    /// There is no index, or no article, where one was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(*self.kind, Kind::NotFound { .. })
    }

    /// A file could not be read or written: the disk is full or failing, a permission lacks. True
    /// too where that is why a [writer stopped](Self::is_writer_stopped).
    pub fn is_io(&self) -> bool {
        matches!(*self.root().kind, Kind::Io { .. })
    }

    /// An article breaks a limit or lacks an id; the message names the field.
    pub fn is_invalid_article(&self) -> bool {
        matches!(*self.kind, Kind::InvalidArticle { .. })
    }

    /// A query holds something that cannot be answered, such as 31 February.
    pub fn is_invalid_query(&self) -> bool {
        matches!(*self.kind, Kind::InvalidQuery { .. })
    }

    /// An argument is out of its documented range.
    pub fn is_invalid_argument(&self) -> bool {
        matches!(*self.kind, Kind::InvalidArgument { .. })
    }

    /// The index was opened read-only.
    pub fn is_read_only(&self) -> bool {
        matches!(*self.kind, Kind::ReadOnly { .. })
    }

    /// The writer cannot go on: drop it and open a new one. What was committed is safe.
    pub fn is_writer_stopped(&self) -> bool {
        matches!(*self.kind, Kind::WriterStopped { .. })
    }

    /// What is wrong with the files, without what to do about it: to be joined with others.
    pub(crate) fn damage(&self) -> String {
        match &*self.kind {
            Kind::Corrupt { message, .. } => message.clone(),
            _ => self.to_string(),
        }
    }

    /// What stopped a writer, or kept a commit from being shown; any other error is its own cause.
    fn root(&self) -> &Error {
        match &*self.kind {
            Kind::WriterStopped {
                source: Some(source),
                ..
            }
            | Kind::Unseen { source } => source.root(),
            _ => self,
        }
    }

    /// The part of the query the error is about, in bytes of the query's text, where it is known.
    pub fn query_range(&self) -> Option<Range<usize>> {
        match &*self.kind {
            Kind::InvalidQuery { position, .. } => position.clone(),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, formatter)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        StdError::source(&*self.kind)
    }
}
