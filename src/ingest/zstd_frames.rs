//! zstd: one frame after the other, as parallel compressors and `cat a.zst b.zst` write them.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

pub(super) struct Frames<R: BufRead> {
    state: State<R>,
}

enum State<R: BufRead> {
    /// Between frames.
    Between(R, Box<FrameDecoder>),
    Inside(Box<StreamingDecoder<R, Box<FrameDecoder>>>),
    /// After the end or an error.
    Ended,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(reader: R) -> Frames<R> {
        Frames {
            state: State::Between(reader, Box::new(FrameDecoder::new())),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(mut reader, decoder) => {
                    if reader.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    self.state = next_frame(reader, decoder)?;
                }
                State::Inside(mut frame) => {
                    let read = frame.read(buffer)?;
                    if read > 0 {
                        self.state = State::Inside(frame);
                        return Ok(read);
                    }
                    let (reader, decoder) = frame.into_parts();
                    self.state = State::Between(reader, decoder);
                }
            }
        }
    }
}

fn next_frame<R: BufRead>(mut reader: R, decoder: Box<FrameDecoder>) -> io::Result<State<R>> {
    // A frame to be skipped: its magic number, its length, and that many bytes of no meaning.
    if let [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] = reader.fill_buf()? {
        let mut header = [0; 8];
        reader.read_exact(&mut header)?;
        let [_, _, _, _, length @ ..] = header;
        let length = u64::from(u32::from_le_bytes(length));
        let skipped = io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        if skipped < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        return Ok(State::Between(reader, decoder));
    }
    StreamingDecoder::new_with_decoder(reader, decoder)
        .map(|frame| State::Inside(Box::new(frame)))
        .map_err(to_io)
}

fn to_io(error: FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::MagicNumberReadError(
            error,
        )) => error,
        other => io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
    }
}
