//! A query to a plan: words go through the analyzer, shapes through the term dictionary.

mod shapes;

use std::cell::Cell;
use std::ops::RangeInclusive;

use tantivy::Searcher;

use super::Core;
use super::expand;
use super::lemma_terms::lemma_terms;
use super::plan::{Expansion, Node, Phrase, Scope, Word};
use super::resembling::{self, FieldWords};
use super::typos::{self, Correction};
use crate::error::{Error, Result};
use crate::query::{Field, Match, Query, Typos, boost_within, too_deep};
use crate::text::{StopLevel, Token};

/// A reading with other accents than the word as typed counts this much: `marché` for `marche`.
pub(super) const OTHER_ACCENTS: f32 = 0.5;

/// Between the places of two runs of words.
const RUN_GAP: u32 = 100;
const MAX_NODES: usize = 4 * Query::MAX_CLAUSES;

pub(crate) struct Planner<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
    /// How many of a run of plain words must be there, unless the run says so itself.
    pub matching: Match,
    /// Whether any of the clauses will do where all were asked for: for partial matches.
    pub relaxed: bool,
    /// Which words stand for those they resemble too.
    pub tolerance: Typos,
    /// What words of the same family count, 0 for nothing: they help to order partial matches.
    pub derivation: f32,
    /// Whether a word that some articles have stands for likelier ones too: those that have it as
    /// typed come first then.
    pub has_likelier: Cell<bool>,
    /// Where the next run of words begins to count its places.
    pub next_position: Cell<u32>,
}

/// A word of a run, and other words that may stand for it.
struct Slot {
    position: u32,
    stop: Option<StopLevel>,
    word: Word,
}

