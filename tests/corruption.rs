//! Damaged files: everything works or says that the index is damaged; nothing panics, hangs or grows.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tantivy::Directory;
use tantivy::directory::RamDirectory;
use tempfile::tempdir;
use trouvaille::{
    Article, Date, Error, Facet, Field, Filter, Index, Published, Query, Result, Search, Sort,
    Typos,
};

use crate::support::memory;

type Files = BTreeMap<String, Vec<u8>>;

fn article(number: usize) -> Article {
    let words = ["coton", "soja", "riz", "mil", "sorgho"];
    let word = words[number % words.len()];
    let body = format!(
        "Le prix du {word} monte à Bamako. Les planteurs de {word} attendent la pluie depuis {number} \
         jours ; le gouvernement promet une réponse avant la fin du mois et des engrais livrés."
    );
    Article::new(
        number.to_string(),
        format!("Le {word}, jour {number}"),
        body,
    )
    .author("Awa Koné")
    .source(["La Rive", "Le Fleuve"][number % 2])
    .tag(word)
    .url("https://exemple.fr")
    .published(Published::from(
        Date::new(2020, 1, 1 + (number % 28) as u8).unwrap(),
    ))
    .extra("rubrique", "Économie")
}

/// Two segments, one with deletions.
fn build(path: &Path) {
    let index = Index::builder().writer_memory(0).open(path).unwrap();
    let mut writer = index.writer().unwrap();
    for numbers in [0..40, 40..60] {
        for number in numbers {
            writer.upsert(&article(number)).unwrap();
        }
        writer.commit().unwrap();
    }
    for number in [3, 17, 30] {
        writer.delete(&number.to_string()).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
}

fn files(path: &Path) -> Files {
    fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .filter(|(name, _)| !name.ends_with(".lock"))
        .collect()
}

/// Whether the bytes are before the footer, which the checksum does not cover.
fn is_body(bytes: &[u8], at: usize) -> bool {
    let end = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap());
    at < end - length as usize
}

fn open(files: &Files) -> Result<Index> {
    let directory = RamDirectory::create();
    for (name, bytes) in files {
        directory.atomic_write(Path::new(name), bytes).unwrap();
    }
    Index::builder().open_directory(Box::new(directory))
}

