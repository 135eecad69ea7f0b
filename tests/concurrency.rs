//! Readers beside a writer, in threads and in processes: every search sees one commit, whole.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::tempdir;
use trouvaille::{Article, Facet, Field, Filter, Index, Query, Search, Searcher, Sort, Writer};

use crate::support::memory;

const STAYING: usize = 100;
const COMING_AND_GOING: usize = 50;
const DIRECTORY: &str = "TROUVAILLE_TEST_READERS";
const LAST: usize = 15;

fn article(id: String, generation: usize) -> Article {
    Article::new(
        id,
        "Une dépêche",
        format!("Le coton monte, génération {generation} du texte."),
    )
    .tag(["pair", "impair"][generation % 2])
    .extra("génération", generation.to_string())
}

/// Writes one generation: every article says which, and their number follows from it.
fn write(writer: &mut Writer, generation: usize) {
    for id in 0..STAYING {
        writer
            .upsert(&article(format!("s{id}"), generation))
            .unwrap();
    }
    for id in 0..COMING_AND_GOING {
        let id_text = format!("c{id}");
        match id < generation % COMING_AND_GOING {
            true => writer.upsert(&article(id_text, generation)).unwrap(),
            false => writer.delete(&id_text).unwrap(),
        }
    }
    writer.commit().unwrap();
}

/// The generation that a view shows, in each of several ways.
fn look(searcher: &Searcher, way: usize) -> usize {
    let search = match way % 5 {
        0 => Search::from("coton"),
        1 => Search::from("\"le coton monte\"").relax(false),
        2 => Search::new(Query::all()).sort(Sort::Title),
        3 => Search::from("dépêches")
            .sort(Sort::Newest)
            .facet(Facet::Tag),
        _ => {
            Search::from("coton").filter(Filter::any([Filter::tag("pair"), Filter::tag("impair")]))
        }
    };
    let results = searcher
        .search(search.limit(STAYING + COMING_AND_GOING + 10))
        .unwrap();
    let ids: BTreeSet<&str> = results
        .iter()
        .map(|hit| hit.try_article().unwrap().id.as_str())
        .collect();
    let generations: BTreeSet<&str> = results
        .iter()
        .map(|hit| hit.article().extra["génération"].as_str())
        .collect();
    assert_eq!(generations.len(), 1, "{generations:?}");
    let generation: usize = generations.first().unwrap().parse().unwrap();
    let expected = STAYING + generation % COMING_AND_GOING;
    assert_eq!(ids.len(), results.len(), "an id twice");
    assert_eq!(results.len(), expected);
    assert_eq!(results.total().unwrap(), expected);
    assert_eq!(searcher.len(), expected);
    if let Some(facet) = results.facets().first() {
        let tags: Vec<(&str, usize)> = facet
            .values
            .iter()
            .map(|value| (value.value.as_str(), value.count))
            .collect();
        assert_eq!(tags, [(["pair", "impair"][generation % 2], expected)]);
    }
    let hit = &results[way % results.len()];
    assert!(
        hit.snippet(Field::Body)
            .text()
            .contains(&format!("génération {generation} "))
    );
    assert_eq!(
        searcher.article("s7").unwrap().unwrap(),
        article("s7".to_owned(), generation)
    );
    generation
}

fn readers_beside_a_writer(index: &Index, duration: Duration) {
    let mut writer = index.writer().unwrap();
    write(&mut writer, 0);
    let is_over = AtomicBool::new(false);
    let searches = AtomicUsize::new(0);
    let mut commits = 0;
    let mut memory_then = None;
    thread::scope(|scope| {
        for reader in 0..8 {
            let (is_over, searches) = (&is_over, &searches);
            scope.spawn(move || {
                let mut last = 0;
                let mut way = reader;
                while !is_over.load(Ordering::Relaxed) {
                    let searcher = index.searcher();
                    let seen = look(&searcher, way);
                    assert!(seen >= last, "back from {last} to {seen}");
                    // A frozen view stays as it is.
                    assert_eq!(look(&searcher, way + 1), seen);
                    last = seen;
                    way += 1;
                    searches.fetch_add(2, Ordering::Relaxed);
                }
            });
        }
        let started = Instant::now();
        while started.elapsed() < duration || commits < 4 {
            commits += 1;
            write(&mut writer, commits);
            assert_eq!(
                look(&index.searcher(), commits),
                commits,
                "a commit is visible at once"
            );
            if memory_then.is_none() && started.elapsed() > duration / 3 {
                memory_then = memory::megabytes_now();
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    writer.close().unwrap();
    let memory_now = memory::megabytes_now();
    println!(
        "{commits} commits, {} searches in 8 threads; {memory_then:?} MB after a third, {memory_now:?} MB at the end",
        searches.load(Ordering::Relaxed)
    );
    if let (Some(then), Some(now)) = (memory_then, memory_now) {
        assert!(
            now < then + then / 2 + 200,
            "memory grew from {then} to {now} MB"
        );
    }
}

#[test]
fn every_search_sees_one_commit() {
    let directory = tempdir().unwrap();
    let index = Index::builder()
        .writer_memory(64_000_000)
        .open(directory.path())
        .unwrap();
    readers_beside_a_writer(&index, Duration::from_secs(1));
}

#[test]
#[ignore = "minutes"]
fn every_search_sees_one_commit_for_minutes() {
    let directory = tempdir().unwrap();
    let index = Index::builder()
        .writer_memory(64_000_000)
        .open(directory.path())
        .unwrap();
    readers_beside_a_writer(&index, Duration::from_secs(180));
}

#[test]
#[ignore = "the child of the test below: does nothing by itself"]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else {
        return;
    };
    let index = Index::open_read_only(directory).unwrap();
    assert!(index.writer().unwrap_err().is_read_only());
    let mut last = 0;
    let mut way = 0;
    while last < LAST {
        index.refresh().unwrap();
        let seen = look(&index.searcher(), way);
        assert!(seen >= last);
        last = seen;
        way += 1;
    }
}

#[test]
fn readers_in_other_processes_follow_the_writer() {
    let directory = tempdir().unwrap();
    let index = Index::builder()
        .writer_memory(0)
        .open(directory.path())
        .unwrap();
    let mut writer = index.writer().unwrap();
    write(&mut writer, 1);
    let readers: Vec<_> = (0..3)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["concurrency::child", "--exact", "--ignored", "--nocapture"])
                .env(DIRECTORY, directory.path())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for generation in 2..=LAST {
        write(&mut writer, generation);
    }
    for reader in readers {
        let output = reader.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    writer.close().unwrap();
}
