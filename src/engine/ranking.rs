//! The order of the answer: a second look at the best candidates.
//!
//! The engine's pruned BM25 finds the candidates; what it cannot see (title, exact form, nearness,
//! how many of the words) is read from the postings of the few that lead. See ARCHITECTURE.md,
//! *Ranking*, for the formula and what each part brought.

mod parts;

use std::cmp::Ordering;
use std::collections::HashSet;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocAddress, SegmentOrdinal};

use super::dictionary::Dictionary;
use super::evidence::{Buffers, Evidence, WordTerms, at};
use super::plan::{Node, Scope, Word};
use super::postings::TITLE_POSITIONS;
use super::{Place, failure};
use crate::error::Result;
use crate::query::Ranking;

/// How far apart two words still count as near.
const NEAR: u32 = 8;
/// After this many words of the body, a first mention counts half as early.
const EARLY: f32 = 20.0;

/// A word of the query, and what it is worth.
#[derive(Clone)]
struct RankedWord {
    terms: WordTerms,
    /// Its place in the query, so that neighbours there can be looked for as neighbours.
    position: u32,
    /// How rare it is, and how much it was raised.
    weight: f32,
}

#[derive(Clone)]
pub(crate) struct Ranker<'a> {
    ranking: &'a Ranking,
    dictionary: &'a Dictionary<'a>,
    words: Vec<RankedWord>,
    /// Whether the plan is words alone, so that their scores are the whole score.
    is_words: bool,
    average_length: f32,
}

