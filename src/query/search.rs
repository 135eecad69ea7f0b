//! [`Search`]: a query, and how its answer is wanted.

use serde::{Deserialize, Serialize};

use super::{Cursor, Facet, Filter, Match, Note, Query, Ranking};

/// What to look for, what to leave out, in what order, and which page of it.
///
/// A plain value: it can be stored, compared and serialized, and used again. A `&str` becomes one
/// through the [query language](Query::parse), so that `index.search("l'été")` works; a [`Query`]
/// becomes one as it is.
///
/// ```
/// use trouvaille::{Filter, Query, Search, Sort};
///
/// let second_page = Search::new(Query::phrase("école d'été").and(Query::words("élèves")))
///     .filter(Filter::tag("tourisme"))
///     .sort(Sort::Newest)
///     .limit(20)
///     .offset(20);
/// assert_eq!(second_page.clone(), second_page);
/// assert_ne!(Search::from("l'été"), Search::from("l'hiver"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Search {
    query: Query,
    /// What the parser said, when the query came as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
    filters: Vec<Filter>,
    sort: Sort,
    matching: Match,
    ranking: Ranking,
    relax: bool,
    typos: Typos,
    limit: usize,
    offset: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    facets: Vec<(Facet, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freshness: Option<f32>,
    #[serde(default)]
    collapse: bool,
    #[serde(default)]
    count_total: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Cursor>,
}

/// The order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The latest publication first; articles without a date last.
    Newest,
    /// The earliest publication first; articles without a date last.
    Oldest,
    /// By title, as a French dictionary orders words: é with e, œ as oe, whatever the case, the
    /// punctuation left out, articles (`Le`, `Une`) kept; accents decide between titles that have
    /// the same letters. Articles without a title last.
    Title,
}

/// Whether misspelt words find what they were meant to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Typos {
    /// Words find what they are, nothing else.
    Off,
    /// When full matches do not fill the page, words that neither an article nor the lexicon has find
    /// those they resemble: one letter wrong, missing, too many or swapped in words of 3 to 5 letters,
    /// two from 6 on, and words glued together; and names find their other spellings (`Sergueï`,
    /// `Sergey`). Such articles come as [partial matches](crate::Hit::is_partial) and are not
    /// counted; a word that the index knows is never corrected.
    #[default]
    Auto,
    /// Every word finds those it resembles too, and all that is found counts as a match.
    Always,
}

impl Search {
    /// How many articles a page holds unless [`limit`](Self::limit) says otherwise.
    pub const DEFAULT_LIMIT: usize = 10;
    /// The deepest article a page can reach: `offset + limit`. Deeper pages are an error, for each
    /// costs as much as all before it.
    pub const MAX_DEPTH: usize = 10_000;

    /// Searches for a query, by relevance, ten articles a page.
    pub fn new(query: Query) -> Search {
        Search {
            query,
            notes: Vec::new(),
            filters: Vec::new(),
            sort: Sort::default(),
            matching: Match::All,
            ranking: Ranking::default(),
            relax: true,
            typos: Typos::default(),
            limit: Self::DEFAULT_LIMIT,
            offset: 0,
            facets: Vec::new(),
            freshness: None,
            collapse: false,
            count_total: false,
            after: None,
        }
    }

    /// Narrows the answer; with several filters, to what all of them let through. It costs little: what cannot reach the
    /// page is passed over as without filters, and only the rest is looked up in them.
    pub fn filter(mut self, filter: Filter) -> Search {
        self.filters.push(filter);
        self
    }

    /// Orders the answer.
    pub fn sort(mut self, sort: Sort) -> Search {
        self.sort = sort;
        self
    }

    /// How many of a run of plain words an article must have: all unless said. A query that says so
    /// itself ([`Query::words`] with a [`Match`] of its own) is not changed.
    pub fn matching(mut self, matching: Match) -> Search {
        self.matching = matching;
        self
    }

    /// Weighs the score with other weights than the default ones.
    pub fn ranking(mut self, ranking: Ranking) -> Search {
        self.ranking = ranking;
        self
    }

    /// Whether a page that full matches don't fill is completed by the best partial ones, each marked
    /// as [partial](crate::Hit::is_partial): yes unless said. Only by relevance; partial matches are
    /// never counted.
    pub fn relax(mut self, relax: bool) -> Search {
        self.relax = relax;
        self
    }

    /// Whether misspelt words find what they were meant to: [`Typos::Auto`] unless said.
    pub fn typos(mut self, typos: Typos) -> Search {
        self.typos = typos;
        self
    }

    /// The most articles to return; 0 for their count alone.
    pub fn limit(mut self, limit: usize) -> Search {
        self.limit = limit;
        self
    }

    /// How many of the first articles to skip.
    pub fn offset(mut self, offset: usize) -> Search {
        self.offset = offset;
        self
    }

    /// Counts all matches by this facet too: its [`FACET_VALUES`](Self::FACET_VALUES) most frequent
    /// values, or every year or month there is. Costs one look at each match, for all facets
    /// together, and gives the exact total with it.
    pub fn facet(self, facet: Facet) -> Search {
        let most = match facet.is_date() {
            true => usize::MAX,
            false => Self::FACET_VALUES,
        };
        self.facet_top(facet, most)
    }

