//! [`PhraseQuery`]: articles that have words at given distances from each other.
//!
//! The engine's own reads the places of every article that has all of the words. This one starts from
//! the rarest word, and passes over whatever cannot reach the page: a phrase is never in an article
//! more often than any of its words, so that the frequencies alone decide most of them.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{
    DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::cursor::Cursor;
use super::dictionary::KnownTerms;
use super::readings::Scores;

#[derive(Debug, Clone)]
pub(super) struct PhraseQuery {
    field: Field,
    /// Distances from the first word, and words.
    words: Vec<(u32, Term)>,
    known: KnownTerms,
}

impl PhraseQuery {
    pub(super) fn new(field: Field, words: Vec<(u32, Term)>, known: &KnownTerms) -> PhraseQuery {
        PhraseQuery {
            field,
            words,
            known: known.clone(),
        }
    }
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms: Vec<&Term> = self.words.iter().map(|(_, term)| term).collect();
        let scores = Scores::new(self.field, &scoring)?;
        Ok(Box::new(PhraseWeight {
            field: self.field,
            words: self.words.clone(),
            known: self.known.clone(),
            average: scores.average,
            weight: scores.of(&terms, 1.0)?,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (_, term) in &self.words {
            visitor(term, true);
        }
    }
}

struct PhraseWeight {
    field: Field,
    words: Vec<(u32, Term)>,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
    weight: Bm25Weight,
}

impl PhraseWeight {
    /// The words of a segment, the rarest first; none where one of them is missing.
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Phrase>> {
        let index = reader.inverted_index(self.field)?;
        let files = self.known.files(reader, self.field)?;
        let slack = files.slack(self.average);
        let mut words = Vec::with_capacity(self.words.len());
        for (distance, term) in &self.words {
            let Some(info) = self.known.find(reader, &index, term)? else {
                return Ok(None);
            };
            let list = files.list_with_positions(&info)?;
            words.push(Word {
                distance: *distance,
                cursor: Cursor::new(list, self.weight.boost_by(boost), slack),
            });
        }
        words.sort_by_key(|word| word.cursor.documents());
        let norms = reader.get_fieldnorms_reader(self.field)?;
        let mut words = words.into_iter();
        Ok(words.next().map(|rarest| Phrase {
            rarest,
            others: words.collect(),
            starts: Vec::new(),
            places: Vec::new(),
            found: Vec::new(),
            norms,
            most: usize::MAX,
        }))
    }
}

impl Weight for PhraseWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(mut phrase) = self.open(reader, boost)? else {
            return Ok(Box::new(EmptyScorer));
        };
        phrase.settle();
        Ok(Box::new(phrase))
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let Some(mut phrase) = self.open(reader, 1.0)? else {
            return Ok(());
        };
        // Until the page is full, every match is shown, and bounds would tell nothing.
        let mut doc = phrase.settle();
        while threshold < 0.0 && doc != TERMINATED {
            threshold = callback(doc, phrase.score_found());
            doc = phrase.advance();
        }
        loop {
            let doc = phrase.rarest.cursor.pass_blocks(threshold, &phrase.norms);
            if doc == TERMINATED {
                return Ok(());
            }
            match phrase.window(doc) {
                Ok((bound, last)) => {
                    if bound > threshold {
                        threshold = phrase.look_through(last, threshold, callback);
                    }
                    phrase.rarest.cursor.skip(last.saturating_add(1));
                }
                // No document before has all words.
                Err(next) => phrase.rarest.cursor.skip(next),
            }
        }
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let Some(mut phrase) = self.open(reader, 1.0)? else {
            return Ok(0);
        };
        phrase.most = 1;
        let alive = reader.alive_bitset();
        let mut count = 0;
        let mut doc = phrase.settle();
        while doc != TERMINATED {
            count += u32::from(alive.is_none_or(|alive| alive.is_alive(doc)));
            doc = phrase.advance();
        }
        Ok(count)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new("a phrase", scorer.score()))
    }
}

struct Word {
    distance: u32,
    /// Scores as if the phrase were wherever the word is: what is no more than that.
    cursor: Cursor,
}

impl Word {
    /// Reads where phrases may begin in the document at hand.
    fn starts(&mut self, starts: &mut Vec<u32>) {
        self.cursor.positions(starts);
        if self.distance > 0 {
            starts.retain_mut(|at| match at.checked_sub(self.distance) {
                Some(start) => {
                    *at = start;
                    true
                }
                None => false,
            });
        }
    }
}

/// A phrase in one segment.
struct Phrase {
    rarest: Word,
    others: Vec<Word>,
    /// Where the phrase begins in the document at hand, as far as the words read so far tell.
    starts: Vec<u32>,
    places: Vec<u32>,
    /// Documents of the rarest word, and what it scores there.
    found: Vec<(DocId, Score)>,
    norms: FieldNormReader,
    /// How many places of the phrase are looked for: one tells that it is there, all tell the score.
    most: usize,
}

