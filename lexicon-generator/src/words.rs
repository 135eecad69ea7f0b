//! From dictionary entries to the readings of every word form.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::data::{Data, Suppressed};
use crate::hunspell::{Affixes, Entry, Form};
use crate::reform;
use crate::spelling::clean;

/// What kind of word a reading is. The order is that of preference, and the numbers are those of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PartOfSpeech {
    /// Articles, pronouns, prepositions, conjunctions.
    Function = 0,
    /// Nouns, and words that are noun and adjective.
    Noun = 1,
    /// Adjectives.
    Adjective = 2,
    /// Adverbs.
    Adverb = 3,
    /// Verbs, participles included.
    Verb = 4,
    /// Proper names.
    Name = 5,
    /// Numbers, interjections, titles and the like.
    Other = 6,
}

/// One way to read a word form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// What kind of word it is.
    pub part_of_speech: PartOfSpeech,
    /// The lemma in the spelling of the table.
    pub lemma: String,
    /// Whether it is a proper name and nothing else.
    pub proper: bool,
    /// Whether all verb forms it stands for are rare ones (second person singular and the like).
    pub rare: bool,
    /// Whether it is a past participle.
    pub participle: bool,
}

/// The readings of every spelling.
pub type Words = BTreeMap<String, Vec<Reading>>;

/// An entry with its forms, all clean.
struct Expanded {
    lemma: String,
    part_of_speech: PartOfSpeech,
    proper: bool,
    /// Whether it is a noun or adjective with forms for both genders.
    gendered: bool,
    forms: Vec<(String, Slot)>,
}

/// What a verb form is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Common,
    Rare,
    Participle,
}

/// Steps of the policy that can be left out, to measure what each is worth.
pub struct Steps {
    skipped: HashSet<String>,
}

impl Steps {
    /// All steps but those named.
    pub fn without(names: &str) -> Self {
        Self { skipped: names.split(',').map(str::to_owned).collect() }
    }

    fn take(&self, name: &str) -> bool {
        !self.skipped.contains(name)
    }
}

/// Makes the readings of all word forms.
pub fn readings(entries: &[Entry], affixes: &Affixes, data: &Data, steps: &Steps) -> Words {
    let known: HashSet<&str> = entries.iter().map(|entry| entry.word.as_str()).collect();
    let mut expanded: Vec<Expanded> =
        entries.iter().filter_map(|entry| expand(entry, affixes, &known, data, steps)).collect();
    if steps.take("reform") {
        let own: HashSet<String> = expanded.iter().map(|entry| entry.lemma.clone()).collect();
        for entry in &mut expanded {
            respell(entry, data, &own);
        }
    }
    if steps.take("suppressed") {
        suppress(&mut expanded, &data.suppressed);
    }
    if steps.take("participles") {
        drop_nouns_that_are_participles(&mut expanded);
    }
    let mut words = Words::new();
    for entry in &expanded {
        for (form, slot) in &entry.forms {
            let reading = Reading {
                part_of_speech: entry.part_of_speech,
                lemma: entry.lemma.clone(),
                proper: entry.proper,
                rare: *slot == Slot::Rare,
                participle: *slot == Slot::Participle,
            };
            add(words.entry(form.clone()).or_default(), reading);
        }
    }
    if steps.take("rare") {
        words.values_mut().for_each(drop_rare_verb_forms);
    }
    words.values_mut().for_each(|readings| readings.sort());
    words
}

/// Adds a reading; one with the same term as another is merged with it.
fn add(readings: &mut Vec<Reading>, new: Reading) {
    let is_verb = |reading: &Reading| reading.part_of_speech == PartOfSpeech::Verb;
    let same = readings.iter_mut().find(|old| old.lemma == new.lemma && is_verb(old) == is_verb(&new));
    let Some(old) = same else {
        readings.push(new);
        return;
    };
    old.part_of_speech = old.part_of_speech.min(new.part_of_speech);
    old.proper &= new.proper;
    old.rare &= new.rare;
    old.participle |= new.participle;
}

