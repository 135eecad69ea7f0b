//! The buffers of one analysis, kept from one text to the next.

use super::ahead::Ahead;
use super::cache::{Key, MAX_KEY, WordCache, name_key};
use super::scan;
use super::terms::{Arena, Word};
use super::token::{TokenFlags, TokenRef};
use super::vocabulary::{CustomWords, Description, Kind, Mode, describe};

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
    pub(super) ahead: Ahead,
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
    pub(super) fn resolve(
        &mut self,
        word: &str,
        mode: Mode,
        kind: Kind,
        custom: &CustomWords,
    ) -> (Word, Home) {
        // Only documents are long enough to repeat themselves.
        let keep = mode == Mode::Document
            && match kind {
                Kind::Name => word.len() < MAX_KEY,
                Kind::Word | Kind::Acronym => word.len() <= MAX_KEY,
            };
        let key = match (keep, kind) {
            (true, Kind::Name) => name_key(scan::key(word.as_bytes())),
            (true, _) => scan::key(word.as_bytes()),
            (false, _) => [0; 2],
        };
        if keep && let Some(found) = self.cache.get(&key) {
            return (found, Home::Cache);
        }
        if keep {
            return (self.learn(key, word, kind, custom), Home::Cache);
        }
        let flags = describe(word, mode, kind, custom, &mut self.description);
        (self.described(flags), Home::Scratch)
    }

    /// Describes a word of a document that the cache lacks, and keeps it.
    #[inline(never)]
    pub(super) fn learn(&mut self, key: Key, word: &str, kind: Kind, custom: &CustomWords) -> Word {
        let flags = describe(word, Mode::Document, kind, custom, &mut self.description);
        let Description {
            written,
            accented,
            terms,
            ..
        } = &self.description;
        let word = self.cache.arena.push(written, accented, terms, flags);
        self.cache.insert(key, word);
        word
    }

    /// A compound seen lately, by its text; one without terms is none.
    pub(super) fn known(&mut self, compound: &str, mode: Mode) -> Option<Word> {
        if mode != Mode::Document || compound.len() > MAX_KEY {
            return None;
        }
        self.cache.get(&scan::key(compound.as_bytes()))
    }

    /// Keeps the compound that the description holds, if it is short enough.
    pub(super) fn keep(&mut self, compound: &str, mode: Mode, flags: TokenFlags) -> (Word, Home) {
        if mode != Mode::Document || compound.len() > MAX_KEY {
            return (self.described(flags), Home::Scratch);
        }
        let Description {
            written,
            accented,
            terms,
            ..
        } = &self.description;
        let word = self.cache.arena.push(written, accented, terms, flags);
        self.cache.insert(scan::key(compound.as_bytes()), word);
        (word, Home::Cache)
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
