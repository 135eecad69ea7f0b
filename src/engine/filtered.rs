//! [`filtered`]: what a query finds, within filters and without what is excluded.
//!
//! The engine moves all clauses from document to document together, and so scores every article that has them all. Here
//! the query passes over what cannot reach the page as it does without filters, and only what would reach it is looked
//! up in them: a fifth to a third of the time, where a filter leaves one article of ten.

use tantivy::query::{
    BooleanQuery, ConstScorer, EmptyScorer, EnableScoring, Explanation, Occur, Query, Scorer,
    TermQuery, Weight, intersect_scorers,
};
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED,
    Term,
};

use super::any::AnyQuery;
use super::clause::{Asked, Clause};
use super::excluded::excluded;
use super::expanded::ExpandedQuery;
use super::explained::explained;
use super::phrase::PhraseQuery;
use super::readings::ReadingsQuery;

/// `query` within all of `wanted`, and in none of `unwanted`; neither has a say in the score.
pub(super) fn filtered(
    query: Box<dyn Query>,
    mut wanted: Vec<Box<dyn Query>>,
    mut unwanted: Vec<Box<dyn Query>>,
) -> Box<dyn Query> {
    if wanted.is_empty() && unwanted.is_empty() {
        return query;
    }
    // Filters around dates and exclusions of the query itself.
    let query = match query.downcast::<FilteredQuery>() {
        Ok(inner) => {
            wanted.extend(inner.wanted);
            unwanted.extend(inner.unwanted);
            inner.query
        }
        Err(other) => other,
    };
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
    fn clauses<'a>(&'a self, reader: &'a SegmentReader) -> tantivy::Result<Option<Clauses<'a>>> {
        let open = |weights: &'a [Box<dyn Weight>]| -> tantivy::Result<Vec<Clause<'a>>> {
            let clauses = weights.iter().map(|weight| Clause::open(&**weight, reader));
            clauses.collect()
        };
        let wanted = open(&self.wanted)?;
        if wanted.iter().any(Clause::is_empty) {
            return Ok(None);
        }
        Ok(Some(Clauses {
            wanted,
            unwanted: open(&self.unwanted)?,
        }))
    }

    /// The query and its filters moved together, from `target` on.
    fn together(
        &self,
        clauses: Clauses<'_>,
        reader: &SegmentReader,
        boost: Score,
        target: DocId,
    ) -> tantivy::Result<Filtered> {
        let mut scorers = vec![self.weight.scorer(reader, boost)?];
        for clause in clauses.wanted {
            // One that is not asked to score says 1.
            let unscored = ConstScorer::new(clause.into_documents()?, 0.0);
            scorers.push(Box::new(unscored));
        }
        let unwanted = clauses.unwanted.into_iter();
        let unwanted = unwanted.map(|clause| Ok(Asked::new(clause.into_documents()?)));
        let mut filtered = Filtered {
            found: intersect_scorers(scorers, reader.max_doc()),
            unwanted: unwanted.collect::<tantivy::Result<_>>()?,
        };
        filtered.seek(target);
        Ok(filtered)
    }
}

impl Weight for FilteredWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(clauses) = self.clauses(reader)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let together = self.together(clauses, reader, boost, 0)?;
        Ok(match together.unwanted.is_empty() {
            true => together.found,
            false => Box::new(together),
        })
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let Some(mut clauses) = self.clauses(reader)? else {
            return Ok(());
        };
        let (mut least, mut next) = (threshold, 0);
        if !clauses.are_rare() {
            let mut is_over = true;
            let see = &mut |doc, score| {
                if clauses.pass(doc) {
                    least = callback(doc, score);
                }
                if clauses.are_rare() {
                    (is_over, next) = (false, doc + 1);
                    // Nothing scores more: the rest is passed over.
                    return Score::MAX;
                }
                least
            };
            self.weight.for_each_pruning(threshold, reader, see)?;
            if is_over {
                return Ok(());
            }
        }
        let mut found = self.together(clauses, reader, 1.0, next)?;
        while found.doc() != TERMINATED {
            let score = found.score();
            if score > least {
                least = callback(found.doc(), score);
            }
            found.advance();
        }
        Ok(())
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let Some(mut clauses) = self.clauses(reader)? else {
            return Ok(());
        };
        if clauses.are_rare() {
            let mut found = self.together(clauses, reader, 1.0, 0)?;
            let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
            loop {
                let count = found.fill_buffer(&mut buffer);
                callback(buffer.get(..count).unwrap_or_default());
                if count < COLLECT_BLOCK_BUFFER_LEN {
                    return Ok(());
                }
            }
        }
        let mut kept = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
        self.weight.for_each_no_score(reader, &mut |docs| {
            kept.clear();
            kept.extend(docs.iter().copied().filter(|doc| clauses.pass(*doc)));
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

/// The filters of one segment.
struct Clauses<'a> {
    wanted: Vec<Clause<'a>>,
    unwanted: Vec<Clause<'a>>,
}

impl Clauses<'_> {
    /// Documents are to be asked for in order.
    #[inline]
    fn pass(&mut self, doc: DocId) -> bool {
        self.wanted.iter_mut().all(|clause| clause.has(doc))
            && !self.unwanted.iter_mut().any(|clause| clause.has(doc))
    }

    /// Whether so few documents are left that the query is looked up in these: the page would be full late or never,
    /// and nothing is passed over before it is.
    #[inline]
    fn are_rare(&self) -> bool {
        self.wanted.iter().any(|clause| clause.is_rare)
    }
}

/// What is found in one segment, document by document.
struct Filtered {
    found: Box<dyn Scorer>,
    unwanted: Vec<Asked>,
}

impl Filtered {
    fn is_unwanted(&mut self, doc: DocId) -> bool {
        self.unwanted.iter_mut().any(|unwanted| unwanted.has(doc))
    }

    /// Moves on from what is excluded.
    fn settle(&mut self) -> DocId {
        let mut doc = self.found.doc();
        while doc != TERMINATED && self.is_unwanted(doc) {
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

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        match self.found.seek_danger(target) {
            SeekDangerResult::Found if self.is_unwanted(target) => {
                SeekDangerResult::SeekLowerBound(target + 1)
            }
            other => other,
        }
    }

    fn doc(&self) -> DocId {
        self.found.doc()
    }

    fn size_hint(&self) -> u32 {
        self.found.size_hint()
    }

    fn cost(&self) -> u64 {
        self.found.cost()
    }
}

impl Scorer for Filtered {
    fn score(&mut self) -> Score {
        self.found.score()
    }
}
