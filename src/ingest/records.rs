//! [`Records`]: the articles of a file or a folder, one after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bad_record::BadRecord;
use super::fields::FieldMap;
use super::files::Files;
use super::format::Format;
use super::ids::IdFrom;
use super::input::{self, Count};
use super::readers::json_array::JsonArray;
use super::readers::json_lines::JsonLines;
use super::readers::table::Table;
use super::readers::text_file::{self, TextFile};
use super::record::{FileReader, Note, Parsed, Reader, Record};
use super::source::{Cleaning, Source};
use crate::article::Article;
use crate::error::Result;

/// Reads the articles of a file, or of all text files in a folder and the folders below it, in the
/// order of their names: [`Source::new`] and [`Source::open`] in one call, for when nothing is to be
/// said.
///
/// # Errors
///
/// As [`Source::open`].
pub fn records(path: impl AsRef<Path>) -> Result<Records> {
    Source::new(path).open()
}

/// The articles of a file or a folder. Made by [`Source::open`] and [`records`].
///
/// As an [`Iterator`] it gives articles; as a [`Reader`] it also says where they come from and what
/// was noticed. What it holds in memory is one record and the listing of one folder.
pub struct Records {
    root: PathBuf,
    files: Pending,
    current: Option<Current>,
    count: Count,
    total_bytes: u64,
    settings: Settings,
}

/// How records are read and made.
pub(super) struct Settings {
    pub(super) format: Option<Format>,
    pub(super) fields: Arc<FieldMap>,
    pub(super) cleaning: Cleaning,
    pub(super) ids: IdFrom,
    pub(super) delimiter: Option<u8>,
}

enum Pending {
    File(Option<PathBuf>),
    Folder(Files),
}

struct Current {
    reader: Box<dyn FileReader + Send>,
    format: Format,
    path: PathBuf,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Records({}, {} of {} bytes)",
            self.root.display(),
            self.bytes(),
            self.total_bytes
        )
    }
}

impl Records {
    pub(super) fn of_file(path: PathBuf, bytes: u64, settings: Settings) -> Records {
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        Records::new(root, Pending::File(Some(path)), bytes, settings)
    }

    pub(super) fn of_folder(
        root: PathBuf,
        files: Files,
        bytes: u64,
        settings: Settings,
    ) -> Records {
        Records::new(root, Pending::Folder(files), bytes, settings)
    }

    fn new(root: PathBuf, files: Pending, total_bytes: u64, settings: Settings) -> Records {
        Records {
            root,
            files,
            current: None,
            count: Count::default(),
            total_bytes,
            settings,
        }
    }

    /// How many bytes of the files have been read, compressed as they may be.
    pub fn bytes(&self) -> u64 {
        self.count.get()
    }

