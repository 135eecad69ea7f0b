//! Inclusive writing: `étudiant·e·s`, `candidat(e)`, `élu.e.s`, `citoyen-ne-s`.

use super::characters::{char_at, is_hyphen, is_middle_dot, slice};
use super::folding::fold;
use super::lexicon::{self, Lemmas};

/// A word written for both genders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inclusive {
    /// Where it ends in the text.
    pub(super) end: usize,
    /// Its forms: the masculine one (plural if that is marked), the feminine.
    pub(super) forms: Vec<String>,
}

/// The sign between the masculine word and its endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// `·` and its like: sure.
    MiddleDot,
    /// `(e)`: sure as long as it closes.
    Parenthesis,
    Dot,
    Hyphen,
    Slash,
}

impl Sign {
    fn of(character: char) -> Option<Self> {
        match character {
            '(' => Some(Self::Parenthesis),
            '.' => Some(Self::Dot),
            '/' => Some(Self::Slash),
            _ if is_middle_dot(character) => Some(Self::MiddleDot),
            _ if is_hyphen(character) => Some(Self::Hyphen),
            _ => None,
        }
    }
}

/// Feminine endings, folded, as they are written after the sign.
fn is_ending(letters: &[u8]) -> bool {
    matches!(
        letters,
        b"e" | b"es"
            | b"ne"
            | b"nes"
            | b"le"
            | b"les"
            | b"te"
            | b"tes"
            | b"se"
            | b"ses"
            | b"sse"
            | b"sses"
            | b"ve"
            | b"ves"
            | b"fe"
            | b"fes"
            | b"ere"
            | b"eres"
            | b"iere"
            | b"ieres"
            | b"trice"
            | b"trices"
            | b"rice"
            | b"rices"
            | b"euse"
            | b"euses"
            | b"esse"
            | b"esses"
            | b"ienne"
            | b"iennes"
            | b"enne"
            | b"ennes"
            | b"elle"
            | b"elles"
            | b"ue"
            | b"ues"
            | b"que"
            | b"ques"
            | b"he"
            | b"hes"
    )
}

/// Pronouns and articles whose two genders are both written out.
const PAIRS: [(&str, &str); 9] = [
    ("ceux", "celles"),
    ("celui", "celle"),
    ("il", "elle"),
    ("ils", "elles"),
    ("le", "la"),
    ("eux", "elles"),
    ("lui", "elle"),
    ("tous", "toutes"),
    ("chacun", "chacune"),
];

/// The longest ending, in letters.
const LONGEST: usize = 7;

/// Reads the endings after the word `text[start..end]`. `in_chain` says that
/// the word itself follows a dot or slash, as in an address.
pub(super) fn read(text: &str, start: usize, end: usize, in_chain: bool) -> Option<Inclusive> {
    let character = char_at(text, end)?;
    let sign = Sign::of(character)?;
    let word = slice(text, start, end);
    if word.chars().take(2).count() < 2 || (in_chain && sign != Sign::MiddleDot) {
        return None;
    }
    let (ending, mut at) = letters(text, end + character.len_utf8())?;
    // Almost all that follows a hyphen or a dot is turned away here, before
    // anything is allocated.
    may_be_ending(ending).then_some(())?;
    if sign == Sign::Parenthesis {
        (char_at(text, at)? == ')').then_some(())?;
        at += 1;
    }
    if !same_case(word, ending) {
        return None;
    }
    let (plural, after) = plural(text, at, sign, character);
    if plural {
        at = after;
    }
    if !is_over(text, at, sign) {
        return None;
    }
    let base = word.to_lowercase();
    let ending = ending.to_lowercase();
    let pair = PAIRS.contains(&(base.as_str(), ending.as_str()));
    if pair && !matches!(sign, Sign::Hyphen | Sign::Dot) {
        return Some(Inclusive {
            end: at,
            forms: vec![base, ending],
        });
    }
    if matches!(ending.as_str(), "s" | "x") && !plural {
        let optional = matches!(sign, Sign::MiddleDot | Sign::Parenthesis);
        return optional.then(|| Inclusive {
            end: at,
            forms: vec![base.clone(), base + &ending],
        });
    }
    let folded = folded(&ending);
    if !is_ending(folded.as_bytes()) || !is_wanted(sign, &folded, plural) {
        return None;
    }
    let mut feminine = feminine(&base, &ending, sign)?;
    if plural && !feminine.ends_with('s') {
        feminine.push('s');
    }
    let many = plural || folded.ends_with('s');
    let masculine = if many {
        masculine_plural(&base)
    } else {
        masculine_singular(&base)
    };
    Some(Inclusive {
        end: at,
        forms: vec![masculine, feminine],
    })
}

