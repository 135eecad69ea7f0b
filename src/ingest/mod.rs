//! Files to articles, and articles into an index.
//!
//! - [`Import`] is a whole run: it reads a source, skips what the index already has, writes the rest,
//!   and reports.
//! - [`Source`] says what is read and how; [`records`] is the short way to its articles. Texts, JSON
//!   lines and arrays, CSV and TSV; with features also HTML pages (`html`), RSS and Atom (`feeds`),
//!   and any of them compressed (`gzip`, `zstd`). Everything is read in constant memory.
//! - [`clean`] is the press cleaner, which texts, pages and feeds go through unless told otherwise.
//! - [`Reader`] is what a source of your own implements.
//!
//! A bad record never stops it: it comes out as a [`BadRecord`] that says which file, which line,
//! which field and why, and the next one follows.
//!
//! ```
//! use trouvaille::{Index, ingest};
//!
//! let index = Index::in_memory()?;
//! let mut writer = index.writer()?;
//! for record in ingest::records("seeds/articles.jsonl")? {
//!     match record {
//!         Ok(article) => writer.upsert(&article)?,
//!         Err(bad) => eprintln!("{bad}"),
//!     }
//! }
//! writer.commit()?;
//! assert!(index.len() >= 40);
//! # Ok::<(), trouvaille::Error>(())
//! ```

mod bad_record;
pub mod clean;
mod encoding;
mod fields;
mod files;
mod format;
mod ids;

mod import;
mod input;
mod object;
mod readers;
mod record;
mod records;
mod report;
mod source;

pub use bad_record::BadRecord;
pub use fields::{ArticleField, FieldMap};
pub use format::Format;
pub use ids::IdFrom;

pub use import::{Duplicates, Import};
pub use record::{Note, Reader, Record};
pub use records::{Records, records};
pub use report::{Outcome, Progress, Report};
pub use source::Source;
