//! Bytes to text: UTF-8, UTF-16 and Windows-1252, told apart and said.

use std::io::{self, BufRead, Read};

/// What Windows-1252 has between 0x80 and 0x9f; the rest is as in Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a whole file or field, and what was noticed: nothing for plain UTF-8.
///
/// What is not UTF-8 is Windows-1252, as old sites and spreadsheets write; but where there are more
/// characters of UTF-8 than bytes that are not, it is UTF-8 with some bytes damaged.
pub(super) fn decode(bytes: Vec<u8>) -> (String, Option<String>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error.into_bytes(),
    };
    let mut characters = 0_usize;
    let mut damaged = 0_usize;
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    if characters > damaged {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let note = format!("not all of it is UTF-8: {damaged} damaged places replaced by \u{fffd}");
        (text, Some(note))
    } else {
        (
            windows_1252(&bytes),
            Some("not UTF-8: read as Windows-1252".to_owned()),
        )
    }
}

pub(super) fn windows_1252(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9f => usize::from(*byte)
                .checked_sub(0x80)
                .and_then(|at| WINDOWS_1252.get(at))
                .copied()
                .unwrap_or('\u{fffd}'),
            byte => char::from(*byte),
        })
        .collect()
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    Utf8,
    Utf16Little,
    Utf16Big,
    Nothing,
}

impl Marked {
    /// By the byte order mark; or, without one, by the zero bytes that UTF-16 puts between the
    /// letters of French.
    pub(super) fn of(start: &[u8]) -> Marked {
        match start {
            [0xef, 0xbb, 0xbf, ..] => return Marked::Utf8,
            [0xff, 0xfe, ..] => return Marked::Utf16Little,
            [0xfe, 0xff, ..] => return Marked::Utf16Big,
            _ => {}
        }
        let pairs = start.chunks_exact(2).take(64);
        let (mut little, mut big, mut all) = (0, 0, 0);
        for pair in pairs {
            all += 1;
            match pair {
                [0, 0] => {}
                [_, 0] => little += 1,
                [0, _] => big += 1,
                _ => {}
            }
        }
        match (little, big) {
            (_, 0) if all >= 4 && little * 4 >= all * 3 => Marked::Utf16Little,
            (0, _) if all >= 4 && big * 4 >= all * 3 => Marked::Utf16Big,
            _ => Marked::Nothing,
        }
    }
}

/// UTF-16 read as UTF-8.
pub(super) struct Utf16<R> {
    inner: R,
    big: bool,
    /// Read, not yet given.
    ready: Vec<u8>,
    given: usize,
    /// A first surrogate, waiting for its second.
    pending: Option<u16>,
}

impl<R: BufRead> Utf16<R> {
    pub(super) fn new(inner: R, big: bool) -> Utf16<R> {
        Utf16 {
            inner,
            big,
            ready: Vec::new(),
            given: 0,
            pending: None,
        }
    }

    fn unit(&mut self) -> io::Result<Option<u16>> {
        let mut pair = [0; 2];
        let mut filled = 0;
        while filled < 2 {
            let Some(room) = pair.get_mut(filled..) else {
                break;
            };
            match self.inner.read(room) {
                // Half a unit at the end of a file that was cut short says nothing.
                Ok(0) => return Ok(None),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(if self.big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }))
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let mut units: Vec<u16> = self.pending.take().into_iter().collect();
        while units.len() < 4096 {
            match self.unit()? {
                Some(unit) => units.push(unit),
                None => break,
            }
        }
        // A full batch may end between two surrogates.
        if units.len() >= 4096
            && units
                .last()
                .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
        {
            self.pending = units.pop();
        }
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or('\u{fffd}');
            let mut bytes = [0; 4];
            self.ready
                .extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.ready.len() {
            self.fill()?;
        }
        let left = self.ready.get(self.given..).unwrap_or_default();
        let length = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), left.get(..length)) {
            to.copy_from_slice(from);
        }
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_apart() {
        assert_eq!(decode("été".into()), ("été".to_owned(), None));
        let (text, note) = decode(b"\xe9t\xe9 \x80 c\x9cur".to_vec());
        assert_eq!((text.as_str(), note.is_some()), ("été € cœur", true));
        let (text, note) = decode([b"d\xc3\xa9j\xc3\xa0 vu ".as_slice(), b"\xff"].concat());
        assert_eq!(text, "déjà vu \u{fffd}");
        assert!(note.unwrap().contains("1 damaged"));
    }

    #[test]
    fn utf_16() {
        let text = "Né à Thiès 🚴 en 1980. ".repeat(600);
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Marked::of(&units), Marked::Utf16Big);
        let mut read = String::new();
        Utf16::new(units.as_slice(), true)
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, text);
        let cut = units.get(..units.len() - 1).unwrap();
        let mut read = String::new();
        Utf16::new(cut, true).read_to_string(&mut read).unwrap();
        assert_eq!(read.chars().count(), text.chars().count() - 1);
        assert_eq!(Marked::of("Le texte".as_bytes()), Marked::Nothing);
    }
}
