//! Blocks: the documents of a term that are packed together.

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::{DocId, TERMINATED};

/// How many documents are packed together.
pub(crate) const BLOCK: usize = BitPacker4x::BLOCK_LEN;

/// What a list says of each full block, in bytes: see [`Summary::read`].
pub(super) const SUMMARY: usize = 12;
/// A byte of one means that frequency or more.
const MOST_FREQUENT: u8 = u8::MAX;

/// What is known of a block before it is decoded.
#[derive(Clone, Copy)]
pub(super) struct Summary {
    pub last: DocId,
    pub document_bits: u8,
    pub frequency_bits: u8,
    /// How many positions its documents have.
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
            document_bits: document_bits & 0x1f,
            frequency_bits,
            positions: u32::from_le_bytes([e, f, g, h]),
            best: Some(match frequency {
                MOST_FREQUENT => (length, u32::MAX),
                frequency => (length, frequency.into()),
            }),
        })
    }
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
