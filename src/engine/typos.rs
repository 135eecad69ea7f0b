//! Misspelt, glued and split words: what of the index they may stand for.

use std::iter;

use tantivy::{Searcher, Term};

use super::expand;
use super::lemma_terms::lemma_terms;
use super::plan::{Scope, Word};
use super::resembling::{self, Candidate, FieldWords, MAX_CORRECTIONS};
use super::{Core, compile, failure};
use crate::error::Result;

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
    let words = FieldWords {
        core,
        searcher,
        scope,
    };
    let edits = resembling::usual_edits(written);
    if articles > 0 && always {
        // Everything near it, beside the word itself.
        let candidates = resembling::fuzzy(words, written, edits)?;
        return Ok(Some(Correction::Words(candidates)));
    }
    if articles > 0 {
        let mut candidates = resembling::fuzzy(words, written, edits.min(1))?;
        let least = articles.saturating_mul(LIKELIER);
        candidates.retain(|candidate| candidate.edits == 1 && candidate.articles >= least);
        candidates.truncate(MAX_CORRECTIONS);
        let is_long = written.chars().count() >= SHORTEST_RARE;
        let is_likelier = is_long && !candidates.is_empty();
        return Ok(is_likelier.then_some(Correction::Likelier(candidates)));
    }
    let mut candidates = resembling::nearest(words, written, edits)?;
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
    let words = FieldWords {
        core,
        searcher,
        scope: word.scope,
    };
    resembling::sounding_so(words, written)
}

/// Names shorter than this have too many neighbours.
const SHORTEST_NAME: usize = 5;

/// How many articles have the word, in any form.
fn articles_with(core: &Core, searcher: &Searcher, word: &Word) -> Result<u64> {
    let field = expand::field(core, word.scope);
    let written = compile::written_term(field, &word.written);
    let lemmas = word.lemmas.iter();
    let lemmas = lemmas.map(|(lemma, _)| Term::from_field_text(field, lemma));
    let mut articles = 0;
    for term in iter::once(written).chain(lemmas) {
        // The search asks for them again.
        let found = core.known_terms.articles_with(searcher, &term);
        let found =
            found.map_err(|error| failure("reading the words of the index", &core.place, error))?;
        articles = articles.max(found);
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
