//! Hits and results as plain data, for a web handler to send.

use serde::ser::{Error as _, SerializeStruct};
use serde::{Serialize, Serializer};

use super::{Hit, Results};
use crate::query::Field;

/// What a page shows of an article: all but its body, which the snippet stands for.
#[derive(Serialize)]
struct Card<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<crate::Published>,
}

impl Serialize for Hit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let article = self.try_article().map_err(S::Error::custom)?;
        let card = Card {
            id: &article.id,
            author: article.author.as_deref(),
            source: article.source.as_deref(),
            url: article.url.as_deref(),
            tags: &article.tags,
            published: article.published,
        };
        let mut fields = serializer.serialize_struct("Hit", 8)?;
        fields.serialize_field("rank", &self.rank())?;
        fields.serialize_field("score", &self.score())?;
        fields.serialize_field("is_partial", &self.is_partial())?;
        fields.serialize_field("duplicates", &self.duplicates())?;
        fields.serialize_field("cursor", &self.cursor())?;
        fields.serialize_field("article", &card)?;
        fields.serialize_field("title", &self.snippet(Field::Title))?;
        fields.serialize_field("body", &self.snippet(Field::Body))?;
        fields.end()
    }
}

impl Serialize for Results {
    /// Hits, exact total, facets, and what a page says beside them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let total = self.total().map_err(S::Error::custom)?;
        let mut fields = serializer.serialize_struct("Results", 6)?;
        fields.serialize_field("understood", &self.understood())?;
        fields.serialize_field("total", &total)?;
        fields.serialize_field("relaxed", &self.relaxed())?;
        fields.serialize_field("took_ms", &(self.took().as_secs_f64() * 1e3))?;
        fields.serialize_field("hits", self.hits())?;
        fields.serialize_field("facets", self.facets())?;
        fields.end()
    }
}
