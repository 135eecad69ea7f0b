//! French text: words, their forms and their terms. No index, no I/O.
//!
//! [`Analyzer`] reads a text in one pass (`document`, for those to be indexed). `scan` recognizes plain words, `ahead`
//! fetches what they need, and `cache` answers for those seen lately; everything else goes to `group`,
//! which asks one room a rule: `apostrophe`, `hyphen`, `inclusive`, `acronym`,
//! `number`, `ordinal`, `joined`. `vocabulary` says what is known of a word by itself,
//! from `folding`, `lexicon` and `stop_words`. `query_forms` and `synonyms`
//! add tokens to the stream.

mod acronym;
mod ahead;
mod analyzer;
mod apostrophe;
mod cache;
mod characters;
mod custom;
mod document;
mod fnv;
mod folding;
pub(crate) mod function_words;
mod group;
mod hyphen;
mod inclusive;
mod joined;
pub(crate) mod lexicon;
mod number;
mod numeral;
mod ordinal;
pub(crate) mod prefetch;
mod protected;
mod query_forms;
mod scan;
mod stop_words;
mod synonyms;
mod terms;
mod token;
mod vocabulary;
mod words;
mod workspace;

pub use analyzer::Analyzer;
pub(crate) use analyzer::DocumentReader;
pub use custom::AnalyzerBuilder;
pub(crate) use terms::Identity;
pub use token::{Lemma, StopLevel, Token, TokenFlags, TokenRef};
pub(crate) use vocabulary::Mode;

/// Whether the lexicon knows this folded word as a name and nothing else.
pub(crate) fn is_only_a_name(folded: &str) -> bool {
    let mut readings = lexicon::Lemmas::default();
    lexicon::lookup(folded, folded, &mut readings) && readings.iter().all(|lemma| lemma.proper)
}
