//! The letters of the table and the symbols that stand for them.

/// The letters of the table: one row a letter of the folded key, the plain letter first.
///
/// A letter's place, counted from 1 through all rows, is its symbol in the table. The generator has the same rows.
const LETTERS: [&str; 26] = [
    "aàâäáãå",
    "b",
    "cç",
    "d",
    "eéèêë",
    "f",
    "g",
    "h",
    "iîïí",
    "j",
    "k",
    "l",
    "m",
    "nñ",
    "oôöó",
    "p",
    "q",
    "r",
    "s",
    "t",
    "uùûüú",
    "v",
    "w",
    "x",
    "yÿ",
    "z",
];

/// The first symbol of each row, and behind the last row the first symbol not in use.
static FIRST: [u8; 27] = first_symbols();

const fn first_symbols() -> [u8; 27] {
    let mut first = [1; 27];
    let mut row = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "computed when compiling: a wrong index cannot reach the program"
    )]
    while row < LETTERS.len() {
        let bytes = LETTERS[row].as_bytes();
        let mut letters = 0;
        let mut place = 0;
        while place < bytes.len() {
            // Every byte but the continuation bytes of UTF-8 starts a letter.
            if bytes[place] & 0xC0 != 0x80 {
                letters += 1;
            }
            place += 1;
        }
        first[row + 1] = first[row] + letters;
        row += 1;
    }
    first
}

/// The symbols that a byte of a folded key stands for: the first, and the one after the last. `None` if not a–z.
pub(super) fn symbols(folded: u8) -> Option<(u8, u8)> {
    let row = usize::from(folded.checked_sub(b'a')?);
    Some((*FIRST.get(row)?, *FIRST.get(row + 1)?))
}

/// The symbol of a letter, if the table has it.
pub(super) fn symbol(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return symbols(letter as u8).map(|(first, _)| first);
    }
    BY_SYMBOL
        .iter()
        .position(|&known| known == letter)
        .and_then(|place| u8::try_from(place).ok())
}

/// The letter of a symbol.
pub(super) fn letter(symbol: u8) -> Option<char> {
    BY_SYMBOL
        .get(usize::from(symbol))
        .copied()
        .filter(|&letter| letter != '\0')
}

/// The letter of each symbol; NUL for the symbols that stand for none.
static BY_SYMBOL: [char; 64] = by_symbol();

const fn by_symbol() -> [char; 64] {
    let mut letters = ['\0'; 64];
    let (mut row, mut symbol) = (0, 1);
    #[expect(
        clippy::indexing_slicing,
        reason = "computed when compiling: a wrong index cannot reach the program"
    )]
    while row < LETTERS.len() {
        let bytes = LETTERS[row].as_bytes();
        let mut place = 0;
        while place < bytes.len() {
            if bytes[place] < 0x80 {
                letters[symbol] = bytes[place] as char;
                place += 1;
            } else {
                // All accented letters of the table are two bytes long: 110xxxxx 10xxxxxx.
                let code = (bytes[place] as u32 & 0x1F) << 6 | bytes[place + 1] as u32 & 0x3F;
                letters[symbol] = match char::from_u32(code) {
                    Some(letter) => letter,
                    None => '\0',
                };
                place += 2;
            }
            symbol += 1;
        }
        row += 1;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{letter, symbols};

    #[test]
    fn symbols_and_letters_agree() {
        assert_eq!(symbols(b'a'), Some((1, 8)));
        assert_eq!(symbols(b'b'), Some((8, 9)));
        assert_eq!(
            symbols(b'z').map(|(first, _)| letter(first)),
            Some(Some('z'))
        );
        assert_eq!(
            (letter(1), letter(2), letter(10)),
            (Some('a'), Some('à'), Some('ç'))
        );
        assert_eq!((symbols(b'-'), letter(0), letter(63)), (None, None, None));
    }
}
