//! What the ranking is worth, measured on judged queries over the seed articles.
//!
//! The bounds leave room: they guard against a ranking gone wrong, not against another good one.

use std::collections::HashMap;

use trouvaille::{Article, Filter, Index, Match, Ranking, Search, ingest};

use crate::support::index_of;

const JUDGEMENTS: &str = include_str!("data/judgements.tsv");
/// How many places of the answer count.
const DEPTH: usize = 10;

struct Topic {
    query: &'static str,
    grades: HashMap<&'static str, f64>,
}

fn topics() -> Vec<Topic> {
    let lines = JUDGEMENTS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (query, grades) = line.split_once('\t').unwrap();
            let grade = |pair: &'static str| {
                let (id, grade) = pair.split_once('=').unwrap();
                (id, grade.parse().unwrap())
            };
            Topic {
                query,
                grades: grades.split(' ').map(grade).collect(),
            }
        })
        .collect()
}

fn seeds() -> Vec<Article> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    ingest::records(path)
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// nDCG@10: how near the answer is to the best order there is, from 0 to 1.
fn quality(index: &Index, topic: &Topic, query: &str, ranking: &Ranking) -> f64 {
    let search = Search::from(query).ranking(ranking.clone()).limit(DEPTH);
    let results = index.search(search).unwrap();
    let gain = |(place, grade): (usize, f64)| grade / (place as f64 + 2.0).log2();
    let grade = |id: &str| topic.grades.get(id).copied().unwrap_or(0.0);
    let found = results.iter().map(|hit| grade(&hit.article().id));
    let mut best: Vec<f64> = topic.grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let best: f64 = best.into_iter().take(DEPTH).enumerate().map(gain).sum();
    found.enumerate().map(gain).sum::<f64>() / best
}

fn mean(index: &Index, typed: impl Fn(&str) -> String, ranking: &Ranking) -> f64 {
    let topics = topics();
    let of = |topic: &Topic| quality(index, topic, &typed(topic.query), ranking);
    topics.iter().map(of).sum::<f64>() / topics.len() as f64
}

fn without_accents(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'â' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'û' | 'ù' => 'u',
        'É' => 'E',
        other => other,
    };
    text.chars().map(plain).collect()
}

#[test]
fn judgements_name_articles_that_exist() {
    let topics = topics();
    assert!(topics.len() >= 60, "{}", topics.len());
    let articles = seeds();
    for topic in &topics {
        for id in topic.grades.keys() {
            assert!(articles.iter().any(|article| article.id == *id), "{id}");
        }
    }
}

#[test]
fn answers_come_first() {
    let index = index_of(&seeds());
    let ranking = Ranking::default();
    let clean = mean(&index, str::to_owned, &ranking);
    assert!(clean >= CLEAN - 0.03, "nDCG@10 {clean:.4}");
    for (name, typed) in [
        ("without accents", without_accents as fn(&str) -> String),
        ("upper case", str::to_uppercase),
    ] {
        let other = mean(&index, typed, &ranking);
        assert!(
            other >= clean - 0.02,
            "{name}: {other:.4}, clean {clean:.4}"
        );
    }
}

/// What was measured when the weights were chosen.
const CLEAN: f64 = 0.951;

