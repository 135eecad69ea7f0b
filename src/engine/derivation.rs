//! Words of one family: `démarchage` beside `démarcher`, `béninois` beside `Bénin`.
//!
//! Derivation is not inflection: such a word is never what was asked for, only a sign that an article
//! is about it, told to the ranking of partial matches alone. Rules say which endings go together, the lexicon which of the words so made exist.

use crate::text::lexicon::{self, Lemmas, VERB_MARK};

/// Two endings that one stem may have; `~` is the mark of verbs.
type Rule = (&'static str, &'static str);

/// Nouns, agents and adjectives beside their verb: the family of a verb is all of these.
const OF_VERBS: &[Rule] = &[
    // First group.
    ("ation", "er~"),
    ("cation", "quer~"),
    ("gation", "guer~"),
    ("ication", "ier~"),
    ("ateur", "er~"),
    ("cateur", "quer~"),
    ("gateur", "guer~"),
    ("icateur", "ier~"),
    ("atif", "er~"),
    ("age", "er~"),
    ("ement", "er~"),
    ("iement", "yer~"),
    ("eur", "er~"),
    ("ance", "er~"),
    ("able", "er~"),
    ("ature", "er~"),
    ("aison", "er~"),
    ("ution", "uer~"),
    ("ution", "uter~"),
    ("uction", "ucter~"),
    ("ection", "ecter~"),
    ("ption", "pter~"),
    ("ention", "enter~"),
    ("gression", "gresser~"),
    ("ision", "iser~"),
    ("ision", "ider~"),
    ("usion", "user~"),
    ("asion", "ader~"),
    ("osition", "oser~"),
    ("pression", "primer~"),
    ("jection", "jeter~"),
    ("tection", "téger~"),
    ("tecteur", "téger~"),
    ("gestion", "gérer~"),
    ("cession", "céder~"),
    ("rection", "riger~"),
    ("daction", "diger~"),
    ("dacteur", "diger~"),
    ("e", "er~"),
    ("", "er~"),
    ("il", "iller~"),
    ("i", "yer~"),
    ("ès", "éder~"),
    // Second group.
    ("issement", "ir~"),
    ("issage", "ir~"),
    ("isseur", "ir~"),
    ("ition", "ir~"),
    ("iture", "ir~"),
    ("ie", "ir~"),
    ("ix", "isir~"),
    // The others.
    ("tien", "tenir~"),
    ("tention", "tenir~"),
    ("vention", "venir~"),
    ("verte", "vrir~"),
    ("verture", "vrir~"),
    ("art", "artir~"),
    ("mission", "mettre~"),
    ("messe", "mettre~"),
    ("duction", "duire~"),
    ("ducteur", "duire~"),
    ("struction", "struire~"),
    ("structeur", "struire~"),
    ("cription", "crire~"),
    ("diction", "dire~"),
    ("lection", "lire~"),
    ("lecteur", "lire~"),
    ("clusion", "clure~"),
    ("vision", "voir~"),
    ("ension", "endre~"),
    ("ente", "endre~"),
    ("ense", "endre~"),
    ("onse", "ondre~"),
    ("erte", "erdre~"),
    ("ception", "cevoir~"),
    ("naissance", "naître~"),
    ("croissance", "croître~"),
    ("quisition", "quérir~"),
    ("traction", "traire~"),
    ("faction", "faire~"),
    ("ainte", "aindre~"),
    ("ruption", "rompre~"),
    ("version", "vertir~"),
    ("bat", "battre~"),
    ("suite", "suivre~"),
    ("prise", "prendre~"),
];

/// Adjectives, qualities, doctrines and peoples beside the noun they come from.
const OF_NOUNS: &[Rule] = &[
    // Places and those who live there.
    ("ois", ""),
    ("ois", "e"),
    ("ais", ""),
    ("ais", "e"),
    ("ais", "a"),
    ("lais", ""),
    ("çais", "ce"),
    ("en", ""),
    ("en", "e"),
    ("ien", ""),
    ("ien", "e"),
    ("ien", "a"),
    ("éen", "e"),
    ("éen", "a"),
    ("ain", ""),
    ("ain", "e"),
    ("cain", "que"),
    // Adjectives.
    ("al", ""),
    ("al", "e"),
    ("el", ""),
    ("el", "e"),
    ("nel", ""),
    ("iel", "e"),
    ("tiel", "ce"),
    ("ique", "ie"),
    ("ique", "e"),
    ("ique", ""),
    ("aire", ""),
    ("aire", "e"),
    ("eux", ""),
    ("eux", "e"),
    ("if", ""),
    ("ier", ""),
    ("ier", "e"),
    // Qualities, manners, doctrines, and what makes them so.
    ("ité", ""),
    ("ité", "e"),
    ("alité", "el"),
    ("abilité", "able"),
    ("ibilité", "ible"),
    ("arité", "aire"),
    ("ivité", "if"),
    ("osité", "eux"),
    ("esse", "e"),
    ("ance", "ant"),
    ("ence", "ent"),
    ("ement", ""),
    ("ement", "e"),
    ("lement", "l"),
    ("ivement", "if"),
    ("eusement", "eux"),
    ("emment", "ent"),
    ("amment", "ant"),
    ("isme", ""),
    ("isme", "e"),
    ("isme", "iste"),
    ("isme", "ique"),
    ("iste", ""),
    ("iste", "e"),
    ("eur", ""),
    ("iser~", ""),
    ("iser~", "e"),
    ("iser~", "ité"),
    ("iser~", "ique"),
];

