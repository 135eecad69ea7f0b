//! [`Cursor`]: the postings of one term, with what each block can score.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score};

use super::postings::{BLOCK, PostingList};

/// How many documents a search for several words looks through together: a table of their scores stays in the
/// fastest cache, and what a word may score among them is told by a few blocks.
pub(super) const WINDOW: DocId = 2_048;

/// Moves forwards through the documents of a term, and passes over whole blocks that cannot score enough
/// without decoding them (block-max; Ding & Suel 2011).
pub(super) struct Cursor {
    list: Box<PostingList>,
    weight: Bm25Weight,
    slack: Score,
    bound: Score,
    /// The last document of the block that the bound is of.
    bounded: Option<DocId>,
}

impl Cursor {
    /// `slack` is [that of the segment](super::postings::PostingFiles::slack).
    pub(super) fn new(list: Box<PostingList>, weight: Bm25Weight, slack: Score) -> Cursor {
        Cursor {
            list,
            weight,
            slack,
            bound: 0.0,
            bounded: None,
        }
    }

    /// The document at hand; while it is [passed by](Self::bound_from), some document before the next one.
    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.list.doc()
    }

    /// How many documents have the term, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.list.documents()
    }

    #[inline]
    pub(super) fn score(&mut self, norms: &FieldNormReader) -> Score {
        let frequency = self.list.frequency();
        self.score_of(self.doc(), frequency, norms)
    }

    /// The score of a document if it had the term so often.
    #[inline]
    pub(super) fn score_of(&self, doc: DocId, frequency: u32, norms: &FieldNormReader) -> Score {
        self.weight.score(norms.fieldnorm_id(doc), frequency)
    }

    #[inline]
    pub(super) fn advance(&mut self) -> DocId {
        self.list.advance()
    }

    /// Moves to the first document that is not before `target`.
    #[inline]
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        self.list.seek(target)
    }

    /// No document of the block at hand scores more.
    #[inline]
    fn bound(&mut self, norms: &FieldNormReader) -> Score {
        let last = self.list.last_of_block();
        if self.bounded != Some(last) {
            self.bound = self.list.most(&self.weight, norms) * self.slack;
            self.bounded = Some(last);
        }
        self.bound
    }

    /// No document from the one at hand up to `last` scores more.
    pub(super) fn bound_until(&mut self, last: DocId, norms: &FieldNormReader) -> Score {
        match last <= self.list.last_of_block() {
            true => self.bound(norms),
            false => self.list.most_until(last, &self.weight) * self.slack,
        }
    }

    /// Shows the documents from the one at hand up to `last`, and what they score. The cursor has to
    /// [`approach`](Self::approach) what is behind `last` after this.
    #[inline]
    pub(super) fn for_each_until(
        &mut self,
        last: DocId,
        norms: &FieldNormReader,
        mut visit: impl FnMut(DocId, Score),
    ) {
        while self.list.settle() <= last {
            let (_, docs, frequencies) = self.list.up_to(last);
            for (&doc, &frequency) in docs.iter().zip(frequencies) {
                visit(doc, self.weight.score(norms.fieldnorm_id(doc), frequency));
            }
            if self.list.last_of_block() >= last || !self.list.skip_block() {
                return;
            }
        }
    }

    /// Adds what `make` makes of the documents from the one at hand up to `last` that score more than `least`,
    /// and of their scores. The cursor has to [`approach`](Self::approach) what is behind `last` after this.
    #[inline]
    pub(super) fn collect_until<T: Copy + Default>(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<T>,
        make: impl Fn(DocId, Score) -> T,
    ) {
        loop {
            if self.bound(norms) > least && self.list.settle() <= last {
                self.collect(last, least, norms, found, |_, doc, score| make(doc, score));
            }
            if self.list.last_of_block() >= last || !self.list.skip_block() {
                return;
            }
        }
    }

    /// Raises `best`, one for each of `found`, documents in order, to what they score by this term. Those are left
    /// out that cannot score more than `least` with it, and blocks that have only such are not decoded.
    #[inline]
    pub(super) fn raise(
        &mut self,
        found: &[(DocId, Score)],
        least: Score,
        norms: &FieldNormReader,
        best: &mut [Score],
    ) {
        let (mut known_to, mut bound) = (None, 0.0);
        for (&(doc, score), best) in found.iter().zip(best) {
            if known_to.is_none_or(|last| last < doc) {
                self.list.skip(doc);
                known_to = Some(self.list.last_of_block());
                bound = self.bound(norms);
            }
            if score + bound > least {
                let (place, is_here) = self.list.place_of(doc);
                if is_here {
                    *best = best.max(self.score_at(place, doc, norms));
                }
            }
        }
    }

    /// Adds what `found`, documents in order, score by this term, and keeps those that score more than `least`
    /// with it. Blocks in which it makes no difference are not decoded. The cursor stays where it is.
    pub(super) fn add_to(
        &mut self,
        found: &mut Vec<(DocId, f64)>,
        least: f64,
        norms: &FieldNormReader,
    ) {
        let (mut kept, mut known_to) = (0, None);
        let mut least_before = least;
        for at in 0..found.len() {
            let Some(&(doc, mut score)) = found.get(at) else {
                break;
            };
            if known_to.is_none_or(|last| last < doc) {
                self.list.skip(doc);
                known_to = Some(self.list.last_of_block());
                least_before = least - f64::from(self.bound(norms));
            }
            if score > least_before {
                let (place, is_here) = self.list.place_of(doc);
                if is_here {
                    score += f64::from(self.score_at(place, doc, norms));
                }
            }
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            kept += usize::from(score > least);
        }
        found.truncate(kept);
    }

    /// Adds what `make` makes of the documents of the block at hand, up to `last`, that score more than `least`:
    /// of a place in the block, a document, and its score. The cursor stays where it is.
    #[inline]
    pub(super) fn collect<T: Copy + Default>(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<T>,
        make: impl Fn(usize, DocId, Score) -> T,
    ) {
        // Always written, and kept by counting on: a branch that is right half the time costs more.
        let mut kept = [T::default(); BLOCK];
        let mut count = 0;
        let (first, docs, frequencies) = self.list.up_to(last);
        for (place, (&doc, &frequency)) in (first..).zip(docs.iter().zip(frequencies)) {
            let score = self.weight.score(norms.fieldnorm_id(doc), frequency);
            if let Some(kept) = kept.get_mut(count) {
                *kept = make(place, doc, score);
            }
            count += usize::from(score > least);
        }
        found.extend_from_slice(kept.get(..count).unwrap_or_default());
    }

    /// The place of the document at hand in the block at hand.
    #[inline]
    pub(super) fn place(&self) -> usize {
        self.list.place()
    }

    /// The place of a document in the block at hand, and whether it is there.
    #[inline]
    pub(super) fn place_of(&mut self, doc: DocId) -> (usize, bool) {
        self.list.place_of(doc)
    }

    /// The score of `doc`, which is at a place of the block at hand.
    #[inline]
    pub(super) fn score_at(&mut self, place: usize, doc: DocId, norms: &FieldNormReader) -> Score {
        let frequency = self.list.frequency_at(place);
        self.score_of(doc, frequency, norms)
    }

    /// Where documents at places of the block at hand have the term, as [`PostingList::positions_at`] tells it.
    #[inline]
    pub(super) fn positions_at(
        &mut self,
        places: impl Iterator<Item = usize>,
        shift: u32,
        found: &mut Vec<u64>,
    ) {
        self.list.positions_at(places, shift, found);
    }

    /// The last document that the block at hand may have.
    #[inline]
    pub(super) fn last_of_block(&self) -> DocId {
        self.list.last_of_block()
    }

    /// Goes to the next block, as [`PostingList::skip_block`] does.
    #[inline]
    pub(super) fn skip_block(&mut self) -> bool {
        self.list.skip_block()
    }

    /// Goes to the block of the first document that is not before `target`. While that is not decoded, the
    /// document at hand may be one that it has not, before the first that it has.
    #[inline]
    pub(super) fn approach(&mut self, target: DocId) {
        self.list.approach(target);
    }

    /// Moves to the first document in a block that has some which may score more than `least`.
    #[inline]
    pub(super) fn pass_blocks(&mut self, least: Score, norms: &FieldNormReader) -> DocId {
        while self.bound(norms) <= least && self.list.skip_block() {}
        self.list.settle()
    }
}
