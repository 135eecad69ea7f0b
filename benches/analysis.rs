//! Analysis, one thread: the whole French analyzer against tantivy's French chain, in one report.
//!
//! The text is generated, or the bodies of any `.jsonl` file:
//! `TROUVAILLE_BENCH_JSONL=articles.jsonl cargo bench --bench analysis`.

#![allow(missing_docs)] // criterion's macros make public functions

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tantivy::tokenizer::TokenStream;
use trouvaille::Analyzer;

fn analysis(criterion: &mut Criterion) {
    let bodies: Vec<String> = support::articles(4_000)
        .into_iter()
        .map(|article| article.body)
        .collect();
    let bytes: usize = bodies.iter().map(String::len).sum();
    let mut group = criterion.benchmark_group("analysis");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);

    let mut french = support::french_chain();
    group.bench_function("tantivy French", |bench| {
        bench.iter(|| {
            let mut length = 0;
            for body in &bodies {
                let mut stream = french.token_stream(body);
                while stream.advance() {
                    length += stream.token().text.len();
                }
            }
            length
        });
    });

    let analyzer = Analyzer::default();
    group.bench_function("trouvaille", |bench| {
        bench.iter(|| {
            let mut length = 0;
            for body in &bodies {
                analyzer.visit(body, |token| {
                    length += token.written().len();
                    length += token.lemmas().map(|(lemma, _)| lemma.len()).sum::<usize>();
                });
            }
            length
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = analysis
}
criterion_main!(benches);
