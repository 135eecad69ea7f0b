//! Passes over most of a text without analyzing it: a word can only be marked if it begins as one of
//! the words searched for, or as one of their forms.
//!
//! All forms of a French word begin with the same two letters, but for some sixty words (`aller`,
//! `œil`, `monsieur`), which are told apart here; a test looks through the whole lexicon for others.
//! One word in twenty or thirty is left to analyze, with its neighbours, where all of them cost ten
//! times what this look costs.

use std::ops::Range;

use super::matcher::{Matcher, PhraseMatcher};

const LETTERS: usize = 26;
/// Words that are longer, neighbours and all, are left to the analysis of the whole text.
const MAX_BYTES: usize = 200;
/// A phrase of more words than this, with those that may stand between, is left to it too.
const MAX_REACH: usize = 16;

/// The beginnings of the words that may be marked: pairs of letters, without accents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beginnings {
    pairs: [u32; LETTERS],
    /// Whether no function word can be marked.
    skips_functional: bool,
    /// How many words beside one are analyzed with it.
    reach: usize,
}

/// Function words that many words begin like: as numbers, sorted. A test makes sure that their lemmas
/// are among them too, or `son`.
static FUNCTIONAL: [u64; 30] = functional([
    "et", "le", "la", "les", "de", "du", "des", "un", "une", "en", "au", "aux", "ce", "cet",
    "cette", "ces", "se", "ses", "sa", "que", "qui", "il", "ils", "elle", "elles", "ne", "par",
    "avec", "dans", "on",
]);

const fn functional<const N: usize>(words: [&str; N]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut next = 0;
    while next < N {
        numbers[next] = as_number(words[next].as_bytes());
        // Insertion: it is done once, when compiling.
        let mut place = next;
        while place > 0 && numbers[place - 1] > numbers[place] {
            let other = numbers[place - 1];
            numbers[place - 1] = numbers[place];
            numbers[place] = other;
            place -= 1;
        }
        next += 1;
    }
    numbers
}

/// A word of at most eight ASCII letters, in lower case.
const fn as_number(word: &[u8]) -> u64 {
    let mut number = 0;
    let mut at = 0;
    while at < word.len() {
        number = number << 8 | (word[at] | 0x20) as u64;
        at += 1;
    }
    number
}

/// What a scan comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A word that may be marked, and the same with its neighbours.
    Word {
        word: Range<usize>,
        with_neighbours: Range<usize>,
    },
    /// A word too long to be looked at by itself.
    Unsure,
}

/// Lemmas with forms that begin otherwise, and how those do.
const IRREGULAR: [(&str, &[&str]); 66] = [
    ("ail", &["au"]),
    ("aller", &["ai", "ir", "va", "vo"]),
    ("avoir", &["a", "ai", "as", "au", "ay", "eu", "on"]),
    ("beefsteak", &["bi"]),
    ("boire", &["bu"]),
    ("devoir", &["do", "du"]),
    ("djihad", &["ji"]),
    ("djihadisme", &["ji"]),
    ("djihadiste", &["ji"]),
    ("dudit", &["de"]),
    ("duquel", &["de"]),
    ("eczéma", &["ex"]),
    ("eczémateux", &["ex"]),
    ("faire", &["fe", "fi", "fo"]),
    ("fjord", &["fi"]),
    ("gilde", &["gu"]),
    ("guru", &["go"]),
    ("gésir", &["gi"]),
    ("kleptomane", &["cl"]),
    ("kleptomanie", &["cl"]),
    ("le", &["la"]),
    ("ledit", &["la"]),
    ("lequel", &["la"]),
    ("lire", &["lu"]),
    ("lis", &["ly"]),
    ("madame", &["me"]),
    ("mademoiselle", &["me"]),
    ("mail", &["me"]),
    ("mettre", &["mi"]),
    ("mon", &["ma", "me"]),
    ("monseigneur", &["me"]),
    ("monsieur", &["me"]),
    ("mourir", &["me"]),
    ("mouvoir", &["me", "mu"]),
    ("naître", &["ne"]),
    ("oeil", &["ye"]),
    ("oignon", &["og"]),
    ("oignonade", &["og"]),
    ("oignonière", &["og"]),
    ("ouïr", &["oi", "or", "oy"]),
    ("phantasme", &["fa"]),
    ("phlegme", &["fl"]),
    ("pouvoir", &["pe", "pu"]),
    ("punch", &["po"]),
    ("rencard", &["ra"]),
    ("saoul", &["so"]),
    ("saouler", &["so"]),
    ("savoir", &["su"]),
    ("seoir", &["si"]),
    ("shah", &["ch", "sc"]),
    ("skunks", &["sc"]),
    ("son", &["sa", "se"]),
    ("taire", &["tu"]),
    ("tenir", &["ti"]),
    ("thalweg", &["ta"]),
    ("ton", &["ta", "te"]),
    ("tsar", &["cz", "tz"]),
    ("tsarine", &["tz"]),
    ("u", &["us"]),
    ("vantail", &["ve"]),
    ("venir", &["vi"]),
    ("vivre", &["ve"]),
    ("voir", &["ve", "vi", "vu"]),
    ("vouloir", &["ve"]),
    ("yaourt", &["yo"]),
    ("être", &["es", "fu", "se", "so", "su"]),
];

