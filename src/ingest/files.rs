//! The files of a folder, one after the other, folder by folder.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::bad_record::BadRecord;
use super::format::Format;

/// Walks a folder in the order of names. What is held is the listing of the folders that lead to the
/// present file.
pub(super) struct Files {
    /// What is still to visit, the next one last.
    stack: Vec<PathBuf>,
    formats: Vec<Format>,
    follow_links: bool,
    /// The folders entered, by their true paths; only kept when links are followed.
    entered: HashSet<PathBuf>,
}

impl Files {
    pub(super) fn new(
        folder: &Path,
        formats: Vec<Format>,
        follow_links: bool,
    ) -> io::Result<Files> {
        let mut files = Files {
            stack: Vec::new(),
            formats,
            follow_links,
            entered: HashSet::new(),
        };
        files.enter(folder)?;
        Ok(files)
    }

    /// The next file of one of the formats, or a folder that cannot be listed.
    pub(super) fn next(&mut self) -> Option<Result<(PathBuf, Format), BadRecord>> {
        loop {
            let path = self.stack.pop()?;
            // What a link points to, and whether it does.
            let link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
            let format = Format::of(&path).filter(|format| self.formats.contains(format));
            let metadata = match fs::metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) if format.is_some() => {
                    return Some(Err(BadRecord::unreadable(&path, &error)));
                }
                // Anything else that is gone is none of our business.
                Err(_) => continue,
            };
            if metadata.is_dir() {
                // Links to folders may lead back to where they stand.
                if link && !self.follow_links {
                    continue;
                }
                if let Err(error) = self.enter(&path) {
                    return Some(Err(BadRecord::new(
                        &path,
                        format!("the folder cannot be listed: {error}"),
                    )));
                }
                continue;
            }
            // Pipes and devices would block for ever.
            if let Some(format) = format.filter(|_| metadata.is_file()) {
                return Some(Ok((path, format)));
            }
        }
    }

    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        if self.follow_links && !self.entered.insert(fs::canonicalize(folder)?) {
            return Ok(());
        }
        let mut paths = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<PathBuf>>>()?;
        paths.sort_unstable_by(|one, other| other.cmp(one));
        self.stack.append(&mut paths);
        Ok(())
    }
}
