//! The buffer that look-ups fill.

/// What kind of word a lemma is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartOfSpeech {
    /// Articles, pronouns, prepositions, conjunctions.
    Function,
    /// Nouns, and words that are noun and adjective.
    Noun,
    /// Adjectives.
    Adjective,
    /// Adverbs.
    Adverb,
    /// Verbs, participles included.
    Verb,
    /// Proper names.
    Name,
    /// Numbers, interjections, titles, and words outside the lexicon.
    Other,
}

impl PartOfSpeech {
    /// The part of speech of a number in the table.
    pub(super) fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Function,
            1 => Self::Noun,
            2 => Self::Adjective,
            3 => Self::Adverb,
            4 => Self::Verb,
            5 => Self::Name,
            _ => Self::Other,
        }
    }
}

/// One lemma of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lemma<'a> {
    /// The lemma's spelling, lower-case and with accents, and [`VERB_MARK`](super::VERB_MARK) behind it if it is a verb.
    pub term: &'a str,
    /// What kind of word it is.
    pub part_of_speech: PartOfSpeech,
    /// Whether the word form has this reading with the very accents that were looked up.
    pub exact: bool,
    /// Whether the lemma is a proper name and not also a common word.
    pub proper: bool,
}

/// How near the spelling of a reading is to what was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exactness {
    /// Other accents.
    Other,
    /// The accents of the spelling of 1990.
    Respelled,
    /// The same accents.
    Same,
}

/// What is known of a lemma besides its term.
#[derive(Clone, Copy)]
struct Entry {
    /// Where the term ends in the text; it starts where the one before ends.
    end: usize,
    part_of_speech: PartOfSpeech,
    exactness: Exactness,
    proper: bool,
}

/// The lemmas of one word: a buffer to use again and again, so that look-ups need no memory of their own.
#[derive(Default)]
pub struct Lemmas {
    text: String,
    entries: Vec<Entry>,
    /// Room for the spelling that a look-up is spelling out.
    pub(super) spelling: String,
}

impl Lemmas {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of lemmas.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lemmas, each with a term of its own.
    pub fn iter(&self) -> impl Iterator<Item = Lemma<'_>> {
        // A respelled reading is exact as long as no reading has the accents as written.
        let best = self
            .entries
            .iter()
            .map(|entry| entry.exactness)
            .max()
            .unwrap_or(Exactness::Other);
        let mut start = 0;
        self.entries.iter().map(move |entry| {
            let term = self.text.get(start..entry.end).unwrap_or_default();
            start = entry.end;
            let exact = entry.exactness == best && best != Exactness::Other;
            Lemma {
                term,
                part_of_speech: entry.part_of_speech,
                exact,
                proper: entry.proper,
            }
        })
    }

    /// Forgets all lemmas and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
    }

    /// Adds a lemma given by the parts of its term. One whose term is there already is merged with it.
    pub(super) fn add(
        &mut self,
        parts: [&str; 3],
        part_of_speech: PartOfSpeech,
        exactness: Exactness,
        proper: bool,
    ) {
        let start = self.text.len();
        self.text.extend(parts);
        let (before, new) = self.text.split_at_checked(start).unwrap_or_default();
        let mut from = 0;
        let same = self.entries.iter_mut().find(|entry| {
            let term = before.get(from..entry.end);
            from = entry.end;
            term == Some(new)
        });
        if let Some(entry) = same {
            entry.exactness = entry.exactness.max(exactness);
            entry.proper &= proper;
            entry.part_of_speech = entry.part_of_speech.min(part_of_speech);
            self.text.truncate(start);
        } else {
            self.entries.push(Entry {
                end: self.text.len(),
                part_of_speech,
                exactness,
                proper,
            });
        }
    }

    /// Keeps the first lemma that `wanted` accepts, with `prefix` before its term. `false`, and nothing kept, if none.
    pub(super) fn keep_first(&mut self, prefix: &str, wanted: impl Fn(&Lemma<'_>) -> bool) -> bool {
        let Some(place) = self.iter().position(|lemma| wanted(&lemma)) else {
            self.clear();
            return false;
        };
        let start = place
            .checked_sub(1)
            .and_then(|before| self.entries.get(before))
            .map_or(0, |entry| entry.end);
        self.entries.truncate(place + 1);
        self.entries.drain(..place);
        if let Some(entry) = self.entries.last_mut() {
            self.text.truncate(entry.end);
            entry.end = entry.end - start + prefix.len();
        }
        self.text.replace_range(..start, prefix);
        true
    }
}
