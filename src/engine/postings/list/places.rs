//! Where the documents of a block have the term.

use super::super::positions::Places;
use super::{BLOCK, PostingList};

/// The positions of so many documents or more of a block may be decoded at once.
const MANY: usize = 8;

impl PostingList {
    /// Reads the positions of the document at hand, in order. None where the list was opened without.
    pub(in crate::engine) fn positions(&mut self, found: &mut Vec<u32>) {
        found.clear();
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        if let Some(places) = self.places_at(self.index) {
            found.extend(places.iter());
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
            if let Some(places) = self.places_at(place) {
                found.extend(places.iter().map(|position| first + u64::from(position)));
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
            let Some(places) = self.places_at(place) else {
                return;
            };
            while let Some((first, behind)) = wanted.split_first()
                && *first >> 32 <= doc >> 32
            {
                *wanted = behind;
                let position = first.wrapping_sub(doc + u64::from(shift));
                if u32::try_from(position).is_ok_and(|position| places.have(position)) {
                    found.push(*first);
                }
            }
        }
    }

    /// Shows where documents that are at a place of the block at hand and at one of the block that `other` is at
    /// have both terms side by side: each as [`positions_at`](Self::positions_at) would give it.
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
            let (own, of_other) = (self.places_at(place), other.places_at(other_place));
            let (Some(own), Some(of_other)) = (own, of_other) else {
                return;
            };
            for position in own.iter() {
                if of_other.have(position.wrapping_add(difference)) {
                    found.push(first + u64::from(position));
                }
            }
        }
    }

    /// Makes ready to read the positions of so many documents of the block at hand. Where that is no more to
    /// decode, those of all its documents are decoded at once.
    #[inline]
    fn gather(&mut self, wanted: usize) {
        if !self.has_frequencies {
            self.decode_frequencies();
        }
        let count = self.summary.positions;
        if let Some(positions) = &mut self.positions
            && wanted >= MANY
            && count as usize <= wanted * BLOCK
            && !self.is_gathered
        {
            let mut sum = positions.decode(self.positions_before, count.into());
            let first = sum;
            self.offsets.clear();
            self.offsets
                .extend(self.frequencies.iter().map(|frequency| {
                    let offset = sum;
                    sum = sum.wrapping_add(*frequency);
                    offset
                }));
            self.is_gathered = sum == first.wrapping_add(count);
        }
    }

    /// The positions of the document at a place of the block at hand, whose frequencies are decoded. Cheapest in
    /// the order of the documents.
    #[inline]
    fn places_at(&mut self, place: usize) -> Option<Places<'_>> {
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
