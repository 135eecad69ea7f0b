//! [`Snippet`]: the passage of a text that shows why an article was found, with the words marked.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::text::{Analyzer, Mode, TokenRef};

/// A passage of a field and the words in it that a search matched.
///
/// The passage begins and ends between words, at a sentence's where that fits. Marks cover what
/// really matched (`grèves` for *grève*, `État` for *etat*, a phrase only where it stands as a
/// phrase) and never an elided article: in `l’engagement`, `engagement` is marked.
///
/// ```
/// use trouvaille::{Article, Field, Index};
///
/// # let index = Index::in_memory()?;
/// # let mut writer = index.writer()?;
/// writer.upsert(&Article::new("1", "", "Bamako salue l’engagement <tenu> d'Alger."))?;
/// writer.commit()?;
/// let results = index.search("engagements")?;
/// let snippet = results[0].snippet(Field::Body);
/// assert_eq!(
///     snippet.html(),
///     "Bamako salue l’<mark>engagement</mark> &lt;tenu&gt; d&#39;Alger."
/// );
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Snippet {
    text: String,
    /// Where `text` begins in the field, in bytes.
    start: usize,
    /// Length of the field, in bytes.
    field_length: usize,
    /// In bytes of `text`; increasing, disjoint.
    highlights: Vec<Range<usize>>,
}

impl Snippet {
    /// The passage, as it stands in the field.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the passage stands in the field: bytes, start inclusive, end exclusive.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start.saturating_add(self.text.len())
    }

    /// The marked parts, as byte ranges of [`text`](Self::text): increasing, disjoint, on character
    /// boundaries.
    pub fn highlights(&self) -> &[Range<usize>] {
        &self.highlights
    }

    /// The marked words themselves, in order.
    pub fn marked(&self) -> impl Iterator<Item = &str> {
        self.highlights
            .iter()
            .filter_map(|range| self.text.get(range.clone()))
    }

    /// Whether the field goes on before the passage.
    pub fn is_cut_before(&self) -> bool {
        self.start > 0
    }

    /// Whether the field goes on after the passage.
    pub fn is_cut_after(&self) -> bool {
        self.range().end < self.field_length
    }

    /// The passage as HTML: text escaped, matches in `<mark>`, `…` where the field goes on.
    pub fn html(&self) -> String {
        self.render("<mark>", "</mark>", escape)
    }

    /// As [`html`](Self::html), with markers of your own; the text is escaped, the markers are put
    /// in as they are.
    pub fn html_with(&self, open: &str, close: &str) -> String {
        self.render(open, close, escape)
    }

    /// The passage as plain text with markers of your own (escape codes of a terminal, asterisks),
    /// nothing escaped.
    pub fn text_with(&self, open: &str, close: &str) -> String {
        self.render(open, close, |text| Cow::Borrowed(text))
    }

    fn render(&self, open: &str, close: &str, show: impl Fn(&str) -> Cow<'_, str>) -> String {
        let part = |range: Range<usize>| show(self.text.get(range).unwrap_or_default());
        let mut output = String::with_capacity(self.text.len() + 32);
        if self.is_cut_before() {
            output.push_str("… ");
        }
        let mut end = 0;
        for mark in &self.highlights {
            output.push_str(&part(end..mark.start));
            output.push_str(open);
            output.push_str(&part(mark.clone()));
            output.push_str(close);
            end = mark.end;
        }
        output.push_str(&part(end..self.text.len()));
        if self.is_cut_after() {
            output.push_str(" …");
        }
        output
    }
}

/// Escapes what could leave the text of an HTML element or of a quoted attribute.
fn escape(text: &str) -> Cow<'_, str> {
    const SPECIAL: [char; 5] = ['&', '<', '>', '"', '\''];
    if !text.contains(SPECIAL) {
        return Cow::Borrowed(text);
    }
    let mut output = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\'' => output.push_str("&#39;"),
            other => output.push(other),
        }
    }
    Cow::Owned(output)
}

/// What a search marks in one field. Clauses are numbered, so that a passage with two different
/// words of a query is preferred to one with the same word twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Matcher {
    /// Lemma → clause.
    pub lemmas: HashMap<String, usize>,
    /// Word as written → clause.
    pub written: HashMap<String, usize>,
    /// Beginning of a written word → clause.
    pub prefixes: Vec<(String, usize)>,
    pub phrases: Vec<PhraseMatcher>,
}

/// A phrase: written words at distances from its first word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseMatcher {
    /// Distance from the first word, and the word.
    pub words: Vec<(u32, String)>,
    /// How many words may stand between, in all.
    pub slop: u32,
    /// Whether the last word is only the beginning of one.
    pub prefix: bool,
    pub clause: usize,
}

