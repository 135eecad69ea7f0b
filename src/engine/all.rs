//! [`Words`]: the documents of one segment that have all of some words, each in any of its readings.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED};

use super::cursor::Cursor;
use super::phrase::Phrase;
use super::postings::PlaceTable;

/// How many documents are looked through together. In half of it the bounds of all words are told so often that two to
/// four words take a thirtieth more; in twice as many two words do, for bounds of many documents hold none back.
const WINDOW: DocId = 4_096;

/// Where bits leave one document of so many of a window, these are scored one by one.
const FEW: u32 = 6;

/// What no reading scores.
const NONE: Score = -1.0;

/// One word in one segment.
pub(super) struct Word {
    readings: Vec<Cursor>,
    /// Other ways to write it: `porte parole`.
    phrases: Vec<Phrase>,
    /// Whether bits tell which documents have the word.
    has_bits: bool,
    /// The first of the documents at which the readings are.
    doc: DocId,
    /// What its best reading scores, of some documents.
    best: Vec<Score>,
}

impl Word {
    pub(super) fn new(readings: Vec<Cursor>, phrases: Vec<Phrase>) -> Word {
        Word {
            has_bits: phrases.is_empty() && readings.iter().all(Cursor::has_bits),
            readings,
            phrases,
            doc: 0,
            best: Vec::new(),
        }
    }

    fn documents(&self) -> u32 {
        let of_readings = self.readings.iter().map(Cursor::documents);
        let of_phrases = self.phrases.iter().map(Phrase::documents);
        of_readings.chain(of_phrases).fold(0, u32::saturating_add)
    }

