//! Shows what the analyzer makes of a text: its tokens, their places, their terms.
//!
//! ```text
//! cargo run --release --example analyze -- "L’été, il soutient les élu·e·s d'Abidjan."
//! echo "qu’Abidjan" | cargo run --release --example analyze
//! cargo run --release --example analyze -- --terms < words.txt
//! ```
//!
//! `--terms` prints, for each line of its input, the terms of its words, separated by spaces. A
//! compound such as `porte-parole` is one word here; an index also holds its parts.

use std::io::{self, BufRead, BufWriter, Read, Write};

use trouvaille::Analyzer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let analyzer = Analyzer::default();
    if words.first().is_some_and(|word| word == "--terms") {
        words.remove(0);
        return terms(&analyzer, &words);
    }
    let text = if words.is_empty() {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        text
    } else {
        words.join(" ")
    };
    let mut output = BufWriter::new(io::stdout().lock());
    writeln!(
        output,
        "{:<9}  {:>4}  {:<22}  {:<22}  {:<30}  flags",
        "bytes", "pos.", "text", "written", "lemmas"
    )?;
    for token in analyzer.analyze(&text) {
        writeln!(
            output,
            "{:<9}  {:>4}  {:<22}  {:<22}  {:<30}  {}",
            format!("{}..{}", token.range.start, token.range.end),
            token.position,
            text.get(token.range.clone()).unwrap_or_default(),
            token.written,
            token
                .lemmas
                .iter()
                .map(|lemma| lemma.term.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            token.flags,
        )?;
    }
    Ok(())
}

fn terms(analyzer: &Analyzer, words: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut print = |line: &str| -> io::Result<()> {
        let tokens = analyzer.analyze(line);
        let mut terms: Vec<&str> = Vec::new();
        let mut next = 0;
        for token in &tokens {
            if token.position >= next || token.flags.is_alternative() {
                terms.extend(token.lemmas.iter().map(|lemma| lemma.term.as_str()));
                next = next.max(token.position + token.positions);
            }
        }
        writeln!(output, "{}", terms.join(" "))
    };
    if words.is_empty() {
        for line in io::stdin().lock().lines() {
            print(&line?)?;
        }
    } else {
        print(&words.join(" "))?;
    }
    output.flush()?;
    Ok(())
}
