//! [`Phrase`]: where a phrase is, in one segment.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED};

use crate::engine::cursor::{Cursor, MANY};
use crate::engine::postings::{BLOCK, PlaceTable};

/// One word of the phrase.
pub(super) struct Word {
    distance: u32,
    /// Scores as if the phrase were wherever the word is: what is no more than that.
    pub cursor: Cursor,
}

impl Word {
    pub(super) fn new(distance: u32, cursor: Cursor) -> Word {
        Word { distance, cursor }
    }

    /// Adds where the phrase would begin in the documents at places of the block at hand.
    #[inline]
    fn add_starts(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        longest: u32,
        starts: &mut Vec<u64>,
    ) {
        let shift = longest - self.distance;
        self.cursor.positions_at(places, shift, starts);
    }

    /// Adds where the phrase may begin in documents that another word has too: at places of the blocks at hand.
    #[inline]
    fn add_common_starts(
        &mut self,
        other: &mut Word,
        places: impl ExactSizeIterator<Item = (usize, usize)>,
        longest: u32,
        starts: &mut Vec<u64>,
    ) {
        let (shift, other_shift) = (longest - self.distance, longest - other.distance);
        let cursor = &mut self.cursor;
        cursor.common_positions_at(shift, &mut other.cursor, other_shift, places, starts);
    }

    /// Keeps those of `wanted` that are where the phrase would begin in the documents at places of the block at
    /// hand.
    #[inline]
    pub(super) fn keep_starts(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        longest: u32,
        wanted: &mut &[u64],
        kept: &mut Vec<u64>,
    ) {
        let shift = longest - self.distance;
        self.cursor.keep_positions_at(places, shift, wanted, kept);
    }

