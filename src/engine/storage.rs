//! The files of an index, as the engine sees them: what its own directories lack for articles to be safe.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde::Deserialize;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::footer::Footer;
use tantivy::directory::{
    DirectoryLock, FileHandle, FileSlice, Lock, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::directory::{INDEX_WRITER_LOCK, META_LOCK};
use tantivy::index::SegmentComponent;
use tantivy::schema::{Field, FieldEntry, IndexRecordOption, Schema};
use tantivy::{Directory, HasLen, Index, IndexWriter, TantivyDocument};

use super::Core;
use super::pieces::{LONGEST, Pieces};
use super::postings::{self, BITMAPS, CHAMPIONS};
use crate::error::Place;

/// The file that says which segments the last commit has.
const COMMIT: &str = "meta.json";

/// The files of a segment; deletions only where it has some.
pub(super) fn components(index: &Index) -> Vec<SegmentComponent> {
    let plugins = index.custom_plugins().iter();
    let custom = plugins.flat_map(|plugin| plugin.extensions().iter().copied());
    let custom = custom.map(|ending| SegmentComponent::Custom(ending.to_owned()));
    let mut components = vec![
        SegmentComponent::Terms,
        SegmentComponent::Postings,
        SegmentComponent::Positions,
        SegmentComponent::FieldNorms,
        SegmentComponent::FastFields,
        SegmentComponent::Store,
        SegmentComponent::Delete,
    ];
    components.extend(custom);
    components
}

/// How many names of verified files are kept.
const MAX_VERIFIED: usize = 4_096;

/// Smaller files of articles are mapped: who has many small indexes open may have no more files open.
const SMALL: usize = 1 << 20;

/// How many names of opened files are kept before those that were closed are dropped.
const MAX_OPENED: usize = 1_024;

/// A directory of the engine that makes a commit outlive a power failure, that gives no damaged file
/// out, and that is read where nothing may be written.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    inner: Box<dyn Directory>,
    is_read_only: bool,
    /// Longer files are not compared with their checksums.
    verified_up_to: usize,
    /// The files whose checksums were right.
    verified: Arc<Mutex<HashSet<PathBuf>>>,
    /// The files of postings and of stored articles that somebody has open.
    opened: Arc<Mutex<HashMap<PathBuf, Weak<dyn FileHandle>>>>,
    /// Where the files are, if they are in a folder: [pieces](super::pieces) of some are read.
    folder: Option<PathBuf>,
    /// Whether of postings and positions too.
    low_memory: bool,
    /// The fields that merges of the engine are not to see.
    hidden: Vec<Field>,
    lists: Arc<Mutex<Lists>>,
}

/// The lists of segments that the last writer writes.
#[derive(Debug, Default)]
struct Lists {
    /// Why it may write none any more.
    end: Option<(io::ErrorKind, &'static str)>,
    /// How many operations the last one has: a commit that changes something has more, a merge as many.
    operations: Option<u64>,
}

impl Lists {
    /// The engine holds the segments of a commit that failed here for committed, and a merge under way applies deletions
    /// only up to the commit before: the list it would write next has both versions of an article that was replaced.
    fn end_with(&mut self, error: &io::Error) {
        let why = "an earlier commit of this writer has failed: open a new one";
        self.end.get_or_insert((error.kind(), why));
    }
}

/// What a list of segments says of that.
#[derive(Deserialize)]
struct Operations {
    opstamp: u64,
}

fn operations(list: &[u8]) -> Option<u64> {
    let operations: Operations = serde_json::from_slice(list).ok()?;
    Some(operations.opstamp)
}

/// The lock of a writer.
struct WriterLock {
    lists: Arc<Mutex<Lists>>,
    _inner: DirectoryLock,
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // Waits for a list that is being written; the lock itself goes after this.
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.end = Some((io::ErrorKind::Other, "the writer of this merge is gone"));
    }
}

impl Storage {
    pub(crate) fn new(
        inner: Box<dyn Directory>,
        is_read_only: bool,
        verified_up_to: usize,
    ) -> Storage {
        Storage {
            inner,
            is_read_only,
            verified_up_to,
            verified: Arc::default(),
            opened: Arc::default(),
            folder: None,
            low_memory: false,
            hidden: Vec::new(),
            lists: Arc::default(),
        }
    }

    /// The same files, which the engine maps in this folder: articles are read in [pieces](super::pieces), and, with
    /// little memory, postings and positions too.
    pub(crate) fn of_folder(self, folder: &Path, low_memory: bool) -> Storage {
        Storage {
            // The program may change its working directory.
            folder: fs::canonicalize(folder).ok(),
            low_memory,
            ..self
        }
    }

