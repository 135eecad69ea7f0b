//! Ordinals: `1er`, `2e`, `2ème`, `XXIe`, all under one term a rank.

use super::terms::TermList;

/// Whether folded letters after the digits of `number` make an ordinal, and
/// which rank.
pub(super) fn arabic(number: &str, suffix: &str) -> Option<u32> {
    let rank: u32 = number.parse().ok().filter(|_| number.len() <= 6)?;
    let fits = match suffix {
        "er" | "ers" | "re" | "res" | "ere" | "eres" => rank == 1,
        "nd" | "nds" | "nde" | "ndes" | "de" | "des" => rank == 2,
        "e" | "es" | "eme" | "emes" | "ieme" | "iemes" => true,
        _ => false,
    };
    fits.then_some(rank)
}

/// A Roman ordinal: `XXIe`, `Ier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Roman {
    pub(super) rank: u32,
    /// Another reading: `xxieme` is the 21st, or the 20th spelt `XXième`.
    pub(super) other: Option<u32>,
    /// Whether the capitals make it sure: `VIe` is the sixth, `vie` is life.
    pub(super) sure: bool,
}

/// Reads a Roman ordinal, given as written and folded.
///
/// Only I, V, X and L count: ranks with C, D and M are rarer than the words
/// that look like them (`de`, `ce`, `me`, `Mme`, `Cie`).
pub(super) fn roman(word: &str, folded: &str) -> Option<Roman> {
    // Almost no word gets further than this.
    folded.starts_with(['i', 'v', 'x', 'l']).then_some(())?;
    folded.ends_with(['e', 'r', 's']).then_some(())?;
    let end = folded.find(|letter: char| !matches!(letter, 'i' | 'v' | 'x' | 'l'))?;
    let capitals = word
        .chars()
        .take_while(|letter| letter.is_uppercase())
        .count();
    let small = word
        .chars()
        .skip(capitals)
        .all(|letter| !letter.is_uppercase());
    let first = ordinal_split_at(folded, end);
    let second = ordinal_split_at(folded, end.saturating_sub(1));
    // `Ire` may be wrath at the start of a sentence; `Iʳᵉ` may not.
    let wrath = folded.starts_with("ire") && word.is_ascii();
    if capitals + 1 == end && small && second.is_some() && folded.ends_with("eme") {
        return Some(Roman {
            rank: second?,
            other: None,
            sure: true,
        });
    }
    let sure = capitals == end && small && !wrath;
    Some(Roman {
        rank: first?,
        other: second.filter(|_| !sure),
        sure,
    })
}

/// The rank if a Roman number ends at `end` and an ordinal ending starts there.
fn ordinal_split_at(folded: &str, end: usize) -> Option<u32> {
    let (digits, suffix) = folded.split_at_checked(end)?;
    let rank = value(digits)?;
    let fits = match suffix {
        "er" | "ers" | "re" | "res" | "ere" | "eres" => rank == 1,
        "e" | "es" | "eme" | "emes" | "ieme" | "iemes" => digits != "l",
        _ => false,
    };
    fits.then_some(rank)
}

/// The value of a Roman number in its usual spelling.
fn value(digits: &str) -> Option<u32> {
    let mut rest = digits;
    let mut value = 0;
    let signs = [
        ("xl", 40, 1),
        ("l", 50, 1),
        ("x", 10, 3),
        ("ix", 9, 1),
        ("iv", 4, 1),
        ("v", 5, 1),
        ("i", 1, 3),
    ];
    for (sign, worth, most) in signs {
        for _ in 0..most {
            if let Some(after) = rest.strip_prefix(sign) {
                rest = after;
                value += worth;
            }
        }
    }
    (rest.is_empty() && value > 0).then_some(value)
}

/// Adds the term of a rank: `1er`, `2e`, `21e`.
pub(super) fn push(rank: u32, exact: bool, terms: &mut TermList) {
    let ending = if rank == 1 { "er" } else { "e" };
    terms.push(&format!("{rank}{ending}"), exact);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_arabic_ordinals() {
        assert_eq!(arabic("1", "er"), Some(1));
        assert_eq!(arabic("1", "ere"), Some(1));
        assert_eq!(arabic("2", "nde"), Some(2));
        assert_eq!(arabic("21", "eme"), Some(21));
        assert_eq!(arabic("2", "er"), None);
        assert_eq!(arabic("48", "h"), None);
    }

    #[test]
    fn reads_roman_ordinals() {
        for (word, rank, sure) in [
            ("XXIe", 21, true),
            ("xxie", 21, false),
            ("Ier", 1, true),
            ("Ve", 5, true),
            ("VIe", 6, true),
            ("Vie", 6, false),
            ("XIXème", 19, true),
            ("XXième", 20, true),
            ("XLe", 40, true),
            ("Ire", 1, false),
        ] {
            let folded = word.to_lowercase().replace('è', "e");
            let found = roman(word, &folded).map(|roman| (roman.rank, roman.sure));
            assert_eq!(found, Some((rank, sure)), "{word}");
        }
        assert_eq!(
            roman("xxieme", "xxieme").and_then(|roman| roman.other),
            Some(20)
        );
        for word in ["IIIIe", "Le", "livre", "ville", "LI"] {
            assert_eq!(roman(word, &word.to_lowercase()), None, "{word}");
        }
    }
}
