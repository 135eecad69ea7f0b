//! The query language: what typed texts are understood as, and that writing them back is safe.

use std::fmt::Write;

use proptest::prelude::*;
use trouvaille::{Article, Date, Field, Match, Query, Search, Severity};

use crate::query_storm::check;
use crate::support::index_of;
use crate::support::work::{is_linear, work};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/queries.txt");

/// A query in words that need no programmer to read.
fn described(query: &Query) -> String {
    let all = |queries: &[Query]| {
        queries
            .iter()
            .map(described)
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let inside = |field: &Option<Field>| match field {
        None => String::new(),
        Some(field) => format!("{} ", format!("{field:?}").to_lowercase()),
    };
    match query {
        Query::All => "everything".to_owned(),
        Query::None => "nothing".to_owned(),
        Query::Words { text, field, .. } => format!("{}words({text})", inside(field)),
        Query::Phrase {
            text,
            slop,
            prefix,
            field,
        } => {
            let slop = if *slop > 0 {
                format!(", slop {slop}")
            } else {
                String::new()
            };
            let prefix = if *prefix { "…" } else { "" };
            format!("{}phrase({text}{prefix}{slop})", inside(field))
        }
        Query::Prefix { word, field } => format!("{}prefix({word})", inside(field)),
        Query::Wildcard { pattern, field } => format!("{}wildcard({pattern})", inside(field)),
        Query::Fuzzy { word, edits, field } => {
            let edits = edits.map_or(String::new(), |edits| format!(", {edits}"));
            format!("{}typos({word}{edits})", inside(field))
        }
        Query::Published { from, to } => {
            let day = |day: &Option<Date>| day.map_or("*".to_owned(), |day| day.to_string());
            format!("published({} to {})", day(from), day(to))
        }
        Query::And { 0: queries, .. } => format!("all[{}]", all(queries)),
        Query::Or { 0: queries, .. } => format!("any[{}]", all(queries)),
        Query::Not { 0: query, .. } => format!("not {}", described(query)),
        Query::Prefer {
            required, optional, ..
        } => {
            format!("{} preferring[{}]", described(required), all(optional))
        }
        Query::Boost { query, factor, .. } => format!("{} ×{factor}", described(query)),
        other => format!("{other:?}"),
    }
}

/// The text with its `{U+00A0}` as characters.
fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{U+") {
        let (code, after) = after.split_once('}').expect("{U+ without }");
        text.push_str(before);
        text.push(
            u32::from_str_radix(code, 16)
                .ok()
                .and_then(char::from_u32)
                .expect("a code point"),
        );
        rest = after;
    }
    text + rest
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, character| {
        let hidden = (character.is_whitespace() && character != ' ')
            || character.is_control()
            || matches!(character, '\u{300}' | '\u{301}' | '\u{feff}');
        if hidden {
            let _ = write!(line, "{{U+{:04X}}}", u32::from(character));
        } else {
            line.push(character);
        }
        line
    })
}

fn golden_line(query: &str) -> String {
    let typed = unescaped(query);
    check(&typed);
    let parsed = Query::parse(&typed);
    let mut line = format!("{query} => {}", escaped(&described(&parsed.query)));
    for note in &parsed.notes {
        let severity = format!("{:?}", note.severity).to_lowercase();
        let _ = write!(
            line,
            "   !{severity} `{}`",
            escaped(&typed[note.range.clone()])
        );
    }
    line
}

/// To write the file anew, set `UPDATE_GOLDEN`; then read what changed.
#[test]
fn golden_queries() {
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    let mut actual = String::new();
    for line in golden.lines() {
        if line.is_empty() || line.starts_with("# ") {
            actual.push_str(line);
        } else {
            let query = line.split_once(" => ").map_or(line, |(query, _)| query);
            actual.push_str(&golden_line(query));
        }
        actual.push('\n');
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &actual).unwrap();
    }
    for (expected, actual) in golden.lines().zip(actual.lines()) {
        assert_eq!(expected, actual);
    }
}

#[test]
fn golden_file_is_complete() {
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    let queries: Vec<&str> = golden
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect();
    assert!(queries.len() >= 150, "{} queries", queries.len());
    assert!(queries.iter().all(|line| line.contains(" => ")));
}

