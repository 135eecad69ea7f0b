//! What a search marks, and where it stands in a text.

use std::collections::HashMap;
use std::ops::Range;

use super::beginnings::{Beginnings, Spot};
use super::quick::Quick;
use crate::text::{Analyzer, Mode, TokenRef};

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
    quick: Quick,
    /// Of the single words, then of each phrase; none where the whole text must be analyzed.
    beginnings: Option<Vec<Beginnings>>,
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
pub(super) struct Mark {
    pub range: Range<usize>,
    pub clause: usize,
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

    /// To be called when all is in it: what passes over most words of a text at once.
    pub(crate) fn prepare(&mut self) {
        let words = self.lemmas.keys().chain(self.written.keys());
        let prefixes = self.prefixes.iter().map(|(prefix, _)| prefix);
        self.quick = Quick::new(words, prefixes, &self.phrases);
        let words = std::iter::once(Beginnings::of_words(self));
        let phrases = self.phrases.iter().map(Beginnings::of_phrase);
        self.beginnings = (self.phrases.len() <= MAX_PHRASES)
            .then(|| words.chain(phrases).collect())
            .flatten();
    }

    /// How many different clauses can be marked.
    pub(super) fn clauses(&self) -> usize {
        let mut clauses: Vec<usize> = self
            .lemmas
            .values()
            .chain(self.written.values())
            .chain(self.prefixes.iter().map(|(_, clause)| clause))
            .copied()
            .chain(self.phrases.iter().map(|phrase| phrase.clause))
            .collect();
        clauses.sort_unstable();
        clauses.dedup();
        clauses.len()
    }

    fn clause_of(&self, token: &TokenRef<'_>) -> Option<usize> {
        let written = token.written();
        for (lemma, _) in token.lemmas() {
            if self.quick.may_be_word(lemma)
                && let Some(clause) = self.lemmas.get(lemma)
            {
                return Some(*clause);
            }
        }
        if self.quick.may_be_word(written)
            && let Some(clause) = self.written.get(written)
        {
            return Some(*clause);
        }
        if !self.quick.may_begin(written) {
            return None;
        }
        self.prefixes
            .iter()
            .find(|(prefix, _)| written.starts_with(prefix.as_str()))
            .map(|&(_, clause)| clause)
    }

    /// Whether anything in the text is marked.
    pub(crate) fn matches(&self, analyzer: &Analyzer, text: &str) -> bool {
        let mut search = MarkSearch::new(self, analyzer, text);
        while search.read_on() {
            if !search.is_empty() && !search.marks().is_empty() {
                return true;
            }
        }
        false
    }
}

/// Reads a text part by part, so that it can be left when enough is found.
pub(super) struct MarkSearch<'a> {
    matcher: &'a Matcher,
    analyzer: &'a Analyzer,
    text: &'a str,
    /// How far it has read, in bytes and in words.
    at: usize,
    position: u32,
    lone: Vec<Mark>,
    occurrences: Vec<Occurrence>,
    beginnings: Option<&'a [Beginnings]>,
    /// The clauses that have marks, or parts of phrases.
    seen: Vec<usize>,
}

/// Each phrase costs a look at the text: with more of them one analysis of it costs less.
const MAX_PHRASES: usize = 4;

/// Parts are about this long, in bytes: an analysis costs a little by itself.
const PART: usize = 512;

