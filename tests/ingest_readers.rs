//! Files to articles: what is read, what is reported, what is never lost.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};
use trouvaille::Article;
use trouvaille::ingest::{
    self, ArticleField, BadRecord, FieldMap, Format, IdFrom, Note, Reader, Source,
};

fn seeds() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/seeds").into()
}

#[derive(Default)]
struct Found {
    good: Vec<Article>,
    bad: Vec<BadRecord>,
    notes: Vec<Note>,
}

fn read(source: impl Into<Source>) -> Found {
    let mut found = Found::default();
    let mut records = source.into().open().unwrap();
    while let Some(record) = records.next_record() {
        match record {
            Ok(record) => {
                found.good.push(record.article);
                found.notes.extend(record.notes);
            }
            Err(bad) => found.bad.push(bad),
        }
    }
    found
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let directory = tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    directory
}

fn of_file(name: &str, bytes: impl AsRef<[u8]>) -> Found {
    let directory = folder(&[(name, bytes.as_ref())]);
    read(directory.path().join(name))
}

fn ids(found: &Found) -> Vec<&str> {
    found
        .good
        .iter()
        .map(|article| article.id.as_str())
        .collect()
}

#[test]
fn the_bundled_articles_are_read() {
    let clean = read(seeds().join("articles.jsonl"));
    assert_eq!((clean.good.len(), clean.bad.len()), (42, 0));
    assert!(clean.good.iter().all(|article| article.published.is_some()));
    let raw = read(seeds());
    assert_eq!((raw.good.len(), raw.bad.len()), (42, 0));
    // As the clean ones: the two lists stand in the same order.
    let titles = |found: &Found| {
        found
            .good
            .iter()
            .map(|article| article.title.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(&raw), titles(&clean));
    for (raw, clean) in raw.good.iter().zip(&clean.good) {
        let letters = |text: &str| {
            text.chars()
                .filter(|c| c.is_ascii_alphanumeric())
                .collect::<String>()
        };
        // One is in decomposed characters, the other not: letters of ASCII tell enough.
        if raw.body.contains('\u{301}') {
            continue;
        }
        assert_eq!(letters(&raw.body), letters(&clean.body), "{}", raw.id);
        if let (Some(raw), Some(clean)) = (raw.published, clean.published) {
            let days = (raw.timestamp() - clean.timestamp()).abs() / 86_400;
            assert!(days <= 1, "{raw} for {clean}");
        }
    }
}

#[test]
fn json_lines_with_bad_ones_between() {
    let lines: [&[u8]; 10] = [
        b"\xef\xbb\xbf{\"id\": \"1\", \"title\": \"Bon\", \"text\": \"Corps\"}\r",
        b"{\"id\": \"2\", \"title\": ",
        b"",
        b"{\"id\": \"\", \"title\": \"Vide\"}",
        b"{\"id\": \"3\", \"title\": \"\xe9t\xe9\"}",
        b"{\"id\": \"4\", \"title\": \"Date\", \"date\": \"2023-02-31\"}",
        b"{\"id\": \"5\", \"title\": [\"Liste\"]}",
        b"[1, 2]",
        b"{\"id\": \"7\", \"title\": \"Z\xc3\xa9ro\0\"}",
        b"{\"id\": 6, \"title\": 12, \"tags\": \"eau, sel\", \"date\": \"8 f\xc3\xa9vrier 2023\", \"vues\": 12, \"url\": null}",
    ];
    let found = of_file("articles.jsonl", lines.join(&b'\n'));
    assert_eq!(ids(&found), ["1", "6"]);
    assert_eq!(found.good[0].body, "Corps");
    assert_eq!(found.good[1].tags, ["eau", "sel"]);
    assert_eq!(found.good[1].extra["vues"], "12");
    assert_eq!(found.good[1].published.unwrap().to_string(), "2023-02-08");
    let told: Vec<(Option<u64>, Option<&str>)> = found
        .bad
        .iter()
        .map(|bad| (bad.line, bad.field.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(2), None),
            (Some(4), Some("id")),
            (Some(5), None),
            (Some(6), Some("date")),
            (Some(7), Some("title")),
            (Some(8), None),
            (Some(9), None),
        ]
    );
    let messages: Vec<String> = found.bad.iter().map(ToString::to_string).collect();
    assert!(
        messages[2].contains("articles.jsonl:5: is not UTF-8"),
        "{}",
        messages[2]
    );
    assert!(
        messages[3].contains("no day of the calendar") || messages[3].contains("is not a date"),
        "{}",
        messages[3]
    );
    assert!(
        messages[4].ends_with("field `title`: is a list, a text was expected"),
        "{}",
        messages[4]
    );
    let json = serde_json::to_string(&found.bad).unwrap();
    assert_eq!(
        serde_json::from_str::<Vec<BadRecord>>(&json).unwrap(),
        found.bad
    );
}

