//! [`Ahead`]: the plain words to come, read before they are looked up.
//!
//! The words seen lately lie over 2 MB, a writer's over 8, and their letters over as much again: a third of the time of an
//! analysis went by waiting for one after the other (`benches/analysis.rs`).

use super::cache::{Key, MAX_KEY, WordCache};
use super::scan::{self, Class, Run};
use super::terms::{Arena, Word};

/// How many runs are read ahead.
const MOST: usize = 32;

/// Runs of plain letters that follow each other. To be used again: a seventh of a lone word's time would go into making it.
#[derive(Default)]
pub(super) struct Ahead {
    runs: Vec<Run>,
    /// The word of each that was seen lately.
    words: Vec<Option<Word>>,
}

/// Why reading ahead ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The text is over, or so many runs are enough.
    Enough,
    /// The rules must read what stands there.
    Group,
}

impl Ahead {
    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// A run and its word, if that was seen lately.
    #[inline(always)]
    pub(super) fn get(&self, number: usize) -> Option<(&Run, Option<Word>)> {
        Some((self.runs.get(number)?, *self.words.get(number)?))
    }

    /// Looks up the words of all runs, which were [shown](Self::read), and shows those that were seen lately.
    #[inline(always)]
    pub(super) fn find(&mut self, cache: &mut WordCache, show: impl Fn(&Arena, &Word)) {
        self.words.clear();
        self.words.extend(self.runs.iter().map(|run| {
            let word = cache.get(&run.key);
            if let Some(word) = &word {
                show(&cache.arena, word);
            }
            word
        }));
    }

    /// Reads the runs from `at` on in place of those before, shows the key of each and of compounds, and says where it
    /// ended and why.
    ///
    /// What comes next depends on the place alone, not on what stood before it.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        mut at: usize,
        mut show: impl FnMut(&Key),
    ) -> (usize, End) {
        self.runs.clear();
        // Where the group of the run before starts, and where a run would that a hyphen joins to it.
        let (mut group, mut joined) = (0, usize::MAX);
        while at < bytes.len() {
            match scan::class(bytes, at) {
                Class::Letter => {}
                Class::Hyphen => {
                    at += 1;
                    joined = at;
                    continue;
                }
                Class::Plain | Class::Apostrophe | Class::Dot => {
                    at += 1;
                    continue;
                }
                Class::LatinSign if matches!(bytes.get(at + 1), Some(0xa0 | 0xab | 0xbb)) => {
                    at += 2;
                    continue;
                }
                // U+2010–U+203F: dashes, quotation marks, ellipsis.
                Class::Typography
                    if matches!(
                        (bytes.get(at + 1), bytes.get(at + 2)),
                        (Some(0x80), Some(0x90..))
                    ) =>
                {
                    at += 3;
                    continue;
                }
                Class::LatinSign | Class::Typography | Class::Rules => return (at, End::Group),
            }
            if self.runs.len() == MOST {
                break;
            }
            let Some(run) = scan::run(bytes, at) else {
                return (at, End::Group);
            };
            show(&run.key);
            at = run.end();
            if joined != run.start {
                group = run.start;
            } else if let Some(compound) = bytes.get(group..at)
                && compound.len() <= MAX_KEY
            {
                show(&scan::key(compound));
            }
            self.runs.push(run);
        }
        (at, End::Enough)
    }
}