#[test]
fn notes_say_what_was_done_and_where() {
    let parsed = Query::parse("phare ET (balise");
    assert_eq!(
        parsed.query,
        Query::words("phare").and(Query::words("balise"))
    );
    let [note] = &parsed.notes[..] else {
        panic!("{:?}", parsed.notes);
    };
    assert_eq!(note.range, 9..10);
    assert_eq!(note.severity, Severity::Ignored);
    assert_eq!(
        note.to_string(),
        "The parenthesis is never closed: it goes on to the end."
    );
}

#[test]
fn neighbours_that_say_the_same_are_one_note() {
    let parsed = Query::parse("phare ))) )");
    assert_eq!(parsed.notes.len(), 1);
    assert_eq!(parsed.notes[0].range, 6..11);
}

#[test]
fn impossible_dates_are_errors_that_name_the_date() {
    for (text, wanted) in [
        ("date:2023-02-29", "2023-02-29"),
        ("phare date:[2021-01-01 TO 31/06/2021]", "31/06/2021"),
        ("date:demain", "demain"),
        ("date:>2021-00", "2021-00"),
    ] {
        let parsed = Query::parse(text);
        let note = parsed
            .notes
            .iter()
            .find(|note| note.severity == Severity::Error);
        let message = note
            .unwrap_or_else(|| panic!("{text}: {:?}", parsed.notes))
            .to_string();
        assert!(
            message.contains(wanted) && message.contains("03/11/2021"),
            "{text}: {message}"
        );
    }
}

#[test]
fn the_strict_form_refuses_what_the_lenient_one_notes() {
    assert_eq!(
        Query::parse_strict("titre:phare -\"avis de tempête\"").unwrap(),
        {
            Query::words("phare")
                .field(Field::Title)
                .and_not(Query::phrase("avis de tempête"))
        }
    );
    let error = Query::parse_strict("phare OU").unwrap_err();
    assert!(error.is_invalid_query());
    assert_eq!(error.query_range(), Some(6..8));
    // What cannot be answered at all comes before what is only ignored.
    let error = Query::parse_strict("phare ) date:2021-99 )").unwrap_err();
    assert_eq!(error.query_range(), Some(8..20));
}

#[test]
fn words_that_look_like_syntax_are_written_as_words() {
    for text in [
        "ET",
        "pomme OU poire",
        "-phare",
        "+phare",
        "titre:phare",
        "date:2021",
        "bibl*",
        "m?li",
        "mot~1",
        "mot^2",
        "(pomme)",
        "\"pomme\"",
        "« pomme »",
        "C:\\pomme",
        "\\",
        "pomme\\",
        "*",
        "12\"",
        "--phare",
        "- phare",
        "a (b c) d",
        "LES ETATS ET LA FRANCE",
        "élu(e)s",
        "l'été",
        "prix : 20 euros",
        "https://exemple.fr/?a=b*",
        "\\ET",
    ] {
        let query = Query::words(text);
        let shown = query.to_string();
        assert_eq!(Query::parse(&shown).query, query, "{shown}");
        assert!(Query::parse(&shown).notes.is_empty(), "{shown}");
    }
    for text in [
        "pomme \"rouge\" verte",
        "a \\ b",
        "\\",
        "pomme*",
        "*",
        "« pomme",
        "”",
        "a\" b",
    ] {
        let query = Query::phrase(format!("pain {text}"));
        let shown = query.to_string();
        assert_eq!(Query::parse(&shown).query, query, "{shown}");
        assert!(Query::parse(&shown).notes.is_empty(), "{shown}");
    }
}

