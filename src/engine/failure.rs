//! Engine errors to ours: one place decides what an engine error, or its panic, means to a user.

use std::any::Any;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::schema::document::DeserializeError;

use super::Core;
use crate::error::{Error, Place, Result};

/// Turns an engine error into ours; `action` says what was being done ("opening the index").
pub(crate) fn failure(action: &'static str, place: &Place, error: TantivyError) -> Error {
    match error {
        TantivyError::DataCorruption(damage) => {
            Error::corrupt(place.clone(), format!("{damage:?}"), None)
        }
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => missing(place, &path),
        TantivyError::IncompatibleIndex(mismatch)
        | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(mismatch)) => {
            Error::incompatible(format!(
                "the index {place} was written in another format of the engine ({mismatch:?}): index the articles again into a new directory"
            ))
        }
        TantivyError::OpenDirectoryError(OpenDirectoryError::NotADirectory(path)) => {
            Error::incompatible(format!(
                "{} is a file: an index is a directory",
                path.display()
            ))
        }
        TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => gone(place),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            of_io(action, place, Some(&filepath), io_error)
        }
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, filepath }) => {
            of_io(action, place, Some(&filepath), io_error)
        }
        TantivyError::IoError(source)
        | TantivyError::LockFailure(LockError::IoError(source), _)
        | TantivyError::DeserializeError(DeserializeError::CorruptedValue(source))
        | TantivyError::OpenDirectoryError(
            OpenDirectoryError::FailedToCreateTempDir(source)
            | OpenDirectoryError::IoError {
                io_error: source, ..
            },
        ) => of_io(action, place, None, source),
        TantivyError::DeserializeError(damage) => {
            Error::corrupt(place.clone(), damage.to_string(), None)
        }
        TantivyError::ErrorInThread(_) | TantivyError::Poisoned => {
            Error::writer_stopped(action, error.to_string(), None)
        }
        other => Error::engine(action, other),
    }
}

fn missing(place: &Place, file: &Path) -> Error {
    if is_gone(place) {
        return gone(place);
    }
    Error::corrupt(
        place.clone(),
        format!("its file {} is missing", file.display()),
        None,
    )
}

fn is_gone(place: &Place) -> bool {
    matches!(place, Place::Directory(path) if !path.exists())
}

fn gone(place: &Place) -> Error {
    Error::not_found(format!(
        "the directory of the index {place} is gone: it was deleted, moved or unmounted; open the index where it is now"
    ))
}

fn of_io(
    action: &'static str,
    place: &Place,
    file: Option<&Path>,
    source: Arc<io::Error>,
) -> Error {
    if is_gone(place) {
        return gone(place);
    }
    let kind = source.kind();
    let code = system_code(&source);
    // What the system did not report comes from the engine's own readers: bytes that make no sense.
    let nonsense = matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::Other
    );
    if code.is_none() && nonsense {
        let message = match file {
            Some(file) => format!("its file {} cannot be read ({source})", file.display()),
            None => format!("{action}: {source}"),
        };
        return Error::corrupt(place.clone(), message, Some(Box::new(source)));
    }
    let source = match code {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(kind, source),
    };
    match place {
        Place::Directory(path) => Error::io(action, path, source),
        _ => Error::io_of_index(action, place, source),
    }
}

/// The system's own number of an error, however deep it is wrapped.
fn system_code(error: &io::Error) -> Option<i32> {
    if let Some(code) = error.raw_os_error() {
        return Some(code);
    }
    let inner = error.get_ref()?;
    if let Some(error) = inner.downcast_ref::<io::Error>() {
        return system_code(error);
    }
    inner
        .downcast_ref::<Arc<io::Error>>()
        .and_then(|error| system_code(error))
}

/// Runs what reads the files of an index. The engine panics on some damaged files: that ends here, as
/// an error.
pub(crate) fn contained<T>(
    action: &'static str,
    place: &Place,
    run: impl FnOnce() -> Result<T>,
) -> Result<T> {
    // Unwind safe: what a search changes and others see are caches, each behind a lock or set whole.
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = format!("{action} stopped at \"{}\"", message_of(&*panic));
        Err(match place {
            Place::Memory => Error::engine(action, io::Error::other(message)),
            _ => Error::corrupt(
                place.clone(),
                format!(
                    "{message} (where `Index::verify` finds no damage, this is a fault of the program: please report it)"
                ),
                None,
            ),
        })
    })
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message,
        _ => "a panic of the engine",
    }
}

impl Core {
    /// As [`contained`], of this index.
    pub(crate) fn contained<T>(
        &self,
        action: &'static str,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        contained(action, &self.place, run)
    }
}
