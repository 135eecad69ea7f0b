//! [`Dictionary`]: where the words of a search are; and [`KnownTerms`], which keeps that of the last searches, and the
//! files of the last view open.
//!
//! The engine looks a term up for its rarity and for its postings, the second look of the ranking for
//! both again; for a rare word the look-ups are most of a search, and people ask for the same words.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::store::StoreReader;
use tantivy::{Searcher, SegmentOrdinal, SegmentReader, TantivyError, Term};

use super::postings::{PostingFiles, PostingList};
use super::resembling::Candidate;
use super::{Core, failure, store};
use crate::error::Result;

/// How many terms are kept, once for each segment: some 150 bytes each.
const MAX_KNOWN: usize = 16_384;
/// For how many words those that they resemble in one way are kept: some 200 bytes each.
const MAX_ALIKE: usize = 2_048;

/// Where the postings of terms asked for lately are, in the segments of the last view. Shared by all searches.
#[derive(Clone)]
pub(crate) struct KnownTerms {
    known: Arc<Mutex<Known>>,
    /// Whether positions, and postings that are not gone through, are read in pieces.
    reads_pieces: bool,
}

#[derive(Default)]
struct Known {
    /// The number of the view that is followed.
    view: Option<u64>,
    /// Its segments, in its order.
    segments: Vec<KnownSegment>,
    terms: HashMap<Term, Arc<LocatedTerm>>,
    /// Words, and what was found to resemble them.
    alike: HashMap<Likeness, HashMap<Term, Vec<Candidate>>>,
}

/// What makes words alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Likeness {
    /// Letters.
    Nearest,
    Sound,
    /// What they are derived from.
    Family,
}

struct KnownSegment {
    id: SegmentId,
    files: Vec<(Field, PostingFiles)>,
    /// Opened with the first article that is read.
    store: Option<Arc<StoreReader>>,
}

impl KnownSegment {
    fn files(&self, field: Field) -> Option<PostingFiles> {
        let mut files = self.files.iter();
        let found = files.find(|(of, _)| *of == field);
        found.map(|(_, files)| files.clone())
    }
}

impl std::fmt::Debug for KnownTerms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KnownTerms")
    }
}

impl KnownTerms {
    /// None yet. `reads_pieces` tells whether positions, and postings that are not gone through, are read in pieces.
    pub(crate) fn new(reads_pieces: bool) -> KnownTerms {
        KnownTerms {
            known: Arc::default(),
            reads_pieces,
        }
    }

    /// Where the postings of a term are in a segment, if it has the term.
    pub(super) fn find(
        &self,
        segment: &SegmentReader,
        term: &Term,
    ) -> tantivy::Result<Option<TermInfo>> {
        {
            let known = self.lock();
            let id = segment.segment_id();
            let place = known.segments.iter().position(|known| known.id == id);
            if let (Some(place), Some(located)) = (place, known.terms.get(term)) {
                return Ok(located.segments.get(place).cloned().flatten());
            }
        }
        Ok(segment.inverted_index(term.field())?.get_term_info(term)?)
    }

    /// How many articles have a term, deleted ones included.
    pub(super) fn articles_with(&self, view: &Searcher, term: &Term) -> tantivy::Result<u64> {
        Ok(self.locate(view, term)?.doc_freq())
    }

    /// Where the postings of a term are in all segments of a view.
    fn locate(&self, view: &Searcher, term: &Term) -> tantivy::Result<Arc<LocatedTerm>> {
        let number = Some(view.generation().generation_id());
        {
            let known = self.lock();
            if known.view == number
                && let Some(located) = known.terms.get(term)
            {
                return Ok(located.clone());
            }
        }
        let mut segments = Vec::with_capacity(view.segment_readers().len());
        for segment in view.segment_readers() {
            segments.push(segment.inverted_index(term.field())?.get_term_info(term)?);
        }
        let located = Arc::new(LocatedTerm {
            term: term.clone(),
            segments,
        });
        let mut known = self.lock();
        // An older view than the one followed keeps nothing here.
        if known.view == number {
            if (known.terms.len() + 1) * known.segments.len().max(1) > MAX_KNOWN {
                known.terms.clear();
            }
            known.terms.insert(term.clone(), located.clone());
        }
        Ok(located)
    }

    /// The words that a word was found to resemble in the view.
    pub(super) fn alike(
        &self,
        view: &Searcher,
        word: &Term,
        likeness: Likeness,
    ) -> Option<Vec<Candidate>> {
        let known = self.lock();
        let is_followed = known.view == Some(view.generation().generation_id());
        let found = known.alike.get(&likeness)?.get(word);
        found.filter(|_| is_followed).cloned()
    }

    /// Keeps what a word was found to resemble: of people who ask for a name that no article has, there are several.
    pub(super) fn keep_alike(
        &self,
        view: &Searcher,
        word: Term,
        likeness: Likeness,
        found: &[Candidate],
    ) {
        let mut known = self.lock();
        if known.view == Some(view.generation().generation_id()) {
            let alike = known.alike.entry(likeness).or_default();
            if alike.len() >= MAX_ALIKE {
                alike.clear();
            }
            alike.insert(word, found.to_vec());
        }
    }

