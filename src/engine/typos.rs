//! Misspelt, glued and split words: what of the index they may stand for.

use tantivy::Searcher;

use super::Core;
use super::expand::{self, ANY_BEGINNING, Candidate};
use super::lemma_terms::lemma_terms;
use super::plan::{Scope, Word};
use crate::error::Result;

/// A misspelt word stands for at most this many words of the index.
const MAX_WORDS: usize = 3;
/// A correction with fewer articles than this share of the likeliest one's is left out.
const LEAST_SHARE: u64 = 10;
/// A word that the lexicon lacks and that so few articles have may be their mistake too…
const RARE: u64 = 2;
/// …if one a letter away is in so many times more of them…
const LIKELIER: u64 = 100;
/// …and it has so many letters: short words have too many neighbours.
const SHORTEST_RARE: usize = 6;
/// The shortest half of a glued word.
const SHORTEST_HALF: usize = 3;

/// What a word that no article has may stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Correction {
    /// Other words of the index, the likeliest first.
    Words(Vec<Candidate>),
    /// The same, for a word that a few articles have: these come first.
    Likelier(Vec<Candidate>),
    /// Two words without the space, or the apostrophe, between them.
    Glued(String, String),
}

/// `None` where the index knows the word well, unless `always`, or nothing near it.
pub(super) fn correction(
    core: &Core,
    searcher: &Searcher,
    word: &Word,
    always: bool,
) -> Result<Option<Correction>> {
    if word.written.is_empty() {
        return Ok(None);
    }
    let articles = articles_with(core, searcher, word)?;
    // `prix` is a right word even where no article has it: `paix` is no correction of it.
    if (articles > RARE || word.is_french) && !always {
        return Ok(None);
    }
    let (written, scope) = (word.written.as_str(), word.scope);
    // A number is what it is.
    if written.contains(|character: char| character.is_ascii_digit()) {
        return Ok(None);
    }
    let edits = expand::usual_edits(written);
    if articles > 0 && always {
        // Everything near it, beside the word itself.
        let candidates = expand::fuzzy(core, searcher, scope, (written, edits), ANY_BEGINNING)?;
        return Ok(Some(Correction::Words(candidates)));
    }
    if articles > 0 {
        let mut candidates = expand::fuzzy(
            core,
            searcher,
            scope,
            (written, edits.min(1)),
            ANY_BEGINNING,
        )?;
        let least = articles.saturating_mul(LIKELIER);
        candidates.retain(|candidate| candidate.edits == 1 && candidate.articles >= least);
        candidates.truncate(MAX_WORDS);
        let is_long = written.chars().count() >= SHORTEST_RARE;
        let is_likelier = is_long && !candidates.is_empty();
        return Ok(is_likelier.then_some(Correction::Likelier(candidates)));
    }
    let mut candidates = expand::nearest(core, searcher, scope, (written, edits))?;
    let nearest = candidates
        .first()
        .map_or(u8::MAX, |candidate| candidate.edits);
    if nearest > 1
        && let Some((left, right)) = glued(core, searcher, scope, written)?
    {
        return Ok(Some(Correction::Glued(left, right)));
    }
    let most = candidates.first().map_or(0, |candidate| candidate.articles);
    candidates.retain(|candidate| candidate.articles * LEAST_SHARE >= most);
    candidates.truncate(MAX_WORDS);
    Ok((!candidates.is_empty()).then_some(Correction::Words(candidates)))
}

/// Other spellings of a name that the index has: `Sergey` and `Sergei` for `Sergueï`. They sound the
/// same once what languages write differently is levelled.
pub(super) fn name_variants(
    core: &Core,
    searcher: &Searcher,
    word: &Word,
) -> Result<Vec<Candidate>> {
    let written = word.written.as_str();
    let may_be_name = !word.is_french || crate::text::is_only_a_name(written);
    if written.chars().count() < SHORTEST_NAME || !may_be_name {
        return Ok(Vec::new());
    }
    let sound = sound(written);
    let beginnings = beginnings(&sound);
    let scope = word.scope;
    let mut variants = expand::fuzzy(core, searcher, scope, (written, 2), &beginnings)?;
    variants.retain(|variant| variant.word != written && self::sound(&variant.word) == sound);
    variants.truncate(MAX_WORDS);
    Ok(variants)
}

/// Names shorter than this have too many neighbours.
const SHORTEST_NAME: usize = 5;

