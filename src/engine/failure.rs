//! Engine errors to ours: one place decides what a tantivy error means to a user.

use std::io;

use tantivy::TantivyError;
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};

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
        TantivyError::IoError(source) => match place {
            Place::Directory(path) => {
                Error::io(action, path, io::Error::new(source.kind(), source))
            }
            Place::Memory => Error::engine(action, source),
        },
        other => Error::engine(action, other),
    }
}
