//! What the benches share: the articles, and the yardstick.
#![allow(dead_code)] // each bench uses a part

use std::env;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
    TokenStream,
};
use tantivy::{IndexWriter, Searcher, TantivyDocument, Term};
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

/// How many megabytes of text the bench wants: `TROUVAILLE_BENCH_MB`, or this many.
pub fn megabytes(usual: usize) -> usize {
    let wanted = env::var("TROUVAILLE_BENCH_MB").ok();
    wanted
        .and_then(|wanted| wanted.parse().ok())
        .unwrap_or(usual)
}

/// The same articles in tantivy with its French chain over title and body, with positions, stored.
pub struct Yardstick {
    searcher: Searcher,
    fields: [Field; 2],
}

impl Yardstick {
    pub fn new(articles: &[Article]) -> Yardstick {
        let mut schema = Schema::builder();
        let text = TextOptions::default() | STORED;
        let text = text.set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("french")
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let fields = [
            schema.add_text_field("title", text.clone()),
            schema.add_text_field("body", text),
        ];
        let index = tantivy::Index::create_in_ram(schema.build());
        index.tokenizers().register("french", french_chain());
        let mut writer: IndexWriter = index
            .writer_with_num_threads(1, 128_000_000)
            .expect("memory");
        for article in articles {
            let mut document = TantivyDocument::default();
            document.add_text(fields[0], &article.title);
            document.add_text(fields[1], &article.body);
            writer.add_document(document).expect("memory");
        }
        writer.commit().expect("memory");
        writer.wait_merging_threads().expect("memory");
        let searcher = index.reader().expect("memory").searcher();
        Yardstick { searcher, fields }
    }

    fn terms(text: &str) -> Vec<(usize, String)> {
        let mut chain = french_chain();
        let mut stream = chain.token_stream(text);
        let mut terms = Vec::new();
        while let Some(token) = stream.next() {
            terms.push((token.position, token.text.clone()));
        }
        terms
    }

    /// Each word in title or body.
    pub fn words(&self, words: &[&str], occur: Occur) -> Box<dyn Query> {
        let word = |word: &&str| -> (Occur, Box<dyn Query>) {
            let term = &Self::terms(word)[0].1;
            let anywhere = self.fields.map(|field| -> Box<dyn Query> {
                let term = Term::from_field_text(field, term);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            });
            (occur, Box::new(BooleanQuery::union(anywhere.into())))
        };
        Box::new(BooleanQuery::new(words.iter().map(word).collect()))
    }

    /// The phrase in title or body.
    pub fn phrase(&self, text: &str) -> Box<dyn Query> {
        let terms = Self::terms(text);
        let anywhere = self.fields.map(|field| -> Box<dyn Query> {
            let terms = terms.iter();
            let terms = terms.map(|(at, term)| (*at, Term::from_field_text(field, term)));
            Box::new(PhraseQuery::new_with_offset(terms.collect()))
        });
        Box::new(BooleanQuery::union(anywhere.into()))
    }

    pub fn top_10(&self, query: &dyn Query) -> usize {
        let top = TopDocs::with_limit(10).order_by_score();
        self.searcher.search(query, &top).expect("memory").len()
    }
}
