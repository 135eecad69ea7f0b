//! Phrases that end in the beginning of a word: any of the words that begin so follows.
//!
//! Where the other words stand together, each ending is looked for there, and only in documents that may still reach the
//! page: what follows mostly is another word, so that few are looked at once the page is full.

use tantivy::{DocId, Score};

use super::found::{Batch, Candidate, Phrase, Word, documents_of};

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
        let may_score = |&(doc, most): &(DocId, u32)| {
            threshold <= Score::MIN || cursor.score_of(doc, most, norms) > threshold
        };
        docs.clear();
        docs.extend(
            documents_of(starts)
                .filter(may_score)
                .map(|(doc, _)| Candidate::of(doc)),
        );
        std::mem::swap(starts, before);
        starts.clear();
        for ending in endings {
            let mut before = before.as_slice();
            ending.for_each_common(docs, Score::MIN, norms, table, |word, found| {
                let places = found.iter().map(Candidate::place);
                word.keep_starts(places, longest, &mut before, starts);
            });
        }
        starts.sort_unstable();
        starts.dedup();
    }

    /// The same for one document, of which the starts are.
    pub(super) fn keep_those_that_go_on_in(&mut self, doc: DocId) {
        let Some(endings) = &mut self.endings else {
            return;
        };
        let Batch { starts, before, .. } = &mut self.batch;
        std::mem::swap(starts, before);
        starts.clear();
        for ending in endings {
            if ending.cursor.seek(doc) == doc {
                let place = std::iter::once(ending.cursor.place());
                ending.keep_starts(place, self.longest, &mut before.as_slice(), starts);
            }
        }
        starts.sort_unstable();
        starts.dedup();
    }
}
