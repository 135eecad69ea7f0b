//! Where the documents of a block have the term.

use super::super::positions::DocumentPositions;
use super::{BLOCK, PostingList};

/// The positions of so many documents or more of a block may be decoded at once.
const MANY: usize = 8;

impl PostingList {
    /// Fetches the first positions of the block at hand, which are read soon.
    pub(in crate::engine) fn prefetch_positions(&mut self) {
        if let Some(positions) = &mut self.positions {
            positions.prefetch(self.positions_before);
        }
    }

    /// Reads the positions of the document at hand, in order. None where the list was opened without.
    pub(in crate::engine) fn positions(&mut self, found: &mut Vec<u32>) {
        found.clear();
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        if self.index < BLOCK
            && let Some(positions) = self.positions_of(self.index)
        {
            found.extend(positions.iter());
        }
    }

    /// Adds the positions of the documents at `places` of the block at hand, which are in order: each as the
    /// document in the upper half, and the position behind it plus `shift`.
    #[inline]
    pub(in crate::engine) fn positions_at(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        shift: u32,
        found: &mut Vec<u64>,
    ) {
        self.gather(places.len());
        for place in places {
            let first = (u64::from(self.docs[place % BLOCK]) << 32) + u64::from(shift);
            if let Some(positions) = self.positions_of(place) {
                found.extend(positions.iter().map(|position| first + u64::from(position)));
            }
        }
    }

    /// Adds those of `wanted` to `found` that [`positions_at`](Self::positions_at) would add. They are in order,
    /// and taken away up to the last of the documents.
    #[inline]
    pub(in crate::engine) fn keep_positions_at(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        shift: u32,
        wanted: &mut &[u64],
        found: &mut Vec<u64>,
    ) {
        self.gather(places.len());
        for place in places {
            let doc = u64::from(self.docs[place % BLOCK]) << 32;
            let Some(mut positions) = self.positions_of(place) else {
                return;
            };
            let is_long = positions.is_long();
            while let Some((first, behind)) = wanted.split_first()
                && *first >> 32 <= doc >> 32
            {
                *wanted = behind;
                let position = first.wrapping_sub(doc + u64::from(shift));
                let Ok(position) = u32::try_from(position) else {
                    continue;
                };
                if is_long {
                    positions.pass(position);
                }
                if positions.have(position) {
                    found.push(*first);
                }
            }
        }
    }

    /// Adds where documents that are at a place of the block at hand and at one of the block that `other` is at have
    /// both terms so far apart as the shifts tell: each as [`positions_at`](Self::positions_at) would add it.
    #[inline]
    pub(in crate::engine) fn common_positions_at(
        &mut self,
        shift: u32,
        other: &mut PostingList,
        other_shift: u32,
        places: impl ExactSizeIterator<Item = (usize, usize)>,
        found: &mut Vec<u64>,
    ) {
        self.gather(places.len());
        other.gather(places.len());
        let difference = shift.wrapping_sub(other_shift);
        for (place, other_place) in places {
            let first = (u64::from(self.docs[place % BLOCK]) << 32) + u64::from(shift);
            let (own, of_other) = (self.positions_of(place), other.positions_of(other_place));
            let (Some(own), Some(mut of_other)) = (own, of_other) else {
                return;
            };
            let is_long = of_other.is_long();
            for position in own.iter() {
                let wanted = position.wrapping_add(difference);
                // Before the text there is none, and none to be passed by.
                if is_long && wanted.cast_signed() >= 0 {
                    of_other.pass(wanted);
                }
                if of_other.have(wanted) {
                    found.push(first + u64::from(position));
                }
            }
        }
    }

    /// Makes ready to read the positions of so many documents of the block at hand: where that is not much more, those
    /// of all its documents are decoded at once.
    #[inline]
    fn gather(&mut self, wanted: usize) {
        if wanted == 0 {
            return;
        }
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        let Some(positions) = &mut self.positions else {
            return;
        };
        if wanted < MANY || self.is_gathered {
            return;
        }
        let count = match self.summary.best {
            Some(_) => u64::from(self.summary.positions),
            None => {
                let frequencies = self.frequencies.iter();
                frequencies.map(|frequency| u64::from(*frequency)).sum()
            }
        };
        if count <= (wanted * BLOCK) as u64 {
            let start = positions.decode(self.positions_before, count);
            let mut sum: u64 = 0;
            self.offsets.clear();
            self.offsets
                .extend(self.frequencies.iter().map(|frequency| {
                    let offset = start.saturating_add(sum as u32);
                    sum += u64::from(*frequency);
                    offset
                }));
            // Not where the block is damaged: no position is read twice.
            self.is_gathered = sum == count;
        }
    }

    /// The positions of the document at a place of the block at hand, whose frequencies are decoded. Cheapest in
    /// the order of the documents.
    #[inline]
    fn positions_of(&mut self, place: usize) -> Option<DocumentPositions<'_>> {
        let place = place % BLOCK;
        let positions = self.positions.as_mut()?;
        let frequency = self.frequencies[place];
        if self.is_gathered {
            let offset = self.offsets.get(place).copied().unwrap_or(u32::MAX);
            return Some(positions.decoded(offset, frequency));
        }
        if place < self.summed {
            (self.sum, self.summed) = (0, 0);
        }
        let passed = self.frequencies.get(self.summed..place).unwrap_or_default();
        // Without overflow: no position is read twice, whatever damaged frequencies say.
        let passed = passed.iter().map(|frequency| u64::from(*frequency));
        self.sum += passed.sum::<u64>();
        self.summed = place;
        Some(positions.read(self.positions_before + self.sum, frequency))
    }
}
