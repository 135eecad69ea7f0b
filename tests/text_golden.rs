//! The analyzer's table of examples, in `golden/analysis.txt`.

use trouvaille::{Analyzer, Token};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/analysis.txt");

/// The table as the analyzer would write it: remarks, texts, and tokens anew.
fn rewritten(table: &str, analyzer: &Analyzer) -> String {
    let mut new = String::new();
    for line in table.lines() {
        // Lines of tokens are indented.
        if line.starts_with(' ') {
            continue;
        }
        new.push_str(line);
        new.push('\n');
        let tokens = match line.split_at_checked(2) {
            Some(("= ", text)) => Some((text, analyzer.analyze(text))),
            Some(("? ", text)) => Some((text, analyzer.analyze_query(text))),
            _ => None,
        };
        for (text, token) in tokens
            .iter()
            .flat_map(|(text, tokens)| tokens.iter().map(move |token| (text, token)))
        {
            new.push_str(row(text, token).trim_end());
            new.push('\n');
        }
    }
    new
}

fn row(text: &str, token: &Token) -> String {
    let place = match token.positions {
        1 => token.position.to_string(),
        positions => format!("{}-{}", token.position, token.position + positions - 1),
    };
    let terms: Vec<_> = token
        .lemmas
        .iter()
        .map(|lemma| format!("{}{}", lemma.term, if lemma.exact { "" } else { "?" }))
        .collect();
    let shown = text.get(token.range.clone()).unwrap_or("OUT OF THE TEXT");
    let flags = format!("{:?}", token.flags).replace(['{', '}', '"', ','], "");
    format!(
        "    {place:<7}{shown:<20} {:<20} {:<32} {flags}",
        token.written,
        terms.join(" ")
    )
}

#[test]
fn texts_give_the_tokens_of_the_table() {
    let table = std::fs::read_to_string(PATH).expect("the table is beside this test");
    let new = rewritten(&table, &Analyzer::default());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(PATH, &new).expect("the table can be written");
        return;
    }
    for (number, (old, new)) in table.lines().zip(new.lines()).enumerate() {
        assert_eq!(old, new, "line {}", number + 1);
    }
    assert_eq!(table.lines().count(), new.lines().count());
}