/// Families that no rule makes.
const IRREGULAR: &[Rule] = &[
    ("russie", "russe"),
    ("turquie", "turc"),
    ("grèce", "grec"),
    ("espagne", "espagnol"),
    ("allemagne", "allemand"),
    ("belgique", "belge"),
    ("bretagne", "breton"),
    ("pologne", "polonais"),
    ("danemark", "danois"),
    ("suède", "suédois"),
    ("israël", "israélien"),
    ("niger", "nigérien"),
    ("nigeria", "nigérian"),
    ("kenya", "kényan"),
    ("burkina", "burkinabè"),
    ("burkina", "burkinabé"),
    ("dahomey", "dahoméen"),
    ("madagascar", "malgache"),
    ("libye", "libyen"),
    ("description", "décrire~"),
    ("réception", "recevoir~"),
    ("retrait", "retirer~"),
    ("mort", "mourir~"),
    ("histoire", "historique"),
    ("école", "scolaire"),
    ("santé", "sanitaire"),
    ("roi", "royal"),
    ("roi", "royaume"),
];

/// The shortest stem, in letters, that an ending of this many may leave.
fn shortest_stem(ending: usize) -> usize {
    match ending {
        0..=1 => 4,
        2..=4 => 3,
        _ => 1,
    }
}

/// The lemma terms of the same family, without the lemma itself.
pub(super) fn family(lemma: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut search = Search::default();
    search.relatives(lemma, OF_VERBS, &mut found);
    // The other words of its verb: `démarcheur` for `démarchage`.
    let verbs: Vec<String> = found
        .iter()
        .filter(|word| word.ends_with(VERB_MARK))
        .cloned()
        .collect();
    if !lemma.ends_with(VERB_MARK) {
        for verb in &verbs {
            search.relatives(verb, OF_VERBS, &mut found);
        }
    }
    search.relatives(lemma, OF_NOUNS, &mut found);
    for (one, other) in IRREGULAR {
        for (word, relative) in [(one, other), (other, one)] {
            if lemma == *word {
                found.push((*relative).to_owned());
            }
        }
    }
    found.retain(|word| word != lemma);
    found
}

#[derive(Default)]
struct Search {
    candidate: String,
    readings: Lemmas,
}

impl Search {
    fn relatives(&mut self, lemma: &str, rules: &[Rule], found: &mut Vec<String>) {
        for (one, other) in rules {
            for (from, to) in [(one, other), (other, one)] {
                let Some(stem) = lemma.strip_suffix(from) else {
                    continue;
                };
                if stem.ends_with(VERB_MARK)
                    || stem.chars().count() < shortest_stem(from.len().max(to.len()))
                {
                    continue;
                }
                self.candidate.clear();
                self.candidate.push_str(stem);
                self.candidate.push_str(to);
                if !found.contains(&self.candidate) && self.is_lemma() {
                    found.push(self.candidate.clone());
                }
            }
        }
    }

    fn is_lemma(&mut self) -> bool {
        let spelling = self.candidate.trim_end_matches(VERB_MARK);
        lexicon::lookup_exact(spelling, &mut self.readings)
            && self
                .readings
                .iter()
                .any(|reading| reading.term == self.candidate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_the_verb_and_its_nouns() {
        for (word, relative) in [
            ("démarchage", "démarcher~"),
            ("démarchage", "démarcheur"),
            ("démarcher~", "démarchage"),
            ("suppression", "supprimer~"),
            ("restitution", "restituer~"),
            ("opposition", "opposer~"),
            ("élection", "élire~"),
            ("paiement", "payer~"),
            ("conseil", "conseiller~"),
            ("accès", "accéder~"),
            ("bénin", "béninois"),
            ("béninois", "bénin"),
            ("afrique", "africain"),
            ("mali", "malien"),
            ("russie", "russe"),
            ("france", "français"),
            ("nation", "national"),
            ("économie", "économique"),
            ("légal", "légalité"),
        ] {
            let found = family(word);
            assert!(
                found.iter().any(|found| found == relative),
                "{word}: {found:?}"
            );
        }
    }

    #[test]
    fn words_that_only_look_alike_are_strangers() {
        for (word, stranger) in [
            ("organe", "organisation"),
            ("châtiment", "chat"),
            ("portion", "porter~"),
            ("cour", "courir~"),
        ] {
            let found = family(word);
            assert!(
                !found.iter().any(|found| found == stranger),
                "{word}: {found:?}"
            );
        }
    }

    #[test]
    fn any_text_has_a_family_or_none() {
        for word in ["", "~", "e", "er~", "é", "🦀", "aaaaaaaaaaaaaaaaaaaation"] {
            assert!(!family(word).contains(&word.to_owned()));
        }
    }
}
