//! Kinds of characters, as French typography and the web use them.

/// All the signs that people type for an apostrophe: U+0027, U+2019, U+2018,
/// U+02BC, the acute accent U+00B4, the grave accent, the prime U+2032 and the
/// full-width U+FF07.
pub(super) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '＇')
}

/// Hyphens that join words: the plain one, U+2010, the non-breaking U+2011,
/// the small and the full-width one.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Characters that vanish inside a word: soft hyphen, zero-width spaces and
/// joiners, direction marks, byte order mark, variation selectors.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
    )
}

/// The dots of inclusive writing: `étudiant·e·s`.
pub(super) fn is_middle_dot(character: char) -> bool {
    matches!(character, '·' | '•' | '‧' | '⋅')
}

/// Spaces that only typography puts between the groups of one number.
pub(super) fn is_digit_space(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{202f}' | '\u{2006}'..='\u{2009}')
}

/// Letters of the Latin script, its full-width, ligature and superscript forms
/// included: those whose words end where French says.
pub(super) fn is_latin_letter(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' => true,
        '\u{80}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}' => {
            character.is_alphabetic()
        }
        '\u{2b0}'..='\u{2b8}' | 'ⁱ' | 'ⁿ' => true,
        '\u{fb00}'..='\u{fb06}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => true,
        _ => false,
    }
}

/// Letters and digits of the scripts that put spaces between words, and so may
/// join two parts in one: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic.
pub(super) fn joins_words(character: char) -> bool {
    (character < '\u{700}' && character.is_alphanumeric())
        || is_latin_letter(character)
        || is_digit(character)
}

/// Digits, full-width ones included.
pub(super) fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '０'..='９')
}

/// Raised and lowered digits, which belong to a word only after a short one:
/// m², CO₂.
pub(super) fn is_small_digit(character: char) -> bool {
    matches!(character, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉')
}

/// Accents typed as characters of their own, after their letter.
pub(super) fn is_accent(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
    )
}

/// A letter that asks for elision before it: a vowel, y, œ, æ, or h.
pub(super) fn asks_for_elision(character: char) -> bool {
    let lower = character.to_lowercase().next().unwrap_or(character);
    matches!(
        lower,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'œ' | 'æ' | 'à'..='å' | 'è'..='ï' | 'ò'..='ö'
            | 'ø' | 'ù'..='ü' | 'ý' | 'ÿ' | 'ā'..='ą' | 'ē'..='ě' | 'ĩ'..='ı' | 'ō'..='ő' | 'ũ'..='ų'
    )
}

/// The part of `text` from `start` to `end`; empty where there is none.
pub(super) fn slice(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// The character that starts at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The character that ends at `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elision_comes_before_vowels_of_any_accent() {
        for letter in "aÀâéÊîÔœÆùyhHÖ".chars() {
            assert!(asks_for_elision(letter), "{letter}");
        }
        for letter in "bçÇñdzß".chars() {
            assert!(!asks_for_elision(letter), "{letter}");
        }
    }
}
