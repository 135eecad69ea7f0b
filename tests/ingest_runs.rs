//! Whole runs: from files to an index, again, interrupted, with deletions, on a full disk.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use tempfile::{TempDir, tempdir};
use trouvaille::ingest::{BadRecord, Duplicates, Import, Outcome, Reader, Record, Report, Source};
use trouvaille::{Article, Index};

fn memory() -> Index {
    Index::builder()
        .writer_memory(15_000_000)
        .in_memory()
        .unwrap()
}

fn seeds() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds"))
}

fn pages(count: usize) -> TempDir {
    let directory = tempdir().unwrap();
    for page in 0..count {
        let text = format!(
            "La page numéro {page}\n\nLe texte de la page {page} est assez long pour être un paragraphe entier."
        );
        fs::write(directory.path().join(format!("{page:03}.txt")), text).unwrap();
    }
    directory
}

fn written(report: &Report) -> (u64, u64, u64) {
    (report.added, report.updated, report.unchanged)
}

#[test]
fn a_second_run_writes_nothing() {
    let index = memory();
    for source in [seeds().to_owned(), seeds().join("articles.jsonl")] {
        let first = Import::new(&source).unwrap().run(&index).unwrap();
        assert_eq!(
            (written(&first), first.bad, first.outcome),
            ((42, 0, 0), 0, Outcome::Complete)
        );
        assert_eq!(
            first.bytes,
            Source::new(&source).open().unwrap().total_bytes()
        );
        let second = Import::new(&source).unwrap().run(&index).unwrap();
        assert_eq!((written(&second), second.commits), ((0, 0, 42), 0));
    }
    assert_eq!(index.len(), 84);
}

#[test]
fn what_changed_is_written_and_nothing_else() {
    let directory = pages(5);
    let index = memory();
    Import::new(directory.path()).unwrap().run(&index).unwrap();
    fs::write(
        directory.path().join("003.txt"),
        "Un tout autre titre\n\nEt un texte neuf.",
    )
    .unwrap();
    fs::write(
        directory.path().join("005.txt"),
        "Une page de plus\n\nEt son texte.",
    )
    .unwrap();
    let report = Import::new(directory.path()).unwrap().run(&index).unwrap();
    assert_eq!(written(&report), (1, 1, 4));
    assert_eq!(index.search("tout autre").unwrap().total().unwrap(), 1);
    let article = index.searcher().article("003.txt").unwrap().unwrap();
    assert_eq!(article.title, "Un tout autre titre");
    assert_eq!(article.extra["content_hash"].len(), 32);
}

#[test]
fn an_article_is_not_found_by_the_titles_of_others_nor_by_comments() {
    let directory = tempdir().unwrap();
    let page = "La dune avance\n\nLes habitants déblaient leurs portes chaque matin à la pelle, parfois au balai.\n\n\
        Lire aussi : Le mur vert a soif\n\n2 commentaires\n\nModou dit :\nil faut planter des filaos\nRépondre";
    fs::write(directory.path().join("a.txt"), page).unwrap();
    let index = memory();
    let report = Import::new(directory.path()).unwrap().run(&index).unwrap();
    assert_eq!(index.search("mur vert").unwrap().len(), 0);
    assert_eq!(index.search("filaos").unwrap().len(), 0);
    assert_eq!(index.search("habitants").unwrap().len(), 1);
    let article = index.searcher().article("a.txt").unwrap().unwrap();
    assert_eq!(article.extra["related"], "Le mur vert a soif");
    assert!(article.extra["comments"].contains("filaos"));
    assert_eq!(report.cleaned.values().sum::<u64>(), 6);
    // Those who want to search comments leave them where they are.
    let cleaner = trouvaille::ingest::clean::Cleaner::new()
        .without(trouvaille::ingest::clean::Step::Comments);
    let index = memory();
    Import::new(Source::new(directory.path()).clean(cleaner))
        .unwrap()
        .run(&index)
        .unwrap();
    assert_eq!(index.search("filaos").unwrap().len(), 1);
}

#[test]
fn long_extras_are_kept_and_filtered_too() {
    use trouvaille::{Filter, Query, Search};
    let index = memory();
    let mut writer = index.writer().unwrap();
    let long = "un commentaire de plus, ".repeat(300);
    for (id, value) in [("1", long.clone()), ("2", format!("{long}!"))] {
        writer
            .upsert(&Article::new(id, "Le titre", "Le corps").extra("comments", value))
            .unwrap();
    }
    writer.commit().unwrap();
    let search = Search::new(Query::all()).filter(Filter::extra("comments", long.as_str()));
    let results = index.search(search).unwrap();
    assert_eq!(results.len(), 1);
    let article = results.iter().next().unwrap().article();
    assert_eq!(
        (article.id.as_str(), &article.extra["comments"]),
        ("1", &long)
    );
}

