//! Blocks: the documents of a term that are packed together.

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::{DocId, TERMINATED};

/// How many documents are packed together.
pub(crate) const BLOCK: usize = BitPacker4x::BLOCK_LEN;

/// What a list says of each full block, in bytes: see [`Summary::read`].
pub(super) const SUMMARY: usize = 12;
/// A byte of one means that frequency or more.
const MOST_FREQUENT: u8 = u8::MAX;

const DOCUMENT_BITS: u8 = 0x1f;
/// Says that documents are told as differences less one.
const LESS_ONE: u8 = 1 << 6;

/// What is known of a block before it is decoded.
#[derive(Clone, Copy)]
pub(super) struct Summary {
    pub last: DocId,
    pub document_bits: u8,
    pub frequency_bits: u8,
    /// How many positions its documents have; not told of the last block.
    pub positions: u32,
    /// The length and the frequency of its best document by BM25; none of the last block, which is not full.
    pub best: Option<(u8, u32)>,
}

impl Summary {
    /// Of the last block.
    pub const LAST: Summary = Summary {
        last: TERMINATED,
        document_bits: 0,
        frequency_bits: 0,
        positions: 0,
        best: None,
    };

    /// Reads: the last document (four bytes), the bits of each document (the second highest one says that
    /// they are differences less one, which they always are now) and of each frequency, the positions of the block
    /// (four bytes), and its best document.
    #[inline]
    pub(super) fn read(bytes: &[u8], start: usize) -> Option<Summary> {
        let &[
            a,
            b,
            c,
            d,
            document_bits,
            frequency_bits,
            e,
            f,
            g,
            h,
            length,
            frequency,
        ] = bytes.get(start..start + SUMMARY)?
        else {
            return None;
        };
        Some(Summary {
            last: u32::from_le_bytes([a, b, c, d]).min(TERMINATED),
            document_bits: document_bits & DOCUMENT_BITS,
            frequency_bits,
            positions: u32::from_le_bytes([e, f, g, h]),
            best: Some(match frequency {
                MOST_FREQUENT => (length, u32::MAX),
                frequency => (length, frequency.into()),
            }),
        })
    }

    /// The last document of a block.
    #[inline]
    pub(super) fn last_of(&[a, b, c, d, ..]: &[u8; SUMMARY]) -> DocId {
        u32::from_le_bytes([a, b, c, d]).min(TERMINATED)
    }

    /// How many bytes a block has, and how many positions.
    #[inline]
    pub(super) fn size_of(summary: &[u8; SUMMARY]) -> (usize, u64) {
        let &[_, _, _, _, document_bits, frequency_bits, e, f, g, h, ..] = summary;
        let bytes = packed_length(document_bits & DOCUMENT_BITS) + packed_length(frequency_bits);
        (bytes, u32::from_le_bytes([e, f, g, h]).into())
    }

    /// The same of this one.
    #[inline]
    pub(super) fn size(&self) -> (usize, u64) {
        let bytes = packed_length(self.document_bits) + packed_length(self.frequency_bits);
        (bytes, self.positions.into())
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let (length, frequency) = self.best.unwrap_or_default();
        bytes.extend_from_slice(&self.last.to_le_bytes());
        bytes.extend_from_slice(&[self.document_bits | LESS_ONE, self.frequency_bits]);
        bytes.extend_from_slice(&self.positions.to_le_bytes());
        let frequency = u8::try_from(frequency).unwrap_or(MOST_FREQUENT);
        bytes.extend_from_slice(&[length, frequency]);
    }
}

/// How many blocks, from the first that is told of on, have no document from `target` on. Without a look at each of
/// them: who seeks documents far apart passes hundreds.
pub(super) fn blocks_before(target: DocId, summaries: &[u8]) -> usize {
    let (summaries, _) = summaries.as_chunks();
    let is_before = |summary: &[u8; SUMMARY]| Summary::last_of(summary) < target;
    let mut end = 1;
    while summaries.get(end - 1).is_some_and(is_before) {
        end *= 2;
    }
    let between = summaries.get(end / 2..end.min(summaries.len()));
    end / 2 + between.unwrap_or_default().partition_point(is_before)
}

