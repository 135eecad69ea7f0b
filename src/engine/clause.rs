//! [`Clause`]: what a search is filtered by, asked whether it has one document after the other.

use tantivy::query::{Scorer, Weight};
use tantivy::{DocId, SeekDangerResult, SegmentReader};

use super::documents::Documents;
use super::expanded::Expanded;

/// A filter is rare where it leaves less than one document of so many.
const RARE: u32 = 64;

/// After a look-up for one document of so many that it costs to go through all of a filter, this is done once.
const LOOK_UPS: u64 = 16;

/// A filter, or what is excluded, in one segment.
pub(super) struct Clause<'a> {
    weight: &'a dyn Weight,
    reader: &'a SegmentReader,
    asked: Asked,
    /// How many documents may be looked up before all are gathered.
    look_ups: u64,
    gathered: Option<Documents>,
    /// As far as is known: of dates the engine says that they are not.
    pub is_rare: bool,
}

impl<'a> Clause<'a> {
    pub(super) fn open(
        weight: &'a dyn Weight,
        reader: &'a SegmentReader,
    ) -> tantivy::Result<Clause<'a>> {
        let documents = weight.scorer(reader, 1.0)?;
        Ok(Clause {
            weight,
            reader,
            look_ups: documents.cost() / LOOK_UPS,
            gathered: None,
            is_rare: documents.size_hint() < reader.max_doc() / RARE,
            asked: Asked::new(documents),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.asked.next == tantivy::TERMINATED
    }

    /// Whether it has a document; they are asked for in order.
    #[inline]
    pub(super) fn has(&mut self, doc: DocId) -> bool {
        match &self.gathered {
            Some(gathered) => gathered.has(doc),
            None => self.look_up(doc),
        }
    }

    fn look_up(&mut self, doc: DocId) -> bool {
        match self.look_ups.checked_sub(1) {
            Some(left) => self.look_ups = left,
            None => match self.gather() {
                Some(gathered) => {
                    self.is_rare = gathered.count() < self.reader.max_doc() / RARE;
                    return self.gathered.insert(gathered).has(doc);
                }
                None => self.look_ups = u64::MAX,
            },
        }
        self.asked.has(doc)
    }

    /// None where they cannot be read: then they are looked up as before.
    fn gather(&self) -> Option<Documents> {
        let mut documents = Documents::new(self.reader.max_doc());
        let add = &mut |docs: &[DocId]| docs.iter().for_each(|doc| documents.insert(*doc));
        let gathered = self.weight.for_each_no_score(self.reader, add);
        gathered.is_ok().then_some(documents)
    }

    /// All of its documents, from the first on.
    pub(super) fn into_documents(self) -> tantivy::Result<Box<dyn Scorer>> {
        match self.gathered {
            Some(gathered) => Ok(Box::new(Expanded::new(gathered, 0.0))),
            None if self.asked.is_untouched => Ok(self.asked.documents),
            None => self.weight.scorer(self.reader, 1.0),
        }
    }
}

/// Documents that are asked for one after the other.
pub(super) struct Asked {
    documents: Box<dyn Scorer>,
    /// The last one that is known to be there.
    found: DocId,
    /// Behind that one, there is none before this one.
    next: DocId,
    /// Whether they stand at the first one.
    is_untouched: bool,
}

impl Asked {
    pub(super) fn new(documents: Box<dyn Scorer>) -> Asked {
        let first = documents.doc();
        Asked {
            documents,
            found: first,
            next: first,
            is_untouched: true,
        }
    }

    /// Only this one is looked for, not the next one behind it: of dates, the value of one article is read, and a
    /// phrase is not looked for further.
    pub(super) fn has(&mut self, doc: DocId) -> bool {
        if doc == self.found {
            return true;
        }
        if doc < self.next {
            return false;
        }
        self.is_untouched = false;
        match self.documents.seek_danger(doc) {
            SeekDangerResult::Found => {
                self.found = doc;
                true
            }
            SeekDangerResult::SeekLowerBound(next) => {
                self.next = next;
                false
            }
        }
    }
}
