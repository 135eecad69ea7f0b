//! JSON lines: one article a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::bad_record::BadRecord;
use crate::article::Article;

/// The longest line: room for the longest text with every character escaped as `\uXXXX`.
const MAX_LINE_BYTES: u64 = 6 * Article::MAX_TEXT_BYTES as u64;

pub(super) struct JsonLines {
    path: PathBuf,
    reader: BufReader<File>,
    buffer: Vec<u8>,
    line: u64,
    /// A file that failed once is left: the same error would come for ever.
    failed: bool,
}

impl JsonLines {
    pub(super) fn open(path: &Path) -> Result<JsonLines, BadRecord> {
        let file = File::open(path)
            .map_err(|error| BadRecord::new(path, format!("cannot be read: {error}")))?;
        Ok(JsonLines {
            path: path.to_owned(),
            reader: BufReader::with_capacity(1 << 16, file),
            buffer: Vec::new(),
            line: 0,
            failed: false,
        })
    }

    /// The next record, and how many bytes of the file it took; `None` at the end.
    pub(super) fn next_record(&mut self) -> Option<(Result<Article, BadRecord>, u64)> {
        let mut bytes = 0;
        while !self.failed {
            self.line += 1;
            self.buffer.clear();
            let mut limited = (&mut self.reader).take(MAX_LINE_BYTES);
            let read = match limited.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(read) => read as u64,
                Err(error) => {
                    self.failed = true;
                    let bad = self.bad(format!("cannot be read further: {error}"));
                    return Some((Err(bad), bytes));
                }
            };
            bytes += read;
            if read == MAX_LINE_BYTES && self.buffer.last() != Some(&b'\n') {
                bytes += self.skip_line();
                let bad = self.bad(format!(
                    "the line is longer than the limit of {MAX_LINE_BYTES} bytes"
                ));
                return Some((Err(bad), bytes));
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Some((self.parse(), bytes));
            }
        }
        None
    }

    fn skip_line(&mut self) -> u64 {
        let mut skipped = 0;
        while let Ok(available) = self.reader.fill_buf() {
            if available.is_empty() {
                break;
            }
            let newline = available.iter().position(|&byte| byte == b'\n');
            let length = newline.map_or(available.len(), |at| at + 1);
            self.reader.consume(length);
            skipped += length as u64;
            if newline.is_some() {
                break;
            }
        }
        skipped
    }

    fn bad(&self, reason: impl Into<String>) -> BadRecord {
        BadRecord::new(&self.path, reason).line(self.line)
    }

    fn parse(&self) -> Result<Article, BadRecord> {
        let text = std::str::from_utf8(&self.buffer).map_err(|error| {
            self.bad(format!(
                "is not UTF-8: the first bad byte is at offset {} of the line",
                error.valid_up_to()
            ))
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let record: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| self.bad(format!("is not a JSON object: {error}")))?;
        let article =
            to_article(record).map_err(|(field, reason)| self.bad(reason).field(&field))?;
        article
            .validate()
            .map_err(|error| self.bad(error.to_string()))?;
        Ok(article)
    }
}

/// Maps the usual names of fields; what has no place of its own becomes an extra.
fn to_article(record: Map<String, Value>) -> Result<Article, (String, String)> {
    let mut article = Article::default();
    for (name, value) in record {
        if value.is_null() {
            continue;
        }
        let wrong = |reason: String| (name.clone(), reason);
        match name.as_str() {
            "id" => article.id = scalar(value).map_err(wrong)?,
            "title" => article.title = scalar(value).map_err(wrong)?,
            "body" | "text" | "content" if article.body.is_empty() => {
                article.body = scalar(value).map_err(wrong)?;
            }
            "author" => article.author = Some(list(value).map_err(wrong)?.join(", ")),
            "source" => article.source = Some(scalar(value).map_err(wrong)?),
            "url" => article.url = Some(scalar(value).map_err(wrong)?),
            "tags" => article.tags = list(value).map_err(wrong)?,
            "published" | "date" => {
                let text = scalar(value).map_err(wrong)?;
                let published = text
                    .parse()
                    .map_err(|error| (name.clone(), format!("{error}")))?;
                article.published = Some(published);
            }
            "extra" => match value {
                Value::Object(extras) => {
                    for (name, value) in extras {
                        let value = extra(value);
                        article.extra.insert(name, value);
                    }
                }
                other => return Err(wrong(expected("an object", &other))),
            },
            _ => {
                article.extra.insert(name, extra(value));
            }
        }
    }
    if article.id.is_empty() {
        return Err(("id".to_owned(), "is missing or empty".to_owned()));
    }
    Ok(article)
}

fn scalar(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(expected("a text", &other)),
    }
}

fn list(value: Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(values) => values.into_iter().map(scalar).collect(),
        other => Ok(vec![scalar(other)?]),
    }
}

fn extra(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn expected(what: &str, found: &Value) -> String {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("is {kind}, {what} was expected")
}
