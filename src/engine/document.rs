//! Articles to engine documents and back.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};
use tantivy::TantivyDocument;
use tantivy::schema::Field as EngineField;
use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize,
    ValueDeserializer,
};

use super::collation;
use super::fingerprint::Fingerprint;
use super::postings::TITLE_MARK;
use super::schema::Fields;
use crate::article::Article;

pub(crate) fn from_article(article: &Article, fields: &Fields) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.id, &article.id);
    // Both values are always there, so that reading back needs no guess.
    document.add_text(fields.text, format!("{TITLE_MARK}{}", article.title));
    document.add_text(fields.text, &article.body);
    if !article.title.is_empty() {
        document.add_text(fields.title, &article.title);
        let key = collation::key(&article.title);
        if !key.is_empty() {
            document.add_text(fields.title_order, key);
        }
    }
    for number in Fingerprint::of(&article.body).numbers() {
        document.add_u64(fields.fingerprint, number);
    }
    let mut add_value = |whole, words, value: &str| {
        document.add_text(whole, value);
        document.add_text(words, value);
    };
    if let Some(author) = &article.author {
        add_value(fields.author, fields.author_words, author);
    }
    if let Some(source) = &article.source {
        add_value(fields.source, fields.source_words, source);
    }
    for tag in &article.tags {
        add_value(fields.tag, fields.tag_words, tag);
    }
    if let Some(url) = &article.url {
        document.add_text(fields.url, url);
    }
    if let Some(published) = &article.published {
        document.add_text(fields.published, published.to_string());
        document.add_i64(fields.timestamp, published.timestamp());
    }
    for comments in article.extras(Article::COMMENTS) {
        document.add_text(fields.comments, comments);
    }
    for links in article.extras(Article::RELATED) {
        document.add_text(fields.related, links);
    }
    for (name, value) in &article.extra {
        document.add_text(fields.extra, extra_term(name, value));
    }
    if !article.extra.is_empty() {
        let json = serde_json::Value::from_iter(article.extra.clone());
        document.add_text(fields.extra_json, json.to_string());
    }
    document
}

/// The longest extra, name and value, whose term is written out, in bytes.
const LONGEST_PLAIN_EXTRA: usize = 64;

/// The term that an extra is filtered by. Extras keep whole comment sections: the terms of long ones
/// are hashes, so that the dictionary grows by a few bytes and not by the text once more.
pub(crate) fn extra_term(name: &str, value: &str) -> String {
    if name.len() + value.len() > LONGEST_PLAIN_EXTRA {
        let mut hash = SipHasher13::new_with_keys(0, 0);
        hash.write(&(name.len() as u64).to_le_bytes());
        hash.write(name.as_bytes());
        hash.write(value.as_bytes());
        return format!("#{:032x}", u128::from(hash.finish128()));
    }
    // The name's length ends the ambiguity between ("a", "b\0c") and ("a\0b", "c").
    format!("{}\0{name}\0{value}", name.len())
}

/// What is stored of an article: texts, in the order in which they were added.
pub(crate) struct Stored(Vec<(EngineField, String)>);

struct Text(String);

impl Stored {
    /// The values of a field.
    pub(super) fn values(&self, field: EngineField) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter(move |(of, _)| *of == field);
        values.map(|(_, value)| value.as_str())
    }
}

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(
        mut document: D,
    ) -> Result<Stored, DeserializeError> {
        let mut values = Vec::new();
        while let Some((field, Text(value))) = document.next_field()? {
            values.push((field, value));
        }
        Ok(Stored(values))
    }
}

impl ValueDeserialize for Text {
    fn deserialize<'de, D: ValueDeserializer<'de>>(value: D) -> Result<Text, DeserializeError> {
        value.deserialize_string().map(Text)
    }
}

pub(crate) fn to_article(stored: Stored, fields: &Fields) -> Article {
    let mut article = Article::default();
    let mut texts = 0;
    for (field, value) in stored.0 {
        if field == fields.text {
            match texts {
                0 => article.title = without_mark(value),
                1 => article.body = value,
                _ => {}
            }
            texts += 1;
        } else if field == fields.id {
            article.id = value;
        } else if field == fields.author {
            article.author.get_or_insert(value);
        } else if field == fields.source {
            article.source.get_or_insert(value);
        } else if field == fields.tag {
            article.tags.push(value);
        } else if field == fields.url {
            article.url.get_or_insert(value);
        } else if field == fields.published {
            article.published = value.parse().ok();
        } else if field == fields.extra_json {
            article.extra = serde_json::from_str(&value).unwrap_or_default();
        }
    }
    article
}

fn without_mark(mut title: String) -> String {
    if title.starts_with(TITLE_MARK) {
        title.remove(0);
    }
    title
}
