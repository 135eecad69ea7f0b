//! The operator words, and when they are only words.

use super::chars::has_word;
use super::lexer::{self, Token, TokenKind};
use super::{Note, Query, Severity};

/// What an operator word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
}

impl Operator {
    /// The operator that this is the word of.
    pub(super) fn from_word(word: &str) -> Option<Operator> {
        match word {
            "AND" | "ET" => Some(Operator::And),
            "OR" | "OU" => Some(Operator::Or),
            "NOT" | "SAUF" => Some(Operator::Not),
            _ => None,
        }
    }
}

/// Function words that no one types in capitals but in a text that is all capitals. `A` and `Y` are
/// not among them, nor are elisions: `L'ONU ET L'OTAN` may well be meant.
const FUNCTION_WORDS: [&str; 40] = [
    "LE", "LA", "LES", "DE", "DU", "DES", "EN", "UN", "UNE", "AU", "AUX", "À", "SUR", "DANS",
    "PAR", "POUR", "AVEC", "SANS", "SOUS", "CHEZ", "VERS", "ENTRE", "CONTRE", "CE", "CES", "CET",
    "CETTE", "SON", "SA", "SES", "LEUR", "LEURS", "QUI", "QUE", "NE", "PAS", "EST", "SONT", "IL",
    "ELLE",
];

/// How many words in capitals make a headline where there is no function word.
const HEADLINE_WORDS: usize = 5;

/// Makes operator words plain words where they are not meant as operators, and says so: where there
/// is nothing else to look for, and in a text that is all capitals like a headline.
pub(super) fn settle(tokens: &mut Vec<Token>, words: usize, notes: &mut Vec<Note>) {
    let reason = if nothing_else(tokens) {
        "is searched as a word, for there is nothing else to look for"
    } else if is_headline(tokens) {
        "is read as a word, for the whole text is in capitals; write the other words in small letters to use it as an operator"
    } else {
        return;
    };
    let mut room = Query::MAX_CLAUSES.saturating_sub(words);
    tokens.retain_mut(|token| {
        let TokenKind::Operator(_, word) = &token.kind else {
            return true;
        };
        let kept = room > 0;
        room = room.saturating_sub(1);
        let (severity, message) = if kept {
            (Severity::Reinterpreted, format!("“{word}” {reason}."))
        } else {
            (Severity::Ignored, lexer::too_many_words())
        };
        notes.push(Note {
            range: token.range.clone(),
            severity,
            message,
        });
        token.kind = TokenKind::Word(word.clone());
        kept
    });
}

/// Whether operators and punctuation are all there is.
fn nothing_else(tokens: &[Token]) -> bool {
    !tokens.iter().any(|token| match &token.kind {
        TokenKind::Word(text) => has_word(text),
        TokenKind::Clause(_) | TokenKind::Star => true,
        _ => false,
    })
}

/// Whether the tokens are a text in capitals, such as `GUERRE EN UKRAINE OU EN RUSSIE`, rather than
/// words between operators, such as `ONU ET OTAN`.
///
/// That is so where nothing but words, phrases and operator words is there, every other word is in
/// capitals, and these have a function word among them, or are five at least of which two stand side
/// by side.
pub(super) fn is_headline(tokens: &[Token]) -> bool {
    let mut operators = 0;
    let mut words = 0;
    let mut function_words = 0;
    let mut side_by_side = false;
    let mut after_word = false;
    for token in tokens {
        let text = match &token.kind {
            TokenKind::Word(text) => text,
            TokenKind::Clause(Query::Phrase { text, .. }) => text,
            TokenKind::Operator(..) => {
                operators += 1;
                after_word = false;
                continue;
            }
            _ => return false,
        };
        if text.chars().any(char::is_lowercase) {
            return false;
        }
        if matches!(token.kind, TokenKind::Word(_)) && text.chars().any(char::is_uppercase) {
            words += 1;
            function_words += usize::from(FUNCTION_WORDS.contains(&text.as_str()));
            side_by_side |= after_word;
            after_word = true;
        }
    }
    operators > 0 && (function_words > 0 || (words >= HEADLINE_WORDS && side_by_side))
}