#[test]
fn json_arrays_are_read_element_by_element() {
    let json = r#" [
        {"id": "1", "titre": "Un", "texte": "Avec ] et } et \" dedans"},
        {"id": "2", "title": "Faux", "date": true},
        "un texte", 12, null, [1],
        {"id": "3", "headline": "Trois", "author": [{"name": "Awa Koné"}, "Paul Sow"], "source": {"name": "La Navette"}}
    ]
    "#;
    let found = of_file("articles.json", json);
    assert_eq!(ids(&found), ["1", "3"]);
    assert_eq!(found.good[0].body, "Avec ] et } et \" dedans");
    assert_eq!(found.good[1].author.as_deref(), Some("Awa Koné, Paul Sow"));
    assert_eq!(found.good[1].source.as_deref(), Some("La Navette"));
    let lines: Vec<Option<u64>> = found.bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(4), Some(4), Some(4)]);
    assert_eq!(found.bad[0].field.as_deref(), Some("date"));
    assert_eq!(found.bad[1].reason, "is a text, a JSON object was expected");
    // Objects one after the other, on several lines each.
    let found = of_file(
        "articles.json",
        "{\n \"id\": \"1\",\n \"title\": \"Un\"\n}\n{\"id\": \"2\", \"title\": \"Deux\"}",
    );
    assert_eq!(ids(&found), ["1", "2"]);
    // An array in a file whose name promises lines.
    let found = of_file("articles.jsonl", "[{\"id\": \"1\", \"title\": \"Un\"}]");
    assert_eq!(ids(&found), ["1"]);
}

