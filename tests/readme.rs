//! The table of README.md, line by line.

use crate::support::{ids, index_of_text};

/// Typed, in the article, found or not.
const TABLE: [(&str, &str, bool); 15] = [
    ("engagement", "Bamako tient à l’engagement pris.", true),
    ("soutenir", "Il soutient la réforme.", true),
    ("travail", "Les travaux reprennent.", true),
    ("chat", "Le châtiment fut sévère.", false),
    ("univers", "L'université rouvre.", false),
    ("evenement", "L’évènement a eu lieu.", true),
    ("evenement", "L’événement a eu lieu.", true),
    ("ONU", "Une résolution de l'O.N.U. est votée.", true),
    ("étudiantes", "Les étudiant·e·s manifestent.", true),
    (
        "antiterroriste",
        "Une unité anti-terroriste intervient.",
        true,
    ),
    (
        "antiterroriste",
        "Une unité anti terroriste intervient.",
        true,
    ),
    ("25000", "Quelque 25\u{a0}000 personnes défilent.", true),
    ("l'été", "Il reviendra l’été prochain.", true),
    (
        "\"accord sans paix\"",
        "Un accord de paix est signé.",
        false,
    ),
    (
        "\"accord sans paix\"",
        "Un accord sans paix est signé.",
        true,
    ),
];

#[test]
fn the_table_holds() {
    for (typed, body, found) in TABLE {
        let matched = !ids(&index_of_text(body), typed).is_empty();
        assert_eq!(matched, found, "{typed} in {body}");
    }
}

#[test]
fn only_the_word_after_the_elision_is_marked() {
    let results = index_of_text("Bamako tient à l’engagement pris.")
        .search("engagement")
        .unwrap();
    let snippet = results[0].snippet(trouvaille::Field::Body);
    assert_eq!(snippet.marked().collect::<Vec<_>>(), ["engagement"]);
}
