//! [`Index`]: a directory, or memory, that holds articles; and how it is opened.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::schema::Schema;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Directory, IndexReader, IndexSettings, ReloadPolicy};

use crate::engine::{self, Core, Storage};
use crate::error::{Error, Place, Result};
use crate::query::{Search, Suggestion};
use crate::searcher::{Results, Searcher};
use crate::text::Analyzer;
use crate::writer::Writer;

/// How the articles themselves are compressed: a third less space than LZ4, which has nothing for the
/// frequencies of letters, for a tenth of a second more for 100 MB. Higher levels save little more.
const COMPRESSION: Compressor = Compressor::Zstd(ZstdCompressor {
    compression_level: Some(1),
});

/// How many bytes of articles are compressed together. To read one article takes 22 µs, with twice as many 30 µs, with
/// half as many 17 µs; half as many cost a twentieth of the time of indexing and a fiftieth of the index.
const BLOCK_OF_ARTICLES: usize = 8_192;

/// A searchable collection of [`Article`](crate::Article)s.
///
/// Cheap to clone and shared between threads: every clone is the same index. It is opened on a
/// directory, which it owns (nothing else may be kept there), or in memory.
///
/// ```
/// use trouvaille::{Article, Index};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// writer.upsert(&Article::new("1", "L’accord", "Bamako soutient l’engagement pris à Alger."))?;
/// writer.commit()?;
/// assert_eq!(index.search("engagement")?.len(), 1);
/// assert_eq!(index.search("soutenir")?.len(), 1);
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Clone)]
pub struct Index {
    pub(crate) core: Arc<Core>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Index({})", self.core.place)
    }
}

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
    /// 140 to 150 MB then, for searches that take 1.2 to 1.8 times as long, those for one word up to twice. Two files more of each
    /// segment are kept open. For programs whose memory is limited, or watched.
    ///
    /// Nothing changes for an index in memory, for small files, and on other systems than Unix.
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
        let reads_pieces = self.low_memory && !matches!(place, Place::Memory);
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

impl Index {
    /// The longest file that is compared with its checksum whenever it is opened, in bytes (1 MiB),
    /// unless [`IndexBuilder::verify_on_open`] says otherwise.
    pub const VERIFIED_BYTES: usize = 1 << 20;

    /// What [`IndexBuilder::writer_memory`] is unless said: 128 MB.
    pub const DEFAULT_WRITER_MEMORY: usize = 128_000_000;

    /// Starts the way to an index that is not the default one.
    pub fn builder() -> IndexBuilder {
        IndexBuilder {
            analyzer: Analyzer::default(),
            writer_memory: Self::DEFAULT_WRITER_MEMORY,
            verified_up_to: Self::VERIFIED_BYTES,
            writer_threads: None,
            low_memory: false,
        }
    }

