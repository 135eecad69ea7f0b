//! [`PostingList`]: the articles of one term, read from the engine's files.
//!
//! The engine's own reader decodes a block of documents before it tells what the block may score, and the
//! frequencies of a whole block for one document. Here everything waits until it is asked for. The
//! format is that of tantivy 0.27 (its `postings/serializer.rs` and `postings/skip.rs`).

mod places;

use std::io;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::directory::OwnedBytes;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::{DocId, Score, TERMINATED};

use super::block::{
    BLOCK, PlaceTable, SUMMARY, Summary, blocks_before, first_from, packed_at, packed_length,
};
use super::bytes::Bytes;
use super::positions::Positions;
use super::{NUMBER, read_number};
use crate::engine::bm25::Bm25;

/// Moves forwards through the documents of a term. Damaged bytes end it early.
pub(crate) struct PostingList {
    /// Of the whole list.
    documents: u32,
    /// No document of the segment has this number or a higher one.
    end: DocId,
    summaries: OwnedBytes,
    next_summary: usize,
    blocks: Bytes,
    /// Where the block at hand begins.
    start: usize,
    summary: Summary,
    /// How many documents there are from the block at hand on.
    remaining: u32,
    /// The last document before the block.
    before: DocId,
    /// How many positions there are before the block.
    positions_before: u64,
    positions: Option<Positions>,

    /// The document at hand, unless it is pending: then the first one from here on is meant.
    doc: DocId,
    is_pending: bool,
    /// The place of the document in the block.
    index: usize,
    is_decoded: bool,
    has_frequencies: bool,
    /// Where the frequencies of the last block begin, once its documents are decoded.
    last_frequencies_start: usize,
    /// How many positions the documents of the block before `summed` have.
    sum: u64,
    summed: usize,
    /// Whether the positions of all documents of the block are decoded, and where those of each begin.
    is_gathered: bool,
    offsets: Vec<u32>,
    packer: BitPacker4x,
    docs: [DocId; BLOCK],
    frequencies: [u32; BLOCK],
}

impl PostingList {
    /// Opens the list of a term in its bytes, in a segment whose documents end before `end`. Boxed, for it is big and
    /// moved about.
    pub(super) fn open(
        info: &TermInfo,
        end: DocId,
        postings: Bytes,
        positions: Option<Bytes>,
    ) -> io::Result<Box<PostingList>> {
        let mut list = PostingList::before_first(info, end, postings, positions)?;
        list.settle();
        Ok(list)
    }

    /// The same, pending: nothing is decoded for who seeks a document far behind the first, and does so before anything
    /// else.
    pub(super) fn before_first(
        info: &TermInfo,
        end: DocId,
        mut postings: Bytes,
        positions: Option<Bytes>,
    ) -> io::Result<Box<PostingList>> {
        let mut summaries = OwnedBytes::empty();
        let mut start = 0;
        if info.doc_freq as usize >= BLOCK {
            let wanted = info.doc_freq as usize / BLOCK * SUMMARY;
            let bytes = postings.get(0, NUMBER + wanted);
            let mut numbers = bytes.iter();
            let length = read_number(&mut numbers).ok_or_else(damaged)? as usize;
            let begin = bytes.len() - numbers.as_slice().len();
            if length != wanted || numbers.as_slice().len() < length {
                return Err(damaged());
            }
            start = begin + length;
            summaries = postings.take(begin, length);
        }
        let mut list = Box::new(PostingList {
            documents: info.doc_freq,
            end,
            summaries,
            next_summary: 0,
            blocks: postings,
            start,
            summary: Summary::LAST,
            remaining: info.doc_freq,
            before: 0,
            positions_before: 0,
            positions: positions.map(Positions::new),
            doc: 0,
            is_pending: true,
            index: 0,
            is_decoded: false,
            has_frequencies: false,
            last_frequencies_start: 0,
            sum: 0,
            summed: 0,
            is_gathered: false,
            offsets: Vec::new(),
            packer: BitPacker4x::new(),
            docs: [TERMINATED; BLOCK],
            frequencies: [0; BLOCK],
        });
        list.read_summary();
        Ok(list)
    }

    /// How many documents have the term, deleted ones included.
    pub(in crate::engine) fn documents(&self) -> u32 {
        self.documents
    }