/// How many bytes the numbers of a packed block take.
#[inline]
pub(super) fn packed_length(bits: u8) -> usize {
    usize::from(bits) * BLOCK / 8
}

/// One number of a packed block: four lanes of 32 bits, in which the numbers lie one behind the other. Zero where
/// the bytes end before.
#[inline]
pub(super) fn packed_at(bytes: &[u8], bits: u8, place: usize) -> u32 {
    let start = place / 4 * usize::from(bits);
    let part = |word: usize| {
        let bytes = bytes.get((word * 4 + place % 4) * 4..);
        let bytes = bytes.and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)))
    };
    let mask = (1_u64 << (bits % 64)) - 1;
    let mut number = part(start / 32);
    if start % 32 + usize::from(bits) > 32 {
        number |= part(start / 32 + 1) << 32;
    }
    (number >> (start % 32) & mask) as u32
}

/// Where the first document is that is not before `target`; the last place where none is.
#[inline]
pub(super) fn first_from(docs: &[DocId; BLOCK], target: DocId) -> usize {
    // Comparisons that don't wait for each other, in three rounds (Schlegel et al. 2009, k-ary search):
    // with the last of each sixteen, of each four, and with these. The masks tell the compiler that nothing
    // is out of range.
    let (sixteens, _) = docs.as_chunks::<16>();
    let Ok(sixteens) = <&[[DocId; 16]; 8]>::try_from(sixteens) else {
        return 0;
    };
    let mut part = 0;
    for sixteen in sixteens.iter().take(7) {
        part += usize::from(sixteen[15] < target);
    }
    let sixteen = &sixteens[part & 7];
    let four = usize::from(sixteen[3] < target)
        + usize::from(sixteen[7] < target)
        + usize::from(sixteen[11] < target);
    let begin = 4 * (four & 3);
    let one = usize::from(sixteen[begin] < target)
        + usize::from(sixteen[begin + 1] < target)
        + usize::from(sixteen[begin + 2] < target);
    16 * part + begin + one
}

/// How many documents a [`PlaceTable`] tells apart.
const SPAN: usize = 2_048;

/// Where the documents of a block are in it, by the lowest bits of their numbers.
///
/// To fill it takes a store for each document of the block, and to look one up is then one load and a comparison
/// where [`first_from`] takes three rounds of them: worth it where some eight or more are looked up. It is never emptied, for the block
/// itself tells whether a place is right.
pub(crate) struct PlaceTable([u8; SPAN]);

impl Default for PlaceTable {
    fn default() -> PlaceTable {
        PlaceTable([0; SPAN])
    }
}

impl PlaceTable {
    /// Remembers the places of the documents from `first` on, as many as it can tell apart. Returns the last
    /// document that may be asked for.
    #[inline(never)]
    pub(super) fn fill(&mut self, docs: &[DocId; BLOCK], first: DocId) -> DocId {
        let last = first.saturating_add(SPAN as DocId - 1);
        let begin = first_from(docs, first);
        let end = match docs[BLOCK - 1] <= last {
            true => BLOCK,
            false => first_from(docs, last + 1),
        };
        let range = docs.get(begin..end).unwrap_or_default();
        for (place, doc) in (begin..).zip(range) {
            self.0[*doc as usize % SPAN] = place as u8;
        }
        last
    }

    /// The place of a document, and whether it is there.
    #[inline]
    pub(super) fn find(&self, docs: &[DocId; BLOCK], doc: DocId) -> (usize, bool) {
        // The rest tells the compiler that nothing is out of range.
        let place = usize::from(self.0[doc as usize % SPAN]) % BLOCK;
        (place, docs[place] == doc)
    }
}
