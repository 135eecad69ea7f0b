//! Articles on the same subject or event as one, and near duplicates of it.
//!
//! The article's most telling lemmas become a search: those that it repeats and that few other
//! articles have (tf·idf), names and numbers above other words, for they are what one event has and
//! another has not. The first that it finds are read again and compared whole: all telling words, and
//! the pairs of them that stand side by side (`25 000 tonnes`, `7 février`, a full name), which two
//! accounts of one event share and two of one subject do not. Near duplicates are looked for among
//! the same candidates, by fingerprint.

use std::collections::HashMap;

use tantivy::{DocAddress, Searcher, Term};

use super::best::best;
use super::compile::Compiler;
use super::dictionary::Dictionary;
use super::explain::address_of;
use super::fingerprint::{Fingerprint, Fingerprints, NEAR_DUPLICATE};
use super::plan::{Node, Scope, Word};
use super::profile::Profile;
use super::{Answer, Compiled, Core, Marks, Place, failure, within};
use crate::article::Article;
use crate::error::Result;

/// How many words are searched for: the engine's pruning tires with each.
const WORDS: usize = 24;
/// A word that more than one article in so many has is not searched for: it finds too many, and
/// counts for little.
const ONE_IN: f32 = 10.0;
/// In a collection of fewer articles than this nothing is too frequent.
const SMALL: f32 = 1_000.0;
/// Words beyond this many different ones are not looked up, the least repeated first.
const MAX_LOOKED_UP: usize = 1_500;
/// Articles of the same days are more likely about one event: at most this much more.
const SAME_DAYS: f32 = 0.25;
const DAYS: f32 = 7.0;
/// How many candidates are looked at by fingerprint, and how many are read again.
const CANDIDATES: usize = 100;
const READ_AGAIN: usize = 30;

/// What is this much less like the article than the likest is left out.
const LEAST_SHARE: f32 = 0.2;

/// A lemma that tells what an article is about.
struct Telling {
    lemma: String,
    weight: f32,
    written: String,
}

pub(crate) struct Similar<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
}

