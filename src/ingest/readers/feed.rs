//! RSS 0.9x, 1.0, 2.0 and Atom: one article an item.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

use super::super::bad_record::BadRecord;
use super::super::clean::dates;
use super::super::encoding::windows_1252;
use super::super::input::Input;
use super::super::record::{FileReader, Parsed};
use super::html::fragment_text;
use super::{MAX_RECORD_BYTES, too_long};
use crate::article::Article;

pub(in super::super) struct Feed {
    path: PathBuf,
    reader: XmlReader<BufReader<Text>>,
    buffer: Vec<u8>,
    left: Arc<AtomicU64>,
    other_encoding: Arc<AtomicBool>,
    note: Option<String>,
    /// The title of the channel: the source of its articles.
    source: Option<String>,
    is_feed: bool,
    ended: bool,
}

/// What has been read of an item, by the names of its elements.
#[derive(Default)]
struct Item {
    title: String,
    link: String,
    id: String,
    author: String,
    published: String,
    updated: String,
    summary: String,
    content: String,
    source: String,
    tags: Vec<String>,
}

impl Feed {
    pub(in super::super) fn new(path: PathBuf, input: Input) -> Feed {
        let left = Arc::new(AtomicU64::new(MAX_RECORD_BYTES));
        let other_encoding = Arc::new(AtomicBool::new(false));
        let text = Text {
            inner: input.reader,
            left: left.clone(),
            other: other_encoding.clone(),
            ready: Vec::new(),
            given: 0,
            carried: Vec::new(),
        };
        let mut reader = XmlReader::from_reader(BufReader::with_capacity(1 << 16, text));
        let config = reader.config_mut();
        // Feeds are made by templates: what can be understood is.
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        Feed {
            path,
            reader,
            buffer: Vec::new(),
            left,
            other_encoding,
            note: input.note,
            source: None,
            is_feed: false,
            ended: false,
        }
    }

