//! Each reader against the bare parse of the same file, and the cleaner alone.
//!
//! The files are generated articles in each format, or those of any `.jsonl` file:
//! `TROUVAILLE_BENCH_JSONL=articles.jsonl cargo bench --bench ingest`.

#![expect(missing_docs, reason = "criterion's macros write a public function")]

mod support;

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trouvaille::Article;
use trouvaille::ingest::clean::Cleaner;
use trouvaille::ingest::{Format, Source};

/// About 8 MB.
const ARTICLES: usize = 3_000;

/// What every reader is measured against: the parser it is built on, and nothing kept.
type Bare = fn(&Path) -> usize;

fn read_all(source: Source) -> usize {
    let mut bytes = 0;
    for article in source.open().expect("the file is there") {
        bytes += black_box(article.expect("the file is right")).body.len();
    }
    bytes
}

fn pair(criterion: &mut Criterion, name: &str, path: &Path, bare: Bare) {
    let mut group = criterion.benchmark_group(format!("read {name}"));
    group.sample_size(10);
    let length = if path.is_dir() {
        Source::new(path)
            .open()
            .expect("the folder is there")
            .total_bytes()
    } else {
        path.metadata().expect("the file is there").len()
    };
    group.throughput(Throughput::Bytes(length));
    group.bench_function("bare parse", |bench| bench.iter(|| bare(path)));
    group.bench_function("trouvaille", |bench| {
        bench.iter(|| read_all(Source::new(path).raw()));
    });
    group.finish();
}

fn lines(path: &Path) -> usize {
    use std::io::BufRead;
    let file = std::io::BufReader::new(fs::File::open(path).expect("the file is there"));
    file.lines()
        .map(|line| {
            let line = line.expect("the file is right");
            let article: Article = serde_json::from_str(&line).expect("the line is right");
            black_box(article).body.len()
        })
        .sum()
}

fn array(path: &Path) -> usize {
    let text = fs::read(path).expect("the file is there");
    let articles: Vec<Article> = serde_json::from_slice(&text).expect("the file is right");
    black_box(articles).len()
}

fn rows(path: &Path) -> usize {
    let mut reader = csv::Reader::from_path(path).expect("the file is there");
    let mut row = csv::StringRecord::new();
    let mut bytes = 0;
    while reader.read_record(&mut row).expect("the file is right") {
        bytes += black_box(&row).len();
    }
    bytes
}

fn files(path: &Path) -> usize {
    let entries = fs::read_dir(path).expect("the folder is there");
    entries
        .map(|entry| {
            black_box(
                fs::read_to_string(entry.expect("the file is there").path())
                    .expect("the file is right"),
            )
            .len()
        })
        .sum()
}

#[cfg(feature = "feeds")]
fn events(path: &Path) -> usize {
    let mut reader = quick_xml::Reader::from_file(path).expect("the file is there");
    let mut buffer = Vec::new();
    let mut count = 0;
    loop {
        buffer.clear();
        match reader
            .read_event_into(&mut buffer)
            .expect("the file is right")
        {
            quick_xml::events::Event::Eof => return count,
            event => {
                black_box(event);
                count += 1;
            }
        }
    }
}

#[cfg(feature = "html")]
fn tokens(path: &Path) -> usize {
    let entries = fs::read_dir(path).expect("the folder is there");
    entries
        .map(|entry| {
            let page = fs::read_to_string(entry.expect("the file is there").path())
                .expect("the file is right");
            html5gum::Tokenizer::new(&page).map(black_box).count()
        })
        .sum()
}

#[cfg(feature = "gzip")]
fn gunzip(path: &Path) -> usize {
    use std::io::Read;
    let mut text = Vec::new();
    let file = fs::File::open(path).expect("the file is there");
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut text)
        .expect("the file is right");
    black_box(text).len()
}

