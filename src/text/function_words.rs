//! What articles are made of: which words the index has only as they are written, and which make pairs.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use super::fnv::Fnv;
use super::folding::fold;

/// The list, with its reasons.
const LIST: &str = include_str!("function_words.txt");

/// No lemma or form of the list is longer, in bytes, and no paired word: most words need not be looked up.
const LONGEST: usize = 5;
const LONGEST_PAIRED: usize = 8;

type Table<T> = HashMap<&'static str, T, BuildHasherDefault<Fnv>>;

/// The word, folded, that stands for a lemma which the index does not have for its forms.
pub(crate) fn written_only(lemma: &str) -> Option<&'static str> {
    static TABLE: OnceLock<Table<String>> = OnceLock::new();
    if lemma.len() > LONGEST {
        return None;
    }
    let table = TABLE.get_or_init(|| {
        let folded = |word| {
            let (mut written, mut accented) = (String::new(), String::new());
            fold(word, &mut written, &mut accented);
            (word, written)
        };
        words("written").map(folded).collect()
    });
    table.get(lemma).map(String::as_str)
}

/// Whether a word, folded, is a form of a lemma that is [written only](written_only).
pub(crate) fn is_form(written: &str) -> bool {
    static TABLE: OnceLock<Table<()>> = OnceLock::new();
    if written.len() > LONGEST {
        return false;
    }
    let table = TABLE.get_or_init(|| words("form").map(|word| (word, ())).collect());
    table.contains_key(written)
}

/// How many words make pairs.
pub(crate) fn paired_count() -> usize {
    paired().words.len()
}

/// The number of a word, folded, that makes a pair with another one beside it.
pub(crate) fn paired_number(written: &str) -> Option<u8> {
    match written.len() {
        ..=LONGEST_PAIRED => paired().numbers.get(written).copied(),
        _ => None,
    }
}

/// The word of a number; none has a number beyond the last.
pub(crate) fn paired_word(number: u8) -> &'static str {
    let word = paired().words.get(usize::from(number));
    word.copied().unwrap_or_default()
}

struct Paired {
    numbers: Table<u8>,
    words: Vec<&'static str>,
}

fn paired() -> &'static Paired {
    static PAIRED: OnceLock<Paired> = OnceLock::new();
    PAIRED.get_or_init(|| Paired {
        numbers: words("paired").zip(0..).collect(),
        words: words("paired").collect(),
    })
}

/// The words of a kind: the lines have the kind, a class and the words, between tabs.
fn words(kind: &'static str) -> impl Iterator<Item = &'static str> {
    LIST.lines()
        .filter_map(move |line| line.strip_prefix(kind)?.strip_prefix('\t'))
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(_, words)| words.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Analyzer, StopLevel};
    use std::collections::BTreeSet;

    /// A word with content would not be found in its other forms, and one that is not listed is recorded twice.
    #[test]
    fn all_forms_of_what_is_written_only_are_listed() {
        let analyzer = Analyzer::default();
        let mut forms = BTreeSet::new();
        let mut with_content = BTreeSet::new();
        Analyzer::lexicon_words(|word| {
            for token in analyzer.analyze(word) {
                let mut lemmas = token.lemmas.iter().filter(|lemma| lemma.exact);
                if lemmas.any(|lemma| written_only(&lemma.term).is_some()) {
                    forms.insert(token.written.clone());
                    if token.flags.stop_level() != Some(StopLevel::Always) && word.len() > 1 {
                        with_content.insert(token.written.clone());
                    }
                }
            }
        });
        let listed: BTreeSet<_> = words("form").map(str::to_owned).collect();
        assert_eq!(forms, listed);
        let by_themselves = ["dus", "six", "sure", "sures", "surs", "unes", "uns"];
        assert_eq!(with_content, by_themselves.map(str::to_owned).into());
    }

    #[test]
    fn no_word_is_listed_twice_and_all_are_folded() {
        for kind in ["written", "form", "paired"] {
            let mut all: Vec<&str> = words(kind).collect();
            assert!(all.len() > 40 && all.len() < 256);
            all.sort_unstable();
            let longest = if kind == "paired" {
                LONGEST_PAIRED
            } else {
                LONGEST
            };
            assert!(all.iter().all(|word| word.len() <= longest));
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
        }
        for word in words("paired").chain(words("form")) {
            let token = Analyzer::default().analyze(word).remove(0);
            assert_eq!(token.written, word);
        }
    }
}