#[test]
fn the_second_look_orders_what_bm25_found() {
    let index = index_of(&seeds());
    let mut plain = Ranking::default();
    plain.window = 0;
    let mut whole = Ranking::default();
    whole.window = index.len();
    for topic in topics() {
        let found = |ranking: &Ranking| {
            let search = Search::from(topic.query).ranking(ranking.clone());
            let results = index.search(search.limit(index.len())).unwrap();
            let scores: Vec<f32> = results.iter().map(|hit| hit.score()).collect();
            assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
            let mut ids: Vec<String> = results.iter().map(|hit| hit.article().id.clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(found(&plain), found(&whole), "{}", topic.query);
    }
}

#[test]
fn a_word_of_the_family_completes_the_page_after_the_word_itself() {
    let body = "Le conseil a longuement débattu de la question hier soir.";
    let article = |id: &str, more: &str| Article::new(id, "", format!("{body} {more}"));
    let index = index_of(&[
        article(
            "family",
            "Les entreprises ne peuvent démarcher personne par téléphone.",
        ),
        article(
            "word",
            "Le démarchage des entreprises par téléphone est interdit.",
        ),
        article(
            "neither",
            "Les entreprises répondent toujours au téléphone du bureau.",
        ),
    ]);
    let results = index.search("démarchage téléphone").unwrap();
    let found: Vec<(&str, bool)> = results
        .iter()
        .map(|hit| (hit.article().id.as_str(), hit.is_partial()))
        .collect();
    assert_eq!(
        found,
        [("word", false), ("family", true), ("neither", true)]
    );
    assert_eq!(results.total().unwrap(), 1);
}

#[test]
fn quotes_that_nothing_has_give_way_to_their_words() {
    let index = index_of(&[
        Article::new("sans", "", "Un accord sans paix durable."),
        Article::new("de", "", "Un accord de paix."),
    ]);
    let found = |query: &str| -> Vec<(String, bool)> {
        let results = index.search(query).unwrap();
        let place = |hit: &trouvaille::Hit| (hit.article().id.clone(), hit.is_partial());
        results.iter().map(place).collect()
    };
    assert_eq!(found("\"accord sans paix\""), [("sans".to_owned(), false)]);
    let missing = found("\"accord et paix\"");
    assert_eq!(missing.len(), 2);
    assert!(missing.iter().all(|(_, is_partial)| *is_partial));
    let strict = Search::from("\"accord et paix\"").relax(false);
    assert!(index.search(strict).unwrap().is_empty());
}

/// A search for one word reads lists of the best articles, one for several words passes over most postings; what is
/// raised by nothing is scored in all articles that have it.
#[test]
fn what_is_passed_over_is_not_missed() {
    let sentences = [
        "Le conseil municipal se réunira jeudi soir à la mairie. ",
        "La pluie a retardé les moissons de la vallée. ",
        "Elle marche vers le marché, puis elle soutient la marche. ",
        "Les élèves ont planté des tilleuls devant la mairie. ",
        "Le train de nuit s’arrête à la gare de la vallée. ",
        "Le porte-parole de la mairie répond, peut-être demain. ",
        "Elle porte parole et promesse, et la porte reste ouverte. ",
    ];
    let mut state: u64 = 5;
    let mut dice = |end: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % end
    };
    let index = Index::builder().writer_threads(1).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    // Segments of different sizes, some of them too small for lists, with articles deleted since.
    for (number, size) in [900, 40, 500, 300].into_iter().enumerate() {
        for article in 0..size {
            let id = format!("{number}-{article}");
            let mut body = String::new();
            // Those of one segment are much longer: the average length of all is none of its own.
            for _ in 0..1 + dice(if number == 2 { 70 } else { 9 }) {
                body.push_str(sentences[dice(7).min(dice(8)) as usize]);
            }
            let title = if dice(20) == 0 {
                "La mairie de la vallée"
            } else {
                ""
            };
            writer.add(&Article::new(id, title, body)).unwrap();
        }
        writer.commit().unwrap();
    }
    for article in 0..300 {
        writer.delete(&format!("0-{}", article * 2)).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    let words = [
        "mairie",
        "vallée",
        "marche",
        "marché",
        "soutenir",
        "tilleul",
        "la vallée",
        "jeudi",
        "mairie vallée",
        "train marche gare",
        "mairie vallée gare nuit",
        "porte-parole",
        "peut-être",
        "porte-parole mairie",
        "vallée porte-parole",
        "peut-être porte-parole marche",
        "(mairie OU vallée) ET marche",
        "(tilleul OU jeudi) ET (gare OU mairie OU nuit)",
        "+vallée mairie",
        "+mairie +vallée porte-parole gare",
        "marche^3 vallée",
        "(mairie OU gare)^0.5 tilleul",
        "\"la vallée\" mairie",
        "+mairie \"de la vallée\"",
        "+mairie porte-parole",
        "titre:mairie titre:vallée",
        "porte-parole OU gare",
        "(mairie OU vallée) OU (tilleul OU jeudi)",
        "\"la vallée\" OU \"de nuit\" OU marche",
        "\"train de nuit\" OU \"elle marche\"",
        "peut-être OU porte-parole OU \"la mairie\" OU nuit",
        "(porte-parole OU tilleul)^2 OU gare OU porte-parole^3",
        "\"mairie\" OU titre:mairie OU vallée",
        "mair* OU porte-parole OU gare",
        "(\"la gare\" OU jeudi) ET (porte-parole OU mairie)",
        "\"de la v\"*",
        "\"la m\"*",
        "\"la m\"* vallée",
        "\"la v\"* OU \"le t\"* OU jeudi",
        "porte-par*",
        "\"gare de la v\"*",
        "\"mairie de la v\"* OU jeudi",
        "\"train de n\"* vallée",
        "\"elle porte p\"* OU \"gare de la v\"*",
        "\"de la vallée\"",
        "\"la marche\"",
        "\"le train de nuit\"",
        "\"à la gare de la vallée\"",
    ];
    for (word, matching) in words
        .iter()
        .flat_map(|word| [(word, Match::All), (word, Match::Any)])
    {
        let all = |search: Search| index.search(search).unwrap().total().unwrap();
        let asked = || Search::from(*word).matching(matching);
        let in_all = || Search::new(asked().query().clone().boost(1.0)).matching(matching);
        let total = all(in_all());
        assert_eq!(all(asked()), total, "{word}");
        assert_eq!(all(asked().count_total(true)), total, "{word}");
        for (offset, limit) in [(0, 10), (10, 10), (0, 3), (40, 10), (0, 100)] {
            let search = || asked().offset(offset).limit(limit);
            let in_all = || in_all().offset(offset).limit(limit);
            let found = |search: Search| -> Vec<(String, f32)> {
                let results = index.search(search).unwrap();
                let hits = results.iter();
                hits.map(|hit| (hit.article().id.clone(), hit.score()))
                    .collect()
            };
            let by_lists = found(search());
            assert_eq!(by_lists, found(in_all()), "{word}");
            assert_eq!(by_lists, found(search().filter(Filter::all([]))), "{word}");
            assert_eq!(by_lists, found(search().count_total(true)), "{word}");
            assert!(!by_lists.is_empty(), "{word}");
        }
    }
}
