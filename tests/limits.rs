//! Every limit of the table in the README, at it and above it.

use trouvaille::{Article, Field, Index, Query, Ranking, Search};

use crate::support::{ids, index_of, index_of_text};

/// The field that a refused article's error names.
fn refused(article: &Article) -> String {
    let error = article.validate().unwrap_err();
    assert!(error.is_invalid_article(), "{error}");
    error.to_string()
}

#[test]
fn an_article_at_every_limit_comes_back_whole() {
    let value = "v".repeat(Article::MAX_VALUE_BYTES);
    let mut article = Article::new("i".repeat(Article::MAX_ID_BYTES), "", "Le coton")
        .author(&value)
        .source(&value)
        .url(&value);
    article.tags = (0..Article::MAX_VALUES)
        .map(|tag| format!("tag {tag}"))
        .collect();
    article.tags[0] = value.clone();
    for number in 1..Article::MAX_VALUES {
        article = article.extra(format!("extra {number}"), "valeur");
    }
    article = article.extra(&value, &value);
    let index = index_of(&[article.clone()]);
    assert_eq!(
        index.searcher().article(&article.id).unwrap(),
        Some(article.clone())
    );
    assert_eq!(ids(&index, "coton tag:1023").len(), 1);
    for (beyond, field) in [
        (Article::new(format!("{}i", article.id), "", ""), "id"),
        (article.clone().author(format!("{value}v")), "author"),
        (article.clone().source(format!("{value}v")), "source"),
        (article.clone().url(format!("{value}v")), "url"),
        (article.clone().tag("un de trop"), "tags"),
        (article.clone().extra("un de trop", ""), "extra"),
    ] {
        assert!(refused(&beyond).contains(&format!("`{field}`")));
    }
    let mut long_tag = Article::new("1", "", "");
    long_tag.tags = vec![format!("{value}v")];
    assert!(refused(&long_tag).contains("8193 bytes, more than the limit of 8192"));
    assert!(refused(&Article::new("", "", "")).contains("`id`"));
    assert!(refused(&Article::new("a\u{7}", "", "")).contains("control"));
}

#[test]
#[ignore = "minutes without optimization"]
fn a_text_of_sixteen_megabytes_is_searched_to_its_end() {
    let filler = "Le coton monte à Bamako. ".repeat((Article::MAX_TEXT_BYTES - 100) / 26);
    let body = format!("{filler}La fin est ici, hippopotame.");
    assert!(body.len() > Article::MAX_TEXT_BYTES - 1_000_000);
    let index = index_of_text(&body);
    assert_eq!(ids(&index, "hippopotames").len(), 1);
    let results = index.search("\"ici hippopotame\"").unwrap();
    assert_eq!(results[0].article().body, body);
}

#[test]
fn a_word_repeated_without_end_is_compared_in_one_pass() {
    // Each place against each takes more than four minutes.
    let index = index_of_text(&format!("{}le refrain", "la ".repeat(200_000)));
    assert_eq!(ids(&index, "\"la la\"").len(), 1);
    assert_eq!(ids(&index, "\"la la le\" \"le refrain\"").len(), 1);
    assert_eq!(ids(&index, "\"la le la\"").len(), 0);
}

#[test]
fn a_text_above_sixteen_megabytes_is_refused() {
    let body = "a".repeat(Article::MAX_TEXT_BYTES);
    assert!(Article::new("1", "", &body).validate().is_ok());
    assert!(refused(&Article::new("1", "é", &body)).contains("`body`"));
}

#[test]
fn a_word_is_searched_by_its_first_255_bytes() {
    let long = "a".repeat(300);
    let index = index_of_text(&format!("Le mot {long} est long."));
    assert_eq!(ids(&index, long.as_str()).len(), 1);
    assert_eq!(ids(&index, format!("\"mot {long} est\"").as_str()).len(), 1);
    // At 255 bytes they are two words, beyond they are one.
    let (at, beyond) = ("b".repeat(254), "b".repeat(255));
    let index = index_of(&[
        Article::new("1", "", format!("{at}x")),
        Article::new("2", "", format!("{at}y")),
        Article::new("3", "", format!("{beyond}x")),
        Article::new("4", "", format!("{beyond}y")),
    ]);
    assert_eq!(ids(&index, format!("{at}x").as_str()), ["1"]);
    assert_eq!(ids(&index, format!("{beyond}z").as_str()).len(), 2);
}

