//! Ids made for records that have none, and the hash that tells whether an article has changed.

use std::hash::Hasher;
use std::path::Path;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::article::Article;

/// Extras that runs keep for themselves; they are not part of what an article says.
pub(super) const CONTENT_HASH: &str = "content_hash";
pub(super) const IMPORT_NAME: &str = "import_name";
pub(super) const IMPORT_FILE: &str = "import_file";

/// What the id of an article is made from, where its record has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum IdFrom {
    /// The path inside the folder for files of one article; the address where there is one;
    /// else the content.
    #[default]
    Auto,
    /// The address where there is one; else the content.
    Url,
    /// Title and text: the same article is one article wherever it is found, and another one after
    /// any change.
    Content,
}

impl IdFrom {
    pub(super) fn id(self, article: &Article, path: Option<&Path>) -> String {
        let path = path.map(path_id).filter(|_| self == IdFrom::Auto);
        let url = article.url.clone().filter(|_| self != IdFrom::Content);
        path.or(url)
            .filter(|id| {
                !id.is_empty()
                    && id.len() <= Article::MAX_ID_BYTES
                    && !id.chars().any(char::is_control)
            })
            .unwrap_or_else(|| {
                let mut hash = Hash::new();
                hash.text(&article.title);
                hash.text(&article.body);
                hash.hex()
            })
    }
}

/// `sous/page.txt`, the same on all systems; compressing a file does not rename its article.
pub(super) fn path_id(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    let id = parts.join("/");
    let plain = [".gz", ".zst"].iter().find_map(|end| id.strip_suffix(end));
    plain.map_or_else(|| id.clone(), str::to_owned)
}

/// What tells two versions of an article apart: everything but the run's own extras. The id is part
/// of it, so that looking for the hash is looking for this article as it is.
pub(super) fn content_hash(article: &Article) -> String {
    let mut hash = Hash::new();
    hash.text(&article.id);
    hash.text(&article.title);
    hash.text(&article.body);
    for value in [&article.author, &article.source, &article.url] {
        hash.text(value.as_deref().unwrap_or("\0"));
    }
    hash.text(
        &article
            .published
            .map(|published| published.to_string())
            .unwrap_or_default(),
    );
    hash.count(article.tags.len());
    for tag in &article.tags {
        hash.text(tag);
    }
    for (name, value) in &article.extra {
        if ![CONTENT_HASH, IMPORT_NAME, IMPORT_FILE].contains(&name.as_str()) {
            hash.text(name);
            hash.text(value);
        }
    }
    hash.hex()
}

/// A short form of an id, for remembering which were seen.
pub(super) fn fingerprint(id: &str) -> u64 {
    let mut hash = Hash::new();
    hash.text(id);
    hash.0.finish128().h1
}

/// SipHash-1-3 of 128 bits with a fixed key: the same everywhere and always, which std's hashers do
/// not promise. Not a seal against forgery.
struct Hash(SipHasher13);

impl Hash {
    fn new() -> Hash {
        Hash(SipHasher13::new_with_keys(
            0x7472_6f75_7661_696c,
            0x6c65_2d69_6e67_6573,
        ))
    }

    /// Lengths first, so that ("ab", "c") is not ("a", "bc").
    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.write(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.write(&(count as u64).to_le_bytes());
    }

    fn hex(&self) -> String {
        format!("{:032x}", u128::from(self.0.finish128()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_by_what_there_is() {
        let article = Article::new("", "Le titre", "Le corps").url("https://journal.example/a");
        let path = Path::new("sous/page.txt.gz");
        assert_eq!(IdFrom::Auto.id(&article, Some(path)), "sous/page.txt");
        assert_eq!(IdFrom::Auto.id(&article, None), "https://journal.example/a");
        assert_eq!(
            IdFrom::Url.id(&article, Some(path)),
            "https://journal.example/a"
        );
        let by_content = IdFrom::Content.id(&article, Some(path));
        assert_eq!(by_content.len(), 32);
        assert_eq!(
            by_content,
            IdFrom::Url.id(&Article::new("", "Le titre", "Le corps"), None)
        );
    }

    #[test]
    fn the_hash_never_changes() {
        // Stored in indexes: another value here would make every article look changed.
        let article = Article::new("1", "Le titre", "Le corps")
            .author("Awa")
            .tag("eau")
            .extra("rubrique", "Une");
        let hash = content_hash(&article);
        assert_eq!(
            hash,
            content_hash(&article.clone().extra(IMPORT_FILE, "a.txt"))
        );
        assert_ne!(hash, content_hash(&article.tag("sel")));
    }
}
