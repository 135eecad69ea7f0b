//! Which terms an article's texts have, and at which positions.
//!
//! One field holds two notions of a word at one position: its lemmas, for recall, and the word as
//! written, marked with [`WRITTEN_MARK`], for quotes, prefixes, wildcards, typos and exactness; function words
//! mostly as written only, and two of them side by side as a [pair](super::pairs).

use std::iter;

use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::recorder::{Place, Recorder, Role, Word, term};
use crate::text::DocumentReader;

/// Begins the term of a word as written; no lemma begins with it.
pub(crate) const WRITTEN_MARK: char = '=';
/// Begins the term of two words side by side; neither a lemma nor a word as written does.
pub(super) const PAIR_MARK: char = '\u{2}';
/// Begins a value of the text field that is a title.
pub(crate) const TITLE_MARK: char = '\u{1}';

/// How often a lemma of the title counts in the text field. A title's word in the one searched
/// field costs nothing at query time, where a second field would (BM25F; Robertson & Zaragoza 2009).
pub(super) const TITLE_COUNT: u8 = 2;

/// The body's words are numbered from here on, or after the title's where those are more: a
/// position says which of the two a word is in, at no cost.
pub(crate) const TITLE_POSITIONS: u32 = 64;
/// The term of a title without words, so that the body begins where it should.
const NO_TITLE: &str = "\u{1}";

/// How many terms the values of a field had in one article, and where the next value begins.
#[derive(Default, Clone, Copy)]
pub(super) struct Extent {
    pub terms: u32,
    pub next_position: u32,
}

/// Records the words of one value of a field.
pub(super) fn record_words(
    reader: &mut DocumentReader,
    document: u32,
    text: &str,
    extent: &mut Extent,
    recorder: &mut Recorder<'_>,
) {
    let (text, is_title) = match text.strip_prefix(TITLE_MARK) {
        Some(title) => (title, true),
        None => (text, false),
    };
    let role = match is_title {
        true => Role::Title,
        false => Role::Body,
    };
    let first = extent.next_position;
    let mut end = first;
    reader.visit(text, |token| {
        let at = first.saturating_add(token.position());
        let last = at.saturating_add(token.positions().saturating_sub(1));
        let place = |position| Place { document, position };
        let word = Word {
            identity: token.identity(),
            role,
            terms: || (token.written(), token.lemmas().map(|(lemma, _)| lemma)),
        };
        recorder.record(word, place(at));
        // A compound stands at both of its ends, so that a phrase finds it from either side.
        if last != at && !token.written().is_empty() {
            let word = Word {
                identity: token.identity(),
                role: Role::End,
                terms: || (token.written(), iter::empty()),
            };
            recorder.record(word, place(last));
        }
        end = end.max(at.saturating_add(1)).max(last.saturating_add(1));
    });
    recorder.record_pairs(document);
    let mut terms = recorder.finish();
    if is_title {
        if terms == 0 {
            let place = Place {
                document,
                position: first,
            };
            recorder.record(term(NO_TITLE), place);
            terms = recorder.finish();
        }
        end = end.max(first.saturating_add(TITLE_POSITIONS - 1));
    }
    extent.terms = extent.terms.saturating_add(terms);
    // One position stays empty between two values, so that no phrase reaches from one into the other.
    extent.next_position = end.saturating_add(1);
}

/// What the engine is told about the words of every field: nothing. They are recorded by the
/// [plugin](super::PostingsPlugin), which is faster (ARCHITECTURE.md, *Articles become postings*).
#[derive(Clone)]
pub(crate) struct NoTokens;

impl Tokenizer for NoTokens {
    type TokenStream<'a> = NoStream;

    fn token_stream<'a>(&'a mut self, _: &'a str) -> NoStream {
        NoStream(tantivy::tokenizer::Token::default())
    }
}

pub(crate) struct NoStream(tantivy::tokenizer::Token);

impl TokenStream for NoStream {
    fn advance(&mut self) -> bool {
        false
    }

    fn token(&self) -> &tantivy::tokenizer::Token {
        &self.0
    }

    fn token_mut(&mut self) -> &mut tantivy::tokenizer::Token {
        &mut self.0
    }
}
