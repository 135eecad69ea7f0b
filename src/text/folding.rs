//! Folding: the word as written, without what French readers do not tell
//! apart (case, accents, ligatures, apostrophes, hyphens).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::characters::{is_accent, is_apostrophe};

/// Where the capitals of a word stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Capitals {
    /// The first letter is one.
    pub(super) first: bool,
    /// There are two letters or more, and all are.
    pub(super) all: bool,
}

/// Folds a word: `written` gets it without accents, `accented` with them.
///
/// Both are lower-case, with ligatures spelled out (œ, æ, ß, ﬁ), compatibility
/// characters replaced (NFKC) and everything that is neither letter nor digit
/// dropped. What the buffers held is lost.
pub(super) fn fold(word: &str, written: &mut String, accented: &mut String) -> Capitals {
    written.clear();
    accented.clear();
    if word.is_ascii() {
        fold_ascii(word, written, accented)
    } else if word
        .chars()
        .all(|character| character < '\u{100}' || matches!(character, 'œ' | 'Œ' | '’'))
    {
        fold_latin1(word, written, accented)
    } else {
        fold_any(word, written, accented)
    }
}

fn fold_ascii(word: &str, written: &mut String, accented: &mut String) -> Capitals {
    let (mut upper, mut lower, mut other) = (0_usize, 0_usize, 0_usize);
    for byte in word.bytes() {
        upper += usize::from(byte.is_ascii_uppercase());
        lower += usize::from(byte.is_ascii_lowercase());
        other += usize::from(!byte.is_ascii_alphanumeric());
    }
    if other == 0 {
        written.push_str(word);
    } else {
        written.extend(word.chars().filter(char::is_ascii_alphanumeric));
    }
    let first = upper > 0 && written.starts_with(|letter: char| letter.is_ascii_uppercase());
    if upper > 0 {
        written.make_ascii_lowercase();
    }
    accented.push_str(written);
    Capitals {
        first,
        all: upper >= 2 && lower == 0,
    }
}

/// The way of the words with French accents; a miss of the cache pays for it.
fn fold_latin1(word: &str, written: &mut String, accented: &mut String) -> Capitals {
    let (mut upper, mut lower, mut first) = (0_usize, 0_usize, false);
    for character in word.chars() {
        let small = match character {
            'A'..='Z' => character.to_ascii_lowercase(),
            // In Latin-1 too, 32 places lie between capital and small letter.
            'À'..='Þ' if character != '×' => {
                char::from_u32(u32::from(character) + 32).unwrap_or(character)
            }
            'Œ' => 'œ',
            _ => character,
        };
        if small != character {
            first |= upper + lower == 0;
            upper += 1;
        } else if character.is_ascii_lowercase() || character >= 'ß' {
            lower += 1;
        }
        match small {
            'a'..='z' | '0'..='9' => {
                written.push(small);
                accented.push(small);
            }
            'œ' => both(written, accented, "oe"),
            'æ' => both(written, accented, "ae"),
            'ß' => both(written, accented, "ss"),
            'ª' => both(written, accented, "a"),
            'º' => both(written, accented, "o"),
            '¹' => both(written, accented, "1"),
            '²' => both(written, accented, "2"),
            '³' => both(written, accented, "3"),
            'µ' => both(written, accented, "μ"),
            'à'..='ÿ' if small != '÷' => {
                accented.push(small);
                written.push_str(latin1_base(small));
            }
            _ => {}
        }
    }
    Capitals {
        first,
        all: upper >= 2 && lower == 0,
    }
}

fn both(written: &mut String, accented: &mut String, letters: &str) {
    written.push_str(letters);
    accented.push_str(letters);
}

/// The letter under the accent, for lower-case Latin-1.
fn latin1_base(letter: char) -> &'static str {
    match letter {
        'à'..='å' => "a",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ð' => "d",
        'ñ' => "n",
        'ò'..='ö' | 'ø' => "o",
        'ù'..='ü' => "u",
        'ý' | 'ÿ' => "y",
        'þ' => "th",
        _ => "",
    }
}

