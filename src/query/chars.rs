//! What each character is to the query language.

/// The quotes that can stand around a phrase. Apostrophes are not among them.
pub(super) const QUOTES: [char; 8] = ['"', '«', '»', '“', '”', '„', '‹', '›'];

/// A character that a word is made of: letters, digits, and the marks that combine with them.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character)
}

/// A mark that belongs to the letter before it: decomposed accents, joiners, soft hyphens.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{ad}' | '\u{fe0f}'
    )
}

/// A character that joins the parts of one word: hyphens, apostrophes and middle dots.
pub(super) fn is_joiner(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}' | '\u{2011}' | '\'' | '’' | 'ʼ' | '·' | '_'
    )
}

/// Whether a text has something to look for in it.
pub(super) fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Whether a text shows anything at all when it is printed.
pub(super) fn is_visible(text: &str) -> bool {
    text.chars().any(|character| {
        !character.is_whitespace()
            && !character.is_control()
            && !matches!(
                character,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            )
    })
}

/// A character that a backslash turns into text.
pub(super) fn is_special(character: char) -> bool {
    QUOTES.contains(&character)
        || matches!(
            character,
            '\\' | '(' | ')' | '*' | '?' | '~' | '^' | '+' | '-' | ':' | '[' | ']' | '{' | '}'
        )
}

/// Whether words end at `character`: at white space, but for the no-break and thin spaces that
/// French puts between the thousands of a number (`15 000`).
pub(super) fn is_break(before: Option<char>, character: char, after: Option<char>) -> bool {
    let thin = matches!(character, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}');
    let digit = |neighbour: Option<char>| neighbour.is_some_and(char::is_numeric);
    character.is_whitespace() && !(thin && digit(before) && digit(after))
}

/// The parts of a text between white space, as [`is_break`] sees it.
pub(super) fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let mut before = None;
        let mut characters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, character)) = characters.next() {
            if is_break(before, character, characters.peek().map(|&(_, next)| next)) {
                end = at;
                break;
            }
            before = Some(character);
        }
        let (chunk, after) = rest.split_at(end);
        rest = after;
        Some(chunk)
    })
}

/// The text with one space wherever it has white space, and none at its ends.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for chunk in chunks(text) {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(chunk);
    }
    tidied
}

/// Whether a text begins with an amount, such as `20 %` or `1,5 degré`, to which a sign before it
/// belongs. A number of four digits is a year, and digits with letters are a word.
pub(super) fn is_amount(text: &str) -> bool {
    let whole = digits(text);
    let after = text[whole..].chars().next();
    whole > 0
        && whole != 4
        && !after.is_some_and(|after| is_word(after) || is_joiner(after) || is_live(after))
}

/// A sign that says something of the word it is in or after.
pub(super) fn is_live(character: char) -> bool {
    matches!(character, '*' | '?' | '~' | '^')
}

/// How many digits a text begins with.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
