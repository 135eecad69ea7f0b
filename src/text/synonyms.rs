//! Synonyms: where a side of a rule stands, a token with the rule's own term
//! covers it; the other side's query has the same term.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hasher;

use super::analyzer::Analyzer;
use super::fnv::Fnv;
use super::terms::{Arena, TermList, Word};
use super::token::{TokenFlags, TokenRef};
use super::vocabulary::Mode;
use super::workspace::{Draft, Home};

/// Begins the terms of rules; no word has it.
const MARK: char = '≈';

/// Longer phrases are cut: each word of a rule is one more to wait for.
const MAX_WORDS: usize = 8;

/// Strings of tokens that are gone stay behind until this many bytes.
const MAX_BYTES: usize = 1 << 16;

/// The words of a phrase, each by its terms.
type Pattern = Vec<Vec<String>>;

/// A synonym rule.
pub(super) struct Rule {
    term: String,
    queries: Vec<Pattern>,
    documents: Vec<Pattern>,
}

impl Rule {
    /// A rule for the sides as given. Its term depends on nothing else.
    pub(super) fn new(analyzer: &Analyzer, queries: &[String], documents: &[String]) -> Self {
        let mut hash = Fnv::default();
        for phrase in queries
            .iter()
            .map(String::as_str)
            .chain(["="])
            .chain(documents.iter().map(String::as_str))
        {
            hash.field(phrase.as_bytes());
        }
        let patterns = |phrases: &[String]| {
            phrases
                .iter()
                .flat_map(|phrase| patterns(analyzer, phrase))
                .collect()
        };
        Self {
            term: format!("{MARK}{:016x}", hash.finish()),
            queries: patterns(queries),
            documents: patterns(documents),
        }
    }
}

/// The ways to read a phrase: word by word, and with its compounds as one.
fn patterns(analyzer: &Analyzer, phrase: &str) -> Vec<Pattern> {
    let tokens = analyzer.analyze(phrase);
    let terms = |token: &super::Token| {
        token
            .lemmas
            .iter()
            .map(|lemma| lemma.term.clone())
            .collect::<Vec<_>>()
    };
    let mut words: Pattern = Vec::new();
    let mut compounds: Pattern = Vec::new();
    let mut covered = 0;
    for token in &tokens {
        if token.flags.is_alternative() {
            if let Some(last) = words.last_mut() {
                last.extend(terms(token));
            }
            if let Some(last) = compounds.last_mut() {
                last.extend(terms(token));
            }
            continue;
        }
        if token.flags.is_compound() {
            covered = token.position.saturating_add(token.positions);
            compounds.push(terms(token));
            continue;
        }
        words.push(terms(token));
        if token.position >= covered {
            compounds.push(terms(token));
        }
    }
    words.truncate(MAX_WORDS);
    compounds.truncate(MAX_WORDS);
    let mut all = vec![words];
    if !all.contains(&compounds) {
        all.push(compounds);
    }
    all.retain(|pattern| !pattern.is_empty());
    all
}

/// All rules.
#[derive(Default)]
pub(super) struct Synonyms {
    rules: Vec<Rule>,
    /// For each mode, the patterns that start with a term: rule and pattern.
    queries: HashMap<String, Vec<(usize, usize)>>,
    documents: HashMap<String, Vec<(usize, usize)>>,
    longest: u32,
}

impl Synonyms {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn add(&mut self, rule: Rule) {
        let number = self.rules.len();
        for (patterns, starts) in [
            (&rule.queries, &mut self.queries),
            (&rule.documents, &mut self.documents),
        ] {
            for (place, pattern) in patterns.iter().enumerate() {
                let words = u32::try_from(pattern.len()).unwrap_or(u32::MAX);
                self.longest = self.longest.max(words);
                for term in pattern.first().into_iter().flatten() {
                    starts
                        .entry(term.clone())
                        .or_default()
                        .push((number, place));
                }
            }
        }
        self.rules.push(rule);
    }

    /// The terms that a pattern may start with.
    pub(super) fn starts(&self) -> HashSet<String> {
        self.queries
            .keys()
            .chain(self.documents.keys())
            .cloned()
            .collect()
    }
}

/// Lets tokens through, and puts the tokens of the rules between them. Where a
/// rule may start, tokens wait until it is decided.
pub(super) struct Filter<'a> {
    synonyms: &'a Synonyms,
    mode: Mode,
    waiting: VecDeque<Draft>,
    arena: Arena,
    terms: TermList,
}

