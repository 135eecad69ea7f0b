//! Other ways to write the words of a query: `porte parole` in one word,
//! `antiterroriste` in two.

use super::lexicon;
use super::token::TokenFlags;
use super::vocabulary::{CustomWords, Mode, glued_elision, guess, known_compound};
use super::workspace::{Draft, Home, Workspace};

/// First parts of words that are written with a hyphen, with a space or glued,
/// folded; after each, a word of its own.
const FIRST_PARTS: [&str; 96] = [
    "aero",
    "afro",
    "agro",
    "americano",
    "anglo",
    "anti",
    "apres",
    "archi",
    "arriere",
    "audio",
    "auto",
    "avant",
    "bio",
    "cardio",
    "centre",
    "chauve",
    "co",
    "contre",
    "court",
    "cyber",
    "demi",
    "eco",
    "electro",
    "entre",
    "ethno",
    "euro",
    "ex",
    "extra",
    "franco",
    "garde",
    "geo",
    "germano",
    "grand",
    "gastro",
    "haut",
    "hispano",
    "hydro",
    "hyper",
    "infra",
    "inter",
    "intra",
    "islamo",
    "israelo",
    "italo",
    "judeo",
    "macro",
    "mal",
    "maxi",
    "medico",
    "mega",
    "meta",
    "micro",
    "mille",
    "mini",
    "moto",
    "mono",
    "multi",
    "narco",
    "neo",
    "neuro",
    "non",
    "outre",
    "para",
    "photo",
    "pluri",
    "politico",
    "poly",
    "porte",
    "post",
    "pre",
    "pro",
    "pseudo",
    "psycho",
    "quasi",
    "radio",
    "retro",
    "russo",
    "sahelo",
    "semi",
    "sino",
    "socio",
    "sous",
    "super",
    "supra",
    "sur",
    "tele",
    "thermo",
    "tiers",
    "tire",
    "trans",
    "turco",
    "ultra",
    "uni",
    "vice",
    "video",
    "week",
];

/// The shortest second part of a glued word, in bytes.
const SHORTEST_REST: usize = 3;

/// Adds the other forms to the drafts of a query.
pub(super) fn add(text: &str, work: &mut Workspace, custom: &CustomWords) {
    let drafts = std::mem::take(&mut work.drafts);
    // Words before this position are under a compound already.
    let mut covered = 0;
    let mut rest = drafts.as_slice();
    while let Some((draft, after)) = rest.split_first() {
        if draft.flags.has(TokenFlags::COMPOUND) {
            covered = covered.max(draft.position.saturating_add(draft.positions));
        }
        let free = draft.position >= covered;
        if free
            && let Some(next) = after.first()
            && joins(text, draft, next)
            && joined(work, draft, next)
        {
            covered = next.position.saturating_add(1);
        }
        work.drafts.push(*draft);
        if is_word(draft) && !draft.flags.is_stop() {
            split(work, custom, draft);
        }
        rest = after;
    }
}

/// A word as the text has it, not made up by a rule.
fn is_word(draft: &Draft) -> bool {
    let made = TokenFlags::COMPOUND
        .with(TokenFlags::ALTERNATIVE)
        .with(TokenFlags::ELIDED)
        .with(TokenFlags::CLITIC)
        .with(TokenFlags::NUMBER)
        .with(TokenFlags::SPLIT);
    !draft.flags.has(made)
}

fn joins(text: &str, first: &Draft, second: &Draft) -> bool {
    let between = text.get(first.end..second.start);
    is_word(first)
        && is_word(second)
        && !first.flags.is_stop()
        && !second.flags.is_stop()
        && between.is_some_and(|between| !between.is_empty() && between.trim().is_empty())
}

/// Puts a token above two words that may be one.
fn joined(work: &mut Workspace, first: &Draft, second: &Draft) -> bool {
    let mut written = String::new();
    let mut accented = String::new();
    for draft in [first, second] {
        let arena = work.arena(draft.home);
        written.push_str(arena.written(&draft.word));
        accented.push_str(arena.accented(&draft.word));
    }
    let first_part = FIRST_PARTS.contains(&work.arena(first.home).written(&first.word));
    let second_term = work.arena(second.home).lemmas(&second.word).next();
    let term = second_term
        .map(|(term, _)| term.to_owned())
        .unwrap_or_default();
    let first_written = work.arena(first.home).written(&first.word).to_owned();
    work.description.start(&written);
    work.description.accented = accented;
    if !known_compound(Mode::Query, &mut work.description) {
        if !first_part {
            return false;
        }
        work.description.push_folded(&(first_written + &term), true);
        guess(false, Mode::Query, &mut work.description);
    }
    let flags = TokenFlags::COMPOUND;
    let word = work.described(flags);
    work.drafts.push(Draft {
        start: first.start,
        end: second.end,
        position: first.position,
        positions: 2,
        flags,
        word,
        home: Home::Scratch,
    });
    true
}

/// Puts the two words behind a glued one, or the word behind an elided letter
/// without apostrophe.
fn split(work: &mut Workspace, custom: &CustomWords, draft: &Draft) {
    let written = work.arena(draft.home).written(&draft.word).to_owned();
    let parts = FIRST_PARTS.iter().find_map(|first| {
        let rest = written
            .strip_prefix(first)
            .filter(|rest| rest.len() >= SHORTEST_REST)?;
        lexicon::contains(rest).then_some([*first, rest])
    });
    if let Some(parts) = parts {
        for part in parts {
            push_split(work, custom, draft, part);
        }
    } else if draft.flags.has(TokenFlags::UNKNOWN)
        && let Some(rest) = glued_elision(&written)
    {
        push_split(work, custom, draft, rest);
    }
}

fn push_split(work: &mut Workspace, custom: &CustomWords, draft: &Draft, part: &str) {
    let (word, home) = work.resolve(part, Mode::Query, custom);
    let flags = word
        .flags
        .without(TokenFlags::NEEDS_CONTEXT)
        .with(TokenFlags::SPLIT);
    work.drafts.push(Draft {
        flags,
        word,
        home,
        ..*draft
    });
}
