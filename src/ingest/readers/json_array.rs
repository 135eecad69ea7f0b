//! JSON arrays, and objects one after the other: found by their brackets, then parsed one by one, so
//! that an array of any length takes the memory of its longest element.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use super::super::bad_record::BadRecord;
use super::super::fields::FieldMap;
use super::super::input::Input;
use super::super::object;
use super::super::record::{FileReader, Parsed};
use super::{MAX_RECORD_BYTES, too_long};

pub(in super::super) struct JsonArray {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    note: Option<String>,
    fields: Arc<FieldMap>,
    element: Vec<u8>,
    line: u64,
    byte: u64,
    in_array: bool,
    ended: bool,
}

/// How an element ended.
enum End {
    Whole,
    TooLong,
    /// The file ended first.
    Cut,
}

/// Where the scan of an element stands.
#[derive(Default)]
struct Scan {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Scan {
    /// Goes through more bytes of the element; where it ends, if it ends among them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.in_text {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                // Most bytes are text: passed over until one that means something.
                let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
                at += found + 1;
                if rest.get(found) == Some(&b'\\') {
                    self.escaped = true;
                } else {
                    self.in_text = false;
                    if self.depth == 0 {
                        return Some(at - 1);
                    }
                }
                continue;
            }
            match rest.first() {
                Some(b'"') => self.in_text = true,
                Some(b'{' | b'[') => self.depth += 1,
                Some(b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }
}

impl JsonArray {
    pub(in super::super) fn new(path: PathBuf, input: Input, fields: Arc<FieldMap>) -> JsonArray {
        JsonArray {
            path,
            reader: input.reader,
            note: input.note,
            fields,
            element: Vec::new(),
            line: 1,
            byte: 0,
            in_array: false,
            ended: false,
        }
    }

    fn consume(&mut self, length: usize, newlines: u64) {
        self.reader.consume(length);
        self.byte += length as u64;
        self.line += newlines;
    }

    /// Goes to the first byte of the next element; `None` at the end of the array or of the file.
    fn seek(&mut self) -> std::io::Result<Option<u8>> {
        loop {
            let Some(&byte) = self.reader.fill_buf()?.first() else {
                return Ok(None);
            };
            match byte {
                b' ' | b'\t' | b'\r' | b',' => self.consume(1, 0),
                b'\n' => self.consume(1, 1),
                b'[' if !self.in_array => {
                    self.in_array = true;
                    self.consume(1, 0);
                }
                // Another array may follow, as `jq` writes one after the other.
                b']' => {
                    self.in_array = false;
                    self.consume(1, 0);
                }
                other => return Ok(Some(other)),
            }
        }
    }

    /// Reads the element that begins here into `self.element`.
    fn element(&mut self, first: u8) -> std::io::Result<End> {
        self.element.clear();
        let scalar = !matches!(first, b'{' | b'[' | b'"');
        let mut scan = Scan::default();
        let mut length = 0_u64;
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(if scalar { End::Whole } else { End::Cut });
            }
            let end = if scalar {
                available
                    .iter()
                    .position(|byte| matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b'\n'))
            } else {
                scan.end(available)
            };
            let taken = match end {
                // What ends a scalar is not part of it, unless nothing else is.
                Some(at) if scalar => at.max(usize::from(length == 0)),
                Some(at) => at + 1,
                None => available.len(),
            };
            let part = available.get(..taken).unwrap_or_default();
            let newlines = part.iter().filter(|byte| **byte == b'\n').count() as u64;
            length += taken as u64;
            if length <= MAX_RECORD_BYTES {
                self.element.extend_from_slice(part);
            } else {
                self.element = Vec::new();
            }
            self.consume(taken, newlines);
            if end.is_some() {
                return Ok(if length <= MAX_RECORD_BYTES {
                    End::Whole
                } else {
                    End::TooLong
                });
            }
        }
    }

    fn read(&mut self) -> std::io::Result<Option<Result<Parsed, BadRecord>>> {
        let Some(first) = self.seek()? else {
            self.ended = true;
            let cut = self.in_array.then(|| {
                BadRecord::new(
                    &self.path,
                    "the array is not closed: the file is cut short, or still being written",
                )
                .line(self.line)
                .byte(self.byte)
            });
            return Ok(cut.map(Err));
        };
        let (line, byte) = (self.line, self.byte);
        let end = self.element(first)?;
        let bad =
            |path: &PathBuf, reason: String| BadRecord::new(path, reason).line(line).byte(byte);
        let parsed = match end {
            End::TooLong => Err(bad(&self.path, too_long())),
            End::Cut => {
                self.ended = true;
                let reason = "the file ends in the middle of this record: it is cut short, or still being written";
                Err(bad(&self.path, reason.to_owned()))
            }
            End::Whole => object::article(self.element.trim_ascii(), &self.fields)
                .map(|article| {
                    let mut parsed = Parsed::new(article).line(line);
                    parsed.notes.extend(self.note.take());
                    parsed
                })
                .map_err(|fault| {
                    let bad = bad(&self.path, fault.reason);
                    match fault.field {
                        Some(field) => bad.field(field),
                        None => bad,
                    }
                }),
        };
        Ok(Some(parsed))
    }
}

impl FileReader for JsonArray {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        if self.ended {
            return None;
        }
        match self.read() {
            Ok(parsed) => parsed,
            Err(error) => {
                self.ended = true;
                let bad = BadRecord::new(&self.path, format!("cannot be read further: {error}"));
                Some(Err(bad.line(self.line).byte(self.byte)))
            }
        }
    }
}
