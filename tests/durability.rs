//! Killed at any instant, an index has what a commit returned for, exactly once, and nothing else.
//!
//! A child process, this same binary, writes and commits in a loop what follows from the number of
//! the commit alone; it is killed, and the index compared with what it must hold.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::tempdir;
use trouvaille::{Article, Index, IndexBuilder, Query, Search};

const DIRECTORY: &str = "TROUVAILLE_TEST_DURABILITY";
const COUNTER: &str = "compteur";
const IDS: u64 = 300;

/// SplitMix64: the same numbers in the child and in its parent.
fn mix(number: u64) -> u64 {
    let mut hash = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// What a commit changes: ids, and whether they are written or deleted.
fn changes(commit: u64) -> impl Iterator<Item = (String, bool)> {
    (0..mix(commit) % 40).map(move |change| {
        let number = mix(commit * 1_000 + change);
        (
            (number % IDS).to_string(),
            !(number >> 32).is_multiple_of(4),
        )
    })
}

fn body(commit: u64) -> String {
    format!(
        "révision {commit} de la dépêche, et {}",
        "du texte ".repeat(30)
    )
}

fn builder() -> IndexBuilder {
    Index::builder().writer_memory(64_000_000)
}

fn last_commit(index: &Index) -> u64 {
    let counter = index.searcher().article(COUNTER).unwrap();
    counter.map_or(0, |article| article.body.parse().unwrap())
}

#[test]
#[ignore = "the child of the other tests: does nothing by itself"]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else {
        return;
    };
    let mut journal = OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.join("journal"))
        .unwrap();
    let mut say = |word: &str, commit: u64| {
        journal
            .write_all(format!("{word} {commit}\n").as_bytes())
            .unwrap();
    };
    let index = builder().open(directory.join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for commit in last_commit(&index) + 1.. {
        say("write", commit);
        if commit % 5 == 0 {
            writer.delete_all().unwrap();
            writer
                .upsert(&Article::new("jamais", "", "renoncé"))
                .unwrap();
            writer.rollback().unwrap();
        }
        for (id, is_written) in changes(commit) {
            match is_written {
                true => writer.upsert(&Article::new(id, "", body(commit))).unwrap(),
                false => writer.delete(&id).unwrap(),
            }
        }
        writer
            .upsert(&Article::new(COUNTER, "", commit.to_string()))
            .unwrap();
        say("commit", commit);
        writer.commit().unwrap();
        say("done", commit);
        if commit % 4 == 0 {
            say("close", commit);
            writer.close().unwrap();
            say("closed", commit);
            writer = index.writer().unwrap();
        }
    }
}

/// One index, the process that writes to it, and what it must hold.
struct Victim {
    directory: PathBuf,
    commit: u64,
    articles: BTreeMap<String, String>,
    /// How often each phase was hit.
    hits: BTreeMap<String, usize>,
}

