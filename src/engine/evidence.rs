//! What an article has of each word of a query, read from the postings.

use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{DocId, SegmentOrdinal, Term};

use super::compile::written_term;
use super::dictionary::{Dictionary, LocatedTerm};
use super::plan::Word;
use super::planner::OTHER_ACCENTS;
use super::postings::{Champion, PostingFiles, PostingList};

/// The terms of one word of the query.
#[derive(Clone)]
pub(super) struct WordTerms {
    pub lemmas: Vec<(Arc<LocatedTerm>, f32)>,
    kin: Vec<(Arc<LocatedTerm>, f32)>,
    /// Other ways to the same word, in words as written and their distances from the first.
    pub phrases: Vec<Vec<(u32, Arc<LocatedTerm>)>>,
    pub written: Option<Arc<LocatedTerm>>,
}

/// What one article has of one word.
#[derive(Clone, Default)]
pub(super) struct Evidence {
    /// How often it has the word; words of its family count less, as other accents do.
    pub frequency: f32,
    /// Where, in order; of the family only where the word itself is missing.
    pub positions: Vec<u32>,
    pub is_exact: bool,
    /// Whether it has only words of the family.
    pub is_kin: bool,
}

/// Room to read positions into.
#[derive(Default)]
pub(super) struct Buffers {
    positions: Vec<u32>,
    twins: Vec<u32>,
    starts: Vec<u32>,
}

/// The postings of a word in one segment, read forwards.
pub(super) struct WordPostings {
    lemmas: Vec<(Box<PostingList>, f32)>,
    kin: Vec<(Box<PostingList>, f32)>,
    phrases: Vec<Vec<(u32, Box<PostingList>)>>,
    written: Option<Box<PostingList>>,
}

impl WordTerms {
    pub(super) fn new(
        field: Field,
        word: &Word,
        dictionary: &Dictionary<'_>,
    ) -> tantivy::Result<WordTerms> {
        let lemmas = |lemmas: &[(String, f32)]| -> tantivy::Result<Vec<_>> {
            let mut located = Vec::with_capacity(lemmas.len());
            for (lemma, weight) in lemmas {
                let term = Term::from_field_text(field, lemma);
                located.push((dictionary.locate(&term)?, *weight));
            }
            Ok(located)
        };
        let written = |word: &str| dictionary.locate(&written_term(field, word));
        let mut phrases = Vec::with_capacity(word.phrases.len());
        for phrase in &word.phrases {
            let mut words = Vec::with_capacity(phrase.words.len());
            for (distance, word) in &phrase.words {
                words.push((*distance, written(word)?));
            }
            phrases.push(words);
        }
        Ok(WordTerms {
            lemmas: lemmas(&word.lemmas)?,
            kin: lemmas(&word.kin)?,
            phrases,
            written: match word.written.is_empty() {
                true => None,
                false => Some(written(&word.written)?),
            },
        })
    }

    /// Whether a list of champions tells of an article all that [`WordPostings`] do, but for whether it has
    /// the word as written.
    pub(super) fn is_listed(&self) -> bool {
        let is_plain = matches!(self.lemmas.as_slice(), [(_, weight)] if *weight == 1.0);
        is_plain && self.kin.is_empty() && self.phrases.is_empty()
    }

    /// The lists that [`open`](Self::open) opens, and whether their positions are read.
    pub(super) fn lists(&self, segment: SegmentOrdinal) -> impl Iterator<Item = (&TermInfo, bool)> {
        let words = self.lemmas.iter().chain(&self.kin).map(|(term, _)| term);
        let of_phrases = self.phrases.iter().flatten().map(|(_, term)| term);
        let with_positions = words.chain(of_phrases).map(|term| (term, true));
        let all = with_positions.chain(self.written.iter().map(|term| (term, false)));
        all.filter_map(move |(term, has_positions)| Some((term.info(segment)?, has_positions)))
    }