#[test]
fn a_page_ends_at_the_ten_thousandth_article() {
    let index = index_of_text("Le coton");
    let search = || Search::from("coton");
    assert!(index.search(search().limit(Search::MAX_DEPTH)).is_ok());
    assert!(
        index
            .search(search().offset(Search::MAX_DEPTH).limit(0))
            .is_ok()
    );
    for beyond in [
        search().limit(Search::MAX_DEPTH + 1),
        search().offset(Search::MAX_DEPTH).limit(1),
        search().limit(usize::MAX),
        search().offset(usize::MAX).limit(usize::MAX),
    ] {
        assert!(index.search(beyond).unwrap_err().is_invalid_argument());
    }
}

/// How deep it may be is in `nesting.rs`.
#[test]
fn a_built_query_has_so_many_parts() {
    let index = index_of_text("Le coton");
    let of = |parts: usize| {
        // The list itself is a part.
        Search::new(Query::any_of((1..parts).map(|_| Query::words("coton"))))
    };
    assert_eq!(ids(&index, of(4_096)).len(), 1);
    let error = index.search(of(4_097)).unwrap_err();
    assert!(
        error.is_invalid_query() && error.to_string().contains("4096 parts"),
        "{error}"
    );
}

#[test]
fn a_prefix_stands_for_the_1024_most_frequent_words() {
    let words = |count: usize| -> String {
        let word = |number: usize| format!("préfixe{number:05} ");
        (0..count).map(word).collect()
    };
    // The last word is in two articles or in one, and so among the most frequent or not.
    for (count, again, found) in [(1_024, false, 2), (1_025, false, 1), (1_025, true, 2)] {
        let last = format!("préfixe{:05}", count - 1);
        let first = words(count - 1);
        let mut articles = vec![
            Article::new("tous", "", first),
            Article::new("dernier", "", &last),
        ];
        if again {
            articles[0].body.push_str(&last);
        }
        let index = index_of(&articles);
        assert_eq!(ids(&index, "préfixe*").len(), found, "{count}");
        assert_eq!(ids(&index, "pr?fixe*").len(), found, "{count}");
        // What gave way is found by a longer beginning.
        assert!(ids(&index, format!("{last}*").as_str()).contains(&"dernier".to_owned()));
    }
}

/// That the count goes on over all dictionaries is tested in `engine/expand.rs`.
#[test]
#[ignore = "a minute without optimization"]
fn a_pattern_looks_at_500_000_words() {
    let words = |numbers: std::ops::Range<usize>| -> String {
        let word = |number: usize| format!("m{number:06} ");
        numbers.map(word).collect()
    };
    // All in one segment, whose dictionary is in the order of the alphabet.
    let builder = Index::builder().writer_threads(1);
    let index = builder.writer_memory(1_000_000_000).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for (id, body) in [
        ("avant", words(0..499_999)),
        ("dernier", "m600000x".to_owned()),
        ("au-delà", "m700000x".to_owned()),
    ] {
        writer.upsert(&Article::new(id, "", body)).unwrap();
    }
    writer.commit().unwrap();
    assert_eq!(ids(&index, "m*x"), ["dernier"]);
    assert_eq!(ids(&index, "m7*x"), ["au-delà"]);
}

#[test]
fn a_misspelling_stands_for_64_words() {
    let letters = "abcdefghijkl";
    let words: Vec<String> = letters
        .chars()
        .flat_map(|first| {
            letters
                .chars()
                .map(move |second| format!("zqx{first}{second}xqz"))
        })
        .collect();
    let found = |count: usize| {
        let articles: Vec<Article> = words
            .iter()
            .take(count)
            .map(|word| Article::new(word, "", word))
            .collect();
        let search = Search::from("zqxyyxqz~2").limit(100);
        ids(&index_of(&articles), search).len()
    };
    assert_eq!(found(63), 63);
    assert_eq!(found(64), 64);
    assert_eq!(found(65), 64);
    assert_eq!(found(100), 64);
}

#[test]
fn a_phrase_has_at_most_a_thousand_words_between() {
    let index_with =
        |between: usize| index_of_text(&format!("début {}fin", "mot ".repeat(between)));
    let found = |index: &Index, slop: u32| {
        let phrase = Query::phrase("début fin").slop(slop);
        ids(index, Search::new(phrase)).len()
    };
    let (within, beyond) = (index_with(1_000), index_with(1_001));
    assert_eq!(found(&within, 999), 0);
    assert_eq!(found(&within, 1_000), 1);
    assert_eq!(found(&within, u32::MAX), 1);
    assert_eq!(found(&beyond, 1_000), 0);
    assert_eq!(found(&beyond, 1_001), 0);
    assert_eq!(found(&beyond, u32::MAX), 0);
}

