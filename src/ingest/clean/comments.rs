//! The comment section: from its heading to the end.

use super::dates;
use super::furniture::is_furniture;
use super::page::Page;
use super::pieces::pieces;
use super::step::{Fate, Step};
use super::tables::{COMMENT_CLOSING, COMMENT_EVIDENCE, COMMENT_HEADINGS};
use super::tokens::{fold, tokens};

pub(super) fn cut(page: &mut Page<'_>) {
    let Some(heading) = find(page) else {
        return;
    };
    if !page.does(Step::Comments) {
        // Left in the body, but not taken for the end of the article by the other steps.
        for line in page.lines.iter_mut().skip(heading) {
            line.sealed = true;
        }
        return;
    }
    for at in heading..page.lines.len() {
        let folded = page.folded(at);
        let furniture = COMMENT_HEADINGS.begin(folded) || COMMENT_CLOSING.begin(folded);
        if furniture {
            page.take(at, Step::Comments, Fate::Removed, "heading or button");
        } else {
            let text = page.text(at).to_owned();
            page.found.comments.push(text);
            page.take(at, Step::Comments, Fate::Comment, "");
        }
    }
}

fn find(page: &Page<'_>) -> Option<usize> {
    let all: usize = page.lines.iter().map(|line| line.text.len()).sum();
    let mut before = 0;
    let mut paragraphs = 0;
    for at in 0..page.lines.len() {
        let folded = page.folded(at);
        // A counter under the title, « 12 commentaires », is no heading: nothing to comment on yet.
        if paragraphs > 0
            && !folded.is_empty()
            && COMMENT_HEADINGS.begin(folded.trim_start_matches(['-', '*', '#', ' ', '>']))
        {
            // In the first part of a page it may still be one; then what follows looks like comments.
            // Among buttons below the standfirst it counts too.
            let late = before * 10 >= all * 4;
            let among_buttons = paragraphs == 1
                && at
                    .checked_sub(1)
                    .is_some_and(|above| is_button(page.text(above)));
            if (late && !among_buttons) || is_evident(page, at + 1) {
                return Some(at);
            }
        }
        before += page.text(at).len();
        paragraphs += usize::from(page.is_body(at));
    }
    None
}

fn is_button(text: &str) -> bool {
    is_furniture(text, &fold(text)) || pieces(text).is_some()
}

/// Whether what follows has what comments have: answers, authors, hours.
fn is_evident(page: &Page<'_>, from: usize) -> bool {
    let signs = (from..page.lines.len())
        .filter(|&at| {
            let folded = page.folded(at);
            if folded.is_empty() {
                return COMMENT_EVIDENCE.within(&fold(page.text(at)));
            }
            if COMMENT_EVIDENCE.within(folded) || COMMENT_CLOSING.begin(folded) {
                return true;
            }
            let words = tokens(page.text(at));
            (0..words.len().min(8)).any(|start| {
                words
                    .get(start..)
                    .and_then(dates::date)
                    .is_some_and(|(date, _)| date.time.is_some())
            })
        })
        .count();
    signs >= 1
}
