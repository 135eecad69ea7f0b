//! An index that is read in pieces answers as one that is mapped, and keeps less in memory.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use trouvaille::{Article, Index, Match, Query, Result, Search};

const COUNT: usize = 2_400;

const WORDS: [&str; 40] = [
    "la",
    "de",
    "le",
    "et",
    "les",
    "à",
    "des",
    "en",
    "l’eau",
    "d’abord",
    "mairie",
    "coton",
    "prix",
    "vallée",
    "gare",
    "horloge",
    "vieille",
    "ateliers",
    "récolte",
    "pluie",
    "moissons",
    "soutient",
    "élèves",
    "tilleuls",
    "marché",
    "marche",
    "train",
    "nuit",
    "place",
    "source",
    "outils",
    "bibliothèque",
    "porte-parole",
    "conseil",
    "municipal",
    "Évian",
    "école",
    "lac",
    "village",
    "fête",
];

/// Words of which the last are rarer, the same for the same number.
fn article(number: usize) -> Article {
    let mut seed = number as u64 + 1;
    let mut below = |sides: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % sides
    };
    let mut text = |count: usize| {
        let words = (0..count).map(|_| match below(4) {
            0 => WORDS[below(WORDS.len())],
            _ => WORDS[below(WORDS.len()).min(below(WORDS.len()))],
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let title = text(6);
    Article::new(number.to_string(), title, text(200 + number % 300))
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::builder().writer_threads(1).open(&folder).unwrap();
    let mut writer = index.writer().unwrap();
    for number in 0..COUNT {
        writer.add(&article(number)).unwrap();
        // Two segments.
        if number == COUNT / 2 {
            writer.commit().unwrap();
        }
    }
    for number in (0..COUNT).step_by(17) {
        writer.delete(&number.to_string()).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    // Small files are mapped whatever is asked.
    for ending in ["idx", "pos"] {
        let files = fs::read_dir(&folder).unwrap().flatten();
        let files = files.filter(|file| file.path().extension().is_some_and(|e| e == ending));
        let longest = files.map(|file| file.metadata().unwrap().len()).max();
        assert!(longest > Some(1 << 17), "{ending}: {longest:?}");
    }
    folder
}

fn low(folder: &Path) -> Index {
    let builder = Index::builder().low_memory(true);
    builder.open_read_only(folder).unwrap()
}

fn searches() -> Vec<Search> {
    let typed = [
        "mairie",
        "mairie horloge",
        "marche train nuit",
        "la récolte de coton",
        "\"la vieille horloge\"",
        "\"le prix de l’eau\"",
        "\"horloge de la gare\"~3",
        "\"conseil mu\"*",
        "outil*",
        "biblioteque munisipal",
        "porte-parole école",
        "(lac OU village) ET \"la fête\"",
        "+gare tilleuls -pluie",
        "titre:coton fête",
        "\"de la\"",
        "les",
    ];
    let mut searches: Vec<Search> = typed.into_iter().map(Search::from).collect();
    for words in [
        "gare place",
        "tilleuls moissons village",
        "eau nuit lac fête",
    ] {
        let any = Search::new(Query::words(words)).matching(Match::Any);
        searches.extend([any.clone(), any.limit(200)]);
        searches.push(Search::new(Query::phrase(words)).count_total(true));
    }
    searches
}

/// Of fields that no article has.
const OF_NOTHING: [&str; 3] = ["auteur:mairie", "source:gare", "commentaires:lac"];

/// All that a search tells.
fn answer(index: &Index, search: &Search) -> Result<Vec<String>> {
    let results = index.search(search.clone())?;
    let mut told = vec![results.total()?.to_string()];
    for hit in &results {
        let article = hit.try_article()?;
        let explained = format!("{:?}", hit.explain()?);
        told.push(format!("{} {} {explained}", article.id, hit.score()));
    }
    Ok(told)
}

#[test]
fn what_is_read_in_pieces_answers_as_what_is_mapped() {
    let folder = folder();
    let (mapped, low) = (Index::open_read_only(&folder).unwrap(), low(folder.path()));
    for search in searches() {
        let expected = answer(&mapped, &search).unwrap();
        assert!(expected.len() > 1, "{:?} finds nothing", search.query());
        let found = answer(&low, &search).unwrap();
        assert!(found == expected, "{:?}", search.query());
    }
    for search in OF_NOTHING.map(Search::from) {
        assert_eq!(answer(&low, &search).unwrap(), ["0"]);
    }
}

#[test]
fn a_writer_merges_what_is_read_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Index::builder().low_memory(true).writer_threads(1);
    let index = builder.open(&folder).unwrap();
    let mut writer = index.writer().unwrap();
    let mut held = None;
    for number in 0..COUNT {
        // Fields that no article has are written too.
        let mut article = article(number);
        article.title.clear();
        writer.add(&article).unwrap();
        if number % 100 == 99 {
            writer.commit().unwrap();
            // A view of files that merges remove.
            held.get_or_insert_with(|| (index.searcher(), number + 1));
        }
    }
    writer.close().unwrap();
    let (view, count) = held.unwrap();
    assert_eq!(view.search("la").unwrap().total().unwrap(), count);
    for hit in &view.search("\"la vieille horloge\"").unwrap() {
        assert!(!hit.try_article().unwrap().body.is_empty());
    }

    // Segments that were merged are merged again.
    let files = fs::read_dir(&folder).unwrap().flatten();
    let segments = files.filter(|file| file.path().extension().is_some_and(|e| e == "pos"));
    let segments = segments.count();
    assert!(segments < 12, "{segments}");
    index.verify().unwrap();
    let mapped = Index::open_read_only(&folder).unwrap();
    let of_nothing = OF_NOTHING.into_iter().chain(["titre:mairie"]);
    for search in searches().into_iter().chain(of_nothing.map(Search::from)) {
        let [expected, found] = [&mapped, &index].map(|index| answer(index, &search).unwrap());
        assert!(found == expected, "{:?}", search.query());
    }
}

/// How many bytes of the positions of an index are mapped and in memory.
#[cfg(target_os = "linux")]
fn mapped_positions(folder: &Path) -> usize {
    let folder = fs::canonicalize(folder).unwrap();
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let (mut is_here, mut sum) = (false, 0);
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        match (fields.next(), fields.next()) {
            (Some("Rss:"), Some(kilobytes)) if is_here => {
                sum += kilobytes.parse::<usize>().unwrap() << 10;
            }
            (Some(name), _) if name.contains('-') => {
                let path = line.rsplit(' ').next().unwrap_or_default();
                is_here = path.ends_with(".pos") && Path::new(path).starts_with(&folder);
            }
            _ => {}
        }
    }
    sum
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_read_in_pieces_is_not_mapped() {
    let folder = folder();
    let low = low(folder.path());
    for search in searches() {
        low.search(search).unwrap();
    }
    let of_low = mapped_positions(folder.path());
    drop(low);
    let mapped = Index::open_read_only(&folder).unwrap();
    for search in searches() {
        mapped.search(search).unwrap();
    }
    let of_mapped = mapped_positions(folder.path());
    assert!(10 * of_low < of_mapped, "{of_low} and {of_mapped}");
}
