//! What near duplicates have in common: a small sample of an article's runs of words.
//!
//! MinHash with one permutation (Li, Owen & Zhang 2012): each run of three words is hashed, the hash
//! says which of 32 bins it is for, and each bin keeps eight bits of its least hash. Two texts share
//! about as many bins as they share runs. 32 bytes an article, read from a fast field.
//!
//! The runs are of words as written (folded, those of fewer than four letters left out), not of
//! lemmas: a story that is published again keeps its inflections. This takes 2.5 % of the time of
//! indexing; a second analysis of every text would take three times that.

use tantivy::columnar::Column;
use tantivy::{DocAddress, Searcher};

use super::{Core, failure};
use crate::error::Result;

const BINS: usize = 32;
const RUN: usize = 3;
/// Shorter words are mostly function words; numbers are kept.
const LEAST_LETTERS: u32 = 4;
/// A text of fewer runs is too short to tell.
const LEAST_RUNS: usize = 8;
/// Texts that share this much of their runs are one story: with 32 bins, those that truly share
/// seven tenths are missed once in a hundred times.
pub(super) const NEAR_DUPLICATE: f32 = 0.5;

/// All zero where the text is too short to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fingerprint([u8; BINS]);

impl Fingerprint {
    pub(super) fn of(text: &str) -> Fingerprint {
        let mut least = [u64::MAX; BINS];
        let mut last = [0_u64; RUN];
        let mut count = 0;
        each_word(text, |hash| {
            last.rotate_left(1);
            if let Some(end) = last.last_mut() {
                *end = hash;
            }
            count += 1;
            if count >= RUN {
                let run = last.iter().fold(0, |run: u64, word| mix(run ^ word));
                // The top bits choose the bin, so that the rest are even in every bin.
                let bin = usize::try_from(run >> 59).unwrap_or_default();
                if let Some(least) = least.get_mut(bin) {
                    *least = run.min(*least);
                }
            }
        });
        if count < RUN + LEAST_RUNS {
            return Fingerprint::default();
        }
        // 0 says that the bin is empty.
        Fingerprint(least.map(|hash| match hash {
            u64::MAX => 0,
            hash => u8::try_from(mix(hash) % 255 + 1).unwrap_or(1),
        }))
    }

    /// For the fast field; none where the text was too short.
    pub(super) fn numbers(self) -> impl Iterator<Item = u64> {
        let chunks = self.0.chunks_exact(8).map(|chunk| {
            let bytes = chunk.try_into().unwrap_or_default();
            u64::from_le_bytes(bytes)
        });
        let numbers: Vec<u64> = match self.is_empty() {
            true => Vec::new(),
            false => chunks.collect(),
        };
        numbers.into_iter()
    }

    pub(super) fn from_numbers(numbers: impl Iterator<Item = u64>) -> Fingerprint {
        let mut bins = [0; BINS];
        for (chunk, number) in bins.chunks_exact_mut(8).zip(numbers) {
            chunk.copy_from_slice(&number.to_le_bytes());
        }
        Fingerprint(bins)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == [0; BINS]
    }

    /// About how much two texts share, 0 to 1.
    pub(super) fn likeness(self, other: Fingerprint) -> f32 {
        let (mut same, mut used) = (0.0_f32, 0.0_f32);
        for (a, b) in self.0.iter().zip(other.0) {
            if *a != 0 || b != 0 {
                used += 1.0;
                same += f32::from(u8::from(*a == b));
            }
        }
        if used > 0.0 { same / used } else { 0.0 }
    }

    /// Pairs of bins: near duplicates share at least one.
    fn bands(self) -> impl Iterator<Item = (u8, [u8; 2])> {
        (0..).zip(
            self.0
                .chunks_exact(2)
                .map(|pair| pair.try_into().unwrap_or_default())
                .collect::<Vec<[u8; 2]>>(),
        )
    }
}

/// Hashes every word of four letters or more, or with a digit, case and Latin accents folded.
fn each_word(text: &str, mut visit: impl FnMut(u64)) {
    const SEED: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let (mut hash, mut letters, mut has_digit) = (SEED, 0, false);
    let mut end = |hash: &mut u64, letters: &mut u32, has_digit: &mut bool| {
        if *letters >= LEAST_LETTERS || *has_digit {
            visit(*hash);
        }
        (*hash, *letters, *has_digit) = (SEED, 0, false);
    };
    for character in text.chars() {
        let folded = match character {
            'a'..='z' => character,
            'A'..='Z' => character.to_ascii_lowercase(),
            '0'..='9' => {
                has_digit = true;
                character
            }
            '\0'..='\u{7f}' => {
                end(&mut hash, &mut letters, &mut has_digit);
                continue;
            }
            'à'..='å' | 'À'..='Å' => 'a',
            'ç' | 'Ç' => 'c',
            'è'..='ë' | 'È'..='Ë' => 'e',
            'ì'..='ï' | 'Ì'..='Ï' => 'i',
            'ò'..='ö' | 'Ò'..='Ö' => 'o',
            'ù'..='ü' | 'Ù'..='Ü' => 'u',
            'œ' | 'Œ' => {
                hash = (hash ^ u64::from('o')).wrapping_mul(PRIME);
                letters += 1;
                'e'
            }
            // An accent that stands apart, a soft hyphen.
            '\u{300}'..='\u{36f}' | '\u{ad}' => continue,
            other if other.is_alphanumeric() => other,
            _ => {
                end(&mut hash, &mut letters, &mut has_digit);
                continue;
            }
        };
        hash = (hash ^ u64::from(folded)).wrapping_mul(PRIME);
        letters += 1;
    }
    end(&mut hash, &mut letters, &mut has_digit);
}

