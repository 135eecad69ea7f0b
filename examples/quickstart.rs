//! The shortest useful program: index the bundled articles, then search them.
//!
//! ```text
//! cargo run --release --example quickstart
//! cargo run --release --example quickstart -- "coopération militaire"
//! ```

use std::time::Instant;

use trouvaille::{Field, Index, Query, Search, ingest};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An index in memory; `Index::open("articles.idx")` keeps it in a directory.
    let index = Index::in_memory()?;

    // One writer at a time. What it wrote is visible when `commit` has returned.
    let started = Instant::now();
    let mut writer = index.writer()?;
    for record in ingest::records(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl"))? {
        match record {
            Ok(article) => writer.upsert(&article)?,
            Err(bad) => eprintln!("{bad}"),
        }
    }
    writer.commit()?;
    println!(
        "{} articles indexed in {:.0?}",
        index.len(),
        started.elapsed()
    );

    let typed = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    if !typed.is_empty() {
        return show(&index, &typed, Search::from(typed.as_str()));
    }
    // Keywords, as a person types them: no accents, an elision, another inflection of each word.
    show(
        &index,
        "l'election du maire",
        Search::from("l'election du maire"),
    )?;
    // A phrase: these words, in this order, function words included.
    show(
        &index,
        "\"ministre des affaires étrangères\"",
        Search::from("\"ministre des affaires étrangères\""),
    )?;
    // The same things can be built: a phrase, and a word that only one of its forms has.
    let built = Query::phrase("cessez-le-feu").and(Query::words("soutenir"));
    show(
        &index,
        "« cessez-le-feu » and a form of soutenir",
        Search::new(built),
    )?;
    Ok(())
}

fn show(index: &Index, title: &str, search: Search) -> Result<(), Box<dyn std::error::Error>> {
    let results = index.search(search.limit(3))?;
    println!("\n{title}: articles that match: {}", results.total()?);
    for hit in &results {
        let article = hit.article();
        let source = article.source.as_deref().unwrap_or("?");
        let day = article
            .published
            .map_or(String::new(), |day| format!(", {day}"));
        // Articles that have only some of the words complete the page, and are not counted.
        let partial = if hit.is_partial() { ", in part" } else { "" };
        println!(
            "  {:>5.2}  {}  ({source}{day}{partial})",
            hit.score(),
            mark(hit.snippet(Field::Title))
        );
        println!(
            "         {}",
            mark(hit.snippet(Field::Body)).replace('\n', " ")
        );
    }
    Ok(())
}

/// Bold on a terminal, asterisks elsewhere; `snippet.html()` gives escaped HTML with `<mark>`.
fn mark(snippet: trouvaille::Snippet) -> String {
    use std::io::IsTerminal;
    if std::io::stdout().is_terminal() {
        snippet.text_with("\x1b[1;33m", "\x1b[0m")
    } else {
        snippet.text_with("*", "*")
    }
}