    /// As [`facet`](Self::facet), with how many values to give: the most frequent, or the latest.
    pub fn facet_top(mut self, facet: Facet, most: usize) -> Search {
        self.facets.retain(|(known, _)| *known != facet);
        self.facets.push((facet, most));
        self
    }

    /// Lets the date have a say in the relevance: the score of an article as old as `half_life_days`
    /// loses a quarter, that of a very old one (or of one without a date) half, never more.
    ///
    /// The score is multiplied by `(1 + 2^(−age / half_life)) / 2`. The age is counted in days from
    /// the latest article of the index, or from now where that lies ahead, so that an archive ages no
    /// further. 0, or less, is off. Only by relevance, and among the best by words
    /// ([`Ranking::window`](crate::Ranking::window)).
    ///
    /// ```
    /// use trouvaille::{Article, Date, Index, Search};
    ///
    /// let index = Index::in_memory()?;
    /// let mut writer = index.writer()?;
    /// for (id, year) in [("vieux", 2015), ("neuf", 2024)] {
    ///     let article = Article::new(id, "Grève des dockers", "Le port est bloqué.");
    ///     writer.upsert(&article.published(Date::new(year, 3, 1)?))?;
    /// }
    /// writer.commit()?;
    /// let results = index.search(Search::from("grève port").freshness(365.0))?;
    /// assert_eq!(results[0].article().id, "neuf");
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn freshness(mut self, half_life_days: f32) -> Search {
        self.freshness = (half_life_days > 0.0).then_some(half_life_days);
        self
    }

    /// Folds the same story republished: only the first of articles that are nearly the same text is
    /// shown, and [`Hit::duplicates`](crate::Hit::duplicates) says how many more there are. Totals
    /// and facets count every article.
    pub fn collapse_duplicates(mut self, collapse: bool) -> Search {
        self.collapse = collapse;
        self
    }

    /// Counts all matches with the search: [`Results::total`](crate::Results::total) costs nothing then. By
    /// default they are counted when the total is asked for, in a pass of its own. One pass for both takes about
    /// two thirds of the time of two for a phrase, and less than two for words that begin alike; otherwise it makes no
    /// difference.
    ///
    /// ```
    /// # use trouvaille::{Article, Index, Search};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// # for id in ["1", "2", "3"] {
    /// #     writer.upsert(&Article::new(id, "", "Le prix du coton monte."))?;
    /// # }
    /// # writer.commit()?;
    /// let search = Search::from("\"prix du coton\"").limit(1).count_total(true);
    /// assert_eq!(index.search(search)?.total()?, 3);
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn count_total(mut self, count: bool) -> Search {
        self.count_total = count;
        self
    }

    /// Goes on after a hit of an earlier page, in the same [`Searcher`](crate::Searcher) and with the
    /// same search otherwise. By date or title a page costs the same however deep it is; by relevance
    /// (and with [`collapse_duplicates`](Self::collapse_duplicates)) the list ends at
    /// [`MAX_DEPTH`](Self::MAX_DEPTH).
    pub fn after(mut self, cursor: Cursor) -> Search {
        self.after = Some(cursor);
        self
    }

    /// How many values of a facet are given unless [`facet_top`](Self::facet_top) says otherwise.
    pub const FACET_VALUES: usize = 10;

    /// The query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What the parser ignored or read another way, when the query came as text.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    pub(crate) fn filters(&self) -> &[Filter] {
        &self.filters
    }

    pub(crate) fn order(&self) -> Sort {
        self.sort
    }

    pub(crate) fn default_match(&self) -> Match {
        self.matching
    }

    pub(crate) fn weights(&self) -> &Ranking {
        &self.ranking
    }

    /// The same search for another query.
    pub(crate) fn with_query(&self, query: Query) -> Search {
        Search {
            query,
            notes: Vec::new(),
            facets: Vec::new(),
            after: None,
            ..self.clone()
        }
    }

    pub(crate) fn tolerance(&self) -> Typos {
        self.typos
    }

    /// Whether other than full matches may complete a page: partial ones, or misspelt words.
    pub(crate) fn may_complete(&self) -> bool {
        self.sort == Sort::Relevance
    }

    pub(crate) fn may_relax(&self) -> bool {
        self.relax && self.sort == Sort::Relevance && self.matching == Match::All
    }

    pub(crate) fn facets(&self) -> &[(Facet, usize)] {
        &self.facets
    }

    /// In days.
    pub(crate) fn half_life(&self) -> Option<f32> {
        self.freshness
    }

    pub(crate) fn collapses(&self) -> bool {
        self.collapse
    }

    pub(crate) fn counts_total(&self) -> bool {
        self.count_total
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.after
    }

    pub(crate) fn page(&self) -> (usize, usize) {
        (self.offset, self.limit)
    }
}

impl From<Query> for Search {
    fn from(query: Query) -> Search {
        Search::new(query)
    }
}

impl From<&str> for Search {
    fn from(text: &str) -> Search {
        let parsed = Query::parse(text);
        Search {
            notes: parsed.notes,
            ..Search::new(parsed.query)
        }
    }
}

impl From<&String> for Search {
    fn from(text: &String) -> Search {
        Search::from(text.as_str())
    }
}

impl From<String> for Search {
    fn from(text: String) -> Search {
        Search::from(text.as_str())
    }
}
