//! [`Searcher`], [`Results`] and [`Hit`]: what a search gives back.

mod hit;
mod related;
mod sending;

pub use hit::Hit;

use std::ops::Index as IndexOperator;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tantivy::DocAddress;
use tantivy::collector::Count;

use crate::answer::{Explanation, FacetCounts};
use crate::article::Article;
use crate::engine::{self, Answer, Compiled, Core, Explainer};
use crate::error::{Error, Result};
use crate::query::{Search, Severity, Suggestion};

/// A frozen view of one commit. Made by [`Index::searcher`](crate::Index::searcher).
///
/// ```
/// use trouvaille::{Article, Index, Search};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// writer.upsert(&Article::new("1", "Le marché", ""))?;
/// writer.commit()?;
/// let searcher = index.searcher();
/// writer.delete_all()?;
/// writer.commit()?;
/// assert_eq!(searcher.search("marché")?.len(), 1);
/// assert_eq!(index.search("marché")?.len(), 0);
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Clone)]
pub struct Searcher {
    core: Arc<Core>,
    inner: tantivy::Searcher,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Searcher({}, {} articles)",
            self.core.place,
            self.len()
        )
    }
}

impl Searcher {
    pub(crate) fn new(core: Arc<Core>, inner: tantivy::Searcher) -> Searcher {
        Searcher { core, inner }
    }

