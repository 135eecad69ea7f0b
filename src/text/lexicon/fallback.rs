//! Words that the lexicon does not know: names, new words, typing errors.

use super::lemmas::Exactness;
use super::{Lemma, Lemmas, PartOfSpeech, VERB_MARK, lookup};

/// Prefixes that make new words of known ones, folded. The longer stands before the shorter that it starts with.
const PREFIXES: [&str; 44] = [
    "anti", "archi", "arriere", "auto", "bio", "contre", "co", "cyber", "demi", "electro", "extra",
    "ex", "hydro", "hyper", "infra", "inter", "intra", "macro", "mega", "meta", "micro", "mini",
    "mono", "multi", "nano", "narco", "neo", "non", "para", "photo", "poly", "post", "pre", "pro",
    "pseudo", "radio", "semi", "sous", "super", "sur", "tele", "trans", "ultra", "vice",
];

/// The shortest word that a prefix is cut from; shorter ones are found in too many words by chance.
const SHORTEST_AFTER_PREFIX: usize = 5;

/// Endings of new words that are nearly always what they seem, and what they become.
///
/// Each holds for nine of ten words of the lexicon itself that end so, but for -euse: two of three there come from -eur, and
/// new ones (`youtubeuse`) are seldom adjectives in -eux.
const ENDINGS: [(&str, &str); 13] = [
    ("eaux", "eau"),
    ("naux", "nal"),
    ("caux", "cal"),
    ("iennes", "ien"),
    ("ienne", "ien"),
    ("aises", "ais"),
    ("aise", "ais"),
    ("trices", "teur"),
    ("trice", "teur"),
    ("ives", "if"),
    ("ive", "if"),
    ("euses", "eur"),
    ("euse", "eur"),
];

/// What stands behind the stem of a new verb in `-iser` or `-ifier`, the one kind of verb that its forms give away.
const VERB_ENDINGS: [&str; 14] = [
    "er", "ent", "ait", "aient", "ant", "ee", "ees", "erent", "era", "eront", "erait", "eraient",
    "erons", "erez",
];

/// Gives the one term of a word that [`lookup`] does not know.
///
/// A capitalized word is taken for a name and stays as it is. Otherwise a known prefix before a known word is cut off for
/// the look-up (`antidjihadistes` → `antidjihadiste`), and else a regular plural, feminine or verb loses its ending.
/// A name written without a capital may lose a letter so: who searches for one had better search for the word as written
/// too.
pub fn fallback(folded: &str, capitalized: bool, out: &mut Lemmas) {
    if !capitalized && prefixed(folded, out) {
        return;
    }
    out.clear();
    if capitalized {
        out.add([folded, "", ""], PartOfSpeech::Name, Exactness::Same, true);
    } else if let Some(stem) = verb_stem(folded) {
        out.add(
            [stem, "er", VERB_MARK],
            PartOfSpeech::Verb,
            Exactness::Same,
            false,
        );
    } else {
        let (stem, ending) = singular(folded);
        out.add(
            [stem, ending, ""],
            PartOfSpeech::Other,
            Exactness::Same,
            false,
        );
    }
}

/// Looks the word up without its prefix.
fn prefixed(folded: &str, out: &mut Lemmas) -> bool {
    let wanted = |lemma: &Lemma<'_>| {
        let kinds = [
            PartOfSpeech::Noun,
            PartOfSpeech::Adjective,
            PartOfSpeech::Verb,
        ];
        kinds.contains(&lemma.part_of_speech) && !lemma.proper
    };
    PREFIXES
        .iter()
        .any(|prefix| match folded.strip_prefix(prefix) {
            Some(rest) if rest.len() >= SHORTEST_AFTER_PREFIX => {
                lookup(rest, rest, out) && out.keep_first(prefix, wanted)
            }
            _ => false,
        })
}

/// The stem of a verb in `-iser` or `-ifier`.
fn verb_stem(folded: &str) -> Option<&str> {
    VERB_ENDINGS.iter().find_map(|ending| {
        let stem = folded.strip_suffix(ending)?;
        (stem.len() >= 5 && (stem.ends_with("is") || stem.ends_with("ifi"))).then_some(stem)
    })
}

/// The stem of an unknown noun or adjective, and its ending in the masculine singular.
fn singular(folded: &str) -> (&str, &str) {
    for (ending, singular) in ENDINGS {
        if let Some(stem) = folded.strip_suffix(ending).filter(|stem| stem.len() >= 3) {
            return (stem, singular);
        }
    }
    match folded.strip_suffix('s') {
        // Words in -as, -is, -os, -us and -ss are seldom plurals, often names.
        Some(stem) if stem.len() >= 4 && !stem.ends_with(['s', 'a', 'i', 'o', 'u']) => (stem, ""),
        _ => (folded, ""),
    }
}
