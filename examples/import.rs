//! Imports a file or a folder into an index, with a bar, a summary and a report.
//!
//! ```text
//! cargo run --release --example import -- seeds my.idx
//! cargo run --release --example import -- articles.jsonl my.idx --report report.json
//! cargo run --release --example import -- pages/ my.idx --name pages --delete-vanished
//! ```
//!
//! A second run over the same files writes nothing; after an interruption (Ctrl-C once to end it in
//! order, or a crash) the same command goes on.

use std::error::Error;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trouvaille::Index;
use trouvaille::ingest::{Format, Import, Outcome, Report, Source};

const USAGE: &str = "usage: import FILE-OR-FOLDER INDEX [options]
  --name NAME         names the collection, so that later runs know what is theirs
  --delete-vanished   deletes what earlier runs of this name brought and this one did not find
  --all-formats       reads every known format in a folder, not only one-article files
  --raw               cleans nothing
  --max-bad N         stops at more bad records than this
  --commit-every N    commits after so many articles
  --report FILE       writes the report as JSON
  --explain           shows every decision of the cleaner";

#[derive(Default)]
struct Arguments {
    paths: Vec<PathBuf>,
    name: Option<String>,
    delete_vanished: bool,
    all_formats: bool,
    raw: bool,
    max_bad: Option<u64>,
    commit_every: Option<u64>,
    report: Option<PathBuf>,
    explain: bool,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("{word} needs a value\n{USAGE}"))
        };
        match word.as_str() {
            "--name" => arguments.name = Some(value()?),
            "--delete-vanished" => arguments.delete_vanished = true,
            "--all-formats" => arguments.all_formats = true,
            "--raw" => arguments.raw = true,
            "--max-bad" => arguments.max_bad = Some(value()?.parse()?),
            "--commit-every" => arguments.commit_every = Some(value()?.parse()?),
            "--report" => arguments.report = Some(value()?.into()),
            "--explain" => arguments.explain = true,
            _ if word.starts_with('-') => return Err(USAGE.into()),
            _ => arguments.paths.push(word.into()),
        }
    }
    if arguments.paths.len() != 2 {
        return Err(USAGE.into());
    }
    Ok(arguments)
}

fn main() {
    match run() {
        Ok(true) => {}
        Ok(false) => std::process::exit(2),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = arguments()?;
    let [from, to] = arguments.paths.as_slice() else {
        return Err(USAGE.into());
    };

    // What is read, and how.
    let mut source = Source::new(from);
    if arguments.all_formats {
        source = source.formats(Format::ALL);
    }
    if arguments.raw {
        source = source.raw();
    }

    let bar = bar();

    // The run: what is kept in mind, when it commits, when it gives up.
    let mut import = Import::new(source)?;
    if let Some(name) = &arguments.name {
        import = import.name(name).delete_vanished(arguments.delete_vanished);
    }
    if let Some(most) = arguments.max_bad {
        import = import.max_bad(most);
    }
    if let Some(articles) = arguments.commit_every {
        import = import.commit_every(articles);
    }

    if arguments.explain {
        import = import.on_record(|record| {
            bar.suspend(|| {
                eprintln!("{}: {:?}", record.article.id, record.article.title);
                for decision in &record.decisions {
                    eprintln!(
                        "  {:>4} {:?} {:?}: {} {}",
                        decision.line, decision.step, decision.fate, decision.text, decision.why
                    );
                }
            });
        });
    }
    import = import.on_progress(|progress| {
        bar.set_length(progress.total_bytes.unwrap_or_default());
        bar.set_position(progress.bytes);
        bar.set_message(format!(
            "{} records, {:.0} a second, {} bad",
            progress.records,
            progress.records_per_second(),
            progress.bad
        ));
        ControlFlow::Continue(()) // a program with a button to cancel returns Break here
    });

    let index = Index::open(to)?;
    let mut writer = index.writer()?;
    let mut report = Report::default();
    let ended = import.run_with(&index, &mut writer, &mut report);
    bar.finish_and_clear();

    // The report is true even when a full disk ended the run.
    for bad in report.bad_records.iter().take(20) {
        eprintln!("left out: {bad}");
    }
    if report.bad > 20 {
        eprintln!("… and {} more", report.bad - 20);
    }
    for note in report.notes.iter().take(20) {
        eprintln!("note: {note}");
    }
    println!("{report}");
    if !report.cleaned.is_empty() {
        let steps: Vec<String> = report
            .cleaned
            .iter()
            .map(|(step, count)| format!("{step:?} {count}"))
            .collect();
        println!("cleaned: {}", steps.join(", "));
    }
    if let Some(path) = &arguments.report {
        std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    ended?;
    writer.close()?;
    println!("{} articles in {}", index.len(), to.display());
    Ok(report.outcome == Outcome::Complete)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template(
            "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left · {msg}",
        )
        .expect("the template is right"),
    );
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}
