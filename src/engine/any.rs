//! [`AnyQuery`]: articles that have any of some terms or words, or match any of some queries, the more and the rarer
//! the better.
//!
//! The engine's own goes from document to document and asks each time which of the terms may be left out
//! (block-max WAND). This one asks once for each window of documents, adds the scores of the terms that may not
//! be left out into a table, and looks the others up for what is left (MaxScore, Turtle & Flood 1995, in the
//! windows of Lucene 9.9's `MaxScoreBulkScorer`): twice as fast for two terms, and more for more.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::all::{Kind, Word};
use super::bm25::{Bm25, Weights};
use super::cursor::{Cursor, WINDOW};
use super::dictionary::KnownTerms;
use super::documents::Documents;
use super::explained::explained;
use super::postings::{PlaceTable, PostingFiles};
use super::readings::{WordQuery, WordWeight};
use super::table::Table;

/// Scores are added with twice the digits, so that the order in which they are makes no difference.
type Sum = f64;

#[derive(Debug)]
pub(super) struct AnyQuery {
    field: Field,
    /// Terms, and what each counts beside the others.
    terms: Vec<(Term, f32)>,
    /// Words that several terms or phrases stand for, the best of which counts; and phrases.
    words: Vec<WordQuery>,
    queries: Vec<Box<dyn Query>>,
    known: KnownTerms,
}

impl Clone for AnyQuery {
    fn clone(&self) -> AnyQuery {
        AnyQuery {
            field: self.field,
            terms: self.terms.clone(),
            words: self.words.clone(),
            queries: self.queries.iter().map(|query| query.box_clone()).collect(),
            known: self.known.clone(),
        }
    }
}

impl AnyQuery {
    pub(super) fn new(
        field: Field,
        terms: Vec<(Term, f32)>,
        words: Vec<WordQuery>,
        queries: Vec<Box<dyn Query>>,
        known: &KnownTerms,
    ) -> AnyQuery {
        AnyQuery {
            field,
            terms,
            words,
            queries,
            known: known.clone(),
        }
    }
}

impl Query for AnyQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = Weights::new(self.field, &scoring)?;
        let mut terms = Vec::with_capacity(self.terms.len());
        for (term, weight) in &self.terms {
            terms.push((term.clone(), weights.of(&[term], *weight)?));
        }
        let words = self.words.iter().map(|word| word.weigh(&weights));
        let queries = self.queries.iter().map(|query| query.weight(scoring));
        Ok(Box::new(AnyWeight {
            field: self.field,
            terms,
            words: words.collect::<tantivy::Result<_>>()?,
            queries: queries.collect::<tantivy::Result<_>>()?,
            known: self.known.clone(),
            average: weights.average,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (term, _) in &self.terms {
            visitor(term, false);
        }
        for word in &self.words {
            word.query_terms(visitor);
        }
        for query in &self.queries {
            query.query_terms(visitor);
        }
    }
}

struct AnyWeight {
    field: Field,
    terms: Vec<(Term, Bm25)>,
    words: Vec<WordWeight>,
    queries: Vec<Box<dyn Weight>>,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
}

impl AnyWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Any> {
        let files = self.known.files(reader, self.field)?;
        let slack = files.slack(self.average);
        let mut found = Vec::with_capacity(self.terms.len());
        for (term, weight) in &self.terms {
            if let Some(info) = self.known.find(reader, term)? {
                found.push((info, weight.boost_by(boost)));
            }
        }
        files.prefetch(found.iter().map(|(info, _)| (info, false)));
        let mut terms = Vec::with_capacity(found.len());
        for (info, weight) in found {
            terms.push(Cursor::new(files.list(&info)?, weight, slack));
        }
        let queries = self.queries.iter().map(|query| query.scorer(reader, boost));
        Ok(Any {
            terms,
            words: self.open_words(reader, &files, boost)?,
            queries: queries.collect::<tantivy::Result<_>>()?,
            doc: 0,
            norms: files.norms().clone(),
        })
    }

    fn open_words(
        &self,
        reader: &SegmentReader,
        files: &PostingFiles,
        boost: Score,
    ) -> tantivy::Result<Vec<Word>> {
        let slack = files.slack(self.average);
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.readings.len());
            for (term, weight) in &word.readings {
                if let Some(info) = self.known.find(reader, term)? {
                    let list = files.list(&info)?;
                    readings.push(Cursor::new(list, weight.boost_by(boost), slack));
                }
            }
            let mut phrases = Vec::with_capacity(word.phrases.len());
            for phrase in &word.phrases {
                phrase.add_to(&mut phrases, reader, boost)?;
            }
            if !(readings.is_empty() && phrases.is_empty()) {
                words.push(Word::new(Kind::Required, readings, phrases, None));
            }
        }
        Ok(words)
    }

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Documents> {
        let files = self.known.files(reader, self.field)?;
        let mut documents = Documents::new(reader.max_doc());
        for (term, _) in &self.terms {
            if let Some(info) = self.known.find(reader, term)? {
                documents.add(&files, &info)?;
            }
        }
        for word in &self.words {
            for (term, _) in &word.readings {
                if let Some(info) = self.known.find(reader, term)? {
                    documents.add(&files, &info)?;
                }
            }
            let mut phrases = Vec::new();
            for phrase in &word.phrases {
                phrase.add_to(&mut phrases, reader, 1.0)?;
            }
            for phrase in &mut phrases {
                let visit = |doc, _| documents.insert(doc);
                phrase.for_each_until(TERMINATED, Score::MIN, visit);
            }
        }
        for query in &self.queries {
            query.for_each_no_score(reader, &mut |docs| {
                docs.iter().for_each(|doc| documents.insert(*doc));
            })?;
        }
        Ok(documents)
    }
}

