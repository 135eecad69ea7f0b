//! Whether every byte of an index is as it was written.

use std::collections::HashSet;
use std::path::PathBuf;

use tantivy::index::SegmentComponent;
use tantivy::{SegmentMeta, SegmentReader, TantivyError};

use super::storage::COMPONENTS;
use super::{Core, failure};
use crate::error::{Error, Result};

/// How often a writer elsewhere may replace segments while they are verified.
const MAX_ROUNDS: usize = 100;

/// Reads every file of the last commit and compares it with its checksum.
pub(crate) fn verify(core: &Core) -> Result<()> {
    let mut verified = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        let segments = core
            .index
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
    for component in COMPONENTS {
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
    // The list of segments has no checksum: its numbers must agree with the files.
    let counted = SegmentReader::open(&core.index.segment(segment.clone())).and_then(|reader| {
        let lengths = reader.get_fieldnorms_reader(core.fields.text)?;
        Ok((lengths.num_docs(), reader.num_docs()))
    });
    match counted {
        Ok((all, alive)) if all == segment.max_doc() && alive == segment.num_docs() => {}
        Ok((all, alive)) => damaged.push(format!(
            "the list of segments has {} articles, {} of them deleted, in segment {}, its files have {all} and {}",
            segment.max_doc(),
            segment.num_deleted_docs(),
            segment.id().uuid_string(),
            all.saturating_sub(alive)
        )),
        Err(error) => {
            let error = failure("verifying", &core.place, error);
            damaged.push(error.damage());
        }
    }
}
