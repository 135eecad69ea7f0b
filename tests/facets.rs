//! Counts by value, totals, and what the answer says of itself.

use trouvaille::{Article, Date, Facet, FacetCounts, Filter, Index, Search, Sort};

use crate::support::index_of;

fn press() -> Index {
    let articles: Vec<Article> = (0..60)
        .map(|number: u16| {
            let month = u8::try_from(number % 12 + 1).unwrap();
            let mut article = Article::new(
                number.to_string(),
                format!("Campagne cotonnière, dépêche {number}"),
                "Le coton se vend mieux à Bobo.",
            )
            .source(["La Rive", "Abidjan Éco", "Téranga Matin"][usize::from(number % 3)])
            .tag("coton");
            if number.is_multiple_of(2) {
                article = article.tag("agriculture");
            }
            if !number.is_multiple_of(10) {
                article = article.author(format!("Auteur {}", number % 20));
            }
            if !number.is_multiple_of(5) {
                let year = 2021 + i32::from(number % 4);
                article = article.published(Date::new(year, month, 28).unwrap());
            }
            article
        })
        .chain([Article::new("autre", "Le soja", "Rien d'autre.").source("La Rive")])
        .collect();
    index_of(&articles)
}

fn values(counts: &FacetCounts) -> Vec<(&str, usize)> {
    counts
        .values
        .iter()
        .map(|value| (value.value.as_str(), value.count))
        .collect()
}

#[test]
fn matches_are_counted_by_value_and_in_all() {
    let search = Search::from("coton")
        .facet(Facet::Source)
        .facet(Facet::Tag)
        .facet(Facet::Year)
        .facet_top(Facet::Author, 2);
    let results = press().search(search).unwrap();
    let [sources, tags, years, authors] = results.facets() else {
        panic!("{:?}", results.facets());
    };
    assert_eq!(
        values(sources),
        [("Abidjan Éco", 20), ("La Rive", 20), ("Téranga Matin", 20)]
    );
    assert_eq!((sources.more, sources.without), (0, 0));
    assert_eq!(values(tags), [("coton", 60), ("agriculture", 30)]);
    assert_eq!(
        values(years),
        [("2021", 12), ("2022", 12), ("2023", 12), ("2024", 12)]
    );
    assert_eq!(years.without, 12);
    assert_eq!(values(authors), [("Auteur 1", 3), ("Auteur 11", 3)]);
    assert_eq!((authors.more, authors.without), (16, 6));
    assert_eq!(results.total().unwrap(), 60);
    assert_eq!(results.len(), 10);
}

#[test]
fn filters_narrow_the_counts_and_a_value_filters_to_its_count() {
    let index = press();
    let search = || {
        Search::from("coton")
            .filter(Filter::source("La Rive"))
            .facet(Facet::Month)
            .facet(Facet::Tag)
    };
    for sort in [Sort::Relevance, Sort::Newest, Sort::Title] {
        let results = index.search(search().sort(sort)).unwrap();
        assert_eq!(results.total().unwrap(), 20, "{sort:?}");
        let months = &results.facets()[0];
        let listed: Vec<&str> = months
            .values
            .iter()
            .map(|value| value.value.as_str())
            .collect();
        assert!(listed.is_sorted(), "{listed:?}");
        let counted: usize = months.values.iter().map(|value| value.count).sum();
        assert_eq!(counted + months.without, 20);
        for counts in results.facets() {
            for value in &counts.values {
                let filter = counts.facet.filter(&value.value).unwrap();
                let narrowed = index.search(search().filter(filter)).unwrap();
                assert_eq!(narrowed.total().unwrap(), value.count, "{value:?}");
            }
        }
    }
}

#[test]
fn facets_alone_and_of_nothing() {
    let index = press();
    let only = index
        .search(Search::from("coton").limit(0).facet(Facet::Source))
        .unwrap();
    assert_eq!((only.len(), only.facets()[0].values.len()), (0, 3));
    let none = index
        .search(
            Search::from("hélicoptère")
                .facet(Facet::Source)
                .facet(Facet::Year),
        )
        .unwrap();
    assert!(none.facets().iter().all(|counts| counts.values.is_empty()));
    assert_eq!(none.total().unwrap(), 0);
    let empty = Index::in_memory().unwrap();
    let results = empty.search(Search::from("").facet(Facet::Tag)).unwrap();
    assert!(results.facets()[0].values.is_empty());
}

#[test]
fn the_latest_months() {
    let search = Search::from("coton").facet_top(Facet::Month, 2);
    let results = press().search(search).unwrap();
    let months = &results.facets()[0];
    let listed: Vec<&str> = months
        .values
        .iter()
        .map(|value| value.value.as_str())
        .collect();
    assert_eq!(listed, ["2024-08", "2024-12"]);
    assert!(months.more > 0);
}

#[test]
fn deleted_articles_are_not_counted() {
    let index = press();
    let mut writer = index.writer().unwrap();
    writer.delete("1").unwrap();
    writer.delete("4").unwrap();
    writer.commit().unwrap();
    let results = index
        .search(Search::from("coton").facet(Facet::Source))
        .unwrap();
    assert_eq!(results.facets()[0].count_of("Abidjan Éco"), 18);
    assert_eq!(results.total().unwrap(), 58);
    assert_eq!(results.total_at_least(10).unwrap(), 10);
    let fresh = index.search("coton").unwrap();
    assert_eq!(fresh.total_at_least(10).unwrap(), 10);
    assert_eq!(fresh.total_at_least(100).unwrap(), 58);
}

#[test]
fn facets_travel_as_json() {
    let search = Search::from("coton").facet(Facet::Source);
    let results = press().search(search.clone()).unwrap();
    let json = serde_json::to_value(results.facets()).unwrap();
    assert_eq!(json[0]["facet"], "source");
    assert_eq!(json[0]["values"][0]["count"], 20);
    let sent = serde_json::to_string(&search).unwrap();
    assert_eq!(serde_json::from_str::<Search>(&sent).unwrap(), search);
    assert_eq!(results.understood(), "coton");
}
