//! Lines as words, and words without what varies between two ways of typing them.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Lower case, no accents, one kind of apostrophe, hyphen and space: what the tables are compared
/// with.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            // Most of the letters of French, so that the general way is seldom needed.
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => folded.push('e'),
            'à' | 'â' | 'À' | 'Â' => folded.push('a'),
            'ç' | 'Ç' => folded.push('c'),
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            '’' | '‘' | 'ʼ' | '′' | '＇' => folded.push('\''),
            '‐' | '‑' => folded.push('-'),
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            _ if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ if c.is_ascii() => folded.push(c),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    folded.extend(part.to_lowercase());
                }
            }),
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// A word of a line: without the punctuation around it, folded, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) folded: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A bar, a dash, a bullet, or two spaces stand before it.
    pub(crate) parted: bool,
    /// A comma or an opening bracket stands before it.
    pub(crate) comma: bool,
}

/// The words of a line; punctuation standing alone is left out.
pub(crate) fn tokens(line: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut parted = false;
    let mut comma = false;
    for (start, part) in parts(line) {
        let gap = line.get(..start).is_some_and(|before| {
            let spaces = before
                .chars()
                .rev()
                .take_while(|c| c.is_whitespace())
                .count();
            spaces > 1 || before.ends_with('\t')
        });
        parted |= gap && !found.is_empty();
        let left = part.trim_start_matches(is_outer);
        comma |= part.starts_with(['(', '[', ',']);
        // « 📅 3 juin 2024 »: a picture in the place of a word; counters keep theirs, « 👁 1 203 ».
        if left.chars().all(is_picture) {
            parted = true;
            continue;
        }
        if left.is_empty() {
            parted |= part.chars().any(|c| "|•·–—-/>»→*".contains(c));
            comma |= part.contains(',');
            continue;
        }
        let word = left.trim_end_matches(is_outer);
        // An initial keeps its dot: « J.-B. », « Esso A. ».
        let dot = left
            .get(word.len()..)
            .is_some_and(|rest| rest.starts_with('.'));
        let word = if dot && is_initials(word) {
            left.get(..=word.len()).unwrap_or(word)
        } else {
            word
        };
        let from = start + (part.len() - left.len());
        let after = left.get(word.len()..).unwrap_or_default();
        found.push(Token {
            folded: fold(word),
            start: from,
            end: from + word.len(),
            parted,
            comma,
        });
        parted = after.contains(['|', '•', '·', '–', '—']);
        comma = after.contains([',', ';']) || (after.contains(')') && after.contains(','));
    }
    found
}

fn parts(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = line.get(at..)?;
        let skipped = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let start = at + skipped;
        // A bar parts words even where it touches them.
        let length = match rest.find(|c: char| c.is_whitespace() || c == '|') {
            Some(0) => 1,
            Some(length) => length,
            None => rest.len(),
        };
        at = start + length;
        Some((start, rest.get(..length)?))
    })
}

/// `A`, `J.-B`: letters each on its own.
fn is_initials(word: &str) -> bool {
    word.split(['.', '-'])
        .all(|part| part.chars().count() < 2 && part.chars().all(char::is_alphabetic))
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{200d}' | '\u{1f000}'..='\u{1faff}')
        && !matches!(c, '👁' | '👀' | '👍' | '❤' | '✉')
}

fn is_outer(c: char) -> bool {
    matches!(
        c,
        ',' | ';'
            | ':'
            | '.'
            | '…'
            | '('
            | ')'
            | '['
            | ']'
            | '«'
            | '»'
            | '"'
            | '“'
            | '”'
            | '|'
            | '•'
            | '·'
            | '–'
            | '—'
            | '-'
            | '!'
            | '?'
            | '>'
            | '<'
            | '*'
            | '/'
            | '→'
            | '_'
            | '\''
            | '’'
    )
}

/// Whether a folded line begins with a pattern of the tables. `*` stands for anything, `#` for a
/// number; at the end, `$` says that the line ends there too. Without it, the pattern must end where
/// a word does.
pub(crate) fn matches(pattern: &str, line: &str) -> bool {
    let (pattern, whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    match_from(pattern, line, whole)
}

fn match_from(pattern: &str, line: &str, whole: bool) -> bool {
    let at = pattern.find(['*', '#']).unwrap_or(pattern.len());
    let (literal, rest) = pattern.split_at_checked(at).unwrap_or((pattern, ""));
    let Some(line) = line.strip_prefix(literal) else {
        return false;
    };
    if let Some(rest) = rest.strip_prefix('#') {
        let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
        // Thousands: « 1 204 commentaires ».
        let after = match after.strip_prefix([' ', '.']).map(|groups| {
            (
                groups,
                groups.trim_start_matches(|c: char| c.is_ascii_digit()),
            )
        }) {
            Some((groups, after)) if groups.len() - after.len() == 3 => after,
            _ => after,
        };
        return after.len() < line.len() && match_from(rest, after, whole);
    }
    if let Some(rest) = rest.strip_prefix('*') {
        if rest.is_empty() {
            return true;
        }
        return line.char_indices().any(|(at, _)| {
            line.get(at..)
                .is_some_and(|line| match_from(rest, line, whole))
        });
    }
    if whole {
        line.trim_start_matches([' ', ':', '.', '!', '…', '-', '>', '»', '?'])
            .is_empty()
    } else {
        line.chars().next().is_none_or(|c| !c.is_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        assert_eq!(
            fold("  À  LIRE\u{a0}Aussi : l’Œuvre "),
            "a lire aussi : l'oeuvre"
        );
        assert_eq!(fold("plain ASCII\ttext"), "plain ascii text");
    }

    #[test]
    fn words_and_what_parts_them() {
        let line = "J.-B. Hounkpè | 24 novembre 2021|3 min, , ,";
        let found = tokens(line);
        let words: Vec<(&str, bool)> = found
            .iter()
            .map(|token| (&line[token.start..token.end], token.parted))
            .collect();
        assert_eq!(
            words,
            [
                ("J.-B.", false),
                ("Hounkpè", false),
                ("24", true),
                ("novembre", false),
                ("2021", false),
                ("3", true),
                ("min", false)
            ]
        );
    }

    #[test]
    fn patterns() {
        assert!(matches("# commentaires$", "1 204 commentaires :"));
        assert!(!matches("# commentaires$", "4 commentaires utiles"));
        assert!(matches("suivez * sur", "suivez abidjan eco sur google"));
        assert!(matches("abonnez-vous", "abonnez-vous !"));
        assert!(!matches("lire", "lirez"));
    }
}
