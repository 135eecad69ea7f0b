//! What is not an index of this version and analyzer, or can't be reached: each a clear error.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{Directory, IndexWriter, TantivyDocument};
use tempfile::tempdir;
use trouvaille::{Analyzer, Article, Index};

fn with_one_article(path: &Path) -> Index {
    let index = Index::builder().writer_memory(0).open(path).unwrap();
    let mut writer = index.writer().unwrap();
    writer
        .upsert(&Article::new("1", "Le coton", "Le prix du coton monte."))
        .unwrap();
    writer.commit().unwrap();
    writer.close().unwrap();
    index
}

#[test]
fn another_analyzer_is_named() {
    let directory = tempdir().unwrap();
    with_one_article(directory.path());
    let other = Analyzer::builder().stop_word("coton").build();
    for error in [
        Index::builder()
            .analyzer(other.clone())
            .open(directory.path())
            .unwrap_err(),
        Index::builder()
            .analyzer(other.clone())
            .open_read_only(directory.path())
            .unwrap_err(),
    ] {
        assert!(error.is_incompatible());
        let message = error.to_string();
        for part in [
            other.fingerprint(),
            Analyzer::default().fingerprint(),
            "index the articles again",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[test]
fn a_newer_format_of_the_engine_is_refused() {
    let directory = tempdir().unwrap();
    with_one_article(directory.path());
    for entry in fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "term") {
            let mut bytes = fs::read(&path).unwrap();
            let mark = b"\"index_format_version\":";
            let at = bytes
                .windows(mark.len())
                .rposition(|window| window == mark)
                .unwrap();
            bytes[at + mark.len()] = b'9';
            fs::write(&path, bytes).unwrap();
        }
    }
    let error = Index::open(directory.path()).unwrap_err();
    assert!(error.is_incompatible(), "{error}");
    assert!(error.to_string().contains("another format"), "{error}");
}

#[test]
fn a_newer_format_of_our_own_is_refused() {
    let directory = tempdir().unwrap();
    with_one_article(directory.path());
    let path = directory.path().join("meta.json");
    let meta = fs::read_to_string(&path).unwrap();
    fs::write(&path, meta.replace("\"title_order\"", "\"title_rank\"")).unwrap();
    let error = Index::open(directory.path()).unwrap_err();
    assert!(
        error.is_incompatible() && error.to_string().contains("other fields"),
        "{error}"
    );
    fs::write(&path, meta.replace("trouvaille-", "trouvaille-9")).unwrap();
    let error = Index::open(directory.path()).unwrap_err();
    assert!(
        error.is_incompatible() && error.to_string().contains("trouvaille-9"),
        "{error}"
    );
}

#[test]
fn an_index_of_tantivy_s_own_is_refused() {
    let directory = tempdir().unwrap();
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", TEXT | STORED);
    let index = tantivy::Index::create_in_dir(directory.path(), schema.build()).unwrap();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
    let mut document = TantivyDocument::default();
    document.add_text(text, "Le coton");
    writer.add_document(document).unwrap();
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    let listed = fs::read_dir(directory.path()).unwrap().count();
    for error in [
        Index::open(directory.path()).unwrap_err(),
        Index::open_read_only(directory.path()).unwrap_err(),
    ] {
        assert!(error.is_incompatible(), "{error}");
        assert!(error.to_string().contains("did not make"), "{error}");
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), listed);
}

/// What a directory on a medium that cannot be written says to everything but reading.
#[derive(Debug, Clone)]
struct Unwritable(MmapDirectory);

/// EROFS.
fn refusal() -> io::Error {
    io::Error::from_raw_os_error(30)
}

impl Directory for Unwritable {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(refusal()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refusal(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refusal())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Err(LockError::wrap_io_error(refusal()))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

#[test]
fn a_medium_that_cannot_be_written_is_searched_read_only() {
    let directory = tempdir().unwrap();
    with_one_article(directory.path());
    let unwritable = Unwritable(MmapDirectory::open(directory.path()).unwrap());
    let error = Index::builder()
        .open_directory(Box::new(unwritable.clone()))
        .unwrap_err();
    assert!(
        error.is_io() && error.to_string().contains("Read-only"),
        "{error}"
    );
    let index = Index::builder()
        .open_directory_read_only(Box::new(unwritable))
        .unwrap();
    assert_eq!(index.search("coton").unwrap().len(), 1);
    index.refresh().unwrap();
    index.verify().unwrap();
    assert!(index.writer().unwrap_err().is_read_only());
}

#[test]
fn a_directory_that_vanishes_is_missed() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("index");
    let index = with_one_article(&path);
    let mut writer = index.writer().unwrap();
    let reader = Index::open_read_only(&path).unwrap();
    fs::rename(&path, directory.path().join("elsewhere")).unwrap();
    // What is open stays open.
    assert_eq!(index.search("coton").unwrap()[0].article().id, "1");
    for error in [reader.refresh().unwrap_err(), index.verify().unwrap_err()] {
        assert!(error.to_string().contains("is gone"), "{error}");
    }
    assert!(Index::open_read_only(&path).unwrap_err().is_not_found());
    let wrote = writer.upsert(&Article::new("2", "", "Le soja"));
    let error = wrote.and_then(|()| writer.commit()).unwrap_err();
    assert!(
        error.is_writer_stopped() && error.to_string().contains("is gone"),
        "{error}"
    );
    drop(writer);
    let back = Index::open(directory.path().join("elsewhere")).unwrap();
    assert_eq!(back.len(), 1);
    back.verify().unwrap();
}
