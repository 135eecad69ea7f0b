//! A small search page over any folder of `.txt` files or any `.jsonl` file.
//!
//! ```text
//! cargo run --release --example serve
//! cargo run --release --example serve -- articles.jsonl --index my.idx --port 8080
//! ```
//!
//! Without a folder or file it shows the bundled articles. Then open <http://127.0.0.1:7878>. The pages are written by the server and work without
//! JavaScript; a few lines of it complete the query box. Every page is one function from a request
//! to a text, in `pages.rs`, which the tests call.

mod html;
mod pages;
mod request;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Response, Server};
use trouvaille::{Index, ingest};

const USAGE: &str = "usage: serve [FOLDER-OR-FILE] [--index DIRECTORY] [--port PORT]";
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles.jsonl");

struct Arguments {
    source: PathBuf,
    index: Option<PathBuf>,
    port: u16,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let (mut source, mut index, mut port) = (None, None, 7878);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--index" => index = Some(words.next().ok_or("--index needs a directory")?.into()),
            "--port" => port = words.next().ok_or("--port needs a number")?.parse()?,
            "--help" | "-h" => return Err(USAGE.into()),
            option if option.starts_with("--") => return Err(USAGE.into()),
            path => source = Some(path.into()),
        }
    }
    Ok(Arguments {
        source: source.unwrap_or_else(|| BUNDLED.into()),
        index,
        port,
    })
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let index = match &arguments.index {
        Some(directory) => Index::open(directory)?,
        None => Index::in_memory()?,
    };
    if index.is_empty() {
        let mut writer = index.writer()?;
        for record in ingest::records(&arguments.source)? {
            match record {
                Ok(article) => writer.upsert(&article)?,
                Err(record) => eprintln!("left out: {record}"),
            }
        }
        writer.commit()?;
        writer.close()?;
    }
    let server = Server::http(("127.0.0.1", arguments.port)).map_err(|error| error.to_string())?;
    let server = Arc::new(server);
    println!(
        "{} articles at http://{}",
        index.len(),
        server.server_addr()
    );
    let workers: Vec<_> = (0..thread::available_parallelism().map_or(2, usize::from))
        .map(|_| {
            let (server, index) = (server.clone(), index.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    answer(&index, request);
                }
            })
        })
        .collect();
    for worker in workers {
        let _ = worker.join();
    }
    Ok(())
}

fn answer(index: &Index, request: tiny_http::Request) {
    let page = match request.method() {
        Method::Get | Method::Head => pages::respond(index, request.url()),
        _ => pages::not_allowed(),
    };
    let mut response = Response::from_string(page.body).with_status_code(page.status);
    let headers = [
        ("Content-Type", page.content_type),
        ("X-Content-Type-Options", "nosniff"),
        (
            "Content-Security-Policy",
            "default-src 'self'; img-src data:",
        ),
        ("Referrer-Policy", "same-origin"),
    ];
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // The reader may have gone: nothing to do about it.
    let _ = request.respond(response);
}
