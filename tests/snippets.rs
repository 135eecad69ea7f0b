//! What is marked, and which passage is shown.

use trouvaille::{Article, Field, Query, Search};

use crate::support::{index_of, index_of_text};

fn html(body: &str, query: impl Into<Search>) -> String {
    let results = index_of_text(body).search(query).unwrap();
    results[0].snippet(Field::Body).html()
}

#[test]
fn marks_the_words_that_match_and_no_more() {
    assert_eq!(
        html(
            "Le maire salue l’engagement des élèves.",
            "engagements eleve"
        ),
        "Le maire salue l’<mark>engagement</mark> des <mark>élèves</mark>."
    );
    assert_eq!(
        html("Il a nagé jusqu'à l'île d'en face.", "\"l'île\""),
        "Il a nagé jusqu&#39;à l&#39;<mark>île</mark> d&#39;en face."
    );
}

#[test]
fn a_phrase_marks_only_where_it_stands() {
    assert_eq!(
        html(
            "La paix, puis l’accord de paix, puis un accord.",
            Query::phrase("accord de paix")
        ),
        "La paix, puis l’<mark>accord de paix</mark>, puis un accord."
    );
    assert_eq!(
        html(
            "Le vieux port, le port neuf, un port plus neuf.",
            Query::phrase("port neuf").slop(1)
        ),
        "Le vieux port, le <mark>port neuf</mark>, un <mark>port plus neuf</mark>."
    );
}

#[test]
fn what_is_excluded_is_not_marked() {
    let index = index_of(&[Article::new("1", "Le coton", "Le coton monte.")]);
    let query = Query::words("coton").and_not(Query::words("monte").field(Field::Title));
    let results = index.search(query).unwrap();
    assert_eq!(
        results[0].snippet(Field::Body).html(),
        "Le <mark>coton</mark> monte."
    );
}

#[test]
fn html_is_escaped() {
    assert_eq!(
        html("<b onclick='x'>Coton</b> & \"soie\"", "coton"),
        "&lt;b onclick=&#39;x&#39;&gt;<mark>Coton</mark>&lt;/b&gt; &amp; &quot;soie&quot;"
    );
}

#[test]
fn only_the_asked_field_is_marked() {
    let index = index_of(&[Article::new("1", "Coton et soie", "La soie, le coton.")]);
    let results = index
        .search(Query::words("coton").field(Field::Title))
        .unwrap();
    assert_eq!(
        results[0].snippet(Field::Title).html(),
        "<mark>Coton</mark> et soie"
    );
    assert_eq!(results[0].snippet(Field::Body).html(), "La soie, le coton.");
}

#[test]
fn the_passage_is_the_best_one_and_short() {
    let filler = "Il fait beau et chaud sur la côte depuis deux semaines. ".repeat(40);
    let body = format!("Le coton d'abord. {filler}Le prix du coton monte à Bouaké. {filler}");
    let index = index_of_text(&body);
    let results = index.search("prix coton Bouaké").unwrap();
    let snippet = results[0].snippet(Field::Body);
    assert!(
        snippet.text().contains("prix du coton monte à Bouaké"),
        "{}",
        snippet.text()
    );
    assert!(snippet.text().chars().count() <= trouvaille::Hit::SNIPPET_LENGTH);
    assert!(snippet.is_cut_before() && snippet.is_cut_after());
    assert!(
        snippet.html().starts_with("… Le <mark>prix</mark> du"),
        "{}",
        snippet.html()
    );
    assert_eq!(
        snippet.marked().collect::<Vec<_>>(),
        ["prix", "coton", "Bouaké"]
    );
    assert_eq!(body.get(snippet.range()), Some(snippet.text()));
}

#[test]
fn a_field_without_a_match_shows_its_beginning() {
    let index = index_of(&[Article::new("1", "Coton", "La soie. Le lin.")]);
    let results = index.search("coton").unwrap();
    let snippet = results[0].snippet(Field::Body);
    assert_eq!(snippet.text(), "La soie. Le lin.");
    assert!(snippet.highlights().is_empty());
    assert_eq!(results[0].snippet(Field::Author).text(), "");
}

#[test]
fn markers_of_ones_own() {
    let index = index_of_text("Le coton & la soie.");
    let results = index.search("soie").unwrap();
    let snippet = results[0].snippet(Field::Body);
    assert_eq!(snippet.text_with("[", "]"), "Le coton & la [soie].");
    assert_eq!(
        snippet.html_with("<b>", "</b>"),
        "Le coton &amp; la <b>soie</b>."
    );
}

