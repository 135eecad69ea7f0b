//! One JSON object to an article, without a tree of values between.

use std::cell::RefCell;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::clean::dates;
use super::fields::{ArticleField, FieldMap};
use crate::article::Article;
use crate::date::Published;

/// What is wrong with an object, and the field where it is known.
pub(super) struct Fault {
    pub(super) field: Option<String>,
    pub(super) reason: String,
}

pub(super) fn article(bytes: &[u8], fields: &FieldMap) -> Result<Article, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| Fault {
        field: None,
        reason: format!(
            "is not UTF-8: the first bad byte is at offset {} of the record; JSON is always UTF-8",
            error.valid_up_to()
        ),
    })?;
    let current = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let article = ObjectVisitor {
        fields,
        current: &current,
    };
    let read = deserializer
        .deserialize_any(article)
        .and_then(|article| deserializer.end().map(|()| article));
    read.map_err(|error| {
        let message = error.to_string();
        // The position is within the record; files and lines are told apart from it.
        let plain = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(plain, _)| plain);
        if error.is_data() {
            let field = current.take();
            let reason = plain.to_owned();
            return Fault { field, reason };
        }
        let reason = if error.is_eof() {
            "is not a JSON object: it ends too early; is the file cut short?".to_owned()
        } else {
            format!("is not a JSON object: {message}")
        };
        Fault {
            field: None,
            reason,
        }
    })
}

struct ObjectVisitor<'a> {
    fields: &'a FieldMap,
    /// The name being read, for telling which field is wrong.
    current: &'a RefCell<Option<String>>,
}

impl<'de> Visitor<'de> for ObjectVisitor<'_> {
    type Value = Article;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Article, A::Error> {
        let mut article = Article::default();
        while let Some((field, name)) = map.next_key_seed(Name(self.fields))? {
            let set = self.set(&mut article, field, &name, &mut map);
            if let Err(error) = set {
                self.current.replace(Some(name));
                return Err(error);
            }
        }
        Ok(article)
    }

    // Values that are no objects are named as people call them.
    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Article, E> {
        Err(no_object("a text"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Article, E> {
        Err(no_object("a number"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Article, E> {
        Err(no_object("a number"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Article, E> {
        Err(no_object("a number"))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Article, E> {
        Err(no_object("true or false"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Article, E> {
        Err(no_object("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Article, A::Error> {
        Err(no_object("a list"))
    }
}

fn no_object<E: serde::de::Error>(found: &str) -> E {
    E::custom(format!("is {found}, a JSON object was expected"))
}

impl ObjectVisitor<'_> {
    fn set<'de, A: MapAccess<'de>>(
        &self,
        article: &mut Article,
        field: ArticleField,
        name: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match field {
            ArticleField::Id => {
                if let Some(id) = map.next_value_seed(Text)? {
                    if id.is_empty() {
                        return Err(A::Error::custom(
                            "is empty: give it a value, or leave the field out to have one made",
                        ));
                    }
                    article.id = id;
                }
            }
            ArticleField::Title if article.title.is_empty() => {
                article.title = map.next_value_seed(Text)?.unwrap_or_default();
            }
            ArticleField::Body if article.body.is_empty() => {
                article.body = map.next_value_seed(Text)?.unwrap_or_default();
            }
            ArticleField::Url if article.url.is_none() => {
                article.url = map.next_value_seed(Text)?.filter(|url| !url.is_empty());
            }
            ArticleField::Author if article.author.is_none() => {
                let names = texts(map.next_value()?).map_err(A::Error::custom)?;
                article.author = Some(names.join(", ")).filter(|names| !names.is_empty());
            }
            ArticleField::Source if article.source.is_none() => {
                let names = texts(map.next_value()?).map_err(A::Error::custom)?;
                article.source = Some(names.join(", ")).filter(|names| !names.is_empty());
            }
            ArticleField::Tags => {
                let tags = match map.next_value()? {
                    Value::String(list) => split_tags(&list),
                    other => texts(other).map_err(A::Error::custom)?,
                };
                article.tags.extend(tags);
            }
            ArticleField::Published if article.published.is_none() => {
                article.published = published(&map.next_value()?).map_err(A::Error::custom)?;
            }
            ArticleField::Nothing => {
                map.next_value::<IgnoredAny>()?;
            }
            // A second name for a field that has its value is kept as an extra.
            _ => match map.next_value()? {
                Value::Null => {}
                Value::Object(extras) if name == "extra" => {
                    for (name, value) in extras {
                        article.extra.insert(name, extra(value));
                    }
                }
                other if name == "extra" => {
                    return Err(A::Error::custom(expected("an object", &other)));
                }
                other => {
                    article.extra.insert(name.to_owned(), extra(other));
                }
            },
        }
        Ok(())
    }
}

/// A key, looked up while it is read.
struct Name<'a>(&'a FieldMap);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = (ArticleField, String);

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = (ArticleField, String);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0.field(name), name.to_owned()))
    }
}

/// A text, or a number taken for one; null is nothing.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Option<String>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Err(E::custom("is true or false, a text was expected"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom("is a list, a text was expected"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom("is an object, a text was expected"))
    }
}

/// One text or several; objects with a `name`, as JSON-LD and the APIs of news have them.
fn texts(value: Value) -> Result<Vec<String>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => {
            let mut found = Vec::with_capacity(values.len());
            for value in values {
                found.extend(texts(value)?);
            }
            Ok(found)
        }
        Value::String(text) => Ok(vec![text]),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Object(mut object) => match object.remove("name") {
            Some(Value::String(name)) => Ok(vec![name]),
            Some(Value::Null) => Ok(Vec::new()),
            _ => Err("is an object without a `name`, a text was expected".to_owned()),
        },
        other @ Value::Bool(_) => Err(expected("a text", &other)),
    }
}

/// « eau, emprunt ; UEMOA ».
pub(super) fn split_tags(list: &str) -> Vec<String> {
    list.split([',', ';', '|'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

fn published(value: &Value) -> Result<Option<Published>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => dates::read(text).map(Some),
        // Seconds since 1970, or milliseconds as JavaScript counts.
        Value::Number(number) => {
            let out_of_range = || format!("{number} is no number of seconds since 1970");
            let seconds = number.as_i64().ok_or_else(out_of_range)?;
            let seconds = if seconds.unsigned_abs() >= 100_000_000_000 {
                seconds.div_euclid(1000)
            } else {
                seconds
            };
            dates::unix_seconds(seconds)
                .map(Some)
                .ok_or_else(out_of_range)
        }
        other => Err(expected("a date", other)),
    }
}

fn extra(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn expected(what: &str, found: &Value) -> String {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("is {kind}, {what} was expected")
}
