//! A plan to what is highlighted.

use super::plan::{Node, Scope};
use super::postings::WRITTEN_MARK;
use crate::snippet::{Matcher, PhraseMatcher};
use crate::text::function_words::written_only;

/// What `node` marks in the field of `scope`.
pub(crate) fn of_node(node: &Node, scope: Scope) -> Matcher {
    let mut matcher = Matcher::default();
    let mut clause = 0;
    collect(node, scope, &mut matcher, &mut clause);
    matcher.prepare();
    matcher
}

fn covers(wanted: Scope, scope: Scope) -> bool {
    wanted == scope || (wanted == Scope::Text && matches!(scope, Scope::Title | Scope::Body))
}

fn collect(node: &Node, scope: Scope, matcher: &mut Matcher, clause: &mut usize) {
    let mut phrase = |phrase: &super::plan::Phrase, clause: usize| {
        if covers(phrase.scope, scope) {
            matcher.phrases.push(PhraseMatcher {
                words: phrase.words.clone(),
                slop: phrase.slop,
                prefix: phrase.prefix,
                clause,
            });
        }
    };
    match node {
        Node::Word(word) => {
            for alternative in &word.phrases {
                phrase(alternative, *clause);
            }
            if covers(word.scope, scope) {
                for (lemma, _) in &word.lemmas {
                    let (terms, term) = match lemma.strip_prefix(WRITTEN_MARK) {
                        Some(written) => (&mut matcher.written, written),
                        // Its forms are found as they are written, and so they are marked.
                        None if written_only(lemma).is_some() => continue,
                        None => (&mut matcher.lemmas, lemma.as_str()),
                    };
                    terms.entry(term.to_owned()).or_insert(*clause);
                }
            }
            *clause += 1;
        }
        Node::Phrase(found) => {
            phrase(found, *clause);
            *clause += 1;
        }
        Node::Expansion(expansion) => {
            if covers(expansion.scope, scope) {
                for (word, _) in &expansion.written {
                    matcher.written.entry(word.clone()).or_insert(*clause);
                }
            }
            *clause += 1;
        }
        Node::And(nodes) | Node::Or(nodes) | Node::AtLeast(_, nodes) => {
            for node in nodes {
                collect(node, scope, matcher, clause);
            }
        }
        Node::Prefer(required, optional) => {
            collect(required, scope, matcher, clause);
            for node in optional {
                collect(node, scope, matcher, clause);
            }
        }
        Node::Boost(_, inner) | Node::Hinted(inner, _) => collect(inner, scope, matcher, clause),
        // What is excluded is never marked.
        Node::Not(_) | Node::All | Node::Nothing | Node::Dates { .. } => {}
    }
}
