//! What the benches share: the articles, and the yardstick.
#![allow(dead_code)] // each bench uses a part

mod generator;
pub mod query_sets;

use std::env;
use std::time::Duration;

use criterion::Criterion;
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use trouvaille::{Article, ingest};

pub use self::generator::Generator;
use self::query_sets::{Kind, QuerySet};

/// All benches in less than a quarter of an hour: they are many, and both sides of each are measured in turn.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_500))
}

/// Articles made from the bundled ones, the same in every run, or those of the file that
/// `TROUVAILLE_BENCH_JSONL` names; `TROUVAILLE_BENCH_ARTICLES` of them, or `count`.
pub fn articles(count: usize) -> Vec<Article> {
    let asked = env::var("TROUVAILLE_BENCH_ARTICLES").ok();
    let count = asked.and_then(|asked| asked.parse().ok()).unwrap_or(count);
    match env::var("TROUVAILLE_BENCH_JSONL") {
        Ok(path) => ingest::records(path)
            .expect("the articles can be read")
            .filter_map(Result::ok)
            .take(count)
            .collect(),
        Err(_) => Generator::new(bundled(), 400, 1).take(count).collect(),
    }
}

/// The bundled articles.
pub fn bundled() -> Vec<Article> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    let records = ingest::records(path).expect("the bundled articles are there");
    records.filter_map(Result::ok).collect()
}

/// tantivy's own French chain: what people take today.
pub fn french_chain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(StopWordFilter::new(Language::French).expect("tantivy has French stop words"))
        .filter(Stemmer::new(Language::French))
        .build()
}

/// The yardstick: the same articles in raw tantivy, its French chain over title and body, the facets
/// as fast fields.
pub struct Yardstick {
    pub index: tantivy::Index,
    pub searcher: tantivy::Searcher,
    pub title: tantivy::schema::Field,
    pub body: tantivy::schema::Field,
    pub timestamp: tantivy::schema::Field,
    pub tag: tantivy::schema::Field,
}

impl Yardstick {
    /// In memory, in one segment as [`library`].
    pub fn of(articles: &[Article]) -> Yardstick {
        let index = tantivy::Index::create_in_ram(Self::schema());
        Self::write(&index, articles, 1, ONE_SEGMENT);
        Self::open(index)
    }

    /// Ready to be searched.
    pub fn open(index: tantivy::Index) -> Yardstick {
        index.tokenizers().register("french", french_chain());
        let searcher = index.reader().expect("a reader").searcher();
        let field = |name| index.schema().get_field(name).expect("it was added");
        let (title, body, timestamp) = (field("title"), field("body"), field("timestamp"));
        let tag = field("tag");
        Yardstick {
            index,
            searcher,
            title,
            body,
            timestamp,
            tag,
        }
    }

    pub fn schema() -> tantivy::schema::Schema {
        use tantivy::schema::{
            FAST, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
            TextOptions,
        };
        let words = TextOptions::default().set_stored().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("french")
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let mut schema = Schema::builder();
        schema.add_text_field("id", STRING | STORED);
        schema.add_text_field("title", words.clone());
        schema.add_text_field("body", words);
        schema.add_text_field("author", STRING | FAST | STORED);
        schema.add_text_field("source", STRING | FAST | STORED);
        schema.add_text_field("tag", STRING | FAST | STORED);
        schema.add_i64_field("timestamp", INDEXED | FAST | STORED);
        schema.build()
    }

    /// Writes the articles, until nothing is left to merge.
    pub fn write(index: &tantivy::Index, articles: &[Article], threads: usize, memory: usize) {
        index.tokenizers().register("french", french_chain());
        let schema = index.schema();
        let field = |name| schema.get_field(name).expect("it was added");
        let (id, title, body) = (field("id"), field("title"), field("body"));
        let (author, source, tag) = (field("author"), field("source"), field("tag"));
        let timestamp = field("timestamp");
        let mut writer = index
            .writer_with_num_threads::<tantivy::TantivyDocument>(threads, memory)
            .expect("a writer");
        for article in articles {
            let mut document = tantivy::TantivyDocument::default();
            document.add_text(id, &article.id);
            document.add_text(title, &article.title);
            document.add_text(body, &article.body);
            if let Some(name) = &article.author {
                document.add_text(author, name);
            }
            if let Some(name) = &article.source {
                document.add_text(source, name);
            }
            for name in &article.tags {
                document.add_text(tag, name);
            }
            if let Some(published) = &article.published {
                document.add_i64(timestamp, published.timestamp());
            }
            writer.add_document(document).expect("it is written");
        }
        writer.commit().expect("it is committed");
        writer.wait_merging_threads().expect("merges end");
    }

    /// All words, in title or body, as the library's plain words.
    pub fn query(&self, words: &str) -> Box<dyn tantivy::query::Query> {
        self.parse(words, true)
    }

    fn parse(&self, words: &str, all: bool) -> Box<dyn tantivy::query::Query> {
        let fields = vec![self.title, self.body];
        let mut parser = tantivy::query::QueryParser::for_index(&self.index, fields);
        if all {
            parser.set_conjunction_by_default();
        }
        parser.parse_query(words).expect("plain words parse")
    }

    /// A query of a set, as a program over tantivy would ask it.
    pub fn query_of(&self, set: &QuerySet, words: &str) -> Box<dyn tantivy::query::Query> {
        use tantivy::query::{BooleanQuery, FuzzyTermQuery, Query, RegexQuery};

        let both = |query: &dyn Fn(tantivy::schema::Field) -> Box<dyn Query>| -> Box<dyn Query> {
            Box::new(BooleanQuery::union(vec![
                query(self.title),
                query(self.body),
            ]))
        };
        match set.kind {
            Kind::All => self.parse(words, true),
            // The best it can do for a question: any of its words.
            Kind::Any | Kind::Question => self.parse(words, false),
            Kind::Phrase => self.parse(&format!("\"{words}\""), true),
            Kind::Prefix => both(&|field| {
                let pattern = format!("{words}.*");
                Box::new(RegexQuery::from_pattern(&pattern, field).expect("letters are a pattern"))
            }),
            Kind::Fuzzy => both(&|field| {
                let term = tantivy::Term::from_field_text(field, words);
                Box::new(FuzzyTermQuery::new(term, 2, true))
            }),
        }
    }
}

/// Enough for all articles of a bench, so that both sides have one segment.
const ONE_SEGMENT: usize = 2_000_000_000;

/// The library's index of the articles, in memory, in one segment.
pub fn library(articles: &[Article]) -> trouvaille::Index {
    let index = trouvaille::Index::builder()
        .writer_memory(ONE_SEGMENT)
        .writer_threads(1)
        .in_memory()
        .expect("an index in memory");
    write(&index, articles);
    index
}

/// Writes the articles, until nothing is left to merge.
pub fn write(index: &trouvaille::Index, articles: &[Article]) {
    let mut writer = index.writer().expect("a writer");
    for article in articles {
        writer.add(article).expect("it is written");
    }
    writer.commit().expect("it is committed");
    writer.close().expect("merges end");
}

/// Words that the bundled articles and others have: frequent and rare, one to three.
pub const QUERIES: [&str; 6] = [
    "gouvernement",
    "mali",
    "prix coton",
    "affaires étrangères",
    "ministre sécurité",
    "président ministre pays",
];