/// What a program does with an index; the errors that came.
fn use_everything(index: &Index) -> Vec<Error> {
    let mut errors = Vec::new();
    let typed = [
        "coton",
        "prix du sorgho",
        "\"prix du riz\"",
        "gouvernem*",
        "planteus~",
        "titre:mil auteur:awa",
        "body:soja -riz date:2020-01",
        "absent xyzzy",
    ];
    let mut searches: Vec<Search> = typed.map(Search::from).into();
    searches.push(
        Search::new(Query::all())
            .sort(Sort::Newest)
            .facet(Facet::Source)
            .facet(Facet::Year)
            .filter(Filter::tag("coton")),
    );
    searches.push(Search::new(Query::all()).sort(Sort::Title).limit(100));
    searches.push(
        Search::from("prix")
            .typos(Typos::Always)
            .collapse_duplicates(true)
            .freshness(30.0),
    );
    let all = index.search(Search::new(Query::all()).limit(100));
    for answer in [all]
        .into_iter()
        .chain(searches.into_iter().map(|search| index.search(search)))
    {
        let results = match answer {
            Ok(results) => results,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        errors.extend(results.total().err());
        errors.extend(results.total_at_least(3).err());
        for hit in &results {
            match hit.try_article() {
                Ok(_) => drop((hit.snippet(Field::Body).html(), hit.snippet(Field::Title))),
                Err(error) => errors.push(error),
            }
        }
        if let Some(hit) = results.hits().first() {
            errors.extend(hit.explain().err());
        }
        errors.extend(results.did_you_mean().err());
    }
    errors.extend(index.suggest("pri").err());
    errors.extend(index.suggest("l").err());
    let searcher = index.searcher();
    for id in ["1", "45"] {
        errors.extend(searcher.article(id).err());
        for related in [searcher.similar(id, 5), searcher.near_duplicates(id, 5)] {
            // Its id may be what is damaged.
            errors.extend(related.err().filter(|error| !error.is_not_found()));
        }
    }
    errors
}

#[derive(Debug, Default)]
struct Counts {
    mutations: usize,
    refused: usize,
    failed: usize,
    unharmed: usize,
}

/// One mutation of one file.
fn check(files: &Files, name: &str, bytes: Vec<u8>, at: usize, what: &str, counts: &mut Counts) {
    let original = &files[name];
    if *original == bytes {
        return;
    }
    counts.mutations += 1;
    let is_segment = name.len() > 32;
    let must_detect = is_segment && (bytes.len() != original.len() || is_body(original, at));
    let mut damaged = files.clone();
    damaged.insert(name.to_owned(), bytes);
    let index = match open(&damaged) {
        Ok(index) => {
            assert!(!must_detect, "{name} {at} {what} is not seen");
            index
        }
        Err(error) => {
            counts.refused += 1;
            // A footer or a list of segments that is still readable may speak of another version.
            assert!(
                error.is_corrupt() || error.is_incompatible(),
                "{name} {at} {what}: {error}"
            );
            return;
        }
    };
    if let Err(error) = index.verify() {
        assert!(error.is_corrupt(), "{name} {at} {what}: {error}");
    }
    let errors = use_everything(&index);
    counts.failed += usize::from(!errors.is_empty());
    counts.unharmed += usize::from(errors.is_empty());
    for error in errors {
        assert!(error.is_corrupt(), "{name} {at} {what}: {error}");
    }
}

/// Ends the process where one mutation takes longer than any load of the machine explains.
fn watch(progress: Arc<AtomicU64>) {
    thread::spawn(move || {
        let mut last = (0, 0);
        loop {
            thread::sleep(Duration::from_secs(1));
            let now = progress.load(Ordering::Relaxed);
            last = if now == last.0 {
                (now, last.1 + 1)
            } else {
                (now, 0)
            };
            if now == u64::MAX {
                return;
            }
            if last.1 > 120 {
                eprintln!("a search of a damaged index hangs");
                std::process::abort();
            }
        }
    });
}

/// Damages every file in so many places, each in several ways.
fn damage(places: usize) -> Counts {
    let directory = tempdir().unwrap();
    build(directory.path());
    let files = files(directory.path());
    let sound = open(&files).unwrap();
    sound.verify().unwrap();
    assert_eq!(sound.len(), 57);
    assert!(use_everything(&sound).is_empty());
    let progress = Arc::new(AtomicU64::new(0));
    watch(progress.clone());
    // What panics is contained: its message would fill the screen.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_ours = panic
            .location()
            .is_some_and(|place| place.file().contains("tests/"));
        if is_ours {
            hook(panic);
        }
    }));
    let mut counts = Counts::default();
    let mut random = 1_u64;
    let mut next = |below: usize| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 33) as usize % below
    };
    for (name, bytes) in &files {
        let ends = [
            0,
            1,
            2,
            bytes.len() / 2,
            bytes.len().saturating_sub(8),
            bytes.len() - 1,
        ];
        let cuts = ends
            .into_iter()
            .chain((0..places / 8).map(|_| next(bytes.len())));
        for at in cuts.collect::<Vec<_>>() {
            progress.fetch_add(1, Ordering::Relaxed);
            check(&files, name, bytes[..at].to_vec(), at, "cut", &mut counts);
        }
        for place in 0..places {
            progress.fetch_add(1, Ordering::Relaxed);
            // The ends of files say where everything is.
            let at = match place % 3 {
                0 => bytes.len() - 1 - next(bytes.len().min(300)),
                _ => next(bytes.len()),
            };
            let mut damaged = bytes.clone();
            let end = (at + 16).min(bytes.len());
            let what = match next(5) {
                0 => {
                    damaged[at..end].fill(0);
                    "16 zeros"
                }
                1 => {
                    damaged[at..end].fill(0xff);
                    "16 ff"
                }
                2 => {
                    damaged[at] = damaged[at].wrapping_add(1);
                    "one more"
                }
                3 => {
                    damaged[at] = next(256) as u8;
                    "a byte"
                }
                _ => {
                    damaged[at] ^= 1 << next(8);
                    "a bit"
                }
            };
            check(&files, name, damaged, at, what, &mut counts);
        }
        let mut without = files.clone();
        without.remove(name);
        if let Ok(index) = open(&without) {
            let seen = index.verify().is_err();
            assert!(
                seen || name.starts_with('.') || name == "meta.json",
                "{name} missing"
            );
            use_everything(&index);
        }
    }
    progress.store(u64::MAX, Ordering::Relaxed);
    drop(std::panic::take_hook());
    println!(
        "{} files: {counts:?}; at most {:?} MB",
        files.len(),
        memory::most_megabytes()
    );
    counts
}

#[test]
fn damaged_files_are_errors() {
    let counts = damage(4);
    assert!(counts.mutations > 90 && counts.refused > 60, "{counts:?}");
}

#[test]
#[ignore = "minutes"]
fn damaged_in_twenty_thousand_places() {
    let counts = damage(1_450);
    assert!(counts.mutations > 20_000, "{counts:?}");
    if let Some(most) = memory::most_megabytes() {
        assert!(most < 2_000, "{most} MB");
    }
}