    fn read(&mut self) -> quick_xml::Result<Option<Parsed>> {
        // The elements that are open outside of items, for telling the title of the channel from
        // that of its picture.
        let mut open: Vec<String> = Vec::new();
        let mut title = String::new();
        loop {
            self.buffer.clear();
            self.left.store(MAX_RECORD_BYTES, Ordering::Relaxed);
            match self.reader.read_event_into(&mut self.buffer)? {
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_lowercase();
                    if matches!(name.as_str(), "rss" | "feed" | "rdf") {
                        self.is_feed = true;
                    }
                    if matches!(name.as_str(), "item" | "entry") {
                        self.is_feed = true;
                        return self.item().map(Some);
                    }
                    open.push(name);
                }
                Event::End(_) => {
                    let ended = open.pop();
                    if ended.as_deref() == Some("title") && self.source.is_none() {
                        self.source = Some(fragment_text(&title)).filter(|title| !title.is_empty());
                    }
                }
                Event::Text(text) if is_channel_title(&open) => {
                    title.push_str(&text.xml10_content())
                }
                Event::CData(text) if is_channel_title(&open) => {
                    title.push_str(&text.xml10_content())
                }
                Event::GeneralRef(entity) if is_channel_title(&open) => {
                    push_entity(&mut title, &entity)
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn item(&mut self) -> quick_xml::Result<Parsed> {
        let mut item = Item::default();
        let mut open: Vec<String> = Vec::new();
        let mut text = String::new();
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer)? {
                Event::Start(start) => {
                    let name = start.name().as_ref().to_lowercase();
                    if open.is_empty() {
                        text.clear();
                        item.attributes(&name, &start);
                    } else if is_content(&open) {
                        // Atom may hold elements of XHTML where RSS has them escaped.
                        text.push('<');
                        text.push_str(&name);
                        text.push('>');
                    } else {
                        text.clear();
                    }
                    open.push(name);
                }
                Event::Empty(start) => {
                    let name = start.name().as_ref().to_lowercase();
                    if is_content(&open) {
                        text.push('<');
                        text.push_str(&name);
                        text.push('>');
                    } else {
                        item.attributes(&name, &start);
                    }
                }
                Event::End(_) => {
                    let Some(name) = open.pop() else {
                        // The end of the item itself.
                        return Ok(self.parsed(item));
                    };
                    if is_content(&open) {
                        text.push_str("</");
                        text.push_str(&name);
                        text.push('>');
                    } else {
                        item.set(
                            &name,
                            open.last().map(String::as_str),
                            std::mem::take(&mut text),
                        );
                    }
                }
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) => push_entity(&mut text, &entity),
                Event::Eof => {
                    let error = io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "the file ends in the middle of an item: it is cut short, or still being written",
                    );
                    return Err(quick_xml::Error::Io(error.into()));
                }
                _ => {}
            }
        }
    }

    fn parsed(&mut self, item: Item) -> Parsed {
        let longer = if item.content.len() >= item.summary.len() {
            &item.content
        } else {
            &item.summary
        };
        let mut article = Article::new(
            item.id.trim(),
            fragment_text(&item.title),
            fragment_text(longer),
        );
        let set = |text: String| Some(text).filter(|text| !text.is_empty());
        article.author = set(fragment_text(&item.author));
        article.source = set(fragment_text(&item.source)).or_else(|| self.source.clone());
        article.url = set(item.link.trim().to_owned());
        article.tags = item.tags;
        let mut notes: Vec<String> = self.note.take().into_iter().collect();
        for date in [&item.published, &item.updated] {
            if date.trim().is_empty() || article.published.is_some() {
                continue;
            }
            match dates::read(date) {
                Ok(published) => article.published = Some(published),
                Err(reason) => notes.push(format!("date left out: {reason}")),
            }
        }
        if self.other_encoding.swap(false, Ordering::Relaxed)
            && !notes.iter().any(|note| note.contains("1252"))
        {
            notes.push("not UTF-8: read as Windows-1252".to_owned());
        }
        let mut parsed = Parsed::new(article);
        parsed.notes = notes;
        parsed
    }

    fn bad(&self, error: &quick_xml::Error) -> BadRecord {
        let reason = match error {
            quick_xml::Error::Io(error) => format!("cannot be read further: {error}"),
            other => format!("is not well-formed XML from here on: {other}"),
        };
        BadRecord::new(&self.path, reason).byte(
            self.reader
                .error_position()
                .max(self.reader.buffer_position()),
        )
    }
}

impl FileReader for Feed {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        if self.ended {
            return None;
        }
        match self.read() {
            Ok(Some(parsed)) => Some(Ok(parsed)),
            Ok(None) => {
                self.ended = true;
                (!self.is_feed).then(|| {
                    Err(BadRecord::new(
                        &self.path,
                        "is neither an RSS nor an Atom feed",
                    ))
                })
            }
            Err(error) => {
                self.ended = true;
                Some(Err(self.bad(&error)))
            }
        }
    }
}

fn is_channel_title(open: &[String]) -> bool {
    match open {
        [.., parent, name] => name == "title" && matches!(parent.as_str(), "channel" | "feed"),
        _ => false,
    }
}

/// Whether the innermost open element is one whose elements are text.
fn is_content(open: &[String]) -> bool {
    open.first().is_some_and(|name| {
        matches!(
            name.as_str(),
            "content" | "summary" | "description" | "content:encoded" | "title"
        )
    })
}

/// `&eacute;` stays as it is: what is read is HTML, and read as such later.
fn push_entity(text: &mut String, entity: &quick_xml::events::BytesRef<'_>) {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        text.push(c);
        return;
    }
    let name = entity.xml10_content();
    match name.as_ref() {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        other => {
            text.push('&');
            text.push_str(other);
            text.push(';');
        }
    }
}

