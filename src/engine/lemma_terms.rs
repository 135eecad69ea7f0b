//! Which terms a word of a query is looked for by.

use super::planner::OTHER_ACCENTS;
use super::postings::WRITTEN_MARK;
use crate::text::Token;
use crate::text::function_words::{is_form, written_only};

/// The lemmas of a word and their weights; of function words also the word as written, for the index has the lemmas of
/// most of their forms only so.
pub(super) fn lemma_terms(token: &Token) -> Vec<(String, f32)> {
    // Typed without its accents, a word is what it is with them: `evenement`.
    let has_exact = token.lemmas.iter().any(|lemma| lemma.exact);
    let mut terms: Vec<(String, f32)> = Vec::with_capacity(token.lemmas.len());
    let mut add = |term: String, weight: f32| {
        if !terms.iter().any(|(known, _)| *known == term) {
            terms.push((term, weight));
        }
    };
    for lemma in &token.lemmas {
        let weight = if lemma.exact || !has_exact {
            1.0
        } else {
            OTHER_ACCENTS
        };
        if let Some(word) = written_only(&lemma.term) {
            let form = match is_form(&token.written) {
                true => token.written.as_str(),
                // A word of one's own, or one that the lexicon has not.
                false => word,
            };
            add(format!("{WRITTEN_MARK}{form}"), weight);
        }
        add(lemma.term.clone(), weight);
    }
    terms
}