    /// The postings of a field in a segment: those of the view that is [followed](Self::follow) stay open.
    pub(super) fn files(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<PostingFiles> {
        let id = segment.segment_id();
        let of = |known: &Known| known.segments.iter().position(|segment| segment.id == id);
        {
            let known = self.lock();
            let found = of(&known).and_then(|place| known.segments.get(place)?.files(field));
            if let Some(files) = found {
                return Ok(files);
            }
        }
        let read = |component| segment.open_read(component);
        let norms = segment.get_fieldnorms_reader(field)?;
        let index = segment.inverted_index(field)?;
        let in_pieces = self.reads_pieces.then(|| index.terms());
        let files = PostingFiles::open(read, field, norms, segment.max_doc(), in_pieces)?;
        let mut known = self.lock();
        // An older view than the one followed keeps nothing here.
        if let Some(place) = of(&known)
            && let Some(of_segment) = known.segments.get_mut(place)
            && of_segment.files(field).is_none()
        {
            of_segment.files.push((field, files.clone()));
        }
        Ok(files)
    }

    /// The same in all segments of a view.
    fn all_files(&self, view: &Searcher, field: Field) -> tantivy::Result<Vec<PostingFiles>> {
        let number = Some(view.generation().generation_id());
        {
            let known = self.lock();
            if known.view == number {
                let files = known.segments.iter().map(|segment| segment.files(field));
                if let Some(files) = files.collect() {
                    return Ok(files);
                }
            }
        }
        let segments = view.segment_readers().iter();
        segments.map(|segment| self.files(segment, field)).collect()
    }

    /// The stored articles of a segment; they stay open as [`files`](Self::files) do.
    pub(super) fn store(&self, segment: &SegmentReader) -> tantivy::Result<Arc<StoreReader>> {
        let id = segment.segment_id();
        {
            let known = self.lock();
            let found = known.segments.iter().find(|segment| segment.id == id);
            if let Some(store) = found.and_then(|segment| segment.store.as_ref()) {
                return Ok(store.clone());
            }
        }
        let store = Arc::new(store::open_for_pages(segment)?);
        let mut known = self.lock();
        // An older view than the one followed keeps nothing here.
        if let Some(segment) = known.segments.iter_mut().find(|segment| segment.id == id) {
            segment.store = Some(store.clone());
        }
        Ok(store)
    }

    /// Opens the postings of a field in all segments of a new view, and forgets other segments: they may
    /// have been merged away, and their files are held here.
    pub(crate) fn follow(&self, view: &Searcher, field: Field) -> tantivy::Result<()> {
        {
            let known = &mut *self.lock();
            let mut before = std::mem::take(&mut known.segments);
            let ids = |known: &[KnownSegment]| known.iter().map(|known| known.id).collect();
            let ids_before: Vec<SegmentId> = ids(&before);
            for segment in view.segment_readers() {
                let id = segment.segment_id();
                let place = before.iter().position(|known| known.id == id);
                known.segments.push(match place {
                    Some(place) => before.swap_remove(place),
                    None => KnownSegment {
                        id,
                        files: Vec::new(),
                        store: None,
                    },
                });
            }
            let ids_now: Vec<SegmentId> = ids(&known.segments);
            if ids_now != ids_before {
                known.terms.clear();
                known.alike.clear();
            }
            known.view = Some(view.generation().generation_id());
        }
        for segment in view.segment_readers() {
            self.files(segment, field)?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The words of the text field, in one view.
pub(super) struct Dictionary<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
    /// Of each segment.
    files: Vec<PostingFiles>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(core: &'a Core, searcher: &'a Searcher) -> Result<Dictionary<'a>> {
        let files = core.known_terms.all_files(searcher, core.fields.text);
        Ok(Dictionary {
            core,
            searcher,
            files: files.map_err(|error| failure("reading words", &core.place, error))?,
        })
    }

    /// The postings of the words of a segment.
    pub(super) fn files(&self, segment: SegmentOrdinal) -> tantivy::Result<&PostingFiles> {
        self.files.get(segment as usize).ok_or_else(|| {
            TantivyError::InternalError(format!("segment {segment} is not one of the view"))
        })
    }

    /// How many words all texts have.
    pub(super) fn tokens(&self) -> u64 {
        self.files.iter().map(PostingFiles::tokens).sum()
    }

    pub(super) fn locate(&self, term: &Term) -> tantivy::Result<Arc<LocatedTerm>> {
        self.core.known_terms.locate(self.searcher, term)
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

    /// The postings in a segment, to seek documents in.
    pub(super) fn open(
        &self,
        files: &PostingFiles,
        segment: SegmentOrdinal,
        has_positions: bool,
    ) -> tantivy::Result<Option<Box<PostingList>>> {
        let info = self.info(segment);
        let list = info.map(|info| files.list_to_seek_in(info, has_positions));
        Ok(list.transpose()?)
    }
}
