//! Readers: files to [`Article`](crate::Article)s.
//!
//! [`records`] walks a file or a folder and yields one article after the other, in constant memory.
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
mod json_lines;
mod records;
mod text_file;

pub use bad_record::BadRecord;
pub use records::{Records, records};
