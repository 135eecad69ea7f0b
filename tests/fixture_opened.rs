//! The index that an earlier version wrote, opened by this one: see fixture.rs.

use std::fs;

use tempfile::{TempDir, tempdir};
use trouvaille::{Article, Facet, Field, Filter, Index, Query, Search, Sort};

use crate::fixture::{articles, path};
use crate::support::ids;

/// A copy: opening leaves lock files.
fn copy() -> TempDir {
    let directory = tempdir().unwrap();
    for entry in fs::read_dir(path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), directory.path().join(entry.file_name())).unwrap();
    }
    directory
}

#[test]
fn every_article_is_there() {
    let directory = copy();
    let index = Index::open_read_only(directory.path()).unwrap();
    index.verify().unwrap();
    let articles = articles();
    assert_eq!(index.len(), articles.len());
    for article in &articles {
        let found = index.searcher().article(&article.id).unwrap();
        assert_eq!(found.as_ref(), Some(article));
    }
}

#[test]
fn it_is_searched_as_a_new_one_is() {
    let directory = copy();
    let index = Index::open_read_only(directory.path()).unwrap();
    assert_eq!(ids(&index, "eleve ete"), ["lac-1"]);
    assert_eq!(ids(&index, "\"325 francs\""), ["rive-2"]);
    assert_eq!(ids(&index, "ONU"), ["lac-1"]);
    assert_eq!(
        ids(&index, "gouvernem* auteur:roux OU titre:prix"),
        ["rive-2"]
    );
    assert_eq!(
        ids(
            &index,
            Search::from("lac").filter(Filter::tag("Haute-Savoie"))
        ),
        ["lac-1"]
    );
    let all = Search::new(Query::all())
        .sort(Sort::Newest)
        .facet(Facet::Year);
    let results = index.search(all).unwrap();
    assert_eq!(results[0].article().id, "lac-1");
    assert_eq!(results.facets()[0].count_of("2020"), 16);
    assert_eq!(ids(&index, Search::from("journal").limit(50)).len(), 16);
    let html = index.search("nager").unwrap()[0]
        .snippet(Field::Body)
        .html();
    assert!(html.contains("<mark>nagé</mark>"), "{html}");
}

#[test]
fn it_is_written_to() {
    let directory = copy();
    let index = Index::open(directory.path()).unwrap();
    let mut writer = index.writer().unwrap();
    writer.delete("vide-3").unwrap();
    for number in 0..12 {
        writer
            .upsert(&Article::new(format!("n{number}"), "", "Du nouveau"))
            .unwrap();
        writer.commit().unwrap();
    }
    writer.close().unwrap();
    index.verify().unwrap();
    assert_eq!(index.len(), articles().len() + 11);
    assert_eq!(ids(&index, "eleve ete"), ["lac-1"]);
}