    /// The document at hand, [`TERMINATED`] behind the last. While the list is [pending](Self::skip), some
    /// document before the one it will be at.
    #[inline]
    pub(in crate::engine) fn doc(&self) -> DocId {
        self.doc
    }

    /// The last document that the block at hand may have.
    #[inline]
    pub(in crate::engine) fn last_of_block(&self) -> DocId {
        self.summary.last
    }

    /// Goes to the block that has the first document that is not before `target`, and no further: nothing
    /// is decoded, and the list is pending until it [settles](Self::settle).
    #[inline]
    pub(in crate::engine) fn skip(&mut self, target: DocId) {
        let target = target.min(TERMINATED);
        if target <= self.doc {
            return;
        }
        self.doc = target;
        self.is_pending = true;
        if self.summary.last < target {
            self.next_block();
            if self.summary.last < target {
                self.go_far(target);
            }
            // Decoded soon, and mostly far from what was read last.
            self.blocks.prefetch(self.start);
        }
    }

    /// The same, and settles where the block is decoded already.
    #[inline]
    pub(in crate::engine) fn approach(&mut self, target: DocId) {
        self.skip(target);
        if self.is_decoded {
            self.settle();
        }
    }

    /// Goes to the first document of the next block, pending. False where there is none.
    #[inline]
    pub(in crate::engine) fn skip_block(&mut self) -> bool {
        if self.summary.last == TERMINATED {
            self.doc = TERMINATED;
            self.is_pending = false;
            return false;
        }
        self.doc = self.summary.last.saturating_add(1);
        self.is_pending = true;
        self.next_block();
        true
    }

    /// Finds the document that is meant where the list is pending.
    #[inline]
    pub(in crate::engine) fn settle(&mut self) -> DocId {
        if self.is_pending {
            if !self.is_decoded {
                self.decode();
            }
            self.is_pending = false;
            self.index = first_from(&self.docs, self.doc);
            self.doc = self.docs.get(self.index).copied().unwrap_or(TERMINATED);
        }
        self.doc
    }

    /// Moves to the first document that is not before `target`.
    #[inline]
    pub(in crate::engine) fn seek(&mut self, target: DocId) -> DocId {
        self.skip(target);
        self.settle()
    }

    #[inline]
    pub(in crate::engine) fn advance(&mut self) -> DocId {
        self.index += 1;
        match self.docs.get(self.index) {
            Some(doc) => self.doc = *doc,
            None => {
                self.skip_block();
                self.settle();
            }
        }
        self.doc
    }

    /// How often the document at hand has the term.
    #[inline]
    pub(in crate::engine) fn frequency(&mut self) -> u32 {
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        self.frequencies.get(self.index).copied().unwrap_or(0)
    }

    /// The place in the block of the document at hand.
    #[inline]
    pub(in crate::engine) fn place(&self) -> usize {
        self.index
    }

    /// The place of a document in the block at hand, and whether it is there.
    #[inline]
    pub(in crate::engine) fn place_of(&mut self, doc: DocId) -> (usize, bool) {
        if !self.is_decoded {
            self.decode();
        }
        // The mask tells the compiler that nothing is out of range.
        let place = first_from(&self.docs, doc) % BLOCK;
        (place, self.docs[place] == doc)
    }

    /// Remembers the places of the documents of the block at hand from `first` on. Returns the last document that
    /// [`place_in`](Self::place_in) may be asked for.
    #[inline]
    pub(in crate::engine) fn fill(&mut self, first: DocId, table: &mut PlaceTable) -> DocId {
        if !self.is_decoded {
            self.decode();
        }
        table.fill(&self.docs, first)
    }

    /// The same as [`place_of`](Self::place_of), by a table that was filled from this block.
    #[inline]
    pub(in crate::engine) fn place_in(&self, table: &PlaceTable, doc: DocId) -> (usize, bool) {
        table.find(&self.docs, doc)
    }