/// A matched part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    range: Range<usize>,
    clause: usize,
}

/// One occurrence of a phrase's word.
struct Occurrence {
    phrase: usize,
    word: usize,
    first: u32,
    last: u32,
    range: Range<usize>,
    elided: bool,
}

impl Matcher {
    pub(crate) fn is_empty(&self) -> bool {
        self.lemmas.is_empty()
            && self.written.is_empty()
            && self.prefixes.is_empty()
            && self.phrases.is_empty()
    }

    fn clause_of(&self, token: &TokenRef<'_>) -> Option<usize> {
        let written = || self.written.get(token.written()).copied();
        let prefix = || {
            self.prefixes
                .iter()
                .find(|(prefix, _)| token.written().starts_with(prefix.as_str()))
                .map(|&(_, clause)| clause)
        };
        token
            .lemmas()
            .find_map(|(lemma, _)| self.lemmas.get(lemma).copied())
            .or_else(written)
            .or_else(prefix)
    }

    /// Whether anything in the text is marked.
    pub(crate) fn matches(&self, analyzer: &Analyzer, text: &str) -> bool {
        !self.marks(analyzer, text).is_empty()
    }

    fn marks(&self, analyzer: &Analyzer, text: &str) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut occurrences = Vec::new();
        analyzer.each_token(text, Mode::Document, |token| {
            if !token.flags().is_elided()
                && let Some(clause) = self.clause_of(token)
            {
                marks.push(Mark {
                    range: token.range(),
                    clause,
                });
            }
            for (phrase, matcher) in self.phrases.iter().enumerate() {
                matcher.collect(phrase, token, &mut occurrences);
            }
        });
        for (phrase, matcher) in self.phrases.iter().enumerate() {
            matcher.find(phrase, &occurrences, &mut marks);
        }
        merge(marks)
    }
}

impl PhraseMatcher {
    fn collect(&self, phrase: usize, token: &TokenRef<'_>, occurrences: &mut Vec<Occurrence>) {
        let last_word = self.words.len().saturating_sub(1);
        for (word, (_, written)) in self.words.iter().enumerate() {
            let same = if self.prefix && word == last_word {
                token.written().starts_with(written.as_str())
            } else {
                token.written() == written
            };
            if same {
                occurrences.push(Occurrence {
                    phrase,
                    word,
                    first: token.position(),
                    last: token.position() + token.positions().saturating_sub(1),
                    range: token.range(),
                    elided: token.flags().is_elided(),
                });
            }
        }
    }

    /// Marks every place where the words stand in order, with at most `slop` words too many.
    fn find(&self, phrase: usize, occurrences: &[Occurrence], marks: &mut Vec<Mark>) {
        let of_word = |word: usize| {
            occurrences
                .iter()
                .filter(move |occurrence| occurrence.phrase == phrase && occurrence.word == word)
        };
        let mut lists: Vec<Vec<&Occurrence>> = (0..self.words.len())
            .map(|word| of_word(word).collect())
            .collect();
        for list in &mut lists {
            list.sort_by_key(|occurrence| occurrence.first);
        }
        let Some((firsts, rest)) = lists.split_first() else {
            return;
        };
        for start in firsts {
            let mut spare = self.slop;
            let mut previous = *start;
            let mut distance_before = self.words.first().map_or(0, |word| word.0);
            let mut begin = (!start.elided).then_some(start.range.start);
            let found = rest
                .iter()
                .zip(self.words.iter().skip(1))
                .all(|(list, word)| {
                    let expected = previous
                        .last
                        .saturating_add(word.0.saturating_sub(distance_before));
                    let at = list.partition_point(|occurrence| occurrence.first < expected);
                    let Some(next) = list.get(at) else {
                        return false;
                    };
                    let Some(left) = spare.checked_sub(next.first - expected) else {
                        return false;
                    };
                    spare = left;
                    previous = next;
                    distance_before = word.0;
                    begin = begin.or((!next.elided).then_some(next.range.start));
                    true
                });
            // `l'affaire Wagner` is marked from `affaire` on: an elided article never is.
            if let (true, Some(begin)) = (found, begin) {
                marks.push(Mark {
                    range: begin..previous.range.end,
                    clause: self.clause,
                });
            }
        }
    }
}

/// Sorts marks and joins those that overlap.
fn merge(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by_key(|mark| (mark.range.start, usize::MAX - mark.range.end));
    let mut merged: Vec<Mark> = Vec::with_capacity(marks.len());
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.range.start < last.range.end => {
                last.range.end = last.range.end.max(mark.range.end);
            }
            _ => merged.push(mark),
        }
    }
    merged
}

