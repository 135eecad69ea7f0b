//! Plain text files: the first line that is not blank is the title, the rest is the body.

use std::fs;
use std::path::Path;

use super::bad_record::BadRecord;
use crate::article::Article;

pub(super) fn read(path: &Path, id: &str) -> Result<Article, BadRecord> {
    let bad = |reason: String| BadRecord::new(path, reason);
    let length = fs::metadata(path)
        .map_err(|error| bad(format!("cannot be read: {error}")))?
        .len();
    if length > Article::MAX_TEXT_BYTES as u64 {
        return Err(bad(format!(
            "{length} bytes, more than the limit of {}",
            Article::MAX_TEXT_BYTES
        )));
    }
    let bytes = fs::read(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        bad(format!(
            "is not UTF-8: the first bad byte is at offset {}",
            error.utf8_error().valid_up_to()
        ))
    })?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(bad("is empty".to_owned()));
    }
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let article = Article::new(id, title.trim(), body.trim());
    article.validate().map_err(|error| bad(error.to_string()))?;
    Ok(article)
}
