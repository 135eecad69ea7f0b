//! The best articles for one word, by the [lists of champions](super::postings::List) of the segments.

use std::sync::Arc;

use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, TERMINATED, Term};

use super::bm25::{Bm25, Weights};
use super::dictionary::{Dictionary, LocatedTerm};
use super::plan::{Node, Scope, Word};
use super::postings::{Champion, Others};
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
    let (readings, average) = readings(dictionary, word)?;
    for segment in (0..).take(dictionary.searcher.segment_readers().len()) {
        let files = dictionary.files(segment)?;
        let infos = readings.iter().filter_map(|(term, _)| term.info(segment));
        let read = infos.filter(|info| files.is_short(info));
        files.prefetch(read.map(|info| (info, false)));
    }
    let has_one_reading = readings.len() == 1;
    let mut best = Best::new(count, has_one_reading);
    // The articles beside those that the lists name, and the weights of their words.
    let mut rest: Vec<(SegmentOrdinal, Others<'_>, &Bm25)> = Vec::new();
    for (segment, reader) in (0..).zip(dictionary.searcher.segment_readers()) {
        let files = dictionary.files(segment)?;
        let alive = reader.alive_bitset();
        let place = |doc: DocId, score: Score, champion: Option<Champion>| {
            let is_alive = alive.is_none_or(|alive| alive.is_alive(doc));
            is_alive.then(|| {
                let mut place = Place::new(score, DocAddress::new(segment, doc), false);
                place.champion = champion;
                place
            })
        };
        // The best come first by the average length of the segment, and by that of all nearly so.
        let slack = files.slack(average) * files.slack(average);
        for (term, weight) in &readings {
            let Some(info) = term.info(segment) else {
                continue;
            };
            if let Some(mut list) = files.champions(info)? {
                let mut is_done = false;
                for champion in &mut list {
                    let champion = champion?;
                    let score = weight.score(champion.norm, champion.frequency);
                    is_done = score * slack < best.least;
                    if is_done {
                        break;
                    }
                    best.see(place(champion.doc, score, Some(champion)));
                }
                if !is_done {
                    let others = list.others()?;
                    if !others.is_empty() {
                        rest.push((segment, others, weight));
                    }
                }
            } else if files.is_short(info) {
                let norms = files.norms();
                let mut postings = files.list(info)?;
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    let score = weight.score(norms.fieldnorm_id(doc), postings.frequency());
                    best.see(place(doc, score, None));
                    postings.advance();
                }
            } else {
                return Ok(None);
            }
        }
        best.end_segment();
    }
    let places = best.places;
    let Some(worst) = places.last().filter(|_| places.len() == count) else {
        return Ok(rest.is_empty().then_some(places));
    };
    for (segment, others, weight) in rest {
        for other in others {
            let (norm, frequency) = other?;
            let score = weight.score(norm, frequency);
            // Of articles of one score the first is better: in a segment behind, none of the others is; in the same
            // one, none that is like the worst in all, for then the first are listed.
            let comes_later = segment > worst.address.segment_ord
                || segment == worst.address.segment_ord
                    && has_one_reading
                    && worst.champion.is_some_and(|champion| {
                        (champion.norm, champion.frequency) == (norm, frequency)
                    });
            if score > worst.score || score == worst.score && !comes_later {
                return Ok(None);
            }
        }
    }
    Ok(Some(places))
}

/// The best places seen so far.
struct Best {
    count: usize,
    has_one_reading: bool,
    /// At most so many, the best first.
    places: Vec<Place>,
    /// What the worst of them scores, once there are enough.
    least: Score,
    /// Of the segment at hand, where a word has several readings: an article may be there more than once.
    of_segment: Vec<Place>,
}

impl Best {
    fn new(count: usize, has_one_reading: bool) -> Best {
        Best {
            count,
            has_one_reading,
            places: Vec::new(),
            least: Score::MIN,
            of_segment: Vec::new(),
        }
    }

    fn see(&mut self, place: Option<Place>) {
        match place.filter(|place| place.score >= self.least) {
            Some(place) if self.has_one_reading => self.keep(place),
            Some(place) => self.of_segment.push(place),
            None => {}
        }
    }

    fn keep(&mut self, place: Place) {
        let is_better = |better: &Place| by_rank(better, &place).is_lt();
        let at = self.places.partition_point(is_better);
        if at >= self.count {
            return;
        }
        self.places.truncate(self.count - 1);
        self.places.insert(at, place);
        if let Some(worst) = self.places.get(self.count - 1) {
            self.least = worst.score;
        }
    }

    /// Keeps the best reading of each article of the segment.
    fn end_segment(&mut self) {
        let mut of_segment = std::mem::take(&mut self.of_segment);
        of_segment.sort_unstable_by(|a, b| {
            let by_doc = a.address.cmp(&b.address);
            by_doc.then_with(|| b.score.total_cmp(&a.score))
        });
        of_segment.dedup_by_key(|place| place.address);
        for mut place in of_segment.drain(..) {
            // What a list tells is of one reading only.
            place.champion = None;
            self.keep(place);
        }
        self.of_segment = of_segment;
    }
}

/// Terms, and what each counts beside the others.
type Readings = Vec<(Arc<LocatedTerm>, Bm25)>;

/// The terms of a word, with the weights that a search of their postings gives them, and the average length of all
/// segments together.
fn readings(dictionary: &Dictionary<'_>, word: &Word) -> tantivy::Result<(Readings, Score)> {
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
    Ok((readings, weights.average))
}
