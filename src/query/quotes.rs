//! Which quotes belong together.
//!
//! People type `"`, and paste `« »`, `“ ”`, `„ “`, `” ”`, and mixtures of them. Quotes are paired
//! before anything else is read, in one pass, so that no quote is ever searched for its other half.

use std::iter::Peekable;
use std::str::CharIndices;

use super::chars::{QUOTES, is_special};

/// The pairs of quotes of a text, by position of the opening one.
pub(super) struct Quotes {
    /// Byte positions of the opening and the closing quote, sorted.
    pairs: Vec<(usize, usize)>,
}

#[derive(Clone, Copy)]
struct Quote {
    at: usize,
    sign: char,
    /// Stands where a quote opens: something follows directly, and no word runs up to it.
    can_open: bool,
    /// Stands where a quote closes: something comes directly before it, and no word follows.
    can_close: bool,
}

impl Quotes {
    pub(super) fn pair(text: &str) -> Quotes {
        let quotes = find(text);
        let mut pairs = Vec::new();
        let mut alone = Vec::new();
        pair_straight(&quotes, &mut pairs, &mut alone);
        pair_curly(&quotes, &mut pairs, &mut alone);
        pair_angled(&quotes, ['«', '»'], &mut pairs, &mut alone);
        pair_angled(&quotes, ['‹', '›'], &mut pairs, &mut alone);
        pair_mixed(alone, &mut pairs);
        pairs.sort_unstable();
        Quotes { pairs }
    }

    /// Where the quote that opens at `at` closes.
    pub(super) fn closing(&self, at: usize) -> Option<usize> {
        let index = self
            .pairs
            .binary_search_by_key(&at, |&(open, _)| open)
            .ok()?;
        Some(self.pairs[index].1)
    }
}

/// Every quote that no backslash makes text.
fn find(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    let mut before = ' ';
    let mut characters: Peekable<CharIndices> = text.char_indices().peekable();
    while let Some((at, sign)) = characters.next() {
        let after = characters.peek().map_or(' ', |&(_, next)| next);
        if sign == '\\' && is_special(after) {
            characters.next();
            before = after;
            continue;
        }
        if QUOTES.contains(&sign) {
            quotes.push(Quote {
                at,
                sign,
                can_open: !before.is_alphanumeric() || after.is_alphanumeric(),
                can_close: !before.is_whitespace() && !after.is_alphanumeric(),
            });
        }
        before = sign;
    }
    quotes
}

/// `"…"`: every second one closes, but for those that can only close, such as in `12" et 7"`.
fn pair_straight(quotes: &[Quote], pairs: &mut Vec<(usize, usize)>, alone: &mut Vec<Quote>) {
    let mut open: Option<Quote> = None;
    for &quote in quotes.iter().filter(|quote| quote.sign == '"') {
        match open.take() {
            Some(opening) => pairs.push((opening.at, quote.at)),
            None if quote.can_open => open = Some(quote),
            None => alone.push(quote),
        }
    }
    alone.extend(open);
}

/// `“…”`, `„…“`, `„…”`, `”…”` and `“…“`, nested or not.
fn pair_curly(quotes: &[Quote], pairs: &mut Vec<(usize, usize)>, alone: &mut Vec<Quote>) {
    let mut open: Vec<Quote> = Vec::new();
    for &quote in quotes
        .iter()
        .filter(|quote| matches!(quote.sign, '“' | '”' | '„'))
    {
        let closes = match (quote.sign, open.last().map(|opening| opening.sign)) {
            (_, None) | ('„', _) => false,
            ('”', _) | ('“', Some('„')) => true,
            _ => quote.can_close,
        };
        if !closes {
            open.push(quote);
        } else if let Some(opening) = open.pop() {
            pairs.push((opening.at, quote.at));
        }
    }
    alone.extend(open);
}

/// `«…»`, nested or not.
fn pair_angled(
    quotes: &[Quote],
    signs: [char; 2],
    pairs: &mut Vec<(usize, usize)>,
    alone: &mut Vec<Quote>,
) {
    let mut open: Vec<Quote> = Vec::new();
    for &quote in quotes.iter().filter(|quote| signs.contains(&quote.sign)) {
        if quote.sign == signs[0] {
            open.push(quote);
        } else if let Some(opening) = open.pop() {
            pairs.push((opening.at, quote.at));
        } else {
            alone.push(quote);
        }
    }
    alone.extend(open);
}

/// `“roman"`, `«roman”`: what is left over pairs with what is left over of another kind.
fn pair_mixed(mut alone: Vec<Quote>, pairs: &mut Vec<(usize, usize)>) {
    alone.sort_unstable_by_key(|quote| quote.at);
    let mut open: Vec<Quote> = Vec::new();
    for quote in alone {
        let opens = match quote.sign {
            '«' | '‹' | '„' | '“' => true,
            '»' | '›' => false,
            _ => !quote.can_close,
        };
        if opens {
            open.push(quote);
        } else if let Some(opening) = open.pop() {
            pairs.push((opening.at, quote.at));
        }
    }
}
