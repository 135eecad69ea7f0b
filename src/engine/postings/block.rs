//! Blocks: the documents of a term that are packed together.

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::DocId;

/// How many documents are packed together.
pub(crate) const BLOCK: usize = BitPacker4x::BLOCK_LEN;

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
