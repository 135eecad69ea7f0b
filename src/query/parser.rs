//! From tokens to a [`Query`]: a stack of open parentheses, and no recursion.

use std::ops::Range;

use super::chars::{has_word, is_visible};
use super::lexer::{Lexed, Token, TokenKind, lex};
use super::operators::{self, Operator};
use super::{Field, Note, Parsed, Query, Severity};
use crate::error::{Error, Result};

impl Query {
    /// Reads what a person typed. Never fails: what cannot be read as the query language is read
    /// as text, and the notes say what was left out or read in another way.
    ///
    /// | Typed | Found |
    /// |---|---|
    /// | `accord paix Mali` | all of these words, in any form |
    /// | `"accord de paix"`, `« accord de paix »` | these words, in this order |
    /// | `"président Macron"~2` | with two words between them at most |
    /// | `"coopération milit"*`, `agroalim*` | what begins so |
    /// | `p?re`, `const*tion` | `?` is one letter, `*` any letters |
    /// | `Lavrof~`, `Lavrof~1` | words that differ in a few letters, in one |
    /// | `Syrie -Lafarge`, `Malabo -"coup d'État"` | without these |
    /// | `+foire Accra` | the first; the other only ranks it higher |
    /// | `Mali ET Russie`, `Togo OU Ghana`, `Chine SAUF Huawei` | also `AND`, `OR`, `NOT`; in capitals |
    /// | `(Gabon OU Congo) ET Libreville` | `NOT` binds before `AND`, `AND` before `OR` |
    /// | `titre:Lavrov`, `auteur:"le bihan"`, `tag:(sport OU culture)` | in one field, see [`Field`] |
    /// | `date:2021`, `date:2021-11`, `date:03/11/2021` | published in that year, month or day |
    /// | `date:[2021-01-01 TO 2021-06-30]`, `date:2019..2021`, `date:>=2021-11` | in that range |
    /// | `Mali^2 Niger` | `Mali` weighs twice as much |
    /// | `*` | every article |
    ///
    /// Signs count only directly before a word, a quote or a parenthesis and after a space; fields
    /// only with no space around their colon. `Ukraine - Russie`, `prix : 20 euros`, `l'été`,
    /// `porte-avions` and `juge ?` are text. A backslash makes text of the sign after it, and of an
    /// operator word. In a text that is all capitals, `ET`, `OU` and the like are words if there are
    /// function words (`LES ÉTATS ET LA FRANCE`), or five words of which two stand side by side.
    ///
    /// Takes time in proportion to the text; of a longer text than [`MAX_BYTES`](Self::MAX_BYTES)
    /// the start is read.
    ///
    /// ```
    /// use trouvaille::{Field, Query, Severity};
    ///
    /// let parsed = Query::parse("titre:Lavrov Mali -\"coup d'État\"");
    /// let expected = Query::words("Lavrov")
    ///     .field(Field::Title)
    ///     .and(Query::words("Mali"))
    ///     .and_not(Query::phrase("coup d'État"));
    /// assert_eq!(parsed.query, expected);
    /// assert!(parsed.notes.is_empty());
    ///
    /// let unfinished = Query::parse("Mali OU");
    /// assert_eq!(unfinished.query, Query::words("Mali"));
    /// assert_eq!(unfinished.notes[0].range, 5..7);
    /// assert_eq!(unfinished.notes[0].severity, Severity::Ignored);
    /// ```
    pub fn parse(text: &str) -> Parsed {
        let (read, rest) = within_limit(text);
        let Lexed {
            mut tokens,
            mut notes,
            cut,
            words,
        } = lex(read);
        if !rest.is_empty() {
            notes.push(Note {
                range: rest,
                severity: Severity::Ignored,
                message: format!(
                    "Only the first {} bytes are read; the rest is ignored.",
                    Query::MAX_BYTES
                ),
            });
        }
        operators::settle(&mut tokens, words, &mut notes);
        let punctuation = only_punctuation(&tokens);
        let (query, mut notes) = Parser::new(tokens, notes, cut).run();
        tidy_notes(text, &mut notes);
        let query = query.or(punctuation).unwrap_or(Query::None);
        debug_assert!(query.nesting() <= Query::MAX_DEPTH);
        Parsed { query, notes }
    }

