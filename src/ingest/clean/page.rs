//! [`Page`]: the lines of a text, what has been decided about each, and what was found on the way.

use std::borrow::Cow;
use std::collections::HashSet;

use super::dates::WrittenDate;
use super::step::{Decision, Fate, Step};
use super::tokens::fold;

/// Longer lines are paragraphs, whatever they begin with, in bytes.
const LONGEST_FOLDED: usize = 400;

pub(super) struct Line<'a> {
    /// From 1, in the text as it came.
    pub(super) number: usize,
    /// In characters.
    length: usize,
    /// Long, or a whole sentence of some length.
    paragraph: bool,
    pub(super) text: Cow<'a, str>,
    /// Folded, for the tables; empty where the line is too long to be anything but a paragraph.
    pub(super) folded: String,
    /// A blank line stands before it.
    pub(super) gap: bool,
    /// The step that took the line out of the body, if one did.
    pub(super) gone: Option<Step>,
    /// Stays as it is, and no step looks at it: comments that are not to be taken out.
    pub(super) sealed: bool,
}

/// Where a date or a name comes from: the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// « Publié le … », « Par … ».
    Said,
    /// A lone date or name above the text; a dateline.
    Head,
    /// Below the text.
    Tail,
    /// « Mis à jour le … », a logo: better than nothing.
    Hint,
}

#[derive(Default)]
pub(super) struct Findings {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<(Certainty, String)>,
    pub(super) sources: Vec<(Certainty, String)>,
    pub(super) dates: Vec<(Certainty, WrittenDate, usize)>,
    pub(super) tags: Vec<String>,
    pub(super) related: Vec<String>,
    pub(super) comments: Vec<String>,
    pub(super) captions: Vec<String>,
}

pub(super) struct Page<'a> {
    pub(super) lines: Vec<Line<'a>>,
    pub(super) found: Findings,
    pub(super) decisions: Vec<Decision>,
    /// Lines appended to others.
    joined: HashSet<usize>,
    steps: u32,
}