    /// How many bytes all files had when the walk began.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    fn next_file(&mut self) -> Option<std::result::Result<(PathBuf, Format), BadRecord>> {
        match &mut self.files {
            Pending::File(path) => {
                let path = path.take()?;
                let format = self.settings.format.or_else(|| Format::of(&path))?;
                Some(Ok((path, format)))
            }
            Pending::Folder(files) => {
                let file = files.next()?;
                Some(file.map(|(path, format)| (path, self.settings.format.unwrap_or(format))))
            }
        }
    }

    fn open(
        &self,
        path: &Path,
        format: Format,
    ) -> std::result::Result<Box<dyn FileReader + Send>, BadRecord> {
        let mut input = input::open(path, &self.count)?;
        let path = path.to_owned();
        let fields = self.settings.fields.clone();
        Ok(match format {
            Format::Text => Box::new(TextFile::new(path, input)),
            // An array in a file whose name promises lines, and the other way round.
            Format::JsonLines if starts_with_array(&mut input) => {
                Box::new(JsonArray::new(path, input, fields))
            }
            Format::JsonLines => Box::new(JsonLines::new(path, input, fields)),
            Format::Json => Box::new(JsonArray::new(path, input, fields)),
            Format::Csv => Box::new(Table::open(path, input, self.settings.delimiter, &fields)?),
            Format::Tsv => Box::new(Table::open(
                path,
                input,
                self.settings.delimiter.or(Some(b'\t')),
                &fields,
            )?),
            #[cfg(feature = "feeds")]
            Format::Feed => Box::new(super::readers::feed::Feed::new(path, input)),
            #[cfg(feature = "html")]
            Format::Html => Box::new(super::readers::html::HtmlPage::new(path, input)),
            #[cfg(not(all(feature = "feeds", feature = "html")))]
            other => {
                return Err(BadRecord::new(
                    path,
                    format!("is of a format ({other:?}) whose feature is not built in"),
                ));
            }
        })
    }

    /// The file as ids and reports name it: its path inside the folder.
    fn inside(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_owned()
    }

    /// Cleans, gives an id, and checks the limits.
    fn finish(
        &self,
        parsed: Parsed,
        path: &Path,
        format: Format,
    ) -> std::result::Result<Record, BadRecord> {
        let Parsed {
            mut article,
            line,
            notes,
        } = parsed;
        let file = self.inside(path);
        let mut record_notes: Vec<Note> = notes
            .into_iter()
            .map(|note| Note::new(&file, note))
            .collect();
        let decisions = match &self.settings.cleaning {
            Cleaning::All(cleaner) => cleaner.clean_article(&mut article),
            Cleaning::Raw(cleaner) if format.is_raw() => cleaner.clean_article(&mut article),
            _ => {
                if format == Format::Text {
                    text_file::split_title(&mut article);
                }
                Vec::new()
            }
        };
        for name in limit_extras(&mut article) {
            let limit = Article::MAX_VALUE_BYTES;
            record_notes.push(Note::new(
                &file,
                format!("the extra `{name}` has more than the {limit} bytes that an extra may have: left out"),
            ));
        }
        if article.id.is_empty() {
            let path = Some(file.as_path()).filter(|_| format.is_one_article());
            article.id = self.settings.ids.id(&article, path);
        }
        for note in &mut record_notes {
            note.line = line;
        }
        let bad = |reason: String| {
            let bad = BadRecord::new(path, reason);
            match line {
                Some(line) => bad.line(line),
                None => bad,
            }
        };
        if article.title.is_empty() && article.body.is_empty() {
            return Err(bad("has neither a title nor a text".to_owned()).field("body"));
        }
        article.validate().map_err(|error| bad(error.to_string()))?;
        Ok(Record {
            article,
            file,
            line,
            notes: record_notes,
            decisions,
        })
    }
}

/// Takes out the extras that are too long, and says which: one of them must not cost the article.
fn limit_extras(article: &mut Article) -> Vec<String> {
    let too_long = |text: &str| text.len() > Article::MAX_VALUE_BYTES;
    let long: Vec<String> = article
        .extra
        .iter()
        .filter(|(name, value)| too_long(name) || too_long(value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in &long {
        article.extra.remove(name);
    }
    long.into_iter()
        .map(|name| name.chars().take(80).collect())
        .collect()
}

/// An array of objects, and not a bad line that happens to begin with a bracket.
fn starts_with_array(input: &mut super::input::Input) -> bool {
    let start = input
        .reader
        .fill_buf()
        .unwrap_or_default()
        .trim_ascii_start();
    start
        .strip_prefix(b"[")
        .is_some_and(|rest| matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b']')))
}

impl Records {
    fn next_of_files(&mut self) -> Option<std::result::Result<Record, BadRecord>> {
        loop {
            if let Some(current) = &mut self.current {
                let parsed = current.reader.next_parsed();
                let (path, format) = (current.path.clone(), current.format);
                match parsed {
                    Some(Ok(parsed)) => return Some(self.finish(parsed, &path, format)),
                    Some(Err(bad)) => return Some(Err(bad)),
                    None => self.current = None,
                }
            }
            let (path, format) = match self.next_file()? {
                Ok(file) => file,
                Err(bad) => return Some(Err(bad)),
            };
            match self.open(&path, format) {
                Ok(reader) => {
                    self.current = Some(Current {
                        reader,
                        format,
                        path,
                    })
                }
                Err(bad) => return Some(Err(bad)),
            }
        }
    }
}

impl Reader for Records {
    fn next_record(&mut self) -> Option<std::result::Result<Record, BadRecord>> {
        let record = self.next_of_files()?;
        Some(record.map_err(|mut bad| {
            bad.file = self.inside(&bad.file);
            bad
        }))
    }

    fn bytes(&self) -> u64 {
        self.count.get()
    }

    fn total_bytes(&self) -> Option<u64> {
        Some(self.total_bytes)
    }
}

impl Iterator for Records {
    type Item = std::result::Result<Article, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record()
            .map(|record| record.map(|record| record.article))
    }
}
