//! Lists of postings against the engine's own reader, and on damaged bytes.

mod merging;
mod pieces;
mod places;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::directory::{
    CompositeFile, Directory, FileSlice, OwnedBytes, RamDirectory, TerminatingWrite,
};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentComponent;
use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermDictionary;
use tantivy::{DocId, DocSet, IndexWriter, SegmentReader, TERMINATED};

use super::bitmaps::Bitmaps;
use super::block::packed_at;
use super::bytes::Bytes;
use super::champions::{Champion, Champions};
use super::{BLOCK, PlaceTable, PostingFiles, PostingList, put_number, register};
use crate::engine::Storage;
use crate::engine::bm25::Bm25;
use crate::engine::schema::tokenizer_name;
use crate::{Article, Index};

const SENTENCES: [&str; 8] = [
    "Le conseil municipal se réunira jeudi soir à la mairie. ",
    "La pluie a retardé les moissons dans tout le département. ",
    "Elle soutient que l’eau de la source est potable. ",
    "Les élèves ont planté des tilleuls, des érables et des tilleuls encore. ",
    "Le train de nuit s’arrête à la gare de la vallée. ",
    "Aujourd’hui, la bibliothèque prête aussi des outils. ",
    "Le maire et la préfète ont visité les ateliers de la gare. ",
    "Qui veut réparer la vieille horloge de la place ? ",
];

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

