//! Bytes that are read piece by piece.

use std::ops::Range;
use std::sync::Mutex;
use std::{fmt, io};

use tantivy::HasLen;
use tantivy::directory::FileHandle;

use super::*;
use crate::engine::failure;

/// A file of ascending numbers that remembers what was read of it, and fails from some place on.
#[derive(Clone)]
struct Watched {
    bytes: Arc<Vec<u8>>,
    fails_from: usize,
    read: Arc<Mutex<Vec<Range<usize>>>>,
}

impl Watched {
    fn new(length: usize, fails_from: usize) -> Watched {
        let numbers = (0..length / 2).flat_map(|number| (number as u16).to_le_bytes());
        Watched {
            bytes: Arc::new(numbers.collect()),
            fails_from,
            read: Arc::default(),
        }
    }

    fn pieces(&self, range: &Range<usize>) -> Bytes {
        let file = FileSlice::new(Arc::new(self.clone()));
        Bytes::in_pieces(&file, range).unwrap()
    }

    fn take_read(&self) -> Vec<Range<usize>> {
        std::mem::take(&mut self.read.lock().unwrap())
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watched")
    }
}

impl HasLen for Watched {
    fn len(&self) -> usize {
        self.bytes.len()
    }
}

impl FileHandle for Watched {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.fails_from {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.read.lock().unwrap().push(range.clone());
        Ok(OwnedBytes::new(self.bytes[range].to_vec()))
    }
}

#[test]
fn pieces_are_what_the_file_has_there() {
    let file = Watched::new(100_000, usize::MAX);
    let mut dice = Dice(5);
    for length in [0, 1, 700, 3_000, 90_000] {
        let part = 7_000..7_000 + length;
        let mut bytes = file.pieces(&part);
        assert!(bytes.are_in_pieces());
        assert_eq!(bytes.len(), length);
        let all = &file.bytes[part];
        let mut start = 0;
        for _ in 0..2_000 {
            // Here and there, or not far behind the last.
            start = match dice.below(3) {
                0 => dice.below(length as u32 + 10) as usize,
                _ => start + dice.below(300) as usize,
            };
            let wanted = dice.below(400) as usize;
            let expected = &all[start.min(length)..(start + wanted).min(length)];
            let found = bytes.get(start, wanted);
            assert!(found.starts_with(expected), "{start} {wanted}");
            if dice.below(5) == 0 {
                assert_eq!(bytes.take(start, wanted).as_slice(), expected);
            }
        }
        assert!(bytes.get(length, usize::MAX).is_empty());
        assert!(bytes.get(usize::MAX, usize::MAX).is_empty());
        assert_eq!(bytes.get(length / 2, usize::MAX), &all[length / 2..]);
    }
    let file = FileSlice::new(Arc::new(file));
    assert!(Bytes::in_pieces(&file, &(5..100_001)).is_none());
}

#[test]
fn who_goes_through_is_given_more_at_once() {
    let file = Watched::new(1 << 20, usize::MAX);
    let all = 0..1 << 20;
    let mut bytes = file.pieces(&all);
    for start in (0..1 << 20).step_by(200) {
        bytes.get(start, 200);
    }
    let read = file.take_read();
    assert!(read.len() < 80, "{}", read.len());
    assert!(read.iter().all(|range| range.len() <= 16 << 10));

    // Who does not is given little.
    let mut bytes = file.pieces(&all);
    for number in 0..100 {
        bytes.get(number * 7_919 % 100 * 10_000, 200);
    }
    let read = file.take_read();
    let sum: usize = read.iter().map(Range::len).sum();
    assert!(sum <= 200 << 10, "{sum}");
}

#[test]
fn what_cannot_be_read_is_noted() {
    let file = Watched::new(100_000, 50_000);
    let read = || -> io::Result<usize> {
        let mut bytes = file.pieces(&(0..100_000));
        let before = bytes.get(40_000, 100).len();
        assert!(bytes.get(60_000, 100).is_empty());
        assert!(bytes.take(70_000, 100).is_empty());
        // What is read later does not make up for it.
        assert!(!bytes.get(100, 100).is_empty());
        Ok(before)
    };
    let error = failure::failing_if_noted(read, |error| error).unwrap_err();
    assert!(error.to_string().contains("os error 5"), "{error}");
    // It is told once.
    assert!(failure::failing_if_noted(|| Ok(()), |error: io::Error| error).is_ok());
}
