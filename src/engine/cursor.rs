//! [`Cursor`]: the postings of one term, read block by block, with what each block can score.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score, TERMINATED};

/// The engine's blocks have this many documents, the last one padded with [`TERMINATED`].
const BLOCK: usize = 128;

/// Moves forwards through the documents of a term, and can pass over a whole block that cannot score
/// enough, which costs its decoding but no scoring (block-max; Ding & Suel 2011).
pub(super) struct Cursor {
    postings: BlockSegmentPostings,
    index: usize,
    weight: Bm25Weight,
    /// No document of the block at hand scores more.
    bound: Score,
}

impl Cursor {
    pub(super) fn new(
        postings: BlockSegmentPostings,
        weight: Bm25Weight,
        norms: &FieldNormReader,
    ) -> Cursor {
        let mut cursor = Cursor {
            postings,
            index: 0,
            weight,
            bound: 0.0,
        };
        cursor.entered_block(norms);
        cursor
    }

    fn entered_block(&mut self, norms: &FieldNormReader) {
        self.bound = self.postings.block_max_score(norms, &self.weight);
    }

    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.postings.doc(self.index)
    }

    /// How many documents have the term, deleted ones included.
    pub(super) fn doc_freq(&self) -> u32 {
        self.postings.doc_freq()
    }

    #[inline]
    pub(super) fn term_freq(&self) -> u32 {
        self.postings.freq(self.index)
    }

    /// No document scores more.
    pub(super) fn max_score(&self) -> Score {
        self.weight.max_score()
    }

    /// No document of the block at hand scores more.
    pub(super) fn bound(&self) -> Score {
        self.bound
    }

    /// The last document of the block at hand.
    pub(super) fn last_of_block(&self) -> DocId {
        self.postings.docs().last().copied().unwrap_or(TERMINATED)
    }

    #[inline]
    pub(super) fn score(&self, norms: &FieldNormReader) -> Score {
        self.weight
            .score(norms.fieldnorm_id(self.doc()), self.term_freq())
    }

    #[inline]
    pub(super) fn advance(&mut self, norms: &FieldNormReader) {
        if self.index + 1 < BLOCK {
            self.index += 1;
        } else {
            self.next_block(norms);
        }
    }

    fn next_block(&mut self, norms: &FieldNormReader) {
        self.postings.advance();
        self.index = 0;
        self.entered_block(norms);
    }

    /// Moves to the first document that is not before `target`.
    #[inline]
    pub(super) fn seek(&mut self, target: DocId, norms: &FieldNormReader) {
        if self.doc() >= target {
            return;
        }
        let last = self.last_of_block();
        self.index = self.postings.seek(target);
        if target > last {
            self.entered_block(norms);
        }
    }

    /// Moves on to a block that has documents which may score more than `least`.
    #[inline]
    pub(super) fn pass_blocks(&mut self, least: Score, norms: &FieldNormReader) {
        while self.bound <= least && self.doc() != TERMINATED {
            self.next_block(norms);
        }
    }
}
