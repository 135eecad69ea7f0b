//! Writes articles to try and time an index with, of any number, one JSON object a line.
//!
//! ```text
//! cargo run --release --example generate -- --articles 300000 > articles.jsonl
//! cargo run --release --example generate -- --articles 1000 --words 250 --seed 7 > small.jsonl
//! ```
//!
//! The same arguments write the same articles. The benches use the same generator.

#[path = "../benches/support/generator.rs"]
mod generator;

use std::error::Error;
use std::io::{BufWriter, ErrorKind, Write};

use generator::Generator;
use trouvaille::{Article, ingest};

const USAGE: &str = "usage: generate [--articles COUNT] [--words AVERAGE] [--seed NUMBER]";
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");

fn main() -> Result<(), Box<dyn Error>> {
    let (mut articles, mut words, mut seed) = (10_000, 400, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut number = || -> Result<u64, Box<dyn Error>> {
            let value = arguments.next().ok_or(USAGE)?;
            Ok(value
                .parse()
                .map_err(|_| format!("{name} {value}: not a number"))?)
        };
        match name.as_str() {
            "--articles" => articles = usize::try_from(number()?)?,
            "--words" => words = usize::try_from(number()?)?,
            "--seed" => seed = number()?,
            _ => return Err(USAGE.into()),
        }
    }
    let models: Vec<Article> = ingest::records(MODELS)?.collect::<Result<_, _>>()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for article in Generator::new(models, words, seed).take(articles) {
        let line = serde_json::to_string(&article)?;
        match writeln!(out, "{line}") {
            // Whoever reads has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(out.flush()?)
}