impl Beginnings {
    fn none(reach: usize) -> Beginnings {
        Beginnings {
            pairs: [0; LETTERS],
            skips_functional: false,
            reach,
        }
    }

    /// Of the single words of a matcher. None where only an analysis of the whole text can tell: a
    /// word with digits or signs may be written in many ways.
    pub(super) fn of_words(matcher: &Matcher) -> Option<Beginnings> {
        let mut beginnings = Beginnings::none(1);
        for lemma in matcher.lemmas.keys() {
            let lemma = lemma.trim_end_matches(crate::text::lexicon::VERB_MARK);
            beginnings.add(lemma)?;
            let irregular = IRREGULAR.binary_search_by_key(&lemma, |(known, _)| known);
            if let Some((_, others)) = irregular.ok().and_then(|at| IRREGULAR.get(at)) {
                for other in *others {
                    beginnings.add(other)?;
                }
            }
        }
        let prefixes = matcher.prefixes.iter().map(|(prefix, _)| prefix);
        for word in matcher.written.keys().chain(prefixes) {
            beginnings.add(word)?;
        }
        let is_functional = |lemma: &String| lemma == "son" || is_in_list(lemma.as_bytes());
        beginnings.skips_functional = matcher.written.is_empty()
            && matcher.prefixes.is_empty()
            && !matcher.lemmas.keys().any(is_functional);
        Some(beginnings)
    }

    /// Of the longest word of a phrase, with enough words around it for the whole phrase. None where
    /// that cannot be said.
    pub(super) fn of_phrase(phrase: &PhraseMatcher) -> Option<Beginnings> {
        let span = phrase.words.last().map_or(0, |word| word.0);
        let reach = usize::try_from(span.saturating_add(phrase.slop)).ok()? + 2;
        if reach > MAX_REACH {
            return None;
        }
        let longest = phrase.words.iter().max_by_key(|(_, word)| word.len())?;
        let mut beginnings = Beginnings::none(reach);
        beginnings.add(&longest.1)?;
        beginnings.skips_functional = longest.1.len() > 5;
        Some(beginnings)
    }

    /// Whether no word begins so.
    pub(super) fn is_empty(&self) -> bool {
        self.pairs.iter().all(|seconds| *seconds == 0)
    }

    fn add(&mut self, word: &str) -> Option<()> {
        let is_word = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | ' ');
        if !word.chars().all(is_word) {
            return None;
        }
        let bytes = word.as_bytes();
        let first = Start::at(bytes, 0);
        let Start::Letter(letter, length) = first else {
            return None;
        };
        let seconds = match second(bytes, letter, length) {
            Start::Letter(second, _) => 1 << (second & 31),
            // A word of one letter, or one that this does not know: any second letter will do.
            _ => u32::MAX,
        };
        *self.pairs.get_mut(usize::from(letter & 31))? |= seconds;
        Some(())
    }

    #[inline]
    fn has(&self, first: u8, second: Start) -> bool {
        let seconds = self.pairs.get(usize::from(first & 31)).copied();
        let seconds = seconds.unwrap_or_default();
        match second {
            Start::Letter(second, _) => seconds >> (second & 31) & 1 != 0,
            Start::Sign(_) | Start::Unknown(_) => seconds != 0,
        }
    }

    /// The next word from `at` on, before `end`, that may be marked.
    pub(super) fn next(&self, text: &str, mut at: usize, end: usize) -> Option<Spot> {
        let bytes = text.as_bytes();
        while at < end {
            let (first, length) = match Start::at(bytes, at) {
                Start::Sign(length) => {
                    at += length;
                    continue;
                }
                Start::Unknown(_) => return Some(self.spot(text, at)),
                Start::Letter(first, length) => (first, length),
            };
            let may_match = self.has(first, second(bytes, first, length.saturating_add(at)));
            let start = at;
            at += length;
            // The rest of the word.
            while let Start::Letter(_, length) = Start::at(bytes, at) {
                at += length;
            }
            if may_match && !(self.skips_functional && is_functional(bytes, start..at)) {
                return Some(self.spot(text, start));
            }
        }
        None
    }

    /// The word around a place, between spaces, and the same with the words beside it.
    fn spot(&self, text: &str, at: usize) -> Spot {
        let bytes = text.as_bytes();
        let is_space = |place: usize| bytes.get(place).is_none_or(u8::is_ascii_whitespace);
        let backwards = |mut place: usize, space: bool| {
            while place > 0 && is_space(place - 1) == space {
                place -= 1;
            }
            place
        };
        let forwards = |mut place: usize, space: bool| {
            while place < bytes.len() && is_space(place) == space {
                place += 1;
            }
            place
        };
        let word = backwards(at, false)..forwards(at, false);
        let mut around = word.clone();
        for _ in 0..self.reach {
            around.start = backwards(backwards(around.start, true), false);
            around.end = forwards(forwards(around.end, true), false);
            if around.end - around.start > MAX_BYTES * self.reach {
                return Spot::Unsure;
            }
        }
        Spot::Word {
            word,
            with_neighbours: around,
        }
    }
}

