//! [`PhraseQuery`]: articles that have words at given distances from each other.
//!
//! The engine's own reads the places of every article that has all of the words. This one starts from
//! the rarest word, and passes over whatever cannot reach the page: a phrase is never in an article
//! more often than any of its words, so that the frequencies alone decide most of them.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, Term};

use super::bm25::{Bm25, Weights};
use super::cursor::Cursor;
use super::dictionary::KnownTerms;
use super::explained::explained;

#[derive(Debug, Clone)]
pub(super) struct PhraseQuery {
    field: Field,
    /// Distances from the first word, and words.
    words: Vec<(u32, Term)>,
    known: KnownTerms,
}

impl PhraseQuery {
    pub(super) fn new(field: Field, words: Vec<(u32, Term)>, known: &KnownTerms) -> PhraseQuery {
        PhraseQuery {
            field,
            words,
            known: known.clone(),
        }
    }
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms: Vec<&Term> = self.words.iter().map(|(_, term)| term).collect();
        let weights = Weights::new(self.field, &scoring)?;
        Ok(Box::new(PhraseWeight {
            field: self.field,
            words: self.words.clone(),
            known: self.known.clone(),
            average: weights.average,
            weight: weights.of(&terms, 1.0)?,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (_, term) in &self.words {
            visitor(term, true);
        }
    }
}

struct PhraseWeight {
    field: Field,
    words: Vec<(u32, Term)>,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
    weight: Bm25,
}

impl PhraseWeight {
    /// The words of a segment, the rarest first; none where one of them is missing.
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Phrase>> {
        let files = self.known.files(reader, self.field)?;
        let slack = files.slack(self.average);
        let mut words = Vec::with_capacity(self.words.len());
        for (distance, term) in &self.words {
            let Some(info) = self.known.find(reader, term)? else {
                return Ok(None);
            };
            let list = files.list_with_positions(&info)?;
            words.push(Word {
                distance: *distance,
                cursor: Cursor::new(list, self.weight.boost_by(boost), slack),
            });
        }
        words.sort_by_key(|word| word.cursor.documents());
        let longest = words.iter().map(|word| word.distance).max().unwrap_or(0);
        let norms = files.norms().clone();
        let mut words = words.into_iter();
        Ok(words.next().map(|rarest| Phrase {
            rarest,
            others: words.collect(),
            norms,
            longest,
            batch: Batch::default(),
        }))
    }
}

impl Weight for PhraseWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(mut phrase) = self.open(reader, boost)? else {
            return Ok(Box::new(EmptyScorer));
        };
        phrase.settle();
        Ok(Box::new(phrase))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        self.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
            callback(doc, score);
            Score::MIN
        })
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if let Some(mut phrase) = self.open(reader, 1.0)? {
            phrase.prune(threshold, callback);
        }
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let alive = reader.alive_bitset();
        let mut count = 0;
        self.for_each(reader, &mut |doc, _| {
            count += u32::from(alive.is_none_or(|alive| alive.is_alive(doc)));
        })?;
        Ok(count)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "a phrase")
    }
}

struct Word {
    distance: u32,
    /// Scores as if the phrase were wherever the word is: what is no more than that.
    cursor: Cursor,
}

impl Word {
    /// Adds where the phrase would begin in the documents at places of the block at hand.
    #[inline]
    fn add_starts(
        &mut self,
        places: impl Iterator<Item = usize>,
        longest: u32,
        starts: &mut Vec<u64>,
    ) {
        let shift = longest - self.distance;
        self.cursor.positions_at(places, shift, starts);
    }

