//! [`IndexBuilder`]: how an index is opened or made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::schema::Schema;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Directory, IndexReader, IndexSettings, ReloadPolicy};

use super::Index;
use crate::engine::{self, Core, Storage};
use crate::error::{Error, Place, Result};
use crate::text::Analyzer;

/// How the articles themselves are compressed: a third less space than LZ4, which has nothing for the
/// frequencies of letters, for a tenth of a second more for 100 MB. Higher levels save little more.
const COMPRESSION: Compressor = Compressor::Zstd(ZstdCompressor {
    compression_level: Some(1),
});

/// How many bytes of articles are compressed together. To read one article takes 22 µs, with twice as many 30 µs, with
/// half as many 17 µs; half as many cost a twentieth of the time of indexing and a fiftieth of the index.
const BLOCK_OF_ARTICLES: usize = 8_192;

/// How an [`Index`] is opened: analyzer, memory of the writer and of searches. Made by [`Index::builder`].
///
/// ```
/// use trouvaille::Index;
///
/// let index = Index::builder().writer_memory(64 << 20).in_memory()?;
/// assert!(index.is_empty());
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct IndexBuilder {
    analyzer: Analyzer,
    writer_memory: usize,
    /// In bytes.
    verified_up_to: usize,
    writer_threads: Option<usize>,
    low_memory: bool,
}

impl IndexBuilder {
    pub(super) fn new() -> IndexBuilder {
        IndexBuilder {
            analyzer: Analyzer::default(),
            writer_memory: Index::DEFAULT_WRITER_MEMORY,
            verified_up_to: Index::VERIFIED_BYTES,
            writer_threads: None,
            low_memory: false,
        }
    }

    /// The analyzer of the index, [`Analyzer::default`] unless said. An index opens only with the
    /// analyzer that made it.
    pub fn analyzer(mut self, analyzer: Analyzer) -> Self {
        self.analyzer = analyzer;
        self
    }

    /// How much memory a writer may fill before it writes to the directory, in bytes, for all its
    /// threads together; [`Index::DEFAULT_WRITER_MEMORY`] unless said. Unless
    /// [`writer_threads`](IndexBuilder::writer_threads) says it, the number of threads follows from
    /// it: one for each 32 MB, at most the cores of the machine and at most 8. Less than 15 MB is
    /// raised to 15 MB, the least the engine works with; more than 4 GB for each thread is lowered
    /// to that, the most it can address.
    pub fn writer_memory(mut self, bytes: usize) -> Self {
        self.writer_memory = bytes;
        self
    }

    /// Whether files are compared with their checksums when they are opened: all of them, or none.
    /// Unless said, those of up to [`Index::VERIFIED_BYTES`], which costs a millisecond: all files of
    /// a small index, but not the large ones of a large index, which would be read from end to end.
    /// Damage in a file that was not compared may give wrong answers, or even end the program, where
    /// [`Index::verify`] was not asked before.
    pub fn verify_on_open(mut self, verify: bool) -> Self {
        self.verified_up_to = if verify { usize::MAX } else { 0 };
        self
    }

    /// On how many threads a writer analyzes and indexes, 1 to 8, beside those that merge. Each has
    /// its part of the [memory](IndexBuilder::writer_memory), at least 15 MB of it.
    ///
    /// ```
    /// use trouvaille::Index;
    ///
    /// let index = Index::builder().writer_threads(1).in_memory()?;
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn writer_threads(mut self, threads: usize) -> Self {
        self.writer_threads = Some(threads);
        self
    }

