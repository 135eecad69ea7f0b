//! [`Format`]: how a file is read, by its name.

use std::path::Path;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// `.txt`: one article a file, as text in UTF-8, UTF-16 or Windows-1252.
    Text,
    /// `.jsonl`, `.ndjson`: one JSON object a line.
    JsonLines,
    /// `.json`: an array of objects, or objects one after the other.
    Json,
    /// `.csv`: a header, then one article a row; commas, semicolons, tabs or bars between.
    Csv,
    /// `.tsv`, `.tab`: the same with tabs.
    Tsv,
    /// `.rss`, `.atom`, `.xml`: a feed. Needs the feature `feeds`.
    Feed,
    /// `.html`, `.htm`, `.xhtml`: one article a page. Needs the feature `html`.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 7] = [
        Format::Text,
        Format::JsonLines,
        Format::Json,
        Format::Csv,
        Format::Tsv,
        Format::Feed,
        Format::Html,
    ];

    /// The format that a file's name tells, `.gz` and `.zst` left aside.
    pub fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_lowercase();
        let name = [".gz", ".zst"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(&name);
        let (stem, extension) = name.rsplit_once('.')?;
        // `.txt` alone is a hidden file without an ending.
        if stem.is_empty() {
            return None;
        }
        Some(match extension {
            "txt" | "text" => Format::Text,
            "jsonl" | "ndjson" => Format::JsonLines,
            "json" => Format::Json,
            "csv" => Format::Csv,
            "tsv" | "tab" => Format::Tsv,
            "rss" | "atom" | "xml" => Format::Feed,
            "html" | "htm" | "xhtml" => Format::Html,
            _ => return None,
        })
    }

    /// Whether a file holds one article, so that its path can be its id.
    pub(super) fn is_one_article(self) -> bool {
        matches!(self, Format::Text | Format::Html)
    }

    /// Whether its texts come as pages show them, with what surrounds an article.
    pub(super) fn is_raw(self) -> bool {
        matches!(self, Format::Text | Format::Html | Format::Feed)
    }
}
