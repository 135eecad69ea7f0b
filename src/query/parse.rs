//! [`Query::parse`]: from a typed text to a query and its notes.

use std::ops::Range;

use super::chars::{has_word, is_visible};
use super::lexer::{Lexed, Token, TokenKind, lex};
use super::parser::Parser;
use super::{Note, Parsed, Query, Severity, operators};
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
    /// | `titre:Lavrov`, `auteur:"le bihan"`, `tag:(sport OU culture)` | in one field, see [`Field`](crate::Field) |
    /// | `date:2021`, `date:2021-11`, `date:03/11/2021` | published in that year, month or day |
    /// | `date:[2021-01-01 TO 2021-06-30]`, `date:2019..2021`, `date:>=2021-11` | in that range |
    /// | `Mali^2 Niger` | `Mali` weighs twice as much |
    /// | `*` | every article |
    ///
    /// Signs count only directly before a word, a quote or a parenthesis and after a space; fields
    /// only with no space around their colon. `Ukraine - Russie`, `prix : 20 euros`, `l'été`,
    /// `porte-avions`, `juge ?` and `-20 %` are text. A backslash makes text of the sign after it, and of an
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
