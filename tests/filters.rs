//! Filters, dates and exclusions of every size, with words of every frequency: what is found, counted and put
//! first is what going through all articles one by one tells.

use std::collections::HashSet;

use trouvaille::{Article, Date, Facet, Filter, Index, Match, Query, Ranking, Search, Sort};

use crate::support::ids;

/// More than two of the windows that searches go through.
const COUNT: usize = 13_000;

/// Words, and one article of how many has them.
const WORDS: [(&str, usize); 5] = [
    ("coton", 2),
    ("mairie", 5),
    ("horloge", 40),
    ("préfète", 700),
    ("porte-parole", 6),
];

/// What each article is made of, by its number.
struct Made(usize);

impl Made {
    fn has(&self, word: &str) -> bool {
        let every = WORDS.iter().find(|(known, _)| *known == word);
        every.is_some_and(|(_, every)| (self.0 / 3 + self.0).is_multiple_of(*every))
    }

    fn day(&self) -> Option<Date> {
        let number = (!self.0.is_multiple_of(9)).then_some(self.0 % 360)?;
        let (month, day) = ((number / 30) as u8 + 1, (number % 28) as u8 + 1);
        Date::new(2024, month, day).ok()
    }

    fn tags(&self) -> Vec<&'static str> {
        let tags = [("politique", 3), ("culture", 50), ("échecs", 3_000)];
        let tags = tags
            .iter()
            .filter(|(_, every)| self.0.is_multiple_of(*every));
        tags.map(|(tag, _)| *tag).collect()
    }

    fn is_deleted(&self) -> bool {
        self.0.is_multiple_of(13)
    }

    fn article(&self) -> Article {
        let mut body = "quelconque ".repeat(self.0 % 11);
        for (word, _) in WORDS {
            if self.has(word) {
                body.push_str(&format!("{word} ").repeat(1 + self.0 % 4));
            }
        }
        let mut article = Article::new(self.0.to_string(), "", body);
        for tag in self.tags() {
            article = article.tag(tag);
        }
        match self.day() {
            Some(day) => article.published(day),
            None => article,
        }
    }
}

fn index() -> Index {
    let index = Index::builder().writer_threads(1).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for number in 0..COUNT {
        writer.add(&Made(number).article()).unwrap();
        // Two segments.
        if number == COUNT / 5 {
            writer.commit().unwrap();
        }
    }
    for number in (0..COUNT).filter(|number| Made(*number).is_deleted()) {
        writer.delete(&number.to_string()).unwrap();
    }
    writer.commit().unwrap();
    index
}

/// What is found by BM25 alone, and what it scores.
fn scored(index: &Index, search: Search) -> Vec<(String, f32)> {
    let mut plain = Ranking::default();
    plain.window = 0;
    let results = index.search(search.ranking(plain).relax(false)).unwrap();
    let hits = results.iter();
    hits.map(|hit| (hit.article().id.clone(), hit.score()))
        .collect()
}

fn day(month: u8, day: u8) -> Date {
    Date::new(2024, month, day).unwrap()
}

/// A filter, and what it leaves.
type Told = (Filter, Box<dyn Fn(&Made) -> bool>);

