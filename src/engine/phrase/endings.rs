//! Phrases that end in the beginning of a word: any of the words that begin so follows.
//!
//! Where the other words stand together, each ending is looked for there, and only in documents that may still reach the
//! page: what follows mostly is another word, so that few are looked at once the page is full.

use std::cmp::Reverse;

use tantivy::{DocId, Score};

use super::found::{Batch, Candidate, Phrase, Word, documents_of, keep_candidates};

impl Phrase {
    /// The same, going on with any of these words.
    pub(super) fn with_endings(mut self, distance: u32, endings: Vec<Word>) -> Phrase {
        self.longest = self.longest.max(distance);
        self.endings = Some(endings);
        self
    }

    /// Keeps the starts in the batch behind which one of the endings stands; documents may be left out that do not score
    /// more than the threshold.
    pub(super) fn keep_those_that_go_on(&mut self, threshold: Score) {
        let Some(endings) = &mut self.endings else {
            return;
        };
        let Batch {
            docs,
            starts,
            before,
            table,
        } = &mut self.batch;
        let (cursor, norms, longest) = (&self.rarest.cursor, &self.norms, self.longest);
        let score = |doc, most| cursor.score_of(doc, most, norms);
        keep_candidates(starts, threshold, score, docs);
        std::mem::swap(starts, before);
        let mut counts = Vec::new();
        for ending in endings {
            starts.clear();
            let mut before = before.as_slice();
            ending.for_each_common(docs, Score::MIN, norms, table, |word, found| {
                let places = found.iter().map(Candidate::place);
                word.keep_starts(places, longest, &mut before, starts);
            });
            counts.extend(documents_of(starts));
        }
        keep_most(counts, starts);
    }

    /// The same for one document, of which the starts are.
    pub(super) fn keep_those_that_go_on_in(&mut self, doc: DocId) {
        let Some(endings) = &mut self.endings else {
            return;
        };
        let Batch { starts, before, .. } = &mut self.batch;
        std::mem::swap(starts, before);
        let mut counts = Vec::new();
        for ending in endings {
            starts.clear();
            if ending.cursor.seek(doc) == doc {
                let place = std::iter::once(ending.cursor.place());
                ending.keep_starts(place, self.longest, &mut before.as_slice(), starts);
            }
            counts.extend(documents_of(starts));
        }
        keep_most(counts, starts);
    }
}

/// Makes as many starts in each document as the ending has that has the most there: where each ending is a phrase of its
/// own, the best of them counts too. Where they are no longer matters.
fn keep_most(mut counts: Vec<(DocId, u32)>, starts: &mut Vec<u64>) {
    counts.sort_unstable_by_key(|(doc, count)| (*doc, Reverse(*count)));
    counts.dedup_by_key(|(doc, _)| *doc);
    starts.clear();
    for (doc, count) in counts {
        let first = u64::from(doc) << 32;
        starts.extend((0..count).map(|number| first + u64::from(number)));
    }
}
