//! Other ways to write the words of a query: `porte parole` in one word, the
//! unknown `divoire` with its apostrophe.

use super::joined;
use super::lexicon;
use super::token::TokenFlags;
use super::vocabulary::{CustomWords, Kind, Mode, glued_elision, starts_synonym};
use super::workspace::{Draft, Home, Workspace};

/// The shortest second part of a glued word, in bytes.
const SHORTEST_REST: usize = 4;

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
        if draft.position >= covered
            && let Some(next) = after.first()
            && joins(text, draft, next)
            && join(work, custom, draft, next)
        {
            covered = next.position.saturating_add(1);
        }
        work.drafts.push(*draft);
        if is_word(draft) && draft.flags.has(TokenFlags::UNKNOWN) {
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

/// `G 20`, `Covid 19`: short enough to be one name.
fn is_numbered(first: &Draft, second: &Draft) -> bool {
    second.flags.has(TokenFlags::NUMBER)
        && !second.flags.has(TokenFlags::COMPOUND)
        && first.end - first.start <= 5
        && second.end - second.start <= 3
}

fn joins(text: &str, first: &Draft, second: &Draft) -> bool {
    let between = text.get(first.end..second.start);
    is_word(first)
        && (is_word(second) || is_numbered(first, second))
        && !first.flags.is_stop()
        && !second.flags.is_stop()
        && between.is_some_and(|between| !between.is_empty() && between.trim().is_empty())
}

/// Puts a token above two words that may be one.
fn join(work: &mut Workspace, custom: &CustomWords, first: &Draft, second: &Draft) -> bool {
    let any = is_numbered(first, second);
    let Some(flags) = joined::describe(work, first, second, Mode::Query, any) else {
        return false;
    };
    let flags = starts_synonym(custom, &work.description, flags);
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

/// Puts the two words behind a glued one that the lexicon does not know, or
/// the word behind an elided letter without apostrophe.
fn split(work: &mut Workspace, custom: &CustomWords, draft: &Draft) {
    let written = work.arena(draft.home).written(&draft.word).to_owned();
    let parts = joined::parts(&written)
        .find(|(_, rest)| rest.len() >= SHORTEST_REST && lexicon::contains(rest));
    if let Some((first, rest)) = parts {
        push_split(work, custom, draft, first);
        push_split(work, custom, draft, rest);
    } else if let Some(rest) = glued_elision(&written) {
        push_split(work, custom, draft, rest);
    }
}

fn push_split(work: &mut Workspace, custom: &CustomWords, draft: &Draft, part: &str) {
    let (word, home) = work.resolve(part, Mode::Query, Kind::Word, custom);
    let flags = word
        .flags
        .without(TokenFlags::CONTEXT)
        .with(TokenFlags::SPLIT);
    work.drafts.push(Draft {
        flags,
        word,
        home,
        ..*draft
    });
}