impl Weight for AnyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut any = self.open(reader, boost)?;
        any.begin();
        Ok(match any.doc {
            TERMINATED => Box::new(EmptyScorer),
            _ => Box::new(any),
        })
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

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.documents(reader)?.for_each(callback);
        Ok(())
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        self.open(reader, 1.0)?.prune(threshold, callback);
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let documents = self.documents(reader)?;
        Ok(documents.count_alive(reader.alive_bitset()))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "any of some words")
    }
}

/// In one segment.
struct Any {
    terms: Vec<Cursor>,
    words: Vec<Word>,
    queries: Vec<Box<dyn Scorer>>,
    /// The first of the documents at which these are, once they are looked through one by one.
    doc: DocId,
    norms: FieldNormReader,
}

/// What may score in a window: a term or a word.
#[derive(Clone, Copy)]
enum Part {
    Term(usize),
    Word(usize),
}

impl Any {
    /// The first document, as far as the terms know: of one that is not asked for a window, the next document is
    /// not known, and may be none.
    fn first(&self) -> DocId {
        self.least(Word::first)
    }

    /// Goes to the first document: they are looked through one by one from then on.
    fn begin(&mut self) {
        self.words.iter_mut().for_each(Word::begin);
        self.doc = self.at();
    }

    /// The first of the documents at which all are.
    fn at(&self) -> DocId {
        self.least(Word::doc)
    }

    fn least(&self, of_word: fn(&Word) -> DocId) -> DocId {
        let of_terms = self.terms.iter().map(Cursor::doc);
        let of_words = self.words.iter().map(of_word);
        let of_queries = self.queries.iter().map(|query| query.doc());
        let of_all = of_terms.chain(of_words).chain(of_queries);
        of_all.fold(TERMINATED, DocId::min)
    }

