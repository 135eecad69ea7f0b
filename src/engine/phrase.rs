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
        Ok(Box::new(PhraseWeight {
            field: self.field,
            words: self.words.clone(),
            known: self.known.clone(),
            weight: Scores::new(self.field, &scoring)?.of(&terms, 1.0)?,
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
    weight: Bm25Weight,
}

impl PhraseWeight {
    /// The words of a segment, the rarest first; none where one of them is missing.
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Phrase>> {
        let index = reader.inverted_index(self.field)?;
        let files = self.known.files(reader, self.field)?;
        let mut words = Vec::with_capacity(self.words.len());
        for (distance, term) in &self.words {
            let Some(info) = self.known.find(reader, &index, term)? else {
                return Ok(None);
            };
            let list = files.list_with_positions(&info)?;
            words.push(Word {
                distance: *distance,
                cursor: Cursor::new(list, self.weight.boost_by(boost)),
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
            norms,
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
        loop {
            let doc = phrase.rarest.cursor.pass_blocks(threshold, &phrase.norms);
            if doc == TERMINATED {
                return Ok(());
            }
            if phrase.rarest.cursor.score(&phrase.norms) > threshold {
                match phrase.score_above(threshold, doc) {
                    Ok(Some(score)) => threshold = callback(doc, score),
                    Ok(None) => {}
                    // No document before has all words.
                    Err(next) => {
                        phrase.rarest.cursor.seek(next);
                        continue;
                    }
                }
            }
            phrase.rarest.cursor.advance();
        }
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
    /// Where phrases may begin in the document at hand, read through a buffer.
    fn starts(&mut self, places: &mut Vec<u32>, starts: &mut Vec<u32>) {
        self.cursor.positions(places);
        starts.extend(places.iter().filter_map(|at| at.checked_sub(self.distance)));
    }
}

/// A phrase in one segment.
struct Phrase {
    rarest: Word,
    others: Vec<Word>,
    /// Where the phrase begins in the document at hand, as far as the words read so far tell.
    starts: Vec<u32>,
    places: Vec<u32>,
    norms: FieldNormReader,
}

impl Phrase {
    /// The score of `doc`, which the rarest word is at, if it has the phrase and is above the threshold; the
    /// error is the first document after it that another word has, where that word has not this one.
    fn score_above(&mut self, threshold: Score, doc: DocId) -> Result<Option<Score>, DocId> {
        for word in &mut self.others {
            if word.cursor.bound_from(doc, &self.norms)?.0 <= threshold {
                return Ok(None);
            }
        }
        if !self.find(doc, Some(threshold))? {
            return Ok(None);
        }
        let score = self.score_found();
        Ok((score > threshold).then_some(score))
    }

    /// Whether `doc`, which the rarest word is at, has the phrase, and all words so often that it may score
    /// above the threshold. The error is the first document after it that another word has, where that
    /// word has not this one.
    ///
    /// Places are compared word by word: most documents fall out before the most frequent words, which
    /// have the most places and exclude the fewest documents, are read at all.
    fn find(&mut self, doc: DocId, threshold: Option<Score>) -> Result<bool, DocId> {
        self.starts.clear();
        let mut is_first = true;
        for word in &mut self.others {
            let found = word.cursor.seek(doc);
            if found != doc {
                return Err(found);
            }
            if threshold.is_some_and(|threshold| word.cursor.score(&self.norms) <= threshold) {
                return Ok(false);
            }
            if std::mem::take(&mut is_first) {
                self.rarest.starts(&mut self.places, &mut self.starts);
            }
            word.cursor.positions(&mut self.places);
            keep_common(&mut self.starts, &self.places, word.distance);
            if self.starts.is_empty() {
                return Ok(false);
            }
        }
        if is_first {
            self.rarest.starts(&mut self.places, &mut self.starts);
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
fn keep_common(starts: &mut Vec<u32>, places: &[u32], distance: u32) {
    let mut places = places.iter().copied().peekable();
    starts.retain(|start| {
        let wanted = start.saturating_add(distance);
        while places.next_if(|place| *place < wanted).is_some() {}
        places.peek() == Some(&wanted)
    });
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
