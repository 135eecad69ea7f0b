//! Names of people: telling them from other short lines, and writing them one way.

use super::tables::{
    AGENCIES, COLLECTIVE, SECTION_LABELS, is_not_a_name, is_not_first_of_a_name, is_particle,
    month, weekday,
};
use super::tokens::fold;

/// The longest byline name, in characters.
const LONGEST: usize = 60;

/// Whether these words are one person's name: capitals, initials, particles, and nothing that names
/// of sections, newspapers and buttons are made of.
pub(super) fn is_person(text: &str) -> bool {
    let text = trimmed(text);
    if text.chars().count() > LONGEST || SECTION_LABELS.has(&fold(text)) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else {
        return false;
    };
    if !(2..=6).contains(&words.len()) || is_not_first_of_a_name(&fold(first)) {
        return false;
    }
    if first.to_lowercase().starts_with("l'") || first.to_lowercase().starts_with("l’") {
        return false;
    }
    let mut capitals = 0;
    for word in &words {
        let folded = fold(word);
        if is_not_a_name(&folded)
            || (month(&folded).is_some() && folded.len() > 4)
            || weekday(&folded).is_some_and(|_| folded.len() > 4)
        {
            return false;
        }
        if is_name_word(word) {
            capitals += 1;
        } else if !is_particle(&folded) {
            return false;
        }
    }
    let last = words.last().is_some_and(|word| is_name_word(word));
    // « Pays de la Loire », « Mairie de Thiès »: with particles, the name needs more than two words
    // of its own, or one particle only.
    let particles = words.len() - capitals;
    capitals >= 2 && last && particles <= 2
}

/// A word that a byline announced by « Par » may consist of.
pub(super) fn is_name_after_par(text: &str) -> bool {
    let text = trimmed(text);
    is_person(text)
        || (!text.is_empty()
            && text.chars().count() <= LONGEST
            && !is_not_first_of_a_name(&fold(text))
            && text.split_whitespace().count() == 1
            && text.chars().next().is_some_and(char::is_uppercase)
            && !is_acronym(text)
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || "'’-._".contains(c)))
}

/// The name of a newspaper where a byline has it: « Le Figaro », « L'Indicateur du Fleuve », « RFI »;
/// with an agency after it, any words in capitals.
pub(super) fn is_newspaper(text: &str, with_agency: bool) -> bool {
    let text = trimmed(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let lower = first.to_lowercase();
    let article = matches!(lower.as_str(), "le" | "la" | "les") && words.len() > 1
        || lower.starts_with("l'")
        || lower.starts_with("l’");
    let acronym = words.len() == 1 && is_acronym(first);
    text.chars().count() <= LONGEST
        && words.len() <= 5
        && capital(first)
        && capital(last)
        && (article || acronym || with_agency)
        && words.iter().all(|word| {
            capital(word) || is_particle(&fold(word)) || matches!(fold(word).as_str(), "et" | "les")
        })
}

/// `RFI`, `TV5`: no first name.
fn is_acronym(word: &str) -> bool {
    (2..=5).contains(&word.chars().count())
        && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// `Awa`, `KONÉ`, `N’Dri`, `J.-B.`, `O'Brien`, `Fatou-Kiné`, `d’Almeida`.
fn is_name_word(word: &str) -> bool {
    let word = word
        .strip_prefix("d’")
        .or_else(|| word.strip_prefix("d'"))
        .unwrap_or(word);
    word.chars().next().is_some_and(char::is_uppercase)
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '‑' | '.') || is_mark(c))
        // A dot only after an initial: « J.-B. », not « S.A.R.L » nor the end of a sentence.
        && word
            .split(['-', '‑'])
            .all(|part| !part.contains('.') || (part.ends_with('.') && part.chars().count() == 2))
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn trimmed(text: &str) -> &str {
    let text = text.trim().trim_end_matches([',', ';', ':']).trim_end();
    // « Maëlys LE GOFF. » ends as a sentence; « Esso A. » with an initial.
    match text.strip_suffix('.') {
        Some(rest)
            if rest
                .split([' ', '-', '.'])
                .next_back()
                .is_some_and(|word| word.chars().count() > 1) =>
        {
            rest
        }
        _ => text,
    }
}

/// One way of writing: « JEAN-BAPTISTE HOUNKPÈ » and « Jean-Baptiste HOUNKPÈ » are
/// « Jean-Baptiste Hounkpè ».
pub(super) fn tidy(name: &str) -> String {
    let words = trimmed(name).split_whitespace();
    let mut tidied = String::with_capacity(name.len());
    for (at, word) in words.enumerate() {
        if at > 0 {
            tidied.push(' ');
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let shout = letters > 1 && !word.contains('.') && word.chars().all(|c| !c.is_lowercase());
        if !shout {
            tidied.push_str(word);
        } else if at > 0 && is_particle(&fold(word)) && !matches!(fold(word).as_str(), "le" | "la")
        {
            tidied.push_str(&word.to_lowercase());
        } else {
            let mut start = true;
            for c in word.chars() {
                if start {
                    tidied.push(c);
                } else {
                    tidied.extend(c.to_lowercase());
                }
                // « N’DRI » is « N’Dri », « TRAORE-BADO » is « Traore-Bado ».
                start = !c.is_alphabetic() && !is_mark(c);
            }
        }
    }
    tidied
}

/// « La rédaction », « avec agences »: a byline that names nobody.
pub(super) fn is_collective(text: &str) -> bool {
    let folded = fold(text);
    folded.chars().count() <= LONGEST && COLLECTIVE.begin(folded.trim_start_matches("avec "))
}

/// The agency that a byline names, as it is written there.
pub(super) fn agency(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_matches(['(', ')', '.', ',', '-', '–'])
        .trim();
    let name = if fold(text).starts_with("avec ") {
        text.get(5..)?.trim()
    } else {
        text
    };
    AGENCIES.has(&fold(name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people() {
        for name in [
            "Awa Koné",
            "JEAN-BAPTISTE HOUNKPÈ",
            "J.-B. HOUNKPÈ",
            "Maëlys LE GOFF.",
            "Zita A.",
            "I. T.-B.",
            "Kouassi Armand N'Dri",
            "Charles de Gaulle",
            "Mohamed Ould Salem",
            "Fatou-Kiné Mbengue",
            "Marie d’Almeida",
            "M. Ouédraogo",
        ] {
            assert!(is_person(name), "{name}");
        }
    }

    #[test]
    fn not_people() {
        for line in [
            "Côte d'Ivoire",
            "La Lagune",
            "L’Éveil Libre",
            "Burkina Faso",
            "Photo Awa",
            "Quid de la suite ?",
            "Une nuit",
            "Bamako",
            "Publié lundi",
            "Radio Kayira",
            "Tous droits réservés",
            "Pays de la Loire",
            "2 minutes",
        ] {
            assert!(!is_person(line), "{line}");
        }
    }

    #[test]
    fn one_way_of_writing() {
        for (written, tidied) in [
            ("PAUL KABORÉ", "Paul Kaboré"),
            ("Fatou-Kiné MBENGUE", "Fatou-Kiné Mbengue"),
            ("KOUASSI ARMAND N'DRI", "Kouassi Armand N'Dri"),
            ("MAËLYS LE GOFF.", "Maëlys Le Goff"),
            ("I. T.-B.", "I. T.-B."),
            ("Zita A.", "Zita A."),
        ] {
            assert_eq!(tidy(written), tidied);
        }
    }
}
