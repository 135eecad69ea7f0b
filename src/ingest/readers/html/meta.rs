//! What a page says of itself: JSON-LD first, then its meta elements, then what it shows.

use serde_json::{Map, Value};

use super::super::super::clean::dates;
use super::super::super::object::split_tags;
use super::blocks::Page;
use super::fragment_text;
use crate::date::Published;

#[derive(Default)]
pub(super) struct About {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) url: Option<String>,
    pub(super) published: Option<Published>,
    pub(super) tags: Vec<String>,
    pub(super) body: Option<String>,
}

pub(super) fn read(page: &Page) -> About {
    let mut about = About::default();
    for json in &page.json {
        // What is no JSON says nothing, and the page still has its text.
        let read = serde_json::from_str::<Value>(json);
        if let Some(article) = read.as_ref().ok().and_then(|value| article_in(value, 0)) {
            about = linked_data(article);
            break;
        }
    }
    let meta = |names: &[&str]| {
        names.iter().find_map(|name| {
            let found = page
                .metas
                .iter()
                .find(|(key, value)| key == name && !value.is_empty())?;
            Some(found.1.clone())
        })
    };
    let source = meta(&["og:site_name", "application-name", "dc.publisher"]);
    about.source = about.source.or(source);
    about.title = about
        .title
        .or_else(|| Some(page.h1.clone()).filter(|title| !title.is_empty()))
        .or_else(|| meta(&["og:title", "twitter:title", "dc.title"]))
        .or_else(|| Some(without_site(page.title.trim(), about.source.as_deref())))
        .filter(|title| !title.is_empty());
    about.author = about
        .author
        .or_else(|| meta(&["author", "article:author", "dc.creator", "byl"]))
        // Some give the address of a profile.
        .filter(|author| !author.contains("://"));
    about.published = about.published.or_else(|| {
        meta(&[
            "article:published_time",
            "datepublished",
            "date",
            "dc.date",
            "dc.date.issued",
            "pubdate",
            "publish-date",
        ])
        .or_else(|| page.time.clone())
        .and_then(|date| dates::read(&date).ok())
    });
    about.url = about
        .url
        .or_else(|| page.canonical.clone())
        .or_else(|| meta(&["og:url"]));
    if about.tags.is_empty() {
        about.tags = page
            .metas
            .iter()
            .filter(|(key, _)| key == "article:tag")
            .map(|(_, tag)| tag.clone())
            .collect();
    }
    if about.tags.is_empty() {
        about.tags = meta(&["news_keywords", "keywords"])
            .map(|list| split_tags(&list))
            .unwrap_or_default();
    }
    about
}

/// « Le titre | La Saline », « Le titre - La Saline ».
fn without_site(title: &str, site: Option<&str>) -> String {
    for bar in [" | ", " - ", " – ", " — ", " • "] {
        if let Some((before, after)) = title.rsplit_once(bar) {
            let is_site = site.is_some_and(|site| after.trim().eq_ignore_ascii_case(site));
            if is_site || (bar == " | " && before.len() > after.len()) {
                return before.trim().to_owned();
            }
        }
    }
    title.to_owned()
}

/// The object that describes the article, in a list or in a graph.
fn article_in(value: &Value, depth: usize) -> Option<&Map<String, Value>> {
    if depth > 4 {
        return None;
    }
    match value {
        Value::Array(values) => values.iter().find_map(|value| article_in(value, depth + 1)),
        Value::Object(object) => {
            let is_article = |kind: &Value| {
                kind.as_str().is_some_and(|kind| {
                    kind.ends_with("Article")
                        || matches!(kind, "BlogPosting" | "Report" | "LiveBlogPosting")
                })
            };
            let kind = object.get("@type");
            let found = match kind {
                Some(Value::Array(kinds)) => kinds.iter().any(is_article),
                Some(kind) => is_article(kind),
                None => false,
            };
            if found {
                return Some(object);
            }
            object
                .get("@graph")
                .or_else(|| object.get("mainEntity"))
                .and_then(|inner| article_in(inner, depth + 1))
        }
        _ => None,
    }
}

fn linked_data(object: &Map<String, Value>) -> About {
    let text = |name: &str| {
        let text = object.get(name)?.as_str()?;
        Some(fragment_text(text)).filter(|text| !text.is_empty())
    };
    let url = object.get("url").or_else(|| object.get("mainEntityOfPage"));
    let url = match url {
        Some(Value::Object(page)) => page.get("@id"),
        other => other,
    };
    About {
        title: text("headline").or_else(|| text("name")),
        author: object.get("author").and_then(names),
        source: object.get("publisher").and_then(names),
        url: url
            .and_then(Value::as_str)
            .filter(|url| url.contains("://"))
            .map(str::to_owned),
        published: text("datePublished").and_then(|date| dates::read(&date).ok()),
        tags: match object.get("keywords") {
            Some(Value::String(list)) => split_tags(list),
            Some(Value::Array(tags)) => tags
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        },
        body: text("articleBody"),
    }
}

/// A name, an object with one, or several of them.
fn names(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(fragment_text(name)),
        Value::Object(object) => object
            .get("name")
            .and_then(Value::as_str)
            .map(fragment_text),
        Value::Array(values) => {
            let all: Vec<String> = values.iter().filter_map(names).collect();
            Some(all.join(", "))
        }
        _ => None,
    }
    .filter(|name| !name.is_empty())
}
