//! One word of a typed query: plain, or with the signs of a prefix, a wildcard, a typo or a boost.

use super::Query;
use super::chars::{QUOTES, digits, has_word, is_break, is_joiner, is_live, is_special, is_word};
use super::operators::Operator;

/// A run of characters without white space, as the lexer cut it out.
pub(super) struct Chunk {
    /// Each character, and whether it is live: a sign that no backslash makes text.
    characters: Vec<(char, bool)>,
    /// How many bytes of the source it takes.
    pub(super) length: usize,
    escaped: bool,
}

/// What a chunk says.
pub(super) struct Word {
    pub(super) meaning: Meaning,
    /// The number after `^`, as typed.
    pub(super) boost: Option<f32>,
    /// What to tell the person who typed.
    pub(super) remark: Option<Remark>,
}

pub(super) enum Meaning {
    Plain(String),
    Operator(Operator, String),
    /// Nothing but stars.
    Star,
    /// A prefix, a wildcard or a word with typos.
    Clause(Query),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remark {
    StarIsText,
    TildeIsText,
    TildeIgnored,
    EditsLowered,
}

impl Remark {
    pub(super) fn message(self) -> &'static str {
        match self {
            Remark::StarIsText => {
                "The star is read as text: it stands for letters only next to letters or digits, in a word without other signs."
            }
            Remark::TildeIsText => {
                "The tilde is read as text: it asks for typos only after a word without other signs."
            }
            Remark::TildeIgnored => {
                "The tilde is ignored: a word with a star or a question mark allows no typos."
            }
            Remark::EditsLowered => {
                "At most 2 letters may differ: the number after the tilde is read as 2."
            }
        }
    }
}

/// Cuts out the chunk that `rest` begins with.
pub(super) fn cut(rest: &str) -> Chunk {
    let mut characters = Vec::new();
    let mut escaped = false;
    let mut length = rest.len();
    let mut text_until = 0;
    let mut source = rest.char_indices().peekable();
    while let Some((at, character)) = source.next() {
        let before = characters.last().map(|&(before, _)| before);
        let after = source.peek().map(|&(_, after)| after);
        if character == '\\' && after.is_some_and(is_special) {
            if let Some((_, literal)) = source.next() {
                characters.push((literal, false));
            }
            escaped = true;
            continue;
        }
        if character == '(' && at >= text_until && before.is_some_and(is_word) {
            text_until = at + inner_parenthesis(&rest[at..]);
        }
        let parenthesis = matches!(character, '(' | ')') && at >= text_until;
        if parenthesis || QUOTES.contains(&character) || is_break(before, character, after) {
            length = at;
            break;
        }
        characters.push((character, is_live(character)));
    }
    Chunk {
        characters,
        length,
        escaped,
    }
}

/// How many bytes the parenthesis takes that `rest` begins with, if it is part of a word as in
/// `élu(e)s`; otherwise 0.
fn inner_parenthesis(rest: &str) -> usize {
    let inside = rest.get(1..).unwrap_or_default();
    match inside.find(|character| !is_word(character) && !is_joiner(character)) {
        Some(end) if end > 0 && inside[end..].starts_with(')') => end + 2,
        _ => 0,
    }
}

impl Chunk {
    /// What the chunk says. Directly after a sign or a field (`glued`), an operator word is a word.
    pub(super) fn read(&self, glued: bool) -> Word {
        let text = collect(&self.characters);
        let plain = |remark| Word {
            meaning: Meaning::Plain(text.clone()),
            boost: None,
            remark,
        };
        if !self.escaped && !glued {
            if let Some(operator) = Operator::from_word(&text) {
                return Word {
                    meaning: Meaning::Operator(operator, text),
                    boost: None,
                    remark: None,
                };
            }
            // A backslash makes a word of an operator, too.
            if let Some(word) = text
                .strip_prefix('\\')
                .filter(|word| Operator::from_word(word).is_some())
            {
                return Word {
                    meaning: Meaning::Plain(word.to_owned()),
                    boost: None,
                    remark: None,
                };
            }
        }
        if !self.characters.is_empty() && self.characters.iter().all(|&sign| sign == ('*', true)) {
            return Word {
                meaning: Meaning::Star,
                boost: None,
                remark: None,
            };
        }
        if !has_word(&text) || !self.characters.iter().any(|&(_, live)| live) {
            return plain(None);
        }
        let trimmed = trim_end(&self.characters);
        let (body, boost) = split_boost(trimmed);
        let (core, tilde) = split_tilde(trim_end(body));
        let word = self.clause(core, tilde);
        match word {
            Ok((query, remark)) => Word {
                meaning: Meaning::Clause(query),
                boost,
                remark,
            },
            Err(remark) if boost.is_some() && remark.is_none() => Word {
                meaning: Meaning::Plain(collect(body)),
                boost,
                remark,
            },
            Err(remark) => plain(remark),
        }
    }