impl Planner<'_> {
    pub(crate) fn plan(&self, query: &Query) -> Result<Node> {
        let mut clauses = 0;
        // A query of no words at all, such as an emoji, finds nothing.
        Ok(self.node(query, 0, &mut clauses)?.unwrap_or(Node::Nothing))
    }

    /// `None` where nothing is left to search: a run of punctuation.
    fn node(&self, query: &Query, depth: usize, clauses: &mut usize) -> Result<Option<Node>> {
        if depth > Query::MAX_LEVELS {
            return Err(too_deep());
        }
        *clauses += 1;
        if *clauses > MAX_NODES {
            return Err(Error::invalid_query(
                format!("it has more than {MAX_NODES} parts"),
                None,
            ));
        }
        let mut all = |queries: &[Query]| -> Result<Vec<Node>> {
            let nodes = queries
                .iter()
                .map(|query| self.node(query, depth + 1, clauses))
                .collect::<Result<Vec<_>>>()?;
            Ok(nodes.into_iter().flatten().collect())
        };
        Ok(match query {
            Query::All => Some(Node::All),
            Query::None => Some(Node::Nothing),
            Query::TooDeep => return Err(too_deep()),
            Query::Words {
                text,
                matching,
                field,
            } => self.words(text, matching.unwrap_or(self.matching), scope(*field))?,
            Query::Phrase {
                text,
                slop,
                prefix,
                field,
            } => {
                let scope = scope(*field);
                let phrase = self.phrase(text, *slop, *prefix, scope)?;
                match self.relaxed {
                    // Some of its words, and better still all of it.
                    true => join(
                        phrase
                            .into_iter()
                            .chain(self.words(text, Match::Any, scope)?)
                            .collect(),
                        Node::Or,
                    ),
                    false => phrase,
                }
            }
            Query::Prefix { word, field } => self.prefix(word, scope(*field))?,
            Query::Wildcard { pattern, field } => {
                let scope = scope(*field);
                let written = expand::wildcard(self.core, self.searcher, scope, pattern)?;
                Some(Node::Expansion(Expansion { scope, written }))
            }
            Query::Fuzzy { word, edits, field } => self.fuzzy(word, *edits, scope(*field))?,
            Query::Published { from, to } => Some(Node::Dates {
                from: *from,
                to: *to,
            }),
            Query::And(queries) if self.relaxed => relax(all(&self.without_empty(queries))?),
            Query::And(queries) => join(all(&self.without_empty(queries))?, Node::And),
            Query::Or(queries) => join(all(queries)?, Node::Or),
            Query::Not(inner) => self
                .node(inner, depth + 1, clauses)?
                .map(|node| Node::Not(Box::new(node))),
            Query::Prefer { required, optional } => {
                let optional = all(optional)?;
                match self.node(required, depth + 1, clauses)? {
                    Some(required) => Some(Node::Prefer(Box::new(required), optional)),
                    None => join(optional, Node::Or),
                }
            }
            Query::Boost { query, factor } => self
                .node(query, depth + 1, clauses)?
                .map(|node| Node::Boost(boost_within(*factor), Box::new(node))),
        })
    }

    /// The clauses but for runs of function words, which are not required beside others:
    /// `le "marché de Noël"`.
    fn without_empty(&self, queries: &[Query]) -> Vec<Query> {
        let is_empty = |query: &Query| match query {
            Query::Words {
                text, field: None, ..
            } => self
                .core
                .analyzer
                .analyze(text)
                .iter()
                .all(|token| token.flags.stop_level() == Some(StopLevel::Always)),
            _ => false,
        };
        let kept: Vec<Query> = queries
            .iter()
            .filter(|query| !is_empty(query))
            .cloned()
            .collect();
        if kept.is_empty() {
            queries.to_vec()
        } else {
            kept
        }
    }

    fn words(&self, text: &str, matching: Match, scope: Scope) -> Result<Option<Node>> {
        let mut slots = self.slots(text, scope);
        if self.tolerance != Typos::Off {
            for slot in slots.iter_mut().filter(|slot| slot.stop.is_none()) {
                self.correct(&mut slot.word)?;
            }
        }
        if self.derivation > 0.0 {
            for slot in slots.iter_mut().filter(|slot| slot.stop.is_none()) {
                self.add_kin(&mut slot.word)?;
            }
        }
        let level =
            |wanted: &[Option<StopLevel>]| slots.iter().any(|slot| wanted.contains(&slot.stop));
        // Function words are required only where nothing else is left: `Être et avoir`.
        let required: RangeInclusive<usize> = if level(&[None]) {
            0..=0
        } else if level(&[Some(StopLevel::Ambiguous), Some(StopLevel::Question)]) {
            1..=2
        } else {
            3..=3
        };
        let rank = |slot: &Slot| match slot.stop {
            None => 0,
            Some(StopLevel::Ambiguous) => 1,
            Some(StopLevel::Question) => 2,
            Some(_) => 3,
        };
        let (required, others): (Vec<Slot>, Vec<Slot>) = slots
            .into_iter()
            .partition(|slot| required.contains(&rank(slot)));
        let hints: Vec<Word> = others
            .into_iter()
            .map(|slot| slot.word)
            .filter(|word| !word.lemmas.is_empty())
            .collect();
        let nodes: Vec<Node> = required
            .into_iter()
            .map(|slot| {
                if slot.word.lemmas.is_empty() && slot.word.phrases.is_empty() {
                    // A word without lemmas is looked for as it is written.
                    Node::Phrase(Phrase {
                        scope,
                        words: vec![(0, slot.word.written)],
                        slop: 0,
                        prefix: false,
                        endings: Vec::new(),
                    })
                } else {
                    Node::Word(slot.word)
                }
            })
            .collect();
        let least = matching.required(nodes.len());
        let node = if least >= nodes.len() {
            join(nodes, Node::And)
        } else if least == 1 {
            join(nodes, Node::Or)
        } else {
            Some(Node::AtLeast(least, nodes))
        };
        Ok(node.map(|node| match hints.is_empty() {
            true => node,
            false => Node::Hinted(Box::new(node), hints),
        }))
    }

    /// Adds the words of the same family that some article has.
    fn add_kin(&self, word: &mut Word) -> Result<()> {
        let words = FieldWords {
            core: self.core,
            searcher: self.searcher,
            scope: word.scope,
        };
        for (lemma, weight) in &word.lemmas {
            // Of the readings with other accents, the family would be a guess upon a guess.
            if *weight < 1.0 {
                continue;
            }
            for relative in resembling::family(words, lemma)? {
                let relative = relative.word;
                let is_known =
                    |terms: &[(String, f32)]| terms.iter().any(|(term, _)| *term == relative);
                if !is_known(&word.lemmas) && !is_known(&word.kin) {
                    word.kin.push((relative, self.derivation));
                }
            }
        }
        Ok(())
    }

    /// Lets a word that no article has stand for what it resembles.
    fn correct(&self, word: &mut Word) -> Result<()> {
        let always = self.tolerance == Typos::Always;
        let candidates = match typos::correction(self.core, self.searcher, word, always)? {
            Some(Correction::Words(candidates)) => candidates,
            Some(Correction::Likelier(candidates)) => {
                self.has_likelier.set(true);
                candidates
            }
            Some(Correction::Glued(left, right)) => {
                word.phrases.push(Phrase {
                    scope: word.scope,
                    words: vec![(0, left), (1, right)],
                    slop: 0,
                    prefix: false,
                    endings: Vec::new(),
                });
                return Ok(());
            }
            None => typos::name_variants(self.core, self.searcher, word)?,
        };
        for candidate in candidates {
            for (lemma, weight) in typos::terms(self.core, &candidate.word, candidate.edits) {
                if !word.lemmas.iter().any(|(known, _)| *known == lemma) {
                    word.lemmas.push((lemma, weight));
                }
            }
        }
        Ok(())
    }

    /// The words of a run, each with all that may stand for it.
    fn slots(&self, text: &str, scope: Scope) -> Vec<Slot> {
        let mut tokens = self.core.analyzer.analyze_query(text);
        let base = self.next_position.get();
        for token in &mut tokens {
            token.position = token.position.saturating_add(base);
        }
        if let Some(last) = tokens.last() {
            // Words of two runs are not neighbours.
            self.next_position
                .set(last.position.saturating_add(RUN_GAP));
        }
        let mut slots: Vec<Slot> = Vec::new();
        let mut after_article = false;
        for token in tokens.iter().filter(|token| is_word(token)) {
            slots.push(Slot {
                position: token.position,
                stop: stop_level(token, after_article),
                word: Word {
                    scope,
                    lemmas: lemma_terms(token),
                    kin: Vec::new(),
                    phrases: Vec::new(),
                    written: token.written.clone(),
                    is_french: !token.flags.is_unknown(),
                    position: token.position,
                },
            });
            after_article = token.flags.is_elided() && matches!(token.written.as_str(), "l" | "d");
        }
        for token in tokens.iter().filter(|token| !is_word(token)) {
            let end = token.position.saturating_add(token.positions.max(1));
            let covered = token.position..end;
            if is_known_compound(token, text) {
                // `porte-parole` is one word: its parts far apart are not.
                let parts: Vec<(u32, String)> = slots
                    .iter()
                    .filter(|slot| covered.contains(&slot.position))
                    .map(|slot| (slot.position - token.position, slot.word.written.clone()))
                    .collect();
                let at = slots.partition_point(|slot| slot.position < token.position);
                slots.retain(|slot| !covered.contains(&slot.position));
                slots.insert(
                    at,
                    Slot {
                        position: token.position,
                        stop: None,
                        word: Word {
                            scope,
                            lemmas: lemma_terms(token),
                            kin: Vec::new(),
                            phrases: vec![Phrase {
                                scope,
                                words: parts,
                                slop: 0,
                                prefix: false,
                                endings: Vec::new(),
                            }],
                            written: token.written.clone(),
                            is_french: !token.flags.is_unknown(),
                            position: token.position,
                        },
                    },
                );
                continue;
            }
            for slot in slots
                .iter_mut()
                .filter(|slot| covered.contains(&slot.position))
            {
                if token.flags.is_split() {
                    continue;
                }
                for (lemma, weight) in lemma_terms(token) {
                    if !slot.word.lemmas.iter().any(|(known, _)| *known == lemma) {
                        slot.word.lemmas.push((lemma, weight));
                    }
                }
            }
        }
        for slot in &mut slots {
            let parts: Vec<(u32, String)> = (0..)
                .zip(
                    tokens
                        .iter()
                        .filter(|token| token.flags.is_split() && token.position == slot.position),
                )
                .map(|(distance, token)| (distance, token.written.clone()))
                .collect();
            if !parts.is_empty() {
                slot.word.phrases.push(Phrase {
                    scope,
                    words: parts,
                    slop: 0,
                    prefix: false,
                    endings: Vec::new(),
                });
            }
        }
        slots
    }
}

