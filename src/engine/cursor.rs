//! [`Cursor`]: the postings of one term, with what each block can score.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Score, TERMINATED};

use super::bm25::Bm25;
use super::postings::{BLOCK, Bitmap, PlaceTable, PostingList};

/// How many documents a search for several words looks through together: a table of their scores stays in the
/// fastest cache, and what a word may score among them is told by a few blocks.
pub(super) const WINDOW: DocId = 2_048;

/// Moves forwards through the documents of a term, and passes over whole blocks that cannot score enough
/// without decoding them (block-max; Ding & Suel 2011).
pub(super) struct Cursor {
    list: Box<PostingList>,
    bitmap: Option<Bitmap>,
    weight: Bm25,
    slack: Score,
    bound: Score,
    /// The last document of the block that the bound is of.
    bounded: Option<DocId>,
}

impl Cursor {
    /// `slack` is [that of the segment](super::postings::PostingFiles::slack).
    pub(super) fn new(list: Box<PostingList>, weight: Bm25, slack: Score) -> Cursor {
        Cursor {
            list,
            bitmap: None,
            weight,
            slack,
            bound: 0.0,
            bounded: None,
        }
    }

    /// The same, with its documents as bits where there are such: they tell which of many documents the term has.
    pub(super) fn with_bits(self, bitmap: Option<Bitmap>) -> Cursor {
        Cursor { bitmap, ..self }
    }

