//! [`Writer`]: what changes an index.

use std::sync::Arc;
use std::thread;

use tantivy::indexer::UserOperation;
use tantivy::query::AllQuery;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use crate::article::Article;
use crate::engine::{self, Core, HolderNote};
use crate::error::{Error, Result};

/// What the engine needs at the least for one thread, in bytes.
const LEAST_MEMORY: usize = 15_000_000;
/// What one more thread is worth having for: smaller shares write many small segments.
const MEMORY_PER_THREAD: usize = 32_000_000;
const MOST_THREADS: usize = 8;

/// Adds, replaces and deletes articles. Made by [`Index::writer`](crate::Index::writer).
///
/// Nothing is visible before [`commit`](Self::commit), and everything is when it has returned.
/// Dropping a writer loses what was not committed, never what was; [`close`](Self::close) waits for
/// the merging of segments that a drop abandons. Several threads share a writer behind a mutex: the
/// analysis and the writing run on threads of the writer's own.
///
/// ```
/// use trouvaille::{Article, Index};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// writer.upsert(&Article::new("a", "Premier jet", "Une brève."))?;
/// writer.upsert(&Article::new("a", "Version finale", "Un article."))?;
/// writer.commit()?;
/// assert_eq!(index.len(), 1);
/// writer.delete("a")?;
/// writer.commit()?;
/// assert!(index.is_empty());
/// writer.close()?;
/// # Ok::<(), trouvaille::Error>(())
/// ```
pub struct Writer {
    // Before the note: dropping frees the lock only after the note has gone would leave a moment in
    // which a new holder's note is removed.
    note: HolderNote,
    inner: IndexWriter<TantivyDocument>,
    core: Arc<Core>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Writer({})", self.core.place)
    }
}

impl Writer {
    pub(crate) fn open(core: Arc<Core>) -> Result<Writer> {
        if core.read_only {
            return Err(Error::read_only(core.place.clone()));
        }
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = match core.writer_threads {
            Some(threads) => threads.clamp(1, MOST_THREADS),
            None => (core.writer_memory / MEMORY_PER_THREAD).clamp(1, cores.min(MOST_THREADS)),
        };
        let memory = core.writer_memory.max(threads * LEAST_MEMORY);
        let inner = core
            .index
            .writer_with_num_threads(threads, memory)
            .map_err(|error| match error {
                TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => {
                    Error::locked(core.place.clone(), engine::lock_holder(&core.place))
                }
                other => engine::failure("opening the writer", &core.place, other),
            })?;
        let note = HolderNote::write(&core.place);
        Ok(Writer { note, inner, core })
    }

    /// Adds an article without looking for an earlier one of the same id, which would then be there
    /// twice: for ids that are sure to be new. It saves the look-up that [`upsert`](Self::upsert)
    /// costs at the commit.
    ///
    /// # Errors
    ///
    /// [Invalid article](Error::is_invalid_article); [writer stopped](Error::is_writer_stopped).
    pub fn add(&mut self, article: &Article) -> Result<()> {
        article.validate()?;
        let document = engine::document::from_article(article, &self.core.fields);
        self.run(vec![UserOperation::Add(document)])
    }

    /// Adds an article, in the place of the one with the same id if there is one. Both happen or
    /// neither does: no search ever sees two of them, or none.
    ///
    /// # Errors
    ///
    /// [Invalid article](Error::is_invalid_article); [writer stopped](Error::is_writer_stopped).
    pub fn upsert(&mut self, article: &Article) -> Result<()> {
        article.validate()?;
        let document = engine::document::from_article(article, &self.core.fields);
        // One batch: a deletion and an addition sent apart let two threads interleave, and left
        // wrong counts in 12 of 150 rounds.
        self.run(vec![
            UserOperation::Delete(self.id_term(&article.id)),
            UserOperation::Add(document),
        ])
    }

    /// Deletes the article with this id; no error where there is none.
    ///
    /// # Errors
    ///
    /// [Writer stopped](Error::is_writer_stopped).
    pub fn delete(&mut self, id: &str) -> Result<()> {
        self.run(vec![UserOperation::Delete(self.id_term(id))])
    }

    /// Deletes every article, those not yet committed too.
    ///
    /// # Errors
    ///
    /// [Writer stopped](Error::is_writer_stopped), [I/O](Error::is_io).
    pub fn delete_all(&mut self) -> Result<()> {
        // Not the engine's own `delete_all_documents`, which lets through what its threads still hold.
        self.inner
            .delete_query(Box::new(AllQuery))
            .map(|_| ())
            .map_err(|error| engine::failure("deleting all articles", &self.core.place, error))
    }

    /// Makes everything since the last commit durable and visible. When it has returned, a crash
    /// loses none of it, and the next search of this process sees it. It costs some milliseconds
    /// and the writing out of what is in memory: commit after many articles, not after each.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io), [writer stopped](Error::is_writer_stopped): the last commit stays as
    /// it was.
    pub fn commit(&mut self) -> Result<()> {
        self.inner
            .commit()
            .map_err(|error| engine::failure("committing", &self.core.place, error))?;
        self.core.reload()
    }

    /// Forgets everything since the last commit.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io), [writer stopped](Error::is_writer_stopped).
    pub fn rollback(&mut self) -> Result<()> {
        self.inner
            .rollback()
            .map(|_| ())
            .map_err(|error| engine::failure("rolling back", &self.core.place, error))
    }

    /// Waits for the merging of segments to end and closes the writer. What was not committed is
    /// lost, as with a drop.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io), [writer stopped](Error::is_writer_stopped): what was committed is safe.
    pub fn close(self) -> Result<()> {
        let Writer { note, inner, core } = self;
        let closed = inner
            .wait_merging_threads()
            .map_err(|error| engine::failure("closing the writer", &core.place, error));
        drop(note);
        closed?;
        // Merges made the segments fewer: let searches of this process use them.
        core.reload()
    }

    fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.core.fields.id, id)
    }

    fn run(&mut self, operations: Vec<UserOperation<TantivyDocument>>) -> Result<()> {
        self.inner
            .run(operations)
            .map(|_| ())
            .map_err(|error| engine::failure("writing an article", &self.core.place, error))
    }
}
