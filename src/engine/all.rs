//! [`Words`]: the documents of one segment that have all of some words, each in any of its readings, or any of some words
//! in place of one; others may be welcome.

mod word;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED};

pub(super) use self::word::{Kind, Word};
use super::postings::PlaceTable;

/// How many documents are looked through together. In half of it the bounds of all words are told so often that two to
/// four words take a thirtieth more; in twice as many two words do, for bounds of many documents hold none back.
const WINDOW: DocId = 4_096;

/// Where bits leave one document of so many of a window, these are scored one by one.
const FEW: u32 = 6;

/// All words in one segment.
pub(super) struct Words {
    rarest: Word,
    others: Vec<Word>,
    norms: FieldNormReader,
    /// Documents that the words read so far have, and what these score there.
    found: Vec<(DocId, Score)>,
    places: PlaceTable,
}

impl Words {
    /// The rarest word comes first, welcome ones last. None where there are no words, or only welcome ones.
    pub(super) fn new(words: Vec<Word>, norms: FieldNormReader) -> Option<Words> {
        if words.first().is_none_or(Word::is_welcome) {
            return None;
        }
        let mut words = words.into_iter();
        Some(Words {
            rarest: words.next()?,
            others: words.collect(),
            norms,
            found: Vec::new(),
            places: PlaceTable::default(),
        })
    }

    /// Goes to the first document that all words have: they are looked through one by one from then on.
    pub(super) fn begin(&mut self) {
        self.rarest.begin();
        self.others.iter_mut().for_each(Word::begin);
        self.meet();
    }

    /// Moves on to the next document that all words have, if they are not at one.
    fn meet(&mut self) -> DocId {
        'next: loop {
            let doc = self.rarest.doc();
            if doc == TERMINATED {
                return TERMINATED;
            }
            for other in &mut self.others {
                let found = other.seek(doc);
                if found > doc && !other.is_welcome() {
                    self.rarest.seek(found);
                    continue 'next;
                }
            }
            return doc;
        }
    }

    /// Shows all documents that score more than the threshold, which the callback raises.
    pub(super) fn prune(
        &mut self,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) {
        let end = self.norms.num_docs();
        let mut bounds = vec![0.0; self.others.len()];
        loop {
            let first = self.rarest.first();
            if first >= end {
                return;
            }
            let start = first / u64::BITS * u64::BITS;
            let last = start.saturating_add(WINDOW - 1).min(end - 1);
            // Before there are enough for the page, none can score too little: a tenth of the time of four words.
            let bound = match threshold > Score::MIN {
                true => self.bound(first, last, &mut bounds),
                false => Some(Score::INFINITY),
            };
            if bound.is_some_and(|bound| bound > threshold - self.margin(threshold)) {
                let window = (start, last);
                threshold = self.look_through(window, &bounds, threshold, callback);
            }
            self.rarest.approach(last + 1);
        }
    }

    /// What the documents from `first` to `last` may score, and each of the other words with all behind it; none
    /// where a word is in none of them.
    fn bound(&mut self, first: DocId, last: DocId, bounds: &mut [Score]) -> Option<Score> {
        let of_rarest = self.rarest.bound(first, last, &self.norms)?;
        let mut behind = 0.0;
        for (other, bound) in self.others.iter_mut().zip(bounds).rev() {
            behind += other.bound(first, last, &self.norms)?;
            *bound = behind;
        }
        Some(of_rarest + behind)
    }

    /// How much the rounding of sums may make of a score that reaches the threshold.
    fn margin(&self, threshold: Score) -> Score {
        let sums = self.others.len() as Score + 1.0;
        threshold.abs() * sums * Score::EPSILON
    }

    /// Shows the documents of a window, from `start` to `last`, that score more than the threshold.
    ///
    /// All of them at once, word by word: a document that cannot reach the page any more is not looked for in
    /// the words that are left, nor is a block decoded for it that would not bring it there (block-max AND;
    /// Ding & Suel 2011). Before any is looked for, bits tell which ones the frequent words have.
    fn look_through(
        &mut self,
        (start, last): (DocId, DocId),
        bounds: &[Score],
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let margin = self.margin(threshold);
        let found = &mut self.found;
        found.clear();
        let mut wanted: Option<Bits> = None;
        for of_word in self.others.iter().filter_map(|other| other.bits(start)) {
            match &mut wanted {
                Some(wanted) => wanted.keep(&of_word),
                None => wanted = Some(of_word),
            }
        }
        let mut behind = bounds.iter().copied();
        let enough = threshold - margin;
        let least = enough - behind.next().unwrap_or_default();
        let mut is_few = false;
        if let Some(wanted) = &mut wanted {
            let of_rarest = self.rarest.bits(start);
            if let Some(of_rarest) = &of_rarest {
                wanted.keep(of_rarest);
            }
            let count = wanted.count();
            if count == 0 {
                return threshold;
            }
            is_few = of_rarest.is_some_and(|of_rarest| count * FEW < of_rarest.count());
        }
        match &wanted {
            Some(wanted) if is_few => {
                wanted.add_to(start, found);
                let places = &mut self.places;
                self.rarest.keep_common(found, least, &self.norms, places);
            }
            _ => {
                self.rarest
                    .collect((start, last), least, &self.norms, found);
                if let Some(wanted) = &wanted {
                    wanted.keep_found(start, found);
                }
            }
        }
        for other in &mut self.others {
            if found.is_empty() {
                return threshold;
            }
            let least = enough - behind.next().unwrap_or_default();
            other.keep_common(found, least, &self.norms, &mut self.places);
        }
        for &(doc, score) in found.iter() {
            if score > threshold {
                threshold = callback(doc, score);
            }
        }
        threshold
    }
}

