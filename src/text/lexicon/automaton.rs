//! Reading the compiled table.
//!
//! The table is a minimal automaton over accented spellings; each state is written in one of two ways.
//! - A list of edges by rising symbol: an edge is one byte (six bits of symbol, [`LAST`] of its state, target [`NEXT`] to
//!   the state's end) and, without [`NEXT`], the distance from the edge's end to its target, seven bits a byte.
//! - For states of many edges, [`MAP`], a bit for each symbol, and three bytes for each bit that is set: the distance
//!   from the state's end to the target.
//!
//! Symbol 0 stands for the end of a word; in place of a target it has the word's class, which is the place of its
//! readings, halved. Everything is read through bounds checks: a damaged table gives wrong words, never a panic.

use super::alphabet;

const MAGIC: &[u8] = b"trouvaille lexicon 1";
const SYMBOL: u8 = 0x3F;
const LAST: u8 = 0x40;
const NEXT: u8 = 0x80;
const MAP: u8 = 0xFF;

/// The table, ready to be read.
#[derive(Clone, Copy)]
pub(super) struct Automaton<'a> {
    /// A number that changes when the table does.
    pub(super) fingerprint: u64,
    /// Length of the longest word in letters; nothing longer needs a look.
    longest: usize,
    classes: &'a [u8],
    states: &'a [u8],
}

/// An edge, or the end of a word.
struct Edge {
    symbol: u8,
    /// Where the target starts; for the end of a word (symbol 0), its class.
    target: usize,
}

/// The edges of a state, of which those are wanted whose symbols have a bit in `wanted`.
struct Edges<'a> {
    states: &'a [u8],
    wanted: u64,
    /// Where the next edge of a list starts, or the three bytes of a map's first symbol.
    at: usize,
    /// The symbols of a map; 0 for a list.
    map: u64,
}

/// The bits of the symbols from `first` to before `end`.
fn bits(first: u8, end: u8) -> u64 {
    let below = |symbol: u8| {
        1_u64
            .checked_shl(u32::from(symbol))
            .map_or(u64::MAX, |bit| bit - 1)
    };
    below(end) & !below(first)
}

impl<'a> Edges<'a> {
    #[inline]
    fn new(states: &'a [u8], state: usize, wanted: u64) -> Self {
        let map = match states.get(state..).and_then(<[u8]>::split_first) {
            Some((&MAP, rest)) => rest
                .first_chunk::<8>()
                .map_or(0, |map| u64::from_le_bytes(*map)),
            Some(_) => {
                return Self {
                    states,
                    wanted,
                    at: state,
                    map: 0,
                };
            }
            None => 0,
        };
        // Without any symbol to report, a damaged map is not taken for a list.
        Self {
            states,
            wanted: wanted & map,
            at: state + 9,
            map,
        }
    }

    /// The next edge of a map.
    #[inline]
    fn next_in_map(&mut self) -> Option<Edge> {
        let bit = self.wanted & self.wanted.wrapping_neg();
        self.wanted ^= bit;
        let place = self.at + 3 * (self.map & (bit - 1)).count_ones() as usize;
        let &[low, middle, high] = self.states.get(place..)?.first_chunk::<3>()?;
        let value = u32::from_le_bytes([low, middle, high, 0]) as usize;
        let symbol = bit.trailing_zeros() as u8;
        let end = self.at + 3 * self.map.count_ones() as usize;
        Some(Edge {
            symbol,
            target: if symbol == 0 { 2 * value } else { end + value },
        })
    }
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    #[inline]
    fn next(&mut self) -> Option<Edge> {
        while self.wanted != 0 {
            if self.map != 0 {
                return self.next_in_map();
            }
            let (edge, end, last) = list_edge(self.states, self.at)?;
            self.at = end;
            let found = self.wanted >> edge.symbol & 1 != 0;
            // Symbols rise: nothing wanted can follow the last edge, or an edge beyond all wanted symbols.
            if last || self.wanted >> edge.symbol <= 1 {
                self.wanted = 0;
            }
            if found {
                return Some(edge);
            }
        }
        None
    }
}

/// Reads the edge of a list at `start`: the edge, where it ends, and whether it is the last of its state.
#[inline]
fn list_edge(states: &[u8], start: usize) -> Option<(Edge, usize, bool)> {
    let bytes = states.get(start..)?;
    let head = *bytes.first()?;
    let symbol = head & SYMBOL;
    let (target, end) = if symbol == 0 {
        let &[_, low, high] = bytes.first_chunk::<3>()?;
        (2 * usize::from(u16::from_le_bytes([low, high])), start + 3)
    } else if head & NEXT != 0 {
        (start + 1, start + 1)
    } else {
        let (mut distance, mut length) = (0, 1);
        loop {
            let byte = *bytes.get(length)?;
            distance |= usize::from(byte & 0x7F).checked_shl(7 * (length as u32 - 1))?;
            length += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        (start + length + distance, start + length)
    };
    Some((Edge { symbol, target }, end, head & LAST != 0))
}

/// One reading as the table holds it.
pub(super) struct Reading<'a> {
    /// How many bytes to take off the end of the spelling,
    pub strip: usize,
    /// and what to put there instead, to get the lemma.
    pub append: &'a str,
    /// The number of the part of speech; the top bit marks a proper name.
    pub kind: u8,
}

