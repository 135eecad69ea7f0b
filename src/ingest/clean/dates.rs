//! French dates: « mercredi 8 février 2023 à 14h30 », « 1er mars », « 08/02/2023 », « 8/2/23 ».

use super::tables::{month, weekday};
use super::tokens::{Token, tokens};
use crate::date::{Date, Published};

/// A date as a page writes it: perhaps without a year, perhaps with a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenDate {
    pub(crate) day: u8,
    pub(crate) month: u8,
    pub(crate) year: Option<i32>,
    /// From Monday, 0.
    pub(crate) weekday: Option<u8>,
    /// Hours, minutes, seconds.
    pub(crate) time: Option<(u8, u8, u8)>,
}

impl WrittenDate {
    /// The day in this year, where there is such a day.
    pub(crate) fn in_year(&self, year: i32) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }

    /// Whether that day of that year is the day of the week that was written, if one was.
    pub(crate) fn weekday_fits(&self, date: Date) -> bool {
        self.weekday
            .is_none_or(|weekday| weekday == weekday_of(date))
    }

    /// Date and time, the clock of the page being `offset` minutes ahead of UTC.
    pub(crate) fn published(&self, date: Date, offset: i16) -> Published {
        let Some((hour, minute, second)) = self.time else {
            return date.into();
        };
        let at = |date: Date, minutes: i32| {
            let hour = u8::try_from(minutes / 60).ok()?;
            let minute = u8::try_from(minutes % 60).ok()?;
            Published::at(date, hour, minute, second).ok()
        };
        let minutes = i32::from(hour) * 60 + i32::from(minute) - i32::from(offset);
        let utc = match minutes {
            ..0 => date.previous().and_then(|date| at(date, minutes + 1440)),
            0..1440 => at(date, minutes),
            1440.. => date.next().and_then(|date| at(date, minutes - 1440)),
        };
        utc.unwrap_or_else(|| date.into())
    }
}

/// From Monday, 0.
pub(crate) fn weekday_of(date: Date) -> u8 {
    // 1 January 1970 was a Thursday.
    let days = date.days_since_1970().saturating_add(3).rem_euclid(7);
    u8::try_from(days).unwrap_or_default()
}

/// Reads a whole text that is a date and nothing else, in any usual French form, or as RSS and
/// programs write it. For the fields of structured files.
pub(crate) fn read(text: &str) -> Result<Published, String> {
    let text = text.trim();
    if let Ok(published) = text.parse::<Published>() {
        return Ok(published);
    }
    if let Some(published) = rfc_2822(text) {
        return Ok(published);
    }
    let words = tokens(text);
    let short = |text: &str| text.chars().take(40).collect::<String>();
    let Some((written, _)) = date(&words).filter(|(_, used)| *used == words.len()) else {
        return Err(format!(
            "{:?} is not a date: write it as 2023-02-08, 2023-02-08T14:30:00Z, 08/02/2023 or 8 février 2023",
            short(text)
        ));
    };
    let year = written
        .year
        .ok_or_else(|| format!("{:?} has no year", short(text)))?;
    let day = written
        .in_year(year)
        .ok_or_else(|| format!("{:?} is no day of the calendar", short(text)))?;
    Ok(written.published(day, 0))
}

/// `Wed, 08 Feb 2023 14:39:00 +0100`.
fn rfc_2822(text: &str) -> Option<Published> {
    use time::format_description::well_known::Rfc2822;
    let moment = time::OffsetDateTime::parse(text, &Rfc2822).ok()?;
    unix_seconds(moment.unix_timestamp())
}

/// Seconds since 1970.
pub(crate) fn unix_seconds(seconds: i64) -> Option<Published> {
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let day = Date::new(moment.year(), moment.month().into(), moment.day()).ok()?;
    Published::at(day, moment.hour(), moment.minute(), moment.second()).ok()
}

/// The date that these words begin with, a time after it included, and how many words it takes.
pub(crate) fn date(words: &[Token]) -> Option<(WrittenDate, usize)> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let mut at = 0;
    if word(at) == Some("le") {
        at += 1;
    }
    // « mar. 5 février », but « mar 5, 2023 » as in English.
    let tuesday = word(at) == Some("mar")
        && (word(at + 1).and_then(numeric).is_some()
            || words.get(at + 1..).and_then(day_month).is_some());
    let named = word(at).and_then(weekday).or(tuesday.then_some(1));
    if named.is_some() {
        at += 1;
        if word(at) == Some("le") {
            at += 1;
        }
    }
    let (mut written, used) = numeric(word(at)?)
        .map(|written| (written, 1))
        .or_else(|| day_month(words.get(at..)?))
        .or_else(|| month_day(words.get(at..)?))?;
    at += used;
    written.weekday = named;
    if let Some((time, used)) = time_after(words.get(at..).unwrap_or_default()) {
        written.time = written.time.or(Some(time));
        at += used;
    }
    Some((written, at))
}

/// `8 février 2023`, `1er mars`, `8 févr. 2023`.
fn day_month(words: &[Token]) -> Option<(WrittenDate, usize)> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let (day, mut at) = match word(0)? {
        "1er" => (1, 1),
        // A space slips in: « 1 er mars ».
        "1" if word(1) == Some("er") => (1, 2),
        other => (small(other)?, 1),
    };
    let month = month(word(at)?)?;
    at += 1;
    let year = word(at).and_then(year);
    if year.is_some() {
        at += 1;
    }
    in_calendar(day, month, year).map(|written| (written, at))
}

/// `février 8, 2023`, as sites write whose software was made in English.
fn month_day(words: &[Token]) -> Option<(WrittenDate, usize)> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let month = month(word(0)?)?;
    let day = small(word(1)?)?;
    let year = year(word(2)?)?;
    in_calendar(day, month, Some(year)).map(|written| (written, 3))
}