#[test]
fn truncated_json_loses_only_its_last_record() {
    let found = of_file(
        "a.json",
        r#"[{"id": "1", "title": "Un"}, {"id": "2", "title": "De"#,
    );
    assert_eq!(ids(&found), ["1"]);
    assert!(
        found.bad[0].reason.contains("cut short"),
        "{}",
        found.bad[0]
    );
    assert_eq!((found.bad.len(), found.bad[0].byte), (1, Some(29)));
    let found = of_file("a.json", r#"[{"id": "1", "title": "Un"},"#);
    assert_eq!((found.good.len(), found.bad.len()), (1, 1));
    let found = of_file(
        "a.jsonl",
        "{\"id\": \"1\", \"title\": \"Un\"}\n{\"id\": \"2\", \"tit",
    );
    assert_eq!(ids(&found), ["1"]);
    assert!(
        found.bad[0].reason.contains("cut short"),
        "{}",
        found.bad[0]
    );
}

#[test]
fn tables_of_all_kinds() {
    let csv = "id;Titre;Texte;Auteur;Date de publication;Mots-clés;rubrique\r\n\
        1;\"Le \"\"grand\"\" soir\";\"Une ligne ;\r\nune autre\";Awa Koné;8/2/2023;eau, sel;Une\r\n\
        2;Deux\r\n\
        3;Trois;x;y;32/13/2020;;\r\n\
        4;Quatre;;;;;;;\r\n\
        5;Cinq;Fin;;;;";
    let found = of_file("articles.csv", csv);
    assert_eq!(ids(&found), ["1", "2", "5"]);
    let first = &found.good[0];
    assert_eq!(first.title, "Le \"grand\" soir");
    assert_eq!(first.body, "Une ligne ;\r\nune autre");
    assert_eq!(first.published.unwrap().to_string(), "2023-02-08");
    assert_eq!(first.tags, ["eau", "sel"]);
    assert_eq!(first.extra["rubrique"], "Une");
    let told: Vec<(Option<u64>, Option<&str>)> = found
        .bad
        .iter()
        .map(|bad| (bad.line, bad.field.as_deref()))
        .collect();
    assert_eq!(
        told,
        [(Some(5), Some("Date de publication")), (Some(6), None)]
    );

    let found = of_file("articles.tsv", "title\tbody\nUn, deux\tTrois; quatre\n");
    assert_eq!(
        (found.good[0].title.as_str(), found.good[0].body.as_str()),
        ("Un, deux", "Trois; quatre")
    );
    assert_eq!(found.good[0].id.len(), 32); // made from the content

    // As spreadsheets of France save it.
    let found = of_file(
        "articles.csv",
        b"titre;texte\nL'\xe9t\xe9;\x80 100\nNo\xebl;neige\n",
    );
    assert_eq!(found.good[0].title, "L'été");
    assert_eq!(found.good[1].title, "Noël");
    assert_eq!(
        (found.notes.len(), found.good[0].body.as_str()),
        (1, "€ 100")
    );

    let found = of_file("articles.csv", "a,b,c\n1,2,3\n");
    assert!(
        found.bad[0].reason.contains("the header names a, b, c"),
        "{}",
        found.bad[0]
    );
    let map = FieldMap::new()
        .name("b", ArticleField::Body)
        .name("c", ArticleField::Nothing);
    let directory = folder(&[("articles.csv", b"a,b,c\n1,2,3\n")]);
    let found = read(Source::new(directory.path().join("articles.csv")).fields(map));
    assert_eq!(
        (found.good[0].body.as_str(), found.good[0].extra.len()),
        ("2", 1)
    );
    assert_eq!(of_file("articles.csv", "").bad[0].reason, "is empty");
}

#[test]
fn text_files_in_three_encodings() {
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "L’été\n\nIl fit chaud."
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let files: [(&str, &[u8]); 9] = [
        (
            "a.txt",
            "\u{feff}\n  Le titre  \r\n\r\nLe corps,\r\nen deux lignes.\r\n".as_bytes(),
        ),
        ("b.txt", b"\xc9t\xe9\n\n\x93\xc7a va\x94, dit-elle."),
        ("c.txt", b" \n "),
        ("d.md", b"not read"),
        ("e/f.txt", b"Un titre seul"),
        ("g.txt", &utf_16),
        ("h.txt", b"Un titre\n\nZ\0ro."),
        ("i.txt", &[0; 400]),
        ("j.txt", b""),
    ];
    let directory = folder(&files);
    let found = read(Source::new(directory.path()).raw());
    assert_eq!(ids(&found), ["a.txt", "b.txt", "e/f.txt", "g.txt", "h.txt"]);
    assert_eq!(
        found.good[0],
        Article::new("a.txt", "Le titre", "Le corps,\r\nen deux lignes.")
    );
    assert_eq!(
        (found.good[1].title.as_str(), found.good[1].body.as_str()),
        ("Été", "“Ça va”, dit-elle.")
    );
    assert_eq!(found.good[2].title, "Un titre seul");
    assert_eq!(found.good[3].body, "Il fit chaud.");
    assert_eq!(found.good[4].body, "Zro.");
    let reasons: Vec<&str> = found.bad.iter().map(|bad| bad.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "is empty",
            "is not text: more than one byte in twelve is a control character",
            "is empty"
        ]
    );
    let notes: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "b.txt: not UTF-8: read as Windows-1252",
            "g.txt: read as UTF-16LE",
            "h.txt: 1 zero bytes left out"
        ]
    );
}

