//! Phrases, beginnings and misspelt words to their plans: what is more than words, or less than one.

use super::{Planner, is_word, join};
use crate::engine::expand;
use crate::engine::plan::{Expansion, Node, Phrase, Scope};
use crate::engine::resembling::{self, FieldWords};
use crate::error::Result;
use crate::text::Token;

/// Words farther apart than this are not a phrase by any measure.
const MAX_SLOP: u32 = 1_000;
/// The end of a phrase may go on to at most this many words, the most frequent ones.
const MAX_ENDINGS: usize = 64;

impl Planner<'_> {
    pub(super) fn phrase(
        &self,
        text: &str,
        slop: u32,
        prefix: bool,
        scope: Scope,
    ) -> Result<Option<Node>> {
        let slop = slop.min(MAX_SLOP);
        let tokens = self.core.analyzer.analyze(text);
        let parts: Vec<&Token> = tokens.iter().filter(|token| is_word(token)).collect();
        let Some(first) = parts.first().map(|token| token.position) else {
            return Ok(None);
        };
        let phrase = |words: Vec<(u32, String)>| -> Result<Node> {
            let (core, searcher) = (self.core, self.searcher);
            let mut endings = Vec::new();
            match words.as_slice() {
                [(_, only)] if prefix => {
                    let written = expand::prefix(core, searcher, scope, only)?;
                    return Ok(Node::Expansion(Expansion { scope, written }));
                }
                [.., (_, last)] if prefix => {
                    let found = expand::completions(core, searcher, scope, last, MAX_ENDINGS)?;
                    endings.extend(found.into_iter().map(|(word, _)| word));
                }
                _ => {}
            }
            Ok(Node::Phrase(Phrase {
                scope,
                words,
                slop,
                prefix,
                endings,
            }))
        };
        let split = parts
            .iter()
            .map(|token| (token.position.saturating_sub(first), token.written.clone()))
            .collect();
        // `anti-terroriste` may be written as one word in the article.
        let mut joined: Vec<(u32, String)> = Vec::new();
        let mut next = 0;
        let mut distance = 0;
        let mut has_compound = false;
        for token in &tokens {
            let whole = token.flags.is_compound();
            if token.position < next || !(whole || is_word(token)) {
                continue;
            }
            has_compound |= whole;
            joined.push((distance, token.written.clone()));
            next = token.position.saturating_add(token.positions.max(1));
            distance += 1;
        }
        Ok(Some(if has_compound {
            Node::Or(vec![phrase(split)?, phrase(joined)?])
        } else {
            phrase(split)?
        }))
    }

    pub(super) fn prefix(&self, word: &str, scope: Scope) -> Result<Option<Node>> {
        let tokens = self.core.analyzer.analyze(word);
        let mut parts = tokens
            .iter()
            .filter(|token| is_word(token) && !token.flags.is_elided());
        match (parts.next(), parts.next()) {
            (None, _) => Ok(None),
            // Several words, such as `porte-par*`: only the last is a beginning.
            (Some(_), Some(_)) => self.phrase(word, 0, true, scope),
            (Some(only), None) => {
                let written = expand::prefix(self.core, self.searcher, scope, &only.written)?;
                Ok(Some(Node::Expansion(Expansion { scope, written })))
            }
        }
    }

    pub(super) fn fuzzy(
        &self,
        word: &str,
        edits: Option<u8>,
        scope: Scope,
    ) -> Result<Option<Node>> {
        let tokens = self.core.analyzer.analyze(word);
        let mut nodes = Vec::new();
        for token in tokens
            .iter()
            .filter(|token| is_word(token) && !token.flags.is_elided())
        {
            let edits = edits.unwrap_or_else(|| resembling::usual_edits(&token.written));
            let words = FieldWords {
                core: self.core,
                searcher: self.searcher,
                scope,
            };
            let candidates = resembling::fuzzy(words, &token.written, edits)?;
            let written = candidates
                .into_iter()
                .map(|found| (found.word, 1.0 / (1.0 + f32::from(found.edits))))
                .collect();
            nodes.push(Node::Expansion(Expansion { scope, written }));
        }
        Ok(join(nodes, Node::And))
    }
}
