//! CSV and TSV: a header, then one article a row.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use csv::{ByteRecord, ReaderBuilder};

use super::super::bad_record::BadRecord;
use super::super::clean::dates;
use super::super::encoding;
use super::super::fields::{ArticleField, FieldMap};
use super::super::input::Input;
use super::super::object::split_tags;
use super::super::record::{FileReader, Parsed};
use super::{MAX_RECORD_BYTES, too_long};
use crate::article::Article;

pub(in super::super) struct Table {
    path: PathBuf,
    reader: csv::Reader<Bounded>,
    progress: Arc<Progress>,
    columns: Vec<(ArticleField, String)>,
    row: ByteRecord,
    notes: Vec<String>,
    encoding: Encoding,
    /// 1 where lines end with two characters: rows begin, for the csv crate, between the two.
    between: u64,
    failed: bool,
}

/// What the rows so far were written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Nothing but ASCII yet.
    Open,
    Utf8,
    Windows1252,
}

impl Table {
    /// Reads the header. The delimiter is the one that stands most often in its line, unless given.
    pub(in super::super) fn open(
        path: PathBuf,
        input: Input,
        delimiter: Option<u8>,
        fields: &FieldMap,
    ) -> Result<Table, BadRecord> {
        let Input { mut reader, note } = input;
        let unreadable = |error: io::Error| BadRecord::unreadable(&path, &error);
        let start = reader.fill_buf().map_err(unreadable)?;
        if start.is_empty() {
            return Err(BadRecord::new(&path, "is empty"));
        }
        let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(start));
        let end = start.iter().position(|byte| *byte == b'\n');
        let ends_in_two = end.and_then(|end| start.get(end.checked_sub(1)?)) == Some(&b'\r');
        let progress = Arc::new(Progress::default());
        progress.left.store(MAX_RECORD_BYTES, Ordering::Relaxed);
        let bounded = Bounded {
            inner: reader,
            progress: progress.clone(),
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(true)
            .from_reader(bounded);
        let header = reader
            .byte_headers()
            .map_err(|error| fault(&path, &error))?
            .clone();
        let mut encoding = Encoding::Open;
        let columns: Vec<(ArticleField, String)> = header
            .iter()
            .map(|name| {
                let name = decode(name, &mut encoding)
                    .unwrap_or_else(|_| String::from_utf8_lossy(name).into_owned());
                let name = name.trim().to_owned();
                (fields.field(&name), name)
            })
            .collect();
        let readable =
            |field: &ArticleField| matches!(field, ArticleField::Title | ArticleField::Body);
        if !columns.iter().any(|(field, _)| readable(field)) {
            let names: Vec<&str> = columns
                .iter()
                .map(|(_, name)| name.as_str())
                .take(12)
                .collect();
            return Err(BadRecord::new(
                &path,
                format!(
                    "no column is a title or a text: the header names {}; say which is which with `Source::fields`",
                    names.join(", ")
                ),
            )
            .line(1));
        }
        Ok(Table {
            path,
            reader,
            progress,
            columns,
            row: ByteRecord::new(),
            notes: note.into_iter().collect(),
            encoding,
            between: u64::from(ends_in_two),
            failed: false,
        })
    }

    /// Whether the row goes on to the end of the file because a quote was not closed. A quote alone
    /// may also stand inside a value (`un écran de 24"`), in a row that ends with its line.
    fn took_the_rest(&self) -> bool {
        let Progress { quotes, ended, .. } = &*self.progress;
        let is_open = ended.load(Ordering::Relaxed) && quotes.load(Ordering::Relaxed) % 2 == 1;
        is_open && self.row.iter().any(|value| value.contains(&b'\n'))
    }

