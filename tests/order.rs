//! Order, cursors, freshness, and why an article is where it is.

use trouvaille::{Article, Cursor, Date, Hit, Index, Ranking, Search, Searcher, Sort};

use crate::support::{ids, index_of};

fn titled(titles: &[&str]) -> Index {
    let articles: Vec<Article> = titles
        .iter()
        .map(|title| Article::new(*title, *title, "Une dépêche."))
        .collect();
    index_of(&articles)
}

#[test]
fn titles_sort_as_in_a_french_dictionary() {
    let sorted = [
        "À la une",
        "« Ça suffit ! »",
        "côte",
        "Coton : une récolte record",
        "Élan",
        "Elbe",
        "ÉTAT des lieux",
        "L’an prochain",
        "La Rive",
        "Laon",
        "Le Mali",
        "Œuvre",
        "Offre",
        "zèle",
    ];
    let mut shuffled = sorted.to_vec();
    shuffled.reverse();
    shuffled.swap(2, 9);
    shuffled.push("");
    let mut expected = sorted.to_vec();
    expected.push("");
    let articles: Vec<Article> = shuffled
        .iter()
        .enumerate()
        .map(|(number, title)| Article::new(number.to_string(), *title, "Une dépêche."))
        .collect();
    let index = index_of(&articles);
    let results = index
        .search(Search::from("dépêche").sort(Sort::Title).limit(20))
        .unwrap();
    let found: Vec<&str> = results
        .iter()
        .map(|hit| hit.article().title.as_str())
        .collect();
    assert_eq!(found, expected);
}

/// An index of several segments, with ties and with articles that have neither title nor date.
fn segments() -> Index {
    let index = Index::builder()
        .writer_memory(15_000_000)
        .in_memory()
        .unwrap();
    let mut writer = index.writer().unwrap();
    for commit in 0..5_u8 {
        for number in 0..37_u8 {
            let mut article = Article::new(
                format!("{commit}-{number}"),
                match number % 7 {
                    0 => String::new(),
                    same => format!("Dépêche {}", same % 3),
                },
                "Une dépêche parmi d'autres.",
            );
            if number % 5 != 0 {
                let day = number % 3 + 1 + commit % 2;
                article = article.published(Date::new(2023, 5, day).unwrap());
            }
            writer.add(&article).unwrap();
        }
        writer.commit().unwrap();
    }
    writer.delete("2-3").unwrap();
    writer.commit().unwrap();
    index
}

fn scroll(searcher: &Searcher, search: &Search) -> Vec<String> {
    let mut found = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let search = match after {
            Some(cursor) => search.clone().after(cursor),
            None => search.clone(),
        };
        let results = searcher.search(search).unwrap();
        let Some(last) = results.hits().last() else {
            return found;
        };
        // As a browser sends it back.
        after = Some(last.cursor().to_string().parse().unwrap());
        assert_eq!(results[0].rank(), found.len());
        found.extend(results.iter().map(|hit| hit.article().id.clone()));
    }
}

#[test]
fn scrolling_gives_the_whole_list_once_and_in_order() {
    let searcher = segments().searcher();
    for sort in [Sort::Newest, Sort::Oldest, Sort::Title, Sort::Relevance] {
        let search = Search::from("dépêche").sort(sort);
        let whole = searcher.search(search.clone().limit(1_000)).unwrap();
        let whole: Vec<String> = whole.iter().map(|hit| hit.article().id.clone()).collect();
        assert_eq!(whole.len(), 184);
        for limit in [1, 10, 64, 183] {
            let found = scroll(&searcher, &search.clone().limit(limit));
            assert_eq!(found, whole, "{sort:?} by {limit}");
        }
    }
}

#[test]
fn a_cursor_and_an_offset_go_together() {
    let searcher = segments().searcher();
    let search = Search::from("dépêche").sort(Sort::Title).limit(3);
    let first = searcher.search(search.clone()).unwrap();
    let next = searcher
        .search(search.clone().after(first[2].cursor()).offset(2))
        .unwrap();
    assert_eq!(next[0].rank(), 5);
    let whole = searcher.search(search.limit(6)).unwrap();
    assert_eq!(next[0].article().id, whole[5].article().id);
}

#[test]
fn a_cursor_of_another_view_is_refused() {
    let index = segments();
    let cursor = index.search("dépêche").unwrap()[0].cursor();
    let json = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
    let mut writer = index.writer().unwrap();
    writer
        .add(&Article::new("neuf", "", "Une dépêche."))
        .unwrap();
    writer.commit().unwrap();
    let error = index
        .search(Search::from("dépêche").after(cursor))
        .unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");
    for wrong in [
        "",
        "1-2-3",
        "1-2-3-4-5",
        "x-1-1-1",
        "+1-1-1-1",
        "1-1-1-fffffffff",
    ] {
        assert!(wrong.parse::<Cursor>().unwrap_err().is_invalid_argument());
    }
    let own = index.search("dépêche").unwrap()[0].cursor().to_string();
    let (view, _) = own.split_once('-').unwrap();
    let forged: Cursor = format!("{view}-ffff-ffffffff-0").parse().unwrap();
    let error = index
        .search(Search::from("dépêche").sort(Sort::Newest).after(forged))
        .unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");
}