impl Phrase {
    /// A window of documents in which each word is in one block: what they may score, and the last of them.
    /// The error is the next document that may have all words, where `doc` has not.
    fn window(&mut self, doc: DocId) -> Result<(Score, DocId), DocId> {
        let (mut bound, mut last) = self.rarest.cursor.bound_from(doc, &self.norms)?;
        for word in &mut self.others {
            let (score, last_of_word) = word.cursor.bound_from(doc, &self.norms)?;
            bound = bound.min(score);
            last = last.min(last_of_word);
        }
        Ok((bound, last))
    }

    /// Shows the documents up to `last` that score more than the threshold.
    fn look_through(
        &mut self,
        last: DocId,
        mut threshold: Score,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Score {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        let rarest = &mut self.rarest.cursor;
        rarest.collect(last, threshold, &self.norms, &mut found);
        let mut next = 0;
        for &(doc, most) in &found {
            if doc < next || most <= threshold {
                continue;
            }
            match self.find(doc, Some(threshold)) {
                Ok(true) => {
                    let score = self.score_found();
                    if score > threshold {
                        threshold = callback(doc, score);
                    }
                }
                Ok(false) => {}
                Err(later) => next = later,
            }
        }
        self.found = found;
        threshold
    }

    /// Whether `doc`, which the rarest word has and is not behind, has the phrase, and all words so often that
    /// it may score above the threshold. The error is the first document after it that another word has, where
    /// that word has not this one.
    ///
    /// Places are compared word by word: most documents fall out before the most frequent words, which
    /// have the most places and exclude the fewest documents, are read at all.
    fn find(&mut self, doc: DocId, threshold: Option<Score>) -> Result<bool, DocId> {
        let mut is_first = true;
        let mut left = self.others.len();
        for word in &mut self.others {
            let found = word.cursor.seek(doc);
            if found != doc {
                return Err(found);
            }
            if threshold.is_some_and(|threshold| word.cursor.score(&self.norms) <= threshold) {
                return Ok(false);
            }
            if std::mem::take(&mut is_first) {
                self.rarest.cursor.seek(doc);
                self.rarest.starts(&mut self.starts);
            }
            word.cursor.positions(&mut self.places);
            left -= 1;
            let most = if left == 0 { self.most } else { usize::MAX };
            keep_common(&mut self.starts, &self.places, word.distance, most);
            if self.starts.is_empty() {
                return Ok(false);
            }
        }
        if is_first {
            self.rarest.cursor.seek(doc);
            self.rarest.starts(&mut self.starts);
        }
        Ok(!self.starts.is_empty())
    }

    /// Of the document in which the phrase was found.
    fn score_found(&self) -> Score {
        let frequency = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        self.rarest.cursor.score_of(frequency, &self.norms)
    }

    /// Moves on to the next document that has the phrase, if they are not at one.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.rarest.cursor.doc();
            if doc == TERMINATED {
                return TERMINATED;
            }
            match self.find(doc, None) {
                Ok(true) => return doc,
                Ok(false) => self.rarest.cursor.advance(),
                Err(next) => self.rarest.cursor.seek(next),
            };
        }
    }
}

/// Keeps the starts at which `places`, in order like them, has a word at its distance.
/// No more than `most` of them.
fn keep_common(starts: &mut Vec<u32>, places: &[u32], distance: u32, most: usize) {
    // Without branches on the places, which come as they like.
    let (mut at, mut next, mut kept) = (0, 0, 0);
    while kept < most
        && let (Some(&start), Some(&place)) = (starts.get(at), places.get(next))
    {
        let wanted = start.saturating_add(distance);
        if let Some(common) = starts.get_mut(kept) {
            *common = start;
        }
        kept += usize::from(wanted == place);
        at += usize::from(wanted <= place);
        next += usize::from(place <= wanted);
    }
    starts.truncate(kept);
}

impl DocSet for Phrase {
    fn advance(&mut self) -> DocId {
        self.rarest.cursor.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.rarest.cursor.seek(target);
        self.settle()
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let found = self.rarest.cursor.seek(target);
        if found > target {
            return SeekDangerResult::SeekLowerBound(found);
        }
        match self.find(target, None) {
            Ok(true) => SeekDangerResult::Found,
            Ok(false) => SeekDangerResult::SeekLowerBound(target + 1),
            Err(next) => SeekDangerResult::SeekLowerBound(next),
        }
    }

    fn doc(&self) -> DocId {
        self.rarest.cursor.doc()
    }

    fn size_hint(&self) -> u32 {
        // About one in ten articles that have the words has them together.
        self.rarest.cursor.documents() / 10
    }

    fn cost(&self) -> u64 {
        let words = self.others.len() as u64 + 1;
        u64::from(self.rarest.cursor.documents()) * 10 * words
    }
}

impl Scorer for Phrase {
    fn score(&mut self) -> Score {
        self.score_found()
    }
}
