//! All integration tests, in one binary: through the public API only.

mod articles;
mod facets;
mod french_cases;
mod ingest_clean;
mod ingest_readers;
mod ingest_runs;
mod layers;
mod order;
mod query_language;
mod query_storm;
mod ranking;
mod readme;
mod searching;
mod serve;
mod similar;
mod snippets;
mod support;
mod text_custom_words;
mod text_golden;
mod text_properties;
mod typing;
mod writing;
