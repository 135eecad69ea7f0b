//! Plain text files: one article each.

use std::io::Read;
use std::path::PathBuf;

use super::super::bad_record::BadRecord;
use super::super::encoding;
use super::super::input::Input;
use super::super::record::{FileReader, Parsed};
use crate::article::Article;

pub(in super::super) struct TextFile {
    path: PathBuf,
    input: Option<Input>,
}

impl TextFile {
    pub(in super::super) fn new(path: PathBuf, input: Input) -> TextFile {
        TextFile {
            path,
            input: Some(input),
        }
    }
}

impl FileReader for TextFile {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        let input = self.input.take()?;
        Some(read_all(input, &self.path).map(|(text, notes)| {
            let mut parsed = Parsed::new(Article::new("", "", text));
            parsed.notes = notes;
            parsed
        }))
    }
}

/// A whole file as text, and what was noticed. For formats of one article a file.
pub(in super::super) fn read_all(
    input: Input,
    path: &std::path::Path,
) -> Result<(String, Vec<String>), BadRecord> {
    let limit = Article::MAX_TEXT_BYTES as u64;
    let mut bytes = Vec::new();
    // Not the length that was listed: the file may have grown since.
    input
        .reader
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| BadRecord::unreadable(path, &error))?;
    if bytes.len() as u64 > limit {
        return Err(BadRecord::new(
            path,
            format!("has more than the {limit} bytes that an article may have"),
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(BadRecord::new(path, "is empty"));
    }
    // Pictures and archives under a wrong name; one in nine of their bytes controls something.
    let controls = bytes
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    if controls * 12 > bytes.len() {
        return Err(BadRecord::new(
            path,
            "is not text: more than one byte in twelve is a control character",
        ));
    }
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    let mut notes: Vec<String> = input.note.into_iter().collect();
    if zeros > 0 {
        bytes.retain(|byte| *byte != 0);
        notes.push(format!("{zeros} zero bytes left out"));
    }
    let (text, note) = encoding::decode(bytes);
    notes.extend(note);
    Ok((text, notes))
}

/// The first line that is not blank is the title, the rest the body: what is done without cleaning.
pub(in super::super) fn split_title(article: &mut Article) {
    let text = article.body.trim();
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = (title.trim().to_owned(), body.trim().to_owned());
    article.title = title;
    article.body = body;
}
