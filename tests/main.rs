//! All integration tests, in one binary: through the public API only.

mod articles;
mod french_cases;
mod importing;
mod layers;
mod query_language;
mod query_storm;
mod ranking;
mod readme;
mod searching;
mod snippets;
mod support;
mod typing;
mod writing;
