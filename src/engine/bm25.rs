//! [`Bm25`]: what an article scores by how often it has a term and how long it is (Robertson & Zaragoza 2009).
//!
//! The engine's formula, with its parameters: what it has written of blocks of postings is by them too. Its own
//! type scores one document at a time; here a block's are scored together, four to a step of the processor.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring};
use tantivy::schema::Field;
use tantivy::{DocId, Score, Term};

use super::postings::BLOCK;

const K1: Score = 1.2;
const B: Score = 0.75;

/// What each length brings below the line, by the byte that stands for it: one table for all terms of a field.
type Lengths = Arc<[Score; 256]>;

/// The weight of a term.
#[derive(Debug, Clone)]
pub(super) struct Bm25 {
    /// What a document scores that has the term without end.
    most: Score,
    lengths: Lengths,
}

impl Bm25 {
    /// Of a term that `having` of `articles` have, whose average length is `average`.
    #[cfg(test)]
    pub(super) fn new(having: u64, articles: u64, average: Score) -> Bm25 {
        Bm25 {
            most: (K1 + 1.0) * rarity(having, articles),
            lengths: lengths(average),
        }
    }

    /// Of a term that counts one: to compare documents by.
    pub(super) fn shape(average: Score) -> Bm25 {
        Bm25 {
            most: 1.0,
            lengths: lengths(average),
        }
    }

    pub(super) fn boost_by(&self, boost: Score) -> Bm25 {
        Bm25 {
            most: self.most * boost,
            lengths: self.lengths.clone(),
        }
    }

    /// No document scores more.
    pub(super) fn most(&self) -> Score {
        self.most
    }

    /// Of a document whose length the byte `norm` stands for.
    #[inline]
    pub(super) fn score(&self, norm: u8, frequency: u32) -> Score {
        self.of(self.lengths[usize::from(norm)], frequency)
    }

    #[inline]
    fn of(&self, length: Score, frequency: u32) -> Score {
        let frequency = frequency as Score;
        self.most * (frequency / (frequency + length))
    }

    /// Of a block of documents at the most: as many scores as there are `docs` and `frequencies`. What stands behind
    /// them means nothing.
    #[inline]
    pub(super) fn scores(
        &self,
        norms: &FieldNormReader,
        docs: &[DocId],
        frequencies: &[u32],
        scores: &mut [Score; BLOCK],
    ) {
        for (score, doc) in scores.iter_mut().zip(docs) {
            *score = self.lengths[usize::from(norms.fieldnorm_id(*doc))];
        }
        for (score, frequency) in scores.iter_mut().zip(frequencies) {
            *score = self.of(*score, *frequency);
        }
    }
}

fn lengths(average: Score) -> Lengths {
    Arc::new(std::array::from_fn(|norm| {
        let length = FieldNormReader::id_to_fieldnorm(norm as u8) as Score;
        K1 * (1.0 - B + B * length / average)
    }))
}

fn rarity(having: u64, articles: u64) -> Score {
    let (articles, having) = (articles as Score, having as Score);
    (1.0 + (articles - having + 0.5).max(0.0) / (having + 0.5)).ln()
}

/// Makes the weights of the terms of a field.
pub(super) struct Weights<'a> {
    statistics: Option<&'a dyn Bm25StatisticsProvider>,
    articles: u64,
    /// The average length of the field.
    pub average: Score,
    lengths: Lengths,
}

impl Weights<'_> {
    pub(super) fn new<'a>(
        field: Field,
        scoring: &EnableScoring<'a>,
    ) -> tantivy::Result<Weights<'a>> {
        let (statistics, articles, average) = match *scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } => {
                let articles = statistics_provider.total_num_docs()?.max(1);
                let tokens = statistics_provider.total_num_tokens(field)?;
                let average = tokens as Score / articles as Score;
                (Some(statistics_provider), articles, average)
            }
            EnableScoring::Disabled { .. } => (None, 1, 1.0),
        };
        Ok(Weights {
            statistics,
            articles,
            average,
            lengths: lengths(average),
        })
    }

    /// The weight of terms together; a dummy where nothing is scored.
    pub(super) fn of(&self, terms: &[&Term], weight: f32) -> tantivy::Result<Bm25> {
        let mut rarities = 0.0;
        if let Some(statistics) = self.statistics {
            for term in terms {
                rarities += rarity(statistics.doc_freq(term)?, self.articles);
            }
        }
        Ok(Bm25 {
            most: (K1 + 1.0) * rarities * weight,
            lengths: self.lengths.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::query::Bm25Weight;

    /// What the engine writes of blocks would not hold for another formula.
    #[test]
    fn scores_are_those_of_the_engine() {
        for (having, articles, average) in [(1, 1, 3.0), (300, 900, 80.5), (7, 1_000_000, 412.0)] {
            let engine = Bm25Weight::for_one_term_without_explain(having, articles, average);
            let ours = Bm25::new(having, articles, average);
            for (norm, frequency) in
                (0..=u8::MAX).flat_map(|norm| [1, 2, 9, 800].map(|f| (norm, f)))
            {
                let (ours, engine) = (ours.score(norm, frequency), engine.score(norm, frequency));
                assert!(
                    (ours - engine).abs() <= 4.0 * Score::EPSILON * engine,
                    "{ours} {engine}"
                );
            }
        }
    }
}
