//! Whether every byte of an index is as it was written.

use std::collections::HashSet;
use std::path::PathBuf;

use tantivy::index::SegmentComponent;
use tantivy::{SegmentMeta, SegmentReader, TantivyError};

use super::storage::components;
use super::{Core, failure};
use crate::error::{Error, Result};

/// How often a writer elsewhere may replace segments while they are verified.
const MAX_ROUNDS: usize = 100;

/// More than any writer lives to.
const MAX_OPERATIONS: u64 = u64::MAX / 2;

/// Reads every file of the last commit and compares it with its checksum.
pub(crate) fn verify(core: &Core) -> Result<()> {
    let mut verified = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        // What the writer's index knows to be in use here, it does not remove meanwhile.
        let segments = core
            .writing
            .get()
            .unwrap_or(&core.index)
            .searchable_segment_metas()
            .map_err(|error| failure("reading the last commit", &core.place, error))?;
        let mut damaged = Vec::new();
        for segment in &segments {
            of_segment(core, segment, &mut verified, &mut damaged);
        }
        if damaged.is_empty() {
            return Ok(());
        }
        // A merge in another process may have taken files away meanwhile.
        let now = core.index.searchable_segment_metas();
        let is_same = now.is_ok_and(|now| {
            let ids = |segments: &[SegmentMeta]| -> Vec<_> {
                let stamp = |segment: &SegmentMeta| (segment.id(), segment.delete_opstamp());
                segments.iter().map(stamp).collect()
            };
            ids(&now) == ids(&segments)
        });
        if is_same {
            damaged.sort();
            return Err(damage(core, &damaged));
        }
    }
    Err(Error::corrupt(
        core.place.clone(),
        "its segments were replaced again and again while they were verified: try when nothing writes",
        None,
    ))
}

fn damage(core: &Core, damaged: &[String]) -> Error {
    Error::corrupt(core.place.clone(), damaged.join("; "), None)
}

fn of_segment(
    core: &Core,
    segment: &SegmentMeta,
    verified: &mut HashSet<PathBuf>,
    damaged: &mut Vec<String>,
) {
    let directory = core.index.directory();
    let before = damaged.len();
    for component in components(&core.index) {
        if component == SegmentComponent::Delete && !segment.has_deletes() {
            continue;
        }
        let file = segment.relative_path(component);
        if verified.contains(&file) {
            continue;
        }
        match directory.validate_checksum(&file) {
            Ok(true) => {
                verified.insert(file);
            }
            Ok(false) => damaged.push(format!("its file {} has a wrong checksum", file.display())),
            Err(error) => {
                let error = failure("verifying", &core.place, TantivyError::from(error));
                damaged.push(error.damage());
            }
        }
    }
    if damaged.len() > before {
        return;
    }
    let disagreement = SegmentReader::open(&core.index.segment(segment.clone()))
        .and_then(|reader| disagreement(core, segment, &reader));
    match disagreement {
        Ok(found) => damaged.extend(found),
        Err(error) => {
            let error = failure("verifying", &core.place, error);
            damaged.push(error.damage());
        }
    }
}

/// Compares the list of segments, which has no checksum, with the segments that were opened: the engine
/// believes its numbers, and a wrong one hides articles or makes it panic. Costs no reading of files.
pub(crate) fn compare_counts(core: &Core) -> Result<()> {
    let action = "reading the last commit";
    let failed = |error| failure(action, &core.place, error);
    let list = core.index.load_metas().map_err(failed)?;
    let deletions = list.segments.iter().filter_map(SegmentMeta::delete_opstamp);
    // Every operation counts one up, and the last commit is the latest.
    if list.opstamp > MAX_OPERATIONS || deletions.max().is_some_and(|last| last > list.opstamp) {
        let message = format!(
            "the list of segments cannot be of operation {}",
            list.opstamp
        );
        return Err(damage(core, &[message]));
    }
    for reader in core.reader.searcher().segment_readers() {
        // Where a writer elsewhere has committed meanwhile, the list is another one.
        let segment = list.segments.iter().find(|segment| {
            segment.id() == reader.segment_id()
                && segment.delete_opstamp() == reader.delete_opstamp()
        });
        let Some(segment) = segment else { continue };
        if let Some(found) = disagreement(core, segment, reader).map_err(failed)? {
            return Err(damage(core, &[found]));
        }
    }
    Ok(())
}

/// What the list of segments says otherwise than the files of one.
fn disagreement(
    core: &Core,
    segment: &SegmentMeta,
    reader: &SegmentReader,
) -> tantivy::Result<Option<String>> {
    let all = reader.get_fieldnorms_reader(core.fields.text)?.num_docs();
    let alive = reader.num_docs();
    let (listed, deleted) = (segment.max_doc(), segment.num_deleted_docs());
    // A file of deletions is written when there are some.
    let has_deletions = segment.delete_opstamp().is_some();
    let is_same = all == listed
        && listed.checked_sub(deleted) == Some(alive)
        && has_deletions == (deleted > 0);
    Ok((!is_same).then(|| {
        format!(
            "the list of segments has {listed} articles, {deleted} of them deleted, in segment {}, its files have {all} and {}",
            segment.id().uuid_string(),
            all.saturating_sub(alive)
        )
    }))
}
