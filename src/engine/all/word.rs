//! [`Word`]: one word of several, or any of some words, in one segment.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED};

use super::{Bits, WINDOW};
use crate::engine::cursor::Cursor;
use crate::engine::documents::Documents;
use crate::engine::phrase::Phrase;
use crate::engine::postings::PlaceTable;
use crate::engine::table::Table;

/// What no reading scores.
const NONE: Score = -1.0;
/// One document is looked up in a reading in the time in which so many are scored one after the other.
const DENSE: usize = 2;
/// So few documents are looked up: to clear the table takes longer.
const FEW: usize = 16;

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

impl Kind {
    /// What a document scores that has one reading more.
    #[inline]
    fn put_together(self, before: Score, score: Score) -> Score {
        match self {
            Kind::AnyOf => before + score,
            Kind::Required | Kind::Welcome => before.max(score),
        }
    }
}

/// One word in one segment.
pub(in crate::engine) struct Word {
    kind: Kind,
    readings: Vec<Cursor>,
    /// Other ways to write one word: `porte parole`.
    phrases: Vec<Phrase>,
    /// Its documents, where they were gathered for this search.
    gathered: Option<Documents>,
    /// Whether bits tell which documents have the word.
    has_bits: bool,
    /// The first of the documents at which the readings are.
    doc: DocId,
    /// What it scores, of some documents.
    scores: Vec<Score>,
    /// What some documents must score more than by each reading.
    least: Vec<Score>,
    /// Some documents with scores of fewer digits, or what one reading scores.
    rounded: Vec<(DocId, Score)>,
    /// What the documents of a window score by the readings seen so far.
    table: Table<Score>,
}

impl Word {
    /// Several words have no phrases.
    pub(in crate::engine) fn new(
        kind: Kind,
        readings: Vec<Cursor>,
        phrases: Vec<Phrase>,
        gathered: Option<Documents>,
    ) -> Word {
        debug_assert!(kind != Kind::AnyOf || phrases.is_empty());
        let may_have_bits = phrases.is_empty() && kind != Kind::Welcome;
        let has_bits = gathered.is_some() || readings.iter().all(Cursor::has_bits);
        Word {
            kind,
            readings,
            phrases,
            gathered,
            has_bits: may_have_bits && has_bits,
            doc: 0,
            scores: Vec::new(),
            least: Vec::new(),
            rounded: Vec::new(),
            table: Table::default(),
        }
    }

    pub(super) fn is_welcome(&self) -> bool {
        self.kind == Kind::Welcome
    }

    #[inline]
    pub(in crate::engine) fn doc(&self) -> DocId {
        self.doc
    }

    pub(in crate::engine) fn documents(&self) -> u32 {
        let of_readings = self.readings.iter().map(Cursor::documents);
        let of_phrases = self.phrases.iter().map(Phrase::documents);
        of_readings.chain(of_phrases).fold(0, u32::saturating_add)
    }

    /// What it takes to go through all of them.
    pub(super) fn cost(&self) -> u64 {
        let of_readings = self
            .readings
            .iter()
            .map(|reading| u64::from(reading.documents()));
        of_readings
            .chain(self.phrases.iter().map(Phrase::cost))
            .sum()
    }

