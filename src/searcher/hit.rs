//! [`Hit`]: one article that a search found.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

use super::Shared;
use crate::answer::Explanation;
use crate::article::Article;
use crate::engine::{self, Place};
use crate::error::Result;
use crate::query::{Cursor, Field};
use crate::snippet::{self, Snippet};

/// One article that a search found.
///
/// Serialized, it is what a web page shows: rank, score, the article without its body, and the
/// snippets of title and body.
#[derive(Clone)]
pub struct Hit {
    pub(super) rank: usize,
    pub(super) place: Place,
    /// Read from the index when it is first asked for: reading ten costs more than finding them.
    pub(super) article: OnceLock<Box<Article>>,
    // One count of references a hit, not four: a page of ten has ten of them to count up and down.
    pub(super) shared: Arc<Shared>,
}

impl std::fmt::Debug for Hit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Hit")
            .field("id", &self.article().id)
            .field("score", &self.place.score)
            .finish_non_exhaustive()
    }
}

impl Hit {
    /// The length of a snippet unless said, in characters.
    pub const SNIPPET_LENGTH: usize = 240;

    /// How well the article matches: comparable within one search only. 0 when the order is not
    /// relevance.
    pub fn score(&self) -> f32 {
        self.place.score
    }

    /// Its place in the whole answer, from 0.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Whether it lacks a word of the search, and is here because full matches did not fill the page.
    pub fn is_partial(&self) -> bool {
        self.place.is_partial
    }

    /// How many near duplicates were folded into it, of the articles that were looked at to fill the
    /// page: 0 unless [`Search::collapse_duplicates`](crate::Search::collapse_duplicates) asks.
    pub fn duplicates(&self) -> usize {
        self.place.duplicates
    }

    /// Its place, to go on from with [`Search::after`](crate::Search::after) in the same
    /// [`Searcher`](crate::Searcher).
    pub fn cursor(&self) -> Cursor {
        Cursor {
            view: engine::view(&self.shared.searcher.inner),
            segment: self.place.address.segment_ord,
            document: self.place.address.doc_id,
            rank: u32::try_from(self.rank).unwrap_or(u32::MAX),
        }
    }

    /// The article, as it was given to the writer; read from the index at the first call and kept.
    /// Where it cannot be read (a damaged index) all its fields are empty: [`try_article`] says why.
    ///
    /// [`try_article`]: Self::try_article
    pub fn article(&self) -> &Article {
        static EMPTY: LazyLock<Article> = LazyLock::new(Article::default);
        self.try_article().unwrap_or(&EMPTY)
    }

    /// The article, or why it cannot be read.
    ///
    /// # Errors
    ///
    /// [I/O](crate::Error::is_io) and [corrupt](crate::Error::is_corrupt).
    pub fn try_article(&self) -> Result<&Article> {
        if let Some(article) = self.article.get() {
            return Ok(article);
        }
        let article = self.shared.searcher.load(self.place.address)?;
        Ok(self.article.get_or_init(|| Box::new(article)))
    }

    /// The article, to keep.
    pub fn into_article(mut self) -> Article {
        self.article();
        self.article
            .take()
            .map_or_else(Article::default, |article| *article)
    }

    /// Why it is here: what its score is made of. See [`Explanation`].
    ///
    /// # Errors
    ///
    /// [I/O](crate::Error::is_io) and [corrupt](crate::Error::is_corrupt).
    pub fn explain(&self) -> Result<Explanation> {
        let explainer = self.shared.searcher.explainer(&self.shared.search);
        let id = &self.try_article()?.id;
        self.shared.searcher.core.contained("explaining", || {
            explainer.of_place(&self.shared.compiled, self.place, id)
        })
    }

    /// The passage of a field that shows the match best, [`Hit::SNIPPET_LENGTH`] characters at the
    /// most. Other fields than the body come whole. Computed at each call; a long body is read only
    /// until a passage has all the words that are searched, and never further than 4 MiB.
    pub fn snippet(&self, field: Field) -> Snippet {
        self.snippet_of(field, Self::SNIPPET_LENGTH)
    }

    /// As [`snippet`](Self::snippet), with a length of your own in characters.
    pub fn snippet_of(&self, field: Field, length: usize) -> Snippet {
        let text = self.text_of(field);
        let length = if field == Field::Body {
            length
        } else {
            usize::MAX
        };
        let matcher = self.shared.compiled.matcher(field, self.place.is_partial);
        snippet::snippet(&self.shared.searcher.core.analyzer, matcher, &text, length)
    }

    /// At most `count` passages of a field, each of `length` characters at the most, that do not
    /// overlap: the best ones, in the order of the text. Each next one shows words that the others do
    /// not, where there are any.
    ///
    /// ```
    /// # use trouvaille::{Article, Field, Index};
    /// # let index = Index::in_memory()?;
    /// # let mut writer = index.writer()?;
    /// let filler = "Il fait beau sur la côte depuis deux semaines. ".repeat(20);
    /// let body = format!("Le coton monte. {filler} Le soja baisse. {filler}");
    /// writer.upsert(&Article::new("1", "", body))?;
    /// writer.commit()?;
    /// let results = index.search("coton soja")?;
    /// let passages = results[0].passages(Field::Body, 60, 3);
    /// assert_eq!(passages.len(), 2);
    /// assert!(passages[1].html().contains("Le <mark>soja</mark> baisse."));
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn passages(&self, field: Field, length: usize, count: usize) -> Vec<Snippet> {
        let matcher = self.shared.compiled.matcher(field, self.place.is_partial);
        let analyzer = &self.shared.searcher.core.analyzer;
        snippet::passages(analyzer, matcher, &self.text_of(field), length, count)
    }

    fn text_of(&self, field: Field) -> Cow<'_, str> {
        let article = self.article();
        Cow::Borrowed(match field {
            Field::Title => article.title.as_str(),
            Field::Body => article.body.as_str(),
            Field::Author => article.author.as_deref().unwrap_or_default(),
            Field::Source => article.source.as_deref().unwrap_or_default(),
            Field::Tag => return Cow::Owned(article.tags.join(", ")),
            Field::Comments => return Cow::Owned(lines(article, Article::COMMENTS)),
            Field::Related => return Cow::Owned(lines(article, Article::RELATED)),
        })
    }
}

/// The extras of a name, a line each.
fn lines(article: &Article, name: &str) -> String {
    let lines: Vec<&str> = article.extras(name).collect();
    lines.join("\n")
}
