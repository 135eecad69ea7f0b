//! Everything that speaks tantivy on behalf of the public rooms: schema, documents, tokenizer,
//! queries, ranking, failures.

pub(crate) mod document;
mod failure;
mod lock;
pub(crate) mod schema;
mod tokenizer;

pub(crate) use failure::failure;
pub(crate) use lock::{HolderNote, holder as lock_holder};
pub(crate) use tokenizer::ArticleTokenizer;

use tantivy::IndexReader;

use crate::error::{Place, Result};
use crate::text::Analyzer;

/// What an index, its writer and its searchers share.
pub(crate) struct Core {
    pub index: tantivy::Index,
    pub reader: IndexReader,
    pub fields: schema::Fields,
    pub analyzer: Analyzer,
    pub place: Place,
    pub read_only: bool,
    pub writer_memory: usize,
}

impl Core {
    pub(crate) fn reload(&self) -> Result<()> {
        self.reader
            .reload()
            .map_err(|error| failure("reading the last commit", &self.place, error))
    }
}
