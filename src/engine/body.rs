//! `body:` queries over a field that holds title and body together.
//!
//! A separate body field would double the index for a rare query. An article whose text matches and
//! whose title does not, matches in its body; only where both do is the stored body read again, and that
//! [last](super::filtered): of what would reach the page.

use std::sync::Arc;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field as EngineField;
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use super::clause::Asked;
use super::document::Stored;
use super::explained::explained;
use super::store;
use crate::snippet::Matcher;
use crate::text::Analyzer;

/// Articles in which it is not the title alone that matches: a filter of those whose text does.
#[derive(Debug)]
pub(super) struct InBodyQuery {
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

impl InBodyQuery {
    /// `title` finds the articles whose title matches, `matcher` what matches of a body; `field` holds both.
    pub(super) fn new(
        title: Box<dyn Query>,
        matcher: Matcher,
        analyzer: Analyzer,
        field: EngineField,
    ) -> InBodyQuery {
        InBodyQuery {
            title,
            check: Arc::new(Check {
                matcher,
                analyzer,
                field,
            }),
        }
    }
}

impl Clone for InBodyQuery {
    fn clone(&self) -> InBodyQuery {
        InBodyQuery {
            title: self.title.box_clone(),
            check: self.check.clone(),
        }
    }
}

impl Query for InBodyQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(InBodyWeight {
            title: self.title.weight(scoring)?,
            check: self.check.clone(),
        }))
    }
}

struct InBodyWeight {
    title: Box<dyn Weight>,
    check: Arc<Check>,
}

impl Weight for InBodyWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = InBody {
            title: Asked::new(self.title.scorer(reader, 1.0)?),
            store: store::open(reader)?,
            check: self.check.clone(),
            doc: 0,
            end: reader.max_doc(),
        };
        scorer.settle();
        Ok(match scorer.doc {
            TERMINATED => Box::new(EmptyScorer),
            _ => Box::new(scorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "in the body")
    }
}

/// In one segment.
struct InBody {
    title: Asked,
    store: StoreReader,
    check: Arc<Check>,
    doc: DocId,
    /// Behind the last document.
    end: DocId,
}

impl InBody {
    /// Moves on from documents that only their title matches.
    fn settle(&mut self) -> DocId {
        while self.doc < self.end && !self.has(self.doc) {
            self.doc += 1;
        }
        if self.doc >= self.end {
            self.doc = TERMINATED;
        }
        self.doc
    }

    /// Documents are to be asked for in order.
    fn has(&mut self, doc: DocId) -> bool {
        if !self.title.has(doc) {
            return true;
        }
        let Ok(stored) = self.store.get::<Stored>(doc) else {
            return false;
        };
        // The stored text is the title, then the body.
        let body = stored.values(self.check.field).nth(1).unwrap_or_default();
        self.check.matcher.matches(&self.check.analyzer, body)
    }
}

impl DocSet for InBody {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = target;
            self.settle();
        }
        self.doc
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= self.end {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if !self.has(target) {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        self.doc = target;
        SeekDangerResult::Found
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end
    }

    /// Articles are read for it: it is asked last, and not gone through if that can be helped.
    fn cost(&self) -> u64 {
        const READING: u64 = 1_000;
        u64::from(self.end) * READING
    }
}

impl Scorer for InBody {
    fn score(&mut self) -> Score {
        0.0
    }
}
