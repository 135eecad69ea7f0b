//! What a search page asks, against raw tantivy doing the same with its French chain over title and
//! body, in one run: a round is all of `support::QUERIES`, one thread. Full matches only, for the
//! yardstick has no others; the second look of the ranking is in it.
//!
//! `TROUVAILLE_BENCH_JSONL=articles.jsonl cargo bench --bench queries` takes articles of your own.

#![allow(missing_docs)] // criterion makes the functions

mod support;

use std::ops::Bound;

use criterion::{Criterion, criterion_group, criterion_main};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery, RangeQuery};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Order, TantivyDocument, Term};
use trouvaille::{Date, Facet, Field, Filter, Hit, Search, Sort, Typos};

type Boxed = Box<dyn EngineQuery>;

fn queries(criterion: &mut Criterion) {
    let articles = support::articles(24 << 20);
    let yardstick = support::Yardstick::of(&articles);
    let library = support::library(&articles).searcher();
    eprintln!(
        "{} articles, the yardstick in {} segments",
        articles.len(),
        yardstick.searcher.segment_readers().len()
    );
    let parsed: Vec<Boxed> = support::QUERIES
        .iter()
        .map(|words| yardstick.query(words))
        .collect();
    let searches: Vec<Search> = support::QUERIES
        .iter()
        .map(|words| Search::from(*words).relax(false).typos(Typos::Off))
        .collect();

    let mut compare =
        |name: &str, engine: &dyn Fn(&dyn EngineQuery) -> usize, own: &dyn Fn(Search) -> usize| {
            let mut group = criterion.benchmark_group(name);
            group.sample_size(20);
            group.bench_function("tantivy French", |bench| {
                bench.iter(|| parsed.iter().map(|query| engine(&**query)).sum::<usize>());
            });
            group.bench_function("trouvaille", |bench| {
                bench.iter(|| {
                    searches
                        .iter()
                        .map(|search| own(search.clone()))
                        .sum::<usize>()
                });
            });
            group.finish();
        };
    let top = || TopDocs::with_limit(10).order_by_score();
    let search = |search: Search| library.search(search).expect("the search runs");
    let engine = &yardstick.searcher;

    compare(
        "top 10",
        &|query| engine.search(query, &top()).expect("it runs").len(),
        &|asked| search(asked).len(),
    );
    compare(
        "top 10 and exact total",
        &|query| engine.search(query, &(top(), Count)).expect("it runs").1,
        &|asked| search(asked).total().expect("it counts"),
    );
    let aggregations: Aggregations = serde_json::from_value(serde_json::json!({
        "source": { "terms": { "field": "source", "size": 10 } },
        "tag": { "terms": { "field": "tag", "size": 10 } },
        "year": { "histogram": { "field": "timestamp", "interval": 31_557_600 } },
    }))
    .expect("the aggregations parse");
    compare(
        "top 10 and three facets",
        &|query| {
            let facets = AggregationCollector::from_aggs(aggregations.clone(), Default::default());
            let (found, facets) = engine.search(query, &(top(), facets)).expect("it runs");
            found.len() + facets.0.len()
        },
        &|asked| {
            let asked = asked
                .facet(Facet::Source)
                .facet(Facet::Tag)
                .facet(Facet::Year);
            let results = search(asked);
            results.len() + results.facets().len()
        },
    );
    let day = |year| Date::new(year, 1, 1).expect("a day");
    let seconds = |year: i64| Term::from_field_i64(yardstick.timestamp, (year - 1970) * 31_556_952);
    compare(
        "top 10 of two years",
        &|query| {
            let dates: Boxed = Box::new(RangeQuery::new(
                Bound::Included(seconds(2022)),
                Bound::Excluded(seconds(2024)),
            ));
            let both = vec![(Occur::Must, query.box_clone()), (Occur::Must, dates)];
            engine
                .search(&BooleanQuery::new(both), &top())
                .expect("it runs")
                .len()
        },
        &|asked| search(asked.filter(Filter::published(day(2022)..day(2024)))).len(),
    );
    compare(
        "the 10 newest",
        &|query| {
            let newest =
                TopDocs::with_limit(10).order_by_fast_field::<i64>("timestamp", Order::Desc);
            engine.search(query, &newest).expect("it runs").len()
        },
        &|asked| search(asked.sort(Sort::Newest)).len(),
    );
    compare(
        "top 10 with articles and snippets",
        &|query| {
            let mut generator =
                SnippetGenerator::create(engine, query, yardstick.body).expect("a generator");
            generator.set_max_num_chars(Hit::SNIPPET_LENGTH);
            let found = engine.search(query, &top()).expect("it runs");
            let html = found.into_iter().map(|(_, address)| {
                let document: TantivyDocument = engine.doc(address).expect("it is stored");
                generator.snippet_from_doc(&document).to_html()
            });
            html.map(|html| html.len()).sum()
        },
        &|asked| {
            let results = search(asked);
            let html = results.iter().map(|hit| hit.snippet(Field::Body).html());
            html.map(|html| html.len()).sum()
        },
    );
}

/// What only the library does: completion, prefixes, typos.
fn typing(criterion: &mut Criterion) {
    let articles = support::articles(24 << 20);
    let library = support::library(&articles).searcher();
    let mut group = criterion.benchmark_group(format!("typing, {} articles", articles.len()));
    group.sample_size(20);
    for typed in ["a", "gouv", "l'ambass"] {
        group.bench_function(format!("complete {typed}"), |bench| {
            bench.iter(|| library.suggest(typed).expect("it completes").len());
        });
    }
    for typed in ["gouvern*", "gouvernemnt", "gouvernemnt~"] {
        group.bench_function(format!("search {typed}"), |bench| {
            bench.iter(|| library.search(typed).expect("the search runs").len());
        });
    }
    group.finish();
}

criterion_group!(benches, queries, typing);
criterion_main!(benches);
