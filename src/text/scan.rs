//! The fast path: words of ASCII and Latin-1 letters, eight bytes at a time.

use super::cache::Key;

const fn repeat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

const HIGH: u64 = repeat(0x80);

/// The eight bytes from `at`, zeros after the end, the first one lowest.
#[inline]
fn load(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(chunk) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*chunk);
    }
    let mut chunk = [0; 8];
    for (to, from) in chunk.iter_mut().zip(rest) {
        *to = *from;
    }
    u64::from_le_bytes(chunk)
}

/// The high bit of each byte that can't be part of a plain word: one that is
/// neither an ASCII letter, nor 0xC3 (which leads the letters of Latin-1), nor
/// a continuation byte (whose lead was seen before).
#[inline]
fn stops(chunk: u64) -> u64 {
    let lower = (chunk | repeat(0x20)) & !HIGH;
    let from_a = lower + repeat(0x80 - b'a');
    let after_z = lower + repeat(0x7f - b'z');
    let ascii_letter = from_a & !after_z & !chunk;
    let continuation = chunk & !(chunk << 1);
    let lead = chunk ^ repeat(0xc3);
    let not_lead = ((lead & !HIGH) + !HIGH) | lead;
    !(ascii_letter | continuation | !not_lead) & HIGH
}

/// A run of plain letters, and its bytes as a key.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) key: Key,
    pub(super) start: usize,
    pub(super) length: usize,
}

impl Run {
    #[inline(always)]
    pub(super) fn end(&self) -> usize {
        self.start + self.length
    }
}

/// The run of plain letters from `at`; `None` if it has 16 bytes or more.
///
/// × and ÷ are in Latin-1 too: words that hold them are found out later, by
/// the look-up that fails.
#[inline(always)]
pub(super) fn run(bytes: &[u8], at: usize) -> Option<Run> {
    let first = load(bytes, at);
    let stop = stops(first);
    if stop != 0 {
        return Some(Run {
            key: [head(first, stop), 0],
            start: at,
            length: place(stop),
        });
    }
    let second = load(bytes, at + 8);
    let stop = stops(second);
    (stop != 0).then(|| Run {
        key: [first, head(second, stop)],
        start: at,
        length: 8 + place(stop),
    })
}

/// The bytes before the first stop.
#[inline]
fn head(chunk: u64, stop: u64) -> u64 {
    chunk & ((stop & stop.wrapping_neg()) >> 7).wrapping_sub(1)
}

#[inline]
fn place(stop: u64) -> usize {
    stop.trailing_zeros() as usize / 8
}

/// The key of a word of at most 16 bytes.
pub(super) fn key(word: &[u8]) -> Key {
    [load(word, 0), load(word, 8)]
}

/// What a byte after or before a word means to the fast path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Ends a word, starts none.
    Plain,
    /// A letter, or the lead byte of a Latin-1 one.
    Letter,
    Apostrophe,
    Hyphen,
    Dot,
    /// The lead byte of U+0080–U+00BF: no-break space, guillemets, …
    LatinSign,
    /// The lead byte of U+2000–U+2FFF: typographic signs, …
    Typography,
    /// Everything that the rules look at: digits, `(`, `/`, other scripts.
    Rules,
}

/// The class of each byte.
static CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        // In range by the loop's bound; a constant that panics won't compile.
        #[allow(clippy::indexing_slicing)]
        {
            classes[byte] = match byte as u8 {
                b'a'..=b'z' | b'A'..=b'Z' | 0xc3 => Class::Letter,
                b'\'' => Class::Apostrophe,
                b'-' => Class::Hyphen,
                b'.' => Class::Dot,
                0xc2 => Class::LatinSign,
                0xe2 => Class::Typography,
                b'0'..=b'9' | b'(' | b'/' | b'`' | b'$' | b'+' | b'#' | b'&' => Class::Rules,
                0x80.. => Class::Rules,
                _ => Class::Plain,
            };
        }
        byte += 1;
    }
    classes
};

