//! A small index as this version writes it, kept in tests/data to be opened by all that follow.
//!
//! `cargo test -- --ignored fixture::writes_the_index` writes it anew, where it does not exist yet; then
//! `mod fixture_opened;` belongs in tests/main.rs. Where a later version can't open it any more, keep
//! it, let `fixture_opened` expect the error, and write the next one (`index-v2`) beside it.

use std::path::PathBuf;

use trouvaille::{Article, Date, Index, Published};

pub fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/index-v1"))
}

/// What is in it: something of everything, in two segments, one article replaced and one deleted.
pub fn articles() -> Vec<Article> {
    let mut articles = vec![
        Article::new(
            "lac-1",
            "L’été à Évian",
            "Les élèves de l’école ont nagé dans le lac.\n\nL’O.N.U. n’y est pour rien.",
        )
        .author("Camille Roux")
        .source("Le Lac")
        .url("https://lelac.example/ete")
        .tag("tourisme")
        .tag("Haute-Savoie")
        .published(Published::at(Date::new(2024, 7, 14).unwrap(), 8, 30, 0).unwrap())
        .extra("rubrique", "Loisirs"),
        Article::new(
            "rive-2",
            "Le prix du coton",
            "Les planteurs réunis mardi réclament 325 francs le kilo, contre 300 francs l’an dernier. \
             Le gouvernement promet une réponse avant la fin du mois, et des engrais livrés.",
        )
        .source("La Rive")
        .tag("agriculture")
        .published(Date::new(2023, 11, 7).unwrap()),
        Article::new("vide-3", "", ""),
    ];
    for number in 4..20 {
        articles.push(
            Article::new(
                format!("série-{number}"),
                format!("Épisode {number}"),
                "La série continue, avec ses travaux et ses journaux.",
            )
            .published(Date::new(2020, 1, number).unwrap()),
        );
    }
    articles
}

#[test]
#[ignore = "writes tests/data/index-v1"]
fn writes_the_index() {
    if path().exists() {
        return;
    }
    let index = Index::builder().writer_memory(0).open(path()).unwrap();
    let mut writer = index.writer().unwrap();
    let articles = articles();
    let (first, second) = articles.split_at(10);
    writer
        .add(&Article::new("rive-2", "", "Premier jet."))
        .unwrap();
    writer.add(&Article::new("effacé", "", "Erreur.")).unwrap();
    for article in first {
        writer.upsert(article).unwrap();
    }
    writer.commit().unwrap();
    writer.delete("effacé").unwrap();
    for article in second {
        writer.upsert(article).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    for entry in std::fs::read_dir(path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "lock") {
            std::fs::remove_file(path).unwrap();
        }
    }
}
