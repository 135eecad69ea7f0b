//! `body:` queries over a field that holds title and body together.
//!
//! A separate body field would double the index for a rare query. An article whose text matches and
//! whose title does not, matches in its body; only where both do is the stored body read again.

use std::sync::Arc;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field as EngineField, Value};
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyDocument};

use super::explained::explained;
use crate::snippet::Matcher;
use crate::text::Analyzer;

#[derive(Debug)]
pub(super) struct BodyQuery {
    text: Box<dyn Query>,
    title: Box<dyn Query>,
    check: Arc<Check>,
}

/// What reads a body again.
struct Check {
    matcher: Matcher,
    analyzer: Analyzer,
    field: EngineField,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.matcher.fmt(formatter)
    }
}

impl BodyQuery {
    pub(super) fn new(
        text: Box<dyn Query>,
        title: Box<dyn Query>,
        matcher: Matcher,
        analyzer: Analyzer,
        field: EngineField,
    ) -> BodyQuery {
        BodyQuery {
            text,
            title,
            check: Arc::new(Check {
                matcher,
                analyzer,
                field,
            }),
        }
    }
}

impl Clone for BodyQuery {
    fn clone(&self) -> BodyQuery {
        BodyQuery {
            text: self.text.box_clone(),
            title: self.title.box_clone(),
            check: self.check.clone(),
        }
    }
}

impl Query for BodyQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(BodyWeight {
            text: self.text.weight(scoring)?,
            title: self.title.weight(scoring)?,
            check: self.check.clone(),
        }))
    }
}

struct BodyWeight {
    text: Box<dyn Weight>,
    title: Box<dyn Weight>,
    check: Arc<Check>,
}

impl Weight for BodyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let text = self.text.scorer(reader, boost)?;
        if text.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = BodyScorer {
            text,
            title: self.title.scorer(reader, 1.0)?,
            store: reader.get_store_reader(1)?,
            check: self.check.clone(),
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "in the body")
    }
}

struct BodyScorer {
    text: Box<dyn Scorer>,
    title: Box<dyn Scorer>,
    store: StoreReader,
    check: Arc<Check>,
}

impl BodyScorer {
    /// Moves on from documents that only their title matches.
    fn settle(&mut self) -> DocId {
        let mut doc = self.text.doc();
        while doc != TERMINATED && !self.in_body(doc) {
            doc = self.text.advance();
        }
        doc
    }

    fn in_body(&mut self, doc: DocId) -> bool {
        if self.title.doc() < doc {
            self.title.seek(doc);
        }
        if self.title.doc() != doc {
            return true;
        }
        let Ok(document) = self.store.get::<TantivyDocument>(doc) else {
            return false;
        };
        // The stored text is the title, then the body.
        let body = document.get_all(self.check.field).nth(1);
        let body = body
            .as_ref()
            .and_then(|value| value.as_str())
            .unwrap_or_default();
        self.check.matcher.matches(&self.check.analyzer, body)
    }
}

impl DocSet for BodyScorer {
    fn advance(&mut self) -> DocId {
        self.text.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.text.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.text.doc()
    }

    fn size_hint(&self) -> u32 {
        self.text.size_hint()
    }
}

impl Scorer for BodyScorer {
    fn score(&mut self) -> Score {
        self.text.score()
    }
}
