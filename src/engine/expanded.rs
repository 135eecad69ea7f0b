//! [`ExpandedQuery`]: articles that have any of the words that a beginning, a pattern or a typo stands for. All
//! of them score alike.
//!
//! The engine's own makes an automaton of the words for each search, which takes longer than the search.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::dictionary::KnownTerms;
use super::documents::Documents;
use super::explained::explained;

#[derive(Debug, Clone)]
pub(super) struct ExpandedQuery {
    field: Field,
    terms: Vec<Term>,
    score: Score,
    known: KnownTerms,
}

impl ExpandedQuery {
    pub(super) fn new(
        field: Field,
        terms: Vec<Term>,
        score: Score,
        known: &KnownTerms,
    ) -> ExpandedQuery {
        ExpandedQuery {
            field,
            terms,
            score,
            known: known.clone(),
        }
    }

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Documents> {
        let files = self.known.files(reader, self.field)?;
        let mut documents = Documents::new(reader.max_doc());
        for term in &self.terms {
            if let Some(info) = self.known.find(reader, term)? {
                documents.add(&files, &info)?;
            }
        }
        Ok(documents)
    }
}

impl Query for ExpandedQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ExpandedWeight(self.clone())))
    }
}

struct ExpandedWeight(ExpandedQuery);

impl Weight for ExpandedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = Expanded::new(self.0.documents(reader)?, self.0.score * boost);
        Ok(match found.doc {
            TERMINATED => Box::new(EmptyScorer),
            _ => Box::new(found),
        })
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        let score = self.0.score;
        self.for_each_no_score(reader, &mut |docs| {
            docs.iter().for_each(|doc| callback(*doc, score));
        })
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.0.documents(reader)?.for_each(callback);
        Ok(())
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        // Where the page is full of such articles, no other one is better.
        let mut scorer = self.scorer(reader, 1.0)?;
        while scorer.doc() != TERMINATED && self.0.score > threshold {
            threshold = callback(scorer.doc(), self.0.score);
            scorer.advance();
        }
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let documents = self.0.documents(reader)?;
        Ok(documents.count_alive(reader.alive_bitset()))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "any of some words, all alike")
    }
}

/// Documents of one segment, all of which score alike.
pub(super) struct Expanded {
    documents: Documents,
    doc: DocId,
    score: Score,
}

impl Expanded {
    pub(super) fn new(documents: Documents, score: Score) -> Expanded {
        Expanded {
            doc: documents.first_from(0),
            documents,
            score,
        }
    }
}

impl DocSet for Expanded {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.documents.first_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = self.documents.first_from(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.documents.count()
    }
}

impl Scorer for Expanded {
    fn score(&mut self) -> Score {
        self.score
    }
}
