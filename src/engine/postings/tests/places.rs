//! Positions of many documents at once.

use super::*;

/// The places of some of the documents of a block, in order.
fn some(documents: usize, dice: &mut Dice) -> Vec<usize> {
    let sides = 1 + dice.below(12);
    (0..documents).filter(|_| dice.below(sides) == 0).collect()
}

#[test]
fn positions_of_many_documents_are_those_of_each() {
    let index = index();
    let (reader, field) = reader(&index);
    let infos = terms(&reader, field);
    for files in whole_and_in_pieces(&reader, field) {
        are_those_of_each(&files, &infos);
    }
}

fn are_those_of_each(files: &PostingFiles, infos: &[TermInfo]) {
    let mut dice = Dice(17);
    let frequent: Vec<&TermInfo> = infos.iter().filter(|info| info.doc_freq > 200).collect();
    let (mut kept_in_all, mut common_in_all) = (0, 0);
    for info in &frequent {
        let of_each = all(&mut files.list_with_positions(info).unwrap());
        let mut list = files.list_with_positions(info).unwrap();
        let other = frequent[dice.below(frequent.len() as u32) as usize];
        let of_other = all(&mut files.list_with_positions(other).unwrap());
        for (block, of_block) in of_each.chunks(BLOCK).enumerate() {
            let keyed = |(doc, _, positions): &(u32, u32, Vec<u32>), shift: u32| {
                let first = (u64::from(*doc) << 32) + u64::from(shift);
                let keys = positions.iter().map(move |at| first + u64::from(*at));
                keys.collect::<Vec<u64>>()
            };
            for _ in 0..8 {
                let places = some(of_block.len(), &mut dice);
                let chosen = places.iter().map(|place| &of_block[*place]);
                let expected: Vec<u64> = chosen.clone().flat_map(|doc| keyed(doc, 5)).collect();
                let mut found = Vec::new();
                list.positions_at(places.iter().copied(), 5, &mut found);
                assert_eq!(found, expected);

                // Of all documents of the block, and of positions that are not theirs.
                let all = of_block.iter().flat_map(|doc| keyed(doc, 5));
                let mut wanted: Vec<u64> =
                    all.map(|key| key + u64::from(dice.below(2) * 3)).collect();
                wanted.sort_unstable();
                let expected: Vec<u64> = wanted
                    .iter()
                    .copied()
                    .filter(|key| expected.contains(key))
                    .collect();
                let (mut rest, mut found) = (wanted.as_slice(), Vec::new());
                list.keep_positions_at(places.iter().copied(), 5, &mut rest, &mut found);
                assert_eq!(found, expected);
                kept_in_all += found.len();

                // In the documents of both that lie in one block of the other.
                let mut second = files.list_with_positions(other).unwrap();
                second.skip(of_block[0].0);
                let last = second.last_of_block();
                let mut pairs = Vec::new();
                let mut expected = Vec::new();
                for place in places {
                    let (doc, ..) = of_block[place];
                    if doc > last {
                        break;
                    }
                    let (place_in_other, is_here) = second.place_of(doc);
                    if is_here {
                        pairs.push((place, place_in_other));
                        let in_other = of_other.iter().find(|(other, ..)| *other == doc).unwrap();
                        let in_other = keyed(in_other, 2);
                        let own = keyed(&of_block[place], 3);
                        expected.extend(own.into_iter().filter(|key| in_other.contains(key)));
                    }
                }
                let mut found = Vec::new();
                list.common_positions_at(3, &mut second, 2, pairs.into_iter(), &mut found);
                assert_eq!(found, expected);
                common_in_all += found.len();
            }
            assert_eq!(
                list.skip_block(),
                (block + 1) * BLOCK < of_each.len() || of_each.len().is_multiple_of(BLOCK)
            );
            list.settle();
        }
    }
    assert!(
        kept_in_all > 1_000 && common_in_all > 1_000,
        "{kept_in_all} {common_in_all}"
    );
}
