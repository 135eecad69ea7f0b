//! [`Report`] and [`Progress`]: what a run has done, at its end and on its way.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bad_record::BadRecord;
use super::clean::Step;
use super::record::Note;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It has not ended, or an error ended it.
    #[default]
    Unfinished,
    /// Everything was read.
    Complete,
    /// The progress callback ended it. Everything until then is committed.
    Cancelled,
    /// There were more bad records than allowed. Everything until then is committed.
    TooManyBad,
}

/// What a run did. It serializes, for keeping and for machines.
///
/// ```
/// use trouvaille::Index;
/// use trouvaille::ingest::{Import, Outcome};
///
/// let index = Index::in_memory()?;
/// let report = Import::new("seeds")?.run(&index)?;
/// assert_eq!(report.outcome, Outcome::Complete);
/// assert_eq!((report.read, report.added, report.bad), (42, 42, 0));
/// let json = serde_json::to_string(&report).unwrap();
/// assert!(json.contains(r#""outcome":"complete""#));
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// Records read, good and bad.
    pub read: u64,
    /// Articles whose id was not in the index.
    pub added: u64,
    /// Articles that replaced an earlier version.
    pub updated: u64,
    /// Articles that were in the index as they are, and were not written.
    pub unchanged: u64,
    /// Records that repeated an earlier one of the run, id and content, and were not written.
    pub repeated: u64,
    /// Articles deleted because their files or records have vanished.
    pub deleted: u64,
    /// Records that could not become articles.
    pub bad: u64,
    /// Bytes read.
    pub bytes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How many times it committed.
    pub commits: u64,
    /// The first bad records, [`Report::MOST_KEPT`] at the most.
    pub bad_records: Vec<BadRecord>,
    /// The first notes, [`Report::MOST_KEPT`] at the most.
    pub notes: Vec<Note>,
    /// How many decisions of each step the cleaner took.
    pub cleaned: BTreeMap<Step, u64>,
}

impl Report {
    /// How many bad records, and how many notes, a report keeps: a file of another kind altogether
    /// has millions.
    pub const MOST_KEPT: usize = 1_000;

    pub(super) fn keep_bad(&mut self, bad: BadRecord) {
        self.bad += 1;
        if self.bad_records.len() < Self::MOST_KEPT {
            self.bad_records.push(bad);
        }
    }

    pub(super) fn keep_note(&mut self, note: Note) {
        if self.notes.len() < Self::MOST_KEPT {
            self.notes.push(note);
        }
    }
}

impl fmt::Display for Report {
    /// The figures in one paragraph.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Unfinished => "unfinished",
            Outcome::Complete => "complete",
            Outcome::Cancelled => "cancelled",
            Outcome::TooManyBad => "stopped: too many bad records",
        };
        write!(
            formatter,
            "{outcome}: {} records read in {:.1} s: {} added, {} updated, {} unchanged",
            self.read, self.seconds, self.added, self.updated, self.unchanged
        )?;
        for (count, what) in [
            (self.repeated, "repeated"),
            (self.deleted, "deleted"),
            (self.bad, "bad"),
        ] {
            if count > 0 {
                write!(formatter, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

/// Where a run stands, given to the callback of [`Import::on_progress`](super::Import::on_progress)
/// after each record.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Records read, good and bad.
    pub records: u64,
    /// Bad records.
    pub bad: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all, where it is known.
    pub total_bytes: Option<u64>,
    /// Since the run began.
    pub elapsed: Duration,
}

impl Progress {
    /// Records a second, since the run began.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact count")]
    pub fn records_per_second(&self) -> f64 {
        self.records as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Bytes a second, since the run began.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact count")]
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }
}
