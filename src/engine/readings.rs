//! [`ReadingsQuery`]: articles that have all of some words, each in any of its readings or written apart; any of some words
//! may stand in place of one, and others be only welcome.
//!
//! The engine prunes a search for single terms, but not one in which a word has several (`marche`:
//! the noun or the verb, or `marché` typed without its accent): it then scores every match. This
//! query passes over blocks of documents that cannot reach the page, words with readings or not.

use std::ops::RangeInclusive;

use tantivy::postings::TermInfo;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, TERMINATED, Term};

use super::all::{Kind, Word, Words};
use super::bm25::{Bm25, Weights};
use super::cursor::Cursor;
use super::dictionary::KnownTerms;
use super::documents::Documents;
use super::explained::explained;
use super::phrase::{PhraseQuery, PhraseWeight};

/// One document is looked up in the time in which so many are read one after the other.
const SPARSE: u64 = 12;

/// Which words, from the rarest on, may have their documents gathered: the first is not looked up, and behind a dozen
/// little is left to look up. Each takes a bit for every document.
const GATHERED: RangeInclusive<usize> = 1..=12;

/// A word: all that may stand for it.
#[derive(Debug, Clone)]
pub(super) struct WordQuery {
    pub kind: Kind,
    /// Terms, and what each counts beside the others.
    pub readings: Vec<(Term, f32)>,
    /// Other ways to write one word: `porte parole` for `porte-parole`.
    pub phrases: Vec<PhraseQuery>,
}

impl WordQuery {
    /// Whether what its terms score is added up.
    pub(super) fn is_sum(&self) -> bool {
        self.phrases.is_empty() && (self.kind == Kind::AnyOf || self.readings.len() <= 1)
    }

    pub(super) fn weigh(&self, weights: &Weights<'_>) -> tantivy::Result<WordWeight> {
        let mut readings = Vec::with_capacity(self.readings.len());
        for (term, weight) in &self.readings {
            readings.push((term.clone(), weights.of(&[term], *weight)?));
        }
        let phrases = self.phrases.iter().map(|phrase| phrase.weigh(weights));
        Ok(WordWeight {
            kind: self.kind,
            readings,
            phrases: phrases.collect::<tantivy::Result<_>>()?,
        })
    }

