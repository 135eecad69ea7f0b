//! [`Searcher`], [`Results`] and [`Hit`]: what a search gives back.

use std::ops::Index as IndexOperator;
use std::sync::{Arc, OnceLock};

use tantivy::collector::Count;
use tantivy::{DocAddress, TantivyDocument};

use crate::article::Article;
use crate::engine::{self, Compiled, Core};
use crate::error::{Error, Result};
use crate::query::{Field, Search, Severity, Suggestion};
use crate::snippet::{self, Snippet};

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
        Ok(results.into_iter().next().map(|hit| hit.article))
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
        let (compiled, places) = engine::run(&self.core, &self.inner, &search)?;
        let compiled = Arc::new(compiled);
        let hits = places
            .into_iter()
            .map(|place| {
                Ok(Hit {
                    score: place.score,
                    is_partial: place.is_partial,
                    article: self.load(place.address)?,
                    core: self.core.clone(),
                    compiled: compiled.clone(),
                })
            })
            .collect::<Result<Vec<Hit>>>()?;
        Ok(Results {
            hits,
            search,
            searcher: self.clone(),
            compiled,
            total: OnceLock::new(),
        })
    }

    /// How the text of a search box may go on. See [`Index::suggest`](crate::Index::suggest).
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>> {
        engine::suggest(&self.core, &self.inner, typed)
    }

    fn load(&self, address: DocAddress) -> Result<Article> {
        let document: TantivyDocument = self
            .inner
            .doc(address)
            .map_err(|error| engine::failure("reading an article", &self.core.place, error))?;
        Ok(engine::document::to_article(&document, &self.core.fields))
    }

    /// The tantivy searcher underneath. Exempt from semantic versioning.
    #[cfg(feature = "unstable-raw")]
    pub fn as_tantivy(&self) -> &tantivy::Searcher {
        &self.inner
    }
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
/// # Ok::<(), trouvaille::Error>(())
/// ```
pub struct Results {
    hits: Vec<Hit>,
    search: Search,
    searcher: Searcher,
    compiled: Arc<Compiled>,
    total: OnceLock<usize>,
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
    /// faster for frequent words.
    ///
    /// # Errors
    ///
    /// [I/O](Error::is_io) and [corrupt](Error::is_corrupt).
    pub fn total(&self) -> Result<usize> {
        if let Some(total) = self.total.get() {
            return Ok(*total);
        }
        let total = self
            .searcher
            .inner
            .search(&*self.compiled.query, &Count)
            .map_err(|error| engine::failure("counting", &self.searcher.core.place, error))?;
        Ok(*self.total.get_or_init(|| total))
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
        let Searcher { core, inner } = &self.searcher;
        let better = engine::did_you_mean::corrected(core, inner, self.search.query())?;
        let Some(better) = better else {
            return Ok(None);
        };
        let text = better.to_string();
        let search = self.search.with_query(better).limit(0);
        let finds_more = self.searcher.search(search)?.total()? > self.total()?;
        Ok(finds_more.then_some(text))
    }

    /// Whether full matches did not fill the page, so that partial ones complete it.
    pub fn relaxed(&self) -> bool {
        self.hits.iter().any(Hit::is_partial)
    }

    /// The search that these are the results of.
    pub fn search(&self) -> &Search {
        &self.search
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

/// One article that a search found.
#[derive(Clone)]
pub struct Hit {
    score: f32,
    is_partial: bool,
    article: Article,
    core: Arc<Core>,
    compiled: Arc<Compiled>,
}

impl std::fmt::Debug for Hit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Hit")
            .field("id", &self.article.id)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

impl Hit {
    /// How well the article matches: comparable within one search only. 0 when the order is not
    /// relevance.
    pub fn score(&self) -> f32 {
        self.score
    }

    /// Whether it lacks a word of the search, and is here because full matches did not fill the page.
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The article, as it was given to the writer.
    pub fn article(&self) -> &Article {
        &self.article
    }

    /// The article, to keep.
    pub fn into_article(self) -> Article {
        self.article
    }

    /// The passage of a field that shows the match best, [`Hit::SNIPPET_LENGTH`] characters at the
    /// most. The title comes whole. Computed at each call, in time linear in the field.
    pub fn snippet(&self, field: Field) -> Snippet {
        self.snippet_of(field, Self::SNIPPET_LENGTH)
    }

    /// As [`snippet`](Self::snippet), with a length of your own in characters.
    pub fn snippet_of(&self, field: Field, length: usize) -> Snippet {
        let article = &self.article;
        let tags;
        let (text, length) = match field {
            Field::Title => (article.title.as_str(), usize::MAX),
            Field::Body => (article.body.as_str(), length),
            Field::Author => (article.author.as_deref().unwrap_or_default(), usize::MAX),
            Field::Source => (article.source.as_deref().unwrap_or_default(), usize::MAX),
            Field::Tag => {
                tags = article.tags.join(", ");
                (tags.as_str(), usize::MAX)
            }
        };
        let matcher = self.compiled.matcher(field, self.is_partial);
        snippet::snippet(&self.core.analyzer, matcher, text, length)
    }

    /// The length of a snippet unless said, in characters.
    pub const SNIPPET_LENGTH: usize = 240;
}