    /// How many articles this view holds.
    pub fn len(&self) -> usize {
        usize::try_from(self.inner.num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether this view holds no article.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The article with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn article(&self, id: &str) -> Result<Option<Article>> {
        let search = Search::new(crate::Query::all())
            .filter(crate::Filter::ids([id]))
            .limit(1);
        let results = self.search(search)?;
        results
            .into_iter()
            .next()
            .map(|hit| hit.try_article().cloned())
            .transpose()
    }

    /// Visits every article of this view, in the order in which the index stores them, one after the
    /// other: for exports, and for what no search can say. The visitor ends it with
    /// [`ControlFlow::Break`](std::ops::ControlFlow::Break).
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn for_each_article(
        &self,
        mut visit: impl FnMut(Article) -> std::ops::ControlFlow<()>,
    ) -> Result<()> {
        let action = "reading an article";
        let failed = |error| engine::failure(action, &self.core.place, error);
        for segment in self.inner.segment_readers() {
            let store = engine::open_store(segment).map_err(failed)?;
            let mut articles = store.iter(segment.alive_bitset());
            let mut next = || {
                let stored = || articles.next().transpose().map_err(failed);
                self.core.contained(action, stored)
            };
            while let Some(stored) = next()? {
                let article = engine::document::to_article(stored, &self.core.fields);
                if visit(article).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Searches this view. See [`Index::search`](crate::Index::search).
    ///
    /// # Errors
    ///
    /// As [`Index::search`](crate::Index::search).
    pub fn search(&self, search: impl Into<Search>) -> Result<Results> {
        let search = search.into();
        for note in search.notes() {
            if note.severity == Severity::Error {
                return Err(Error::invalid_query(
                    note.to_string(),
                    Some(note.range.clone()),
                ));
            }
        }
        let (offset, limit) = search.page();
        if offset.saturating_add(limit) > Search::MAX_DEPTH {
            return Err(Error::invalid_argument(format!(
                "offset {offset} and limit {limit} reach beyond the {}th article: narrow the search with filters",
                Search::MAX_DEPTH
            )));
        }
        let started = Instant::now();
        let answer = self.core.contained("searching", || {
            engine::run(&self.core, &self.inner, &search)
        })?;
        Ok(self.results(search, answer, started))
    }

    fn results(&self, search: Search, answer: Answer, started: Instant) -> Results {
        let shared = Arc::new(Shared {
            searcher: self.clone(),
            search,
            compiled: answer.compiled,
        });
        let hits = (answer.first_rank..)
            .zip(answer.places)
            .map(|(rank, place)| Hit {
                rank,
                place,
                article: OnceLock::new(),
                shared: shared.clone(),
            })
            .collect();
        let total = OnceLock::new();
        let mut facets = Vec::new();
        if let Some((count, counted)) = answer.counts {
            total.get_or_init(|| count);
            facets = counted;
        }
        Results {
            hits,
            shared,
            total,
            facets,
            took: started.elapsed(),
        }
    }

    /// Why the article of this id is found by a search, and what its score is made of; none where
    /// there is no such article, or the search does not find it.
    ///
    /// ```
    /// # use trouvaille::{Article, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # writer.upsert(&Article::new("1", "Le coton", "Le prix du coton monte."))?;
    /// # writer.commit()?;
    /// let searcher = index.searcher();
    /// let why = searcher.explain("1", "prix du coton")?.expect("it is found");
    /// assert!(why.words[0].in_body && !why.words[0].in_title);
    /// println!("{why}");
    /// assert!(searcher.explain("1", "soie")?.is_none());
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`search`](Self::search).
    pub fn explain(&self, id: &str, search: impl Into<Search>) -> Result<Option<Explanation>> {
        let search = search.into();
        self.core
            .contained("explaining", || self.explainer(&search).of_id(id))
    }

    fn explainer<'a>(&'a self, search: &'a Search) -> Explainer<'a> {
        Explainer {
            core: &self.core,
            searcher: &self.inner,
            search,
        }
    }

    /// How the text of a search box may go on. See [`Index::suggest`](crate::Index::suggest).
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>> {
        self.core.contained("completing", || {
            engine::suggest(&self.core, &self.inner, typed)
        })
    }

    fn load(&self, address: DocAddress) -> Result<Article> {
        self.core.contained("reading an article", || {
            self.core.article(&self.inner, address)
        })
    }

    /// The tantivy searcher underneath. Exempt from semantic versioning.
    #[cfg(feature = "unstable-raw")]
    pub fn as_tantivy(&self) -> &tantivy::Searcher {
        &self.inner
    }
}

/// A search, and where it was run: what its results share.
struct Shared {
    searcher: Searcher,
    search: Search,
    compiled: Compiled,
}

/// The articles of one page, the best first, and how many there are in all.
///
/// ```
/// # use trouvaille::{Article, Index};
/// # let index = Index::in_memory()?;
/// # let mut writer = index.writer()?;
/// # writer.upsert(&Article::new("1", "Le coton", "Le prix du coton monte."))?;
/// # writer.commit()?;
/// let results = index.search("cotons")?;
/// println!("{} articles", results.total()?);
/// for hit in &results {
///     println!("{}", hit.article().title);
/// }
/// assert_eq!(results[0].article().id, "1");
/// // All that a web page shows, as JSON:
/// let page = serde_json::to_value(&results).unwrap();
/// assert_eq!(page["total"], 1);
/// assert_eq!(page["hits"][0]["body"]["html"], "Le prix du <mark>coton</mark> monte.");
/// # Ok::<(), trouvaille::Error>(())
/// ```
pub struct Results {
    hits: Vec<Hit>,
    shared: Arc<Shared>,
    total: OnceLock<usize>,
    facets: Vec<FacetCounts>,
    took: Duration,
}

impl std::fmt::Debug for Results {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Results")
            .field("hits", &self.hits)
            .finish_non_exhaustive()
    }
}

impl Results {
    /// The articles of this page.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// How many articles this page holds.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether this page holds none.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Goes through the articles of this page.
    pub fn iter(&self) -> std::slice::Iter<'_, Hit> {
        self.hits.iter()
    }

    /// How many articles match in all, on this page and on the others. Counted at the first call and
    /// kept: a search that does not ask for it can pass over most matches, and is several times
    /// faster for frequent words. Where it is known beforehand that the total is wanted, let
    /// [the search count](Search::count_total).
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn total(&self) -> Result<usize> {
        if let Some(total) = self.total.get() {
            return Ok(*total);
        }
        let Searcher { core, inner } = &self.shared.searcher;
        let total = core.contained("counting", || {
            inner
                .search(&*self.shared.compiled.query, &Count)
                .map_err(|error| engine::failure("counting", &core.place, error))
        })?;
        Ok(*self.total.get_or_init(|| total))
    }

    /// How many articles match, counted no further than `most`: what is less is exact, `most` means
    /// "at least so many". For a frequent word it costs a small part of [`total`](Self::total).
    ///
    /// ```
    /// # use trouvaille::{Article, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # for id in ["1", "2", "3"] {
    /// #     writer.upsert(&Article::new(id, "Le coton", ""))?;
    /// # }
    /// # writer.commit()?;
    /// let results = index.search("coton")?;
    /// assert_eq!(results.total_at_least(2)?, 2);
    /// assert_eq!(results.total_at_least(1_000)?, 3);
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`total`](Self::total).
    pub fn total_at_least(&self, most: usize) -> Result<usize> {
        if let Some(total) = self.total.get() {
            return Ok(most.min(*total));
        }
        let Searcher { core, inner } = &self.shared.searcher;
        let found = core.contained("counting", || {
            engine::count_up_to(core, inner, &*self.shared.compiled.query, most)
        })?;
        if found < most {
            self.total.get_or_init(|| found);
        }
        Ok(found)
    }

    /// The counts by value of all matches, in the order of [`Search::facet`].
    pub fn facets(&self) -> &[FacetCounts] {
        &self.facets
    }

    /// How long the search took: finding, ranking, counting facets. What is computed later, when it
    /// is asked for, is not in it: articles, snippets, a total.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// The query as it was understood, in the query language.
    ///
    /// ```
    /// # use trouvaille::Index;
    /// # let index = Index::in_memory()?;
    /// let results = index.search("coton ET -soja titre:Mali")?;
    /// println!("{}", results.understood());
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn understood(&self) -> String {
        self.shared.search.query().to_string()
    }

    /// Why the hit at this place of the page (from 0) is there, and what it has more of than the
    /// next; none where there is no such place.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn explain(&self, place: usize) -> Result<Option<Explanation>> {
        let Some(hit) = self.hits.get(place) else {
            return Ok(None);
        };
        let mut explanation = hit.explain()?;
        if let Some(next) = self.hits.get(place.saturating_add(1)) {
            explanation.ahead = explanation.ahead_of(&next.explain()?);
        }
        Ok(Some(explanation))
    }

