//! The stored articles, read without a new decompressor for each.
//!
//! The engine makes a zstd context for each block it reads, and a context asks the processor what it is: a fifth to a
//! third of the time on virtual machines, where that ends in the host. Its reader is told instead that blocks are not
//! compressed, and reads them from [`Blocks`], which keeps one context a thread. The format is that of tantivy 0.27 (its
//! `store/footer.rs` and `store/compression_zstd_block.rs`).

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::directory::{FileHandle, FileSlice, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, HasLen, Searcher, SegmentReader, TantivyError};
use zstd::bulk::Decompressor;

use super::document::{Stored, to_article};
use super::{Core, failure};
use crate::article::Article;
use crate::error::Result;

/// The file ends with its version (four bytes), where its blocks end (eight), how they are compressed (one) and
/// fifteen bytes of nothing.
const FOOTER: usize = 28;
const COMPRESSION: usize = 12;
const UNCOMPRESSED: u8 = 0;
const ZSTD: u8 = 4;

/// A block ends with how many articles it has.
const LEAST: usize = size_of::<u32>();

/// How many blocks a reader keeps that goes through the articles in order.
const LAST_ONE: usize = 1;

thread_local! {
    static CONTEXT: RefCell<Decompressor<'static>> = RefCell::default();
}

impl Core {
    /// What is stored of the article at a place of a view.
    pub(super) fn stored(&self, view: &Searcher, address: DocAddress) -> tantivy::Result<Stored> {
        let segments = view.segment_readers();
        let segment = segments.get(address.segment_ord as usize).ok_or_else(|| {
            TantivyError::InvalidArgument("the place is not one of the view".to_owned())
        })?;
        self.known_terms.store(segment)?.get(address.doc_id)
    }

    /// The article at a place of a view.
    pub(crate) fn article(&self, view: &Searcher, address: DocAddress) -> Result<Article> {
        let stored = self.stored(view, address);
        let stored = stored.map_err(|error| failure("reading an article", &self.place, error))?;
        Ok(to_article(stored, &self.fields))
    }
}

/// The stored articles of a segment, to be read in order.
pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<StoreReader> {
    open_with(segment, LAST_ONE)
}

/// The same, to be read here and there: what a page shows lies in as many blocks as it has articles, and none is kept.
pub(super) fn open_for_pages(segment: &SegmentReader) -> tantivy::Result<StoreReader> {
    open_with(segment, 0)
}

fn open_with(segment: &SegmentReader, kept_blocks: usize) -> tantivy::Result<StoreReader> {
    let file = segment.open_read(SegmentComponent::Store)?;
    let blocks = Blocks::open(&file)?;
    let file = blocks.map_or(file, |blocks| FileSlice::new(Arc::new(blocks)));
    Ok(StoreReader::open(file, kept_blocks)?)
}

/// A file of stored articles that says that its blocks are not compressed, and gives them out so. They are read one at a
/// time: other parts of them make no sense.
#[derive(Debug)]
struct Blocks {
    file: FileSlice,
    /// Where the blocks end.
    end: usize,
    footer: OwnedBytes,
}

impl Blocks {
    /// None where the blocks are not compressed with zstd.
    fn open(file: &FileSlice) -> io::Result<Option<Blocks>> {
        let Some(start) = file.len().checked_sub(FOOTER) else {
            return Ok(None);
        };
        let mut footer = file.slice_from(start).read_bytes()?.to_vec();
        let end = footer
            .get(4..COMPRESSION)
            .and_then(|end| end.try_into().ok());
        let end = end.map_or(0, u64::from_le_bytes) as usize;
        Ok(match footer.get_mut(COMPRESSION) {
            Some(compression) if *compression == ZSTD && end <= start => {
                *compression = UNCOMPRESSED;
                Some(Blocks {
                    file: file.clone(),
                    end,
                    footer: OwnedBytes::new(footer),
                })
            }
            _ => None,
        })
    }
}

impl HasLen for Blocks {
    fn len(&self) -> usize {
        self.file.len()
    }
}

impl FileHandle for Blocks {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range == (self.len() - FOOTER..self.len()) {
            return Ok(self.footer.clone());
        }
        let bytes = self.file.slice(range.clone()).read_bytes()?;
        match range.end <= self.end {
            true => Ok(OwnedBytes::new(inflated(&bytes)?)),
            false => Ok(bytes),
        }
    }
}

/// A block begins with the number of bytes it becomes.
fn inflated(block: &[u8]) -> io::Result<Vec<u8>> {
    let (size, block) = block.split_first_chunk().ok_or_else(damaged)?;
    let size = u32::from_le_bytes(*size) as usize;
    if size < LEAST {
        return Err(damaged());
    }
    let mut bytes = Vec::new();
    // A damaged block may ask for more memory than there is.
    bytes.try_reserve_exact(size)?;
    let count =
        CONTEXT.with_borrow_mut(|context| context.decompress_to_buffer(block, &mut bytes))?;
    match count == size {
        true => Ok(bytes),
        false => Err(damaged()),
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the stored articles are damaged",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the engine compresses it.
    fn block(text: &[u8], size: u32) -> Vec<u8> {
        let mut block = size.to_le_bytes().to_vec();
        block.extend(zstd::bulk::compress(text, 1).unwrap());
        block
    }

    #[test]
    fn a_block_is_what_it_was() {
        for text in [
            &b"abcd"[..],
            b"Le coton",
            "Le coton et le riz. ".repeat(2_000).as_bytes(),
        ] {
            assert_eq!(inflated(&block(text, text.len() as u32)).unwrap(), text);
        }
    }

    #[test]
    fn a_damaged_block_is_an_error() {
        let text = "Le coton et le riz. ".repeat(2_000).into_bytes();
        let whole = block(&text, text.len() as u32);
        for size in [0, 1, 4, text.len() as u32 - 1, text.len() as u32 + 1] {
            assert!(inflated(&block(&text, size)).is_err(), "{size}");
        }
        for end in [0, 3, 4, 5, whole.len() / 2, whole.len() - 1] {
            assert!(inflated(&whole[..end]).is_err(), "{end}");
        }
        // What comes next is read all the same.
        assert_eq!(inflated(&whole).unwrap(), text);
    }
}
