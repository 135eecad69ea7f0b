//! Articles on one event, and the same story republished.

use trouvaille::{Article, Facet, Field, Index, Search, Sort, ingest};

use crate::support::index_of;

fn seeds() -> Index {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    let articles: Vec<Article> = ingest::records(path).unwrap().map(Result::unwrap).collect();
    index_of(&articles)
}

/// Two articles each on one event, by two newspapers.
const PAIRS: [(&str, &str); 8] = [
    (
        "courrier-sahel-2023-02-08-gontcharov-bamako",
        "lagune-2023-02-09-goncharov-mali",
    ),
    (
        "teranga-2021-11-22-fonds-securite",
        "abidjan-eco-2021-11-22-fonds-regional",
    ),
    (
        "abidjan-eco-2022-03-18-anacarde-bouake",
        "messager-golfe-2022-03-19-cajou-bouake",
    ),
    (
        "lagune-2022-10-12-voitures-anvers",
        "messager-golfe-2022-10-12-douane-lome",
    ),
    (
        "quotidien-ouaga-2024-08-26-inondations",
        "courrier-lagunes-2024-08-27-inondations-ouagadougou",
    ),
    (
        "grand-angle-2023-05-13-tchernov-nantes",
        "depeche-estuaire-2023-05-14-tchernov-fonderies",
    ),
    (
        "grand-angle-2024-12-12-greve-sncf",
        "depeche-estuaire-2024-12-13-greve-cheminots",
    ),
    (
        "echo-niayes-2022-07-07-bac-s2",
        "courrier-lagunes-2022-07-08-bac-senegal",
    ),
];

#[test]
fn articles_on_one_event_find_each_other_first() {
    let searcher = seeds().searcher();
    for (one, other) in PAIRS {
        for (id, expected) in [(one, other), (other, one)] {
            let similar = searcher.similar(id, 5).unwrap();
            let found: Vec<(&str, f32)> = similar
                .iter()
                .map(|hit| (hit.article().id.as_str(), hit.score()))
                .collect();
            assert_eq!(
                found[0].0,
                expected,
                "{id}: {found:?} {}",
                similar.understood()
            );
            assert!(found.iter().all(|(found, _)| *found != id));
            assert!(!similar[0].snippet(Field::Body).highlights().is_empty());
        }
    }
}

#[test]
fn the_words_do_it_without_the_dates() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    let articles: Vec<Article> = ingest::records(path)
        .unwrap()
        .map(|record| {
            let mut article = record.unwrap();
            article.published = None;
            article
        })
        .collect();
    let searcher = index_of(&articles).searcher();
    let mut missed = Vec::new();
    for (one, other) in PAIRS {
        for (id, expected) in [(one, other), (other, one)] {
            let similar = searcher.similar(id, 3).unwrap();
            let found: Vec<String> = similar.iter().map(|hit| hit.article().id.clone()).collect();
            assert!(
                found.iter().any(|other| other == expected),
                "{id}: {found:?}"
            );
            if found[0] != expected {
                missed.push((id, found));
            }
        }
    }
    // The short account of the floods shares more rare words with another dispatch from Burkina.
    assert!(missed.len() <= 1, "{missed:?}");
}

#[test]
fn an_article_that_is_not_indexed_has_similar_ones_too() {
    let index = seeds();
    let searcher = index.searcher();
    let draft = Article::new(
        "brouillon",
        "Grève des cheminots",
        "La SNCF prévoit un train sur trois jeudi dans l'estuaire, à l'appel des syndicats de cheminots.",
    );
    let similar = searcher.similar_to(&draft, 2).unwrap();
    let tags = &similar[0].article().tags;
    assert!(tags.contains(&"grève".to_owned()), "{tags:?}");
    assert!(searcher.similar("absent", 3).unwrap_err().is_not_found());
    assert_eq!(searcher.similar(PAIRS[0].0, 0).unwrap().len(), 0);
    let empty = searcher
        .similar_to(&Article::new("vide", "", ""), 3)
        .unwrap();
    assert!(empty.is_empty());
}

