//! The writer: commit, rollback, delete, upsert, lock, close.

use std::sync::Mutex;
use std::thread;

use tempfile::tempdir;
use trouvaille::{Analyzer, Article, Field, Index, Match, Search};

use crate::support::{ids, index_of};

fn article(id: &str, body: &str) -> Article {
    Article::new(id, "", body)
}

#[test]
fn nothing_is_visible_before_commit_and_everything_after() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for round in 0..20 {
        writer
            .add(&article(&round.to_string(), "une brève"))
            .unwrap();
        assert_eq!(index.len(), round);
        writer.commit().unwrap();
        assert_eq!(index.len(), round + 1);
        assert_eq!(index.search("brèves").unwrap().total().unwrap(), round + 1);
    }
}

#[test]
fn upsert_replaces_within_a_commit_and_across_commits() {
    let index = index_of(&[article("a", "premier"), article("a", "deuxième")]);
    assert_eq!(index.len(), 1);
    let mut writer = index.writer().unwrap();
    writer.upsert(&article("a", "troisième")).unwrap();
    writer.upsert(&article("b", "autre")).unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 2);
    assert_eq!(ids(&index, "troisième"), ["a"]);
    assert_eq!(ids(&index, "premier"), [""; 0]);
}

#[test]
fn upsert_from_several_threads_leaves_one_of_each() {
    let index = Index::in_memory().unwrap();
    let writer = Mutex::new(index.writer().unwrap());
    for _ in 0..5 {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for id in 0..40 {
                        let article = article(&id.to_string(), "la même dépêche");
                        writer.lock().unwrap().upsert(&article).unwrap();
                    }
                });
            }
        });
        writer.lock().unwrap().commit().unwrap();
        assert_eq!(index.len(), 40);
        assert_eq!(index.search("dépêche").unwrap().total().unwrap(), 40);
    }
}

#[test]
fn delete_and_delete_all() {
    let index = index_of(&[
        article("a", "un"),
        article("b", "deux"),
        article("c", "trois"),
    ]);
    let mut writer = index.writer().unwrap();
    writer.delete("b").unwrap();
    writer.delete("absent").unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 2);
    assert_eq!(index.searcher().article("b").unwrap(), None);
    writer.add(&article("d", "quatre")).unwrap();
    writer.delete_all().unwrap();
    writer.add(&article("e", "cinq")).unwrap();
    writer.commit().unwrap();
    assert_eq!(ids(&index, "cinq"), ["e"]);
    assert_eq!(index.len(), 1);
}

#[test]
fn rollback_forgets_what_was_not_committed() {
    let index = index_of(&[article("a", "gardé")]);
    let mut writer = index.writer().unwrap();
    writer.upsert(&article("a", "perdu")).unwrap();
    writer.add(&article("b", "perdu")).unwrap();
    writer.rollback().unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 1);
    assert_eq!(ids(&index, "gardé"), ["a"]);
    writer.add(&article("c", "après")).unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 2);
}

#[test]
fn a_directory_keeps_what_was_committed() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("archives.idx");
    let index = Index::open(&path).unwrap();
    let mut writer = index.writer().unwrap();
    writer.add(&article("a", "gardé")).unwrap();
    writer.commit().unwrap();
    writer.add(&article("b", "perdu")).unwrap();
    drop(writer);
    drop(index);
    let index = Index::open(&path).unwrap();
    assert_eq!(ids(&index, "gardé"), ["a"]);
    assert_eq!(index.len(), 1);
    let mut writer = index.writer().unwrap();
    writer.add(&article("c", "repris")).unwrap();
    writer.commit().unwrap();
    writer.close().unwrap();
    assert_eq!(Index::open_read_only(&path).unwrap().len(), 2);
}

#[test]
fn a_second_writer_is_told_who_holds_the_lock() {
    let directory = tempdir().unwrap();
    let index = Index::open(directory.path()).unwrap();
    let writer = index.writer().unwrap();
    let again = Index::open(directory.path()).unwrap();
    for second in [index.writer(), again.writer()] {
        let error = second.unwrap_err();
        assert!(error.is_locked());
        let process = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
    }
    drop(writer);
    assert!(again.writer().is_ok());
    let in_memory = Index::in_memory().unwrap();
    let _writer = in_memory.writer().unwrap();
    assert!(in_memory.clone().writer().unwrap_err().is_locked());
}

