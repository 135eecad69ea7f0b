//! The spellings of 1990, made from the classical ones by rule.
//!
//! Circumflexes, diaereses, `é`/`è` and joined compounds need nothing here: the key of a word has neither accents nor
//! hyphens, so that both spellings meet by themselves.

use crate::hunspell::{Affixes, Entry, Form};

/// Families of `appeler` and `jeter`, which keep their double consonant.
const KEEP_DOUBLE: [&str; 2] = ["appeler", "jeter"];

/// The forms in `-èle` and `-ète` of verbs that classically double the consonant (`il amoncèle`).
pub fn verb_forms(entry: &Entry, affixes: &Affixes) -> Vec<Form> {
    let doubling = entry.has_flag("d0") && !KEEP_DOUBLE.iter().any(|end| entry.word.ends_with(end));
    if doubling { affixes.apply(&entry.word, ["b0"].into_iter()) } else { Vec::new() }
}

/// The regular singular and plural of compounds that classically do not vary (`un sèche-cheveu`, `des après-midis`).
pub fn compound_forms(entry: &Entry) -> Vec<Form> {
    let word = entry.word.as_str();
    let two_parts = word.split('-').count() == 2;
    if !two_parts || !entry.has("is:inv") || !entry.has("po:nom") || word.starts_with(char::is_uppercase) {
        return Vec::new();
    }
    let other = match word.strip_suffix('s') {
        Some(singular) => singular.to_owned(),
        None if word.ends_with(['x', 'z']) => return Vec::new(),
        None => format!("{word}s"),
    };
    vec![Form { word: other, fields: Vec::new() }]
}

/// A form of `lemma` in the spelling of `variant`: the part that differs is replaced, if the form has it whole.
pub fn respell(form: &str, lemma: &str, variant: &str) -> Option<String> {
    let shared_end = lemma.chars().rev().zip(variant.chars().rev()).take_while(|(one, other)| one == other);
    let mut end: usize = shared_end.map(|(letter, _)| letter.len_utf8()).sum();
    // The replaced part must not swallow what both have in common at the start.
    let shared_start = lemma.chars().zip(variant.chars()).take_while(|(one, other)| one == other);
    let start: usize = shared_start.map(|(letter, _)| letter.len_utf8()).sum();
    end = end.min(lemma.len() - start).min(variant.len() - start);
    let old = lemma.get(..lemma.len() - end)?;
    let new = variant.get(..variant.len() - end)?;
    form.strip_prefix(old).map(|rest| format!("{new}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::respell;

    #[test]
    fn the_differing_part_is_replaced() {
        assert_eq!(respell("oignons", "oignon", "ognon").as_deref(), Some("ognons"));
        assert_eq!(respell("joailliers", "joaillier", "joailler").as_deref(), Some("joaillers"));
        assert_eq!(respell("charioteur", "chariot", "charriot").as_deref(), Some("charrioteur"));
        assert_eq!(respell("relais", "relais", "relai").as_deref(), Some("relai"));
    }
}
