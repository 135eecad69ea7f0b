//! How the postings of words in several segments become those of one.
//!
//! The engine reads each document's positions, adds their steps up, and takes them apart again. Here the steps
//! are copied as they are, and blocks are decoded once: half the time. What is written is the same, byte for byte.

use std::io::{self, Write};

use tantivy::directory::{CompositeFile, CompositeWrite, OwnedBytes, WritePtr};
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::MappingType;
use tantivy::plugin::PluginMergeContext;
use tantivy::postings::{FieldSerializer, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::{TermDictionary, TermMerger};
use tantivy::{DocId, SegmentReader, TERMINATED, TantivyError};

use super::files::TOKENS;
use super::hidden::{self, hidden};
use super::list::{PostingList, damaged};
use super::remove;

/// What a deleted document becomes.
const DELETED: DocId = DocId::MAX;

/// The files that hold the words of a segment.
const FILES: [SegmentComponent; 3] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
];

/// Merges the fields that were [hidden](super::hidden) from the engine, which has written the files without them.
pub(super) fn merge(context: &PluginMergeContext<'_>) -> tantivy::Result<()> {
    let mut sources = Vec::with_capacity(context.readers.len());
    let mut base = 0;
    for reader in context.readers {
        sources.push(Source::open(reader, base)?);
        base += reader.num_docs();
    }
    let is_hidden = |field| sources.iter().any(|source| source.has(field));
    let indexed = context.schema.fields();
    let indexed = indexed.filter(|(_, entry)| entry.is_indexed());
    let fields: Vec<Field> = indexed.map(|(field, _)| field).collect();
    if !fields.iter().any(|field| is_hidden(*field)) {
        return Ok(());
    }
    if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
        let message = "articles are kept in the order in which they were added";
        return Err(TantivyError::InvalidArgument(message.to_owned()));
    }
    let segment = context.target_segment;
    let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let written = fields
        .into_iter()
        .map(|field| (field, [const { Vec::new() }; 3]));
    let mut written: Vec<(Field, [Vec<u8>; 3])> = written.collect();
    // In memory, for a file cannot be written anew while it is mapped; small beside what was hidden.
    for (number, component) in FILES.into_iter().enumerate() {
        let file = CompositeFile::open(&segment.open_read(component)?)?;
        for (field, parts) in written.iter_mut().filter(|(field, _)| !is_hidden(*field)) {
            if let (Some(part), Some(bytes)) = (parts.get_mut(number), hidden::open(&file, *field))
            {
                part.extend_from_slice(&bytes.read_bytes()?);
            }
        }
    }
    for component in FILES {
        remove(segment, component)?;
    }
    let mut files = Vec::with_capacity(FILES.len());
    for component in FILES {
        files.push(CompositeWrite::wrap(segment.open_write(component)?));
    }
    for (field, parts) in written {
        if !is_hidden(field) {
            for (file, part) in files.iter_mut().zip(parts) {
                file.for_field(field).write_all(&part)?;
            }
        } else {
            merge_field(field, &sources, lengths.get_field(field)?, &mut files)?;
        }
    }
    for file in files {
        file.close()?;
    }
    Ok(())
}

/// A segment that is merged.
struct Source<'a> {
    reader: &'a SegmentReader,
    files: [CompositeFile; 3],
    /// What its first document becomes.
    base: DocId,
    /// What each document becomes, where some are deleted.
    documents: Option<Vec<DocId>>,
}

impl Source<'_> {
    fn open(reader: &SegmentReader, base: DocId) -> tantivy::Result<Source<'_>> {
        let open = |component| -> tantivy::Result<CompositeFile> {
            Ok(CompositeFile::open(&reader.open_read(component)?)?)
        };
        let [terms, postings, positions] = FILES;
        let documents = reader.alive_bitset().map(|alive| {
            let mut next = base;
            let number = |doc| match alive.is_alive(doc) {
                true => {
                    next += 1;
                    next - 1
                }
                false => DELETED,
            };
            (0..reader.max_doc()).map(number).collect()
        });
        Ok(Source {
            reader,
            files: [open(terms)?, open(postings)?, open(positions)?],
            base,
            documents,
        })
    }

    /// Whether a field was hidden from the engine.
    fn has(&self, field: Field) -> bool {
        let [_, postings, _] = &self.files;
        postings.open_read(hidden(field)).is_some()
    }

    fn field(&self, field: Field) -> tantivy::Result<Option<SourceField<'_>>> {
        let [terms, postings, positions] = &self.files;
        let (Some(terms), Some(postings), Some(positions)) = (
            terms.open_read(field),
            postings.open_read(hidden(field)),
            positions.open_read(field),
        ) else {
            return Ok(None);
        };
        let postings = postings.read_bytes()?;
        let tokens = postings
            .first_chunk()
            .copied()
            .map_or(0, u64::from_le_bytes);
        Ok(Some(SourceField {
            terms: TermDictionary::open(terms)?,
            postings: postings.slice(TOKENS.min(postings.len())..postings.len()),
            positions: positions.read_bytes()?,
            tokens: self.tokens(field, tokens)?,
            source: self,
        }))
    }

    /// How many tokens of a field are kept: as many as the lengths tell, where documents are deleted.
    fn tokens(&self, field: Field, all: u64) -> tantivy::Result<u64> {
        let Some(alive) = self.reader.alive_bitset() else {
            return Ok(all);
        };
        let lengths = self.reader.get_fieldnorms_reader(field)?;
        let length = |doc| u64::from(FieldNormReader::id_to_fieldnorm(lengths.fieldnorm_id(doc)));
        Ok(alive.iter_alive().map(length).sum())
    }
}

