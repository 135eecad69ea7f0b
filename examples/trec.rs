//! Measures ranking on your own judgements: indexes a collection, answers its topics, writes a TREC
//! run.
//!
//! ```text
//! cargo run --release --example trec -- --corpus corpus.jsonl --topics topics.tsv --run out.trec
//! ```
//!
//! The corpus has one JSON object a line (`id`, `title`, `body`), the topics one `id TAB text` a line.
//! A run has lines of `topic Q0 document rank score tag`, which trec_eval and its kin score.
//! `--match any` asks for any word instead of the default, `--typos off` takes words as they are,
//! `--ablate title` switches one signal of the ranking off (see `Ranking`), and
//! `--ranking '{"k1": 2.0}'` sets weights.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};

use trouvaille::{Index, Match, Ranking, Search, Typos, ingest};

/// What TREC tools look at.
const DEPTH: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut corpus, mut topics, mut run) = (None, None, None);
    let mut matching = Match::All;
    let mut typos = Typos::Auto;
    let mut ranking = Ranking::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--corpus" => corpus = Some(value),
            "--topics" => topics = Some(value),
            "--run" => run = Some(value),
            "--match" => {
                matching = match value.as_str() {
                    "all" => Match::All,
                    "any" => Match::Any,
                    other => return Err(format!("--match {other}: all or any").into()),
                }
            }
            "--typos" => {
                typos = match value.as_str() {
                    "off" => Typos::Off,
                    "auto" => Typos::Auto,
                    "always" => Typos::Always,
                    other => return Err(format!("--typos {other}: off, auto or always").into()),
                }
            }
            "--ranking" => ranking = serde_json::from_str(&value)?,
            "--ablate" => match value.as_str() {
                "title" => ranking.title = 0.0,
                "exact" => ranking.exact = 0.0,
                "nearness" => ranking.nearness = 0.0,
                "early" => ranking.early = 0.0,
                "empty" => ranking.empty = 0.0,
                "derivation" => ranking.derivation = 0.0,
                other => return Err(format!("--ablate {other}: no such signal").into()),
            },
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    let usage = "usage: trec --corpus FILE.jsonl --topics FILE.tsv --run FILE";
    let (corpus, topics, run) = (
        corpus.ok_or(usage)?,
        topics.ok_or(usage)?,
        run.ok_or(usage)?,
    );

    let index = Index::in_memory()?;
    let mut writer = index.writer()?;
    for record in ingest::records(&corpus)? {
        writer.upsert(&record?)?;
    }
    writer.commit()?;

    let mut output = BufWriter::new(File::create(&run)?);
    let mut count = 0;
    for line in fs::read_to_string(&topics)?.lines() {
        let Some((topic, text)) = line.split_once('\t') else {
            continue;
        };
        let search = Search::from(text)
            .matching(matching)
            .typos(typos)
            .ranking(ranking.clone())
            .limit(DEPTH);
        let results = index.search(search)?;
        for (rank, hit) in results.iter().enumerate() {
            let (id, score) = (&hit.article().id, hit.score());
            // TREC tools order by score alone: the rank decides where scores do not.
            let score = score - rank as f32 * 1e-6;
            writeln!(output, "{topic} Q0 {id} {} {score:.6} trouvaille", rank + 1)?;
        }
        count += 1;
    }
    output.flush()?;
    eprintln!("{} articles, {count} topics, {run}", index.len());
    Ok(())
}
