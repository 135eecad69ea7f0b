//! Numbers: groups of three digits, decimals, ordinals, measures.

use super::characters::{char_at, is_digit, is_digit_space, slice};
use super::folding::fold;
use super::ordinal;
use super::words::starts_word;

/// What starts at a digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Numeral {
    /// One number. `1.234` is 1234, or perhaps 1,234: the second value.
    Number {
        end: usize,
        value: String,
        other: Option<String>,
    },
    /// A number whose groups stand apart (`12 700`): `value` above its parts.
    Grouped {
        end: usize,
        value: String,
        parts: Vec<(usize, usize)>,
    },
    /// Numbers that dots or commas only separate: `21.11.2021`.
    Separate {
        end: usize,
        parts: Vec<(usize, usize)>,
    },
    /// `1er`, `2ème`.
    Ordinal { end: usize, rank: u32 },
    /// A number glued to its unit: `48h`, `18h30`, with its parts.
    Measure {
        end: usize,
        parts: Vec<(usize, usize)>,
    },
    /// Digits and letters that make a name: `4x4`, `7info`.
    Word { end: usize },
}

/// More pieces than this are read as another number.
const MAX_PARTS: usize = 64;

/// More groups than this are no number that anyone writes out.
const MAX_GROUPS: usize = 6;

/// Reads the numeral that starts at the digit at `start`. `word_end` finds the
/// end of the word of letters and digits that starts at a place.
pub(super) fn read(text: &str, start: usize, mut word_end: impl FnMut(usize) -> usize) -> Numeral {
    let end = digits_end(text, start);
    let next = char_at(text, end);
    match next {
        Some('.' | ',') if digit_at(text, end + 1) => return chain(text, start),
        Some(letter) if starts_word(letter) => {
            let end_of_word = word_end(start);
            if end_of_word > end {
                return lettered(text, start, end, end_of_word);
            }
        }
        Some(space) if is_digit_space(space) || space == ' ' => {
            if let Some(grouped) = spaced(text, start, end, space) {
                return grouped;
            }
        }
        _ => {}
    }
    Numeral::Number {
        end,
        value: plain(slice(text, start, end)),
        other: None,
    }
}

fn digit_at(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(is_digit)
}

fn digits_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start
        + rest
            .find(|digit: char| !is_digit(digit))
            .unwrap_or(rest.len())
}

/// The digits alone, full-width ones as plain ones.
fn plain(digits: &str) -> String {
    let (mut written, mut accented) = (String::new(), String::new());
    fold(digits, &mut written, &mut accented);
    written
}

/// `12,5`, `1.234.567`, `1.234,56`, `21.11.2021`: digits with dots or commas.
fn chain(text: &str, start: usize) -> Numeral {
    let mut parts = Vec::new();
    let mut signs = Vec::new();
    let mut at = start;
    loop {
        let end = digits_end(text, at);
        parts.push((at, end));
        match char_at(text, end) {
            Some(sign @ ('.' | ',')) if digit_at(text, end + 1) && parts.len() < MAX_PARTS => {
                signs.push(sign);
                at = end + 1;
            }
            _ => break,
        }
    }
    let end = parts.last().map_or(start, |&(_, end)| end);
    let values: Vec<_> = parts
        .iter()
        .map(|&(start, end)| plain(slice(text, start, end)))
        .collect();
    let (value, other) = match (values.as_slice(), signs.as_slice()) {
        ([whole, decimals], [sign]) if *sign == '.' && is_group(whole, decimals) => (
            format!("{whole}{decimals}"),
            Some(format!("{whole},{decimals}")),
        ),
        ([whole, decimals], _) => (format!("{whole},{decimals}"), None),
        ([first, groups @ .., last], [sign, others @ .., last_sign])
            if others.iter().all(|other| other == sign)
                && groups.iter().all(|group| is_group(first, group)) =>
        {
            if sign != last_sign {
                (format!("{first}{},{last}", groups.concat()), None)
            } else if is_group(first, last) {
                (format!("{first}{}{last}", groups.concat()), None)
            } else {
                return Numeral::Separate { end, parts };
            }
        }
        _ => return Numeral::Separate { end, parts },
    };
    Numeral::Number { end, value, other }
}

/// Whether `group` may follow `first` as a group of three digits.
fn is_group(first: &str, group: &str) -> bool {
    (1..=3).contains(&first.len()) && !first.starts_with('0') && group.len() == 3
}

