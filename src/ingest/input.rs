//! A file, decompressed and decoded: what the readers read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::bad_record::BadRecord;
use super::encoding::{Marked, Utf16};

const BUFFER: usize = 1 << 16;

pub(super) struct Input {
    pub(super) reader: Box<dyn BufRead + Send>,
    /// What was noticed, such as UTF-16.
    pub(super) note: Option<String>,
}

/// How many bytes of a file have been read, compressed as it may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Count(Arc<AtomicU64>);

impl Count {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    inner: R,
    count: Count,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Opens a file; what it read is added to `count`.
pub(super) fn open(path: &Path, count: &Count) -> Result<Input, BadRecord> {
    let unreadable = |error: io::Error| BadRecord::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let counted = Counted {
        inner: file,
        count: count.clone(),
    };
    let mut raw = BufReader::with_capacity(BUFFER, counted);
    let start = raw.fill_buf().map_err(unreadable)?;
    let reader = match Compression::of(start) {
        Some(compression) => compression.open(raw, path)?,
        None => Box::new(raw),
    };
    decoded(reader).map_err(unreadable)
}

/// Takes off a byte order mark, and makes UTF-8 of UTF-16.
fn decoded(mut reader: Box<dyn BufRead + Send>) -> io::Result<Input> {
    let marked = Marked::of(reader.fill_buf()?);
    let big = match marked {
        Marked::Nothing => return Ok(Input { reader, note: None }),
        Marked::Utf8 => {
            reader.consume(3);
            return Ok(Input { reader, note: None });
        }
        Marked::Utf16Little => false,
        Marked::Utf16Big => true,
    };
    if matches!(reader.fill_buf()?, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        reader.consume(2);
    }
    Ok(Input {
        reader: Box::new(BufReader::with_capacity(BUFFER, Utf16::new(reader, big))),
        note: Some(format!("read as UTF-16{}", if big { "BE" } else { "LE" })),
    })
}

#[derive(Clone, Copy)]
enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// By the first bytes, whatever the name says.
    fn of(start: &[u8]) -> Option<Compression> {
        match start {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstd),
            // A frame to be skipped, as parallel compressors put first.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    fn open(
        self,
        raw: impl BufRead + Send + 'static,
        path: &Path,
    ) -> Result<Box<dyn BufRead + Send>, BadRecord> {
        match self {
            #[cfg(feature = "gzip")]
            Compression::Gzip => {
                let decoder = flate2::bufread::MultiGzDecoder::new(raw);
                Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)))
            }
            #[cfg(not(feature = "gzip"))]
            Compression::Gzip => Err(missing(raw, path, "gzip")),
            Compression::Zstd => {
                let decoder = zstd::Decoder::with_buffer(raw)
                    .map_err(|error| BadRecord::new(path, error.to_string()))?;
                Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)))
            }
        }
    }
}

#[cfg(not(feature = "gzip"))]
fn missing(raw: impl BufRead, path: &Path, feature: &str) -> BadRecord {
    drop(raw);
    BadRecord::new(
        path,
        format!(
            "is compressed with {feature}: build trouvaille with its feature `{feature}`, or decompress the file"
        ),
    )
}
