//! What is known of a word by itself: its forms, terms and flags.

use std::collections::{HashMap, HashSet};

use super::characters::asks_for_elision;
use super::folding::fold;
use super::joined;
use super::lexicon::{self, Lemmas};
use super::ordinal;
use super::stop_words;
use super::terms::TermList;
use super::token::{StopLevel, TokenFlags};

/// What the text is analyzed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// To be indexed: a word stands for the readings that it surely has.
    Document,
    /// To search with: a word stands for all readings that share its letters.
    Query,
}

/// What a word is by the way it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whatever the lexicon has.
    Word,
    /// A name, by its capital inside a sentence: `Paris` is no plural of
    /// `pari`.
    Name,
    /// A dotted acronym: `U.S.A.` is no form of `user`.
    Acronym,
}

/// Words added by the program that uses the analyzer; all keys are folded.
#[derive(Clone, Default)]
pub(super) struct CustomWords {
    /// Kept as they are: one term, the written form.
    pub(super) protected: HashSet<String>,
    /// Protected words with signs at their end (`canal+`), lower-case.
    pub(super) symbols: Vec<String>,
    /// Whether a protected word has an apostrophe or a hyphen inside.
    pub(super) protects_joined: bool,
    /// More lemmas for a form.
    pub(super) lemmas: HashMap<String, Vec<String>>,
    /// Levels that differ from the list; `None` for no stop word at all.
    pub(super) stop_words: HashMap<String, Option<StopLevel>>,
    /// First terms of the sides of synonym rules.
    pub(super) synonym_starts: HashSet<String>,
}

/// Buffers for describing one word.
#[derive(Default)]
pub(super) struct Description {
    pub(super) written: String,
    pub(super) accented: String,
    pub(super) terms: TermList,
    found: Lemmas,
    folded: String,
    scrap: String,
}

impl Description {
    /// Starts a word that the rules make up themselves.
    pub(super) fn start(&mut self, written: &str) {
        self.written.clear();
        self.written.push_str(written);
        self.accented.clear();
        self.accented.push_str(written);
        self.terms.clear();
    }

    /// Adds a dictionary form as a part of something new: folded, and without
    /// the mark that the lexicon gives to verbs.
    pub(super) fn push_folded(&mut self, term: &str, exact: bool) {
        fold(term, &mut self.folded, &mut self.scrap);
        self.terms.push(&self.folded, exact);
    }
}

/// Longer words in capitals are words, not acronyms written without dots.
const MAX_ACRONYM: usize = 5;

/// Describes a word given as it stands in the text; it may hold apostrophes,
/// hyphens and dots, which are dropped.
pub(super) fn describe(
    word: &str,
    mode: Mode,
    kind: Kind,
    custom: &CustomWords,
    description: &mut Description,
) -> TokenFlags {
    let capitals = fold(word, &mut description.written, &mut description.accented);
    description.terms.clear();
    let mut flags = TokenFlags::NONE;
    if capitals.first {
        flags = flags.with(TokenFlags::CAPITALIZED);
    }
    if capitals.all {
        flags = flags.with(TokenFlags::ALL_CAPITALS);
    }
    let level = level(custom, &description.written, &description.accented);
    if let Some(level) = level.filter(|_| kind != Kind::Acronym) {
        flags = flags.with_stop(level);
    }
    if !custom.protected.is_empty() && custom.protected.contains(&description.written) {
        description.terms.push(&description.written, true);
        return starts_synonym(custom, description, flags);
    }
    if needs_context(&description.written) {
        flags = flags.with(TokenFlags::NEEDS_CONTEXT);
    }
    if is_elidable(&description.written) || kind == Kind::Acronym {
        description.terms.push(&description.written, true);
        return starts_synonym(custom, description, flags);
    }
    if !custom.lemmas.is_empty() {
        for term in custom
            .lemmas
            .get(&description.written)
            .into_iter()
            .flatten()
        {
            description.terms.push(term, true);
        }
    }
    let unaccented = capitals.all && description.written == description.accented;
    let unsure = mode == Mode::Query || unaccented;
    let known = look_up(unsure, description);
    if let Some(roman) = ordinal::roman(word, &description.written) {
        // `VIe` is the sixth; `vie` is life, and in a query perhaps the sixth.
        if roman.sure || !known || mode == Mode::Query {
            ordinal::push(roman.rank, !known || roman.sure, &mut description.terms);
        }
        if let Some(other) = roman.other.filter(|_| mode == Mode::Query) {
            ordinal::push(other, false, &mut description.terms);
        }
        if roman.sure {
            return starts_synonym(custom, description, flags);
        }
    }
    if known {
        let exact = description.found.iter().any(|lemma| lemma.exact);
        let wanted = |lemma: &lexicon::Lemma<'_>| lemma.exact || unsure || !exact;
        let proper = |proper| {
            description
                .found
                .iter()
                .filter(wanted)
                .any(|lemma| lemma.proper == proper)
        };
        let names = capitals.first && !capitals.all && proper(true);
        if names && kind == Kind::Word && proper(false) {
            flags = flags.with(TokenFlags::NAME_OR_WORD);
        }
        let names = names && kind == Kind::Name;
        for exact in [true, false] {
            let readings = description
                .found
                .iter()
                .filter(|lemma| lemma.exact == exact);
            for lemma in readings
                .filter(wanted)
                .filter(|lemma| lemma.proper || !names)
            {
                description.terms.push(lemma.term, lemma.exact);
            }
        }
        // `USA` may be an acronym; a query must find it by `usa` too.
        if (capitals.all || mode == Mode::Query) && description.written.len() <= MAX_ACRONYM {
            let written = std::mem::take(&mut description.written);
            description.terms.push(&written, capitals.all);
            description.written = written;
        }
    }
    if description.terms.is_empty() {
        flags = flags.with(TokenFlags::UNKNOWN);
    }
    if !known && (description.terms.is_empty() || mode == Mode::Query) {
        guess(capitals.first, mode, description);
    }
    starts_synonym(custom, description, flags)
}