fn index() -> Index {
    let index = Index::builder().writer_threads(1).in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let mut dice = Dice(7);
    for number in 0..900 {
        let mut body = String::new();
        // A few are long, so that their words have more positions than a block.
        let sentences = if number % 97 == 5 {
            400
        } else {
            1 + dice.below(12)
        };
        for _ in 0..sentences {
            // The last sentences are rare.
            let sentence = dice.below(8).min(dice.below(8)).min(dice.below(9));
            body.push_str(SENTENCES[sentence as usize]);
        }
        writer
            .add(&Article::new(number.to_string(), "", body))
            .unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    index
}

fn reader(index: &Index) -> (SegmentReader, Field) {
    let searcher = index.as_tantivy().reader().unwrap().searcher();
    assert_eq!(searcher.segment_readers().len(), 1);
    let field = index.as_tantivy().schema().get_field("text").unwrap();
    (searcher.segment_reader(0).clone(), field)
}

fn files(reader: &SegmentReader, field: Field) -> PostingFiles {
    opened_files(reader, field, None)
}

fn opened_files(
    reader: &SegmentReader,
    field: Field,
    in_pieces: Option<&TermDictionary>,
) -> PostingFiles {
    PostingFiles::open(
        |component| reader.open_read(component),
        field,
        reader.get_fieldnorms_reader(field).unwrap(),
        reader.max_doc(),
        in_pieces,
    )
    .unwrap()
}

/// Whole, and read in pieces.
fn whole_and_in_pieces(reader: &SegmentReader, field: Field) -> [PostingFiles; 2] {
    let index = reader.inverted_index(field).unwrap();
    [None, Some(index.terms())].map(|in_pieces| opened_files(reader, field, in_pieces))
}

fn terms(reader: &SegmentReader, field: Field) -> Vec<TermInfo> {
    let index = reader.inverted_index(field).unwrap();
    let mut stream = index.terms().stream().unwrap();
    let mut found = Vec::new();
    while let Some((_, info)) = stream.next() {
        found.push(info.clone());
    }
    found
}

/// Every document with its frequency and positions.
fn all(list: &mut PostingList) -> Vec<(u32, u32, Vec<u32>)> {
    let mut found = Vec::new();
    while list.doc() != TERMINATED {
        let mut positions = Vec::new();
        let frequency = list.frequency();
        list.positions(&mut positions);
        let (place, is_here) = list.place_of(list.doc());
        assert!(is_here && place == list.place());
        assert_eq!(list.frequency_at(place), frequency);
        let mut with_document = Vec::new();
        list.positions_at(std::iter::once(place), 7, &mut with_document);
        let first = (u64::from(list.doc()) << 32) + 7;
        let expected: Vec<u64> = positions.iter().map(|at| first + u64::from(*at)).collect();
        assert_eq!(with_document, expected);
        found.push((list.doc(), frequency, positions));
        list.advance();
    }
    found
}

#[test]
fn lists_read_what_the_engine_reads() {
    let index = index();
    let (reader, field) = reader(&index);
    for files in whole_and_in_pieces(&reader, field) {
        read_what_the_engine_reads(&files, &reader, field);
    }
}

fn read_what_the_engine_reads(files: &PostingFiles, reader: &SegmentReader, field: Field) {
    let engine = reader.inverted_index(field).unwrap();
    let mut dice = Dice(11);
    let mut most = 0;
    for info in terms(reader, field) {
        let mut expected = Vec::new();
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = engine.read_postings_from_terminfo(&info, option).unwrap();
        while postings.doc() != TERMINATED {
            let mut positions = Vec::new();
            postings.positions(&mut positions);
            expected.push((postings.doc(), postings.term_freq(), positions));
            postings.advance();
        }
        most = most.max(expected.len());
        let open = || files.list_with_positions(&info).unwrap();
        assert_eq!(all(&mut open()), expected);
        assert_eq!(open().documents() as usize, expected.len());

        let mut blocks = Vec::new();
        open().for_each_block(|documents| blocks.extend_from_slice(documents));
        let documents: Vec<u32> = expected.iter().map(|(doc, ..)| *doc).collect();
        assert_eq!(blocks, documents);

        for _ in 0..20 {
            let mut list = open();
            let mut target = 0;
            while list.doc() != TERMINATED {
                target += dice.below(200);
                let next = documents.partition_point(|doc| *doc < target.max(list.doc()));
                match dice.below(3) {
                    0 => {
                        list.skip(target);
                        assert!(list.last_of_block() >= target.max(list.doc()));
                    }
                    1 => {
                        list.skip(target / 2);
                        list.skip(target);
                    }
                    _ => {}
                }
                list.seek(target);
                match expected.get(next) {
                    Some((doc, frequency, positions)) => {
                        let mut found = Vec::new();
                        list.positions(&mut found);
                        assert_eq!((list.doc(), list.frequency()), (*doc, *frequency));
                        assert_eq!(&found, positions);
                    }
                    None => assert_eq!(list.doc(), TERMINATED),
                }
            }
        }
    }
    assert!(most > 5 * 128, "{most}");
}

#[test]
fn no_document_scores_more_than_its_block() {
    let index = index();
    let (reader, field) = reader(&index);
    let files = files(&reader, field);
    let norms = reader.get_fieldnorms_reader(field).unwrap();
    let average = files.tokens() as f32 / 900.0;
    let weight = Bm25::new(300, 900, average);
    for info in terms(&reader, field) {
        let mut list = files.list(&info).unwrap();
        while list.doc() != TERMINATED {
            let score = weight.score(norms.fieldnorm_id(list.doc()), list.frequency());
            assert!(score <= list.most(&weight, &norms));
            list.advance();
        }
    }
}

#[test]
fn champions_are_the_best_of_all() {
    let index = index();
    let (reader, field) = reader(&index);
    let files = files(&reader, field);
    let norms = reader.get_fieldnorms_reader(field).unwrap();
    let own_average = files.tokens() as f32 / 900.0;
    let mut lists = 0;
    for info in terms(&reader, field) {
        let Some(mut list) = files.champions(&info).unwrap() else {
            continue;
        };
        lists += 1;
        let champions: Vec<Champion> = list.by_ref().map(Result::unwrap).collect();
        let others: Vec<(u8, u32)> = list.others().unwrap().map(Result::unwrap).collect();
        let weight = Bm25::new(300, 900, own_average);
        let score = |champion: &Champion| weight.score(champion.norm, champion.frequency);
        assert!(champions.is_sorted_by(|a, b| score(a) >= score(b)));
        let of: BTreeMap<_, _> = champions
            .iter()
            .map(|champion| (champion.doc, champion))
            .collect();
        // Whatever the average length of all segments together.
        for average in [own_average, 0.5 * own_average, 3.0 * own_average] {
            let weight = Bm25::new(300, 900, average);
            let scores = others
                .iter()
                .map(|(norm, frequency)| weight.score(*norm, *frequency));
            let most = scores.fold(0.0, f32::max);
            let mut postings = files.list_with_positions(&info).unwrap();
            let mut next = of.values().peekable();
            for (doc, frequency, positions) in all(&mut postings) {
                let norm = norms.fieldnorm_id(doc);
                if let Some(champion) = next.next_if(|champion| champion.doc == doc) {
                    assert_eq!((champion.frequency, champion.norm), (frequency, norm));
                    assert_eq!(champion.in_title, positions[0] < 64);
                    let first = positions.iter().copied().find(|at| *at >= 64);
                    assert_eq!(champion.first_in_body, first);
                } else {
                    assert!(weight.score(norm, frequency) <= most);
                }
            }
            assert!(next.next().is_none());
        }
    }
    assert!(lists > 20, "{lists}");
}

#[test]
fn bits_tell_the_documents_of_a_term_and_their_places() {
    let index = index();
    let (reader, field) = reader(&index);
    let files = files(&reader, field);
    let mut with_bits = 0;
    for info in terms(&reader, field) {
        let Some(bitmap) = files.bitmap(&info).unwrap() else {
            continue;
        };
        with_bits += 1;
        let mut list = files.list(&info).unwrap();
        for doc in 0..reader.max_doc() {
            let is_here = list.seek(doc) == doc;
            let (place, has_bit) = bitmap.place(doc);
            assert_eq!(has_bit, is_here);
            if is_here {
                assert_eq!(place, list.place());
                // Of a block that is not decoded.
                let mut other = files.list_to_seek_in(&info, false).unwrap();
                other.skip(doc);
                assert_eq!(other.frequency_at(place), list.frequency());
            }
        }
        // None behind the last: bits are counted as they are.
        let count: u32 = bitmap.words().map(u64::count_ones).sum();
        assert_eq!(count, info.doc_freq);
        let mut window = [0; 4];
        bitmap.add_to(832, &mut window);
        let words: Vec<u64> = bitmap.words().skip(13).take(4).collect();
        assert_eq!(words, window[..words.len()]);
    }
    assert!(with_bits > 20, "{with_bits}");
}

#[test]
fn damaged_postings_end_early() {
    let index = index();
    let (reader, field) = reader(&index);
    let files = files(&reader, field);
    let norms: FieldNormReader = reader.get_fieldnorms_reader(field).unwrap();
    let weight = Bm25::new(300, 900, 80.0);
    let mut dice = Dice(13);
    let mut change = |bytes: &OwnedBytes| {
        let mut bytes = bytes.as_slice().to_vec();
        for _ in 0..1 + bytes.len() / 500 {
            let at = dice.below(bytes.len() as u32) as usize;
            bytes[at] = dice.below(256) as u8;
        }
        bytes.truncate(bytes.len() - dice.below(2) as usize * bytes.len() / 7);
        OwnedBytes::new(bytes)
    };
    let terms = terms(&reader, field);
    for in_pieces in [false, true].into_iter().cycle().take(40) {
        let (postings, positions) = (change(&files.0.postings), change(&files.0.positions));
        for info in &terms {
            let bytes = |all: &OwnedBytes, range| match in_pieces {
                true => Bytes::in_pieces(&FileSlice::new(Arc::new(all.clone())), range),
                false => Bytes::whole(all, range),
            };
            let postings = bytes(&postings, &info.postings_range);
            let positions = bytes(&positions, &info.positions_range);
            let (Some(postings), Some(positions)) = (postings, positions) else {
                continue;
            };
            let list = PostingList::open(info, reader.max_doc(), postings, Some(positions));
            let Ok(mut list) = list else {
                continue;
            };
            let mut documents = 0;
            let mut found = Vec::new();
            while list.doc() != TERMINATED {
                list.positions(&mut found);
                list.most(&weight, &norms);
                let (_, docs, _) = list.up_to(TERMINATED);
                let lengths = docs.iter().map(|doc| u32::from(norms.fieldnorm_id(*doc)));
                assert!(lengths.sum::<u32>() <= 255 * 128);
                let (place, is_here) = list.place_of(list.doc());
                assert!(is_here);
                list.frequency_at(place);
                let mut places = Vec::new();
                list.positions_at([place / 2, place].into_iter(), 3, &mut places);
                let mut kept = Vec::new();
                let in_order = (0..=place).step_by(3).collect::<Vec<_>>().into_iter();
                list.keep_positions_at(in_order, 3, &mut places.as_slice(), &mut kept);
                assert!(kept.len() <= places.len());
                list.skip(list.doc().saturating_add(documents % 3));
                list.settle();
                list.advance();
                documents += 1;
                assert!(documents <= info.doc_freq);
            }
        }
    }
    let bitmaps = files.0.bitmaps.as_ref().unwrap();
    for _ in 0..300 {
        let damaged = Bitmaps(change(&bitmaps.0));
        for info in &terms {
            if let Ok(Some(bitmap)) = damaged.of(info, reader.max_doc()) {
                assert!((0..2_000).all(|doc| bitmap.place(doc).0 < BLOCK));
                assert!((reader.max_doc()..2_000).all(|doc| !bitmap.place(doc).1));
                let bits = bitmap.words().map(u64::count_ones).sum::<u32>();
                assert!(bits <= reader.max_doc());
            }
        }
    }
    let champions = files.0.champions.as_ref().unwrap();
    for _ in 0..300 {
        let damaged = Champions(change(&champions.0));
        for info in &terms {
            if let Ok(Some(mut list)) = damaged.list(info, reader.max_doc()) {
                let in_range = |doc| doc < reader.max_doc();
                let mut champions = list.by_ref().flatten();
                assert!(champions.all(|champion| in_range(champion.doc)));
                let others = list.others().map(Iterator::count);
                assert!(others.is_err() || others.is_ok_and(|count| count <= 255));
            }
        }
    }
}

#[test]
fn a_block_that_goes_backwards_ends_the_list() {
    // Each document as the step from the one before it, less one. Where the search in a block looks first, there
    // are steps far ahead and, beyond the greatest number, back again.
    let mut steps = [0_u32; BLOCK];
    for far in [3, 11, 15, 31, 47, 63, 79, 95, 111] {
        steps[far] = (1 << 31) - 1;
        steps[far + 1] = (1 << 31) - 1;
    }
    steps[120] = 4_000;
    let mut last = u32::MAX;
    for step in &steps {
        last = last.wrapping_add(step + 1);
    }
    assert!((1_000..9_000).contains(&last));
    let mut bytes = Vec::new();
    put_number(12, &mut bytes);
    bytes.extend_from_slice(&last.to_le_bytes());
    bytes.extend_from_slice(&[31 | 0x40, 0]);
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&[40, 1]);
    let mut packed = [0; 31 * BLOCK / 8];
    BitPacker4x::new().compress(&steps, &mut packed, 31);
    bytes.extend_from_slice(&packed);
    let info = TermInfo {
        doc_freq: BLOCK as u32,
        postings_range: 0..bytes.len(),
        positions_range: 0..0,
    };
    let bytes = Bytes::whole(&OwnedBytes::new(bytes), &info.postings_range).unwrap();
    let mut list = PostingList::open(&info, 9_000, bytes, None).unwrap();
    let mut windows = 0;
    while list.doc() < 9_000 {
        list.approach(list.doc() + 2_048);
        windows += 1;
        assert!(windows < 10);
    }
}