    /// The document at hand; while it is [passed by](Self::approach), some document before the next one.
    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.list.doc()
    }

    /// How many documents have the term, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.list.documents()
    }

    #[inline]
    pub(super) fn score(&mut self, norms: &FieldNormReader) -> Score {
        let frequency = self.list.frequency();
        self.score_of(self.doc(), frequency, norms)
    }

    /// The score of a document if it had the term so often.
    #[inline]
    pub(super) fn score_of(&self, doc: DocId, frequency: u32, norms: &FieldNormReader) -> Score {
        self.weight.score(norms.fieldnorm_id(doc), frequency)
    }

    #[inline]
    pub(super) fn advance(&mut self) -> DocId {
        self.list.advance()
    }

    /// Moves to the first document that is not before `target`.
    #[inline]
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        self.list.seek(target)
    }

    /// No document of the block at hand scores more.
    #[inline]
    fn bound(&mut self, norms: &FieldNormReader) -> Score {
        let last = self.list.last_of_block();
        if self.bounded != Some(last) {
            self.bound = self.list.most(&self.weight, norms) * self.slack;
            self.bounded = Some(last);
        }
        self.bound
    }

    /// No document from the one at hand up to `last` scores more.
    pub(super) fn bound_until(&mut self, last: DocId, norms: &FieldNormReader) -> Score {
        match last <= self.list.last_of_block() {
            true => self.bound(norms),
            false => self.list.most_until(last, &self.weight) * self.slack,
        }
    }

    /// Shows the documents from the one at hand up to `last`, and what they score. The cursor has to
    /// [`approach`](Self::approach) what is behind `last` after this.
    #[inline]
    pub(super) fn for_each_until(
        &mut self,
        last: DocId,
        norms: &FieldNormReader,
        mut visit: impl FnMut(DocId, Score),
    ) {
        while self.list.settle() <= last {
            let (_, docs, frequencies) = self.list.up_to(last);
            let mut scores = [0.0; BLOCK];
            self.weight.scores(norms, docs, frequencies, &mut scores);
            for (&doc, score) in docs.iter().zip(scores) {
                visit(doc, score);
            }
            if self.list.last_of_block() >= last || !self.list.skip_block() {
                return;
            }
        }
    }

    /// Adds what `make` makes of the documents from the one at hand up to `last` that score more than `least`,
    /// and of their scores. The cursor has to [`approach`](Self::approach) what is behind `last` after this.
    #[inline]
    pub(super) fn collect_until<T>(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<T>,
        make: impl Fn(DocId, Score) -> T,
    ) {
        loop {
            if self.bound(norms) > least && self.list.settle() <= last {
                self.collect(last, least, norms, found, |_, doc, score| make(doc, score));
            }
            if self.list.last_of_block() >= last || !self.list.skip_block() {
                return;
            }
        }
    }

    /// Whether bits tell which documents have the term.
    pub(super) fn has_bits(&self) -> bool {
        self.bitmap.is_some()
    }

    /// Adds the bits of the documents from `start` on, which begins a word of 64 of them.
    pub(super) fn add_bits_to(&self, start: DocId, found: &mut [u64]) {
        if let Some(bitmap) = &self.bitmap {
            bitmap.add_to(start, found);
        }
    }

    /// Shows which of `found`, documents in order, have the term, by their places there, and what they score by it. Those
    /// are left out that cannot score more than `least` with it, and blocks that have only such are not decoded.
    #[inline]
    pub(super) fn look_up_all(
        &mut self,
        found: &[(DocId, Score)],
        least: Score,
        norms: &FieldNormReader,
        table: &mut PlaceTable,
        mut see: impl FnMut(usize, Score),
    ) {
        let mut look_up = LookUp::default();
        let mut bound = 0.0;
        for (at, &(doc, score)) in found.iter().enumerate() {
            if look_up.is_behind(doc) {
                let later = found.get(at + MANY).map(|(doc, _)| *doc);
                look_up = LookUp::from(&mut self.list, doc, later);
                bound = self.bound(norms);
            }
            if score + bound > least {
                let (place, is_here) =
                    look_up.place_or_bit(&mut self.list, self.bitmap.as_ref(), doc, table);
                if is_here {
                    see(at, self.score_at(place, doc, norms));
                }
            }
        }
    }

    /// Keeps those of `found`, documents in order, that have the term and score more than `least` with it. Blocks
    /// in which none can are not decoded. The cursor stays where it is.
    pub(super) fn keep_common(
        &mut self,
        found: &mut Vec<(DocId, Score)>,
        least: Score,
        norms: &FieldNormReader,
        table: &mut PlaceTable,
    ) {
        let mut look_up = LookUp::default();
        let (mut kept, mut least_before) = (0, least);
        for at in 0..found.len() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            if look_up.is_behind(doc) {
                let later = found.get(at + MANY).map(|(doc, _)| *doc);
                look_up = LookUp::from(&mut self.list, doc, later);
                least_before = least - self.bound(norms);
            }
            if score > least_before {
                let (place, is_here) =
                    look_up.place_or_bit(&mut self.list, self.bitmap.as_ref(), doc, table);
                if is_here {
                    let score = score + self.score_at(place, doc, norms);
                    // Always written, and kept by counting on: a branch that is right half the time costs more.
                    if let Some(kept) = found.get_mut(kept) {
                        *kept = (doc, score);
                    }
                    kept += usize::from(score > least);
                }
            }
        }
        found.truncate(kept);
    }

    /// Adds what `found`, documents in order, score by this term, and keeps those that score more than `least`
    /// with it. Blocks in which it makes no difference are not decoded. The cursor stays where it is.
    pub(super) fn add_to(
        &mut self,
        found: &mut Vec<(DocId, f64)>,
        least: f64,
        norms: &FieldNormReader,
        table: &mut PlaceTable,
    ) {
        let mut look_up = LookUp::default();
        let (mut kept, mut least_before) = (0, least);
        for at in 0..found.len() {
            let Some(&(doc, mut score)) = found.get(at) else {
                break;
            };
            if look_up.is_behind(doc) {
                let later = found.get(at + MANY).map(|(doc, _)| *doc);
                look_up = LookUp::from(&mut self.list, doc, later);
                least_before = least - f64::from(self.bound(norms));
            }
            if score > least_before {
                let (place, is_here) = look_up.place(&mut self.list, doc, table);
                if is_here {
                    score += f64::from(self.score_at(place, doc, norms));
                }
            }
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            kept += usize::from(score > least);
        }
        found.truncate(kept);
    }

    /// Adds what `make` makes of the documents of the block at hand, up to `last`, that score more than `least`:
    /// of a place in the block, a document, and its score. The cursor stays where it is.
    #[inline]
    pub(super) fn collect<T>(
        &mut self,
        last: DocId,
        least: Score,
        norms: &FieldNormReader,
        found: &mut Vec<T>,
        make: impl Fn(usize, DocId, Score) -> T,
    ) {
        let mut scores = [0.0; BLOCK];
        let (first, docs, frequencies) = self.list.up_to(last);
        self.weight.scores(norms, docs, frequencies, &mut scores);
        // Always written, and kept by counting on: a branch that is right half the time costs more.
        let (mut kept, mut count) = ([0_u8; BLOCK], 0);
        for (at, score) in (0..).zip(&scores[..docs.len().min(BLOCK)]) {
            kept[count % BLOCK] = at;
            count += usize::from(*score > least);
        }
        let kept = kept.get(..count).unwrap_or_default();
        found.extend(kept.iter().map(|&at| {
            let at = usize::from(at) % BLOCK;
            let doc = docs.get(at).copied().unwrap_or(TERMINATED);
            make(first + at, doc, scores[at])
        }));
    }

    /// The place of the document at hand in the block at hand.
    #[inline]
    pub(super) fn place(&self) -> usize {
        self.list.place()
    }

    /// Goes to the block that may have `doc`, and makes ready to look it up and later ones, of which `later` is the
    /// one that makes them [many](MANY).
    pub(super) fn look_up(&mut self, doc: DocId, later: Option<DocId>) -> LookUp {
        LookUp::from(&mut self.list, doc, later)
    }

    /// The place of a document in the block at hand, and whether it is there.
    #[inline]
    pub(super) fn place_of(
        &mut self,
        doc: DocId,
        look_up: &mut LookUp,
        table: &mut PlaceTable,
    ) -> (usize, bool) {
        look_up.place(&mut self.list, doc, table)
    }

    /// The score of `doc`, which is at a place of the block at hand.
    #[inline]
    pub(super) fn score_at(&mut self, place: usize, doc: DocId, norms: &FieldNormReader) -> Score {
        let frequency = self.list.frequency_at(place);
        self.score_of(doc, frequency, norms)
    }

    /// Fetches the first positions of the block at hand, which are read soon.
    pub(super) fn prefetch_positions(&mut self) {
        self.list.prefetch_positions();
    }

    /// Where documents at places of the block at hand have the term, as [`PostingList::positions_at`] tells it.
    #[inline]
    pub(super) fn positions_at(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        shift: u32,
        found: &mut Vec<u64>,
    ) {
        self.list.positions_at(places, shift, found);
    }

    /// Adds those that are beside the positions of another term, as [`PostingList::common_positions_at`] does.
    #[inline]
    pub(super) fn common_positions_at(
        &mut self,
        shift: u32,
        other: &mut Cursor,
        other_shift: u32,
        places: impl ExactSizeIterator<Item = (usize, usize)>,
        found: &mut Vec<u64>,
    ) {
        let other = &mut other.list;
        self.list
            .common_positions_at(shift, other, other_shift, places, found);
    }

    /// Keeps those of `wanted` that it would add, as [`PostingList::keep_positions_at`] does.
    #[inline]
    pub(super) fn keep_positions_at(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        shift: u32,
        wanted: &mut &[u64],
        found: &mut Vec<u64>,
    ) {
        self.list.keep_positions_at(places, shift, wanted, found);
    }

    /// The last document that the block at hand may have.
    #[inline]
    pub(super) fn last_of_block(&self) -> DocId {
        self.list.last_of_block()
    }

    /// Goes to the next block, as [`PostingList::skip_block`] does.
    #[inline]
    pub(super) fn skip_block(&mut self) -> bool {
        self.list.skip_block()
    }

    /// Goes to the block of the first document that is not before `target`. While that is not decoded, the
    /// document at hand may be one that it has not, before the first that it has.
    #[inline]
    pub(super) fn approach(&mut self, target: DocId) {
        self.list.approach(target);
    }

    /// Goes to the first block, from the one at hand on, that has documents up to `last` and may have some that score more
    /// than `least`. False where none has: the cursor has to [`approach`](Self::approach) what is behind `last` then.
    pub(super) fn reach(&mut self, last: DocId, least: Score, norms: &FieldNormReader) -> bool {
        while self.doc() <= last {
            if self.bound(norms) > least {
                return self.list.settle() <= last;
            }
            if self.list.last_of_block() >= last || !self.list.skip_block() {
                return false;
            }
        }
        false
    }

    /// Moves to the first document in a block that has some which may score more than `least`.
    #[inline]
    pub(super) fn pass_blocks(&mut self, least: Score, norms: &FieldNormReader) -> DocId {
        while self.bound(norms) <= least && self.list.skip_block() {}
        self.list.settle()
    }
}

