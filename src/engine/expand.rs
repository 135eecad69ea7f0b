//! Prefixes and wildcards to the written words of the index they stand for.

use std::collections::HashMap;

use tantivy::Searcher;
use tantivy::schema::Field as EngineField;
use tantivy::termdict::TermDictionary;

use super::plan::Scope;
use super::postings::WRITTEN_MARK;
use super::{Core, compile, failure};
use crate::error::Result;

/// A prefix or a wildcard stands for at most this many words, the most frequent ones.
const MAX_WORDS: usize = 1_024;
/// How many words of the index one wildcard looks at: about a tenth of a second's work.
const MAX_SCANNED: usize = 500_000;

/// Words found, with how many articles have them.
#[derive(Default)]
pub(super) struct Found(HashMap<String, u64>);

impl Found {
    pub(super) fn add(&mut self, term: &[u8], articles: u32) {
        let word = std::str::from_utf8(term)
            .ok()
            .and_then(|term| term.strip_prefix(WRITTEN_MARK));
        if let Some(word) = word {
            let count = match self.0.get_mut(word) {
                Some(count) => count,
                None => self.0.entry(word.to_owned()).or_default(),
            };
            *count += u64::from(articles);
        }
    }

    /// The most frequent, at most `most`, in a stable order.
    pub(super) fn most_frequent(self, most: usize) -> Vec<(String, u64)> {
        let mut words: Vec<(String, u64)> = self.0.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(most);
        words
    }
}

pub(super) fn field(core: &Core, scope: Scope) -> EngineField {
    match scope {
        Scope::Text | Scope::Body => core.fields.text,
        Scope::Title => core.fields.title,
        Scope::Author => core.fields.author_words,
        Scope::Source => core.fields.source_words,
        Scope::Tag => core.fields.tag_words,
        Scope::Comments => core.fields.comments,
        Scope::Related => core.fields.related,
    }
}

/// Runs `visit` on the dictionary of every segment.
pub(super) fn each_dictionary(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    mut visit: impl FnMut(&TermDictionary) -> std::io::Result<()>,
) -> Result<()> {
    for segment in searcher.segment_readers() {
        let index = segment
            .inverted_index(field(core, scope))
            .map_err(|error| failure("reading the words of the index", &core.place, error))?;
        visit(index.terms()).map_err(|error| {
            failure("reading the words of the index", &core.place, error.into())
        })?;
    }
    Ok(())
}

pub(super) fn prefix(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    written: &str,
) -> Result<Vec<(String, f32)>> {
    shaped(core, searcher, scope, written, |_| true)
}

/// The most frequent words that begin so, with how many articles have them.
pub(super) fn completions(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    written: &str,
    most: usize,
) -> Result<Vec<(String, u64)>> {
    Ok(find(core, searcher, scope, written, |_| true)?.most_frequent(most))
}

/// `pattern` is folded piece by piece: `*` stands for any letters, `?` for one.
pub(super) fn wildcard(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    pattern: &str,
) -> Result<Vec<(String, f32)>> {
    let mut shape = String::with_capacity(pattern.len());
    let mut literal = String::new();
    for character in pattern.chars().chain(['\0']) {
        if matches!(character, '*' | '?' | '\0') {
            shape.push_str(&core.analyzer.fold(&literal));
            literal.clear();
            if character != '\0' {
                shape.push(character);
            }
        } else {
            literal.push(character);
        }
    }
    let start = shape.find(['*', '?']).unwrap_or(shape.len());
    let beginning = shape.get(..start).unwrap_or_default();
    let shape: Vec<char> = shape.chars().collect();
    shaped(core, searcher, scope, beginning, |word| fits(&shape, word))
}

fn shaped(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    beginning: &str,
    accept: impl Fn(&str) -> bool,
) -> Result<Vec<(String, f32)>> {
    let found = find(core, searcher, scope, beginning, accept)?;
    let words = found.most_frequent(MAX_WORDS).into_iter();
    Ok(words.map(|(word, _)| (word, 1.0)).collect())
}

