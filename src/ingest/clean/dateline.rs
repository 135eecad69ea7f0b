//! Datelines: « Paris, le 12 mars (AFP) », alone or before the first sentence.

use super::dates::{self, WrittenDate};
use super::page::{Certainty, Page};
use super::person;
use super::step::{Fate, Step};
use super::tokens::{Token, tokens};

/// The longest dateline, in characters.
const LONGEST: usize = 90;

struct Dateline {
    date: Option<WrittenDate>,
    agency: Option<String>,
}

/// A line that is a dateline and nothing else.
pub(super) fn whole(page: &mut Page<'_>, at: usize) -> bool {
    let text = page.text(at);
    if !page.does(Step::PublicationLines) || text.chars().count() > LONGEST {
        return false;
    }
    let Some(found) = read(text) else {
        return false;
    };
    if found.date.is_none() {
        return false;
    }
    note(page, at, &found);
    page.take(at, Step::PublicationLines, Fate::Published, "");
    true
}

/// « PARIS (AFP) – Le ministre … »: cut off the paragraph, when an agency is named.
pub(super) fn inline(page: &mut Page<'_>, at: usize) {
    if !page.does(Step::PublicationLines) {
        return;
    }
    let text = page.text(at);
    let head_end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(end, _)| end);
    let head = text.get(..head_end).unwrap_or(text);
    // The dash after the bracket of the agency ends the dateline.
    let Some(close) = head.find(')') else {
        return;
    };
    let after = text.get(close + 1..).unwrap_or_default();
    let rest = after.trim_start();
    let body = rest.trim_start_matches(['-', '–', '—', ' ', '\u{a0}', '\u{202f}']);
    let dash = rest.starts_with(['-', '–', '—']);
    let Some(dateline) = text.get(..=close) else {
        return;
    };
    let Some(found) =
        read(dateline).filter(|found| found.agency.is_some() && dash && !body.is_empty())
    else {
        return;
    };
    let (dateline, body) = (dateline.to_owned(), body.to_owned());
    note(page, at, &found);
    page.note(
        at,
        Step::PublicationLines,
        Fate::Removed,
        &dateline,
        "dateline",
    );
    page.replace(at, body);
}

fn note(page: &mut Page<'_>, at: usize, found: &Dateline) {
    if let Some(date) = found.date {
        page.found.dates.push((Certainty::Head, date, at));
    }
    if let Some(agency) = &found.agency {
        page.found.sources.push((Certainty::Hint, agency.clone()));
    }
}

/// One to four words of a place, then a date, an agency in brackets, or both; nothing else.
fn read(text: &str) -> Option<Dateline> {
    let words = tokens(text);
    let place = words
        .iter()
        .take(5)
        .take_while(|token| is_place_word(text, token))
        .count();
    // The place ends at a comma, a bracket or a dash.
    let place = (1..=place.min(4)).find(|&end| {
        words
            .get(end)
            .is_some_and(|token| token.comma || token.parted)
    });
    let mut at = match place {
        // « Tunis, Tunisie (PANA) », « Kara, Togo, 3 mai (ATOP) »: the country after the place.
        Some(place) => {
            let country = words
                .iter()
                .skip(place)
                .enumerate()
                .take_while(|(at, token)| {
                    is_place_word(text, token) && (*at == 0 || !(token.comma || token.parted))
                })
                .count();
            let more = place + country;
            let goes_on = country <= 3
                && words.get(more).is_some_and(|token| {
                    token.comma || dates::date(words.get(more..).unwrap_or_default()).is_some()
                });
            let agency = words
                .get(place)
                .zip(words.last())
                .and_then(|(first, last)| text.get(first.start..last.end))
                .is_some_and(|text| person::agency(text).is_some());
            if goes_on && !agency { more } else { place }
        }
        // « (Agence Ecofin) - … »
        None if text.starts_with('(') => 0,
        None => return None,
    };
    let mut found = Dateline {
        date: None,
        agency: None,
    };
    if let Some((date, used)) = dates::date(words.get(at..)?) {
        found.date = Some(date);
        at += used;
    }
    if let (Some(first), Some(last)) = (words.get(at), words.last()) {
        let agency = text.get(first.start..last.end).unwrap_or_default();
        found.agency = Some(person::agency(agency)?);
    }
    (found.date.is_some() || found.agency.is_some()).then_some(found)
}

fn is_place_word(line: &str, token: &Token) -> bool {
    let text = line.get(token.start..token.end).unwrap_or_default();
    let small = matches!(
        token.folded.as_str(),
        "de" | "du" | "la" | "le" | "sur" | "en" | "les"
    );
    small
        || (text.starts_with(char::is_uppercase)
            && text
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’')))
}