#[test]
fn queries_are_written_the_short_way() {
    let phare = || Query::words("phare");
    let both = || Query::words("pomme poire");
    for (query, text) in [
        (
            phare().and(Query::phrase("avis de tempête")),
            "phare \"avis de tempête\"",
        ),
        (phare().and(both()), "phare AND pomme poire"),
        (
            phare().or(both()).and_not(Query::prefix("bibl")),
            "(phare OR pomme poire) -bibl*",
        ),
        (
            phare().and_not(both().field(Field::Title)),
            "phare -title:(pomme poire)",
        ),
        (phare().and_not(both()), "phare -(pomme poire)"),
        (
            phare().prefer(both()).prefer(Query::words("mer")),
            "+phare (pomme poire) mer",
        ),
        (
            phare().and_not(Query::words("mer")).prefer(both()),
            "+phare -mer (pomme poire)",
        ),
        (
            phare().boost(2.5).or(Query::fuzzy("bouee", None)),
            "phare^2.5 OR bouee~",
        ),
        (both().boost(2.0), "(pomme poire)^2"),
        (Query::phrase("pain chau").slop(2), "\"pain chau\"~2"),
        (!phare().or(both()), "-(phare OR pomme poire)"),
        (phare().and(Query::all()), "phare (*)"),
        (phare().and(Query::none()), "phare (-*)"),
        (
            phare()
                .field(Field::Author)
                .or(Query::wildcard("ph?re").field(Field::Tag)),
            "author:phare OR tag:ph?re",
        ),
        (
            Query::words("LA FRANCE").or(Query::words("ONU")),
            "(LA FRANCE OR ONU)",
        ),
        (Query::all(), "*"),
        (Query::none(), ""),
    ] {
        assert_eq!(query.to_string(), text);
        assert_eq!(Query::parse(text).query, query, "{text}");
    }
}

#[test]
fn days_are_written_the_short_way() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    for (query, text) in [
        (
            Query::published(day("2021-11-03")..=day("2021-11-03")),
            "date:2021-11-03",
        ),
        (
            Query::published(day("2021-11-01")..=day("2021-11-30")),
            "date:2021-11",
        ),
        (
            Query::published(day("2021-01-01")..=day("2021-12-31")),
            "date:2021",
        ),
        (
            Query::published(day("2021-01-01")..=day("2022-12-31")),
            "date:[2021-01-01 TO 2022-12-31]",
        ),
        (Query::published(day("2021-02-01")..), "date:>=2021-02-01"),
        (Query::published(..day("2021-02-01")), "date:<=2021-01-31"),
        (
            Query::published(Date::MIN..=Date::MAX),
            "date:[0001-01-01 TO 9999-12-31]",
        ),
    ] {
        assert_eq!(query.to_string(), text);
        assert_eq!(Query::parse(text).query, query, "{text}");
    }
}

#[test]
fn searches_keep_the_notes_of_their_text() {
    let search = Search::from("phare OU");
    assert_eq!(search.query(), &Query::words("phare"));
    assert_eq!(search.notes().len(), 1);
    let stored = serde_json::to_string(&search).unwrap();
    assert_eq!(serde_json::from_str::<Search>(&stored).unwrap(), search);
}

#[test]
fn a_pasted_page_is_read_up_to_the_limits() {
    let page = "Le phare du port éclaire la mer. ".repeat(4_000);
    let parsed = Query::parse(&page);
    let Query::Words { text, .. } = &parsed.query else {
        panic!("{:?}", parsed.query);
    };
    assert_eq!(text.split(' ').count(), Query::MAX_CLAUSES);
    assert!(text.starts_with("Le phare du port"));
    assert_eq!(parsed.notes.len(), 2);
    assert_eq!(
        parsed.notes.iter().map(|note| note.range.end).max(),
        Some(page.len())
    );

    let many = (0..2_000)
        .map(|n| format!("m{n}"))
        .collect::<Vec<_>>()
        .join(" OU ");
    let Query::Or { 0: queries, .. } = Query::parse(&many).query else {
        panic!("not an Or");
    };
    assert_eq!(queries.len(), Query::MAX_CLAUSES);
    let phrase = format!("\"{}\" phare", "de la ".repeat(1_500));
    let Query::Phrase { text, .. } = Query::parse(&phrase).query else {
        panic!("not a phrase");
    };
    assert_eq!(text.split(' ').count(), Query::MAX_CLAUSES);
    let capitals = "LE PONT ET ".repeat(700);
    check(&capitals);
    check(&"NOT ".repeat(4_000));
    check(&"(*)".repeat(4_000));
}

#[test]
fn words_are_not_cut_at_the_limit() {
    let long = format!(
        "{} {}",
        "é".repeat(Query::MAX_BYTES / 2 - 2),
        "phare".repeat(5)
    );
    let parsed = Query::parse(&long);
    assert_eq!(
        parsed.query,
        Query::words("é".repeat(Query::MAX_BYTES / 2 - 2))
    );
    assert_eq!(parsed.notes[0].range, Query::MAX_BYTES - 4..long.len());
    // One word that is too long is cut between two characters.
    let endless = "é".repeat(Query::MAX_BYTES);
    assert_eq!(
        Query::parse(&endless).query,
        Query::words("é".repeat(Query::MAX_BYTES / 2))
    );
}

