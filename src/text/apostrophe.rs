//! Apostrophes: elision (`l’engagement`), and words that keep theirs
//! (`aujourd’hui`, `O’Brien`, `N’Djamena`).

use super::characters::{
    asks_for_elision, char_at, char_before, is_accent, is_apostrophe, is_digit_space, joins_words,
    slice,
};
use super::lexicon;
use super::words::starts_word;

/// What an apostrophe after a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apostrophe {
    /// The word is elided; the next one may start at `next`.
    Elided { next: usize },
    /// The word goes on after the apostrophe, at `next`.
    Inside { next: usize },
    /// The word ends before it.
    Closing,
}

/// How readily a word is elided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Elision {
    /// Before any letter: `l’SMS`, `qu’Abidjan`.
    Always,
    /// Before a vowel; a consonant makes it a name: `N’Djamena`, `M’Bour`.
    BeforeVowel,
    /// Before a vowel, and before a consonant in a known word: `j’suis`,
    /// but `T’Challa`.
    Familiar,
}

fn elision(word: &str) -> Option<Elision> {
    Some(match word {
        "l" | "d" | "qu" | "jusqu" | "lorsqu" | "puisqu" | "quoiqu" | "quelqu" | "presqu" => {
            Elision::Always
        }
        "n" | "m" => Elision::BeforeVowel,
        "j" | "t" | "s" | "c" => Elision::Familiar,
        _ => return None,
    })
}

/// Whether two parts make one word that keeps its apostrophe, although the
/// first part looks elided: `quelqu’un`, `presqu’île`.
fn is_one_word(before: &str, after: &str) -> bool {
    let after = after.to_lowercase();
    match before {
        "aujourd" => after == "hui",
        "quelqu" => matches!(after.as_str(), "un" | "une" | "uns" | "unes"),
        "presqu" => matches!(after.as_str(), "île" | "îles" | "ile" | "iles"),
        "prud" => after.starts_with("hom"),
        _ => false,
    }
}

/// The elidable words are short; anything longer is not looked at.
const LONGEST: usize = 7;

/// Lower-case ASCII of a short word, for comparing.
fn lower<'a>(word: &str, buffer: &'a mut [u8; LONGEST]) -> Option<&'a str> {
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower)
        .ok()
        .filter(|lower| lower.is_ascii())
}

/// What the apostrophe at `end` does after the word `text[start..end]`.
/// `word_end` finds the end of the word after it. `None` without apostrophe.
pub(super) fn after_word(
    text: &str,
    start: usize,
    end: usize,
    mut word_end: impl FnMut(usize) -> usize,
) -> Option<Apostrophe> {
    let sign = char_at(text, end).filter(|&sign| is_apostrophe(sign))?;
    let next = end + sign.len_utf8();
    let word = slice(text, start, end);
    let mut buffer = [0; LONGEST];
    let before = lower(word, &mut buffer).unwrap_or_default();
    let elision = elision(before);
    let Some(letter) = char_at(text, next).filter(|&letter| starts_word(letter)) else {
        // `l’« opération`, `l' accord`; else it closes a quotation or stands
        // for an accent (`NOMME’`).
        return Some(match elision {
            Some(_) => Apostrophe::Elided { next },
            None => Apostrophe::Closing,
        });
    };
    if letter.is_numeric() {
        return Some(match elision {
            Some(_) => Apostrophe::Elided { next },
            None => Apostrophe::Closing,
        });
    }
    let Some(elision) = elision else {
        let before =
            char_before(text, end).is_some_and(|letter| joins_words(letter) || is_accent(letter));
        let inside = before && joins_words(letter);
        return Some(if inside {
            Apostrophe::Inside { next }
        } else {
            Apostrophe::Closing
        });
    };
    if matches!(before, "quelqu" | "presqu") {
        let after = slice(text, next, word_end(next));
        if is_one_word(before, after) {
            return Some(Apostrophe::Inside { next });
        }
    }
    let elided = elision == Elision::Always
        || asks_for_elision(letter)
        || (elision == Elision::Familiar && letter.is_lowercase() && {
            let after = slice(text, next, word_end(next)).to_lowercase();
            lexicon::contains(&after)
        });
    let inside = !elided && joins_words(letter);
    Some(if inside {
        Apostrophe::Inside { next }
    } else {
        Apostrophe::Elided { next }
    })
}