#[test]
fn one_number_of_a_block_is_read_as_all_of_them_are() {
    let (packer, mut dice) = (BitPacker4x::new(), Dice(3));
    for bits in 0..=32 {
        let numbers: [u32; BLOCK] = std::array::from_fn(|_| {
            let number = u64::from(dice.below(u32::MAX)) | 1 << 31;
            (number & ((1 << bits) - 1)) as u32
        });
        let mut packed = vec![0; BLOCK * 4];
        let length = packer.compress(&numbers, &mut packed, bits);
        packed.truncate(length);
        for (place, number) in numbers.iter().enumerate() {
            assert_eq!(packed_at(&packed, bits, place), *number, "{bits} bits");
        }
    }
}

#[test]
fn a_table_of_places_finds_what_a_block_has_and_nothing_else() {
    let mut table = PlaceTable::default();
    for step in [1, 2, 15, 16, 17, 900] {
        let docs: [DocId; BLOCK] = std::array::from_fn(|place| 70 + place as u32 * step);
        let mut first = 0;
        while first <= docs[BLOCK - 1] {
            let last = table.fill(&docs, first);
            for doc in first..=last.min(docs[BLOCK - 1] + 3) {
                let place = docs.iter().position(|own| *own == doc);
                let (found, is_here) = table.find(&docs, doc);
                assert_eq!(is_here.then_some(found), place, "{doc} in steps of {step}");
            }
            first = last + 1;
        }
    }
}
