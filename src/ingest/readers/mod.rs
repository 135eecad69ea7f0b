//! One reader a format: a file to records, one after the other.

#[cfg(feature = "feeds")]
pub(super) mod feed;
#[cfg(feature = "html")]
pub(super) mod html;
pub(super) mod json_array;
pub(super) mod json_lines;
pub(super) mod table;
pub(super) mod text_file;

use crate::article::Article;

/// The longest record: room for the longest text with every character escaped as `\u0000`.
pub(super) const MAX_RECORD_BYTES: u64 = 6 * Article::MAX_TEXT_BYTES as u64;

/// What is said of a record beyond it.
pub(super) fn too_long() -> String {
    format!(
        "the record is longer than the limit of {MAX_RECORD_BYTES} bytes, which no article within its limits reaches"
    )
}
