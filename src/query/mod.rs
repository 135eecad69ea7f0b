//! What is asked: [`Query`] (what matches), [`Filter`] (what narrows), [`Search`] (a query, its
//! filters, order and page), and the language that people type.

mod field;
mod filter;
mod matching;
mod note;
mod search;
mod value;

pub use field::Field;
pub use filter::Filter;
pub use matching::Match;
pub use note::{Note, Parsed, Severity};
pub use search::{Search, Sort};
pub use value::Query;