fn filters() -> Vec<Told> {
    fn tagged(tag: &'static str) -> Box<dyn Fn(&Made) -> bool> {
        Box::new(move |made| made.tags().contains(&tag))
    }
    let between = |from: Date, to: Date| -> Box<dyn Fn(&Made) -> bool> {
        Box::new(move |made| made.day().is_some_and(|day| (from..to).contains(&day)))
    };
    vec![
        (Filter::tag("politique"), tagged("politique")),
        (Filter::tag("culture"), tagged("culture")),
        (Filter::tag("échecs"), tagged("échecs")),
        (Filter::tag("inconnu"), Box::new(|_| false)),
        (
            Filter::published(day(3, 1)..day(11, 1)),
            between(day(3, 1), day(11, 1)),
        ),
        (
            Filter::published(day(6, 4)..day(6, 5)),
            between(day(6, 4), day(6, 5)),
        ),
        (
            Filter::none([Filter::tag("politique")]),
            Box::new(|made| !made.tags().contains(&"politique")),
        ),
        (
            Filter::any([Filter::tag("culture"), Filter::ids(["7", "60", "120"])]),
            Box::new(|made| made.tags().contains(&"culture") || [7, 60, 120].contains(&made.0)),
        ),
        (
            Filter::query(Query::words("mairie")),
            Box::new(|made| made.has("mairie")),
        ),
        (
            Filter::query(Query::phrase("coton coton")),
            Box::new(|made| made.has("coton") && !made.0.is_multiple_of(4)),
        ),
    ]
}

/// A query, and what matches it.
type Asked = (Search, Box<dyn Fn(&Made) -> bool>);

fn queries() -> Vec<Asked> {
    let mut queries: Vec<Asked> = Vec::new();
    for (word, _) in WORDS {
        let search = Search::new(Query::words(word));
        queries.push((search, Box::new(move |made| made.has(word))));
    }
    let both = Search::new(Query::words("coton mairie"));
    queries.push((
        both.clone(),
        Box::new(|made| made.has("coton") && made.has("mairie")),
    ));
    queries.push((
        both.matching(Match::Any),
        Box::new(|made| made.has("coton") || made.has("mairie")),
    ));
    queries.push((
        Search::new(Query::phrase("mairie horloge")),
        Box::new(|made| made.has("mairie") && made.has("horloge")),
    ));
    queries.push((
        Search::new(Query::words("coton").and_not(Query::words("mairie"))),
        Box::new(|made| made.has("coton") && !made.has("mairie")),
    ));
    queries.push((
        Search::new(Query::words("mairie").and_not(Query::phrase("coton coton"))),
        Box::new(|made| {
            let has_twice = made.has("coton") && !made.0.is_multiple_of(4);
            made.has("mairie") && !has_twice
        }),
    ));
    queries.push((
        Search::from("\"mairie horloge\" coton"),
        Box::new(|made| made.has("mairie") && made.has("horloge") && made.has("coton")),
    ));
    queries.push((
        Search::from("(mairie OU horloge) ET porte-parole"),
        Box::new(|made| (made.has("mairie") || made.has("horloge")) && made.has("porte-parole")),
    ));
    queries.push((
        Search::from("+porte-parole mairie"),
        Box::new(|made| made.has("porte-parole")),
    ));
    let in_may = Query::published(day(5, 1)..day(6, 1));
    queries.push((
        Search::new(Query::words("coton").and(in_may)),
        Box::new(|made| {
            let may = day(5, 1)..day(6, 1);
            made.has("coton") && made.day().is_some_and(|day| may.contains(&day))
        }),
    ));
    queries
}