#[test]
fn vanished_files_are_deleted_on_demand() {
    let directory = pages(6);
    let path = directory.path();
    let index = memory();
    let import = || Import::new(path).unwrap().name("pages");
    // Of another run: never touched.
    let mut writer = index.writer().unwrap();
    writer
        .upsert(&Article::new("à part", "Un article à part", ""))
        .unwrap();
    writer.commit().unwrap();
    drop(writer);
    import().run(&index).unwrap();
    fs::remove_file(path.join("001.txt")).unwrap();
    fs::write(path.join("002.txt"), "").unwrap();
    let report = import().run(&index).unwrap();
    assert_eq!(
        (written(&report), report.deleted, report.bad),
        ((0, 0, 4), 0, 1)
    );
    let report = import().delete_vanished(true).run(&index).unwrap();
    // The one that cannot be read has not vanished.
    assert_eq!((report.deleted, index.len()), (1, 6));
    assert!(index.searcher().article("001.txt").unwrap().is_none());
    assert!(index.searcher().article("002.txt").unwrap().is_some());
    assert!(index.searcher().article("à part").unwrap().is_some());
    let error = Import::new(path)
        .unwrap()
        .delete_vanished(true)
        .run(&index)
        .unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");
}

#[test]
fn vanished_lines_are_deleted_unless_their_file_had_bad_ones() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.jsonl");
    let line = |id: u32| format!("{{\"id\": \"{id}\", \"title\": \"Article {id}\"}}\n");
    let index = memory();
    let import = |text: String| {
        fs::write(&path, text).unwrap();
        Import::new(&path)
            .unwrap()
            .name("lignes")
            .delete_vanished(true)
            .run(&index)
            .unwrap()
    };
    assert_eq!(written(&import(line(1) + &line(2) + &line(3))), (3, 0, 0));
    assert_eq!(import(line(1) + "{\"id\": \"2\", \n" + &line(3)).deleted, 0);
    assert_eq!(import(line(1) + &line(3)).deleted, 1);
    assert_eq!(index.len(), 2);
}

#[test]
fn an_interrupted_run_goes_on() {
    let directory = pages(40);
    let index = memory();
    let mut seen = 0;
    let report = Import::new(directory.path())
        .unwrap()
        .commit_every(10)
        .on_progress(|progress| {
            seen = progress.records;
            assert!(
                progress.bytes > 0
                    && progress.total_bytes.is_some()
                    && progress.bytes_per_second() > 0.0
            );
            if progress.records == 25 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .run(&index)
        .unwrap();
    assert_eq!(
        (report.outcome, report.added, report.commits, seen),
        (Outcome::Cancelled, 25, 3, 25)
    );
    assert_eq!(index.len(), 25);
    let report = Import::new(directory.path()).unwrap().run(&index).unwrap();
    assert_eq!(written(&report), (15, 0, 25));
}

#[test]
fn a_crash_loses_what_was_not_committed_and_nothing_else() {
    let directory = pages(30);
    let index = memory();
    let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        Import::new(directory.path())
            .unwrap()
            .commit_every(10)
            .on_progress(|progress| {
                assert!(progress.records < 25, "the power goes off");
                ControlFlow::Continue(())
            })
            .run(&index)
    }));
    assert!(crash.is_err());
    assert_eq!(index.len(), 20);
    let report = Import::new(directory.path()).unwrap().run(&index).unwrap();
    assert_eq!(written(&report), (10, 0, 20));
}

#[test]
fn it_commits_after_a_time_too() {
    let directory = pages(5);
    let report = Import::new(directory.path())
        .unwrap()
        .commit_after(Duration::ZERO)
        .run(&memory())
        .unwrap();
    assert_eq!(report.commits, 5);
}

#[test]
fn too_many_bad_records_end_it() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.jsonl");
    let lines = "{\"id\": \"1\", \"title\": \"Un\"}\n".to_owned()
        + &"faux\n".repeat(100)
        + "{\"id\": \"2\", \"title\": \"Deux\"}\n";
    fs::write(&path, lines).unwrap();
    let index = memory();
    let report = Import::new(&path).unwrap().max_bad(10).run(&index).unwrap();
    assert_eq!(
        (report.outcome, report.bad, report.added, index.len()),
        (Outcome::TooManyBad, 11, 1, 1)
    );
    let report = Import::new(&path).unwrap().run(&index).unwrap();
    assert_eq!(
        (report.outcome, report.bad, report.added),
        (Outcome::Complete, 100, 1)
    );
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    assert!(
        report
            .to_string()
            .contains("1 added, 0 updated, 1 unchanged, 100 bad"),
        "{report}"
    );
}

