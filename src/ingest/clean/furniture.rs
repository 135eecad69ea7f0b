//! What surrounds the text on a page: buttons, invitations, advertising, rights, tags, credits.

use super::page::{Certainty, Page, ends_sentence};
use super::step::{Fate, Step};
use super::tables::{
    ADVERTISING, COPYRIGHT, COPYRIGHT_WITHIN, FOLLOW, PHOTO_CREDITS, PHOTO_CREDITS_WITHIN,
    SOURCE_LEADS, SUBSCRIPTION, SUBSCRIPTION_AROUND, SUBSCRIPTION_WITHIN, TAG_LEADS,
};
use super::tokens::fold;

/// Longer lines are paragraphs, in characters.
const LONGEST: usize = 220;
/// The longest caption, in characters.
const LONGEST_CAPTION: usize = 180;
/// The longest name of a newspaper, in characters.
const LONGEST_SOURCE: usize = 60;

/// What is sure by the line alone, wherever it stands.
pub(super) fn take(page: &mut Page<'_>) {
    let open = page.open();
    // Notices of rights and invitations may be as long as paragraphs, and are none.
    let last = open
        .iter()
        .copied()
        .rfind(|&at| page.is_body(at) && kind(page.text(at), page.folded(at), true, true).is_none())
        .unwrap_or(0);
    let end = open.iter().rev().nth(3).copied().unwrap_or(0);
    for at in open {
        let folded = page.folded(at);
        if folded.is_empty() || page.length(at) > LONGEST {
            continue;
        }
        let Some(kind) = kind(page.text(at), folded, at > last, at >= end) else {
            continue;
        };
        let text = page.text(at).to_owned();
        match kind {
            Kind::Advertising if page.does(Step::Advertising) => {
                page.take(at, Step::Advertising, Fate::Removed, "")
            }
            Kind::Tags if page.does(Step::Tags) => tags(page, at, &text),
            Kind::Logo if page.does(Step::Logos) => logo(page, at, &text),
            Kind::Copyright if page.does(Step::Copyright) => copyright(page, at, &text),
            Kind::Credit if page.does(Step::Captions) => {
                page.found.captions.push(text);
                page.take(at, Step::Captions, Fate::Caption, "photo credit");
            }
            Kind::Subscription if page.does(Step::Subscriptions) => subscription(page, at, &text),
            Kind::Source if page.does(Step::Bylines) => source_line(page, at, &text),
            _ => {}
        }
    }
}

enum Kind {
    Advertising,
    Tags,
    Logo,
    Copyright,
    Credit,
    Subscription,
    Source,
}

/// What kind of furniture a line is: `below` the last paragraph or not, near the `end` or not.
fn kind(text: &str, folded: &str, below: bool, end: bool) -> Option<Kind> {
    if ADVERTISING.begin(folded.trim_matches(['-', '–', '[', ']', ' ', '*'])) {
        return Some(Kind::Advertising);
    }
    if is_tags(text, folded) {
        return Some(Kind::Tags);
    }
    if is_logo(folded) {
        return Some(Kind::Logo);
    }
    if (below || (end && !folded.starts_with('©')))
        && (COPYRIGHT.begin(folded) || COPYRIGHT_WITHIN.within(folded))
    {
        return Some(Kind::Copyright);
    }
    if is_credited(text, folded) {
        return Some(Kind::Credit);
    }
    if SUBSCRIPTION.begin(folded) {
        return Some(Kind::Subscription);
    }
    let source = below
        && SOURCE_LEADS
            .after(folded)
            .is_some_and(|rest| rest.trim_start().starts_with(':'));
    source.then_some(Kind::Source)
}

