//! How the postings of words are kept from the engine's merges, which copy position by position: the writer's
//! view of a file of postings has these fields under other numbers, so that the engine finds nothing of them in
//! it, and the [plugin](super::merge) all.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::footer::Footer;
use tantivy::directory::{CompositeFile, FileHandle, FileSlice, OwnedBytes};
use tantivy::schema::Field;

use super::read_number;

/// How many bytes the number of a field has.
const NUMBER: usize = size_of::<u32>();

/// The number under which the writer sees a field that is hidden from the engine.
pub(super) fn hidden(field: Field) -> Field {
    Field::from_field_id(u32::MAX - field.field_id())
}

/// A field of a file, whoever sees it.
pub(super) fn open(file: &CompositeFile, field: Field) -> Option<FileSlice> {
    let seen = file.open_read(field);
    seen.or_else(|| file.open_read(hidden(field)))
}

/// The file of postings of a segment, as its writer sees it. `is_hidden` tells fields by their numbers.
pub(in crate::engine) fn hide(
    file: FileSlice,
    is_hidden: impl Fn(Field) -> bool,
) -> io::Result<FileSlice> {
    let (_, body) = Footer::extract_footer(file.clone())?;
    let changes = numbers(&body)?
        .into_iter()
        .filter(|(_, field)| is_hidden(*field))
        .map(|(at, field)| (at, hidden(field).field_id().to_le_bytes()))
        .collect();
    Ok(FileSlice::new(Arc::new(Renumbered { file, changes })))
}

/// The fields of a composite file, and where their numbers stand in it (tantivy's `directory/composite_file.rs`).
fn numbers(body: &FileSlice) -> io::Result<Vec<(usize, Field)>> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a list of fields is damaged");
    let end = body.len().checked_sub(NUMBER).ok_or_else(damaged)?;
    let length = body.slice_from(end).read_bytes()?;
    let length = length.first_chunk().ok_or_else(damaged)?;
    let start = end.checked_sub(u32::from_le_bytes(*length) as usize);
    let start = start.ok_or_else(damaged)?;
    let list = body.slice(start..end).read_bytes()?;
    let mut rest = list.as_slice().iter();
    let count = read_number(&mut rest).ok_or_else(damaged)?;
    let mut found = Vec::new();
    for _ in 0..count {
        // How far it begins behind the one before, its number, and which part of the field it is.
        read_number(&mut rest).ok_or_else(damaged)?;
        let at = end - rest.as_slice().len();
        let number = rest.as_slice().first_chunk().ok_or_else(damaged)?;
        found.push((at, Field::from_field_id(u32::from_le_bytes(*number))));
        rest = rest.as_slice().get(NUMBER..).unwrap_or_default().iter();
        read_number(&mut rest).ok_or_else(damaged)?;
    }
    Ok(found)
}

/// A file with some of its bytes changed.
#[derive(Debug)]
struct Renumbered {
    file: FileSlice,
    /// Where, and what is there instead.
    changes: Vec<(usize, [u8; NUMBER])>,
}

impl HasLen for Renumbered {
    fn len(&self) -> usize {
        self.file.len()
    }
}

impl FileHandle for Renumbered {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let bytes = self.file.read_bytes_slice(range.clone())?;
        let mut is_changed = false;
        let mut changed = Vec::new();
        for (at, instead) in &self.changes {
            if *at >= range.end || at + NUMBER <= range.start {
                continue;
            }
            if !std::mem::replace(&mut is_changed, true) {
                changed.extend_from_slice(&bytes);
            }
            for (at, byte) in (*at..).zip(instead) {
                let place = at.checked_sub(range.start);
                if let Some(old) = place.and_then(|place| changed.get_mut(place)) {
                    *old = *byte;
                }
            }
        }
        Ok(if is_changed {
            OwnedBytes::new(changed)
        } else {
            bytes
        })
    }
}
