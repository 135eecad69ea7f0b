//! [`ReadingsQuery`]: articles that have all of some words, each in any of its readings.
//!
//! The engine prunes a search for single terms, but not one in which a word has several (`marche`:
//! the noun or the verb, or `marché` typed without its accent): it then scores every match. This
//! query passes over blocks of documents that cannot reach the page, words with readings or not.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{
    Bm25StatisticsProvider, Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::cursor::Cursor;
use super::dictionary::KnownTerms;
use super::documents::Documents;

/// One document is looked up in the time in which so many are read one after the other.
const SPARSE: u64 = 64;

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
        let scores = Scores::new(self.field, &scoring)?;
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.len());
            for (term, weight) in word {
                readings.push((term.clone(), scores.of(&[term], *weight)?));
            }
            words.push(readings);
        }
        Ok(Box::new(ReadingsWeight {
            field: self.field,
            words,
            known: self.known.clone(),
            average: scores.average,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (term, _) in self.words.iter().flatten() {
            visitor(term, false);
        }
    }
}

/// Makes the BM25 weights of the terms of a field, which share one table of lengths.
pub(super) struct Scores<'a> {
    statistics: Option<&'a dyn Bm25StatisticsProvider>,
    articles: u64,
    /// The average length of the field.
    pub average: Score,
    /// The weight of a term as rare as `unit`.
    base: Bm25Weight,
    unit: f32,
}

impl Scores<'_> {
    pub(super) fn new<'a>(
        field: Field,
        scoring: &EnableScoring<'a>,
    ) -> tantivy::Result<Scores<'a>> {
        let (statistics, articles, average) = match *scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } => {
                let articles = statistics_provider.total_num_docs()?.max(1);
                let tokens = statistics_provider.total_num_tokens(field)?;
                let average = tokens as f32 / articles as f32;
                (Some(statistics_provider), articles, average)
            }
            EnableScoring::Disabled { .. } => (None, 1, 1.0),
        };
        Ok(Scores {
            statistics,
            articles,
            average,
            base: Bm25Weight::for_one_term_without_explain(1, articles, average),
            unit: rarity(1, articles),
        })
    }

    /// The weight of terms together; a dummy where nothing is scored.
    pub(super) fn of(&self, terms: &[&Term], weight: f32) -> tantivy::Result<Bm25Weight> {
        let Some(statistics) = self.statistics else {
            return Ok(self.base.clone());
        };
        let mut idf = 0.0;
        for term in terms {
            idf += rarity(statistics.doc_freq(term)?, self.articles);
        }
        Ok(self.base.boost_by(weight * idf / self.unit))
    }
}

/// BM25's.
fn rarity(having: u64, articles: u64) -> f32 {
    let (articles, having) = (articles as f32, having as f32);
    (1.0 + (articles - having + 0.5).max(0.0) / (having + 0.5)).ln()
}

struct ReadingsWeight {
    field: Field,
    words: Vec<Vec<(Term, Bm25Weight)>>,
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
        Ok(match (found, reader.alive_bitset()) {
            (None, _) => 0,
            (Some(found), None) => found.count(),
            (Some(found), Some(alive)) => found.count_alive(alive),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new("words in any reading", scorer.score()))
    }
}

/// One word in one segment.
struct Word {
    readings: Vec<Cursor>,
    /// The first of the documents at which the readings are.
    doc: DocId,
}

