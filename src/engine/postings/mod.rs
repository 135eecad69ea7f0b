//! How the words of articles become postings ([`PostingsPlugin`]), and how these are read
//! ([`PostingList`]).
//!
//! The engine's own way looks every term up in one table of all terms. Here a word is recorded once
//! for all its terms, and the engine, which is told of no words at all, writes empty postings that
//! the plugin then writes anew, in the engine's format. Writers of ours merge with it too; deleting is
//! the engine's alone.

mod beside;
mod bitmaps;
mod block;
mod bytes;
mod champions;
mod files;
mod hidden;
mod lanes;
mod list;
mod merge;
mod numbers;
mod pairs;
mod positions;
mod recorder;
mod seen;
mod serializer;
mod terms;
#[cfg(test)]
mod tests;
mod unrolled;
mod write;

use std::any::Any;
use std::sync::Arc;

use tantivy::directory::error::DeleteError;
use tantivy::directory::{CompositeWrite, Directory, WritePtr};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::indexer::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::postings::FieldSerializer;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Schema, Value};
use tantivy::tokenizer::MAX_TOKEN_LEN;
use tantivy::{DocId, Index, Segment, TantivyDocument, TantivyError};
use tantivy_stacker::{MemoryArena, compute_table_memory_size};

use self::beside::FilesBeside;
pub(crate) use self::bitmaps::{BITMAPS, Bitmap};
pub(crate) use self::block::{BLOCK, PlaceTable};
pub(crate) use self::champions::{CHAMPIONS, Champion, Others};
pub(crate) use self::files::PostingFiles;
pub(super) use self::hidden::hide;
pub(crate) use self::list::PostingList;
pub(super) use self::pairs::with_pairs;
use self::recorder::{Forms, Place, Recorder, term};
use self::serializer::Words;
use self::terms::{Extent, NoTokens, record_words};
pub(super) use self::terms::{TITLE_MARK, TITLE_POSITIONS, WRITTEN_MARK};
use crate::engine::backlog::Backlog;
use crate::text::{Analyzer, DocumentReader};

/// The tokenizer of fields that hold whole values, in the engine's schema.
const WHOLE: &str = "raw";

/// An eighth of the memory is for the places of words met before, and about as much for their letters. A sixteenth of 64 MB
/// holds too few of them: a fortieth more time, a twelfth where words are as many as in generated articles.
const OF_WORDS: usize = 8;

/// The files that hold the words of a segment.
const FILES: [SegmentComponent; 3] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
];

/// The plugin for a new index, whose segments are to have [files](beside) about the words of `field`.
pub(crate) fn plugin(analyzer: &Analyzer, field: Field) -> Arc<dyn SegmentPlugin> {
    Arc::new(PostingsPlugin {
        analyzer: analyzer.clone(),
        beside: FilesBeside::all(field),
        backlog: Arc::default(),
    })
}

/// Sees to it that the plugin, and not the engine, records the words of what is written into `index`.
pub(crate) fn register(
    index: &mut Index,
    tokenizer: &str,
    analyzer: &Analyzer,
    field: Field,
    backlog: Arc<Backlog>,
) -> tantivy::Result<()> {
    for name in [tokenizer, WHOLE] {
        index.tokenizers().register(name, NoTokens);
    }
    if index.custom_plugins().is_empty() {
        let endings = index.load_metas()?.persisted_custom_extensions;
        index.register_plugin(Arc::new(PostingsPlugin {
            analyzer: analyzer.clone(),
            beside: FilesBeside::of(field, &endings),
            backlog,
        }));
    }
    Ok(())
}

struct PostingsPlugin {
    analyzer: Analyzer,
    beside: FilesBeside,
    backlog: Arc<Backlog>,
}

