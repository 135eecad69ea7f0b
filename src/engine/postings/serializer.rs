//! [`Words`]: the postings of a field, written in the engine's format.
//!
//! The engine's own serializer divides twice for each document to find the best of a block, makes a table of
//! all lengths for each term, and takes documents one at a time. What is written is the same, byte for byte: the
//! format is that of tantivy 0.27 (its `postings/serializer.rs`, `skip.rs` and `compression/`).

use std::io::{self, Write};

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::positions::PositionSerializer;
use tantivy::postings::{FieldSerializer, TermInfo};
use tantivy::termdict::TermDictionaryBuilder;
use tantivy::{DocId, Score};

use super::block::{BLOCK, Summary};
use super::put_number;
use crate::engine::bm25::Bm25;

/// What takes the postings of a field, term by term, in the order of the terms.
pub(super) trait TermWriter {
    fn new_term(&mut self, term: &[u8]) -> io::Result<()>;

    /// `steps` lead from each position to the next; documents come in order.
    fn write_document(&mut self, document: DocId, steps: &[u32]);

    fn close_term(&mut self) -> io::Result<()>;

    fn close(self) -> io::Result<()>;
}

/// Documents alone, without frequencies.
impl<W: Write> TermWriter for FieldSerializer<'_, W> {
    fn new_term(&mut self, term: &[u8]) -> io::Result<()> {
        self.new_term_without_freq(term)
    }

    fn write_document(&mut self, document: DocId, _: &[u32]) {
        self.write_doc(document, 0, &[]);
    }

    fn close_term(&mut self) -> io::Result<()> {
        FieldSerializer::close_term(self)
    }

    fn close(self) -> io::Result<()> {
        FieldSerializer::close(self)
    }
}

/// Documents with frequencies and positions.
pub(super) struct Words<'a, W: Write> {
    terms: TermDictionaryBuilder<&'a mut W>,
    postings: &'a mut W,
    positions: PositionSerializer<&'a mut W>,
    lengths: FieldNormReader,
    /// Tells which document of a block is the best.
    weight: Bm25,
    /// How many bytes of postings are written.
    written: usize,
    /// Where the positions of the term at hand begin.
    start_of_positions: usize,
    /// The term at hand, and how many documents of it are written.
    term: Vec<u8>,
    documents: u32,
    /// The documents that are not written yet, and their frequencies.
    docs: [DocId; BLOCK],
    frequencies: [u32; BLOCK],
    waiting: usize,
    /// The last document of the block before.
    before: DocId,
    summaries: Vec<u8>,
    blocks: Vec<u8>,
    packer: BitPacker4x,
}

impl<'a, W: Write> Words<'a, W> {
    /// Of a field that has so many tokens, in the three files of its segment.
    pub(super) fn create(
        tokens: u64,
        lengths: FieldNormReader,
        [terms, postings, positions]: [&'a mut W; 3],
    ) -> io::Result<Words<'a, W>> {
        postings.write_all(&tokens.to_le_bytes())?;
        let average = tokens as Score / lengths.num_docs() as Score;
        Ok(Words {
            terms: TermDictionaryBuilder::create(terms)?,
            postings,
            positions: PositionSerializer::new(positions),
            lengths,
            weight: Bm25::shape(average),
            written: 0,
            start_of_positions: 0,
            term: Vec::new(),
            documents: 0,
            docs: [0; BLOCK],
            frequencies: [0; BLOCK],
            waiting: 0,
            before: 0,
            summaries: Vec::new(),
            blocks: Vec::new(),
            packer: BitPacker4x::new(),
        })
    }

    /// Writes documents, their frequencies, and the steps of all of them.
    pub(super) fn write_documents(
        &mut self,
        documents: impl Iterator<Item = DocId>,
        frequencies: &[u32],
        steps: &[u32],
    ) {
        for (document, frequency) in documents.zip(frequencies) {
            self.push(document, *frequency);
        }
        self.positions.write_positions_delta(steps);
    }