/// A field of a segment that is merged.
struct SourceField<'a> {
    source: &'a Source<'a>,
    terms: TermDictionary,
    postings: OwnedBytes,
    positions: OwnedBytes,
    tokens: u64,
}

impl SourceField<'_> {
    fn list(&self, info: &TermInfo) -> io::Result<Box<PostingList>> {
        let end = self.source.reader.max_doc();
        PostingList::open(info, end, &self.postings, Some(&self.positions))
    }

    /// What a document becomes; none where it is deleted.
    #[inline]
    fn document(&self, doc: DocId) -> Option<DocId> {
        match &self.source.documents {
            None => Some(self.source.base + doc),
            Some(documents) => {
                let new = documents.get(doc as usize).copied();
                new.filter(|new| *new != DELETED)
            }
        }
    }

    /// Whether a document of a term is kept.
    fn keeps_any(&self, info: &TermInfo) -> io::Result<bool> {
        if self.source.documents.is_none() {
            return Ok(true);
        }
        let mut is_kept = false;
        self.list(info)?.for_each_block(|docs| {
            is_kept |= docs.iter().any(|doc| self.document(*doc).is_some());
        });
        Ok(is_kept)
    }
}

fn merge_field(
    field: Field,
    sources: &[Source<'_>],
    lengths: Option<FieldNormReader>,
    files: &mut [CompositeWrite<WritePtr>],
) -> tantivy::Result<()> {
    let mut parts = Vec::with_capacity(sources.len());
    for source in sources {
        parts.extend(source.field(field)?);
    }
    let [terms_file, postings_file, positions_file] = files else {
        return Err(TantivyError::InternalError(
            "three files are written".to_owned(),
        ));
    };
    let mut serializer = FieldSerializer::create(
        IndexRecordOption::WithFreqsAndPositions,
        parts.iter().map(|part| part.tokens).sum(),
        terms_file.for_field(field),
        postings_file.for_field(field),
        positions_file.for_field(field),
        lengths,
    )?;
    let mut streams = Vec::with_capacity(parts.len());
    for part in &parts {
        streams.push(part.terms.stream()?);
    }
    let documents = sources.iter().map(|source| source.reader.num_docs()).sum();
    let mut terms = TermMerger::new(streams);
    let (mut found, mut steps) = (Vec::new(), Vec::new());
    while terms.advance() {
        found.clear();
        for (number, info) in terms.current_segment_ords_and_term_infos() {
            if let Some(part) = parts.get(number)
                && part.keeps_any(&info)?
            {
                found.push((part, info));
            }
        }
        if found.is_empty() {
            continue;
        }
        let having = found.iter().map(|(_, info)| info.doc_freq);
        // Deleted ones included: what is written does not depend on it, but more than there are is refused.
        let having = having.fold(0, u32::saturating_add).min(documents);
        serializer.new_term(terms.key(), having, true)?;
        for (part, info) in &found {
            let mut list = part.list(info)?;
            for_each_document(&mut list, &mut steps, |doc, steps| {
                if let Some(doc) = part.document(doc) {
                    let frequency = u32::try_from(steps.len()).unwrap_or(u32::MAX);
                    serializer.write_doc(doc, frequency, steps);
                }
            })?;
        }
        serializer.close_term()?;
    }
    Ok(serializer.close()?)
}

/// Visits all documents of a list, each with its positions as they are written: as steps from one to the next.
/// `steps` is a buffer. An error where the list ends early.
fn for_each_document(
    list: &mut PostingList,
    steps: &mut Vec<u32>,
    mut visit: impl FnMut(DocId, &[u32]),
) -> io::Result<()> {
    let mut positions = list.take_positions().ok_or_else(damaged)?;
    let (mut read, mut next, mut seen) = (0, 0, 0);
    steps.clear();
    loop {
        let (_, docs, frequencies) = list.up_to(TERMINATED);
        let needed: u64 = frequencies.iter().copied().map(u64::from).sum();
        steps.drain(..read);
        read = 0;
        while (steps.len() as u64) < needed {
            let more = positions.block(next);
            if more.is_empty() {
                return Err(damaged());
            }
            steps.extend_from_slice(more);
            next += 1;
        }
        for (doc, frequency) in docs.iter().zip(frequencies) {
            let end = read + *frequency as usize;
            visit(*doc, steps.get(read..end).unwrap_or_default());
            read = end;
        }
        seen += docs.len();
        if !list.skip_block() {
            break;
        }
    }
    match seen == list.documents() as usize {
        true => Ok(()),
        false => Err(damaged()),
    }
}