/// Whether it is a function word that stands by itself between spaces.
#[inline]
fn is_functional(bytes: &[u8], word: Range<usize>) -> bool {
    let is_space = |at: Option<usize>| match at.and_then(|at| bytes.get(at)) {
        Some(byte) => *byte == b' ',
        None => true,
    };
    let letters = bytes.get(word.clone()).unwrap_or_default();
    is_in_list(letters) && is_space(Some(word.end)) && is_space(word.start.checked_sub(1))
}

fn is_in_list(word: &[u8]) -> bool {
    word.len() <= 5 && word.is_ascii() && FUNCTIONAL.binary_search(&as_number(word)).is_ok()
}

/// What stands at a place of a text, with its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// By its place in the alphabet, without accent; of a ligature, its first letter.
    Letter(u8, usize),
    /// No letter, and not inside a word.
    Sign(usize),
    /// A digit, another script, a character that may be anything to the analyzer.
    Unknown(usize),
}

impl Start {
    #[inline]
    fn at(bytes: &[u8], at: usize) -> Start {
        let Some(&byte) = bytes.get(at) else {
            return Start::Sign(1);
        };
        match byte {
            b'a'..=b'z' => Start::Letter(byte - b'a', 1),
            b'A'..=b'Z' => Start::Letter(byte - b'A', 1),
            b'0'..=b'9' => Start::Unknown(1),
            0..=0x7f => Start::Sign(1),
            _ => Start::beyond_ascii(bytes.get(at..).unwrap_or_default()),
        }
    }

    fn beyond_ascii(bytes: &[u8]) -> Start {
        match *bytes {
            [0xc3, second, ..] => match second | 0x20 {
                0xa0..=0xa6 => Start::Letter(0, 2),
                0xa7 => Start::Letter(b'c' - b'a', 2),
                0xa8..=0xab => Start::Letter(b'e' - b'a', 2),
                0xac..=0xaf => Start::Letter(b'i' - b'a', 2),
                0xb1 => Start::Letter(b'n' - b'a', 2),
                0xb2..=0xb6 => Start::Letter(b'o' - b'a', 2),
                0xb9..=0xbc => Start::Letter(b'u' - b'a', 2),
                0xbd => Start::Letter(b'y' - b'a', 2),
                _ => Start::Unknown(2),
            },
            // œ and Œ.
            [0xc5, 0x92 | 0x93, ..] => Start::Letter(b'o' - b'a', 2),
            // No-break space, guillemets.
            [0xc2, 0xa0 | 0xab | 0xbb, ..] => Start::Sign(2),
            // Dashes, quotes, the ellipsis, the narrow no-break space. No hyphen: it may stand in a word.
            [
                0xe2,
                0x80,
                0x93 | 0x94 | 0x99 | 0x9c | 0x9d | 0xa6 | 0xaf,
                ..,
            ] => Start::Sign(3),
            [lead, ..] => Start::Unknown(match lead {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0.. => 4,
                // Inside a character: a scan never stands there.
                _ => 1,
            }),
            [] => Start::Sign(1),
        }
    }
}

