//! [`Import`]: a whole run, from a source to an index.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::bad_record::BadRecord;
use super::ids::{self, CONTENT_HASH, IMPORT_FILE, IMPORT_NAME};
use super::record::{Reader, Record};
use super::records::Records;
use super::report::{Outcome, Progress, Report};
use super::source::Source;
use crate::article::Article;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::query::{Filter, Query, Search};
use crate::searcher::Searcher;
use crate::writer::Writer;

type OnProgress<'a> = Box<dyn FnMut(&Progress) -> ControlFlow<()> + 'a>;
type OnRecord<'a> = Box<dyn FnMut(&Record) + 'a>;

/// What becomes of a record whose id an earlier record of the same run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Duplicates {
    /// The first one stays; later ones of other content are bad records. Telling them costs some 36
    /// bytes of memory a record, as does [deleting what has vanished](Import::delete_vanished).
    #[default]
    FirstStays,
    /// The last one stays. The next run over the same files writes them again.
    LastStays,
}

/// A whole run: reads a source, skips what the index already has, writes the rest.
///
/// - Articles whose content is in the index under their id are not written: a second run over the
///   same folder writes nothing. The hash that tells is kept in the extra `content_hash`.
/// - It commits every [`commit_every`](Self::commit_every) records or
///   [`commit_after`](Self::commit_after) a time. After an interruption, what was committed is there,
///   and the same call again goes on: it reads from the start and writes only what is missing.
/// - Bad records never end it, unless [`max_bad`](Self::max_bad) says so.
///
/// ```
/// use std::ops::ControlFlow;
/// use trouvaille::Index;
/// use trouvaille::ingest::Import;
///
/// let index = Index::in_memory()?;
/// let report = Import::new("seeds")?
///     .on_progress(|progress| {
///         println!("{} records, {:.0} a second", progress.records, progress.records_per_second());
///         ControlFlow::Continue(()) // or Break, to end it
///     })
///     .run(&index)?;
/// println!("{report}");
/// let again = Import::new("seeds")?.run(&index)?;
/// assert_eq!((again.added, again.updated, again.unchanged), (0, 0, 42));
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[must_use]
pub struct Import<'a, R> {
    reader: R,
    name: Option<String>,
    delete_vanished: bool,
    duplicates: Duplicates,
    commit_every: u64,
    commit_after: Duration,
    max_bad: Option<u64>,
    on_progress: Option<OnProgress<'a>>,
    on_record: Option<OnRecord<'a>>,
}

impl<R> std::fmt::Debug for Import<'_, R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Import")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Import<'_, Records> {
    /// A run over a path or a [`Source`].
    ///
    /// # Errors
    ///
    /// As [`Source::open`].
    pub fn new(source: impl Into<Source>) -> Result<Self> {
        Ok(Import::of(source.into().open()?))
    }
}

impl<'a, R: Reader> Import<'a, R> {
    /// A run over a reader of your own.
    pub fn of(reader: R) -> Self {
        Import {
            reader,
            name: None,
            delete_vanished: false,
            duplicates: Duplicates::FirstStays,
            commit_every: 10_000,
            commit_after: Duration::from_secs(30),
            max_bad: None,
            on_progress: None,
            on_record: None,
        }
    }

    /// Names what is imported, so that later runs of this name know what is theirs: the articles keep
    /// it in the extra `import_name`, and their file in `import_file`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// After a complete run, deletes the articles of earlier runs of this
    /// [name](Self::name) that this one did not find. Articles from a file that had bad records stay:
    /// they may be among them. It reads through the whole index once.
    pub fn delete_vanished(mut self, delete: bool) -> Self {
        self.delete_vanished = delete;
        self
    }

    /// What becomes of records that share an id, [`Duplicates::FirstStays`] unless said.
    pub fn duplicates(mut self, duplicates: Duplicates) -> Self {
        self.duplicates = duplicates;
        self
    }

    /// Commits after so many articles written, 10,000 unless said.
    pub fn commit_every(mut self, articles: u64) -> Self {
        self.commit_every = articles.max(1);
        self
    }

    /// Commits what was written after so long, 30 seconds unless said; looked at after each record.
    pub fn commit_after(mut self, time: Duration) -> Self {
        self.commit_after = time;
        self
    }

    /// Ends the run, committed, at more bad records than this; never, unless said.
    pub fn max_bad(mut self, records: u64) -> Self {
        self.max_bad = Some(records);
        self
    }

