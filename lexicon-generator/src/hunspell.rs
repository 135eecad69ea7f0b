//! Reading hunspell's `.dic` and `.aff` files, as far as hunspell-fr uses them.

use std::collections::HashMap;

/// One line of the dictionary.
pub struct Entry {
    /// The word as the dictionary spells it.
    pub word: String,
    /// Two-character flags, such as `S.` or `a0`.
    pub flags: Vec<String>,
    /// Fields such as `po:nom`, `is:fem`, `st:ce`.
    pub fields: Vec<String>,
}

impl Entry {
    /// Whether the entry has this field.
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|own| own == field)
    }

    /// Whether the entry has this flag.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own == flag)
    }
}

/// A word form made from an entry, with the fields that its suffix rule adds (mood, tense, person, number).
pub struct Form {
    /// The form as spelled.
    pub word: String,
    /// The suffix rule's fields, empty when the entry itself is the form.
    pub fields: Vec<String>,
}

/// One suffix rule.
struct Rule {
    strip: String,
    add: String,
    condition: Vec<Matcher>,
    fields: Vec<String>,
}

/// One place of a rule's condition.
enum Matcher {
    Any,
    Among(Vec<char>),
    NotAmong(Vec<char>),
}

impl Matcher {
    fn accepts(&self, letter: char) -> bool {
        match self {
            Self::Any => true,
            Self::Among(letters) => letters.contains(&letter),
            Self::NotAmong(letters) => !letters.contains(&letter),
        }
    }
}

/// The rules of an affix file that matter: suffixes, and the prefixes of units of measure.
///
/// All other prefix rules are elisions (`l'`, `qu'`), which the reader cuts off before it looks a word up.
pub struct Affixes {
    suffixes: HashMap<String, Vec<Rule>>,
    /// Flag, prefix, and the flags of the prefixed word.
    unit_prefixes: Vec<(String, String, Vec<String>)>,
}

/// The flags for which the prefixes of units are read: `kilo` + `mètre`, `méga` + `hertz`.
const UNIT_FLAGS: [&str; 2] = ["Um", "Ui"];

impl Affixes {
    /// Reads the rules.
    pub fn parse(text: &str) -> Self {
        let mut suffixes: HashMap<String, Vec<Rule>> = HashMap::new();
        let mut unit_prefixes = Vec::new();
        for line in text.lines() {
            let mut parts = line.split_whitespace();
            let (Some(kind), Some(flag), Some(strip), Some(add), Some(condition)) =
                (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue; // headers have four fields only
            };
            let (add, next) = add.split_once('/').unwrap_or((add, ""));
            let nothing_if_zero = |part: &str| if part == "0" { String::new() } else { part.to_owned() };
            if kind == "PFX" && UNIT_FLAGS.contains(&flag) && !add.contains('\'') {
                unit_prefixes.push((flag.to_owned(), nothing_if_zero(add), split_flags(next)));
            }
            if kind != "SFX" {
                continue;
            }
            suffixes.entry(flag.to_owned()).or_default().push(Rule {
                strip: nothing_if_zero(strip),
                add: nothing_if_zero(add),
                condition: parse_condition(condition),
                fields: parts.map(str::to_owned).collect(),
            });
        }
        Self { suffixes, unit_prefixes }
    }

    /// All forms that `flags` make of `word`.
    pub fn apply<'a>(&self, word: &str, flags: impl Iterator<Item = &'a str>) -> Vec<Form> {
        let mut forms = Vec::new();
        for rule in flags.filter_map(|flag| self.suffixes.get(flag)).flatten() {
            if let Some(stem) = word.strip_suffix(rule.strip.as_str())
                && fulfils(word, &rule.condition)
            {
                forms.push(Form { word: format!("{stem}{}", rule.add), fields: rule.fields.clone() });
            }
        }
        forms
    }

    /// The entry itself or, for a unit of measure, one entry for each unit made of it.
    pub fn units(&self, entry: Entry) -> Vec<Entry> {
        let prefixes: Vec<_> = self.unit_prefixes.iter().filter(|(flag, ..)| entry.has_flag(flag)).collect();
        if prefixes.is_empty() {
            return vec![entry];
        }
        let unit = |(_, prefix, flags): &&(String, String, Vec<String>)| Entry {
            word: format!("{prefix}{}", entry.word),
            flags: flags.clone(),
            fields: entry.fields.clone(),
        };
        prefixes.iter().map(unit).collect()
    }

    /// All forms of an entry, the entry's own word first unless it is marked as needing a suffix.
    pub fn expand(&self, entry: &Entry) -> Vec<Form> {
        let mut forms = Vec::new();
        if !entry.has_flag("()") {
            forms.push(Form { word: entry.word.clone(), fields: Vec::new() });
        }
        forms.extend(self.apply(&entry.word, entry.flags.iter().map(String::as_str)));
        forms
    }
}

/// Reads a condition such as `[^cg]er`.
fn parse_condition(text: &str) -> Vec<Matcher> {
    let mut matchers = Vec::new();
    if text == "." {
        return matchers;
    }
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        matchers.push(match letter {
            '.' => Matcher::Any,
            '[' => {
                let mut set: Vec<char> = letters.by_ref().take_while(|&inner| inner != ']').collect();
                if set.first() == Some(&'^') {
                    set.remove(0);
                    Matcher::NotAmong(set)
                } else {
                    Matcher::Among(set)
                }
            }
            letter => Matcher::Among(vec![letter]),
        });
    }
    matchers
}

/// Whether the end of `word` fulfils a condition.
fn fulfils(word: &str, condition: &[Matcher]) -> bool {
    let mut letters = word.chars().rev();
    condition.iter().rev().all(|matcher| letters.next().is_some_and(|letter| matcher.accepts(letter)))
}

/// Reads the dictionary.
pub fn parse_dictionary(text: &str) -> Vec<Entry> {
    text.lines().skip(1).filter_map(parse_entry).collect()
}

fn parse_entry(line: &str) -> Option<Entry> {
    let mut parts = line.split_whitespace();
    let head = parts.next()?;
    let (word, flags) = head.split_once('/').unwrap_or((head, ""));
    Some(Entry { word: word.to_owned(), flags: split_flags(flags), fields: parts.map(str::to_owned).collect() })
}

/// Flags are two characters each.
fn split_flags(flags: &str) -> Vec<String> {
    let letters: Vec<char> = flags.chars().collect();
    letters.chunks(2).map(|pair| pair.iter().collect()).collect()
}