    pub(super) fn open(
        &self,
        files: &PostingFiles,
        segment: SegmentOrdinal,
    ) -> tantivy::Result<WordPostings> {
        let open = |term: &LocatedTerm| term.open(files, segment, true);
        let all = |terms: &[(Arc<LocatedTerm>, f32)]| -> tantivy::Result<Vec<_>> {
            let mut opened = Vec::with_capacity(terms.len());
            for (term, weight) in terms {
                opened.extend(open(term)?.map(|list| (list, *weight)));
            }
            Ok(opened)
        };
        let mut phrases = Vec::with_capacity(self.phrases.len());
        for phrase in &self.phrases {
            let mut words = Vec::with_capacity(phrase.len());
            for (distance, term) in phrase {
                words.extend(open(term)?.map(|list| (*distance, list)));
            }
            if words.len() == phrase.len() {
                phrases.push(words);
            }
        }
        // Where the same letters with other accents make another word, its places tell them apart.
        let has_twins = self.lemmas.iter().any(|(_, weight)| *weight < 1.0);
        Ok(WordPostings {
            lemmas: all(&self.lemmas)?,
            kin: all(&self.kin)?,
            phrases,
            written: match &self.written {
                Some(term) => term.open(files, segment, has_twins)?,
                None => None,
            },
        })
    }
}

impl Evidence {
    /// What a list of champions says of the article.
    pub(super) fn set(&mut self, champion: &Champion, is_exact: bool) {
        self.frequency = champion.frequency as f32;
        self.positions.clear();
        self.positions.extend(champion.in_title.then_some(0));
        self.positions.extend(champion.first_in_body);
        self.is_exact = is_exact;
        self.is_kin = false;
    }
}

impl WordPostings {
    /// Goes to the blocks of a document that is read soon and fetches what is mostly read there; not for phrases, which are
    /// few. In the order of the documents, as [`read`](Self::read).
    pub(super) fn prefetch(&mut self, document: DocId) {
        for (list, _) in &mut self.lemmas {
            list.skip(document);
            list.prefetch_positions();
        }
        for (list, _) in &mut self.kin {
            list.skip(document);
        }
        if let Some(list) = &mut self.written {
            list.skip(document);
        }
    }

    /// Documents must be asked for in order.
    pub(super) fn read(&mut self, document: DocId, buffers: &mut Buffers, found: &mut Evidence) {
        let Buffers {
            positions: buffer,
            twins,
            starts,
        } = buffers;
        found.frequency = 0.0;
        found.positions.clear();
        twins.clear();
        for (postings, weight) in &mut self.lemmas {
            if at(postings, document) {
                let frequency = postings.frequency() as f32 * *weight;
                found.frequency = found.frequency.max(frequency);
                postings.positions(buffer);
                found.positions.extend_from_slice(buffer);
                if *weight < 1.0 {
                    twins.extend_from_slice(buffer);
                }
            }
        }
        for phrase in &mut self.phrases {
            phrase_starts(phrase, document, starts, buffer);
            found.frequency = found.frequency.max(starts.len() as f32);
            found.positions.extend_from_slice(starts);
        }
        found.positions.sort_unstable();
        found.positions.dedup();
        if !twins.is_empty() {
            // Where the accents are another word's, the place counts for less.
            let is_sure = |at: &&u32| !twins.contains(at);
            let sure = found.positions.iter().filter(is_sure).count();
            let unsure = found.positions.len() - sure;
            let counted = sure as f32 + OTHER_ACCENTS * unsure as f32;
            found.frequency = found.frequency.min(counted);
        }
        found.is_exact = false;
        // Where the word is in no form at all, it is not there as written.
        if let Some(postings) = &mut self.written
            && found.frequency > 0.0
            && at(postings, document)
        {
            found.is_exact = twins.is_empty() || {
                postings.positions(buffer);
                buffer.iter().any(|position| !twins.contains(position))
            };
        }
        found.is_kin = found.positions.is_empty();
        for (postings, weight) in &mut self.kin {
            if at(postings, document) {
                found.frequency += postings.frequency() as f32 * *weight;
                if found.is_kin {
                    postings.positions(buffer);
                    found.positions.extend_from_slice(buffer);
                }
            }
        }
        if found.is_kin {
            found.positions.sort_unstable();
        }
    }
}

/// Where the words of a phrase stand as they should.
fn phrase_starts(
    phrase: &mut [(u32, Box<PostingList>)],
    document: DocId,
    starts: &mut Vec<u32>,
    buffer: &mut Vec<u32>,
) {
    starts.clear();
    for (index, (distance, postings)) in phrase.iter_mut().enumerate() {
        if !at(postings, document) {
            starts.clear();
            return;
        }
        postings.positions(buffer);
        if index == 0 {
            starts.extend(buffer.iter().filter_map(|at| at.checked_sub(*distance)));
        } else {
            starts.retain(|start| {
                buffer
                    .binary_search(&start.saturating_add(*distance))
                    .is_ok()
            });
        }
    }
}

pub(super) fn at(postings: &mut PostingList, document: DocId) -> bool {
    postings.seek(document) == document
}