/// Documents of a window, one bit each.
struct Bits([u64; WINDOW as usize / 64]);

impl Bits {
    fn none() -> Bits {
        Bits([0; WINDOW as usize / 64])
    }

    #[inline]
    fn keep(&mut self, other: &Bits) {
        for (bits, other) in self.0.iter_mut().zip(&other.0) {
            *bits &= other;
        }
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Adds all of them to `found`, in the window that begins at `start`, before anything is known of their scores.
    fn add_to(&self, start: DocId, found: &mut Vec<(DocId, Score)>) {
        for (first, bits) in (start..).step_by(64).zip(&self.0) {
            let mut rest = *bits;
            while rest != 0 {
                found.push((first + rest.trailing_zeros(), 0.0));
                rest &= rest - 1;
            }
        }
    }

    /// Keeps those of `found` that are among them, in the window that begins at `start`.
    fn keep_found(&self, start: DocId, found: &mut Vec<(DocId, Score)>) {
        let mut kept = 0;
        for at in 0..found.len() {
            let Some(&(doc, score)) = found.get(at) else {
                break;
            };
            if let Some(kept) = found.get_mut(kept) {
                *kept = (doc, score);
            }
            // The rest tells the compiler that nothing is out of range.
            let bits = self.0[doc.wrapping_sub(start) as usize / 64 % self.0.len()];
            kept += usize::from(bits >> (doc % u64::BITS) & 1 == 1);
        }
        found.truncate(kept);
    }
}

impl DocSet for Words {
    fn advance(&mut self) -> DocId {
        self.rarest.advance();
        self.meet()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rarest.seek(target);
        self.meet()
    }

    /// Only this document is looked for, not the next one that has all words.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let others = self.others.iter_mut();
        for word in std::iter::once(&mut self.rarest).chain(others) {
            let found = word.ask(target);
            if found > target && !word.is_welcome() {
                return SeekDangerResult::SeekLowerBound(found);
            }
        }
        SeekDangerResult::Found
    }

    fn doc(&self) -> DocId {
        self.rarest.doc()
    }

    fn size_hint(&self) -> u32 {
        self.rarest.documents()
    }

    fn cost(&self) -> u64 {
        self.rarest.cost()
    }
}

impl Scorer for Words {
    fn score(&mut self) -> Score {
        // In the order in which the pruned search adds, so that equal articles stay equal.
        let mut score = self.rarest.score(&self.norms);
        let doc = self.doc();
        for other in &mut self.others {
            if other.doc() == doc {
                score += other.score(&self.norms);
            }
        }
        score
    }
}
