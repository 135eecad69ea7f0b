//! [`Field`]: the parts of an article that words are looked for in.

use serde::{Deserialize, Serialize};

/// A part of an article that can be searched on its own. Words without a field are looked for in
/// title and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// The title.
    Title,
    /// The body.
    Body,
    /// The author's name.
    Author,
    /// The source's name.
    Source,
    /// The tags.
    Tag,
    /// Readers' comments, kept in the extra [`Article::COMMENTS`](crate::Article::COMMENTS).
    Comments,
    /// Links to other articles, kept in the extra [`Article::RELATED`](crate::Article::RELATED).
    Related,
}

impl Field {
    /// The names a person may type before a colon, the one that is written back first.
    pub(crate) const NAMES: [(Field, &'static [&'static str]); 7] = [
        (Field::Title, &["title", "titre"]),
        (Field::Body, &["body", "texte", "corps", "text"]),
        (
            Field::Author,
            &["author", "auteur", "auteurs", "authors", "autrice"],
        ),
        (Field::Source, &["source", "sources"]),
        (
            Field::Tag,
            &[
                "tag",
                "tags",
                "étiquette",
                "étiquettes",
                "mot-clé",
                "mots-clés",
                "etiquette",
                "mot-cle",
            ],
        ),
        (
            Field::Comments,
            &["comments", "commentaires", "commentaire", "comment"],
        ),
        (Field::Related, &["related", "liens"]),
    ];
}
