//! Queries by class and what a search page asks, against raw tantivy doing the same with its French
//! chain over title and body, in one run: a round is all queries of a class, one thread. Full matches
//! only, for the yardstick has no others, but of questions; the second look of the ranking is in it.
//!
//! `TROUVAILLE_BENCH_ARTICLES=300000 cargo bench --bench queries` generates so many articles;
//! `TROUVAILLE_BENCH_JSONL=articles.jsonl` takes your own.

#![allow(missing_docs)] // criterion makes the functions

mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::Bound;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::snippet::SnippetGenerator;
use tantivy::{Order, TantivyDocument, Term};
use trouvaille::{
    Article, Date, Facet, Field, Filter, Hit, Query, Ranking, Search, Searcher, Sort, Typos,
};

use support::query_sets;

type Boxed = Box<dyn EngineQuery>;

struct Sides {
    articles: Vec<Article>,
    yardstick: support::Yardstick,
    library: Searcher,
}

fn sides() -> &'static Sides {
    static SIDES: OnceLock<Sides> = OnceLock::new();
    SIDES.get_or_init(|| {
        let articles = support::articles(100_000);
        eprintln!("{} articles", articles.len());
        Sides {
            yardstick: support::Yardstick::of(&articles),
            library: support::library(&articles).searcher(),
            articles,
        }
    })
}

/// Each class of query: the first page, and the first page with its exact total.
fn classes(criterion: &mut Criterion) {
    let Sides {
        articles,
        yardstick,
        library,
    } = sides();
    let engine = &yardstick.searcher;
    let top = || TopDocs::with_limit(10).order_by_score();
    for set in query_sets::sets(articles) {
        let parse = |words: &String| yardstick.query_of(&set, words);
        let parsed: Vec<Boxed> = set.queries.iter().map(parse).collect();
        let search = |words: &String| set.search(words);
        let searches: Vec<Search> = set.queries.iter().map(search).collect();
        let found = |search: &Search| library.search(search.clone()).expect("the search runs");
        for with_total in [false, true] {
            // Of a question, the total is of full matches here and of any word there.
            if with_total && set.kind == query_sets::Kind::Question {
                continue;
            }
            let name = match with_total {
                false => set.name.clone(),
                true => format!("{} with total", set.name),
            };
            let mut group = criterion.benchmark_group(name);
            group.sample_size(10);
            group.bench_function("tantivy French", |bench| {
                let ask = |query: &Boxed| match with_total {
                    false => engine.search(query, &top()).expect("it runs").len(),
                    true => engine.search(query, &(top(), Count)).expect("it runs").1,
                };
                bench.iter(|| parsed.iter().map(ask).sum::<usize>());
            });
            group.bench_function("trouvaille", |bench| {
                let ask = |search: &Search| match with_total {
                    false => found(search).len(),
                    true => {
                        let counted = library.search(search.clone().count_total(true));
                        let counted = counted.expect("the search runs");
                        counted.total().expect("it counts")
                    }
                };
                bench.iter(|| searches.iter().map(ask).sum::<usize>());
            });
            group.finish();
        }
        slowest(&set.name, &parsed, &searches);
    }
}

/// What one query in a hundred takes at least, each asked in turn of both sides.
fn slowest(name: &str, parsed: &[Boxed], searches: &[Search]) {
    let Sides {
        yardstick, library, ..
    } = sides();
    let (mut engine, mut own) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        for (query, search) in parsed.iter().zip(searches) {
            let top = TopDocs::with_limit(10).order_by_score();
            let start = Instant::now();
            black_box(yardstick.searcher.search(query, &top).expect("it runs"));
            engine.push(start.elapsed());
            let search = search.clone();
            let start = Instant::now();
            black_box(library.search(search).expect("the search runs"));
            own.push(start.elapsed());
        }
    }
    let at = |times: &mut Vec<Duration>, share: usize| {
        times.sort_unstable();
        times[(times.len() - 1) * share / 100]
    };
    eprintln!(
        "{name}: p50 {:?} and {:?}, p99 {:?} and {:?} (tantivy French, trouvaille)",
        at(&mut engine, 50),
        at(&mut own, 50),
        at(&mut engine, 99),
        at(&mut own, 99),
    );
}

/// The whole ranking against plain BM25 over the same index.
fn ranking(criterion: &mut Criterion) {
    let Sides {
        articles, library, ..
    } = sides();
    let mut plain = Ranking::default();
    plain.window = 0;
    let sets = query_sets::sets(articles);
    let words = sets.iter().filter(|set| {
        let kind = set.kind;
        kind == query_sets::Kind::All || kind == query_sets::Kind::Any
    });
    let searches: Vec<Search> = words
        .flat_map(|set| set.queries.iter().map(|words| set.search(words)))
        .collect();
    let mut group = criterion.benchmark_group("ranking of words");
    group.sample_size(20);
    for (name, ranking) in [("plain BM25", plain), ("default", Ranking::default())] {
        let ask = |search: &Search| {
            let search = search.clone().ranking(ranking.clone());
            library.search(search).expect("the search runs").len()
        };
        group.bench_function(name, |bench| {
            bench.iter(|| searches.iter().map(ask).sum::<usize>());
        });
    }
    group.finish();
}

/// What a page of results asks besides the hits.
fn pages(criterion: &mut Criterion) {
    let Sides {
        articles,
        yardstick,
        library,
    } = sides();
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
    let tag = most_frequent_tag(articles);
    let tagged = Term::from_field_text(yardstick.tag, tag);
    compare(
        "top 10 with a tag",
        &|query| {
            let tagged: Boxed = Box::new(TermQuery::new(tagged.clone(), IndexRecordOption::Basic));
            let both = vec![(Occur::Must, query.box_clone()), (Occur::Must, tagged)];
            let both = BooleanQuery::new(both);
            engine.search(&both, &top()).expect("it runs").len()
        },
        &|asked| search(asked.filter(Filter::tag(tag))).len(),
    );
    let unwanted = yardstick.query("pays");
    compare(
        "top 10 without a word",
        &|query| {
            let unwanted = (Occur::MustNot, unwanted.box_clone());
            let query = BooleanQuery::new(vec![(Occur::Must, query.box_clone()), unwanted]);
            engine.search(&query, &top()).expect("it runs").len()
        },
        &|asked| search(asked.filter(!Filter::query(Query::words("pays")))).len(),
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

fn most_frequent_tag(articles: &[Article]) -> &str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for tag in articles.iter().flat_map(|article| &article.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or("", |(tag, _)| tag)
}

/// What only the library does: completion, prefixes, typos.
fn typing(criterion: &mut Criterion) {
    let Sides {
        articles, library, ..
    } = sides();
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

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = classes, ranking, pages, typing
}
criterion_main!(benches);
