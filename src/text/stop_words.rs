//! French function words, at three levels of sureness.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::folding::fold;
use super::token::StopLevel;

/// The list, with its reasons.
pub(super) const LIST: &str = include_str!("stop_words.txt");

/// The level of a word given with its accents, lower-case. A word typed
/// without accents (`tres`, `meme`) is looked up without, unless it is in the
/// list as it is (`ou` beside `où`).
pub(super) fn level(written: &str, accented: &str) -> Option<StopLevel> {
    let table = table();
    table
        .accented
        .get(accented)
        .or_else(|| {
            (written == accented)
                .then(|| table.folded.get(written))
                .flatten()
        })
        .copied()
}

struct Table {
    accented: HashMap<String, StopLevel>,
    folded: HashMap<String, StopLevel>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            accented: HashMap::new(),
            folded: HashMap::new(),
        };
        let (mut written, mut accented) = (String::new(), String::new());
        for (level, word) in entries() {
            fold(word, &mut written, &mut accented);
            table.accented.insert(accented.clone(), level);
            // Of the words that share a folded form, the surest wins.
            let known = table.folded.entry(written.clone()).or_insert(level);
            *known = level.max(*known);
        }
        table
    })
}

/// The entries of the list: a level, a tab, the class of words, a tab, and the
/// words. Lines that start with `#` are remarks.
fn entries() -> impl Iterator<Item = (StopLevel, &'static str)> {
    LIST.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| {
            let mut columns = line.split('\t');
            let level = match columns.next() {
                Some("always") => Some(StopLevel::Always),
                Some("question") => Some(StopLevel::Question),
                Some("ambiguous") => Some(StopLevel::Ambiguous),
                _ => None,
            };
            let words = columns.nth(1).unwrap_or_default().split_whitespace();
            words.filter_map(move |word| Some((level?, word)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = LIST
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let columns: Vec<_> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(
                matches!(
                    columns.first(),
                    Some(&("always" | "question" | "ambiguous"))
                ),
                "{line}"
            );
        }
        assert!(entries().count() > 300);
    }

    #[test]
    fn no_word_has_two_levels() {
        let mut seen = HashMap::new();
        for (level, word) in entries() {
            assert_eq!(seen.insert(word, level), None, "{word} is there twice");
        }
    }

    #[test]
    fn levels_tell_content_readings_apart() {
        assert_eq!(level("de", "de"), Some(StopLevel::Always));
        assert_eq!(level("ou", "où"), Some(StopLevel::Question));
        assert_eq!(level("ou", "ou"), Some(StopLevel::Always));
        assert_eq!(level("ete", "été"), Some(StopLevel::Ambiguous));
        assert_eq!(level("tres", "tres"), Some(StopLevel::Always));
        assert_eq!(level("sur", "sur"), Some(StopLevel::Always));
        assert_eq!(level("sur", "sûr"), None);
        assert_eq!(level("mais", "maïs"), None);
        assert_eq!(level("mai", "mai"), None);
        assert_eq!(level("or", "or"), Some(StopLevel::Ambiguous));
    }
}
