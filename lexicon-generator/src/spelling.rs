//! Spelling: the alphabet of the table, and the clean-up every word goes through.

/// The letters of the table: one row a letter of the folded key, the plain letter first.
///
/// The reader (`src/text/lexicon/alphabet.rs`) has the same rows; a letter's place here is its symbol in the table.
pub const LETTERS: [&str; 26] = [
    "aàâäáãå",
    "b",
    "cç",
    "d",
    "eéèêë",
    "f",
    "g",
    "h",
    "iîïí",
    "j",
    "k",
    "l",
    "m",
    "nñ",
    "oôöó",
    "p",
    "q",
    "r",
    "s",
    "t",
    "uùûüú",
    "v",
    "w",
    "x",
    "yÿ",
    "z",
];

/// The symbol of a letter, from 1 on (0 means "a word ends here"), or `None` for a character the table does not hold.
pub fn symbol(letter: char) -> Option<u8> {
    let place = LETTERS.iter().flat_map(|row| row.chars()).position(|known| known == letter)?;
    u8::try_from(place + 1).ok()
}

/// The plain letter behind an accented one.
fn plain(letter: char) -> Option<char> {
    LETTERS.iter().find(|row| row.contains(letter)).and_then(|row| row.chars().next())
}

/// The spelling used in the table: lower case, ligatures expanded, apostrophes and hyphens removed.
///
/// `None` when a character remains that is not a letter of the table (digits, formulas, Greek).
pub fn clean(word: &str) -> Option<String> {
    let mut spelling = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        match letter {
            'œ' => spelling.push_str("oe"),
            'æ' => spelling.push_str("ae"),
            '-' | '\'' | '’' => {}
            letter => {
                symbol(letter)?;
                spelling.push(letter);
            }
        }
    }
    (!spelling.is_empty()).then_some(spelling)
}

/// The folded key of a clean spelling: every letter without its accent.
pub fn fold(spelling: &str) -> String {
    spelling.chars().filter_map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, fold, symbol};

    #[test]
    fn words_are_cleaned_and_folded() {
        assert_eq!(clean("Chef-d'Œuvre").as_deref(), Some("chefdoeuvre"));
        assert_eq!(clean("CO₂"), None);
        assert_eq!(fold("événement"), "evenement");
        assert_eq!(symbol('a'), Some(1));
        assert_eq!(symbol('ß'), None);
    }
}
