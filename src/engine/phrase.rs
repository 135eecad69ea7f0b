//! [`PhraseQuery`]: articles that have words at given distances from each other.
//!
//! The engine's own reads the places of every article that has all of the words. This one starts from
//! the rarest word, and passes over whatever cannot reach the page: a phrase is never in an article
//! more often than any of its words, so that the frequencies alone decide most of them.

mod endings;
mod found;

use tantivy::postings::TermInfo;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, Term};

pub(super) use self::found::Phrase;
use self::found::Word;
use super::bm25::{Bm25, Weights};
use super::cursor::Cursor;
use super::dictionary::KnownTerms;
use super::explained::explained;
use super::postings::{PostingFiles, with_pairs};

#[derive(Debug, Clone)]
pub(super) struct PhraseQuery {
    field: Field,
    /// Distances from the first word, and words.
    words: Vec<(u32, Term)>,
    endings: Endings,
    known: KnownTerms,
}

/// Words of which one follows, where the end of a phrase is the beginning of a word.
#[derive(Debug, Clone, Default)]
struct Endings {
    /// From the first word of the phrase.
    distance: u32,
    words: Vec<Term>,
}

impl PhraseQuery {
    pub(super) fn new(field: Field, words: Vec<(u32, Term)>, known: &KnownTerms) -> PhraseQuery {
        PhraseQuery {
            field,
            words,
            endings: Endings::default(),
            known: known.clone(),
        }
    }

    /// The same with one of these words at a distance from the first. They are of no weight.
    pub(super) fn going_on(self, distance: u32, words: Vec<Term>) -> PhraseQuery {
        let endings = Endings { distance, words };
        PhraseQuery { endings, ..self }
    }

    pub(super) fn weigh(&self, weights: &Weights<'_>) -> tantivy::Result<PhraseWeight> {
        let terms: Vec<&Term> = self.words.iter().map(|(_, term)| term).collect();
        Ok(PhraseWeight {
            field: self.field,
            words: self.words.clone(),
            with_pairs: with_pairs(self.field, &self.words),
            endings: self.endings.clone(),
            known: self.known.clone(),
            average: weights.average,
            weight: weights.of(&terms, 1.0)?,
        })
    }
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weigh(&Weights::new(self.field, &scoring)?)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (_, term) in &self.words {
            visitor(term, true);
        }
    }
}

pub(super) struct PhraseWeight {
    field: Field,
    words: Vec<(u32, Term)>,
    /// The same for segments that have pairs.
    with_pairs: Vec<(u32, Term)>,
    endings: Endings,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
    weight: Bm25,
}

impl PhraseWeight {
    /// The words of a segment, the rarest first; none where one of them is missing. Without endings.
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Phrase>> {
        debug_assert!(self.endings.words.is_empty(), "endings are for add_to");
        let files = self.known.files(reader, self.field)?;
        match self.find(reader, &files)? {
            Some(found) => self.phrase(&files, &found, boost),
            None => Ok(None),
        }
    }

    /// Adds the phrase in a segment to others, or one for each ending where these are rare beside it.
    pub(super) fn add_to(
        &self,
        phrases: &mut Vec<Phrase>,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<()> {
        let Endings { distance, words } = &self.endings;
        if words.is_empty() {
            phrases.extend(self.open(reader, boost)?);
            return Ok(());
        }
        let files = self.known.files(reader, self.field)?;
        let Some(mut found) = self.find(reader, &files)? else {
            return Ok(());
        };
        let mut endings = Vec::with_capacity(words.len());
        for word in words {
            endings.extend(self.known.find(reader, word)?);
        }
        let least = found.iter().map(|(_, info)| info.doc_freq).min();
        let of_endings: u64 = endings.iter().map(|info| u64::from(info.doc_freq)).sum();
        // Beside one word alone its frequency holds little back: two words, and each other's, hold back more.
        if found.len() == 1 || of_endings < u64::from(least.unwrap_or_default()) {
            for info in endings {
                found.push((*distance, info));
                phrases.extend(self.phrase(&files, &found, boost)?);
                found.pop();
            }
        } else if let Some(phrase) = self.phrase(&files, &found, boost)? {
            let word = |info| self.word(&files, *distance, info, boost);
            let endings = endings.iter().map(word);
            phrases.push(phrase.with_endings(*distance, endings.collect::<tantivy::Result<_>>()?));
        }
        Ok(())
    }

    /// Where the postings of all words are; none where one is missing.
    fn find(
        &self,
        reader: &SegmentReader,
        files: &PostingFiles,
    ) -> tantivy::Result<Option<Vec<(u32, TermInfo)>>> {
        let terms = match files.has_pairs() {
            true => &self.with_pairs,
            false => &self.words,
        };
        let mut found = Vec::with_capacity(terms.len());
        for (distance, term) in terms {
            match self.known.find(reader, term)? {
                Some(info) => found.push((*distance, info)),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    fn phrase(
        &self,
        files: &PostingFiles,
        found: &[(u32, TermInfo)],
        boost: Score,
    ) -> tantivy::Result<Option<Phrase>> {
        files.prefetch(found.iter().map(|(_, info)| (info, true)));
        let mut words = Vec::with_capacity(found.len());
        for (distance, info) in found {
            words.push(self.word(files, *distance, info, boost)?);
        }
        Ok(Phrase::new(words, files.norms().clone()))
    }

    fn word(
        &self,
        files: &PostingFiles,
        distance: u32,
        info: &TermInfo,
        boost: Score,
    ) -> tantivy::Result<Word> {
        let list = files.list_with_positions(info)?;
        let slack = files.slack(self.average);
        let cursor = Cursor::new(list, self.weight.boost_by(boost), slack);
        Ok(Word::new(distance, cursor))
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

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        self.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
            callback(doc, score);
            Score::MIN
        })
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if let Some(mut phrase) = self.open(reader, 1.0)? {
            phrase.prune(threshold, callback);
        }
        Ok(())
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let mut docs = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
        self.for_each(reader, &mut |doc, _| {
            docs.push(doc);
            if docs.len() == COLLECT_BLOCK_BUFFER_LEN {
                callback(&docs);
                docs.clear();
            }
        })?;
        callback(&docs);
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let alive = reader.alive_bitset();
        let mut count = 0;
        self.for_each(reader, &mut |doc, _| {
            count += u32::from(alive.is_none_or(|alive| alive.is_alive(doc)));
        })?;
        Ok(count)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "a phrase")
    }
}
