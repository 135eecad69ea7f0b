//! Which passages of a text show its marks best, and where they begin and end.

use std::ops::Range;

use super::Snippet;
use super::matcher::{Mark, MarkSearch, Matcher};
use crate::text::Analyzer;

/// How far a long text is read for better passages once it has one, and how far for the first, in
/// bytes: some milliseconds, and some tens of them.
const READ_FOR_BETTER: usize = 128 << 10;
const READ_FOR_FIRST: usize = 4 << 20;

/// Makes the snippet of one text, at most about `length` characters long: the first passage with all
/// that is searched, or the one with most of it.
pub(crate) fn snippet(
    analyzer: &Analyzer,
    matcher: &Matcher,
    text: &str,
    length: usize,
) -> Snippet {
    if length >= text.len() {
        let mut search = MarkSearch::new(matcher, analyzer, text);
        while search.read_on() {}
        return cut(text, 0..text.len(), &search.marks());
    }
    let clauses = matcher.clauses();
    let mut search = MarkSearch::new(matcher, analyzer, text);
    let mut complete_at = None;
    while search.read_on() {
        // Words behind the last mark may still come into the passage: one more part is read.
        if complete_at.is_some_and(|at| search.at() > at) {
            break;
        }
        if complete_at.is_none() && search.clauses() >= clauses {
            let window = best_window(&search.marks(), length);
            if window.is_some_and(|window| window.clauses >= clauses) {
                complete_at = Some(search.at());
            }
        }
        let far = match search.is_empty() {
            true => READ_FOR_FIRST,
            false => READ_FOR_BETTER,
        };
        if search.at() >= far {
            break;
        }
    }
    let marks = search.marks();
    let core = best_window(&marks, length).map_or(0..0, |window| window.range(&marks));
    cut(text, extend(text, core, length), &marks)
}

