//! [`ReadingsQuery`]: articles that have all of some words, each in any of its readings.
//!
//! The engine prunes a search for single terms, but not one in which a word has several (`marche`:
//! the noun or the verb, or `marché` typed without its accent): it then scores every match. This
//! query passes over blocks of documents that cannot reach the page, words with readings or not.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::bm25::{Bm25, Weights};
use super::cursor::{Cursor, WINDOW};
use super::dictionary::KnownTerms;
use super::documents::Documents;
use super::explained::explained;
use super::postings::PlaceTable;

/// One document is looked up in the time in which so many are read one after the other.
const SPARSE: u64 = 12;

/// What no reading scores.
const NONE: Score = -1.0;

/// The readings of a word: terms, and what each counts beside the others.
type Readings = Vec<(Term, f32)>;

#[derive(Debug, Clone)]
pub(super) struct ReadingsQuery {
    field: Field,
    words: Vec<Readings>,
    known: KnownTerms,
}

impl ReadingsQuery {
    pub(super) fn new(field: Field, words: Vec<Readings>, known: &KnownTerms) -> ReadingsQuery {
        ReadingsQuery {
            field,
            words,
            known: known.clone(),
        }
    }
}

impl Query for ReadingsQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = Weights::new(self.field, &scoring)?;
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.len());
            for (term, weight) in word {
                readings.push((term.clone(), weights.of(&[term], *weight)?));
            }
            words.push(readings);
        }
        Ok(Box::new(ReadingsWeight {
            field: self.field,
            words,
            known: self.known.clone(),
            average: weights.average,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (term, _) in self.words.iter().flatten() {
            visitor(term, false);
        }
    }
}

struct ReadingsWeight {
    field: Field,
    words: Vec<Vec<(Term, Bm25)>>,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
}

impl ReadingsWeight {
    /// The words of a segment, the rarest first; none where one of them is missing.
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Words>> {
        let files = self.known.files(reader, self.field)?;
        let slack = files.slack(self.average);
        let norms = files.norms().clone();
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.len());
            for (term, weight) in word {
                if let Some(info) = self.known.find(reader, term)? {
                    let weight = weight.boost_by(boost);
                    readings.push(Cursor::new(files.list(&info)?, weight, slack));
                }
            }
            if readings.is_empty() {
                return Ok(None);
            }
            words.push(Word::new(readings));
        }
        words.sort_by_key(Word::documents);
        let mut words = words.into_iter();
        Ok(words.next().map(|rarest| Words {
            rarest,
            others: words.collect(),
            norms,
            found: Vec::new(),
            places: PlaceTable::default(),
        }))
    }
}

impl Weight for ReadingsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(mut words) = self.open(reader, boost)? else {
            return Ok(Box::new(EmptyScorer));
        };
        words.meet();
        Ok(Box::new(words))
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if let Some(mut words) = self.open(reader, 1.0)? {
            words.prune(threshold, callback);
        }
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        if let [word] = self.words.as_slice()
            && let [(term, _)] = word.as_slice()
            && reader.alive_bitset().is_none()
        {
            let info = self.known.find(reader, term)?;
            return Ok(info.map_or(0, |info| info.doc_freq));
        }
        let files = self.known.files(reader, self.field)?;
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.len());
            for (term, _) in word {
                readings.extend(self.known.find(reader, term)?);
            }
            let articles: u64 = readings.iter().map(|info| u64::from(info.doc_freq)).sum();
            words.push((articles, readings));
        }
        words.sort_by_key(|(articles, _)| *articles);
        let mut found: Option<Documents> = None;
        for (articles, readings) in &words {
            match &mut found {
                Some(found) if u64::from(found.count()) * SPARSE < *articles => {
                    let lists = readings.iter().map(|info| files.list(info));
                    found.keep_found(&mut lists.collect::<Result<Vec<_>, _>>()?);
                }
                _ => {
                    let mut having = Documents::new(reader.max_doc());
                    for info in readings {
                        having.add(files.list(info)?);
                    }
                    match &mut found {
                        Some(found) => found.keep_common(&having),
                        None => found = Some(having),
                    }
                }
            }
        }
        Ok(found.map_or(0, |found| found.count_alive(reader.alive_bitset())))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "words in any reading")
    }
}

/// One word in one segment.
struct Word {
    readings: Vec<Cursor>,
    /// The first of the documents at which the readings are.
    doc: DocId,
    /// What its best reading scores, of some documents.
    best: Vec<Score>,
}

impl Word {
    fn new(readings: Vec<Cursor>) -> Word {
        let mut word = Word {
            readings,
            doc: 0,
            best: Vec::new(),
        };
        word.seek(0);
        word
    }

    fn documents(&self) -> u32 {
        let counts = self.readings.iter().map(Cursor::documents);
        counts.fold(0, u32::saturating_add)
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
        self.doc = first;
        first
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            first = first.min(reading.seek(target));
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
        if self.readings.len() > 1 {
            found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
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
        if let [reading] = self.readings.as_mut_slice() {
            reading.keep_common(found, least, norms, places);
            return;
        }
        self.best.clear();
        self.best.resize(found.len(), NONE);
        for reading in &mut self.readings {
            reading.raise(found, least, norms, places, &mut self.best);
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

    /// The first document that the word may have.
    fn first(&self) -> DocId {
        let docs = self.readings.iter().map(Cursor::doc);
        docs.fold(TERMINATED, DocId::min)
    }

    /// Passes by all documents before `target`.
    fn approach(&mut self, target: DocId) {
        for reading in &mut self.readings {
            reading.approach(target);
        }
    }
}

struct Words {
    rarest: Word,
    others: Vec<Word>,
    norms: FieldNormReader,
    /// Documents of the rarest word, and what it scores there.
    found: Vec<(DocId, Score)>,
    places: PlaceTable,
}

impl Words {
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
    fn prune(&mut self, mut threshold: Score, callback: &mut dyn FnMut(DocId, Score) -> Score) {
        let end = self.norms.num_docs();
        let mut bounds = vec![0.0; self.others.len()];
        loop {
            let first = self.rarest.first();
            if first >= end {
                return;
            }
            let last = first.saturating_add(WINDOW - 1).min(end - 1);
            if let Some(bound) = self.bound(first, last, &mut bounds)
                && bound > threshold - self.margin(threshold)
            {
                threshold = self.look_through(last, &bounds, threshold, callback);
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

    /// Shows the documents up to `last` that score more than the threshold.
    ///
    /// All of them at once, word by word: a document that cannot reach the page any more is not looked for in
    /// the words that are left, nor is a block decoded for it that would not bring it there (block-max AND;
    /// Ding & Suel 2011).
    fn look_through(
        &mut self,
        last: DocId,
        bounds: &[Score],
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let margin = self.margin(threshold);
        let found = &mut self.found;
        found.clear();
        let mut behind = bounds.iter().copied();
        let wanted = threshold - margin;
        let least = wanted - behind.next().unwrap_or_default();
        self.rarest.collect(last, least, &self.norms, found);
        for other in &mut self.others {
            if found.is_empty() {
                return threshold;
            }
            let least = wanted - behind.next().unwrap_or_default();
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

impl DocSet for Words {
    fn advance(&mut self) -> DocId {
        self.rarest.advance();
        self.meet()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rarest.seek(target);
        self.meet()
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
