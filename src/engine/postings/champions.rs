//! [`Champions`]: the articles that score best for each frequent word, in a file beside the postings.
//!
//! A search for one word asks for a dozen articles of thousands, and then where each has the word: that is
//! read here from one place, instead of passing over all postings of the word and reading a dozen of them
//! again (champion lists; Manning, Raghavan & Schütze 2008, *Introduction to Information Retrieval*, 7.1.3).
//! What the others may score at most stands beside them, so that nothing is missed: where that is more than
//! the last one of the page, and for words without a list, the postings are read.
//!
//! The file has the lists, then where each is, in the order of the terms: `u64` where the postings of the term
//! begin, `u32` where its list begins; then the number of lists, `u32`, with the highest bit set; all little endian.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use std::slice::Iter;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileSlice, OwnedBytes, TerminatingWrite};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::{DocId, Score, Segment, TERMINATED};

use super::files::PostingFiles;
use super::list::PostingList;
use super::terms::TITLE_POSITIONS;
use super::{put_number, read_number};
use crate::engine::bm25::Bm25;

/// The ending of the file.
pub(crate) const CHAMPIONS: &str = "champions";
/// Beside the number of lists: files without it have their champions in the order of documents, and are not read.
const BY_SCORE: u32 = 1 << 31;

/// How many articles of a word are listed: the default ranking looks at sixteen for a page.
const LISTED: usize = 32;
/// Words of fewer articles have no list: their postings are read at once. From 64 on, rare words took a tenth more time
/// and the index a hundredth less space.
pub(super) const LEAST: u32 = 12;
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

/// The list of one word in one segment, read from its beginning: the champions, the best first.
pub(crate) struct List<'a> {
    bytes: Iter<'a, u8>,
    /// Documents end before this.
    end: DocId,
    /// How many champions are left.
    left: u32,
}

impl<'a> List<'a> {
    fn open(bytes: &'a [u8], end: DocId) -> Option<List<'a>> {
        let mut bytes = bytes.iter();
        let left = read_number(&mut bytes)?.min(LISTED as u32);
        Some(List { bytes, end, left })
    }

    /// The lengths and frequencies of the articles beside the champions, but for those that cannot score more
    /// than one of these.
    pub(in crate::engine) fn others(mut self) -> io::Result<Others<'a>> {
        for champion in self.by_ref() {
            champion?;
        }
        let left = read_number(&mut self.bytes).ok_or_else(damaged)?;
        Ok(Others {
            bytes: self.bytes,
            left: left.min(MOST as u32),
        })
    }

    fn read(&mut self) -> Option<Champion> {
        let mut number = || read_number(&mut self.bytes);
        let (doc, frequency, norm, place) = (number()?, number()?, number()?, number()?);
        (doc < self.end).then_some(Champion {
            doc,
            frequency,
            norm: norm.try_into().ok()?,
            in_title: place & 1 == 1,
            first_in_body: (place >> 1)
                .checked_sub(1)
                .map(|at| at.saturating_add(TITLE_POSITIONS)),
        })
    }
}

impl Iterator for List<'_> {
    type Item = io::Result<Champion>;

    fn next(&mut self) -> Option<io::Result<Champion>> {
        self.left = self.left.checked_sub(1)?;
        Some(self.read().ok_or_else(damaged))
    }
}

/// Lengths and frequencies.
pub(crate) struct Others<'a> {
    bytes: Iter<'a, u8>,
    left: u32,
}

impl Others<'_> {
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.left == 0
    }
}

impl Iterator for Others<'_> {
    type Item = io::Result<(u8, u32)>;

    fn next(&mut self) -> Option<io::Result<(u8, u32)>> {
        self.left = self.left.checked_sub(1)?;
        let norm = read_number(&mut self.bytes).and_then(|norm| norm.try_into().ok());
        let frequency = read_number(&mut self.bytes);
        let frequency = frequency.map(|frequency| match frequency as usize {
            MOST => u32::MAX,
            _ => frequency,
        });
        Some(norm.zip(frequency).ok_or_else(damaged))
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the list of a word is damaged")
}

/// What becomes the list of one word.
struct Gathered {
    /// The best first.
    champions: Vec<Champion>,
    others: Vec<(u8, u32)>,
}