#[test]
fn deep_parentheses_are_read_as_if_they_were_not_there() {
    let depth = |parentheses: usize| {
        let mut text = String::new();
        for level in 0..parentheses {
            text.push_str(&format!(
                "w{level} {} (",
                if level % 2 == 0 { "OU" } else { "ET" }
            ));
        }
        text.push_str("fin");
        text + &")".repeat(parentheses)
    };
    assert!(Query::parse(&depth(Query::MAX_DEPTH)).notes.is_empty());
    check(&depth(Query::MAX_DEPTH));
    // The innermost holds plain words only, which takes no depth; two more do.
    let parsed = Query::parse(&depth(Query::MAX_DEPTH + 2));
    assert_eq!(parsed.notes.len(), 1, "{:?}", parsed.notes);
    assert!(parsed.notes[0].message.contains("32"));
    check(&depth(Query::MAX_DEPTH + 2));
    check(&depth(1_000));
    for deep in [
        "-(",
        "-(a ",
        "+(a ",
        "(a OU (b ",
        "titre:(a ",
        "-titre:(a OU b c OU ",
        "(-a)^2 (",
        "NOT (a ",
    ] {
        for times in [31, 32, 33, 34, 100] {
            check(&deep.repeat(times));
            check(&format!("{}a b{}", deep.repeat(times), ")^2".repeat(times)));
            check(&format!(
                "{}date:2021-99{}",
                deep.repeat(times),
                ")".repeat(times)
            ));
        }
    }
}

#[test]
fn work_on_hostile_texts_is_linear() {
    for piece in [
        "(",
        ")",
        "\"",
        "«",
        "»",
        "“",
        "”",
        "„",
        "-(",
        "+(",
        "a:",
        "titre:",
        "titre:(",
        "date:",
        "date:[",
        "[",
        "~",
        "^",
        "+",
        "-",
        "*",
        "?",
        "\\",
        "a*",
        "a~",
        "a^",
        "a^2",
        "a(",
        "a(b",
        "(a",
        "a)",
        "-\"",
        "- ",
        "\" ",
        "a\"",
        "l'\"",
        "NOT ",
        "ET ",
        "A OU ",
        "é",
        "e\u{301}",
        "'",
        "\u{feff}",
        "\0",
        "1\u{a0}",
        "(*)",
        "(-*)",
        "\"a\"~",
        "date:2021-99 ",
        "a -",
        "(a) ",
        "titre:* ",
        "«\"",
        "AB ",
        "LE ET ",
    ] {
        // No more than the limit is read.
        let text = |bytes: usize| piece.repeat(bytes / piece.len());
        let work = |bytes: usize| work(|| drop(Query::parse(&text(bytes))));
        let (short, long) = (work(Query::MAX_BYTES / 8), work(Query::MAX_BYTES));
        assert!(
            is_linear(short, long),
            "{piece:?}: {short:?}, then {long:?}"
        );
        check(&text(100_000));
        // Shorter than the limit, too, so that the end is reached.
        check(&piece.repeat(500));
    }
}

/// The queries of the cases that must be answered or refused, each on a small stack.
fn answers_cases(path: &str) -> usize {
    let cases = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in cases.lines().filter(|line| !line.is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(text) = case["query"].as_str().map(str::to_owned) else {
            continue;
        };
        let accepted = match case["accept"].as_array() {
            _ if case["kind"] != "query" => vec!["ok".into()],
            Some(accepted) => accepted.clone(),
            None => vec![case["expect"].clone()],
        };
        let outcome = std::thread::Builder::new()
            .stack_size(2 << 20)
            .spawn(move || {
                check(&text);
                let parsed = Query::parse(&text);
                let refused = parsed
                    .notes
                    .iter()
                    .any(|note| note.severity == Severity::Error);
                if refused { "error" } else { "ok" }
            });
        let outcome = outcome.unwrap().join().unwrap_or("panic");
        assert!(
            accepted.iter().any(|accepted| accepted == outcome),
            "{}: {outcome}",
            case["id"]
        );
        count += 1;
    }
    count
}