/// Three stories, each republished so many times with a word of its own before and behind.
fn republished() -> Index {
    let stories = [
        (
            "coton",
            "La campagne cotonnière s'ouvre dans la région de Bobo avec deux semaines de retard, \
          faute de pluies en juillet. Les planteurs réunis mardi à la coopérative réclament un prix \
          garanti de 325 francs le kilo, contre 300 francs l'an dernier.",
            4,
        ),
        (
            "port",
            "Le trafic du port de Lomé a repris jeudi matin après quatre jours d'arrêt. Les dockers, \
          reçus au ministère, ont obtenu le paiement de deux mois d'arriérés et une visite médicale \
          annuelle. Une dizaine de navires attendaient au large, chargés de ciment et de coton.",
            1,
        ),
        (
            "pluie",
            "Les pluies de la nuit ont emporté trois ponts entre Malanville et Karimama. Les \
          commerçants détournent leurs camions par le nord, au prix d'un jour de route, et le coton \
          reste sous les hangars en attendant que l'eau se retire.",
            2,
        ),
    ];
    let mut articles = Vec::new();
    for (name, story, times) in stories {
        for number in 0..times {
            let body = format!("Dépêche numéro {number}. {story} Rédaction {number}.");
            articles.push(
                Article::new(format!("{name}-{number}"), format!("Titre {number}"), body)
                    .source(format!("Journal {number}")),
            );
        }
    }
    index_of(&articles)
}

#[test]
fn near_duplicates_are_found() {
    let searcher = republished().searcher();
    let same = searcher.near_duplicates("coton-0", 10).unwrap();
    let mut found: Vec<&str> = same.iter().map(|hit| hit.article().id.as_str()).collect();
    found.sort();
    assert_eq!(found, ["coton-1", "coton-2", "coton-3"]);
    assert!(same.iter().all(|hit| (0.5..=1.0).contains(&hit.score())));
    assert!(searcher.near_duplicates("port-0", 10).unwrap().is_empty());
    let seeds = seeds().searcher();
    for (one, other) in PAIRS {
        for id in [one, other] {
            // Two accounts of one event are not one text.
            assert!(seeds.near_duplicates(id, 10).unwrap().is_empty(), "{id}");
        }
    }
}

#[test]
fn near_duplicates_fold_on_demand() {
    let searcher = republished().searcher();
    let search = Search::from("dépêche").facet(Facet::Source);
    assert_eq!(searcher.search(search.clone()).unwrap().len(), 7);
    for sort in [Sort::Relevance, Sort::Title, Sort::Newest] {
        let folding = search.clone().sort(sort).collapse_duplicates(true);
        let whole = searcher.search(folding.clone()).unwrap();
        let mut counts: Vec<(String, usize)> = whole
            .iter()
            .map(|hit| {
                let (name, _) = hit.article().id.split_once('-').unwrap();
                (name.to_owned(), hit.duplicates())
            })
            .collect();
        counts.sort();
        let expected =
            [("coton", 3), ("pluie", 1), ("port", 0)].map(|(name, count)| (name.to_owned(), count));
        assert_eq!(counts, expected, "{sort:?}");
        assert_eq!(whole.total().unwrap(), 7);
        // Page by page, and by cursor, the list is the same.
        let mut pages = Vec::new();
        for page in 0..4 {
            let results = searcher
                .search(folding.clone().limit(1).offset(page))
                .unwrap();
            pages.extend(results.iter().map(|hit| hit.article().id.clone()));
        }
        let ids: Vec<String> = whole.iter().map(|hit| hit.article().id.clone()).collect();
        assert_eq!(pages, ids);
        let second = searcher
            .search(folding.clone().limit(1).after(whole[0].cursor()))
            .unwrap();
        assert_eq!(second[0].article().id, ids[1]);
    }
}
