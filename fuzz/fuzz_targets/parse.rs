//! Any text is a query; what a query shows of itself is read as the same query.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trouvaille::{Article, Index, Query, Search};

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let index = Index::builder().writer_memory(0).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for (id, title, body) in [
        ("1", "L’été à Évian", "Les élèves de l’école ont nagé dans le lac, dit-il, mardi."),
        ("2", "Le prix du coton", "Au Mali, le coton se vend 325 francs le kilo contre 300 hier."),
        ("3", "", "Lavrov reçu à Bamako : la diplomatie russe et l’accord d’Alger."),
    ] {
        writer.add(&Article::new(id, title, body).tag("presse")).unwrap();
    }
    writer.commit().unwrap();
    index
});

fuzz_target!(|text: &str| {
    let parsed = Query::parse(text);
    for note in &parsed.notes {
        assert!(text.get(note.range.clone()).is_some(), "{note:?}");
    }
    let shown = parsed.query.to_string();
    if shown.len() <= Query::MAX_BYTES {
        assert_eq!(Query::parse(&shown).query.to_string(), shown, "{text:?}");
    }
    let _ = Query::parse_strict(text);
    let results = INDEX.search(Search::new(parsed.query)).unwrap();
    assert!(results.len() <= 3 && results.total().unwrap() <= 3);
    INDEX.suggest(text).unwrap();
});