/// Expands an entry and gives it its lemma, or `None` when the table has no use for it.
fn expand(entry: &Entry, affixes: &Affixes, known: &HashSet<&str>, data: &Data, steps: &Steps) -> Option<Expanded> {
    let part_of_speech = part_of_speech(entry)?;
    let capital = entry.word.chars().next().is_some_and(char::is_uppercase);
    let proper = capital || part_of_speech == PartOfSpeech::Name;
    if proper && !steps.take("names") {
        return None;
    }
    let mut own_forms = affixes.expand(entry);
    if steps.take("reform") {
        own_forms.extend(reform::verb_forms(entry, affixes));
        own_forms.extend(reform::compound_forms(entry));
    }
    let forms: Vec<(String, Slot)> =
        own_forms.iter().filter_map(|form| Some((clean(&form.word)?, slot(entry, form)))).collect();
    let lemma = if steps.take("joined") { lemma(entry, part_of_speech, known, data) } else { entry.word.clone() };
    let lemma = clean(&lemma)?;
    // Single letters are units, notes and abbreviations; the analyzer knows better what to do with them.
    let useful =
        |form: &str| form.len() > 1 || part_of_speech == PartOfSpeech::Function || part_of_speech == PartOfSpeech::Verb;
    let forms: Vec<_> = forms.into_iter().filter(|(form, _)| useful(form)).collect();
    let gendered = !entry.fields.iter().any(|field| field.starts_with("is:"));
    Some(Expanded { lemma, part_of_speech, proper, gendered, forms })
}

/// The kind of word an entry is, or `None` for entries that are no words (affixes, signs, Roman numerals, errors).
fn part_of_speech(entry: &Entry) -> Option<PartOfSpeech> {
    let is = |name: &str| entry.has(&format!("po:{name}"));
    if ["err", "sfx", "nbro", "sign", "ponc", "div"].into_iter().any(is) {
        return None;
    }
    let verb = |field: &String| field.strip_prefix("po:v").is_some_and(|rest| rest.starts_with(['0', '1', '2', '3']));
    Some(if is("mg") {
        PartOfSpeech::Function
    } else if entry.fields.iter().any(verb) {
        PartOfSpeech::Verb
    } else if ["npr", "prn", "patr"].into_iter().any(is) {
        PartOfSpeech::Name
    } else if is("nom") {
        PartOfSpeech::Noun
    } else if is("adj") {
        PartOfSpeech::Adjective
    } else if is("adv") {
        PartOfSpeech::Adverb
    } else {
        PartOfSpeech::Other
    })
}

/// How common a form of a verb is, judged by mood, tense and person.
fn slot(entry: &Entry, form: &Form) -> Slot {
    let is = |name: &str| form.fields.iter().any(|field| field.trim_end_matches('!') == format!("po:{name}"));
    if is("ppas") {
        return Slot::Participle;
    }
    // Verbs that the dictionary gives no form but the infinitive: "avenir", "rocher".
    if entry.has("po:infi") {
        return Slot::Rare;
    }
    // The auxiliaries are too frequent for any of their forms to be rare: "avions", "as", "soyez".
    if entry.fields.iter().any(|field| field.starts_with("po:v0")) {
        return Slot::Common;
    }
    let only = |people: &[&str]| {
        !["1sg", "2sg", "3sg", "1pl", "2pl", "3pl"].iter().any(|own| is(own) && !people.contains(own))
    };
    let rare = (is("2sg") && only(&["2sg"]))
        || is("simp")
        || is("impe")
        || (is("ipsi") && only(&["1sg", "2sg"]))
        || ((is("iimp") || is("spre")) && only(&["1pl"]) && is("1pl"))
        || ((is("iimp") || is("spre")) && only(&["2pl"]) && is("2pl"));
    if rare { Slot::Rare } else { Slot::Common }
}

/// The lemma of an entry: the one that the data or the dictionary gives it, the singular of a plural, or itself.
fn lemma(entry: &Entry, part_of_speech: PartOfSpeech, known: &HashSet<&str>, data: &Data) -> String {
    let word = entry.word.as_str();
    if part_of_speech != PartOfSpeech::Verb
        && let Some(lemma) = data.lemmas.get(word)
    {
        return lemma.clone();
    }
    let stem = entry.fields.iter().find_map(|field| field.strip_prefix("st:"));
    let found = match stem {
        Some(stem) if known.contains(stem.replace('’', "'").as_str()) => Some(stem.replace('’', "'")),
        _ if entry.has("is:pl") && part_of_speech != PartOfSpeech::Function => singular(word, known),
        _ => None,
    };
    found.map_or_else(|| word.to_owned(), |lemma| data.lemmas.get(&lemma).cloned().unwrap_or(lemma))
}

