//! [`Bitmaps`]: the documents of frequent words, one bit each, in a file beside the postings.
//!
//! Whether an article has a frequent word is mostly asked of articles that rarer words have chosen. A block of
//! its postings is decoded for nearly each of them; a bit is one load. How many bits are set before it tells the
//! article's place in its block, where its frequency is then read alone. And several words are counted 64
//! articles at a time (Culpepper & Moffat 2010, *Efficient set intersection for inverted indexing*: bits for
//! frequent terms, packed blocks for others).
//!
//! The file has a bitmap for each term that stands for a word and that one article of [`SHARE`] has, all of one size: the bits, and for each
//! [`GROUP`] of documents the place of its first one in its block (a byte). Then, in the order of the terms, `u64`
//! where the postings of each begin, the number of bitmaps, `u32`, and that of the field, `u32`; all little endian.

use std::io::{self, Write};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileSlice, OwnedBytes, TerminatingWrite, WritePtr};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{DocId, Segment};

use super::block::BLOCK;
use super::files::PostingFiles;

/// The ending of the file.
pub(crate) const BITMAPS: &str = "bitmaps";

/// A word has a bitmap if one article of so many has it: a bit each is then no more than twice what the
/// postings say of documents. Words of one article of 32 too would take as much room again.
const SHARE: u32 = 16;
/// In a segment of fewer articles, postings are a few blocks.
const LEAST: DocId = 4 * BLOCK as DocId;
/// So many documents share a place.
const GROUP: usize = 128;
const GROUP_BYTES: usize = GROUP / 8;
const KEY: usize = size_of::<u64>();
const NUMBER: usize = size_of::<u32>();

/// The documents of one term.
#[derive(Clone)]
pub(crate) struct Bitmap {
    bits: OwnedBytes,
    /// Of the first document of each group, or of the first behind it that has the term.
    places: OwnedBytes,
}

impl Bitmap {
    /// The place of a document in its block of postings, and whether it has the term.
    #[inline]
    pub(in crate::engine) fn place(&self, doc: DocId) -> (usize, bool) {
        let (group, at) = (doc as usize / GROUP, doc as usize % GROUP);
        let bits = self.bits.get(group * GROUP_BYTES..);
        let bits = bits.and_then(|bits| bits.first_chunk());
        let bits = bits.map_or(0, |bits| u128::from_le_bytes(*bits));
        let first = self.places.get(group).copied().unwrap_or(0);
        let before = bits & ((1 << at) - 1);
        let place = usize::from(first) + before.count_ones() as usize;
        (place % BLOCK, bits >> at & 1 == 1)
    }

    /// Adds the bits of the documents from `start` on, which begins a word of them.
    #[inline]
    pub(in crate::engine) fn add_to(&self, start: DocId, found: &mut [u64]) {
        let bits = self.bits.get(start as usize / 8..).unwrap_or_default();
        let (words, _) = bits.as_chunks();
        for (found, word) in found.iter_mut().zip(words) {
            *found |= u64::from_le_bytes(*word);
        }
    }

    /// Bits of 64 documents each, the lowest first.
    pub(in crate::engine) fn words(&self) -> impl Iterator<Item = u64> {
        let (words, _) = self.bits.as_chunks();
        words.iter().map(|word| u64::from_le_bytes(*word))
    }
}

/// How many groups the documents before `end` are.
fn groups(end: DocId) -> usize {
    (end as usize).div_ceil(GROUP)
}

fn has_bitmap(info: &TermInfo, end: DocId) -> bool {
    end >= LEAST && info.doc_freq >= end / SHARE
}

/// The bitmaps of a segment, of one field.
#[derive(Clone)]
pub(super) struct Bitmaps(pub OwnedBytes);

