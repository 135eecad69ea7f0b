//! [`Word`]: one word of several, or any of some words, in one segment.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use super::Bits;
use crate::engine::cursor::Cursor;
use crate::engine::phrase::Phrase;
use crate::engine::postings::PlaceTable;

/// What no reading scores.
const NONE: Score = -1.0;

/// What the readings of a word are to each other, and the word to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Kind {
    /// One word: the best reading counts, not their sum.
    Required,
    /// Any of several words: what they score is added up.
    AnyOf,
    /// As one word, but documents without it are found too.
    Welcome,
}

/// One word in one segment.
pub(in crate::engine) struct Word {
    kind: Kind,
    readings: Vec<Cursor>,
    /// Other ways to write it: `porte parole`.
    phrases: Vec<Phrase>,
    /// Whether bits tell which documents have the word.
    has_bits: bool,
    /// The first of the documents at which the readings are.
    doc: DocId,
    /// What it scores, of some documents.
    scores: Vec<Score>,
    /// What each of several words scores at most, of some documents.
    bounds: Vec<Score>,
}

impl Word {
    pub(in crate::engine) fn new(kind: Kind, readings: Vec<Cursor>, phrases: Vec<Phrase>) -> Word {
        let has_bits = phrases.is_empty() && readings.iter().all(Cursor::has_bits);
        Word {
            kind,
            has_bits: has_bits && kind != Kind::Welcome,
            readings,
            phrases,
            doc: 0,
            scores: Vec::new(),
            bounds: Vec::new(),
        }
    }

