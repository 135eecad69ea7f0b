//! The one pass over a document: plain words are answered by the cache, and
//! everything else goes to the rules, group by group.

use super::ahead::{Ahead, End};
use super::group::Reader;
use super::scan::{self, After};
use super::terms::Arena;
use super::token::{StopLevel, TokenFlags, TokenRef};
use super::vocabulary::{CustomWords, Mode};
use super::workspace::Workspace;

/// Visits the tokens of a document. Whoever asks most of them for their letters says so: those lie elsewhere in memory.
pub(super) fn read_document(
    text: &str,
    custom: &CustomWords,
    work: &mut Workspace,
    asks_for_letters: bool,
    mut visit: impl FnMut(&TokenRef<'_>),
) {
    let bytes = text.as_bytes();
    let mut ahead = std::mem::take(&mut work.ahead);
    let mut reader = Reader::new(text, Mode::Document, custom, work);
    let mut at = 0;
    while at < bytes.len() {
        let cache = &mut reader.work.cache;
        if cache.is_bloated() {
            cache.compact();
        }
        let (stop, end) = ahead.read(bytes, at, |key| cache.prefetch(key));
        match asks_for_letters {
            true => ahead.find(cache, Arena::prefetch),
            false => ahead.find(cache, |_, _| {}),
        }
        // A group may end within a run, which is read again from there.
        let are_read = ahead.runs().iter().enumerate().all(|(number, run)| {
            // Runs before `at` are part of a group, or stand behind an elided word.
            if run.start >= at {
                at = match read_plain(bytes, &ahead, number, &mut reader, &mut visit) {
                    Some(end) => end,
                    None => read_group(&mut reader, run.start, &mut visit),
                };
            }
            at >= run.end()
        });
        if are_read && at <= stop {
            at = match end {
                End::Enough => stop,
                End::Group => read_group(&mut reader, stop, &mut visit),
            };
        }
    }
    work.ahead = ahead;
}

/// Visits the plain word of a run, or the plain elided word and the one behind
/// it. `None`, and nothing visited, if the rules must look.
#[inline]
fn read_plain(
    bytes: &[u8],
    ahead: &Ahead,
    number: usize,
    reader: &mut Reader<'_>,
    visit: &mut impl FnMut(&TokenRef<'_>),
) -> Option<usize> {
    let (run, mut known) = ahead.get(number)?;
    let (at, mut run) = (run.start, *run);
    let mut elided = None;
    match scan::after(bytes, run.end()) {
        After::Over => {}
        After::Apostrophe { next }
            if !reader.custom.protects_joined && scan::is_elided(&run, bytes, next) =>
        {
            elided = Some((next, reader.plain_word(&run, known)?));
            let following = ahead.get(number + 1);
            (run, known) = match following.filter(|(run, _)| run.start == next) {
                Some((run, known)) => (*run, known),
                None => (scan::run(bytes, next)?, None),
            };
            let After::Over = scan::after(bytes, run.end()) else {
                return None;
            };
        }
        _ => return None,
    }
    let (start, end) = (run.start, run.end());
    let word = reader.plain_word(&run, known)?;
    if word.flags.has(TokenFlags::CONTEXT) {
        return None;
    }
    let arena = &reader.work.cache.arena;
    let mut position = reader.position;
    if let Some((next, elided)) = elided {
        let flags = elided
            .flags
            .without(TokenFlags::CONTEXT)
            .with(TokenFlags::ELIDED);
        let flags = flags.with_stop(StopLevel::Always);
        visit(&TokenRef {
            start: at,
            end: next,
            position,
            positions: 1,
            flags,
            word: &elided,
            arena,
        });
        position = position.saturating_add(1);
    }
    visit(&TokenRef {
        start,
        end,
        position,
        positions: 1,
        flags: word.flags,
        word: &word,
        arena,
    });
    reader.position = position.saturating_add(1);
    Some(end)
}

/// Lets the rules read the group at `at`, and visits its tokens.
#[inline(never)]
fn read_group(reader: &mut Reader<'_>, at: usize, visit: &mut impl FnMut(&TokenRef<'_>)) -> usize {
    let next = reader.group(at);
    for draft in &reader.work.drafts {
        visit(&reader.work.token(draft));
    }
    reader.work.clear();
    next
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::analyzer::Analyzer;
    use super::super::token::Token;
    use super::*;

    const PIECES: [&str; 48] = [
        "l",
        "L",
        "qu",
        "jusqu",
        "’",
        "'",
        "’ ",
        "état",
        "À",
        "eau",
        "dit",
        "-",
        "il",
        "-t-",
        "vis",
        "aujourd",
        "hui",
        "anti",
        "porte",
        "parole",
        "Paris",
        "peut-être",
        "×",
        "÷",
        "e\u{301}",
        "œ",
        "m²",
        "3",
        "1914",
        "(e)",
        "·e·s",
        ".",
        "O.N.U.",
        ",",
        " ",
        " ",
        " ",
        "\u{a0}",
        "\u{202f}",
        "«",
        "…",
        "–",
        "—",
        "Москва",
        "東京",
        "€",
        "gouvernementales",
        "\u{ad}",
    ];

    /// All tokens of a document, group by group.
    fn by_the_rules(text: &str) -> Vec<Token> {
        let (custom, mut work) = (CustomWords::default(), Workspace::default());
        let mut reader = Reader::new(text, Mode::Document, &custom, &mut work);
        let (mut tokens, mut at) = (Vec::new(), 0);
        while at < text.len() {
            at = read_group(&mut reader, at, &mut |token| tokens.push(token.to_token()));
        }
        tokens
    }

    #[test]
    fn what_a_group_leaves_of_a_run_is_read() {
        for text in ["eau×état", "l’eau÷dit, il×", "×eau", "dit-il×vis-à-vis"] {
            assert_eq!(
                Analyzer::default().analyze(text),
                by_the_rules(text),
                "{text}"
            );
        }
        assert_eq!(by_the_rules("eau×état").len(), 2);
    }

    proptest! {
        #[test]
        fn plain_words_are_what_the_rules_make_of_them(
            pieces in prop::collection::vec(select(&PIECES[..]), 0..120),
        ) {
            let text = pieces.concat();
            prop_assert_eq!(Analyzer::default().analyze(&text), by_the_rules(&text));
        }
    }
}