/// `1 234 567`, `1 234,56`: groups of three after spaces. Typographic spaces
/// make one number; plain ones may separate two, so the parts are kept.
fn spaced(text: &str, start: usize, first_end: usize, space: char) -> Option<Numeral> {
    let first = plain(slice(text, start, first_end));
    let mut value = first.clone();
    let mut parts = vec![(start, first_end)];
    let mut end = first_end;
    while parts.len() < MAX_GROUPS && char_at(text, end) == Some(space) {
        let group_start = end + space.len_utf8();
        let group_end = digits_end(text, group_start);
        let group = plain(slice(text, group_start, group_end));
        let goes_on = char_at(text, group_end).is_some_and(char::is_alphabetic);
        if !is_group(&first, &group) || goes_on {
            break;
        }
        value.push_str(&group);
        parts.push((group_start, group_end));
        end = group_end;
    }
    if parts.len() < 2 {
        return None;
    }
    let decimals = char_at(text, end) == Some(',') && digit_at(text, end + 1);
    if decimals {
        let decimals_end = digits_end(text, end + 1);
        value.push(',');
        value.push_str(&plain(slice(text, end + 1, decimals_end)));
        if let Some(last) = parts.last_mut() {
            last.1 = decimals_end;
        }
        end = decimals_end;
    }
    Some(if space == ' ' {
        Numeral::Grouped { end, value, parts }
    } else {
        Numeral::Number {
            end,
            value,
            other: None,
        }
    })
}

/// Digits with letters right behind: ordinal, measure or name.
fn lettered(text: &str, start: usize, digits_end: usize, end: usize) -> Numeral {
    let number = plain(slice(text, start, digits_end));
    let letters = plain(slice(text, digits_end, end));
    if let Some(rank) = ordinal::arabic(&number, &letters) {
        return Numeral::Ordinal { end, rank };
    }
    let unit_end = digits_end + letters_length(slice(text, digits_end, end));
    let unit = plain(slice(text, digits_end, unit_end));
    let rest = plain(slice(text, unit_end, end));
    let is_time =
        unit == "h" && rest.len() == 2 && rest.bytes().all(|digit| digit.is_ascii_digit());
    if UNITS.contains(&letters.as_str()) {
        Numeral::Measure {
            end,
            parts: vec![(start, digits_end), (digits_end, end)],
        }
    } else if is_time {
        let parts = vec![(start, digits_end), (digits_end, unit_end), (unit_end, end)];
        Numeral::Measure { end, parts }
    } else {
        Numeral::Word { end }
    }
}

fn letters_length(word: &str) -> usize {
    word.find(is_digit).unwrap_or(word.len())
}

/// Units that are written right behind their number, folded.
const UNITS: [&str; 52] = [
    "h", "min", "mn", "s", "sec", "ms", "j", "ans", "km", "m", "dm", "cm", "mm", "nm", "ha", "m2",
    "m3", "km2", "km3", "cm2", "cm3", "kg", "g", "mg", "t", "l", "dl", "cl", "ml", "hl", "w", "kw",
    "mw", "gw", "kwh", "mwh", "gwh", "twh", "v", "hz", "khz", "mhz", "ghz", "ko", "mo", "go", "to",
    "f", "fcfa", "euros", "eur", "c",
];

/// The word that a currency sign stands for.
pub(super) fn currency(sign: char) -> Option<&'static str> {
    match sign {
        '€' => Some("euro"),
        '$' => Some("dollar"),
        '£' => Some("livre"),
        '¥' => Some("yen"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Words;

    fn numeral(text: &str) -> Numeral {
        let mut words = Words::default();
        read(text, 0, |at| words.end(text, at))
    }

    fn value(text: &str) -> String {
        match numeral(text) {
            Numeral::Number {
                value, other: None, ..
            }
            | Numeral::Grouped { value, .. } => value,
            Numeral::Number {
                value,
                other: Some(other),
                ..
            } => format!("{value} or {other}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn reads_numbers() {
        for (text, expected) in [
            ("2023.", "2023"),
            ("12,5 %", "12,5"),
            ("12.5", "12,5"),
            ("1\u{202f}234\u{202f}567 habitants", "1234567"),
            ("25\u{a0}000", "25000"),
            ("12 700 électeurs", "12700"),
            ("12 70", "12"),
            ("1\u{202f}234,56", "1234,56"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("1.234.567,8", "1234567,8"),
            ("1.234", "1234 or 1,234"),
            ("1,234", "1,234"),
            ("2023 2024", "2023"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn dots_of_dates_only_separate() {
        for text in ["21.11.2021", "192.168.1.1", "1.2.3"] {
            assert!(
                matches!(numeral(text), Numeral::Separate { end, .. } if end == text.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn letters_behind_digits() {
        assert_eq!(numeral("1er juin"), Numeral::Ordinal { end: 3, rank: 1 });
        assert_eq!(numeral("2ème "), Numeral::Ordinal { end: 5, rank: 2 });
        assert_eq!(
            numeral("48h "),
            Numeral::Measure {
                end: 3,
                parts: vec![(0, 2), (2, 3)]
            }
        );
        assert_eq!(
            numeral("18h30"),
            Numeral::Measure {
                end: 5,
                parts: vec![(0, 2), (2, 3), (3, 5)]
            }
        );
        assert_eq!(numeral("7info.ci"), Numeral::Word { end: 5 });
        assert_eq!(numeral("4x4"), Numeral::Word { end: 3 });
    }
}
