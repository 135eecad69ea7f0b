//! [`ArticleField`] and [`FieldMap`]: which name of a file is which field of an article.

use std::collections::HashMap;

/// A field of an [`Article`](crate::Article), as the target of a name in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArticleField {
    /// The id.
    Id,
    /// The title.
    Title,
    /// The text.
    Body,
    /// The author; a list is joined with commas.
    Author,
    /// The source.
    Source,
    /// The address.
    Url,
    /// The tags: a list, or a text with commas, semicolons or bars.
    Tags,
    /// The date of publication, in any usual form.
    Published,
    /// An extra under its own name: what becomes of names that are not known.
    Extra,
    /// Nothing: the value is left out.
    Nothing,
}

/// Names understood unless told otherwise, without case, hyphens, underscores and spaces.
const NAMES: [(&str, ArticleField); 47] = [
    ("id", ArticleField::Id),
    ("uid", ArticleField::Id),
    ("guid", ArticleField::Id),
    ("identifiant", ArticleField::Id),
    ("articleid", ArticleField::Id),
    ("title", ArticleField::Title),
    ("titre", ArticleField::Title),
    ("headline", ArticleField::Title),
    ("body", ArticleField::Body),
    ("text", ArticleField::Body),
    ("texte", ArticleField::Body),
    ("content", ArticleField::Body),
    ("contenu", ArticleField::Body),
    ("corps", ArticleField::Body),
    ("articlebody", ArticleField::Body),
    ("author", ArticleField::Author),
    ("authors", ArticleField::Author),
    ("auteur", ArticleField::Author),
    ("auteurs", ArticleField::Author),
    ("byline", ArticleField::Author),
    ("signature", ArticleField::Author),
    ("source", ArticleField::Source),
    ("publisher", ArticleField::Source),
    ("journal", ArticleField::Source),
    ("média", ArticleField::Source),
    ("media", ArticleField::Source),
    ("url", ArticleField::Url),
    ("link", ArticleField::Url),
    ("lien", ArticleField::Url),
    ("permalink", ArticleField::Url),
    ("adresse", ArticleField::Url),
    ("tags", ArticleField::Tags),
    ("tag", ArticleField::Tags),
    ("keywords", ArticleField::Tags),
    ("motsclés", ArticleField::Tags),
    ("motscles", ArticleField::Tags),
    ("étiquettes", ArticleField::Tags),
    ("published", ArticleField::Published),
    ("date", ArticleField::Published),
    ("datepublished", ArticleField::Published),
    ("publishedat", ArticleField::Published),
    ("publisheddate", ArticleField::Published),
    ("publicationdate", ArticleField::Published),
    ("pubdate", ArticleField::Published),
    ("datepublication", ArticleField::Published),
    ("datedepublication", ArticleField::Published),
    ("publiéle", ArticleField::Published),
];

/// Which name of a JSON object or column of a table is which field of an article.
///
/// The usual names are known in English and French, in any case, with or without hyphens,
/// underscores and spaces: `title`, `Titre`, `headline`, `date_published`, `Date de publication`.
/// Names that are not known become extras.
///
/// ```
/// use trouvaille::ingest::{ArticleField, FieldMap};
///
/// let map = FieldMap::new().name("manchette", ArticleField::Title).name("html", ArticleField::Nothing);
/// assert_eq!(map.field("Manchette"), ArticleField::Title);
/// assert_eq!(map.field("Date-Publication"), ArticleField::Published);
/// assert_eq!(map.field("rubrique"), ArticleField::Extra);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct FieldMap {
    names: HashMap<String, ArticleField>,
}

impl Default for FieldMap {
    fn default() -> FieldMap {
        FieldMap::new()
    }
}

impl FieldMap {
    /// The usual names.
    pub fn new() -> FieldMap {
        let names = NAMES
            .iter()
            .map(|(name, field)| ((*name).to_owned(), *field));
        FieldMap {
            names: names.collect(),
        }
    }

    /// No name at all: every field becomes an extra, until names are added.
    pub fn empty() -> FieldMap {
        FieldMap {
            names: HashMap::new(),
        }
    }

    /// Adds a name, or changes what it means.
    pub fn name(mut self, name: &str, field: ArticleField) -> Self {
        self.names.insert(plain(name), field);
        self
    }

    /// What a name means.
    pub fn field(&self, name: &str) -> ArticleField {
        // Nearly always written as in the table: then nothing is allocated.
        let found = self
            .names
            .get(name)
            .or_else(|| self.names.get(&plain(name)));
        found.copied().unwrap_or(ArticleField::Extra)
    }
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