impl Similar<'_> {
    /// The address of an article, to ask the rest with.
    pub(crate) fn find(&self, id: &str) -> Result<Option<DocAddress>> {
        address_of(self.core, self.searcher, id)
    }

    /// The articles most like this one, which is at `own`, the likest first, and the words they were
    /// found by.
    pub(crate) fn to(
        &self,
        article: &Article,
        own: Option<DocAddress>,
        limit: usize,
    ) -> Result<(Answer, Vec<String>)> {
        let profile = Profile::of(self.core, article);
        let rarities = self.rarities(&profile)?;
        let words = self.telling_words(&profile, &rarities);
        let (compiled, mut places) = self.candidates(&words, own, limit.max(READ_AGAIN))?;
        self.compare(&profile, &rarities, &mut places)?;
        if let Some(published) = article.published {
            self.favour_same_days(published.timestamp(), &mut places)?;
        }
        super::ranking::sort(&mut places);
        let least = places.first().map_or(0.0, |place| place.score) * LEAST_SHARE;
        places.retain(|place| place.score > least);
        places.truncate(limit);
        let names = words.into_iter().map(|word| word.written).collect();
        Ok((answer(compiled, places), names))
    }

    /// The articles that are nearly the same text as this one; the score is how much they share.
    pub(crate) fn near_duplicates(
        &self,
        article: &Article,
        own: Option<DocAddress>,
        limit: usize,
    ) -> Result<(Answer, Vec<String>)> {
        let profile = Profile::of(self.core, article);
        let words = self.telling_words(&profile, &self.rarities(&profile)?);
        let (compiled, mut places) = self.candidates(&words, own, limit.max(CANDIDATES))?;
        let fingerprint = Fingerprint::of(&article.body);
        let fingerprints = Fingerprints::open(self.core, self.searcher)?;
        for place in &mut places {
            place.score = fingerprint.likeness(fingerprints.get(place.address));
        }
        places.retain(|place| place.score >= NEAR_DUPLICATE);
        super::ranking::sort(&mut places);
        places.truncate(limit);
        let names = words.into_iter().map(|word| word.written).collect();
        Ok((answer(compiled, places), names))
    }

    /// How rare the lemmas of an article are, those that no other article has left out.
    fn rarities<'p>(&self, profile: &'p Profile) -> Result<HashMap<&'p str, f32>> {
        let mut tallies: Vec<_> = profile.words.iter().collect();
        tallies.sort_unstable_by(|a, b| {
            let by_count = b.1.occurrences.total_cmp(&a.1.occurrences);
            by_count.then_with(|| a.0.cmp(b.0))
        });
        tallies.truncate(MAX_LOOKED_UP);
        let articles = self.searcher.num_docs() as f32;
        let mut rarities = HashMap::with_capacity(tallies.len());
        for (lemma, _) in tallies {
            let term = Term::from_field_text(self.core.fields.text, lemma);
            let having = self.searcher.doc_freq(&term).map_err(|error| {
                failure("reading the words of the index", &self.core.place, error)
            })?;
            if having >= 2 {
                rarities.insert(lemma.as_str(), rarity(articles, having as f32));
            }
        }
        Ok(rarities)
    }

    /// The lemmas that tell most of what the article is about, with their weight.
    fn telling_words(&self, profile: &Profile, rarities: &HashMap<&str, f32>) -> Vec<Telling> {
        let articles = self.searcher.num_docs() as f32;
        let least = match articles < SMALL {
            true => 0.0,
            false => rarity(articles, articles / ONE_IN),
        };
        let mut words = Vec::with_capacity(rarities.len());
        for (lemma, &rarity) in rarities {
            if let Some(tally) = profile.words.get(*lemma)
                && rarity >= least
            {
                let word = Telling {
                    lemma: (*lemma).to_owned(),
                    // BM25 counts the rarity once more for the article found.
                    weight: tally.weight(),
                    written: tally.written.clone(),
                };
                words.push((word.weight * rarity, word));
            }
        }
        words.sort_by(|a, b| {
            let by_worth = b.0.total_cmp(&a.0);
            by_worth.then_with(|| a.1.lemma.cmp(&b.1.lemma))
        });
        words.truncate(WORDS);
        words.into_iter().map(|(_, word)| word).collect()
    }

    /// Reads the first candidates again and scores them by all that they share with the article;
    /// those behind keep their order.
    fn compare(
        &self,
        profile: &Profile,
        rarities: &HashMap<&str, f32>,
        places: &mut [Place],
    ) -> Result<()> {
        let read_again = places.len().min(READ_AGAIN);
        let (first, behind) = places.split_at_mut(read_again);
        for place in first.iter_mut() {
            let other = self.core.article(self.searcher, place.address)?;
            let other = Profile::of(self.core, &other);
            place.score = profile.likeness(&other, rarities);
        }
        let least = first
            .iter()
            .map(|place| place.score)
            .fold(f32::INFINITY, f32::min);
        let most = behind
            .first()
            .map_or(1.0, |place| place.score)
            .max(f32::MIN_POSITIVE);
        for place in behind {
            place.score *= least / most;
        }
        Ok(())
    }

    fn candidates(
        &self,
        words: &[Telling],
        own: Option<DocAddress>,
        count: usize,
    ) -> Result<(Compiled, Vec<Place>)> {
        let nodes = (0..).zip(words).map(|(position, word)| {
            Node::Word(Word::of_lemma(
                Scope::Text,
                &word.lemma,
                word.weight,
                position,
            ))
        });
        let plan = Node::Or(nodes.collect());
        let query = Compiler { core: self.core }.node(&plan);
        // One more, for it finds the article itself: to exclude it in the query would cost the
        // engine its pruning.
        let dictionary = Dictionary::new(self.core, self.searcher)?;
        let count_with_own = within(self.searcher, count.saturating_add(1));
        let found = best(&dictionary, &*query, count_with_own)
            .map_err(|error| failure("looking for similar articles", &self.core.place, error))?;
        let places = found
            .into_iter()
            .filter(|(_, address)| Some(*address) != own)
            .map(|(score, address)| Place::new(score, address, false))
            .take(count)
            .collect();
        let compiled = Compiled {
            query,
            strict: Marks::new(plan),
            lenient: None,
            is_mixed: false,
        };
        Ok((compiled, places))
    }

    fn favour_same_days(&self, published: i64, places: &mut [Place]) -> Result<()> {
        const DAY: f32 = 86_400.0;
        let columns: tantivy::Result<Vec<_>> = self
            .searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().column_opt::<i64>("timestamp"))
            .collect();
        let columns = columns.map_err(|error| failure("reading dates", &self.core.place, error))?;
        for place in places {
            let segment = usize::try_from(place.address.segment_ord).unwrap_or(usize::MAX);
            let column = columns.get(segment).and_then(Option::as_ref);
            if let Some(other) = column.and_then(|column| column.first(place.address.doc_id)) {
                let apart = published.abs_diff(other) as f32 / DAY;
                place.score *= 1.0 + SAME_DAYS * (-apart / DAYS).exp2();
            }
        }
        Ok(())
    }
}

/// BM25's, for a lemma that so many of all articles have.
fn rarity(articles: f32, having: f32) -> f32 {
    (1.0 + (articles - having + 0.5).max(0.0) / (having + 0.5)).ln()
}

fn answer(compiled: Compiled, places: Vec<Place>) -> Answer {
    Answer {
        compiled,
        places,
        first_rank: 0,
        counts: None,
    }
}
