//! Articles go in and come back the same.

use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};
use trouvaille::{Article, Date, Filter, Index, Published, Query, Search};

use crate::support::{ids, index_of};

fn full() -> Article {
    Article::new(
        "dk-1",
        "L’été à Évian",
        "Premier paragraphe.\n\nSecond paragraphe.",
    )
    .author("Camille Roux")
    .source("Le Lac")
    .url("https://lelac.example/ete")
    .tag("tourisme")
    .tag("Haute-Savoie")
    .published(Published::at(Date::new(2024, 7, 14).unwrap(), 8, 30, 0).unwrap())
    .extra("rubrique", "Loisirs")
    .extra("pages", "3")
}

#[test]
fn every_field_comes_back() {
    let articles = [
        full(),
        Article::new("dk-2", "", ""),
        Article::new("dk-3", "", "Un corps sans titre."),
        Article::new("dk-4", "Un titre sans corps", ""),
        Article::new("dk-5", "\u{1}Un titre marqué", "=égal")
            .published(Date::new(1, 1, 1).unwrap()),
    ];
    let index = index_of(&articles);
    for article in &articles {
        let found = index.searcher().article(&article.id).unwrap();
        assert_eq!(found.as_ref(), Some(article));
    }
    assert_eq!(index.searcher().article("dk-9").unwrap(), None);
}

/// Short and long ones together: several share a block of the stored articles, others have one of their own.
#[test]
fn articles_of_every_length_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let mut articles = Vec::new();
    for (number, length) in [
        0, 1, 10, 4_000, 3, 8_191, 8_192, 8_193, 0, 70_000, 5, 2_000_000,
    ]
    .into_iter()
    .enumerate()
    {
        let sentence = format!("L’été {number} à Nîmes : « œuvre » de coton. ");
        let body: String = sentence.chars().cycle().take(length).collect();
        articles.push(Article::new(
            number.to_string(),
            format!("Titre {number}"),
            body,
        ));
    }
    let index = Index::open(directory.path()).unwrap();
    let mut writer = index.writer().unwrap();
    // In two segments, the second twice.
    for article in articles.iter().chain(&articles[6..]) {
        writer.upsert(article).unwrap();
        if article.id == "5" {
            writer.commit().unwrap();
        }
    }
    writer.commit().unwrap();
    let searcher = index.searcher();
    for article in &articles {
        assert_eq!(
            searcher.article(&article.id).unwrap().as_ref(),
            Some(article)
        );
    }
    let mut visited = Vec::new();
    let visit = |article| {
        visited.push(article);
        std::ops::ControlFlow::Continue(())
    };
    searcher.for_each_article(visit).unwrap();
    visited.sort_by_key(|article| article.id.parse::<usize>().unwrap());
    assert_eq!(visited, articles);
    // As the engine itself reads them.
    let engine = searcher.as_tantivy();
    let text = engine.schema().get_field("text").unwrap();
    let mut bodies = Vec::new();
    for (number, segment) in (0..).zip(engine.segment_readers()) {
        for document in segment.doc_ids_alive() {
            let found: TantivyDocument = engine.doc(DocAddress::new(number, document)).unwrap();
            let body = found.get_all(text).nth(1).unwrap();
            bodies.push(body.as_str().unwrap().to_owned());
        }
    }
    bodies.sort();
    let mut expected: Vec<String> = articles.into_iter().map(|article| article.body).collect();
    expected.sort();
    assert_eq!(bodies, expected);
}

