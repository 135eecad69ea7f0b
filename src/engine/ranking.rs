//! The order of the answer: a second look at the best candidates.
//!
//! The engine's pruned BM25 finds the candidates; what it cannot see (title, exact form, nearness,
//! how many of the words) is read from the postings of the few that lead. See ARCHITECTURE.md,
//! *Ranking*, for the formula and what each part brought.

mod parts;

use std::collections::HashSet;

use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use super::compile::written_term;
use super::plan::{Node, Scope, Word};
use super::planner::OTHER_ACCENTS;
use super::tokenizer::TITLE_POSITIONS;
use super::{Core, Place, failure};
use crate::error::Result;
use crate::query::Ranking;

/// How far apart two words still count as near.
const NEAR: u32 = 8;

/// A word of the query, with what the postings are asked for.
#[derive(Clone)]
struct RankedWord {
    lemmas: Vec<(Term, f32)>,
    written: Option<Term>,
    /// Its place in the query, so that neighbours there can be looked for as neighbours.
    position: u32,
    boost: f32,
    idf: f32,
}

/// What one candidate has of one word.
#[derive(Clone, Default)]
struct Evidence {
    frequency: f32,
    positions: Vec<u32>,
    is_exact: bool,
}

#[derive(Clone)]
pub(crate) struct Ranker<'a> {
    core: &'a Core,
    searcher: &'a Searcher,
    ranking: &'a Ranking,
    words: Vec<RankedWord>,
    /// Whether the plan is words alone, so that their scores are the whole score.
    is_words: bool,
    average_length: f32,
}