impl<'a> MarkSearch<'a> {
    pub(super) fn new(
        matcher: &'a Matcher,
        analyzer: &'a Analyzer,
        text: &'a str,
    ) -> MarkSearch<'a> {
        MarkSearch {
            matcher,
            analyzer,
            text,
            at: 0,
            position: 0,
            lone: Vec::new(),
            occurrences: Vec::new(),
            // The words of one's own in an analyzer may have forms that begin otherwise.
            beginnings: matcher
                .beginnings
                .as_deref()
                .filter(|_| analyzer.is_plain()),
            seen: Vec::new(),
        }
    }

    /// How many clauses may be marked so far, at the most.
    pub(super) fn clauses(&self) -> usize {
        self.seen.len()
    }

    /// Whether nothing is marked so far, and no phrase begun.
    pub(super) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// How much of the text is read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Reads the next part; false where there is none.
    pub(super) fn read_on(&mut self) -> bool {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        if rest.is_empty() || self.matcher.is_empty() {
            return false;
        }
        let part = rest.get(..end_of_part(rest)).unwrap_or(rest);
        if let Some(beginnings) = self.beginnings
            && self.read_spots(beginnings, start, start + part.len())
        {
            return true;
        }
        self.at += part.len();
        let MarkSearch {
            matcher,
            lone,
            occurrences,
            seen,
            position,
            ..
        } = self;

        let first = *position;
        self.analyzer.each_token(part, Mode::Document, |token| {
            let here = first.saturating_add(token.position());
            *position = (*position).max(here.saturating_add(token.positions().max(1)));
            let range = || {
                let Range { start: from, end } = token.range();
                start + from..start + end
            };
            if !token.flags().is_elided()
                && let Some(clause) = matcher.clause_of(token)
            {
                see(seen, clause);
                lone.push(Mark {
                    range: range(),
                    clause,
                });
            }
            if matcher.quick.may_be_in_phrase(token.written()) {
                for (phrase, found) in (0..).zip(&matcher.phrases) {
                    if found.collect(phrase, token, here, range(), occurrences) {
                        see(seen, found.clause);
                    }
                }
            }
        });
        true
    }

    /// Reads on to about `end` by looking at those words only that may be marked. False, and nothing
    /// read, where that cannot be told.
    fn read_spots(&mut self, beginnings: &[Beginnings], start: usize, end: usize) -> bool {
        let Some((words, phrases)) = beginnings.split_first() else {
            return false;
        };
        let before = self.lone.len();
        let mut read_to = Some(start);
        if !words.is_empty() {
            read_to = self.words_at_spots(words, start, end);
        }
        for (phrase, spots) in self.matcher.phrases.iter().zip(phrases) {
            let at = self.phrase_at_spots(phrase, spots, start, end);
            read_to = read_to.zip(at).map(|(words, phrases)| words.max(phrases));
        }
        match read_to {
            Some(at) => self.at = at.max(end),
            None => self.lone.truncate(before),
        }
        read_to.is_some()
    }

    /// Where it has read to.
    fn words_at_spots(&mut self, spots: &Beginnings, start: usize, end: usize) -> Option<usize> {
        let MarkSearch {
            matcher,
            analyzer,
            text,
            lone,
            seen,
            ..
        } = self;
        let mut at = start;
        while let Some(spot) = spots.next(text, at, end) {
            let Spot::Word {
                word,
                with_neighbours,
            } = spot
            else {
                return None;
            };
            let part = text.get(with_neighbours.clone()).unwrap_or_default();
            analyzer.each_token(part, Mode::Document, |token| {
                let begin = with_neighbours.start + token.range().start;
                if word.contains(&begin)
                    && begin >= at
                    && !token.flags().is_elided()
                    && let Some(clause) = matcher.clause_of(token)
                {
                    see(seen, clause);
                    lone.push(Mark {
                        range: begin..with_neighbours.start + token.range().end,
                        clause,
                    });
                }
            });
            at = word.end.max(at + 1);
        }
        Some(at)
    }

    /// As [`words_at_spots`](Self::words_at_spots): the whole phrase stands in what a spot has around
    /// its word.
    fn phrase_at_spots(
        &mut self,
        phrase: &PhraseMatcher,
        spots: &Beginnings,
        start: usize,
        end: usize,
    ) -> Option<usize> {
        let mut at = start;
        let mut occurrences = Vec::new();
        while let Some(spot) = spots.next(self.text, at, end) {
            let Spot::Word {
                word,
                with_neighbours,
            } = spot
            else {
                return None;
            };
            let part = self.text.get(with_neighbours.clone()).unwrap_or_default();
            occurrences.clear();
            self.analyzer.each_token(part, Mode::Document, |token| {
                if self.matcher.quick.may_be_in_phrase(token.written()) {
                    let Range { start, end } = token.range();
                    let range = with_neighbours.start + start..with_neighbours.start + end;
                    phrase.collect(0, token, token.position(), range, &mut occurrences);
                }
            });
            let marked = self.lone.len();
            if occurrences.len() >= phrase.words.len() {
                phrase.find(0, &occurrences, &mut self.lone);
            }
            if self.lone.len() > marked {
                see(&mut self.seen, phrase.clause);
            }
            at = word.end.max(at + 1);
        }
        Some(at)
    }

    /// What is marked so far, in order.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let mut marks = self.lone.clone();
        for (phrase, found) in (0..).zip(&self.matcher.phrases) {
            found.find(phrase, &self.occurrences, &mut marks);
        }
        merge(marks)
    }
}

fn see(seen: &mut Vec<usize>, clause: usize) {
    if !seen.contains(&clause) {
        seen.push(clause);
    }
}

/// Where a part may end: at a line's end, or behind a sentence, so that no rule of the analyzer looks
/// across it. A full stop may belong to an acronym, unless a small letter stands before it.
fn end_of_part(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = PART;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\n' {
            return at + 1;
        }
        let is_end = matches!(byte, b'.' | b'!' | b'?')
            && bytes.get(at + 1) == Some(&b' ')
            && bytes.get(at + 2).is_some_and(u8::is_ascii_uppercase)
            && bytes
                .get(at.saturating_sub(2)..at)
                .is_some_and(|before| before.iter().all(u8::is_ascii_lowercase));
        if is_end {
            return at + 2;
        }
        at += 1;
    }
    text.len()
}

impl PhraseMatcher {
    /// Whether the token is one of the phrase's words.
    fn collect(
        &self,
        phrase: usize,
        token: &TokenRef<'_>,
        position: u32,
        range: Range<usize>,
        occurrences: &mut Vec<Occurrence>,
    ) -> bool {
        let before = occurrences.len();
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
                    first: position,
                    last: position.saturating_add(token.positions().saturating_sub(1)),
                    range: range.clone(),
                    elided: token.flags().is_elided(),
                });
            }
        }
        occurrences.len() > before
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