    /// How often the document at a place of the block has the term. One is read in less time than the others are
    /// decoded with it, until some dozens are.
    #[inline]
    pub(in crate::engine) fn frequency_at(&mut self, place: usize) -> u32 {
        if !self.has_frequencies && self.summary.best.is_none() {
            self.decode_frequencies();
        }
        match self.has_frequencies {
            true => self.frequencies[place % BLOCK],
            false => {
                let bits = self.summary.frequency_bits;
                let start = self.frequencies_start();
                let bytes = self.blocks.get(start, packed_length(bits));
                packed_at(bytes, bits, place % BLOCK).saturating_add(1)
            }
        }
    }

    /// The documents of the block at hand from the one at hand, whose place is first, up to `last`, and their
    /// frequencies.
    #[inline]
    pub(in crate::engine) fn up_to(&mut self, last: DocId) -> (usize, &[DocId], &[u32]) {
        self.settle();
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        let range = self.index..self.end_up_to(last);
        let docs = self.docs.get(range.clone()).unwrap_or_default();
        let frequencies = self.frequencies.get(range).unwrap_or_default();
        (self.index, docs, frequencies)
    }

    /// The place behind the last document of the block that is not after `last`, or the one at hand.
    #[inline]
    fn end_up_to(&self, last: DocId) -> usize {
        let end = match self.summary.last <= last {
            true if self.summary.best.is_some() => BLOCK,
            // Behind the last document, or where a damaged block ends.
            true => first_from(&self.docs, TERMINATED),
            false => first_from(&self.docs, last.saturating_add(1)),
        };
        end.max(self.index)
    }

    /// No document of the block at hand scores more, by the average length that its segment had when it was
    /// written. Decodes none but the last block.
    pub(in crate::engine) fn most(&mut self, weight: &Bm25, norms: &FieldNormReader) -> Score {
        if let Some((length, frequency)) = self.summary.best {
            return weight.score(length, frequency);
        }
        if !self.is_decoded {
            self.decode();
        }
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        let found = self.docs.iter().zip(&self.frequencies);
        let found = found.take_while(|(doc, _)| **doc != TERMINATED);
        let scores =
            found.map(|(doc, frequency)| weight.score(norms.fieldnorm_id(*doc), *frequency));
        scores.fold(0.0, Score::max)
    }

    /// The same of all blocks from the one at hand to the one that has `last`. Decodes nothing.
    pub(in crate::engine) fn most_until(&self, last: DocId, weight: &Bm25) -> Score {
        let mut most: Score = 0.0;
        let (mut summary, mut next) = (self.summary, self.next_summary);
        let mut remaining = self.remaining as usize;
        loop {
            // What the last block has is not known before it is decoded.
            let Some((length, frequency)) = summary.best else {
                return weight.most();
            };
            most = most.max(weight.score(length, frequency));
            if summary.last >= last {
                return most;
            }
            remaining = remaining.saturating_sub(BLOCK);
            let read = Some(next).filter(|_| remaining >= BLOCK);
            let read = read.and_then(|next| Summary::read(&self.summaries, next));
            summary = read.unwrap_or(Summary::LAST);
            next += SUMMARY;
        }
    }

    /// Visits all documents from the block at hand on, a block at a time.
    pub(in crate::engine) fn for_each_block(&mut self, mut visit: impl FnMut(&[DocId])) {
        loop {
            if !self.is_decoded {
                self.decode();
            }
            let count = (self.remaining as usize).min(BLOCK);
            visit(self.docs.get(..count).unwrap_or_default());
            if !self.skip_block() {
                return;
            }
        }
    }

    /// Gives the positions away, to be read apart from the documents.
    pub(super) fn take_positions(&mut self) -> Option<Positions> {
        self.positions.take()
    }

    #[inline]
    fn next_block(&mut self) {
        self.pass_blocks(0);
    }

    /// Goes to the first block that may have `target`, which the next one has not.
    #[inline(never)]
    fn go_far(&mut self, target: DocId) {
        let summaries = self.summaries.get(self.next_summary..).unwrap_or_default();
        self.pass_blocks(blocks_before(target, summaries));
    }