/// The list of segments has no checksum: every number and every text in it, one at a time, says
/// something else.
fn lie_at_every(step: usize) -> Counts {
    let directory = tempdir().unwrap();
    build(directory.path());
    let files = files(directory.path());
    let all_articles = articles(&open(&files).unwrap()).unwrap();
    assert_eq!(all_articles.len(), 57);
    let mut counts = Counts::default();
    for name in ["meta.json", ".managed.json"] {
        let sound: Value = serde_json::from_slice(&files[name]).unwrap();
        let mut places = Vec::new();
        pointers(&sound, &mut String::new(), &mut places);
        assert!(places.len() > 10, "{name}: {places:?}");
        let all = places.into_iter().flat_map(|pointer| {
            let lies = lies(sound.pointer(&pointer).unwrap());
            lies.into_iter().map(move |lie| (pointer.clone(), lie))
        });
        for (pointer, lie) in all.step_by(step) {
            let mut damaged = sound.clone();
            let what = format!("{pointer} is {lie}");
            *damaged.pointer_mut(&pointer).unwrap() = lie;
            let bytes = serde_json::to_vec(&damaged).unwrap();
            check(&files, name, bytes.clone(), 0, &what, &mut counts);
            let mut damaged = files.clone();
            damaged.insert(name.to_owned(), bytes);
            if let Ok(found) = open(&damaged).and_then(|index| articles(&index)) {
                assert_eq!(found, all_articles, "{name} {what}");
            }
            if let Err(error) = write_more(&damaged) {
                let is_clear =
                    error.is_corrupt() || error.is_incompatible() || error.is_writer_stopped();
                assert!(is_clear, "{name} {what}: {error}");
            }
        }
    }
    println!("{counts:?}");
    counts
}

#[test]
fn a_list_of_segments_that_lies_is_an_error_or_harmless() {
    let counts = lie_at_every(7);
    assert!(counts.refused > 10 && counts.unharmed > 1, "{counts:?}");
}

#[test]
#[ignore = "half a minute without optimization"]
fn every_lie_of_a_list_of_segments_is_an_error_or_harmless() {
    let counts = lie_at_every(1);
    assert!(counts.refused > 100 && counts.unharmed > 10, "{counts:?}");
}

fn articles(index: &Index) -> Result<Vec<Article>> {
    let mut found = Vec::new();
    let visit = |article| {
        found.push(article);
        ControlFlow::Continue(())
    };
    index.searcher().for_each_article(visit)?;
    Ok(found)
}

fn write_more(files: &Files) -> Result<()> {
    let index = open(files)?;
    let mut writer = index.writer()?;
    writer.upsert(&article(1))?;
    writer.delete("45")?;
    writer.commit()?;
    writer.close()
}

/// Where every value stands that has none inside.
fn pointers(value: &Value, path: &mut String, found: &mut Vec<String>) {
    let mut inside = |key: String, value: &Value| {
        let length = path.len();
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        pointers(value, path, found);
        path.truncate(length);
    };
    match value {
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                inside(place.to_string(), value);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                inside(key.clone(), value);
            }
        }
        _ => found.push(path.clone()),
    }
}

fn lies(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            vec![
                0.into(),
                (number + 1).into(),
                number.saturating_sub(1).into(),
                u32::MAX.into(),
                u64::MAX.into(),
                (-1).into(),
                0.5.into(),
                "1".into(),
                Value::Null,
            ]
        }
        Value::String(text) => {
            let half = text.chars().count() / 2;
            let half: String = text.chars().take(half).collect();
            let other = text.replace(['0', '1', '2'], "7");
            vec![half.into(), "".into(), other.into(), 3.into(), Value::Null]
        }
        Value::Bool(is) => vec![(!is).into(), Value::Null],
        Value::Null => vec![0.into(), 3.into(), "a".into()],
        _ => Vec::new(),
    }
}

#[test]
fn verify_names_every_damaged_file() {
    let directory = tempdir().unwrap();
    let path = directory.path();
    build(path);
    let index = Index::open(path).unwrap();
    index.verify().unwrap();
    let mut names = Vec::new();
    for (name, mut bytes) in files(path) {
        if name.ends_with(".store") || name.ends_with(".pos") {
            bytes[10] ^= 1;
            fs::write(path.join(&name), bytes).unwrap();
            names.push(name);
        }
    }
    assert_eq!(names.len(), 4);
    let error = Index::open(path).unwrap_err();
    assert!(
        error.is_corrupt() && error.to_string().contains("checksum"),
        "{error}"
    );
    let unread = Index::builder().verify_on_open(false).open(path).unwrap();
    let error = unread.verify().unwrap_err();
    assert!(error.is_corrupt());
    for name in names {
        assert!(error.to_string().contains(&name), "{error}");
    }
    assert!(error.to_string().contains("restore it"), "{error}");
}

#[test]
fn verify_goes_on_beside_a_writer() {
    let directory = tempdir().unwrap();
    build(directory.path());
    let index = Index::open(directory.path()).unwrap();
    let reader = Index::open_read_only(directory.path()).unwrap();
    thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut writer = index.writer().unwrap();
            for number in 0..10 {
                writer.upsert(&article(number % 7)).unwrap();
                writer.commit().unwrap();
            }
            writer.close().unwrap();
        });
        while !writing.is_finished() {
            reader.verify().unwrap();
        }
    });
}
