//! Exports an index to JSON lines, which import again to the same index: for moving it, for rebuilding
//! it with another version, for other tools.
//!
//! ```text
//! cargo run --release --example export -- my.idx articles.jsonl
//! cargo run --release --example export -- my.idx > articles.jsonl
//! cargo run --release --example import -- articles.jsonl rebuilt.idx
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use trouvaille::{Article, Index};

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let directory = arguments.next().ok_or("usage: export INDEX [FILE]")?;
    let index = Index::open_read_only(directory)?;
    let count = match arguments.next() {
        Some(path) => {
            let mut file = File::create(&path)?;
            let count = export(&index, &mut BufWriter::new(&mut file))?;
            // On the disk, before anyone deletes the index.
            file.flush()?;
            file.sync_all()?;
            count
        }
        None => export(&index, &mut BufWriter::new(io::stdout().lock()))?,
    };
    eprintln!("{count} articles");
    Ok(())
}

/// One article a line, as they are stored: ids, extras and all.
fn export(index: &Index, to: &mut impl Write) -> Result<usize, Box<dyn Error>> {
    let mut count = 0;
    let mut write = |article: &Article| -> Result<(), Box<dyn Error>> {
        serde_json::to_writer(&mut *to, article)?;
        to.write_all(b"\n")?;
        count += 1;
        Ok(())
    };
    let mut failed = None;
    index
        .searcher()
        .for_each_article(|article| match write(&article) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
    match failed {
        Some(error) => Err(error),
        None => {
            to.flush()?;
            Ok(count)
        }
    }
}
