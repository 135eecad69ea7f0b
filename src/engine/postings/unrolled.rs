//! [`UnrolledList`]: bytes that grow at the end, in the blocks of an arena that many lists share.
//!
//! The engine's own list doubles its blocks: a quarter of what it takes stays empty, and segments are as many articles
//! as fit into the memory of a writer. Here a block is a quarter of those before it, and segments have a fifth more
//! articles.

use tantivy_stacker::{Addr, MemoryArena};

/// The sizes of the first blocks; those behind have the size of the last one.
const SIZES: [u16; BLOCKS] = sizes();
/// Until they are no longer a quarter.
const BLOCKS: usize = 30;
const LEAST: u32 = 36;
const MOST: u32 = 8_192;

const fn sizes() -> [u16; BLOCKS] {
    let mut sizes = [0; BLOCKS];
    let (mut block, mut before) = (0, 0);
    while block < sizes.len() {
        let quarter = before / 4;
        let size = match quarter {
            0..LEAST => LEAST,
            LEAST..MOST => quarter,
            _ => MOST,
        };
        sizes[block] = size as u16;
        before += size;
        block += 1;
    }
    sizes
}

fn size_of_block(number: u32) -> u16 {
    let size = SIZES.get(number as usize).or(SIZES.last());
    size.copied().unwrap_or(MOST as u16)
}

/// A block ends with the address of the next one.
#[derive(Clone, Copy)]
pub(super) struct UnrolledList {
    /// How many bytes the last block has room for.
    room: u16,
    blocks: u32,
    first: Addr,
    /// Behind the last byte.
    end: Addr,
}

impl Default for UnrolledList {
    fn default() -> UnrolledList {
        UnrolledList {
            room: 0,
            blocks: 0,
            first: Addr::null_pointer(),
            end: Addr::null_pointer(),
        }
    }
}

impl UnrolledList {
    #[inline]
    pub(super) fn extend(&mut self, mut bytes: &[u8], arena: &mut MemoryArena) {
        while !bytes.is_empty() {
            if self.room == 0 {
                self.add_block(arena);
            }
            let (fitting, rest) = bytes.split_at(bytes.len().min(self.room.into()));
            arena
                .slice_mut(self.end, fitting.len())
                .copy_from_slice(fitting);
            self.end = self.end.offset(fitting.len() as u32);
            self.room -= fitting.len() as u16;
            bytes = rest;
        }
    }

    fn add_block(&mut self, arena: &mut MemoryArena) {
        let size = size_of_block(self.blocks);
        let block = arena.allocate_space(usize::from(size) + size_of::<Addr>());
        match self.blocks {
            0 => self.first = block,
            _ => arena.write_at(self.end, block),
        }
        (self.end, self.room) = (block, size);
        self.blocks += 1;
    }

    /// Adds all bytes to `found`.
    pub(super) fn read(&self, arena: &MemoryArena, found: &mut Vec<u8>) {
        let mut block = self.first;
        for number in 1..=self.blocks {
            let size = usize::from(size_of_block(number - 1));
            if number == self.blocks {
                let used = size.saturating_sub(self.room.into());
                found.extend_from_slice(arena.slice(block, used));
                return;
            }
            found.extend_from_slice(arena.slice(block, size));
            block = arena.read(block.offset(size as u32));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_read() {
        let mut arena = MemoryArena::default();
        let mut lists: Vec<(UnrolledList, Vec<u8>)> = vec![Default::default(); 40];
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        // In turns, so that the blocks of one list lie between those of others.
        for turn in 0..3_000 {
            for (number, (list, expected)) in lists.iter_mut().enumerate() {
                let start = (turn * 7 + number) % 200;
                let added = &bytes[start..start + turn % (number + 1)];
                list.extend(added, &mut arena);
                expected.extend_from_slice(added);
            }
        }
        for (list, expected) in &lists {
            let mut found = Vec::new();
            list.read(&arena, &mut found);
            assert!(found == *expected);
        }
    }

    #[test]
    fn little_stays_empty() {
        assert_eq!(SIZES.last(), Some(&(MOST as u16)));
        for length in [500, 5_000, 50_000, 500_000] {
            let mut arena = MemoryArena::default();
            let mut list = UnrolledList::default();
            list.extend(&vec![0; length], &mut arena);
            assert!(arena.len() < length * 13 / 10, "{length}: {}", arena.len());
        }
    }
}
