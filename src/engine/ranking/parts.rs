//! One score taken apart, for [`Explanation`](crate::Explanation): each part is what the score loses
//! without it, so that nothing here repeats the formula.

use super::{Evidence, RankedWord, Ranker};
use crate::engine::Place;
use crate::engine::postings::{TITLE_POSITIONS, WRITTEN_MARK};
use crate::error::Result;
use crate::query::Ranking;

/// The parts of one score, before freshness.
pub(crate) struct Parts {
    pub score: f32,
    pub words: Vec<Part>,
    pub title: f32,
    pub exactness: f32,
    pub nearness: f32,
    pub others: f32,
    pub early: f32,
}

/// One word of the query in one candidate.
pub(crate) struct Part {
    pub word: String,
    pub in_title: bool,
    pub in_body: bool,
    pub is_exact: bool,
    pub occurrences: usize,
    pub amount: f32,
}

impl Ranker<'_> {
    /// The parts of the score of one candidate, which has the engine's score.
    pub(crate) fn parts(&self, mut place: Place) -> Result<Parts> {
        let mut seen = None;
        let segment = place.address.segment_ord;
        self.look(
            segment,
            std::slice::from_mut(&mut place),
            |_, length, evidence| {
                seen = Some((length, evidence.to_vec()));
            },
        )?;
        let (length, evidence) = seen.unwrap_or_default();
        // Of words alone, so that a word takes its part of the score with it.
        let of_words = Ranker {
            is_words: true,
            ..self.clone()
        };
        let with = |ranking: &Ranking, evidence: &[Evidence]| {
            let ranker = Ranker {
                ranking,
                ..of_words.clone()
            };
            ranker.score(place.score, length, evidence)
        };
        let score = self.score(place.score, length, &evidence);
        let words_score = with(self.ranking, &evidence);
        let without = |change: fn(&mut Ranking)| {
            let mut ranking = self.ranking.clone();
            change(&mut ranking);
            with(&ranking, &evidence)
        };
        let words = (0..)
            .zip(self.words.iter().zip(&evidence))
            .map(|(number, (word, found))| {
                let mut others = evidence.clone();
                if let Some(missing) = others.get_mut::<usize>(number) {
                    *missing = Evidence::default();
                }
                Part {
                    word: name(word),
                    in_title: found.positions.iter().any(|at| *at < TITLE_POSITIONS),
                    in_body: found.positions.iter().any(|at| *at >= TITLE_POSITIONS),
                    is_exact: found.is_exact,
                    occurrences: found.positions.len(),
                    amount: words_score - with(self.ranking, &others),
                }
            })
            .collect();
        Ok(Parts {
            score,
            words,
            title: words_score - without(|ranking| ranking.title = 0.0),
            exactness: words_score - without(|ranking| ranking.exact = 0.0),
            nearness: words_score - without(|ranking| ranking.nearness = 0.0),
            others: (score - words_score).max(0.0),
            early: words_score - without(|ranking| ranking.early = 0.0),
        })
    }
}

/// The word as typed, or its first lemma.
fn name(word: &RankedWord) -> String {
    let term = word
        .terms
        .written
        .as_ref()
        .or_else(|| word.terms.lemmas.first().map(|(term, _)| term));
    let value = term.map(|located| located.term.value());
    let text = value.as_ref().and_then(|value| value.as_str());
    let text = text.unwrap_or_default();
    text.trim_start_matches(WRITTEN_MARK).to_owned()
}