#[test]
fn duplicate_ids_in_one_run() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.jsonl");
    let lines = [
        "{\"id\": \"1\", \"title\": \"Un\"}",
        "{\"id\": \"1\", \"title\": \"Un\"}",
        "{\"id\": \"1\", \"title\": \"Autre\"}",
    ];
    fs::write(&path, lines.join("\n")).unwrap();
    let index = memory();
    for run in 0..2 {
        let report = Import::new(&path).unwrap().run(&index).unwrap();
        assert_eq!(
            (report.added, report.unchanged, report.repeated, report.bad),
            (1 - run, run, 1, 1)
        );
        assert_eq!(
            (
                report.bad_records[0].line,
                report.bad_records[0].field.as_deref()
            ),
            (Some(3), Some("id"))
        );
    }
    assert_eq!(index.search("un").unwrap().len(), 1);
    Import::new(&path)
        .unwrap()
        .duplicates(Duplicates::LastStays)
        .run(&index)
        .unwrap();
    assert_eq!(index.search("autre").unwrap().len(), 1);
    assert_eq!(index.len(), 1);
}

#[test]
fn readers_of_ones_own_run_too() {
    struct Own(u32);
    impl Reader for Own {
        fn next_record(&mut self) -> Option<Result<Record, BadRecord>> {
            self.0 += 1;
            match self.0 {
                1..=3 => Some(Ok(Record::new(Article::new(
                    self.0.to_string(),
                    "Un titre",
                    "",
                )))),
                4 => Some(Ok(Record::new(Article::new("", "Sans id", "")))),
                5 => Some(Err(BadRecord::new("base", "row without text").line(5))),
                _ => None,
            }
        }
    }
    let index = memory();
    let mut records = 0;
    let report = Import::of(Own(0))
        .on_record(|_| records += 1)
        .run(&index)
        .unwrap();
    assert_eq!(
        (report.added, report.bad, index.len(), records),
        (3, 2, 3, 4)
    );
}

#[test]
fn an_export_imports_to_the_same_index() {
    let first = memory();
    Import::new(seeds())
        .unwrap()
        .name("pages")
        .run(&first)
        .unwrap();
    let export = |index: &Index| {
        let mut lines = Vec::new();
        index
            .searcher()
            .for_each_article(|article| {
                lines.push(serde_json::to_string(&article).unwrap());
                ControlFlow::Continue(())
            })
            .unwrap();
        lines.sort();
        lines
    };
    let lines = export(&first);
    assert_eq!(lines.len(), 42);
    let directory = tempdir().unwrap();
    let path = directory.path().join("export.jsonl");
    fs::write(&path, lines.join("\n")).unwrap();
    let second = memory();
    Import::new(&path)
        .unwrap()
        .name("copie")
        .run(&second)
        .unwrap();
    assert_eq!(export(&second), lines);
    // And the pages themselves are known there.
    let report = Import::new(seeds())
        .unwrap()
        .name("pages")
        .run(&second)
        .unwrap();
    assert_eq!(written(&report), (0, 0, 42));
}

/// A process that may write files of 256 KiB at the most stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_loses_nothing_committed() {
    use std::process::Command;
    const CHILD: &str = "TROUVAILLE_FULL_DISK";
    if let Some(root) = std::env::var_os(CHILD) {
        let root = Path::new(&root);
        let index = Index::open(root.join("index")).unwrap();
        let mut writer = index.writer().unwrap();
        let mut report = Report::default();
        let ended = Import::new(root.join("a.jsonl"))
            .unwrap()
            .commit_every(20)
            .run_with(&index, &mut writer, &mut report);
        let error = ended.unwrap_err();
        assert!(error.is_io(), "{error}");
        assert!(error.to_string().contains("File too large"), "{error}");
        assert_eq!(report.outcome, Outcome::Unfinished);
        assert!(report.added >= 20, "{report}");
        return;
    }
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.jsonl");
    let mut lines = String::new();
    // Small articles first, then ones whose text cannot be compressed into the room there is.
    let mut state = 1_u64;
    for id in 0..60 {
        let words: Vec<String> = (0..if id < 20 { 5 } else { 4_000 })
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                format!("{:x}", state >> 32)
            })
            .collect();
        lines += &format!(
            "{{\"id\": \"{id}\", \"title\": \"Article {id}\", \"body\": \"{}\"}}\n",
            words.join(" ")
        );
    }
    fs::write(&path, lines).unwrap();
    let test = std::env::current_exe().unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\""])
        .arg(test)
        .args([
            "--exact",
            "ingest_runs::a_full_disk_is_an_error_and_loses_nothing_committed",
            "--nocapture",
        ])
        .env(CHILD, directory.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let index = Index::open(directory.path().join("index")).unwrap();
    assert!(index.len() >= 20, "{}", index.len());
    let report = Import::new(&path).unwrap().run(&index).unwrap();
    assert_eq!((index.len(), report.outcome), (60, Outcome::Complete));
    assert!(report.unchanged >= 20);
}
