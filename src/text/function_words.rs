//! What articles are made of: which words the index has only as they are written, and which make pairs.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use super::fnv::Fnv;

/// The list, with its reasons.
const LIST: &str = include_str!("function_words.txt");

/// No word of the list is longer, in bytes: most words need not be looked up.
const LONGEST: usize = 8;

type Table<T> = HashMap<&'static str, T, BuildHasherDefault<Fnv>>;

/// Whether the index has a lemma only as its forms are written.
pub(crate) fn is_written_only(lemma: &str) -> bool {
    if lemma.len() > LONGEST {
        return false;
    }
    static TABLE: OnceLock<Table<()>> = OnceLock::new();
    let table = TABLE.get_or_init(|| words("written").map(|word| (word, ())).collect());
    table.contains_key(lemma)
}

/// How many words make pairs.
pub(crate) fn paired_count() -> usize {
    paired().words.len()
}

/// The number of a word, folded, that makes a pair with another one beside it.
pub(crate) fn paired_number(written: &str) -> Option<u8> {
    match written.len() {
        ..=LONGEST => paired().numbers.get(written).copied(),
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

    /// A word with content would not be found in its other forms. But for these few, which are better off as they
    /// are written: nobody who types `six` or `unes` looks for `si` or `un`.
    #[test]
    fn all_forms_of_what_is_written_only_are_function_words() {
        let analyzer = Analyzer::default();
        let mut seen = std::collections::HashSet::new();
        let mut others = Vec::new();
        Analyzer::lexicon_words(|word| {
            for token in analyzer.analyze(word) {
                for lemma in token.lemmas.iter().filter(|lemma| lemma.exact) {
                    if is_written_only(&lemma.term) {
                        if token.flags.stop_level() != Some(StopLevel::Always) {
                            others.push(format!("{word}: {}", lemma.term));
                        }
                        seen.insert(lemma.term.clone());
                    }
                }
            }
        });
        let letters = [
            "c: c", "d: d", "j: j", "l: l", "m: m", "n: n", "s: s", "t: t",
        ];
        let rare = [
            "dus: du",
            "six: si",
            "sure: sur",
            "sures: sur",
            "surs: sur",
            "unes: un",
            "uns: un",
        ];
        others.retain(|other| !letters.contains(&other.as_str()));
        assert_eq!(others, rare);
        let all: std::collections::HashSet<_> = words("written").map(str::to_owned).collect();
        assert_eq!(seen, all);
    }

    #[test]
    fn no_word_is_listed_twice_and_all_are_folded() {
        for kind in ["written", "paired"] {
            let mut all: Vec<&str> = words(kind).collect();
            assert!(all.len() > 40 && all.len() < 256);
            all.sort_unstable();
            assert!(all.iter().all(|word| word.len() <= LONGEST));
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
        }
        for word in words("paired") {
            let token = Analyzer::default().analyze(word).remove(0);
            assert_eq!(token.written, word);
        }
    }
}