fn find(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    beginning: &str,
    accept: impl Fn(&str) -> bool,
) -> Result<Found> {
    let mut found = Found::default();
    let mut left = MAX_SCANNED;
    each_dictionary(core, searcher, scope, |dictionary| {
        scan(dictionary, beginning, &mut left, &accept, &mut found)
    })?;
    Ok(found)
}

/// Looks at the written words of one dictionary that begin so, at no more than are `left`.
fn scan(
    dictionary: &TermDictionary,
    beginning: &str,
    left: &mut usize,
    accept: impl Fn(&str) -> bool,
    found: &mut Found,
) -> std::io::Result<()> {
    let from = format!("{WRITTEN_MARK}{beginning}");
    let mut stream = dictionary.range().ge(from.as_bytes()).into_stream()?;
    while *left > 0 && stream.advance() {
        let term = stream.key();
        if !term.starts_with(from.as_bytes()) {
            break;
        }
        *left -= 1;
        let word = std::str::from_utf8(term.get(WRITTEN_MARK.len_utf8()..).unwrap_or_default());
        if word.is_ok_and(&accept) {
            found.add(term, stream.value().doc_freq);
        }
    }
    Ok(())
}

/// Whether the word has this shape, in time linear in both for one star and never worse than their
/// product.
fn fits(shape: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut s, mut w) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while w < word.len() {
        match shape.get(s) {
            Some('*') => {
                retry = Some((s, w));
                s += 1;
            }
            Some(&c) if c == '?' || word.get(w) == Some(&c) => {
                s += 1;
                w += 1;
            }
            _ => match &mut retry {
                Some((star, from)) => {
                    *from += 1;
                    s = *star + 1;
                    w = *from;
                }
                None => return false,
            },
        }
    }
    shape
        .get(s..)
        .is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// How many articles have this written word.
pub(super) fn articles_with(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    written: &str,
) -> Result<u64> {
    let term = compile::written_term(field(core, scope), written);
    searcher
        .doc_freq(&term)
        .map_err(|error| failure("reading the words of the index", &core.place, error))
}

/// Whether any article has this lemma.
pub(super) fn articles_with_lemma(
    core: &Core,
    searcher: &Searcher,
    scope: Scope,
    lemma: &str,
) -> Result<u64> {
    let term = tantivy::Term::from_field_text(field(core, scope), lemma);
    searcher
        .doc_freq(&term)
        .map_err(|error| failure("reading the words of the index", &core.place, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::directory::FileSlice;
    use tantivy::postings::TermInfo;
    use tantivy::termdict::TermDictionaryBuilder;

    #[test]
    fn a_scan_ends_at_its_limit_over_all_dictionaries() {
        let of = |words: &[&str]| {
            let mut builder = TermDictionaryBuilder::create(Vec::new()).unwrap();
            for word in words {
                let info = TermInfo {
                    doc_freq: 1,
                    ..TermInfo::default()
                };
                let term = format!("{WRITTEN_MARK}{word}");
                builder.insert(term, &info).unwrap();
            }
            TermDictionary::open(FileSlice::from(builder.finish().unwrap())).unwrap()
        };
        let dictionaries = [
            of(&["avant", "mot1", "mot2", "outil"]),
            of(&["mot3", "pneu"]),
        ];
        for (limit, expected) in [
            (0, &[][..]),
            (1, &["mot1"]),
            (2, &["mot1", "mot2"]),
            (3, &["mot1", "mot2", "mot3"]),
            (4, &["mot1", "mot2", "mot3"]),
        ] {
            let (mut found, mut left) = (Found::default(), limit);
            for dictionary in &dictionaries {
                scan(dictionary, "mot", &mut left, |_| true, &mut found).unwrap();
            }
            let words: Vec<String> = found
                .most_frequent(9)
                .into_iter()
                .map(|(word, _)| word)
                .collect();
            assert_eq!(words, expected, "{limit}");
        }
    }
}