impl Bitmaps {
    /// `None` where the segment has none of the field, or none at all: the index is older than they are.
    pub(super) fn open(
        read: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
        field: Field,
    ) -> tantivy::Result<Option<Bitmaps>> {
        match read(SegmentComponent::Custom(BITMAPS.to_owned())) {
            Ok(file) => {
                let bytes = file.read_bytes()?;
                let of = bytes.split_last_chunk().ok_or_else(damaged)?;
                let is_of_field = u32::from_le_bytes(*of.1) == field.field_id();
                let start = bytes.len() - NUMBER;
                Ok(is_of_field.then(|| Bitmaps(bytes.slice(0..start))))
            }
            // Or a merge has removed it meanwhile.
            Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bitmap of a term, if it has one, in a segment whose documents end before `end`.
    pub(super) fn of(&self, info: &TermInfo, end: DocId) -> io::Result<Option<Bitmap>> {
        if !has_bitmap(info, end) {
            return Ok(None);
        }
        let of_bits = groups(end) * GROUP_BYTES;
        let size = of_bits + groups(end);
        let keys = self.keys(size).ok_or_else(damaged)?;
        let wanted = info.postings_range.start as u64;
        let Ok(number) = keys.binary_search_by_key(&wanted, |key| u64::from_le_bytes(*key)) else {
            return Ok(None);
        };
        let start = number * size;
        let bits = self.0.slice(start..start + of_bits);
        // Bits of documents that there are none of would be taken for documents.
        let last = bits
            .last_chunk()
            .map_or(0, |last| u128::from_le_bytes(*last));
        let in_last = end as usize % GROUP;
        if in_last > 0 && last >> in_last != 0 {
            return Err(damaged());
        }
        let places = self.0.slice(start + of_bits..start + size);
        Ok(Some(Bitmap { bits, places }))
    }

    /// Where the postings of each term begin, where each bitmap has so many bytes.
    fn keys(&self, size: usize) -> Option<&[[u8; KEY]]> {
        let (rest, count) = self.0.split_last_chunk::<NUMBER>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let start = count.checked_mul(size)?;
        let (keys, _) = rest.get(start..)?.as_chunks();
        (rest.len() == start.checked_add(count.checked_mul(KEY)?)?).then_some(keys)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the bits of words are damaged")
}

/// Writes the bitmaps of a segment whose postings are written, one after the other: together they take a hundredth
/// of the segment.
pub(super) struct BitmapsWriter {
    file: WritePtr,
    field: Field,
    keys: Vec<u8>,
    /// The bitmap at hand.
    bitmap: Vec<u8>,
}

impl BitmapsWriter {
    pub(super) fn create(segment: &Segment, field: Field) -> tantivy::Result<BitmapsWriter> {
        let file = segment.open_write(SegmentComponent::Custom(BITMAPS.to_owned()))?;
        Ok(BitmapsWriter {
            file,
            field,
            keys: Vec::new(),
            bitmap: Vec::new(),
        })
    }

    /// Adds the documents of a term, if it is to have a bitmap; terms come in their order.
    pub(super) fn add(&mut self, files: &PostingFiles, info: &TermInfo) -> io::Result<()> {
        let end = files.end();
        if !has_bitmap(info, end) {
            return Ok(());
        }
        let of_bits = groups(end) * GROUP_BYTES;
        self.bitmap.clear();
        self.bitmap.resize(of_bits + groups(end), 0);
        let (bits, places) = self.bitmap.split_at_mut(of_bits);
        files.list(info)?.for_each_block(|docs| {
            for doc in docs {
                if let Some(byte) = bits.get_mut(*doc as usize / 8) {
                    *byte |= 1 << (doc % 8);
                }
            }
        });
        let (groups, _) = bits.as_chunks();
        let mut place: u32 = 0;
        for (group, first) in groups.iter().zip(places) {
            *first = (place as usize % BLOCK) as u8;
            place = place.wrapping_add(u128::from_le_bytes(*group).count_ones());
        }
        self.keys
            .extend_from_slice(&(info.postings_range.start as u64).to_le_bytes());
        self.file.write_all(&self.bitmap)
    }

    pub(super) fn close(mut self) -> io::Result<()> {
        let count = u32::try_from(self.keys.len() / KEY).unwrap_or(u32::MAX);
        self.file.write_all(&self.keys)?;
        self.file.write_all(&count.to_le_bytes())?;
        self.file.write_all(&self.field.field_id().to_le_bytes())?;
        self.file.terminate()
    }
}