#[test]
fn filters_leave_what_they_say() {
    let index = index();
    for (search, matches) in queries() {
        let all = scored(&index, search.clone().limit(8_000));
        for (filter, is_left) in filters() {
            let about = format!("{search:?} {filter:?}");
            let is_expected = |number: &usize| {
                let made = Made(*number);
                matches(&made) && is_left(&made) && !made.is_deleted()
            };
            let expected: Vec<usize> = (0..COUNT).filter(is_expected).collect();
            let names: HashSet<String> = expected.iter().map(usize::to_string).collect();
            let search = search.clone().filter(filter).relax(false);

            let counted = index.search(search.clone().count_total(true)).unwrap();
            assert_eq!(counted.total().unwrap(), expected.len(), "{about}");
            let page = ids(&index, search.clone());
            assert_eq!(page.len(), expected.len().min(10), "{about}");
            assert!(page.iter().all(|id| names.contains(id)), "{about}");
            // What is passed over for the first page does not belong there.
            let many = ids(&index, search.clone().limit(200));
            assert_eq!(many.len(), expected.len().min(200), "{about}");
            assert_eq!(page, many[..page.len()], "{about}");

            // Nor does a filter change what an article scores.
            let left = all.iter().filter(|(id, _)| names.contains(id)).take(50);
            let left: Vec<_> = left.cloned().collect();
            assert_eq!(scored(&index, search.clone().limit(50)), left, "{about}");

            let newest = ids(&index, search.clone().sort(Sort::Newest).limit(100));
            let day = |number: usize| {
                let day = Made(number).day();
                (day.is_none(), std::cmp::Reverse(day))
            };
            assert!(newest.iter().all(|id| names.contains(id)), "{about}");
            let days = newest.iter().map(|id| day(id.parse().unwrap()));
            let mut in_order: Vec<_> = expected.iter().map(|number| day(*number)).collect();
            in_order.sort();
            in_order.truncate(100);
            assert_eq!(days.collect::<Vec<_>>(), in_order, "{about}");

            let faceted = index.search(search.facet(Facet::Tag)).unwrap();
            let politics = faceted.facets()[0].count_of("politique");
            let with_tag = |number: &&usize| Made(**number).tags().contains(&"politique");
            let wanted = expected.iter().filter(with_tag).count();
            assert_eq!(politics, wanted, "{about}");
        }
    }
}

#[test]
fn what_only_the_title_has_is_not_in_the_body() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let (in_title, in_body) = (
        |number: usize| number.is_multiple_of(7),
        |number: usize| number.is_multiple_of(5),
    );
    for number in 0..3_000 {
        let title = if in_title(number) {
            "La mairie de Cotonou"
        } else {
            "Une brève"
        };
        let body = match (in_body(number), number % 4) {
            (true, 0) => "Les portes de la mairie de Cotonou.",
            (true, _) => "La mairie rouvre à Cotonou.",
            (false, 0) => "Le port de Cotonou.",
            (false, _) => "La pluie.",
        };
        let body = format!("{body} {}", "Encore. ".repeat(number % 5));
        let article = Article::new(number.to_string(), title, body);
        writer
            .add(&article.tag(if number % 3 == 0 { "ville" } else { "vie" }))
            .unwrap();
        if number == 1_000 {
            writer.commit().unwrap();
        }
    }
    writer.commit().unwrap();
    type Matches = fn(usize) -> bool;
    let asked: [(&str, Matches); 6] = [
        ("body:mairie", |number| number.is_multiple_of(5)),
        ("body:mairies body:porte", |number| {
            number.is_multiple_of(20)
        }),
        ("body:\"mairie de Cotonou\"", |number| {
            number.is_multiple_of(20)
        }),
        ("body:mair*", |number| number.is_multiple_of(5)),
        ("pluie SAUF body:mairie", |number| {
            !number.is_multiple_of(5) && !number.is_multiple_of(4)
        }),
        ("mairie SAUF body:mairie", |number| {
            number.is_multiple_of(7) && !number.is_multiple_of(5)
        }),
    ];
    for (query, matches) in asked {
        for tag in [None, Some("ville")] {
            let expected: HashSet<String> = (0..3_000)
                .filter(|number| matches(*number))
                .filter(|number| tag.is_none() || number.is_multiple_of(3))
                .map(|number| number.to_string())
                .collect();
            let search = Search::from(query).relax(false);
            let search = match tag {
                Some(tag) => search.filter(Filter::tag(tag)),
                None => search,
            };
            let many = ids(&index, search.clone().limit(3_000));
            assert_eq!(HashSet::from_iter(many.clone()), expected, "{query}");
            assert_eq!(many.len(), expected.len(), "{query}");
            assert_eq!(ids(&index, search.clone()), many[..10], "{query}");
            let counted = index.search(search.count_total(true)).unwrap();
            assert_eq!(counted.total().unwrap(), expected.len(), "{query}");
        }
    }
}
