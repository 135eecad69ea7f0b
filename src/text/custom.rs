//! [`AnalyzerBuilder`]: words that the program adds.

use std::collections::BTreeMap;
use std::hash::Hasher;

use super::analyzer::Analyzer;
use super::fnv::Fnv;
use super::folding::fold;
use super::lexicon::{self, Lemmas};
use super::stop_words;
use super::synonyms::{Rule, Synonyms};
use super::token::StopLevel;
use super::vocabulary::CustomWords;

/// Changes whenever the rules give other terms than before.
const VERSION: &str = "french-1";

/// Words of your own for an [`Analyzer`].
///
/// All of them are part of the [fingerprint](Analyzer::fingerprint): an index
/// written with other words must be written anew. Case and accents of words do
/// not count, and a word without a letter or digit is passed over.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AnalyzerBuilder {
    protected: Vec<String>,
    lemmas: Vec<(String, String)>,
    stop_words: Vec<(String, bool)>,
    synonyms: Vec<SynonymRule>,
}

/// Sides of a synonym rule, as given.
#[derive(Clone, Debug)]
struct SynonymRule {
    queries: Vec<String>,
    documents: Vec<String>,
}

impl AnalyzerBuilder {
    /// Keeps a word as it is: one token, one term, never split at its hyphens
    /// or apostrophes, never reduced to a lemma. Signs such as `+` and `#` at
    /// its end are part of it: `C++`, `Canal+`.
    pub fn protect(mut self, word: impl Into<String>) -> Self {
        self.protected.push(word.into());
        self
    }

    /// Adds a lemma to those of a form: the form is then found by all the
    /// forms of the lemma.
    pub fn lemma(mut self, form: impl Into<String>, lemma: impl Into<String>) -> Self {
        self.lemmas.push((form.into(), lemma.into()));
        self
    }

    /// Makes a word a function word, ignored when other words remain.
    pub fn stop_word(mut self, word: impl Into<String>) -> Self {
        self.stop_words.push((word.into(), true));
        self
    }

    /// Takes a word off the list of function words.
    pub fn keep_word(mut self, word: impl Into<String>) -> Self {
        self.stop_words.push((word.into(), false));
        self
    }

    /// Words or phrases that mean the same: each finds all.
    pub fn synonyms<S: Into<String>>(mut self, phrases: impl IntoIterator<Item = S>) -> Self {
        let phrases: Vec<String> = phrases.into_iter().map(Into::into).collect();
        self.synonyms.push(SynonymRule {
            queries: phrases.clone(),
            documents: phrases,
        });
        self
    }

    /// One way: a query for `phrase` also finds documents that have one of
    /// `others`, and not the other way round.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let analyzer = Analyzer::builder().also_find("véhicule", ["voiture", "camion"]).build();
    /// let mark = |tokens: Vec<trouvaille::Token>| {
    ///     tokens.into_iter().find(|token| token.flags.is_synonym()).map(|token| token.lemmas)
    /// };
    /// let wanted = mark(analyzer.analyze_query("véhicule"));
    /// assert!(wanted.is_some());
    /// assert_eq!(mark(analyzer.analyze("deux camions")), wanted);
    /// assert_eq!(mark(analyzer.analyze("deux véhicules")), None);
    /// ```
    pub fn also_find<S: Into<String>>(
        mut self,
        phrase: impl Into<String>,
        others: impl IntoIterator<Item = S>,
    ) -> Self {
        let documents = others.into_iter().map(Into::into).collect();
        self.synonyms.push(SynonymRule {
            queries: vec![phrase.into()],
            documents,
        });
        self
    }

    /// Makes the analyzer.
    pub fn build(self) -> Analyzer {
        let fingerprint = self.fingerprint();
        let mut custom = CustomWords::default();
        for word in &self.protected {
            if let Some((written, _)) = folded(word) {
                if word.chars().any(|sign| matches!(sign, '+' | '#' | '&')) {
                    custom.symbols.push(word.to_lowercase());
                } else {
                    custom.protects_joined |= !word.chars().all(char::is_alphanumeric);
                    custom.protected.insert(written);
                }
            }
        }
        for (form, lemma) in &self.lemmas {
            if let (Some((form, _)), Some(terms)) = (folded(form), terms(lemma)) {
                custom.lemmas.entry(form).or_default().extend(terms);
            }
        }
        for (word, stops) in &self.stop_words {
            if let Some((written, accented)) = folded(word) {
                let level = stops.then_some(StopLevel::Always);
                custom.stop_words.insert(written, level);
                custom.stop_words.insert(accented, level);
            }
        }
        let mut synonyms = Synonyms::default();
        if !self.synonyms.is_empty() {
            let plain = Analyzer::from_parts(custom.clone(), Synonyms::default(), String::new());
            for rule in &self.synonyms {
                synonyms.add(Rule::new(&plain, &rule.queries, &rule.documents));
            }
            custom.synonym_starts = synonyms.starts();
        }
        Analyzer::from_parts(custom, synonyms, fingerprint)
    }

    /// The analyzer's name: the version, and a hash of lexicon, lists and
    /// custom words, in an order that does not depend on the calls'.
    fn fingerprint(&self) -> String {
        let mut words = BTreeMap::new();
        for word in &self.protected {
            words.insert(vec!["protect", word.as_str()], String::new());
        }
        for (form, lemma) in &self.lemmas {
            words.insert(vec!["lemma", form.as_str(), lemma.as_str()], String::new());
        }
        for (word, stops) in &self.stop_words {
            // A later call overrides an earlier one.
            words.insert(vec!["stop", word.as_str()], stops.to_string());
        }
        for rule in &self.synonyms {
            let mut sides: Vec<&str> = vec!["synonyms"];
            sides.extend(rule.queries.iter().map(String::as_str));
            sides.push("=");
            sides.extend(rule.documents.iter().map(String::as_str));
            words.insert(sides, String::new());
        }
        let mut hash = Fnv::default();
        hash.field(&lexicon::fingerprint().to_le_bytes());
        hash.field(stop_words::LIST.as_bytes());
        for (key, value) in words {
            for part in key {
                hash.field(part.as_bytes());
            }
            hash.field(value.as_bytes());
        }
        format!("{VERSION}-{:016x}", hash.finish())
    }
}

fn folded(word: &str) -> Option<(String, String)> {
    let (mut written, mut accented) = (String::new(), String::new());
    fold(word, &mut written, &mut accented);
    (!written.is_empty()).then_some((written, accented))
}

/// The terms of a lemma: those of the lexicon for a dictionary form spelt so,
/// else the word itself.
fn terms(lemma: &str) -> Option<Vec<String>> {
    let (written, accented) = folded(lemma)?;
    let mut found = Lemmas::new();
    lexicon::lookup(&written, &accented, &mut found);
    let known = found.iter().map(|lemma| lemma.term);
    let own = known.filter(|term| term.trim_end_matches(lexicon::VERB_MARK) == accented);
    let terms: Vec<_> = own.map(str::to_owned).collect();
    Some(if terms.is_empty() {
        vec![written]
    } else {
        terms
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_words_apart_and_not_their_order() {
        let one = Analyzer::builder()
            .protect("Canal+")
            .stop_word("hein")
            .build();
        let two = Analyzer::builder()
            .stop_word("hein")
            .protect("Canal+")
            .build();
        let three = Analyzer::builder().stop_word("hein").build();
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert_ne!(one.fingerprint(), three.fingerprint());
        assert_ne!(three.fingerprint(), Analyzer::default().fingerprint());
    }
}