/// The class of the byte at `at`; the end of the text is plain.
#[inline]
pub(super) fn class(bytes: &[u8], at: usize) -> Class {
    bytes
        .get(at)
        .and_then(|&byte| CLASSES.get(usize::from(byte)))
        .copied()
        .unwrap_or(Class::Plain)
}

/// What follows a run of plain letters.
pub(super) enum After {
    /// The word is over.
    Over,
    /// An apostrophe; the next character is at `next`.
    Apostrophe { next: usize },
    /// The rules must look.
    Rules,
}

/// What stands at `end`, where a run of plain letters ends.
#[inline]
pub(super) fn after(bytes: &[u8], end: usize) -> After {
    match class(bytes, end) {
        Class::Plain => After::Over,
        Class::Apostrophe => After::Apostrophe { next: end + 1 },
        Class::Hyphen | Class::Dot => match class(bytes, end + 1) {
            // `mot-`, `mot.`: only a letter or digit goes on.
            Class::Plain | Class::Apostrophe | Class::Dot | Class::LatinSign => After::Over,
            _ => After::Rules,
        },
        Class::LatinSign => match bytes.get(end + 1) {
            // No-break space and guillemets.
            Some(0xa0 | 0xab | 0xbb) => After::Over,
            _ => After::Rules,
        },
        Class::Typography => match (bytes.get(end + 1), bytes.get(end + 2)) {
            (Some(0x80), Some(0x99)) => After::Apostrophe { next: end + 3 },
            // Em dash, quotation marks, ellipsis, narrow no-break space.
            (Some(0x80), Some(0x94 | 0x9c | 0x9d | 0xa6 | 0xaf)) => After::Over,
            _ => After::Rules,
        },
        Class::Letter | Class::Rules => After::Rules,
    }
}

/// Whether the run is an elided word before the vowel at `next`: the plainest
/// elisions, which are one word in nine of French prose.
#[inline]
pub(super) fn is_elided(run: &Run, bytes: &[u8], next: usize) -> bool {
    let [key, ..] = run.key;
    let elidable = match run.length {
        1 => matches!(
            key as u8 | 0x20,
            b'l' | b'd' | b'j' | b'm' | b't' | b's' | b'n' | b'c'
        ),
        2 => key | 0x2020 == u64::from(u16::from_le_bytes(*b"qu")),
        _ => false,
    };
    elidable
        && match bytes.get(next) {
            Some(letter) if letter.is_ascii() => {
                matches!(
                    letter | 0x20,
                    b'a' | b'e' | b'h' | b'i' | b'o' | b'u' | b'y'
                )
            }
            // À–Æ, È–Ï, Ò–Ö, Ù–Ü and their small letters.
            Some(0xc3) => bytes.get(next + 1).is_some_and(
                |letter| matches!(letter & 0x1f, 0..=6 | 8..=0xf | 0x12..=0x16 | 0x19..=0x1c),
            ),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_every_byte_that_is_no_letter() {
        for byte in 0..=255u8 {
            let expected =
                !(byte.is_ascii_alphabetic() || byte == 0xc3 || (0x80..0xc0).contains(&byte));
            for place in 0..8 {
                let mut bytes = [b'a'; 8];
                bytes
                    .iter_mut()
                    .skip(place)
                    .take(1)
                    .for_each(|at| *at = byte);
                let expected = if expected { 0x80 << (8 * place) } else { 0 };
                assert_eq!(
                    stops(u64::from_le_bytes(bytes)),
                    expected,
                    "{byte:#x} at {place}"
                );
            }
        }
    }

    #[test]
    fn runs_give_the_key_of_their_word() {
        for word in ["", "à", "pêche", "huitlett", "neuflettr", "quinzelettresaa"] {
            for after in ["", " ", ", et puis beaucoup d'autres mots"] {
                let text = format!("{word}{after}");
                let Some(run) = run(text.as_bytes(), 0) else {
                    panic!("{text} is short")
                };
                assert_eq!(run.length, word.len(), "{text}");
                assert_eq!(run.key, key(word.as_bytes()), "{text}");
            }
        }
        assert!(run("abcdefghijklmnop".as_bytes(), 0).is_none());
    }
}
