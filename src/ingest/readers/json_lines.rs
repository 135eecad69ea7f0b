//! JSON lines: one object a line.

use std::io::{BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::super::bad_record::BadRecord;
use super::super::fields::FieldMap;
use super::super::input::Input;
use super::super::object;
use super::super::record::{FileReader, Parsed};
use super::{MAX_RECORD_BYTES, too_long};

pub(in super::super) struct JsonLines {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    note: Option<String>,
    fields: Arc<FieldMap>,
    buffer: Vec<u8>,
    line: u64,
    byte: u64,
    /// A file that failed once is left: the same error would come for ever.
    failed: bool,
}

impl JsonLines {
    pub(in super::super) fn new(path: PathBuf, input: Input, fields: Arc<FieldMap>) -> JsonLines {
        JsonLines {
            path,
            reader: input.reader,
            note: input.note,
            fields,
            buffer: Vec::new(),
            line: 0,
            byte: 0,
            failed: false,
        }
    }

    fn skip_line(&mut self) -> std::io::Result<u64> {
        let mut skipped = 0;
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(skipped);
            }
            let newline = available.iter().position(|&byte| byte == b'\n');
            let length = newline.map_or(available.len(), |at| at + 1);
            self.reader.consume(length);
            skipped += length as u64;
            if newline.is_some() {
                return Ok(skipped);
            }
        }
    }

    fn bad(&self, start: u64, reason: impl Into<String>) -> BadRecord {
        BadRecord::new(&self.path, reason)
            .line(self.line)
            .byte(start)
    }
}

impl FileReader for JsonLines {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        while !self.failed {
            self.line += 1;
            self.buffer.clear();
            let start = self.byte;
            let mut limited = (&mut self.reader).take(MAX_RECORD_BYTES);
            let read = match limited.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(read) => read as u64,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(
                        self.bad(start, format!("cannot be read further: {error}"))
                    ));
                }
            };
            self.byte += read;
            if read == MAX_RECORD_BYTES && self.buffer.last() != Some(&b'\n') {
                // Its memory is given back: the next lines are short again.
                self.buffer = Vec::new();
                match self.skip_line() {
                    Ok(skipped) => self.byte += skipped,
                    Err(_) => self.failed = true,
                }
                return Some(Err(self.bad(start, too_long())));
            }
            let line = self.buffer.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let parsed = object::article(line, &self.fields)
                .map(|article| {
                    let mut parsed = Parsed::new(article).line(self.line);
                    parsed.notes.extend(self.note.take());
                    parsed
                })
                .map_err(|fault| {
                    let bad = self.bad(start, fault.reason);
                    match fault.field {
                        Some(field) => bad.field(field),
                        None => bad,
                    }
                });
            return Some(parsed);
        }
        None
    }
}