/// What is sure only outside the body: below the last paragraph, or above the first.
pub(super) fn take_around(page: &mut Page<'_>) {
    if page.does(Step::Subscriptions) {
        // The last paragraphs may be invitations in whole sentences.
        for at in page.open().into_iter().rev().take(4) {
            let text = page.text(at).to_owned();
            if !page.folded(at).is_empty()
                && page.length(at) <= LONGEST
                && is_invitation(page.folded(at))
            {
                subscription(page, at, &text);
            }
        }
    }
    let Some((first, last)) = page.body() else {
        return;
    };
    if page.does(Step::Subscriptions) {
        for at in page.open().into_iter().filter(|&at| at < first) {
            if is_invitation(page.folded(at)) {
                page.take(at, Step::Subscriptions, Fate::Removed, "");
            }
        }
    }
    if !page.does(Step::Footers) {
        return;
    }
    // Below the text and below something that no text holds, short lines are the page's own.
    let marks = [
        Step::Bylines,
        Step::Subscriptions,
        Step::Sharing,
        Step::Copyright,
        Step::Logos,
        Step::Tags,
        Step::Footers,
        Step::Counters,
    ];
    for at in last + 1..page.lines.len() {
        let after_mark = (last + 1..at).any(|before| page.gone_by(before, &marks));
        let text = page.text(at);
        if page.is_open(at) && after_mark && text.chars().count() < 120 && !text.ends_with('.') {
            page.take(
                at,
                Step::Footers,
                Fate::Removed,
                "below the end of the text",
            );
        }
    }
}

fn is_invitation(folded: &str) -> bool {
    // Somebody's words are not the page's.
    !folded.starts_with(['«', '“', '"'])
        && (SUBSCRIPTION_AROUND.begin(folded) || SUBSCRIPTION_WITHIN.within(folded))
}

fn subscription(page: &mut Page<'_>, at: usize, text: &str) {
    // « Suivez La Lagune sur Google Actualités » says whose page it is.
    let (before, after) = FOLLOW;
    let lower = text.to_lowercase();
    let name = lower
        .starts_with(before)
        .then(|| lower.find(after))
        .flatten()
        .and_then(|end| text.get(before.len()..end));
    if let Some(name) = name
        && name.starts_with(char::is_uppercase)
        && name.chars().count() <= LONGEST_SOURCE
    {
        page.found.sources.push((Certainty::Hint, name.to_owned()));
    }
    page.take(at, Step::Subscriptions, Fate::Removed, "");
}

fn copyright(page: &mut Page<'_>, at: usize, text: &str) {
    match holder(text) {
        Some(source) => {
            page.found.sources.push((Certainty::Said, source.clone()));
            page.take(at, Step::Copyright, Fate::Source, &source);
        }
        None => page.take(at, Step::Copyright, Fate::Removed, ""),
    }
}

/// Whose rights: « © Le Messager 2022 », « Le Messager – tous droits réservés ».
fn holder(text: &str) -> Option<String> {
    let without_year =
        |word: &&str| !(word.len() >= 4 && word.chars().all(|c| c.is_ascii_digit() || c == '-'));
    text.split(['–', '—', '|', '.', ','])
        .chain([text])
        .find_map(|part| {
            let words: Vec<&str> = part
                .split_whitespace()
                .map(|word| word.trim_matches(['©', '(', ')', ':', ';']))
                .filter(|word| !word.is_empty() && *word != "c" && fold(word) != "copyright")
                .filter(without_year)
                .collect();
            let name = words.join(" ");
            let folded = fold(&name);
            let is_name = (2..=LONGEST_SOURCE).contains(&name.chars().count())
                && name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && !COPYRIGHT.begin(&folded)
                && !COPYRIGHT_WITHIN.within(&folded);
            is_name.then_some(name)
        })
}

/// « Source : La Lagune », below the text.
fn source_line(page: &mut Page<'_>, at: usize, text: &str) {
    let name = text
        .split_once(':')
        .map_or("", |(_, name)| name.trim().trim_end_matches('.'));
    if !name.is_empty() && name.chars().count() <= LONGEST_SOURCE {
        page.found.sources.push((Certainty::Said, name.to_owned()));
        page.take(at, Step::Bylines, Fate::Source, name);
    }
}

