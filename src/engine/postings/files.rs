//! [`PostingFiles`]: the bytes of a field's postings in one segment.

use std::io;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{DocId, Score};

use super::champions::{Champions, LEAST, List};
use super::list::PostingList;

/// The postings of a field begin with the number of all its tokens.
const TOKENS: usize = size_of::<u64>();

/// Mapped or in memory, and shared: cheap to clone.
#[derive(Clone)]
pub(crate) struct PostingFiles {
    pub(super) postings: OwnedBytes,
    pub(super) positions: OwnedBytes,
    /// Of the text field, whatever the field is: to be asked for terms of that one only.
    pub(super) champions: Option<Champions>,
    tokens: u64,
    end: DocId,
}

impl PostingFiles {
    /// `read` opens a file of the segment, whose documents end before `end`.
    pub(in crate::engine) fn open(
        read: impl Fn(SegmentComponent) -> Result<FileSlice, OpenReadError>,
        field: Field,
        end: DocId,
    ) -> tantivy::Result<PostingFiles> {
        let bytes = |component| -> tantivy::Result<OwnedBytes> {
            let file = CompositeFile::open(&read(component)?)?;
            Ok(match file.open_read(field) {
                Some(of_field) => of_field.read_bytes()?,
                None => OwnedBytes::empty(),
            })
        };
        let postings = bytes(SegmentComponent::Postings)?;
        let tokens = postings
            .first_chunk()
            .copied()
            .map_or(0, u64::from_le_bytes);
        Ok(PostingFiles {
            postings: postings.slice(TOKENS.min(postings.len())..postings.len()),
            positions: bytes(SegmentComponent::Positions)?,
            champions: Champions::open(read)?,
            tokens,
            end,
        })
    }

    /// How many tokens the field has.
    pub(super) fn tokens(&self) -> u64 {
        self.tokens
    }

    /// The articles that score best for a term, where there is such a list.
    pub(in crate::engine) fn champions(&self, info: &TermInfo) -> io::Result<Option<List>> {
        match &self.champions {
            Some(champions) => champions.list(info, self.end),
            None => Ok(None),
        }
    }

    /// How much more a document may score than what its block was said to score at most. That was told by the
    /// average length of the segment when it was written: with another one, no score changes by more than the
    /// averages do. And sums are rounded.
    pub(in crate::engine) fn slack(&self, average: Score) -> Score {
        let own = self.tokens as Score / self.end.max(1) as Score;
        let ratio = (own / average).max(average / own);
        let ratio = if ratio.is_finite() { ratio } else { 1.0 };
        ratio * (1.0 + 8.0 * Score::EPSILON)
    }

    /// Whether a term has so few documents that it has no list.
    pub(in crate::engine) fn is_short(&self, info: &TermInfo) -> bool {
        info.doc_freq < LEAST
    }

    /// The documents of a term and its frequencies.
    pub(in crate::engine) fn list(&self, info: &TermInfo) -> io::Result<PostingList> {
        PostingList::open(info, self.end, &self.postings, None)
    }

    /// The same, and where they have it.
    pub(in crate::engine) fn list_with_positions(
        &self,
        info: &TermInfo,
    ) -> io::Result<PostingList> {
        PostingList::open(info, self.end, &self.postings, Some(&self.positions))
    }
}
