//! [`Index`]: a directory, or memory, that holds articles.

mod builder;

use std::path::Path;
use std::sync::Arc;

pub use self::builder::IndexBuilder;
use crate::engine::{self, Core};
use crate::error::Result;
use crate::query::{Search, Suggestion};
use crate::searcher::{Results, Searcher};
use crate::text::Analyzer;
use crate::writer::Writer;

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

impl Index {
    /// The longest file that is compared with its checksum whenever it is opened, in bytes (1 MiB),
    /// unless [`IndexBuilder::verify_on_open`] says otherwise.
    pub const VERIFIED_BYTES: usize = 1 << 20;

    /// What [`IndexBuilder::writer_memory`] is unless said: 128 MB.
    pub const DEFAULT_WRITER_MEMORY: usize = 128_000_000;

    /// Starts the way to an index that is not the default one.
    pub fn builder() -> IndexBuilder {
        IndexBuilder::new()
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
    /// [Locked](crate::Error::is_locked), naming the holder, where another writer is open;
    /// [read-only](crate::Error::is_read_only); [I/O](crate::Error::is_io).
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
    /// [Invalid query](crate::Error::is_invalid_query) for what cannot be answered, such as a date that
    /// does not exist; [I/O](crate::Error::is_io) and [corrupt](crate::Error::is_corrupt).
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
    /// [I/O](crate::Error::is_io) and [corrupt](crate::Error::is_corrupt).
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
    /// [I/O](crate::Error::is_io) and [corrupt](crate::Error::is_corrupt); the view stays as it was.
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
    /// [Corrupt](crate::Error::is_corrupt), naming every damaged file; [I/O](crate::Error::is_io).
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