/// The finalizer of SplitMix64: every bit depends on every bit.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The fingerprints of one view.
pub(super) struct Fingerprints(Vec<Option<Column<u64>>>);

impl Fingerprints {
    pub(super) fn open(core: &Core, searcher: &Searcher) -> Result<Fingerprints> {
        let columns: tantivy::Result<_> = searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().column_opt::<u64>("fingerprint"))
            .collect();
        columns
            .map(Fingerprints)
            .map_err(|error| failure("reading fingerprints", &core.place, error))
    }

    pub(super) fn get(&self, address: DocAddress) -> Fingerprint {
        let segment = usize::try_from(address.segment_ord).unwrap_or(usize::MAX);
        match self.0.get(segment) {
            Some(Some(column)) => Fingerprint::from_numbers(column.values_for_doc(address.doc_id)),
            _ => Fingerprint::default(),
        }
    }
}

/// Articles already shown, to find the one that another is a near duplicate of.
#[derive(Default)]
pub(super) struct Shown {
    fingerprints: Vec<Fingerprint>,
    by_band: std::collections::HashMap<(u8, [u8; 2]), Vec<usize>>,
}

impl Shown {
    /// The place, in the order they were added, of the one that this is a near duplicate of; added
    /// where there is none.
    pub(super) fn find_or_add(&mut self, fingerprint: Fingerprint) -> Option<usize> {
        let place = self.fingerprints.len();
        self.fingerprints.push(fingerprint);
        if fingerprint.is_empty() {
            return None;
        }
        let near = |known: &usize| {
            self.fingerprints
                .get(*known)
                .is_some_and(|known| known.likeness(fingerprint) >= NEAR_DUPLICATE)
        };
        let found = fingerprint
            .bands()
            .filter_map(|band| self.by_band.get(&band))
            .flatten()
            .find(|known| near(known))
            .copied();
        if found.is_some() {
            self.fingerprints.pop();
            return found;
        }
        for band in fingerprint.bands() {
            self.by_band.entry(band).or_default().push(place);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "La campagne cotonnière s'ouvre dans la région de Bobo avec deux semaines de \
        retard, faute de pluies en juillet. Les planteurs réunis mardi à la coopérative réclament un \
        prix garanti de 325 francs le kilo, contre 300 francs l'an dernier. Le gouvernement promet une \
        réponse avant la fin du mois, et des engrais livrés directement dans les villages.";

    #[test]
    fn one_story_told_again_is_near_and_another_is_not() {
        let story = Fingerprint::of(STORY);
        let again = STORY
            .to_uppercase()
            .replace('É', "E")
            .replace("MARDI", "CE MARDI 4 NOVEMBRE");
        assert!(story.likeness(Fingerprint::of(&again)) > NEAR_DUPLICATE);
        let cut = format!("{STORY} La suite est réservée aux abonnés de notre journal.");
        assert!(story.likeness(Fingerprint::of(&cut)) > NEAR_DUPLICATE);
        let other = "Les planteurs de coton de la région de Bobo attendent une réponse du gouvernement \
            sur les prix. À la coopérative, on parle surtout des pluies tardives, des villages coupés \
            du monde et des engrais qui manquent depuis juillet, malgré les promesses du mois dernier.";
        assert!(story.likeness(Fingerprint::of(other)) < 0.2);
    }

    /// Indexes keep them: another way of making them would tell old articles from new ones.
    #[test]
    fn they_stay_what_they_are() {
        let text = format!("{STORY} ŒUVRE, cœur, Noe\u{308}l ; 12 000 l'été");
        let numbers: Vec<u64> = Fingerprint::of(&text).numbers().collect();
        let kept = [
            18_014_398_511_459_968_775,
            8_759_122_475_863_832_708,
            6_700_793_296_479_856_384,
            7_663_545_417_785,
        ];
        assert_eq!(numbers, kept);
    }

    #[test]
    fn a_short_text_is_like_no_other() {
        let short = Fingerprint::of("Une brève de quelques mots.");
        assert!(short.is_empty());
        assert_eq!(short.likeness(short), 0.0);
        assert_eq!(short.numbers().count(), 0);
    }

    #[test]
    fn numbers_give_the_fingerprint_back() {
        let story = Fingerprint::of(STORY);
        assert_eq!(Fingerprint::from_numbers(story.numbers()), story);
        let mut shown = Shown::default();
        assert_eq!(shown.find_or_add(Fingerprint::default()), None);
        assert_eq!(shown.find_or_add(story), None);
        assert_eq!(shown.find_or_add(story), Some(1));
    }
}
