//! Input made to break things: texts, queries, marks. Work grows as the text does, offsets stay valid,
//! and no text becomes HTML.

use trouvaille::{Analyzer, Article, Field, Index, Query, Search};

use crate::support::{ids, index_of, index_of_text};

/// Each ends a word or goes on for ever, by a rule of its own.
const UNITS: [&str; 24] = [
    "a",
    "'",
    "’",
    "l'",
    "\u{301}",
    "e\u{301}",
    "\u{200b}",
    "\u{202e}",
    "\u{200f}א",
    "\u{ad}",
    "\"",
    "« ",
    "(",
    "-",
    "a-",
    "·e",
    ".",
    "A.",
    "1 ",
    "1,",
    "œ",
    "日",
    "🇫🇷",
    "\u{0}",
];

/// Of a text, in characters of it: analysis reads it once, whatever it is made of.
fn check_tokens(analyzer: &Analyzer, text: &str) -> usize {
    let mut tokens = 0;
    let mut position = 0;
    analyzer.visit(text, |token| {
        tokens += 1;
        assert!(text.get(token.range()).is_some_and(|word| !word.is_empty()));
        assert!(token.position() >= position);
        position = token.position();
    });
    assert!(tokens <= 2 * text.len() + 2);
    tokens
}

fn adversarial(bytes: usize) {
    let analyzer = Analyzer::default();
    for unit in UNITS {
        let count = bytes / unit.len();
        let text = unit.repeat(count);
        let (half, whole) = (
            check_tokens(&analyzer, &unit.repeat(count / 2)),
            check_tokens(&analyzer, &text),
        );
        // What doubles is the text and nothing else.
        assert!(whole <= 2 * half + 64, "{unit:?}: {half}, then {whole}");
    }
}

#[test]
fn long_runs_of_anything_are_read_once() {
    adversarial(10_000);
}

#[test]
#[ignore = "a minute without optimization"]
fn fifty_megabytes_of_anything_are_read_once() {
    adversarial(50_000_000);
}

#[test]
fn hostile_articles_are_kept_and_searched() {
    let bytes = 6_000;
    let articles: Vec<Article> = UNITS
        .iter()
        .enumerate()
        .map(|(number, unit)| {
            let text = unit.repeat(bytes / unit.len());
            Article::new(number.to_string(), &text, format!("{text} coton {text}"))
                .tag(text.chars().take(300).collect::<String>())
        })
        .collect();
    let index = index_of(&articles);
    assert_eq!(index.len(), UNITS.len());
    // A word glued to an endless one is part of it.
    let results = index.search(Search::from("coton").limit(100)).unwrap();
    assert!(results.len() >= 20, "{}", results.len());
    for hit in &results {
        let article = &articles[hit.article().id.parse::<usize>().unwrap()];
        assert_eq!(hit.article(), article);
        for field in [Field::Title, Field::Body, Field::Tag] {
            let snippet = hit.snippet(field);
            assert!(
                snippet
                    .highlights()
                    .iter()
                    .all(|mark| snippet.text().get(mark.clone()).is_some())
            );
        }
        assert_eq!(hit.snippet(Field::Body).marked().next(), Some("coton"));
    }
}

#[test]
fn hostile_queries_are_answered() {
    let index = index_of_text("Le prix du coton monte.");
    for unit in UNITS {
        for text in [
            unit.repeat(Query::MAX_BYTES / 4 / unit.len()),
            format!("coton {}", unit.repeat(200)),
            format!("titre:{0} \"{0}\" {0}* {0}~ -{0}", unit.repeat(60)),
        ] {
            let parsed = Query::parse(&text);
            for note in &parsed.notes {
                assert!(text.get(note.range.clone()).is_some());
            }
            index.search(Search::new(parsed.query)).unwrap();
            index.suggest(&text).unwrap();
        }
    }
    let quotes = format!("{}coton{}", "\"".repeat(10_000), "\"".repeat(10_000));
    assert_eq!(ids(&index, quotes.as_str()), ["1"]);
    let guillemets = format!("{}coton{}", "« ".repeat(400), " »".repeat(400));
    assert_eq!(ids(&index, guillemets.as_str()), ["1"]);
}