    /// The same files, as a writer sees them.
    pub(crate) fn for_writer(&self, schema: &Schema) -> Storage {
        let has_positions = |entry: &FieldEntry| {
            entry.field_type().get_index_record_option()
                == Some(IndexRecordOption::WithFreqsAndPositions)
        };
        let words = schema.fields().filter(|(_, entry)| has_positions(entry));
        Storage {
            hidden: words.map(|(field, _)| field).collect(),
            ..self.clone()
        }
    }

    /// Postings and stored articles are opened twice, by the engine and by what reads them here: what the engine has open
    /// stays readable, though a merge has removed the file meanwhile.
    fn open_or_share(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let opened = || self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = opened().get(path).and_then(Weak::upgrade) {
            return Ok(file);
        }
        let file = self.inner.get_file_handle(path)?;
        let has_articles = path.extension().is_some_and(|ending| ending == "store");
        let file = match &self.folder {
            Some(folder) if self.low_memory || has_articles && file.len() > SMALL => {
                Pieces::of(file, &folder.join(path))
            }
            _ => file,
        };
        let mut opened = opened();
        // Another thread may have been faster: all are to hold the same one, for it is forgotten with the last of them.
        if let Some(other) = opened.get(path).and_then(Weak::upgrade) {
            return Ok(other);
        }
        if opened.len() >= MAX_OPENED {
            opened.retain(|_, file| file.strong_count() > 0);
        }
        opened.insert(path.to_owned(), Arc::downgrade(&file));
        Ok(file)
    }

    /// The engine believes what it reads: from a damaged file it takes lengths that no memory has, and
    /// the process ends.
    fn verify(&self, path: &Path, file: &FileSlice) -> Result<(), OpenReadError> {
        if file.len() > self.verified_up_to {
            return Ok(());
        }
        let names = || self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_of_segment(&path.to_string_lossy()) || names().contains(path) {
            return Ok(());
        }
        let is_right = Footer::extract_footer(file.clone())
            .and_then(|(footer, body)| Ok(checksum(&body)? == footer.crc));
        let damaged = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        if !is_right.map_err(damaged)? {
            let wrong = io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong");
            return Err(damaged(wrong));
        }
        let mut names = names();
        if names.len() >= MAX_VERIFIED {
            names.clear();
        }
        names.insert(path.to_owned());
        Ok(())
    }
}

