//! [`Ranking`]: the weights of the score.

use serde::{Deserialize, Serialize};

/// The weights of the score, for those who have measured better ones on their articles.
///
/// For each word of the query that an article has, with the word's rarity `idf` as in BM25 (times its
/// boost, and `empty` for a question word or a word that is often empty):
///
/// ```text
/// idf · (k1 + 1) · tf / (tf + k1 · (1 − b + b · length / average length))
///   + title · idf                     if the title has it
///   + early · idf / (1 + words / 20)  if the body has it, first after so many words
///   + exact · idf                     if the article has it in the very form that was typed
/// ```
///
/// and for each two neighbours of the query, `nearness · min(idf) · n`, where `n` is 1 if they stand
/// in the article as in the query, and less the farther apart. In `tf`, a word of the title counts
/// twice, a reading with other accents (`marché` for `marche`) half and, in partial matches, a word of
/// the same family (`démarcher` for `démarchage`) `derivation`.
///
/// The articles are found by BM25 over lemmas, which skips most of them unseen; only the best `window`
/// get this second look. A query with other parts than words (`gouvern*`, `auteur:Roux`) keeps what
/// BM25 gave it in place of the first line. ARCHITECTURE.md, *Ranking*, tells what each part brings.
///
/// ```
/// use trouvaille::{Ranking, Search};
///
/// let mut ranking = Ranking::default();
/// ranking.title = 0.0;
/// let search = Search::from("coton").ranking(ranking);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ranking {
    /// How soon more occurrences of a word stop counting: 0 (at once) to about 3.
    pub k1: f32,
    /// How much a long article is held against it: 0 (not at all) to 1.
    pub b: f32,
    /// A word in the title.
    pub title: f32,
    /// A word that the body has early: articles say first what they are about.
    pub early: f32,
    /// A word in the very form that was typed.
    pub exact: f32,
    /// Neighbours of the query that are neighbours in the article.
    pub nearness: f32,
    /// What a question word (`comment`) or a word that is often empty (`plus`, `fait`) counts beside
    /// the others: 0 (nothing) to 1 (as much as any).
    pub empty: f32,
    /// What a word of the same family (`démarcher` for `démarchage`) counts in a partial match.
    pub derivation: f32,
    /// How many candidates get the second look, the best ones by BM25, and half as many again among
    /// partial matches: 0 for plain BM25 (k1 1.2, b 0.75) without any of the rest. More cost time; beyond
    /// some 16 they bring next to nothing to questions, and a little to one or two words that many articles
    /// have.
    pub window: usize,
}

impl Default for Ranking {
    fn default() -> Ranking {
        Ranking {
            k1: 1.6,
            b: 0.8,
            title: 0.6,
            early: 0.6,
            exact: 0.3,
            nearness: 0.3,
            empty: 0.3,
            derivation: 0.2,
            window: 16,
        }
    }
}
