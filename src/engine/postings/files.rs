//! [`PostingFiles`]: the bytes of a field's postings in one segment.

use std::io;
use std::sync::Arc;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{DocId, HasLen, Score};

use super::bitmaps::{Bitmap, Bitmaps};
use super::bytes::Bytes;
use super::champions::{Champions, LEAST, List};
use super::hidden;
use super::list::{PostingList, damaged};
use super::terms::WRITTEN_MARK;
use crate::text::prefetch::prefetch;

const WRITTEN: u8 = WRITTEN_MARK as u8;
/// The postings of a field begin with the number of all its tokens.
pub(super) const TOKENS: usize = size_of::<u64>();

/// Mapped or in memory, and shared: cheap to clone.
#[derive(Clone)]
pub(crate) struct PostingFiles(pub(super) Arc<Files>);

pub(super) struct Files {
    pub postings: OwnedBytes,
    pub positions: OwnedBytes,
    in_pieces: Option<InPieces>,
    norms: FieldNormReader,
    /// Of the text field, whatever the field is: to be asked for terms of that one only.
    pub champions: Option<Champions>,
    /// Of this field.
    pub bitmaps: Option<Bitmaps>,
    tokens: u64,
    end: DocId,
}

/// What is read in pieces where the files are mapped: a search goes through lists of lemmas, but needs the positions, and
/// the lists of words as written, of a few documents here and there.
struct InPieces {
    postings: FileSlice,
    positions: FileSlice,
    /// Where the postings of words as written and of pairs end.
    written_end: usize,
}

impl InPieces {
    fn new(
        words: &TermDictionary,
        postings: FileSlice,
        positions: FileSlice,
    ) -> io::Result<InPieces> {
        // Terms are in the order of their bytes: words as written, and pairs before them, come before all lemmas but numbers.
        let mut lemmas = words.range().gt([WRITTEN, u8::MAX]).into_stream()?;
        Ok(InPieces {
            written_end: match lemmas.advance() {
                true => lemmas.value().postings_range.start,
                false => postings.len(),
            },
            postings,
            positions,
        })
    }
}