    #[inline]
    fn advance(&mut self) -> DocId {
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
    fn begin(&mut self) {
        for phrase in &mut self.phrases {
            phrase.settle();
        }
        self.seek(0);
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
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

    /// Of the document at hand: the best reading counts, not their sum, for they are one word.
    #[inline]
    fn score(&mut self, norms: &FieldNormReader) -> Score {
        let mut best: Score = 0.0;
        for reading in &mut self.readings {
            if reading.doc() == self.doc {
                best = best.max(reading.score(norms));
            }
        }
        for phrase in &self.phrases {
            if phrase.doc() == self.doc {
                best = best.max(phrase.score_found());
            }
        }
        best
    }

    /// What the documents from `first` to `last` may score; none where the word is in none of them. The
    /// readings are to [`seek`](Self::seek), or to be asked for such documents, after this.
    fn bound(&mut self, first: DocId, last: DocId, norms: &FieldNormReader) -> Option<Score> {
        let mut most = None;
        for reading in &mut self.readings {
            reading.approach(first);
            if reading.doc() <= last {
                let bound = reading.bound_until(last, norms);
                most = Some(bound.max(most.unwrap_or_default()));
            }
        }
        for phrase in &mut self.phrases {
            phrase.approach(first);
            if phrase.first() <= last {
                let bound = phrase.bound_until(last);
                most = Some(bound.max(most.unwrap_or_default()));
            }
        }
        most
    }

    /// Collects the documents up to `last` that score more than `least`.
    fn collect(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<(DocId, Score)>,
    ) {
        for reading in &mut self.readings {
            if reading.doc() <= last {
                reading.collect_until(last, least, norms, found, |doc, score| (doc, score));
            }
        }
        for phrase in &mut self.phrases {
            phrase.for_each_until(last, least, |doc, score| found.push((doc, score)));
        }
        if self.readings.len() + self.phrases.len() > 1 {
            // Each reading is in order by itself, which a stable sort makes use of.
            found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
            found.dedup_by_key(|(doc, _)| *doc);
        }
    }

    /// Keeps those of `found`, in order, that the word has, and that score more than `least` with it.
    fn keep_common(
        &mut self,
        found: &mut Vec<(DocId, Score)>,
        least: Score,
        norms: &FieldNormReader,
        places: &mut PlaceTable,
    ) {
        if let ([reading], []) = (self.readings.as_mut_slice(), self.phrases.as_slice()) {
            reading.keep_common(found, least, norms, places);
            return;
        }
        self.best.clear();
        self.best.resize(found.len(), NONE);
        for reading in &mut self.readings {
            reading.raise(found, least, norms, places, &mut self.best);
        }
        for phrase in &mut self.phrases {
            phrase.raise(found, least, &mut self.best);
        }
        // Always written, and kept by counting on: a branch that is right half the time costs more.
        let mut kept = 0;
        for (at, own) in self.best.iter().enumerate() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            let score = score + own;
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            kept += usize::from((*own > NONE) & (score > least));
        }
        found.truncate(kept);
    }

    /// Which documents of the window that begins at `start` have the word; none where bits don't tell.
    fn bits(&self, start: DocId) -> Option<Bits> {
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
    fn first(&self) -> DocId {
        let of_readings = self.readings.iter().map(Cursor::doc);
        let of_phrases = self.phrases.iter().map(Phrase::first);
        of_readings.chain(of_phrases).fold(TERMINATED, DocId::min)
    }

    /// Passes by all documents before `target`.
    fn approach(&mut self, target: DocId) {
        for reading in &mut self.readings {
            reading.approach(target);
        }
        for phrase in &mut self.phrases {
            phrase.approach(target);
        }
    }
}

/// All words in one segment.
pub(super) struct Words {
    rarest: Word,
    others: Vec<Word>,
    norms: FieldNormReader,
    /// Documents that the words read so far have, and what these score there.
    found: Vec<(DocId, Score)>,
    places: PlaceTable,
}

impl Words {
    /// None where there are no words.
    pub(super) fn new(mut words: Vec<Word>, norms: FieldNormReader) -> Option<Words> {
        words.sort_by_key(Word::documents);
        let mut words = words.into_iter();
        Some(Words {
            rarest: words.next()?,
            others: words.collect(),
            norms,
            found: Vec::new(),
            places: PlaceTable::default(),
        })
    }

    /// Goes to the first document that all words have: they are looked through one by one from then on.
    pub(super) fn begin(&mut self) {
        self.rarest.begin();
        self.others.iter_mut().for_each(Word::begin);
        self.meet();
    }

    /// Moves on to the next document that all words have, if they are not at one.
    fn meet(&mut self) -> DocId {
        'next: loop {
            let doc = self.rarest.doc;
            if doc == TERMINATED {
                return TERMINATED;
            }
            for other in &mut self.others {
                let found = other.seek(doc);
                if found > doc {
                    self.rarest.seek(found);
                    continue 'next;
                }
            }
            return doc;
        }
    }

    /// Shows all documents that score more than the threshold, which the callback raises.
    pub(super) fn prune(
        &mut self,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) {
        let end = self.norms.num_docs();
        let mut bounds = vec![0.0; self.others.len()];
        loop {
            let first = self.rarest.first();
            if first >= end {
                return;
            }
            let start = first / u64::BITS * u64::BITS;
            let last = start.saturating_add(WINDOW - 1).min(end - 1);
            // Before there are enough for the page, none can score too little: a tenth of the time of four words.
            let bound = match threshold > Score::MIN {
                true => self.bound(first, last, &mut bounds),
                false => Some(Score::INFINITY),
            };
            if bound.is_some_and(|bound| bound > threshold - self.margin(threshold)) {
                let window = (start, last);
                threshold = self.look_through(window, &bounds, threshold, callback);
            }
            self.rarest.approach(last + 1);
        }
    }

    /// What the documents from `first` to `last` may score, and each of the other words with all behind it; none
    /// where a word is in none of them.
    fn bound(&mut self, first: DocId, last: DocId, bounds: &mut [Score]) -> Option<Score> {
        let of_rarest = self.rarest.bound(first, last, &self.norms)?;
        let mut behind = 0.0;
        for (other, bound) in self.others.iter_mut().zip(bounds).rev() {
            behind += other.bound(first, last, &self.norms)?;
            *bound = behind;
        }
        Some(of_rarest + behind)
    }

    /// How much the rounding of sums may make of a score that reaches the threshold.
    fn margin(&self, threshold: Score) -> Score {
        let sums = self.others.len() as Score + 1.0;
        threshold.abs() * sums * Score::EPSILON
    }

    /// Shows the documents of a window, from `start` to `last`, that score more than the threshold.
    ///
    /// All of them at once, word by word: a document that cannot reach the page any more is not looked for in
    /// the words that are left, nor is a block decoded for it that would not bring it there (block-max AND;
    /// Ding & Suel 2011). Before any is looked for, bits tell which ones the frequent words have.
    fn look_through(
        &mut self,
        (start, last): (DocId, DocId),
        bounds: &[Score],
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let margin = self.margin(threshold);
        let found = &mut self.found;
        found.clear();
        let mut wanted: Option<Bits> = None;
        for of_word in self.others.iter().filter_map(|other| other.bits(start)) {
            match &mut wanted {
                Some(wanted) => wanted.keep(&of_word),
                None => wanted = Some(of_word),
            }
        }
        let mut behind = bounds.iter().copied();
        let enough = threshold - margin;
        let least = enough - behind.next().unwrap_or_default();
        let mut is_few = false;
        if let Some(wanted) = &mut wanted {
            let of_rarest = self.rarest.bits(start);
            if let Some(of_rarest) = &of_rarest {
                wanted.keep(of_rarest);
            }
            let count = wanted.count();
            if count == 0 {
                return threshold;
            }
            is_few = of_rarest.is_some_and(|of_rarest| count * FEW < of_rarest.count());
        }
        match &wanted {
            Some(wanted) if is_few => {
                wanted.add_to(start, found);
                let places = &mut self.places;
                self.rarest.keep_common(found, least, &self.norms, places);
            }
            _ => {
                self.rarest.collect(last, least, &self.norms, found);
                if let Some(wanted) = &wanted {
                    wanted.keep_found(start, found);
                }
            }
        }
        for other in &mut self.others {
            if found.is_empty() {
                return threshold;
            }
            let least = enough - behind.next().unwrap_or_default();
            other.keep_common(found, least, &self.norms, &mut self.places);
        }
        for &(doc, score) in found.iter() {
            if score > threshold {
                threshold = callback(doc, score);
            }
        }
        threshold
    }
}

/// Documents of a window, one bit each.
struct Bits([u64; WINDOW as usize / 64]);

impl Bits {
    fn none() -> Bits {
        Bits([0; WINDOW as usize / 64])
    }

