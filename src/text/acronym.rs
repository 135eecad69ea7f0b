//! Dotted acronyms: `O.N.U.`, `S.A.R.L`, `P.-D.G.`

use super::characters::{char_at, is_hyphen, joins_words};

/// The end of the dotted acronym that starts at `start`, if there is one.
///
/// Two single letters or more, of one case, each followed by a dot; the last
/// dot may be missing. `J. Dupont` has a space, `M.Ba` a second word: neither
/// is one.
pub(super) fn end(text: &str, start: usize) -> Option<usize> {
    let first = letter_at(text, start)?;
    if char_at(text, start + first.len_utf8()) != Some('.') {
        return None;
    }
    let mut at = start;
    let mut letters = 0;
    let mut end = start;
    while let Some(letter) = letter_at(text, at) {
        let after = at + letter.len_utf8();
        if letter.is_uppercase() != first.is_uppercase() || continues(text, after) {
            break;
        }
        letters += 1;
        end = after;
        if char_at(text, after) != Some('.') {
            break;
        }
        end = after + 1;
        let hyphen = char_at(text, end).filter(|&next| is_hyphen(next));
        at = end + hyphen.map_or(0, char::len_utf8);
        if letters == MAX_LETTERS {
            break;
        }
    }
    (letters >= 2).then_some(end)
}

/// Longer chains are no acronyms, and a text may be one long chain.
const MAX_LETTERS: usize = 16;

fn letter_at(text: &str, at: usize) -> Option<char> {
    char_at(text, at).filter(|&letter| letter.is_alphabetic() && joins_words(letter))
}

/// Whether the letter before `at` is only the first of a word.
fn continues(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(|next| {
        next.is_alphanumeric()
            || super::characters::is_accent(next)
            || super::characters::is_invisible(next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_acronyms_and_their_last_dot() {
        for (text, expected) in [
            ("O.N.U. ", Some("O.N.U.")),
            ("O.N.U", Some("O.N.U")),
            ("S.A.R.L., société", Some("S.A.R.L.")),
            ("P.-D.G. d'Air", Some("P.-D.G.")),
            ("J.-C.", Some("J.-C.")),
            ("R.D.Congo", Some("R.D.")),
            ("e.g. ceci", Some("e.g.")),
            ("É.-U.", Some("É.-U.")),
            ("J. Dupont", None),
            ("M.Ba", None),
            ("a.A Bamako", None),
            ("Mali.", None),
        ] {
            assert_eq!(
                end(text, 0).and_then(|end| text.get(..end)),
                expected,
                "{text}"
            );
        }
    }
}
