//! A disk that is full or fails, at every single operation in turn: a clear error, the last commit
//! intact, and a writer that goes on or says that it has stopped.

use std::collections::BTreeMap;
use std::time::Instant;

use trouvaille::{Article, Error, Index, Query, Result, Search, Writer};

use crate::support::failing_directory::{FailingDirectory, Fault};

type State = BTreeMap<String, String>;

/// Enough for the engine to merge segments, which it does at eight.
const COMMITS: usize = 9;

fn open(directory: &FailingDirectory) -> Result<Index> {
    Index::builder()
        .writer_memory(0)
        .open_directory(Box::new(directory.clone()))
}

fn state(index: &Index) -> Result<State> {
    let results = index.search(Search::new(Query::all()).limit(1_000))?;
    let mut found = State::new();
    for hit in &results {
        let article = hit.try_article()?.clone();
        assert_eq!(found.insert(article.id, article.body), None, "twice");
    }
    assert_eq!(index.search("dépêche")?.total()?, found.len());
    Ok(found)
}

/// An import: what was accepted, and what was committed.
#[derive(Default, Clone)]
struct Import {
    accepted: State,
    committed: State,
    was_committing: bool,
}

impl Import {
    fn commits(&mut self, index: &Index, commits: std::ops::Range<usize>) -> Result<()> {
        let mut writer = index.writer()?;
        for commit in commits {
            let done = self.commit(&mut writer, commit);
            if let Err(error) = done {
                self.is_dead(&mut writer, &error);
                return Err(error);
            }
        }
        writer.close()
    }

    fn commit(&mut self, writer: &mut Writer, commit: usize) -> Result<()> {
        self.was_committing = false;
        // New ones, one in the place of another, and a deletion now and then.
        for number in 0..3 {
            let id = format!("{}", commit * 2 + number);
            // Few words, for each is an operation of every merge.
            let body = format!("Dépêche {number} {commit}");
            let article = Article::new(&id, "Titre", &body).tag("tag");
            match self.accepted.contains_key(&id) {
                true => writer.upsert(&article)?,
                false => writer.add(&article)?,
            }
            self.accepted.insert(id, body);
        }
        if commit % 3 == 2 {
            let id = format!("{}", commit * 2 - 3);
            writer.delete(&id)?;
            self.accepted.remove(&id);
        }
        self.was_committing = true;
        writer.commit()?;
        self.was_committing = false;
        self.committed = self.accepted.clone();
        Ok(())
    }

    /// After an error a writer refuses everything and says what to do; or the error did not concern it.
    fn is_dead(&self, writer: &mut Writer, error: &Error) {
        if !error.is_writer_stopped() {
            assert!(error.to_string().contains("the commit is made"), "{error}");
            return;
        }
        assert!(error.to_string().contains("open a new one"), "{error}");
        let article = Article::new("après", "", "après");
        let refused = [
            writer.upsert(&article).unwrap_err(),
            writer.add(&article).unwrap_err(),
            writer.delete("0").unwrap_err(),
            writer.delete_all().unwrap_err(),
            writer.rollback().unwrap_err(),
            writer.commit().unwrap_err(),
        ];
        for error in refused {
            assert!(error.is_writer_stopped(), "{error}");
            assert!(error.to_string().contains("open a new one"), "{error}");
        }
    }
}

/// An index, and the import that it is about to take.
struct Case {
    directory: FailingDirectory,
    import: Import,
    commits: std::ops::Range<usize>,
}

impl Case {
    /// The index is made, and gets its first articles.
    fn of_nothing() -> Case {
        Case {
            directory: FailingDirectory::default(),
            import: Import::default(),
            commits: 0..2,
        }
    }

    /// One commit less than the engine merges at, by a program that ran before: the import replaces,
    /// deletes and merges. Long imports have these operations many times over and take their time.
    fn before_a_merge() -> Case {
        let directory = FailingDirectory::default();
        let mut import = Import::default();
        import.commits(&open(&directory).unwrap(), 0..7).unwrap();
        Case {
            directory,
            import,
            commits: 7..9,
        }
    }

    fn copy(&self) -> Case {
        Case {
            directory: self.directory.copy(),
            import: self.import.clone(),
            commits: self.commits.clone(),
        }
    }

    /// Runs the import, of which one operation fails, or all from one on; whether any has failed.
    fn fails_at(self, operation: u64, forever: bool, fault: Fault) -> bool {
        let Case {
            directory,
            mut import,
            commits,
        } = self;
        directory.fail_at(operation, forever, fault);
        let failed = open(&directory).and_then(|index| {
            import.commits(&index, commits)?;
            state(&index)
        });
        let what = directory.heal();
        let about = format!("{fault:?} at {operation}: {what:?}");
        if let Err(error) = &failed {
            let message = error.to_string();
            assert!(error.is_io(), "{about}: {message}");
            assert!(
                !error.is_corrupt() && message.len() > 20,
                "{about}: {message}"
            );
        }
        // Whatever failed: the last commit is there, or the one that was under way, whole.
        let index = open(&directory).unwrap_or_else(|error| panic!("{about}: {error}"));
        index
            .verify()
            .unwrap_or_else(|error| panic!("{about}: {error}"));
        let found = state(&index).unwrap();
        assert!(
            found == import.committed || import.was_committing && found == import.accepted,
            "{about}: {} articles are there, {} committed, {} accepted",
            found.len(),
            import.committed.len(),
            import.accepted.len()
        );
        // And the import goes on from there.
        import.accepted = found;
        import
            .commits(&index, 0..1)
            .unwrap_or_else(|error| panic!("{about}: {error}"));
        assert_eq!(state(&index).unwrap(), import.accepted, "{about}");
        !what.is_empty()
    }
}

