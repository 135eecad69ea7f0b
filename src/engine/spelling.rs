//! Folded words back to what people write: accents, capitals of names.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED};

use super::compile::written_term;
use super::postings::TITLE_MARK;
use super::{Core, failure};
use crate::error::Result;
use crate::text::Analyzer;

/// How the first article that has a folded word spells it; the word itself where none has. A capital
/// stays where the lexicon has no such common word: `goita` gives `Goïta`, `marche` never `Marche`.
pub(super) fn of(core: &Core, searcher: &Searcher, folded: &str) -> Result<String> {
    let engine = |error| failure("reading an article", &core.place, error);
    let field = core.fields.text;
    let term = written_term(field, folded);
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let index = segment.inverted_index(field).map_err(engine)?;
        let postings = index
            .read_postings(&term, IndexRecordOption::Basic)
            .map_err(|error| engine(error.into()))?;
        let Some(mut postings) = postings else {
            continue;
        };
        let alive = segment.alive_bitset();
        while alive
            .is_some_and(|alive| postings.doc() != TERMINATED && alive.is_deleted(postings.doc()))
        {
            postings.advance();
        }
        if postings.doc() == TERMINATED || postings.term_freq() == 0 {
            continue;
        }
        let address = DocAddress::new(ordinal, postings.doc());
        let stored = core.stored(searcher, address).map_err(engine)?;
        for text in stored.values(field) {
            let text = text.strip_prefix(TITLE_MARK).unwrap_or(text);
            if let Some(found) = in_text(&core.analyzer, text, folded) {
                return Ok(found);
            }
        }
    }
    Ok(folded.to_owned())
}

/// The first spelling in a text; one without its capitals is preferred.
fn in_text(analyzer: &Analyzer, text: &str, folded: &str) -> Option<String> {
    let mut best: Option<(bool, String)> = None;
    analyzer.each_token(text, crate::text::Mode::Document, |token| {
        let flags = token.flags();
        if token.written() != folded || flags.is_compound() || flags.is_alternative() {
            return;
        }
        let is_capital = flags.is_capitalized() || flags.is_all_capitals();
        if best
            .as_ref()
            .is_none_or(|(capital, _)| *capital && !is_capital)
        {
            let is_name = flags.is_unknown() || is_capital && is_proper(folded);
            let spelling = match text.get(token.range()) {
                Some(original) if is_name || flags.is_number() => original.to_owned(),
                _ => token.accented().to_owned(),
            };
            best = Some((is_capital, spelling));
        }
    });
    best.map(|(_, spelling)| spelling)
}

fn is_proper(folded: &str) -> bool {
    crate::text::is_only_a_name(folded)
}
