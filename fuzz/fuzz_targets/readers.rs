//! Any bytes as a file of articles: each record comes out as an article or says what is wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trouvaille::ingest;

fuzz_target!(|bytes: &[u8]| {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", "a.txt", "a.json", "a.csv", "a.tsv", "a.html", "a.xml", "a.gz"] {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let Ok(read) = ingest::records(&path) else {
            continue;
        };
        let mut records = 0;
        for record in read {
            match record {
                Ok(article) => article.validate().unwrap(),
                Err(bad) => assert!(!bad.to_string().is_empty()),
            }
            records += 1;
        }
        assert!(records <= bytes.len() + 1);
    }
});
