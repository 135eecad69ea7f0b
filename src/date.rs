//! [`Date`] and [`Published`]: when an article appeared.
//!
//! Types of our own, so that the calendar library used inside can change without breaking anyone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::error::{Error, Result};

/// A day of the calendar, from year 1 to year 9999.
///
/// ```
/// use trouvaille::Date;
///
/// let date: Date = "2023-02-08".parse()?;
/// assert_eq!(date, Date::new(2023, 2, 8)?);
/// assert_eq!(date.to_string(), "2023-02-08");
/// assert!(Date::new(2023, 2, 31).is_err());
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The first day there is.
    pub const MIN: Date = Date(match time::Date::from_ordinal_date(1, 1) {
        Ok(date) => date,
        Err(_) => time::Date::MIN,
    });
    /// The last day there is.
    pub const MAX: Date = Date(time::Date::MAX);

    /// A day by year (1 to 9999), month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    ///
    /// [Invalid argument](Error::is_invalid_argument) where there is no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Date> {
        let none = || {
            Error::invalid_argument(format!(
                "there is no day {year:04}-{month:02}-{day:02} in the calendar"
            ))
        };
        if !(1..=9999).contains(&year) {
            return Err(none());
        }
        let month = Month::try_from(month).map_err(|_| none())?;
        time::Date::from_calendar_date(year, month, day)
            .map(Date)
            .map_err(|_| none())
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The next day; none after the last.
    pub fn next(self) -> Option<Date> {
        self.0.next_day().map(Date)
    }

    /// The day before; none before the first.
    pub fn previous(self) -> Option<Date> {
        if self == Date::MIN {
            return None;
        }
        self.0.previous_day().map(Date)
    }

    /// The last day of this day's month.
    pub fn last_of_month(self) -> Date {
        let last = self.0.month().length(self.0.year());
        Date(self.0.replace_day(last).unwrap_or(self.0))
    }

    /// Days since 1 January 1970; negative before.
    pub(crate) fn days_since_1970(self) -> i64 {
        const EPOCH: i64 = 2_440_588;
        i64::from(self.0.to_julian_day()) - EPOCH
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:04}-{:02}-{:02}",
            self.year(),
            self.month(),
            self.day()
        )
    }
}

impl FromStr for Date {
    type Err = Error;

    /// Reads `2023-02-08`.
    fn from_str(text: &str) -> Result<Date> {
        let wrong = || {
            Error::invalid_argument(format!(
                "{} is not a date: write it as 2023-02-08",
                quoted(text)
            ))
        };
        let mut parts = text.split('-');
        let mut number = |length: usize| {
            parts
                .next()
                .filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
                .ok_or_else(wrong)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(wrong());
        }
        let small = |number: u16| u8::try_from(number).map_err(|_| wrong());
        Date::new(i32::from(year), small(month)?, small(day)?)
    }
}

/// The month that a second since 1970 lies in, counted from January of year 0: `12 · year + month − 1`.
/// Howard Hinnant's `civil_from_days`, which counts from March so that leap days come last.
pub(crate) fn month_of(timestamp: i64) -> i64 {
    const DAYS_TO_MARCH_0: i64 = 719_468;
    const DAYS_IN_ERA: i64 = 146_097;
    let days = timestamp.div_euclid(86_400).saturating_add(DAYS_TO_MARCH_0);
    let era = days.div_euclid(DAYS_IN_ERA);
    let day_of_era = days.rem_euclid(DAYS_IN_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    12 * (year_of_era + era * 400) + month_from_march + 2
}

/// When an article was published: a day, or a day and a time in UTC, to the second.
///
/// Read from and written as `2023-02-08` or `2023-02-08T14:30:00Z`; other offsets (`+01:00`) are
/// converted, fractions of a second dropped. A day sorts as its first second.
///
/// ```
/// use trouvaille::{Date, Published};
///
/// let with_time: Published = "2023-02-08T15:30:00+01:00".parse()?;
/// assert_eq!(with_time.to_string(), "2023-02-08T14:30:00Z");
/// assert_eq!(with_time.date(), Date::new(2023, 2, 8)?);
/// assert!(Published::from(Date::new(2023, 2, 8)?) < with_time);
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Published {
    date: Date,
    /// Seconds since midnight, where a time was given.
    seconds: Option<u32>,
}

impl Published {
    /// A day and a time in UTC: hours 0 to 23, minutes and seconds 0 to 59.
    ///
    /// # Errors
    ///
    /// [Invalid argument](Error::is_invalid_argument) where there is no such time.
    pub fn at(date: Date, hour: u8, minute: u8, second: u8) -> Result<Published> {
        let time = Time::from_hms(hour, minute, second).map_err(|_| {
            Error::invalid_argument(format!(
                "there is no time {hour:02}:{minute:02}:{second:02} in a day"
            ))
        })?;
        Ok(Published {
            date,
            seconds: Some(seconds(time)),
        })
    }

    /// The day, in UTC.
    pub fn date(self) -> Date {
        self.date
    }

    /// Hours, minutes and seconds in UTC, where a time was given.
    pub fn time(self) -> Option<(u8, u8, u8)> {
        let seconds = self.seconds?;
        let part = |value: u32| u8::try_from(value).unwrap_or_default();
        Some((
            part(seconds / 3600),
            part(seconds / 60 % 60),
            part(seconds % 60),
        ))
    }

    /// Seconds since 1970 UTC; a day without a time counts from its midnight.
    pub fn timestamp(self) -> i64 {
        self.date.days_since_1970() * 86_400 + i64::from(self.seconds.unwrap_or_default())
    }
}

fn seconds(time: Time) -> u32 {
    let (hour, minute, second) = time.as_hms();
    u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second)
}

