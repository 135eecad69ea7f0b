//! Articles like another: on the same subject, or nearly the same text.

use std::time::Instant;

use super::{Results, Searcher};
use crate::article::Article;
use crate::engine::Similar;
use crate::error::{Error, Result};
use crate::query::{Match, Query, Search};

impl Searcher {
    /// The articles most like the one with this id, on the same event or subject, at most `limit`
    /// and the likest first; without itself. What they share is marked in their snippets, and the
    /// words they were found by are the query of [`Results::search`].
    ///
    /// ```
    /// use trouvaille::{Article, Field, Index};
    ///
    /// let index = Index::in_memory()?;
    /// let mut writer = index.writer()?;
    /// for (id, body) in [
    ///     ("grève", "Les dockers du port de Lomé sont en grève pour leurs salaires."),
    ///     ("suite", "À Lomé, la grève des dockers continue : les salaires ne sont pas payés."),
    ///     ("coton", "Les planteurs de coton attendent la pluie et de meilleurs salaires."),
    /// ] {
    ///     writer.upsert(&Article::new(id, "", body))?;
    /// }
    /// writer.commit()?;
    /// let similar = index.searcher().similar("grève", 5)?;
    /// assert_eq!(similar[0].article().id, "suite");
    /// assert!(similar[0].snippet(Field::Body).html().contains("<mark>dockers</mark>"));
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](Error::is_not_found) where no article has this id; [I/O](Error::is_io) and
    /// [corrupt](Error::is_corrupt).
    pub fn similar(&self, id: &str, limit: usize) -> Result<Results> {
        self.related(id, limit, false)
    }

    /// As [`similar`](Self::similar), for an article that need not be in the index.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn similar_to(&self, article: &Article, limit: usize) -> Result<Results> {
        let started = Instant::now();
        let (answer, words) = self.core.contained("looking for similar articles", || {
            let similar = self.similarity();
            let own = similar.find(&article.id)?;
            similar.to(article, own, bounded(limit))
        })?;
        Ok(self.results(searched(&words, limit), answer, started))
    }

    /// The articles that are nearly the same text as the one with this id, such as the same story in
    /// another newspaper, at most `limit`. The score is about how much of their runs of words they
    /// share, from one half to 1. An article of a few words has none.
    ///
    /// ```
    /// use trouvaille::{Article, Index};
    ///
    /// let story = "La campagne cotonnière s'ouvre à Bobo avec deux semaines de retard, faute de \
    ///     pluies en juillet. Les planteurs réclament un prix garanti de 325 francs le kilo, contre \
    ///     300 francs l'an dernier, et des engrais livrés dans les villages.";
    /// let index = Index::in_memory()?;
    /// let mut writer = index.writer()?;
    /// writer.upsert(&Article::new("agence", "Coton", story))?;
    /// writer.upsert(&Article::new("journal", "", format!("(AFP) {story} À suivre.")))?;
    /// writer.upsert(&Article::new("autre", "", "Les planteurs de coton de Bobo sont réunis."))?;
    /// writer.commit()?;
    /// let same = index.searcher().near_duplicates("agence", 10)?;
    /// assert_eq!(same.len(), 1);
    /// assert_eq!(same[0].article().id, "journal");
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`similar`](Self::similar).
    pub fn near_duplicates(&self, id: &str, limit: usize) -> Result<Results> {
        self.related(id, limit, true)
    }

    fn related(&self, id: &str, limit: usize, only_duplicates: bool) -> Result<Results> {
        let started = Instant::now();
        let (answer, words) = self.core.contained("looking for similar articles", || {
            let similar = self.similarity();
            let Some(own) = similar.find(id)? else {
                let id: String = id.chars().take(60).collect();
                return Err(Error::not_found(format!("no article has the id {id:?}")));
            };
            let article = self.load(own)?;
            match only_duplicates {
                true => similar.near_duplicates(&article, Some(own), bounded(limit)),
                false => similar.to(&article, Some(own), bounded(limit)),
            }
        })?;
        Ok(self.results(searched(&words, limit), answer, started))
    }

    fn similarity(&self) -> Similar<'_> {
        Similar {
            core: &self.core,
            searcher: &self.inner,
        }
    }
}

fn bounded(limit: usize) -> usize {
    limit.min(Search::MAX_DEPTH)
}

/// The words as a search that a person could have typed.
fn searched(words: &[String], limit: usize) -> Search {
    Search::new(Query::words(words.join(" ")))
        .matching(Match::Any)
        .limit(bounded(limit))
}
