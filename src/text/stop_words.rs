//! French function words, at three levels of sureness.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use super::fnv::Fnv;
use super::folding::fold;
use super::token::StopLevel;

/// The list, with its reasons.
pub(super) const LIST: &str = include_str!("stop_words.txt");

/// The level of a word given with its accents, lower-case. A word typed
/// without accents (`tres`, `meme`) is looked up without, unless it is in the
/// list as it is (`ou` beside `où`).
pub(super) fn level(written: &str, accented: &str) -> Option<StopLevel> {
    let levels = table().get(accented)?;
    levels
        .accented
        .or(levels.folded.filter(|_| written == accented))
}

/// What the list says of a string.
#[derive(Clone, Copy, Default)]
struct Levels {
    /// As a word with its accents.
    accented: Option<StopLevel>,
    /// As a word that lost them: the surest level of those it may be.
    folded: Option<StopLevel>,
}

type Table = HashMap<String, Levels, BuildHasherDefault<Fnv>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        let (mut written, mut accented) = (String::new(), String::new());
        for (level, word) in entries() {
            fold(word, &mut written, &mut accented);
            table.entry(accented.clone()).or_default().accented = Some(level);
            let folded = &mut table.entry(written.clone()).or_default().folded;
            *folded = (*folded).max(Some(level));
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
