//! HTML to blocks of text, each with the elements that hold it.

use std::collections::HashMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Deeper nesting than any page has; beyond it elements are not told apart.
const DEEPEST: usize = 512;

/// Elements that begin and end a block.
const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "pre",
    "header",
    "footer",
    "aside",
    "nav",
    "figure",
    "figcaption",
    "form",
    "body",
    "html",
    "head",
    "address",
    "details",
    "summary",
];
/// Elements that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements whose text is never the article's.
const SKIPPED: [&str; 16] = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "nav",
    "footer",
    "aside",
    "form",
    "button",
    "select",
    "iframe",
    "figure",
    "figcaption",
    "textarea",
    "dialog",
];
/// Parts of names of classes that tell the same of any element.
const SKIPPED_NAMES: [&str; 20] = [
    "share",
    "social",
    "partage",
    "related",
    "newsletter",
    "sidebar",
    "breadcrumb",
    "cookie",
    "menu",
    "navigation",
    "promo",
    "advert",
    "publicite",
    "footer",
    "recommend",
    "popup",
    "modal",
    "widget",
    "most-read",
    "plus-lus",
];
/// Names that pages give to the article's text.
const ARTICLE_NAMES: [&str; 9] = [
    "articlebody",
    "article-body",
    "article__body",
    "article-content",
    "article__content",
    "entry-content",
    "post-content",
    "contenu-article",
    "texte-article",
];

pub(super) struct Page {
    pub(super) metas: Vec<(String, String)>,
    pub(super) canonical: Option<String>,
    pub(super) title: String,
    pub(super) h1: String,
    pub(super) time: Option<String>,
    pub(super) json: Vec<String>,
    pub(super) elements: Vec<Element>,
    pub(super) blocks: Vec<Block>,
}

pub(super) struct Element {
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) skipped: bool,
    pub(super) comments: bool,
    pub(super) is_article: bool,
    pub(super) weight: usize,
}

pub(super) struct Block {
    pub(super) text: String,
    /// How much of it is links, in bytes.
    pub(super) linked: usize,
    pub(super) element: usize,
}

/// What is being read.
struct Reading {
    page: Page,
    /// The open elements.
    open: Vec<usize>,
    text: String,
    linked: usize,
    links: usize,
    /// Where the text of an element goes that is no part of the page: title, JSON.
    aside: Option<Aside>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    Title,
    Json,
    Script,
}

