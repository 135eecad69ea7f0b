//! Snippets of any article for any query: ranges inside the text, no HTML but the marks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trouvaille::{Article, Field, Index, Query, Search};

fuzz_target!(|input: (&str, &str, &str)| {
    let (typed, title, body) = input;
    let index = Index::builder().writer_memory(0).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    writer
        .add(&Article::new("1", title, body).tag(title))
        .unwrap();
    writer.commit().unwrap();
    // Everything, and what is typed: the article is there even where the query finds nothing.
    for query in [Query::parse(typed).query, Query::all().prefer(Query::parse(typed).query)] {
        let results = index.search(Search::new(query)).unwrap();
        for hit in &results {
            assert_eq!(hit.article().body, body);
            for (field, text) in [(Field::Title, title), (Field::Body, body), (Field::Tag, title)] {
                let mut snippets = hit.passages(field, 40, 3);
                snippets.push(hit.snippet(field));
                snippets.push(hit.snippet_of(field, 1));
                for snippet in snippets {
                    assert_eq!(text.get(snippet.range()), Some(snippet.text()));
                    let mut end = 0;
                    for mark in snippet.highlights() {
                        assert!(end <= mark.start && mark.start < mark.end);
                        assert!(snippet.text().get(mark.clone()).is_some());
                        end = mark.end;
                    }
                    let html = snippet.html().replace("<mark>", "").replace("</mark>", "");
                    assert!(!html.contains(['<', '>', '"', '\'']), "{html}");
                }
            }
        }
    }
});
