//! The best articles by BM25, found segment by segment.
//!
//! The engine looks for the best of each segment as if it were the only one. Here each segment begins
//! with what the ones before have found: what cannot be better than that is passed over from its first
//! block on.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, Score};

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

/// At most `count` articles, the best first. `count` is not to be more than there are by much: its
/// room is taken at once.
pub(super) fn best(
    dictionary: &Dictionary<'_>,
    query: &dyn Query,
    count: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let searcher = dictionary.searcher;
    let scoring = EnableScoring::enabled_from_statistics_provider(dictionary, searcher);
    let weight = query.weight(scoring)?;
    let mut found: BinaryHeap<Reverse<Scored>> = BinaryHeap::with_capacity(count);
    let mut threshold = Score::MIN;
    // In the order of their addresses: an article as good as the worst one found comes behind it.
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let alive = reader.alive_bitset();
        weight.for_each_pruning(threshold, reader, &mut |document, score| {
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                let scored = Reverse(Scored {
                    score,
                    address: DocAddress::new(segment, document),
                });
                if found.len() < count {
                    found.push(scored);
                } else if let Some(mut worst) = found.peek_mut()
                    && scored < *worst
                {
                    *worst = scored;
                }
                if found.len() == count
                    && let Some(Reverse(worst)) = found.peek()
                {
                    threshold = worst.score;
                }
            }
            threshold
        })?;
    }
    let found = found.into_sorted_vec().into_iter();
    Ok(found
        .map(|Reverse(scored)| (scored.score, scored.address))
        .collect())
}