/// The run of letters at `at`, if it is short, and where it ends.
fn letters(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?;
    let mut letters = rest.char_indices().take(LONGEST + 1);
    let length = match letters.find(|(_, letter)| !letter.is_alphabetic()) {
        Some((place, _)) => place,
        None if rest.chars().nth(LONGEST).is_some() => return None,
        None => rest.len(),
    };
    let letters = rest.get(..length).filter(|letters| !letters.is_empty())?;
    Some((letters, at + length))
}

/// Whether letters are an ending, a second pronoun or a plural, in any case.
fn may_be_ending(letters: &str) -> bool {
    let mut buffer = [0; LONGEST];
    let mut length = 0;
    for letter in letters.chars() {
        let bare = if matches!(letter, 'è' | 'È') {
            'e'
        } else {
            letter.to_ascii_lowercase()
        };
        match (buffer.get_mut(length), u8::try_from(bare)) {
            (Some(place), Ok(byte)) => *place = byte,
            _ => return false,
        }
        length += 1;
    }
    let bare = buffer.get(..length).unwrap_or_default();
    is_ending(bare)
        || matches!(
            bare,
            b"s" | b"x" | b"celle" | b"celles" | b"la" | b"toutes" | b"chacune"
        )
}

/// Small letters after small ones, capitals only after capitals: in
/// `changé.Personne` a sentence starts.
fn same_case(word: &str, ending: &str) -> bool {
    ending.chars().all(char::is_lowercase)
        || (ending.chars().all(char::is_uppercase) && word.chars().all(char::is_uppercase))
}

/// Whether a mark of plural stands at `at` (`·s`, `.s`, `-s`, `s` or `(s)`
/// after a parenthesis), and where it ends.
fn plural(text: &str, at: usize, sign: Sign, character: char) -> (bool, usize) {
    let rest = text.get(at..).unwrap_or_default();
    let mut after = rest;
    let marked = match sign {
        Sign::Parenthesis => {
            after = rest.strip_prefix('(').unwrap_or(rest);
            true
        }
        Sign::Slash if rest.starts_with('(') => {
            after = rest.strip_prefix('(').unwrap_or(rest);
            true
        }
        _ => match rest.strip_prefix(character) {
            Some(next) => {
                after = next;
                true
            }
            None => false,
        },
    };
    let opened = marked && rest.starts_with('(');
    let Some(after) = after.strip_prefix(['s', 'S', 'x']).filter(|_| marked) else {
        return (false, at);
    };
    let after = match (opened, after.strip_prefix(')')) {
        (true, Some(after)) => after,
        (true, None) => return (false, at),
        (false, _) => after,
    };
    (true, at + rest.len() - after.len())
}

/// Whether the word is over at `at`.
fn is_over(text: &str, at: usize, sign: Sign) -> bool {
    let mut next = text.get(at..).unwrap_or_default().chars();
    match next.next() {
        Some(letter) if letter.is_alphanumeric() => false,
        Some('.' | '/' | '@') if sign == Sign::Dot => {
            next.next().is_none_or(|letter| !letter.is_alphanumeric())
        }
        _ => true,
    }
}

/// After a hyphen, `-le` and `-elle` are pronouns unless a plural follows.
fn is_wanted(sign: Sign, ending: &str, plural: bool) -> bool {
    sign != Sign::Hyphen
        || plural
        || !matches!(
            ending,
            "le" | "les" | "elle" | "elles" | "se" | "ses" | "tes"
        )
}

fn folded(word: &str) -> String {
    let (mut written, mut accented) = (String::new(), String::new());
    fold(word, &mut written, &mut accented);
    written
}

