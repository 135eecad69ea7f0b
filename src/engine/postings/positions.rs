//! [`Positions`]: where the articles of a term have it, read from the engine's file.

use std::io;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::directory::OwnedBytes;

use super::block::{BLOCK, packed_length};
use super::bytes::Bytes;
use super::lanes::{self, LANES};
use super::{NUMBER, read_number};
use crate::engine::failure;
use crate::text::prefetch::IS_SUPPORTED;

/// The positions of a term: of all its documents in turn, each as the step from the one before it, in packed
/// blocks (tantivy's `positions/mod.rs`).
pub(super) struct Positions {
    bytes: Bytes,
    /// How many bits the steps of each full block have, and where the first block begins; read with the first of
    /// them.
    widths: OwnedBytes,
    blocks: usize,
    is_open: bool,
    /// A block, and where it begins behind the first.
    anchor: usize,
    start: usize,
    /// The blocks that are decoded: the first, and the one behind the last.
    first: usize,
    next: usize,
    packer: BitPacker4x,
    /// Their steps, so many, and whatever is left behind them.
    steps: Vec<u32>,
    count: usize,
}

/// Of more than so many, those before the one that is looked for are passed by for good.
const MANY: usize = 64;
/// A block of positions seldom takes fewer bytes: their steps have five bits or more.
const LEAST_OF_BLOCK: usize = 5 * BLOCK / 8;
/// The blocks that are decoded are kept until they are more, and another one is asked for.
const KEPT: usize = 64;

impl Positions {
    pub(super) fn new(bytes: Bytes) -> Positions {
        Positions {
            bytes,
            widths: OwnedBytes::empty(),
            blocks: 0,
            is_open: false,
            anchor: 0,
            start: 0,
            first: 0,
            next: 0,
            packer: BitPacker4x::new(),
            steps: Vec::new(),
            count: 0,
        }
    }

    /// Reads the widths. None where they are damaged, which is noted.
    #[cold]
    fn open(&mut self) {
        let likely = self.bytes.len() / LEAST_OF_BLOCK;
        let bytes = self.bytes.get(0, NUMBER + likely);
        let mut numbers = bytes.iter();
        let full = read_number(&mut numbers).unwrap_or_default() as usize;
        let begin = bytes.len() - numbers.as_slice().len();
        let widths = self.bytes.take(begin, full);
        if widths.len() < full {
            let message = "the positions of a term are damaged";
            failure::note(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.blocks = begin + widths.len();
        self.widths = widths;
        self.is_open = true;
    }

    /// The positions of a document: `count` of them, behind `before` of the documents before it. Cheapest in the
    /// order of the documents.
    #[inline]
    pub(super) fn read(&mut self, before: u64, count: u32) -> DocumentPositions<'_> {
        let start = self.decode(before, count.into());
        self.decoded(start, count)
    }

    /// The same of a document whose positions are decoded, from `start` on.
    #[inline]
    pub(super) fn decoded(&self, start: u32, count: u32) -> DocumentPositions<'_> {
        let start = (start as usize).min(self.count);
        DocumentPositions {
            before: 0,
            count: (count as usize).min(self.count - start),
            steps: self.steps.get(start..).unwrap_or_default(),
        }
    }

    /// Fetches the first of those behind `before` others, which are read soon: where they lie, or before that is known where
    /// that is said.
    pub(super) fn prefetch(&mut self, before: u64) {
        if !IS_SUPPORTED || self.bytes.are_in_pieces() {
            return;
        }
        if !self.is_open {
            self.bytes.prefetch(0);
            return;
        }
        let block = usize::try_from(before / BLOCK as u64).unwrap_or(usize::MAX);
        // Never backwards: where blocks begin is known by those before them.
        if block >= self.next && block <= self.widths.len() {
            let start = self.start_of(block);
            self.bytes.prefetch(start);
        }
    }

    /// The steps of a block; none behind the last.
    pub(super) fn block(&mut self, block: usize) -> &[u32] {
        let of_block = self.read(block as u64 * BLOCK as u64, BLOCK as u32);
        of_block.steps.get(..of_block.count).unwrap_or_default()
    }

    /// Decodes so many positions behind `before` others. Returns where they start among those that are decoded,
    /// until others are.
    #[inline]
    pub(super) fn decode(&mut self, before: u64, count: u64) -> u32 {
        let block = |number: u64| usize::try_from(number / BLOCK as u64).unwrap_or(usize::MAX);
        let begin = block(before);
        let end = block(
            before
                .saturating_add(count)
                .saturating_add(BLOCK as u64 - 1),
        );
        if begin < self.first || end > self.next {
            self.decode_blocks(begin, end);
        }
        // Those that are decoded are far fewer.
        (before.wrapping_sub((self.first * BLOCK) as u64)) as u32
    }

