//! Engine errors to ours: one place decides what an engine error, or its panic, means to a user.

use std::any::Any;
use std::cell::RefCell;
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
        TantivyError::MissingPlugin(endings) | TantivyError::UnexpectedPlugin(endings) => {
            Error::incompatible(format!(
                "the segments of the index {place} have other files ({endings}) than this version of trouvaille writes: index the articles again into a new directory"
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
        // The schema was compared when the index was opened: what lacks now is in the files.
        TantivyError::SchemaError(damage) | TantivyError::FieldNotFound(damage) => {
            Error::corrupt(place.clone(), format!("{action}: {damage}"), None)
        }
        TantivyError::InternalError(text) if code_in(&text).is_some() => {
            of_io(action, place, None, Arc::new(io::Error::other(text)))
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

/// The system's own number of an error, however deep and by whatever it is wrapped.
fn system_code(error: &io::Error) -> Option<i32> {
    if let Some(code) = error.raw_os_error() {
        return Some(code);
    }
    let inner = error.get_ref()?;
    if let Some(shared) = inner.downcast_ref::<Arc<io::Error>>() {
        return system_code(shared);
    }
    if let Some(inner) = inner.downcast_ref::<io::Error>() {
        return system_code(inner);
    }
    // The engine's dictionaries wrap it in a type of theirs.
    code_in(&inner.to_string())
}

/// The system's number in the text that the standard library gives of an error.
fn code_in(text: &str) -> Option<i32> {
    let (_, number) = text.rsplit_once("(os error ")?;
    number.split(')').next()?.parse().ok()
}

thread_local! {
    static NOTED: RefCell<Option<io::Error>> = const { RefCell::new(None) };
}

/// Notes that something could not be read. Who goes through documents gets no errors from the engine's interfaces: the list
/// ends early, and the door through which the search came returns the first of them. Searches stay in one thread.
pub(super) fn note(error: io::Error) {
    NOTED.with_borrow_mut(|noted| _ = noted.get_or_insert(error));
}

/// Runs what may [note](note) something. What was noted came first, whatever became of it.
pub(super) fn failing_if_noted<T, E>(
    run: impl FnOnce() -> std::result::Result<T, E>,
    failure: impl FnOnce(io::Error) -> E,
) -> std::result::Result<T, E> {
    let before = NOTED.take();
    let done = run();
    match NOTED.replace(before) {
        Some(error) => Err(failure(error)),
        None => done,
    }
}

/// Runs what reads the files of an index. The engine panics on some damaged files: that ends here, as
/// an error.
pub(crate) fn contained<T>(
    action: &'static str,
    place: &Place,
    run: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let panicked = |panic: Box<dyn Any + Send>| {
        let message = format!("{action} stopped at \"{}\"", message_of(&*panic));
        match place {
            Place::Memory => Error::engine(action, io::Error::other(message)),
            _ => Error::corrupt(
                place.clone(),
                format!(
                    "{message} (where `Index::verify` finds no damage, this is a fault of the program: please report it)"
                ),
                None,
            ),
        }
    };
    // Unwind safe: what a search changes and others see are caches, each behind a lock or set whole.
    let run = || {
        let done = panic::catch_unwind(AssertUnwindSafe(run));
        done.unwrap_or_else(|panic| Err(panicked(panic)))
    };
    failing_if_noted(run, |error| failure(action, place, error.into()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_number_is_found_in_every_wrapping() {
        let full = || io::Error::from_raw_os_error(28);
        let shared = Arc::new(full());
        for wrapped in [
            full(),
            io::Error::other(full()),
            io::Error::new(io::ErrorKind::StorageFull, shared.clone()),
            io::Error::other(io::Error::other(shared)),
            io::Error::other(full().to_string()),
        ] {
            assert_eq!(system_code(&wrapped), Some(28), "{wrapped:?}");
        }
        assert_eq!(system_code(&io::Error::other("no number")), None);
        assert_eq!(system_code(&io::ErrorKind::UnexpectedEof.into()), None);
    }

    #[test]
    fn an_engine_s_io_error_is_ours_wherever_it_is() {
        let io_error = || Arc::new(io::Error::from_raw_os_error(5));
        let filepath = std::path::PathBuf::from("1.idx");
        let read = OpenReadError::IoError {
            io_error: io_error(),
            filepath: filepath.clone(),
        };
        let write = OpenWriteError::IoError {
            io_error: io_error(),
            filepath,
        };
        for error in [
            TantivyError::IoError(io_error()),
            TantivyError::from(read),
            TantivyError::from(write),
            TantivyError::LockFailure(LockError::IoError(io_error()), None),
        ] {
            let error = failure("testing", &Place::Memory, error);
            assert!(error.is_io() && !error.is_corrupt(), "{error}");
        }
        let cut = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert!(failure("testing", &Place::Memory, cut.into()).is_corrupt());
    }

    #[test]
    fn what_was_noted_is_an_error_of_that_call_alone() {
        let run = |noted: &[i32]| {
            contained("testing", &Place::Memory, || {
                noted
                    .iter()
                    .for_each(|code| note(io::Error::from_raw_os_error(*code)));
                Ok(())
            })
        };
        let error = run(&[5, 28]).unwrap_err();
        assert!(
            error.is_io() && error.to_string().contains("testing"),
            "{error}"
        );
        assert!(run(&[]).is_ok());
        // Of what came before, outside.
        note(io::Error::from_raw_os_error(5));
        assert!(run(&[]).is_ok());
        // What cannot be read looks like damage.
        let cut = || -> Result<()> {
            note(io::Error::from_raw_os_error(5));
            Err(Error::corrupt(Place::Memory, "cut".to_owned(), None))
        };
        let error = contained("testing", &Place::Memory, cut).unwrap_err();
        assert!(error.is_io(), "{error}");
    }

    #[test]
    fn a_panic_is_an_error() {
        let place = Place::Directory("somewhere".into());
        let error = contained("testing", &place, || -> Result<()> { panic!("cut {}", 3) });
        let error = error.unwrap_err();
        assert!(
            error.is_corrupt() && error.to_string().contains("cut 3"),
            "{error}"
        );
        let error = contained("testing", &Place::Memory, || -> Result<()> {
            panic!("cut")
        });
        assert!(!error.unwrap_err().is_corrupt());
    }
}