    /// The prefix, wildcard or fuzzy word that `core` is; or that it is plain text, and what to say
    /// of that.
    fn clause(
        &self,
        core: &[(char, bool)],
        tilde: Option<Tilde>,
    ) -> Result<(Query, Option<Remark>), Option<Remark>> {
        let core = trim_start(core);
        let simple = core.iter().all(|&(character, live)| {
            is_word(character) || is_joiner(character) || (live && matches!(character, '*' | '?'))
        }) && core
            .iter()
            .any(|&(character, _)| character.is_alphanumeric());
        let wild = core.iter().any(|&(_, live)| live);
        if let Some(tilde) = tilde {
            let whole = core
                .last()
                .is_some_and(|&(last, live)| is_word(last) || live);
            if !simple || !whole {
                // In front of a word it is nothing but an `about`.
                return Err((!core.is_empty()).then_some(Remark::TildeIsText));
            }
            if !wild {
                return Ok((Query::fuzzy(collect(core), tilde.edits), tilde.remark));
            }
        }
        if !wild {
            return Err(None);
        }
        if !simple || !wildcards_touch_letters(core) {
            let star = core.contains(&('*', true));
            return Err(star.then_some(Remark::StarIsText));
        }
        let mut pattern = String::with_capacity(core.len());
        for &(character, _) in core {
            if character != '*' || !pattern.ends_with('*') {
                pattern.push(character);
            }
        }
        let remark = tilde.is_some().then_some(Remark::TildeIgnored);
        Ok(match pattern.strip_suffix('*') {
            Some(word) if !word.contains(['*', '?']) => (Query::prefix(word), remark),
            _ => (Query::wildcard(pattern), remark),
        })
    }
}

fn collect(characters: &[(char, bool)]) -> String {
    characters.iter().map(|&(character, _)| character).collect()
}

/// Without the punctuation at the end. A question mark is punctuation there; stars and what follows
/// a live `~` or `^` is not.
fn trim_end(characters: &[(char, bool)]) -> &[(char, bool)] {
    let end = characters
        .iter()
        .rposition(|&(character, live)| is_word(character) || (live && character != '?'))
        .map_or(0, |last| last + 1);
    &characters[..end]
}

/// Without the punctuation at the start.
fn trim_start(characters: &[(char, bool)]) -> &[(char, bool)] {
    let start = characters
        .iter()
        .position(|&(character, live)| character.is_alphanumeric() || live)
        .unwrap_or(characters.len());
    &characters[start..]
}

/// Takes `^2` or `^2.5` off the end.
fn split_boost(characters: &[(char, bool)]) -> (&[(char, bool)], Option<f32>) {
    let Some(at) = characters.iter().rposition(|&sign| sign == ('^', true)) else {
        return (characters, None);
    };
    let (body, number) = (&characters[..at], &characters[at + 1..]);
    let factor = read_factor(&collect(number)).filter(|&(_, length)| length == number.len());
    match factor {
        Some((factor, _))
            if body
                .iter()
                .any(|&(character, _)| character.is_alphanumeric()) =>
        {
            (body, Some(factor))
        }
        _ => (characters, None),
    }
}

/// Reads `2`, `2.5` or `2,5` at the start of `text`; also tells its length in bytes.
pub(super) fn read_factor(text: &str) -> Option<(f32, usize)> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    let mut length = whole;
    if let Some(rest) = text[whole..].strip_prefix(['.', ',']) {
        match digits(rest) {
            0 => {}
            fraction => length = whole + 1 + fraction,
        }
    }
    let factor = text[..length].replace(',', ".").parse().ok()?;
    Some((factor, length))
}

#[derive(Clone, Copy)]
struct Tilde {
    edits: Option<u8>,
    remark: Option<Remark>,
}

/// Takes `~`, `~1` or `~2` off the end.
fn split_tilde(characters: &[(char, bool)]) -> (&[(char, bool)], Option<Tilde>) {
    let Some(at) = characters.iter().rposition(|&sign| sign == ('~', true)) else {
        return (characters, None);
    };
    let number = collect(&characters[at + 1..]);
    let tilde = if number.is_empty() {
        Tilde {
            edits: None,
            remark: None,
        }
    } else if number.bytes().all(|byte| byte.is_ascii_digit()) {
        let edits = number.parse::<u8>().unwrap_or(u8::MAX);
        Tilde {
            edits: Some(edits.min(2)),
            remark: (edits > 2).then_some(Remark::EditsLowered),
        }
    } else {
        return (characters, None);
    };
    // A question mark at the end of a word is punctuation here, too.
    let core = &characters[..at];
    let end = core
        .iter()
        .rposition(|&sign| sign != ('?', true))
        .map_or(0, |last| last + 1);
    (&core[..end], Some(tilde))
}

/// Whether each run of stars and question marks has a letter or a digit beside it.
fn wildcards_touch_letters(characters: &[(char, bool)]) -> bool {
    runs_of_live(characters).all(|(start, end)| {
        let before = start.checked_sub(1).and_then(|at| characters.get(at));
        let after = characters.get(end);
        [before, after]
            .into_iter()
            .flatten()
            .any(|&(character, _)| is_word(character))
    })
}

fn runs_of_live(characters: &[(char, bool)]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + characters[at..].iter().position(|&(_, live)| live)?;
        let length = characters[start..]
            .iter()
            .take_while(|&&(_, live)| live)
            .count();
        at = start + length;
        Some((start, at))
    })
}
