//! Files to articles: what is read, what is reported.

use std::fs;

use tempfile::tempdir;
use trouvaille::ingest::{self, BadRecord};
use trouvaille::{Article, Index};

fn seeds() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/seeds").into()
}

fn read(path: impl AsRef<std::path::Path>) -> (Vec<Article>, Vec<BadRecord>) {
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for record in ingest::records(path).unwrap() {
        match record {
            Ok(article) => good.push(article),
            Err(record) => bad.push(record),
        }
    }
    (good, bad)
}

#[test]
fn the_bundled_articles_are_read() {
    let (clean, bad) = read(seeds().join("articles.jsonl"));
    assert_eq!((clean.len(), bad.len()), (42, 0));
    assert!(clean.iter().any(|article| article.title.is_empty()));
    assert!(clean.iter().all(|article| article.published.is_some()));
    let (raw, bad) = read(seeds());
    assert_eq!((raw.len(), bad.len()), (42, 0));
    assert!(
        raw.iter()
            .all(|article| !article.title.is_empty() && !article.body.is_empty())
    );
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for article in raw.iter().chain(&clean) {
        writer.upsert(article).unwrap();
    }
    writer.commit().unwrap();
    assert_eq!(index.len(), 84);
}

#[test]
fn bad_lines_are_told_and_the_rest_goes_in() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("articles.jsonl");
    let lines: [&[u8]; 9] = [
        b"\xef\xbb\xbf{\"id\": \"1\", \"title\": \"Bon\", \"text\": \"Corps\"}\r",
        b"{\"id\": \"2\", \"title\": ",
        b"",
        b"{\"id\": \"\", \"title\": \"Vide\"}",
        b"{\"id\": \"3\", \"title\": \"\xe9t\xe9\"}",
        b"{\"id\": \"4\", \"date\": \"2023-02-31\"}",
        b"{\"id\": \"5\", \"tags\": {\"a\": 1}}",
        b"[1, 2]",
        b"{\"id\": 6, \"tags\": \"seul\", \"date\": \"2023-02-08\", \"vues\": 12, \"url\": null}",
    ];
    fs::write(&path, lines.join(&b'\n')).unwrap();
    let (good, bad) = read(&path);
    let ids: Vec<&str> = good.iter().map(|article| article.id.as_str()).collect();
    assert_eq!(ids, ["1", "6"]);
    assert_eq!(good[0].body, "Corps");
    assert_eq!(good[1].tags, ["seul"]);
    assert_eq!(good[1].extra["vues"], "12");
    let told: Vec<(Option<u64>, Option<&str>)> = bad
        .iter()
        .map(|record| (record.line, record.field.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(2), None),
            (Some(4), Some("id")),
            (Some(5), None),
            (Some(6), Some("date")),
            (Some(7), Some("tags")),
            (Some(8), None),
        ]
    );
    assert!(
        bad[2]
            .to_string()
            .contains("articles.jsonl:5: is not UTF-8"),
        "{}",
        bad[2]
    );
}

#[test]
fn bad_text_files_are_told_and_the_rest_goes_in() {
    let directory = tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(directory.path().join(name), bytes).unwrap();
    write(
        "a.txt",
        "\n  Le titre  \n\nLe corps,\nen deux lignes.\n".as_bytes(),
    );
    write("b.txt", b"\xe9t\xe9");
    write("c.txt", b" \n ");
    write("d.md", b"not read");
    fs::create_dir(directory.path().join("sous")).unwrap();
    write("sous/e.txt", b"Un titre seul");
    let (good, bad) = read(directory.path());
    assert_eq!(
        good[0],
        Article::new("a.txt", "Le titre", "Le corps,\nen deux lignes.")
    );
    assert_eq!(good[1].title, "Un titre seul");
    assert_eq!(good.len(), 2);
    let reasons: Vec<String> = bad.iter().map(|record| record.reason.clone()).collect();
    assert_eq!(
        reasons,
        [
            "is not UTF-8: the first bad byte is at offset 0",
            "is empty"
        ]
    );
}

#[test]
fn what_cannot_be_read_at_all_is_an_error() {
    assert!(ingest::records("absent.jsonl").is_err_and(|error| error.is_not_found()));
    let directory = tempdir().unwrap();
    let path = directory.path().join("image.png");
    fs::write(&path, b"").unwrap();
    assert!(ingest::records(&path).is_err_and(|error| error.is_invalid_argument()));
}