    #[inline]
    fn push(&mut self, document: DocId, frequency: u32) {
        // The rest tells the compiler that nothing is out of range.
        self.docs[self.waiting % BLOCK] = document;
        self.frequencies[self.waiting % BLOCK] = frequency;
        self.waiting += 1;
        self.documents += 1;
        if self.waiting == BLOCK {
            self.write_block();
        }
    }

    fn write_block(&mut self) {
        let mut packed = [0; BLOCK * size_of::<u32>()];
        // The first difference of a list is the document.
        let before = Some(self.before).filter(|before| *before > 0);
        let document_bits = self.packer.num_bits_strictly_sorted(before, &self.docs);
        let length =
            self.packer
                .compress_strictly_sorted(before, &self.docs, &mut packed, document_bits);
        self.blocks
            .extend_from_slice(packed.get(..length).unwrap_or_default());
        self.before = self.docs[BLOCK - 1];
        let less_one = self.frequencies.map(|frequency| frequency.wrapping_sub(1));
        let frequency_bits = self.packer.num_bits(&less_one);
        let length = self.packer.compress(&less_one, &mut packed, frequency_bits);
        self.blocks
            .extend_from_slice(packed.get(..length).unwrap_or_default());
        let summary = Summary {
            last: self.before,
            document_bits,
            frequency_bits,
            positions: self
                .frequencies
                .iter()
                .fold(0, |sum, frequency| sum.wrapping_add(*frequency)),
            best: Some(self.best()),
        };
        summary.write(&mut self.summaries);
        self.waiting = 0;
    }

    /// The length and the frequency of the best document of a block: of several the last.
    fn best(&self) -> (u8, u32) {
        let mut scores = [0.0; BLOCK];
        self.weight
            .scores(&self.lengths, &self.docs, &self.frequencies, &mut scores);
        let most = scores.iter().copied().fold(0.0, Score::max);
        let place = scores
            .iter()
            .rposition(|score| *score == most)
            .unwrap_or_default()
            % BLOCK;
        (
            self.lengths.fieldnorm_id(self.docs[place]),
            self.frequencies[place],
        )
    }
}

impl<W: Write> TermWriter for Words<'_, W> {
    fn new_term(&mut self, term: &[u8]) -> io::Result<()> {
        self.term.clear();
        self.term.extend_from_slice(term);
        self.documents = 0;
        self.before = 0;
        self.start_of_positions = self.positions.written_bytes() as usize;
        Ok(())
    }

    fn write_document(&mut self, document: DocId, steps: &[u32]) {
        self.push(document, u32::try_from(steps.len()).unwrap_or(u32::MAX));
        self.positions.write_positions_delta(steps);
    }

    fn close_term(&mut self) -> io::Result<()> {
        let docs = self.docs.get(..self.waiting).unwrap_or_default();
        for doc in docs {
            put_number(doc.wrapping_sub(self.before), &mut self.blocks);
            self.before = *doc;
        }
        for frequency in self.frequencies.iter().take(self.waiting) {
            put_number(*frequency, &mut self.blocks);
        }
        self.waiting = 0;
        let start = self.written;
        if self.documents as usize >= BLOCK {
            let mut length = Vec::new();
            put_number(
                u32::try_from(self.summaries.len()).unwrap_or(u32::MAX),
                &mut length,
            );
            self.postings.write_all(&length)?;
            self.postings.write_all(&self.summaries)?;
            self.written += length.len() + self.summaries.len();
        }
        self.postings.write_all(&self.blocks)?;
        self.written += self.blocks.len();
        self.summaries.clear();
        self.blocks.clear();
        self.positions.close_term()?;
        let info = TermInfo {
            doc_freq: self.documents,
            postings_range: start..self.written,
            positions_range: self.start_of_positions..self.positions.written_bytes() as usize,
        };
        self.terms.insert(&self.term, &info)
    }

    fn close(self) -> io::Result<()> {
        self.positions.close()?;
        self.terms.finish()?;
        Ok(())
    }
}