#[test]
fn a_bad_first_line_with_a_bracket_does_not_hide_the_rest() {
    let directory = folder(&[(
        "a.jsonl",
        b"[[[\n{\"id\": \"1\", \"title\": \"Un\"}\n".as_slice(),
    )]);
    let found = read(Source::new(directory.path().join("a.jsonl")));
    assert_eq!(ids(&found), ["1"]);
}

#[test]
fn ids_are_made_from_what_there_is() {
    let directory = folder(&[
        ("pages/a.txt", b"Un titre\n\nUn texte."),
        (
            "b.jsonl",
            br#"{"title": "Sans id"}
{"title": "Avec adresse", "url": "https://navette.example/1"}"#,
        ),
    ]);
    let all = || {
        Source::new(directory.path()).formats(
            Format::ALL
                .into_iter()
                .filter(|format| matches!(format, Format::Text | Format::JsonLines)),
        )
    };
    let found = read(all());
    assert_eq!(
        ids(&found)[1..],
        ["https://navette.example/1", "pages/a.txt"]
    );
    assert_eq!(ids(&found)[0].len(), 32);
    let by_content = read(all().ids(IdFrom::Content));
    assert!(ids(&by_content).iter().all(|id| id.len() == 32));
}

#[test]
fn a_long_extra_does_not_cost_the_article() {
    let line = format!(
        r#"{{"id": "1", "title": "Un", "html": "{}"}}"#,
        "x".repeat(20_000)
    );
    let found = of_file("a.jsonl", line);
    assert_eq!((found.good.len(), found.good[0].extra.len()), (1, 0));
    assert!(found.notes[0].text.contains("`html`"), "{}", found.notes[0]);
}

#[test]
fn a_line_of_200_megabytes_is_told_and_passed_over() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.jsonl");
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(b"{\"id\": \"1\", \"title\": \"Avant\"}\n{\"id\": \"2\", \"title\": \"")
        .unwrap();
    let million = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        file.write_all(&million).unwrap();
    }
    file.write_all(b"\"}\n{\"id\": \"3\", \"title\": \"Apr\\u00e8s\"}\n")
        .unwrap();
    drop(file);
    let array = directory.path().join("a.json");
    for path in [&path, &array] {
        let found = read(path);
        assert_eq!(ids(&found), ["1", "3"]);
        assert_eq!(found.bad[0].line, Some(2));
        assert!(
            found.bad[0].reason.contains("longer than the limit"),
            "{}",
            found.bad[0]
        );
        // The same bytes, found by their brackets.
        let _ = fs::rename(path, &array);
    }
}

#[test]
fn what_cannot_be_read_at_all_is_an_error() {
    assert!(ingest::records("absent.jsonl").is_err_and(|error| error.is_not_found()));
    let directory = folder(&[("image.png", b"")]);
    let path = directory.path().join("image.png");
    assert!(ingest::records(&path).is_err_and(|error| error.is_invalid_argument()));
    assert!(Source::new(&path).format(Format::Text).open().is_ok());
}

