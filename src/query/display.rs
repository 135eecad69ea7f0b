//! A [`Query`] as text that parses back to it.

use std::fmt::{self, Write};

use super::chars::{chunks, has_word, is_amount, is_special, is_word};
use super::lexer::{TokenKind, lex};
use super::operators::{Operator, is_headline};
use super::{Field, Query, date_range};

/// What stands around a part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing but parentheses.
    Whole,
    /// `OR`.
    Alternative,
    /// Other clauses.
    Clause,
    /// A sign before, or optional clauses around.
    Operand,
    /// A boost after.
    Boosted,
}

impl Query {
    /// Whether parentheses must be put around this to write it in `place`. Words, which bring their
    /// own parentheses, are left aside.
    fn needs_parentheses(&self, place: Place) -> bool {
        match self {
            Query::Or(_) => place != Place::Whole,
            Query::And(_) | Query::Prefer { .. } => {
                !matches!(place, Place::Whole | Place::Alternative)
            }
            Query::Not(_) => matches!(place, Place::Operand | Place::Boosted),
            Query::Boost { .. } => place == Place::Boosted,
            _ => false,
        }
    }

    /// The parts, and the place each has.
    fn parts(&self) -> Vec<(&Query, Place)> {
        match self {
            Query::Or(queries) => queries
                .iter()
                .map(|query| (query, Place::Alternative))
                .collect(),
            Query::And(queries) => queries.iter().map(|query| (query, Place::Clause)).collect(),
            Query::Not(query) => vec![(query, Place::Operand)],
            Query::Boost { query, .. } => vec![(query, Place::Boosted)],
            Query::Prefer { required, optional } => {
                let mut parts = match &**required {
                    Query::And(queries) if required.has_positive() => {
                        queries.iter().map(|query| (query, Place::Clause)).collect()
                    }
                    required => vec![(required, Place::Operand)],
                };
                parts.extend(optional.iter().map(|query| (query, Place::Operand)));
                parts
            }
            _ => Vec::new(),
        }
    }

    /// Whether one part of an `And` is not an exclusion.
    fn has_positive(&self) -> bool {
        matches!(self, Query::And(queries) if queries.iter().any(|query| !matches!(query, Query::Not(_))))
    }

    /// How many parentheses stand one within another where this is written; those around plain
    /// words do not count. Does not recurse, for it guards what does.
    pub(crate) fn nesting(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(self, Place::Whole, 0)];
        while let Some((query, place, depth)) = open.pop() {
            let depth = depth + usize::from(query.needs_parentheses(place));
            deepest = deepest.max(depth);
            open.extend(
                query
                    .parts()
                    .into_iter()
                    .map(|(part, place)| (part, place, depth)),
            );
        }
        deepest
    }
}

/// Writes the query as it can be typed; [`Query::parse`] reads the same query from it.
///
/// What the language has no words for is left out: how many words must match, and the place of
/// parts that say nothing, such as an `And` of one.
///
/// ```
/// use trouvaille::Query;
///
/// let query = Query::parse("(Gabon OU Congo) ET « coup d'État » SAUF titre:rumeur").query;
/// assert_eq!(query.to_string(), "(Gabon OR Congo) \"coup d'État\" -title:rumeur");
/// assert_eq!(Query::parse(&query.to_string()).query, query);
/// assert_eq!(Query::words("Mali OU Niger").to_string(), r"Mali \OU Niger");
/// ```
impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        match self {
            Query::None => {}
            Query::All => text.push('*'),
            query => write_query(&mut text, query, Place::Whole)?,
        }
        // In a text that is all capitals, operator words would be words: parentheses prevent that.
        if joins_by_operators(self) && is_headline(&lex(&text).tokens) {
            text = format!("({text})");
        }
        formatter.write_str(&text)
    }
}

fn joins_by_operators(query: &Query) -> bool {
    matches!(query, Query::And(_) | Query::Or(_))
}