    #[inline]
    pub(in crate::engine) fn advance(&mut self) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            if reading.doc() == self.doc {
                reading.advance();
            }
            first = first.min(reading.doc());
        }
        for phrase in &mut self.phrases {
            if !phrase.is_found() {
                phrase.seek(self.doc.saturating_add(1).min(TERMINATED));
            } else if phrase.doc() == self.doc {
                phrase.advance();
            }
            first = first.min(phrase.doc());
        }
        self.doc = first;
        first
    }

    /// Goes to its first document: the words are looked through one by one from then on.
    pub(in crate::engine) fn begin(&mut self) {
        for phrase in &mut self.phrases {
            phrase.settle();
        }
        self.seek(0);
    }

    #[inline]
    pub(in crate::engine) fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            first = first.min(reading.seek(target));
        }
        for phrase in &mut self.phrases {
            if phrase.doc() < target || !phrase.is_found() {
                phrase.seek(target);
            }
            first = first.min(phrase.doc());
        }
        self.doc = first;
        first
    }

    /// The same, but where the word is not in `target`, it may not be in what is returned either: a phrase is not looked
    /// for further.
    pub(super) fn ask(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            first = first.min(reading.seek(target));
        }
        for phrase in &mut self.phrases {
            first = first.min(match phrase.seek_danger(target) {
                SeekDangerResult::Found => target,
                SeekDangerResult::SeekLowerBound(next) => next,
            });
        }
        self.doc = first;
        first
    }

    /// Of the document at hand.
    #[inline]
    pub(in crate::engine) fn score(&mut self, norms: &FieldNormReader) -> Score {
        let mut sum: Score = 0.0;
        for reading in &mut self.readings {
            if reading.doc() == self.doc {
                sum = self.kind.put_together(sum, reading.score(norms));
            }
        }
        for phrase in &self.phrases {
            if phrase.is_found() && phrase.doc() == self.doc {
                sum = self.kind.put_together(sum, phrase.score_found());
            }
        }
        sum
    }

    /// What the documents from `first` to `last` may score; none where the word, if it is not only welcome, is in none of
    /// them. The readings are to [`seek`](Self::seek), or to be asked for such documents, after this.
    pub(in crate::engine) fn bound(
        &mut self,
        first: DocId,
        last: DocId,
        norms: &FieldNormReader,
    ) -> Option<Score> {
        let mut most = self.is_welcome().then_some(0.0);
        for reading in &mut self.readings {
            reading.approach(first);
            if reading.doc() <= last {
                let bound = reading.bound_until(last, norms);
                most = Some(self.kind.put_together(most.unwrap_or_default(), bound));
            }
        }
        for phrase in &mut self.phrases {
            phrase.approach(first);
            if phrase.first() <= last {
                let bound = phrase.bound_until(last);
                most = Some(self.kind.put_together(most.unwrap_or_default(), bound));
            }
        }
        most
    }

    /// What a document up to `last` must score more than by each reading alone, to score more than `least` with all of
    /// them: of several words, what the others may add is taken off.
    fn least_of_each(&mut self, first: DocId, last: DocId, least: Score, norms: &FieldNormReader) {
        self.least.clear();
        if self.kind != Kind::AnyOf {
            self.least.resize(self.readings.len(), least);
            return;
        }
        for reading in &mut self.readings {
            reading.approach(first);
            self.least.push(match reading.doc() <= last {
                true => reading.bound_until(last, norms),
                false => 0.0,
            });
        }
        let sum: Score = self.least.iter().sum();
        // Sums may be rounded either way.
        let margin = sum * self.least.len() as Score * Score::EPSILON;
        for bound in &mut self.least {
            *bound = least - (sum - *bound) - margin;
        }
    }

    /// Collects the documents from `start` up to `last`, at most a [window](WINDOW), that score more than `least`.
    pub(in crate::engine) fn collect(
        &mut self,
        (start, last): (DocId, DocId),
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<(DocId, Score)>,
    ) {
        self.least_of_each(0, last, least, norms);
        if let ([reading], [], [least]) = (
            self.readings.as_mut_slice(),
            self.phrases.as_slice(),
            self.least.as_slice(),
        ) {
            if reading.doc() <= last {
                reading.collect_until(last, *least, norms, found, |doc, score| (doc, score));
            }
            return;
        }
        let (kind, table, of_part) = (self.kind, &mut self.table, &mut self.rounded);
        table.make_room(WINDOW);
        let mut see = |of_part: &mut Vec<(DocId, Score)>| {
            for (doc, score) in of_part.drain(..) {
                table.see(doc.wrapping_sub(start), |sum| kind.put_together(sum, score));
            }
        };
        of_part.clear();
        for (reading, least) in self.readings.iter_mut().zip(&self.least) {
            if reading.doc() <= last {
                reading.collect_until(last, *least, norms, of_part, |doc, score| (doc, score));
                see(of_part);
            }
        }
        for phrase in &mut self.phrases {
            phrase.for_each_until(last, least, |doc, score| of_part.push((doc, score)));
            see(of_part);
        }
        self.table.take(start, least, found);
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
        self.score_each(found, least, norms, places);
        let is_welcome = self.is_welcome();
        // Always written, and kept by counting on: a branch that is right half the time costs more.
        let mut kept = 0;
        for (at, own) in self.scores.iter().enumerate() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            let score = score + own.max(0.0);
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            kept += usize::from(((*own > NONE) | is_welcome) & (score > least));
        }
        found.truncate(kept);
    }

    /// Adds what `found`, documents in order, score by the word to their scores, and keeps those that score more than
    /// `least` with it.
    pub(in crate::engine) fn add_to(
        &mut self,
        found: &mut Vec<(DocId, f64)>,
        least: f64,
        norms: &FieldNormReader,
        places: &mut PlaceTable,
    ) {
        // Rounded so that none is left out which more digits would keep.
        let mut rounded = std::mem::take(&mut self.rounded);
        rounded.clear();
        rounded.extend(
            found
                .iter()
                .map(|(doc, score)| (*doc, (*score as Score).next_up())),
        );
        self.score_each(&rounded, (least as Score).next_down(), norms, places);
        self.rounded = rounded;
        let mut scores = self.scores.iter();
        found.retain_mut(|(_, score)| {
            *score += f64::from(scores.next().map_or(0.0, |own| own.max(0.0)));
            *score > least
        });
    }

    /// What each of `found`, documents in order, scores by the word; [`NONE`] where it has not the word, or cannot score
    /// more than `least` with it.
    fn score_each(
        &mut self,
        found: &[(DocId, Score)],
        least: Score,
        norms: &FieldNormReader,
        places: &mut PlaceTable,
    ) {
        self.scores.clear();
        self.scores.resize(found.len(), NONE);
        let (Some((first, _)), Some((last, _))) = (found.first(), found.last()) else {
            return;
        };
        let span = last.saturating_sub(*first).saturating_add(1);
        if self.are_most(found.len(), span, norms) {
            self.score_all(found, (*first, *last), norms);
        } else {
            self.look_up(found, (*first, *last), least, norms, places);
        }
        let most = found
            .iter()
            .map(|(_, score)| *score)
            .fold(Score::MIN, Score::max);
        for phrase in &mut self.phrases {
            if in_span(phrase.documents().into(), span, norms) >= found.len() as u64 {
                phrase.raise(found, least, &mut self.scores);
                continue;
            }
            // It has fewer: to look for those takes less time than to ask each of these. Sums may be rounded either way.
            phrase.approach(*first);
            let enough = (least - most).next_down();
            phrase.for_each_until(*last, enough, |doc, score| {
                let at = found.binary_search_by_key(&doc, |(doc, _)| *doc);
                if let Some(best) = at.ok().and_then(|at| self.scores.get_mut(at)) {
                    *best = best.max(score);
                }
            });
        }
    }

    /// Whether so many documents, of so many in a row, are told sooner by all documents of the readings there.
    fn are_most(&self, count: usize, span: u32, norms: &FieldNormReader) -> bool {
        let of_readings = self.readings.iter().map(|reading| reading.documents());
        let in_span = in_span(of_readings.map(u64::from).sum(), span, norms);
        count > FEW && (count * self.readings.len() * DENSE) as u64 > in_span
    }

    /// Scores all documents of the readings from `first` to `last`, and keeps what those of `found` score.
    fn score_all(
        &mut self,
        found: &[(DocId, Score)],
        (first, last): (DocId, DocId),
        norms: &FieldNormReader,
    ) {
        let (kind, table) = (self.kind, &mut self.table);
        table.make_room(WINDOW);
        for reading in &mut self.readings {
            reading.approach(first);
            reading.for_each_until(last, norms, |doc, score| {
                let at = doc.wrapping_sub(first);
                table.see(at, |sum| kind.put_together(sum, score));
            });
        }
        for (score, (doc, _)) in self.scores.iter_mut().zip(found) {
            if let Some(own) = table.score(doc.wrapping_sub(first)) {
                *score = own;
            }
        }
        table.clear();
    }

    /// Looks `found` up in the readings, where these may score enough.
    fn look_up(
        &mut self,
        found: &[(DocId, Score)],
        (first, last): (DocId, DocId),
        least: Score,
        norms: &FieldNormReader,
        places: &mut PlaceTable,
    ) {
        self.least_of_each(first, last, least, norms);
        let kind = self.kind;
        for (reading, least) in self.readings.iter_mut().zip(&self.least) {
            // While it is passed by, this is some document before its next one.
            if reading.doc() > last {
                continue;
            }
            let scores = &mut self.scores;
            reading.look_up_all(found, *least, norms, places, |at, score| {
                if let Some(sum) = scores.get_mut(at) {
                    *sum = kind.put_together(sum.max(0.0), score);
                }
            });
        }
    }

    /// Which documents of the window that begins at `start` have the word; none where bits don't tell.
    pub(super) fn bits(&self, start: DocId) -> Option<Bits> {
        if !self.has_bits {
            return None;
        }
        let mut of_window = Bits::none();
        match &self.gathered {
            Some(gathered) => gathered.add_to(start, &mut of_window.0),
            None => {
                for reading in &self.readings {
                    reading.add_bits_to(start, &mut of_window.0);
                }
            }
        }
        Some(of_window)
    }

    /// The first document that the word may have.
    pub(in crate::engine) fn first(&self) -> DocId {
        let of_readings = self.readings.iter().map(Cursor::doc);
        let of_phrases = self.phrases.iter().map(Phrase::first);
        of_readings.chain(of_phrases).fold(TERMINATED, DocId::min)
    }

    /// Passes by all documents before `target`.
    pub(in crate::engine) fn approach(&mut self, target: DocId) {
        for reading in &mut self.readings {
            reading.approach(target);
        }
        for phrase in &mut self.phrases {
            phrase.approach(target);
        }
    }
}

/// How many of a word's documents are among so many in a row, about.
fn in_span(documents: u64, span: u32, norms: &FieldNormReader) -> u64 {
    documents * u64::from(span) / u64::from(norms.num_docs()).max(1)
}
