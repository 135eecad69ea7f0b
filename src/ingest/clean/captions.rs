//! Captions that cut a sentence in two, and the joining of what was cut.

use super::page::Page;
use super::step::{Fate, Step};

/// The longest caption, in characters.
const LONGEST: usize = 160;
/// A paragraph that is cut has at least this many characters before the cut.
const SHORTEST: usize = 50;

pub(super) fn join(page: &mut Page<'_>) {
    if !page.does(Step::Captions) {
        return;
    }
    let open = page.open();
    let mut place = 0;
    while let Some(&first) = open.get(place) {
        place += 1;
        // What was joined may be cut once more further on.
        while is_cut(page.text(first)) {
            let (Some(&second), third) = (open.get(place), open.get(place + 1)) else {
                break;
            };
            // Lines joined before are behind us; anything else between was taken out by a step.
            let something_between = page.taken_between(first, second);
            if something_between && continues(page.text(first), page.text(second)) {
                append(page, first, second);
                place += 1;
                continue;
            }
            let Some(&third) = third else {
                break;
            };
            if !is_caption(page.text(second)) || !continues(page.text(first), page.text(third)) {
                break;
            }
            let caption = page.text(second).to_owned();
            page.found.captions.push(caption);
            page.take(second, Step::Captions, Fate::Caption, "cuts a sentence");
            append(page, first, third);
            place += 2;
        }
    }
}

/// A paragraph that stops in the middle of a sentence.
fn is_cut(text: &str) -> bool {
    text.chars().count() >= SHORTEST
        && text
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '»' | ')' | '’' | '\''))
}

fn is_caption(text: &str) -> bool {
    text.chars().count() <= LONGEST
        // Items of a list and lines of a poem end so.
        && !text.ends_with([',', ';', ':'])
        && !text.split(". ").skip(1).any(|rest| rest.starts_with(char::is_uppercase))
        && text
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '(' | '[' | '©' | '«' | '“' | '"'))
}

/// Whether a line goes on with the sentence that another one left.
fn continues(before: &str, after: &str) -> bool {
    after.chars().next().is_some_and(|c| {
        c.is_lowercase()
            || (matches!(c, '.' | ',' | ';' | ')') && !after.starts_with(".."))
            // « …, Rékiatou, | 48 ans, … »: a number goes on only after a comma.
            || (c.is_numeric() && before.ends_with(','))
    })
}

fn append(page: &mut Page<'_>, first: usize, second: usize) {
    let (before, after) = (page.text(first), page.text(second));
    let space = if after.starts_with(['.', ',', ')']) {
        ""
    } else {
        " "
    };
    let joined = format!("{before}{space}{after}");
    page.take(
        second,
        Step::Captions,
        Fate::Joined,
        "goes on with the sentence above",
    );
    page.joined(second);
    page.replace(first, joined);
}
