//! Hyphens: compounds (`anti-terroriste`), and verbs with their pronouns
//! (`dit-il`).

use super::characters::{joins_words, slice};
use super::folding::fold;
use super::group::Reader;
use super::ordinal;
use super::token::{StopLevel, TokenFlags};
use super::vocabulary::{Description, guess, known_compound, level, starts_synonym};
use super::workspace::{Draft, Home};

/// One part of a group joined by hyphens: elided words, then a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// Its first draft, elided words included.
    pub(super) first: usize,
    /// The draft of its word; `None` if only elided words are there.
    pub(super) word: Option<usize>,
    /// Where the word starts, after the elided ones.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Longer chains are lists, not compounds.
const MAX_PARTS: usize = 8;

/// Pronouns and particles that follow a verb or noun after a hyphen. The `t`
/// of `a-t-il` is among them.
fn is_clitic(word: &str) -> bool {
    matches!(
        word,
        "je" | "tu"
            | "il"
            | "ils"
            | "elle"
            | "elles"
            | "on"
            | "nous"
            | "vous"
            | "ce"
            | "moi"
            | "toi"
            | "lui"
            | "leur"
            | "leurs"
            | "y"
            | "en"
            | "le"
            | "la"
            | "les"
            | "t"
            | "ci"
    )
}

/// In bytes.
const LONGEST_CLITIC: usize = 5;

/// Puts a token for the whole above the parts, or marks the parts that are
/// pronouns after a verb. The group's drafts start at `first`.
pub(super) fn arrange(reader: &mut Reader<'_>, first: usize, elements: &[Element]) {
    let Some((head, tail)) = elements.split_first() else {
        return;
    };
    if elements.len() <= MAX_PARTS {
        // With the elided word (`c'est-à-dire`), else without it.
        if head.first != head.word.unwrap_or(head.first) && overlay(reader, elements, first, true) {
            return;
        }
        if overlay(reader, elements, head.word.unwrap_or(head.first), true) {
            return;
        }
    }
    let clitics = tail
        .iter()
        .rev()
        .take_while(|element| is_clitic_element(reader, head, element))
        .count();
    for element in tail.iter().rev().take(clitics) {
        mark_clitic(reader, element);
    }
    let compound = elements.get(..elements.len() - clitics).unwrap_or_default();
    if (2..=MAX_PARTS).contains(&compound.len()) {
        overlay(reader, compound, head.word.unwrap_or(head.first), false);
    }
}

/// Whether an element is a pronoun behind its verb. One with a capital behind
/// small letters is a name: `Jong-Il`.
fn is_clitic_element(reader: &Reader<'_>, head: &Element, element: &Element) -> bool {
    let Some(draft) = element.word.and_then(|word| reader.work.drafts.get(word)) else {
        return false;
    };
    let word = slice(reader.text, element.start, element.end);
    let head = slice(reader.text, head.start, head.end);
    let capital = word.starts_with(char::is_uppercase);
    draft.word.written_length() <= LONGEST_CLITIC
        && (!capital || !head.contains(char::is_lowercase))
        && is_clitic(reader.work.arena(draft.home).written(&draft.word))
}

/// Marks the drafts of an element as pronouns.
fn mark_clitic(reader: &mut Reader<'_>, element: &Element) {
    let Some(word) = element.word else { return };
    let drafts = reader.work.drafts.iter_mut();
    for draft in drafts.take(word + 1).skip(element.first) {
        draft.flags = draft
            .flags
            .with(TokenFlags::CLITIC)
            .with_stop(StopLevel::Always);
    }
}

