//! The tantivy schema of an article, and what its fields are for.

use tantivy::schema::{
    FAST, Field as EngineField, IndexRecordOption, NumericOptions, STORED, Schema,
    TextFieldIndexing, TextOptions,
};

use crate::error::{Error, Result};

/// Raises when fields are added, removed or change their meaning.
const FORMAT: u32 = 3;
const TOKENIZER_PREFIX: &str = "trouvaille-";

/// Handles of every field of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The caller's id, whole.
    pub id: EngineField,
    /// Title then body, as two stored values: lemmas and written words, in one field because the
    /// engine prunes a search on one scorer only (2 to 4 times faster on AND and single words).
    pub text: EngineField,
    /// The title alone, for `title:` queries and for ranking.
    pub title: EngineField,
    /// Whole values, for filters and facets; their words, for queries.
    pub author: EngineField,
    pub author_words: EngineField,
    pub source: EngineField,
    pub source_words: EngineField,
    pub tag: EngineField,
    pub tag_words: EngineField,
    /// Words of the extras that hold them: an article must not be found for the title of another, nor
    /// for what its readers say, unless asked.
    pub comments: EngineField,
    pub related: EngineField,
    /// Stored only.
    pub url: EngineField,
    /// As the caller gave it, stored only.
    pub published: EngineField,
    /// Seconds since 1970 UTC, for ranges and order.
    pub timestamp: EngineField,
    /// `name NUL value`, whole, for filters.
    pub extra: EngineField,
    /// The extras as one JSON object, stored only.
    pub extra_json: EngineField,
    /// The title as a key that sorts in French order (`collation.rs`); fast only.
    pub title_order: EngineField,
    /// What near duplicates have in common (`fingerprint.rs`): several numbers, fast only.
    pub fingerprint: EngineField,
}

/// The tokenizer's name in the schema: it carries the format and the analyzer's fingerprint, so that
/// an index made with another analyzer differs in its schema and is refused instead of mis-searched.
pub(crate) fn tokenizer_name(fingerprint: &str) -> String {
    format!("{TOKENIZER_PREFIX}{FORMAT}-{fingerprint}")
}

pub(crate) fn build(fingerprint: &str) -> (Schema, Fields) {
    let tokenizer = tokenizer_name(fingerprint);
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(&tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let whole = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let value = whole.clone().set_stored().set_fast("raw");
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_text_field("id", whole.clone().set_stored()),
        text: schema.add_text_field("text", words.clone().set_stored()),
        title: schema.add_text_field("title", words.clone()),
        author: schema.add_text_field("author", value.clone()),
        author_words: schema.add_text_field("author_words", words.clone()),
        source: schema.add_text_field("source", value.clone()),
        source_words: schema.add_text_field("source_words", words.clone()),
        tag: schema.add_text_field("tag", value),
        tag_words: schema.add_text_field("tag_words", words.clone()),
        comments: schema.add_text_field("comments", words.clone()),
        related: schema.add_text_field("related", words),
        url: schema.add_text_field("url", STORED),
        published: schema.add_text_field("published", STORED),
        timestamp: schema.add_i64_field("timestamp", NumericOptions::default() | FAST),
        extra: schema.add_text_field("extra", whole),
        extra_json: schema.add_text_field("extra_json", STORED),
        title_order: schema.add_text_field("title_order", TextOptions::default().set_fast("raw")),
        fingerprint: schema.add_u64_field("fingerprint", FAST),
    };
    (schema.build(), fields)
}

/// Checks that `found` is the schema of this format and this analyzer.
pub(crate) fn check(found: &Schema, place: &str, fingerprint: &str) -> Result<Fields> {
    let (expected, fields) = build(fingerprint);
    if *found == expected {
        return Ok(fields);
    }
    let analyzer = found
        .get_field("text")
        .ok()
        .and_then(|field| {
            match found.get_field_entry(field).field_type() {
                tantivy::schema::FieldType::Str(options) => options.get_indexing_options(),
                _ => None,
            }
            .map(|options| options.tokenizer().to_owned())
        })
        .filter(|name| name.starts_with(TOKENIZER_PREFIX));
    let wanted = tokenizer_name(fingerprint);
    Err(Error::incompatible(match analyzer {
        Some(name) if name == wanted => format!(
            "the index {place} has other fields than this version of trouvaille writes: index the articles again into a new directory"
        ),
        Some(name) => format!(
            "the index {place} was made with the analyzer `{name}`, this program uses `{wanted}`: open it with the analyzer (and the version of trouvaille) that made it, or index the articles again into a new directory"
        ),
        None => format!(
            "the index {place} is a tantivy index that trouvaille did not make: give another directory"
        ),
    }))
}
