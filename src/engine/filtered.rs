//! [`filtered`]: what a query finds, within filters and without what is excluded.
//!
//! The engine moves all clauses from document to document together, and so scores every article that has them all. Here
//! the query passes over what cannot reach the page as it does without filters, and only what would reach it is looked
//! up in them.

use tantivy::query::{
    BooleanQuery, EmptyScorer, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery, Weight,
    intersect_scorers,
};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, Term};

use super::any::AnyQuery;
use super::excluded::excluded;
use super::expanded::ExpandedQuery;
use super::explained::explained;
use super::phrase::PhraseQuery;
use super::readings::ReadingsQuery;

/// Where a filter leaves less than one document of so many, the query is looked up in these: there are too few for a
/// page to be full early, and nothing is passed over before it is.
const RARE: u32 = 64;

/// `query` within all of `wanted`, and in none of `unwanted`; neither has a say in the score.
pub(super) fn filtered(
    query: Box<dyn Query>,
    wanted: Vec<Box<dyn Query>>,
    unwanted: Vec<Box<dyn Query>>,
) -> Box<dyn Query> {
    if wanted.is_empty() && unwanted.is_empty() {
        return query;
    }
    if passes_over(&*query) {
        return Box::new(FilteredQuery {
            query,
            wanted,
            unwanted,
        });
    }
    let mut clauses = vec![(Occur::Must, query)];
    clauses.extend(wanted.into_iter().map(|query| (Occur::Must, query)));
    let unwanted = unwanted.into_iter();
    clauses.extend(unwanted.map(|query| (Occur::MustNot, excluded(query))));
    Box::new(BooleanQuery::new(clauses))
}

/// Whether a query passes over articles that cannot reach the page.
fn passes_over(query: &dyn Query) -> bool {
    query.is::<ReadingsQuery>()
        || query.is::<AnyQuery>()
        || query.is::<PhraseQuery>()
        || query.is::<ExpandedQuery>()
        || query.is::<TermQuery>()
}

#[derive(Debug)]
struct FilteredQuery {
    query: Box<dyn Query>,
    wanted: Vec<Box<dyn Query>>,
    unwanted: Vec<Box<dyn Query>>,
}

impl Clone for FilteredQuery {
    fn clone(&self) -> FilteredQuery {
        let all = |queries: &[Box<dyn Query>]| -> Vec<Box<dyn Query>> {
            queries.iter().map(|query| query.box_clone()).collect()
        };
        FilteredQuery {
            query: self.query.box_clone(),
            wanted: all(&self.wanted),
            unwanted: all(&self.unwanted),
        }
    }
}

impl Query for FilteredQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => scoring,
        };
        let all = |queries: &[Box<dyn Query>]| -> tantivy::Result<Vec<_>> {
            queries.iter().map(|query| query.weight(unscored)).collect()
        };
        Ok(Box::new(FilteredWeight {
            weight: self.query.weight(scoring)?,
            wanted: all(&self.wanted)?,
            unwanted: all(&self.unwanted)?,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
        for query in self.wanted.iter().chain(&self.unwanted) {
            query.query_terms(visitor);
        }
    }
}

struct FilteredWeight {
    weight: Box<dyn Weight>,
    wanted: Vec<Box<dyn Weight>>,
    unwanted: Vec<Box<dyn Weight>>,
}

impl FilteredWeight {
    /// None where a filter leaves nothing.
    fn filters(&self, reader: &SegmentReader) -> tantivy::Result<Option<Filters>> {
        let mut filters = Filters {
            wanted: Vec::with_capacity(self.wanted.len()),
            unwanted: Vec::with_capacity(self.unwanted.len()),
        };
        for weight in &self.wanted {
            let documents = weight.scorer(reader, 1.0)?;
            if documents.doc() == TERMINATED {
                return Ok(None);
            }
            filters.wanted.push(Wanted::new(documents));
        }
        for weight in &self.unwanted {
            filters.unwanted.push(weight.scorer(reader, 1.0)?);
        }
        Ok(Some(filters))
    }

    /// The query and its filters, moved together.
    fn together(
        &self,
        filters: Filters,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Filtered> {
        let mut scorers = vec![self.weight.scorer(reader, boost)?];
        scorers.extend(filters.wanted.into_iter().map(|wanted| wanted.documents));
        let mut filtered = Filtered {
            found: intersect_scorers(scorers, reader.max_doc()),
            unwanted: filters.unwanted,
        };
        filtered.settle();
        Ok(filtered)
    }
}

impl Weight for FilteredWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.filters(reader)? {
            Some(filters) => Box::new(self.together(filters, reader, boost)?),
            None => Box::new(EmptyScorer),
        })
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let Some(mut filters) = self.filters(reader)? else {
            return Ok(());
        };
        let mut least = threshold;
        if filters.are_rare(reader) {
            let mut found = self.together(filters, reader, 1.0)?;
            while found.doc() != TERMINATED {
                let score = found.score();
                if score > least {
                    least = callback(found.doc(), score);
                }
                found.advance();
            }
            return Ok(());
        }
        let see = &mut |doc, score| {
            if filters.pass(doc) {
                least = callback(doc, score);
            }
            least
        };
        self.weight.for_each_pruning(threshold, reader, see)
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let Some(mut filters) = self.filters(reader)? else {
            return Ok(());
        };
        let mut kept = Vec::new();
        self.weight.for_each_no_score(reader, &mut |docs| {
            kept.clear();
            kept.extend(docs.iter().copied().filter(|doc| filters.pass(*doc)));
            callback(&kept);
        })
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let alive = reader.alive_bitset();
        let mut count = 0;
        self.for_each_no_score(reader, &mut |docs| {
            count += match alive {
                None => docs.len(),
                Some(alive) => docs.iter().filter(|doc| alive.is_alive(**doc)).count(),
            };
        })?;
        // There are no more than documents.
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "within filters")
    }
}

