#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod answer;
mod article;
mod date;
mod engine;
mod error;
mod index;
pub mod ingest;
mod query;
mod searcher;
mod snippet;
mod text;
mod writer;

pub use answer::{Explanation, FacetCounts, FacetValue, WordPart};
pub use article::Article;
pub use date::{Date, Published};
pub use error::{Error, Result};
pub use index::{Index, IndexBuilder};
pub use query::{
    Cursor, Facet, Field, Filter, Match, Note, Parsed, Query, Ranking, Search, Severity, Sort,
    Suggestion, SuggestionKind, Typos,
};
pub use searcher::{Hit, Results, Searcher};
pub use snippet::Snippet;
pub use text::{Analyzer, AnalyzerBuilder, Lemma, StopLevel, Token, TokenFlags, TokenRef};
pub use writer::Writer;

#[cfg(feature = "unstable-raw")]
pub use tantivy;
