//! The table: a minimal automaton over the spellings, whose accepting states name a class of readings.

use std::collections::{BTreeMap, HashMap};

use crate::spelling::symbol;

/// A state: the class of the word that ends here, if one does, and its edges by rising symbol.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct State {
    class: Option<usize>,
    edges: Vec<(u8, usize)>,
}

/// Builds the minimal automaton from words in rising order of their symbols.
///
/// States are merged as soon as no later word can change them (Daciuk, Mihov, Watson and Watson, 2000).
#[derive(Default)]
pub struct Builder {
    states: Vec<State>,
    register: HashMap<State, usize>,
    path: Vec<(u8, State)>,
    root: State,
    previous: Vec<u8>,
}

impl Builder {
    /// Adds a word, as symbols, that is greater than the one before.
    fn add(&mut self, symbols: Vec<u8>, class: usize) {
        let shared = self.previous.iter().zip(&symbols).take_while(|(old, new)| old == new).count();
        self.freeze(shared);
        for &symbol in symbols.iter().skip(shared) {
            self.path.push((symbol, State::default()));
        }
        if let Some((_, state)) = self.path.last_mut() {
            state.class = Some(class);
        }
        self.previous = symbols;
    }

    /// Turns the states of the path beyond `depth` into final ones.
    fn freeze(&mut self, depth: usize) {
        while self.path.len() > depth {
            let Some((symbol, state)) = self.path.pop() else { return };
            let number = *self.register.entry(state).or_insert_with_key(|state| {
                self.states.push(state.clone());
                self.states.len() - 1
            });
            let parent = self.path.last_mut().map_or(&mut self.root, |(_, parent)| parent);
            parent.edges.push((symbol, number));
        }
    }

    /// Ends the building and writes the automaton. Returns its bytes, the number of states and of edges.
    fn finish(mut self, class_numbers: &[u16]) -> Result<(Vec<u8>, usize, usize), String> {
        self.freeze(0);
        let root = std::mem::take(&mut self.root);
        self.states.push(root);
        let edges = self.states.iter().map(|state| state.edges.len()).sum();
        Ok((write(&self.states, class_numbers)?, self.states.len(), edges))
    }
}

/// Marks the last edge of a state.
const LAST: u8 = 0x40;
/// Marks an edge whose target follows its state at once, so that no distance is written.
const NEXT: u8 = 0x80;
/// Starts a state that is written as a map.
const MAP: u8 = 0xFF;
/// From this many edges on, a state is written as a map: larger, but found in without a search.
const MAP_FROM: usize = 4;

/// Writes the states so that every edge leads forward, the root first.
///
/// Written from the end, so that the distance to a target is known when its edge is written.
///
/// - A state of few edges is a list of them: an edge is one byte (symbol, [`LAST`], [`NEXT`]) and, without [`NEXT`], the
///   distance from its own end to the target as a variable-length number. If a word ends here, the list starts with the
///   byte of symbol 0 and the class number in two bytes.
/// - A state of many edges is [`MAP`], eight bytes that have a bit for each symbol, and three bytes for each bit: the
///   distance from the end of the state to the target, or for symbol 0 the class number.
fn write(states: &[State], class_numbers: &[u16]) -> Result<Vec<u8>, String> {
    let mut order = Vec::with_capacity(states.len());
    let mut seen = vec![false; states.len()];
    visit(states, states.len() - 1, &mut seen, &mut order);
    let mut reversed: Vec<u8> = Vec::new();
    let mut starts = vec![0; states.len()]; // distances from the end of the table
    let mut written_last = None;
    for number in order {
        let Some(state) = states.get(number) else { continue };
        let class = state.class.and_then(|class| class_numbers.get(class)).copied();
        let distance = |target: usize, here: usize| here - starts.get(target).copied().unwrap_or_default();
        if state.edges.len() >= MAP_FROM {
            let here = reversed.len();
            let mut map: u64 = 0;
            let mut cells = Vec::new();
            for (symbol, value) in class
                .map(|class| (0, usize::from(class)))
                .into_iter()
                .chain(state.edges.iter().map(|&(symbol, target)| (symbol, distance(target, here))))
            {
                map |= 1 << symbol;
                let [low, middle, high, 0] = u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes() else {
                    return Err("the table is too large".to_owned());
                };
                cells.extend([low, middle, high]);
            }
            reversed.extend(cells.iter().rev());
            reversed.extend(map.to_be_bytes());
            reversed.push(MAP);
        } else {
            let mut last = LAST;
            for &(symbol, target) in state.edges.iter().rev() {
                if last == LAST && written_last == Some(target) {
                    reversed.push(symbol | LAST | NEXT);
                } else {
                    let mut encoded = Vec::new();
                    push_number(distance(target, reversed.len()), &mut encoded);
                    reversed.extend(encoded.iter().rev());
                    reversed.push(symbol | last);
                }
                last = 0;
            }
            if let Some(class) = class {
                let [low, high] = class.to_le_bytes();
                reversed.extend([high, low, last]);
            }
        }
        if let Some(start) = starts.get_mut(number) {
            *start = reversed.len();
        }
        written_last = Some(number);
    }
    reversed.reverse();
    Ok(reversed)
}