/// The known singular of a plural that has an entry of its own, such as `arcs-en-ciel`.
fn singular(word: &str, known: &HashSet<&str>) -> Option<String> {
    let mut candidates = vec![String::new()];
    for (place, part) in word.split('-').enumerate() {
        let mut ways = vec![part.to_owned()];
        ways.extend(part.strip_suffix(['s', 'x']).map(str::to_owned));
        ways.extend(part.strip_suffix("aux").map(|stem| format!("{stem}al")));
        ways.extend(part.strip_suffix("aux").map(|stem| format!("{stem}ail")));
        candidates = candidates
            .iter()
            .flat_map(|start| {
                ways.iter().map(move |way| if place == 0 { way.clone() } else { format!("{start}-{way}") })
            })
            .collect();
    }
    candidates.into_iter().find(|candidate| candidate != word && known.contains(candidate.as_str()))
}

/// Gives an entry the spellings of 1990 that the dictionary lacks, and the common lemma of spelling variants.
fn respell(entry: &mut Expanded, data: &Data, own: &HashSet<String>) {
    if entry.proper {
        return;
    }
    if let Some(standard) = data.standard_of.get(&entry.lemma) {
        entry.lemma.clone_from(standard);
    }
    for variant in data.variants_of.get(&entry.lemma).into_iter().flatten() {
        if !own.contains(variant) {
            let forms = entry.forms.iter();
            let new: Vec<_> =
                forms.filter_map(|(form, slot)| Some((reform::respell(form, &entry.lemma, variant)?, *slot))).collect();
            entry.forms.extend(new);
        }
    }
}

/// Takes the suppressed readings out of the entries.
fn suppress(expanded: &mut [Expanded], suppressed: &HashSet<Suppressed>) {
    for entry in expanded.iter_mut().filter(|entry| !entry.proper) {
        let verb = entry.part_of_speech == PartOfSpeech::Verb;
        let lemma = entry.lemma.clone();
        entry
            .forms
            .retain(|(form, _)| !suppressed.contains(&Suppressed { form: form.clone(), lemma: lemma.clone(), verb }));
    }
}

/// Drops nouns and adjectives of both genders all of whose forms are past participles of one verb (`blessé, blessée`).
///
/// They add a term but no match: the verb's term is on every one of their forms already.
fn drop_nouns_that_are_participles(expanded: &mut Vec<Expanded>) {
    let mut participles: HashMap<String, BTreeSet<String>> = HashMap::new();
    for entry in expanded.iter().filter(|entry| entry.part_of_speech == PartOfSpeech::Verb) {
        for (form, slot) in &entry.forms {
            if *slot == Slot::Participle {
                participles.entry(form.clone()).or_default().insert(entry.lemma.clone());
            }
        }
    }
    expanded.retain(|entry| {
        if !entry.gendered || !matches!(entry.part_of_speech, PartOfSpeech::Noun | PartOfSpeech::Adjective) {
            return true;
        }
        let mut verbs: Option<BTreeSet<String>> = None;
        for (form, _) in &entry.forms {
            let here = participles.get(form).cloned().unwrap_or_default();
            verbs = Some(match verbs {
                Some(before) => before.intersection(&here).cloned().collect(),
                None => here,
            });
        }
        verbs.is_none_or(|verbs| verbs.is_empty())
    });
}

/// Drops the readings that stand for rare verb forms only, where the word can be read as something else than a verb.
///
/// `portes` is the plural of `porte` in all but a few texts, not the second person of `porter`.
fn drop_rare_verb_forms(readings: &mut Vec<Reading>) {
    if readings.iter().any(|reading| reading.part_of_speech != PartOfSpeech::Verb && !reading.proper) {
        readings.retain(|reading| reading.part_of_speech != PartOfSpeech::Verb || !reading.rare);
    }
}

/// Encodes the readings of a spelling: their number, then for each the bytes to strip, the kind, and what to append.
pub fn encode(spelling: &str, readings: &[Reading]) -> Result<Vec<u8>, String> {
    let short = |number: usize| u8::try_from(number).map_err(|_| format!("{spelling}: too long to encode"));
    let mut bytes = vec![short(readings.len())?];
    for reading in readings {
        let letters = spelling.chars().zip(reading.lemma.chars()).take_while(|(one, other)| one == other);
        let shared: usize = letters.map(|(letter, _)| letter.len_utf8()).sum();
        let append = reading.lemma.get(shared..).unwrap_or_default();
        bytes.push(short(spelling.len() - shared)?);
        bytes.push(reading.part_of_speech as u8 | if reading.proper { 0x80 } else { 0 });
        bytes.push(short(append.len())?);
        bytes.extend_from_slice(append.as_bytes());
    }
    Ok(bytes)
}
