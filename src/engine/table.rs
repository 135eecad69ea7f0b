//! [`Table`]: what the documents of a window score, as far as is known.

use tantivy::DocId;

/// One score a document, by its place in the window.
#[derive(Default)]
pub(super) struct Table<S> {
    /// None before the first window that asks for them: many searches have none.
    scores: Vec<S>,
    /// One bit a document.
    seen: Vec<u64>,
}

impl<S: Copy + Default + PartialOrd> Table<S> {
    /// Makes room for the documents of a window, if there is none yet.
    pub(super) fn make_room(&mut self, window: DocId) {
        self.scores.resize(window as usize, S::default());
        self.seen.resize(window.div_ceil(u64::BITS) as usize, 0);
    }

    /// Makes another score of that of a document, which is none before it is seen.
    #[inline]
    pub(super) fn see(&mut self, at: DocId, put_together: impl FnOnce(S) -> S) {
        let at = at as usize;
        if let (Some(score), Some(seen)) = (self.scores.get_mut(at), self.seen.get_mut(at / 64)) {
            *score = put_together(*score);
            *seen |= 1 << (at % 64);
        }
    }

    /// What a document scores, if it was seen.
    #[inline]
    pub(super) fn score(&self, at: DocId) -> Option<S> {
        let at = at as usize;
        let is_seen = self.seen.get(at / 64)? >> (at % 64) & 1 == 1;
        self.scores.get(at).copied().filter(|_| is_seen)
    }

    /// Forgets all documents.
    pub(super) fn clear(&mut self) {
        self.scores.fill(S::default());
        self.seen.fill(0);
    }

    /// Moves the documents that score more than `least` to `found`, in order; the others are forgotten.
    pub(super) fn take(&mut self, first: DocId, least: S, found: &mut Vec<(DocId, S)>) {
        let parts = self.scores.chunks_exact_mut(64).zip(&mut self.seen);
        for (part, (scores, seen)) in (first..).step_by(64).zip(parts) {
            let mut rest = std::mem::take(seen);
            while rest != 0 {
                let at = rest.trailing_zeros();
                rest &= rest - 1;
                if let Some(score) = scores.get_mut(at as usize) {
                    if *score > least {
                        found.push((part + at, *score));
                    }
                    *score = S::default();
                }
            }
        }
    }
}
