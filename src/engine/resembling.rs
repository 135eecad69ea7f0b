//! Words of the index that a misspelt word resembles, or that sound like a name.
//!
//! The engine's automaton of a word (Schulz & Mihov 2002) walks through the dictionary of every segment, and most of
//! what it walks through begins with another letter than the word. There it is led only where that may bring something: a
//! third of the time of typed questions whose words the index lacks.

use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use super::derivation;
use super::dictionary::Likeness;
use super::expand::{Found, articles_with, articles_with_lemma, each_dictionary, field};
use super::plan::Scope;
use super::postings::WRITTEN_MARK;
use super::sounds::{beginnings, sound};
use super::{Core, compile, failure};
use crate::error::Result;

/// A typo stands for at most this many words, the nearest and most frequent ones.
const MAX_WORDS: usize = 64;
/// A word that no article has stands for at most this many of the nearest ones, and so does a name.
pub(super) const MAX_CORRECTIONS: usize = 3;
/// In a word of so many letters another first letter makes another word.
const SHORT: usize = 5;

/// A word of the index that another one may stand for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub word: String,
    pub edits: u8,
    /// How many articles have it.
    pub articles: u64,
}

/// How many letters may be wrong in a word of this length.
pub(super) fn usual_edits(word: &str) -> u8 {
    match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// The words of a field in a view.
#[derive(Clone, Copy)]
pub(super) struct FieldWords<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
    pub scope: Scope,
}

/// How the words begin that are looked for.
enum Beginnings<'a> {
    Any,
    AnyOf(&'a [&'a str]),
}

/// Words of the index within `edits` letters of `written` (Damerau-Levenshtein), the nearest first, then the most
/// frequent.
pub(super) fn fuzzy(words: FieldWords<'_>, written: &str, edits: u8) -> Result<Vec<Candidate>> {
    let mut candidates = exact(words, written)?;
    for edits in 1..=edits.min(2) {
        add(
            words,
            (written, edits),
            &Beginnings::Any,
            MAX_WORDS,
            &mut candidates,
        )?;
    }
    candidates.truncate(MAX_WORDS);
    Ok(candidates)
}

/// The nearest ones, of words that no article has: one letter away; where there are none, two letters.
///
/// Of two letters the first one is hardly ever wrong (one typo of fifty to a hundred is there; Yannakoudakis & Fawthrop 1983)
/// but where it sounds the same, or stands in its neighbour's place. To look for words that begin in another way
/// took half the time of a typed question, and found no more of what was meant.
pub(super) fn nearest(words: FieldWords<'_>, written: &str, edits: u8) -> Result<Vec<Candidate>> {
    remembered(words, written, Likeness::Nearest, || {
        let mut candidates = Vec::new();
        for edits in 1..=edits.min(2) {
            let sound = sound(written);
            let mut ways = beginnings(&sound);
            ways.extend(letters(written).take(2));
            let beginnings = match edits {
                2 if is_latin(written) => Beginnings::AnyOf(&ways),
                _ => Beginnings::Any,
            };
            let of = (written, edits);
            add(words, of, &beginnings, MAX_CORRECTIONS, &mut candidates)?;
            if !candidates.is_empty() {
                break;
            }
        }
        Ok(candidates)
    })
}

/// Other spellings of a name.
pub(super) fn sounding_so(words: FieldWords<'_>, written: &str) -> Result<Vec<Candidate>> {
    remembered(words, written, Likeness::Sound, || {
        let own = sound(written);
        let ways = beginnings(&own);
        let mut candidates = exact(words, written)?;
        for edits in 1..=2 {
            let of = (written, edits);
            add(
                words,
                of,
                &Beginnings::AnyOf(&ways),
                MAX_WORDS,
                &mut candidates,
            )?;
        }
        candidates.truncate(MAX_WORDS);
        candidates.retain(|found| found.word != written && sound(&found.word) == own);
        candidates.truncate(MAX_CORRECTIONS);
        Ok(candidates)
    })
}

/// The words of the [family](derivation) of a lemma that some article has.
pub(super) fn family(words: FieldWords<'_>, lemma: &str) -> Result<Vec<Candidate>> {
    let FieldWords {
        core,
        searcher,
        scope,
    } = words;
    remembered(words, lemma, Likeness::Family, || {
        let mut found = Vec::new();
        for word in derivation::family(lemma) {
            let articles = articles_with_lemma(core, searcher, scope, &word)?;
            if articles > 0 {
                found.push(Candidate {
                    word,
                    edits: 0,
                    articles,
                });
            }
        }
        Ok(found)
    })
}

/// What was found for the word before, in the same view.
fn remembered(
    words: FieldWords<'_>,
    written: &str,
    likeness: Likeness,
    find: impl FnOnce() -> Result<Vec<Candidate>>,
) -> Result<Vec<Candidate>> {
    let FieldWords { core, searcher, .. } = words;
    let term = Term::from_field_text(field(core, words.scope), written);
    if let Some(found) = core.known_terms.alike(searcher, &term, likeness) {
        return Ok(found);
    }
    let found = find()?;
    core.known_terms
        .keep_alike(searcher, term, likeness, &found);
    Ok(found)
}

