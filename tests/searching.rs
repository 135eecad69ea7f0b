//! Words, phrases, combinations, fields, order, pages.

use std::collections::HashSet;

use trouvaille::{Article, Date, Field, Index, Match, Query, Search, Sort, Typos};

use crate::support::{ids, index_of};

fn press() -> Index {
    let day = |year, month, day| Date::new(year, month, day).unwrap();
    index_of(&[
        Article::new(
            "mali",
            "Le Mali et la Russie",
            "Le chef de la diplomatie salue l’engagement de Moscou.",
        )
        .author("Awa Koné")
        .source("La Rive")
        .tag("diplomatie")
        .published(day(2023, 2, 8)),
        Article::new(
            "coton",
            "Coton : une récolte record",
            "Les producteurs se réjouissent, le Mali aussi.",
        )
        .author("Paul Kaboré")
        .source("Abidjan Éco")
        .tag("agriculture")
        .published(day(2021, 11, 3)),
        Article::new(
            "vote",
            "Un scrutin calme",
            "Les élections se tiennent dimanche. La diplomatie attend le chef.",
        )
        .source("La Rive")
        .published(day(2024, 1, 20)),
        Article::new("sans-date", "Une brève", "Rien à signaler."),
    ])
}

#[test]
fn all_words_are_required_and_inflections_are_one_word() {
    let index = press();
    assert_eq!(ids(&index, "engagements"), ["mali"]);
    assert_eq!(ids(&index, "election"), ["vote"]);
    assert_eq!(ids(&index, "Mali Moscou"), ["mali"]);
    assert_eq!(ids(&index, "Mali Moscou scrutin"), [""; 0]);
    assert_eq!(
        ids(
            &index,
            Query::words("récoltes").and(Query::words("producteur"))
        ),
        ["coton"]
    );
}

#[test]
fn a_short_page_is_completed_by_partial_matches() {
    let index = press();
    let results = index.search("Mali engagement").unwrap();
    let found: Vec<(&str, bool)> = results
        .iter()
        .map(|hit| (hit.article().id.as_str(), hit.is_partial()))
        .collect();
    assert_eq!(found, [("mali", false), ("coton", true)]);
    assert_eq!(results.total().unwrap(), 1);
    assert!(results.relaxed());
    let scores: Vec<f32> = results.iter().map(|hit| hit.score()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    let strict = index
        .search(Search::from("Mali engagement").relax(false))
        .unwrap();
    assert_eq!(strict.len(), 1);
}

#[test]
fn how_many_words_must_match() {
    let index = press();
    let with = |matching| {
        ids(
            &index,
            Search::from("Mali Moscou engagement").matching(matching),
        )
        .len()
    };
    assert_eq!(with(Match::All), 1);
    assert_eq!(with(Match::Any), 2);
    assert_eq!(with(Match::AtLeast(1)), 2);
    assert_eq!(with(Match::AtLeast(2)), 1);
    assert_eq!(with(Match::AtLeast(99)), 1);
    assert_eq!(with(Match::Share(34)), 1);
    assert_eq!(with(Match::Share(33)), 2);
}

#[test]
fn phrases_count_function_words_and_order() {
    let index = press();
    assert_eq!(
        ids(&index, Query::phrase("chef de la diplomatie")),
        ["mali"]
    );
    assert_eq!(ids(&index, Query::phrase("chef diplomatie")), [""; 0]);
    assert_eq!(
        ids(&index, Query::phrase("chef diplomatie").slop(2)),
        ["mali"]
    );
    assert_eq!(ids(&index, Query::phrase("diplomatie attend")), ["vote"]);
    assert_eq!(
        ids(&index, Query::phrase("L'ENGAGEMENT DE MOSCOU")),
        ["mali"]
    );
}

#[test]
fn combinations_and_exclusions() {
    let index = press();
    let mali = || Query::words("Mali");
    assert_eq!(ids(&index, mali().and(Query::words("coton"))), ["coton"]);
    assert_eq!(ids(&index, mali().or(Query::words("scrutin"))).len(), 3);
    assert_eq!(ids(&index, mali().and_not(Query::words("coton"))), ["mali"]);
    assert_eq!(ids(&index, !mali()).len(), 2);
    assert_eq!(ids(&index, Query::all()).len(), 4);
    assert_eq!(ids(&index, Query::none()).len(), 0);
    assert_eq!(
        ids(&index, mali().prefer(Query::words("producteurs")))
            .first()
            .unwrap(),
        "coton"
    );
}

#[test]
fn fields() {
    let index = press();
    let mali = Query::words("Mali");
    assert_eq!(ids(&index, mali.clone()).len(), 2);
    assert_eq!(ids(&index, mali.clone().field(Field::Title)), ["mali"]);
    assert_eq!(ids(&index, mali.field(Field::Body)), ["coton"]);
    assert_eq!(
        ids(&index, Query::words("kone").field(Field::Author)),
        ["mali"]
    );
    assert_eq!(
        ids(&index, Query::words("éco").field(Field::Source)),
        ["coton"]
    );
    assert_eq!(
        ids(&index, Query::words("diplomatie").field(Field::Tag)),
        ["mali"]
    );
    assert_eq!(
        ids(&index, Query::phrase("une récolte").field(Field::Title)),
        ["coton"]
    );
    assert_eq!(
        ids(&index, Query::phrase("une récolte").field(Field::Body)),
        [""; 0]
    );
}

#[test]
fn a_word_of_title_and_body_is_found_in_the_body() {
    let index = index_of(&[
        Article::new("both", "Le coton", "Le coton monte."),
        Article::new("title", "Le coton", "Le soja monte."),
        Article::new("body", "Le soja", "Le coton monte."),
    ]);
    let mut found = ids(&index, Query::words("coton").field(Field::Body));
    found.sort();
    assert_eq!(found, ["body", "both"]);
    let mut found = ids(&index, Query::phrase("le coton").field(Field::Body));
    found.sort();
    assert_eq!(found, ["body", "both"]);
}

#[test]
fn order_by_date() {
    let index = press();
    let order = |sort| ids(&index, Search::new(Query::all()).sort(sort));
    assert_eq!(order(Sort::Newest), ["vote", "mali", "coton", "sans-date"]);
    assert_eq!(order(Sort::Oldest), ["coton", "mali", "vote", "sans-date"]);
}

#[test]
fn pages_neither_repeat_nor_skip() {
    let articles: Vec<Article> = (0..250)
        .map(|number| {
            Article::new(
                format!("{number:03}"),
                "",
                "La même dépêche, sans rien de plus.",
            )
        })
        .collect();
    let index = index_of(&articles);
    for sort in [Sort::Relevance, Sort::Newest] {
        let mut found = Vec::new();
        for page in 0..26 {
            let search = Search::from("dépêche")
                .sort(sort)
                .limit(10)
                .offset(10 * page);
            found.extend(ids(&index, search));
        }
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 250, "{sort:?}");
    }
}

