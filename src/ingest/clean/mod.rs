//! The press cleaner: from the text of a page to the article in it.
//!
//! Pages bring more than their article: section labels, repeated titles, bylines, dates, links to
//! other articles, buttons, invitations, captions in the middle of sentences, comments.
//! [`Cleaner::clean`] tells them apart, line by line; every decision is in
//! [`Cleaned::decisions`], and every kind of decision is a [`Step`] that can be switched off.
//!
//! What the cleaner knows of French stands in tables apart from its code (`tables/`): section
//! labels, leads of links, phrases of newsletters and buttons, headings of comments, months,
//! agencies.

mod about;
mod bylines;
mod captions;
mod cleaner;
mod comments;
mod counts;
mod dateline;
pub(crate) mod dates;
mod furniture;
mod head;
mod leads;
mod page;
mod person;
mod pieces;
mod related;
mod step;
mod tables;
mod tokens;
mod wraps;
mod year;

pub use cleaner::{Cleaned, Cleaner};
pub use step::{Decision, Fate, Step};