    /// Adds those of `docs` to `kept` that have the word so often that the phrase may score above the threshold
    /// there, and where it would begin.
    fn keep_common(
        &mut self,
        docs: &[Candidate],
        threshold: Score,
        norms: &FieldNormReader,
        longest: u32,
        kept: &mut Vec<Candidate>,
        starts: &mut Vec<u64>,
    ) {
        let cursor = &mut self.cursor;
        let mut rest = docs;
        while let Some(first) = rest.first() {
            cursor.approach(first.doc);
            let last = cursor.last_of_block();
            let in_block = rest.iter().take_while(|candidate| candidate.doc <= last);
            // At least one, whatever a damaged list says.
            let (of_block, behind) = rest.split_at(in_block.count().max(1));
            rest = behind;
            let from = kept.len();
            kept.extend_from_slice(of_block);
            let found = kept.get_mut(from..).unwrap_or_default();
            // Always written, and kept by counting on: a branch that is right half the time costs more.
            let has = keep(found, |candidate| {
                let (place, is_here) = cursor.place_of(candidate.doc);
                candidate.place = place;
                is_here
            });
            kept.truncate(from + has);
            if threshold > Score::MIN {
                let found = kept.get_mut(from..).unwrap_or_default();
                let has = keep(found, |candidate| {
                    cursor.score_at(candidate.place, candidate.doc, norms) > threshold
                });
                kept.truncate(from + has);
            }
            let places = kept.iter().skip(from).map(|candidate| candidate.place);
            cursor.positions_at(places, longest - self.distance, starts);
        }
    }
}

/// Moves those to the front that `is_kept` is true of; returns how many.
#[inline]
fn keep(found: &mut [Candidate], mut is_kept: impl FnMut(&mut Candidate) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..found.len() {
        let Some(&(mut candidate)) = found.get(at) else {
            break;
        };
        let is_kept = is_kept(&mut candidate);
        if let Some(kept) = found.get_mut(kept) {
            *kept = candidate;
        }
        kept += usize::from(is_kept);
    }
    kept
}

/// A document that may have the phrase.
#[derive(Clone, Copy, Default)]
struct Candidate {
    doc: DocId,
    /// In the block of the rarest word.
    place_in_rarest: usize,
    /// In the block of the word at hand.
    place: usize,
}

impl Candidate {
    fn in_rarest(&self) -> usize {
        self.place_in_rarest
    }
}

/// A phrase in one segment.
struct Phrase {
    rarest: Word,
    others: Vec<Word>,
    norms: FieldNormReader,
    /// The greatest distance.
    longest: u32,
    batch: Batch,
}

/// Documents that are looked through together.
#[derive(Default)]
struct Batch {
    docs: Vec<Candidate>,
    /// Those of them that another word has too.
    next: Vec<Candidate>,
    /// Where it may begin, as far as the words read so far tell: a document, and in the lower half a position
    /// plus the greatest distance, so that none is below zero.
    starts: Vec<u64>,
    /// Where one of the words would have it begin.
    places: Vec<u64>,
}

impl Phrase {
    /// Shows all documents that score more than the threshold, which the callback raises.
    fn prune(&mut self, mut threshold: Score, callback: &mut dyn FnMut(DocId, Score) -> Score) {
        loop {
            let doc = self.rarest.cursor.pass_blocks(threshold, &self.norms);
            if doc == TERMINATED {
                return;
            }
            threshold = self.look_through(threshold, callback);
            if !self.rarest.cursor.skip_block() {
                return;
            }
        }
    }

    /// Shows the documents of a block of the rarest word that score more than the threshold.
    ///
    /// All of them at once, word by word: most documents fall out before the most frequent words, which have
    /// the most places and exclude the fewest documents, are read at all; and no step waits for what the one
    /// before has found, as it does document by document (a third more time).
    fn look_through(
        &mut self,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let Batch {
            docs,
            next,
            starts,
            places,
        } = &mut self.batch;
        docs.clear();
        starts.clear();
        let (rarest, longest) = (&mut self.rarest, self.longest);
        let make = |place_in_rarest, doc, _| Candidate {
            doc,
            place_in_rarest,
            place: 0,
        };
        rarest
            .cursor
            .collect(TERMINATED, threshold, &self.norms, docs, make);
        let mut is_first = true;
        for word in &mut self.others {
            next.clear();
            places.clear();
            word.keep_common(docs, threshold, &self.norms, longest, next, places);
            if std::mem::take(&mut is_first) {
                rarest.add_starts(next.iter().map(Candidate::in_rarest), longest, starts);
            }
            keep_common(starts, places);
            docs.clear();
            docs.extend(documents_of(starts));
        }
        if is_first {
            rarest.add_starts(docs.iter().map(Candidate::in_rarest), longest, starts);
        }
        for of_doc in starts.chunk_by(|a, b| a >> 32 == b >> 32) {
            let Some(doc) = of_doc.first().map(|start| (start >> 32) as DocId) else {
                break;
            };
            let frequency = u32::try_from(of_doc.len()).unwrap_or(u32::MAX);
            let score = rarest.cursor.score_of(doc, frequency, &self.norms);
            if score > threshold {
                threshold = callback(doc, score);
            }
        }
        threshold
    }