    /// Reads what a person typed, and refuses it where [`parse`](Self::parse) has anything to note.
    ///
    /// # Errors
    ///
    /// [Invalid query](Error::is_invalid_query) for the first note, or the first that makes the
    /// query impossible to answer; [`Error::query_range`] tells the place.
    ///
    /// ```
    /// use trouvaille::Query;
    ///
    /// assert_eq!(Query::parse_strict("l'été")?, Query::words("l'été"));
    /// let error = Query::parse_strict("Mali date:2023-02-31").unwrap_err();
    /// assert!(error.is_invalid_query());
    /// assert_eq!(error.query_range(), Some(5..20));
    /// # Ok::<(), trouvaille::Error>(())
    /// ```
    pub fn parse_strict(text: &str) -> Result<Query> {
        let Parsed { query, mut notes } = Query::parse(text);
        let worst = (0..notes.len())
            .rev()
            .max_by_key(|&index| notes[index].severity == Severity::Error);
        match worst {
            None => Ok(query),
            Some(index) => {
                let note = notes.swap_remove(index);
                Err(Error::invalid_query(note.message, Some(note.range)))
            }
        }
    }
}

/// The part of the text that is read, and the range of the rest. It is cut between words if it can
/// be, for half a word finds nothing.
fn within_limit(text: &str) -> (&str, Range<usize>) {
    if text.len() <= Query::MAX_BYTES {
        return (text, 0..0);
    }
    let mut end = Query::MAX_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end]
        .rfind(char::is_whitespace)
        .filter(|&space| space > 0)
        .unwrap_or(end);
    (&text[..end], end..text.len())
}

/// The punctuation or the emoji that is all there is: kept as words, which find nothing and can be
/// shown.
fn only_punctuation(tokens: &[Token]) -> Option<Query> {
    let mut words = Vec::new();
    for token in tokens {
        match &token.kind {
            TokenKind::Word(text) if has_word(text) => return None,
            TokenKind::Word(text) => words.push(text.as_str()),
            _ => {}
        }
    }
    let text = words.join(" ");
    is_visible(&text).then(|| Query::words(text))
}

/// Sorts the notes by place, and makes one of neighbours that say the same.
fn tidy_notes(text: &str, notes: &mut Vec<Note>) {
    notes.sort_by_key(|note| note.range.start);
    notes.dedup_by(|later, first| {
        let between = text.get(first.range.end..later.range.start);
        let same = later.message == first.message
            && later.severity == first.severity
            && between.is_none_or(|between| between.trim().is_empty());
        if same {
            first.range.end = first.range.end.max(later.range.end);
        }
        same
    });
}

/// What must hold of a clause among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Nothing is said.
    Plain,
    /// `+`, or next to `AND`.
    Required,
    /// `-`, or after `NOT`.
    Excluded,
}

/// A clause of an open group.
enum Item {
    Clause(Query, Mark),
    /// Words side by side, and whether `AND` stands before the first and after the last of them.
    Words(Vec<String>, [bool; 2]),
}

/// A sign or a field in front of something, and where it ends.
#[derive(Default)]
struct Prefixes {
    range: Range<usize>,
    plus: bool,
    minus: bool,
    field: Option<Field>,
}

/// An open parenthesis, or the whole text.
#[derive(Default)]
struct Group {
    opened: Range<usize>,
    prefixes: Prefixes,
    /// The alternatives before the last `OR`.
    alternatives: Vec<Query>,
    items: Vec<Item>,
    /// Whether `+` stands before one of the items, which makes those without it optional.
    has_plus: bool,
    /// An `AND` or an `OR` that waits for what comes after it.
    joining: Option<(Operator, Range<usize>)>,
    /// A `NOT` that waits for what comes after it.
    not: Option<Range<usize>>,
    star: Option<Range<usize>>,
    /// Parentheses inside that are too deep to count.
    uncounted: usize,
}

struct Parser {
    tokens: Vec<Token>,
    notes: Vec<Note>,
    at: usize,
    /// Whether the end of the text was not read, so that what is open there is no one's fault.
    cut: bool,
    /// The open groups but for the innermost.
    outer: Vec<Group>,
    group: Group,
    prefixes: Prefixes,
    too_deep: Option<Range<usize>>,
}