    /// Opens the index of this directory with the default settings; creates it where the directory
    /// is missing or empty. See [`IndexBuilder::open`].
    ///
    /// # Errors
    ///
    /// As [`IndexBuilder::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        Self::builder().open(path)
    }

    /// Opens the index of this directory for searching only. See [`IndexBuilder::open_read_only`].
    ///
    /// # Errors
    ///
    /// As [`IndexBuilder::open_read_only`].
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Index> {
        Self::builder().open_read_only(path)
    }

    /// Makes an empty index in memory with the default settings.
    ///
    /// # Errors
    ///
    /// As [`IndexBuilder::in_memory`].
    pub fn in_memory() -> Result<Index> {
        Self::builder().in_memory()
    }

    /// Opens the writer: one at a time, over all processes.
    ///
    /// # Errors
    ///
    /// [Locked](Error::is_locked), naming the holder, where another writer is open;
    /// [read-only](Error::is_read_only); [I/O](Error::is_io).
    pub fn writer(&self) -> Result<Writer> {
        Writer::open(self.core.clone())
    }

    /// Searches the last commit: `index.search("l'été")` for what a person typed, or a [`Search`]
    /// built with care.
    ///
    /// ```
    /// # use trouvaille::{Article, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # writer.upsert(&Article::new("1", "L’été à Évian", "Les élèves nagent."))?;
    /// # writer.commit()?;
    /// for hit in &index.search("eleve ete")? {
    ///     println!("{:.2}  {}", hit.score(), hit.article().title);
    /// }
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [Invalid query](Error::is_invalid_query) for what cannot be answered, such as a date that
    /// does not exist; [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn search(&self, search: impl Into<Search>) -> Result<Results> {
        self.searcher().search(search)
    }

    /// How the text of a search box may go on: words of the articles that begin like its last word,
    /// the most frequent first, then titles that have all its words. Accents do not count, and an
    /// elision is kept: `l'ambass` gives `l'ambassade`.
    ///
    /// ```
    /// # use trouvaille::{Article, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # writer.upsert(&Article::new("1", "Une ambassade rouvre", "L’ambassade rouvre à Niamey."))?;
    /// # writer.commit()?;
    /// let suggestions = index.suggest("l'ambass")?;
    /// assert_eq!(suggestions[0].text, "l'ambassade");
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>> {
        self.searcher().suggest(typed)
    }

    /// A frozen view of the last commit: what it shows does not change while others write, so that
    /// the pages of a long list fit together.
    pub fn searcher(&self) -> Searcher {
        Searcher::new(self.core.clone(), self.core.reader.searcher())
    }

    /// Makes the commits of other processes visible. Those of this process are at once.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt); the view stays as it was.
    pub fn refresh(&self) -> Result<()> {
        self.core.reload()
    }

    /// Reads every file of the last commit and compares it with the checksum it was written with.
    /// Small files are compared when they are opened too, see
    /// [`verify_on_open`](IndexBuilder::verify_on_open); this reads all of them, which is what it
    /// costs. A writer may go on meanwhile.
    ///
    /// Damage isn't repaired: restore a copy, or make a new index from the articles, as here from
    /// those of the index that can still be read, page by page:
    ///
    /// ```
    /// # use trouvaille::{Article, Index, Query, Search, Sort};
    /// # let old = Index::in_memory()?;
    /// # let mut writer = old.writer()?;
    /// # for id in 0..7 {
    /// #     writer.upsert(&Article::new(id.to_string(), "Le coton", ""))?;
    /// # }
    /// # writer.commit()?;
    /// old.verify()?;
    ///
    /// let new = Index::in_memory()?;
    /// let mut writer = new.writer()?;
    /// let searcher = old.searcher();
    /// let mut page = Search::new(Query::all()).sort(Sort::Oldest).limit(3);
    /// loop {
    ///     let results = searcher.search(page.clone())?;
    ///     let Some(last) = results.hits().last() else { break };
    ///     for hit in &results {
    ///         match hit.try_article() {
    ///             Ok(article) => writer.upsert(article)?,
    ///             Err(error) => eprintln!("lost: {error}"),
    ///         }
    ///     }
    ///     page = page.after(last.cursor());
    /// }
    /// writer.commit()?;
    /// assert_eq!(new.len(), old.len());
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [Corrupt](Error::is_corrupt), naming every damaged file; [I/O](Error::is_io).
    pub fn verify(&self) -> Result<()> {
        self.core
            .contained("verifying", || engine::verify(&self.core))
    }

    /// How many articles the last commit holds.
    pub fn len(&self) -> usize {
        self.searcher().len()
    }

    /// Whether the last commit holds no article.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The analyzer of this index.
    pub fn analyzer(&self) -> &Analyzer {
        &self.core.analyzer
    }

    /// The tantivy index underneath. Exempt from semantic versioning.
    #[cfg(feature = "unstable-raw")]
    pub fn as_tantivy(&self) -> &tantivy::Index {
        &self.core.index
    }
}
