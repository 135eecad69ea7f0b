//! Pieces of a line that count or are pressed: reading time, views, buttons.

use super::leads::is_count;
use super::pieces::{Piece, Reading};
use super::tables::{COUNTED, READING_TIME, SHARING, SHARING_FILL};
use super::tokens::{fold, tokens};

impl Reading<'_> {
    /// « Temps de lecture : 3 minutes », « 3 min de lecture », « Lecture 2 min. », « 4 minutes ».
    pub(super) fn reading_time(&self, at: usize) -> Option<(Piece, usize)> {
        let folded = fold(self.text(at, self.words.len()));
        let mut used = READING_TIME.after(&folded).map_or(0, |after| {
            tokens(folded.get(..folded.len() - after.len()).unwrap_or_default()).len()
        });
        if matches!(self.word(at + used), Some("environ" | "estime" | "~")) {
            used += 1;
        }
        let number = self.word(at + used)?;
        let (digits, unit) = number.split_at_checked(
            number
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(number.len()),
        )?;
        if digits.is_empty() || digits.len() > 2 {
            return None;
        }
        used += 1;
        let unit = if unit.is_empty() {
            used += 1;
            self.word(at + used - 1)?
        } else {
            unit
        };
        if !matches!(unit, "min" | "mn" | "minute" | "minutes" | "mins") {
            return None;
        }
        for tail in ["de", "lecture", "read"] {
            if self.word(at + used) == Some(tail) {
                used += 1;
            }
        }
        Some((Piece::ReadingTime, used))
    }

    /// « 12 458 vues », « Lu 2 340 fois », « Partages : 57 », « 1,2 k vues », « 👁 8.914 ».
    pub(super) fn counter(&self, at: usize) -> Option<(Piece, usize)> {
        let mut used = 0;
        let eye = self
            .word(at)?
            .chars()
            .all(|c| matches!(c, '👁' | '\u{fe0f}' | '👀' | '👍' | '❤'));
        if eye
            || matches!(self.word(at)?, "vu" | "lu" | "vue" | "lue" | "partage")
            || COUNTED.has(self.word(at)?)
        {
            used += 1;
        }
        let start = used;
        while self.word(at + used).is_some_and(is_count) {
            used += 1;
        }
        if used == start {
            return None;
        }
        if matches!(self.word(at + used), Some("k" | "m")) {
            used += 1;
        }
        if self.word(at + used).is_some_and(|word| COUNTED.has(word)) {
            used += 1;
            Some((Piece::Counter, used))
        } else {
            (start > 0).then_some((Piece::Counter, used))
        }
    }

    /// Buttons in a row.
    pub(super) fn sharing(&self, at: usize) -> Option<(Piece, usize)> {
        let mut strong = false;
        let mut used = 0;
        while let Some(word) = self.word(at + used) {
            if SHARING.has(word) {
                strong = true;
            } else if !(SHARING_FILL.has(word) || (used > 0 && is_count(word))) {
                break;
            }
            used += 1;
        }
        strong.then_some((Piece::Sharing, used))
    }
}
