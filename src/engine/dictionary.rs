//! [`Dictionary`]: the terms of one search, each looked up once; and [`KnownTerms`], those of the last
//! searches.
//!
//! The engine looks a term up for its rarity and for its postings, the second look of the ranking for
//! both again; for a rare word the look-ups are most of a search, and people ask for the same words.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Searcher, SegmentOrdinal, SegmentReader, Term};

use super::postings::{PostingFiles, PostingList};
use super::{Core, failure};
use crate::error::Result;

/// How many terms of segments are kept, some 150 bytes each.
const MAX_KNOWN: usize = 16_384;

/// Where the postings of terms asked for lately are: a segment never changes. Shared by all searches.
#[derive(Clone, Default)]
pub(crate) struct KnownTerms(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    segments: HashMap<SegmentId, KnownSegment>,
    count: usize,
}

#[derive(Default)]
struct KnownSegment {
    terms: HashMap<Term, Option<TermInfo>>,
    files: HashMap<Field, PostingFiles>,
}

impl std::fmt::Debug for KnownTerms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KnownTerms")
    }
}

impl KnownTerms {
    /// Where the postings of a term are in a segment, if it has the term.
    pub(super) fn find(
        &self,
        segment: &SegmentReader,
        index: &InvertedIndexReader,
        term: &Term,
    ) -> tantivy::Result<Option<TermInfo>> {
        let id = segment.segment_id();
        let found = self
            .lock()
            .segments
            .get(&id)
            .and_then(|of| of.terms.get(term).cloned());
        if let Some(info) = found {
            return Ok(info);
        }
        let info = index.get_term_info(term)?;
        let mut known = self.lock();
        if known.count >= MAX_KNOWN {
            known.count = 0;
            known.segments.values_mut().for_each(|of| of.terms.clear());
        }
        // An older view than the one followed keeps nothing here.
        if let Some(of) = known.segments.get_mut(&id)
            && of.terms.insert(term.clone(), info.clone()).is_none()
        {
            known.count += 1;
        }
        Ok(info)
    }

    /// The postings of a field in a segment: those of the view that is [followed](Self::follow) stay open.
    pub(super) fn files(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<PostingFiles> {
        let id = segment.segment_id();
        let found = self
            .lock()
            .segments
            .get(&id)
            .and_then(|of| of.files.get(&field).cloned());
        if let Some(files) = found {
            return Ok(files);
        }
        let read = |component| segment.open_read(component);
        let files = PostingFiles::open(read, field, segment.max_doc())?;
        // An older view than the one followed keeps nothing here.
        if let Some(of_segment) = self.lock().segments.get_mut(&id) {
            of_segment.files.insert(field, files.clone());
        }
        Ok(files)
    }

    /// Opens the postings of a field in all segments of a new view, and forgets other segments: they may
    /// have been merged away, and their files are held here.
    pub(crate) fn follow(&self, view: &Searcher, field: Field) -> tantivy::Result<()> {
        {
            let Known { segments, count } = &mut *self.lock();
            let viewed = view.segment_readers().iter().map(SegmentReader::segment_id);
            segments.retain(|id, _| viewed.clone().any(|viewed| viewed == *id));
            for segment in viewed {
                segments.entry(segment).or_default();
            }
            *count = segments.values().map(|segment| segment.terms.len()).sum();
        }
        for segment in view.segment_readers() {
            self.files(segment, field)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The terms of the text field that a search has asked for.
pub(super) struct Dictionary<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
    /// The words of each segment.
    indexes: Vec<Arc<InvertedIndexReader>>,
    terms: RefCell<HashMap<Term, Arc<LocatedTerm>>>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(core: &'a Core, searcher: &'a Searcher) -> Result<Dictionary<'a>> {
        let segments = searcher.segment_readers();
        let mut indexes = Vec::with_capacity(segments.len());
        for segment in segments {
            let index = segment.inverted_index(core.fields.text);
            indexes.push(index.map_err(|error| failure("reading words", &core.place, error))?);
        }
        Ok(Dictionary {
            core,
            searcher,
            indexes,
            terms: RefCell::default(),
        })
    }

    /// The postings of the words of a segment.
    pub(super) fn files(&self, segment: SegmentOrdinal) -> tantivy::Result<PostingFiles> {
        let reader = self.searcher.segment_reader(segment);
        self.core.known_terms.files(reader, self.core.fields.text)
    }

    /// How many words all texts have.
    pub(super) fn tokens(&self) -> u64 {
        let tokens = self.indexes.iter().map(|index| index.total_num_tokens());
        tokens.sum()
    }

    pub(super) fn locate(&self, term: &Term) -> tantivy::Result<Arc<LocatedTerm>> {
        if let Some(known) = self.terms.borrow().get(term) {
            return Ok(known.clone());
        }
        let mut segments = Vec::with_capacity(self.indexes.len());
        for (reader, index) in self.searcher.segment_readers().iter().zip(&self.indexes) {
            segments.push(self.core.known_terms.find(reader, index, term)?);
        }
        let located = Arc::new(LocatedTerm {
            term: term.clone(),
            segments,
        });
        self.terms
            .borrow_mut()
            .insert(term.clone(), located.clone());
        Ok(located)
    }
}

impl Bm25StatisticsProvider for Dictionary<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        match field == self.core.fields.text {
            true => Ok(self.tokens()),
            false => self.searcher.total_num_tokens(field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match term.field() == self.core.fields.text {
            true => Ok(self.locate(term)?.doc_freq()),
            false => self.searcher.doc_freq(term),
        }
    }
}

/// A term, and where its postings are in each segment.
#[derive(Clone)]
pub(super) struct LocatedTerm {
    pub term: Term,
    segments: Vec<Option<TermInfo>>,
}

impl LocatedTerm {
    /// How many articles have the term, deleted ones included.
    pub(super) fn doc_freq(&self) -> u64 {
        let counts = self.segments.iter().flatten();
        counts.map(|info| u64::from(info.doc_freq)).sum()
    }

    /// Where the postings in a segment are, if it has the term.
    pub(super) fn info(&self, segment: SegmentOrdinal) -> Option<&TermInfo> {
        self.segments.get(segment as usize).and_then(Option::as_ref)
    }

    /// The postings in a segment; boxed, for they are big and moved about.
    pub(super) fn open(
        &self,
        files: &PostingFiles,
        segment: SegmentOrdinal,
        has_positions: bool,
    ) -> tantivy::Result<Option<Box<PostingList>>> {
        Ok(match self.info(segment) {
            Some(info) if has_positions => Some(Box::new(files.list_with_positions(info)?)),
            Some(info) => Some(Box::new(files.list(info)?)),
            None => None,
        })
    }
}