    /// Whether searches keep less of an index on disk in memory; `false` unless said.
    ///
    /// Files are mapped, which is fastest. What is read of them counts as memory of the program, though the system takes it
    /// back when it needs it: 500 to 530 MB of an index of 300,000 articles after some hundred searches. With `true`, where
    /// words stand in articles, and which articles have them as they are written, is read piece by piece when it is asked for:
    /// 140 to 150 MB then, for searches that take 1.2 to 2.2 times as long, those for one word up to three times. For programs
    /// whose memory is limited, or watched.
    ///
    /// Three files of each segment are kept open for it, the one of its articles in any case where it is longer than 1 MiB;
    /// where the process may open no more, they are mapped. In memory, and on other systems than Unix, it makes no difference.
    ///
    /// ```
    /// use trouvaille::{Article, Index};
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// let index = Index::builder().low_memory(true).open(folder.path())?;
    /// let mut writer = index.writer()?;
    /// writer.add(&Article::new("1", "L’été à Évian", "Les élèves ont nagé dans le lac."))?;
    /// writer.commit()?;
    /// assert_eq!(index.search("\"dans le lac\"")?.len(), 1);
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn low_memory(mut self, low: bool) -> Self {
        self.low_memory = low;
        self
    }

    /// Opens the index of this directory; creates it where the directory is missing or empty.
    ///
    /// # Errors
    ///
    /// [Incompatible](Error::is_incompatible) where the directory holds other files or an index of
    /// another analyzer, [corrupt](Error::is_corrupt) where the files are damaged,
    /// [I/O](Error::is_io).
    pub fn open(self, path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        let place = Place::Directory(path.to_owned());
        fs::create_dir_all(path)
            .map_err(|error| Error::io("creating the directory of an index", path, error))?;
        let (schema, _) = engine::schema::build(self.analyzer.fingerprint());
        let directory = directory(path, &place)?;
        if exists(&*directory, &place)? {
            return self.open_found(directory, place, false);
        }
        refuse_other_files(path)?;
        self.create(directory, place, schema)
    }

    /// Opens the index in a directory of the engine's; creates it where there is none. Exempt from
    /// semantic versioning.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    #[cfg(feature = "unstable-raw")]
    pub fn open_directory(self, directory: Box<dyn Directory>) -> Result<Index> {
        let (schema, _) = engine::schema::build(self.analyzer.fingerprint());
        if exists(&*directory, &Place::Given)? {
            return self.open_found(directory, Place::Given, false);
        }
        self.create(directory, Place::Given, schema)
    }

    /// As [`open_directory`](Self::open_directory), for searching only. Exempt from semantic
    /// versioning.
    ///
    /// # Errors
    ///
    /// As [`open_read_only`](Self::open_read_only).
    #[cfg(feature = "unstable-raw")]
    pub fn open_directory_read_only(self, directory: Box<dyn Directory>) -> Result<Index> {
        if !exists(&*directory, &Place::Given)? {
            return Err(Error::not_found("no index in the directory given"));
        }
        self.open_found(directory, Place::Given, true)
    }

    /// Opens the index of this directory for searching only: no writer can be opened through it, and
    /// nothing is created. The directory may be on a medium that cannot be written.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [not found](Error::is_not_found) where there is no index.
    pub fn open_read_only(self, path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        let place = Place::Directory(path.to_owned());
        let missing = || {
            Error::not_found(format!(
                "no index at {}: create one with `Index::open`",
                path.display()
            ))
        };
        if !path.exists() {
            return Err(missing());
        }
        let directory = directory(path, &place)?;
        if !exists(&*directory, &place)? {
            return Err(missing());
        }
        self.open_found(directory, place, true)
    }

    /// Makes an empty index in memory; it is gone with its last clone.
    ///
    /// # Errors
    ///
    /// None in practice: the engine's own failures.
    pub fn in_memory(self) -> Result<Index> {
        let (schema, _) = engine::schema::build(self.analyzer.fingerprint());
        self.create(Box::new(RamDirectory::create()), Place::Memory, schema)
    }

    fn create(self, directory: Box<dyn Directory>, place: Place, schema: Schema) -> Result<Index> {
        let storage = self.storage(directory, &place, false);
        let settings = IndexSettings {
            docstore_compression: COMPRESSION,
            docstore_blocksize: BLOCK_OF_ARTICLES,
            ..IndexSettings::default()
        };
        let fields =
            engine::schema::check(&schema, &place.to_string(), self.analyzer.fingerprint())?;
        let index = tantivy::Index::builder()
            .schema(schema)
            .settings(settings)
            .register_plugin(engine::postings_plugin(&self.analyzer, fields.text))
            .open_or_create(storage.clone())
            .map_err(|error| engine::failure("creating the index", &place, error))?;
        self.finish(index, storage, place, false)
    }