    /// Shows all documents that score more than the threshold, which the callback raises.
    fn prune(&mut self, mut threshold: Score, callback: &mut dyn FnMut(DocId, Score) -> Score) {
        let end = self.norms.num_docs();
        let mut table: Table<Sum> = Table::default();
        let mut places = PlaceTable::default();
        let mut found = Vec::new();
        // What a word alone has found.
        let mut of_word = Vec::new();
        // The terms and words of a window, and what each scores there at most.
        let mut bounds: Vec<(Sum, Part)> = Vec::with_capacity(self.terms.len() + self.words.len());
        loop {
            let first = self.first();
            if first >= end {
                return;
            }
            let last = first.saturating_add(WINDOW - 1).min(end - 1);
            bounds.clear();
            for (number, term) in self.terms.iter_mut().enumerate() {
                if term.doc() <= last {
                    let bound = term.bound_until(last, &self.norms);
                    bounds.push((bound.into(), Part::Term(number)));
                }
            }
            for (number, word) in self.words.iter_mut().enumerate() {
                if word.first() <= last
                    && let Some(bound) = word.bound(first, last, &self.norms)
                {
                    bounds.push((bound.into(), Part::Word(number)));
                }
            }
            // The strongest first: the last ones may be left out, as far as all of them together bring no
            // document to the page.
            bounds.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));
            let (mut behind, mut count) = (0.0, bounds.len());
            for (bound, _) in bounds.iter().rev() {
                if behind + bound > threshold.into() {
                    break;
                }
                behind += bound;
                count -= 1;
            }
            let (needed, others) = bounds.split_at(count);
            found.clear();
            let least = Sum::from(threshold) - behind;
            // What the queries score is not known before, so that none may be left out.
            let has_query = self.queries.iter().any(|query| query.doc() <= last);
            // A score above `least` is above this.
            let below = (least as Score).next_down();
            if let ([(_, Part::Term(only))], false) = (needed, has_query) {
                if let Some(term) = self.terms.get_mut(*only) {
                    let make = |doc, score| (doc, Sum::from(score));
                    term.collect_until(last, below, &self.norms, &mut found, make);
                }
            } else if let ([(_, Part::Word(only))], false) = (needed, has_query) {
                if let Some(word) = self.words.get_mut(*only) {
                    of_word.clear();
                    word.collect((first, last), below, &self.norms, &mut of_word);
                    let with_sums = of_word.iter().map(|&(doc, score)| (doc, Sum::from(score)));
                    found.extend(with_sums);
                }
            } else if has_query || !needed.is_empty() {
                table.make_room(WINDOW);
                for (_, part) in needed {
                    match part {
                        Part::Term(number) => {
                            if let Some(term) = self.terms.get_mut(*number) {
                                term.for_each_until(last, &self.norms, |doc, score| {
                                    table
                                        .see(doc.wrapping_sub(first), |sum| sum + Sum::from(score));
                                });
                            }
                        }
                        Part::Word(number) => {
                            if let Some(word) = self.words.get_mut(*number) {
                                // What it has alone may be too little, and enough with others.
                                of_word.clear();
                                word.collect((first, last), Score::MIN, &self.norms, &mut of_word);
                                for &(doc, score) in &of_word {
                                    table
                                        .see(doc.wrapping_sub(first), |sum| sum + Sum::from(score));
                                }
                            }
                        }
                    }
                }
                for query in &mut self.queries {
                    while query.doc() <= last {
                        let score = Sum::from(query.score());
                        table.see(query.doc().wrapping_sub(first), |sum| sum + score);
                        query.advance();
                    }
                }
                table.take(first, least, &mut found);
            }
            for (bound, part) in others {
                if found.is_empty() {
                    break;
                }
                behind -= bound;
                let least = Sum::from(threshold) - behind;
                match part {
                    Part::Term(number) => {
                        if let Some(term) = self.terms.get_mut(*number) {
                            term.add_to(&mut found, least, &self.norms, &mut places);
                        }
                    }
                    Part::Word(number) => {
                        if let Some(word) = self.words.get_mut(*number) {
                            word.add_to(&mut found, least, &self.norms, &mut places);
                        }
                    }
                }
            }
            for &(doc, score) in &found {
                if score as Score > threshold {
                    threshold = callback(doc, score as Score);
                }
            }
            for term in &mut self.terms {
                term.approach(last + 1);
            }
            for word in &mut self.words {
                word.approach(last + 1);
            }
        }
    }
}

impl DocSet for Any {
    fn advance(&mut self) -> DocId {
        for term in &mut self.terms {
            if term.doc() == self.doc {
                term.advance();
            }
        }
        for word in &mut self.words {
            if word.doc() == self.doc {
                word.advance();
            }
        }
        for query in &mut self.queries {
            if query.doc() == self.doc {
                query.advance();
            }
        }
        self.doc = self.at();
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for term in &mut self.terms {
            term.seek(target);
        }
        for word in &mut self.words {
            word.seek(target);
        }
        for query in &mut self.queries {
            if query.doc() < target {
                query.seek(target);
            }
        }
        self.doc = self.at();
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let of_terms = self.terms.iter().map(Cursor::documents);
        let of_words = self.words.iter().map(Word::documents);
        let of_queries = self.queries.iter().map(|query| query.size_hint());
        let of_all = of_terms.chain(of_words).chain(of_queries);
        of_all.fold(0, u32::saturating_add)
    }
}

impl Scorer for Any {
    fn score(&mut self) -> Score {
        let mut sum: Sum = 0.0;
        for term in &mut self.terms {
            if term.doc() == self.doc {
                sum += Sum::from(term.score(&self.norms));
            }
        }
        for word in &mut self.words {
            if word.doc() == self.doc {
                sum += Sum::from(word.score(&self.norms));
            }
        }
        for query in &mut self.queries {
            if query.doc() == self.doc {
                sum += Sum::from(query.score());
            }
        }
        sum as Score
    }
}
