//! A title as a key that sorts as a French dictionary does.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How much of a title decides its place, in bytes of letters: a key is kept for every article.
const MAX_LETTERS: usize = 120;

/// The letters and digits, without case or accents, words apart by one space; then, after a
/// separator that sorts before all of them, the same with accents, which decide between titles of
/// the same letters (*cote*, *côte*).
pub(super) fn key(title: &str) -> String {
    let mut letters = String::with_capacity(title.len());
    let mut accented = String::new();
    let mut is_apart = false;
    for character in title.nfd().flat_map(char::to_lowercase) {
        if is_combining_mark(character) {
            // A flood of marks on one letter must not make a key of megabytes.
            if accented.len() < 4 * MAX_LETTERS {
                accented.push(character);
            }
            continue;
        }
        if !character.is_alphanumeric() {
            is_apart = true;
            continue;
        }
        if letters.len() >= MAX_LETTERS {
            break;
        }
        if is_apart && !letters.is_empty() {
            letters.push(' ');
            accented.push(' ');
        }
        is_apart = false;
        match character {
            'œ' => letters.push_str("oe"),
            'æ' => letters.push_str("ae"),
            'ß' => letters.push_str("ss"),
            'ø' => letters.push('o'),
            'ł' => letters.push('l'),
            'đ' => letters.push('d'),
            other => letters.push(other),
        }
        accented.push(character);
    }
    if accented != letters {
        letters.push('\u{1}');
        letters.push_str(&accented);
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_as_a_dictionary() {
        let titles = [
            "« À quoi bon ? »",
            "A quoi bon encore",
            "cote",
            "Coté",
            "côte",
            "côté",
            "Coter",
            "Élan",
            "Elbe",
            "État",
            "étau",
            "L’an prochain",
            "La Côte",
            "Laon",
            "œil",
            "ŒUVRE",
            "Oeuvres",
            "Offre",
            "zèle",
        ];
        let mut sorted = titles;
        sorted.sort_by_key(|title| key(title));
        assert_eq!(sorted, titles);
    }

    #[test]
    fn case_punctuation_and_composition_do_not_count() {
        assert_eq!(key("L'ÉTÉ, à Évian !"), key("l’été (à) e\u{301}vian"));
        assert_eq!(key("Saint-Louis"), key("saint  louis"));
        assert_eq!(key("…"), "");
        assert!(key(&"é".repeat(10_000)).len() < 6 * MAX_LETTERS);
        assert!(key(&format!("e{}", "\u{301}".repeat(10_000))).len() < 6 * MAX_LETTERS);
    }
}
