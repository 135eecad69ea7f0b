//! What surrounds the text on a page: buttons, invitations, advertising, rights, tags, credits.

use super::page::{Certainty, Page, ends_sentence};
use super::pieces::pieces;
use super::step::{Fate, Step};
use super::tables::{
    ADVERTISING, BUTTONS, COPYRIGHT, COPYRIGHT_WITHIN, FOLLOW, NOTICES, PHOTO_CREDITS,
    PHOTO_CREDITS_WITHIN, SOURCE_LEADS, SUBSCRIPTION, SUBSCRIPTION_AROUND, SUBSCRIPTION_WITHIN,
    TAG_LEADS,
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
        if folded.is_empty() {
            continue;
        }
        if page.length(at) > LONGEST {
            if page.does(Step::Subscriptions) && NOTICES.begin(folded) {
                page.take(at, Step::Subscriptions, Fate::Removed, "");
            }
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
            Kind::Tags if page.does(Step::Tags) => {
                tags(page, at, &text);
                if at > last {
                    tags_below(page, at);
                }
            }
            Kind::Logo if page.does(Step::Logos) => logo(page, at, &text),
            Kind::Copyright if page.does(Step::Copyright) => copyright(page, at, &text),
            Kind::Credit if page.does(Step::Captions) => {
                page.found.captions.push(text);
                page.take(at, Step::Captions, Fate::Caption, "photo credit");
            }
            Kind::Subscription if page.does(Step::Subscriptions) => subscription(page, at, &text),
            Kind::Source if page.does(Step::Bylines) => source_line(page, at, &text),
            Kind::Button if page.does(Step::Sharing) => {
                page.take(at, Step::Sharing, Fate::Removed, "a button")
            }
            Kind::Desk if page.does(Step::Bylines) => {
                page.take(at, Step::Bylines, Fate::Removed, "names nobody")
            }
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
    Button,
    /// Who sent the dispatch: « AO/ata », « -0- PANA … ».
    Desk,
}

/// Whether a line is furniture wherever it stands.
pub(super) fn is_furniture(text: &str, folded: &str) -> bool {
    !folded.is_empty() && kind(text, folded, false, false).is_some()
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
        && !is_told(text, folded)
    {
        return Some(Kind::Copyright);
    }
    if is_credited(text, folded) {
        return Some(Kind::Credit);
    }
    let button = folded.trim_matches(|c: char| "←→<>«»‹›|•[] ".contains(c));
    if BUTTONS.begin(button) || is_player(folded) {
        return Some(Kind::Button);
    }
    if (below && (is_initialled(text) || is_credit(folded)))
        || folded.starts_with("-0- ")
        || is_role(folded)
        || (text.starts_with('@') && !text.contains(' '))
    {
        return Some(Kind::Desk);
    }
    if NOTICES.begin(folded) || (SUBSCRIPTION.begin(folded) && !is_told(text, folded)) {
        return Some(Kind::Subscription);
    }
    let source = below
        && SOURCE_LEADS
            .after(folded)
            .is_some_and(|rest| rest.trim_start().starts_with(':'));
    source.then_some(Kind::Source)
}

/// A whole sentence that speaks of invitations and rights and is none: it addresses nobody, names no
/// year, or somebody says it.
fn is_told(text: &str, folded: &str) -> bool {
    const ADDRESSED: [&str; 14] = [
        "vous",
        "votre",
        "vos",
        "nous",
        "notre",
        "nos",
        "je",
        "mon",
        "reserve",
        "reserves",
        "interdite",
        "interdites",
        "droits",
        "©",
    ];
    let spoken = ["-t-il", "-t-elle", "-t-on", "dit-il", "dit-elle"]
        .iter()
        .any(|verb| folded.contains(verb));
    let sentence = text.ends_with('.') && folded.split(' ').count() > 5;
    let addressed = folded
        .split(|c: char| !c.is_alphanumeric() && c != '©')
        .any(|word| {
            ADDRESSED.contains(&word)
                // « recevez », « suivez »
                || (word.ends_with("ez") && !matches!(word, "chez" | "assez" | "nez"))
                || (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        });
    spoken || (sentence && !addressed)
}

/// What is sure only outside the body: below the last paragraph, or above the first.
pub(super) fn take_around(page: &mut Page<'_>) {
    if page.does(Step::Subscriptions) {
        // The last paragraphs may be invitations in whole sentences.
        for at in page.open().into_iter().rev().take(4) {
            let text = page.text(at).to_owned();
            if !page.folded(at).is_empty()
                && page.length(at) <= LONGEST
                && is_invitation(&text, page.folded(at))
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
            if is_invitation(page.text(at), page.folded(at)) {
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

fn is_invitation(text: &str, folded: &str) -> bool {
    // Somebody's words are not the page's.
    !folded.starts_with(['«', '“', '"'])
        && (SUBSCRIPTION_AROUND.begin(folded) || SUBSCRIPTION_WITHIN.within(folded))
        && !is_told(text, folded)
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
        || (TAG_LEADS.after(folded) == Some("") && folded.ends_with('s'))
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

/// « 00:00/02:30 », what is left of a player.
fn is_player(folded: &str) -> bool {
    folded.split_once('/').is_some_and(|(now, end)| {
        [now.trim(), end.trim()].iter().all(|time| {
            time.len() >= 4
                && time.contains(':')
                && time.chars().all(|c| c.is_ascii_digit() || c == ':')
        })
    })
}

/// « AO/ata », « mba/lum/tmo »: who wrote and who sent a dispatch.
fn is_initialled(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_matches(['(', ')', '.']).split('/').collect();
    (2..=4).contains(&parts.len())
        && parts.iter().all(|part| {
            (2..=4).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic())
        })
}

/// « Adaptation web : Léa Jordan », « Tél. : 77 000 00 00 », below the text.
fn is_credit(folded: &str) -> bool {
    const LEADS: [&str; 12] = [
        "adaptation",
        "sujet radio",
        "sujet tv",
        "sujet",
        "montage",
        "traduction",
        "mise en ligne",
        "tel",
        "tel.",
        "telephone",
        "contact",
        "contacts",
    ];
    folded.split_once(':').is_some_and(|(lead, rest)| {
        let lead = lead.trim();
        let lead = lead.strip_suffix(" web").unwrap_or(lead);
        LEADS.contains(&lead) && rest.chars().count() < 60
    })
}

/// « Role, correspondante à Dakar »: what software puts around the name of an author.
fn is_role(folded: &str) -> bool {
    ["role, ", "fonction, ", "reporting from, ", "twitter, "]
        .iter()
        .any(|lead| folded.starts_with(lead))
}

/// « Mots-clés » and, below it, one a line.
fn tags_below(page: &mut Page<'_>, heading: usize) {
    let bare = |text: &str| text.trim_matches(['#', ' ', '•', '-', ',']).to_owned();
    for at in heading + 1..page.lines.len() {
        let text = page.text(at);
        let short = text.chars().count() <= 40 && text.split_whitespace().count() <= 4;
        let is_tag = page.is_open(at)
            && short
            && !ends_sentence(text)
            && !is_furniture(text, page.folded(at))
            && pieces(text).is_none();
        if !is_tag {
            return;
        }
        page.found.tags.push(bare(text));
        page.take(at, Step::Tags, Fate::Tags, "");
    }
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
    let field = [
        "legende image,",
        "legende video,",
        "legende,",
        "credit photo,",
    ]
    .iter()
    .any(|field| inner.starts_with(field));
    let marked = field || inner.contains([':', '©', '/']) || folded.starts_with(['(', '[']);
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