/// The word itself, if any article has it.
fn exact(words: FieldWords<'_>, written: &str) -> Result<Vec<Candidate>> {
    let articles = articles_with(words.core, words.searcher, words.scope, written)?;
    let itself = (articles > 0).then(|| Candidate {
        word: written.to_owned(),
        edits: 0,
        articles,
    });
    Ok(itself.into_iter().collect())
}

/// Adds at most so many of those so many letters away, the most frequent first, to the nearer ones.
fn add(
    words: FieldWords<'_>,
    (written, edits): (&str, u8),
    beginnings: &Beginnings<'_>,
    most: usize,
    candidates: &mut Vec<Candidate>,
) -> Result<()> {
    let FieldWords { core, scope, .. } = words;
    // Swapped letters are one edit.
    let term = compile::written_term(field(core, scope), written);
    let automaton = FuzzyTermQuery::new(term, edits, true)
        .automaton()
        .map_err(|error| failure("looking for words alike", &core.place, error))?;
    let first = letters(written).next().unwrap_or_default();
    let is_short = written.chars().count() <= SHORT;
    let mut others = Vec::new();
    let mut walked: Vec<&str> = match beginnings {
        _ if is_short => vec![first],
        Beginnings::Any if edits == 1 && is_latin(written) => {
            others = with_another_beginning(written);
            vec![first]
        }
        Beginnings::Any => vec![""],
        Beginnings::AnyOf(beginnings) => beginnings.to_vec(),
    };
    walked.sort_unstable();
    walked.dedup();
    let mut found = Found::default();
    each_dictionary(core, words.searcher, scope, |dictionary| {
        for beginning in &walked {
            // To the automaton the mark is a letter, which may be wrong too: a third of the time went into lemmas.
            let from = format!("{WRITTEN_MARK}{beginning}").into_bytes();
            let mut end = from.clone();
            if let Some(last) = end.last_mut() {
                *last = last.saturating_add(1);
            }
            let search = dictionary.search(&automaton).ge(from).lt(end);
            let mut stream = search.into_stream()?;
            while stream.advance() {
                found.add(stream.key(), stream.value().doc_freq);
            }
        }
        for other in &others {
            if let Some(info) = dictionary.get(other)? {
                found.add(other.as_bytes(), info.doc_freq);
            }
        }
        Ok(())
    })?;
    let is_new = |(word, _): &(String, u64)| !candidates.iter().any(|known| known.word == *word);
    let found = found.most_frequent(usize::MAX).into_iter();
    let new: Vec<_> = found.filter(is_new).take(most).collect();
    candidates.extend(new.into_iter().map(|(word, articles)| Candidate {
        word,
        edits,
        articles,
    }));
    Ok(())
}

/// Whether a word begins with a letter of the French alphabet, without its accents: other letters may stand in place of any.
fn is_latin(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// All terms one letter away that begin with another letter of the alphabet than the word: that letter is the wrong one, and
/// what is behind it is known. To look all of them up takes a tenth of the time of looking for them.
fn with_another_beginning(written: &str) -> Vec<String> {
    let mut letters = letters(written);
    let first = letters.next().unwrap_or_default();
    let second = letters.next().unwrap_or_default();
    let rest = written.get(first.len()..).unwrap_or_default();
    let behind = rest.get(second.len()..).unwrap_or_default();
    let missing_or_swapped = [rest.to_owned(), format!("{second}{first}{behind}")];
    let wrong_or_too_many = ('a'..='z').flat_map(|letter| {
        let with = |rest: &str| format!("{letter}{rest}");
        [with(rest), with(written)]
    });
    let mut terms: Vec<String> = wrong_or_too_many.chain(missing_or_swapped).collect();
    terms.retain(|word| !word.is_empty() && !word.starts_with(first));
    terms.sort_unstable();
    terms.dedup();
    terms
        .iter()
        .map(|word| format!("{WRITTEN_MARK}{word}"))
        .collect()
}

fn letters(word: &str) -> impl Iterator<Item = &str> {
    let ends = word
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    let mut start = 0;
    ends.filter_map(move |end| word.get(std::mem::replace(&mut start, end)..end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{letters, with_another_beginning};
    use crate::engine::postings::WRITTEN_MARK;

    #[test]
    fn letters_are_those_of_the_word() {
        assert_eq!(letters("bœuf").collect::<Vec<_>>(), ["b", "œ", "u", "f"]);
        assert_eq!(letters("").next(), None);
    }

    proptest! {
        /// Whatever is done to one letter: a word that begins in another way then is among those looked up.
        #[test]
        fn no_word_that_begins_in_another_way_is_forgotten(
            word in "[a-c]{2,6}",
            at in 0_usize..7,
            letter in "[a-z]",
            edit in 0..4,
        ) {
            let mut other: Vec<char> = word.chars().collect();
            let letter = letter.chars().next().unwrap();
            let at = at.min(other.len());
            match edit {
                0 => other.insert(at, letter),
                1 if at < other.len() => { other.remove(at); }
                2 if at < other.len() => other[at] = letter,
                _ if at + 1 < other.len() => other.swap(at, at + 1),
                _ => {}
            }
            let other: String = other.into_iter().collect();
            if !other.starts_with(&word[..1]) {
                let term = format!("{WRITTEN_MARK}{other}");
                prop_assert!(with_another_beginning(&word).contains(&term), "{word}, {other}");
            }
        }
    }
}
