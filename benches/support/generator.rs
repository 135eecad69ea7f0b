//! Articles of any number, the same for the same seed: sentences of the bundled articles, in which
//! words are exchanged for words of the lexicon.
//!
//! Like real articles they repeat the words of their subject; words are drawn by rank after Zipf and
//! Mandelbrot, lengths are log-normal. They make no sense, but are long and varied enough to time an
//! index with.

use std::collections::HashSet;

use trouvaille::{Analyzer, Article, Date};

/// So many words of the lexicon are in use: what some hundred thousand articles have.
const VOCABULARY: usize = 80_000;
/// Zipf and Mandelbrot: the word of rank `r` is drawn in proportion to `1 / (r + SHIFT)^EXPONENT`.
const EXPONENT: f64 = 1.05;
const SHIFT: f64 = 12.0;
/// A word of this many letters or more may be exchanged.
const EXCHANGED_FROM: usize = 5;
/// Of the words that may be, so many are exchanged, and of these so many for words of the subject.
const EXCHANGED: f64 = 0.6;
const OF_SUBJECT: f64 = 0.35;
const SUBJECT_WORDS: usize = 12;
/// The deviation of the logarithm of the length.
const SPREAD: f64 = 0.55;
const LENGTHS: std::ops::RangeInclusive<f64> = 40.0..=4_000.0;
/// A title has about as many words.
const TITLE_WORDS: usize = 9;

/// An endless iterator of articles.
pub struct Generator {
    random: Random,
    models: Vec<Article>,
    sentences: Vec<String>,
    vocabulary: Vec<String>,
    /// How likely a word of this rank or a lower one is.
    likelihood: Vec<f64>,
    words: f64,
    count: usize,
}

impl Generator {
    /// Articles of `words` words on average, made from those in `models`.
    pub fn new(models: Vec<Article>, words: usize, seed: u64) -> Generator {
        let sentences = sentences(&models);
        assert!(!sentences.is_empty(), "the model articles have sentences");
        let vocabulary = vocabulary();
        let mut sum = 0.0;
        let weights = (0..vocabulary.len()).map(|rank| {
            sum += (rank as f64 + SHIFT).powf(-EXPONENT);
            sum
        });
        let mut likelihood: Vec<f64> = weights.collect();
        for part in &mut likelihood {
            *part /= sum;
        }
        Generator {
            random: Random(seed),
            models,
            sentences,
            vocabulary,
            likelihood,
            words: words as f64,
            count: 0,
        }
    }

    fn word(&mut self) -> String {
        let drawn = self.random.share();
        let rank = self.likelihood.partition_point(|part| *part < drawn);
        self.vocabulary.get(rank).cloned().unwrap_or_default()
    }

    /// A sentence with words exchanged, some for words of the subject.
    fn sentence(&mut self, subject: &[String]) -> String {
        let model = self.random.below(self.sentences.len());
        let model = self.sentences[model].clone();
        let mut sentence = String::with_capacity(model.len() + 32);
        for (at, word) in model.split(' ').enumerate() {
            if at > 0 {
                sentence.push(' ');
            }
            let end = word.trim_end_matches(|c: char| !c.is_alphabetic()).len();
            let (letters, mark) = word.split_at(end);
            let is_plain = letters.chars().all(char::is_lowercase)
                && letters.chars().count() >= EXCHANGED_FROM;
            if is_plain && self.random.share() < EXCHANGED {
                if self.random.share() < OF_SUBJECT {
                    sentence.push_str(&subject[self.random.below(subject.len())]);
                } else {
                    sentence.push_str(&self.word());
                }
                sentence.push_str(mark);
            } else {
                sentence.push_str(word);
            }
        }
        sentence
    }
}

impl Iterator for Generator {
    type Item = Article;

    fn next(&mut self) -> Option<Article> {
        let subject: Vec<String> = (0..SUBJECT_WORDS).map(|_| self.word()).collect();
        // The mean of a log-normal is above its median.
        let median = self.words * (-SPREAD * SPREAD / 2.0).exp();
        let length = median * (SPREAD * self.random.normal()).exp();
        let length = length.clamp(*LENGTHS.start(), *LENGTHS.end()) as usize;
        let title = self.sentence(&subject);
        let title: Vec<&str> = title.split(' ').take(TITLE_WORDS).collect();
        let title = title.join(" ");
        let (mut body, mut words) = (String::with_capacity(length * 7), 0);
        while words < length {
            if !body.is_empty() {
                body.push_str(if self.random.below(4) == 0 {
                    "\n\n"
                } else {
                    " "
                });
            }
            let sentence = self.sentence(&subject);
            words += sentence.split(' ').count();
            body.push_str(&sentence);
        }
        let model = self.random.below(self.models.len());
        let model = &self.models[model];
        let mut article = Article::new(format!("article-{}", self.count), title, body);
        article.author.clone_from(&model.author);
        article.source.clone_from(&model.source);
        article.tags.clone_from(&model.tags);
        let (year, month) = (self.random.below(24), self.random.below(12));
        let day = Date::new(2000 + year as i32, 1 + month as u8, 15);
        self.count += 1;
        Some(match day {
            Ok(day) => article.published(day),
            Err(_) => article,
        })
    }
}

/// The sentences of articles, long enough to be one.
fn sentences(articles: &[Article]) -> Vec<String> {
    let mut all = Vec::new();
    for article in articles {
        for paragraph in article.body.lines() {
            let ends = paragraph.split_inclusive(['.', '!', '?']);
            let long = ends
                .map(str::trim)
                .filter(|part| part.split(' ').count() > 4);
            all.extend(long.map(str::to_owned));
        }
    }
    all
}

/// Forms that the press hardly uses, but the lexicon has by the ten thousand.
const RARE_ENDINGS: [&str; 20] = [
    "âmes", "âtes", "ât", "asse", "asses", "assions", "assiez", "assent", "îmes", "îtes", "isse",
    "isses", "issions", "issiez", "ûmes", "ûtes", "erions", "eriez", "irions", "iriez",
];

/// Words of the lexicon, the likeliest first: in an order without reason, but always the same.
fn vocabulary() -> Vec<String> {
    let mut words = Vec::new();
    Analyzer::lexicon_words(|word| {
        let is_rare = RARE_ENDINGS.iter().any(|ending| word.ends_with(ending));
        let is_long = word.chars().count() >= EXCHANGED_FROM;
        if is_long && !is_rare && word.chars().all(char::is_lowercase) {
            words.push(word.to_owned());
        }
    });
    let mut random = Random(1);
    let mut taken = HashSet::new();
    let mut chosen = Vec::with_capacity(VOCABULARY);
    while chosen.len() < VOCABULARY.min(words.len() / 2) {
        let place = random.below(words.len());
        if taken.insert(place) {
            chosen.push(words[place].clone());
        }
    }
    chosen
}

/// SplitMix64 (Steele, Lea & Flood 2014): the same numbers with every version of every crate.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to before 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to before `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    /// About normal: Irwin and Hall's sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}