impl Victim {
    fn new(directory: &Path) -> Victim {
        Victim {
            directory: directory.to_owned(),
            commit: 0,
            articles: BTreeMap::new(),
            hits: BTreeMap::new(),
        }
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.directory.join("journal")).unwrap_or_default()
    }

    fn spawn(&self) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["durability::child", "--exact", "--ignored", "--nocapture"])
            .env(DIRECTORY, &self.directory)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Starts the writer, kills it a random while after it began a random step, and checks the index.
    fn kill_once(&mut self, random: u64) {
        let steps = |victim: &Victim| victim.journal().lines().count();
        let before = steps(self);
        let mut child = self.spawn();
        // None: while it opens the index.
        let wanted = usize::try_from(random >> 32).unwrap() % 16;
        while steps(self) < before + wanted && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(random % 40_000));
        let was_alive = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(was_alive, "{}", String::from_utf8_lossy(&output.stderr));
        self.check();
    }

    fn check(&mut self) {
        let journal = self.journal();
        let number = |line: &str| line.split(' ').nth(1).and_then(|text| text.parse().ok());
        let done: u64 = journal
            .lines()
            .rev()
            .find(|line| line.starts_with("done"))
            .map_or(0, |line| number(line).unwrap());
        // One that was there when its writer was killed before it could say so stays there.
        let done = done.max(self.commit);
        let last = journal.lines().last().unwrap_or("open 0");
        let phase = last.split(' ').next().unwrap_or_default().to_owned();
        *self.hits.entry(phase.clone()).or_default() += 1;
        let index = match builder().open_read_only(self.directory.join("index")) {
            Ok(index) => index,
            Err(error) => {
                assert!(done == 0 && error.is_not_found(), "{error}");
                return;
            }
        };
        index.verify().unwrap();
        let found = last_commit(&index);
        let may_be_ahead = phase == "commit" && number(last) == Some(done + 1);
        assert!(
            found == done || may_be_ahead && found == done + 1,
            "commit {done} returned, {found} is there, {last:?}"
        );
        for commit in self.commit + 1..=found {
            for (id, is_written) in changes(commit) {
                match is_written {
                    true => self.articles.insert(id, body(commit)),
                    false => self.articles.remove(&id),
                };
            }
        }
        self.commit = found;
        self.compare(&index);
    }

    fn compare(&self, index: &Index) {
        let results = index
            .search(Search::new(Query::all()).limit(10_000))
            .unwrap();
        let mut found = BTreeMap::new();
        for hit in &results {
            let article = hit.try_article().unwrap().clone();
            if article.id != COUNTER {
                assert_eq!(found.insert(article.id, article.body), None, "twice");
            }
        }
        assert_eq!(found, self.articles);
        let total = index.search("dépêches").unwrap().total().unwrap();
        assert_eq!(total, self.articles.len());
    }

    /// The next writer needs no repair, and removes what the killed ones left.
    fn finish(&self) {
        let path = self.directory.join("index");
        let index = builder().open(&path).unwrap();
        let mut writer = index.writer().unwrap();
        writer
            .upsert(&Article::new("fin", "", "la dernière"))
            .unwrap();
        writer.commit().unwrap();
        writer.delete("fin").unwrap();
        writer.commit().unwrap();
        writer.close().unwrap();
        // What the last merges replaced goes with the next commit.
        let mut writer = index.writer().unwrap();
        writer.commit().unwrap();
        self.compare(&index);
        let names: Vec<String> = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert!(
            !names.iter().any(|name| name.starts_with(".tmp")),
            "{names:?}"
        );
        let segments = names.iter().filter(|name| name.ends_with(".store")).count();
        let files = names.iter().filter(|name| !name.starts_with('.')).count();
        // Each of eight files, and its deletions.
        assert!(files <= segments * 9 + 2, "orphans: {names:?}");
        writer.close().unwrap();
    }
}

fn kill(times: u64, seed: u64) -> BTreeMap<String, usize> {
    let directory = tempdir().unwrap();
    let mut victim = Victim::new(directory.path());
    for round in 0..times {
        victim.kill_once(mix(seed + round));
    }
    victim.finish();
    assert!(victim.commit > 0);
    println!(
        "{times} kills over {} commits, by what was under way: {:?}",
        victim.commit, victim.hits
    );
    victim.hits
}

#[test]
fn a_killed_writer_loses_nothing() {
    kill(8, 1);
}

/// The same import, killed and run again, comes to the same numbers inside the engine.
#[test]
fn what_a_killed_commit_left_is_in_nobody_s_way() {
    let directory = tempdir().unwrap();
    let path = directory.path();
    let first = |path: &Path| {
        let index = Index::builder().writer_memory(0).open(path).unwrap();
        let mut writer = index.writer().unwrap();
        for id in ["1", "2", "3"] {
            writer.upsert(&Article::new(id, "", "La dépêche")).unwrap();
        }
        writer.commit().unwrap();
        writer
    };
    let second = |index: &Index| {
        let mut writer = index.writer().unwrap();
        writer.delete("2").unwrap();
        writer.commit().unwrap();
        writer.close().unwrap();
    };
    first(path).close().unwrap();
    let commit = fs::read(path.join("meta.json")).unwrap();
    let elsewhere = Index::open(path).unwrap();
    second(&Index::open(path).unwrap());
    let deletions = |path: &Path| -> Vec<PathBuf> {
        let files = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|end| end == "del"))
            .collect()
    };
    let left = deletions(path);
    assert_eq!(left.len(), 1);
    // As if the second commit had been killed before its last step; and one that knows nothing of it.
    for index in [Index::open(path).unwrap(), elsewhere] {
        fs::write(path.join("meta.json"), &commit).unwrap();
        assert_eq!(Index::open(path).unwrap().len(), 3);
        second(&index);
        assert_eq!(deletions(path), left);
        assert_eq!(index.len(), 2);
    }
}

#[test]
#[ignore = "minutes"]
fn killed_four_hundred_times() {
    let hits = kill(400, 1_000);
    for phase in ["write", "commit", "close"] {
        assert!(hits.get(phase).is_some_and(|hits| *hits >= 10), "{hits:?}");
    }
}