/// What languages write differently for one sound, applied in this order.
const SOUNDS: [(&str, &str); 14] = [
    ("tsch", "ch"),
    ("tch", "ch"),
    ("sch", "ch"),
    ("sh", "ch"),
    ("gue", "ge"),
    ("gui", "gi"),
    ("qu", "k"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("w", "v"),
    ("y", "i"),
    ("ei", "i"),
    ("x", "ks"),
];

/// How words begin that sound so; an h may come before anything. Most of the dictionary is not looked at then: names
/// take a third to a tenth of the time.
fn beginnings(sound: &str) -> Vec<&str> {
    let first = sound
        .char_indices()
        .nth(1)
        .map_or(sound, |(end, _)| sound.get(..end).unwrap_or_default());
    let mut beginnings = vec![first];
    beginnings.extend(match first {
        "c" => &["s", "t"][..],
        "f" => &["p"],
        "i" => &["y", "e"],
        "k" => &["q", "x"],
        "u" => &["o"],
        "v" => &["w"],
        _ => &[],
    });
    beginnings.push("h");
    beginnings
}

fn sound(folded: &str) -> String {
    let levelled = SOUNDS
        .iter()
        .fold(folded.to_owned(), |name, (from, to)| name.replace(from, to));
    let mut sound = String::with_capacity(levelled.len());
    let mut previous = None;
    for character in levelled.chars() {
        // An h tells only `ch` from `c` (Kadhafi, Khadafi); double letters sound as one.
        let is_silent = character == 'h' && previous != Some('c');
        if !is_silent && previous != Some(character) {
            sound.push(character);
        }
        previous = Some(character);
    }
    // Lavroff, Lavrov.
    if sound.ends_with('f') {
        sound.pop();
        sound.push('v');
    }
    sound
}

/// How many articles have the word, in any form.
fn articles_with(core: &Core, searcher: &Searcher, word: &Word) -> Result<u64> {
    let mut articles = expand::articles_with(core, searcher, word.scope, &word.written)?;
    for (lemma, _) in &word.lemmas {
        articles = articles.max(expand::articles_with_lemma(
            core, searcher, word.scope, lemma,
        )?);
    }
    Ok(articles)
}

/// The two words of the index that stand glued in this one: the pair whose rarer half is the most
/// frequent. `lengagement` lacks its apostrophe only, so its first half may be one letter.
fn glued(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    written: &str,
) -> Result<Option<(String, String)>> {
    const ELIDED: [&str; 9] = ["l", "d", "j", "m", "t", "s", "n", "c", "qu"];
    let mut best: Option<(u64, String, String)> = None;
    for (at, _) in written.char_indices().skip(1) {
        let (Some(left), Some(right)) = (written.get(..at), written.get(at..)) else {
            continue;
        };
        let is_elision =
            ELIDED.contains(&left) && right.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
        let halves = [left, right].map(|half| half.chars().count() >= SHORTEST_HALF);
        if !(halves[1] && (halves[0] || is_elision)) {
            continue;
        }
        let right_articles = expand::articles_with(core, searcher, scope, right)?;
        let articles = if is_elision || right_articles == 0 {
            right_articles
        } else {
            right_articles.min(expand::articles_with(core, searcher, scope, left)?)
        };
        if articles > best.as_ref().map_or(0, |(most, _, _)| *most) {
            best = Some((articles, left.to_owned(), right.to_owned()));
        }
    }
    Ok(best.map(|(_, left, right)| (left, right)))
}

/// The terms of a word of the index, with the weight of a reading `edits` letters away.
pub(super) fn terms(core: &Core, word: &str, edits: u8) -> Vec<(String, f32)> {
    let weight = 1.0 / (1.0 + f32::from(edits));
    let tokens = core.analyzer.analyze_query(word);
    let terms = tokens.iter().flat_map(lemma_terms);
    terms.map(|(term, _)| (term, weight)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{beginnings, sound};

    proptest! {
        /// Of words made of what the table of sounds is about.
        #[test]
        fn words_begin_as_their_sound_says(
            letters in proptest::collection::vec("[a-z]|tsch|tch|sch|sh|gue|gui|qu|ph|ou|oo|ei|x|h", 1..6)
        ) {
            let word = letters.concat();
            let sound = sound(&word);
            let is_told = beginnings(&sound).iter().any(|beginning| word.starts_with(beginning));
            // One letter alone is the last too, which an f may be: no name is that short.
            prop_assert!(is_told || sound.len() == 1, "{word} sounds {sound}");
        }
    }

    #[test]
    fn spellings_of_one_name_sound_the_same() {
        for (one, other) in [
            ("serguei", "sergey"),
            ("serguei", "sergei"),
            ("kadhafi", "khadafi"),
            ("tchernov", "chernov"),
            ("gontcharov", "goncharov"),
            ("zelensky", "zelenski"),
            ("lavroff", "lavrov"),
        ] {
            assert_eq!(sound(one), sound(other), "{one}, {other}");
        }
        for (one, other) in [
            ("martin", "marin"),
            ("niger", "nigeria"),
            ("guinee", "guyane"),
        ] {
            assert_ne!(sound(one), sound(other), "{one}, {other}");
        }
    }
}
