//! What the analyzer hands out: tokens, owned ([`Token`]) or borrowed
//! ([`TokenRef`]).

use std::fmt;
use std::ops::Range;

use serde::{Serialize, Serializer};

use super::terms::{Arena, Identity, Word};

/// How sure it is that a word is a mere function word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopLevel {
    /// Has a content reading too: `été` (summer), `or` (gold), `est` (east).
    Ambiguous,
    /// A question word: `comment`, `pourquoi`, `quand`.
    Question,
    /// Always a function word: `de`, `la`, `et`.
    Always,
}

/// Yes-or-no facts about a [`Token`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TokenFlags(u16);

impl TokenFlags {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const STOP_ALWAYS: Self = Self(1);
    pub(crate) const STOP_QUESTION: Self = Self(1 << 1);
    pub(crate) const STOP_AMBIGUOUS: Self = Self(1 << 2);
    pub(crate) const ELIDED: Self = Self(1 << 3);
    pub(crate) const UNKNOWN: Self = Self(1 << 4);
    pub(crate) const COMPOUND: Self = Self(1 << 5);
    pub(crate) const ALTERNATIVE: Self = Self(1 << 6);
    pub(crate) const CLITIC: Self = Self(1 << 7);
    pub(crate) const NUMBER: Self = Self(1 << 8);
    pub(crate) const CAPITALIZED: Self = Self(1 << 9);
    pub(crate) const ALL_CAPITALS: Self = Self(1 << 10);
    pub(crate) const SPLIT: Self = Self(1 << 11);
    pub(crate) const SYNONYM: Self = Self(1 << 12);
    /// Internal: the word may interact with its neighbours (`aujourd hui`,
    /// `N AVONS`), so the fast path leaves it to the rules.
    pub(crate) const NEEDS_CONTEXT: Self = Self(1 << 14);
    /// Internal: a name at its capital, or a common word at the start of a
    /// sentence: `Paris`.
    pub(crate) const NAME_OR_WORD: Self = Self(1 << 13);
    /// Internal: a synonym rule may start at this word.
    pub(crate) const STARTS_SYNONYM: Self = Self(1 << 15);
    const PUBLIC: u16 = 0x1fff;

    const NAMES: [(Self, &'static str); 13] = [
        (Self::STOP_ALWAYS, "stop"),
        (Self::STOP_QUESTION, "question"),
        (Self::STOP_AMBIGUOUS, "ambiguous"),
        (Self::ELIDED, "elided"),
        (Self::UNKNOWN, "unknown"),
        (Self::COMPOUND, "compound"),
        (Self::ALTERNATIVE, "alternative"),
        (Self::CLITIC, "clitic"),
        (Self::NUMBER, "number"),
        (Self::CAPITALIZED, "capitalized"),
        (Self::ALL_CAPITALS, "all_capitals"),
        (Self::SPLIT, "split"),
        (Self::SYNONYM, "synonym"),
    ];

    /// Flags by which a word asks the rules to look at its neighbours.
    pub(crate) const CONTEXT: Self = Self::NEEDS_CONTEXT.with(Self::NAME_OR_WORD);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Marks the word as a function word of `level`, and of no other.
    pub(crate) const fn with_stop(self, level: StopLevel) -> Self {
        let bare = self
            .without(Self::STOP_ALWAYS)
            .without(Self::STOP_QUESTION)
            .without(Self::STOP_AMBIGUOUS);
        bare.with(match level {
            StopLevel::Always => Self::STOP_ALWAYS,
            StopLevel::Question => Self::STOP_QUESTION,
            StopLevel::Ambiguous => Self::STOP_AMBIGUOUS,
        })
    }

    /// A function word to ignore when other words remain. Ambiguous words and
    /// question words are told by [`stop_level`](Self::stop_level) alone.
    pub const fn is_stop(self) -> bool {
        self.has(Self::STOP_ALWAYS)
    }

    /// How sure it is that this is a function word; `None` for the others.
    pub const fn stop_level(self) -> Option<StopLevel> {
        if self.has(Self::STOP_ALWAYS) {
            Some(StopLevel::Always)
        } else if self.has(Self::STOP_QUESTION) {
            Some(StopLevel::Question)
        } else if self.has(Self::STOP_AMBIGUOUS) {
            Some(StopLevel::Ambiguous)
        } else {
            None
        }
    }

    /// The elided word itself: the `l’` of `l’engagement`.
    pub const fn is_elided(self) -> bool {
        self.has(Self::ELIDED)
    }

    /// Not in the lexicon: a name, a new word, a typo.
    pub const fn is_unknown(self) -> bool {
        self.has(Self::UNKNOWN)
    }

    /// An overlay that covers the tokens after it: `week-end` above `week` and
    /// `end`.
    pub const fn is_compound(self) -> bool {
        self.has(Self::COMPOUND)
    }

    /// A second written form at the place of the token before it:
    /// `étudiantes` for `étudiant·e·s`.
    pub const fn is_alternative(self) -> bool {
        self.has(Self::ALTERNATIVE)
    }

    /// A pronoun after its verb: the `il` of `dit-il`.
    pub const fn is_clitic(self) -> bool {
        self.has(Self::CLITIC)
    }

    /// A number, in digits.
    pub const fn is_number(self) -> bool {
        self.has(Self::NUMBER)
    }

    /// Starts with a capital.
    pub const fn is_capitalized(self) -> bool {
        self.has(Self::CAPITALIZED)
    }

    /// Two letters or more, all capitals.
    pub const fn is_all_capitals(self) -> bool {
        self.has(Self::ALL_CAPITALS)
    }

    /// Only in queries: one of the words that the glued word before it may
    /// stand for (`anti`, `terroriste` after `antiterroriste`). All the split
    /// tokens of one position, side by side in this order, are another way to
    /// say the word.
    pub const fn is_split(self) -> bool {
        self.has(Self::SPLIT)
    }

    /// The mark of a synonym rule: no word is written here.
    pub const fn is_synonym(self) -> bool {
        self.has(Self::SYNONYM)
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .filter(move |(flag, _)| self.has(*flag))
            .map(|(_, name)| name)
    }
}

impl fmt::Debug for TokenFlags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

impl fmt::Display for TokenFlags {
    /// The names of the flags that are set, separated by spaces.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.names().enumerate() {
            if place > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(name)?;
        }
        Ok(())
    }
}