impl<'a> Page<'a> {
    pub(super) fn new(text: &'a str, steps: u32) -> Page<'a> {
        let mut lines = Vec::new();
        let mut gap = false;
        let text = text.trim_start_matches('\u{feff}');
        // Rare, so looked for once in the whole text and not in each line.
        let odd = has_odd(text);
        for (number, raw) in (1..).zip(text.split('\n')) {
            let mut line = |raw: &'a str| {
                let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || is_nothing(c));
                if trimmed.is_empty() {
                    gap = true;
                    return;
                }
                let text = if odd {
                    without_nothing(trimmed)
                } else {
                    Cow::Borrowed(trimmed)
                };
                lines.push(Line::new(number, text, gap));
                gap = false;
            };
            if odd {
                // NEL and the line and paragraph separators end lines too.
                raw.split(['\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{c}'])
                    .for_each(line);
            } else {
                line(raw);
            }
        }
        Page {
            lines,
            found: Findings::default(),
            decisions: Vec::new(),
            joined: HashSet::new(),
            steps,
        }
    }

    /// Whether a step is switched on.
    pub(super) fn does(&self, step: Step) -> bool {
        self.steps & step.bit() != 0
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", |line| &line.text)
    }

    pub(super) fn folded(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", |line| &line.folded)
    }

    /// Whether the line is there, still belongs to the body, and may be looked at.
    pub(super) fn is_open(&self, at: usize) -> bool {
        self.lines
            .get(at)
            .is_some_and(|line| line.gone.is_none() && !line.sealed)
    }

    /// Whether a step took the line out.
    pub(super) fn gone_by(&self, at: usize, steps: &[Step]) -> bool {
        self.lines
            .get(at)
            .and_then(|line| line.gone)
            .is_some_and(|step| steps.contains(&step))
    }

    /// Whether something was taken out right before the line `second`.
    pub(super) fn taken_between(&self, first: usize, second: usize) -> bool {
        second > first + 1
            && second
                .checked_sub(1)
                .is_some_and(|before| !self.is_open(before) && !self.joined.contains(&before))
    }

    /// Notes that a line was appended to another one.
    pub(super) fn joined(&mut self, at: usize) {
        self.joined.insert(at);
    }

    /// The lines that still belong to the body and may be looked at.
    pub(super) fn open(&self) -> Vec<usize> {
        (0..self.lines.len())
            .filter(|&at| self.is_open(at))
            .collect()
    }

    /// Takes a line out of the body.
    pub(super) fn take(&mut self, at: usize, step: Step, fate: Fate, why: &str) {
        let Some(line) = self.lines.get_mut(at) else {
            return;
        };
        line.gone = Some(step);
        let decision = Decision {
            line: line.number,
            step,
            fate,
            text: line.text.clone().into_owned(),
            why: why.to_owned(),
        };
        self.decisions.push(decision);
    }

    /// Notes what became of a part of a line that stays.
    pub(super) fn note(&mut self, at: usize, step: Step, fate: Fate, text: &str, why: &str) {
        let decision = Decision {
            line: self.lines.get(at).map_or(0, |line| line.number),
            step,
            fate,
            text: text.to_owned(),
            why: why.to_owned(),
        };
        self.decisions.push(decision);
    }

    /// Changes the text of a line that stays.
    pub(super) fn replace(&mut self, at: usize, text: String) {
        if let Some(line) = self.lines.get_mut(at) {
            *line = Line::new(line.number, Cow::Owned(text), line.gap);
        }
    }

    /// A paragraph: long, or a whole sentence of some length.
    pub(super) fn is_body(&self, at: usize) -> bool {
        self.is_open(at) && self.lines.get(at).is_some_and(|line| line.paragraph)
    }

    /// In characters.
    pub(super) fn length(&self, at: usize) -> usize {
        self.lines.get(at).map_or(0, |line| line.length)
    }

    /// The first and the last paragraph, the title left aside.
    pub(super) fn body(&self) -> Option<(usize, usize)> {
        let first = (0..self.lines.len()).find(|&at| self.is_body(at))?;
        let last = (first..self.lines.len()).rfind(|&at| self.is_body(at));
        Some((first, last.unwrap_or(first)))
    }
}

impl<'a> Line<'a> {
    fn new(number: usize, text: Cow<'a, str>, gap: bool) -> Line<'a> {
        let length = text.chars().count();
        Line {
            number,
            length,
            paragraph: length >= 160 || (length >= 60 && ends_sentence(&text)),
            folded: fold_short(&text),
            text,
            gap,
            gone: None,
            sealed: false,
        }
    }
}

fn fold_short(text: &str) -> String {
    if text.len() > LONGEST_FOLDED {
        String::new()
    } else {
        fold(text)
    }
}

/// Control characters, NUL among them, and characters of no width say nothing and spoil what is
/// stored. Joiners stay: emoji are made with them.
fn is_nothing(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether a text may hold such characters, or line ends other than `\n` and `\r\n`.
fn has_odd(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .zip(bytes.iter().skip(1).chain([&b'\n']))
        .any(|(byte, next)| match byte {
            b'\t' | b'\n' => false,
            b'\r' => *next != b'\n',
            0..0x20 | 0x7f => true,
            0xc2 => (0x80..=0x9f).contains(next) || *next == 0xad,
            _ => false,
        })
        || ['\u{200b}', '\u{2060}', '\u{feff}', '\u{2028}', '\u{2029}']
            .iter()
            .any(|c| text.contains(*c))
}

fn without_nothing(text: &str) -> Cow<'_, str> {
    if text.contains(is_nothing) {
        Cow::Owned(text.chars().filter(|c| !is_nothing(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let mut from_end = text
        .trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '»' | '”' | '"' | ')' | ']' | '’')
        })
        .chars()
        .rev();
    from_end
        .next()
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | ';'))
}

/// Words only, for telling whether two lines say the same.
pub(super) fn bare(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether most of a text is in capitals.
pub(super) fn is_shouted(text: &str) -> bool {
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > 3 && lower * 8 < upper
}
