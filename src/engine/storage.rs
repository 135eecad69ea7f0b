//! The files of an index, as the engine sees them: what its own directories lack for articles to be safe.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, FileSlice, Lock, WatchCallback, WatchHandle, WritePtr,
};

use crate::error::Place;

/// The file that says which segments the last commit has.
const COMMIT: &str = "meta.json";

/// A directory of the engine that makes a commit outlive a power failure, and that is read where
/// nothing may be written.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    inner: Box<dyn Directory>,
    is_read_only: bool,
}

impl Storage {
    pub(crate) fn new(inner: Box<dyn Directory>, is_read_only: bool) -> Storage {
        Storage {
            inner,
            is_read_only,
        }
    }
}

impl Directory for Storage {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.inner.open_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data)?;
        // The engine renames the new list of segments into place and leaves it to the system when the
        // rename reaches the disk: a power failure would take a commit back that had returned.
        if path == Path::new(COMMIT) {
            self.inner.sync_directory()?;
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            // The lock keeps a writer from deleting files while they are opened. On a medium that
            // cannot be written there is no writer, and no file for the lock either.
            Err(LockError::IoError(error)) if self.is_read_only && forbids_writing(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn forbids_writing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Whether a file is what a process leaves that is killed while it replaces another file.
pub(crate) fn is_leftover(name: &str) -> bool {
    name.len() == ".tmp".len() + 6 && name.starts_with(".tmp")
}

/// Removes what killed processes left. Only the holder of the writer's lock may call this: others
/// would take away what it is writing.
pub(crate) fn remove_leftovers(place: &Place) {
    let Place::Directory(path) = place else {
        return;
    };
    // What cannot be removed now stays until the next writer: it costs a few bytes.
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if is_leftover(&entry.file_name().to_string_lossy()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