/// Drafts the token for a whole compound above its parts, from the draft
/// `first` on. With `if_known`, only if the lexicon knows it.
fn overlay(reader: &mut Reader<'_>, elements: &[Element], first: usize, if_known: bool) -> bool {
    let Some((start, position)) = reader
        .work
        .drafts
        .get(first)
        .map(|draft| (draft.start, draft.position))
    else {
        return false;
    };
    let Some(last) = elements.last() else {
        return false;
    };
    let text = slice(reader.text, start, last.end);
    let seen = reader.work.known(text, reader.mode);
    let (word, home) = match seen {
        Some(word) if word.flags.has(TokenFlags::COMPOUND) => (word, Home::Cache),
        Some(_) if if_known => return false,
        None if text
            .chars()
            .any(|letter| letter.is_alphanumeric() && !joins_words(letter)) =>
        {
            return false;
        }
        _ => {
            let known = describe(reader, text);
            if !known && if_known {
                // The lexicon need not be asked again.
                reader.work.keep(text, reader.mode, TokenFlags::NONE);
                return false;
            }
            let description = &reader.work.description;
            let mut flags = TokenFlags::COMPOUND;
            if text.starts_with(char::is_uppercase) {
                flags = flags.with(TokenFlags::CAPITALIZED);
            }
            if let Some(level) = level(reader.custom, &description.written, &description.accented) {
                flags = flags.with_stop(level);
            }
            if !known {
                let joined = joined_terms(reader, elements, first);
                let description = &mut reader.work.description;
                description.terms.push(&joined, true);
                guess(
                    text.starts_with(char::is_uppercase),
                    reader.mode,
                    description,
                );
                flags = flags.with(TokenFlags::UNKNOWN);
            }
            let flags = starts_synonym(reader.custom, &reader.work.description, flags);
            reader.work.keep(text, reader.mode, flags)
        }
    };
    if if_known && word.flags.has(TokenFlags::UNKNOWN) {
        return false;
    }
    // Positions end after the last part of the compound.
    let last_word = last.word.and_then(|word| reader.work.drafts.get(word));
    let end = last_word.map_or(reader.position, |draft| {
        draft.position.saturating_add(draft.positions)
    });
    let positions = end.saturating_sub(position).max(1);
    let flags = word.flags;
    let overlay = Draft {
        start,
        end: last.end,
        position,
        positions,
        flags,
        word,
        home,
    };
    reader
        .work
        .drafts
        .insert(first.min(reader.work.drafts.len()), overlay);
    true
}

/// Describes a compound as one word. `false` if the lexicon has it not.
fn describe(reader: &mut Reader<'_>, text: &str) -> bool {
    let description = &mut reader.work.description;
    fold(text, &mut description.written, &mut description.accented);
    description.terms.clear();
    for term in reader
        .custom
        .lemmas
        .get(&description.written)
        .into_iter()
        .flatten()
    {
        description.terms.push(term, true);
    }
    ordinal(description) || known_compound(reader.mode, description)
}

/// `2-ème` is an ordinal, however it is written.
fn ordinal(description: &mut Description) -> bool {
    let written = description.written.as_str();
    let letters = written.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let number = written.strip_suffix(letters).unwrap_or_default();
    match ordinal::arabic(number, letters) {
        Some(rank) => {
            ordinal::push(rank, true, &mut description.terms);
            true
        }
        None => false,
    }
}

/// The first terms of the parts in one, folded: `sahélo-sahéliennes` →
/// `sahelosahelien`.
fn joined_terms(reader: &Reader<'_>, elements: &[Element], first: usize) -> String {
    let mut joined = String::new();
    let (mut written, mut accented) = (String::new(), String::new());
    let last = elements
        .last()
        .and_then(|element| element.word)
        .unwrap_or(first);
    let drafts = reader.work.drafts.iter().take(last + 1).skip(first);
    for draft in drafts.filter(|draft| !draft.flags.has(TokenFlags::ALTERNATIVE)) {
        let arena = reader.work.arena(draft.home);
        let term = arena.lemmas(&draft.word).next().map(|(term, _)| term);
        fold(term.unwrap_or_default(), &mut written, &mut accented);
        joined.push_str(&written);
    }
    joined
}
