//! From nothing to the first answer: opening an index on disk and searching it once, against raw
//! tantivy on the same articles. The files are in the system's cache.

#![allow(missing_docs)] // criterion makes the functions

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use tantivy::collector::TopDocs;
use trouvaille::Index;

fn open(criterion: &mut Criterion) {
    let articles = support::articles(20_000);
    let folder = tempfile::tempdir().expect("a folder");
    let (engine, own) = (folder.path().join("tantivy"), folder.path().join("own"));
    std::fs::create_dir(&engine).expect("a folder");
    let index = tantivy::Index::create_in_dir(&engine, support::Yardstick::schema());
    support::Yardstick::write(&index.expect("an index"), &articles, 1, 60_000_000);
    let index = Index::builder().writer_memory(60_000_000).open(&own);
    support::write(&index.expect("an index"), &articles);

    let mut group = criterion.benchmark_group("open and search");
    group.sample_size(20);
    group.bench_function("tantivy French", |bench| {
        bench.iter(|| {
            let index = tantivy::Index::open_in_dir(&engine).expect("it opens");
            let opened = support::Yardstick::open(index);
            let query = opened.query("gouvernement");
            let top = TopDocs::with_limit(10).order_by_score();
            opened.searcher.search(&query, &top).expect("it runs").len()
        });
    });
    group.bench_function("trouvaille", |bench| {
        bench.iter(|| {
            let index = Index::open(&own).expect("it opens");
            index.search("gouvernement").expect("it runs").len()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = open
}
criterion_main!(benches);