impl<'a> Ranker<'a> {
    /// `None` where there is nothing to look at twice.
    pub(crate) fn new(
        dictionary: &'a Dictionary<'a>,
        ranking: &'a Ranking,
        plan: &Node,
    ) -> Result<Option<Ranker<'a>>> {
        let mut found = Vec::new();
        let is_words = collect(plan, 1.0, ranking.empty, &mut found);
        if found.is_empty() {
            return Ok(None);
        }
        // Neighbours of the query are looked for as neighbours.
        found.sort_by_key(|(word, _)| word.position);
        let field = dictionary.core.fields.text;
        let mut ranker = Ranker {
            dictionary,
            ranking,
            words: Vec::with_capacity(found.len()),
            is_words,
            average_length: 1.0,
        };
        let articles = dictionary.searcher.num_docs().max(1) as f32;
        for (word, boost) in found {
            let terms = ranker.engine(WordTerms::new(field, word, dictionary))?;
            let frequency = frequency(&terms);
            let idf = (1.0 + (articles - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln();
            ranker.words.push(RankedWord {
                terms,
                position: word.position,
                weight: idf * boost,
            });
        }
        ranker.average_length = (dictionary.tokens() as f32 / articles).max(1.0);
        Ok(Some(ranker))
    }

    fn engine<T>(&self, result: tantivy::Result<T>) -> Result<T> {
        result.map_err(|error| failure("ranking", &self.dictionary.core.place, error))
    }

    /// Orders the candidates anew, the best first.
    pub(crate) fn rank(&self, candidates: &mut [Place]) -> Result<()> {
        // Postings are read forwards: segment by segment, in the order of documents.
        candidates.sort_by_key(|place| place.address);
        let mut rest = candidates;
        while let Some(first) = rest.first() {
            let segment = first.address.segment_ord;
            let count = rest.partition_point(|place| place.address.segment_ord <= segment);
            let (of_segment, others) = rest.split_at_mut(count);
            self.look(segment, of_segment, |place, length, evidence| {
                place.score = self.score(place.score, length, evidence);
            })?;
            rest = others;
        }
        Ok(())
    }

    /// Gathers what each candidate of a segment has of each word, and shows it with its length.
    fn look(
        &self,
        segment: SegmentOrdinal,
        candidates: &mut [Place],
        mut see: impl FnMut(&mut Place, f32, &[Evidence]),
    ) -> Result<()> {
        let files = self.engine(self.dictionary.files(segment))?;
        if let [word] = self.words.as_slice()
            && word.terms.is_listed()
            && candidates.iter().all(|place| place.champion.is_some())
        {
            let mut written = match &word.terms.written {
                Some(term) => self.engine(term.open(files, segment, false))?,
                None => None,
            };
            let mut found = Evidence::default();
            for place in candidates {
                let Some(champion) = place.champion else {
                    continue;
                };
                let document = place.address.doc_id;
                let is_exact = written
                    .as_mut()
                    .is_some_and(|postings| at(postings, document));
                found.set(&champion, is_exact);
                let length = FieldNormReader::id_to_fieldnorm(champion.norm) as f32;
                see(place, length, std::slice::from_ref(&found));
            }
            return Ok(());
        }
        let words = self.words.iter();
        files.prefetch(words.flat_map(|word| word.terms.lists(segment)));
        let open = |word: &RankedWord| self.engine(word.terms.open(files, segment));
        let mut postings = self.words.iter().map(open).collect::<Result<Vec<_>>>()?;
        let mut evidence = vec![Evidence::default(); self.words.len()];
        let mut buffers = Buffers::default();
        let mut rest = candidates;
        while let Some((place, behind)) = rest.split_first_mut() {
            rest = behind;
            let document = place.address.doc_id;
            let next = rest.first().map(|place| place.address.doc_id);
            for (postings, found) in postings.iter_mut().zip(&mut evidence) {
                postings.read(document, &mut buffers, found);
                // On its way while the other words are read.
                if let Some(next) = next {
                    postings.prefetch(next);
                }
            }
            let length = files.norms().fieldnorm(document) as f32;
            see(place, length, &evidence);
        }
        Ok(())
    }

    fn score(&self, engine_score: f32, length: f32, evidence: &[Evidence]) -> f32 {
        let Ranking {
            k1,
            b,
            title,
            early,
            exact,
            nearness,
            ..
        } = *self.ranking;
        let norm = k1 * (1.0 - b + b * length / self.average_length);
        let (mut words, mut extra) = (0.0, 0.0);
        for (word, found) in self.words.iter().zip(evidence) {
            if found.frequency <= 0.0 {
                continue;
            }
            words += word.weight * (k1 + 1.0) * found.frequency / (found.frequency + norm);
            if found.is_exact {
                extra += exact * word.weight;
            }
            let in_title = found.positions.partition_point(|&at| at < TITLE_POSITIONS);
            if in_title > 0 {
                extra += title * word.weight;
            }
            if let Some(&first) = found.positions.get(in_title) {
                extra += early * word.weight / (1.0 + (first - TITLE_POSITIONS) as f32 / EARLY);
            }
        }
        let words_beside = self.words.iter().zip(self.words.iter().skip(1));
        let found_beside = evidence.iter().zip(evidence.iter().skip(1));
        for ((left, right), (here, there)) in words_beside.zip(found_beside) {
            let wanted = right.position.saturating_sub(left.position);
            let near = nearness_of(&here.positions, &there.positions, wanted);
            extra += nearness * left.weight.min(right.weight) * near;
        }
        let base = if self.is_words { words } else { engine_score };
        base + extra
    }
}

/// 1 where two words stand as in the query, less the farther apart, 0 beyond [`NEAR`].
fn nearness_of(left: &[u32], right: &[u32], wanted: u32) -> f32 {
    let mut best: f32 = 0.0;
    let mut next = 0;
    for &position in left {
        // The last right word before this one, and the first after it.
        while right.get(next).is_some_and(|&other| other <= position) {
            next += 1;
        }
        let before = next.checked_sub(1).and_then(|at| right.get(at));
        if let Some(&after) = right.get(next) {
            let distance = after - position;
            if distance <= wanted.max(1) {
                return 1.0;
            }
            if distance - wanted <= NEAR {
                best = best.max(0.7 / (1.0 + 0.3 * (distance - wanted) as f32));
            }
        }
        if let Some(&before) = before {
            let distance = position - before;
            if distance <= NEAR {
                best = best.max(0.5 / (1.0 + 0.3 * distance as f32));
            }
        }
    }
    best
}

/// The words that raise a score, in the order of the query. False where something else does too.
fn collect<'n>(node: &'n Node, boost: f32, empty: f32, words: &mut Vec<(&'n Word, f32)>) -> bool {
    match node {
        Node::Word(word) if word.scope == Scope::Text && !word.lemmas.is_empty() => {
            words.push((word, boost));
            true
        }
        Node::And(nodes) | Node::Or(nodes) | Node::AtLeast(_, nodes) => {
            let mut only = true;
            for node in nodes {
                only &= collect(node, boost, empty, words);
            }
            only
        }
        Node::Boost(factor, inner) => collect(inner, boost * factor, empty, words),
        Node::Prefer(required, optional) => {
            let mut only = collect(required, boost, empty, words);
            for node in optional {
                only &= collect(node, boost, empty, words);
            }
            only
        }
        Node::Hinted(inner, hints) => {
            if empty > 0.0 {
                words.extend(hints.iter().map(|word| (word, boost * empty)));
            }
            collect(inner, boost, empty, words)
        }
        Node::All | Node::Nothing | Node::Not(_) | Node::Dates { .. } => true,
        Node::Word(_) | Node::Phrase(_) | Node::Expansion(_) => false,
    }
}

/// Whether the plan has anything to look at twice: a phrase alone has not.
pub(crate) fn looks_at(ranking: &Ranking, plan: &Node) -> bool {
    let mut words = Vec::new();
    collect(plan, 1.0, ranking.empty, &mut words);
    !words.is_empty()
}

/// In how many articles a word is, about: its readings stand for one word, and the most frequent
/// sure one says how rare that is.
fn frequency(terms: &WordTerms) -> f32 {
    let lemmas = terms.lemmas.iter();
    let mut frequency = lemmas
        .map(|(term, weight)| term.doc_freq() as f32 * weight)
        .fold(0.0, f32::max);
    for phrase in &terms.phrases {
        // As rare as its rarest word, or rarer.
        let counts = phrase.iter().map(|(_, term)| term.doc_freq() as f32);
        let least = counts.fold(f32::INFINITY, f32::min);
        if least.is_finite() {
            frequency = frequency.max(least);
        }
    }
    frequency
}

/// The best first.
pub(crate) fn sort(places: &mut [Place]) {
    places.sort_by(by_rank);
}

/// By score, the best first; equal scores by address, so that pages neither repeat nor skip.
pub(super) fn by_rank(a: &Place, b: &Place) -> Ordering {
    let by_score = b.score.total_cmp(&a.score);
    by_score.then_with(|| a.address.cmp(&b.address))
}

/// Adds the places that are not there yet.
pub(crate) fn add_new(places: &mut Vec<Place>, more: Vec<Place>) {
    let known: HashSet<DocAddress> = places.iter().map(|place| place.address).collect();
    places.extend(
        more.into_iter()
            .filter(|place| !known.contains(&place.address)),
    );
}
