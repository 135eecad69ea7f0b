//! [`Forms`]: where each form of a field stands, gathered in memory until a segment is written.
//!
//! A word has a term as written and one for each of its lemmas. What is recorded at each of its
//! places is the word, once: the postings of a lemma are those of its forms put together, when the
//! segment is written (`write.rs`). The engine's own recorder looks up and records every term of
//! every place, which was half the time of indexing.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use tantivy_stacker::{ExpUnrolledLinkedList, MemoryArena};

use super::terms::WRITTEN_MARK;

/// Stands before each lemma in a key; no UTF-8 text has this byte.
const BREAK: u8 = 0xff;

/// Where a word stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub document: u32,
    pub position: u32,
}

/// All words of a field that have the same terms.
struct Form {
    /// Where its terms begin and end in `Forms::keys`.
    key: (usize, usize),
    /// How often each lemma counts at each place.
    times: u8,
    /// The last place recorded.
    last: Place,
    places: ExpUnrolledLinkedList,
}

/// The forms of one field.
#[derive(Default)]
pub(super) struct Forms {
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The terms of all forms: as written, then each lemma behind a [`BREAK`].
    keys: Vec<u8>,
    forms: Vec<Form>,
    /// How many terms were recorded.
    pub terms: u64,
    key: Vec<u8>,
}

/// Records the words of a field into memory that all fields share.
pub(super) struct Recorder<'a> {
    pub forms: &'a mut Forms,
    pub arena: &'a mut MemoryArena,
}

impl Recorder<'_> {
    /// Records a word, and says how many terms that is: one as written unless empty, and each lemma
    /// so many `times`.
    #[inline]
    pub(super) fn record<'t>(
        &mut self,
        written: &str,
        lemmas: impl Iterator<Item = &'t str>,
        times: u8,
        place: Place,
    ) -> u32 {
        let key = &mut self.forms.key;
        key.clear();
        let mut terms = 0;
        if !written.is_empty() {
            key.push(WRITTEN_MARK as u8);
            key.extend_from_slice(written.as_bytes());
            terms = 1;
        }
        for lemma in lemmas {
            key.push(BREAK);
            key.extend_from_slice(lemma.as_bytes());
            terms += u32::from(times);
        }
        if terms > 0 {
            self.forms.terms += u64::from(terms);
            let form = self.forms.form(times);
            self.forms.add(form, place, self.arena);
        }
        terms
    }
}

impl Forms {
    /// The number of the form whose key is in the buffer.
    #[inline]
    fn form(&mut self, times: u8) -> u32 {
        let Forms {
            table,
            hasher,
            keys,
            forms,
            key,
            ..
        } = self;
        let hash_of = |times: u8, key: &[u8]| hasher.hash_one((times, key));
        let is_same = |known: &u32| {
            forms.get(*known as usize).is_some_and(|known| {
                known.times == times && keys.get(known.key.0..known.key.1) == Some(&**key)
            })
        };
        let hash = hash_of(times, key);
        if let Some(known) = table.find(hash, is_same) {
            return *known;
        }
        let new = u32::try_from(forms.len()).unwrap_or(u32::MAX);
        let start = keys.len();
        keys.extend_from_slice(key);
        forms.push(Form {
            key: (start, keys.len()),
            times,
            last: Place {
                document: 0,
                position: 0,
            },
            places: ExpUnrolledLinkedList::default(),
        });
        table.insert_unique(hash, new, |known| match forms.get(*known as usize) {
            Some(form) => hash_of(form.times, keys.get(form.key.0..form.key.1).unwrap_or(&[])),
            None => 0,
        });
        new
    }

    /// Adds a place: the distance from the last one, in bytes of seven bits, the lowest bit of the
    /// number telling whether it is one of documents, behind which the position follows.
    #[inline]
    fn add(&mut self, form: u32, place: Place, arena: &mut MemoryArena) {
        let Some(form) = self.forms.get_mut(form as usize) else {
            return;
        };
        let mut bytes = [0; 10];
        let mut length = 0;
        // A position before the last one begins the document again.
        if place.document == form.last.document && place.position > form.last.position {
            let ahead = u64::from(place.position - form.last.position);
            put(ahead << 1, &mut bytes, &mut length);
        } else {
            let ahead = u64::from(place.document.saturating_sub(form.last.document));
            put(ahead << 1 | 1, &mut bytes, &mut length);
            put(u64::from(place.position), &mut bytes, &mut length);
        }
        form.last = place;
        let mut places = form.places.writer(arena);
        places.extend_from_slice(bytes.get(..length).unwrap_or(&bytes));
    }

    pub(super) fn memory(&self) -> usize {
        self.table.allocation_size()
            + self.keys.capacity()
            + self.forms.capacity() * size_of::<Form>()
    }

    /// The terms of all forms, in no order: each with its form, and how often it counts at a place.
    pub(super) fn terms(&self) -> Vec<(&[u8], u32, u8)> {
        let mut terms = Vec::with_capacity(self.forms.len() * 2);
        for (number, form) in (0..).zip(&self.forms) {
            let key = self.keys.get(form.key.0..form.key.1).unwrap_or(&[]);
            let mut parts = key.split(|byte| *byte == BREAK);
            if let Some(written) = parts.next().filter(|written| !written.is_empty()) {
                terms.push((written, number, 1));
            }
            terms.extend(parts.map(|lemma| (lemma, number, form.times)));
        }
        terms
    }

    /// Reads where a form stands, as recorded, through a buffer.
    pub(super) fn places(
        &self,
        form: u32,
        arena: &MemoryArena,
        buffer: &mut Vec<u8>,
        mut visit: impl FnMut(Place),
    ) {
        let Some(form) = self.forms.get(form as usize) else {
            return;
        };
        buffer.clear();
        form.places.read_to_end(arena, buffer);
        let mut bytes = buffer.iter();
        let mut place = Place {
            document: 0,
            position: 0,
        };
        while let Some(number) = take(&mut bytes) {
            let ahead = (number >> 1) as u32;
            if number & 1 == 0 {
                place.position += ahead;
            } else {
                place.document += ahead;
                place.position = take(&mut bytes).unwrap_or_default() as u32;
            }
            visit(place);
        }
    }
}

#[inline]
fn put(mut number: u64, bytes: &mut [u8; 10], length: &mut usize) {
    loop {
        let rest = number >> 7;
        let more = if rest == 0 { 0 } else { 0x80 };
        if let Some(byte) = bytes.get_mut(*length) {
            *byte = (number & 0x7f) as u8 | more;
            *length += 1;
        }
        if rest == 0 {
            return;
        }
        number = rest;
    }
}

#[inline]
fn take(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift = (shift + 7).min(63);
    }
}
