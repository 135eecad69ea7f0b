//! [`Forms`]: where each form of a field stands, gathered in memory until a segment is written.
//!
//! A word has a term as written and one for each of its lemmas, but for function words
//! (`text/function_words.txt`). What is recorded at each of its places is the word, once: the postings
//! of a lemma are those of its forms put together, when the segment is written (`write.rs`). The
//! engine's own recorder looks up and records every term of every place, which was half the time of
//! indexing.

use std::hash::BuildHasher;
use std::iter::{self, Once};

use hashbrown::{DefaultHashBuilder, HashTable};
use tantivy_stacker::MemoryArena;

use super::numbers::{in_bytes, take};
use super::pairs::{self, Pairs};
use super::seen::Seen;
use super::terms::{TITLE_COUNT, WRITTEN_MARK};
use super::unrolled::UnrolledList;
use crate::text::Identity;
use crate::text::function_words::{is_form, paired_number, written_only};
use crate::text::prefetch::prefetch;

/// Stands before each lemma in a key; no UTF-8 text has this byte.
const BREAK: u8 = 0xff;

/// Where a word stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub document: u32,
    pub position: u32,
}

/// How many bytes of places a form holds before they go to the arena.
const HELD: usize = 36;

/// All words of a field that have the same terms: what every place of theirs reads and changes. Where
/// processors wait for memory, and they mostly do here, one line of their cache is faster than two.
#[repr(align(64))]
struct Form {
    /// The last place recorded.
    last: Place,
    /// The places, but for the last bytes.
    places: UnrolledList,
    /// How many terms it has, counted as often as they count.
    terms: u16,
    /// How many of the last bytes there are.
    held: u8,
    /// The number of the word of pairs that it is written as, plus one; 0 of others.
    paired: u8,
    last_bytes: [u8; HELD],
}

const _: () = assert!(size_of::<Form>() == 64);

impl Form {
    fn new(terms: u16, paired: Option<u8>) -> Form {
        Form {
            terms,
            paired: paired.map_or(0, |number| number + 1),
            last: Place::default(),
            places: UnrolledList::default(),
            held: 0,
            last_bytes: [0; HELD],
        }
    }

    /// Adds so many bytes, eight at the most.
    #[inline]
    fn hold(&mut self, (bytes, length): (u64, usize), arena: &mut MemoryArena) {
        if usize::from(self.held) + length > HELD {
            let held = self.last_bytes.get(..self.held.into()).unwrap_or(&[]);
            self.places.extend(held, arena);
            self.held = 0;
        }
        let bytes = bytes.to_le_bytes();
        let rest = self.last_bytes.get_mut(self.held.into()..);
        let rest = rest.unwrap_or_default();
        match rest.first_chunk_mut() {
            // Eight bytes, of which most mean nothing, take one step; as many as there are take a call.
            Some(room) => *room = bytes,
            None => {
                for (room, byte) in rest.iter_mut().zip(bytes) {
                    *room = byte;
                }
            }
        }
        self.held += length as u8;
    }
}

/// The terms of a form.
struct Key {
    /// Where they end in `Forms::letters`; they begin where those of the form before end.
    end: usize,
    /// How often each lemma counts at each place.
    times: u8,
}

/// A word that stands at a place.
struct Waiting {
    /// Its form, or its own number among those that were [seen](Seen).
    number: u32,
    /// Among which.
    seen: Option<Role>,
    place: Place,
}

/// The forms of one field.
#[derive(Default)]
pub(super) struct Forms {
    /// The words of one arena that were met before, apart by what is recorded of them.
    seen: [Seen; 3],
    seen_arena: u32,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    forms: Vec<Form>,
    /// Of each form.
    keys: Vec<Key>,
    /// The terms of all forms: as written, then each lemma behind a [`BREAK`].
    letters: Vec<u8>,
    /// Words whose forms are there and whose places are not recorded yet.
    waiting: Vec<Waiting>,
    /// How many terms the forms have together, or a little more.
    pairs: usize,
    /// How many terms were recorded.
    pub terms: u64,
    terms_of_value: u32,
    key: Vec<u8>,
    /// Of a field whose pairs are recorded.
    pairs_of_words: Option<Pairs>,
}