impl Item {
    /// What Atom says in attributes.
    fn attributes(&mut self, name: &str, start: &BytesStart<'_>) {
        let get = |wanted: &str| {
            start.attributes().flatten().find_map(|attribute| {
                let found = attribute.key.as_ref() == wanted;
                found.then(|| html_unescaped(&attribute.value))
            })
        };
        match name {
            "link" | "atom:link" => {
                let rel = get("rel").unwrap_or_else(|| "alternate".to_owned());
                if let Some(href) =
                    get("href").filter(|_| rel == "alternate" && self.link.is_empty())
                {
                    self.link = href;
                }
            }
            "category" => self.tags.extend(get("label").or_else(|| get("term"))),
            _ => {}
        }
    }

    fn set(&mut self, name: &str, parent: Option<&str>, text: String) {
        let field = match (name, parent) {
            ("title", None) => &mut self.title,
            ("link", None) => &mut self.link,
            ("guid" | "id", None) => &mut self.id,
            ("dc:creator" | "author" | "itunes:author", None) | ("name", Some("author")) => {
                &mut self.author
            }
            ("pubdate" | "published" | "dc:date" | "issued", None) => &mut self.published,
            ("updated" | "modified", None) => &mut self.updated,
            ("description" | "summary", None) => &mut self.summary,
            ("content:encoded" | "content", None) => &mut self.content,
            ("source", None) | ("title", Some("source")) => &mut self.source,
            ("category" | "dc:subject", None) => {
                let tag = fragment_text(&text);
                if !tag.is_empty() && !self.tags.contains(&tag) {
                    self.tags.push(tag);
                }
                return;
            }
            _ => return,
        };
        // `<author><name>…</name></author>`: what stands around the name is only space.
        if field.is_empty() || !text.trim().is_empty() && name != "author" {
            *field = text;
        }
    }
}

fn html_unescaped(value: &str) -> String {
    if value.contains('&') {
        fragment_text(value)
    } else {
        value.to_owned()
    }
}

/// Bytes as UTF-8: those that are not are taken for Windows-1252, as feeds that say ISO-8859-1 have
/// them. It also ends records beyond the limit.
struct Text {
    inner: Box<dyn BufRead + Send>,
    left: Arc<AtomicU64>,
    other: Arc<AtomicBool>,
    /// Converted, not yet given.
    ready: Vec<u8>,
    given: usize,
    /// The start of a character, at the end of a batch.
    carried: Vec<u8>,
}

impl Text {
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let available = self.inner.fill_buf()?;
        let length = available.len();
        let mut batch = std::mem::take(&mut self.carried);
        batch.extend_from_slice(available);
        self.inner.consume(length);
        let mut used = 0;
        for chunk in batch.utf8_chunks() {
            self.ready.extend_from_slice(chunk.valid().as_bytes());
            let invalid = chunk.invalid();
            used += chunk.valid().len() + invalid.len();
            if invalid.is_empty() {
                continue;
            }
            if used == batch.len() && length > 0 && could_go_on(invalid) {
                // The rest of the character comes with the next batch.
                self.carried = invalid.to_vec();
            } else {
                self.other.store(true, Ordering::Relaxed);
                self.ready
                    .extend_from_slice(windows_1252(invalid).as_bytes());
            }
        }
        Ok(())
    }
}

/// Whether bytes are the start of a longer character in UTF-8.
fn could_go_on(bytes: &[u8]) -> bool {
    match bytes {
        [first, rest @ ..] => {
            let length = match first {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return false,
            };
            bytes.len() < length && rest.iter().all(|byte| (0x80..0xc0).contains(byte))
        }
        [] => false,
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.ready.len() {
            self.fill()?;
            // Nothing at all is the end; less than a character is not.
            if self.ready.is_empty() && self.carried.is_empty() {
                return Ok(0);
            }
        }
        let left = self.ready.get(self.given..).unwrap_or_default();
        let length = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), left.get(..length)) {
            to.copy_from_slice(from);
        }
        self.given += length;
        match self.left.load(Ordering::Relaxed).checked_sub(length as u64) {
            Some(left) => {
                self.left.store(left, Ordering::Relaxed);
                Ok(length)
            }
            None => Err(io::Error::new(io::ErrorKind::InvalidData, too_long())),
        }
    }
}