#[test]
fn several_passages_show_different_words_in_the_order_of_the_text() {
    let filler = "Il fait beau et chaud sur la côte depuis deux semaines. ".repeat(30);
    let body = format!(
        "Le soja baisse encore. {filler}Le coton monte, et le coton manque. {filler}\
         L'anacarde attend. {filler}Le coton est rare."
    );
    let index = index_of_text(&body);
    let results = index.search("coton anacarde soja").unwrap();
    let passages = results[0].passages(Field::Body, 80, 3);
    let marked: Vec<Vec<&str>> = passages
        .iter()
        .map(|passage| passage.marked().collect())
        .collect();
    assert_eq!(
        marked,
        [vec!["soja"], vec!["coton", "coton"], vec!["anacarde"]]
    );
    for passage in &passages {
        assert_eq!(body.get(passage.range()), Some(passage.text()));
        assert!(passage.text().chars().count() <= 80);
    }
    assert!(passages.is_sorted_by_key(|passage| passage.range().start));
    // More than there are: no passage twice, none that overlap.
    let all = results[0].passages(Field::Body, 80, 50);
    assert_eq!(all.len(), 4);
    assert!(
        all.windows(2)
            .all(|pair| pair[0].range().end <= pair[1].range().start)
    );
    assert_eq!(results[0].passages(Field::Body, 80, 0).len(), 0);
    assert_eq!(results[0].passages(Field::Author, 80, 3)[0].text(), "");
}

#[test]
fn a_phrase_is_marked_across_sentences_and_parts() {
    let filler = "Les planteurs attendent la pluie. Le prix ne bouge pas. ".repeat(40);
    let body = format!("{filler}On parle de coton. Le soja monte. {filler}");
    let index = index_of_text(&body);
    let results = index.search(Query::phrase("coton le soja")).unwrap();
    let snippet = results[0].snippet(Field::Body);
    assert_eq!(
        snippet.marked().collect::<Vec<_>>(),
        ["coton. Le soja"],
        "{}",
        snippet.text()
    );
}

#[test]
fn reading_in_parts_marks_what_reading_whole_does() {
    let body: String = (0..400)
        .map(|number| {
            let end = [". ", " ! ", "\n", ", ", " ? ", " M. ", "… "][number % 7];
            let word = [
                "coton",
                "Cotons",
                "l’État",
                "grand-père",
                "O.N.U",
                "aujourd'hui",
            ][number % 6];
            format!("Le {word} numéro {number} vient{end}")
        })
        .collect();
    let index = index_of_text(&body);
    for query in [
        "coton",
        "etat coton",
        "\"le coton numero\"",
        "onu grand-père",
        "cot*",
    ] {
        let results = index.search(query).unwrap();
        let whole = results[0].snippet_of(Field::Body, usize::MAX);
        assert!(!whole.highlights().is_empty(), "{query}");
        for length in [40, 120, 1_000] {
            let snippet = results[0].snippet_of(Field::Body, length);
            let range = snippet.range();
            let expected: Vec<_> = whole
                .highlights()
                .iter()
                .filter(|mark| range.start <= mark.start && mark.end <= range.end)
                .map(|mark| mark.start - range.start..mark.end - range.start)
                .collect();
            assert_eq!(snippet.highlights(), expected, "{query} in {length}");
            assert!(!snippet.highlights().is_empty(), "{query} in {length}");
        }
    }
}

#[test]
fn a_very_long_body_is_read_only_so_far() {
    let filler = "Il fait beau et chaud sur la côte. ".repeat(125_000);
    let index = index_of_text(&format!("{filler}Le coton monte."));
    let results = index.search("coton").unwrap();
    let snippet = results[0].snippet(Field::Body);
    assert!(snippet.text().chars().count() <= 240);
    assert!(snippet.highlights().is_empty() && snippet.is_cut_after());
}

#[test]
fn what_is_marked_by_looking_at_beginnings_is_what_the_analysis_marks() {
    // An analyzer with a synonym reads every word; without one, only those that begin as they should.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");
    let articles: Vec<Article> = trouvaille::ingest::records(path)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let analyzer = trouvaille::Analyzer::builder()
        .synonyms(["zzzz", "yyyy"])
        .build();
    let reading = trouvaille::Index::builder()
        .analyzer(analyzer)
        .writer_memory(15_000_000)
        .in_memory()
        .unwrap();
    let mut writer = reading.writer().unwrap();
    for article in &articles {
        writer.upsert(article).unwrap();
    }
    writer.commit().unwrap();
    let looking = index_of(&articles);
    let words: std::collections::BTreeSet<String> = articles
        .iter()
        .step_by(3)
        .flat_map(|article| trouvaille::Analyzer::default().analyze(&article.body))
        .map(|token| token.written)
        .collect();
    assert!(words.len() > 1_500);
    let phrases = articles.iter().flat_map(|article| {
        let words: Vec<&str> = article.body.split_whitespace().collect();
        let two: Vec<Query> = words
            .chunks_exact(41)
            .map(|chunk| Query::phrase(chunk[..2].join(" ")).slop(1))
            .collect();
        let four = words
            .chunks_exact(67)
            .map(|chunk| Query::phrase(chunk[..4].join(" ")));
        two.into_iter().chain(four.collect::<Vec<_>>())
    });
    let queries = words.iter().step_by(7).map(Query::words).chain(phrases);
    for query in queries {
        let all = |index: &trouvaille::Index| {
            let results = index
                .search(Search::new(query.clone()).relax(false).limit(50))
                .unwrap();
            let mut marks: Vec<_> = results
                .iter()
                .map(|hit| {
                    let snippet = hit.snippet_of(Field::Body, usize::MAX);
                    (hit.article().id.clone(), snippet.highlights().to_vec())
                })
                .collect();
            marks.sort_by(|a, b| a.0.cmp(&b.0));
            marks
        };
        assert_eq!(all(&looking), all(&reading), "{query}");
    }
}