/// Records the words of a field into memory that all fields share.
pub(super) struct Recorder<'a> {
    pub forms: &'a mut Forms,
    pub arena: &'a mut MemoryArena,
}

/// What a word is where it stands: which of its terms are recorded.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// All, once.
    Body,
    /// All, the lemmas [`TITLE_COUNT`] times.
    Title,
    /// The end of a compound: the word as written.
    End,
}

impl Role {
    /// How often each lemma counts.
    fn times(self) -> u8 {
        match self {
            Role::Title => TITLE_COUNT,
            Role::Body | Role::End => 1,
        }
    }
}

/// A word to record.
pub(super) struct Word<F> {
    pub identity: Option<Identity>,
    pub role: Role,
    /// Reads the word as written, which may be empty, and its lemmas: only where they are not known
    /// by the identity, for they lie elsewhere in memory.
    pub terms: F,
}

/// A term by itself, as it is.
pub(super) fn term<'t>(term: &'t str) -> Word<impl FnOnce() -> (&'t str, Once<&'t str>)> {
    Word {
        identity: None,
        role: Role::Body,
        terms: move || ("", iter::once(term)),
    }
}

impl Recorder<'_> {
    /// Records a word.
    #[inline]
    pub(super) fn record<'t, L: Iterator<Item = &'t str>>(
        &mut self,
        word: Word<impl FnOnce() -> (&'t str, L)>,
        place: Place,
    ) {
        let (number, seen) = self.forms.number(word);
        self.forms.waiting.push(Waiting {
            number,
            seen,
            place,
        });
        if self.forms.waiting.len() >= TOGETHER {
            self.forms.settle(self.arena);
        }
    }

    /// Records the pairs of words of a value, where those of its field are.
    pub(super) fn record_pairs(&mut self, document: u32) {
        let Recorder { forms, arena } = self;
        forms.settle(arena);
        let Some(mut pairs) = forms.pairs_of_words.take() else {
            return;
        };
        pairs.take_seen(|pairs, position, pair| {
            let form = pairs.form(pair);
            let number = form.unwrap_or_else(|| forms.add_pair(pairs, pair));
            let place = Place { document, position };
            forms.waiting.push(Waiting {
                number,
                seen: None,
                place,
            });
            if forms.waiting.len() >= TOGETHER {
                forms.settle(arena);
            }
        });
        forms.pairs_of_words = Some(pairs);
    }

    /// Ends a value, and says how many terms were recorded since the last time: one for each word as
    /// written unless empty, and each lemma as often as it counts.
    pub(super) fn finish(&mut self) -> u32 {
        self.forms.settle(self.arena);
        std::mem::take(&mut self.forms.terms_of_value)
    }
}

/// How many words of an arena have their forms kept by number at the least.
const LEAST_SEEN: usize = 1 << 16;

/// How many words are recorded together: their forms are on their way from memory at once.
const TOGETHER: usize = 64;

impl Forms {
    pub(super) fn new(has_pairs: bool) -> Forms {
        Forms {
            pairs_of_words: has_pairs.then(Pairs::new),
            ..Forms::default()
        }
    }

