//! What several tests use.

pub mod cases;
pub mod failing_directory;
pub mod memory;
pub mod work;

use trouvaille::{Article, Index};

/// An index in memory, with one writer thread, that holds these articles.
pub fn index_of(articles: &[Article]) -> Index {
    let index = Index::builder()
        .writer_memory(15_000_000)
        .in_memory()
        .unwrap();
    let mut writer = index.writer().unwrap();
    for article in articles {
        writer.upsert(article).unwrap();
    }
    writer.commit().unwrap();
    index
}

/// An index of one article with this body.
pub fn index_of_text(body: &str) -> Index {
    index_of(&[Article::new("1", "", body)])
}

/// The ids that a search finds, the best first, full matches only.
pub fn ids(index: &Index, search: impl Into<trouvaille::Search>) -> Vec<String> {
    let results = index.search(search.into().relax(false)).unwrap();
    results.iter().map(|hit| hit.article().id.clone()).collect()
}
