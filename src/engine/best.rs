//! The best articles by BM25, found segment by segment.
//!
//! The engine looks for the best of each segment as if it were the only one. Here each segment begins
//! with what the ones before have found: what cannot be better than that is passed over from its first
//! block on.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use super::dictionary::Dictionary;

/// A score and its article, the better one greater: of equal scores, the one that comes first.
#[derive(Clone, Copy, PartialEq)]
struct Scored {
    score: Score,
    address: DocAddress,
}

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Scored) -> Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then_with(|| other.address.cmp(&self.address))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Scored) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best ones seen so far, at most `count`.
struct Best {
    count: usize,
    found: BinaryHeap<Reverse<Scored>>,
}

impl Best {
    /// `count` is not to be more than there are by much: its room is taken at once.
    fn new(count: usize) -> Best {
        Best {
            count,
            found: BinaryHeap::with_capacity(count),
        }
    }

    #[inline]
    fn see(&mut self, score: Score, address: DocAddress) {
        let scored = Reverse(Scored { score, address });
        if self.found.len() < self.count {
            self.found.push(scored);
        } else if let Some(mut worst) = self.found.peek_mut()
            && scored < *worst
        {
            *worst = scored;
        }
    }

    /// What an article must score more than to be among them.
    #[inline]
    fn threshold(&self) -> Score {
        match self.found.peek() {
            Some(Reverse(worst)) if self.found.len() == self.count => worst.score,
            _ => Score::MIN,
        }
    }

    /// The best first.
    fn into_list(self) -> Vec<(Score, DocAddress)> {
        let found = self.found.into_sorted_vec().into_iter();
        found
            .map(|Reverse(scored)| (scored.score, scored.address))
            .collect()
    }
}

/// Articles and their scores, the best first.
type Found = Vec<(Score, DocAddress)>;

/// At most `count` articles, the best first.
pub(super) fn best(
    dictionary: &Dictionary<'_>,
    query: &dyn Query,
    count: usize,
) -> tantivy::Result<Found> {
    let weight = weight(dictionary, query)?;
    let found = look_through(dictionary, count, |threshold, reader, see| {
        weight.for_each_pruning(threshold, reader, see)?;
        Ok(0)
    });
    found.map(|(found, _)| found)
}

/// The same, and how many articles match: nothing is passed over.
pub(super) fn best_and_count(
    dictionary: &Dictionary<'_>,
    query: &dyn Query,
    count: usize,
) -> tantivy::Result<(Found, usize)> {
    let weight = weight(dictionary, query)?;
    look_through(dictionary, count, |mut threshold, reader, see| {
        let alive = reader.alive_bitset();
        let mut total = 0;
        weight.for_each(reader, &mut |document, score| {
            total += usize::from(alive.is_none_or(|alive| alive.is_alive(document)));
            if score > threshold {
                threshold = see(document, score);
            }
        })?;
        Ok(total)
    })
}

/// What is shown of a segment; returns what an article must score more than from then on.
type See<'s> = &'s mut dyn FnMut(DocId, Score) -> Score;

/// Looks at one segment after the other, in the order of their addresses: an article as good as the worst one found
/// comes behind it. `look` is told what an article must score more than, and tells how many match.
fn look_through(
    dictionary: &Dictionary<'_>,
    count: usize,
    mut look: impl FnMut(Score, &SegmentReader, See<'_>) -> tantivy::Result<usize>,
) -> tantivy::Result<(Found, usize)> {
    let mut best = Best::new(count);
    let mut total = 0;
    for (segment, reader) in (0..).zip(dictionary.searcher.segment_readers()) {
        let alive = reader.alive_bitset();
        total += look(best.threshold(), reader, &mut |document, score| {
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                best.see(score, DocAddress::new(segment, document));
            }
            best.threshold()
        })?;
    }
    Ok((best.into_list(), total))
}

fn scoring<'a>(dictionary: &'a Dictionary<'_>) -> EnableScoring<'a> {
    EnableScoring::enabled_from_statistics_provider(dictionary, dictionary.searcher)
}

fn weight(dictionary: &Dictionary<'_>, query: &dyn Query) -> tantivy::Result<Box<dyn Weight>> {
    query.weight(scoring(dictionary))
}