#[test]
fn answers_every_case() {
    assert!(
        answers_cases(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/cases.jsonl"
        )) > 100
    );
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zéèœ]{1,8}",
        "[A-ZÉ]{1,6}",
        "[a-z]{1,4}'[a-zé]{1,5}",
        "[a-z+(:*?~^\\\\\"«»-]{0,6}[a-z][a-z+():*?~^\\\\\"«»”-]{0,4}",
        "[0-9]{1,5}",
        Just("ET".to_owned()),
        Just("OR".to_owned()),
        Just("titre:x".to_owned()),
    ]
}

fn leaf() -> impl Strategy<Value = Query> {
    let plain = "[a-zé]{1,6}";
    let days = (1_i32..9999, 1_u8..13, 1_u8..29)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    prop_oneof![
        6 => prop::collection::vec(word(), 1..4).prop_map(|words| Query::words(words.join(" "))),
        3 => (prop::collection::vec(word(), 1..4), 0_u32..4, any::<bool>()).prop_map(|(words, slop, prefix)| {
            let text = words.join(" ");
            let phrase = Query::phrase(text.clone()).slop(slop);
            if prefix { Query::parse(&format!("{phrase}*")).query } else { phrase }
        }),
        1 => plain.prop_map(Query::prefix),
        1 => "[a-zé]{1,3}[?*][a-z]{1,3}".prop_map(Query::wildcard),
        1 => (plain, prop::option::of(0_u8..3)).prop_map(|(word, edits)| Query::fuzzy(word, edits)),
        1 => days.clone().prop_map(|day| Query::published(day..)),
        1 => (days.clone(), days).prop_map(|(one, other)| Query::published(one.min(other)..=one.max(other))),
        1 => Just(Query::all()),
        1 => Just(Query::none()),
    ]
}

fn built() -> impl Strategy<Value = Query> {
    leaf().prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.prefer(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and_not(other)),
            inner.clone().prop_map(|query| !query),
            (inner.clone(), 1_u16..900)
                .prop_map(|(query, factor)| query.boost(f32::from(factor) / 100.0)),
            (inner, prop_oneof![Just(Field::Title), Just(Field::Tag)])
                .prop_map(|(query, field)| query.field(field)),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_signs_are_answered(text in "[a-bA ÉET0-2()\"«»“”„*?~^:\\\\.+\\[\\]'-]{0,60}") {
        check(&text);
    }

    #[test]
    fn any_words_survive(text in prop::collection::vec(word(), 1..6)) {
        let query = Query::words(text.join(" "));
        prop_assert_eq!(Query::parse(&query.to_string()).query, query);
    }

    #[test]
    fn built_queries_survive(query in built()) {
        let shown = query.to_string();
        let parsed = Query::parse(&shown);
        prop_assert_eq!(&parsed.query, &query, "{}", shown);
        prop_assert!(parsed.notes.is_empty(), "{}: {:?}", shown, parsed.notes);
    }
}

#[test]
fn matching_has_no_words_of_its_own() {
    let query = Query::words("pomme poire").matching(Match::Any);
    assert_eq!(query.to_string(), "pomme poire");
}

/// What is read from elsewhere may have any factor: it is brought within those that `boost` takes.
#[test]
fn a_factor_that_was_deserialized_loses_no_article() {
    let index = index_of(&[
        Article::new("a", "Le coton du Mali", "Le prix du coton."),
        Article::new("b", "Le riz", "Le coton, au Mali."),
    ]);
    let raised = |factor| Query::words("Mali").and(Query::words("coton").boost(factor));
    let json = serde_json::to_string(&raised(2.5)).unwrap();
    assert!(json.contains("2.5"), "{json}");
    let scores = |query: Query| -> Vec<f32> {
        let found = index.search(Search::new(query).relax(false)).unwrap();
        found.iter().map(|hit| hit.score()).collect()
    };
    for (factor, within) in [
        ("-3.0", 0.01),
        ("0.0", 0.01),
        ("1e30", 100.0),
        ("3.4e38", 100.0),
    ] {
        let query = serde_json::from_str(&json.replace("2.5", factor)).unwrap();
        let expected = scores(raised(within));
        assert_eq!(expected.len(), 2, "{factor}");
        assert_eq!(scores(query), expected, "{factor}");
    }
}
