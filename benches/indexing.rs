//! Writing an index to disk until nothing is left to merge, with one thread and with two, against raw
//! tantivy with its French chain over the same articles. The size of both indexes is printed.
//!
//! `TROUVAILLE_BENCH_ARTICLES=300000 cargo bench --bench indexing` takes so many articles.

#![allow(missing_docs)] // criterion makes the functions

mod support;

use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tempfile::TempDir;
use trouvaille::Index;

/// For each thread.
const MEMORY: usize = 60_000_000;

fn indexing(criterion: &mut Criterion) {
    let articles = support::articles(20_000);
    let bytes = articles
        .iter()
        .map(|article| article.title.len() + article.body.len());
    let bytes = bytes.sum::<usize>() as u64;
    for threads in 1..=2 {
        let engine = |folder: TempDir| {
            let index = tantivy::Index::create_in_dir(folder.path(), support::Yardstick::schema());
            let index = index.expect("an index");
            support::Yardstick::write(&index, &articles, threads, threads * MEMORY);
            folder
        };
        let own = |folder: TempDir| {
            let index = Index::builder()
                .writer_memory(threads * MEMORY)
                .writer_threads(threads)
                .open(folder.path());
            support::write(&index.expect("an index"), &articles);
            folder
        };
        let folder = || tempfile::tempdir().expect("a folder");
        let mut group = criterion.benchmark_group(format!("indexing, threads: {threads}"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(8));
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function("tantivy French", |bench| {
            bench.iter_batched(folder, engine, BatchSize::PerIteration);
        });
        group.bench_function("trouvaille", |bench| {
            bench.iter_batched(folder, own, BatchSize::PerIteration);
        });
        group.finish();
        let (engine, own) = (size(engine(folder()).path()), size(own(folder()).path()));
        eprintln!(
            "index size: {:.2} of the text in tantivy, {:.2} here; ratio {:.2}",
            engine as f64 / bytes as f64,
            own as f64 / bytes as f64,
            own as f64 / engine as f64
        );
    }
}

fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder");
    let sizes = files.map(|file| {
        file.and_then(|file| file.metadata())
            .map_or(0, |meta| meta.len())
    });
    sizes.sum()
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = indexing
}
criterion_main!(benches);
