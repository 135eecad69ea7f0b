//! Links to other articles: « Lire aussi : … », alone, at the end of a paragraph, or as a list.

use super::furniture::is_furniture;
use super::page::{Page, bare, ends_sentence};
use super::pieces::{Piece, pieces};
use super::step::{Fate, Step};
use super::tables::{RELATED, RELATED_WITH_MARK};
use super::tokens::fold;

/// The longest title of a linked article, in characters.
const LONGEST: usize = 220;
const MARKS: [char; 12] = [':', '>', '»', '|', '→', '–', '—', '•', '►', '-', '➡', '⇒'];

pub(super) fn take(page: &mut Page<'_>) {
    if !page.does(Step::RelatedLinks) {
        return;
    }
    let mut at = 0;
    while at < page.lines.len() {
        if !page.is_open(at) {
            at += 1;
            continue;
        }
        if page.folded(at).is_empty() {
            inline(page, at);
            at += 1;
            continue;
        }
        if let Some(parted) = unstuck(page.text(at)) {
            page.replace(at, parted);
        }
        let start = page
            .folded(at)
            .trim_start_matches(|c: char| !c.is_alphanumeric());
        // Most lines begin like no lead: told by what is folded already.
        let likely =
            RELATED.begin(start) || RELATED_WITH_MARK.begin(start) || start.starts_with("re)lire");
        match likely.then(|| lead(page.text(at))).flatten() {
            Some("") => at = list(page, at),
            Some(title) => {
                let title = title.to_owned();
                link(page, at, &title);
                at += 1;
            }
            None => {
                inline(page, at);
                at += 1;
            }
        }
    }
}

/// « À lire aussiGrève : ce que dit la loi »: a lead stuck to its title, as links are copied.
fn unstuck(line: &str) -> Option<String> {
    let end = ["aussi", "AUSSI", "galement"].iter().find_map(|word| {
        let end = line.get(..24.min(line.len())).unwrap_or(line).find(word)? + word.len();
        let next = line.get(end..)?.chars().next()?;
        let stuck = if *word == "AUSSI" {
            matches!(next, '«' | '“')
        } else {
            next.is_uppercase() || matches!(next, '«' | '“')
        };
        stuck.then_some(end)
    })?;
    let (lead, title) = line.split_at_checked(end)?;
    Some(format!("{lead} {title}"))
}

/// What follows a lead at the start of a line: the linked title, or nothing.
fn lead(line: &str) -> Option<&str> {
    if line.chars().count() > LONGEST + 40 {
        return None;
    }
    let start =
        line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '«' | '"' | '“'));
    // « (Re)lire » keeps its bracket.
    let start = if start.starts_with("Re)") || start.starts_with("re)") {
        line.get(line.len() - start.len() - 1..).unwrap_or(start)
    } else {
        start
    };
    let folded = fold(start);
    let sure = RELATED.after(&folded);
    let after = sure.or_else(|| RELATED_WITH_MARK.after(&folded))?;
    // As many words of the line as the lead has in the table.
    let words = folded.len() - after.len();
    let words = folded.get(..words)?.split(' ').count();
    let rest = skip_words(start, words);
    let title = rest.trim_matches(|c: char| {
        c.is_whitespace()
            || MARKS.contains(&c)
            || matches!(c, ']' | '[' | '*' | '➡' | '⇒' | '\u{fe0f}')
    });
    let title = if title.starts_with('«') || !rest.trim_end().ends_with('»') || !title.contains('«')
    {
        title
    } else {
        rest.trim_start_matches(|c: char| c.is_whitespace() || MARKS.contains(&c))
            .trim_end()
    };
    let marked = rest.trim_start().starts_with(MARKS);
    if title.is_empty() {
        // « Lire » alone is a button, « Voir » a word: only sure leads make lists.
        return (sure.is_some() || marked).then_some("");
    }
    let capital = title
        .chars()
        .find(|c| {
            !matches!(
                c,
                '«' | '"' | '“' | ' ' | '\u{a0}' | '\u{202f}' | '‘' | '’' | '\''
            )
        })
        .is_some_and(|c| c.is_uppercase() || c.is_numeric());
    // « Lire aussi bien que … » is a sentence.
    let is_link = (marked && (sure.is_some() || capital))
        || (sure.is_some() && capital && !title.ends_with('.'));
    is_link.then_some(title)
}

/// The line after its first words.
fn skip_words(line: &str, words: usize) -> &str {
    let mut rest = line;
    for _ in 0..words {
        rest = rest.trim_start();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ':' | '>' | '|' | '»' | '→'))
            .unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default();
    }
    rest
}

fn link(page: &mut Page<'_>, at: usize, title: &str) {
    page.found.related.push(title.to_owned());
    page.take(at, Step::RelatedLinks, Fate::Related, "");
}