#[test]
fn features_that_are_not_built_in_say_so() {
    let directory = folder(&[
        ("flux.rss", b"<rss/>"),
        ("page.html", b"<p>x"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\0"),
        ("a.jsonl.zst", b"\x28\xb5\x2f\xfd\0"),
    ]);
    let open = |name: &str| Source::new(directory.path().join(name)).open();
    for (name, feature) in [("flux.rss", "feeds"), ("page.html", "html")] {
        if let Err(error) = open(name) {
            assert!(
                error.to_string().contains(&format!("feature `{feature}`")),
                "{error}"
            );
        }
    }
    for name in ["a.jsonl.gz", "a.jsonl.zst"] {
        // Without the feature, the feature is named; with it, the file is cut short.
        let found = read(directory.path().join(name));
        assert_eq!((found.good.len(), found.bad.len()), (0, 1));
    }
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let directory = folder(&[
        ("a.txt", b"Un titre\n\nUn texte."),
        ("sous/b.txt", b"Un autre\n\nUn texte."),
    ]);
    let root = directory.path();
    symlink(root, root.join("sous/boucle")).unwrap();
    symlink("moi.txt", root.join("moi.txt")).unwrap();
    symlink("nulle-part.txt", root.join("perdu.txt")).unwrap();
    symlink(root.join("a.txt"), root.join("lien.txt")).unwrap();
    for follow in [false, true] {
        let found = read(Source::new(root).follow_links(follow));
        assert_eq!(ids(&found), ["a.txt", "lien.txt", "sous/b.txt"], "{follow}");
        assert_eq!(found.bad.len(), 2, "{:?}", found.bad);
        assert!(
            found.bad[1].reason.contains("link to nothing"),
            "{}",
            found.bad[1]
        );
    }
}

#[test]
fn files_that_vanish_or_grow() {
    let directory = folder(&[
        ("a.txt", b"Un titre\n\nUn texte."),
        ("b.txt", b"Un titre\n\nUn texte."),
        ("c.txt", b"Un titre\n\nUn texte."),
    ]);
    let mut records = Source::new(directory.path()).raw().open().unwrap();
    assert!(records.next().unwrap().is_ok());
    fs::remove_file(directory.path().join("b.txt")).unwrap();
    fs::write(
        directory.path().join("c.txt"),
        "Un titre\n\nUn texte. Et sa suite.",
    )
    .unwrap();
    assert!(
        records
            .next()
            .unwrap()
            .is_err_and(|bad| bad.reason.contains("vanished"))
    );
    assert_eq!(
        records.next().unwrap().unwrap().body,
        "Un texte. Et sa suite."
    );
    assert!(records.next().is_none());

    // JSON lines appended while they are read.
    let path = directory.path().join("a.jsonl");
    fs::write(&path, "{\"id\": \"1\", \"title\": \"Un\"}\n").unwrap();
    let mut records = ingest::records(&path).unwrap();
    assert!(records.next().unwrap().is_ok());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"id\": \"2\", \"title\": \"Deux\"}\n")
        .unwrap();
    assert_eq!(records.next().unwrap().unwrap().id, "2");
    assert!(records.next().is_none());
}

#[cfg(feature = "gzip")]
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(feature = "gzip")]
#[test]
fn gzip_around_anything() {
    let one = "{\"id\": \"1\", \"title\": \"Un\"}\n";
    let two = "{\"id\": \"2\", \"title\": \"Deux\"}\n";
    let found = of_file(
        "a.jsonl.gz",
        [gzip(one.as_bytes()), gzip(two.as_bytes())].concat(),
    );
    assert_eq!(ids(&found), ["1", "2"]);
    let directory = folder(&[("a.txt.gz", &gzip(b"\xc9t\xe9\n\nIl fit chaud."))]);
    let found = read(Source::new(directory.path()).raw());
    assert_eq!(
        (ids(&found), found.good[0].title.as_str()),
        (vec!["a.txt"], "Été")
    );
    let whole = gzip(one.repeat(1000).as_bytes());
    let found = of_file("a.jsonl.gz", &whole[..whole.len() / 2]);
    assert!(
        found
            .bad
            .iter()
            .any(|bad| bad.reason.contains("cannot be read further")),
        "{:?}",
        found.bad.last()
    );
    assert!(!found.good.is_empty());
}

#[test]
fn zstd_around_anything() {
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let bytes = [
        zstd("{\"id\": \"1\", \"title\": \"Un\"}\n"),
        skipped.to_vec(),
        zstd("{\"id\": \"2\", \"title\": \"Deux\"}\n"),
    ]
    .concat();
    assert_eq!(ids(&of_file("a.jsonl.zst", &bytes)), ["1", "2"]);
    let cut = of_file("a.jsonl.zst", &bytes[..bytes.len() - 4]);
    assert_eq!(ids(&cut), ["1"]);
    assert!(
        cut.bad[0].reason.contains("cannot be read further"),
        "{}",
        cut.bad[0]
    );
}

