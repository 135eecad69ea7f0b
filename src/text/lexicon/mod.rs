//! The lexicon: French word form → lemmas.
//!
//! The table is compiled by `lexicon-generator` from hunspell-fr 7.0 by Dicollecte (MPL-2.0; see `NOTICE.md`). It is keyed by
//! the **folded** word: lower case, no accents, œ → oe, no apostrophes or hyphens, so that `marche` finds the readings of
//! both `marche` and `marché`, and the caller sees which have the accents that were written.
//!
//! A lemma's term is its spelling with accents; verbs have [`VERB_MARK`] behind it, so that the noun `pouvoir` and the
//! verb are two terms. Nouns, adjectives and adverbs of one spelling are one term.

mod alphabet;
mod automaton;
mod fallback;
mod lemmas;
#[cfg(test)]
mod tests;

use automaton::Automaton;
pub use fallback::fallback;
use lemmas::Exactness;
pub use lemmas::{Lemma, Lemmas, PartOfSpeech};

/// Stands behind the term of a verb. No word of a text contains it, for it is neither letter nor digit nor joiner.
pub const VERB_MARK: &str = "~";

/// The compiled table.
///
/// Its head is read when compiling: the first look-up has nothing to set up, and a wrong file does not compile.
static LEXICON: Automaton<'static> = match Automaton::new(include_bytes!("lexicon.bin")) {
    Some(lexicon) => lexicon,
    None => panic!("lexicon.bin is not a lexicon table of this version"),
};

/// Finds the lemmas of a word. `false`, and no lemmas, if the lexicon does not know it.
///
/// `folded` is the key; `accented` is the same word in lower case with its accents (NFC, ligatures expanded, no
/// apostrophe or hyphen), to tell which readings are exact. If no word is spelled just so, those are exact that the
/// spelling of 1990 writes so: no circumflex on i and u, `è` for `é`, `ü` for `u`.
pub fn lookup(folded: &str, accented: &str, out: &mut Lemmas) -> bool {
    out.clear();
    let mut spelling = std::mem::take(&mut out.spelling);
    LEXICON.spellings(folded, &mut spelling, &mut |known, class| {
        let exactness = if known == accented {
            Exactness::Same
        } else if is_respelled(known, accented) {
            Exactness::Respelled
        } else {
            Exactness::Other
        };
        add_readings(known, class, exactness, out);
    });
    out.spelling = spelling;
    !out.is_empty()
}

/// Finds the lemmas of a word with just the accents it is written with: the half of [`lookup`] that most words of a text
/// need, in about half its time. `false`, and no lemmas, if no word is spelled so; then ask [`lookup`].
pub fn lookup_exact(accented: &str, out: &mut Lemmas) -> bool {
    out.clear();
    if let Some(class) = LEXICON.class_of(accented) {
        add_readings(accented, class, Exactness::Same, out);
    }
    !out.is_empty()
}

/// Adds the readings of a class, as readings of a spelling.
fn add_readings(known: &str, class: usize, exactness: Exactness, out: &mut Lemmas) {
    for reading in LEXICON.readings(class) {
        let stem = known
            .get(..known.len().saturating_sub(reading.strip))
            .unwrap_or(known);
        let part_of_speech = PartOfSpeech::from_number(reading.kind & !PROPER);
        let mark = if part_of_speech == PartOfSpeech::Verb {
            VERB_MARK
        } else {
            ""
        };
        out.add(
            [stem, reading.append, mark],
            part_of_speech,
            exactness,
            reading.kind & PROPER != 0,
        );
    }
}

/// Whether the lexicon knows a word.
pub fn contains(folded: &str) -> bool {
    LEXICON.contains(folded)
}

/// A number that changes whenever the table does, for the fingerprint of an index.
pub fn fingerprint() -> u64 {
    LEXICON.fingerprint
}

/// All spellings of a folded word: `peche` gives `péché`, `pèche`, `pêche` and `pêché`.
#[cfg(test)]
pub fn spellings(folded: &str) -> Vec<String> {
    let mut all = Vec::new();
    LEXICON.spellings(folded, &mut String::new(), &mut |known, _| {
        all.push(known.to_owned())
    });
    all
}

/// Visits every spelling of the lexicon, in a fixed order.
pub fn for_each_spelling(mut visit: impl FnMut(&str)) {
    LEXICON.every_word(&mut visit);
}

/// The bit of a reading's kind that marks a proper name.
const PROPER: u8 = 0x80;

/// Whether `written` is `known` in the spelling of 1990.
fn is_respelled(known: &str, written: &str) -> bool {
    let mut letters = known.chars();
    let same = written.chars().all(|new| match letters.next() {
        Some(old) => {
            old == new
                || matches!(
                    (old, new),
                    ('î', 'i') | ('û', 'u') | ('é', 'è') | ('u', 'ü') | ('ë', 'e')
                )
        }
        None => false,
    });
    same && letters.next().is_none()
}