#[test]
fn a_read_only_index_has_no_writer_and_follows_commits_on_refresh() {
    let directory = tempdir().unwrap();
    assert!(
        Index::open_read_only(directory.path())
            .unwrap_err()
            .is_not_found()
    );
    assert!(
        Index::open_read_only(directory.path().join("absent"))
            .unwrap_err()
            .is_not_found()
    );
    let index = Index::open(directory.path()).unwrap();
    let reader = Index::open_read_only(directory.path()).unwrap();
    assert!(reader.writer().unwrap_err().is_read_only());
    let mut writer = index.writer().unwrap();
    writer.add(&article("a", "nouveau")).unwrap();
    writer.commit().unwrap();
    assert_eq!(reader.len(), 0);
    reader.refresh().unwrap();
    assert_eq!(reader.len(), 1);
}

#[test]
fn what_is_not_an_index_is_left_alone() {
    let directory = tempdir().unwrap();
    std::fs::write(directory.path().join("notes.txt"), "rien à voir").unwrap();
    let error = Index::open(directory.path()).unwrap_err();
    assert!(error.is_incompatible());
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    let error = Index::open(directory.path().join("notes.txt")).unwrap_err();
    assert!(error.is_io() || error.is_incompatible(), "{error}");
}

#[test]
fn an_index_of_another_analyzer_is_refused() {
    let directory = tempdir().unwrap();
    Index::open(directory.path()).unwrap();
    let other = Analyzer::builder().stop_word("coton").build();
    let error = Index::builder()
        .analyzer(other.clone())
        .open(directory.path())
        .unwrap_err();
    assert!(error.is_incompatible());
    assert!(error.to_string().contains(other.fingerprint()), "{error}");
    assert!(Index::open(directory.path()).is_ok());
}

#[test]
fn a_refused_article_loses_nothing() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    writer.add(&article("a", "avant")).unwrap();
    assert!(
        writer
            .add(&article("", "refusé"))
            .unwrap_err()
            .is_invalid_article()
    );
    let huge = article("huge", &"mot ".repeat(50_000_000 / 4));
    assert!(writer.upsert(&huge).unwrap_err().is_invalid_article());
    writer.add(&article("b", "après")).unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 2);
}

#[test]
fn a_searcher_is_frozen() {
    let index = index_of(&[article("a", "coton"), article("b", "coton")]);
    let frozen = index.searcher();
    let mut writer = index.writer().unwrap();
    writer.delete("a").unwrap();
    writer.add(&article("c", "coton")).unwrap();
    writer.add(&article("d", "coton")).unwrap();
    writer.commit().unwrap();
    assert_eq!(frozen.len(), 2);
    assert_eq!(frozen.search("coton").unwrap().total().unwrap(), 2);
    assert_eq!(index.len(), 3);
}

/// The segments that it shows are merged away, and their files deleted, before most of them was read.
#[test]
fn a_searcher_outlives_the_files_of_its_segments() {
    let folder = tempdir().unwrap();
    for index in [
        Index::in_memory().unwrap(),
        Index::open(folder.path()).unwrap(),
    ] {
        let mut writer = index.writer().unwrap();
        let add = |writer: &mut trouvaille::Writer, round: u32| {
            let body = "Le prix du coton monte encore au marché de Sikasso.";
            let mut article = Article::new(round.to_string(), "Coton et prix", body);
            article.author = Some("Awa Diallo".to_owned());
            writer.upsert(&article).unwrap();
            writer.commit().unwrap();
        };
        for round in 0..3 {
            add(&mut writer, round);
        }
        let frozen = index.searcher();
        for round in 0..40 {
            add(&mut writer, round % 7);
        }
        writer.close().unwrap();
        for query in [
            "coton",
            "prix coton",
            "marché monte",
            "\"prix du coton\"",
            "\"coton monte\" sikasso",
            "sika*",
            "sikaso~",
            "titre:coton",
            "auteur:diallo",
            "auteur:dia*",
            "coton -cacao",
        ] {
            for matching in [Match::All, Match::Any] {
                let results = frozen.search(Search::from(query).matching(matching));
                let results = results.unwrap();
                assert_eq!(results.total().unwrap(), 3, "{query}");
                assert_eq!(results.len(), 3, "{query}");
                for hit in &results {
                    assert!(hit.snippet(Field::Body).text().contains("coton"));
                }
            }
        }
    }
}

#[test]
fn the_public_types_cross_threads() {
    fn shared<T: Clone + Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Index>();
    shared::<trouvaille::Searcher>();
    shared::<trouvaille::Search>();
    shared::<Analyzer>();
    sent::<trouvaille::Writer>();
    sent::<trouvaille::Results>();
    sent::<trouvaille::Error>();
}