impl Word {
    fn new(readings: Vec<Cursor>) -> Word {
        let mut word = Word { readings, doc: 0 };
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

    fn max_score(&self) -> Score {
        let scores = self.readings.iter().map(Cursor::max_score);
        scores.fold(0.0, Score::max)
    }

    /// What the documents from `doc` to another one may score, both included: the readings are to
    /// [`seek`](Self::seek) after this. The error is the next document, where none is at `doc` or may be.
    #[inline]
    fn bound_from(&mut self, doc: DocId, norms: &FieldNormReader) -> Result<(Score, DocId), DocId> {
        let (mut bound, mut next) = (None, TERMINATED);
        for reading in &mut self.readings {
            match reading.bound_from(doc, norms) {
                Ok((score, last)) => {
                    bound = Some(score.max(bound.unwrap_or_default()));
                    next = next.min(last.saturating_add(1));
                }
                Err(later) => next = next.min(later),
            }
        }
        bound.map(|bound| (bound, next - 1)).ok_or(next)
    }

    /// Collects the documents up to `last` that score more than `least`, where every reading is in one block.
    #[inline]
    fn collect(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<(DocId, Score)>,
    ) {
        for reading in &mut self.readings {
            reading.collect(last, least, norms, found, |_, doc, score| (doc, score));
        }
        if self.readings.len() > 1 {
            found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
            found.dedup_by_key(|(doc, _)| *doc);
        }
    }

    /// Passes by all documents before `target`: the readings are to [pass blocks](Self::pass_blocks) after
    /// this.
    #[inline]
    fn skip(&mut self, target: DocId) {
        for reading in &mut self.readings {
            reading.skip(target);
        }
    }

    /// Moves to the first documents in blocks that have some which may score more than `least`. Readings
    /// move one by one: a document that only the best reading brings to the page is found by that reading.
    #[inline]
    fn pass_blocks(&mut self, least: Score, norms: &FieldNormReader) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            first = first.min(reading.pass_blocks(least, norms));
        }
        self.doc = first;
        first
    }
}

struct Words {
    rarest: Word,
    others: Vec<Word>,
    norms: FieldNormReader,
    /// Documents of the rarest word, and what it scores there.
    found: Vec<(DocId, Score)>,
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
        // Until the page is full, every match is shown, and bounds would tell nothing.
        let mut doc = self.meet();
        while threshold < 0.0 && doc != TERMINATED {
            threshold = callback(doc, self.score());
            doc = self.advance();
        }
        let most_of_others: Score = self.others.iter().map(Word::max_score).sum();
        // What each of the others and all behind it may score.
        let mut bounds = vec![0.0; self.others.len()];
        loop {
            let least = threshold - most_of_others;
            let doc = self.rarest.pass_blocks(least, &self.norms);
            if doc == TERMINATED {
                return;
            }
            match self.window(doc, &mut bounds) {
                Ok((bound, last)) => {
                    if bound > threshold {
                        threshold = self.look_through(last, &bounds, threshold, callback);
                    }
                    self.rarest.skip(last.saturating_add(1));
                }
                // No document before has all words.
                Err(next) => self.rarest.skip(next),
            }
        }
    }

    /// A window of documents in which each word is in one block (block-max AND; Ding & Suel 2011): what they
    /// may score, and the last of them. The error is the next document that may have all words, where `doc`
    /// has not.
    #[inline]
    fn window(&mut self, doc: DocId, bounds: &mut [Score]) -> Result<(Score, DocId), DocId> {
        let (of_rarest, mut last) = self.rarest.bound_from(doc, &self.norms)?;
        let mut behind = 0.0;
        for (other, bound) in self.others.iter_mut().zip(bounds).rev() {
            let (score, last_of_other) = other.bound_from(doc, &self.norms)?;
            behind += score;
            *bound = behind;
            last = last.min(last_of_other);
        }
        Ok((of_rarest + behind, last))
    }

    /// Shows the documents up to `last` that score more than the threshold.
    #[inline]
    fn look_through(
        &mut self,
        last: DocId,
        bounds: &[Score],
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let bound_of_others = bounds.first().copied().unwrap_or_default();
        self.found.clear();
        let least = threshold - bound_of_others;
        self.rarest
            .collect(last, least, &self.norms, &mut self.found);
        let mut next = 0;
        for &(doc, score) in &self.found {
            if doc < next {
                continue;
            }
            let score = add_above(&mut self.others, threshold, doc, score, bounds, &self.norms);
            match score {
                Ok(Some(score)) => threshold = callback(doc, score),
                Ok(None) => {}
                Err(later) => next = later,
            }
        }
        threshold
    }
}

/// Adds the scores of the other words of `doc` to the score of the rarest; `None` where it is not above the
/// threshold. The error is the first document after it that another word has, where that word has not this one.
#[inline]
fn add_above(
    others: &mut [Word],
    threshold: Score,
    doc: DocId,
    mut score: Score,
    bounds: &[Score],
    norms: &FieldNormReader,
) -> Result<Option<Score>, DocId> {
    for (other, bound) in others.iter_mut().zip(bounds) {
        if score + bound <= threshold {
            return Ok(None);
        }
        let found = other.seek(doc);
        if found != doc {
            return Err(found);
        }
        score += other.score(norms);
    }
    Ok((score > threshold).then_some(score))
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
