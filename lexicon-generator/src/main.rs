//! Compiles hunspell-fr into the lexicon table of trouvaille.
//!
//! Input: `fr.dic` and `fr.aff` of the Debian package `hunspell-fr-classical` (version 7.0, MPL-2.0), and the files under
//! `data/`. The output is the same byte for byte whenever the input is.

mod automaton;
mod data;
mod hunspell;
mod reform;
mod spelling;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What the command line asks for.
struct Options {
    dictionary: PathBuf,
    affixes: PathBuf,
    data: PathBuf,
    out: PathBuf,
    skip: String,
}

const USAGE: &str =
    "usage: lexicon-generator --dic fr.dic --aff fr.aff --out lexicon.bin [--data FOLDER] [--skip STEP,STEP]
  fr.dic and fr.aff: /usr/share/hunspell/fr_FR.dic and .aff of the Debian package hunspell-fr-classical
  --data: the folder of the linguistic data files (by default the generator's own)
  --skip: leave out steps, to measure them: names, joined, reform, suppressed, participles, rare";

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, String> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        values.insert(name, value);
    }
    let own_data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let options = Options {
        dictionary: values.remove("--dic").ok_or(USAGE)?.into(),
        affixes: values.remove("--aff").ok_or(USAGE)?.into(),
        out: values.remove("--out").ok_or(USAGE)?.into(),
        data: values.remove("--data").map_or(own_data, PathBuf::from),
        skip: values.remove("--skip").unwrap_or_default(),
    };
    if values.is_empty() { Ok(options) } else { Err(USAGE.to_owned()) }
}

fn run(options: &Options) -> Result<(), String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let affixes = hunspell::Affixes::parse(&read(&options.affixes)?);
    let dictionary = hunspell::parse_dictionary(&read(&options.dictionary)?);
    let entries: Vec<hunspell::Entry> = dictionary.into_iter().flat_map(|entry| affixes.units(entry)).collect();
    let data = data::Data::read(&options.data)?;
    let words = words::readings(&entries, &affixes, &data, &words::Steps::without(&options.skip));
    let mut encoded = BTreeMap::new();
    let mut keys = std::collections::HashSet::new();
    let (mut several, mut readings) = (0, 0);
    for (spelling, own) in words.iter().filter(|(_, own)| !own.is_empty()) {
        encoded.insert(spelling.clone(), words::encode(spelling, own)?);
        keys.insert(spelling::fold(spelling));
        several += usize::from(own.len() > 1);
        readings += own.len();
    }
    let (table, figures) = automaton::compile(&encoded)?;
    fs::write(&options.out, &table).map_err(|error| format!("{}: {error}", options.out.display()))?;
    println!("{} entries, {} spellings, {} folded keys", entries.len(), figures.spellings, keys.len());
    println!("{readings} readings, {several} spellings with more than one");
    println!("{} states, {} edges: {} bytes", figures.states, figures.edges, figures.automaton_bytes);
    println!("{} classes: {} bytes", figures.classes, figures.class_bytes);
    println!("table: {} bytes", table.len());
    Ok(())
}