/// Makes the snippet of one text, at most about `length` characters long.
pub(crate) fn snippet(
    analyzer: &Analyzer,
    matcher: &Matcher,
    text: &str,
    length: usize,
) -> Snippet {
    let marks = if matcher.is_empty() {
        Vec::new()
    } else {
        matcher.marks(analyzer, text)
    };
    let range = best_passage(text, &marks, length);
    let highlights = marks
        .iter()
        .filter(|mark| range.start <= mark.range.start && mark.range.end <= range.end)
        .map(|mark| mark.range.start - range.start..mark.range.end - range.start)
        .collect();
    Snippet {
        text: text.get(range.clone()).unwrap_or_default().to_owned(),
        start: range.start,
        field_length: text.len(),
        highlights,
    }
}

/// The passage with the most different clauses, then the most marks, then the earliest.
fn best_passage(text: &str, marks: &[Mark], length: usize) -> Range<usize> {
    // Bytes for characters: French has few that take more than one, and the ends move to word
    // boundaries anyway; the exact count comes when the passage is cut.
    let budget = length.max(1);
    let mut best: Option<((usize, usize), Range<usize>)> = None;
    for (index, first) in marks.iter().enumerate() {
        let window = marks
            .get(index..)
            .unwrap_or_default()
            .iter()
            .take_while(|mark| mark.range.end - first.range.start <= budget);
        let mut clauses = Vec::new();
        let mut count = 0;
        let mut end = first.range.end;
        for mark in window {
            if !clauses.contains(&mark.clause) {
                clauses.push(mark.clause);
            }
            count += 1;
            end = mark.range.end;
        }
        let score = (clauses.len(), count);
        if best.as_ref().is_none_or(|(found, _)| score > *found) {
            best = Some((score, first.range.start..end));
        }
    }
    let core = best.map_or(0..0, |(_, range)| range);
    extend(text, core, length)
}

/// Widens the marked core to `length` characters, to the sentence's ends where they are in reach.
fn extend(text: &str, core: Range<usize>, length: usize) -> Range<usize> {
    let inside = text.get(core.clone()).unwrap_or_default().chars().count();
    let spare = length.saturating_sub(inside);
    let before = text.get(..core.start).unwrap_or_default();
    let start = core.start
        - reach(
            before.char_indices().rev().map(|(_, c)| c),
            spare / 2,
            spare,
        );
    // What the beginning did not use goes to the end.
    let used = text
        .get(start..core.start)
        .unwrap_or_default()
        .chars()
        .count();
    let after = text.get(core.end..).unwrap_or_default();
    let left = spare.saturating_sub(used);
    let end = core.end + ending(after, left);
    trim(text, start..end)
}

/// How many bytes back to go: to the start of the sentence if it is within `most` characters, else
/// to a word boundary within `some` characters.
fn reach(backwards: impl Iterator<Item = char>, some: usize, most: usize) -> usize {
    let mut bytes = 0;
    let mut word_start = 0;
    let mut space: Option<usize> = None;
    for (count, character) in backwards.enumerate() {
        let is_space = character.is_whitespace();
        if let Some(at) = space
            && matches!(character, '.' | '!' | '?' | '…')
        {
            return at;
        }
        if character == '\n' {
            return bytes;
        }
        if count >= most {
            return word_start;
        }
        if is_space {
            space = Some(bytes);
            if count <= some {
                word_start = bytes;
            }
        } else if !matches!(character, '»' | '”' | '"' | ')') {
            space = None;
        }
        bytes += character.len_utf8();
    }
    // The whole text before is within reach.
    bytes
}

/// How many bytes forward to go: to the last sentence's end within `most` characters if that is
/// past half of them, else to the last word boundary.
fn ending(after: &str, most: usize) -> usize {
    let mut word_end = 0;
    let mut sentence_end = 0;
    let mut previous = ' ';
    for (count, (at, character)) in after.char_indices().enumerate() {
        if count >= most {
            let far_enough = after
                .get(..sentence_end)
                .is_some_and(|part| part.chars().count() * 2 >= most);
            return if far_enough { sentence_end } else { word_end };
        }
        if character.is_whitespace() {
            word_end = at;
            if matches!(previous, '.' | '!' | '?' | '…') || character == '\n' {
                sentence_end = at;
            }
        }
        // A closing quote belongs to the sentence it ends.
        if !(matches!(character, '»' | '”' | '"' | ')' | '\u{a0}' | '\u{202f}')
            && matches!(previous, '.' | '!' | '?' | '…'))
        {
            previous = character;
        }
    }
    after.len()
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    start..end.max(start)
}
