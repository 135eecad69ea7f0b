//! [`records`]: a file or a folder, one record after the other.

use std::fs;
use std::path::{Path, PathBuf};

use super::bad_record::BadRecord;
use super::json_lines::JsonLines;
use super::text_file;
use crate::article::Article;
use crate::error::{Error, Result};

/// Reads the articles of a `.jsonl` or `.txt` file, or of all `.txt` files in a folder and the
/// folders below it, in the order of their names.
///
/// - `.txt`: one article; its first line that is not blank is the title, the rest the body; its id
///   is the path inside the folder.
/// - `.jsonl` (or `.ndjson`): one JSON object a line, with the names of [`Article`]'s fields
///   (`text` or `content` for the body and `date` for the date are understood too); unknown names
///   become extras.
///
/// # Errors
///
/// [Not found](Error::is_not_found) where the path does not exist, [I/O](Error::is_io) where the
/// folder cannot be listed. What is wrong with a record comes out of the iterator.
pub fn records(path: impl AsRef<Path>) -> Result<Records> {
    let path = path.as_ref();
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::not_found(format!("no file or folder at {}", path.display()))
        }
        _ => Error::io("reading", path, error),
    })?;
    let mut files = Vec::new();
    let root = if metadata.is_dir() {
        list(path, &mut files)?;
        path.to_owned()
    } else {
        if kind(path).is_none() {
            return Err(Error::invalid_argument(format!(
                "{}: only .txt, .jsonl and .ndjson files can be read",
                path.display()
            )));
        }
        files.push((path.to_owned(), metadata.len()));
        path.parent().unwrap_or(Path::new("")).to_owned()
    };
    files.sort();
    let total_bytes = files.iter().map(|(_, length)| length).sum();
    files.reverse();
    Ok(Records {
        root,
        files,
        lines: None,
        bytes: 0,
        total_bytes,
    })
}

/// The records of a file or a folder. Made by [`records`].
pub struct Records {
    root: PathBuf,
    /// The files still to read, the next one last.
    files: Vec<(PathBuf, u64)>,
    lines: Option<JsonLines>,
    bytes: u64,
    total_bytes: u64,
}

impl Records {
    /// How many bytes of the files have been read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes all files had when the walk began.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }
}

impl Iterator for Records {
    type Item = std::result::Result<Article, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next_record() {
                    Some((record, bytes)) => {
                        self.bytes += bytes;
                        return Some(record);
                    }
                    None => self.lines = None,
                }
            }
            let (path, length) = self.files.pop()?;
            match kind(&path) {
                Some(Kind::Text) => {
                    self.bytes += length;
                    let id = path.strip_prefix(&self.root).unwrap_or(&path);
                    return Some(text_file::read(&path, &id.to_string_lossy()));
                }
                Some(Kind::JsonLines) => match JsonLines::open(&path) {
                    Ok(lines) => self.lines = Some(lines),
                    Err(bad) => return Some(Err(bad)),
                },
                None => {}
            }
        }
    }
}

enum Kind {
    Text,
    JsonLines,
}

fn kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "txt" => Some(Kind::Text),
        "jsonl" | "ndjson" => Some(Kind::JsonLines),
        _ => None,
    }
}

/// Symbolic links to folders are not followed: they may lead back to where they stand.
fn list(folder: &Path, files: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    let listing = |error| Error::io("listing the folder", folder, error);
    for entry in fs::read_dir(folder).map_err(listing)? {
        let entry = entry.map_err(listing)?;
        let path = entry.path();
        if entry.file_type().map_err(listing)?.is_dir() {
            list(&path, files)?;
        } else if matches!(kind(&path), Some(Kind::Text)) && path.is_file() {
            let length = entry.metadata().map_or(0, |metadata| metadata.len());
            files.push((path, length));
        }
    }
    Ok(())
}
