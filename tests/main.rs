//! All integration tests, in one binary: through the public API only.

mod articles;
mod corruption;
mod durability;
mod facets;
mod faults;
mod french_cases;
mod importing;
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
