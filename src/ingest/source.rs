//! [`Source`]: what is read, and how.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clean::Cleaner;
use super::fields::FieldMap;
use super::files::Files;
use super::format::Format;
use super::ids::IdFrom;
use super::records::{Records, Settings};
use crate::error::{Error, Result};

/// A file or a folder to read articles from, and how.
///
/// ```
/// use trouvaille::ingest::{ArticleField, FieldMap, Format, Source};
///
/// let source = Source::new("seeds")
///     .formats([Format::Text, Format::JsonLines])
///     .fields(FieldMap::new().name("chapo", ArticleField::Extra));
/// let articles: Vec<_> = source.open()?.filter_map(Result::ok).collect();
/// assert!(articles.len() > 80);
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Source {
    path: PathBuf,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    fields: FieldMap,
    cleaning: Cleaning,
    ids: IdFrom,
    delimiter: Option<u8>,
    follow_links: bool,
}

/// Which texts go through the cleaner.
#[derive(Debug, Clone)]
pub(super) enum Cleaning {
    /// Those that come as pages show them: texts, HTML, feeds.
    Raw(Cleaner),
    All(Cleaner),
    Nothing,
}

impl Source {
    /// A file, or a folder with the folders below it.
    pub fn new(path: impl AsRef<Path>) -> Source {
        Source {
            path: path.as_ref().to_owned(),
            format: None,
            formats: None,
            fields: FieldMap::new(),
            cleaning: Cleaning::Raw(Cleaner::new()),
            ids: IdFrom::Auto,
            delimiter: None,
            follow_links: false,
        }
    }

    /// The format of the file, or of all files of the folder, whatever their names say.
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Which files of a folder are read; those of one article each (`.txt`, and `.html` with its
    /// feature) unless said.
    pub fn formats(mut self, formats: impl IntoIterator<Item = Format>) -> Self {
        self.formats = Some(formats.into_iter().collect());
        self
    }

    /// Which names of a JSON object and columns of a table are which fields.
    pub fn fields(mut self, fields: FieldMap) -> Self {
        self.fields = fields;
        self
    }

    /// Cleans texts, pages and feeds with this cleaner; a default one does it unless said.
    pub fn clean(mut self, cleaner: Cleaner) -> Self {
        self.cleaning = Cleaning::Raw(cleaner);
        self
    }

    /// Cleans every text with this cleaner, those of JSON and CSV too.
    pub fn clean_all(mut self, cleaner: Cleaner) -> Self {
        self.cleaning = Cleaning::All(cleaner);
        self
    }

    /// Cleans nothing: of a text file, the first line that is not blank is the title, the rest the
    /// body.
    pub fn raw(mut self) -> Self {
        self.cleaning = Cleaning::Nothing;
        self
    }

    /// What the ids of records without one are made from, [`IdFrom::Auto`] unless said.
    pub fn ids(mut self, ids: IdFrom) -> Self {
        self.ids = ids;
        self
    }

    /// What stands between the columns of a CSV file; seen in its header unless said.
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Goes into folders that symbolic links lead to, each folder once. Without it, links to files
    /// are read and links to folders are left aside.
    pub fn follow_links(mut self, follow: bool) -> Self {
        self.follow_links = follow;
        self
    }

    /// What is read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Starts to read.
    ///
    /// # Errors
    ///
    /// [Not found](Error::is_not_found) where the path does not exist, [I/O](Error::is_io) where the
    /// folder cannot be listed, [invalid argument](Error::is_invalid_argument) where the format of
    /// the file is not known or its feature is not built in. What is wrong with a record comes out
    /// of the iterator.
    pub fn open(self) -> Result<Records> {
        let metadata = fs::metadata(&self.path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Error::not_found(format!("no file or folder at {}", self.path.display()))
            }
            _ => Error::io("reading", &self.path, error),
        })?;
        let settings = |format| Settings {
            format,
            fields: Arc::new(self.fields),
            cleaning: self.cleaning,
            ids: self.ids,
            delimiter: self.delimiter,
        };
        if !metadata.is_dir() {
            let format = self.format.or_else(|| Format::of(&self.path)).ok_or_else(|| {
                Error::invalid_argument(format!(
                    "{}: its name does not tell its format (.txt, .jsonl, .ndjson, .json, .csv, .tsv, .rss, .atom, .xml, .html, each also with .gz or .zst): rename it, or say it with `Source::format`",
                    self.path.display()
                ))
            })?;
            check_built_in(format)?;
            return Ok(Records::of_file(
                self.path,
                metadata.len(),
                settings(Some(format)),
            ));
        }
        let formats = match (self.format, self.formats) {
            (Some(format), None) => vec![format],
            (_, Some(formats)) => formats,
            (None, None) => [Format::Text, Format::Html]
                .into_iter()
                .filter(|format| check_built_in(*format).is_ok())
                .collect(),
        };
        for format in &formats {
            check_built_in(*format)?;
        }
        let list = || {
            Files::new(&self.path, formats.clone(), self.follow_links)
                .map_err(|error| Error::io("listing the folder", &self.path, error))
        };
        let mut total = 0;
        let mut counting = list()?;
        while let Some(file) = counting.next() {
            if let Ok((path, _)) = file {
                total += fs::metadata(path).map_or(0, |metadata| metadata.len());
            }
        }
        let files = list()?;
        Ok(Records::of_folder(
            self.path.clone(),
            files,
            total,
            settings(self.format),
        ))
    }
}

fn check_built_in(format: Format) -> Result<()> {
    let missing = match format {
        Format::Feed if cfg!(not(feature = "feeds")) => "feeds",
        Format::Html if cfg!(not(feature = "html")) => "html",
        _ => return Ok(()),
    };
    Err(Error::invalid_argument(format!(
        "files of this format ({format:?}) need the feature `{missing}` of trouvaille, which is not built in"
    )))
}

impl<P: AsRef<Path>> From<P> for Source {
    fn from(path: P) -> Source {
        Source::new(path)
    }
}
