//! [`Writer`]: what changes an index.

use std::sync::Arc;
use std::thread;

use tantivy::indexer::UserOperation;
use tantivy::query::AllQuery;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use crate::article::Article;
use crate::engine::{self, Core, HolderNote};
use crate::error::{Error, Result};
use crate::text::Analyzer;

/// What the engine needs at the least for one thread, in bytes.
const LEAST_MEMORY: usize = 15_000_000;
/// What one more thread is worth having for: smaller shares write many small segments.
const MEMORY_PER_THREAD: usize = 32_000_000;
const MOST_THREADS: usize = 8;
/// What the engine can address for one thread, in bytes.
const MOST_MEMORY_PER_THREAD: usize = 4_000_000_000;

/// Adds, replaces and deletes articles. Made by [`Index::writer`](crate::Index::writer).
///
/// Nothing is visible before [`commit`](Self::commit), and everything is when it has returned.
/// Dropping a writer loses what was not committed, never what was; [`close`](Self::close) waits for
/// the merging of segments that a drop abandons. A writer that a full disk or another failure hit
/// stops: from then on it refuses everything, for a part of what it was sent is lost; drop it, open
/// a new one, and send again what was sent since the last commit. Several threads share a writer behind a mutex: the
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
    /// Why this writer can't go on.
    stopped: Option<String>,
    // Behind the threads that are given back to it.
    _words: WordsOfWriter,
}

/// The words that a writer has met: they go with it.
struct WordsOfWriter(Analyzer);

impl Drop for WordsOfWriter {
    fn drop(&mut self) {
        self.0.forget();
    }
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
        let memory = core.writer_memory.clamp(
            threads * LEAST_MEMORY,
            threads.saturating_mul(MOST_MEMORY_PER_THREAD),
        );
        let action = "opening the writer";
        let opened = core.contained(action, || {
            let writer = core.index_for_writing(threads < cores);
            Ok(writer.and_then(|index| index.writer_with_num_threads(threads, memory)))
        })?;
        let inner = opened.map_err(|error| match error {
            TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => {
                Error::locked(core.place.clone(), engine::lock_holder(&core.place))
            }
            other => engine::failure(action, &core.place, other),
        })?;
        core.contained(action, || {
            engine::remove_leftovers(&core, &inner)
                .map_err(|error| engine::failure(action, &core.place, error))
        })?;
        core.backlog.clear();
        let note = HolderNote::write(&core.place);
        Ok(Writer {
            note,
            inner,
            _words: WordsOfWriter(core.analyzer.clone()),
            core,
            stopped: None,
        })
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
    /// [Writer stopped](Error::is_writer_stopped).
    pub fn delete_all(&mut self) -> Result<()> {
        let action = "deleting all articles";
        self.check(action)?;
        // Not the engine's own `delete_all_documents`, which lets through what its threads still hold.
        self.inner
            .delete_query(Box::new(AllQuery))
            .map(|_| ())
            .map_err(|error| engine::failure(action, &self.core.place, error))
    }

    /// Makes everything since the last commit durable and visible. When it has returned, a crash of
    /// the program or of the machine loses none of it, and the next search of this process sees it.
    /// It costs some milliseconds and the writing out of what is in memory: commit after many
    /// articles, not after each.
    ///
    /// A commit happens as a whole or not at all. After an error the last commit is in place, or, if
    /// the disk failed at the very end, this one; a search tells.
    ///
    /// # Errors
    ///
    /// [Writer stopped](Error::is_writer_stopped), and [I/O](Error::is_io) too where a full or
    /// failing disk was why. Where the commit is made and only cannot be read back, the error says
    /// so, and the writer goes on.
    pub fn commit(&mut self) -> Result<()> {
        let action = "committing";
        self.check(action)?;
        let (core, inner) = (&self.core, &mut self.inner);
        let committed = core.contained(action, || {
            inner
                .commit()
                .map_err(|error| engine::failure(action, &core.place, error))
        });
        // The engine would take up after a failed commit without what the failed thread had, and
        // without the deletions that went with it: the next commit would lose articles in silence.
        if let Err(error) = committed {
            return Err(self.stop(action, error));
        }
        self.core.backlog.clear();
        self.core.reload().map_err(Error::unseen)
    }

    /// Forgets everything since the last commit.
    ///
    /// # Errors
    ///
    /// [Writer stopped](Error::is_writer_stopped), and [I/O](Error::is_io) too where a failing disk
    /// was why.
    pub fn rollback(&mut self) -> Result<()> {
        let action = "rolling back";
        self.check(action)?;
        let (core, inner) = (&self.core, &mut self.inner);
        let rolled_back = core.contained(action, || {
            inner
                .rollback()
                .map(|_| ())
                .map_err(|error| engine::failure(action, &core.place, error))
        });
        self.core.backlog.clear();
        // The engine gives its lock away before it knows whether it can go on.
        rolled_back.map_err(|error| self.stop(action, error))
    }

    /// Waits for the merging of segments to end and closes the writer. What was not committed is
    /// lost, as with a drop.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io), [writer stopped](Error::is_writer_stopped): what was committed is safe.
    pub fn close(self) -> Result<()> {
        let action = "closing the writer";
        self.check(action)?;
        let Writer {
            note, inner, core, ..
        } = self;
        let closed = core.contained(action, || {
            inner
                .wait_merging_threads()
                .map_err(|error| engine::failure(action, &core.place, error))
        });
        drop(note);
        closed?;
        // Merges made the segments fewer: let searches of this process use them.
        core.reload()
    }

    fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.core.fields.id, id)
    }

    fn run(&mut self, operations: Vec<UserOperation<TantivyDocument>>) -> Result<()> {
        let action = "writing an article";
        self.check(action)?;
        for operation in &operations {
            if let UserOperation::Add(article) = operation {
                self.core.backlog.add(article);
            }
        }
        let (core, inner) = (&self.core, &mut self.inner);
        let sent = core.contained(action, || {
            inner.run(operations).map_err(|error| {
                // Only that a thread has died is known here; preparing a commit asks it what it died of.
                let error = inner.prepare_commit().err().unwrap_or(error);
                engine::failure(action, &core.place, error)
            })
        });
        match sent {
            Ok(_) => Ok(()),
            Err(error) => Err(self.stop(action, error)),
        }
    }

    fn check(&self, action: &'static str) -> Result<()> {
        match &self.stopped {
            Some(reason) => Err(Error::writer_stopped(action, reason.as_str(), None)),
            None => Ok(()),
        }
    }

    fn stop(&mut self, action: &'static str, error: Error) -> Error {
        let reason = error.to_string();
        self.stopped = Some(reason.clone());
        Error::writer_stopped(action, reason, Some(error))
    }
}