    /// Passes the block at hand and so many behind it.
    #[inline]
    fn pass_blocks(&mut self, count: usize) {
        let (mut bytes, mut positions) = self.summary.size();
        self.before = self.summary.last;
        if count > 0 {
            let summaries = self.summaries.get(self.next_summary..).unwrap_or_default();
            for summary in summaries.as_chunks().0.iter().take(count) {
                let (more, more_positions) = Summary::size_of(summary);
                bytes += more;
                positions += more_positions;
                self.before = Summary::last_of(summary);
            }
        }
        self.start += bytes;
        self.positions_before += positions;
        let passed = u32::try_from((count + 1) * BLOCK).unwrap_or(u32::MAX);
        self.remaining = self.remaining.saturating_sub(passed);
        self.next_summary += count * SUMMARY;
        self.is_decoded = false;
        self.has_frequencies = false;
        self.is_gathered = false;
        (self.sum, self.summed) = (0, 0);
        self.read_summary();
    }

    #[inline]
    fn read_summary(&mut self) {
        let summary = match self.remaining as usize >= BLOCK {
            true => Summary::read(&self.summaries, self.next_summary),
            false => None,
        };
        if summary.is_some() {
            self.next_summary += SUMMARY;
        }
        self.summary = summary.unwrap_or(Summary::LAST);
    }

    /// Where the frequencies of the block begin; of the last one, once its documents are decoded.
    #[inline]
    fn frequencies_start(&self) -> usize {
        match self.summary.best {
            Some(_) => self.start + packed_length(self.summary.document_bits),
            None => self.last_frequencies_start,
        }
    }

    /// Reads the documents of the block.
    fn decode(&mut self) {
        self.is_decoded = true;
        if self.summary.best.is_some() {
            let length = packed_length(self.summary.document_bits);
            // With the frequencies behind them, which are mostly asked for next.
            let (both, _) = self.summary.size();
            let bytes = self.blocks.get(self.start, both);
            let Some(bytes) = bytes.get(..length) else {
                return self.cut();
            };
            // The first difference of a list is the document.
            let before = Some(self.before).filter(|before| *before > 0);
            let bits = self.summary.document_bits;
            self.packer
                .decompress_strictly_sorted(before, bytes, &mut self.docs, bits);
            let is_in_range =
                self.docs.last() == Some(&self.summary.last) && self.summary.last < self.end;
            if !is_in_range || !self.is_in_order() {
                self.cut();
            }
            return;
        }
        let count = (self.remaining as usize).min(BLOCK);
        let length = self.blocks.len();
        let mut bytes = self.blocks.get(self.start, usize::MAX).iter();
        let mut last = self.before;
        let (docs, rest) = self.docs.split_at_mut(count);
        for doc in docs {
            last = match read_number(&mut bytes) {
                Some(difference) => last.saturating_add(difference),
                None => TERMINATED,
            };
            *doc = if last < self.end { last } else { TERMINATED };
        }
        rest.fill(TERMINATED);
        self.last_frequencies_start = length - bytes.as_slice().len();
    }

    /// Differences are added with no look at overflow: where they are that great, the bytes may be damaged, and
    /// go backwards.
    fn is_in_order(&self) -> bool {
        let most = (BLOCK as u64) << self.summary.document_bits;
        u64::from(self.before) + most <= u64::from(u32::MAX) || {
            let first = self.docs.first();
            first.is_some_and(|first| *first > self.before || self.before == 0)
                && self.docs.is_sorted_by(|a, b| a < b)
        }
    }

    fn decode_frequencies(&mut self) {
        if self.summary.best.is_none() && !self.is_decoded {
            self.decode();
        }
        self.has_frequencies = true;
        let start = self.frequencies_start();
        if self.summary.best.is_none() {
            let mut bytes = self.blocks.get(start, usize::MAX).iter();
            for frequency in &mut self.frequencies {
                *frequency = read_number(&mut bytes).unwrap_or_default();
            }
            return;
        }
        let bits = self.summary.frequency_bits;
        let length = packed_length(bits);
        match self.blocks.get(start, length).get(..length) {
            Some(bytes) if bits <= 32 => {
                self.packer.decompress(bytes, &mut self.frequencies, bits);
                for frequency in &mut self.frequencies {
                    *frequency = frequency.saturating_add(1);
                }
            }
            _ => self.frequencies.fill(1),
        }
    }

    /// What is left cannot be read.
    fn cut(&mut self) {
        self.docs.fill(TERMINATED);
        self.frequencies.fill(0);
        self.has_frequencies = true;
        self.remaining = 0;
        self.summary = Summary::LAST;
    }
}

pub(super) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a list of postings is damaged")
}
