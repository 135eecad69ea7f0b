//! Keeps the rooms in order: imports go one way, and only some rooms may name tantivy.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room may import from those before it. `engine` and `snippet` are told apart because the
/// engine marks what the snippet shows.
const ROOMS: [&str; 12] = [
    "error", "date", "article", "text", "query", "snippet", "answer", "engine", "searcher",
    "writer", "index", "ingest",
];
const MAY_NAME_TANTIVY: [&str; 4] = ["engine", "searcher", "writer", "index"];
const NO_FILES: [&str; 3] = ["text", "query", "snippet"];
const MAX_LINES: usize = 600;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap().to_owned();
            let first = inside.components().next().unwrap().as_os_str();
            let room = first.to_string_lossy().trim_end_matches(".rs").to_owned();
            let code = fs::read_to_string(&path).unwrap();
            (room, inside, code)
        })
        .filter(|(room, _, _)| room != "lib")
        .collect()
}

/// The code without comments and doc comments, in which anything may be named.
fn code_lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn imports_go_one_way() {
    for (room, path, code) in sources() {
        let own = ROOMS.iter().position(|name| *name == room);
        let own =
            own.unwrap_or_else(|| panic!("{}: no such room in tests/layers.rs", path.display()));
        for line in code_lines(&code) {
            for part in line.split("crate::").skip(1) {
                let name: String = part
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if let Some(other) = ROOMS.iter().position(|room| *room == name) {
                    assert!(
                        other <= own,
                        "{}: `{room}` may not import from `{name}`",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn only_the_engine_side_names_tantivy() {
    for (room, path, code) in sources() {
        if !MAY_NAME_TANTIVY.contains(&room.as_str()) {
            assert!(
                !code_lines(&code).any(|line| line.contains("tantivy")),
                "{}: `{room}` may not name tantivy",
                path.display()
            );
        }
    }
}

#[test]
fn french_needs_no_files() {
    for (room, path, code) in sources() {
        if NO_FILES.contains(&room.as_str()) {
            assert!(
                !code_lines(&code)
                    .any(|line| line.contains("std::fs") || line.contains("std::net")),
                "{}: `{room}` may not read files",
                path.display()
            );
        }
    }
}

/// Two places, with a bench behind each: what begins to fetch memory, and what compares eight numbers at once. Elsewhere it
/// is denied, and nobody else may allow it.
#[test]
fn unsafe_code_stays_where_it_is() {
    let mut found = Vec::new();
    for (_, path, code) in sources() {
        let allowed = code_lines(&code).filter(|line| line.contains("unsafe_code"));
        found.extend(allowed.map(|_| path.clone()));
    }
    found.sort();
    let known = ["engine/postings/lanes.rs", "text/prefetch.rs"];
    assert_eq!(found, known.map(PathBuf::from));
}

#[test]
fn rooms_stay_small() {
    for (_, path, code) in sources() {
        let lines = code.lines().count();
        assert!(lines <= MAX_LINES, "{}: {lines} lines", path.display());
    }
}