/// Found by fuzzing: a phrase that is excluded and is in no article, or begins after the first.
#[test]
fn excluded_phrases_exclude() {
    let index = index_of(&[
        Article::new("1", "", "Le coton monte."),
        Article::new("2", "", "Le coton, et le prix du riz."),
        Article::new("3", "", "Le coton, et du riz à bon prix."),
        Article::new("4", "", "Le coton, et le prix du riz à Bamako."),
    ]);
    let found = |typed: &str| {
        let mut found = ids(&index, Search::from(typed).limit(9));
        found.sort();
        found
    };
    assert_eq!(found("coton -\"prix du riz\""), ["1", "3"]);
    assert_eq!(found("coton -\"prix riz\"~3 -Bamako"), ["1", "3"]);
    assert_eq!(found("coton -(\"prix du riz\" ET Bamako)"), ["1", "2", "3"]);
    assert_eq!(found("coton -\"riz du prix\""), ["1", "2", "3", "4"]);
    assert_eq!(found("-\"du riz\""), ["1"]);
    assert_eq!(found("coton -\"prix du r\"*"), ["1", "3"]);
}

#[test]
fn no_text_becomes_html() {
    let attacks = [
        "<script>alert('coton')</script>",
        "coton<img src=x onerror=\"alert(1)\">",
        "</mark><b>coton</b><mark>",
        "<mark>coton</mark>",
        "&lt;coton&gt; &amp;lt;",
        "coton\" onmouseover=\"alert(1)",
        "<!-- coton --> ]]> <![CDATA[ coton",
        "\u{0}<\u{0}coton>",
        "<cot\u{ad}on> <COTON> l’<coton>",
    ];
    let articles: Vec<Article> = attacks
        .iter()
        .enumerate()
        .map(|(number, text)| {
            Article::new(number.to_string(), *text, format!("Avant. {text} Après."))
                .author(*text)
                .source(*text)
                .tag(*text)
        })
        .collect();
    let index = index_of(&articles);
    for typed in attacks
        .iter()
        .copied()
        .chain(["coton", "<mark>", "script", "cot*"])
    {
        let results = index.search(Search::from(typed).limit(100)).unwrap();
        for hit in &results {
            for field in [
                Field::Title,
                Field::Body,
                Field::Author,
                Field::Source,
                Field::Tag,
            ] {
                let snippet = hit.snippet(field);
                let html = snippet.html();
                let text = html.replace("<mark>", "").replace("</mark>", "");
                assert!(!text.contains(['<', '>', '"', '\'']), "{typed}: {html}");
                let marks = snippet.highlights().len();
                assert_eq!(html.matches("<mark>").count(), marks);
                assert_eq!(html.matches("</mark>").count(), marks);
                // What is shown is what was written.
                let plain = text
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&");
                assert!(
                    plain.contains(snippet.text()),
                    "{plain:?} {:?}",
                    snippet.text()
                );
            }
        }
        // As JSON for a page, nothing else is HTML either.
        let json = serde_json::to_value(&results).unwrap();
        for hit in json["hits"].as_array().unwrap() {
            let html = hit["body"]["html"].as_str().unwrap();
            assert!(
                !html
                    .replace("<mark>", "")
                    .replace("</mark>", "")
                    .contains('<')
            );
        }
    }
    assert!(index.search("coton").unwrap().len() >= 9);
}

#[test]
fn an_article_of_one_endless_word_is_found() {
    let word = "a".repeat(300_000);
    let index = Index::builder().writer_memory(0).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    writer
        .upsert(&Article::new("1", "", format!("{word} coton")))
        .unwrap();
    writer.commit().unwrap();
    assert_eq!(ids(&index, "coton"), ["1"]);
    assert_eq!(ids(&index, "aaaaaaaa*"), ["1"]);
    assert_eq!(
        index.search("coton").unwrap()[0]
            .snippet(Field::Body)
            .marked()
            .next(),
        Some("coton")
    );
}