impl Serialize for TokenFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

/// A term under which a word is indexed and searched.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Lemma {
    /// The term: a dictionary form, folded (`porter`, `senateur`).
    pub term: String,
    /// Whether the word has these very accents. Only queries hold others:
    /// `marche` also stands for `marché`, less surely.
    pub exact: bool,
}

/// A word of a text, as [`Analyzer::analyze`](super::Analyzer::analyze) sees
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Token {
    /// Where the word stands in the original text, in bytes.
    pub range: Range<usize>,
    /// Its number among the words of the text, from 0.
    pub position: u32,
    /// How many positions it covers: 1, or more for a compound.
    pub positions: u32,
    /// The word as written, folded: lower-case, no accent, `œ` as `oe`.
    pub written: String,
    /// The word as written, lower-case, accents kept.
    pub accented: String,
    /// The terms for recall, the surest first.
    pub lemmas: Vec<Lemma>,
    /// Yes-or-no facts.
    pub flags: TokenFlags,
}

/// A token that borrows the analyzer's buffers: valid during one visit.
pub struct TokenRef<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) position: u32,
    pub(super) positions: u32,
    pub(super) flags: TokenFlags,
    pub(super) word: &'a Word,
    pub(super) arena: &'a Arena,
}

// The engine, the snippet maker and the query compiler each read some of these.
impl<'a> TokenRef<'a> {
    /// Byte range in the original text.
    #[inline]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Word position, from 0.
    #[inline]
    pub fn position(&self) -> u32 {
        self.position
    }

    /// How many positions the token covers.
    #[inline]
    pub fn positions(&self) -> u32 {
        self.positions
    }

    /// The word as written, folded.
    #[inline]
    pub fn written(&self) -> &'a str {
        self.arena.written(self.word)
    }

    /// The word as written, accents kept.
    #[inline]
    pub fn accented(&self) -> &'a str {
        self.arena.accented(self.word)
    }

    /// Whether the word is written without any accent.
    #[inline]
    pub fn is_unaccented(&self) -> bool {
        self.word.is_unaccented()
    }

    /// Tokens of one identity have the same written form and terms, whatever the text.
    #[inline]
    pub(crate) fn identity(&self) -> Option<Identity> {
        self.arena.identity(self.word)
    }

    /// The terms, each with whether the accents are the word's own.
    #[inline]
    pub fn lemmas(&self) -> impl Iterator<Item = (&'a str, bool)> + use<'a> {
        self.arena.lemmas(self.word)
    }

    /// Yes-or-no facts.
    #[inline]
    pub fn flags(&self) -> TokenFlags {
        self.flags
    }

    /// An owned copy.
    pub(crate) fn to_token(&self) -> Token {
        Token {
            range: self.range(),
            position: self.position,
            positions: self.positions,
            written: self.written().to_owned(),
            accented: self.accented().to_owned(),
            lemmas: self
                .lemmas()
                .map(|(term, exact)| Lemma {
                    term: term.to_owned(),
                    exact,
                })
                .collect(),
            flags: TokenFlags(self.flags.0 & TokenFlags::PUBLIC),
        }
    }
}