#[test]
fn pages_are_consistent_when_partial_matches_come_behind() {
    let mut articles = Vec::new();
    for number in 0..25 {
        articles.push(Article::new(
            format!("deux-{number}"),
            "",
            "Le coton et le soja montent ensemble cette année encore.",
        ));
        articles.push(Article::new(
            format!("un-{number}"),
            "Coton, coton",
            "Le coton monte.",
        ));
    }
    let index = index_of(&articles);
    let search = Search::from("coton soja");
    let mut found = Vec::new();
    for page in 0..6 {
        let results = index.search(search.clone().offset(10 * page)).unwrap();
        found.extend(
            results
                .iter()
                .map(|hit| (hit.is_partial(), hit.article().id.clone())),
        );
    }
    assert_eq!(found.len(), 50);
    assert!(found.is_sorted_by_key(|(is_partial, _)| *is_partial));
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 50);
}

#[test]
fn freshness_prefers_the_recent_among_equals_only_so_far() {
    let article = |id: &str, year: i32, body: &str| {
        Article::new(id, "Grève au port", body).published(Date::new(year, 6, 1).unwrap())
    };
    let index = index_of(&[
        article("vieux", 2010, "Les dockers bloquent le port."),
        article("neuf", 2024, "Les dockers bloquent le port."),
        Article::new(
            "sans-date",
            "Grève au port",
            "Les dockers bloquent le port.",
        ),
        article(
            "ailleurs",
            2024,
            "Une brève qui parle de tout autre chose, dockers compris, et longue.",
        ),
    ]);
    let search = Search::from("dockers bloquent port").relax(true);
    let fresh = ids(&index, search.clone().freshness(30.0));
    assert_eq!(fresh[0], "neuf");
    let plain = index.search(search.clone()).unwrap();
    let fresh = index.search(search.clone().freshness(30.0)).unwrap();
    let score = |results: &trouvaille::Results, id: &str| {
        let hit = results.iter().find(|hit| hit.article().id == id);
        hit.map(Hit::score).unwrap()
    };
    assert!((score(&fresh, "vieux") - score(&plain, "vieux") / 2.0).abs() < 1e-4);
    assert!((score(&fresh, "sans-date") - score(&plain, "sans-date") / 2.0).abs() < 1e-4);
    assert!((score(&fresh, "neuf") - score(&plain, "neuf")).abs() < 1e-4);
    assert_eq!(search.clone().freshness(0.0), search.freshness(-1.0));
}

#[test]
fn an_explanation_says_where_each_word_is_and_what_it_brings() {
    let index = index_of(&[
        Article::new(
            "bouake",
            "Le coton monte à Bouaké",
            "Les planteurs de coton vendent mieux leur récolte.",
        ),
        Article::new(
            "soja",
            "Le soja",
            "Un planteur cultive du soja, et du coton.",
        ),
        Article::new("riz", "Le riz", "Du riz, sans rien de plus."),
    ]);
    let search = Search::from("planteurs coton Bouaké");
    let results = index.search(search.clone()).unwrap();
    let why = results.explain(0).unwrap().unwrap();
    assert_eq!(why.id, "bouake");
    assert!((why.score - results[0].score()).abs() < 1e-3);
    let [planteurs, coton, bouake] = why.words.as_slice() else {
        panic!("{why:?}");
    };
    assert!(!planteurs.in_title && planteurs.in_body && planteurs.as_typed);
    assert!(coton.in_title && coton.in_body && coton.occurrences == 2);
    assert!(bouake.in_title && !bouake.in_body && bouake.amount > coton.amount);
    assert!(why.title > 0.0 && why.nearness > 0.0);
    assert_eq!(why.freshness, 1.0);
    let behind = results.explain(1).unwrap().unwrap();
    assert!(behind.is_partial);
    assert!(!behind.words[2].is_found());
    assert!(behind.to_string().contains("bouake: missing"), "{behind}");
    let names: Vec<&str> = why.ahead.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"the word bouake"), "{names:?}");
    let json = serde_json::to_value(&why).unwrap();
    assert_eq!(json["words"][1]["in_title"], true);

    let searcher = index.searcher();
    let same = searcher.explain("bouake", search.clone()).unwrap().unwrap();
    assert!((same.score - results[0].score()).abs() < 1e-3);
    assert!(
        searcher
            .explain("soja", search.clone())
            .unwrap()
            .unwrap()
            .is_partial
    );
    assert!(searcher.explain("riz", search.clone()).unwrap().is_none());
    assert!(searcher.explain("absent", search).unwrap().is_none());
}

#[test]
fn phrases_and_freshness_are_explained_too() {
    let index = titled(&["Le prix du coton", "Autre"]);
    let results = index
        .search(Search::from("\"prix du coton\"").freshness(10.0))
        .unwrap();
    let why = results[0].explain().unwrap();
    assert!(why.others > 0.0 && why.words.is_empty());
    assert_eq!(why.freshness, 0.5);
    assert!((why.score - results[0].score()).abs() < 1e-3);
    let mut ranking = Ranking::default();
    ranking.title = 0.0;
    let results = index
        .search(Search::from("coton").ranking(ranking))
        .unwrap();
    assert_eq!(results[0].explain().unwrap().title, 0.0);
}