impl PostingFiles {
    /// `read` opens a file of the segment, whose documents end before `end`. The lengths come from who has the
    /// segment open: their file may be gone since. With the words of the field, what need not be mapped is read in pieces.
    pub(in crate::engine) fn open(
        read: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
        field: Field,
        norms: FieldNormReader,
        end: DocId,
        in_pieces: Option<&TermDictionary>,
    ) -> tantivy::Result<PostingFiles> {
        let file = |component| -> tantivy::Result<FileSlice> {
            let file = CompositeFile::open(&read(component)?)?;
            Ok(hidden::open(&file, field).unwrap_or_else(FileSlice::empty))
        };
        let postings = file(SegmentComponent::Postings)?;
        let positions = file(SegmentComponent::Positions)?;
        let tokens = postings.slice_to(TOKENS.min(postings.len())).read_bytes()?;
        let tokens = tokens.first_chunk().copied().map_or(0, u64::from_le_bytes);
        let postings = postings.slice_from(TOKENS.min(postings.len()));
        if norms.num_docs() < end {
            let message = "a segment has more articles than lengths";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message).into());
        }
        Ok(PostingFiles(Arc::new(Files {
            postings: postings.read_bytes()?,
            positions: positions.read_bytes()?,
            in_pieces: match in_pieces {
                Some(words) => Some(InPieces::new(words, postings, positions)?),
                None => None,
            },
            norms,
            champions: Champions::open(&read)?,
            bitmaps: Bitmaps::open(read, field)?,
            tokens,
            end,
        })))
    }

    /// The lengths of the documents.
    pub(in crate::engine) fn norms(&self) -> &FieldNormReader {
        &self.0.norms
    }

    /// No document of the segment has this number or a higher one.
    pub(super) fn end(&self) -> DocId {
        self.0.end
    }

    /// How many tokens the field has.
    pub(in crate::engine) fn tokens(&self) -> u64 {
        self.0.tokens
    }

    /// The articles that score best for a term, where there is such a list.
    pub(in crate::engine) fn champions(&self, info: &TermInfo) -> io::Result<Option<List<'_>>> {
        match &self.0.champions {
            Some(champions) => champions.list(info, self.0.end),
            None => Ok(None),
        }
    }

    /// Whether function words side by side have [terms of their own](super::with_pairs).
    pub(in crate::engine) fn has_pairs(&self) -> bool {
        self.0.bitmaps.is_some()
    }

    /// The documents of a term as bits, where it has them.
    pub(in crate::engine) fn bitmap(&self, info: &TermInfo) -> io::Result<Option<Bitmap>> {
        match &self.0.bitmaps {
            Some(bitmaps) => bitmaps.of(info, self.0.end),
            None => Ok(None),
        }
    }

    /// How much more a document may score than what its block was said to score at most. That was told by the
    /// average length of the segment when it was written: with another one, no score changes by more than the
    /// averages do. And sums are rounded.
    pub(in crate::engine) fn slack(&self, average: Score) -> Score {
        let own = self.0.tokens as Score / self.0.end.max(1) as Score;
        let ratio = (own / average).max(average / own);
        let ratio = if ratio.is_finite() { ratio } else { 1.0 };
        ratio * (1.0 + 8.0 * Score::EPSILON)
    }

    /// Whether a term has so few documents that it has no list.
    pub(in crate::engine) fn is_short(&self, info: &TermInfo) -> bool {
        info.doc_freq < LEAST
    }

    /// Fetches where lists begin that are about to be opened, and their positions where asked, if they are mapped: each is
    /// far from the others in memory.
    pub(in crate::engine) fn prefetch<'i>(
        &self,
        lists: impl Iterator<Item = (&'i TermInfo, bool)>,
    ) {
        for (info, has_positions) in lists {
            if self.pieces_of(info).is_none() {
                prefetch(&self.0.postings, info.postings_range.start);
            }
            if has_positions && self.0.in_pieces.is_none() {
                prefetch(&self.0.positions, info.positions_range.start);
            }
        }
    }

    /// The documents of a term and its frequencies.
    pub(in crate::engine) fn list(&self, info: &TermInfo) -> io::Result<Box<PostingList>> {
        let postings = Bytes::whole(&self.0.postings, &info.postings_range).ok_or_else(damaged)?;
        PostingList::open(info, self.0.end, postings, None)
    }

    /// The same, and where they have it.
    pub(in crate::engine) fn list_with_positions(
        &self,
        info: &TermInfo,
    ) -> io::Result<Box<PostingList>> {
        let positions = self.positions(info)?;
        PostingList::open(info, self.0.end, self.postings(info)?, Some(positions))
    }

    /// Either, pending: to seek documents in.
    pub(in crate::engine) fn list_to_seek_in(
        &self,
        info: &TermInfo,
        has_positions: bool,
    ) -> io::Result<Box<PostingList>> {
        let positions = match has_positions {
            true => Some(self.positions(info)?),
            false => None,
        };
        PostingList::before_first(info, self.0.end, self.postings(info)?, positions)
    }

    /// Where the postings of a term are read in pieces.
    fn pieces_of(&self, info: &TermInfo) -> Option<&FileSlice> {
        let in_pieces = self.0.in_pieces.as_ref()?;
        (info.postings_range.start < in_pieces.written_end).then_some(&in_pieces.postings)
    }

    fn postings(&self, info: &TermInfo) -> io::Result<Bytes> {
        let range = &info.postings_range;
        let bytes = match self.pieces_of(info) {
            Some(pieces) => Bytes::in_pieces(pieces, range),
            None => Bytes::whole(&self.0.postings, range),
        };
        bytes.ok_or_else(damaged)
    }

    fn positions(&self, info: &TermInfo) -> io::Result<Bytes> {
        let range = &info.positions_range;
        let bytes = match &self.0.in_pieces {
            Some(pieces) => Bytes::in_pieces(&pieces.positions, range),
            None => Bytes::whole(&self.0.positions, range),
        };
        bytes.ok_or_else(damaged)
    }
}