#[cfg(feature = "feeds")]
#[test]
fn feeds_of_both_kinds() {
    let rss = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="x" xmlns:content="y"><channel>
        <title>La Navette</title><image><title>Un logo</title></image>
        <item><title>L&#8217;&eacute;t&eacute; &amp; l'eau</title><link>https://navette.example/1</link>
            <guid isPermaLink="false">navette-1</guid><dc:creator><![CDATA[Awa Koné]]></dc:creator>
            <pubDate>Wed, 08 Feb 2023 15:30:00 +0100</pubDate><category>eau</category><category><![CDATA[sel]]></category>
            <description>Un court résumé.</description>
            <content:encoded><![CDATA[<p>Le lac a baissé de deux mètres, et les pirogues ne passent déjà plus.</p><p>Lire aussi : Le sel remonte</p>]]></content:encoded></item>
        <item><title>Sans date ni texte</title><pubDate>hier</pubDate></item>
        </channel></rss>"#;
    let found = of_file("flux.rss", rss);
    assert_eq!(found.bad, []);
    let first = &found.good[0];
    assert_eq!(
        (first.id.as_str(), first.title.as_str()),
        ("navette-1", "L’été & l'eau")
    );
    assert_eq!(first.author.as_deref(), Some("Awa Koné"));
    assert_eq!(first.source.as_deref(), Some("La Navette"));
    assert_eq!(first.published.unwrap().to_string(), "2023-02-08T14:30:00Z");
    assert_eq!(first.tags, ["eau", "sel"]);
    assert_eq!(
        first.body,
        "Le lac a baissé de deux mètres, et les pirogues ne passent déjà plus."
    );
    assert_eq!(first.extra["related"], "Le sel remonte");
    assert!(
        found.notes[0].text.contains("date left out"),
        "{}",
        found.notes[0]
    );

    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Le Chalut</title>
        <entry><title type="html">Le &lt;b&gt;bac&lt;/b&gt;</title><id>tag:chalut,1</id><link rel="self" href="/x"/><link href="https://chalut.example/1"/>
        <author><name>Rokia Sow</name></author><published>2023-02-08T10:00:00Z</published><updated>2024-01-01T00:00:00Z</updated>
        <category term="mer"/><content type="xhtml"><div><p>Il reprend la <em>mer</em>.</p><p>Enfin.</p></div></content></entry></feed>"#;
    let found = of_file("flux.atom", atom);
    let entry = &found.good[0];
    assert_eq!(
        (entry.title.as_str(), entry.body.as_str()),
        ("Le bac", "Il reprend la mer.\n\nEnfin.")
    );
    assert_eq!(entry.url.as_deref(), Some("https://chalut.example/1"));
    assert_eq!(
        (entry.author.as_deref(), entry.source.as_deref()),
        (Some("Rokia Sow"), Some("Le Chalut"))
    );
    assert_eq!(
        (
            entry.published.unwrap().to_string().as_str(),
            entry.tags[0].as_str()
        ),
        ("2023-02-08T10:00:00Z", "mer")
    );

    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><item><title>\xc9t\xe9</title></item></channel></rss>";
    let found = of_file("flux.xml", latin);
    assert_eq!(
        (found.good[0].title.as_str(), found.notes.len()),
        ("Été", 1)
    );

    let cut = of_file("flux.rss", &rss[..rss.len() / 2]);
    assert_eq!((cut.good.len(), cut.bad.len()), (0, 1));
    assert!(cut.bad[0].reason.contains("cut short"), "{}", cut.bad[0]);
    assert!(
        of_file("a.xml", "<a><b/></a>").bad[0]
            .reason
            .contains("neither")
    );
    assert!(of_file("a.xml", "rien").bad[0].reason.contains("neither"));
}