impl Parser {
    fn new(tokens: Vec<Token>, notes: Vec<Note>, cut: bool) -> Parser {
        Parser {
            tokens,
            notes,
            at: 0,
            cut,
            outer: Vec::new(),
            group: Group::default(),
            prefixes: Prefixes::default(),
            too_deep: None,
        }
    }

    fn run(mut self) -> (Option<Query>, Vec<Note>) {
        while let Some(token) = self.tokens.get_mut(self.at) {
            let range = token.range.clone();
            // A token is read once, so its text can be taken out.
            let kind = std::mem::replace(&mut token.kind, TokenKind::Star);
            if self.prefixes.range.end != range.start {
                self.drop_prefixes();
            }
            self.at += 1;
            match kind {
                TokenKind::Word(text) => self.words(text),
                TokenKind::Clause(query) => self.push(query),
                TokenKind::Star => {
                    self.drop_prefixes();
                    self.group.star = Some(range);
                }
                TokenKind::Plus => self.prefix(range, |prefixes| prefixes.plus = true),
                TokenKind::Minus => self.prefix(range, |prefixes| prefixes.minus = true),
                TokenKind::Field(field) => {
                    self.prefix(range, |prefixes| prefixes.field = Some(field))
                }
                TokenKind::Open => self.open(range),
                TokenKind::Close => self.close(range),
                TokenKind::Boost(_) => {}
                TokenKind::Operator(operator, _) => self.operator(operator, range),
            }
        }
        self.drop_prefixes();
        while let Some(outer) = self.outer.pop() {
            if !self.cut {
                let opened = self.group.opened.clone();
                self.note(
                    opened,
                    "The parenthesis is never closed: it goes on to the end.",
                );
            }
            self.leave(outer);
        }
        if let Some(range) = self.too_deep.take() {
            let message = format!(
                "Parentheses nest more than {} deep here: the inner ones are ignored.",
                Query::MAX_DEPTH
            );
            self.note(range, message);
        }
        let mut whole = std::mem::take(&mut self.group);
        let query = self.finish(&mut whole);
        (query, self.notes)
    }

    /// Says that something was left out.
    fn note(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.notes.push(Note {
            range,
            severity: Severity::Ignored,
            message: message.into(),
        });
    }

    fn prefix(&mut self, range: Range<usize>, set: impl FnOnce(&mut Prefixes)) {
        if self.prefixes.range.is_empty() {
            self.prefixes.range = range;
        } else {
            self.prefixes.range.end = range.end;
        }
        set(&mut self.prefixes);
    }

    /// Forgets signs and fields that stand before nothing.
    fn drop_prefixes(&mut self) {
        let prefixes = std::mem::take(&mut self.prefixes);
        if !prefixes.range.is_empty() {
            self.note(prefixes.range, "The sign is ignored: nothing follows it.");
        }
    }

    /// The factor of a boost that comes next.
    fn boost(&mut self) -> Option<f32> {
        match self.tokens.get(self.at)?.kind {
            TokenKind::Boost(factor) => {
                self.at += 1;
                Some(factor)
            }
            _ => None,
        }
    }

    /// The text of the next token, if it is a word without a boost.
    fn next_word(&mut self) -> Option<String> {
        if matches!(self.tokens.get(self.at + 1), Some(token) if matches!(token.kind, TokenKind::Boost(_)))
        {
            return None;
        }
        match &mut self.tokens.get_mut(self.at)?.kind {
            TokenKind::Word(text) => {
                self.at += 1;
                Some(std::mem::take(text))
            }
            _ => None,
        }
    }

    /// A word, and those that follow it.
    fn words(&mut self, text: String) {
        let boosted = matches!(
            self.tokens.get(self.at),
            Some(token) if matches!(token.kind, TokenKind::Boost(_))
        );
        let prefixed = !self.prefixes.range.is_empty();
        if prefixed && !has_word(&text) {
            self.drop_prefixes();
            return;
        }
        if boosted || prefixed || (self.group.not.is_some() && has_word(&text)) {
            // Signs, fields, `NOT` and boosts belong to one word.
            self.push(Query::words(text));
            return;
        }
        let mut words = vec![text];
        if self.group.not.is_none() {
            while let Some(word) = self.next_word() {
                words.push(word);
            }
        }
        if !words.iter().any(|word| has_word(word)) {
            return;
        }
        let joined = self.joined();
        self.group.items.push(Item::Words(words, [joined, false]));
    }