    fn decode_blocks(&mut self, begin: usize, end: usize) {
        if !self.is_open {
            self.open();
        }
        if begin < self.first || self.next <= begin || self.next - self.first > KEPT {
            (self.first, self.next, self.count) = (begin, begin, 0);
        }
        if self.bytes.are_in_pieces() {
            self.read_blocks(self.next, end);
        }
        while self.next < end && self.decode_next() {}
    }

    /// Reads blocks together that are decoded next.
    fn read_blocks(&mut self, begin: usize, end: usize) {
        if begin >= end || begin > self.widths.len() {
            return;
        }
        let start = self.start_of(begin);
        let length = match self.widths.get(begin..end) {
            Some(widths) => widths.iter().copied().map(packed_length).sum(),
            // What is behind the last full block is not packed.
            None => usize::MAX,
        };
        self.bytes.get(start, length);
    }

    /// Where a block begins.
    #[inline]
    fn start_of(&mut self, block: usize) -> usize {
        if block < self.anchor {
            (self.anchor, self.start) = (0, 0);
        }
        let passed = self.widths.get(self.anchor..block).unwrap_or_default();
        // Widths are added first, and in few bits: more of them at once.
        let bits = passed
            .iter()
            .fold(0, |sum: u32, bits| sum.wrapping_add((*bits).into()));
        self.start += bits as usize * BLOCK / 8;
        self.anchor = block;
        self.blocks + self.start
    }

    /// False behind the last block, and where it is damaged.
    fn decode_next(&mut self) -> bool {
        if self.next > self.widths.len() {
            return false;
        }
        let start = self.start_of(self.next);
        let least = self.count + BLOCK + LANES;
        if self.steps.len() < least {
            self.steps.resize(least, 0);
        }
        let steps = self.steps.get_mut(self.count..self.count + BLOCK);
        let steps = steps.unwrap_or_default();
        match self.widths.get(self.next) {
            Some(&bits) => {
                let length = packed_length(bits);
                let bytes = self.bytes.get(start, length).get(..length);
                let Some(bytes) = bytes.filter(|_| bits <= 32) else {
                    return false;
                };
                self.packer.decompress(bytes, steps, bits);
                self.count += BLOCK;
            }
            None => {
                let mut bytes = self.bytes.get(start, usize::MAX).iter();
                for step in steps {
                    let Some(number) = read_number(&mut bytes) else {
                        break;
                    };
                    *step = number;
                    self.count += 1;
                }
            }
        }
        self.next += 1;
        true
    }
}

/// The positions of one document.
pub(super) struct DocumentPositions<'a> {
    /// The last of those that were [passed by](Self::pass).
    before: u32,
    /// The steps from one to the next, so many, and others behind them.
    steps: &'a [u32],
    count: usize,
}

impl DocumentPositions<'_> {
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let steps = self.steps.get(..self.count).unwrap_or_default();
        steps.iter().scan(self.before, |position, step| {
            *position = position.wrapping_add(*step);
            Some(*position)
        })
    }

    /// Whether a position is one of them.
    #[inline]
    pub(super) fn have(&self, wanted: u32) -> bool {
        let (mut rest, mut left, mut before) = (self.steps, self.count as u32, self.before);
        while let Some((steps, behind)) = rest.split_first_chunk() {
            let (found, last) = lanes::find(before, steps, wanted);
            before = last;
            // Without a branch on how many there are, which nobody can foresee.
            let found = found & ((1_u32 << left.min(LANES as u32)) - 1);
            if found != 0 || left <= LANES as u32 || before >= wanted {
                return found != 0;
            }
            (rest, left) = (behind, left - LANES as u32);
        }
        false
    }

    /// Whether it is worth [passing by](Self::pass) positions.
    #[inline]
    pub(super) fn is_long(&self) -> bool {
        self.count > MANY
    }

    /// Forgets positions before `wanted`, so that two words that a document has a million times each are compared in one
    /// pass.
    pub(super) fn pass(&mut self, wanted: u32) {
        while self.is_long()
            && let Some((steps, behind)) = self.steps.split_first_chunk::<LANES>()
        {
            let last = steps
                .iter()
                .fold(self.before, |sum, step| sum.wrapping_add(*step));
            if last >= wanted {
                return;
            }
            (self.steps, self.before) = (behind, last);
            self.count -= LANES;
        }
    }
}
