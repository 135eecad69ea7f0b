//! [`Documents`]: a set of documents of one segment: counted, matched by any of some words, or left to be scored.

use std::io;

use tantivy::fastfield::AliveBitSet;
use tantivy::postings::TermInfo;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, TERMINATED};

use super::postings::PostingFiles;

const BITS: DocId = u64::BITS;

/// One bit a document: frequent words are put together and compared 64 documents at a time.
pub(super) struct Documents(Vec<u64>);

impl Documents {
    /// None yet, of documents below `end`.
    pub(super) fn new(end: DocId) -> Documents {
        Documents(vec![0; end.div_ceil(BITS) as usize])
    }

    /// Adds all documents of a term.
    pub(super) fn add(&mut self, files: &PostingFiles, info: &TermInfo) -> io::Result<()> {
        match files.bitmap(info)? {
            Some(bitmap) => {
                for (bits, other) in self.0.iter_mut().zip(bitmap.words()) {
                    *bits |= other;
                }
            }
            None => files.list(info)?.for_each_block(|documents| {
                documents.iter().for_each(|doc| self.insert(*doc));
            }),
        }
        Ok(())
    }

    /// Adds those from `start` on, which begins a word of bits, to `found`.
    pub(super) fn add_to(&self, start: DocId, found: &mut [u64]) {
        let words = self.0.get((start / BITS) as usize..).unwrap_or_default();
        for (found, word) in found.iter_mut().zip(words) {
            *found |= word;
        }
    }

    #[inline]
    pub(super) fn insert(&mut self, document: DocId) {
        if let Some(bits) = self.0.get_mut((document / BITS) as usize) {
            *bits |= 1 << (document % BITS);
        }
    }

    #[inline]
    pub(super) fn has(&self, document: DocId) -> bool {
        let bits = self.0.get((document / BITS) as usize);
        bits.is_some_and(|bits| bits >> (document % BITS) & 1 == 1)
    }

    pub(super) fn keep_common(&mut self, other: &Documents) {
        for (bits, other) in self.0.iter_mut().zip(&other.0) {
            *bits &= other;
        }
    }

    /// Keeps those that `is_kept` is true of, which is asked for each of them, in order.
    pub(super) fn keep(&mut self, mut is_kept: impl FnMut(DocId) -> bool) {
        for (number, bits) in (0..).zip(&mut self.0) {
            let mut rest = *bits;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !is_kept(number * BITS + bit) {
                    *bits &= !(1 << bit);
                }
            }
        }
    }

    /// The first one that is not before `target`; [`TERMINATED`] where there is none.
    pub(super) fn first_from(&self, target: DocId) -> DocId {
        let start = (target / BITS) as usize;
        let mut known = u64::MAX << (target % BITS);
        for (number, bits) in (target / BITS..).zip(self.0.get(start..).unwrap_or_default()) {
            let rest = bits & known;
            if rest != 0 {
                return number * BITS + rest.trailing_zeros();
            }
            known = u64::MAX;
        }
        TERMINATED
    }

    /// Shows all of them, some at a time, in order.
    pub(super) fn for_each(&self, visit: &mut dyn FnMut(&[DocId])) {
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        for (number, bits) in (0..).zip(&self.0) {
            let (mut rest, mut count) = (*bits, 0);
            while rest != 0
                && let Some(document) = buffer.get_mut(count)
            {
                *document = number * BITS + rest.trailing_zeros();
                rest &= rest - 1;
                count += 1;
            }
            if count > 0 {
                visit(buffer.get(..count).unwrap_or_default());
            }
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Without those that are deleted, where some are.
    pub(super) fn count_alive(&self, alive: Option<&AliveBitSet>) -> u32 {
        let Some(alive) = alive else {
            return self.count();
        };
        let mut count = 0;
        for (number, bits) in (0..).zip(&self.0) {
            let mut rest = *bits;
            while rest != 0 {
                count += u32::from(alive.is_alive(number * BITS + rest.trailing_zeros()));
                rest &= rest - 1;
            }
        }
        count
    }
}