    /// Whether `AND` stands before what comes now; forgets the operator.
    fn joined(&mut self) -> bool {
        matches!(self.group.joining.take(), Some((Operator::And, _)))
    }

    /// Adds a clause with the signs and the field before it and the boost after it.
    fn push(&mut self, query: Query) {
        let prefixes = std::mem::take(&mut self.prefixes);
        self.attach(query, prefixes);
    }

    fn attach(&mut self, query: Query, prefixes: Prefixes) {
        let query = match prefixes.field {
            Some(field) => query.field(field),
            None => query,
        };
        let query = match self.boost() {
            Some(factor) => query.boost(factor),
            None => query,
        };
        let joined = self.joined();
        let not = self.group.not.take();
        let mark = if not.is_some() || prefixes.minus {
            if let Some(not) = not.filter(|_| prefixes.minus || prefixes.plus) {
                self.note(
                    not.start..prefixes.range.end,
                    "Only one of these signs counts: the clause is excluded.",
                );
            }
            Mark::Excluded
        } else if prefixes.plus {
            self.group.has_plus = true;
            Mark::Required
        } else if joined {
            Mark::Required
        } else {
            Mark::Plain
        };
        self.group.items.push(Item::Clause(query, mark));
    }

    fn operator(&mut self, operator: Operator, range: Range<usize>) {
        let waiting = self.group.not.is_some() || self.group.joining.is_some();
        match operator {
            Operator::Not if self.group.not.is_some() => {
                self.note(range, "The operator is ignored: there is one already.");
            }
            Operator::Not => self.group.not = Some(range),
            _ if waiting => self.note(range, "The operator is ignored: there is one already."),
            _ if self.group.items.is_empty() => {
                self.note(range, "The operator is ignored: nothing stands before it.");
            }
            Operator::And => {
                match self.group.items.last_mut() {
                    Some(Item::Words(_, required)) => required[1] = true,
                    Some(Item::Clause(_, mark)) if *mark == Mark::Plain => *mark = Mark::Required,
                    _ => {}
                }
                self.group.joining = Some((operator, range));
            }
            Operator::Or => {
                let alternative = finish_items(&mut self.group);
                self.group.alternatives.extend(alternative);
                self.group.joining = Some((operator, range));
            }
        }
    }

    fn open(&mut self, range: Range<usize>) {
        if let Some(query) = self.plain_words() {
            match query {
                Some(query) => self.push(query),
                None => self.drop_empty(range),
            }
            return;
        }
        // The whole text is not a parenthesis.
        if self.outer.len() >= Query::MAX_DEPTH {
            let start = self.prefixes.range.start;
            let signed = !std::mem::take(&mut self.prefixes).range.is_empty();
            let start = if signed { start } else { range.start };
            let deep = self.too_deep.get_or_insert(start..range.end);
            deep.end = range.end;
            self.group.uncounted += 1;
            return;
        }
        let inner = Group {
            opened: range,
            prefixes: std::mem::take(&mut self.prefixes),
            ..Group::default()
        };
        self.outer.push(std::mem::replace(&mut self.group, inner));
    }

    /// The plain words up to a closing parenthesis, if that is all there is: `(a b)` is one clause,
    /// which takes no depth.
    fn plain_words(&mut self) -> Option<Option<Query>> {
        let inside = &self.tokens[self.at..];
        let count = inside
            .iter()
            .take_while(|token| matches!(token.kind, TokenKind::Word(_)))
            .count();
        if count == 0 || inside.get(count)?.kind != TokenKind::Close {
            return None;
        }
        let words = inside[..count]
            .iter()
            .filter_map(|token| match &token.kind {
                TokenKind::Word(text) => Some(text.as_str()),
                _ => None,
            });
        let text = words.collect::<Vec<_>>().join(" ");
        self.at += count + 1;
        Some(has_word(&text).then(|| Query::words(text)))
    }

    /// Forgets a parenthesis with nothing in it, and what belongs to it.
    fn drop_empty(&mut self, opened: Range<usize>) {
        self.boost();
        let signs = std::mem::take(&mut self.prefixes).range;
        let start = if signs.is_empty() {
            opened.start
        } else {
            signs.start
        };
        let end = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(opened.end, |token| token.range.end);
        self.note(start..end.max(opened.end), "Empty parentheses are ignored.");
    }