/// At most `count` passages that do not overlap, the best ones, in the order of the text: each next one
/// preferred for words that those before it do not show. One without marks where nothing is marked.
pub(crate) fn passages(
    analyzer: &Analyzer,
    matcher: &Matcher,
    text: &str,
    length: usize,
    count: usize,
) -> Vec<Snippet> {
    if count <= 1 || length >= text.len() {
        let one = (count > 0).then(|| snippet(analyzer, matcher, text, length));
        return one.into_iter().collect();
    }
    let mut search = MarkSearch::new(matcher, analyzer, text);
    let mut read = true;
    while read && search.at() < READ_FOR_BETTER {
        read = search.read_on();
    }
    let marks = search.marks();
    if marks.is_empty() {
        return vec![snippet(analyzer, matcher, text, length)];
    }
    let mut left = marks.clone();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut shown: Vec<usize> = Vec::new();
    while ranges.len() < count {
        let new: Vec<Mark> = left
            .iter()
            .filter(|mark| !shown.contains(&mark.clause))
            .cloned()
            .collect();
        // When all clauses are shown, passages with most marks come next.
        let from = if new.is_empty() { &left } else { &new };
        let Some(window) = best_window(from, length) else {
            break;
        };
        let range = extend(text, window.range(from), length);
        let (inside, outside): (Vec<Mark>, Vec<Mark>) = left
            .into_iter()
            .partition(|mark| mark.range.start < range.end && range.start < mark.range.end);
        left = outside;
        shown.extend(inside.iter().map(|mark| mark.clause));
        let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        if !ranges.iter().any(overlaps) {
            ranges.push(range);
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges
        .into_iter()
        .map(|range| cut(text, range, &marks))
        .collect()
}

fn cut(text: &str, range: Range<usize>, marks: &[Mark]) -> Snippet {
    let highlights = marks
        .iter()
        .filter(|mark| range.start <= mark.range.start && mark.range.end <= range.end)
        .map(|mark| mark.range.start - range.start..mark.range.end - range.start)
        .collect();
    Snippet {
        text: text.get(range.clone()).unwrap_or_default().to_owned(),
        start: range.start,
        field_length: text.len(),
        highlights,
    }
}

/// Marks that stand close enough to be shown together.
struct Window {
    /// By their number.
    first: usize,
    last: usize,
    /// How many different ones.
    clauses: usize,
}

impl Window {
    fn range(&self, marks: &[Mark]) -> Range<usize> {
        let start = marks.get(self.first).map_or(0, |mark| mark.range.start);
        let end = marks.get(self.last).map_or(start, |mark| mark.range.end);
        start..end
    }
}

/// The window with the most different clauses, then the most marks, then the earliest.
fn best_window(marks: &[Mark], length: usize) -> Option<Window> {
    // Bytes for characters: French has few that take more than one, and the ends move to word
    // boundaries anyway; the exact count comes when the passage is cut.
    let most = length.max(1);
    let clauses = marks.iter().map(|mark| mark.clause).max()?;
    let mut counts = vec![0_usize; clauses.saturating_add(1)];
    let mut different = 0;
    let mut first = 0;
    let mut best: Option<((usize, usize), Window)> = None;
    for (last, mark) in marks.iter().enumerate() {
        if let Some(count) = counts.get_mut(mark.clause) {
            different += usize::from(*count == 0);
            *count += 1;
        }
        // The window slides: what lies too far back leaves it.
        while let Some(left) = marks.get(first)
            && first < last
            && mark.range.end - left.range.start > most
        {
            if let Some(count) = counts.get_mut(left.clause) {
                *count -= 1;
                different -= usize::from(*count == 0);
            }
            first += 1;
        }
        let score = (different, last + 1 - first);
        if best.as_ref().is_none_or(|(found, _)| score > *found) {
            let window = Window {
                first,
                last,
                clauses: different,
            };
            best = Some((score, window));
        }
    }
    best.map(|(_, window)| window)
}

/// Widens the marked core to `length` characters, to the sentence's ends where they are in reach.
fn extend(text: &str, core: Range<usize>, length: usize) -> Range<usize> {
    let inside = text.get(core.clone()).unwrap_or_default().chars().count();
    let spare = length.saturating_sub(inside);
    let before = text.get(..core.start).unwrap_or_default();
    let start = core.start
        - reach(
            before.char_indices().rev().map(|(_, c)| c),
            spare / 2,
            spare,
        );
    // What the beginning did not use goes to the end.
    let used = text
        .get(start..core.start)
        .unwrap_or_default()
        .chars()
        .count();
    let after = text.get(core.end..).unwrap_or_default();
    let left = spare.saturating_sub(used);
    let end = core.end + ending(after, left);
    trim(text, start..end)
}

/// How many bytes back to go: to the start of the sentence if it is within `most` characters, else
/// to a word boundary within `some` characters.
fn reach(backwards: impl Iterator<Item = char>, some: usize, most: usize) -> usize {
    let mut bytes = 0;
    let mut word_start = 0;
    let mut space: Option<usize> = None;
    for (count, character) in backwards.enumerate() {
        let is_space = character.is_whitespace();
        if let Some(at) = space
            && matches!(character, '.' | '!' | '?' | '…')
        {
            return at;
        }
        if character == '\n' {
            return bytes;
        }
        if count >= most {
            return word_start;
        }
        if is_space {
            space = Some(bytes);
            if count <= some {
                word_start = bytes;
            }
        } else if !matches!(character, '»' | '”' | '"' | ')') {
            space = None;
        }
        bytes += character.len_utf8();
    }
    // The whole text before is within reach.
    bytes
}

/// How many bytes forward to go: to the last sentence's end within `most` characters if that is
/// past half of them, else to the last word boundary.
fn ending(after: &str, most: usize) -> usize {
    let mut word_end = 0;
    let mut sentence_end = 0;
    let mut previous = ' ';
    for (count, (at, character)) in after.char_indices().enumerate() {
        if count >= most {
            let far_enough = after
                .get(..sentence_end)
                .is_some_and(|part| part.chars().count() * 2 >= most);
            return if far_enough { sentence_end } else { word_end };
        }
        if character.is_whitespace() {
            word_end = at;
            if matches!(previous, '.' | '!' | '?' | '…') || character == '\n' {
                sentence_end = at;
            }
        }
        // A closing quote belongs to the sentence it ends.
        if !(matches!(character, '»' | '”' | '"' | ')' | '\u{a0}' | '\u{202f}')
            && matches!(previous, '.' | '!' | '?' | '…'))
        {
            previous = character;
        }
    }
    after.len()
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    start..end.max(start)
}
