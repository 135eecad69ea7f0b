//! Where a word starts and ends, before any French rule joins or splits.
//!
//! Latin letters are followed here; for the other scripts, the boundaries of
//! UAX #29 (crate unicode-segmentation) hold.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::characters::{
    is_accent, is_apostrophe, is_digit, is_hyphen, is_invisible, is_latin_letter, is_middle_dot,
    is_small_digit,
};

/// Whether a word may start with this character.
pub(super) fn starts_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    (character.is_alphanumeric() && !is_apostrophe(character) && !is_small_digit(character))
        || is_superscript_letter(character)
}

fn is_superscript_letter(character: char) -> bool {
    is_latin_letter(character) && !character.is_alphabetic()
}

/// Finds the ends of words. It remembers how far it looked ahead, so that a
/// long text without spaces is looked through once, not once a word.
#[derive(Default)]
pub(super) struct Words {
    /// The last stretch of text without spaces and French signs.
    stretch: Range<usize>,
}

impl Words {
    /// The end of the word that starts at `start`: letters, accents, digits,
    /// and invisible characters between them.
    pub(super) fn end(&mut self, text: &str, start: usize) -> usize {
        let rest = text.get(start..).unwrap_or_default();
        let plain = rest
            .bytes()
            .position(|byte| !byte.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (first, rest) = rest.split_at_checked(plain).unwrap_or_default();
        if rest.bytes().next().is_none_or(|byte| byte.is_ascii()) {
            return start + plain;
        }
        // What follows may belong to a letter before it.
        let mut letters = first.bytes().filter(u8::is_ascii_alphabetic).count();
        let mut end = start + plain;
        for (place, character) in rest.char_indices() {
            let after = start + plain + place + character.len_utf8();
            if is_latin_letter(character) && !is_apostrophe(character) {
                letters += 1;
                end = after;
            } else if is_digit(character) || (is_accent(character) && end > start) {
                end = after;
            } else if is_small_digit(character) && (1..=3).contains(&letters) {
                // m², CO₂; after a longer word it is the call of a footnote.
                end = after;
            } else if is_invisible(character) {
                // Counts only if something follows.
            } else if !character.is_ascii() && continues_elsewhere(character) {
                return self.reference_end(text, start).max(end);
            } else {
                break;
            }
        }
        end
    }

    /// The end of the word by UAX #29.
    fn reference_end(&mut self, text: &str, start: usize) -> usize {
        if !self.stretch.contains(&start) {
            let rest = text.get(start..).unwrap_or_default();
            let stretch = rest.find(|character: char| {
                character.is_whitespace()
                    || (character.is_ascii() && !character.is_ascii_alphanumeric())
                    || is_apostrophe(character)
                    || is_hyphen(character)
                    || is_middle_dot(character)
            });
            self.stretch = start..start + stretch.unwrap_or(rest.len());
        }
        let stretch = text.get(start..self.stretch.end).unwrap_or_default();
        let word = stretch.split_word_bounds().next().unwrap_or_default();
        start + word.trim_end_matches(is_invisible).len()
    }
}

/// Letters, digits and marks of the scripts that are not Latin.
fn continues_elsewhere(character: char) -> bool {
    (character.is_alphanumeric() || unicode_normalization::char::is_combining_mark(character))
        && !is_apostrophe(character)
        && !is_small_digit(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> &str {
        let end = Words::default().end(text, 0);
        text.get(..end).unwrap_or_default()
    }

    #[test]
    fn words_end_where_letters_do() {
        for (text, word) in [
            ("été, hiver", "été"),
            ("e\u{301}te\u{301} ", "e\u{301}te\u{301}"),
            ("co\u{ad}opé\u{ad}ration\u{ad} ", "co\u{ad}opé\u{ad}ration"),
            ("RFI24_photo", "RFI24"),
            ("km² de", "km²"),
            ("gouvernement² de", "gouvernement"),
            ("Москва, ", "Москва"),
            ("1ᵉʳ", "1ᵉʳ"),
            ("ﬁnance.", "ﬁnance"),
            ("東京", "東"),
        ] {
            assert_eq!(first(text), word, "{text}");
        }
    }
}