#[cfg(feature = "html")]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn readers(criterion: &mut Criterion) {
    let articles = support::articles(ARTICLES);
    let directory = tempfile::tempdir().expect("there is room");
    let path = |name: &str| directory.path().join(name);
    let json: Vec<String> = articles
        .iter()
        .map(|article| serde_json::to_string(article).expect("serializes"))
        .collect();
    fs::write(path("a.jsonl"), json.join("\n")).expect("there is room");
    fs::write(path("a.json"), format!("[{}]", json.join(",\n"))).expect("there is room");
    let mut table = csv::Writer::from_path(path("a.csv")).expect("there is room");
    table
        .write_record(["id", "title", "body", "author"])
        .expect("there is room");
    for article in &articles {
        table
            .write_record([
                &article.id,
                &article.title,
                &article.body,
                article.author.as_deref().unwrap_or_default(),
            ])
            .expect("there is room");
    }
    table.flush().expect("there is room");
    fs::create_dir(path("text")).expect("there is room");
    for (number, article) in articles.iter().enumerate().take(2_000) {
        fs::write(
            path("text").join(format!("{number:05}.txt")),
            format!("{}\n\n{}", article.title, article.body),
        )
        .expect("there is room");
    }

    pair(criterion, "jsonl", &path("a.jsonl"), lines);
    pair(criterion, "json array", &path("a.json"), array);
    pair(criterion, "csv", &path("a.csv"), rows);
    pair(criterion, "txt", &path("text"), files);
    #[cfg(feature = "gzip")]
    {
        use std::io::Write;
        let file = fs::File::create(path("a.jsonl.gz")).expect("there is room");
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder
            .write_all(json.join("\n").as_bytes())
            .expect("there is room");
        encoder.finish().expect("there is room");
        pair(criterion, "jsonl.gz", &path("a.jsonl.gz"), gunzip);
    }
    #[cfg(feature = "feeds")]
    {
        let items: Vec<String> = articles
            .iter()
            .map(|article| {
                format!(
                    "<item><guid>{}</guid><title>{}</title><description>{}</description></item>",
                    article.id,
                    escaped(&article.title),
                    escaped(&article.body)
                )
            })
            .collect();
        fs::write(
            path("a.rss"),
            format!("<rss><channel>{}</channel></rss>", items.join("\n")),
        )
        .expect("there is room");
        pair(criterion, "rss", &path("a.rss"), events);
    }
    #[cfg(feature = "html")]
    {
        fs::create_dir(path("html")).expect("there is room");
        for (number, article) in articles.iter().enumerate().take(2_000) {
            let paragraphs: Vec<String> = article
                .body
                .split("\n\n")
                .map(|text| format!("<p>{}</p>", escaped(text)))
                .collect();
            let page = format!(
                "<html><head><title>{}</title></head><body><nav><a href=/>Accueil</a></nav><main>{}</main></body></html>",
                escaped(&article.title),
                paragraphs.join("\n")
            );
            fs::write(path("html").join(format!("{number:05}.html")), page).expect("there is room");
        }
        pair(criterion, "html", &path("html"), tokens);
    }

    // The raw pages, as a whole: decoding, cleaning, ids; and the cleaner by itself.
    let seeds = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds"));
    let pages: Vec<String> = fs::read_dir(seeds)
        .expect("the seeds are there")
        .filter_map(|entry| {
            let path = entry.expect("the seeds are there").path();
            (Format::of(&path) == Some(Format::Text))
                .then(|| fs::read_to_string(path).expect("the seeds are right"))
        })
        .collect();
    let mut group = criterion.benchmark_group("raw pages");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(
        pages.iter().map(|page| page.len() as u64).sum(),
    ));
    group.bench_function("cleaner alone", |bench| {
        let cleaner = Cleaner::new();
        bench.iter(|| {
            pages
                .iter()
                .map(|page| cleaner.clean(black_box(page)).body.len())
                .sum::<usize>()
        });
    });
    group.bench_function("reader", |bench| {
        bench.iter(|| read_all(Source::new(seeds)))
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = readers
}
criterion_main!(benches);