impl Directory for Storage {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        let file = match is_opened_twice(path) {
            true => FileSlice::new(self.open_or_share(path)?),
            false => self.inner.open_read(path)?,
        };
        self.verify(path, &file)?;
        if self.hidden.is_empty() || path.extension().is_none_or(|ending| ending != "idx") {
            return Ok(file);
        }
        postings::hide(file, |field| self.hidden.contains(&field))
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let names = self.verified.lock();
        names.unwrap_or_else(PoisonError::into_inner).remove(path);
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        // The file is another one from now on.
        let opened = self.opened.lock();
        opened.unwrap_or_else(PoisonError::into_inner).remove(path);
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path != Path::new(COMMIT) {
            return self.inner.atomic_write(path, data);
        }
        // A merge may outlive the writer that began it. Its list of segments would take the place of one that
        // the next writer has made, and the segments that one needs would be removed.
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((kind, why)) = lists.end {
            return Err(io::Error::new(kind, why));
        }
        // The engine renames the new list of segments into place and leaves it to the system when the
        // rename reaches the disk: a power failure would take a commit back that had returned.
        let written = self.inner.atomic_write(path, data);
        let written = written.and_then(|()| self.inner.sync_directory());
        let operations = operations(data);
        match &written {
            Ok(()) => lists.operations = operations,
            Err(error) if operations.is_none() || operations != lists.operations => {
                lists.end_with(error);
            }
            Err(_) => {}
        }
        written
    }

    fn sync_directory(&self) -> io::Result<()> {
        // The engine does so before it writes a list: nothing tells whether of a commit.
        self.inner.sync_directory().inspect_err(|error| {
            let lists = self.lists.lock();
            lists
                .unwrap_or_else(PoisonError::into_inner)
                .end_with(error);
        })
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            // The lock keeps a writer from deleting files while they are opened. On a medium that
            // cannot be written there is no writer, and no file for the lock either.
            Err(LockError::IoError(error)) if self.is_read_only && forbids_writing(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            Ok(inner) if lock.filepath == INDEX_WRITER_LOCK.filepath => {
                let list = self.inner.atomic_read(Path::new(COMMIT)).ok();
                *self.lists.lock().unwrap_or_else(PoisonError::into_inner) = Lists {
                    end: None,
                    operations: list.and_then(|list| operations(&list)),
                };
                Ok(DirectoryLock::from(Box::new(WriterLock {
                    lists: self.lists.clone(),
                    _inner: inner,
                })))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn checksum(file: &FileSlice) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    // In pieces that need not be mapped.
    for start in (0..file.len()).step_by(LONGEST) {
        let end = file.len().min(start + LONGEST);
        hasher.update(&file.read_bytes_slice(start..end)?);
    }
    Ok(hasher.finalize())
}

fn is_opened_twice(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "idx" || ending == "pos" || ending == "store")
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

/// Removes what writers left that were killed or failed: half-written files, and segments and
/// deletions that no commit names. Only the holder of the writer's lock may call this.
///
/// It is more than tidiness. The engine numbers deletions from the last commit on: an import that is
/// run again after it was killed comes to the same number, finds the file there, and can't commit.
pub(crate) fn remove_leftovers(
    core: &Core,
    writer: &IndexWriter<TantivyDocument>,
) -> tantivy::Result<()> {
    if let Place::Directory(path) = &core.place {
        remove_unknown(core, writer.index(), path)?;
    }
    // What this process knows of may be in use by merges that a dropped writer left running: the
    // engine can tell.
    writer.garbage_collect_files().wait().map(|_| ())
}

/// Removes what other processes left.
fn remove_unknown(core: &Core, index: &Index, path: &Path) -> tantivy::Result<()> {
    let directory = index.directory();
    // Readers in other processes open what a commit names while they hold this lock.
    let _lock = directory.acquire_lock(&META_LOCK)?;
    // Raw writers of the engine keep a list of their own.
    let mut known = directory.list_managed_files();
    known.extend(core.index.directory().list_managed_files());
    for segment in core.index.searchable_segment_metas()? {
        let components = components(&core.index).into_iter();
        known.extend(components.map(|component| segment.relative_path(component)));
    }
    // What cannot be removed now stays until the next writer.
    for entry in fs::read_dir(path)?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if is_leftover(&text) || is_of_segment(&text) && !known.contains(Path::new(&name)) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Whether a name is that of a file of a segment: 32 hexadecimal digits, then an ending.
fn is_of_segment(name: &str) -> bool {
    let (id, ending) = name.split_once('.').unwrap_or_default();
    let endings = [
        "idx",
        "pos",
        "term",
        "store",
        "fast",
        "fieldnorm",
        "del",
        "temp",
        CHAMPIONS,
        BITMAPS,
    ];
    id.len() == 32
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && ending
            .rsplit('.')
            .next()
            .is_some_and(|ending| endings.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::directory::{MmapDirectory, RamDirectory};

    #[test]
    fn only_a_writer_with_its_lock_replaces_the_list_of_segments() {
        let storage = Storage::new(Box::new(RamDirectory::create()), false, 0);
        let write = |name: &str| storage.atomic_write(Path::new(name), b"{}");
        // An index is made before there is a writer.
        write(COMMIT).unwrap();
        for _ in 0..2 {
            let lock = storage.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
            write(COMMIT).unwrap();
            drop(storage.acquire_lock(&META_LOCK).unwrap());
            write(COMMIT).unwrap();
            drop(lock);
            write(".managed.json").unwrap();
            assert!(write(COMMIT).is_err());
        }
    }

    #[test]
    fn no_merge_writes_a_list_after_a_commit_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let directory = MmapDirectory::open(folder.path()).unwrap();
        let storage = Storage::new(Box::new(directory), false, 0);
        let list = folder.path().join(COMMIT);
        let write = |operations: u64| {
            let data = format!("{{\"opstamp\":{operations}}}");
            storage.atomic_write(Path::new(COMMIT), data.as_bytes())
        };
        let fail = |operations: u64| {
            let before = fs::read(&list).unwrap();
            fs::remove_file(&list).unwrap();
            // Not even root can put a file in the place of a folder.
            fs::create_dir(&list).unwrap();
            assert!(write(operations).is_err());
            fs::remove_dir(&list).unwrap();
            fs::write(&list, before).unwrap();
        };
        let lock = storage.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
        write(3).unwrap();
        fail(3);
        write(3).unwrap();
        write(5).unwrap();
        fail(8);
        for operations in [5, 8, 9] {
            assert!(write(operations).is_err());
        }
        drop(lock);
        let lock = storage.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
        // The first list of the next writer is a merge's.
        fail(5);
        write(5).unwrap();
        write(9).unwrap();
        // A commit fails before its list is written, too.
        let away = folder.path().with_extension("away");
        fs::rename(folder.path(), &away).unwrap();
        assert!(storage.sync_directory().is_err());
        fs::rename(&away, folder.path()).unwrap();
        assert!(write(9).is_err());
        drop(lock);
    }
}