    pub(super) fn is_welcome(&self) -> bool {
        self.kind == Kind::Welcome
    }

    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.doc
    }

    /// Of a document that has some readings: their scores one after the other.
    #[inline]
    fn put_together(&self, before: Score, score: Score) -> Score {
        match self.kind {
            Kind::AnyOf => before + score,
            Kind::Required | Kind::Welcome => before.max(score),
        }
    }

    pub(super) fn documents(&self) -> u32 {
        let of_readings = self.readings.iter().map(Cursor::documents);
        let of_phrases = self.phrases.iter().map(Phrase::documents);
        of_readings.chain(of_phrases).fold(0, u32::saturating_add)
    }

    #[inline]
    pub(super) fn advance(&mut self) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            if reading.doc() == self.doc {
                reading.advance();
            }
            first = first.min(reading.doc());
        }
        for phrase in &mut self.phrases {
            if phrase.doc() == self.doc {
                phrase.advance();
            }
            first = first.min(phrase.doc());
        }
        self.doc = first;
        first
    }

    /// Goes to its first document: the words are looked through one by one from then on.
    pub(super) fn begin(&mut self) {
        for phrase in &mut self.phrases {
            phrase.settle();
        }
        self.seek(0);
    }

    #[inline]
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            first = first.min(reading.seek(target));
        }
        for phrase in &mut self.phrases {
            if phrase.doc() < target {
                phrase.seek(target);
            }
            first = first.min(phrase.doc());
        }
        self.doc = first;
        first
    }

    /// Of the document at hand.
    #[inline]
    pub(super) fn score(&mut self, norms: &FieldNormReader) -> Score {
        let mut sum: Score = 0.0;
        for at in 0..self.readings.len() {
            if let Some(reading) = self.readings.get_mut(at)
                && reading.doc() == self.doc
            {
                let score = reading.score(norms);
                sum = self.put_together(sum, score);
            }
        }
        for phrase in &self.phrases {
            if phrase.doc() == self.doc {
                sum = self.put_together(sum, phrase.score_found());
            }
        }
        sum
    }

    /// What the documents from `first` to `last` may score; none where the word, if it is not only welcome, is in none of
    /// them. The readings are to [`seek`](Self::seek), or to be asked for such documents, after this.
    pub(super) fn bound(
        &mut self,
        first: DocId,
        last: DocId,
        norms: &FieldNormReader,
    ) -> Option<Score> {
        let mut most = self.is_welcome().then_some(0.0);
        for at in 0..self.readings.len() {
            if let Some(reading) = self.readings.get_mut(at) {
                reading.approach(first);
                if reading.doc() <= last {
                    let bound = reading.bound_until(last, norms);
                    most = Some(self.put_together(most.unwrap_or_default(), bound));
                }
            }
        }
        for at in 0..self.phrases.len() {
            if let Some(phrase) = self.phrases.get_mut(at) {
                phrase.approach(first);
                if phrase.first() <= last {
                    let bound = phrase.bound_until(last);
                    most = Some(self.put_together(most.unwrap_or_default(), bound));
                }
            }
        }
        most
    }

    /// What a document up to `last` must score more than by each reading alone, to score more than `least` with all of
    /// them: of several words, what the others may add is taken off.
    fn least_of_each(&mut self, first: DocId, last: DocId, least: Score, norms: &FieldNormReader) {
        self.bounds.clear();
        if self.kind != Kind::AnyOf {
            self.bounds.resize(self.readings.len(), least);
            return;
        }
        for reading in &mut self.readings {
            reading.approach(first);
            self.bounds.push(match reading.doc() <= last {
                true => reading.bound_until(last, norms),
                false => 0.0,
            });
        }
        let sum: Score = self.bounds.iter().sum();
        // Sums may be rounded either way.
        let margin = sum * self.bounds.len() as Score * Score::EPSILON;
        for bound in &mut self.bounds {
            *bound = least - (sum - *bound) - margin;
        }
    }

    /// Collects the documents up to `last` that score more than `least`.
    pub(super) fn collect(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<(DocId, Score)>,
    ) {
        self.least_of_each(0, last, least, norms);
        for (reading, least) in self.readings.iter_mut().zip(&self.bounds) {
            if reading.doc() <= last {
                reading.collect_until(last, *least, norms, found, |doc, score| (doc, score));
            }
        }
        for phrase in &mut self.phrases {
            phrase.for_each_until(last, least, |doc, score| found.push((doc, score)));
        }
        if self.readings.len() + self.phrases.len() > 1 {
            // Each reading is in order by itself, which a stable sort makes use of.
            found.sort_by_key(|(doc, _)| *doc);
            let kind = self.kind;
            found.dedup_by(|(doc, score), (kept, sum)| {
                let is_same = doc == kept;
                if is_same {
                    *sum = match kind {
                        Kind::AnyOf => *sum + *score,
                        Kind::Required | Kind::Welcome => sum.max(*score),
                    };
                }
                is_same
            });
        }
    }

    /// Keeps those of `found`, in order, that the word has, if it is not only welcome, and that score more than `least`
    /// with it.
    pub(super) fn keep_common(
        &mut self,
        found: &mut Vec<(DocId, Score)>,
        least: Score,
        norms: &FieldNormReader,
        places: &mut PlaceTable,
    ) {
        if let ([reading], [], false) = (
            self.readings.as_mut_slice(),
            self.phrases.as_slice(),
            self.kind == Kind::Welcome,
        ) {
            reading.keep_common(found, least, norms, places);
            return;
        }
        let (Some((first, _)), Some((last, _))) = (found.first(), found.last()) else {
            return;
        };
        self.least_of_each(*first, *last, least, norms);
        self.scores.clear();
        self.scores.resize(found.len(), NONE);
        for (reading, least) in self.readings.iter_mut().zip(&self.bounds) {
            let scores = &mut self.scores;
            match self.kind {
                Kind::AnyOf => reading.look_up_all(found, *least, norms, places, |at, score| {
                    if let Some(sum) = scores.get_mut(at) {
                        *sum = sum.max(0.0) + score;
                    }
                }),
                Kind::Required | Kind::Welcome => {
                    reading.look_up_all(found, *least, norms, places, |at, score| {
                        if let Some(best) = scores.get_mut(at) {
                            *best = best.max(score);
                        }
                    });
                }
            }
        }
        for phrase in &mut self.phrases {
            phrase.raise(found, least, &mut self.scores);
        }
        let without = match self.kind {
            Kind::Welcome => 0.0,
            Kind::Required | Kind::AnyOf => Score::MIN,
        };
        // Always written, and kept by counting on: a branch that is right half the time costs more.
        let mut kept = 0;
        for (at, own) in self.scores.iter().enumerate() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            let is_here = *own > NONE;
            let score = score + if is_here { *own } else { without };
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            kept += usize::from((is_here | (without == 0.0)) & (score > least));
        }
        found.truncate(kept);
    }

    /// Which documents of the window that begins at `start` have the word; none where bits don't tell.
    pub(super) fn bits(&self, start: DocId) -> Option<Bits> {
        if !self.has_bits {
            return None;
        }
        let mut of_window = Bits::none();
        for reading in &self.readings {
            reading.add_bits_to(start, &mut of_window.0);
        }
        Some(of_window)
    }

    /// The first document that the word may have.
    pub(super) fn first(&self) -> DocId {
        let of_readings = self.readings.iter().map(Cursor::doc);
        let of_phrases = self.phrases.iter().map(Phrase::first);
        of_readings.chain(of_phrases).fold(TERMINATED, DocId::min)
    }

    /// Passes by all documents before `target`.
    pub(super) fn approach(&mut self, target: DocId) {
        for reading in &mut self.readings {
            reading.approach(target);
        }
        for phrase in &mut self.phrases {
            phrase.approach(target);
        }
    }
}
