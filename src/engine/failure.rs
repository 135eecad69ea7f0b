//! Engine errors to ours: one place decides what a tantivy error means to a user.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

use crate::error::{Error, Place};

/// Turns an engine error into ours; `action` says what was being done ("opening the index").
pub(crate) fn failure(action: &'static str, place: &Place, error: TantivyError) -> Error {
    match error {
        TantivyError::DataCorruption(damage) => {
            Error::corrupt(place.clone(), format!("{damage:?}"), None)
        }
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => Error::corrupt(
            place.clone(),
            format!("its file {} is missing", path.display()),
            None,
        ),
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
        TantivyError::ErrorInThread(_) | TantivyError::Poisoned => {
            Error::writer_stopped(action, error)
        }
        // The engine hides the system's errors at several depths: a full disk is one wherever it is met.
        TantivyError::IoError(source)
        | TantivyError::LockFailure(LockError::IoError(source), _)
        | TantivyError::OpenDirectoryError(OpenDirectoryError::FailedToCreateTempDir(source)) => {
            system(action, place, Path::new(""), source)
        }
        TantivyError::OpenDirectoryError(OpenDirectoryError::IoError {
            io_error: source,
            directory_path: file,
        })
        | TantivyError::OpenReadError(OpenReadError::IoError {
            io_error: source,
            filepath: file,
        })
        | TantivyError::OpenWriteError(OpenWriteError::IoError {
            io_error: source,
            filepath: file,
        }) => system(action, place, &file, source),
        other => Error::engine(action, other),
    }
}

/// An error of the system, at a file of the index where one is named.
fn system(action: &'static str, place: &Place, file: &Path, source: Arc<io::Error>) -> Error {
    match place {
        // Joining nothing would add a separator.
        Place::Directory(path) if file.as_os_str().is_empty() => {
            Error::io(action, path, io::Error::new(source.kind(), source))
        }
        Place::Directory(path) => Error::io(
            action,
            &path.join(file),
            io::Error::new(source.kind(), source),
        ),
        Place::Memory => Error::engine(action, source),
    }
}
