//! The year of a date that was written without one, when the page leaves no doubt.

use super::dates::{self, WrittenDate};
use super::page::Page;
use super::tokens::tokens;
use crate::date::Date;

/// How many days a date of the page may lie from one that was written without a year, for the year
/// to be the same.
const NEAR: i64 = 31;
/// How far away the days of the week are taken as evidence.
const SAME_WEEK: i64 = 10;

/// The day that is meant, or why there is doubt.
///
/// Sure is: the same day with its year elsewhere on the page; or a day of the week that fits in the
/// year of a complete date of the same weeks, or in the last twelve months before the page was
/// fetched. A day of the week fits a year by chance one time in seven, so it is never enough alone.
pub(super) fn infer(
    page: &Page<'_>,
    written: WrittenDate,
    fetched: Option<Date>,
) -> Result<Date, &'static str> {
    let others = all(page);
    let complete: Vec<Date> = others
        .iter()
        .filter_map(|other| other.in_year(other.year?))
        .collect();
    let same: Vec<Date> = complete
        .iter()
        .copied()
        .filter(|date| (date.month(), date.day()) == (written.month, written.day))
        .collect();
    if let Some(first) = same.first() {
        return if same.iter().all(|date| date == first) {
            Ok(*first)
        } else {
            Err("the page names several years")
        };
    }
    let fits = |date: Date| {
        let mut evidence = written.weekday.is_some();
        let fits = written.weekday_fits(date)
            && others
                .iter()
                .filter(|other| other.year.is_none() && other.weekday.is_some())
                .filter_map(|other| Some((other, other.in_year(date.year())?)))
                .filter(|(_, day)| distance(*day, date) <= SAME_WEEK)
                .all(|(other, day)| {
                    evidence = true;
                    other.weekday_fits(day)
                });
        fits && evidence
    };
    let mut years: Vec<i32> = complete.iter().map(|date| date.year()).collect();
    years.sort_unstable();
    years.dedup();
    let near: Vec<Date> = years
        .into_iter()
        .filter_map(|year| written.in_year(year))
        .filter(|day| complete.iter().any(|date| distance(*date, *day) <= NEAR))
        .filter(|day| fits(*day))
        .collect();
    if let [only] = near.as_slice() {
        return Ok(*only);
    }
    if let Some(fetched) = fetched.filter(|_| near.is_empty()) {
        let last = [fetched.year(), fetched.year() - 1]
            .into_iter()
            .filter_map(|year| written.in_year(year))
            .find(|day| *day <= fetched);
        if let Some(day) = last.filter(|day| fits(*day)) {
            return Ok(day);
        }
    }
    Err("no year that is sure")
}

fn distance(one: Date, other: Date) -> i64 {
    (one.days_since_1970() - other.days_since_1970()).abs()
}

/// Every date of the page, comments included.
fn all(page: &Page<'_>) -> Vec<WrittenDate> {
    let mut found = Vec::new();
    for line in &page.lines {
        // Most lines have no digit and no date.
        if !line.text.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let words = tokens(&line.text);
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            match dates::date(rest) {
                Some((date, used)) => {
                    found.push(date);
                    at += used.max(1);
                }
                None => at += 1,
            }
        }
    }
    found
}