    fn close(&mut self, range: Range<usize>) {
        self.drop_prefixes();
        if self.group.uncounted > 0 {
            self.group.uncounted -= 1;
            if let Some(deep) = &mut self.too_deep {
                deep.end = range.end;
            }
            self.boost();
        } else if let Some(outer) = self.outer.pop() {
            self.leave(outer);
        } else {
            self.boost();
            self.note(
                range,
                "A closing parenthesis without an opening one is ignored.",
            );
        }
    }

    /// Puts the innermost group into the one around it.
    fn leave(&mut self, outer: Group) {
        let mut inner = std::mem::replace(&mut self.group, outer);
        let query = self.finish(&mut inner);
        let prefixes = std::mem::take(&mut inner.prefixes);
        match query {
            Some(query) => self.attach(query, prefixes),
            None => {
                self.prefixes = prefixes;
                self.drop_empty(inner.opened);
            }
        }
    }

    /// What a group says, and notes on what it leaves out; nothing if it is empty.
    fn finish(&mut self, group: &mut Group) -> Option<Query> {
        let operators = [
            group.joining.take().map(|(_, range)| range),
            group.not.take(),
        ];
        for range in operators.into_iter().flatten() {
            self.note(range, "The operator is ignored: nothing follows it.");
        }
        let last = finish_items(group);
        group.alternatives.extend(last);
        let mut alternatives = std::mem::take(&mut group.alternatives);
        match (group.star.take(), alternatives.len()) {
            (None, 0) => None,
            (Some(_), 0) => Some(Query::All),
            (star, count) => {
                if let Some(range) = star {
                    self.note(
                        range,
                        "The star is ignored: it stands for every article only if it is alone.",
                    );
                }
                if count == 1 {
                    alternatives.pop()
                } else {
                    Some(Query::Or(flat(alternatives, is_or)))
                }
            }
        }
    }
}

fn is_or(query: Query) -> std::result::Result<Vec<Query>, Query> {
    match query {
        Query::Or(queries) => Ok(queries),
        other => Err(other),
    }
}

fn is_and(query: Query) -> std::result::Result<Vec<Query>, Query> {
    match query {
        Query::And(queries) => Ok(queries),
        other => Err(other),
    }
}

/// Puts the parts of parts of the same kind in their place.
fn flat(
    queries: Vec<Query>,
    parts: impl Fn(Query) -> std::result::Result<Vec<Query>, Query>,
) -> Vec<Query> {
    let mut flat = Vec::with_capacity(queries.len());
    for query in queries {
        match parts(query) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    flat
}

/// All of these: one as it is, several as [`Query::And`].
fn all_of(queries: Vec<Query>) -> Option<Query> {
    let mut queries = flat(queries, is_and);
    if queries.len() < 2 {
        queries.pop()
    } else {
        Some(Query::And(queries))
    }
}

/// What the clauses since the last `OR` say together.
fn finish_items(group: &mut Group) -> Option<Query> {
    let has_plus = std::mem::take(&mut group.has_plus);
    let mut required = Vec::new();
    let mut optional = Vec::new();
    for item in std::mem::take(&mut group.items) {
        match item {
            Item::Clause(query, Mark::Excluded) => required.push(!query),
            Item::Clause(query, Mark::Plain) if has_plus => optional.push(query),
            Item::Clause(query, _) => required.push(query),
            Item::Words(words, _) if !has_plus => required.push(Query::words(words.join(" "))),
            Item::Words(words, [first, last]) => {
                // Each of the words is welcome on its own.
                let words: Vec<String> = words.into_iter().filter(|word| has_word(word)).collect();
                let count = words.len();
                for (index, word) in words.into_iter().enumerate() {
                    let is_required = (first && index == 0) || (last && index + 1 == count);
                    let list = if is_required {
                        &mut required
                    } else {
                        &mut optional
                    };
                    list.push(Query::words(word));
                }
            }
        }
    }
    let required = all_of(required);
    match required {
        Some(required) if !optional.is_empty() => Some(Query::Prefer {
            required: Box::new(required),
            optional,
        }),
        required => required,
    }
}
