//! The analyzer as a tantivy tokenizer: what is written into the text fields.
//!
//! One field holds two notions of a word at one position: its lemmas, for recall, and the word as
//! written, marked with [`WRITTEN_MARK`], for quotes, prefixes, wildcards, typos and exactness.

use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

use crate::text::{Analyzer, Mode};

/// Begins the term of a word as written; no lemma begins with it.
pub(crate) const WRITTEN_MARK: char = '=';
/// Begins a value of the text field that is a title.
pub(crate) const TITLE_MARK: char = '\u{1}';

/// How often a lemma of the title counts in the text field. A title's word in the one searched
/// field costs nothing at query time, where a second field would (BM25F; Robertson & Zaragoza 2009).
const TITLE_COUNT: usize = 2;

/// The body's words are numbered from here on, or after the title's where those are more: a
/// position says which of the two a word is in, at no cost.
pub(crate) const TITLE_POSITIONS: u32 = 64;
/// The term of a title without words, so that the body begins where it should.
const NO_TITLE: &str = "\u{1}";

#[derive(Clone)]
pub(crate) struct ArticleTokenizer {
    analyzer: Analyzer,
    // Kept between texts, so that indexing allocates nothing per token.
    buffer: Terms,
}

#[derive(Clone, Default)]
struct Terms {
    text: String,
    /// End of the term in `text`, and its position.
    ends: Vec<(usize, usize)>,
}

impl ArticleTokenizer {
    pub(crate) fn new(analyzer: Analyzer) -> ArticleTokenizer {
        ArticleTokenizer {
            analyzer,
            buffer: Terms::default(),
        }
    }
}

impl Terms {
    fn push(&mut self, mark: Option<char>, term: &str, position: usize) {
        self.text.extend(mark);
        self.text.push_str(term);
        self.ends.push((self.text.len(), position));
    }
}

impl Tokenizer for ArticleTokenizer {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        let (text, is_title) = match text.strip_prefix(TITLE_MARK) {
            Some(title) => (title, true),
            None => (text, false),
        };
        let count = if is_title { TITLE_COUNT } else { 1 };
        let terms = &mut self.buffer;
        terms.text.clear();
        terms.ends.clear();
        self.analyzer.each_token(text, Mode::Document, |token| {
            let position = token.position() as usize;
            let last = position + (token.positions() as usize).saturating_sub(1);
            if !token.written().is_empty() {
                terms.push(Some(WRITTEN_MARK), token.written(), position);
                // A compound stands at both of its ends, so that a phrase finds it from either side.
                if last != position {
                    terms.push(Some(WRITTEN_MARK), token.written(), last);
                }
            }
            for (lemma, _) in token.lemmas() {
                for _ in 0..count {
                    terms.push(None, lemma, position);
                }
            }
        });
        if is_title && terms.ends.is_empty() {
            terms.push(None, NO_TITLE, 0);
        }
        TermStream {
            // The engine leaves one position between two values.
            least_end: if is_title {
                TITLE_POSITIONS as usize - 1
            } else {
                0
            },
            terms: &self.buffer,
            next: 0,
            start: 0,
            token: EngineToken::default(),
        }
    }
}

pub(crate) struct TermStream<'a> {
    terms: &'a Terms,
    least_end: usize,
    next: usize,
    start: usize,
    token: EngineToken,
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(&(end, position)) = self.terms.ends.get(self.next) else {
            return false;
        };
        self.token.text.clear();
        self.token
            .text
            .push_str(self.terms.text.get(self.start..end).unwrap_or_default());
        self.token.position = position;
        self.token.position_length = self.least_end.saturating_sub(position).max(1);
        self.start = end;
        self.next += 1;
        true
    }

    fn token(&self) -> &EngineToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.token
    }
}
