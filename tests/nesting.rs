//! Queries and filters, one inside the other without end: an error, never the end of the stack. All in
//! threads with the stack that Rust gives a thread.

use std::thread;

use serde::de::value::{Error as DeserializeError, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use trouvaille::{Article, Facet, Field, Filter, Query, Search, Sort, Typos};

use crate::support::index_of;

const STACK: usize = 2 << 20;

fn on_a_thread(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).unwrap();
    thread.join().unwrap();
}

/// Each call makes it one level deeper, in whatever way there is.
fn deeper(query: Query, level: usize) -> Query {
    let word = || Query::words("riz");
    match level % 6 {
        0 => query.or(word()),
        1 => query.and(Query::words("coton")),
        2 => !query,
        3 => query.prefer(word()),
        4 => Query::any_of([query, word()]),
        _ => query.boost(2.0),
    }
}

fn deeper_filter(filter: Filter, level: usize) -> Filter {
    match level % 4 {
        0 => Filter::all([filter, Filter::tag("coton")]),
        1 => Filter::any([filter, Filter::source("La Rive")]),
        2 => !filter,
        _ => Filter::any([filter]),
    }
}

fn nested(levels: usize) -> Query {
    (0..levels).fold(Query::words("coton bamako"), deeper)
}

fn nested_filter(levels: usize) -> Filter {
    (0..levels).fold(Filter::query(Query::words("coton")), deeper_filter)
}

/// One kind of part inside the other.
fn alternating(levels: usize) -> Query {
    (0..levels).fold(Query::words("coton"), |query, level| match level % 2 {
        0 => query.or(Query::words("soja")),
        _ => query.and(Query::words("coton")),
    })
}

fn article() -> Article {
    Article::new("1", "Le coton", "Le prix du coton monte à Bamako.")
        .tag("coton")
        .source("La Rive")
}

#[test]
fn a_hundred_thousand_levels_are_an_error() {
    on_a_thread(|| {
        let index = index_of(&[article()]);
        let (query, filter) = (nested(100_000), nested_filter(20_000));
        let search = Search::new(query.clone()).filter(filter.clone());
        assert_eq!(search.clone(), search);
        assert!(!format!("{search:?}").is_empty());
        assert!(!query.to_string().is_empty());
        assert!(!serde_json::to_string(&search).unwrap().is_empty());
        let query = query.field(Field::Title).slop(2);
        for search in [
            Search::new(query),
            Search::new(Query::all()).filter(filter.clone()),
            Search::new(Query::all()).filter(Filter::query(nested(1_000))),
        ] {
            let (explained, found) = (
                index.searcher().explain("1", search.clone()),
                index.search(search),
            );
            for error in [explained.unwrap_err(), found.unwrap_err()] {
                assert!(error.is_invalid_query(), "{error}");
                assert!(error.to_string().contains("165 levels"), "{error}");
            }
        }
    });
}

#[test]
fn as_deep_as_may_be_works() {
    on_a_thread(|| {
        let index = index_of(&[
            article(),
            Article::new("2", "Le riz", "Le prix du riz monte à Mopti."),
        ]);
        // The innermost words are the last level; the query of a filter is a level of its own.
        for query in [
            nested(Query::MAX_LEVELS),
            alternating(Query::MAX_LEVELS),
            nested(Query::MAX_LEVELS).field(Field::Body),
        ] {
            let inside = (0..10).fold(query.clone(), |query, _| query.and(Query::words("coton")));
            assert_eq!(inside.clone(), inside);
            for sort in [Sort::Relevance, Sort::Newest] {
                let search = Search::new(query.clone())
                    .filter(nested_filter(Query::MAX_LEVELS - 1))
                    .typos(Typos::Always)
                    .facet(Facet::Tag)
                    .sort(sort);
                let results = index.search(search).unwrap();
                results.total().unwrap();
                results.did_you_mean().unwrap();
                results.understood();
                for hit in &results {
                    hit.explain().unwrap();
                    hit.snippet(Field::Body);
                }
                index
                    .searcher()
                    .explain("1", results.search().clone())
                    .unwrap();
            }
        }
        let found = |query| index.search(Search::new(query).relax(false));
        assert_eq!(found(alternating(Query::MAX_LEVELS)).unwrap().len(), 1);
        for query in [
            nested(Query::MAX_LEVELS + 1),
            alternating(Query::MAX_LEVELS + 1),
        ] {
            let error = found(query).unwrap_err();
            assert!(error.to_string().contains("deeper"), "{error}");
        }
        let filtered = |filter| {
            index.search(
                Search::new(Query::words("coton"))
                    .filter(filter)
                    .relax(false),
            )
        };
        let results = filtered(nested_filter(Query::MAX_LEVELS - 1));
        results.unwrap().total().unwrap();
        let error = filtered(nested_filter(Query::MAX_LEVELS)).unwrap_err();
        assert!(error.to_string().contains("deeper"), "{error}");
    });
}

