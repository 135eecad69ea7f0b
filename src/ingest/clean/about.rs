//! What is said about an article: who wrote it, when it appeared, how long it takes, who saw it.

use super::dateline;
use super::dates::WrittenDate;
use super::leads::{byline_lead, publication_lead};
use super::page::{Certainty, Page};
use super::person;
use super::pieces::{Piece, pieces};
use super::step::{Fate, Step};
use super::tokens::tokens;

/// A line that is a name and nothing else: who it is depends on the place.
pub(super) struct LoneName {
    at: usize,
    name: String,
}

/// Lines made of nothing but such pieces, and datelines. Lone names are given back: they wait until
/// the title is known.
pub(super) fn take(page: &mut Page<'_>) -> Vec<LoneName> {
    let mut names = Vec::new();
    join_leads(page);
    split_reading_time(page);
    let (first, last) = page.body().unwrap_or((usize::MAX, usize::MAX));
    let second = (first.saturating_add(1)..last)
        .find(|&at| page.is_body(at))
        .unwrap_or(last);
    let mut inside = Vec::new();
    for at in page.open() {
        if page.folded(at).is_empty() {
            dateline::inline(page, at);
            continue;
        }
        let Some(found) = pieces(page.text(at)) else {
            if !dateline::whole(page, at) {
                dateline::inline(page, at);
            }
            continue;
        };
        if let Some(name) = lone_name(page.text(at), &found) {
            let name = name.to_owned();
            names.push(LoneName { at, name });
            continue;
        }
        let certainty = if at > last {
            Certainty::Tail
        } else {
            Certainty::Head
        };
        // « Samedi 12 novembre » inside the text heads a programme, unless it stands right below the
        // standfirst and alone.
        if matches!(found.as_slice(), [Piece::Bare(_)]) && (first..last).contains(&at) {
            if at < second {
                inside.push((at, found));
            }
            continue;
        }
        apply(page, at, &found, certainty);
    }
    if let [(at, found)] = inside.as_slice() {
        apply(page, *at, found, Certainty::Head);
    }
    names
}

/// A name not announced by « Par » or the like.
fn lone_name<'a>(text: &str, found: &'a [Piece]) -> Option<&'a str> {
    let [Piece::Author(name)] = found else {
        return None;
    };
    person::is_person(text.split([',', '(']).next()?).then_some(name)
}

fn apply(page: &mut Page<'_>, at: usize, found: &[Piece], certainty: Certainty) {
    // A line of several pieces goes when the steps of all of them are on.
    if !found.iter().all(|piece| page.does(piece.step())) {
        return;
    }
    let line = at;
    let mut fate = Fate::Removed;
    let mut step = found.first().map_or(Step::Bylines, Piece::step);
    let mut why = String::new();
    for piece in found {
        let mut dated = |certainty: Certainty, date: &WrittenDate| {
            page.found.dates.push((certainty, *date, line));
            fate = Fate::Published;
            step = Step::PublicationLines;
        };
        match piece {
            Piece::Published(date) => dated(Certainty::Said, date),
            Piece::Bare(date) => dated(certainty, date),
            Piece::Updated(date) => {
                dated(Certainty::Hint, date);
                "an update, taken where nothing else tells".clone_into(&mut why);
            }
            Piece::Author(name) => {
                page.found.authors.push((Certainty::Said, name.clone()));
                if fate == Fate::Removed {
                    fate = Fate::Author;
                    step = Step::Bylines;
                }
                why.clone_from(name);
            }
            Piece::Collective(agency) => {
                if let Some(agency) = agency {
                    page.found.sources.push((Certainty::Hint, agency.clone()));
                }
                "names nobody".clone_into(&mut why);
            }
            Piece::Undated => "no date to be sure of".clone_into(&mut why),
            Piece::ReadingTime | Piece::Counter | Piece::Sharing | Piece::Paywall => {}
        }
    }
    page.take(at, step, fate, &why);
}

/// « Par » on a line, « L’Indicateur » on the next: what a page sets in boxes comes apart when it is
/// copied. Dashes alone above the text are what stood between.
fn join_leads(page: &mut Page<'_>) {
    let first = page.body().map_or(page.lines.len(), |(first, _)| first);
    for at in page.open().into_iter().filter(|&at| at < first) {
        let words = tokens(page.text(at));
        if words.is_empty() && page.text(at).chars().count() <= 3 {
            if page.does(Step::Bylines) {
                page.take(at, Step::Bylines, Fate::Removed, "stands between");
            }
            continue;
        }
        if goes_on(page, at) {
            let whole = format!("{}, {}", page.text(at - 1), page.text(at));
            page.take(
                at - 1,
                Step::Bylines,
                Fate::Joined,
                "goes with the line below",
            );
            page.replace(at, whole);
            continue;
        }
        let byline = byline_lead(&words) == Some(words.len());
        let date = publication_lead(&words).is_some_and(|(_, used)| used == words.len());
        let step = if byline {
            Step::Bylines
        } else {
            Step::PublicationLines
        };
        if !(byline || date) || !page.is_open(at + 1) || !page.does(step) {
            continue;
        }
        let whole = format!("{} {}", page.text(at), page.text(at + 1));
        if pieces(&whole).is_some() {
            page.take(at, step, Fate::Joined, "goes with the line below");
            page.replace(at + 1, whole);
        }
    }
}