    /// The search as it may have been meant, accents and all, where a word of it is in no article and
    /// the corrected search finds more: to be shown, and searched when the person agrees. Computed at
    /// each call.
    ///
    /// ```
    /// # use trouvaille::{Article, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # writer.upsert(&Article::new("1", "", "Le gouvernement a reçu la délégation."))?;
    /// # writer.commit()?;
    /// let results = index.search("gouvernemnt delegaton")?;
    /// assert_eq!(results.did_you_mean()?.as_deref(), Some("gouvernement délégation"));
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn did_you_mean(&self) -> Result<Option<String>> {
        let Searcher { core, inner } = &self.shared.searcher;
        let better = core.contained("looking for what was meant", || {
            engine::did_you_mean::corrected(core, inner, self.shared.search.query())
        })?;
        let Some(better) = better else {
            return Ok(None);
        };
        let text = better.to_string();
        let search = self.shared.search.with_query(better).limit(0);
        let finds_more = self.shared.searcher.search(search)?.total()? > self.total()?;
        Ok(finds_more.then_some(text))
    }

    /// Whether full matches did not fill the page, so that partial ones complete it.
    pub fn relaxed(&self) -> bool {
        self.hits.iter().any(Hit::is_partial)
    }

    /// The search that these are the results of.
    pub fn search(&self) -> &Search {
        &self.shared.search
    }
}

impl IndexOperator<usize> for Results {
    type Output = Hit;

    /// The hit at this place of the page, from 0.
    ///
    /// # Panics
    ///
    /// Where the page has no such place, as with a slice; [`hits`](Results::hits) gives a slice to
    /// ask with `get`.
    fn index(&self, place: usize) -> &Hit {
        &self.hits[place]
    }
}

impl<'a> IntoIterator for &'a Results {
    type Item = &'a Hit;
    type IntoIter = std::slice::Iter<'a, Hit>;

    fn into_iter(self) -> Self::IntoIter {
        self.hits.iter()
    }
}

impl IntoIterator for Results {
    type Item = Hit;
    type IntoIter = std::vec::IntoIter<Hit>;

    fn into_iter(self) -> Self::IntoIter {
        self.hits.into_iter()
    }
}