/// The filters of one segment, asked forwards.
struct Filters {
    wanted: Vec<Wanted>,
    unwanted: Vec<Box<dyn Scorer>>,
}

impl Filters {
    /// Documents are to be asked for in order.
    #[inline]
    fn pass(&mut self, doc: DocId) -> bool {
        self.wanted.iter_mut().all(|wanted| wanted.has(doc)) && !has_any(&mut self.unwanted, doc)
    }

    fn are_rare(&self, reader: &SegmentReader) -> bool {
        let sizes = self
            .wanted
            .iter()
            .map(|wanted| wanted.documents.size_hint());
        sizes
            .min()
            .is_some_and(|least| least < reader.max_doc() / RARE)
    }
}

/// Whether one of them has a document; they are asked forwards.
#[inline]
fn has_any(unwanted: &mut [Box<dyn Scorer>], doc: DocId) -> bool {
    unwanted.iter_mut().any(|unwanted| {
        let at = unwanted.doc();
        at == doc || at < doc && unwanted.seek(doc) == doc
    })
}

/// One filter.
struct Wanted {
    documents: Box<dyn Scorer>,
    /// The last document that it was found to have.
    found: DocId,
    /// Behind that one, it has none before this one.
    next: DocId,
}

impl Wanted {
    fn new(documents: Box<dyn Scorer>) -> Wanted {
        let first = documents.doc();
        Wanted {
            documents,
            found: first,
            next: first,
        }
    }

    /// Only this one is looked for, not the next one behind it: of dates, the value of one article is read.
    #[inline]
    fn has(&mut self, doc: DocId) -> bool {
        if doc == self.found {
            return true;
        }
        if doc < self.next {
            return false;
        }
        match self.documents.seek_danger(doc) {
            SeekDangerResult::Found => {
                self.found = doc;
                true
            }
            SeekDangerResult::SeekLowerBound(next) => {
                self.next = next;
                false
            }
        }
    }
}

/// What is found in one segment, document by document.
struct Filtered {
    found: Box<dyn Scorer>,
    unwanted: Vec<Box<dyn Scorer>>,
}

impl Filtered {
    /// Moves on from what is excluded.
    fn settle(&mut self) -> DocId {
        let mut doc = self.found.doc();
        while doc != TERMINATED && has_any(&mut self.unwanted, doc) {
            doc = self.found.advance();
        }
        doc
    }
}

impl DocSet for Filtered {
    fn advance(&mut self) -> DocId {
        self.found.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.found.doc() < target {
            self.found.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.found.doc()
    }

    fn size_hint(&self) -> u32 {
        self.found.size_hint()
    }
}

impl Scorer for Filtered {
    fn score(&mut self) -> Score {
        self.found.score()
    }
}