    /// Calls this after each record; it can end the run with [`ControlFlow::Break`].
    pub fn on_progress(mut self, callback: impl FnMut(&Progress) -> ControlFlow<()> + 'a) -> Self {
        self.on_progress = Some(Box::new(callback));
        self
    }

    /// Calls this with each good record before it is written: for showing what the cleaner decided.
    pub fn on_record(mut self, callback: impl FnMut(&Record) + 'a) -> Self {
        self.on_record = Some(Box::new(callback));
        self
    }

    /// Runs it, with a writer of its own, and waits for merges to end.
    ///
    /// # Errors
    ///
    /// As [`run_with`](Self::run_with), and [locked](Error::is_locked) where another writer is open.
    pub fn run(self, index: &Index) -> Result<Report> {
        let mut writer = index.writer()?;
        let mut report = Report::default();
        self.run_with(index, &mut writer, &mut report)?;
        writer.close()?;
        Ok(report)
    }

    /// Runs it with an open writer, which commits whatever else was written with it; the report is
    /// filled on the way, and true when an error ends the run.
    ///
    /// # Errors
    ///
    /// What the writer returns, such as [I/O](Error::is_io) on a full disk; what was committed is
    /// safe. [Invalid argument](Error::is_invalid_argument) where vanished articles are to be deleted
    /// and the run has no name.
    pub fn run_with(self, index: &Index, writer: &mut Writer, report: &mut Report) -> Result<()> {
        if self.delete_vanished && self.name.is_none() {
            return Err(Error::invalid_argument(
                "to delete what has vanished, an import needs a name, which its articles keep: say it with `Import::name`",
            ));
        }
        *report = Report::default();
        let started = Instant::now();
        let mut run = Run {
            import: self,
            index,
            searcher: index.searcher(),
            writer,
            report,
            started,
            last_commit: started,
            pending: 0,
            seen: HashMap::new(),
            bad_files: HashSet::new(),
        };
        let ended = run.run();
        let bytes = run.import.reader.bytes();
        report.bytes = bytes;
        report.seconds = started.elapsed().as_secs_f64();
        ended
    }
}

struct Run<'r, 'a, R> {
    import: Import<'a, R>,
    index: &'r Index,
    /// What the index held at the last commit.
    searcher: Searcher,
    writer: &'r mut Writer,
    report: &'r mut Report,
    started: Instant,
    last_commit: Instant,
    /// Written, not yet committed.
    pending: u64,
    /// The ids of this run and what they stand for, both shortened.
    seen: HashMap<u64, u64>,
    /// Files that had bad records, where it matters.
    bad_files: HashSet<String>,
}

impl<R: Reader> Run<'_, '_, R> {
    fn run(&mut self) -> Result<()> {
        let outcome = self.read_all()?;
        if self.pending > 0 {
            self.commit()?;
        }
        if outcome == Outcome::Complete && self.import.delete_vanished {
            self.delete_vanished()?;
        }
        self.report.outcome = outcome;
        Ok(())
    }

    fn read_all(&mut self) -> Result<Outcome> {
        while let Some(record) = self.import.reader.next_record() {
            self.report.read += 1;
            match record {
                Ok(record) => self.take(record)?,
                Err(bad) => self.refuse(bad),
            }
            if self
                .import
                .max_bad
                .is_some_and(|most| self.report.bad > most)
            {
                return Ok(Outcome::TooManyBad);
            }
            if self.pending >= self.import.commit_every
                || (self.pending > 0 && self.last_commit.elapsed() >= self.import.commit_after)
            {
                self.commit()?;
            }
            if self.tell().is_break() {
                return Ok(Outcome::Cancelled);
            }
        }
        Ok(Outcome::Complete)
    }

    fn tell(&mut self) -> ControlFlow<()> {
        let Some(callback) = &mut self.import.on_progress else {
            return ControlFlow::Continue(());
        };
        callback(&Progress {
            records: self.report.read,
            bad: self.report.bad,
            bytes: self.import.reader.bytes(),
            total_bytes: self.import.reader.total_bytes(),
            elapsed: self.started.elapsed(),
        })
    }

    fn refuse(&mut self, bad: BadRecord) {
        if self.import.delete_vanished {
            self.bad_files.insert(ids::path_id(&bad.file));
        }
        self.report.keep_bad(bad);
    }

