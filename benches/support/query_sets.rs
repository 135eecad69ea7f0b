//! Queries by class, taken from the articles themselves: the same for the same articles.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use trouvaille::{Article, Match, Query, Search, Typos};

/// How the words of a query go together.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    All,
    Any,
    Phrase,
    Prefix,
    Fuzzy,
    /// As people type it: full matches, then partial ones, misspelt words corrected.
    Question,
}

pub struct QuerySet {
    pub name: String,
    pub kind: Kind,
    pub queries: Vec<String>,
}

impl QuerySet {
    /// The same query for the library: full matches only, for the yardstick has no others, but of questions.
    pub fn search(&self, words: &str) -> Search {
        if self.kind == Kind::Question {
            return Search::from(words);
        }
        let query = match self.kind {
            Kind::All | Kind::Any | Kind::Question => Query::words(words),
            Kind::Phrase => Query::phrase(words),
            Kind::Prefix => Query::prefix(words),
            Kind::Fuzzy => Query::fuzzy(words, None),
        };
        let matching = match self.kind {
            Kind::Any => Match::Any,
            _ => Match::All,
        };
        let search = Search::new(query).matching(matching);
        search.relax(false).typos(Typos::Off)
    }
}

const EACH: usize = 40;
/// The words of a question.
const QUESTION: usize = 9;
const FUNCTION_WORDS: [&str; 14] = [
    "de", "la", "le", "les", "des", "du", "et", "à", "en", "un", "une", "dans", "au", "pour",
];

/// Every class, some forty queries each.
pub fn sets(articles: &[Article]) -> Vec<QuerySet> {
    let frequencies = frequencies(articles);
    let share = |from: f64, to: f64| {
        let count = |share: f64| (share * articles.len() as f64) as usize;
        count(from).max(2)..count(to).max(3)
    };
    let of_frequency = |range: Range<usize>| -> Vec<String> {
        let words = frequencies
            .iter()
            .filter(|(_, count)| range.contains(count));
        spread(words.map(|(word, _)| (*word).to_owned()).collect())
    };
    let set = |name: &str, kind, queries| QuerySet {
        name: name.to_owned(),
        kind,
        queries,
    };
    let mut sets = vec![
        set("word, frequent", Kind::All, of_frequency(share(0.05, 0.5))),
        set("word, medium", Kind::All, of_frequency(share(0.005, 0.03))),
        set("word, rare", Kind::All, of_frequency(share(0.0002, 0.001))),
    ];
    let middling: HashSet<&str> = frequencies
        .iter()
        .filter(|(_, count)| share(0.003, 0.3).contains(count))
        .map(|(word, _)| *word)
        .collect();
    for (name, kind) in [("AND", Kind::All), ("OR", Kind::Any)] {
        for count in 2..=4 {
            let queries = spread(articles.iter().collect())
                .into_iter()
                .filter_map(|article| together(article, &middling, count))
                .collect();
            sets.push(set(&format!("{name} of {count}"), kind, queries));
        }
    }
    let is_function_word = |word: &&str| FUNCTION_WORDS.contains(word);
    let is_elided = |word: &&str| word.contains('’');
    for count in 2..=4 {
        let queries = phrases(articles, count, |words| {
            words
                .iter()
                .all(|word| word.chars().count() > 3 && !is_elided(word))
        });
        sets.push(set(&format!("phrase of {count}"), Kind::Phrase, queries));
    }
    let queries = phrases(articles, 4, |words| words.iter().any(is_function_word));
    sets.push(set("phrase, function words", Kind::Phrase, queries));
    let queries = phrases(articles, 3, |words| words.iter().any(is_elided));
    sets.push(set("phrase, elisions", Kind::Phrase, queries));
    let medium = of_frequency(share(0.005, 0.03));
    let beginnings = medium.iter().map(|word| word.chars().take(5).collect());
    sets.push(set("prefix", Kind::Prefix, beginnings.collect()));
    sets.push(set(
        "fuzzy",
        Kind::Fuzzy,
        medium.into_iter().step_by(4).collect(),
    ));
    let questions = questions(articles);
    let misspelt = questions.iter().map(|question| misspelt(question));
    let misspelt = misspelt.collect();
    sets.push(set("question", Kind::Question, questions));
    sets.push(set("question, misspelt", Kind::Question, misspelt));
    sets
}

/// Sentences of the articles: each has an article or more that matches in full, and is completed by others.
fn questions(articles: &[Article]) -> Vec<String> {
    let is_word = |word: &&str| word.chars().all(|c| c.is_alphabetic() || c == '’');
    let of_article = |article: &Article| {
        let mut sentences = article.body.split(['.', '?', '!', ':']);
        sentences.find_map(|sentence| {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            let is_question = words.len() >= QUESTION && words.iter().all(is_word);
            is_question.then(|| words[..QUESTION].join(" "))
        })
    };
    let articles = spread(articles.iter().collect());
    articles.into_iter().filter_map(of_article).collect()
}

/// Two letters of the longest word are swapped.
fn misspelt(question: &str) -> String {
    let longest = question.split(' ').max_by_key(|word| word.chars().count());
    let Some(longest) = longest else {
        return question.to_owned();
    };
    let mut letters: Vec<char> = longest.chars().collect();
    let middle = (letters.len() / 2).max(1);
    if middle < letters.len() {
        letters.swap(middle - 1, middle);
    }
    question.replacen(longest, &letters.iter().collect::<String>(), 1)
}

/// In how many articles each word of four letters or more is.
fn frequencies(articles: &[Article]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for article in articles {
        let words: HashSet<&str> = words(&article.body).collect();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() > 3 && word.chars().all(char::is_lowercase))
}

/// So many of all, evenly.
fn spread<T>(all: Vec<T>) -> Vec<T> {
    let step = (all.len() / EACH).max(1);
    all.into_iter().step_by(step).take(EACH).collect()
}

fn together(article: &Article, middling: &HashSet<&str>, count: usize) -> Option<String> {
    let mut chosen: Vec<&str> = Vec::new();
    for word in words(&article.body) {
        if middling.contains(word) && !chosen.contains(&word) {
            chosen.push(word);
        }
        if chosen.len() == count {
            return Some(chosen.join(" "));
        }
    }
    None
}

fn phrases(articles: &[Article], count: usize, suits: impl Fn(&[&str]) -> bool) -> Vec<String> {
    let letter = |c: char| c.is_alphabetic() || c == '’';
    let of_article = |article: &Article| {
        let words: Vec<&str> = article.body.split(' ').collect();
        let mut found = words.windows(count).filter(|words| {
            words
                .iter()
                .all(|word| !word.is_empty() && word.chars().all(letter))
                && suits(words)
        });
        found.nth(2).map(|words| words.join(" "))
    };
    let articles = spread(articles.iter().collect());
    articles.into_iter().filter_map(of_article).collect()
}
