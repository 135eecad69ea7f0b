//! Queries, one thread: the same questions to tantivy with its French chain over title and body, and
//! to trouvaille with its default ranking; and what only trouvaille does: typos, completion.
//!
//! The articles are the bundled ones over and over (16 MB), or those of any `.jsonl` file, up to as
//! many megabytes as `TROUVAILLE_BENCH_MB` says.

#![allow(missing_docs)] // criterion's macros make public functions

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use support::Yardstick;
use tantivy::query::Occur;
use trouvaille::{Article, Index, Match, Query, Search, Typos};

fn index(articles: &[Article]) -> Index {
    let index = Index::in_memory().expect("memory");
    let mut writer = index.writer().expect("the only writer");
    for article in articles {
        writer.add(article).expect("a sound article");
    }
    writer.commit().expect("memory");
    writer.close().expect("memory");
    index
}

fn queries(criterion: &mut Criterion) {
    let articles = support::articles(support::megabytes(16) << 20);
    println!("{} articles", articles.len());
    let yardstick = Yardstick::new(&articles);
    let index = index(&articles);

    let exact = |search: Search| search.relax(false).typos(Typos::Off);
    let words = |text: &str| exact(Search::new(Query::words(text)));
    let all: [(&str, &[&str], Occur, Search); 5] = [
        (
            "frequent word",
            &["ministre"],
            Occur::Must,
            words("ministre"),
        ),
        ("rare word", &["anacarde"], Occur::Must, words("anacarde")),
        (
            "and of 2",
            &["ministre", "pays"],
            Occur::Must,
            words("ministre pays"),
        ),
        (
            "and of 3",
            &["ministre", "pays", "année"],
            Occur::Must,
            words("ministre pays année"),
        ),
        (
            "or of 3",
            &["ministre", "pays", "année"],
            Occur::Should,
            words("ministre pays année").matching(Match::Any),
        ),
    ];
    for (name, terms, occur, search) in all {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        let query = yardstick.words(terms, occur);
        group.bench_function("tantivy French", |bench| {
            bench.iter(|| yardstick.top_10(&*query))
        });
        group.bench_function("trouvaille", |bench| {
            bench.iter(|| index.search(search.clone()).map(|results| results.len()));
        });
        group.finish();
    }
    for (name, phrase) in [
        ("phrase of 2", "affaires étrangères"),
        ("phrase with stop words", "mise en œuvre"),
    ] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        let query = yardstick.phrase(phrase);
        group.bench_function("tantivy French", |bench| {
            bench.iter(|| yardstick.top_10(&*query))
        });
        let search = exact(Search::new(Query::phrase(phrase)));
        group.bench_function("trouvaille", |bench| {
            bench.iter(|| index.search(search.clone()).map(|results| results.len()));
        });
        group.finish();
    }

    let mut group = criterion.benchmark_group("typing");
    group.sample_size(20);
    for (name, typed) in [
        ("complete a", "a"),
        ("complete gouv", "gouv"),
        ("complete l'ambass", "l'ambass"),
    ] {
        group.bench_function(name, |bench| bench.iter(|| black_box(index.suggest(typed))));
    }
    for (name, typed) in [
        ("prefix", "gouvern*"),
        ("typo", "gouvernemnt"),
        ("typed typo", "gouvernemnt~"),
    ] {
        group.bench_function(name, |bench| {
            bench.iter(|| index.search(typed).map(|results| results.len()));
        });
    }
    group.finish();
}

criterion_group!(benches, queries);
criterion_main!(benches);