#[test]
fn limits_of_a_page() {
    let index = press();
    let count_only = index.search(Search::from("Mali").limit(0)).unwrap();
    assert_eq!((count_only.len(), count_only.total().unwrap()), (0, 2));
    assert_eq!(
        index
            .search(Search::from("Mali").limit(Search::MAX_DEPTH))
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        index.search(Search::from("Mali").offset(5)).unwrap().len(),
        0
    );
    let deep = Search::from("Mali").offset(Search::MAX_DEPTH).limit(1);
    assert!(index.search(deep).unwrap_err().is_invalid_argument());
    let overflow = Search::from("Mali").offset(usize::MAX).limit(usize::MAX);
    assert!(index.search(overflow).unwrap_err().is_invalid_argument());
}

#[test]
fn an_empty_index_answers() {
    let index = Index::in_memory().unwrap();
    for query in ["", "mot", "\"deux mots\"", "mot*", "*", "-mot", "date:2023"] {
        let results = index.search(query).unwrap();
        assert_eq!((results.len(), results.total().unwrap()), (0, 0), "{query}");
    }
}

#[test]
fn deep_queries_are_refused_not_run() {
    let index = press();
    let mut query = Query::words("Mali");
    for _ in 0..200 {
        query = query.and(Query::words("Russie")).or(Query::words("Niger"));
    }
    assert!(index.search(query).unwrap_err().is_invalid_query());
    let wide = (0..5000).fold(Query::words("Mali"), |query, _| {
        query.or(Query::words("Niger"))
    });
    assert!(index.search(wide).unwrap_err().is_invalid_query());
}

#[test]
fn a_search_is_a_value() {
    let search = Search::from("\"chef de la diplomatie\" -coton titre:Mali date:2023")
        .filter(trouvaille::Filter::source("La Rive"))
        .limit(5);
    let json = serde_json::to_string(&search).unwrap();
    assert_eq!(serde_json::from_str::<Search>(&json).unwrap(), search);
}

#[test]
fn comments_and_links_are_searched_only_when_asked() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let mut article = Article::new(
        "port",
        "Le port rouvre",
        "Les dockers reprennent le travail.",
    );
    let extra = &mut article.extra;
    extra.insert(
        Article::COMMENTS.to_owned(),
        "Enfin une bonne nouvelle !".to_owned(),
    );
    extra.insert("comments_2".to_owned(), "Et les grutiers ?".to_owned());
    extra.insert(
        Article::RELATED.to_owned(),
        "La grève des pilotes".to_owned(),
    );
    writer.upsert(&article).unwrap();
    writer.commit().unwrap();
    for typed in ["nouvelle", "grutiers", "grève", "texte:pilotes"] {
        assert!(index.search(typed).unwrap().is_empty(), "{typed}");
    }
    for typed in [
        "commentaires:nouvelles",
        "commentaires:grutier",
        "liens:pilote",
    ] {
        assert_eq!(index.search(typed).unwrap().len(), 1, "{typed}");
    }
    let results = index.search("commentaires:grutier").unwrap();
    assert_eq!(
        results[0].snippet(Field::Comments).html(),
        "Enfin une bonne nouvelle !\nEt les <mark>grutiers</mark> ?"
    );
}