/// Asks the lexicon for the readings of the word with its accents; for all of
/// its letters if that is `unsure`, or if no word has these accents.
fn look_up(unsure: bool, description: &mut Description) -> bool {
    let Description {
        written,
        accented,
        found,
        ..
    } = description;
    (!unsure && lexicon::lookup_exact(accented, found)) || lexicon::lookup(written, accented, found)
}

/// Terms for a word outside the lexicon. A query takes both those of a name
/// and those of a common word, for texts may write it either way.
pub(super) fn guess(capitalized: bool, mode: Mode, description: &mut Description) {
    let mut found = std::mem::take(&mut description.found);
    for (as_name, wanted) in [(capitalized, true), (!capitalized, mode == Mode::Query)] {
        if wanted {
            lexicon::fallback(&description.written, as_name, &mut found);
            for lemma in found.iter() {
                description.push_folded(lemma.term, as_name == capitalized);
            }
        }
    }
    description.found = found;
}

/// Adds the lemmas of a compound written `description.written` if the lexicon
/// knows it.
pub(super) fn known_compound(mode: Mode, description: &mut Description) -> bool {
    let known = look_up(mode == Mode::Query, description);
    let exact = description.found.iter().any(|lemma| lemma.exact);
    for lemma in description.found.iter() {
        if lemma.exact || !exact || mode == Mode::Query {
            description.terms.push(lemma.term, lemma.exact);
        }
    }
    known
}

pub(super) fn level(custom: &CustomWords, written: &str, accented: &str) -> Option<StopLevel> {
    if !custom.stop_words.is_empty() {
        let own = custom
            .stop_words
            .get(accented)
            .or_else(|| custom.stop_words.get(written));
        if let Some(level) = own {
            return *level;
        }
    }
    stop_words::level(written, accented)
}

/// Adds the flag of words that a synonym rule may start at.
pub(super) fn starts_synonym(
    custom: &CustomWords,
    description: &Description,
    flags: TokenFlags,
) -> TokenFlags {
    let starts = !custom.synonym_starts.is_empty()
        && description
            .terms
            .iter()
            .any(|(term, _)| custom.synonym_starts.contains(term));
    if starts {
        flags.with(TokenFlags::STARTS_SYNONYM)
    } else {
        flags
    }
}

/// Words that lose their vowel before another: `l’`, `qu’`.
pub(super) fn is_elidable(written: &str) -> bool {
    matches!(
        written,
        "l" | "d"
            | "j"
            | "m"
            | "t"
            | "s"
            | "n"
            | "c"
            | "qu"
            | "jusqu"
            | "lorsqu"
            | "puisqu"
            | "quoiqu"
            | "quelqu"
            | "presqu"
    )
}

/// Words that may belong to the next one although a space stands between.
fn needs_context(written: &str) -> bool {
    is_elidable(written) || matches!(written, "aujourd" | "prud") || joined::is_first_part(written)
}

/// The word behind an elided letter that was typed without apostrophe, if the
/// lexicon knows one: `ecole` for `lecole`. For words that it does not know.
pub(super) fn glued_elision(written: &str) -> Option<&str> {
    ["qu", "l", "d", "j", "n", "s", "c", "m", "t"]
        .into_iter()
        .find_map(|elided| {
            let rest = written.strip_prefix(elided)?;
            let fits = rest.len() >= 3 && rest.chars().next().is_some_and(asks_for_elision);
            (fits && lexicon::contains(rest)).then_some(rest)
        })
}
