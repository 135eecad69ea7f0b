//! A directory in memory that fails when it is told to, and knows what a power failure would leave.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, RamDirectory,
    TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

/// What fails, by the system's own error numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// ENOSPC, for what needs room on the disk.
    DiskFull,
    /// EIO, for everything.
    InputOutput,
    /// Half of what is to be written, then EIO.
    ShortWrite,
}

#[derive(Debug, Default)]
struct State {
    operations: u64,
    /// The first operation that fails, of those that the fault concerns, counted from 0; and whether
    /// all do that follow.
    plan: Option<(u64, bool, Fault)>,
    /// What failed.
    failed: Vec<String>,
    /// The files as of the last synchronization of the directory.
    durable: HashMap<PathBuf, Vec<u8>>,
}

/// Clones are the same directory.
#[derive(Debug, Clone, Default)]
pub struct FailingDirectory {
    files: RamDirectory,
    names: Arc<Mutex<Vec<PathBuf>>>,
    state: Arc<Mutex<State>>,
}

impl FailingDirectory {
    pub fn fail_at(&self, operation: u64, forever: bool, fault: Fault) {
        let mut state = self.state.lock().unwrap();
        state.operations = 0;
        state.plan = Some((operation, forever, fault));
    }

    /// Ends all failures; what has failed.
    pub fn heal(&self) -> Vec<String> {
        let mut state = self.state.lock().unwrap();
        state.plan = None;
        std::mem::take(&mut state.failed)
    }

    /// The directory as it would be after a power failure now.
    pub fn after_power_failure(&self) -> RamDirectory {
        let directory = RamDirectory::create();
        for (path, bytes) in &self.state.lock().unwrap().durable {
            directory.atomic_write(path, bytes).unwrap();
        }
        directory
    }

    /// Another directory with the same files, that fails by itself.
    pub fn copy(&self) -> FailingDirectory {
        let copy = FailingDirectory::default();
        for path in &*self.names.lock().unwrap() {
            let bytes = self.files.atomic_read(path).unwrap();
            copy.atomic_write(path, &bytes).unwrap();
        }
        copy
    }

    fn step(&self, name: &str, path: &Path, needs_room: bool) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        let Some((at, forever, fault)) = state.plan else {
            return Ok(());
        };
        let concerns = match fault {
            Fault::InputOutput => true,
            Fault::DiskFull => needs_room,
            Fault::ShortWrite => name == "write",
        };
        if !concerns {
            return Ok(());
        }
        let operation = state.operations;
        state.operations += 1;
        if operation != at && !(forever && operation > at) {
            return Ok(());
        }
        state.failed.push(format!("{name} {}", path.display()));
        // ENOSPC and EIO.
        let code = if fault == Fault::DiskFull { 28 } else { 5 };
        Err(io::Error::from_raw_os_error(code))
    }

    fn is_short(&self) -> bool {
        let state = self.state.lock().unwrap();
        matches!(state.plan, Some((_, _, Fault::ShortWrite)))
    }

    fn reading(&self, name: &str, path: &Path) -> Result<(), OpenReadError> {
        self.step(name, path, false)
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }
}

struct FailingFile {
    inner: Box<dyn TerminatingWrite + Send + Sync>,
    directory: FailingDirectory,
    path: PathBuf,
}

impl Write for FailingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.directory.step("write", &self.path, true) {
            if self.directory.is_short() && bytes.len() > 1 {
                return self
                    .inner
                    .write(bytes.get(..bytes.len() / 2).unwrap_or_default());
            }
            return Err(error);
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for FailingFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.directory.step("sync", &self.path, true)?;
        self.inner.terminate_ref(token)
    }
}

#[derive(Debug)]
struct FailingBytes {
    inner: Arc<dyn FileHandle>,
    directory: FailingDirectory,
    path: PathBuf,
}

impl HasLen for FailingBytes {
    fn len(&self) -> usize {
        self.inner.len()
    }
}

impl FileHandle for FailingBytes {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.directory.step("read", &self.path, false)?;
        self.inner.read_bytes(range)
    }
}

impl Directory for FailingDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.reading("open", path)?;
        Ok(Arc::new(FailingBytes {
            inner: self.files.get_file_handle(path)?,
            directory: self.clone(),
            path: path.to_owned(),
        }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.step("delete", path, false)
            .map_err(|error| DeleteError::IoError {
                io_error: Arc::new(error),
                filepath: path.to_owned(),
            })?;
        self.names.lock().unwrap().retain(|name| name != path);
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.reading("exists", path)?;
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.step("create", path, true)
            .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = self.files.open_write(path)?;
        let inner = inner.into_inner().map_err(|_| ()).unwrap();
        self.names.lock().unwrap().push(path.to_owned());
        Ok(BufWriter::new(Box::new(FailingFile {
            inner,
            directory: self.clone(),
            path: path.to_owned(),
        })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.reading("read whole", path)?;
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.step("rename", path, true)?;
        let mut names = self.names.lock().unwrap();
        if !names.iter().any(|name| name == path) {
            names.push(path.to_owned());
        }
        self.files.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.step("sync directory", Path::new("."), true)?;
        let names = self.names.lock().unwrap();
        // A file not yet finished cannot be read: it is not durable either.
        let durable = names
            .iter()
            .filter_map(|name| Some((name.clone(), self.files.atomic_read(name).ok()?)))
            .collect();
        self.state.lock().unwrap().durable = durable;
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.step("lock", &lock.filepath, true)
            .map_err(LockError::wrap_io_error)?;
        let at_once = Lock {
            filepath: lock.filepath.clone(),
            is_blocking: false,
        };
        // The engine's own waiting goes by tenths of a second.
        loop {
            match self.files.acquire_lock(&at_once) {
                Err(LockError::LockBusy) if lock.is_blocking => {
                    thread::sleep(Duration::from_millis(1));
                }
                other => return other,
            }
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}
