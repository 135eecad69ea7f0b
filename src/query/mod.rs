//! What is asked: [`Query`] (what matches), [`Filter`] (what narrows), [`Search`] (a query, its
//! filters, order and page), and the language that people type.
//!
//! `parse` reads a text: `quotes` (which quotes belong together) → `lexer` with `phrase`, `word`,
//! `named` and `date_range` (tokens) → `operators` (are `ET` and `OU` operators or words here) →
//! `parser` with `group` (the tree). `display` writes a tree back, and asks the lexer whether a word
//! needs a backslash.

mod chars;
mod cursor;
mod date_range;
mod display;
mod facet;
mod field;
mod filter;
mod group;
mod levels;
mod lexer;
mod matching;
mod named;
mod note;
mod operators;
mod parse;
mod parser;
mod phrase;
mod quotes;
mod ranking;
mod search;
mod suggestion;
mod value;
mod word;

pub use cursor::Cursor;
pub use facet::Facet;
pub use field::Field;
pub use filter::Filter;
pub(crate) use levels::too_deep;
pub use matching::Match;
pub use note::{Note, Parsed, Severity};
pub use ranking::Ranking;
pub use search::{Search, Sort, Typos};
pub use suggestion::{Suggestion, SuggestionKind};
pub use value::Query;
pub(crate) use value::boost_within;
