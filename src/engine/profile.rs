//! What an article is about, as far as its words tell.

use std::collections::{HashMap, HashSet};

use super::Core;
use crate::article::Article;
use crate::text::Mode;
use crate::text::lexicon::VERB_MARK;

/// How much of a body is read: an article says what it is about early.
const MAX_BYTES: usize = 32 << 10;
/// An occurrence in the title counts as this many in the body.
const TITLE: f32 = 5.0;
/// And one in the first lines, where the press says who, what and where, as this many; far behind
/// comes what is not the news: background, comment, other events.
const LEAD: f32 = 3.0;
const LEAD_BYTES: usize = 600;
const FAR: f32 = 0.1;
const FAR_BYTES: usize = 2_300;
/// A number counts this much more than another word, a verb or a digit less. Names need no help: they
/// are rare.
const NUMBER: f32 = 2.0;
const VERB: f32 = 0.3;
const DIGIT: f32 = 0.1;
/// How soon more occurrences stop counting, as in BM25, but later: what is repeated is the subject.
const SATURATION: f32 = 2.5;
/// How much more than others rare words count, when two articles are compared.
const RARITY: f32 = 3.0;
/// How much a pair of words counts beside single ones.
const PAIRS: f32 = 0.5;

/// What one article has of one lemma.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub occurrences: f32,
    boost: f32,
    /// The first form in which it was written.
    pub written: String,
}

impl Tally {
    pub(super) fn weight(&self) -> f32 {
        self.boost * self.occurrences / (self.occurrences + SATURATION)
    }
}

/// The words of an article that tell what it is about: no function words.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// By lemma.
    pub words: HashMap<String, Tally>,
    /// Words side by side, function words left out: the surest lemma of each.
    pairs: HashSet<(String, String)>,
}

impl Profile {
    pub(super) fn of(core: &Core, article: &Article) -> Profile {
        let mut profile = Profile::default();
        profile.read(core, &article.title, |_| TITLE);
        let mut end = article.body.len().min(MAX_BYTES);
        while !article.body.is_char_boundary(end) {
            end -= 1;
        }
        let body = article.body.get(..end).unwrap_or_default();
        profile.read(core, body, |at| match at {
            0..LEAD_BYTES => LEAD,
            LEAD_BYTES..FAR_BYTES => 1.0,
            _ => FAR,
        });
        profile
    }

    fn read(&mut self, core: &Core, text: &str, count: impl Fn(usize) -> f32) {
        let mut previous = String::new();
        let mut end = 0;
        core.analyzer.each_token(text, Mode::Document, |token| {
            let flags = token.flags();
            if flags.is_elided() || flags.is_alternative() || flags.is_synonym() {
                return;
            }
            let written = token.written();
            let range = token.range();
            let between = text.get(end..range.start).unwrap_or_default();
            let begins_sentence =
                end == 0 || between.contains(['.', '!', '?', ':', '\n', '«', '“']);
            end = range.end;
            if begins_sentence {
                previous.clear();
            }
            if flags.stop_level().is_some() || written.len() < 2 && !flags.is_number() {
                return;
            }
            // A word of several readings is a little of each.
            let readings = token.lemmas().count().max(1) as f32;
            for (lemma, _) in token.lemmas() {
                let boost = if flags.is_number() {
                    if written.len() > 1 { NUMBER } else { DIGIT }
                } else if lemma.ends_with(VERB_MARK) {
                    VERB
                } else {
                    1.0
                };
                let tally = match self.words.get_mut(lemma) {
                    Some(tally) => tally,
                    None => self.words.entry(lemma.to_owned()).or_default(),
                };
                tally.occurrences += count(range.start) / readings;
                tally.boost = tally.boost.max(boost);
                if tally.written.is_empty() {
                    written.clone_into(&mut tally.written);
                }
            }
            if let Some((lemma, _)) = token.lemmas().next() {
                if !previous.is_empty() {
                    self.pairs
                        .insert((std::mem::take(&mut previous), lemma.to_owned()));
                }
                lemma.clone_into(&mut previous);
            }
        });
    }

    /// How much two articles share, the rarer the more. `rarities` are those of the lemmas of this one that
    /// other articles have.
    pub(super) fn likeness(&self, other: &Profile, rarities: &HashMap<&str, f32>) -> f32 {
        let mut shared = 0.0;
        for (lemma, rarity) in rarities {
            if let (Some(own), Some(theirs)) = (self.words.get(*lemma), other.words.get(*lemma)) {
                shared += own.weight() * theirs.weight() * rarity.powf(RARITY);
            }
        }
        let rarity = |lemma: &str| rarities.get(lemma).copied().unwrap_or_default();
        for (left, right) in self.pairs.intersection(&other.pairs) {
            let worth = |lemma: &str| {
                let boost = self.words.get(lemma).map_or(0.0, |tally| tally.boost);
                boost * rarity(lemma).powf(RARITY / 2.0)
            };
            shared += PAIRS * worth(left) * worth(right);
        }
        shared / (self.length() * other.length()).max(f32::MIN_POSITIVE)
    }

    /// The length of the weights as a vector, so that a long article is not like all others.
    fn length(&self) -> f32 {
        let squares = self.words.values().map(|tally| tally.weight().powi(2));
        squares.sum::<f32>().sqrt()
    }
}
