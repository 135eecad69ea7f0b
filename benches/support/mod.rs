//! What the benches share: the articles, and the yardstick.
#![allow(dead_code)] // each bench uses a part

use std::env;

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use trouvaille::{Article, ingest};

/// At least `bytes` of text: the bundled articles over and over under new ids, or as much of the
/// file that `TROUVAILLE_BENCH_JSONL` names.
pub fn articles(bytes: usize) -> Vec<Article> {
    let named = env::var("TROUVAILLE_BENCH_JSONL").ok();
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    let path = named.as_deref().unwrap_or(bundled);
    let source: Vec<Article> = ingest::records(path)
        .expect("the articles can be read")
        .filter_map(Result::ok)
        .collect();
    let mut total = 0;
    (0..)
        .flat_map(|round: u32| {
            source.iter().map(move |article| {
                let mut article = article.clone();
                article.id = format!("{round}-{}", article.id);
                article
            })
        })
        .take_while(|article| {
            let goes_on = total < bytes;
            total += article.body.len();
            goes_on
        })
        .collect()
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
}

impl Yardstick {
    /// In memory, written by one thread with the memory that [`library`] has, so that both have about
    /// as many segments.
    pub fn of(articles: &[Article]) -> Yardstick {
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
        let title = schema.add_text_field("title", words.clone());
        let body = schema.add_text_field("body", words);
        let author = schema.add_text_field("author", STRING | FAST | STORED);
        let source = schema.add_text_field("source", STRING | FAST | STORED);
        let tag = schema.add_text_field("tag", STRING | FAST | STORED);
        let timestamp = schema.add_i64_field("timestamp", INDEXED | FAST | STORED);
        let schema = schema.build();
        let id = schema.get_field("id").expect("it was just added");
        let index = tantivy::Index::create_in_ram(schema);
        index.tokenizers().register("french", french_chain());
        let mut writer = index
            .writer_with_num_threads::<tantivy::TantivyDocument>(1, WRITER_MEMORY)
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
        let searcher = index.reader().expect("a reader").searcher();
        Yardstick {
            index,
            searcher,
            title,
            body,
            timestamp,
        }
    }

    /// All words, in title or body, as the library's plain words.
    pub fn query(&self, words: &str) -> Box<dyn tantivy::query::Query> {
        let mut parser =
            tantivy::query::QueryParser::for_index(&self.index, vec![self.title, self.body]);
        parser.set_conjunction_by_default();
        parser.parse_query(words).expect("plain words parse")
    }
}

/// One thread's worth.
const WRITER_MEMORY: usize = 31_000_000;

/// The library's index of the articles, in memory.
pub fn library(articles: &[Article]) -> trouvaille::Index {
    let index = trouvaille::Index::builder()
        .writer_memory(WRITER_MEMORY)
        .in_memory()
        .expect("an index in memory");
    let mut writer = index.writer().expect("a writer");
    for article in articles {
        writer.add(article).expect("it is written");
    }
    writer.commit().expect("it is committed");
    writer.close().expect("merges end");
    index
}

/// Words that the bundled articles and others have: frequent and rare, one to three.
pub const QUERIES: [&str; 6] = [
    "gouvernement",
    "mali",
    "prix coton",
    "affaires étrangères",
    "ministre sécurité",
    "président élections mai",
];