fn at_every(step: usize) {
    for (name, case) in [
        ("a new index", Case::of_nothing()),
        ("an index before a merge", Case::before_a_merge()),
    ] {
        for (fault, forever) in [
            (Fault::InputOutput, false),
            (Fault::InputOutput, true),
            (Fault::DiskFull, false),
            (Fault::DiskFull, true),
            (Fault::ShortWrite, false),
        ] {
            let started = Instant::now();
            let mut failures = 0;
            // Merges make a run longer or shorter: the end is where none fails several times.
            let mut without = 0;
            for operation in (0..).step_by(step) {
                let has_failed = case.copy().fails_at(operation, forever, fault);
                failures += usize::from(has_failed);
                without = if has_failed { 0 } else { without + 1 };
                if without == 3 {
                    break;
                }
            }
            let took = started.elapsed().as_secs();
            println!("{name}, {fault:?}, forever {forever}: {failures} failures in {took} s");
            assert!(failures > 50 / step);
        }
    }
}

#[test]
fn a_failing_disk_loses_nothing() {
    at_every(997);
}

#[test]
#[ignore = "minutes"]
fn a_disk_that_fails_at_every_operation_loses_nothing() {
    at_every(1);
}

#[test]
fn a_commit_outlives_a_power_failure() {
    let directory = FailingDirectory::default();
    let index = open(&directory).unwrap();
    let mut import = Import::default();
    for _ in 0..2 {
        let mut writer = index.writer().unwrap();
        for commit in 0..COMMITS {
            import.commit(&mut writer, commit).unwrap();
            let left = Index::builder()
                .open_directory(Box::new(directory.after_power_failure()))
                .unwrap();
            assert_eq!(state(&left).unwrap(), import.committed);
            left.verify().unwrap();
        }
        writer.close().unwrap();
    }
}

#[test]
fn a_search_on_a_failing_disk_is_an_error_and_the_next_one_works() {
    searches_at_every(15);
}

#[test]
#[ignore = "minutes"]
fn a_search_whose_every_reading_fails_in_turn_is_an_error() {
    searches_at_every(1);
}

fn searches_at_every(step: usize) {
    for (low_memory, forever) in [(false, true), (true, true), (true, false)] {
        searches_of_at_every(step, low_memory, forever);
    }
}

fn searches_of_at_every(step: usize, low_memory: bool, forever: bool) {
    let directory = FailingDirectory::default();
    let mut import = Import::default();
    import
        .commits(&open(&directory).unwrap(), 0..COMMITS)
        .unwrap();
    // Lists of several blocks.
    let mut writer = open(&directory).unwrap().writer().unwrap();
    for number in 0..400 {
        let body = format!("La dépêche {number} parle de la dépêche {}. ", number % 9).repeat(3);
        let article = Article::new(format!("longue-{number}"), "Titre", body);
        writer.add(&article).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    let open = || {
        let builder = Index::builder().writer_memory(0).low_memory(low_memory);
        builder.open_directory(Box::new(directory.clone())).unwrap()
    };
    let everything = |index: &Index| -> Result<Vec<String>> {
        let results = index.search(Search::new(Query::parse("dépêches titre:titre").query))?;
        let mut told = Vec::new();
        for hit in &results {
            let explained = hit.explain()?;
            told.push(format!(
                "{} {} {explained:?}",
                hit.try_article()?.id,
                hit.score()
            ));
        }
        let phrase = index.search(Search::new(Query::phrase("la dépêche")))?;
        told.push(format!("{} {}", phrase.total()?, results.total()?));
        index.suggest("dép")?;
        index.searcher().similar("15", 3)?;
        results.did_you_mean()?;
        Ok(told)
    };
    let expected = state(&open()).unwrap();
    let expected_of_everything = everything(&open()).unwrap();
    let mut failures = 0;
    for operation in (0..400).step_by(step) {
        // Opened anew: what is read once is kept.
        let fresh = open();
        directory.fail_at(operation, forever, Fault::InputOutput);
        let answer = everything(&fresh);
        if !directory.heal().is_empty() {
            failures += 1;
        }
        match answer {
            // What failed was not needed.
            Ok(answer) => assert_eq!(answer, expected_of_everything, "{operation}"),
            Err(error) => assert!(error.is_io(), "{operation}: {error}"),
        }
        assert_eq!(everything(&fresh).unwrap(), expected_of_everything);
        assert_eq!(state(&fresh).unwrap(), expected);
    }
    assert!(failures > 50 / step, "{failures}");
}