    fn article(&mut self) -> Result<Parsed, (Option<String>, String)> {
        if self.row.len() > self.columns.len() {
            return Err((
                None,
                format!(
                    "has {} columns, the header has {}: is a delimiter inside a value that is not quoted?",
                    self.row.len(),
                    self.columns.len()
                ),
            ));
        }
        let mut article = Article::default();
        let before = self.encoding;
        for (value, (field, name)) in self.row.iter().zip(&self.columns) {
            let value =
                decode(value, &mut self.encoding).map_err(|reason| (Some(name.clone()), reason))?;
            let trimmed = value.trim();
            if trimmed.is_empty() {
                continue;
            }
            match field {
                ArticleField::Id => trimmed.clone_into(&mut article.id),
                ArticleField::Title if article.title.is_empty() => {
                    trimmed.clone_into(&mut article.title)
                }
                ArticleField::Body if article.body.is_empty() => {
                    trimmed.clone_into(&mut article.body)
                }
                ArticleField::Author if article.author.is_none() => {
                    article.author = Some(trimmed.to_owned())
                }
                ArticleField::Source if article.source.is_none() => {
                    article.source = Some(trimmed.to_owned())
                }
                ArticleField::Url if article.url.is_none() => {
                    article.url = Some(trimmed.to_owned())
                }
                ArticleField::Tags => article.tags.extend(split_tags(trimmed)),
                ArticleField::Published if article.published.is_none() => {
                    let published =
                        dates::read(trimmed).map_err(|reason| (Some(name.clone()), reason))?;
                    article.published = Some(published);
                }
                ArticleField::Nothing => {}
                _ => {
                    article.extra.insert(name.clone(), value);
                }
            }
        }
        let mut parsed = Parsed::new(article);
        parsed.notes = std::mem::take(&mut self.notes);
        if before != Encoding::Windows1252 && self.encoding == Encoding::Windows1252 {
            parsed
                .notes
                .push("not UTF-8: read as Windows-1252 from here on".to_owned());
        }
        Ok(parsed)
    }
}

impl FileReader for Table {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        if self.failed {
            return None;
        }
        self.progress
            .left
            .store(MAX_RECORD_BYTES, Ordering::Relaxed);
        match self.reader.read_byte_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let (line, byte) = self.row.position().map_or((0, 0), |position| {
                    (
                        position.line() + self.between,
                        position.byte() + self.between,
                    )
                });
                let parsed = match self.took_the_rest() {
                    true => Err((
                        None,
                        "opens a quote that is never closed: the rows behind it are lost in it"
                            .to_owned(),
                    )),
                    false => self.article().map(|parsed| parsed.line(line)),
                };
                Some(parsed.map_err(|(field, reason)| {
                    let bad = BadRecord::new(&self.path, reason).line(line).byte(byte);
                    match field {
                        Some(field) => bad.field(field),
                        None => bad,
                    }
                }))
            }
            Err(error) => {
                self.failed = true;
                Some(Err(fault(&self.path, &error)))
            }
        }
    }
}

fn fault(path: &PathBuf, error: &csv::Error) -> BadRecord {
    let bad = BadRecord::new(path, format!("cannot be read further: {error}"));
    match error.position() {
        Some(position) => bad.line(position.line()).byte(position.byte()),
        None => bad,
    }
}

/// The likeliest delimiter by the header, quoted parts left aside.
fn likely_delimiter(start: &[u8]) -> u8 {
    let line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in line {
        if *byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            for (delimiter, count) in &mut counts {
                *count += usize::from(byte == delimiter);
            }
        }
    }
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .filter(|(_, count)| *count > 0)
        .map_or(b',', |(delimiter, _)| delimiter)
}

/// The first row that is more than ASCII tells what the file is written in.
fn decode(value: &[u8], encoding: &mut Encoding) -> Result<String, String> {
    if value.is_ascii() && *encoding != Encoding::Windows1252 {
        return Ok(String::from_utf8_lossy(value).into_owned());
    }
    match (std::str::from_utf8(value), *encoding) {
        (_, Encoding::Windows1252) => Ok(encoding::windows_1252(value)),
        (Ok(text), _) => {
            *encoding = Encoding::Utf8;
            Ok(text.to_owned())
        }
        (Err(_), Encoding::Open) => {
            *encoding = Encoding::Windows1252;
            Ok(encoding::windows_1252(value))
        }
        (Err(error), Encoding::Utf8) => Err(format!(
            "is not UTF-8 as the rows before: the first bad byte is at offset {}",
            error.valid_up_to()
        )),
    }
}

/// Ends a record that grows beyond the limit: a quote that is never closed takes the rest of the
/// file.
struct Bounded {
    inner: Box<dyn BufRead + Send>,
    progress: Arc<Progress>,
}

/// How far the file was read.
#[derive(Default)]
struct Progress {
    /// How many more bytes the record may take.
    left: AtomicU64,
    quotes: AtomicU64,
    ended: AtomicBool,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Progress {
            left,
            quotes,
            ended,
        } = &*self.progress;
        let found = buffer.iter().take(read).filter(|byte| **byte == b'"');
        quotes.fetch_add(found.count() as u64, Ordering::Relaxed);
        ended.store(read == 0 && !buffer.is_empty(), Ordering::Relaxed);
        match left.load(Ordering::Relaxed).checked_sub(read as u64) {
            Some(more) => {
                left.store(more, Ordering::Relaxed);
                Ok(read)
            }
            None => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: is a quote opened and not closed?", too_long()),
            )),
        }
    }
}
