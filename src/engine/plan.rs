//! [`Node`]: a query after analysis and expansion, before it becomes an engine query.
//!
//! One plan serves matching, ranking and highlighting, so that they cannot disagree.

use crate::date::Date;

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Title and body.
    Text,
    Title,
    Body,
    Author,
    Source,
    Tag,
    Comments,
    Related,
}

/// What an article must have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    All,
    Nothing,
    Word(Word),
    Phrase(Phrase),
    Expansion(Expansion),
    Dates {
        from: Option<Date>,
        to: Option<Date>,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    /// At least this many of them.
    AtLeast(usize, Vec<Node>),
    /// Not matching this.
    Not(Box<Node>),
    /// The first is required; the others only add to the score.
    Prefer(Box<Node>, Vec<Node>),
    Boost(f32, Box<Node>),
    /// The node; the words beside it are not looked for, but help to order what it finds.
    Hinted(Box<Node>, Vec<Word>),
}

/// One word of a query: any of its readings will do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub scope: Scope,
    /// Lemma terms and their weight (less than 1 for a reading with other accents); of function words the word as
    /// written, with its mark.
    pub lemmas: Vec<(String, f32)>,
    /// Lemma terms of the same family and their weight: they find nothing, but help to order.
    pub kin: Vec<(String, f32)>,
    /// Other ways to the same word: `porte parole` for `porte-parole`.
    pub phrases: Vec<Phrase>,
    /// The word as typed, folded; empty where there is none to prefer.
    pub written: String,
    /// Whether the lexicon has it: such a word is not a misspelt one.
    pub is_french: bool,
    /// Its place in the query.
    pub position: u32,
}

impl Word {
    /// One lemma by itself, however it is written.
    pub(super) fn of_lemma(scope: Scope, lemma: &str, weight: f32, position: u32) -> Word {
        Word {
            scope,
            lemmas: vec![(lemma.to_owned(), weight)],
            kin: Vec::new(),
            phrases: Vec::new(),
            written: String::new(),
            is_french: false,
            position,
        }
    }
}

/// Written words at distances from the first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phrase {
    pub scope: Scope,
    pub words: Vec<(u32, String)>,
    pub slop: u32,
    /// Whether the last word is only the beginning of one.
    pub prefix: bool,
    /// Then what it may go on to, the most frequent first.
    pub endings: Vec<String>,
}

/// Written words that a prefix, a wildcard or a typo stands for, the likeliest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expansion {
    pub scope: Scope,
    pub written: Vec<(String, f32)>,
}
