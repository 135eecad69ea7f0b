//! [`Forms`]: where each form of a field stands, gathered in memory until a segment is written.
//!
//! A word has a term as written and one for each of its lemmas. What is recorded at each of its
//! places is the word, once: the postings of a lemma are those of its forms put together, when the
//! segment is written (`write.rs`). The engine's own recorder looks up and records every term of
//! every place, which was half the time of indexing.

use std::hash::BuildHasher;
use std::iter::{self, Once};

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
    /// How many terms it has.
    terms: u32,
    /// The last place recorded.
    last: Place,
    places: ExpUnrolledLinkedList,
}

/// How many forms are found again by the identity of their words, a power of two.
const SEEN: usize = 1 << 15;

/// A word met lately.
#[derive(Clone, Copy, Default)]
struct Seen {
    identity: u64,
    form: u32,
    times: u8,
}

/// The forms of one field.
#[derive(Default)]
pub(super) struct Forms {
    /// The forms of words met lately, by the identity of the word: finds 95 of 100 without reading a
    /// letter, in a third of the time of the table.
    seen: Vec<Seen>,
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

/// A word to record.
pub(super) struct Word<'t, L> {
    /// 0, or a number that only words with these very terms have.
    pub identity: u64,
    pub written: &'t str,
    pub lemmas: L,
    /// How often each lemma counts.
    pub times: u8,
}

impl<'t> Word<'t, Once<&'t str>> {
    /// A term by itself, as it is.
    pub(super) fn term(term: &'t str) -> Self {
        Word {
            identity: 0,
            written: "",
            lemmas: iter::once(term),
            times: 1,
        }
    }
}

impl Recorder<'_> {
    /// Records a word, and says how many terms that is: one as written unless empty, and each lemma
    /// so many times.
    #[inline]
    pub(super) fn record<'t>(
        &mut self,
        word: Word<'t, impl Iterator<Item = &'t str>>,
        place: Place,
    ) -> u32 {
        let number = self.forms.number(word);
        let terms = self.forms.add(number, place, self.arena);
        self.forms.terms += u64::from(terms);
        terms
    }
}

impl Forms {
    #[inline]
    fn number<'t>(&mut self, word: Word<'t, impl Iterator<Item = &'t str>>) -> u32 {
        if word.identity == 0 {
            return self.look_up(word);
        }
        let Word {
            identity, times, ..
        } = word;
        // The high bits of a product with the golden ratio depend on all of the identity.
        let place = (identity.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize % SEEN;
        match self.seen.get(place) {
            Some(seen) if seen.identity == identity && seen.times == times => seen.form,
            _ => {
                let form = self.look_up(word);
                if self.seen.is_empty() {
                    self.seen = vec![Seen::default(); SEEN];
                }
                if let Some(seen) = self.seen.get_mut(place) {
                    *seen = Seen {
                        identity,
                        form,
                        times,
                    };
                }
                form
            }
        }
    }

    #[inline(never)]
    fn look_up<'t>(&mut self, word: Word<'t, impl Iterator<Item = &'t str>>) -> u32 {
        let Forms {
            table,
            hasher,
            keys,
            forms,
            key,
            ..
        } = self;
        let times = word.times;
        let mut terms = 0;
        key.clear();
        if !word.written.is_empty() {
            key.push(WRITTEN_MARK as u8);
            key.extend_from_slice(word.written.as_bytes());
            terms = 1;
        }
        for lemma in word.lemmas {
            key.push(BREAK);
            key.extend_from_slice(lemma.as_bytes());
            terms += u32::from(times);
        }
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
            terms,
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

    /// Adds a place, and says how many terms stand there. Kept is the distance from the last one, in bytes of seven bits, the lowest bit of the
    /// number telling whether it is one of documents, behind which the position follows.
    #[inline]
    fn add(&mut self, form: u32, place: Place, arena: &mut MemoryArena) -> u32 {
        let Some(form) = self.forms.get_mut(form as usize) else {
            return 0;
        };
        if form.terms == 0 {
            return 0;
        }
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
        form.terms
    }

    pub(super) fn memory(&self) -> usize {
        self.table.allocation_size()
            + self.keys.capacity()
            + self.seen.capacity() * size_of::<Seen>()
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