/// « À lire également » and, below it, one title a line. Gives the line to go on at.
fn list(page: &mut Page<'_>, heading: usize) -> usize {
    page.take(
        heading,
        Step::RelatedLinks,
        Fate::Removed,
        "heading of links",
    );
    let mut at = heading + 1;
    let bulleted = is_bulleted(page.text(at));
    let mut taken = 0;
    while at < page.lines.len() && page.is_open(at) {
        // The day and the section of a linked article.
        if taken > 0 && is_about_link(page.text(at)) {
            page.take(
                at,
                Step::RelatedLinks,
                Fate::Removed,
                "about a linked article",
            );
            at += 1;
            continue;
        }
        let text = page.text(at);
        let more = if bulleted {
            is_bulleted(text)
        } else {
            // Without bullets, the block below the heading: up to the next blank line, whole
            // sentences never.
            let block = taken == 0 || page.lines.get(at).is_some_and(|line| !line.gap);
            block
                && text.chars().count() <= LONGEST
                && !is_sentence(text)
                && !is_furniture(text, page.folded(at))
                && pieces(text).is_none()
        };
        if !more {
            break;
        }
        let title = text
            .trim_start_matches(|c: char| {
                MARKS.contains(&c) || c.is_whitespace() || c == '*' || c == '·'
            })
            .to_owned();
        link(page, at, &title);
        taken += 1;
        at += 1;
    }
    at
}

fn is_about_link(text: &str) -> bool {
    text.starts_with("Dans \"")
        || text.starts_with("Dans «")
        || pieces(text)
            .is_some_and(|found| found.iter().all(|piece| matches!(piece, Piece::Bare(_))))
}

fn is_bulleted(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '•', '*', '·', '►', '>', '→'])
}

fn is_sentence(text: &str) -> bool {
    ends_sentence(text) && !text.ends_with(['?', '!', '»', '…'])
}

/// « … a-t-il dit. Lire aussi : … » and « (Lire aussi : …) » inside a paragraph.
fn inline(page: &mut Page<'_>, at: usize) {
    let text = page.text(at);
    if hits(text).next().is_none() {
        return;
    }
    let mut kept = text.to_owned();
    let mut links = Vec::new();
    while let Some((start, end, title)) = inline_link(&kept) {
        let piece = kept.get(start..end).unwrap_or_default().to_owned();
        let before = kept.get(..start).unwrap_or_default().trim_end();
        let after = kept.get(end..).unwrap_or_default();
        kept = format!("{before}{after}");
        links.push((piece, title));
    }
    if links.is_empty() {
        return;
    }
    for (piece, title) in links {
        page.note(
            at,
            Step::RelatedLinks,
            Fate::Related,
            &piece,
            "inside a paragraph",
        );
        page.found.related.push(title);
    }
    page.replace(at, kept);
}

/// Where a word stands that every lead inside a paragraph holds: « aussi », « également ».
fn hits(text: &str) -> impl Iterator<Item = usize> {
    ["aussi", "AUSSI", "Aussi", "galement", "GALEMENT"]
        .into_iter()
        .flat_map(|word| text.match_indices(word).map(|(at, _)| at))
}

/// Where a link stands in a paragraph, brackets included, and its title.
fn inline_link(text: &str) -> Option<(usize, usize, String)> {
    // A lead begins at most so many bytes before such a word: « [À regarder aussi ».
    const LEAD: usize = 16;
    let starts = hits(text)
        .flat_map(|hit| (hit.saturating_sub(LEAD)..hit).filter(|&at| text.is_char_boundary(at)));
    for at in starts {
        let rest = text.get(at..)?;
        let bracket = rest.chars().next().filter(|c| matches!(c, '(' | '['));
        let capital = rest.starts_with(['L', 'A', 'À', 'V']);
        let before = text.get(..at)?;
        let after_sentence =
            capital && before.ends_with(char::is_whitespace) && ends_sentence(before.trim_end());
        if !(bracket.is_some() || after_sentence) {
            continue;
        }
        let close = match bracket {
            Some('(') => Some(')'),
            Some(_) => Some(']'),
            None => None,
        };
        let (inside, end) = match close {
            Some(close) => {
                let length = rest.find(close)?;
                (rest.get(1..length)?, at + length + close.len_utf8())
            }
            // Where paragraphs were run together, what follows the linked title cannot be told from
            // it: better a link in the body than a sentence out of it.
            None if is_several_sentences(rest) => continue,
            None => (rest, text.len()),
        };
        // A mark is needed here, whatever the lead: « Lire aussi peut aider » is a sentence.
        let folded = fold(inside);
        let Some(after) = RELATED.after(&folded) else {
            continue;
        };
        if !after.trim_start().starts_with(MARKS) {
            continue;
        }
        if let Some(title) = lead(inside).filter(|title| !title.is_empty()) {
            return Some((at, end, title.to_owned()));
        }
    }
    None
}

fn is_several_sentences(text: &str) -> bool {
    text.ends_with('.')
        || text
            .split(". ")
            .skip(1)
            .any(|rest| rest.starts_with(char::is_uppercase))
}

/// A link that repeats the article's own title, or one already there, says nothing.
pub(super) fn tidy(page: &mut Page<'_>, title: Option<&str>) {
    let own = title.map(|title| bare(&fold(title)));
    let mut seen = std::collections::HashSet::new();
    page.found.related.retain(|link| {
        let link = bare(&fold(link));
        !link.is_empty() && own.as_ref() != Some(&link) && seen.insert(link)
    });
}