/// « Tags : eau, emprunt », « #Mali #Russie ».
fn is_tags(text: &str, folded: &str) -> bool {
    is_hashtags(text)
        || TAG_LEADS
            .after(folded)
            .is_some_and(|after| after.trim_start().starts_with(':'))
}

fn is_hashtags(text: &str) -> bool {
    text.starts_with('#')
        && text.split_whitespace().all(|word| {
            word.strip_prefix('#')
                .is_some_and(|tag| tag.chars().next().is_some_and(char::is_alphanumeric))
        })
}

fn tags(page: &mut Page<'_>, at: usize, text: &str) {
    let found: Vec<String> = if is_hashtags(text) {
        text.split_whitespace()
            .map(|word| word.trim_matches(['#', ',', ';']).to_owned())
            .collect()
    } else {
        let list = text.split_once(':').map_or("", |(_, list)| list);
        list.split([',', ';', '·', '•', '|', '#'])
            .map(|tag| tag.trim().trim_end_matches('.').to_owned())
            .filter(|tag| !tag.is_empty())
            .collect()
    };
    for tag in found {
        if !page.found.tags.contains(&tag) {
            page.found.tags.push(tag);
        }
    }
    page.take(at, Step::Tags, Fate::Tags, "");
}

const PICTURES: [&str; 7] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"];

/// « 7info.ci_logo », « IMG_2034.jpg », « Logo du journal ».
fn is_logo(folded: &str) -> bool {
    let one_word = !folded.contains(' ');
    if one_word && PICTURES.iter().any(|end| folded.ends_with(end)) {
        return true;
    }
    if !folded.contains("logo") {
        return false;
    }
    if one_word {
        return folded == "logo" || logo_stem(folded).is_some();
    }
    let lone = folded.starts_with("logo ") || folded.ends_with(" logo");
    lone && folded.split(' ').count() <= 8 && !ends_sentence(folded)
}

fn logo_stem(word: &str) -> Option<&str> {
    word.strip_suffix("_logo")
        .or_else(|| word.strip_suffix("-logo"))
        .or_else(|| word.strip_prefix("logo_"))
        .or_else(|| word.strip_prefix("logo-"))
}

fn logo(page: &mut Page<'_>, at: usize, text: &str) {
    let lower = text.to_lowercase();
    // A logo named after the site: « 7info.ci_logo ».
    let site = logo_stem(&lower).filter(|stem| {
        stem.split_once('.')
            .is_some_and(|(name, domain)| !name.is_empty() && (2..=6).contains(&domain.len()))
    });
    match site {
        Some(site) => {
            page.found.sources.push((Certainty::Hint, site.to_owned()));
            page.take(at, Step::Logos, Fate::Source, site);
        }
        None => page.take(at, Step::Logos, Fate::Removed, ""),
    }
}

/// A caption by its credit.
fn is_credited(text: &str, folded: &str) -> bool {
    let length = text.chars().count();
    if length > LONGEST_CAPTION {
        return false;
    }
    let inner = folded.trim_start_matches(['(', '[', ' ']);
    let begins = PHOTO_CREDITS.begin(inner) || inner.starts_with("ph. ");
    // « Photo après photo, elle raconte sa ville. » is a sentence.
    let marked = inner.contains([':', '©', '/']) || folded.starts_with(['(', '[']);
    if begins && (marked || (length <= 60 && !text.ends_with('.'))) {
        return true;
    }
    if PHOTO_CREDITS_WITHIN.within(folded) && !text.starts_with('«') {
        return true;
    }
    // « … devant sa toile, samedi. | S. C. / LA DÉPÊCHE ».
    text.rsplit_once('|').is_some_and(|(caption, credit)| {
        caption.chars().count() > 15
            && credit.contains('/')
            && credit.split_whitespace().count() <= 7
    })
}
