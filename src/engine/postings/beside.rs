//! [`FilesBeside`]: the files that a segment has beside the engine's.

use tantivy::Segment;
use tantivy::directory::CompositeFile;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::SegmentComponent;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::bitmaps::{BITMAPS, BitmapsWriter};
use super::champions::{CHAMPIONS, ChampionsWriter};
use super::files::PostingFiles;
use super::terms::{PAIR_MARK, WRITTEN_MARK};

/// Begin the terms that are no lemmas.
const MARKS: [u8; 2] = [WRITTEN_MARK as u8, PAIR_MARK as u8];

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
        let FilesBeside { field, endings } = *self;
        let has = |ending| endings.contains(&ending);
        let mut champions = has(CHAMPIONS).then(ChampionsWriter::default);
        let mut bitmaps = has(BITMAPS).then(|| BitmapsWriter::new(field));
        let read = |component| segment.open_read(component);
        if endings.is_empty() {
            return Ok(());
        }
        let terms = CompositeFile::open(&read(SegmentComponent::Terms)?)?.open_read(field);
        let norms = FieldNormReaders::open(read(SegmentComponent::FieldNorms)?)?;
        if let (Some(terms), Some(norms)) = (terms, norms.get_field(field)?) {
            let end = norms.num_docs();
            let files = PostingFiles::open(read, field, norms, end)?;
            let terms = TermDictionary::open(terms)?;
            let mut stream = terms.stream()?;
            while let Some((term, info)) = stream.next() {
                // The best articles of a word as written, or of a pair, are not asked for.
                let is_lemma = !MARKS.iter().any(|mark| term.first() == Some(mark));
                if let Some(champions) = champions.as_mut().filter(|_| is_lemma) {
                    champions.add(&files, info)?;
                }
                if let Some(bitmaps) = bitmaps.as_mut().filter(|_| is_lemma) {
                    bitmaps.add(&files, info)?;
                }
            }
        }
        if let Some(champions) = champions {
            champions.write(segment)?;
        }
        match bitmaps {
            Some(bitmaps) => bitmaps.write(segment),
            None => Ok(()),
        }
    }
}