    fn take(&mut self, mut record: Record) -> Result<()> {
        for decision in &record.decisions {
            *self.report.cleaned.entry(decision.step).or_default() += 1;
        }
        for note in record.notes.drain(..) {
            self.report.keep_note(note);
        }
        let hash = ids::content_hash(&record.article);
        if self.is_duplicate(&record, &hash) {
            return Ok(());
        }
        let article = &mut record.article;
        article.extra.insert(CONTENT_HASH.to_owned(), hash);
        if let Some(name) = &self.import.name {
            // What an export brings back keeps where it first came from.
            let named = article
                .extra
                .entry(IMPORT_NAME.to_owned())
                .or_insert_with(|| name.clone());
            if named == name {
                let file = ids::path_id(&record.file);
                article.extra.entry(IMPORT_FILE.to_owned()).or_insert(file);
            }
        }
        if let Some(callback) = &mut self.import.on_record {
            callback(&record);
        }
        let article = &record.article;
        let found = self.find(article)?;
        if let Some(true) = found {
            self.report.unchanged += 1;
            return Ok(());
        }
        match self.writer.upsert(article) {
            Ok(()) => {}
            Err(error) if error.is_invalid_article() => {
                let mut bad = BadRecord::new(&record.file, error.to_string());
                bad.line = record.line;
                self.refuse(bad);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.pending += 1;
        if found.is_some() {
            self.report.updated += 1;
        } else {
            self.report.added += 1;
        }
        Ok(())
    }

    /// Whether the id has been seen in this run, and the record is not to be written.
    fn is_duplicate(&mut self, record: &Record, hash: &str) -> bool {
        if self.import.duplicates == Duplicates::LastStays && !self.import.delete_vanished {
            return false;
        }
        let content = ids::fingerprint(hash);
        let first = self
            .seen
            .insert(ids::fingerprint(&record.article.id), content);
        let Some(first) = first.filter(|_| self.import.duplicates == Duplicates::FirstStays) else {
            return false;
        };
        // The first one stays in the memory of the run too.
        self.seen
            .insert(ids::fingerprint(&record.article.id), first);
        if first == content {
            self.report.repeated += 1;
            return true;
        }
        let short: String = record.article.id.chars().take(80).collect();
        let mut bad = BadRecord::new(
            &record.file,
            format!("{short:?} is also the id of an earlier record of this run with other content, which stays: give each article an id of its own"),
        )
        .field("id");
        bad.line = record.line;
        self.refuse(bad);
        true
    }

    /// Whether the index has this id, and if so, with this content and these extras of the run.
    fn find(&self, article: &Article) -> Result<Option<bool>> {
        if self.searcher.is_empty() {
            return Ok(None);
        }
        let found = |filters: Vec<Filter>| -> Result<bool> {
            let search = filters
                .into_iter()
                .fold(Search::new(Query::all()).limit(0), Search::filter);
            Ok(self.searcher.search(search)?.total()? > 0)
        };
        // The hash is of the id too: one term to look up for what has not changed.
        let own = [CONTENT_HASH, IMPORT_NAME, IMPORT_FILE]
            .iter()
            .filter_map(|name| Some(Filter::extra(*name, article.extra.get(*name)?)));
        if found(own.collect())? {
            return Ok(Some(true));
        }
        Ok(found(vec![Filter::ids([article.id.as_str()])])?.then_some(false))
    }

    fn commit(&mut self) -> Result<()> {
        self.writer.commit()?;
        self.report.commits += 1;
        self.pending = 0;
        self.last_commit = Instant::now();
        self.searcher = self.index.searcher();
        Ok(())
    }

    fn delete_vanished(&mut self) -> Result<()> {
        let own = self.import.name.clone().unwrap_or_default();
        let mut vanished = Vec::new();
        self.searcher.for_each_article(|article| {
            let extra = |name: &str| article.extra.get(name).map_or("", String::as_str);
            let is_gone = extra(IMPORT_NAME) == own
                && !self.seen.contains_key(&ids::fingerprint(&article.id))
                && !is_within(extra(IMPORT_FILE), &self.bad_files);
            if is_gone {
                vanished.push(article.id);
            }
            ControlFlow::Continue(())
        })?;
        for id in &vanished {
            self.writer.delete(id)?;
            self.report.deleted += 1;
        }
        if !vanished.is_empty() {
            self.commit()?;
        }
        Ok(())
    }
}

/// Whether a file is a bad one, or lies in a folder that could not be listed.
fn is_within(file: &str, bad: &HashSet<String>) -> bool {
    file.match_indices('/')
        .map(|(at, _)| at)
        .chain([file.len()])
        .filter_map(|end| file.get(..end))
        .any(|part| bad.contains(part))
}
