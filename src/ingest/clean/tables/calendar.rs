//! Months and days of the week, as they are written and cut short.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::tokens::fold;

/// A month, from 1.
pub(in super::super) type Month = u8;

/// English ones too: many French sites run on software that was never told of French.
const MONTHS: [(&str, Month); 43] = [
    ("janvier", 1),
    ("janv", 1),
    ("jan", 1),
    ("january", 1),
    ("février", 2),
    ("févr", 2),
    ("fév", 2),
    ("feb", 2),
    ("february", 2),
    ("mars", 3),
    ("mar", 3),
    ("march", 3),
    ("avril", 4),
    ("avr", 4),
    ("apr", 4),
    ("april", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("jun", 6),
    ("june", 6),
    ("juillet", 7),
    ("juil", 7),
    ("jul", 7),
    ("july", 7),
    ("août", 8),
    ("aou", 8),
    ("aug", 8),
    ("august", 8),
    ("septembre", 9),
    ("sept", 9),
    ("sep", 9),
    ("september", 9),
    ("octobre", 10),
    ("oct", 10),
    ("october", 10),
    ("novembre", 11),
    ("nov", 11),
    ("november", 11),
    ("décembre", 12),
    ("déc", 12),
    ("dec", 12),
    ("december", 12),
];

/// From Monday, 0.
const WEEKDAYS: [(&str, u8); 27] = [
    ("lundi", 0),
    ("lun", 0),
    ("monday", 0),
    ("mon", 0),
    ("mardi", 1),
    ("tuesday", 1),
    ("tue", 1),
    ("mercredi", 2),
    ("mer", 2),
    ("wednesday", 2),
    ("wed", 2),
    ("jeudi", 3),
    ("jeu", 3),
    ("thursday", 3),
    ("thu", 3),
    ("vendredi", 4),
    ("ven", 4),
    ("friday", 4),
    ("fri", 4),
    ("samedi", 5),
    ("sam", 5),
    ("saturday", 5),
    ("sat", 5),
    ("dimanche", 6),
    ("dim", 6),
    ("sunday", 6),
    ("sun", 6),
];

fn lookup(table: &[(&str, u8)]) -> HashMap<String, u8> {
    table
        .iter()
        .map(|(name, value)| (fold(name), *value))
        .collect()
}

static MONTH_NAMES: LazyLock<HashMap<String, u8>> = LazyLock::new(|| lookup(&MONTHS));
static WEEKDAY_NAMES: LazyLock<HashMap<String, u8>> = LazyLock::new(|| lookup(&WEEKDAYS));

/// The month of a folded word.
pub(in super::super) fn month(folded: &str) -> Option<Month> {
    MONTH_NAMES.get(folded).copied()
}

/// The day of the week of a folded word, from Monday, 0.
pub(in super::super) fn weekday(folded: &str) -> Option<u8> {
    WEEKDAY_NAMES.get(folded).copied()
}
