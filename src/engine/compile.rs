//! A plan to a tantivy query.

use std::borrow::Cow;
use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur,
    PhraseQuery as SloppyPhraseQuery, Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as EngineField, IndexRecordOption};

use super::Core;
use super::all::Kind;
use super::any::AnyQuery;
use super::body::InBodyQuery;
use super::document::extra_term;
use super::expanded::ExpandedQuery;
use super::filtered::filtered;
use super::matcher;
use super::phrase::PhraseQuery;
use super::plan::{Expansion, Node, Phrase, Scope, Word};
use super::postings::WRITTEN_MARK;
use super::readings::{ReadingsQuery, WordQuery};
use crate::date::Date;
use crate::error::Result;
use crate::query::{Filter, Query, too_deep};

type Boxed = Box<dyn EngineQuery>;

pub(crate) struct Compiler<'a> {
    pub core: &'a Core,
}

impl Compiler<'_> {
    pub(crate) fn node(&self, node: &Node) -> Boxed {
        match node {
            Node::All => constant(Box::new(AllQuery)),
            Node::Nothing => Box::new(EmptyQuery),
            Node::Word(word) => self.word(word),
            Node::Phrase(phrase) => self.phrase(phrase),
            Node::Expansion(expansion) => self.expansion(expansion),
            Node::Dates { from, to } => self.dates(*from, *to),
            Node::And(nodes) => self.and(nodes),
            Node::Or(nodes) => self.or(nodes, 1),
            Node::AtLeast(count, nodes) => self.or(nodes, *count),
            Node::Not(inner) => all_but(self.node(inner)),
            Node::Prefer(required, optional) => {
                if let Some(query) = self.words_and_welcome_ones(required, optional) {
                    return query;
                }
                let mut clauses = vec![(Occur::Must, self.node(required))];
                clauses.extend(optional.iter().map(|node| (Occur::Should, self.node(node))));
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Hinted(inner, _) => self.node(inner),
            Node::Boost(boost, inner) => Box::new(BoostQuery::new(self.node(inner), *boost)),
        }
    }

    /// Words alone are one query, which passes over what cannot reach the page, within dates and exclusions too; others
    /// meet document by document.
    fn and(&self, nodes: &[Node]) -> Boxed {
        let (mut scored, mut wanted, mut unwanted) = (Vec::new(), Vec::new(), Vec::new());
        // Articles are read for these: they are asked last.
        let mut in_bodies = Vec::new();
        for node in nodes.iter().map(without_hints) {
            match node {
                Node::Not(inner) => unwanted.push(self.node(inner)),
                Node::Dates { from, to } => wanted.push(self.dates(*from, *to)),
                in_body if is_in_body(in_body) => {
                    let mut in_text = in_body.clone();
                    in_bodies.push(self.not_in_title_alone(&mut in_text));
                    scored.push(Cow::Owned(in_text));
                }
                other => scored.push(Cow::Borrowed(other)),
            }
        }
        let scored: Vec<&Node> = scored.iter().map(Cow::as_ref).collect();
        let query = match scored.as_slice() {
            // Without anything required, "not this" means "everything else".
            [] => match wanted.pop() {
                Some(dates) => dates,
                None => constant(Box::new(AllQuery)),
            },
            [only] => self.node(only),
            several => self.all_of_words(several).unwrap_or_else(|| {
                let clauses = several.iter().map(|node| self.node(node)).collect();
                Box::new(BooleanQuery::intersection(clauses))
            }),
        };
        wanted.append(&mut in_bodies);
        filtered(query, wanted, unwanted)
    }

    /// All of some words of one field, or of any of some words each.
    fn all_of_words(&self, nodes: &[&Node]) -> Option<Boxed> {
        let mut scope = None;
        let words = nodes.iter().map(|node| self.one_of_words(node, &mut scope));
        let words = words.collect::<Option<Vec<_>>>()?;
        let (field, known) = (self.field(scope?), &self.core.known_terms);
        Some(Box::new(ReadingsQuery::new(field, words, known)))
    }

    /// The same, and words that only add to the score.
    fn words_and_welcome_ones(&self, required: &Node, optional: &[Node]) -> Option<Boxed> {
        let required: Vec<&Node> = match without_hints(required) {
            Node::And(nodes) => nodes.iter().map(without_hints).collect(),
            other => vec![other],
        };
        let mut scope = None;
        let mut words = Vec::with_capacity(required.len() + optional.len());
        for node in required {
            words.push(self.one_of_words(node, &mut scope)?);
        }
        // Any of some words raise as each of them does.
        for node in alternatives(optional) {
            let word = self.one_of_words(node, &mut scope)?;
            if word.kind != Kind::Required {
                return None;
            }
            let kind = Kind::Welcome;
            words.push(WordQuery { kind, ..word });
        }
        let (field, known) = (self.field(scope?), &self.core.known_terms);
        Some(Box::new(ReadingsQuery::new(field, words, known)))
    }

    /// A word, raised or not, an exact phrase or one whose end is only begun, or any of some words, if it is in the field of the others, which the first
    /// of them tells.
    fn one_of_words(&self, node: &Node, scope: &mut Option<Scope>) -> Option<WordQuery> {
        let mut is_inside = |of: Scope| !needs_body(of) && *scope.get_or_insert(of) == of;
        match node {
            Node::Word(word) => is_inside(word.scope).then(|| self.word_query(word)),
            Node::Phrase(phrase) => {
                let is_exact = phrase.slop == 0 && !phrase.words.is_empty();
                if !(is_exact && is_inside(phrase.scope)) {
                    return None;
                }
                if phrase.prefix {
                    return Some(self.any_ending(phrase));
                }
                let (readings, phrases) = self.written(std::slice::from_ref(phrase));
                Some(WordQuery {
                    kind: Kind::Required,
                    readings,
                    phrases,
                })
            }
            Node::Or(nodes) => {
                let mut readings = Vec::new();
                for node in nodes.iter().map(without_hints) {
                    match node {
                        Node::Word(word) if is_plain(word) && is_inside(word.scope) => {
                            readings.extend(self.readings(word));
                        }
                        _ => return None,
                    }
                }
                Some(WordQuery {
                    kind: Kind::AnyOf,
                    readings,
                    phrases: Vec::new(),
                })
            }
            Node::Boost(factor, inner) => {
                let mut word = self.one_of_words(without_hints(inner), scope)?;
                let readings = word.readings.iter_mut();
                readings.for_each(|(_, weight)| *weight *= factor);
                word.phrases.is_empty().then_some(word)
            }
            _ => None,
        }
    }

    fn or(&self, nodes: &[Node], least: usize) -> Boxed {
        let mut queries: Vec<Boxed> = Vec::new();
        if least <= 1 {
            // Words, and those of alternatives in alternatives, join in one query, in the field of the first.
            let (mut scope, mut terms, mut words) = (None, Vec::new(), Vec::new());
            for node in alternatives(nodes) {
                match node {
                    Node::Word(word) if is_plain(word) => {
                        if *scope.get_or_insert(word.scope) == word.scope {
                            terms.extend(self.readings(word));
                        } else {
                            queries.extend(self.lemmas(word));
                        }
                    }
                    other => {
                        // What is none of them says nothing of their field.
                        let mut own = scope;
                        let word = self.one_of_words(other, &mut own);
                        scope = if word.is_some() { own } else { scope };
                        match word {
                            Some(word) if word.is_sum() => terms.extend(word.readings),
                            Some(word) => words.push(word),
                            None => queries.push(self.node(other)),
                        }
                    }
                }
            }
            if let Some(scope) = scope {
                let (field, known) = (self.field(scope), &self.core.known_terms);
                return Box::new(AnyQuery::new(field, terms, words, queries, known));
            }
        } else {
            queries.extend(nodes.iter().map(|node| self.node(node)));
        }
        match queries.len() {
            0 => Box::new(EmptyQuery),
            1 => queries.remove(0),
            _ => {
                let clauses = queries
                    .into_iter()
                    .map(|query| (Occur::Should, query))
                    .collect();
                Box::new(BooleanQuery::with_minimum_required_clauses(
                    clauses,
                    least.max(1),
                ))
            }
        }
    }

    fn readings(&self, word: &Word) -> Vec<(Term, f32)> {
        let field = self.field(word.scope);
        let term = |(lemma, weight): &(String, f32)| (Term::from_field_text(field, lemma), *weight);
        word.lemmas.iter().map(term).collect()
    }

    fn lemmas(&self, word: &Word) -> Vec<Boxed> {
        let readings = self.readings(word).into_iter();
        let query = |(term, weight)| {
            weighted(
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
                weight,
            )
        };
        readings.map(query).collect()
    }

    fn word(&self, word: &Word) -> Boxed {
        if needs_body(word.scope) {
            return self.in_body(Node::Word(word.clone()));
        }
        let words = vec![self.word_query(word)];
        let known = &self.core.known_terms;
        Box::new(ReadingsQuery::new(self.field(word.scope), words, known))
    }

    /// All that may stand for a word; the best of it counts.
    fn word_query(&self, word: &Word) -> WordQuery {
        let (written, phrases) = self.written(&word.phrases);
        let mut readings = self.readings(word);
        readings.extend(written);
        WordQuery {
            kind: Kind::Required,
            readings,
            phrases,
        }
    }

    /// Exact phrases: those of one word are terms.
    fn written(&self, phrases: &[Phrase]) -> (Vec<(Term, f32)>, Vec<PhraseQuery>) {
        let (mut readings, mut longer) = (Vec::new(), Vec::with_capacity(phrases.len()));
        for phrase in phrases {
            let field = self.field(phrase.scope);
            let mut terms = written_terms(field, phrase);
            if terms.len() > 1 {
                longer.push(PhraseQuery::new(field, terms, &self.core.known_terms));
            } else {
                readings.extend(terms.pop().map(|(_, term)| (term, 1.0)));
            }
        }
        (readings, longer)
    }

    fn phrase(&self, phrase: &Phrase) -> Boxed {
        if needs_body(phrase.scope) {
            return self.in_body(Node::Phrase(phrase.clone()));
        }
        let field = self.field(phrase.scope);
        let mut terms = written_terms(field, phrase);
        let for_engine = |terms: Vec<(u32, Term)>| {
            let terms = terms.into_iter();
            terms
                .map(|(distance, term)| (distance as usize, term))
                .collect()
        };
        match (terms.len(), phrase.prefix) {
            (0, _) => Box::new(EmptyQuery),
            (1, false) => {
                let (_, term) = terms.remove(0);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            }
            (_, false) if phrase.slop == 0 => {
                Box::new(PhraseQuery::new(field, terms, &self.core.known_terms))
            }
            (_, false) => Box::new(SloppyPhraseQuery::new_with_offset_and_slop(
                for_engine(terms),
                phrase.slop,
            )),
            (_, true) => {
                let word = self.any_ending(phrase);
                Box::new(ReadingsQuery::new(
                    field,
                    vec![word],
                    &self.core.known_terms,
                ))
            }
        }
    }

    /// A phrase whose last word is the beginning of one.
    fn any_ending(&self, phrase: &Phrase) -> WordQuery {
        let (field, known) = (self.field(phrase.scope), &self.core.known_terms);
        let mut terms = written_terms(field, phrase);
        let distance = terms.pop().map_or(0, |(distance, _)| distance);
        let endings = phrase.endings.iter().map(|word| written_term(field, word));
        let endings: Vec<Term> = endings.collect();
        // Without endings it would be found wherever its other words are.
        let query = (!endings.is_empty())
            .then(|| PhraseQuery::new(field, terms, known).going_on(distance, endings));
        WordQuery {
            kind: Kind::Required,
            readings: Vec::new(),
            phrases: query.into_iter().collect(),
        }
    }

    fn expansion(&self, expansion: &Expansion) -> Boxed {
        if needs_body(expansion.scope) {
            return self.in_body(Node::Expansion(expansion.clone()));
        }
        let field = self.field(expansion.scope);
        let Some((_, weight)) = expansion.written.first() else {
            return Box::new(EmptyQuery);
        };
        let words = expansion.written.iter();
        let terms = words.map(|(word, _)| written_term(field, word)).collect();
        let known = &self.core.known_terms;
        Box::new(ExpandedQuery::new(field, terms, *weight, known))
    }

    /// `body:`: found in title and body, and not in the title only.
    fn in_body(&self, mut node: Node) -> Boxed {
        let not_in_title_alone = self.not_in_title_alone(&mut node);
        filtered(self.node(&node), vec![not_in_title_alone], Vec::new())
    }

    /// What `body:` leaves of the articles whose text matches a leaf, which is moved to the text.
    fn not_in_title_alone(&self, node: &mut Node) -> Boxed {
        rescope(node, Scope::Title);
        let title = self.node(node);
        rescope(node, Scope::Text);
        let matcher = matcher::of_node(node, Scope::Body);
        let (analyzer, field) = (self.core.analyzer.clone(), self.core.fields.text);
        Box::new(InBodyQuery::new(title, matcher, analyzer, field))
    }

    fn dates(&self, from: Option<Date>, to: Option<Date>) -> Boxed {
        const DAY: i64 = 86_400;
        let field = self.core.fields.timestamp;
        let start = |day: Date| day.days_since_1970().saturating_mul(DAY);
        let bound = |seconds: i64| Bound::Included(Term::from_field_i64(field, seconds));
        // Always both ends: an article without a date is in no range, not even an open one.
        let lower = bound(from.map_or(i64::MIN, start));
        let upper = bound(to.map_or(i64::MAX, |day| start(day).saturating_add(DAY - 1)));
        constant(Box::new(RangeQuery::new(lower, upper)))
    }

    /// `plan` plans and compiles a query inside the filter.
    pub(crate) fn filter(
        &self,
        filter: &Filter,
        plan: &dyn Fn(&Query) -> Result<Boxed>,
    ) -> Result<Boxed> {
        let fields = &self.core.fields;
        let whole = |field: EngineField, value: &str| -> Boxed {
            let term = Term::from_field_text(field, value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        let filters = |filters: &[Filter]| -> Result<Vec<Boxed>> {
            filters
                .iter()
                .map(|filter| self.filter(filter, plan))
                .collect()
        };
        let query: Boxed = match filter {
            Filter::Author(author) => whole(fields.author, author),
            Filter::Source(source) => whole(fields.source, source),
            Filter::Tag(tag) => whole(fields.tag, tag),
            // A set is an automaton that takes half a millisecond to build: one id is one term.
            Filter::Ids(ids) if ids.len() == 1 => {
                whole(fields.id, ids.first().map_or("", String::as_str))
            }
            Filter::Ids(ids) => Box::new(TermSetQuery::new(
                ids.iter().map(|id| Term::from_field_text(fields.id, id)),
            )),
            Filter::Published { from, to } => self.dates(*from, *to),
            Filter::Extra { name, value } => whole(fields.extra, &extra_term(name, value)),
            Filter::Query(inner) => plan(inner)?,
            Filter::TooDeep => return Err(too_deep()),
            Filter::All(inner) if inner.is_empty() => Box::new(AllQuery),
            Filter::All(inner) => Box::new(BooleanQuery::intersection(filters(inner)?)),
            Filter::Any(inner) if inner.is_empty() => Box::new(EmptyQuery),
            Filter::Any(inner) => Box::new(BooleanQuery::union(filters(inner)?)),
            Filter::Not(inner) => all_but(self.filter(inner, plan)?),
        };
        Ok(constant(query))
    }

    fn field(&self, scope: Scope) -> EngineField {
        let fields = &self.core.fields;
        match scope {
            Scope::Text | Scope::Body => fields.text,
            Scope::Title => fields.title,
            Scope::Author => fields.author_words,
            Scope::Source => fields.source_words,
            Scope::Tag => fields.tag_words,
            Scope::Comments => fields.comments,
            Scope::Related => fields.related,
        }
    }
}

fn without_hints(node: &Node) -> &Node {
    match node {
        Node::Hinted(inner, _) => inner,
        other => other,
    }
}

/// The nodes of which any will do, with those of such nodes among them.
fn alternatives(nodes: &[Node]) -> Vec<&Node> {
    let mut found = Vec::with_capacity(nodes.len());
    for node in nodes.iter().map(without_hints) {
        match node {
            Node::Or(inner) => found.append(&mut alternatives(inner)),
            other => found.push(other),
        }
    }
    found
}

/// Whether lemmas alone stand for the word.
fn is_plain(word: &Word) -> bool {
    word.phrases.is_empty() && !word.lemmas.is_empty() && !needs_body(word.scope)
}

fn is_in_body(node: &Node) -> bool {
    match node {
        Node::Word(word) => needs_body(word.scope),
        Node::Phrase(phrase) => needs_body(phrase.scope),
        Node::Expansion(expansion) => needs_body(expansion.scope),
        _ => false,
    }
}

fn needs_body(scope: Scope) -> bool {
    scope == Scope::Body
}

fn all_but(unwanted: Boxed) -> Boxed {
    filtered(constant(Box::new(AllQuery)), Vec::new(), vec![unwanted])
}

/// Matches without a say in the score.
fn constant(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn weighted(query: Boxed, weight: f32) -> Boxed {
    if weight == 1.0 {
        query
    } else {
        Box::new(BoostQuery::new(query, weight))
    }
}

/// The term of a word as written.
pub(crate) fn written_term(field: EngineField, word: &str) -> Term {
    let mut text = String::with_capacity(word.len() + 1);
    text.push(WRITTEN_MARK);
    text.push_str(word);
    Term::from_field_text(field, &text)
}

/// The terms of a phrase, and their distances from the first one.
fn written_terms(field: EngineField, phrase: &Phrase) -> Vec<(u32, Term)> {
    let words = phrase.words.iter();
    words
        .map(|(distance, word)| (*distance, written_term(field, word)))
        .collect()
}

/// Moves a leaf to another scope.
fn rescope(node: &mut Node, scope: Scope) {
    match node {
        Node::Word(word) => {
            word.scope = scope;
            for phrase in &mut word.phrases {
                phrase.scope = scope;
            }
        }
        Node::Phrase(phrase) => phrase.scope = scope,
        Node::Expansion(expansion) => expansion.scope = scope,
        _ => {}
    }
}