    /// Whether `doc`, which the rarest word has, has the phrase. The error is the first document after it that
    /// another word has, where that word has not this one.
    fn find(&mut self, doc: DocId) -> Result<bool, DocId> {
        let Batch { starts, places, .. } = &mut self.batch;
        let (rarest, longest) = (&mut self.rarest, self.longest);
        starts.clear();
        let mut is_first = true;
        for word in &mut self.others {
            let found = word.cursor.seek(doc);
            if found != doc {
                return Err(found);
            }
            if std::mem::take(&mut is_first) {
                let place = rarest.cursor.place();
                rarest.add_starts(std::iter::once(place), longest, starts);
            }
            places.clear();
            let place = word.cursor.place();
            word.add_starts(std::iter::once(place), longest, places);
            keep_common(starts, places);
            if starts.is_empty() {
                return Ok(false);
            }
        }
        if is_first {
            let place = rarest.cursor.place();
            rarest.add_starts(std::iter::once(place), longest, starts);
        }
        Ok(!starts.is_empty())
    }

    /// Of the document in which the phrase was found.
    fn score_found(&self) -> Score {
        let frequency = u32::try_from(self.batch.starts.len()).unwrap_or(u32::MAX);
        self.rarest
            .cursor
            .score_of(self.doc(), frequency, &self.norms)
    }

    /// Moves on to the next document that has the phrase, if they are not at one.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.rarest.cursor.doc();
            if doc == TERMINATED {
                return TERMINATED;
            }
            match self.find(doc) {
                Ok(true) => return doc,
                Ok(false) => self.rarest.cursor.advance(),
                Err(next) => self.rarest.cursor.seek(next),
            };
        }
    }
}

/// Keeps the starts that are among the places; both in order.
fn keep_common(starts: &mut Vec<u64>, places: &[u64]) {
    // Without branches on the places, which come as they like.
    let (mut at, mut next, mut kept) = (0, 0, 0);
    while let (Some(&start), Some(&place)) = (starts.get(at), places.get(next)) {
        if let Some(common) = starts.get_mut(kept) {
            *common = start;
        }
        kept += usize::from(start == place);
        at += usize::from(start <= place);
        next += usize::from(place <= start);
    }
    starts.truncate(kept);
}

/// The documents of which there are starts.
fn documents_of(starts: &[u64]) -> impl Iterator<Item = Candidate> {
    let of_docs = starts.chunk_by(|a, b| a >> 32 == b >> 32);
    of_docs.filter_map(<[u64]>::first).map(|start| Candidate {
        doc: (start >> 32) as DocId,
        ..Candidate::default()
    })
}

impl DocSet for Phrase {
    fn advance(&mut self) -> DocId {
        self.rarest.cursor.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rarest.cursor.seek(target);
        self.settle()
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let found = self.rarest.cursor.seek(target);
        if found > target {
            return SeekDangerResult::SeekLowerBound(found);
        }
        match self.find(target) {
            Ok(true) => SeekDangerResult::Found,
            Ok(false) => SeekDangerResult::SeekLowerBound(target + 1),
            Err(next) => SeekDangerResult::SeekLowerBound(next),
        }
    }

    fn doc(&self) -> DocId {
        self.rarest.cursor.doc()
    }

    fn size_hint(&self) -> u32 {
        // About one in ten articles that have the words has them together.
        self.rarest.cursor.documents() / 10
    }

    fn cost(&self) -> u64 {
        let words = self.others.len() as u64 + 1;
        u64::from(self.rarest.cursor.documents()) * 10 * words
    }
}

impl Scorer for Phrase {
    fn score(&mut self) -> Score {
        self.score_found()
    }
}
