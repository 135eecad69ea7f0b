//! [`Suggestion`]: what a person may be about to type.

use serde::{Deserialize, Serialize};

/// One way to go on typing, from [`Index::suggest`](crate::Index::suggest).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// The whole text of the search box, completed: what stands before the last word is kept.
    pub text: String,
    /// What completes it.
    pub kind: SuggestionKind,
    /// How many articles have the completed word; 1 for a title.
    pub articles: u64,
}

/// What completes a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuggestionKind {
    /// A word of the articles.
    Word,
    /// The title of the article with this id.
    Title(String),
}