/// A token that stands for itself, not above or beside others.
fn is_word(token: &Token) -> bool {
    let flags = token.flags;
    !(flags.is_compound() || flags.is_alternative() || flags.is_split() || flags.is_synonym())
}

/// A hyphenated word of the lexicon, as opposed to two words that happen to stand side by side.
fn is_known_compound(token: &Token, text: &str) -> bool {
    token.flags.is_compound()
        && !token.flags.is_unknown()
        && !token.flags.is_number()
        && text
            .get(token.range.clone())
            .is_some_and(|written| !written.contains(char::is_whitespace))
}

/// After an elided article a word with two readings is a noun: `l'été`, `d'or`, `l'est`.
fn stop_level(token: &Token, after_article: bool) -> Option<StopLevel> {
    match token.flags.stop_level() {
        Some(StopLevel::Ambiguous) if after_article => None,
        level => level,
    }
}

fn scope(field: Option<Field>) -> Scope {
    match field {
        None => Scope::Text,
        Some(Field::Title) => Scope::Title,
        Some(Field::Body) => Scope::Body,
        Some(Field::Author) => Scope::Author,
        Some(Field::Source) => Scope::Source,
        Some(Field::Tag) => Scope::Tag,
        Some(Field::Comments) => Scope::Comments,
        Some(Field::Related) => Scope::Related,
    }
}

/// Any of the clauses, though what excludes or dates still does.
fn relax(nodes: Vec<Node>) -> Option<Node> {
    let (mut kept, any): (Vec<Node>, Vec<Node>) = nodes
        .into_iter()
        .partition(|node| matches!(node, Node::Not(_) | Node::Dates { .. }));
    kept.extend(join(any, Node::Or));
    join(kept, Node::And)
}

fn join(mut nodes: Vec<Node>, combine: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 => None,
        1 => nodes.pop(),
        _ => Some(combine(nodes)),
    }
}
