//! [`PostingFiles`]: the bytes of a field's postings in one segment.

use std::io;

use tantivy::SegmentReader;
use tantivy::directory::{CompositeFile, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::list::PostingList;

/// The postings of a field begin with the number of all its tokens.
const TOKENS: usize = 8;

/// Mapped or in memory, and shared: cheap to clone.
#[derive(Clone)]
pub(crate) struct PostingFiles {
    postings: OwnedBytes,
    positions: OwnedBytes,
}

impl PostingFiles {
    pub(in crate::engine) fn open(
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<PostingFiles> {
        let bytes = |component| -> tantivy::Result<OwnedBytes> {
            let file = CompositeFile::open(&segment.open_read(component)?)?;
            Ok(match file.open_read(field) {
                Some(of_field) => of_field.read_bytes()?,
                None => OwnedBytes::empty(),
            })
        };
        let postings = bytes(SegmentComponent::Postings)?;
        Ok(PostingFiles {
            postings: postings.slice(TOKENS.min(postings.len())..postings.len()),
            positions: bytes(SegmentComponent::Positions)?,
        })
    }

    /// The documents of a term and its frequencies.
    pub(in crate::engine) fn list(&self, info: &TermInfo) -> io::Result<PostingList> {
        PostingList::open(info, &self.postings, None)
    }

    /// The same, and where they have it.
    pub(in crate::engine) fn list_with_positions(
        &self,
        info: &TermInfo,
    ) -> io::Result<PostingList> {
        PostingList::open(info, &self.postings, Some(&self.positions))
    }
}