/// What the space after the word does: in comments, people type one for an
/// apostrophe (`N AVONS`, `l ecole`, `aujourd hui`). `None` if nothing.
pub(super) fn after_space(
    text: &str,
    start: usize,
    end: usize,
    word_end: impl FnOnce(usize) -> usize,
) -> Option<Apostrophe> {
    // A plain or a no-break space; almost every call ends here.
    let may_be_space = text
        .as_bytes()
        .get(end)
        .is_some_and(|byte| matches!(byte, b' ' | 0xc2 | 0xe2));
    if !may_be_space || end - start > LONGEST {
        return None;
    }
    let word = slice(text, start, end);
    let mut buffer = [0; LONGEST];
    let before = lower(word, &mut buffer)?;
    let elision = elision(before);
    if elision.is_none() && !matches!(before, "aujourd" | "prud") {
        return None;
    }
    let space = char_at(text, end).filter(|&space| space == ' ' || is_digit_space(space))?;
    let next = end + space.len_utf8();
    let letter = char_at(text, next).filter(|letter| letter.is_alphabetic())?;
    let after = slice(text, next, word_end(next));
    if is_one_word(before, after) {
        return Some(Apostrophe::Inside { next });
    }
    elision?;
    let capital = word.chars().next_back().is_some_and(char::is_uppercase);
    let same_case = capital == after.chars().all(char::is_uppercase);
    // `5 m environ` is a measure; `vitamine D et` a name; `L école` starts a
    // sentence.
    let fits = asks_for_elision(letter)
        && char_before(text, start)
            .is_none_or(|before| before.is_whitespace() || "«“\"(—–".contains(before))
        && !follows_number(text, start)
        && (same_case || before.len() > 1 || starts_sentence(text, start));
    fits.then_some(Apostrophe::Elided { next })
}

fn follows_number(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().chars().rev();
    before
        .skip_while(|sign| sign.is_whitespace())
        .take(1)
        .any(char::is_numeric)
}

/// Whether a sentence, a title or a line of dialogue starts at `start`.
pub(super) fn starts_sentence(text: &str, start: usize) -> bool {
    let mut before = text.get(..start).unwrap_or_default().chars().rev();
    before
        .find(|&sign| sign != ' ' && !is_digit_space(sign))
        .is_none_or(|sign| {
            matches!(
                sign,
                '.' | '!' | '?' | '…' | ':' | '\n' | '\r' | '«' | '“' | '"' | '—' | '–' | '-' | '•'
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Words;

    fn decide(text: &str) -> Option<Apostrophe> {
        let mut words = Words::default();
        let end = words.end(text, 0);
        after_word(text, 0, end, |at| words.end(text, at))
            .or_else(|| after_space(text, 0, end, |at| words.end(text, at)))
    }

    #[test]
    fn elides_before_vowels_and_quotes() {
        for text in [
            "l'eau",
            "L’Œuvre",
            "d`eau",
            "qu´il",
            "l'SMS",
            "l’« eau",
            "d'",
            "l' eau",
            "n'y",
        ] {
            assert!(
                matches!(decide(text), Some(Apostrophe::Elided { .. })),
                "{text}"
            );
        }
        for text in [
            "quelqu’autre",
            "QU’ON",
            "j'suis",
            "N AVONS",
            "l ecole",
            "L école",
            "JUSQU EN",
        ] {
            assert!(
                matches!(decide(text), Some(Apostrophe::Elided { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn keeps_the_apostrophe_of_words_that_own_one() {
        for text in [
            "aujourd'hui",
            "aujourd hui",
            "AUJOURD HUI",
            "prud’homme",
            "quelqu’un",
            "presqu’île",
            "entr'acte",
            "grand'mère",
            "O'Brien",
            "N'Djamena",
            "M'Bour",
            "T'Challa",
            "MINORITE’S",
        ] {
            assert!(
                matches!(decide(text), Some(Apostrophe::Inside { .. })),
                "{text}"
            );
        }
        assert_eq!(decide("NOMME’ LES"), Some(Apostrophe::Closing));
    }

    #[test]
    fn lone_letters_are_words() {
        for text in ["D pour", "D et C", "l pour", "c", "s "] {
            assert_eq!(decide(text).filter(|_| text != "D et C"), None, "{text}");
        }
        let text = "vitamine D et";
        assert_eq!(after_space(text, 9, 10, |at| at + 2), None);
        let text = "5 m environ";
        assert_eq!(after_space(text, 2, 3, |_| text.len()), None);
    }
}
