//! [`Bytes`]: the bytes of a list, held whole or read where they are asked for.

use std::ops::Range;

use tantivy::HasLen;
use tantivy::directory::{FileSlice, OwnedBytes};

use crate::engine::failure;
use crate::text::prefetch::prefetch;

/// Here and there, so many bytes are read at the least: a call costs as much as copying some thousand.
const PIECE: usize = 1 << 10;
/// And so many at the most, of a list that is gone through: more are no faster.
const LONG: usize = 16 << 10;

/// A line of the processor's cache.
const LINE: usize = 64;

/// The bytes of a list.
pub(super) struct Bytes {
    /// All of them, or none.
    whole: OwnedBytes,
    /// Boxed, for lists are many, and most are whole.
    window: Option<Box<Window>>,
}

/// A part of a file, and the piece of it that was read last.
struct Window {
    file: FileSlice,
    held: OwnedBytes,
    /// Where that begins.
    start: usize,
}

impl Bytes {
    /// A part of what is mapped or in memory. None where there is no such part.
    pub(super) fn whole(bytes: &OwnedBytes, range: &Range<usize>) -> Option<Bytes> {
        let is_part = range.start <= range.end && range.end <= bytes.len();
        is_part.then(|| Bytes {
            whole: bytes.slice(range.clone()),
            window: None,
        })
    }

    /// A part of a file of which nothing is read but what is asked for.
    pub(super) fn in_pieces(file: &FileSlice, range: &Range<usize>) -> Option<Bytes> {
        let is_part = range.start <= range.end && range.end <= file.len();
        is_part.then(|| Bytes {
            whole: OwnedBytes::empty(),
            window: Some(Box::new(Window {
                file: file.slice(range.clone()),
                held: OwnedBytes::empty(),
                start: 0,
            })),
        })
    }

    pub(super) fn are_in_pieces(&self) -> bool {
        self.window.is_some()
    }

    pub(super) fn len(&self) -> usize {
        match &self.window {
            None => self.whole.len(),
            Some(window) => window.file.len(),
        }
    }

    /// The bytes from `start` on, `length` of them or more, or all there are. None where they can't be read, which is
    /// [noted](failure::note): who asks for a document can be told of no error.
    #[inline]
    pub(super) fn get(&mut self, start: usize, length: usize) -> &[u8] {
        match &mut self.window {
            None => self.whole.get(start..).unwrap_or_default(),
            Some(window) => window.get(start, length),
        }
    }

    /// Fetches those from `start` on, which are asked for soon: two lines of the processor's cache, where all are held.
    #[inline]
    pub(super) fn prefetch(&self, start: usize) {
        prefetch(&self.whole, start);
        prefetch(&self.whole, start.saturating_add(LINE));
    }

    /// So many of them, or all there are, to be kept.
    pub(super) fn take(&mut self, start: usize, length: usize) -> OwnedBytes {
        let (all, start) = match &mut self.window {
            None => (&self.whole, start),
            Some(window) => {
                window.hold(start, length);
                (&window.held, start.saturating_sub(window.start))
            }
        };
        let start = start.min(all.len());
        all.slice(start..start.saturating_add(length).min(all.len()))
    }
}

impl Window {
    #[cold]
    #[inline(never)]
    fn get(&mut self, start: usize, length: usize) -> &[u8] {
        self.hold(start, length);
        let held = start.checked_sub(self.start);
        held.and_then(|start| self.held.get(start..))
            .unwrap_or_default()
    }

    /// Sees to it that a range is held.
    fn hold(&mut self, start: usize, length: usize) {
        let all = self.file.len();
        let end = start.saturating_add(length).min(all);
        let held = self.start..self.start + self.held.len();
        if end <= start || held.contains(&start) && end <= held.end {
            return;
        }
        // Who goes on not far behind goes through the list, and is given twice as many as the last time.
        let goes_on = (held.start..held.end + held.len()).contains(&start);
        let least = match goes_on {
            true => (2 * held.len()).min(LONG),
            false => PIECE,
        };
        let start = if all <= PIECE { 0 } else { start };
        let end = end.max(start + least).min(all);
        (self.held, self.start) = match self.file.read_bytes_slice(start..end) {
            Ok(bytes) => (bytes, start),
            Err(error) => {
                failure::note(error);
                (OwnedBytes::empty(), 0)
            }
        };
    }
}
