//! The last of the benches: one table of the ratios that the others have measured. It times nothing.

#![allow(missing_docs)] // not a library

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

/// The two sides of a comparison; the ratio is the second's time over the first's.
const SIDES: [(&str, &str); 3] = [
    ("tantivy French", "trouvaille"),
    ("plain BM25", "default"),
    ("bare parse", "trouvaille"),
];

fn main() {
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target")),
        PathBuf::from,
    );
    let mut groups = BTreeMap::new();
    collect(&target.join("criterion"), &mut groups);
    // Groups that an earlier version measured are still there.
    let newest = groups.values().map(|group| group.measured).max();
    println!(
        "\n{:<40} {:>14} {:>14} {:>7}",
        "median", "first", "second", "ratio"
    );
    for (group, Group { times, measured }) in &groups {
        if newest.is_some_and(|newest| newest.duration_since(*measured).is_ok_and(|age| age > RUN))
        {
            continue;
        }
        for (first, second) in SIDES {
            if let (Some(base), Some(own)) = (times.get(first), times.get(second)) {
                println!(
                    "{group:<40} {} {} {:>7.2}",
                    time(*base),
                    time(*own),
                    own / base
                );
            }
        }
    }
    println!("first: tantivy French, plain BM25 or the bare parse; second: trouvaille, ranking on");
}

/// No run of all benches takes longer.
const RUN: Duration = Duration::from_secs(3_600);

struct Group {
    /// The medians, in nanoseconds, by function.
    times: BTreeMap<String, f64>,
    measured: SystemTime,
}

fn collect(folder: &Path, groups: &mut BTreeMap<String, Group>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.file_name().is_some_and(|name| name == "new") {
            let read = |name: &str| -> Option<Value> {
                serde_json::from_str(&std::fs::read_to_string(path.join(name)).ok()?).ok()
            };
            if let (Some(bench), Some(estimates)) = (read("benchmark.json"), read("estimates.json"))
                && let (Some(group), Some(function), Some(median)) = (
                    bench["group_id"].as_str(),
                    bench["function_id"].as_str(),
                    estimates["median"]["point_estimate"].as_f64(),
                )
            {
                // Of the file: the folder stays as old as its first run.
                let file = path.join("estimates.json");
                let measured = file.metadata().and_then(|metadata| metadata.modified());
                let measured = measured.unwrap_or(SystemTime::UNIX_EPOCH);
                let group = groups.entry(group.to_owned()).or_insert(Group {
                    times: BTreeMap::new(),
                    measured,
                });
                group.times.insert(function.to_owned(), median);
                group.measured = group.measured.max(measured);
            }
        } else if path.is_dir() {
            collect(&path, groups);
        }
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        short if short < 1e6 => format!("{:>11.1} µs", short / 1e3),
        long => format!("{:>11.1} ms", long / 1e6),
    }
}