/// The second letter of the word whose first letter, of this place in the alphabet, ends at `at`:
/// also behind an apostrophe, a full stop or a hyphen, which the analyzer may take out (`N'Djamena`,
/// `O.N.U.`, `e-mail`).
#[inline]
fn second(bytes: &[u8], first: u8, at: usize) -> Start {
    // The second letter of a ligature.
    let before = at.checked_sub(2).and_then(|start| bytes.get(start..at));
    match before {
        Some([0xc5, 0x92 | 0x93]) if first == b'o' - b'a' => return Start::Letter(b'e' - b'a', 0),
        Some([0xc3, 0x86 | 0xa6]) if first == 0 => return Start::Letter(b'e' - b'a', 0),
        _ => {}
    }
    match Start::at(bytes, at) {
        Start::Sign(length) if is_joint(bytes, at) => match Start::at(bytes, at + length) {
            Start::Letter(second, length) => Start::Letter(second, length),
            // One letter and a sign: a word of one letter.
            other => other,
        },
        other => other,
    }
}

fn is_joint(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(b'\'' | b'.' | b'-' | b'`') => true,
        Some(0xe2) => bytes
            .get(at..)
            .is_some_and(|rest| rest.starts_with(&[0xe2, 0x80, 0x99])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::text::{Analyzer, lexicon};

    #[test]
    fn every_form_of_the_lexicon_begins_as_it_should() {
        assert!(IRREGULAR.is_sorted());
        let analyzer = Analyzer::default();
        let mut of_lemma: HashMap<String, Option<Beginnings>> = HashMap::new();
        let mut forms = Vec::new();
        lexicon::for_each_spelling(|form| forms.push(form.to_owned()));
        assert!(forms.len() > 400_000);
        // Every fifth form: all of them take a while without optimization, and passed once.
        for form in forms.iter().step_by(5) {
            for lemma in analyzer
                .analyze(form)
                .into_iter()
                .flat_map(|token| token.lemmas)
            {
                let beginnings = of_lemma.entry(lemma.term.clone()).or_insert_with(|| {
                    let mut matcher = Matcher::default();
                    matcher.lemmas.insert(lemma.term.clone(), 0);
                    Beginnings::of_words(&matcher)
                });
                if let Some(beginnings) = beginnings {
                    let found = beginnings.next(form, 0, form.len());
                    assert!(found.is_some(), "{form} has the lemma {}", lemma.term);
                }
            }
        }
    }

    #[test]
    fn the_lemmas_of_function_words_are_function_words() {
        let words = "et le la les de du des un une en au aux ce cet cette ces se ses sa que qui il ils \
            elle elles ne par avec dans on";
        let mut count = 0;
        for word in words.split_whitespace() {
            assert!(is_functional(word.as_bytes(), 0..word.len()), "{word}");
            for lemma in Analyzer::default()
                .analyze(word)
                .into_iter()
                .flat_map(|token| token.lemmas)
            {
                assert!(
                    lemma.term == "son" || is_in_list(lemma.term.as_bytes()),
                    "{lemma:?}"
                );
            }
            count += 1;
        }
        assert_eq!(count, FUNCTIONAL.len());
        assert!(FUNCTIONAL.is_sorted());
        assert!(!is_functional(b"et-il", 0..2) && !is_functional(b"eta", 0..3));
    }

    #[test]
    fn a_word_comes_with_its_neighbours() {
        let mut matcher = Matcher::default();
        matcher.lemmas.insert("île".to_owned(), 0);
        let beginnings = Beginnings::of_words(&matcher).unwrap();
        let text = "Il  a vu l’Île-d’Yeu d'en face.";
        let Some(Spot::Word {
            word,
            with_neighbours,
        }) = beginnings.next(text, 2, text.len())
        else {
            panic!("it is found");
        };
        assert_eq!(&text[word], "l’Île-d’Yeu");
        assert_eq!(&text[with_neighbours], "vu l’Île-d’Yeu d'en");
        assert_eq!(beginnings.next("x".repeat(900).as_str(), 0, 900), None);
        assert_eq!(
            beginnings.next("il".repeat(900).as_str(), 0, 900),
            Some(Spot::Unsure)
        );
    }

    #[test]
    fn phrases_and_numbers_are_left_to_the_analysis() {
        let with = |lemma: &str| {
            let mut matcher = Matcher::default();
            matcher.lemmas.insert(lemma.to_owned(), 0);
            Beginnings::of_words(&matcher)
        };
        assert_eq!(with("25000"), None);
        assert_eq!(with("c++"), None);
        assert!(with("œuvre").is_some() && with("aller~").is_some());
    }
}
