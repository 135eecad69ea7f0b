//! [`Champions`]: the articles that score best for each frequent word, in a file beside the postings.
//!
//! A search for one word asks for a dozen articles of thousands, and then where each has the word: that is
//! read here from one place, instead of passing over all postings of the word and reading a dozen of them
//! again (champion lists; Manning, Raghavan & Schütze 2008, *Introduction to Information Retrieval*, 7.1.3).
//! What the others may score at most stands beside them, so that nothing is missed: where that is more than
//! the last one of the page, and for words without a list, the postings are read.
//!
//! The file has the lists, then where each is, in the order of the terms: `u64` where the postings of the term
//! begin, `u32` where its list begins; then the number of lists, `u32`; all little endian.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileSlice, OwnedBytes, TerminatingWrite};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::{DocId, Score, Segment, TERMINATED};

use super::files::PostingFiles;
use super::terms::TITLE_POSITIONS;
use super::{put_number, read_number};
use crate::engine::bm25::Bm25;

/// The ending of the file.
pub(crate) const CHAMPIONS: &str = "champions";

/// How many articles of a word are listed: the default ranking looks at sixteen for a page.
const LISTED: usize = 32;
/// Words of fewer articles have no list: half a block is read at once.
pub(super) const LEAST: u32 = 64;
/// The bytes of an entry of the table, and of its first part.
const ENTRY: usize = 12;
const KEY: usize = 8;
const COUNT: usize = 4;
/// Frequencies from here on count as any.
const MOST: usize = 255;

/// One article of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Champion {
    pub doc: DocId,
    /// How often it has the word.
    pub frequency: u32,
    /// Its length, as the engine writes it.
    pub norm: u8,
    pub in_title: bool,
    /// The first position in the body.
    pub first_in_body: Option<u32>,
}

/// The list of one word in one segment.
pub(crate) struct List {
    /// In the order of their numbers.
    pub champions: Vec<Champion>,
    /// The lengths and frequencies of the others, but for those that cannot score more than one of these.
    others: Vec<(u8, u32)>,
}

impl List {
    /// The lengths and frequencies of the articles beside the champions, but for those that cannot score more
    /// than one of these.
    pub(in crate::engine) fn others(&self) -> &[(u8, u32)] {
        &self.others
    }

    /// `None` where the bytes are not a list of documents before `end`.
    fn read(bytes: &[u8], end: DocId) -> Option<List> {
        let mut bytes = bytes.iter();
        let mut number = || read_number(&mut bytes);
        let count = (number()? as usize).min(LISTED);
        let mut champions = Vec::with_capacity(count);
        let mut doc: DocId = 0;
        for _ in 0..count {
            doc = doc.checked_add(number()?).filter(|doc| *doc < end)?;
            let (frequency, norm, place) = (number()?, number()?, number()?);
            champions.push(Champion {
                doc,
                frequency,
                norm: norm.try_into().ok()?,
                in_title: place & 1 == 1,
                first_in_body: (place >> 1)
                    .checked_sub(1)
                    .map(|at| at.saturating_add(TITLE_POSITIONS)),
            });
        }
        let count = (number()? as usize).min(MOST);
        let mut others = Vec::with_capacity(count);
        for _ in 0..count {
            let (norm, frequency) = (number()?.try_into().ok()?, number()?);
            others.push((
                norm,
                if frequency as usize == MOST {
                    u32::MAX
                } else {
                    frequency
                },
            ));
        }
        Some(List { champions, others })
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(self.champions.len() as u32, bytes);
        let mut last = 0;
        for champion in &self.champions {
            put_number(champion.doc - last, bytes);
            put_number(champion.frequency, bytes);
            put_number(champion.norm.into(), bytes);
            let at = champion
                .first_in_body
                .map_or(0, |at| at.saturating_sub(TITLE_POSITIONS) + 1);
            put_number(
                at.min(u32::MAX >> 1) << 1 | u32::from(champion.in_title),
                bytes,
            );
            last = champion.doc;
        }
        put_number(self.others.len() as u32, bytes);
        for (norm, frequency) in &self.others {
            put_number((*norm).into(), bytes);
            put_number(*frequency, bytes);
        }
    }
}

/// The lists of a segment.
#[derive(Clone)]
pub(crate) struct Champions(pub(super) OwnedBytes);

impl Champions {
    /// `None` where the segment has none: the index is older than they are.
    pub(super) fn open(
        read: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
    ) -> tantivy::Result<Option<Champions>> {
        match read(SegmentComponent::Custom(CHAMPIONS.to_owned())) {
            Ok(file) => Ok(Some(Champions(file.read_bytes()?))),
            // Or a merge has removed it meanwhile.
            Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The list of a term, if it has one, in a segment whose documents end before `end`.
    pub(super) fn list(&self, info: &TermInfo, end: DocId) -> io::Result<Option<List>> {
        if info.doc_freq < LEAST {
            return Ok(None);
        }
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, "the list of a word is damaged");
        let (lists, table) = self.parts().ok_or_else(damaged)?;
        let key = |entry: &&[u8]| match entry {
            [a, b, c, d, e, f, g, h, ..] => u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
            _ => u64::MAX,
        };
        let wanted = info.postings_range.start as u64;
        let (mut low, mut high) = (0, table.len() / ENTRY);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = table
                .get(middle * ENTRY..(middle + 1) * ENTRY)
                .ok_or_else(damaged)?;
            match key(&entry).cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let start = number_at(entry, KEY).ok_or_else(damaged)? as usize;
                    let list = lists.get(start..).and_then(|bytes| List::read(bytes, end));
                    return list.map(Some).ok_or_else(damaged);
                }
            }
        }
        Ok(None)
    }

    fn parts(&self) -> Option<(&[u8], &[u8])> {
        let bytes = self.0.as_slice();
        let count_at = bytes.len().checked_sub(COUNT)?;
        let count = number_at(bytes, count_at)? as usize;
        let table_at = count_at.checked_sub(count.checked_mul(ENTRY)?)?;
        Some((bytes.get(..table_at)?, bytes.get(table_at..count_at)?))
    }
}

fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(COUNT)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Gathers the lists of a segment whose postings are written.
#[derive(Default)]
pub(super) struct ChampionsWriter {
    gatherer: Gatherer,
    lists: Vec<u8>,
    table: Vec<u8>,
    count: u32,
}

impl ChampionsWriter {
    /// Adds the list of a term, if it is to have one; terms come in their order.
    pub(super) fn add(&mut self, files: &PostingFiles, info: &TermInfo) -> tantivy::Result<()> {
        if info.doc_freq < LEAST {
            return Ok(());
        }
        let end = files.end();
        let average = files.tokens() as Score / end.max(1) as Score;
        let articles = u64::from(end).max(info.doc_freq.into());
        let weight = Bm25::new(info.doc_freq.into(), articles, average);
        let start = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        let list = self.gatherer.list(files, info, &weight)?;
        list.write(&mut self.lists);
        self.table
            .extend_from_slice(&(info.postings_range.start as u64).to_le_bytes());
        self.table.extend_from_slice(&start.to_le_bytes());
        self.count += 1;
        Ok(())
    }

    pub(super) fn write(mut self, segment: &Segment) -> tantivy::Result<()> {
        // Four gigabytes of lists are more than any segment has; none are read then.
        if u32::try_from(self.lists.len()).is_err() {
            self = ChampionsWriter::default();
        }
        let mut file = segment.open_write(SegmentComponent::Custom(CHAMPIONS.to_owned()))?;
        file.write_all(&self.lists)?;
        file.write_all(&self.table)?;
        file.write_all(&self.count.to_le_bytes())?;
        file.terminate()?;
        Ok(())
    }
}

/// A candidate: the best first by its score, then by its number.
#[derive(PartialEq)]
struct Candidate {
    score: Score,
    doc: Reverse<DocId>,
    frequency: u32,
    norm: u8,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> std::cmp::Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then_with(|| self.doc.cmp(&other.doc))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Finds the champions of one word after the other.
#[derive(Default)]
struct Gatherer {
    best: BinaryHeap<Reverse<Candidate>>,
    positions: Vec<u32>,
}

impl Gatherer {
    fn list(
        &mut self,
        files: &PostingFiles,
        info: &TermInfo,
        weight: &Bm25,
    ) -> tantivy::Result<List> {
        let norms = files.norms();
        // The shortest of the others for each frequency.
        let mut shortest = [None; MOST + 1];
        let mut pass = |frequency: u32, norm: u8| {
            if let Some(shortest) = shortest.get_mut((frequency as usize).min(MOST)) {
                *shortest = Some(norm.min(shortest.unwrap_or(u8::MAX)));
            }
        };
        let mut postings = files.list(info)?;
        self.best.clear();
        let mut least = Score::MIN;
        while postings.doc() != TERMINATED {
            let (doc, frequency) = (postings.doc(), postings.frequency());
            let norm = norms.fieldnorm_id(doc);
            let score = weight.score(norm, frequency);
            let candidate = Candidate {
                score,
                doc: Reverse(doc),
                frequency,
                norm,
            };
            if self.best.len() < LISTED {
                self.best.push(Reverse(candidate));
            } else if score <= least {
                // Documents come in order: of equal ones, the first is listed.
                pass(frequency, norm);
            } else if let Some(mut worst) = self.best.peek_mut() {
                pass(worst.0.frequency, worst.0.norm);
                *worst = Reverse(candidate);
            }
            if self.best.len() == LISTED
                && let Some(Reverse(worst)) = self.best.peek()
            {
                least = worst.score;
            }
            postings.advance();
        }
        let mut best: Vec<Candidate> = self.best.drain().map(|Reverse(best)| best).collect();
        best.sort_by_key(|candidate| candidate.doc.0);
        let mut postings = files.list_with_positions(info)?;
        let mut champions = Vec::with_capacity(best.len());
        for candidate in best {
            let doc = candidate.doc.0;
            postings.seek(doc);
            postings.positions(&mut self.positions);
            let in_title = self.positions.partition_point(|at| *at < TITLE_POSITIONS);
            champions.push(Champion {
                doc,
                frequency: candidate.frequency,
                norm: candidate.norm,
                in_title: in_title > 0,
                first_in_body: self.positions.get(in_title).copied(),
            });
        }
        // The most frequent first: a longer one that is no more frequent scores less.
        let mut others = Vec::new();
        let mut least: Option<u8> = None;
        for (frequency, norm) in shortest.iter().enumerate().rev() {
            if let Some(norm) = *norm
                && least.is_none_or(|least| norm < least)
            {
                others.push((norm, frequency as u32));
                least = Some(norm);
            }
        }
        Ok(List { champions, others })
    }
}
