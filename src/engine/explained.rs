//! What the engine is told of the score of a document that one of our queries matches.

use tantivy::query::{Explanation, Weight};
use tantivy::{DocId, SegmentReader, TantivyError};

/// `what` says which query it is.
pub(super) fn explained(
    weight: &impl Weight,
    reader: &SegmentReader,
    doc: DocId,
    what: &'static str,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!(
            "document {doc} does not match"
        )));
    }
    Ok(Explanation::new(what, scorer.score()))
}