fn write_query(text: &mut String, query: &Query, place: Place) -> fmt::Result {
    if query.needs_parentheses(place) {
        text.push('(');
        write_query(text, query, Place::Whole)?;
        text.push(')');
        return Ok(());
    }
    match query {
        Query::All => text.push_str("(*)"),
        Query::None | Query::TooDeep => text.push_str("(-*)"),
        Query::Words {
            text: words, field, ..
        } => write_words(text, words, *field, place),
        Query::Phrase {
            text: words,
            slop,
            prefix,
            field,
        } => {
            write_field(text, *field);
            write_quoted(text, words);
            if *slop > 0 {
                write!(text, "~{slop}")?;
            }
            if *prefix {
                text.push('*');
            }
        }
        Query::Prefix { word, field } => {
            write_field(text, *field);
            text.push_str(&signless(word));
            text.push('*');
        }
        Query::Wildcard { pattern, field } => {
            write_field(text, *field);
            text.push_str(pattern);
        }
        Query::Fuzzy { word, edits, field } => {
            write_field(text, *field);
            text.push_str(&signless(word));
            text.push('~');
            if let Some(edits) = edits {
                write!(text, "{edits}")?;
            }
        }
        Query::Published {
            from: Some(from),
            to: Some(to),
        } if from > to => text.push_str("(-*)"),
        Query::Published { from, to } => {
            write!(text, "date:{}", date_range::written(*from, *to))?;
        }
        Query::And(queries) => write_all(text, queries)?,
        Query::Or(queries) => {
            for (index, query) in queries.iter().enumerate() {
                if index > 0 {
                    text.push_str(" OR ");
                }
                write_query(text, query, Place::Alternative)?;
            }
        }
        Query::Not(query) => {
            text.push('-');
            write_query(text, query, Place::Operand)?;
        }
        Query::Prefer { required, optional } => {
            match &**required {
                Query::And(queries) if required.has_positive() => {
                    for (index, query) in queries.iter().enumerate() {
                        text.push_str(if index > 0 { " " } else { "" });
                        write_required(text, query)?;
                    }
                }
                Query::Not(_) => {
                    text.push('+');
                    write_query(text, required, Place::Operand)?;
                }
                required => write_required(text, required)?,
            }
            for query in optional {
                text.push(' ');
                write_query(text, query, Place::Operand)?;
            }
        }
        Query::Boost { query, factor } => {
            write_query(text, query, Place::Boosted)?;
            write!(text, "^{factor}")?;
        }
    }
    Ok(())
}

fn write_required(text: &mut String, query: &Query) -> fmt::Result {
    match query {
        Query::Not(_) => write_query(text, query, Place::Clause),
        _ => {
            text.push('+');
            write_query(text, query, Place::Operand)
        }
    }
}

/// Clauses side by side; `AND` between two runs of plain words, which would be one otherwise.
fn write_all(text: &mut String, queries: &[Query]) -> fmt::Result {
    let is_run = |query: &Query| matches!(query, Query::Words { field: None, .. });
    let mut after_run = false;
    for (index, query) in queries.iter().enumerate() {
        if index > 0 {
            text.push_str(if after_run && is_run(query) {
                " AND "
            } else {
                " "
            });
        }
        after_run = is_run(query);
        write_query(text, query, Place::Clause)?;
    }
    Ok(())
}

fn write_field(text: &mut String, field: Option<Field>) {
    let name = Field::NAMES
        .iter()
        .find(|&&(named, _)| Some(named) == field);
    if let Some((_, [name, ..])) = name {
        text.push_str(name);
        text.push(':');
    }
}

/// Words, in parentheses if a field, a sign or a boost must hold for all of them.
fn write_words(text: &mut String, words: &str, field: Option<Field>, place: Place) {
    write_field(text, field);
    let written: Vec<String> = chunks(words).map(write_chunk).collect();
    let written = written.join(" ");
    // A sign can stand directly before letters and digits alone, and a boost after them.
    let simple = !written
        .contains(|character| !is_word(character) && !matches!(character, '-' | '\'' | '’'))
        && written.starts_with(char::is_alphanumeric)
        && (field.is_some() || !is_amount(&written))
        && Operator::from_word(&written).is_none()
        && has_word(&written);
    let alone = field.is_none() && !matches!(place, Place::Operand | Place::Boosted);
    if simple || alone {
        text.push_str(&written);
    } else {
        text.push('(');
        text.push_str(&written);
        text.push(')');
    }
}

/// One word or sign, with backslashes if it would be read as something else than text.
fn write_chunk(chunk: &str) -> String {
    if is_text(chunk) {
        return chunk.to_owned();
    }
    if Operator::from_word(chunk).is_some() {
        return format!("\\{chunk}");
    }
    let mut escaped = String::with_capacity(chunk.len() + 4);
    for (at, character) in chunk.char_indices() {
        let sign = matches!(character, '+' | '-' | '[' | ']' | '{' | '}');
        if is_special(character) && (!sign || at == 0) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Whether a word is read as it is written.
fn is_text(chunk: &str) -> bool {
    // Most words are letters only; a backslash at the end would reach what comes after.
    if chunk.chars().all(char::is_alphabetic) {
        return Operator::from_word(chunk).is_none();
    }
    let lexed = lex(chunk);
    !chunk.contains('\\')
        && lexed.notes.is_empty()
        && matches!(&lexed.tokens[..], [token] if token.kind == TokenKind::Word(chunk.to_owned()))
}

fn write_quoted(text: &mut String, words: &str) {
    text.push('"');
    for (index, chunk) in chunks(words).enumerate() {
        if index > 0 {
            text.push(' ');
        }
        for character in chunk.chars() {
            if matches!(character, '"' | '\\' | '*') {
                text.push('\\');
            }
            text.push(character);
        }
    }
    text.push('"');
}

/// A word of which no part is a sign.
fn signless(word: &str) -> String {
    let mut written = String::with_capacity(word.len());
    for character in word.chars() {
        if is_special(character) && character != '-' {
            written.push('\\');
        }
        written.push(character);
    }
    written
}
