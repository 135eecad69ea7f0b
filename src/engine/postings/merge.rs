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
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::termdict::{TermDictionary, TermMerger};
use tantivy::{DocId, SegmentReader, TERMINATED, TantivyError};

use super::bytes::Bytes;
use super::files::TOKENS;
use super::hidden::{self, hidden};
use super::list::{PostingList, damaged};
use super::serializer::{TermWriter, Words};
use super::{FILES, remove};

/// What a deleted document becomes.
const DELETED: DocId = DocId::MAX;

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
    let mut files = Vec::with_capacity(FILES.len());
    for component in FILES {
        // In memory, for a file cannot be written anew while it is mapped; one at a time.
        let mut kept = Vec::new();
        let file = CompositeFile::open(&segment.open_read(component.clone())?)?;
        for field in fields.iter().filter(|field| !is_hidden(**field)) {
            if let Some(of_field) = hidden::open(&file, *field) {
                kept.push((*field, of_field.read_bytes()?.to_vec()));
            }
        }
        drop(file);
        remove(segment, component.clone())?;
        let mut file = CompositeWrite::wrap(segment.open_write(component)?);
        for (field, bytes) in kept {
            file.for_field(field).write_all(&bytes)?;
        }
        files.push(file);
    }
    for field in fields.into_iter().filter(|field| is_hidden(*field)) {
        merge_field(field, &sources, &lengths, &mut files)?;
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
        let postings = Bytes::whole(&self.postings, &info.postings_range).ok_or_else(damaged)?;
        let positions = Bytes::whole(&self.positions, &info.positions_range);
        PostingList::open(info, end, postings, Some(positions.ok_or_else(damaged)?))
    }

    /// What a document becomes, where some are deleted; none where it is.
    #[inline]
    fn document(&self, doc: DocId) -> Option<DocId> {
        let documents = self.source.documents.as_deref().unwrap_or_default();
        let new = documents.get(doc as usize).copied();
        new.filter(|new| *new != DELETED)
    }

    /// Copies the documents of a term that are kept. `steps` is a buffer. An error where the list ends early.
    fn copy(
        &self,
        info: &TermInfo,
        steps: &mut Vec<u32>,
        serializer: &mut Words<'_, impl Write>,
    ) -> io::Result<()> {
        let mut list = self.list(info)?;
        let mut positions = list.take_positions().ok_or_else(damaged)?;
        let (mut read, mut next, mut seen, mut last) = (0, 0, 0, None);
        steps.clear();
        loop {
            let (_, docs, frequencies) = list.up_to(TERMINATED);
            // What is damaged must not get a checksum that is right.
            let is_in_order = docs.first().is_none_or(|first| Some(*first) > last)
                && docs.is_sorted_by(|a, b| a < b);
            if !is_in_order || frequencies.contains(&0) {
                return Err(damaged());
            }
            last = docs.last().copied().or(last);
            let needed: u64 = frequencies.iter().copied().map(u64::from).sum();
            steps.drain(..read);
            while (steps.len() as u64) < needed {
                let more = positions.block(next);
                if more.is_empty() {
                    return Err(damaged());
                }
                steps.extend_from_slice(more);
                next += 1;
            }
            read = needed as usize;
            let of_block = steps.get(..read).unwrap_or_default();
            if self.source.documents.is_none() {
                let docs = docs.iter().map(|doc| self.source.base + doc);
                serializer.write_documents(docs, frequencies, of_block);
            } else {
                let mut rest = of_block;
                for (doc, frequency) in docs.iter().zip(frequencies) {
                    let (steps, behind) = rest.split_at(rest.len().min(*frequency as usize));
                    rest = behind;
                    if let Some(doc) = self.document(*doc) {
                        serializer.write_document(doc, steps);
                    }
                }
            }
            seen += docs.len();
            if !list.skip_block() {
                break;
            }
        }
        let is_all_read = steps.len() == read && positions.block(next).is_empty();
        match is_all_read && seen == list.documents() as usize {
            true => Ok(()),
            false => Err(damaged()),
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
    lengths: &FieldNormReaders,
    files: &mut [CompositeWrite<WritePtr>],
) -> tantivy::Result<()> {
    let mut parts = Vec::with_capacity(sources.len());
    for source in sources {
        parts.extend(source.field(field)?);
    }
    let tokens = parts.iter().map(|part| part.tokens).sum();
    let lengths = lengths
        .get_field(field)?
        .ok_or_else(|| TantivyError::InternalError("a field of words has no lengths".to_owned()))?;
    let [terms, postings, positions] = files else {
        let message = "words are written into three files";
        return Err(TantivyError::InternalError(message.to_owned()));
    };
    let files = [terms, postings, positions].map(|file| file.for_field(field));
    let mut serializer = Words::create(tokens, lengths, files)?;
    let mut streams = Vec::with_capacity(parts.len());
    for part in &parts {
        streams.push(part.terms.stream()?);
    }
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
        serializer.new_term(terms.key())?;
        for (part, info) in &found {
            part.copy(info, &mut steps, &mut serializer)?;
        }
        serializer.close_term()?;
    }
    Ok(serializer.close()?)
}
