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
