//! What follows `date:`: a year, a month, a day, or a range of them.

use super::Query;
use super::chars::chunks;
use crate::date::Date;

/// How dates are written, for messages.
const ACCEPTED: &str = "write 2021, 2021-11, 2021-11-03 or 03/11/2021";

/// The days that a date stands for: `2021` is a year of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    first: Date,
    last: Date,
}

/// An end of a range: `None` where it is open.
type End = Option<Days>;

/// What was read, with a sentence where it is not quite what was typed; or why it cannot be.
type Reading = Result<(Query, Option<String>), String>;

/// Reads what stands between brackets: `2021-01-01 TO 2021-12-31`.
pub(super) fn read_between(inside: &str, without_first: bool, without_last: bool) -> Reading {
    let (from, to) = match split(inside) {
        Some((from, to)) => (end(from)?, end(to)?),
        None if chunks(inside).count() == 1 && !is_link(inside.trim()) => {
            let both = end(inside)?;
            (both, both)
        }
        None => return Err(unfinished(inside)),
    };
    range(from, to, without_first, without_last)
}

/// Reads what has no brackets: `2021`, `2021-11`, `>=2021-11-03`, `2021..2023`, `*`.
pub(super) fn read_plain(value: &str) -> Reading {
    for (sign, from_here, with_it) in [
        (">=", true, true),
        ("≥", true, true),
        ("<=", false, true),
        ("≤", false, true),
        (">", true, false),
        ("<", false, false),
        ("=", true, true),
    ] {
        let Some(rest) = value.strip_prefix(sign) else {
            continue;
        };
        let days = Some(days(rest).map_err(|message| match rest {
            "" => unreadable(value),
            _ => message,
        })?);
        return match (sign, from_here) {
            ("=", _) => range(days, days, false, false),
            (_, true) => range(days, None, !with_it, false),
            (_, false) => range(None, days, false, !with_it),
        };
    }
    match split_dots(value) {
        Some((from, to)) => range(end(from)?, end(to)?, false, false),
        None => {
            let both = end(value)?;
            range(both, both, false, false)
        }
    }
}

/// What to say of a range whose bracket never closes, or that lacks a date.
pub(super) fn unfinished(typed: &str) -> String {
    format!(
        "The range “{}” is not finished: write it as date:[2021-01-01 TO 2021-12-31], with * for an open end.",
        shortened(typed)
    )
}

/// What to say of something that no date can be read from.
pub(super) fn unreadable(typed: &str) -> String {
    format!(
        "“{}” is not a date: {ACCEPTED}, [2021-01-01 TO 2021-12-31] for a range or >2021-11 for what comes after.",
        shortened(typed)
    )
}

fn shortened(typed: &str) -> String {
    let mut short: String = typed.trim().chars().take(40).collect();
    if short.len() < typed.trim().len() {
        short.push('…');
    }
    short
}

/// Whether a word stands between the two dates of a range.
fn is_link(word: &str) -> bool {
    matches!(
        word,
        "TO" | "To" | "to" | "A" | "a" | "À" | "à" | "AU" | "au" | "-" | "–" | "—"
    )
}

/// The two sides of `a TO b`, `a à b` or `a..b`.
fn split(inside: &str) -> Option<(&str, &str)> {
    if let Some(sides) = split_dots(inside) {
        return Some(sides);
    }
    let mut parts = chunks(inside);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(from), Some(link), Some(to), None) if is_link(link) => Some((from, to)),
        _ => None,
    }
}

fn split_dots(text: &str) -> Option<(&str, &str)> {
    // Some keyboards make one sign of the dots.
    text.split_once("..").or_else(|| text.split_once('…'))
}

/// One end of a range: `*` or nothing leaves it open.
fn end(text: &str) -> Result<End, String> {
    match text.trim() {
        "*" | "" => Ok(None),
        date => days(date).map(Some),
    }
}

/// The days of `2021`, `2021-11`, `11/2021`, `2021-11-03` or `03/11/2021`.
fn days(text: &str) -> Result<Days, String> {
    let text = text.trim().trim_matches('"');
    let mut numbers = [(0_u16, 0_usize); 3];
    let mut count = 0;
    for part in text.split(['-', '/', '.']) {
        let digits =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        match (digits, numbers.get_mut(count), part.parse()) {
            (true, Some(number), Ok(value)) => *number = (value, part.len()),
            _ => return Err(unreadable(text)),
        }
        count += 1;
    }
    // A year has four digits, which tells year-month-day from day/month/year.
    let (year, month, day) = match numbers.get(..count) {
        Some(&[(year, 4)]) => (year, None, None),
        Some(&[(year, 4), (month, 1..=2)] | &[(month, 1..=2), (year, 4)]) => {
            (year, Some(month), None)
        }
        Some(
            &[(year, 4), (month, 1..=2), (day, 1..=2)] | &[(day, 1..=2), (month, 1..=2), (year, 4)],
        ) => (year, Some(month), Some(day)),
        _ => return Err(unreadable(text)),
    };
    let date = |month: u16, day: u16| {
        let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else {
            return Err(unreadable(text));
        };
        Date::new(i32::from(year), month, day).map_err(|_| {
            format!(
                "There is no {} in the calendar: {ACCEPTED}.",
                shortened(text)
            )
        })
    };
    match (month, day) {
        (None, _) => Ok(Days {
            first: date(1, 1)?,
            last: date(12, 31)?,
        }),
        (Some(month), None) => {
            let first = date(month, 1)?;
            Ok(Days {
                first,
                last: first.last_of_month(),
            })
        }
        (Some(month), Some(day)) => {
            let day = date(month, day)?;
            Ok(Days {
                first: day,
                last: day,
            })
        }
    }
}

/// Puts a range together; one that runs backwards is turned round.
fn range(from: End, to: End, without_first: bool, without_last: bool) -> Reading {
    let (from, to, note) = match (from, to) {
        (Some(late), Some(early)) if late.first > early.last => {
            let message = format!(
                "The range runs backwards: it is read from {} to {}.",
                early.first, late.last
            );
            (Some(early), Some(late), Some(message))
        }
        ends => (ends.0, ends.1, None),
    };
    let from = match from {
        Some(days) if without_first => {
            Some(days.last.next().ok_or("No date comes after 9999-12-31.")?)
        }
        Some(days) => Some(days.first),
        None => None,
    };
    let to = match to {
        Some(days) if without_last => Some(
            days.first
                .previous()
                .ok_or("No date comes before 0001-01-01.")?,
        ),
        Some(days) => Some(days.last),
        None => None,
    };
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        let message = "No day lies between the two dates.".to_owned();
        return Ok((Query::None, Some(message)));
    }
    Ok((Query::Published { from, to }, note))
}

/// Writes a range of days as it is typed after `date:`, in the shortest way.
pub(super) fn written(from: Option<Date>, to: Option<Date>) -> String {
    let (first, last) = match (from, to) {
        (None, None) => return "*".to_owned(),
        (Some(first), None) => return format!(">={first}"),
        (None, Some(last)) => return format!("<={last}"),
        (Some(first), Some(last)) => (first, last),
    };
    let whole_months =
        first.day() == 1 && last == last.last_of_month() && first.year() == last.year();
    if first == last {
        first.to_string()
    } else if whole_months && first.month() == 1 && last.month() == 12 {
        format!("{:04}", first.year())
    } else if whole_months && first.month() == last.month() {
        format!("{:04}-{:02}", first.year(), first.month())
    } else {
        format!("[{first} TO {last}]")
    }
}
