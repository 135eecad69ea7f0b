//! [`Positions`]: where the articles of a term have it, read from the engine's file.

use std::io;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::directory::OwnedBytes;

use super::block::BLOCK;
use super::read_number;

/// The positions of a term: of all its documents in turn, each as the step from the one before it, in packed
/// blocks (tantivy's `positions/mod.rs`).
pub(super) struct Positions {
    /// How many bits the steps of each full block have.
    widths: OwnedBytes,
    blocks: OwnedBytes,
    /// A block, and where it begins.
    anchor: usize,
    start: usize,
    /// The block that is decoded, and how many steps it has.
    decoded: Option<usize>,
    count: usize,
    packer: BitPacker4x,
    steps: [u32; BLOCK],
}

impl Positions {
    pub(super) fn new(bytes: OwnedBytes) -> io::Result<Positions> {
        let mut numbers = bytes.as_slice().iter();
        let full = read_number(&mut numbers).unwrap_or_default() as usize;
        let begin = bytes.len() - numbers.as_slice().len();
        if bytes.len() - begin < full {
            let message = "the positions of a term are damaged";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(Positions {
            widths: bytes.slice(begin..begin + full),
            blocks: bytes.slice(begin + full..bytes.len()),
            anchor: 0,
            start: 0,
            decoded: None,
            count: 0,
            packer: BitPacker4x::new(),
            steps: [0; BLOCK],
        })
    }

    /// Adds what `make` makes of the positions of a document to `found`: `count` of them, behind `before` of the documents before it.
    /// Cheapest in the order of the documents.
    #[inline]
    pub(super) fn read<T>(
        &mut self,
        before: u64,
        count: u32,
        found: &mut Vec<T>,
        make: impl Fn(u32) -> T,
    ) {
        let mut block = usize::try_from(before / BLOCK as u64).unwrap_or(usize::MAX);
        let mut at = (before % BLOCK as u64) as usize;
        let mut left = count as usize;
        let mut position: u32 = 0;
        while left > 0 {
            if self.decoded != Some(block) {
                self.decode(block);
            }
            let end = at.saturating_add(left).min(self.count);
            let Some(steps) = self.steps.get(at..end).filter(|steps| !steps.is_empty()) else {
                return;
            };
            found.extend(steps.iter().map(|step| {
                position = position.wrapping_add(*step);
                make(position)
            }));
            left -= steps.len();
            at = 0;
            block += 1;
        }
    }

    /// The steps of a block; none behind the last.
    pub(super) fn block(&mut self, block: usize) -> &[u32] {
        if self.decoded != Some(block) {
            self.decode(block);
        }
        self.steps.get(..self.count).unwrap_or_default()
    }

    fn decode(&mut self, block: usize) {
        self.decoded = Some(block);
        self.count = 0;
        if block < self.anchor {
            (self.anchor, self.start) = (0, 0);
        }
        let full = self.widths.len();
        let passed = self.widths.get(self.anchor..block.min(full));
        let bits = passed.unwrap_or_default().iter().copied().map(usize::from);
        self.start += bits.sum::<usize>() * BLOCK / 8;
        self.anchor = block.min(full);
        let bytes = self.blocks.get(self.start..).unwrap_or_default();
        if block > full {
            return;
        }
        match self.widths.get(block) {
            Some(&bits) => {
                let bytes = bytes.get(..usize::from(bits) * BLOCK / 8);
                if let Some(bytes) = bytes.filter(|_| bits <= 32) {
                    self.packer.decompress(bytes, &mut self.steps, bits);
                    self.count = BLOCK;
                }
            }
            None => {
                let mut bytes = bytes.iter();
                for step in &mut self.steps {
                    let Some(number) = read_number(&mut bytes) else {
                        break;
                    };
                    *step = number;
                    self.count += 1;
                }
            }
        }
    }
}