/// `08/02/2023`, `8-2-23`, `08.02.2023`, `2023-02-08`, `2023-02-08T14:30:00`. The day comes first.
fn numeric(word: &str) -> Option<WrittenDate> {
    if let Some((day, clock)) = word.split_once('t') {
        let mut written = numeric(day)?;
        let clock = clock.split(['+', 'z', '.']).next().unwrap_or_default();
        written.time = Some(time(clock)?);
        return Some(written);
    }
    let mut parts = word.split(['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return in_calendar(small(third)?, small(second)?, Some(year(first)?));
    }
    let year = match third.len() {
        4 => year(third)?,
        // Two digits: this century up to 69, as clocks of computers have it.
        2 => match i32::from(small(third)?) {
            late @ 70.. => 1900 + late,
            early => 2000 + early,
        },
        _ => return None,
    };
    in_calendar(small(first)?, small(second)?, Some(year))
}

/// A time after a date: `à 14h30`, `- 09h12`, `, 6:48`, `à 0 h 16 min`, `20 h 45`.
pub(crate) fn time_after(words: &[Token]) -> Option<((u8, u8, u8), usize)> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let mut at = 0;
    if matches!(word(0)?, "a" | "at" | "vers") {
        at += 1;
    }
    if let Some(time) = time(word(at)?) {
        at += 1;
        if matches!(
            word(at),
            Some("gmt" | "utc" | "min" | "tu" | "cest" | "cet")
        ) {
            at += 1;
        }
        return Some((time, at));
    }
    let hour = small(word(at)?)?;
    if !matches!(word(at + 1)?, "h" | "heures" | "heure") {
        return None;
    }
    at += 2;
    let minute = word(at).filter(|word| word.len() == 2).and_then(small);
    if minute.is_some() {
        at += 1;
        if matches!(word(at), Some("min" | "mn" | "minutes" | "gmt")) {
            at += 1;
        }
    }
    clock(hour, minute.unwrap_or(0), 0).map(|time| (time, at))
}

/// `14h30`, `14h`, `14:30`, `14:30:05`, `2:39`.
fn time(word: &str) -> Option<(u8, u8, u8)> {
    if let Some((hour, minute)) = word.split_once('h') {
        let minute = match minute {
            "" => 0,
            minute => small(minute.trim_end_matches("min").trim_end_matches("mn"))?,
        };
        return clock(small(hour)?, minute, 0);
    }
    let mut parts = word.split(':');
    let (hour, minute) = (small(parts.next()?)?, parts.next()?);
    if minute.len() != 2 {
        return None;
    }
    let second = match parts.next() {
        Some(second) => small(second)?,
        None => 0,
    };
    clock(hour, small(minute)?, second)
}

fn clock(hour: u8, minute: u8, second: u8) -> Option<(u8, u8, u8)> {
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

/// One or two digits.
fn small(word: &str) -> Option<u8> {
    let digits = (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

fn year(word: &str) -> Option<i32> {
    let digits = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.then(|| word.parse().ok()).flatten()?;
    (1600..2200).contains(&year).then_some(year)
}

/// Days that no calendar has, such as 31 February, are no dates.
fn in_calendar(day: u8, month: u8, year: Option<i32>) -> Option<WrittenDate> {
    // A leap year, where the year is not told.
    Date::new(year.unwrap_or(2000), month, day).ok()?;
    Some(WrittenDate {
        day,
        month,
        year,
        weekday: None,
        time: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        super::read(text)
            .ok()
            .map(|published| published.to_string())
    }

    #[test]
    fn usual_forms() {
        let forms = [
            ("8 février 2023", "2023-02-08"),
            ("8 FEVRIER 2023", "2023-02-08"),
            ("mercredi 8 février 2023", "2023-02-08"),
            ("le 1er mars 2021 à 14h30", "2021-03-01T14:30:00Z"),
            ("1 er mars 2021", "2021-03-01"),
            ("08/02/2023", "2023-02-08"),
            ("8/2/23", "2023-02-08"),
            ("08.02.2023 - 9h", "2023-02-08T09:00:00Z"),
            ("08/02/2023 à 2:39", "2023-02-08T02:39:00Z"),
            ("21 mai 2025, 20 h 45", "2025-05-21T20:45:00Z"),
            ("8 juillet 2022 à 0 h 16 min", "2022-07-08T00:16:00Z"),
            ("févr. 8, 2023", "2023-02-08"),
            ("3 janv. 1998", "1998-01-03"),
            ("12/11/98", "1998-11-12"),
            ("2023-02-08", "2023-02-08"),
            ("2023-02-08T15:30:00+01:00", "2023-02-08T14:30:00Z"),
            ("Wed, 08 Feb 2023 15:30:00 +0100", "2023-02-08T14:30:00Z"),
            ("Wed, 8 Feb 2023 14:30:00 GMT", "2023-02-08T14:30:00Z"),
        ];
        for (text, expected) in forms {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn no_dates() {
        for text in [
            "31 février 2023",
            "30/02/2023",
            "mars 2023",
            "hier",
            "12",
            "8 février",
            "12h30",
            "1.2.3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn days_of_the_week() {
        let day = |year, month, day| weekday_of(Date::new(year, month, day).unwrap());
        assert_eq!(day(2023, 2, 8), 2);
        assert_eq!(day(1970, 1, 1), 3);
        assert_eq!(day(1969, 12, 28), 6);
    }

    #[test]
    fn local_time_becomes_utc() {
        let (written, _) = date(&tokens("1er mars 2021 à 0h30")).unwrap();
        let day = written.in_year(2021).unwrap();
        assert_eq!(
            written.published(day, 60).to_string(),
            "2021-02-28T23:30:00Z"
        );
    }
}
