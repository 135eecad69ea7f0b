//! Texts broken at a fixed width, as old mail and terminals left them: joined to paragraphs again.

use super::page::Page;
use super::step::{Fate, Step};

/// The widths at which texts were broken, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 50..=100;

pub(super) fn join(page: &mut Page<'_>) {
    if !page.does(Step::HardWraps) {
        return;
    }
    let lengths: Vec<usize> = page
        .lines
        .iter()
        .map(|line| line.text.chars().count())
        .collect();
    let Some(width) = lengths
        .iter()
        .copied()
        .max()
        .filter(|width| WIDTHS.contains(width))
    else {
        return;
    };
    // A line was broken where its successor's first word would not have fitted any more.
    let full: Vec<bool> = (0..page.lines.len())
        .map(|at| {
            let Some(next) = page.lines.get(at + 1).filter(|next| !next.gap) else {
                return false;
            };
            let word = next
                .text
                .split_whitespace()
                .next()
                .map_or(0, |word| word.chars().count());
            lengths
                .get(at)
                .is_some_and(|length| length + 1 + word > width)
        })
        .collect();
    let broken = full.iter().filter(|full| **full).count();
    // Chance makes some lines look broken; a broken text has many.
    if broken < 4 || broken * 2 < page.lines.len() {
        return;
    }
    let mut at = 0;
    while at < page.lines.len() {
        let mut text = page.text(at).to_owned();
        let mut last = at;
        while full.get(last) == Some(&true) {
            last += 1;
            text.push(' ');
            text.push_str(page.text(last));
            page.take(last, Step::HardWraps, Fate::Joined, "");
        }
        if last > at {
            page.replace(at, text);
        }
        at = last + 1;
    }
    page.lines.retain(|line| line.gone.is_none());
}
