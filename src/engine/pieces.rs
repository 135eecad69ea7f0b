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
        match range.len() {
            // The engine's file takes an empty range for a mistake.
            0 => Ok(OwnedBytes::empty()),
            1..=LONGEST => self.file.read_bytes_slice(range),
            _ => self.mapped.read_bytes(range),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::Directory;
    use tantivy::directory::MmapDirectory;

    #[test]
    fn every_range_is_what_is_mapped_there() {
        let folder = tempfile::tempdir().unwrap();
        let numbers: Vec<u8> = (0..40_000_u32).flat_map(u32::to_le_bytes).collect();
        let path = folder.path().join("file");
        std::fs::write(&path, &numbers).unwrap();
        let directory = MmapDirectory::open(folder.path()).unwrap();
        let mapped = directory.get_file_handle(Path::new("file")).unwrap();
        let pieces = Pieces::of(mapped.clone(), &path);
        assert_eq!(Arc::ptr_eq(&pieces, &mapped), cfg!(not(unix)));
        let end = numbers.len();
        for range in [
            0..0,
            0..1,
            end - 1..end,
            end..end,
            7..7 + LONGEST,
            7..8 + LONGEST,
            0..end,
        ] {
            let found = pieces.read_bytes(range.clone()).unwrap();
            assert_eq!(found.as_slice(), &numbers[range]);
        }
        // What is small, or not there, is mapped.
        for (length, name) in [(LONGEST, "file"), (end, "other")] {
            let mapped = FileSlice::new(mapped.clone()).slice_to(length);
            let mapped: Arc<dyn FileHandle> = Arc::new(mapped);
            let kept = Pieces::of(mapped.clone(), &folder.path().join(name));
            assert!(Arc::ptr_eq(&kept, &mapped));
        }
    }
}
