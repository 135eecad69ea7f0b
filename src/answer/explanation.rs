//! [`Explanation`]: why an article is where it is.

use std::fmt;

use serde::Serialize;

/// Why an article is where it is in an answer: its score, taken apart.
///
/// Each amount says how much lower the score would be without that part, so that they can be
/// compared; they need not add up to the score, for parts help each other. Shown, it is a few lines
/// of text.
///
/// ```
/// use trouvaille::{Article, Index};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// writer.upsert(&Article::new("1", "Le coton", "Le prix du coton monte à Bouaké."))?;
/// writer.upsert(&Article::new("2", "La soie", "Du coton, et un prix de soie."))?;
/// writer.commit()?;
/// let results = index.search("prix coton")?;
/// let why = results[0].explain()?;
/// assert_eq!(why.words[1].word, "coton");
/// assert!(why.words[1].in_title && why.words[1].in_body);
/// assert!(why.to_string().contains("coton: in title and body"));
/// let ahead = results.explain(0)?.unwrap().ahead;
/// assert!(ahead.iter().any(|(part, _)| part == "words in the title"));
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The article.
    pub id: String,
    /// Its score.
    pub score: f32,
    /// Whether it lacks a word of the search.
    pub is_partial: bool,
    /// The words of the search, in its order.
    pub words: Vec<WordPart>,
    /// What its words bring for standing in the title.
    pub title: f32,
    /// What its words bring for standing in the very form that was typed.
    pub exactness: f32,
    /// What its words bring for standing near each other and in order.
    pub nearness: f32,
    /// What its words bring for standing early in the body.
    pub early: f32,
    /// What phrases, prefixes and other parts than plain words bring.
    pub others: f32,
    /// What the score is multiplied by for its date: 1 unless
    /// [`Search::freshness`](crate::Search::freshness) asks.
    pub freshness: f32,
    /// What it has more of than the next article of the page, and how much, the most first: only
    /// from [`Results::explain`](crate::Results::explain).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<(String, f32)>,
}

/// One word of a search, in one article.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WordPart {
    /// The word as typed, folded: lower case, no accents.
    pub word: String,
    /// Whether the title has it, in any inflection.
    pub in_title: bool,
    /// Whether the body has it, in any inflection.
    pub in_body: bool,
    /// Whether the article has it in the very form that was typed.
    pub as_typed: bool,
    /// How often the article has it.
    pub occurrences: usize,
    /// How much lower the score would be without it.
    pub amount: f32,
}

impl WordPart {
    /// Whether the article has it at all.
    pub fn is_found(&self) -> bool {
        self.in_title || self.in_body
    }
}

impl Explanation {
    /// The parts as names and amounts.
    fn parts(&self) -> Vec<(String, f32)> {
        let mut parts: Vec<(String, f32)> = self
            .words
            .iter()
            .map(|word| (format!("the word {}", word.word), word.amount))
            .collect();
        parts.extend([
            ("words in the title".to_owned(), self.title),
            ("words as typed".to_owned(), self.exactness),
            ("words near each other".to_owned(), self.nearness),
            ("words early in the body".to_owned(), self.early),
            ("phrases and prefixes".to_owned(), self.others),
        ]);
        let without = self.score / self.freshness.max(f32::MIN_POSITIVE);
        parts.push(("the date".to_owned(), self.score - without));
        parts
    }

    /// What this one has more of than `next`, and how much, the most first.
    pub(crate) fn ahead_of(&self, next: &Explanation) -> Vec<(String, f32)> {
        /// Less than this of the score is not worth a line.
        const LEAST_SHARE: f32 = 0.005;
        let least = self.score.abs() * LEAST_SHARE;
        let theirs = next.parts();
        let mut ahead: Vec<(String, f32)> = self
            .parts()
            .into_iter()
            .filter_map(|(name, amount)| {
                let other = theirs.iter().find(|(other, _)| *other == name)?.1;
                (amount - other > least).then_some((name, amount - other))
            })
            .collect();
        ahead.sort_by(|a, b| b.1.total_cmp(&a.1));
        ahead
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let partial = if self.is_partial {
            ", a partial match"
        } else {
            ""
        };
        writeln!(formatter, "{}: {:.2}{partial}", self.id, self.score)?;
        for word in &self.words {
            let place = match (word.in_title, word.in_body) {
                (true, true) => "in title and body",
                (true, false) => "in the title",
                (false, true) => "in the body",
                (false, false) => {
                    writeln!(formatter, "  {}: missing", word.word)?;
                    continue;
                }
            };
            let typed = if word.as_typed { ", as typed" } else { "" };
            writeln!(
                formatter,
                "  {}: {place}, {} times{typed}: {:.2}",
                word.word, word.occurrences, word.amount
            )?;
        }
        let amounts = [
            ("for words in the title", self.title),
            ("for words as typed", self.exactness),
            ("for words near each other", self.nearness),
            ("for words early in the body", self.early),
            ("for phrases and prefixes", self.others),
        ];
        for (name, amount) in amounts.iter().filter(|(_, amount)| *amount > 0.0) {
            writeln!(formatter, "  {name}: {amount:.2}")?;
        }
        if self.freshness != 1.0 {
            writeln!(formatter, "  for its date: × {:.2}", self.freshness)?;
        }
        for (name, amount) in &self.ahead {
            writeln!(formatter, "  ahead of the next by {amount:.2}: {name}")?;
        }
        Ok(())
    }
}