#[test]
fn side_by_side_is_not_deep() {
    let many = (0..3_000).fold(Query::words("a"), |query, _| query.or(Query::words("b")));
    let more = (0..3_000).fold(many.clone(), |query, _| Query::words("c").or(query));
    assert!(matches!(&more, Query::Or { 0: queries, .. } if queries.len() == 6_001));
    let boosted = (0..100).fold(many, |query, _| !!query.boost(1.0));
    assert!(!format!("{boosted:?}").contains("TooDeep"));
}

/// As many `not` one in the other as said, from a format without a limit of its own.
struct Nots(usize);

impl<'de> Deserializer<'de> for Nots {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Nots {
    type Error = DeserializeError;
    type Variant = Nots;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Nots), Self::Error> {
        let name: StrDeserializer<'_, Self::Error> = match self.0 {
            0 => "any",
            _ => "not",
        }
        .into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Nots {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, Self::Error> {
        match self.0 {
            // `any` of nothing.
            0 => seed.deserialize(serde::de::value::SeqAccessDeserializer::new(Empty)),
            levels => seed.deserialize(Nots(levels - 1)),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Self::Error> {
        unreachable!("no variant is a tuple")
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        unreachable!("neither `any` nor `not` is a struct")
    }
}

struct Empty;

impl<'de> SeqAccess<'de> for Empty {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        _: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        Ok(None)
    }
}

#[test]
fn no_format_brings_a_deeper_one() {
    on_a_thread(|| {
        for _ in 0..2 {
            // The list inside `any` is one level more.
            let filter = Filter::deserialize(Nots(Query::MAX_LEVELS - 1)).unwrap();
            assert!(matches!(filter, Filter::Not { .. }));
            for levels in [Query::MAX_LEVELS, 100_000] {
                let error = Filter::deserialize(Nots(levels)).unwrap_err();
                assert!(error.to_string().contains("165 levels"), "{error}");
            }
        }
        let json = |levels: usize| {
            let (open, close) = ("{\"not\":".repeat(levels), "}".repeat(levels));
            serde_json::from_str::<Query>(&format!("{open}\"all\"{close}"))
        };
        assert!(json(100).is_ok());
        // The format's own limit.
        assert!(json(100_000).unwrap_err().to_string().contains("recursion"));
        let search = Search::new(nested(30)).filter(nested_filter(30));
        let written = serde_json::to_string(&search).unwrap();
        assert_eq!(serde_json::from_str::<Search>(&written).unwrap(), search);
    });
}

/// The deepest that can be typed: every kind of part around every parenthesis.
#[test]
fn whatever_is_typed_is_no_deeper() {
    on_a_thread(|| {
        let index = index_of(&[article()]);
        let shapes = [
            ("(", ")"),
            ("-(soja OU (mil ", "))"),
            ("+(riz OU -(mil ET +(", ")^2 orge)^3)^2 sorgho"),
            ("x -(y OU +(", ")^2 z)^3"),
            ("a OU +b -(", ")^2 c"),
            // Five levels a parenthesis: the most there is.
            ("a OU +b -(c OU +d -(", ")^2 e)^3 f"),
            ("a ET -(b OU ", ")"),
        ];
        for (open, close) in shapes {
            for count in [1, 10, 11, 16, 17, 31, 32, 33, 100] {
                let text = format!("{}coton{}", open.repeat(count), close.repeat(count));
                let query = Query::parse(&text).query;
                assert!(!format!("{query:?}").contains("TooDeep"), "{text}");
                let results = index.search(text.as_str()).unwrap();
                results.total().unwrap();
                let read = Query::parse(&results.understood()).query;
                assert_eq!(&read, results.search().query(), "{text}");
            }
        }
    });
}