impl<'a> Ranker<'a> {
    /// `None` where there is nothing to look at twice.
    pub(crate) fn new(
        core: &'a Core,
        searcher: &'a Searcher,
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
        let field = core.fields.text;
        let mut ranker = Ranker {
            core,
            searcher,
            ranking,
            words: Vec::with_capacity(found.len()),
            is_words,
            average_length: 1.0,
        };
        let articles = searcher.num_docs().max(1) as f32;
        for (word, boost) in found {
            let lemmas: Vec<(Term, f32)> = word
                .lemmas
                .iter()
                .map(|(lemma, weight)| (Term::from_field_text(field, lemma), *weight))
                .collect();
            let mut frequency: f32 = 0.0;
            for (term, weight) in &lemmas {
                // The readings stand for one word: the most frequent sure one says how rare it is.
                frequency = frequency.max(ranker.document_frequency(term)? * weight);
            }
            let written = (!word.written.is_empty()).then(|| written_term(field, &word.written));
            ranker.words.push(RankedWord {
                lemmas,
                written,
                position: word.position,
                boost,
                idf: (1.0 + (articles - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln(),
            });
        }
        let mut tokens = 0;
        for segment in searcher.segment_readers() {
            tokens += ranker
                .engine(segment.inverted_index(field))?
                .total_num_tokens();
        }
        ranker.average_length = (tokens as f32 / articles).max(1.0);
        Ok(Some(ranker))
    }

    fn engine<T>(&self, result: tantivy::Result<T>) -> Result<T> {
        result.map_err(|error| failure("ranking", &self.core.place, error))
    }

    fn document_frequency(&self, term: &Term) -> Result<f32> {
        Ok(self.engine(self.searcher.doc_freq(term))? as f32)
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
            let segment = self.searcher.segment_reader(segment);
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
        segment: &SegmentReader,
        candidates: &mut [Place],
        mut see: impl FnMut(&mut Place, f32, &[Evidence]),
    ) -> Result<()> {
        let field = self.core.fields.text;
        let index = self.engine(segment.inverted_index(field))?;
        let lengths = self.engine(segment.get_fieldnorms_reader(field))?;
        let open = |term: &Term, option: IndexRecordOption| -> Result<Option<SegmentPostings>> {
            let postings = index
                .get_term_info(term)
                .and_then(|info: Option<TermInfo>| {
                    info.map(|info| index.read_postings_from_terminfo(&info, option))
                        .transpose()
                });
            self.engine(postings.map_err(tantivy::TantivyError::from))
        };
        let mut readers = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut lemmas = Vec::with_capacity(word.lemmas.len());
            for (term, weight) in &word.lemmas {
                if let Some(postings) = open(term, IndexRecordOption::WithFreqsAndPositions)? {
                    lemmas.push((postings, *weight));
                }
            }
            // Where the same letters with other accents make another word, its places tell them apart.
            let has_twins = word.lemmas.iter().any(|(_, weight)| *weight < 1.0);
            let option = if has_twins {
                IndexRecordOption::WithFreqsAndPositions
            } else {
                IndexRecordOption::Basic
            };
            let written = match &word.written {
                Some(term) => open(term, option)?,
                None => None,
            };
            readers.push((lemmas, written));
        }
        let mut evidence = vec![Evidence::default(); self.words.len()];
        let mut buffer = Vec::new();
        let mut twins = Vec::new();
        for place in candidates {
            let document = place.address.doc_id;
            for ((lemmas, written), found) in readers.iter_mut().zip(&mut evidence) {
                found.frequency = 0.0;
                found.positions.clear();
                twins.clear();
                for (postings, weight) in lemmas {
                    if at(postings, document) {
                        let frequency = postings.term_freq() as f32 * *weight;
                        found.frequency = found.frequency.max(frequency);
                        postings.positions(&mut buffer);
                        found.positions.extend_from_slice(&buffer);
                        if *weight < 1.0 {
                            twins.extend_from_slice(&buffer);
                        }
                    }
                }
                found.positions.sort_unstable();
                found.positions.dedup();
                if !twins.is_empty() {
                    // Where the accents are another word's, the place counts for less.
                    let sure = found
                        .positions
                        .iter()
                        .filter(|at| !twins.contains(at))
                        .count();
                    let unsure = found.positions.len() - sure;
                    let counted = sure as f32 + OTHER_ACCENTS * unsure as f32;
                    found.frequency = found.frequency.min(counted);
                }
                found.is_exact = false;
                if let Some(postings) = written
                    && at(postings, document)
                {
                    found.is_exact = twins.is_empty() || {
                        postings.positions(&mut buffer);
                        buffer.iter().any(|position| !twins.contains(position))
                    };
                }
            }
            let length = lengths.fieldnorm(document) as f32;
            see(place, length, &evidence);
        }
        Ok(())
    }

    fn score(&self, engine_score: f32, length: f32, evidence: &[Evidence]) -> f32 {
        let Ranking {
            k1,
            b,
            title,
            exact,
            nearness,
            coverage,
            ..
        } = *self.ranking;
        let norm = k1 * (1.0 - b + b * length / self.average_length);
        let (mut words, mut extra, mut had, mut wanted) = (0.0, 0.0, 0.0, 0.0);
        for (word, found) in self.words.iter().zip(evidence) {
            let weight = word.idf * word.boost;
            wanted += weight;
            if found.frequency <= 0.0 {
                continue;
            }
            had += weight;
            words += weight * (k1 + 1.0) * found.frequency / (found.frequency + norm);
            if found.is_exact {
                extra += exact * weight;
            }
            if found
                .positions
                .first()
                .is_some_and(|&first| first < TITLE_POSITIONS)
            {
                extra += title * weight;
            }
        }
        for ((left, right), (left_word, right_word)) in evidence
            .iter()
            .zip(evidence.iter().skip(1))
            .zip(self.words.iter().zip(self.words.iter().skip(1)))
        {
            let wanted = right_word.position.saturating_sub(left_word.position);
            let near = nearness_of(&left.positions, &right.positions, wanted);
            let weight = (left_word.idf * left_word.boost).min(right_word.idf * right_word.boost);
            extra += nearness * weight * near;
        }
        let share = if wanted > 0.0 { had / wanted } else { 1.0 };
        let base = if self.is_words { words } else { engine_score };
        (base + extra) * share.powf(coverage)
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

fn at(postings: &mut SegmentPostings, document: DocId) -> bool {
    if postings.doc() == TERMINATED {
        return false;
    }
    if postings.doc() < document {
        postings.seek(document);
    }
    postings.doc() == document
}

/// The words that raise a score, in the order of the query. False where something else does too.
fn collect<'n>(node: &'n Node, boost: f32, empty: f32, words: &mut Vec<(&'n Word, f32)>) -> bool {
    match node {
        Node::Word(word) if word.scope == Scope::Text && !word.lemmas.is_empty() => {
            words.push((word, boost));
            word.phrases.is_empty()
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

/// Sorts by score, the best first; equal scores by address, so that pages neither repeat nor skip.
pub(crate) fn sort(places: &mut [Place]) {
    places.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        by_score.then_with(|| a.address.cmp(&b.address))
    });
}

/// Adds the places that are not there yet.
pub(crate) fn add_new(places: &mut Vec<Place>, more: Vec<Place>) {
    let known: HashSet<DocAddress> = places.iter().map(|place| place.address).collect();
    places.extend(
        more.into_iter()
            .filter(|place| !known.contains(&place.address)),
    );
}
