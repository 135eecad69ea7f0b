//! Who holds the writer's lock: a note beside the engine's lock file, for the error message.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use crate::error::Place;

const NOTE: &str = "trouvaille-writer.txt";

/// Removes the note when the writer goes. The lock itself is the engine's (an advisory file lock
/// that the system frees when the process dies): the note is only read while that lock is held.
#[derive(Debug)]
pub(crate) struct HolderNote(Option<PathBuf>);

impl HolderNote {
    pub(crate) fn write(place: &Place) -> HolderNote {
        let Place::Directory(directory) = place else {
            return HolderNote(None);
        };
        let program = std::env::current_exe()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "a program".to_owned());
        let path = directory.join(NOTE);
        // A note that cannot be written makes a later message poorer, nothing else.
        let _ = fs::write(&path, format!("{program} (process {})", process::id()));
        HolderNote(Some(path))
    }
}

impl Drop for HolderNote {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

/// Names the holder, for [`Error::locked`](crate::Error::is_locked).
pub(crate) fn holder(place: &Place) -> String {
    let read = |directory: &Path| fs::read_to_string(directory.join(NOTE)).ok();
    match place {
        Place::Directory(directory) => {
            read(directory).unwrap_or_else(|| "another writer".to_owned())
        }
        _ => "another writer of this program".to_owned(),
    }
}
