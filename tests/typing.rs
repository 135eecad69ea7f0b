//! What people mistype: typos, corrections, completion.

use trouvaille::{Article, Index, Query, Search, SuggestionKind, Typos};

use crate::support::{ids, index_of, index_of_text};

fn press() -> Index {
    index_of(&[
        Article::new(
            "1",
            "L’ambassade rouvre à Niamey",
            "L’ambassadeur a reçu le gouvernement nigérien.",
        ),
        Article::new(
            "2",
            "Le gouvernement démissionne",
            "Sergueï Tarkine quitte le ministère des Mines.",
        ),
        Article::new(
            "3",
            "La récolte de coton",
            "Les producteurs de Bouaké attendent le gouvernement.",
        ),
    ])
}

#[test]
fn a_misspelt_word_completes_the_page_but_is_not_counted() {
    let results = press().search("gouvernemnt").unwrap();
    assert_eq!(results.total().unwrap(), 0);
    assert_eq!(results.len(), 3);
    assert!(results.iter().all(|hit| hit.is_partial()));
    let off = press()
        .search(Search::from("gouvernemnt").typos(Typos::Off))
        .unwrap();
    assert_eq!(off.len(), 0);
}

#[test]
fn always_counts_what_resembles() {
    let always = |query: &str| {
        let search = Search::from(query).typos(Typos::Always);
        press().search(search).unwrap().total().unwrap()
    };
    assert_eq!(always("gouvernemnt"), 3);
    assert_eq!(always("Sergei Tarkin"), 1);
    assert_eq!(always("Bouakè cotton"), 1);
    assert_eq!(always("Bamako"), 0);
}

#[test]
fn a_right_word_is_not_corrected() {
    let index = index_of_text("La paix est signée.");
    assert_eq!(index.search("prix").unwrap().len(), 0);
    assert_eq!(index.search("prix").unwrap().did_you_mean().unwrap(), None);
    // Nor is one that the index knows.
    assert_eq!(
        press().search("coton").unwrap().did_you_mean().unwrap(),
        None
    );
}

#[test]
fn spellings_of_one_name_reach_each_other() {
    let index = index_of(&[
        Article::new("1", "", "Sergueï Gontcharov est à Bamako."),
        Article::new("2", "", "SERGEY GONCHAROV est à Bamako."),
        Article::new("3", "", "Sergei Goncharov est à Bamako."),
        Article::new("4", "", "Serge Martin est à Bamako."),
    ]);
    for (typed, first) in [("Sergueï", "1"), ("Sergey", "2"), ("sergei", "3")] {
        let results = index.search(typed).unwrap();
        assert_eq!(results.total().unwrap(), 1, "{typed}");
        let mut found: Vec<&str> = results
            .iter()
            .map(|hit| hit.article().id.as_str())
            .collect();
        assert_eq!(found.first(), Some(&first), "{typed}");
        found.sort_unstable();
        assert_eq!(found, ["1", "2", "3"], "{typed}");
        assert!(results.iter().skip(1).all(|hit| hit.is_partial()));
    }
}

#[test]
fn glued_words_are_told_apart() {
    // A missing apostrophe is read as one.
    assert_eq!(ids(&press(), "lambassade"), ["1"]);
    let results = press().search("gouvernementnigérien").unwrap();
    assert_eq!(
        results.did_you_mean().unwrap().as_deref(),
        Some("gouvernement nigérien")
    );
    assert_eq!(results[0].article().id, "1");
}

#[test]
fn the_query_is_corrected_as_a_whole_with_its_accents() {
    let mean = |query: &str| press().search(query).unwrap().did_you_mean().unwrap();
    assert_eq!(
        mean("gouvernemnt nigerein").as_deref(),
        Some("gouvernement nigérien")
    );
    assert_eq!(
        mean("recolt coton -soja").as_deref(),
        Some("récolte coton -soja")
    );
    assert_eq!(mean("Tarkin").as_deref(), Some("Tarkine"));
    assert_eq!(mean("l'embassade").as_deref(), Some("l'ambassade"));
    assert_eq!(mean("zzzzzzzzzz"), None);
}

#[test]
fn the_edits_of_a_typed_tilde() {
    let index = press();
    assert_eq!(ids(&index, "Tarkin~1"), ["2"]);
    assert_eq!(ids(&index, "Tarkn~1"), [""; 0]);
    assert_eq!(ids(&index, "Tarkn~2"), ["2"]);
    assert_eq!(ids(&index, Query::fuzzy("cotton", None)), ["3"]);
}

#[test]
fn prefixes_and_wildcards_are_of_the_word_as_written() {
    let index = press();
    assert_eq!(ids(&index, "gouvern*").len(), 3);
    assert_eq!(ids(&index, "l'ambassad*"), ["1"]);
    assert_eq!(ids(&index, "PRODUCT*"), ["3"]);
    assert_eq!(ids(&index, "prod*ers"), [""; 0]);
    assert_eq!(ids(&index, "prod*eurs"), ["3"]);
    assert_eq!(ids(&index, "r?colte"), ["3"]);
    assert_eq!(ids(&index, "\"récolte de cot\"*"), ["3"]);
    assert_eq!(ids(&index, "soutien*"), [""; 0]);
}

#[test]
fn completion_is_by_use_and_keeps_what_stands_before() {
    let index = press();
    let words = |typed: &str| -> Vec<String> {
        let suggestions = index.suggest(typed).unwrap();
        suggestions
            .into_iter()
            .filter(|suggestion| suggestion.kind == SuggestionKind::Word)
            .map(|suggestion| suggestion.text)
            .collect()
    };
    assert_eq!(words("gou"), ["gouvernement"]);
    assert_eq!(words("l'ambass"), ["l'ambassade", "l'ambassadeur"]);
    assert_eq!(words("le coton de bou"), ["le coton de Bouaké"]);
    assert_eq!(words("RECO"), ["récolte"]);
    assert_eq!(words("coton "), [""; 0]);
    assert_eq!(words(""), [""; 0]);
    let titles: Vec<SuggestionKind> = index
        .suggest("ambassade nia")
        .unwrap()
        .into_iter()
        .map(|suggestion| suggestion.kind)
        .filter(|kind| *kind != SuggestionKind::Word)
        .collect();
    assert_eq!(titles, [SuggestionKind::Title("1".to_owned())]);
}

#[test]
fn a_mistake_that_an_article_makes_too_is_completed_behind_it() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for number in 0..120 {
        let article = Article::new(
            format!("juste-{number}"),
            "Le gouvernement consulte",
            "Le gouvernement a reçu les syndicats.",
        );
        writer.upsert(&article).unwrap();
    }
    let body =
        "Au détour d’une longue phrase sur les syndicats et leurs doléances, on lit gouvernemant.";
    writer
        .upsert(&Article::new("coquille", "Une coquille", body))
        .unwrap();
    writer.commit().unwrap();
    let results = index.search("gouvernemant").unwrap();
    assert_eq!(results[0].article().id, "coquille");
    assert!(!results[0].is_partial());
    assert_eq!(results.len(), 10);
    assert!(results[1].is_partial());
    assert_eq!(
        results.did_you_mean().unwrap().as_deref(),
        Some("gouvernement")
    );
    // What the lexicon has is right, however rare.
    let doleances = index.search("doléances").unwrap();
    assert_eq!(doleances.len(), 1);
    let exact = index
        .search(trouvaille::Search::from("gouvernemant").typos(trouvaille::Typos::Off))
        .unwrap();
    assert_eq!(exact.len(), 1);
}
