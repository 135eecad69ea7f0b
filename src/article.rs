//! [`Article`]: what goes into an index and what comes back out of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::date::Published;
use crate::error::{Error, Result};

/// A press article, or any text with a title and a body.
///
/// Only `id` must be given. Two articles with one id are one article: [`Writer::upsert`] replaces
/// the earlier one. `Article` is plain data: it reads and writes JSON with serde, absent and empty
/// fields being left out.
///
/// ```
/// use trouvaille::{Article, Date};
///
/// let article = Article::new("evian-1", "L’été à Évian", "Les élèves de l’école ont nagé.")
///     .author("Camille Roux")
///     .source("Le Lac")
///     .tag("tourisme")
///     .published(Date::new(2025, 7, 14)?)
///     .extra("rubrique", "Loisirs");
/// let json = serde_json::to_string(&article).unwrap();
/// assert_eq!(serde_json::from_str::<Article>(&json).unwrap(), article);
/// # Ok::<(), trouvaille::Error>(())
/// ```
///
/// # Limits
///
/// | field | limit |
/// |---|---|
/// | `id` | 1 to [`MAX_ID_BYTES`](Article::MAX_ID_BYTES) bytes, no control character |
/// | `title` + `body` | [`MAX_TEXT_BYTES`](Article::MAX_TEXT_BYTES) bytes |
/// | `author`, `source`, `url`, each tag, each extra name and value | [`MAX_VALUE_BYTES`](Article::MAX_VALUE_BYTES) bytes |
/// | tags, extras | [`MAX_VALUES`](Article::MAX_VALUES) of each |
///
/// An article beyond a limit is refused with an error that names the field; nothing is cut in
/// silence.
///
/// [`Writer::upsert`]: crate::Writer::upsert
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Article {
    /// What identifies the article: chosen by the caller, compared byte by byte.
    pub id: String,
    /// The title; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The text, in paragraphs separated by line breaks as the caller likes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was found; stored, not searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Subjects, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// When it was published: a date, or a date and time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// Anything else: stored, returned, and filtered by exact value with
    /// [`Filter::extra`](crate::Filter::extra); searched only where named
    /// [`COMMENTS`](Article::COMMENTS) or [`RELATED`](Article::RELATED), and only when asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

impl Article {
    /// The longest `id`, in bytes.
    pub const MAX_ID_BYTES: usize = 1_024;
    /// The longest `title` and `body` together, in bytes (16 MiB, some two thousand pages).
    pub const MAX_TEXT_BYTES: usize = 16 << 20;
    /// The longest author, source, url, tag, extra name or extra value, in bytes.
    pub const MAX_VALUE_BYTES: usize = 8_192;
    /// How many tags, and how many extras, an article may have.
    pub const MAX_VALUES: usize = 1_024;

    /// The extra that holds readers' comments, `comments`; more of them in `comments_2` and so on.
    /// [`Field::Comments`](crate::Field::Comments) searches them.
    pub const COMMENTS: &str = "comments";
    /// The extra that holds links to other articles, `related`; more of them in `related_2` and so
    /// on. [`Field::Related`](crate::Field::Related) searches them.
    pub const RELATED: &str = "related";

    /// The values of the extras of this name and of those that go on with it: `name`, `name_2`…
    pub(crate) fn extras<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let first = self.extra.get(name).into_iter();
        let more = (2..).map_while(move |number| self.extra.get(&format!("{name}_{number}")));
        first.chain(more).map(String::as_str)
    }

    /// An article with an id, a title (may be empty) and a body.
    pub fn new(id: impl Into<String>, title: impl Into<String>, body: impl Into<String>) -> Self {
        Article {
            id: id.into(),
            title: title.into(),
            body: body.into(),
            ..Article::default()
        }
    }

    /// Sets the author.
    #[must_use]
    pub fn author(mut self, author: impl Into<String>) -> Self {
        self.author = Some(author.into());
        self
    }

    /// Sets the source: the newspaper, the site.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets the address.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Adds one tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Sets the date, or the date and time, of publication.
    #[must_use]
    pub fn published(mut self, published: impl Into<Published>) -> Self {
        self.published = Some(published.into());
        self
    }

    /// Adds one named value of the caller's own.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// Checks the limits above, so that a caller can refuse an article before it is sent.
    ///
    /// # Errors
    ///
    /// An [invalid-article](Error::is_invalid_article) error that names the field.
    pub fn validate(&self) -> Result<()> {
        let refuse = |field, reason: String| Err(Error::invalid_article(&self.id, field, reason));
        if self.id.is_empty() {
            return refuse(
                "id",
                "is empty: give every article an id of its own".to_owned(),
            );
        }
        if self.id.chars().any(char::is_control) {
            return refuse("id", "holds a control character".to_owned());
        }
        let text = self.title.len().saturating_add(self.body.len());
        let lengths = [
            ("id", self.id.len(), Self::MAX_ID_BYTES),
            ("body", text, Self::MAX_TEXT_BYTES),
        ];
        let values = [
            ("author", self.author.as_deref()),
            ("source", self.source.as_deref()),
            ("url", self.url.as_deref()),
        ];
        let values =
            values
                .into_iter()
                .filter_map(|(field, value)| Some((field, value?)))
                .chain(self.tags.iter().map(|tag| ("tags", tag.as_str())))
                .chain(self.extra.iter().flat_map(|(name, value)| {
                    [("extra", name.as_str()), ("extra", value.as_str())]
                }))
                .map(|(field, value)| (field, value.len(), Self::MAX_VALUE_BYTES));
        for (field, length, limit) in lengths.into_iter().chain(values) {
            if length > limit {
                return refuse(
                    field,
                    format!("{length} bytes, more than the limit of {limit}"),
                );
            }
        }
        for (field, count) in [("tags", self.tags.len()), ("extra", self.extra.len())] {
            if count > Self::MAX_VALUES {
                return refuse(
                    field,
                    format!(
                        "{count} values, more than the limit of {}",
                        Self::MAX_VALUES
                    ),
                );
            }
        }
        Ok(())
    }
}