    #[inline]
    fn keep(&mut self, other: &Bits) {
        for (bits, other) in self.0.iter_mut().zip(&other.0) {
            *bits &= other;
        }
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Adds all of them to `found`, in the window that begins at `start`, before anything is known of their scores.
    fn add_to(&self, start: DocId, found: &mut Vec<(DocId, Score)>) {
        for (first, bits) in (start..).step_by(64).zip(&self.0) {
            let mut rest = *bits;
            while rest != 0 {
                found.push((first + rest.trailing_zeros(), 0.0));
                rest &= rest - 1;
            }
        }
    }

    /// Keeps those of `found` that are among them, in the window that begins at `start`.
    fn keep_found(&self, start: DocId, found: &mut Vec<(DocId, Score)>) {
        let mut kept = 0;
        for at in 0..found.len() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            // The rest tells the compiler that nothing is out of range.
            let bits = self.0[doc.wrapping_sub(start) as usize / 64 % self.0.len()];
            kept += usize::from(bits >> (doc % u64::BITS) & 1 == 1);
        }
        found.truncate(kept);
    }
}

impl DocSet for Words {
    fn advance(&mut self) -> DocId {
        self.rarest.advance();
        self.meet()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rarest.seek(target);
        self.meet()
    }

    /// Only this document is looked for, not the next one that has all words.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let others = self.others.iter_mut();
        for word in std::iter::once(&mut self.rarest).chain(others) {
            let found = word.seek(target);
            if found > target {
                return SeekDangerResult::SeekLowerBound(found);
            }
        }
        SeekDangerResult::Found
    }

    fn doc(&self) -> DocId {
        self.rarest.doc
    }

    fn size_hint(&self) -> u32 {
        self.rarest.documents()
    }
}

impl Scorer for Words {
    fn score(&mut self) -> Score {
        // In the order in which the pruned search adds, so that equal articles stay equal.
        let mut score = self.rarest.score(&self.norms);
        for other in &mut self.others {
            score += other.score(&self.norms);
        }
        score
    }
}