/// The readings of a class.
pub(super) struct Readings<'a> {
    left: u8,
    bytes: &'a [u8],
}

impl<'a> Iterator for Readings<'a> {
    type Item = Reading<'a>;

    #[inline]
    fn next(&mut self) -> Option<Reading<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (&[strip, kind, length], rest) = self.bytes.split_first_chunk::<3>()?;
        let (append, rest) = rest.split_at_checked(usize::from(length))?;
        self.bytes = rest;
        Some(Reading {
            strip: usize::from(strip),
            append: str::from_utf8(append).ok()?,
            kind,
        })
    }
}

impl<'a> Automaton<'a> {
    /// Reads the head of a table; `None` if it is not one.
    pub(super) const fn new(table: &'a [u8]) -> Option<Self> {
        let Some((magic, rest)) = table.split_at_checked(MAGIC.len()) else {
            return None;
        };
        let mut place = 0;
        while place < MAGIC.len() {
            #[expect(clippy::indexing_slicing, reason = "both have the length of MAGIC")]
            if magic[place] != MAGIC[place] {
                return None;
            }
            place += 1;
        }
        let Some((fingerprint, rest)) = rest.split_first_chunk::<8>() else {
            return None;
        };
        let Some((longest, rest)) = rest.split_first_chunk::<4>() else {
            return None;
        };
        let Some((class_bytes, rest)) = rest.split_first_chunk::<4>() else {
            return None;
        };
        let Some((classes, states)) =
            rest.split_at_checked(u32::from_le_bytes(*class_bytes) as usize)
        else {
            return None;
        };
        let fingerprint = u64::from_le_bytes(*fingerprint);
        Some(Self {
            fingerprint,
            longest: u32::from_le_bytes(*longest) as usize,
            classes,
            states,
        })
    }

    /// The edges of a state whose symbols have a bit in `wanted`.
    #[inline]
    fn edges(&self, state: usize, wanted: u64) -> Edges<'a> {
        Edges::new(self.states, state, wanted)
    }

    /// The readings of a class.
    pub(super) fn readings(&self, class: usize) -> Readings<'a> {
        match self.classes.get(class..).and_then(<[u8]>::split_first) {
            Some((&left, bytes)) => Readings { left, bytes },
            None => Readings {
                left: 0,
                bytes: &[],
            },
        }
    }

    /// The class of a spelling, if it is a word with just these accents.
    pub(super) fn class_of(&self, spelling: &str) -> Option<usize> {
        let mut state = 0;
        for letter in spelling.chars() {
            let symbol = alphabet::symbol(letter)?;
            state = self.edges(state, bits(symbol, symbol + 1)).next()?.target;
        }
        self.edges(state, bits(0, 1)).next().map(|end| end.target)
    }

    /// Whether a folded key has any spelling.
    pub(super) fn contains(&self, folded: &str) -> bool {
        folded.len() <= self.longest && self.leads_to_word(0, folded.as_bytes())
    }

    fn leads_to_word(&self, state: usize, rest: &[u8]) -> bool {
        let Some((&folded, rest)) = rest.split_first() else {
            return self.edges(state, bits(0, 1)).next().is_some();
        };
        alphabet::symbols(folded).is_some_and(|(first, end)| {
            self.edges(state, bits(first, end))
                .any(|edge| self.leads_to_word(edge.target, rest))
        })
    }

    /// Visits every spelling of a folded key, in the order of the table: its letters and its class.
    pub(super) fn spellings(
        &self,
        folded: &str,
        spelling: &mut String,
        visit: &mut impl FnMut(&str, usize),
    ) {
        spelling.clear();
        if folded.len() <= self.longest {
            self.descend(0, folded.as_bytes(), spelling, visit);
        }
    }

    /// Follows all edges whose letters fold to the first of `rest`. As deep as the word is long, which is bounded.
    fn descend(
        &self,
        state: usize,
        rest: &[u8],
        spelling: &mut String,
        visit: &mut impl FnMut(&str, usize),
    ) {
        let Some((&folded, rest)) = rest.split_first() else {
            if let Some(end) = self.edges(state, bits(0, 1)).next() {
                visit(spelling, end.target);
            }
            return;
        };
        let Some((first, end)) = alphabet::symbols(folded) else {
            return;
        };
        for edge in self.edges(state, bits(first, end)) {
            let length = spelling.len();
            if edge.symbol == first {
                spelling.push(char::from(folded));
            } else if let Some(letter) = alphabet::letter(edge.symbol) {
                spelling.push(letter);
            }
            self.descend(edge.target, rest, spelling, visit);
            spelling.truncate(length);
        }
    }

    /// Visits every word of the table in order.
    pub(super) fn every_word(&self, visit: &mut impl FnMut(&str)) {
        self.descend_everywhere(0, &mut String::new(), visit);
    }

    fn descend_everywhere(
        &self,
        state: usize,
        spelling: &mut String,
        visit: &mut impl FnMut(&str),
    ) {
        // In a damaged table edges might form endless chains; words longer than the longest cannot be.
        if spelling.len() > 2 * self.longest {
            return;
        }
        for edge in self.edges(state, u64::MAX) {
            if edge.symbol == 0 {
                visit(spelling);
            } else if let Some(letter) = alphabet::letter(edge.symbol) {
                spelling.push(letter);
                self.descend_everywhere(edge.target, spelling, visit);
                spelling.pop();
            }
        }
    }
}