impl Gathered {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(self.champions.len() as u32, bytes);
        for champion in &self.champions {
            put_number(champion.doc, bytes);
            put_number(champion.frequency, bytes);
            put_number(champion.norm.into(), bytes);
            let at = champion
                .first_in_body
                .map_or(0, |at| at.saturating_sub(TITLE_POSITIONS) + 1);
            put_number(
                at.min(u32::MAX >> 1) << 1 | u32::from(champion.in_title),
                bytes,
            );
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
    /// `None` where the segment has none: it is older than they are, or than their order.
    pub(super) fn open(
        read: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
    ) -> tantivy::Result<Option<Champions>> {
        match read(SegmentComponent::Custom(CHAMPIONS.to_owned())) {
            Ok(file) => {
                let champions = Champions(file.read_bytes()?);
                let is_by_score = champions.count().is_some_and(|count| count & BY_SCORE != 0);
                Ok(is_by_score.then_some(champions))
            }
            // Or a merge has removed it meanwhile.
            Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The list of a term, if it has one, in a segment whose documents end before `end`.
    pub(super) fn list(&self, info: &TermInfo, end: DocId) -> io::Result<Option<List<'_>>> {
        if info.doc_freq < LEAST {
            return Ok(None);
        }
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
                    let list = lists.get(start..).and_then(|bytes| List::open(bytes, end));
                    return list.map(Some).ok_or_else(damaged);
                }
            }
        }
        Ok(None)
    }

    /// With the bit that tells the order.
    fn count(&self) -> Option<u32> {
        let bytes = self.0.as_slice();
        number_at(bytes, bytes.len().checked_sub(COUNT)?)
    }

    fn parts(&self) -> Option<(&[u8], &[u8])> {
        let bytes = self.0.as_slice();
        let count_at = bytes.len().checked_sub(COUNT)?;
        let count = (self.count()? & !BY_SCORE) as usize;
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
    weight: Option<Bm25>,
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
        // The rarity of a word makes no difference to their order.
        let weight = self.weight.get_or_insert_with(|| Bm25::shape(average));
        let start = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        let list = self.gatherer.list(files, info, weight)?;
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
        file.write_all(&(self.count | BY_SCORE).to_le_bytes())?;
        file.terminate()?;
        Ok(())
    }
}

/// A candidate: the best first by its score, then by its number.
#[derive(PartialEq)]
struct Candidate {
    score: Score,
    champion: Champion,
}

impl Candidate {
    /// The document at hand, before its positions are read.
    fn at(postings: &mut PostingList, norms: &FieldNormReader, weight: &Bm25) -> Candidate {
        let (doc, frequency) = (postings.doc(), postings.frequency());
        let norm = norms.fieldnorm_id(doc);
        Candidate {
            score: weight.score(norm, frequency),
            champion: Champion {
                doc,
                frequency,
                norm,
                in_title: false,
                first_in_body: None,
            },
        }
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> std::cmp::Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then_with(|| other.champion.doc.cmp(&self.champion.doc))
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
    ) -> tantivy::Result<Gathered> {
        let mut postings = files.list_with_positions(info)?;
        let (mut best, mut others) = (Vec::new(), Vec::new());
        if info.doc_freq as usize <= LISTED {
            // Most words: all their articles are listed, and one pass is enough.
            while postings.doc() != TERMINATED {
                let mut candidate = Candidate::at(&mut postings, files.norms(), weight);
                self.tell_places(&mut candidate.champion, &mut postings);
                best.push(candidate);
                postings.advance();
            }
        } else {
            others = self.find_best(files, info, weight)?;
            best.extend(self.best.drain().map(|Reverse(best)| best));
            // Positions are read forwards.
            best.sort_by_key(|candidate: &Candidate| candidate.champion.doc);
            for Candidate { champion, .. } in &mut best {
                postings.seek(champion.doc);
                self.tell_places(champion, &mut postings);
            }
        }
        best.sort_by(|a, b| b.cmp(a));
        let champions = best.into_iter().map(|candidate| candidate.champion);
        Ok(Gathered {
            champions: champions.collect(),
            others,
        })
    }

    /// Of the document at hand, which the champion is.
    fn tell_places(&mut self, champion: &mut Champion, postings: &mut PostingList) {
        postings.positions(&mut self.positions);
        let in_title = self.positions.partition_point(|at| *at < TITLE_POSITIONS);
        champion.in_title = in_title > 0;
        champion.first_in_body = self.positions.get(in_title).copied();
    }

    /// Finds the best articles, and returns the lengths and frequencies of the others, of these the best.
    fn find_best(
        &mut self,
        files: &PostingFiles,
        info: &TermInfo,
        weight: &Bm25,
    ) -> tantivy::Result<Vec<(u8, u32)>> {
        // The shortest of the others for each frequency.
        let mut shortest = [None; MOST + 1];
        let mut pass = |champion: &Champion| {
            if let Some(shortest) = shortest.get_mut((champion.frequency as usize).min(MOST)) {
                *shortest = Some(champion.norm.min(shortest.unwrap_or(u8::MAX)));
            }
        };
        let mut postings = files.list(info)?;
        self.best.clear();
        let mut least = Score::MIN;
        while postings.doc() != TERMINATED {
            let candidate = Candidate::at(&mut postings, files.norms(), weight);
            if self.best.len() < LISTED {
                self.best.push(Reverse(candidate));
            } else if candidate.score <= least {
                // Documents come in order: of equal ones, the first is listed.
                pass(&candidate.champion);
            } else if let Some(mut worst) = self.best.peek_mut() {
                pass(&worst.0.champion);
                *worst = Reverse(candidate);
            }
            if self.best.len() == LISTED
                && let Some(Reverse(worst)) = self.best.peek()
            {
                least = worst.score;
            }
            postings.advance();
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
        Ok(others)
    }
}