    pub(super) fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (term, _) in &self.readings {
            visitor(term, false);
        }
        for phrase in &self.phrases {
            phrase.query_terms(visitor);
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct ReadingsQuery {
    field: Field,
    words: Vec<WordQuery>,
    known: KnownTerms,
}

impl ReadingsQuery {
    pub(super) fn new(field: Field, words: Vec<WordQuery>, known: &KnownTerms) -> ReadingsQuery {
        ReadingsQuery {
            field,
            words,
            known: known.clone(),
        }
    }
}

impl Query for ReadingsQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = Weights::new(self.field, &scoring)?;
        let words = self.words.iter().map(|word| word.weigh(&weights));
        Ok(Box::new(ReadingsWeight {
            field: self.field,
            words: words.collect::<tantivy::Result<_>>()?,
            known: self.known.clone(),
            average: weights.average,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for word in &self.words {
            word.query_terms(visitor);
        }
    }
}

pub(super) struct WordWeight {
    kind: Kind,
    pub readings: Vec<(Term, Bm25)>,
    pub phrases: Vec<PhraseWeight>,
}

struct ReadingsWeight {
    field: Field,
    words: Vec<WordWeight>,
    known: KnownTerms,
    /// The average length of all segments together.
    average: Score,
}

impl ReadingsWeight {
    /// The words of a segment, the rarest first; none where a required one is missing. With bits if documents are to be
    /// looked for window by window, which asks for them.
    fn open<const IN_WINDOWS: bool>(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Option<Words>> {
        let files = self.known.files(reader, self.field)?;
        let slack = files.slack(self.average);
        let norms = files.norms().clone();
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut readings = Vec::with_capacity(word.readings.len());
            for (term, weight) in &word.readings {
                if let Some(info) = self.known.find(reader, term)? {
                    readings.push((info, weight.boost_by(boost)));
                }
            }
            let mut phrases = Vec::with_capacity(word.phrases.len());
            for phrase in &word.phrases {
                phrase.add_to(&mut phrases, reader, boost)?;
            }
            if readings.is_empty() && phrases.is_empty() {
                if word.kind == Kind::Welcome {
                    continue;
                }
                return Ok(None);
            }
            words.push((word.kind, readings, phrases));
        }
        let lists = words.iter().flat_map(|(_, readings, _)| readings);
        files.prefetch(lists.map(|(info, _)| (info, false)));
        let open = |(info, weight): (TermInfo, Bm25)| -> tantivy::Result<_> {
            let mut cursor = Cursor::new(files.list(&info)?, weight, slack);
            if IN_WINDOWS {
                cursor = cursor.with_bits(files.bitmap(&info)?);
            }
            Ok((cursor, info))
        };
        let words = words
            .into_iter()
            .map(|(kind, readings, phrases)| -> tantivy::Result<_> {
                let of_readings = readings.iter().map(|(info, _)| u64::from(info.doc_freq));
                // Places are compared for each: "la vie" beside (roi OU reine) took eight times as long first.
                let of_phrases = phrases
                    .iter()
                    .map(|phrase| 2 * u64::from(phrase.documents()));
                let articles: u64 = of_readings.chain(of_phrases).sum();
                let readings: Vec<_> = readings
                    .into_iter()
                    .map(open)
                    .collect::<tantivy::Result<_>>()?;
                Ok((kind, articles, readings, phrases))
            });
        let mut words = words.collect::<tantivy::Result<Vec<_>>>()?;
        words.sort_by_key(|(kind, articles, ..)| (*kind == Kind::Welcome, *articles));
        let rarest = words.first().map_or(0, |(_, articles, ..)| *articles);
        let words = (0..)
            .zip(words)
            .map(|(number, word)| -> tantivy::Result<_> {
                let (kind, _, readings, phrases) = word;
                let without = readings.iter().filter(|(cursor, _)| !cursor.has_bits());
                let articles = without.map(|(_, info)| u64::from(info.doc_freq)).sum();
                // Where many documents will be looked up in lists without bits, these are read once for all of them.
                let are_many = (1..=rarest.saturating_mul(SPARSE)).contains(&articles);
                let is_one = phrases.is_empty() && kind != Kind::Welcome;
                let gathered = match IN_WINDOWS && is_one && are_many && GATHERED.contains(&number)
                {
                    true => {
                        let mut documents = Documents::new(reader.max_doc());
                        for (_, info) in &readings {
                            documents.add(&files, info)?;
                        }
                        Some(documents)
                    }
                    false => None,
                };
                let cursors = readings.into_iter().map(|(cursor, _)| cursor).collect();
                Ok(Word::new(kind, cursors, phrases, gathered))
            });
        let words = words.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Words::new(words, norms))
    }

    /// The term, where there is one word with one reading.
    fn only_term(&self) -> Option<&Term> {
        match self.words.as_slice() {
            [word] if word.phrases.is_empty() => match word.readings.as_slice() {
                [(term, _)] => Some(term),
                _ => None,
            },
            _ => None,
        }
    }

    /// The documents that have all words; none where one of them is missing.
    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Option<Documents>> {
        let files = self.known.files(reader, self.field)?;
        let mut words = Vec::with_capacity(self.words.len());
        let is_asked = |word: &&WordWeight| word.kind != Kind::Welcome;
        for word in self.words.iter().filter(is_asked) {
            let (mut readings, mut has_bits) = (Vec::with_capacity(word.readings.len()), true);
            for (term, _) in &word.readings {
                if let Some(info) = self.known.find(reader, term)? {
                    has_bits &= files.bitmap(&info)?.is_some();
                    readings.push(info);
                }
            }
            let mut phrases = Vec::with_capacity(word.phrases.len());
            for phrase in &word.phrases {
                phrase.add_to(&mut phrases, reader, 1.0)?;
            }
            if readings.is_empty() && phrases.is_empty() {
                return Ok(None);
            }
            let of_readings = readings.iter().map(|info| u64::from(info.doc_freq));
            // To look for a phrase takes as long as to read some ten documents.
            let of_phrases = phrases
                .iter()
                .map(|phrase| 10 * u64::from(phrase.documents()));
            let articles: u64 = of_readings.chain(of_phrases).sum();
            has_bits &= phrases.is_empty();
            words.push((has_bits, articles, readings, phrases));
        }
        // Bits come last: to compare them takes next to nothing, whatever is left.
        words.sort_by_key(|(has_bits, articles, ..)| (*has_bits, *articles));
        let mut found: Option<Documents> = None;
        for (has_bits, articles, readings, mut phrases) in words {
            match &mut found {
                Some(found) if !has_bits && u64::from(found.count()) * SPARSE < articles => {
                    let lists = readings.iter().map(|info| files.list(info));
                    let mut lists = lists.collect::<Result<Vec<_>, _>>()?;
                    found.keep(|doc| {
                        lists.iter_mut().any(|list| list.seek(doc) == doc)
                            || phrases.iter_mut().any(|phrase| phrase.has(doc))
                    });
                }
                _ => {
                    let mut having = Documents::new(reader.max_doc());
                    for info in &readings {
                        having.add(&files, info)?;
                    }
                    for phrase in &mut phrases {
                        let visit = |doc, _| having.insert(doc);
                        phrase.for_each_until(TERMINATED, Score::MIN, visit);
                    }
                    match &mut found {
                        Some(found) => found.keep_common(&having),
                        None => found = Some(having),
                    }
                }
            }
        }
        Ok(found)
    }
}

impl Weight for ReadingsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(mut words) = self.open::<false>(reader, boost)? else {
            return Ok(Box::new(EmptyScorer));
        };
        words.begin();
        Ok(Box::new(words))
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if let Some(mut words) = self.open::<true>(reader, 1.0)? {
            words.prune(threshold, callback);
        }
        Ok(())
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        match self.only_term() {
            // One list is in order as it is.
            Some(term) => {
                if let Some(info) = self.known.find(reader, term)? {
                    let mut list = self.known.files(reader, self.field)?.list(&info)?;
                    list.for_each_block(|documents| {
                        let blocks = documents.chunks(COLLECT_BLOCK_BUFFER_LEN);
                        blocks.for_each(&mut *callback);
                    });
                }
            }
            None => {
                if let Some(documents) = self.documents(reader)? {
                    documents.for_each(callback);
                }
            }
        }
        Ok(())
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        if let Some(term) = self.only_term()
            && reader.alive_bitset().is_none()
        {
            let info = self.known.find(reader, term)?;
            return Ok(info.map_or(0, |info| info.doc_freq));
        }
        let documents = self.documents(reader)?;
        Ok(documents.map_or(0, |found| found.count_alive(reader.alive_bitset())))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc, "words in any reading")
    }
}
