//! [`FilesBeside`]: the files that a segment has beside the engine's.

use tantivy::directory::CompositeFile;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::SegmentComponent;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{Segment, TantivyError};

use super::bitmaps::{BITMAPS, BitmapsWriter};
use super::champions::{CHAMPIONS, ChampionsWriter};
use super::files::PostingFiles;
use super::terms::{PAIR_MARK, WRITTEN_MARK};
use crate::engine::failure::failing_if_noted;
use crate::text::function_words::is_form;

const WRITTEN: u8 = WRITTEN_MARK as u8;
const PAIR: u8 = PAIR_MARK as u8;

/// Which files the segments of an index have is settled when it is made: one that was made before there were
/// such files is never given them, and is searched without.
const VERSIONS: [&[&str]; 3] = [&[CHAMPIONS, BITMAPS], &[CHAMPIONS], &[]];

/// Files about the words of one field.
#[derive(Clone, Copy)]
pub(super) struct FilesBeside {
    field: Field,
    endings: &'static [&'static str],
}

impl FilesBeside {
    /// Of a new index.
    pub(super) fn all(field: Field) -> FilesBeside {
        let [endings, ..] = VERSIONS;
        FilesBeside { field, endings }
    }

    /// Of an index whose segments have files of these endings.
    pub(super) fn of(field: Field, endings: &[String]) -> FilesBeside {
        let has_all =
            |version: &&&[&str]| version.iter().all(|one| endings.iter().any(|of| of == one));
        let endings = VERSIONS.iter().find(has_all).copied().unwrap_or_default();
        FilesBeside { field, endings }
    }

    pub(super) fn endings(&self) -> &'static [&'static str] {
        self.endings
    }

    /// Whether [pairs](super::pairs) of words of a field are recorded: they came with the bits.
    pub(super) fn has_pairs(&self, field: Field) -> bool {
        field == self.field && self.endings.contains(&BITMAPS)
    }

    /// Writes them for a segment whose words are written.
    pub(super) fn write(&self, segment: &Segment) -> tantivy::Result<()> {
        failing_if_noted(|| self.write_all(segment), TantivyError::from)
    }

    fn write_all(&self, segment: &Segment) -> tantivy::Result<()> {
        let FilesBeside { field, endings } = *self;
        let has = |ending| endings.contains(&ending);
        if endings.is_empty() {
            return Ok(());
        }
        let read = |component| segment.open_read(component);
        let terms = CompositeFile::open(&read(SegmentComponent::Terms)?)?.open_read(field);
        let norms = FieldNormReaders::open(read(SegmentComponent::FieldNorms)?)?;
        let terms = terms.map(TermDictionary::open).transpose()?;
        let files = match norms.get_field(field)? {
            Some(norms) => {
                let end = norms.num_docs();
                Some(PostingFiles::open(read, field, norms, end, None)?)
            }
            None => None,
        };
        // Once the postings are open, which would read them.
        let mut champions = has(CHAMPIONS).then(ChampionsWriter::default);
        let mut bitmaps = match has(BITMAPS) {
            true => Some(BitmapsWriter::create(segment, field)?),
            false => None,
        };
        if let (Some(terms), Some(files)) = (terms, files) {
            let mut stream = terms.stream()?;
            while let Some((term, info)) = stream.next() {
                if !is_asked_for_alone(term) {
                    continue;
                }
                if let Some(champions) = &mut champions {
                    champions.add(&files, info)?;
                }
                if let Some(bitmaps) = &mut bitmaps {
                    bitmaps.add(&files, info)?;
                }
            }
        }
        if let Some(champions) = champions {
            champions.write(segment)?;
        }
        match bitmaps {
            Some(bitmaps) => Ok(bitmaps.close()?),
            None => Ok(()),
        }
    }
}

/// Whether a term stands for a word: a lemma, or the form of a function word that is in the index as it is written
/// only. Others are asked for beside lemmas, or in phrases.
fn is_asked_for_alone(term: &[u8]) -> bool {
    match term.split_first() {
        Some((&WRITTEN, form)) => std::str::from_utf8(form).is_ok_and(is_form),
        Some((&PAIR, _)) | None => false,
        Some(_) => true,
    }
}