#[test]
fn totals_are_what_a_walk_through_all_finds() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    // Words with several readings: noun, verb, another word without its accent.
    let words = [
        "marche", "marché", "porte", "portes", "élève", "élevé", "mousson",
    ];
    for number in 0..2_000_u32 {
        let has = |at: usize| number.is_multiple_of([2, 3, 5, 7, 11, 13, 400][at]);
        let body: Vec<&str> = (0..words.len())
            .filter(|at| has(*at))
            .map(|at| words[at])
            .collect();
        let article = Article::new(number.to_string(), "", body.join(" puis "));
        writer.upsert(&article).unwrap();
    }
    writer.commit().unwrap();
    for deleted in [false, true] {
        if deleted {
            for number in (0..2_000).step_by(30) {
                writer.delete(&number.to_string()).unwrap();
            }
            writer.commit().unwrap();
        }
        for typed in [
            "marche",
            "marche porte",
            "eleve marche",
            "portes eleve marche",
            "mousson marche",
            "mousson porte eleve",
            "marche absente",
        ] {
            let search = Search::from(typed).relax(false).typos(Typos::Off);
            let all = search.clone().sort(Sort::Newest).limit(Search::MAX_DEPTH);
            let walked = index.search(all).unwrap().len();
            let found = index.search(search).unwrap();
            assert_eq!(found.total().unwrap(), walked, "{typed}");
            assert!(walked > 0 || deleted || typed == "marche absente");
        }
    }
}

/// Words of one article of 2, of 3 and so on: the frequent ones have bits, and are counted and looked up by them.
#[test]
fn words_of_any_frequency_find_and_count_what_has_them() {
    const WORDS: [(&str, usize); 6] = [
        ("coton", 2),
        ("mairie", 3),
        ("verger", 7),
        ("tilleul", 15),
        ("horloge", 40),
        ("préfète", 300),
    ];
    // More than two of the windows that searches go through.
    const COUNT: usize = 13_000;
    let index = Index::builder().writer_threads(1).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let has = |number: usize, every: usize| (number / 3 + number).is_multiple_of(every);
    for number in 0..COUNT {
        let mut body = "quelconque ".repeat(number % 11);
        for (word, every) in WORDS {
            if has(number, every) {
                body.push_str(&format!("{word} ").repeat(1 + number % 4));
            }
        }
        writer
            .add(&Article::new(number.to_string(), "", body))
            .unwrap();
        // Two segments.
        if number == COUNT / 5 {
            writer.commit().unwrap();
        }
    }
    for number in (0..COUNT).step_by(13) {
        writer.delete(&number.to_string()).unwrap();
    }
    writer.commit().unwrap();
    for mask in 1_usize..1 << WORDS.len() {
        let chosen = WORDS.iter().enumerate();
        let chosen = chosen.filter(|(number, _)| mask >> number & 1 == 1);
        let chosen: Vec<(&str, usize)> = chosen.map(|(_, word)| *word).collect();
        if chosen.len() > 3 {
            continue;
        }
        let typed: Vec<&str> = chosen.iter().map(|(word, _)| *word).collect();
        for matching in [Match::All, Match::Any] {
            let matches = |number: &usize| {
                let mut words = chosen.iter().map(|(_, every)| has(*number, *every));
                let matches = match matching {
                    Match::All => words.all(|has| has),
                    _ => words.any(|has| has),
                };
                matches && !number.is_multiple_of(13)
            };
            let expected: HashSet<String> = (0..COUNT)
                .filter(matches)
                .map(|number| number.to_string())
                .collect();
            let search = Search::new(Query::words(typed.join(" "))).matching(matching);
            let search = search.relax(false);
            let page = index.search(search.clone()).unwrap();
            let counted = index.search(search.clone().count_total(true)).unwrap();
            assert_eq!(page.total().unwrap(), expected.len(), "{typed:?}");
            assert_eq!(counted.total().unwrap(), expected.len(), "{typed:?}");
            let page = ids(&index, search.clone());
            assert!(page.iter().all(|id| expected.contains(id)), "{typed:?}");
            assert_eq!(
                HashSet::<&String>::from_iter(&page).len(),
                page.len(),
                "{typed:?}"
            );
            // What is passed over for the first page does not belong there.
            let many = ids(&index, search.limit(200));
            assert_eq!(many.len(), expected.len().min(200));
            assert_eq!(page, many[..page.len()], "{typed:?}");
        }
    }
}
