//! Snippets of ten articles: the library's against tantivy's `SnippetGenerator`, on the same articles
//! and searches, in one run. Reading the articles is in neither.
//!
//! `TROUVAILLE_BENCH_JSONL=articles.jsonl cargo bench --bench snippets` takes articles of your own.

#![allow(missing_docs)] // criterion makes the functions

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use tantivy::snippet::SnippetGenerator;
use trouvaille::{Field, Hit, Search};

fn snippets(criterion: &mut Criterion) {
    let articles = support::articles(4_000);
    let yardstick = support::Yardstick::of(&articles);
    let library = support::library(&articles);
    for words in support::QUERIES
        .into_iter()
        .chain(["\"affaires étrangères\""])
    {
        let results = library
            .search(Search::from(words).relax(false))
            .expect("the search runs");
        let bodies: Vec<&str> = results
            .iter()
            .map(|hit| hit.article().body.as_str())
            .collect();
        let query = yardstick.query(words);
        let mut group = criterion.benchmark_group(format!("ten snippets, {words}"));
        group.sample_size(30);
        group.bench_function("tantivy French", |bench| {
            bench.iter(|| {
                let mut generator =
                    SnippetGenerator::create(&yardstick.searcher, &*query, yardstick.body)
                        .expect("a generator");
                generator.set_max_num_chars(Hit::SNIPPET_LENGTH);
                let html = bodies.iter().map(|body| generator.snippet(body).to_html());
                html.map(|html| html.len()).sum::<usize>()
            });
        });
        group.bench_function("trouvaille", |bench| {
            bench.iter(|| {
                let html = results.iter().map(|hit| hit.snippet(Field::Body).html());
                html.map(|html| html.len()).sum::<usize>()
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = snippets
}
criterion_main!(benches);