#[test]
fn a_snippet_is_looked_for_in_four_mebibytes() {
    // Few words and much room: what counts is where they stand. It is read part by part: a part that begins
    // within is read to its end.
    let limit = 4 << 20;
    let mut body = "\n".repeat(limit - 1_000);
    body.push_str("Le coton monte.");
    body.push_str(&"\n".repeat(300_000));
    body.push_str("Le soja baisse.");
    let index = index_of_text(&body);
    let marks = |typed: &str| {
        let results = index.search(typed).unwrap();
        let snippet = results[0].snippet(Field::Body);
        snippet.marked().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(marks("coton"), ["coton"]);
    assert!(marks("soja").is_empty());
    assert!(index.search("soja").unwrap()[0].article().body == body);
}

#[test]
fn the_end_of_a_phrase_stands_for_the_64_most_frequent_words() {
    // The last ones of the alphabet are the most frequent.
    let articles = |count: usize| -> Vec<Article> {
        let article =
            |number| Article::new(format!("{number}"), "", format!("début suite{number:03}"));
        let frequent = (count..2 * count).map(|number| {
            let body = format!("début zéro suite{:03}", count - 1 - number % 3);
            Article::new(format!("{number}"), "", body)
        });
        (0..count).map(article).chain(frequent).collect()
    };
    let found = |count: usize, typed: &str| {
        let index = index_of(&articles(count));
        let results = index.search(Search::from(typed).relax(false)).unwrap();
        results.total().unwrap()
    };
    assert_eq!(found(63, "\"début suite\"*"), 63);
    assert_eq!(found(64, "\"début suite\"*"), 64);
    assert_eq!(found(150, "\"début suite\"*"), 64);
    assert_eq!(found(150, "\"début suite\"* ET suite149"), 1);
}

#[test]
fn a_writer_takes_any_memory() {
    for bytes in [0, 1, 15_000_000, 64_000_000, 1 << 40, usize::MAX] {
        let index = Index::builder().writer_memory(bytes).in_memory().unwrap();
        let mut writer = index.writer().unwrap();
        writer.upsert(&Article::new("1", "", "Le coton")).unwrap();
        writer.commit().unwrap();
        assert_eq!(index.len(), 1, "{bytes}");
    }
}

#[test]
fn extreme_numbers_are_no_trouble() {
    let index = index_of(&[
        Article::new("1", "Le coton", "Le prix du coton monte à Bamako."),
        Article::new("2", "Le soja", "Le prix du soja baisse."),
    ]);
    let ranking = |value: f32| {
        let mut ranking = Ranking::default();
        (ranking.k1, ranking.b, ranking.early) = (value, value, value);
        ranking
    };
    for value in [
        0.0,
        -1.0,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN_POSITIVE,
    ] {
        let query = Query::words("prix").boost(value).or(Query::words("coton"));
        let search = Search::new(query).freshness(value).ranking(ranking(value));
        let results = index.search(search).unwrap();
        assert_eq!(results.len(), 2, "{value}");
    }
    for window in [0, 1, usize::MAX] {
        let mut ranking = Ranking::default();
        ranking.window = window;
        assert_eq!(
            index
                .search(Search::from("prix").ranking(ranking))
                .unwrap()
                .len(),
            2
        );
    }
    assert_eq!(
        ids(
            &index,
            Search::new(Query::phrase("prix monte").slop(u32::MAX))
        ),
        ["1"]
    );
    let results = index.search("coton").unwrap();
    assert_eq!(results.total_at_least(usize::MAX).unwrap(), 1);
    assert_eq!(results.total_at_least(0).unwrap(), 0);
    let hit = &results[0];
    let body = hit.article().body.clone();
    assert_eq!(hit.snippet_of(Field::Body, usize::MAX).text(), body);
    assert!(hit.snippet_of(Field::Body, 0).text().len() <= body.len());
    assert!(hit.passages(Field::Body, usize::MAX, usize::MAX).len() <= 1);
    assert!(hit.passages(Field::Body, 0, 0).is_empty());
    assert!(index.searcher().similar("1", usize::MAX).unwrap().len() <= 1);
    assert!(
        index
            .searcher()
            .near_duplicates("1", usize::MAX)
            .unwrap()
            .is_empty()
    );
}