    fn storage(&self, directory: Box<dyn Directory>, place: &Place, read_only: bool) -> Storage {
        let storage = Storage::new(directory, read_only, self.verified_up_to);
        match place {
            Place::Directory(path) => storage.of_folder(path, self.low_memory),
            _ => storage,
        }
    }

    fn open_found(
        self,
        directory: Box<dyn Directory>,
        place: Place,
        read_only: bool,
    ) -> Result<Index> {
        let action = "opening the index";
        engine::contained(action, &place.clone(), || {
            let storage = self.storage(directory, &place, read_only);
            let index = tantivy::Index::open(storage.clone())
                .map_err(|error| engine::failure(action, &place, error))?;
            self.finish(index, storage, place, read_only)
        })
    }

    fn finish(
        self,
        mut index: tantivy::Index,
        storage: Storage,
        place: Place,
        read_only: bool,
    ) -> Result<Index> {
        let fingerprint = self.analyzer.fingerprint();
        let fields = engine::schema::check(&index.schema(), &place.to_string(), fingerprint)?;
        let tokenizer = engine::schema::tokenizer_name(fingerprint);
        let none = Arc::default();
        engine::register_postings(&mut index, &tokenizer, &self.analyzer, fields.text, none)
            .map_err(|error| engine::failure("reading the index", &place, error))?;
        // Manual: the default policy reloads some time after a commit, so that a search right after
        // a commit may miss it (tantivy #1824); our commit reloads before it returns.
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| engine::failure("reading the index", &place, error))?;
        // Of a directory of the engine's, its owner knows how it is read.
        let reads_pieces = self.low_memory
            && match place {
                Place::Directory(_) => cfg!(unix),
                Place::Memory => false,
                #[cfg(feature = "unstable-raw")]
                Place::Given => true,
            };
        let core = Core {
            index,
            writing: OnceLock::new(),
            storage,
            backlog: Arc::default(),
            reader,
            fields,
            analyzer: self.analyzer,
            place,
            read_only,
            writer_memory: self.writer_memory,
            writer_threads: self.writer_threads,
            completions: engine::Completions::default(),
            known_terms: engine::KnownTerms::new(reads_pieces),
            reloading: Mutex::default(),
        };
        engine::compare_counts(&core)?;
        core.open_postings()
            .map_err(|error| engine::failure("reading the index", &core.place, error))?;
        Ok(Index {
            core: Arc::new(core),
        })
    }
}

fn directory(path: &Path, place: &Place) -> Result<Box<dyn Directory>> {
    let directory = MmapDirectory::open(path)
        .map_err(|error| engine::failure("opening the directory", place, error.into()))?;
    Ok(Box::new(directory))
}

fn exists(directory: &dyn Directory, place: &Place) -> Result<bool> {
    tantivy::Index::exists(directory)
        .map_err(|error| engine::failure("looking for an index", place, error.into()))
}

/// A directory with somebody's files in it is not taken over as an index.
fn refuse_other_files(path: &Path) -> Result<()> {
    let listing = |error| Error::io("listing the directory", path, error);
    let mut other: Option<PathBuf> = None;
    for entry in fs::read_dir(path).map_err(listing)? {
        let name = PathBuf::from(entry.map_err(listing)?.file_name());
        // The engine's own lock files, list of files and half-written files may be left by a run that
        // was stopped while it created the index.
        let text = name.to_string_lossy();
        let is_own =
            text.starts_with(".tantivy") || text == ".managed.json" || engine::is_leftover(&text);
        if !is_own {
            other = Some(name);
            break;
        }
    }
    match other {
        None => Ok(()),
        Some(name) => Err(Error::incompatible(format!(
            "{} is not an index: it holds other files, such as {}; give an empty directory or one that does not exist",
            path.display(),
            name.display()
        ))),
    }
}