/// More than so many documents in one block are looked up in a table.
pub(super) const MANY: usize = 8;

/// How documents are looked up in the block at hand.
#[derive(Default)]
pub(super) struct LookUp {
    /// The last document of the block.
    last: Option<DocId>,
    has_many: bool,
    /// The last document that the table is for, once it is filled.
    filled: Option<DocId>,
}

impl LookUp {
    /// In the block that may have `doc`, in which all documents up to `later` will be looked up too.
    fn from(list: &mut PostingList, doc: DocId, later: Option<DocId>) -> LookUp {
        list.skip(doc);
        let last = list.last_of_block();
        LookUp {
            last: Some(last),
            has_many: later.is_some_and(|later| later <= last),
            filled: None,
        }
    }

    #[inline]
    fn is_behind(&self, doc: DocId) -> bool {
        self.last.is_none_or(|last| last < doc)
    }

    // Left to the compiler it is a call in one build and not in another: a twentieth of the time of phrases.
    #[inline(always)]
    fn place(
        &mut self,
        list: &mut PostingList,
        doc: DocId,
        table: &mut PlaceTable,
    ) -> (usize, bool) {
        if !self.has_many {
            return list.place_of(doc);
        }
        if self.filled.is_none_or(|last| last < doc) {
            self.filled = Some(list.fill(doc, table));
        }
        list.place_in(table, doc)
    }

    /// The same, without decoding the block for a few documents.
    #[inline(always)]
    fn place_or_bit(
        &mut self,
        list: &mut PostingList,
        bitmap: Option<&Bitmap>,
        doc: DocId,
        table: &mut PlaceTable,
    ) -> (usize, bool) {
        match bitmap {
            Some(bitmap) if !self.has_many => bitmap.place(doc),
            _ => self.place(list, doc, table),
        }
    }
}