/// The way for all of Unicode.
fn fold_any(word: &str, written: &mut String, accented: &mut String) -> Capitals {
    let mut count = Count::default();
    let letters = word
        .nfkc()
        .filter(|&character| {
            (character.is_alphanumeric() || is_combining_mark(character))
                && !is_apostrophe(character)
        })
        .inspect(|&character| count.see(character))
        .flat_map(char::to_lowercase)
        .nfc();
    for letter in letters {
        match letter {
            'œ' => accented.push_str("oe"),
            'æ' => accented.push_str("ae"),
            'ß' => accented.push_str("ss"),
            'ς' => accented.push('σ'),
            _ => accented.push(letter),
        }
    }
    let mut folds = false;
    let bare = accented.nfd().filter(|&letter| {
        if is_accent(letter) {
            return !folds;
        }
        folds = has_foldable_accents(letter);
        true
    });
    // Composed again for the scripts that keep their marks.
    for letter in bare.nfc() {
        match special_base(letter) {
            Some(base) => written.push_str(base),
            None => written.push(letter),
        }
    }
    count.capitals()
}

/// Latin, Greek and Cyrillic letters lose their accents; in other scripts the
/// marks are part of the word.
fn has_foldable_accents(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '\u{c0}'..='\u{52f}' | '\u{1c80}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a7ff}')
}

/// Latin letters whose accent Unicode does not take apart.
fn special_base(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' | 'ɗ' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŀ' => "l",
        'ŋ' => "n",
        'ŧ' => "t",
        'þ' => "th",
        'ɓ' => "b",
        'ɛ' => "e",
        'ɔ' => "o",
        'ə' => "e",
        'ɲ' => "n",
        'ƙ' => "k",
        _ => return None,
    })
}

/// Counts the letters of a word by case.
#[derive(Default)]
struct Count {
    letters: usize,
    upper: usize,
    lower: usize,
    first: bool,
}

impl Count {
    fn see(&mut self, character: char) {
        let upper = character.is_uppercase();
        if self.letters == 0 && upper {
            self.first = true;
        }
        self.letters += usize::from(character.is_alphabetic());
        self.upper += usize::from(upper);
        self.lower += usize::from(character.is_lowercase());
    }

    fn capitals(self) -> Capitals {
        Capitals {
            first: self.first,
            all: self.upper >= 2 && self.lower == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> (String, String) {
        let (mut written, mut accented) = (String::new(), String::new());
        fold(word, &mut written, &mut accented);
        (written, accented)
    }

    #[test]
    fn folds_what_readers_do_not_tell_apart() {
        for (word, written, accented) in [
            ("Été", "ete", "été"),
            ("ŒUVRE", "oeuvre", "oeuvre"),
            ("Lætitia", "laetitia", "laetitia"),
            ("aujourd’hui", "aujourdhui", "aujourdhui"),
            ("L'Haÿ", "lhay", "lhaÿ"),
            ("ﬁn", "fin", "fin"),
            ("Černý", "cerny", "černý"),
            ("ＭＡＬＩ", "mali", "mali"),
            ("e\u{301}te\u{301}", "ete", "été"),
            ("co\u{ad}opération", "cooperation", "coopération"),
            ("1ᵉʳ", "1er", "1er"),
            ("km²", "km2", "km2"),
            ("CO₂", "co2", "co2"),
            ("Straße", "strasse", "strasse"),
            ("İzmir", "izmir", "i\u{307}zmir"),
            ("Łódź", "lodz", "łódź"),
            ("Ἀθῆναι", "αθηναι", "ἀθῆναι"),
            ("ЁЛКА", "елка", "ёлка"),
            ("東京", "東京", "東京"),
            ("한국", "한국", "한국"),
        ] {
            assert_eq!(
                folded(word),
                (written.to_owned(), accented.to_owned()),
                "{word}"
            );
        }
    }

    #[test]
    fn sees_capitals() {
        let (mut written, mut accented) = (String::new(), String::new());
        let mut capitals = |word| fold(word, &mut written, &mut accented);
        assert_eq!(
            capitals("Mali"),
            Capitals {
                first: true,
                all: false
            }
        );
        assert_eq!(
            capitals("ÉTAT"),
            Capitals {
                first: true,
                all: true
            }
        );
        assert_eq!(
            capitals("A"),
            Capitals {
                first: true,
                all: false
            }
        );
        assert_eq!(capitals("été"), Capitals::default());
    }
}
