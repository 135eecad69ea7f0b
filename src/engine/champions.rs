//! The best articles for one word, by the [lists of champions](super::postings::List) of the segments.

use std::sync::Arc;

use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, TERMINATED, Term};

use super::bm25::{Bm25, Weights};
use super::dictionary::{Dictionary, LocatedTerm};
use super::plan::{Node, Scope, Word};
use super::postings::{Champion, List};
use super::ranking::by_rank;
use super::{Place, failure};
use crate::error::Result;

/// The `count` best articles by BM25, as a search of all postings finds them. `None` where the plan is more
/// than one word, or the lists don't settle it.
pub(super) fn best(
    dictionary: &Dictionary<'_>,
    plan: &Node,
    count: usize,
) -> Result<Option<Vec<Place>>> {
    let Some(word) = only_word(plan) else {
        return Ok(None);
    };
    let found = search(dictionary, word, count);
    found.map_err(|error| failure("searching", &dictionary.core.place, error))
}

fn only_word(plan: &Node) -> Option<&Word> {
    match plan {
        Node::Word(word) => Some(word).filter(|word| {
            word.scope == Scope::Text && word.phrases.is_empty() && !word.lemmas.is_empty()
        }),
        Node::Hinted(inner, _) => only_word(inner),
        _ => None,
    }
}

fn search(
    dictionary: &Dictionary<'_>,
    word: &Word,
    count: usize,
) -> tantivy::Result<Option<Vec<Place>>> {
    let readings = readings(dictionary, word)?;
    for segment in (0..).take(dictionary.searcher.segment_readers().len()) {
        let files = dictionary.files(segment)?;
        let infos = readings.iter().filter_map(|(term, _)| term.info(segment));
        let read = infos.filter(|info| files.is_short(info));
        files.touch(read.map(|info| (info, false)));
    }
    let mut places: Vec<Place> = Vec::new();
    // The score of the worst of them, once there are enough.
    let mut least = Score::MIN;
    // The lists that have more articles than they name, and the weights of their words.
    let mut lists: Vec<(SegmentOrdinal, List, &Bm25)> = Vec::new();
    for (segment, reader) in (0..).zip(dictionary.searcher.segment_readers()) {
        let files = dictionary.files(segment)?;
        let alive = reader.alive_bitset();
        let first = places.len();
        let mut add = |doc: DocId, score: Score, champion: Option<Champion>| {
            if score >= least && alive.is_none_or(|alive| alive.is_alive(doc)) {
                let mut place = Place::new(score, DocAddress::new(segment, doc), false);
                place.champion = champion;
                places.push(place);
            }
        };
        for (term, weight) in &readings {
            let Some(info) = term.info(segment) else {
                continue;
            };
            if let Some(list) = files.champions(info)? {
                for champion in &list.champions {
                    let score = weight.score(champion.norm, champion.frequency);
                    add(champion.doc, score, Some(*champion));
                }
                if !list.others().is_empty() {
                    lists.push((segment, list, weight));
                }
            } else if files.is_short(info) {
                let norms = files.norms();
                let mut postings = files.list(info)?;
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    let score = weight.score(norms.fieldnorm_id(doc), postings.frequency());
                    add(doc, score, None);
                    postings.advance();
                }
            } else {
                return Ok(None);
            }
        }
        if readings.len() > 1 {
            keep_best_reading(&mut places, first);
        }
        if count < places.len() {
            places.select_nth_unstable_by(count, by_rank);
            places.truncate(count);
            least = places
                .iter()
                .map(|place| place.score)
                .fold(Score::MAX, Score::min);
        }
    }
    places.sort_unstable_by(by_rank);
    let is_settled = match places.last() {
        Some(worst) if places.len() == count => lists.iter().all(|(segment, list, weight)| {
            list.others().iter().all(|(norm, frequency)| {
                let score = weight.score(*norm, *frequency);
                // Of articles of one score the first is better: in a segment behind, none of the others is;
                // in the same one, none that is like the worst in all, for then the first are listed.
                let comes_later = *segment > worst.address.segment_ord
                    || *segment == worst.address.segment_ord
                        && readings.len() == 1
                        && worst.champion.is_some_and(|champion| {
                            (champion.norm, champion.frequency) == (*norm, *frequency)
                        });
                score < worst.score || score == worst.score && comes_later
            })
        }),
        _ => lists.is_empty(),
    };
    Ok(is_settled.then_some(places))
}

/// The terms of a word, with the weights that a search of their postings gives them.
fn readings(
    dictionary: &Dictionary<'_>,
    word: &Word,
) -> tantivy::Result<Vec<(Arc<LocatedTerm>, Bm25)>> {
    let field = dictionary.core.fields.text;
    let term = |lemma: &str| Term::from_field_text(field, lemma);
    let scoring = EnableScoring::enabled_from_statistics_provider(dictionary, dictionary.searcher);
    let weights = Weights::new(field, &scoring)?;
    let mut readings = Vec::with_capacity(word.lemmas.len());
    for (lemma, weight) in &word.lemmas {
        let term = term(lemma);
        let of_term = weights.of(&[&term], *weight)?;
        readings.push((dictionary.locate(&term)?, of_term));
    }
    Ok(readings)
}

/// Of the places from `first` on, which are of one segment, keeps the best one of each article.
fn keep_best_reading(places: &mut Vec<Place>, first: usize) {
    let mut of_segment = places.split_off(first);
    of_segment.sort_unstable_by(|a, b| {
        let by_doc = a.address.cmp(&b.address);
        by_doc.then_with(|| b.score.total_cmp(&a.score))
    });
    of_segment.dedup_by_key(|place| place.address);
    // What a list tells is of one reading only.
    of_segment
        .iter_mut()
        .for_each(|place| place.champion = None);
    places.append(&mut of_segment);
}
