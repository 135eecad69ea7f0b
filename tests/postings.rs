//! What is written into an index, read with the engine, is what the analyzer says of the articles.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, postings::Postings};
use trouvaille::ingest;
use trouvaille::{Analyzer, Article, Index};

/// Of each term, the articles that have it, by number, and where.
type Terms = BTreeMap<String, BTreeMap<u32, Vec<u32>>>;

/// The words of a kind of the list of function words.
fn listed(kind: &str) -> HashSet<&'static str> {
    let lines = include_str!("../src/text/function_words.txt").lines();
    lines
        .filter_map(|line| {
            line.strip_prefix(kind)?
                .strip_prefix('\t')?
                .split_once('\t')
        })
        .flat_map(|(_, words)| words.split_whitespace())
        .collect()
}

/// One by one: the title from position 0, the body from 64 or one position behind the title. Function words of some
/// lemmas are there as they are written only, and some have a term for two side by side; lengths are of all words.
fn expected(articles: &[Article]) -> (Terms, Vec<u32>) {
    let analyzer = Analyzer::default();
    let [written_only, forms, paired] = ["written", "form", "paired"].map(listed);
    let mut terms = Terms::new();
    let mut lengths = Vec::new();
    for (number, article) in (0..).zip(articles) {
        let (mut length, mut left_out) = (0, 0);
        // Where the words of pairs are.
        let mut of_pairs = BTreeMap::<u32, BTreeSet<String>>::new();
        let mut add = |term: String, position: u32| {
            length += 1;
            if let Some(word) = term.strip_prefix('=').filter(|word| paired.contains(word)) {
                of_pairs
                    .entry(position)
                    .or_default()
                    .insert(word.to_owned());
            }
            let places = terms.entry(term).or_default().entry(number).or_default();
            places.push(position);
        };
        let mut end = 63;
        for (text, first, times) in [(&article.title, 0, 2), (&article.body, 64, 1)] {
            let tokens = analyzer.analyze(text);
            let first = if first == 0 { 0 } else { first.max(end + 1) };
            if first == 0 && tokens.is_empty() {
                add("\u{1}".to_owned(), 0);
            }
            for token in tokens {
                let at = first + token.position;
                let last = at + token.positions - 1;
                end = end.max(last + 1);
                if !token.written.is_empty() {
                    add(format!("={}", token.written), at);
                    if last != at {
                        add(format!("={}", token.written), last);
                    }
                }
                for lemma in &token.lemmas {
                    let lemma = &lemma.term;
                    let is_left_out = written_only.contains(lemma.as_str())
                        && forms.contains(token.written.as_str());
                    for _ in 0..times {
                        match is_left_out {
                            true => left_out += 1,
                            false => add(lemma.clone(), at),
                        }
                    }
                }
            }
        }
        lengths.push(length + left_out);
        for (position, words) in &of_pairs {
            for second in of_pairs.get(&(position + 1)).into_iter().flatten() {
                for first in words {
                    let term = format!("\u{2}{first} {second}");
                    let places = terms.entry(term).or_default().entry(number).or_default();
                    places.push(*position);
                }
            }
        }
    }
    for places in terms.values_mut().flat_map(BTreeMap::values_mut) {
        places.sort_unstable();
    }
    (terms, lengths)
}

fn written(articles: &[Article]) -> (Terms, Vec<u32>, u64) {
    let index = Index::builder().writer_threads(1).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for article in articles {
        writer.add(article).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.as_tantivy().reader().unwrap().searcher();
    let [segment] = searcher.segment_readers() else {
        panic!("one segment");
    };
    let field = searcher.schema().get_field("text").unwrap();
    let postings = segment.inverted_index(field).unwrap();
    let mut terms = Terms::new();
    let mut stream = postings.terms().stream().unwrap();
    let mut buffer = Vec::new();
    while stream.advance() {
        let term = String::from_utf8(stream.key().to_vec()).unwrap();
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut found = postings
            .read_postings_from_terminfo(stream.value(), option)
            .unwrap();
        let mut places = BTreeMap::new();
        while found.doc() != TERMINATED {
            found.positions(&mut buffer);
            assert_eq!(found.term_freq() as usize, buffer.len());
            places.insert(found.doc(), buffer.clone());
            found.advance();
        }
        assert_eq!(stream.value().doc_freq as usize, places.len(), "{term}");
        terms.insert(term, places);
    }
    let norms = segment.get_fieldnorms_reader(field).unwrap();
    let lengths = (0..segment.max_doc()).map(|number| norms.fieldnorm(number));
    (terms, lengths.collect(), postings.total_num_tokens())
}

fn compare(articles: &[Article]) {
    let (expected, lengths) = expected(articles);
    let (found, norms, total) = written(articles);
    for (term, places) in &expected {
        assert_eq!(found.get(term), Some(places), "{term}");
    }
    assert_eq!(found.len(), expected.len());
    assert_eq!(
        total,
        lengths.iter().map(|length| u64::from(*length)).sum::<u64>()
    );
    for (norm, length) in norms.iter().zip(&lengths) {
        // The engine keeps lengths in one byte, rounded down by an eighth at the most.
        assert!(
            norm <= length && length - norm <= length / 8,
            "{norm} of {length}"
        );
    }
}

#[test]
fn the_bundled_articles() {
    let articles: Vec<Article> = ingest::records("seeds/articles.jsonl")
        .unwrap()
        .map(Result::unwrap)
        .collect();
    compare(&articles);
}

#[test]
fn titles_long_and_empty_and_compounds() {
    let long = "L’été à Évian, week-end après week-end. ".repeat(20);
    compare(&[
        Article::new("1", "", "Le week-end du 1er mai"),
        Article::new("2", "…", ""),
        Article::new("3", long.clone(), long),
        Article::new("4", "Les étudiant·e·s", "L’O.N.U. soutient N’Djamena."),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_texts(texts in prop::collection::vec(("\\PC{0,40}", "[a-eéèàœ'’ \\-.·A-E0-3]{0,200}"), 1..5)) {
        let articles: Vec<Article> = (0..)
            .zip(texts)
            .map(|(number, (title, body)): (u32, _)| Article::new(number.to_string(), title, body))
            .collect();
        compare(&articles);
    }
}
