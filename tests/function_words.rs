//! Function words are in the index as they are written, and two of them side by side as a term of their own: phrases
//! find what they would find without.

use proptest::prelude::*;
use trouvaille::{Analyzer, Article, Field, Index, Query, Search, Typos};

/// Words that make pairs, words that do not, and some that stand at one position together.
const WORDS: [&str; 14] = [
    "de",
    "la",
    "l’",
    "à",
    "a",
    "il",
    "n’",
    "y",
    "pas",
    "marché",
    "coton",
    "toujours",
    "étudiant·e·s",
    "qu’",
];

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(0..WORDS.len(), 0..40).prop_map(|numbers| join(&numbers))
}

fn join(numbers: &[usize]) -> String {
    let mut text = String::new();
    for number in numbers {
        text.push_str(WORDS[*number]);
        if !text.ends_with('’') {
            text.push(' ');
        }
    }
    text
}

/// Whether the words of a phrase stand side by side somewhere.
fn has_phrase(analyzer: &Analyzer, text: &str, phrase: &str) -> bool {
    let tokens = analyzer.analyze(text);
    let words = analyzer.analyze(phrase);
    let Some(first) = words.first() else {
        return false;
    };
    (0..=tokens.len() as u32).any(|start| {
        words.iter().all(|word| {
            let at = start + word.position - first.position;
            tokens
                .iter()
                .any(|token| token.position == at && token.written == word.written)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn phrases_find_what_stands_side_by_side(
        bodies in prop::collection::vec(texts(), 1..12),
        phrases in prop::collection::vec(prop::collection::vec(0..WORDS.len() - 2, 2..6), 12),
    ) {
        let analyzer = Analyzer::default();
        let index = Index::in_memory().unwrap();
        let mut writer = index.writer().unwrap();
        for (number, body) in bodies.iter().enumerate() {
            writer.add(&Article::new(number.to_string(), "", body)).unwrap();
        }
        writer.commit().unwrap();
        for phrase in phrases {
            let phrase = join(&phrase);
            let phrase = phrase.trim();
            let search = Search::new(Query::phrase(phrase)).typos(Typos::Off);
            let results = index.search(search.relax(false).limit(20)).unwrap();
            let mut found: Vec<usize> = results
                .iter()
                .map(|hit| hit.article().id.parse().unwrap())
                .collect();
            found.sort_unstable();
            let expected: Vec<usize> = (0..bodies.len())
                .filter(|number| has_phrase(&analyzer, &bodies[*number], phrase))
                .collect();
            prop_assert_eq!(&found, &expected, "{}", phrase);
            prop_assert_eq!(results.total().unwrap(), expected.len());
        }
    }
}

#[test]
fn a_word_typed_alone_finds_itself_as_it_is_written() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for (id, body) in [
        ("la", "Voici la mer."),
        ("les", "Voici les mers."),
        ("six", "Six mers."),
        ("si", "Si la mer."),
    ] {
        writer.add(&Article::new(id, "", body)).unwrap();
    }
    writer.commit().unwrap();
    let ids = |typed: &str| {
        let results = index.search(Search::from(typed).relax(false)).unwrap();
        let mut ids: Vec<String> = results.iter().map(|hit| hit.article().id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids("la"), ["la", "si"]);
    assert_eq!(ids("LES"), ["les"]);
    assert_eq!(ids("si"), ["si"]);
    // The lexicon takes it for a plural of `si` too.
    assert_eq!(ids("six"), ["six"]);
    // Beside another word none is required.
    assert_eq!(ids("les mers"), ["la", "les", "si", "six"]);
    let results = index.search("la").unwrap();
    assert_eq!(
        results[0]
            .snippet(Field::Body)
            .html()
            .matches("<mark>")
            .count(),
        1
    );
}

#[test]
fn a_lemma_of_one_s_own_is_found_with_the_function_word_that_it_is() {
    let analyzer = Analyzer::builder().lemma("ds", "dans").build();
    let index = Index::builder().analyzer(analyzer).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for (id, body) in [("court", "Ds la mer."), ("long", "Dans la mer.")] {
        writer.add(&Article::new(id, "", body)).unwrap();
    }
    writer.commit().unwrap();
    for typed in ["ds", "dans"] {
        assert_eq!(index.search(typed).unwrap().len(), 2, "{typed}");
    }
}

#[test]
fn a_misspelt_function_word_finds_the_one_that_was_meant() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    writer
        .add(&Article::new("1", "", "Elle part avec lui."))
        .unwrap();
    writer.commit().unwrap();
    assert_eq!(index.search("avce").unwrap().len(), 1);
}