/// Lists the states so that each comes after all its targets, the target of its last edge right before it if possible.
fn visit(states: &[State], number: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    let Some(mark) = seen.get_mut(number) else { return };
    if std::mem::replace(mark, true) {
        return;
    }
    for &(_, target) in states.get(number).map(|state| state.edges.as_slice()).unwrap_or_default() {
        visit(states, target, seen, order);
    }
    order.push(number);
}

/// Appends a number, seven bits a byte, the lowest first; the top bit says that more follow.
pub fn push_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes().first().copied().unwrap_or_default() | 0x80);
        number >>= 7;
    }
    bytes.extend(number.to_le_bytes().first());
}

/// What the compiled table weighs, for the notes.
pub struct Figures {
    /// Number of spellings.
    pub spellings: usize,
    /// Number of classes of readings.
    pub classes: usize,
    /// States of the automaton.
    pub states: usize,
    /// Edges of the automaton.
    pub edges: usize,
    /// Bytes of the automaton.
    pub automaton_bytes: usize,
    /// Bytes of the classes.
    pub class_bytes: usize,
}

/// A number that changes when the table does (FNV-1a).
fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mix = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    parts.iter().copied().flatten().fold(0xCBF2_9CE4_8422_2325, mix)
}

/// Compiles spellings and their encoded readings into the table.
pub fn compile(words: &BTreeMap<String, Vec<u8>>) -> Result<(Vec<u8>, Figures), String> {
    let mut uses: HashMap<&Vec<u8>, usize> = HashMap::new();
    for readings in words.values() {
        *uses.entry(readings).or_default() += 1;
    }
    // Frequent classes first: those that most words need then lie together in the processor's cache.
    let mut classes: Vec<(&Vec<u8>, usize)> = uses.into_iter().collect();
    classes.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    let mut class_bytes = Vec::new();
    let mut numbers = Vec::new();
    let mut class_of: HashMap<&Vec<u8>, usize> = HashMap::new();
    for (place, (readings, _)) in classes.iter().enumerate() {
        // A class number is half the class's offset, so that two bytes reach 128 KiB.
        let number = u16::try_from(class_bytes.len() / 2).map_err(|_| "too many classes of readings".to_owned())?;
        numbers.push(number);
        class_of.insert(readings, place);
        class_bytes.extend_from_slice(readings);
        if class_bytes.len() % 2 == 1 {
            class_bytes.push(0);
        }
    }
    let mut coded: Vec<(Vec<u8>, usize)> = words
        .iter()
        .filter_map(|(word, readings)| {
            let symbols: Option<Vec<u8>> = word.chars().map(symbol).collect();
            Some((symbols?, *class_of.get(readings)?))
        })
        .collect();
    coded.sort();
    let mut builder = Builder::default();
    let longest = coded.iter().map(|(symbols, _)| symbols.len()).max().unwrap_or_default();
    for (symbols, class) in coded {
        builder.add(symbols, class);
    }
    let (automaton, states, edges) = builder.finish(&numbers)?;
    let mut table = b"trouvaille lexicon 1".to_vec();
    table.extend(fingerprint(&[&class_bytes, &automaton]).to_le_bytes());
    table.extend(u32::try_from(longest).map_err(|_| "a word is too long".to_owned())?.to_le_bytes());
    table.extend(u32::try_from(class_bytes.len()).map_err(|_| "the classes are too large".to_owned())?.to_le_bytes());
    table.extend_from_slice(&class_bytes);
    table.extend_from_slice(&automaton);
    let figures = Figures {
        spellings: words.len(),
        classes: classes.len(),
        states,
        edges,
        automaton_bytes: automaton.len(),
        class_bytes: class_bytes.len(),
    };
    Ok((table, figures))
}
