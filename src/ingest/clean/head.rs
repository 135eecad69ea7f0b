//! The title, what stands above it, and its repetitions.

use super::page::{Page, bare, ends_sentence, is_shouted};
use super::person;
use super::step::{Fate, Step};
use super::tables::SECTION_LABELS;
use super::tokens::fold;

/// The longest title, in characters.
const LONGEST: usize = 220;

/// Finds the title, or takes the one that is known.
pub(super) fn take(page: &mut Page<'_>, known: Option<&str>) {
    if let Some(known) = known {
        page.found.title = Some(known.to_owned());
        labels_above(page);
        if page.does(Step::Titles) {
            repeated(page, &bare(&fold(known)), None);
        }
        return;
    }
    labels_above(page);
    if !page.does(Step::Titles) {
        return;
    }
    let open = page.open();
    let Some(&at) = open.first() else {
        return;
    };
    // A page of one line: short, it is a title without a text; long, a text without a title.
    if open.len() == 1 && page.length(at) > 100 {
        return;
    }
    let key = bare(&fold(page.text(at)));
    let twice = page
        .open()
        .iter()
        .skip(1)
        .take(6)
        .any(|&other| !key.is_empty() && bare(page.folded(other)) == key);
    if !(is_title(page.text(at)) || (twice && page.text(at).chars().count() <= LONGEST)) {
        return;
    }
    page.found.title = Some(page.text(at).to_owned());
    page.take(at, Step::Titles, Fate::Title, "");
    repeated(page, &key, Some(at));
    labels_below(page, at);
}

/// Every other line that is the title again, in the whole page.
fn repeated(page: &mut Page<'_>, key: &str, title: Option<usize>) {
    if key.is_empty() {
        return;
    }
    for at in page.open() {
        if Some(at) != title && bare(page.folded(at)) == key {
            page.take(at, Step::Titles, Fate::Removed, "repeats the title");
        }
    }
}

/// « Continent », « Accueil > Politique > Mali » above a title.
fn labels_above(page: &mut Page<'_>) {
    if !page.does(Step::SectionLabels) {
        return;
    }
    for _ in 0..4 {
        let open = page.open();
        let (Some(&first), Some(_)) = (open.first(), open.get(1)) else {
            return;
        };
        let second = open.get(1).map_or("", |&second| page.text(second));
        let why = if is_label(page.text(first)) {
            ""
        } else if is_above_title(page.text(first), second) {
            "a word or two above a title"
        } else {
            return;
        };
        page.take(first, Step::SectionLabels, Fate::Removed, why);
    }
}

/// « Soudan » above « À Khartoum, les boulangers rationnent la farine »: labels that no table has.
fn is_above_title(text: &str, next: &str) -> bool {
    let words = |text: &str| text.split_whitespace().count();
    words(text) <= 2
        && text.chars().count() <= 30
        && text
            .chars()
            .all(|c| c.is_alphabetic() || " -'’".contains(c))
        && text.starts_with(char::is_uppercase)
        && words(next) >= 5
        && (30..=140).contains(&next.chars().count())
        && !ends_sentence(next)
        && is_title(next)
}

/// « Handball. Nationale 1 féminine » between the title and the text.
fn labels_below(page: &mut Page<'_>, title: usize) {
    if !page.does(Step::SectionLabels) {
        return;
    }
    let first_paragraph = page.body().map_or(title, |(first, _)| first);
    for at in title + 1..first_paragraph.min(title + 5) {
        if !page.is_open(at) {
            continue;
        }
        let text = page.text(at);
        let begins = text
            .split_once(['.', '|', ':', '–', '/'])
            .is_some_and(|(label, rest)| {
                SECTION_LABELS.has(&fold(label))
                    && rest.chars().count() < 50
                    && !ends_sentence(text)
            });
        if is_label(text) || begins {
            page.take(at, Step::SectionLabels, Fate::Removed, "");
        }
    }
}

/// A label of the table, or a path of them.
fn is_label(text: &str) -> bool {
    if text.chars().count() > 90 {
        return false;
    }
    let mut parts = text
        .split(['>', '»', '/', '|', '•', '·', '›', ',', '&'])
        .map(|part| {
            let folded = fold(part);
            folded
                .trim_matches([':', '.', '-', '#', ' ', '[', ']'])
                .to_owned()
        });
    let mut any = false;
    let first_is_home = fold(text).starts_with("accueil ");
    let known = parts.all(|part| {
        any |= !part.is_empty();
        part.is_empty()
            || SECTION_LABELS.has(&part)
            || part.split(" et ").all(|part| SECTION_LABELS.has(part))
    });
    let path = text.contains(['>', '›', '»']) && first_is_home;
    any && (known || path || is_site(text))
}

/// « DAKARACTU.COM »: the site's own name.
fn is_site(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(name, domain)| {
        !text.contains(char::is_whitespace)
            && name.chars().filter(|c| c.is_alphanumeric()).count() > 1
            && (2..=4).contains(&domain.len())
            && domain.chars().all(|c| c.is_ascii_alphabetic())
    })
}

/// A line that reads as a title and not as a paragraph, a sentence or a name.
fn is_title(text: &str) -> bool {
    let length = text.chars().count();
    if !(4..=LONGEST).contains(&length) || !text.chars().any(char::is_alphabetic) {
        return false;
    }
    if text.ends_with([',', ';', ':']) || text.starts_with(['-', '–', '—', '•', '*']) && length < 40
    {
        return false;
    }
    if text.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    // Sentences end with a dot; titles do not, but for capitals and ellipses.
    let dotted = text.ends_with('.')
        && !text.ends_with("..")
        && !is_shouted(text)
        && !ends_with_initials(text);
    if dotted || sentences(text) > 2 {
        return false;
    }
    // A quotation of some length is how articles begin, not how they are called.
    let quoted = text.starts_with(['«', '“', '"']) && text.ends_with(['»', '”', '"']);
    let long = (quoted && length > 120) || (length > 140 && ends_sentence(text));
    !long && !is_lone_name(text)
}

fn is_lone_name(text: &str) -> bool {
    person::is_person(text)
        && text.split_whitespace().count() <= 3
        && text.chars().any(char::is_lowercase)
}

/// « … la S.A.R.L. »
fn ends_with_initials(text: &str) -> bool {
    text.split_whitespace()
        .next_back()
        .is_some_and(|word| word.matches('.').count() > 1)
}

/// How many sentences a line looks like.
fn sentences(text: &str) -> usize {
    let mut count = 1;
    let mut word = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() {
            word += 1;
            continue;
        }
        // « M. Koné », « J.-B. » end no sentence.
        if matches!(c, '.' | '!' | '?') && word > 2 && chars.peek() == Some(&' ') {
            let mut rest = chars.clone();
            rest.next();
            count += usize::from(rest.peek().is_some_and(|next| next.is_uppercase()));
        }
        word = 0;
    }
    count
}
