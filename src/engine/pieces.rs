//! [`Pieces`]: a file that is mapped, and of which short pieces are read instead.
//!
//! The system maps 64 KB around each byte that is read of what is mapped. An article is read from 4 KB of them, a search
//! reads some hundred bytes in a hundred places: a few hundred searches, and their articles, had mapped 800 MB of 1,050. To
//! read a piece takes half a microsecond to two more than to read what is mapped already, and less than to map it.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, FileSlice, OwnedBytes};

/// What is longer is mapped: to copy it would take as long as mapping it. And the system maps so much at once.
pub(super) const LONGEST: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Pieces {
    mapped: Arc<dyn FileHandle>,
    file: FileSlice,
}

impl Pieces {
    /// The file as it is mapped where nothing would be gained, where it can't be opened a second time, and where two
    /// threads can't read it in different places at once.
    pub(super) fn of(mapped: Arc<dyn FileHandle>, path: &Path) -> Arc<dyn FileHandle> {
        if mapped.len() <= LONGEST || cfg!(not(unix)) {
            return mapped;
        }
        match FileSlice::open(path) {
            Ok(file) if file.len() == mapped.len() => Arc::new(Pieces { mapped, file }),
            _ => mapped,
        }
    }
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.mapped.len()
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match range.len() <= LONGEST {
            true => self.file.read_bytes_slice(range),
            false => self.mapped.read_bytes(range),
        }
    }
}
