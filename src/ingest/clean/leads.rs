//! Words that announce a date, a name or a number.

use super::tokens::Token;

/// The names in « Awa Koné et Paul Kaboré (avec AFP) », and whether something was cut off.
pub(super) fn split_names(text: &str) -> (Vec<&str>, bool) {
    let cut = ["/AFP", "/Reuters", " / AFP", "/ AFP", "/ Belga", "/Belga"]
        .iter()
        .find_map(|agency| text.find(agency));
    let text = cut.and_then(|at| text.get(..at)).unwrap_or(text);
    let names = text
        .split(" et ")
        .flat_map(|part| part.split(" ET "))
        .flat_map(|part| part.split(" & "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    (names, cut.is_some())
}

#[derive(Clone, Copy)]
pub(super) enum Said {
    Published,
    Updated,
}

/// « Publié le », « Mis en ligne », « Mise à jour : », and how many words they take. A following
/// « le » belongs to the date.
pub(super) fn publication_lead(words: &[Token]) -> Option<(Said, usize)> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let e = |word: &str, stem: &str| {
        word.strip_prefix(stem)
            .is_some_and(|rest| rest == "e" || rest == "ee")
    };
    let first = word(0)?;
    let two = (first, word(1));
    if e(first, "publi")
        || e(first, "post")
        || e(first, "cre")
        || e(first, "diffus")
        || e(first, "ajout")
        || (e(first, "redig") && word(1) == Some("le"))
        || matches!(first, "paru" | "parue" | "posted" | "published")
    {
        let by = usize::from(word(1) == Some("on"));
        return Some((Said::Published, 1 + by));
    }
    if e(first, "modifi") || e(first, "actualis") || first == "updated" {
        return Some((Said::Updated, 1));
    }
    match two {
        ("mis" | "mise", Some("en")) if word(2) == Some("ligne") => Some((Said::Published, 3)),
        ("mis" | "mise", Some("a")) if word(2) == Some("jour") => Some((Said::Updated, 3)),
        ("derniere", Some("mise")) if word(3) == Some("jour") => Some((Said::Updated, 4)),
        ("derniere", Some("modification")) => Some((Said::Updated, 2)),
        ("maj", _) => Some((Said::Updated, 1)),
        ("publication", Some(_)) => Some((Said::Published, 1)),
        ("date", Some("de")) if word(2) == Some("publication") => Some((Said::Published, 3)),
        ("date", Some(_)) => Some((Said::Published, 1)),
        _ => None,
    }
}

/// How many words announce a name.
pub(super) fn byline_lead(words: &[Token]) -> Option<usize> {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let first = word(0)?;
    match first {
        "par" | "by" | "depuis" if !matches!(word(1), Some("notre" | "nos")) => Some(1),
        // « Édité par … », « Traduit par … » name helpers: told from authors by `is_help`.
        _ if is_help(words) => Some(2),
        "propos" | "entretien" | "interview" | "article" | "texte" | "textes" | "reportage"
        | "dossier" | "enquete" | "recit" | "analyse" | "chronique" | "tribune" => {
            match (word(1)?, word(2)) {
                ("recueillis" | "realise" | "realisee" | "ecrit" | "redige", Some("par")) => {
                    Some(3)
                }
                ("par", _) => Some(2),
                ("de", _) if !matches!(first, "enquete" | "recit" | "analyse") => Some(2),
                _ => None,
            }
        }
        "recueilli" | "recueillis" | "redige" | "redigee" | "ecrit" | "signe" | "poste"
        | "publie" | "realise" | "realisee" | "publiee" | "propose" => match word(1)? {
            "par" => Some(2),
            _ if first == "signe" => Some(1),
            _ => None,
        },
        "auteur" | "autrice" | "auteurs" | "auteure" | "author" | "signature" | "journaliste" => {
            Some(1 + usize::from(word(1) == Some("de")))
        }
        "de" | "par" if matches!(word(1), Some("notre" | "nos")) => {
            let title = (2..5)
                .take_while(|&at| {
                    word(at).is_some_and(|word| {
                        [
                            "envoye",
                            "correspond",
                            "special",
                            "permanent",
                            "reporter",
                            "journaliste",
                            "local",
                            "regional",
                        ]
                        .iter()
                        .any(|stem| word.starts_with(stem))
                    })
                })
                .count();
            match title {
                // « Par notre rédaction ».
                0 => (first == "par").then_some(1),
                title => Some(2 + title),
            }
        }
        _ => None,
    }
}

/// « Édité par », « Traduit par »: whose names follow did not write the article.
pub(super) fn is_help(words: &[Token]) -> bool {
    let word = |at: usize| words.get(at).map(|token| token.folded.as_str());
    let done = word(0).is_some_and(|word| {
        matches!(
            word.trim_end_matches('e'),
            "edit" | "traduit" | "adapt" | "relu" | "revu"
        )
    });
    done && word(1) == Some("par")
}

/// `12`, `458`, `8.914`, `1,2`, `1,2k`, `47`.
pub(super) fn is_count(word: &str) -> bool {
    let digits = word.trim_end_matches(['k', 'm']);
    !digits.is_empty()
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '\u{202f}' | '\u{a0}'))
}
