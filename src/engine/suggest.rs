//! Completion of what is being typed: words by use, and titles.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tantivy::Searcher;

use super::best::best;
use super::compile::Compiler;
use super::dictionary::Dictionary;
use super::expand;
use super::lemma_terms::lemma_terms;
use super::plan::{Expansion, Node, Scope, Word};
use super::{Core, failure, spelling};
use crate::error::Result;
use crate::query::{Suggestion, SuggestionKind};
use crate::text::Token;

/// How many words and how many titles are suggested at the most.
const WORDS: usize = 8;
const TITLES: usize = 4;
/// Of the words that a beginning stands for, how many are tried in titles.
const TITLE_WORDS: usize = 64;
/// A beginning this short stands for so many words that its answer is kept.
const SHORT: usize = 2;

/// How many spellings are kept at the most.
const KEPT_SPELLINGS: usize = 10_000;

/// What completion keeps of one view of the index: the words of short beginnings, for everybody types
/// one letter first; and how words are spelt, for which an article is read.
#[derive(Default)]
pub(crate) struct Completions(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    beginnings: HashMap<String, Words>,
    spellings: HashMap<String, String>,
}

type Words = Arc<Vec<(String, u64)>>;

impl Completions {
    /// Reads or changes what is kept of this view; what was kept of another goes.
    fn with<T>(&self, generation: u64, act: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let mut kept = self.0.lock().ok()?;
        if kept.generation != generation {
            *kept = Kept {
                generation,
                ..Kept::default()
            };
        }
        Some(act(&mut kept))
    }
}

/// How a word of the index is spelt.
fn spelt(core: &Core, searcher: &Searcher, word: &str) -> Result<String> {
    let generation = searcher.generation().generation_id();
    let known = core
        .completions
        .with(generation, |kept| kept.spellings.get(word).cloned());
    if let Some(spelling) = known.flatten() {
        return Ok(spelling);
    }
    let spelling = spelling::of(core, searcher, word)?;
    core.completions.with(generation, |kept| {
        if kept.spellings.len() < KEPT_SPELLINGS {
            kept.spellings.insert(word.to_owned(), spelling.clone());
        }
    });
    Ok(spelling)
}

pub(crate) fn suggest(core: &Core, searcher: &Searcher, typed: &str) -> Result<Vec<Suggestion>> {
    let tokens = core.analyzer.analyze(typed);
    let words: Vec<&Token> = tokens
        .iter()
        .filter(|token| {
            let flags = token.flags;
            !(flags.is_elided()
                || flags.is_compound()
                || flags.is_alternative()
                || flags.is_synonym())
        })
        .collect();
    // The last word is being typed only if the text ends with it.
    let Some(last) = words.last().filter(|last| last.range.end == typed.len()) else {
        return Ok(Vec::new());
    };
    let mut found = beginnings(core, searcher, &last.written)?;
    let before = typed.get(..last.range.start).unwrap_or_default();
    // A letter or two by themselves begin a word of most titles.
    let begins_all = words.len() == 1 && last.written.chars().count() <= SHORT;
    let mut suggestions = match begins_all {
        true => Vec::new(),
        false => titles(core, searcher, &words, last, &found)?,
    };
    let most = if suggestions.is_empty() {
        WORDS + TITLES
    } else {
        WORDS
    };
    let mut completed = Vec::new();
    for (word, articles) in Arc::make_mut(&mut found).drain(..).take(most) {
        let text = format!("{before}{}", spelt(core, searcher, &word)?);
        if !completed
            .iter()
            .any(|known: &Suggestion| known.text == text)
        {
            completed.push(Suggestion {
                text,
                kind: SuggestionKind::Word,
                articles,
            });
        }
    }
    completed.append(&mut suggestions);
    Ok(completed)
}

/// The most frequent words that begin so.
fn beginnings(core: &Core, searcher: &Searcher, beginning: &str) -> Result<Words> {
    let generation = searcher.generation().generation_id();
    let is_short = beginning.chars().count() <= SHORT;
    if is_short {
        let known = core
            .completions
            .with(generation, |kept| kept.beginnings.get(beginning).cloned());
        if let Some(words) = known.flatten() {
            return Ok(words);
        }
    }
    let complete = |scope| expand::completions(core, searcher, scope, beginning, TITLE_WORDS);
    // A letter or two begin so many words that only those of titles are walked: a hundredth of them,
    // and the ones worth completing.
    let mut words = complete(if is_short { Scope::Title } else { Scope::Text })?;
    if is_short {
        for (word, articles) in &mut words {
            *articles = expand::articles_with(core, searcher, Scope::Text, word)?;
        }
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if words.is_empty() {
            words = complete(Scope::Text)?;
        }
    }
    let words: Words = Arc::new(words);
    if is_short {
        core.completions.with(generation, |kept| {
            kept.beginnings.insert(beginning.to_owned(), words.clone())
        });
    }
    Ok(words)
}

/// Titles that have all the words, the last one begun.
fn titles(
    core: &Core,
    searcher: &Searcher,
    words: &[&Token],
    last: &Token,
    begun: &[(String, u64)],
) -> Result<Vec<Suggestion>> {
    let before = words.iter().filter(|token| token.position != last.position);
    let mut nodes: Vec<Node> = before
        .filter(|token| !token.flags.is_stop() && !token.lemmas.is_empty())
        .map(|token| {
            Node::Word(Word {
                scope: Scope::Title,
                lemmas: lemma_terms(token)
                    .into_iter()
                    .map(|(term, _)| (term, 1.0))
                    .collect(),
                kin: Vec::new(),
                phrases: Vec::new(),
                written: token.written.clone(),
                is_french: !token.flags.is_unknown(),
                position: token.position,
            })
        })
        .collect();
    nodes.push(Node::Expansion(Expansion {
        scope: Scope::Title,
        written: begun.iter().map(|(word, _)| (word.clone(), 1.0)).collect(),
    }));
    let query = Compiler { core }.node(&Node::And(nodes));
    let engine = |error| failure("suggesting titles", &core.place, error);
    let dictionary = Dictionary::new(core, searcher)?;
    let mut titles: Vec<Suggestion> = Vec::new();
    for (_, address) in best(&dictionary, &*query, TITLES).map_err(engine)? {
        let article = core.article(searcher, address)?;
        if !titles.iter().any(|known| known.text == article.title) {
            titles.push(Suggestion {
                text: article.title,
                kind: SuggestionKind::Title(article.id),
                articles: 1,
            });
        }
    }
    Ok(titles)
}