impl SegmentPlugin for PostingsPlugin {
    fn extensions(&self) -> &[&str] {
        self.beside.endings()
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        let schema = context.segment.schema();
        let fields = schema
            .fields()
            .map(|(field, entry)| match entry.field_type() {
                FieldType::Str(options) => {
                    options
                        .get_indexing_options()
                        .map(|indexing| RecordedField {
                            is_whole: indexing.tokenizer() == WHOLE,
                            has_positions: indexing.index_option()
                                == IndexRecordOption::WithFreqsAndPositions,
                            forms: Forms::new(self.beside.has_pairs(field)),
                            extent: Extent::default(),
                        })
                }
                _ => None,
            });
        Ok(Box::new(PostingsWriter {
            reader: DocumentReader::new(&self.analyzer, context.memory_budget_in_bytes / OF_WORDS),
            fields: fields.collect(),
            lengths: FieldNormsWriter::for_schema(&schema),
            arena: MemoryArena::default(),
            documents: 0,
            idle: engine_table(context.memory_budget_in_bytes),
            beside: self.beside,
            backlog: self.backlog.clone(),
        }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        merge::merge(&context)?;
        self.beside.write(context.target_segment)
    }
}

/// A field whose values are searched for.
struct RecordedField {
    /// Whether a value is one term, as it is.
    is_whole: bool,
    has_positions: bool,
    forms: Forms,
    /// Of the article at hand.
    extent: Extent,
}

/// The postings of a segment that is being gathered.
struct PostingsWriter {
    reader: DocumentReader,
    /// By the number of the field.
    fields: Vec<Option<RecordedField>>,
    lengths: FieldNormsWriter,
    arena: MemoryArena,
    documents: u32,
    /// What the engine's own table of terms takes and counts, in bytes, though nothing is put in it.
    idle: usize,
    beside: FilesBeside,
    backlog: Arc<Backlog>,
}

/// The size of the table of terms that the engine makes for a segment: a third of the memory at the most.
fn engine_table(memory: usize) -> usize {
    let sizes = (10..20).map(|power| compute_table_memory_size(1 << power));
    let fitting = sizes.take_while(|size| *size < memory / 3);
    fitting.last().unwrap_or_default()
}

impl PluginWriter for PostingsWriter {
    fn add_document(
        &mut self,
        document: DocId,
        article: &dyn ErasedDocument,
        _: &Schema,
    ) -> tantivy::Result<()> {
        let Some(article) = article.as_any().downcast_ref::<TantivyDocument>() else {
            return Err(TantivyError::InvalidArgument(
                "only documents that were made from articles can be added".to_owned(),
            ));
        };
        self.backlog.take(article);
        for (field, value) in article.field_values() {
            let recorded = self.fields.get_mut(field.field_id() as usize);
            let (Some(Some(recorded)), Some(text)) = (recorded, value.as_str()) else {
                continue;
            };
            let RecordedField {
                is_whole,
                forms,
                extent,
                ..
            } = recorded;
            let arena = &mut self.arena;
            let mut recorder = Recorder { forms, arena };
            if !*is_whole {
                record_words(&mut self.reader, document, text, extent, &mut recorder);
            } else if text.len() <= MAX_TOKEN_LEN {
                let position = extent.next_position;
                let place = Place { document, position };
                extent.next_position += 1;
                recorder.record(term(text), place);
                extent.terms += recorder.finish();
            }
        }
        for (number, recorded) in (0..).zip(&mut self.fields) {
            if let Some(recorded) = recorded {
                let extent = std::mem::take(&mut recorded.extent);
                if extent.next_position > 0 {
                    let field = Field::from_field_id(number);
                    self.lengths.record(document, field, extent.terms);
                }
            }
        }
        self.documents = document.saturating_add(1);
        Ok(())
    }

    fn serialize(
        mut self: Box<Self>,
        segment: &Segment,
        order: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        if order.is_some() {
            return Err(TantivyError::InvalidArgument(
                "articles are kept in the order in which they were added".to_owned(),
            ));
        }
        // The engine's own, in which there is nothing.
        remove(segment, SegmentComponent::FieldNorms)?;
        for component in FILES {
            remove(segment, component)?;
        }
        self.lengths.fill_up_to_max_doc(self.documents);
        let file = segment.open_write(SegmentComponent::FieldNorms)?;
        let serializer = FieldNormsSerializer::from_write(file)?;
        self.lengths.serialize(serializer, None)?;
        // The best score of a block of postings depends on the lengths.
        let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let mut files = open_files(segment)?;
        for (number, recorded) in (0..).zip(&self.fields) {
            let Some(recorded) = recorded else {
                continue;
            };
            let forms = &recorded.forms;
            if forms.terms == 0 {
                continue;
            }
            let field = Field::from_field_id(number);
            let [terms, postings, positions] = files.each_mut().map(|file| file.for_field(field));
            match lengths.get_field(field)? {
                Some(lengths) if recorded.has_positions => {
                    let files = [terms, postings, positions];
                    let serializer = Words::create(forms.terms, lengths, files)?;
                    write::write(forms, &self.arena, serializer)?;
                }
                lengths => {
                    let option = IndexRecordOption::Basic;
                    let serializer = FieldSerializer::create(
                        option,
                        forms.terms,
                        terms,
                        postings,
                        positions,
                        lengths,
                    )?;
                    write::write(forms, &self.arena, serializer)?;
                }
            }
        }
        for file in files {
            file.close()?;
        }
        self.beside.write(segment)
    }

    fn mem_usage(&self) -> usize {
        let fields = self.fields.iter().flatten();
        let forms: usize = fields.map(|field| field.forms.memory()).sum();
        let recorded = forms + self.arena.mem_usage() + self.lengths.mem_usage();
        let used = recorded + self.reader.extra_memory();
        used.saturating_sub(self.idle)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// The files of a segment that hold its words, to be written field by field.
fn open_files(segment: &Segment) -> tantivy::Result<[CompositeWrite<WritePtr>; 3]> {
    let [terms, postings, positions] = FILES;
    let open = |component| -> tantivy::Result<_> {
        Ok(CompositeWrite::wrap(segment.open_write(component)?))
    };
    Ok([open(terms)?, open(postings)?, open(positions)?])
}

/// Removes a file that the engine has written, to be written anew.
fn remove(segment: &Segment, component: SegmentComponent) -> tantivy::Result<()> {
    let path = segment.relative_path(component);
    let deleted = segment.index().directory().delete(&path);
    deleted.map_err(|error| match error {
        DeleteError::FileDoesNotExist(path) => TantivyError::InternalError(format!(
            "{} went away while it was written",
            path.display()
        )),
        DeleteError::IoError { io_error, .. } => TantivyError::IoError(io_error),
    })
}

/// How many bytes a number takes at the most.
const NUMBER: usize = 5;

/// Reads a number of seven bits a byte, the lowest first; its last byte has the highest bit set.
#[inline]
fn read_number(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.next()?;
        number |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 != 0 {
            return Some(number);
        }
        shift += 7;
    }
}

fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8);
        number >>= 7;
    }
    bytes.push(number as u8 | 0x80);
}