/// The feminine form: the ending joined to as much of the word as makes a word
/// of the lexicon. `None` if nothing speaks for inclusive writing.
fn feminine(base: &str, ending: &str, sign: Sign) -> Option<String> {
    let cuts = base.char_indices().rev().map(|(place, _)| place).take(4);
    let stems = std::iter::once(base.len())
        .chain(cuts)
        .filter(|&length| length >= 2);
    // `-e` is put behind the whole word; only the longer endings replace a part.
    let stems = stems.take(if ending.trim_end_matches('s') == "e" {
        1
    } else {
        5
    });
    for length in stems {
        let stem = slice(base, 0, length);
        let form = format!("{stem}{ending}");
        let whole = length == base.len();
        if lexicon::contains(&folded(&form)) && (whole || shares_lemma(base, &form)) {
            return Some(form);
        }
    }
    // `tou·te·s`.
    let spelled = format!("{base}t{ending}");
    if base == "tou" && lexicon::contains(&spelled) {
        return Some(format!("{base}{ending}"));
    }
    let sure =
        sign == Sign::MiddleDot || (sign == Sign::Parenthesis && matches!(ending, "e" | "es"));
    sure.then(|| by_rule(base, ending))
}

fn shares_lemma(one: &str, other: &str) -> bool {
    let (mut first, mut second) = (Lemmas::new(), Lemmas::new());
    let (one_folded, other_folded) = (folded(one), folded(other));
    if !lexicon::lookup(&one_folded, one, &mut first) {
        return true;
    }
    lexicon::lookup(&other_folded, other, &mut second);
    first
        .iter()
        .any(|lemma| second.iter().any(|other| other.term == lemma.term))
}

/// The feminine of a word that the lexicon does not know.
fn by_rule(base: &str, ending: &str) -> String {
    let replaced = match folded(ending).trim_end_matches('s') {
        "trice" => "teur",
        "rice" => "eur",
        "euse" => "eur",
        "ve" => "f",
        "ere" => "er",
        "iere" => "ier",
        "elle" => "eau",
        "ienne" => "ien",
        "enne" => "en",
        _ => "",
    };
    let stem = base.strip_suffix(replaced).unwrap_or(base);
    format!("{stem}{ending}")
}

fn masculine_plural(base: &str) -> String {
    if base.ends_with(['s', 'x', 'z']) {
        return base.to_owned();
    }
    if let Some(stem) = base.strip_suffix("al") {
        let plural = format!("{stem}aux");
        if lexicon::contains(&folded(&plural)) {
            return plural;
        }
    }
    let ending = if base.ends_with("eau") || base.ends_with("eu") {
        'x'
    } else {
        's'
    };
    format!("{base}{ending}")
}

fn masculine_singular(base: &str) -> String {
    if base == "tou" {
        "tout".to_owned()
    } else {
        base.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Words;

    fn forms(text: &str) -> Option<String> {
        let end = Words::default().end(text, 0);
        let inclusive = read(text, 0, end, false)?;
        Some(format!(
            "{} + {}",
            inclusive.forms.join(" "),
            slice(text, inclusive.end, text.len())
        ))
    }

    #[test]
    fn reads_both_genders() {
        for (text, expected) in [
            ("étudiant·e·s", "étudiants étudiantes + "),
            ("étudiant(e)s,", "étudiants étudiantes + ,"),
            ("étudiant(e)(s)", "étudiants étudiantes + "),
            ("étudiant.e.s.", "étudiants étudiantes + ."),
            ("étudiant-e-s", "étudiants étudiantes + "),
            ("un·e", "un une + "),
            ("blessé·e ", "blessé blessée +  "),
            ("avocat•es", "avocats avocates + "),
            ("lecteur‧trices", "lecteurs lectrices + "),
            ("sénateur⋅trice", "sénateur sénatrice + "),
            ("citoyen-ne-s", "citoyens citoyennes + "),
            ("professionnel-le-s", "professionnels professionnelles + "),
            ("chanteur/euse(s)", "chanteurs chanteuses + "),
            ("tou·te·s", "tous toutes + "),
            ("ceux·celles", "ceux celles + "),
            ("acteur·rice·s", "acteurs actrices + "),
            ("actif·ve", "actif active + "),
            ("heureux·se", "heureux heureuse + "),
            ("premier·ère", "premier première + "),
            ("régional·e·s", "régionaux régionales + "),
            ("livre(s)", "livre livres + "),
            ("ÉLU·E·S", "élus élues + "),
            ("youtubeur·euse", "youtubeur youtubeuse + "),
        ] {
            assert_eq!(forms(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn leaves_other_signs_alone() {
        for text in [
            "guerre(celle de 2012)",
            "fin.Le",
            "e.g",
            "le-s",
            "donne-le",
            "dit-elle",
            "est-elle",
            "site.com",
            "et/ou",
            "mes/tes",
            "voaafrique.com",
            "changé.Personne",
            "lemonde.fr/article",
            "là(s",
        ] {
            assert_eq!(forms(text), None, "{text}");
        }
    }
}
