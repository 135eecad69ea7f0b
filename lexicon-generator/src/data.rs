//! The small linguistic data files, tab-separated, with comments after `#`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use crate::spelling::clean;

/// A reading that is not wanted.
#[derive(PartialEq, Eq, Hash)]
pub struct Suppressed {
    /// The form, in the spelling of the table.
    pub form: String,
    /// The lemma, in the spelling of the table.
    pub lemma: String,
    /// Whether the lemma is a verb.
    pub verb: bool,
}

/// All data files.
#[derive(Default)]
pub struct Data {
    /// Lemmas that the dictionary does not give: `yeux` → `œil`, `coautrice` → `coauteur`. As the dictionary spells.
    pub lemmas: HashMap<String, String>,
    /// Spelling variant → the standard spelling of its lemma. Clean.
    pub standard_of: HashMap<String, String>,
    /// The same, turned round.
    pub variants_of: HashMap<String, Vec<String>>,
    /// Readings to leave out.
    pub suppressed: HashSet<Suppressed>,
}

impl Data {
    /// Reads the files of a folder.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut data = Self::default();
        data.lemmas.extend(rows(&folder.join("lemmas.tsv"))?);
        for name in ["reform-1990.tsv", "variants.tsv"] {
            for (variant, standard) in rows(&folder.join(name))? {
                let (variant, standard) = (clean_or_complain(&variant)?, clean_or_complain(&standard)?);
                data.standard_of.insert(variant.clone(), standard.clone());
                data.variants_of.entry(standard).or_default().push(variant);
            }
        }
        for (form, lemma) in rows(&folder.join("suppressed.tsv"))? {
            let verb = lemma.ends_with('~');
            let (form, lemma) = (clean_or_complain(&form)?, clean_or_complain(lemma.trim_end_matches('~'))?);
            data.suppressed.insert(Suppressed { form, lemma, verb });
        }
        Ok(data)
    }
}

fn clean_or_complain(word: &str) -> Result<String, String> {
    clean(word).ok_or_else(|| format!("“{word}” has letters that the table does not hold"))
}

/// The two columns of a file.
fn rows(path: &Path) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim_end();
        if line.is_empty() {
            continue;
        }
        let (left, right) =
            line.split_once('\t').ok_or_else(|| format!("{}:{}: no tab", path.display(), number + 1))?;
        rows.push((left.to_owned(), right.to_owned()));
    }
    Ok(rows)
}
