//! Words written apart that others write as one: `anti terroriste`,
//! `porte parole`, `week end`.

use super::characters::{char_at, is_apostrophe, is_digit_space, is_hyphen, joins_words, slice};
use super::group::Reader;
use super::token::TokenFlags;
use super::vocabulary::{Kind, Mode, guess, known_compound, starts_synonym};
use super::workspace::{Draft, Workspace};

/// Prefixes, folded and sorted: with any word after them they make one.
const PREFIXES: [&str; 60] = [
    "aero",
    "afro",
    "agro",
    "americano",
    "anglo",
    "anti",
    "archi",
    "auto",
    "bio",
    "cardio",
    "cyber",
    "eco",
    "electro",
    "ethno",
    "euro",
    "ex",
    "extra",
    "franco",
    "gastro",
    "geo",
    "germano",
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
    "maxi",
    "medico",
    "mega",
    "meta",
    "micro",
    "mini",
    "mono",
    "multi",
    "narco",
    "neo",
    "neuro",
    "para",
    "pluri",
    "politico",
    "poly",
    "post",
    "pre",
    "pseudo",
    "psycho",
    "retro",
    "russo",
    "sahelo",
    "semi",
    "sino",
    "socio",
    "tele",
    "trans",
    "ultra",
];

/// Words, folded and sorted, that the lexicon joins to others: `sous-préfet`.
const FIRST_WORDS: [&str; 20] = [
    "arriere", "audio", "centre", "chauve", "demi", "garde", "mille", "moto", "outre", "porte",
    "quasi", "rond", "sous", "super", "supra", "thermo", "tiers", "tire", "vice", "week",
];

/// More of them, too frequent on their own for every text to look ahead: only
/// for the glued words of queries.
const FREQUENT_WORDS: [&str; 11] = [
    "apres", "avant", "contre", "court", "grand", "haut", "non", "photo", "pro", "radio", "video",
];

/// Bytes of the longest of these: most words need not be looked up.
const LONGEST: usize = 9;

/// Whether a word makes one with any other.
pub(super) fn is_prefix(written: &str) -> bool {
    PREFIXES.binary_search(&written).is_ok()
}

/// Whether a word is often written apart from the one it belongs to.
pub(super) fn is_first_part(written: &str) -> bool {
    written.len() <= LONGEST && (is_prefix(written) || FIRST_WORDS.binary_search(&written).is_ok())
}

/// A glued word in two, if it starts with a first part.
pub(super) fn parts(written: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let firsts = PREFIXES.iter().chain(&FIRST_WORDS).chain(&FREQUENT_WORDS);
    firsts.filter_map(|first| Some((*first, written.strip_prefix(first)?)))
}

/// Describes two words as one: as the lexicon has it, else, if the first is a
/// prefix, by the first term of the second. `None` if they stay two.
pub(super) fn describe(
    work: &mut Workspace,
    first: &Draft,
    second: &Draft,
    mode: Mode,
    any: bool,
) -> Option<TokenFlags> {
    let mut written = String::new();
    let mut accented = String::new();
    for draft in [first, second] {
        let arena = work.arena(draft.home);
        written.push_str(arena.written(&draft.word));
        accented.push_str(arena.accented(&draft.word));
    }
    let arena = work.arena(first.home);
    let first_written = arena.written(&first.word);
    let any = any || is_prefix(first_written);
    let term = work.arena(second.home).lemmas(&second.word).next();
    let joined = format!("{first_written}{}", term.map_or("", |(term, _)| term));
    work.description.start(&written);
    work.description.accented = accented;
    if known_compound(mode, &mut work.description) {
        return Some(TokenFlags::COMPOUND);
    }
    if !any {
        return None;
    }
    work.description.push_folded(&joined, true);
    guess(first.flags.is_capitalized(), mode, &mut work.description);
    Some(TokenFlags::COMPOUND.with(TokenFlags::UNKNOWN))
}

/// In a document, drafts a token above the word of the draft `first` and the
/// next one, if they are one written apart.
pub(super) fn look_ahead(reader: &mut Reader<'_>, first: usize) -> Option<()> {
    let draft = *reader.work.drafts.get(first)?;
    draft
        .word
        .flags
        .has(TokenFlags::NEEDS_CONTEXT)
        .then_some(())?;
    let written = reader.work.arena(draft.home).written(&draft.word);
    is_first_part(written).then_some(())?;
    let space =
        char_at(reader.text, draft.end).filter(|&space| space == ' ' || is_digit_space(space))?;
    let start = draft.end + space.len_utf8();
    char_at(reader.text, start).filter(|&letter| letter.is_alphabetic() && joins_words(letter))?;
    let end = reader.word_end(start);
    if char_at(reader.text, end).is_some_and(|next| is_apostrophe(next) || is_hyphen(next)) {
        return None;
    }
    let text = slice(reader.text, start, end);
    let (word, home) = reader
        .work
        .resolve(text, Mode::Document, Kind::Word, reader.custom);
    if word.flags.is_stop() || word.flags.has(TokenFlags::NEEDS_CONTEXT) {
        return None;
    }
    let second = Draft {
        start,
        end,
        word,
        home,
        ..draft
    };
    let flags = describe(reader.work, &draft, &second, Mode::Document, false)?;
    let flags = starts_synonym(reader.custom, &reader.work.description, flags);
    reader.insert_overlay(
        first,
        (draft.start, end),
        (draft.position, draft.position.saturating_add(2)),
        flags,
    );
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(PREFIXES.is_sorted() && FIRST_WORDS.is_sorted());
        assert!(
            PREFIXES
                .iter()
                .chain(&FIRST_WORDS)
                .all(|part| part.len() <= LONGEST)
        );
    }
}