impl<'a> Filter<'a> {
    pub(super) fn new(synonyms: &'a Synonyms, mode: Mode) -> Self {
        Self {
            synonyms,
            mode,
            waiting: VecDeque::new(),
            arena: Arena::default(),
            terms: TermList::default(),
        }
    }

    pub(super) fn push(&mut self, token: &TokenRef<'_>, visit: &mut impl FnMut(&TokenRef<'_>)) {
        if self.waiting.is_empty() && !token.flags.has(TokenFlags::STARTS_SYNONYM) {
            visit(token);
            return;
        }
        while let Some(head) = self.waiting.front() {
            // A compound may span two positions for each word of a pattern.
            let reach = self.synonyms.longest.saturating_mul(2);
            if token.position <= head.position.saturating_add(reach) {
                break;
            }
            self.release(visit);
        }
        if self.waiting.is_empty() {
            self.arena.clear();
        } else if self.arena.len() > MAX_BYTES {
            self.compact();
        }
        let word = self.arena.adopt(token.arena, token.word);
        self.waiting.push_back(Draft {
            start: token.start,
            end: token.end,
            position: token.position,
            positions: token.positions,
            flags: token.flags,
            word,
            home: Home::Scratch,
        });
    }

    pub(super) fn finish(&mut self, visit: &mut impl FnMut(&TokenRef<'_>)) {
        while !self.waiting.is_empty() {
            self.release(visit);
        }
    }

    fn compact(&mut self) {
        let mut arena = Arena::default();
        for draft in &mut self.waiting {
            draft.word = arena.adopt(&self.arena, &draft.word);
        }
        self.arena = arena;
    }

    /// Visits the first tokens that wait: all those of one position, after the
    /// tokens of the rules that start there.
    fn release(&mut self, visit: &mut impl FnMut(&TokenRef<'_>)) {
        let Some(head) = self.waiting.front().copied() else {
            return;
        };
        for (rule, place) in self.candidates(head.position) {
            let found = self.synonyms.rules.get(rule).and_then(|rule| {
                let patterns = if self.mode == Mode::Query {
                    &rule.queries
                } else {
                    &rule.documents
                };
                Some((rule, self.matched(head.position, patterns.get(place)?)?))
            });
            if let Some((rule, (end, last))) = found {
                self.terms.clear();
                self.terms.push(&rule.term, true);
                let flags = TokenFlags::SYNONYM;
                let word = self.arena.push("", "", &self.terms, flags);
                let positions = last.saturating_sub(head.position).max(1);
                self.visit(
                    &Draft {
                        end,
                        positions,
                        flags,
                        word,
                        ..head
                    },
                    visit,
                );
            }
        }
        while let Some(draft) = self
            .waiting
            .front()
            .copied()
            .filter(|draft| draft.position == head.position)
        {
            self.waiting.pop_front();
            self.visit(&draft, visit);
        }
    }

    fn visit(&self, draft: &Draft, visit: &mut impl FnMut(&TokenRef<'_>)) {
        visit(&TokenRef {
            start: draft.start,
            end: draft.end,
            position: draft.position,
            positions: draft.positions,
            flags: draft.flags,
            word: &draft.word,
            arena: &self.arena,
        });
    }

    /// The patterns that may start at a position, each once a rule.
    fn candidates(&self, position: u32) -> Vec<(usize, usize)> {
        let starts = if self.mode == Mode::Query {
            &self.synonyms.queries
        } else {
            &self.synonyms.documents
        };
        let mut candidates: Vec<(usize, usize)> = self
            .words_at(position)
            .flat_map(|draft| self.arena.lemmas(&draft.word))
            .filter_map(|(term, _)| starts.get(term))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    fn words_at(&self, position: u32) -> impl Iterator<Item = &Draft> {
        self.waiting
            .iter()
            .skip_while(move |draft| draft.position < position)
            .take_while(move |draft| draft.position == position)
            .filter(|draft| !draft.flags.has(TokenFlags::SPLIT))
    }

    /// Where a pattern that starts at a position ends: byte, and position.
    fn matched(&self, position: u32, pattern: &Pattern) -> Option<(usize, u32)> {
        let mut reached = vec![(0, position)];
        for wanted in pattern {
            let mut next = Vec::new();
            for &(_, position) in &reached {
                for draft in self.words_at(position) {
                    let fits = |word: &Word| {
                        self.arena
                            .lemmas(word)
                            .any(|(term, _)| wanted.iter().any(|wanted| wanted == term))
                    };
                    let place = (draft.end, position.saturating_add(draft.positions));
                    if !next.contains(&place) && fits(&draft.word) {
                        next.push(place);
                    }
                }
            }
            reached = next;
        }
        reached.into_iter().max()
    }
}
