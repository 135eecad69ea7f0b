//! What the cleaner knows of French press pages, as data.
//!
//! The tables are written in natural French; case, accents and kinds of apostrophe do not matter.
//! In a pattern, `*` stands for anything, `#` for a number, and `$` at the end says that the line
//! ends there.

mod calendar;
mod comments;
mod credits;
mod labels;
mod names;
mod phrases;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tokens::{fold, matches};

pub(super) use calendar::{month, weekday};
pub(super) use names::{is_descriptor, is_not_a_name, is_not_first_of_a_name, is_particle};

/// A table of patterns, folded at its first use.
pub(super) struct Patterns(LazyLock<Vec<String>>);

impl Patterns {
    const fn new(fold_all: fn() -> Vec<String>) -> Patterns {
        Patterns(LazyLock::new(fold_all))
    }

    /// Whether a folded line begins with one of them.
    pub(super) fn begin(&self, line: &str) -> bool {
        let first = line.as_bytes().first();
        self.0.iter().any(|pattern| {
            // Most patterns begin with another letter: looked at before anything else.
            let start = pattern.as_bytes().first();
            (start == first || start == Some(&b'#')) && matches(pattern, line)
        })
    }

    /// Whether one of them stands anywhere in a folded line.
    pub(super) fn within(&self, line: &str) -> bool {
        self.0.iter().any(|pattern| line.contains(pattern.as_str()))
    }

    /// What follows the longest pattern that a folded line begins with.
    pub(super) fn after<'a>(&self, line: &'a str) -> Option<&'a str> {
        let first = line.as_bytes().first();
        self.0
            .iter()
            .filter(|pattern| pattern.as_bytes().first() == first)
            .filter_map(|pattern| line.strip_prefix(pattern.as_str()))
            .filter(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
            .min_by_key(|rest| rest.len())
    }
}

/// A table of whole words or lines, folded at its first use.
pub(super) struct Words(LazyLock<HashSet<String>>);

impl Words {
    const fn new(fold_all: fn() -> HashSet<String>) -> Words {
        Words(LazyLock::new(fold_all))
    }

    pub(super) fn has(&self, folded: &str) -> bool {
        self.0.contains(folded)
    }
}

fn folded<T: FromIterator<String>>(table: &[&str]) -> T {
    table.iter().map(|entry| fold(entry)).collect()
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $table:path;)*) => {
        $($(#[$doc])* pub(super) static $name: Patterns = Patterns::new(|| folded(&$table));)*
    };
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $table:path;)*) => {
        $($(#[$doc])* pub(super) static $name: Words = Words::new(|| folded(&$table));)*
    };
}

patterns! {
    ADVERTISING = credits::ADVERTISING;
    BUTTONS = phrases::BUTTONS;
    COLLECTIVE = names::COLLECTIVE;
    COMMENT_CLOSING = comments::COMMENT_CLOSING;
    COMMENT_EVIDENCE = comments::COMMENT_EVIDENCE;
    COMMENT_HEADINGS = comments::COMMENT_HEADINGS;
    COPYRIGHT = credits::COPYRIGHT;
    COPYRIGHT_WITHIN = credits::COPYRIGHT_WITHIN;
    NOTICES = phrases::NOTICES;
    PAYWALL = phrases::PAYWALL;
    PHOTO_CREDITS = credits::PHOTO_CREDITS;
    PHOTO_CREDITS_WITHIN = credits::PHOTO_CREDITS_WITHIN;
    READING_TIME = credits::READING_TIME;
    RELATED = phrases::RELATED;
    RELATED_WITH_MARK = phrases::RELATED_WITH_MARK;
    SOURCE_LEADS = credits::SOURCE_LEADS;
    SUBSCRIPTION = phrases::SUBSCRIPTION;
    SUBSCRIPTION_AROUND = phrases::SUBSCRIPTION_AROUND;
    SUBSCRIPTION_WITHIN = phrases::SUBSCRIPTION_WITHIN;
    TAG_LEADS = credits::TAG_LEADS;
}

words! {
    AGENCIES = names::AGENCIES;
    COUNTED = credits::COUNTED;
    SECTION_LABELS = labels::SECTIONS;
    SHARING = phrases::SHARING;
    SHARING_FILL = phrases::SHARING_FILL;
}

/// Networks and newsletters whose invitations name the newspaper: « Suivez X sur … ».
pub(super) const FOLLOW: (&str, &str) = phrases::FOLLOW;