#[cfg(feature = "html")]
#[test]
fn pages_of_the_web() {
    let page = "<html><head><title>Le bac reprend la mer - Le Chalut</title><meta property=og:site_name content='Le Chalut'></head><body>\
        <nav>Menu</nav><main><p>PAR ROKIA SOW<p>Publi&eacute; le 3 mai 2021<p>Après neuf mois de cale sèche, le vieux bac a quitté le quai hier sous les applaudissements.\
        <p>Lire aussi : <a href=x>Le port qui déborde</a><p>Les riverains, eux, n’y croyaient plus et avaient vendu leurs places au marché.</main><footer>©</footer>";
    let directory = folder(&[
        ("bac.html", page.as_bytes()),
        ("vide.html", b"<script>1</script>"),
    ]);
    let found = read(directory.path());
    let article = &found.good[0];
    assert_eq!(
        (article.id.as_str(), article.title.as_str()),
        ("bac.html", "Le bac reprend la mer")
    );
    assert_eq!(article.author.as_deref(), Some("Rokia Sow"));
    assert_eq!(article.published.unwrap().to_string(), "2021-05-03");
    assert_eq!(article.extra["related"], "Le port qui déborde");
    assert_eq!(article.body.split("\n\n").count(), 2);
    assert!(
        found.bad[0].reason.contains("neither a title nor a text"),
        "{}",
        found.bad[0]
    );
}

#[test]
fn records_know_how_far_they_are() {
    let mut records = ingest::records(seeds()).unwrap();
    assert_eq!(records.bytes(), 0);
    assert!(records.by_ref().all(|record| record.is_ok()));
    assert_eq!(records.bytes(), records.total_bytes());
}

/// Bad data of all kinds, in every format: no panic, and the reader ends.
#[test]
fn damaged_files_never_panic() {
    let good: [(&str, &str); 5] = [
        (
            "a.jsonl",
            "{\"id\": \"1\", \"title\": \"Été\", \"date\": \"2023-02-08\", \"tags\": [\"eau\"]}\n{\"id\": \"2\", \"title\": \"x\"}\n",
        ),
        (
            "a.json",
            "[{\"id\": \"1\", \"title\": \"Été\", \"extra\": {\"a\": [1, {}]}}, {\"id\": \"2\", \"title\": \"x\"}]",
        ),
        ("a.csv", "id,title,body\n1,\"Été, enfin\",x\n2,y,z\n"),
        (
            "a.txt",
            "Le titre\n\nPublié le 8 février 2023\n\nUn texte assez long pour être un paragraphe, ou presque.\n",
        ),
        (
            "a.rss",
            "<rss><channel><title>x</title><item><title>Été &amp; eau</title><pubDate>Wed, 08 Feb 2023 15:30:00 +0100</pubDate></item></channel></rss>",
        ),
    ];
    let directory = tempdir().unwrap();
    for (name, text) in good {
        if name == "a.rss" && cfg!(not(feature = "feeds")) {
            continue;
        }
        let path: &Path = &directory.path().join(name);
        for at in 0..text.len() {
            for byte in [
                None,
                Some(0),
                Some(0xff),
                Some(b'"'),
                Some(b'\n'),
                Some(b'<'),
                Some(b'{'),
            ] {
                let mut bytes = text.as_bytes().to_vec();
                match byte {
                    Some(byte) => bytes[at] = byte,
                    None => bytes.truncate(at),
                }
                fs::write(path, &bytes).unwrap();
                let found = read(path);
                assert!(found.good.len() + found.bad.len() < 20);
            }
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_is_reported() {
    let rows =
        "id,title,body\n1,Le port,Il rouvre.\n2,\"Le barrage,Il cède.\n3,La crue,Elle monte.\n";
    let found = of_file("a.csv", rows);
    assert_eq!(ids(&found), ["1"]);
    assert_eq!(found.bad.len(), 1);
    let bad = found.bad[0].to_string();
    assert!(bad.contains("never closed") && bad.contains('3'), "{bad}");
    // Inches are no quotation.
    let rows = "id,title,body\n1,Un écran,Il fait 24\" de large.\n2,Le port,\"Il\nrouvre.\"\n";
    assert_eq!(ids(&of_file("b.csv", rows)), ["1", "2"]);
}
