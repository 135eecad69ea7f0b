//! The press cleaner, on the pages of `tests/data/raw`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use trouvaille::Article;
use trouvaille::ingest::clean::{Cleaned, Cleaner, Fate, Step};

const PAGES: [&str; 2] = [
    include_str!("data/raw/pages.txt"),
    include_str!("data/raw/sites.txt"),
];

struct Case<'a> {
    name: &'a str,
    page: &'a str,
    expected: &'a str,
}

fn cases() -> Vec<Case<'static>> {
    PAGES
        .iter()
        .flat_map(|pages| pages.split("\n=== ").skip(1))
        .map(|part| {
            let (name, rest) = part.split_once("\n--- page\n").unwrap();
            let (page, expected) = rest.split_once("\n--- attendu\n").unwrap();
            Case {
                name,
                page,
                expected: expected.trim_end(),
            }
        })
        .collect()
}

/// What was found, written as the file writes it.
fn written(cleaned: &Cleaned) -> String {
    let mut written = String::new();
    let mut line = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            writeln!(written, "{name} : {}", values.join(" | ")).unwrap();
        }
    };
    line("titre", cleaned.title.iter().cloned().collect());
    line("auteur", cleaned.author.iter().cloned().collect());
    line("source", cleaned.source.iter().cloned().collect());
    line(
        "date",
        cleaned.published.iter().map(ToString::to_string).collect(),
    );
    line("étiquettes", cleaned.tags.clone());
    line("liens", cleaned.related.clone());
    line("légendes", cleaned.captions.clone());
    line("commentaires", cleaned.comments.clone());
    write!(written, "corps :\n{}", cleaned.body).unwrap();
    written.trim_end().to_owned()
}

#[test]
fn pages_as_expected() {
    let cases = cases();
    assert!(cases.len() >= 120, "{} cases", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let cleaned = Cleaner::new().clean(case.page);
        let written = written(&cleaned);
        if written != case.expected {
            write!(
                wrong,
                "\n=== {}\n--- attendu\n{}\n--- trouvé\n{written}\n--- décisions\n",
                case.name, case.expected
            )
            .unwrap();
            for decision in &cleaned.decisions {
                writeln!(wrong, "{decision:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn names_of_cases_are_unique() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len());
}

/// Whatever leaves the body is in the report, and nothing else is invented.
#[test]
fn nothing_is_lost_in_silence() {
    let letters = |text: &str| -> BTreeMap<char, usize> {
        let mut letters = BTreeMap::new();
        for c in text.chars().filter(|c| c.is_alphanumeric()) {
            *letters.entry(c).or_default() += 1;
        }
        letters
    };
    for case in cases() {
        let cleaned = Cleaner::new().clean(case.page);
        let mut kept = cleaned.body.clone();
        for decision in &cleaned.decisions {
            if decision.fate != Fate::Joined
                && decision.why != "no year that is sure"
                && decision.why != "the page names several years"
            {
                kept.push('\n');
                kept.push_str(&decision.text);
            }
        }
        assert_eq!(letters(&kept), letters(case.page), "{}", case.name);
    }
}

#[test]
fn no_step_changes_nothing_but_white_space() {
    for case in cases() {
        let cleaned = Cleaner::nothing().clean(case.page);
        let lines: Vec<&str> = case
            .page
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(cleaned.body, lines.join("\n\n"), "{}", case.name);
        assert!(
            cleaned.decisions.is_empty() && cleaned.title.is_none(),
            "{}",
            case.name
        );
    }
}

/// Each step alone takes only what is its own.
#[test]
fn steps_are_switched_separately() {
    let mut used = BTreeSet::new();
    for step in Step::ALL {
        for case in cases() {
            let alone = Cleaner::nothing().with(step).clean(case.page);
            assert!(
                alone.decisions.iter().all(|decision| decision.step == step),
                "{step:?} alone on {}: {:?}",
                case.name,
                alone.decisions
            );
            let without = Cleaner::new().without(step).clean(case.page);
            assert!(
                without
                    .decisions
                    .iter()
                    .all(|decision| decision.step != step),
                "without {step:?} on {}: {:?}",
                case.name,
                without.decisions
            );
            used.extend(
                Cleaner::new()
                    .clean(case.page)
                    .decisions
                    .iter()
                    .map(|decision| decision.step),
            );
        }
    }
    assert_eq!(
        used.len(),
        Step::ALL.len(),
        "the samples use every step: {used:?}"
    );
}

#[test]
fn the_day_of_fetching_tells_the_year() {
    let page = "Le titre\nmercredi 3 avril\n\nUne phrase assez longue pour que la page ait un paragraphe entier.";
    let fetched = |day: &str| {
        let cleaner = Cleaner::new().fetched_on(day.parse().unwrap());
        cleaner
            .clean(page)
            .published
            .map(|published| published.to_string())
    };
    assert_eq!(fetched("2019-04-10").as_deref(), Some("2019-04-03"));
    assert_eq!(fetched("2020-02-01").as_deref(), Some("2019-04-03"));
    assert_eq!(fetched("2021-04-10"), None); // 3 April 2021 was a Saturday
}

#[test]
fn long_comments_are_kept_whole() {
    let line = "Bravo pour cet article ! ".repeat(40);
    let comments = vec![line.trim(); 30].join("\n");
    let page = format!(
        "Une phrase assez longue pour que la page ait un paragraphe entier et un seul.\n\n30 commentaires\n{comments}\nRépondre"
    );
    let mut article = Article::new("1", "Le titre", page);
    Cleaner::new().clean_article(&mut article);
    article.validate().unwrap();
    let kept: Vec<&str> = ["comments", "comments_2", "comments_3", "comments_4"]
        .iter()
        .filter_map(|name| article.extra.get(*name).map(String::as_str))
        .collect();
    assert!(kept.len() > 1);
    assert_eq!(kept.join("\n"), comments);
}

#[test]
fn what_is_known_is_not_overwritten() {
    let page = "Un autre titre\nPar Awa Koné\n3 mai 2020\n\nUne phrase assez longue pour que la page ait un paragraphe entier.";
    let mut article = Article::new("1", "Le vrai titre", page).author("Rokia Sow");
    Cleaner::new().clean_article(&mut article);
    assert_eq!(article.title, "Le vrai titre");
    assert_eq!(article.author.as_deref(), Some("Rokia Sow"));
    assert_eq!(article.published.unwrap().to_string(), "2020-05-03");
    assert!(article.body.starts_with("Un autre titre"));
}

#[test]
fn anything_can_be_cleaned() {
    let odd = [
        "",
        "\n\n",
        "\0",
        "\u{feff}",
        "a",
        "…",
        "Par",
        "PAR ",
        "Publié le",
        "Lire aussi",
        "Lire aussi :",
        "2 minutes",
        "2 minutesÀ",
        "«",
        "()",
        "(AFP) -",
        "Paris, le",
        "|",
        "| | |",
        "#",
        "©",
        "Tags :",
        "1",
        "\r\r\n\r",
        "Lire aussi : (",
        "[Lire aussi : x",
        "e\u{301}",
        "👁",
        "\u{2028}x\u{2029}y",
    ];
    for one in odd {
        for other in odd {
            let text = format!("{one}\n{other}\n\n{one} {other}");
            let _ = Cleaner::new().clean(&text);
        }
    }
}
