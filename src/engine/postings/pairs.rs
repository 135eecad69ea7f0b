//! [`Pairs`]: function words side by side have a term of their own.
//!
//! Nearly every article has `de` and `la` in dozens of places, so that a phrase with them would have most positions
//! of both compared, in nearly all articles; the two side by side are in far fewer (Bahle, Williams & Zobel 2002,
//! *Efficient phrase querying with an auxiliary index*; Lucene's `CommonGramsFilter`). The term of a pair stands at
//! the position of its first word. It is no word: it makes no article longer, and only phrases look for it.

use tantivy::Term;
use tantivy::schema::Field;

use super::terms::{PAIR_MARK, WRITTEN_MARK};
use crate::text::function_words::{paired_count, paired_number, paired_word};

/// Room for so many words of a value is kept for the next one.
const KEPT: usize = 1 << 14;

/// The words of pairs in one value of a field, and the forms of pairs met before.
pub(super) struct Pairs {
    /// The form of each pair, plus one: by its first word, then by its second.
    forms: Vec<u32>,
    /// Where the value has which.
    seen: Vec<(u32, u8)>,
}

impl Pairs {
    pub(super) fn new() -> Pairs {
        Pairs {
            forms: vec![0; paired_count() * paired_count()],
            seen: Vec::new(),
        }
    }

    /// The value has words at positions.
    #[inline]
    pub(super) fn see(&mut self, words: &[(u32, u8)]) {
        self.seen.extend_from_slice(words);
    }

    /// Visits the pairs of the value, in order: where each begins, and its words. Forgets them.
    pub(super) fn take_seen(&mut self, mut visit: impl FnMut(&mut Pairs, u32, (u8, u8))) {
        let mut seen = std::mem::take(&mut self.seen);
        // The two ends of compounds may come out of order.
        if !seen.is_sorted_by(|before, after| before < after) {
            seen.sort_unstable();
            seen.dedup();
        }
        for (at, (position, first)) in (1..).zip(&seen) {
            // Several may stand at one position: `celles` and `ceux` of `celles·ceux`.
            let behind = seen.get(at..).unwrap_or_default().iter();
            let behind = behind.skip_while(|(other, _)| other == position);
            let next = position.saturating_add(1);
            for (_, second) in behind.take_while(|(other, _)| *other == next) {
                visit(self, *position, (*first, *second));
            }
        }
        seen.clear();
        seen.shrink_to(KEPT);
        self.seen = seen;
    }

    /// The form of a pair, if it was met before.
    #[inline]
    pub(super) fn form(&self, pair: (u8, u8)) -> Option<u32> {
        self.forms.get(index(pair))?.checked_sub(1)
    }

    pub(super) fn set_form(&mut self, pair: (u8, u8), form: u32) {
        if let Some(known) = self.forms.get_mut(index(pair)) {
            *known = form.saturating_add(1);
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.forms.capacity() * size_of::<u32>() + self.seen.capacity() * size_of::<(u32, u8)>()
    }
}

fn index((first, second): (u8, u8)) -> usize {
    usize::from(first) * paired_count() + usize::from(second)
}

/// The term of two words by their numbers.
pub(super) fn of_numbers((first, second): (u8, u8)) -> String {
    of_words(paired_word(first), paired_word(second))
}

fn of_words(first: &str, second: &str) -> String {
    format!("{PAIR_MARK}{first} {second}")
}

/// The words of a phrase, told by their distances from the first, with pairs in place of the words that make them.
pub(in crate::engine) fn with_pairs(field: Field, words: &[(u32, Term)]) -> Vec<(u32, Term)> {
    let mut words = words.to_vec();
    words.sort_by_key(|(distance, _)| *distance);
    let pair_at = |at: usize| {
        let [(distance, first), (next, second), ..] = words.get(at..)? else {
            return None;
        };
        let [first, second] = [first, second].map(|term| {
            let value = term.value();
            let word = value.as_str()?.strip_prefix(WRITTEN_MARK)?;
            paired_number(word).map(paired_word)
        });
        let is_beside = *next == distance.saturating_add(1);
        let pair = of_words(first?, second?);
        is_beside.then(|| (*distance, Term::from_field_text(field, &pair)))
    };
    let mut found = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        // The last of three is in a pair with the second, which is in two then.
        let before = || at.checked_sub(1).and_then(pair_at);
        match pair_at(at) {
            Some(pair) => {
                found.push(pair);
                at += 2;
            }
            None => {
                found.push(before().unwrap_or_else(|| word.clone()));
                at += 1;
            }
        }
    }
    found
}
