//! Which part of the list of an answer is wanted, and what of it is shown.

use tantivy::collector::Count;
use tantivy::query::{EnableScoring, Query as EngineQuery};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED};

use super::facets::Counting;
use super::fingerprint::{Fingerprints, Shown};
use super::order::{self, InOrder, Order};
use super::{Core, Place, failure};
use crate::answer::FacetCounts;
use crate::error::Result;
use crate::query::{Cursor, Search};

/// The exact total, and the facets that were asked.
pub(crate) type Counts = (usize, Vec<FacetCounts>);

/// The part of the list that is wanted, of one search of one view.
pub(super) struct Page<'a> {
    core: &'a Core,
    searcher: &'a Searcher,
    search: &'a Search,
    /// Where the list begins: at a cursor, for orders that can begin there.
    from: Option<Cursor>,
    /// How many places of the list to pass over, and how many to show.
    pub skip: usize,
    pub limit: usize,
    /// The rank of the first one shown, in the whole answer.
    pub first_rank: usize,
    fingerprints: Option<Fingerprints>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        core: &'a Core,
        searcher: &'a Searcher,
        search: &'a Search,
    ) -> Result<Page<'a>> {
        let cursor = search.cursor();
        if let Some(cursor) = cursor {
            order::check(cursor, searcher)?;
        }
        let (offset, limit) = search.page();
        let before = cursor.map_or(0, |cursor| cursor.rank as usize + 1);
        let first_rank = before.saturating_add(offset);
        // What is folded depends on all that comes before, and relevance is ranked from the top.
        let begins_anywhere = Order::of(search.order()).is_some() && !search.collapses();
        let fingerprints = match search.collapses() {
            true => Some(Fingerprints::open(core, searcher)?),
            false => None,
        };
        let (skip, limit) = match cursor {
            None => (offset, limit),
            Some(_) if begins_anywhere => (offset, limit),
            Some(_) => {
                // The list ends there, and endless scrolling with it.
                let skip = first_rank.min(Search::MAX_DEPTH);
                (skip, limit.min(Search::MAX_DEPTH - skip))
            }
        };
        Ok(Page {
            core,
            searcher,
            search,
            from: cursor.filter(|_| begins_anywhere),
            skip,
            limit,
            first_rank,
            fingerprints,
        })
    }

    /// How many places of the list are needed to show the page.
    pub(super) fn depth(&self) -> usize {
        self.skip.saturating_add(self.limit)
    }

    /// The first `count` places of an order, counting in the same pass where that is wanted.
    pub(super) fn in_order(
        &self,
        query: &dyn EngineQuery,
        order: Order,
        count: usize,
        counts: &mut Option<Counts>,
    ) -> Result<Vec<Place>> {
        let collector = InOrder::new(self.core, self.searcher, order, count, self.from)?;
        let engine = |error| failure("searching", &self.core.place, error);
        let found = if counts.is_none() && !self.search.facets().is_empty() {
            let collector = (collector, self.counting());
            let (found, counted) = self.searcher.search(query, &collector).map_err(engine)?;
            *counts = Some(counted);
            found
        } else {
            self.searcher.search(query, &collector).map_err(engine)?
        };
        let place = |(_, address)| Place::new(0.0, address, false);
        Ok(found.into_iter().map(place).collect())
    }

    fn counting(&self) -> Counting<'a> {
        Counting {
            facets: self.search.facets(),
        }
    }

    /// What is counted of all matches, unless it is there already.
    pub(super) fn count(
        &self,
        query: &dyn EngineQuery,
        counts: Option<Counts>,
    ) -> Result<Option<Counts>> {
        let engine = |error| failure("counting", &self.core.place, error);
        match counts {
            // A count without facets is of no use where facets are asked.
            Some(counts) if counts.1.len() == self.search.facets().len() => Ok(Some(counts)),
            _ if !self.search.facets().is_empty() => {
                let counted = self.searcher.search(query, &self.counting());
                counted.map(Some).map_err(engine)
            }
            _ if self.search.counts_total() => {
                let total = self.searcher.search(query, &Count).map_err(engine)?;
                Ok(Some((total, Vec::new())))
            }
            _ => Ok(None),
        }
    }

    /// Folds near duplicates into the first of them, where that is asked.
    pub(super) fn fold(&self, places: Vec<Place>) -> Vec<Place> {
        let Some(fingerprints) = &self.fingerprints else {
            return places;
        };
        let mut shown = Shown::default();
        let mut kept: Vec<Place> = Vec::with_capacity(places.len());
        for place in places {
            let address: DocAddress = place.address;
            match shown.find_or_add(fingerprints.get(address)) {
                Some(first) => {
                    if let Some(first) = kept.get_mut(first) {
                        first.duplicates += 1;
                    }
                }
                None => kept.push(place),
            }
        }
        kept
    }

    /// How many places to look at next, where those looked at were folded into too few: none where
    /// there are no more, or enough.
    pub(super) fn next_depth(&self, looked: usize, wanted: usize, kept: usize) -> Option<usize> {
        const MOST: usize = 4 * Search::MAX_DEPTH;
        let goes_on =
            self.fingerprints.is_some() && kept < self.depth() && looked >= wanted && wanted < MOST;
        goes_on.then(|| wanted.saturating_mul(2).max(looked + 1).min(MOST))
    }
}

/// How many articles match, counted no further than `most`.
pub(crate) fn count_up_to(
    core: &Core,
    searcher: &Searcher,
    query: &dyn EngineQuery,
    most: usize,
) -> Result<usize> {
    let count = || -> tantivy::Result<usize> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut found = 0;
        for segment in searcher.segment_readers() {
            if found >= most {
                break;
            }
            let mut matches = weight.scorer(segment, 1.0)?;
            let mut document = matches.doc();
            while document != TERMINATED && found < most {
                found += usize::from(!segment.is_deleted(document));
                document = matches.advance();
            }
        }
        Ok(found)
    };
    count().map_err(|error| failure("counting", &core.place, error))
}
