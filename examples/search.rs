//! Searches any folder of `.txt` files or any `.jsonl` file, from the command line or a prompt.
//!
//! ```text
//! cargo run --release --example search -- seeds
//! cargo run --release --example search -- seeds "\"chef de la diplomatie\""
//! cargo run --release --example search -- articles.jsonl --index my.idx l’engagement
//! ```
//!
//! The index stays between runs, in the current directory or where `--index` says, and is brought up
//! to date when a file is newer than it (`--reindex` does so in any case).

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};
use trouvaille::{Field, Index, Parsed, Query, Snippet, SuggestionKind, ingest};

const USAGE: &str = "usage: search FOLDER-OR-FILE [--index DIRECTORY] [--reindex] [QUERY]";

struct Arguments {
    source: PathBuf,
    index: Option<PathBuf>,
    reindex: bool,
    query: String,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut index = None;
    let mut reindex = false;
    let mut rest = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--index" => index = Some(words.next().ok_or("--index needs a directory")?.into()),
            "--reindex" => reindex = true,
            "--help" | "-h" => return Err(USAGE.into()),
            _ => rest.push(word),
        }
    }
    if rest.is_empty() {
        return Err(USAGE.into());
    }
    Ok(Arguments {
        source: rest.remove(0).into(),
        index,
        reindex,
        query: rest.join(" "),
    })
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let directory = match arguments.index {
        Some(directory) => directory,
        None => default_directory(&arguments.source)?,
    };
    let index = Index::open(&directory)?;
    if arguments.reindex || index.is_empty() || is_newer(&arguments.source, &directory) {
        import(&index, &arguments.source)?;
    }
    eprintln!("{} articles in {}", index.len(), directory.display());
    if !arguments.query.is_empty() {
        return answer(&index, &arguments.query);
    }
    prompt(&index)
}

/// One directory for each source, named after it.
fn default_directory(source: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let source = source
        .canonicalize()
        .map_err(|error| format!("{}: {error}", source.display()))?;
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    Ok(format!("{name}-{:08x}.idx", hasher.finish() as u32).into())
}

/// Whether a file of the source has changed since the last commit of the index.
fn is_newer(source: &Path, directory: &Path) -> bool {
    let modified = |path: &Path| {
        path.metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    fn newest(path: &Path, modified: &dyn Fn(&Path) -> Option<SystemTime>) -> Option<SystemTime> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| newest(&entry.path(), modified))
            .chain(modified(path))
            .max()
    }
    match (
        newest(source, &modified),
        modified(&directory.join("meta.json")),
    ) {
        (Some(source), Some(index)) => source > index,
        _ => true,
    }
}

fn import(index: &Index, source: &Path) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let mut writer = index.writer()?;
    let mut records = ingest::records(source)?;
    let bar = ProgressBar::new(records.total_bytes()).with_style(ProgressStyle::with_template(
        "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
    )?);
    let (mut good, mut bad) = (0, 0);
    while let Some(record) = records.next() {
        match record {
            Ok(article) => {
                writer.upsert(&article)?;
                good += 1;
            }
            Err(record) => {
                bar.suspend(|| eprintln!("left out: {record}"));
                bad += 1;
            }
        }
        bar.set_position(records.bytes());
    }
    writer.commit()?;
    writer.close()?;
    bar.finish_and_clear();
    eprintln!(
        "{good} articles read, {bad} left out, in {:.1?}",
        started.elapsed()
    );
    Ok(())
}

const HELP: &str = "\
Type words: articles that have them all come first, in any form, with or without accents.
  \"chef de la diplomatie\"    these words in this order       \"président Poutine\"~2   at most two between
  gouvernem*   words that begin so                            Lavrof~                 words spelt nearly so
  Mali -Russie, Mali SAUF Russie, Togo OU Ghana, (A OU B) ET C, +coton soja
  titre:Lavrov  auteur:koné  source:rive  tag:sport  date:2023  date:[2023-01-01 TO 2023-02-08]
Commands:
  :explain QUERY    what a query is understood as
  :complete TEXT    how a text may go on
  :analyze TEXT     the words of a text and their terms
  :help             this page                                 an empty line ends";

fn prompt(index: &Index) -> Result<(), Box<dyn Error>> {
    let interactive = io::stdin().is_terminal();
    if interactive {
        println!("Type words, or :help. An empty line ends.");
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        if interactive {
            print!("> ");
            io::stdout().flush()?;
        }
        let Some(line) = lines.next().transpose()? else {
            return Ok(());
        };
        if line.trim().is_empty() {
            return Ok(());
        }
        // What cannot be answered is said, and the prompt goes on.
        if let Err(error) = command(index, line.trim()) {
            eprintln!("{error}");
        }
    }
}

fn command(index: &Index, line: &str) -> Result<(), Box<dyn Error>> {
    let (name, text) = line.split_once(' ').unwrap_or((line, ""));
    match name {
        ":help" => println!("{HELP}"),
        ":explain" => explain(&Query::parse(text)),
        ":complete" => {
            for suggestion in index.suggest(text)? {
                match suggestion.kind {
                    SuggestionKind::Title(_) => println!("  {}  (title)", suggestion.text),
                    _ => println!("  {}  ({} articles)", suggestion.text, suggestion.articles),
                }
            }
        }
        ":analyze" => {
            for token in index.analyzer().analyze(text) {
                let lemmas: Vec<&str> = token
                    .lemmas
                    .iter()
                    .map(|lemma| lemma.term.as_str())
                    .collect();
                println!(
                    "  {}: {}  {}",
                    token.written,
                    lemmas.join(", "),
                    token.flags
                );
            }
        }
        _ => answer(index, line)?,
    }
    Ok(())
}

fn explain(parsed: &Parsed) {
    println!("understood as: {}", parsed.query);
    for note in &parsed.notes {
        println!("  bytes {}..{}: {note}", note.range.start, note.range.end);
    }
}

fn answer(index: &Index, query: &str) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let results = index.search(query)?;
    let took = started.elapsed();
    for note in results.search().notes() {
        println!("{note}");
    }
    println!("{query}: {} articles ({took:.1?})", results.total()?);
    if let Some(better) = results.did_you_mean()? {
        println!("Did you mean: {better}");
    }
    for (rank, hit) in results.iter().enumerate() {
        let article = hit.article();
        let partial = if hit.is_partial() {
            "  (partial match)"
        } else {
            ""
        };
        let title = colour(&hit.snippet(Field::Title));
        println!("{:>3}. {:.2}  {title}{partial}", rank + 1, hit.score());
        let about = [
            article.author.clone(),
            article.source.clone(),
            article.published.map(|published| published.to_string()),
            Some(article.id.clone()),
        ];
        println!(
            "     {}",
            about.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        );
        println!(
            "     {}",
            colour(&hit.snippet(Field::Body)).replace('\n', " ")
        );
    }
    Ok(())
}

fn colour(snippet: &Snippet) -> String {
    if io::stdout().is_terminal() {
        snippet.text_with("\x1b[1;33m", "\x1b[0m")
    } else {
        snippet.text_with("[", "]")
    }
}