impl From<Date> for Published {
    fn from(date: Date) -> Published {
        Published {
            date,
            seconds: None,
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.date)?;
        if let Some((hour, minute, second)) = self.time() {
            write!(formatter, "T{hour:02}:{minute:02}:{second:02}Z")?;
        }
        Ok(())
    }
}

impl FromStr for Published {
    type Err = Error;

    fn from_str(text: &str) -> Result<Published> {
        let trimmed = text.trim();
        let Some((day, time)) = trimmed.split_once(['T', 't', ' ']) else {
            return trimmed.parse::<Date>().map(Published::from);
        };
        let wrong = || {
            Error::invalid_argument(format!(
                "{} is not a date and time: write it as 2023-02-08T14:30:00Z or 2023-02-08T15:30:00+01:00",
                quoted(text)
            ))
        };
        let date: Date = day.parse()?;
        let at = time.find(['Z', 'z', '+', '-', '−']).unwrap_or(time.len());
        let (clock, offset) = (time.get(..at), time.get(at..));
        let time = clock.and_then(read_clock).ok_or_else(wrong)?;
        let offset = offset.and_then(read_offset).ok_or_else(wrong)?;
        let utc = PrimitiveDateTime::new(date.0, time)
            .assume_offset(offset)
            .checked_to_offset(UtcOffset::UTC)
            .filter(|utc: &OffsetDateTime| utc.year() >= 1)
            .ok_or_else(wrong)?;
        Ok(Published {
            date: Date(utc.date()),
            seconds: Some(seconds(utc.time())),
        })
    }
}

/// `14:30`, `14:30:00`, `14:30:00.123`.
fn read_clock(text: &str) -> Option<Time> {
    let text = text.trim();
    let whole = text.split_once(['.', ',']).map_or(text, |(whole, _)| whole);
    let mut parts = whole.split(':').map(two_digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        Some(second) => second?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    Time::from_hms(hour, minute, second).ok()
}

/// Nothing, `Z`, `+01:00`, `+0100`, `+01`.
fn read_offset(text: &str) -> Option<UtcOffset> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(UtcOffset::UTC);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let hours = two_digits(digits.get(..2)?)?;
    let minutes = match digits.get(2..)? {
        "" => 0,
        minutes => two_digits(minutes)?,
    };
    let (hours, minutes) = (i8::try_from(hours).ok()?, i8::try_from(minutes).ok()?);
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

fn two_digits(text: &str) -> Option<u8> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("{short:?}")
}

macro_rules! as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<$type, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(Date);
as_text!(Published);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_agree_with_the_calendar() {
        let mut day = Date::MIN;
        let mut count = 0;
        while let Some(next) = day.next() {
            let month = 12 * i64::from(day.year()) + i64::from(day.month()) - 1;
            assert_eq!(month_of(day.days_since_1970() * 86_400 + 86_399), month);
            day = next;
            count += 1;
        }
        assert_eq!(count, 3_652_058);
    }
}