pub(super) fn read(html: &str) -> Page {
    let mut reading = Reading {
        page: Page {
            metas: Vec::new(),
            canonical: None,
            title: String::new(),
            h1: String::new(),
            time: None,
            json: Vec::new(),
            elements: Vec::new(),
            blocks: Vec::new(),
        },
        open: Vec::new(),
        text: String::new(),
        linked: 0,
        links: 0,
        aside: None,
    };
    let mut emitter = DefaultEmitter::default();
    // Scripts and styles are not HTML inside.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = lossy(&tag.name);
                let attributes: HashMap<String, String> = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (lossy(name), lossy(value)))
                    .collect();
                reading.start(&name, &attributes, tag.self_closing);
            }
            Token::EndTag(tag) => reading.end(&lossy(&tag.name)),
            Token::String(text) => reading.string(&lossy(&text)),
            _ => {}
        }
    }
    reading.flush();
    reading.page.weigh();
    reading.page
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Reading {
    fn start(&mut self, name: &str, attributes: &HashMap<String, String>, self_closing: bool) {
        let get = |name: &str| attributes.get(name).map(String::as_str);
        match name {
            "meta" => {
                let key = get("property").or(get("name")).or(get("itemprop"));
                if let (Some(key), Some(content)) = (key, get("content")) {
                    self.page
                        .metas
                        .push((key.to_lowercase(), content.trim().to_owned()));
                }
            }
            "link" if get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.page.canonical = self
                    .page
                    .canonical
                    .take()
                    .or_else(|| get("href").map(str::to_owned));
            }
            "time" => {
                self.page.time = self
                    .page
                    .time
                    .take()
                    .or_else(|| get("datetime").map(str::to_owned));
            }
            "title" => self.aside = Some(Aside::Title),
            "script" => {
                let json = get("type")
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"));
                self.aside = Some(if json { Aside::Json } else { Aside::Script });
                if json {
                    self.page.json.push(String::new());
                }
            }
            "style" | "noscript" | "template" => self.aside = Some(Aside::Script),
            "br" => self.flush(),
            "a" => self.links += 1,
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.flush();
            // A paragraph and an item end where the next one begins.
            if matches!(name, "p" | "li" | "dt" | "dd" | "tr" | "td" | "th") {
                self.close_open(name);
            } else if self.innermost() == Some("p") {
                self.open.pop();
            }
        }
        if VOID.contains(&name)
            || self_closing
            || !is_told_apart(name)
            || self.open.len() >= DEEPEST
        {
            return;
        }
        let names: String = ["class", "id", "role", "itemprop"]
            .iter()
            .filter_map(|attribute| get(attribute))
            .flat_map(|value| [value, " "])
            .collect::<String>()
            .to_lowercase();
        let parent = self.open.last().copied();
        let inherited = |of: fn(&Element) -> bool| {
            parent
                .and_then(|at| self.page.elements.get(at))
                .is_some_and(of)
        };
        let skips = SKIPPED.contains(&name)
            || (!is_root(name) && SKIPPED_NAMES.iter().any(|part| names.contains(part)));
        let comments = !is_root(name)
            && names.split_whitespace().any(|name| {
                name.starts_with("comment") || name == "respond" || name.starts_with("disqus")
            });
        let element = Element {
            parent,
            name: name.to_owned(),
            skipped: skips || inherited(|element| element.skipped),
            comments: comments || inherited(|element| element.comments),
            is_article: ARTICLE_NAMES.iter().any(|part| names.contains(part)),
            weight: 0,
        };
        self.page.elements.push(element);
        self.open.push(self.page.elements.len() - 1);
    }

    fn end(&mut self, name: &str) {
        match name {
            "title" | "script" | "style" | "noscript" | "template" => self.aside = None,
            "a" => self.links = self.links.saturating_sub(1),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.flush();
        }
        if let Some(at) = self
            .open
            .iter()
            .rposition(|&at| self.name_of(at) == Some(name))
        {
            self.open.truncate(at);
        }
    }

    /// Closes an element of this name, unless a list or a table has begun inside it.
    fn close_open(&mut self, name: &str) {
        for at in (0..self.open.len()).rev() {
            let open = self.open.get(at).and_then(|&at| self.name_of(at));
            match open {
                Some(open) if open == name => {
                    self.open.truncate(at);
                    return;
                }
                Some(
                    "ul" | "ol" | "table" | "div" | "section" | "article" | "body" | "dl"
                    | "blockquote",
                )
                | None => return,
                Some(_) => {}
            }
        }
    }

    fn name_of(&self, at: usize) -> Option<&str> {
        self.page
            .elements
            .get(at)
            .map(|element| element.name.as_str())
    }

    fn innermost(&self) -> Option<&str> {
        self.open.last().and_then(|&at| self.name_of(at))
    }

    fn string(&mut self, text: &str) {
        match self.aside {
            Some(Aside::Title) => self.page.title.push_str(text),
            Some(Aside::Json) => {
                if let Some(json) = self.page.json.last_mut() {
                    json.push_str(text);
                }
            }
            Some(Aside::Script) => {}
            None => {
                // Line ends of the source mean nothing; no-break spaces do.
                let space = |c: char| matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}');
                for (number, word) in text.split(space).enumerate() {
                    if number > 0 && !self.text.is_empty() && !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                    self.text.push_str(word);
                    if self.links > 0 {
                        self.linked += word.len();
                    }
                }
            }
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let in_heading = self.open.iter().any(|&at| self.name_of(at) == Some("h1"));
        if in_heading && self.page.h1.is_empty() {
            text.clone_into(&mut self.page.h1);
        }
        if self.open.is_empty() {
            // Text outside of everything, as in a fragment.
            self.page.elements.push(Element {
                parent: None,
                name: String::new(),
                skipped: false,
                comments: false,
                is_article: false,
                weight: 0,
            });
            self.open.push(self.page.elements.len() - 1);
        }
        self.page.blocks.push(Block {
            text: text.to_owned(),
            linked,
            element: self.open.last().copied().unwrap_or_default(),
        });
    }
}

/// Whether an element is kept apart: inline ones are not.
fn is_told_apart(name: &str) -> bool {
    BLOCKS.contains(&name) || SKIPPED.contains(&name)
}

fn is_root(name: &str) -> bool {
    matches!(name, "html" | "body" | "main" | "article")
}