#[test]
fn json_both_ways() {
    let json = serde_json::to_value(full()).unwrap();
    assert_eq!(json["published"], "2024-07-14T08:30:00Z");
    assert_eq!(json["tags"][1], "Haute-Savoie");
    assert_eq!(serde_json::from_value::<Article>(json).unwrap(), full());
    let least: Article = serde_json::from_str(r#"{"id": "seul"}"#).unwrap();
    assert_eq!(least, Article::new("seul", "", ""));
    assert_eq!(serde_json::to_string(&least).unwrap(), r#"{"id":"seul"}"#);
}

#[test]
fn limits_are_errors_that_name_the_field() {
    let long = "a".repeat(Article::MAX_VALUE_BYTES + 1);
    let too_many = (0..=Article::MAX_VALUES).fold(Article::new("1", "", ""), |article, number| {
        article.tag(number.to_string())
    });
    let refused = [
        (Article::new("", "Titre", "Corps"), "id"),
        (Article::new("a\nb", "Titre", "Corps"), "id"),
        (
            Article::new("i".repeat(Article::MAX_ID_BYTES + 1), "", ""),
            "id",
        ),
        (
            Article::new("1", "", "é".repeat(Article::MAX_TEXT_BYTES / 2 + 1)),
            "body",
        ),
        (Article::new("1", "", "").author(&long), "author"),
        (Article::new("1", "", "").source(&long), "source"),
        (Article::new("1", "", "").url(&long), "url"),
        (Article::new("1", "", "").tag(&long), "tags"),
        (Article::new("1", "", "").extra("nom", &long), "extra"),
        (Article::new("1", "", "").extra(&long, "valeur"), "extra"),
        (too_many, "tags"),
    ];
    for (article, field) in refused {
        let error = article.validate().unwrap_err();
        assert!(error.is_invalid_article());
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
    }
    let most = Article::new("i".repeat(Article::MAX_ID_BYTES), "", "")
        .tag("a".repeat(Article::MAX_VALUE_BYTES));
    assert!(most.validate().is_ok());
    let index = index_of(std::slice::from_ref(&most));
    assert_eq!(index.searcher().article(&most.id).unwrap(), Some(most));
}

#[test]
fn filters_compare_exact_values() {
    let day = |day| Date::new(2023, 2, day).unwrap();
    let index = index_of(&[
        full(),
        Article::new("a", "Coton", "")
            .source("Le Lac")
            .tag("agriculture")
            .published(day(6)),
        Article::new("b", "Coton", "")
            .source("La Rive")
            .tag("Agriculture")
            .published(day(8)),
        Article::new("c", "Coton", "").extra("rubrique", "Éco"),
    ]);
    let found = |filter| {
        let mut found = ids(&index, Search::new(Query::all()).filter(filter));
        found.sort();
        found
    };
    assert_eq!(found(Filter::tag("agriculture")), ["a"]);
    assert_eq!(found(Filter::source("Le Lac")), ["a", "dk-1"]);
    assert_eq!(found(Filter::author("Camille Roux")), ["dk-1"]);
    assert_eq!(found(Filter::ids(["b", "c", "absent"])), ["b", "c"]);
    assert_eq!(found(Filter::extra("rubrique", "Éco")), ["c"]);
    assert_eq!(found(Filter::extra("rubrique", "Eco")), [""; 0]);
    assert_eq!(found(Filter::published(day(6)..=day(8))), ["a", "b"]);
    assert_eq!(found(Filter::published(day(6)..day(8))), ["a"]);
    assert_eq!(found(Filter::published(day(7)..)), ["b", "dk-1"]);
    assert_eq!(found(Filter::published(..)), ["a", "b", "dk-1"]);
    assert_eq!(found(!Filter::published(..)), ["c"]);
    assert_eq!(found(Filter::query("coton")), ["a", "b", "c"]);
    assert_eq!(
        found(Filter::any([
            Filter::tag("agriculture"),
            Filter::tag("Agriculture")
        ])),
        ["a", "b"]
    );
    assert_eq!(
        found(Filter::all([
            Filter::query("coton"),
            Filter::source("Le Lac")
        ])),
        ["a"]
    );
    assert_eq!(found(Filter::none([Filter::query("coton")])), ["dk-1"]);
    assert_eq!(found(Filter::any([])), [""; 0]);
    assert_eq!(found(Filter::all([])).len(), 4);
}

#[test]
fn filters_do_not_score() {
    let index = index_of(&[Article::new("a", "Coton", "").tag("agriculture")]);
    let plain = index.search("coton").unwrap()[0].score();
    let filtered = Search::from("coton").filter(Filter::tag("agriculture"));
    assert_eq!(index.search(filtered).unwrap()[0].score(), plain);
}
