//! The buffers of one analysis, kept from one text to the next.

use super::cache::{MAX_KEY, WordCache};
use super::scan;
use super::terms::{Arena, Word};
use super::token::{TokenFlags, TokenRef};
use super::vocabulary::{CustomWords, Description, Mode, describe};

/// A token that waits to be visited.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) position: u32,
    pub(super) positions: u32,
    pub(super) flags: TokenFlags,
    pub(super) word: Word,
    pub(super) home: Home,
}

/// Where the strings of a word live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In the cache: the word may come again.
    Cache,
    /// Only for the tokens that wait.
    Scratch,
}

/// See the module.
#[derive(Default)]
pub(super) struct Workspace {
    pub(super) cache: WordCache,
    pub(super) scratch: Arena,
    pub(super) drafts: Vec<Draft>,
    pub(super) description: Description,
}

/// A workspace that has held a huge text gives its memory back.
const MAX_KEPT: usize = 1 << 20;

impl Workspace {
    /// Forgets the tokens that wait.
    pub(super) fn clear(&mut self) {
        self.drafts.clear();
        if self.scratch.capacity() > MAX_KEPT {
            self.scratch = Arena::default();
        }
        self.scratch.clear();
    }

    /// The word at hand, from the cache or described anew.
    pub(super) fn resolve(&mut self, word: &str, mode: Mode, custom: &CustomWords) -> (Word, Home) {
        // Only documents are long enough to repeat themselves.
        let keep = mode == Mode::Document && word.len() <= MAX_KEY;
        let key = if keep {
            scan::key(word.as_bytes())
        } else {
            [0; 3]
        };
        if keep && let Some(&found) = self.cache.get(&key) {
            return (found, Home::Cache);
        }
        let flags = describe(word, mode, custom, &mut self.description);
        let Description {
            written,
            accented,
            terms,
            ..
        } = &self.description;
        if keep {
            let word = self.cache.arena.push(written, accented, terms, flags);
            self.cache.insert(key, word);
            (word, Home::Cache)
        } else {
            (
                self.scratch.push(written, accented, terms, flags),
                Home::Scratch,
            )
        }
    }

    /// The word that the description holds, kept only until it is visited.
    pub(super) fn described(&mut self, flags: TokenFlags) -> Word {
        let Description {
            written,
            accented,
            terms,
            ..
        } = &self.description;
        self.scratch.push(written, accented, terms, flags)
    }

    pub(super) fn arena(&self, home: Home) -> &Arena {
        match home {
            Home::Cache => &self.cache.arena,
            Home::Scratch => &self.scratch,
        }
    }

    /// A view of a draft.
    pub(super) fn token<'a>(&'a self, draft: &'a Draft) -> TokenRef<'a> {
        TokenRef {
            start: draft.start,
            end: draft.end,
            position: draft.position,
            positions: draft.positions,
            flags: draft.flags,
            word: &draft.word,
            arena: self.arena(draft.home),
        }
    }
}