    /// Finds those of `docs` that have the word so often that the phrase may score above the threshold there, and
    /// shows them a block at a time.
    #[inline]
    pub(super) fn for_each_common(
        &mut self,
        docs: &[Candidate],
        threshold: Score,
        norms: &FieldNormReader,
        table: &mut PlaceTable,
        mut visit: impl FnMut(&mut Word, &[Candidate]),
    ) {
        let mut rest = docs;
        let mut found = [Candidate::default(); BLOCK];
        while let Some(first) = rest.first() {
            let cursor = &mut self.cursor;
            let later = rest.get(MANY).map(|candidate| candidate.doc);
            let mut look_up = cursor.look_up(first.doc, later);
            cursor.prefetch_positions();
            let last = cursor.last_of_block();
            let first_ones = rest.iter().take(BLOCK);
            let in_block = first_ones.take_while(|candidate| candidate.doc <= last);
            // At least one, whatever a damaged list says.
            let (of_block, behind) = rest.split_at(in_block.count().clamp(1, BLOCK));
            rest = behind;
            let found = found.get_mut(..of_block.len()).unwrap_or_default();
            found.copy_from_slice(of_block);
            // Always written, and kept by counting on: a branch that is right half the time costs more.
            let has = keep(found, |candidate| {
                let (place, is_here) = cursor.place_of(candidate.doc, &mut look_up, table);
                candidate.place = place as u8;
                is_here
            });
            let found = found.get_mut(..has).unwrap_or_default();
            let has = match threshold > Score::MIN {
                true => keep(found, |candidate| {
                    cursor.score_at(candidate.place.into(), candidate.doc, norms) > threshold
                }),
                false => has,
            };
            if has > 0 {
                visit(self, found.get(..has).unwrap_or_default());
            }
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
pub(super) struct Candidate {
    doc: DocId,
    /// In the block of the rarest word.
    place_in_rarest: u8,
    /// In the block of the word at hand.
    place: u8,
}

impl Candidate {
    pub(super) fn place(&self) -> usize {
        self.place.into()
    }

    /// At a place of the block at hand of the rarest word.
    fn of_rarest(place: usize, doc: DocId) -> Candidate {
        Candidate {
            doc,
            place_in_rarest: place as u8,
            place: 0,
        }
    }
}

/// A phrase in one segment.
pub(in crate::engine) struct Phrase {
    pub(super) rarest: Word,
    others: Vec<Word>,
    /// Of which one follows.
    pub(super) endings: Option<Vec<Word>>,
    pub(super) norms: FieldNormReader,
    /// The greatest distance.
    pub(super) longest: u32,
    pub(super) batch: Batch,
    /// Document by document: whether it is in the one at hand, or there are no more.
    is_found: bool,
}

/// Documents that are looked through together.
#[derive(Default)]
pub(super) struct Batch {
    pub docs: Vec<Candidate>,
    /// Where it may begin, as far as the words read so far tell: a document, and in the lower half a position
    /// plus the greatest distance, so that none is below zero.
    pub starts: Vec<u64>,
    /// The same before the word at hand was read.
    pub before: Vec<u64>,
    pub table: PlaceTable,
}

impl Phrase {
    /// None without words.
    pub(super) fn new(mut words: Vec<Word>, norms: FieldNormReader) -> Option<Phrase> {
        words.sort_by_key(|word| word.cursor.documents());
        let longest = words.iter().map(|word| word.distance).max().unwrap_or(0);
        let mut words = words.into_iter();
        Some(Phrase {
            rarest: words.next()?,
            others: words.collect(),
            endings: None,
            norms,
            longest,
            batch: Batch::default(),
            is_found: false,
        })
    }

    /// Document by document: whether the one at hand has it, or there are no more; otherwise it is to be sought.
    pub(in crate::engine) fn is_found(&self) -> bool {
        self.is_found
    }

    /// How many documents have the rarest word.
    pub(in crate::engine) fn documents(&self) -> u32 {
        self.rarest.cursor.documents()
    }

    /// The first document that may have the phrase.
    pub(in crate::engine) fn first(&self) -> DocId {
        self.rarest.cursor.doc()
    }

    /// Passes by all documents before `target`.
    pub(in crate::engine) fn approach(&mut self, target: DocId) {
        self.rarest.cursor.approach(target);
    }

    /// No document from the first one up to `last` scores more.
    pub(in crate::engine) fn bound_until(&mut self, last: DocId) -> Score {
        self.rarest.cursor.bound_until(last, &self.norms)
    }

    /// Shows all documents that score more than the threshold, which the callback raises.
    pub(super) fn prune(
        &mut self,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) {
        loop {
            let doc = self.rarest.cursor.pass_blocks(threshold, &self.norms);
            if doc == TERMINATED {
                return;
            }
            threshold = self.look_through(TERMINATED, threshold, callback);
            if !self.rarest.cursor.skip_block() {
                return;
            }
        }
    }

    /// Shows the documents from the first one up to `last` that score more than `least`. The phrase has to
    /// [`approach`](Self::approach) what is behind `last` after this.
    pub(in crate::engine) fn for_each_until(
        &mut self,
        last: DocId,
        least: Score,
        mut visit: impl FnMut(DocId, Score),
    ) {
        while self.rarest.cursor.reach(last, least, &self.norms) {
            self.look_through(last, least, &mut |doc, score| {
                visit(doc, score);
                least
            });
            let cursor = &mut self.rarest.cursor;
            if cursor.last_of_block() >= last || !cursor.skip_block() {
                return;
            }
        }
    }

    /// Raises `best`, one for each of `found`, documents in order, to what they score by the phrase. Those are left out
    /// that cannot score more than `least` with it.
    pub(in crate::engine) fn raise(
        &mut self,
        found: &[(DocId, Score)],
        least: Score,
        best: &mut [Score],
    ) {
        let (mut rest, mut at) = (found, 0);
        while let Some((first, _)) = rest.first() {
            let later = rest.get(MANY).map(|(doc, _)| *doc);
            let cursor = &mut self.rarest.cursor;
            let mut look_up = cursor.look_up(*first, later);
            let last = cursor.last_of_block();
            let in_block = rest.iter().take(BLOCK).take_while(|(doc, _)| *doc <= last);
            // At least one, whatever a damaged list says.
            let (of_block, behind) = rest.split_at(in_block.count().clamp(1, BLOCK));
            rest = behind;
            let bound = cursor.bound_until(last, &self.norms);
            let Batch { docs, table, .. } = &mut self.batch;
            docs.clear();
            let mut most = Score::MIN;
            for &(doc, score) in of_block {
                if score + bound <= least {
                    continue;
                }
                let (place, is_here) = cursor.place_of(doc, &mut look_up, table);
                if is_here && score + cursor.score_at(place, doc, &self.norms) > least {
                    docs.push(Candidate::of_rarest(place, doc));
                    most = most.max(score);
                }
            }
            if docs.is_empty() {
                continue;
            }
            // Sums may be rounded either way.
            self.find_starts((least - most).next_down());
            for (doc, frequency) in documents_of(&self.batch.starts) {
                while found.get(at).is_some_and(|(found, _)| *found < doc) {
                    at += 1;
                }
                if let Some(best) = best.get_mut(at) {
                    let score = self.rarest.cursor.score_of(doc, frequency, &self.norms);
                    *best = best.max(score);
                }
            }
        }
    }

    /// Whether a document has the phrase; they are asked for in order.
    pub(in crate::engine) fn has(&mut self, doc: DocId) -> bool {
        self.rarest.cursor.seek(doc) == doc && self.find(doc) == Ok(true)
    }

    /// Shows the documents of a block of the rarest word, up to `last`, that score more than the threshold.
    fn look_through(
        &mut self,
        last: DocId,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let docs = &mut self.batch.docs;
        docs.clear();
        let make = |place, doc, _| Candidate::of_rarest(place, doc);
        let cursor = &mut self.rarest.cursor;
        cursor.prefetch_positions();
        cursor.collect(last, threshold, &self.norms, docs, make);
        self.find_starts(threshold);
        for (doc, frequency) in documents_of(&self.batch.starts) {
            let score = self.rarest.cursor.score_of(doc, frequency, &self.norms);
            if score > threshold {
                threshold = callback(doc, score);
            }
        }
        threshold
    }

    /// Finds where the phrase begins in the documents of the batch, which are of the block at hand of the rarest word;
    /// those may be left out that do not score more than the threshold.
    ///
    /// All of them at once, word by word: most documents fall out before the most frequent words, which have
    /// the most places and exclude the fewest documents, are read at all; and no step waits for what the one
    /// before has found, as it does document by document (a third more time).
    fn find_starts(&mut self, threshold: Score) {
        let Batch {
            docs,
            starts,
            before,
            table,
        } = &mut self.batch;
        starts.clear();
        let (rarest, longest) = (&mut self.rarest, self.longest);
        let norms = &self.norms;
        match self.others.split_first_mut() {
            Some((second, others)) => {
                second.for_each_common(docs, threshold, norms, table, |second, found| {
                    let places = found.iter();
                    let places = places.map(|at| (at.place_in_rarest.into(), at.place.into()));
                    rarest.add_common_starts(second, places, longest, starts);
                });
                for word in others {
                    // No more often than the words read so far stand as they should.
                    let cursor = &rarest.cursor;
                    keep_candidates(
                        starts,
                        threshold,
                        |doc, most| cursor.score_of(doc, most, norms),
                        docs,
                    );
                    std::mem::swap(starts, before);
                    starts.clear();
                    let mut before = before.as_slice();
                    word.for_each_common(docs, threshold, norms, table, |word, found| {
                        let places = found.iter().map(|candidate| candidate.place.into());
                        word.keep_starts(places, longest, &mut before, starts);
                    });
                }
            }
            None => {
                let places = docs
                    .iter()
                    .map(|candidate| candidate.place_in_rarest.into());
                rarest.add_starts(places, longest, starts);
            }
        }
        self.keep_those_that_go_on(threshold);
    }

    /// Whether `doc`, which the rarest word has, has the phrase. The error is the first document after it that
    /// another word has, where that word has not this one.
    fn find(&mut self, doc: DocId) -> Result<bool, DocId> {
        let Batch { starts, before, .. } = &mut self.batch;
        let (rarest, longest) = (&mut self.rarest, self.longest);
        starts.clear();
        let mut has_starts = false;
        for word in &mut self.others {
            let found = word.cursor.seek(doc);
            if found != doc {
                return Err(found);
            }
            if !std::mem::replace(&mut has_starts, true) {
                let place = rarest.cursor.place();
                rarest.add_starts(std::iter::once(place), longest, starts);
            }
            std::mem::swap(starts, before);
            starts.clear();
            let place = std::iter::once(word.cursor.place());
            word.keep_starts(place, longest, &mut before.as_slice(), starts);
            if starts.is_empty() {
                return Ok(false);
            }
        }
        if !has_starts {
            let place = rarest.cursor.place();
            rarest.add_starts(std::iter::once(place), longest, starts);
        }
        self.keep_those_that_go_on_in(doc);
        Ok(!self.batch.starts.is_empty())
    }

    /// Of the document in which the phrase was found.
    pub(in crate::engine) fn score_found(&self) -> Score {
        let frequency = u32::try_from(self.batch.starts.len()).unwrap_or(u32::MAX);
        self.rarest
            .cursor
            .score_of(self.doc(), frequency, &self.norms)
    }

    /// Moves on to the next document that has the phrase, if they are not at one.
    pub(in crate::engine) fn settle(&mut self) -> DocId {
        self.is_found = true;
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

/// Makes candidates of the documents of which there are starts, if they score more than the threshold with so many.
#[inline]
pub(super) fn keep_candidates(
    starts: &[u64],
    threshold: Score,
    score: impl Fn(DocId, u32) -> Score,
    docs: &mut Vec<Candidate>,
) {
    docs.clear();
    let may_score =
        |&(doc, most): &(DocId, u32)| threshold <= Score::MIN || score(doc, most) > threshold;
    let found = documents_of(starts).filter(may_score);
    docs.extend(found.map(|(doc, _)| Candidate {
        doc,
        ..Candidate::default()
    }));
}

/// The documents of which there are starts, and how many.
pub(super) fn documents_of(starts: &[u64]) -> impl Iterator<Item = (DocId, u32)> {
    let of_docs = starts.chunk_by(|a, b| a >> 32 == b >> 32);
    of_docs.filter_map(|of_doc| {
        let doc = (of_doc.first()? >> 32) as DocId;
        Some((doc, u32::try_from(of_doc.len()).unwrap_or(u32::MAX)))
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
        self.is_found = false;
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let found = self.rarest.cursor.seek(target);
        if found > target {
            return SeekDangerResult::SeekLowerBound(found);
        }
        match self.find(target) {
            Ok(true) => {
                self.is_found = true;
                SeekDangerResult::Found
            }
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