    /// The form of a word, or its number among those that were seen.
    #[inline]
    fn number<'t, L: Iterator<Item = &'t str>>(
        &mut self,
        word: Word<impl FnOnce() -> (&'t str, L)>,
    ) -> (u32, Option<Role>) {
        let Some(identity) = word.identity else {
            return (self.look_up(word), None);
        };
        if identity.arena != self.seen_arena {
            self.find_seen();
            self.seen.iter_mut().for_each(Seen::clear);
            self.seen_arena = identity.arena;
        }
        let (number, role) = (identity.word, word.role);
        let list = role as usize;
        if self.seen[list].has(number) {
            self.seen[list].prefetch(number);
            return (number, Some(role));
        }
        let form = self.look_up(word);
        let place = number as usize;
        // Words met late are rare, and neither a field of few words nor titles are worth a table of all: one that takes as
        // many bytes as there were terms.
        let is_of_body = matches!(role, Role::Body);
        if place < LEAST_SEEN || is_of_body && place < self.terms as usize / 4 {
            self.seen[list].add(number, form);
        }
        (form, None)
    }

    /// Finds the forms of the words that wait, which were [fetched](Seen::prefetch).
    fn find_seen(&mut self) {
        for word in &mut self.waiting {
            if let Some(list) = word.seen.take() {
                word.number = self.seen[list as usize].form(word.number);
            }
        }
    }

    #[inline(never)]
    fn look_up<'t, L: Iterator<Item = &'t str>>(
        &mut self,
        word: Word<impl FnOnce() -> (&'t str, L)>,
    ) -> u32 {
        let Forms {
            table,
            hasher,
            keys,
            letters,
            forms,
            key,
            pairs,
            pairs_of_words,
            ..
        } = self;
        let times = word.role.times();
        let (written, lemmas) = (word.terms)();
        let mut terms: u16 = 0;
        key.clear();
        if !written.is_empty() {
            key.push(WRITTEN_MARK as u8);
            key.extend_from_slice(written.as_bytes());
            terms = 1;
        }
        let is_form = is_form(written);
        for lemma in lemmas {
            terms = terms.saturating_add(times.into());
            key.push(BREAK);
            // One that is left out counts all the same: how long articles are is not for the layout to say.
            if !is_form || written_only(lemma).is_none() {
                key.extend_from_slice(lemma.as_bytes());
            }
        }
        let hash_of = |times: u8, key: &[u8]| hasher.hash_one((times, key));
        let is_same = |known: &u32| {
            let (terms, known) = terms_of(keys, letters, *known);
            known == times && terms == &**key
        };
        let hash = hash_of(times, key);
        if let Some(known) = table.find(hash, is_same) {
            return *known;
        }
        let new = u32::try_from(forms.len()).unwrap_or(u32::MAX);
        make_room(letters, key.len());
        letters.extend_from_slice(key);
        *pairs += usize::from(terms);
        make_room(keys, 1);
        keys.push(Key {
            end: letters.len(),
            times,
        });
        let paired = pairs_of_words.as_ref().and_then(|_| paired_number(written));
        make_room(forms, 1);
        forms.push(Form::new(terms, paired));
        table.insert_unique(hash, new, |known| {
            let (terms, times) = terms_of(keys, letters, *known);
            hash_of(times, terms)
        });
        new
    }

    /// Fetches a form that comes soon.
    #[inline]
    pub(super) fn prefetch(&self, form: u32) {
        prefetch(&self.forms, form as usize);
    }

    /// Records the words that wait.
    fn settle(&mut self, arena: &mut MemoryArena) {
        self.find_seen();
        let mut waiting = std::mem::take(&mut self.waiting);
        for word in &waiting {
            self.prefetch(word.number);
        }
        let mut terms: u32 = 0;
        // Always written, and kept by counting on: one word of three is in pairs, and no branch foresees which.
        let (mut paired, mut count) = ([(0, 0); TOGETHER], 0);
        for word in waiting.drain(..) {
            let (of_word, number) = self.add(word.number, word.place, arena);
            terms = terms.saturating_add(of_word);
            paired[count % TOGETHER] = (word.place.position, number.wrapping_sub(1));
            count += usize::from(number > 0);
        }
        self.waiting = waiting;
        if let Some(pairs) = &mut self.pairs_of_words {
            pairs.see(paired.get(..count).unwrap_or_default());
        }
        self.terms += u64::from(terms);
        self.terms_of_value = self.terms_of_value.saturating_add(terms);
    }

    /// Makes the form of a pair: its term does not count.
    #[cold]
    fn add_pair(&mut self, pairs: &mut Pairs, pair: (u8, u8)) -> u32 {
        let new = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        pairs.set_form(pair, new);
        let term = pairs::of_numbers(pair);
        make_room(&mut self.letters, term.len());
        self.letters.extend_from_slice(term.as_bytes());
        self.pairs += 1;
        make_room(&mut self.keys, 1);
        self.keys.push(Key {
            end: self.letters.len(),
            times: 1,
        });
        make_room(&mut self.forms, 1);
        self.forms.push(Form::new(0, None));
        new
    }

    /// Adds a place, and says how many terms stand there, and the form's [`paired`](Form::paired). Kept is the distance from the last one, in bytes
    /// of seven bits; the lowest bit of the number tells whether it is one of documents, behind which the
    /// position follows.
    #[inline]
    fn add(&mut self, form: u32, place: Place, arena: &mut MemoryArena) -> (u32, u8) {
        let Some(form) = self.forms.get_mut(form as usize) else {
            return (0, 0);
        };
        // A position before the last one begins the document again. Chosen without a branch, which would be right half the
        // time.
        let is_same = place.document == form.last.document && place.position > form.last.position;
        let ahead = match is_same {
            true => place.position.wrapping_sub(form.last.position),
            false => place.document.saturating_sub(form.last.document),
        };
        let (first, behind) = in_bytes(u64::from(ahead) << 1 | u64::from(!is_same));
        let (position, length) = in_bytes(place.position.into());
        let (position, length) = if is_same { (0, 0) } else { (position, length) };
        if behind + length <= size_of::<u64>() {
            form.hold((position << (8 * behind) | first, behind + length), arena);
        } else {
            form.hold((first, behind), arena);
            form.hold((position, length), arena);
        }
        form.last = place;
        (form.terms.into(), form.paired)
    }

    /// What the forms take. Writing them takes a tenth of it beside, for a moment, which is not counted: segments are
    /// larger for it, and a writer stays within its budget and 100 MB all the same (`benches/README.md`).
    pub(super) fn memory(&self) -> usize {
        self.table.allocation_size()
            + self.keys.capacity() * size_of::<Key>()
            + self.letters.capacity()
            + self.seen.iter().map(Seen::memory).sum::<usize>()
            + self.forms.capacity() * size_of::<Form>()
            + self.pairs_of_words.as_ref().map_or(0, Pairs::memory)
    }

    /// How many terms [`for_each_term`](Self::for_each_term) visits at most.
    pub(super) fn pairs(&self) -> usize {
        self.pairs
    }

    /// Visits the terms of all forms, in no order: each with its form, and how often it counts at a place.
    pub(super) fn for_each_term<'f>(&'f self, mut visit: impl FnMut(&'f [u8], u32, u8)) {
        for (number, _) in (0..).zip(&self.forms) {
            let (key, times) = terms_of(&self.keys, &self.letters, number);
            let mut parts = key.split(|byte| *byte == BREAK);
            if let Some(written) = parts.next().filter(|written| !written.is_empty()) {
                visit(written, number, 1);
            }
            let lemmas = parts.filter(|lemma| !lemma.is_empty());
            lemmas.for_each(|lemma| visit(lemma, number, times));
        }
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
        form.places.read(arena, buffer);
        let held = form.last_bytes.get(..form.held.into()).unwrap_or(&[]);
        buffer.extend_from_slice(held);
        let mut bytes = buffer.iter();
        let mut place = Place::default();
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

/// How many more there is room for at the least.
const LEAST_ROOM: usize = 16;

/// Makes room for more by a quarter, where a vector would double: what is empty takes memory from segments too.
#[inline]
fn make_room<T>(items: &mut Vec<T>, more: usize) {
    if items.capacity() - items.len() < more {
        items.reserve_exact(more.max(items.len() / 4).max(LEAST_ROOM));
    }
}

/// The terms of a form, and how often its lemmas count.
fn terms_of<'f>(keys: &[Key], letters: &'f [u8], form: u32) -> (&'f [u8], u8) {
    let form = form as usize;
    let Some(key) = keys.get(form) else {
        return (&[], 0);
    };
    let before = form.checked_sub(1).and_then(|before| keys.get(before));
    let start = before.map_or(0, |key| key.end);
    (letters.get(start..key.end).unwrap_or(&[]), key.times)
}