/// « et Rokia Sow », « à Laval » below a byline.
fn goes_on(page: &Page<'_>, at: usize) -> bool {
    let text = page.text(at);
    let Some(above) = at.checked_sub(1).filter(|&above| page.is_open(above)) else {
        return false;
    };
    let place = text
        .strip_prefix("à ")
        .is_some_and(|place| place.starts_with(char::is_uppercase) && place.len() < 40);
    let is_byline = |text: &str| {
        pieces(text)
            .is_some_and(|found| found.iter().any(|piece| matches!(piece, Piece::Author(_))))
    };
    (place || text.starts_with("et "))
        && page.does(Step::Bylines)
        && is_byline(page.text(above))
        && is_byline(&format!("{}, {text}", page.text(above)))
}

/// « 2 minutesYao Brou »: a reading time stuck to what came after it on the page.
fn split_reading_time(page: &mut Page<'_>) {
    if !page.does(Step::ReadingTime) {
        return;
    }
    for at in page.open().into_iter().take(6) {
        let text = page.text(at);
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        if !(1..=2).contains(&digits) {
            continue;
        }
        let after = text.get(digits..).unwrap_or_default().trim_start();
        let Some(rest) = ["minutes", "minute", "mins", "min"]
            .iter()
            .find_map(|unit| after.strip_prefix(unit))
        else {
            continue;
        };
        if !rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“')) {
            continue;
        }
        let rest = rest.to_owned();
        let reading_time = text
            .strip_suffix(rest.as_str())
            .unwrap_or_default()
            .to_owned();
        page.note(
            at,
            Step::ReadingTime,
            Fate::Removed,
            &reading_time,
            "stuck to the next words",
        );
        let is_byline = pieces(&rest).is_some();
        let short = rest.chars().count() < 120 && !rest.ends_with('.');
        page.replace(at, rest);
        if !is_byline && short && page.does(Step::Captions) {
            let caption = page.text(at).to_owned();
            page.found.captions.push(caption);
            page.take(
                at,
                Step::Captions,
                Fate::Caption,
                "stuck to the reading time",
            );
        }
    }
}

/// Lone names, by their place: above or below the text a byline, inside it a caption.
pub(super) fn take_names(page: &mut Page<'_>, names: Vec<LoneName>) {
    let Some((first, last)) = page.body() else {
        return;
    };
    let second = (first + 1..=last)
        .find(|&at| page.is_body(at))
        .unwrap_or(last);
    let about = [Step::PublicationLines, Step::ReadingTime, Step::Bylines];
    let speakers = has_speakers(page, &names);
    // Whether the text tells of a person; lowered once, and only if there is a name.
    let mut paragraphs: Option<String> = None;
    for LoneName { at, name } in names {
        if !page.is_open(at) {
            continue;
        }
        let beside = at
            .checked_sub(1)
            .is_some_and(|before| page.gone_by(before, &about))
            || page.gone_by(at + 1, &about);
        let above = at < first || (at < second && beside);
        let signature = page
            .text(at)
            .split([',', '('])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let told = paragraphs
            .get_or_insert_with(|| paragraphs_lowered(page))
            .contains(&signature.to_lowercase());
        let described = signature.len() < page.text(at).len();
        if above || (at > last && (!told || described)) {
            if page.does(Step::Bylines) {
                let certainty = if above {
                    Certainty::Head
                } else {
                    Certainty::Tail
                };
                page.take(at, Step::Bylines, Fate::Author, &name);
                page.found.authors.push((certainty, name));
            }
        } else if told && !described && !speakers && page.does(Step::Captions) {
            page.found.captions.push(signature);
            page.take(
                at,
                Step::Captions,
                Fate::Caption,
                "a lone name of which the text tells",
            );
        }
    }
}

fn paragraphs_lowered(page: &Page<'_>) -> String {
    (0..page.lines.len())
        .filter(|&at| page.is_body(at))
        .map(|at| page.text(at).to_lowercase() + "\n")
        .collect()
}

/// Names that stand alone several times are those of speakers, in an interview or a play.
fn has_speakers(page: &Page<'_>, names: &[LoneName]) -> bool {
    let mut seen = std::collections::HashSet::new();
    names.iter().any(|name| !seen.insert(page.folded(name.at)))
}

/// « 6 » under the title or at the end: how many comments, how many shares.
pub(super) fn take_numbers(page: &mut Page<'_>) {
    if !page.does(Step::Counters) {
        return;
    }
    let Some((first, last)) = page.body() else {
        return;
    };
    for at in page
        .open()
        .into_iter()
        .filter(|&at| at < first || at > last)
    {
        let text = page.text(at);
        let number = text.len() <= 8
            && text.chars().all(|c| {
                c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '\u{a0}' | '\u{202f}')
            });
        if number && text.starts_with(|c: char| c.is_ascii_digit()) {
            page.take(at, Step::Counters, Fate::Removed, "a lone number");
        }
    }
}
