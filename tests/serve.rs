//! The pages of the example `serve`, as its server gives them.

#[path = "../examples/serve/html.rs"]
mod html;
#[path = "../examples/serve/pages.rs"]
mod pages;
#[path = "../examples/serve/request.rs"]
mod request;

use pages::{Page, respond};
use trouvaille::{Article, Date, Index};

use crate::support::index_of;

fn press() -> Index {
    let article = |number: u8, title: &str, body: &str| {
        Article::new(format!("id {number}&<é>"), title, body)
            .source(["La Rive", "L'Écho & <Cie>"][usize::from(number % 2)])
            .author("Awa Koné")
            .tag("coton")
            .url("javascript:alert(1)")
            .published(Date::new(2020 + i32::from(number % 3), 2, 1).unwrap())
    };
    let mut articles: Vec<Article> = (0..25)
        .map(|number| {
            article(
                number,
                &format!("Coton <n° {number}>"),
                &format!(
                    "Le coton & le soja, épisode {number}.\n\nUn second paragraphe sur Bouaké."
                ),
            )
        })
        .collect();
    articles.push(Article::new(
        "sans-titre",
        "",
        "Une brève sans titre sur le gouvernement.",
    ));
    index_of(&articles)
}

fn get(index: &Index, address: &str) -> Page {
    let page = respond(index, address);
    if page.content_type.starts_with("text/html") {
        assert!(page.body.starts_with("<!doctype html>"), "{address}");
        assert!(page.body.contains("<html lang=\"fr\">"));
        assert!(
            !page.body.contains("<n°") && !page.body.contains("<Cie>"),
            "{address}"
        );
    }
    page
}

#[test]
fn the_first_page_shows_the_latest() {
    let page = get(&press(), "/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("26 articles"));
    assert!(page.body.contains("1er février 2022"));
}

#[test]
fn a_search_shows_hits_facets_and_pages() {
    let index = press();
    let page = get(&index, "/?q=cotons");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("25 articles en "), "{}", page.body);
    assert!(page.body.contains("<mark>Coton</mark> &lt;n° "));
    assert!(page.body.contains("L&#39;Écho &amp; &lt;Cie&gt;</a>"));
    assert!(page.body.contains("/?q=cotons&amp;annee=2021"));
    assert!(
        page.body
            .contains("rel=\"next\" href=\"/?q=cotons&amp;page=2\"")
    );
    assert!(page.body.contains("page 1 sur 3"));
    let last = get(&index, "/?q=cotons&page=3");
    assert!(last.body.contains("rel=\"prev\"") && !last.body.contains("rel=\"next\""));
    assert_eq!(last.body.matches("<h2><a href").count(), 5);
}

#[test]
fn filters_and_order_are_links() {
    let index = press();
    let page = get(
        &index,
        "/?q=coton&source=L%27%C3%89cho+%26+%3CCie%3E&annee=2021&tri=titre",
    );
    assert!(page.body.contains("4 articles en "), "{}", page.body);
    assert!(page.body.contains("Retirer le filtre 2021"));
    assert!(
        page.body
            .contains("<strong aria-current=\"true\">Titre</strong>")
    );
    let without = "/?q=coton&amp;source=L%27%C3%89cho+%26+%3CCie%3E&amp;tri=titre";
    assert!(page.body.contains(without), "{}", page.body);
    let none = get(&index, "/?q=coton&annee=hier");
    assert!(none.body.contains("0 article en ") && none.body.contains("Aucun article."));
}

#[test]
fn what_may_have_been_meant_is_offered() {
    let page = get(&press(), "/?q=gouvernemnt");
    assert!(
        page.body
            .contains("Vouliez-vous dire <a href=\"/?q=gouvernement\">"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<i>Une brève sans titre"));
}

#[test]
fn an_article_comes_with_marks_and_similar_ones() {
    let index = press();
    let page = get(&index, "/article?id=id+3%26%3C%C3%A9%3E&q=soja");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("le <mark>soja</mark>, épisode 3."),
        "{}",
        page.body
    );
    assert!(page.body.contains("<p>Un second paragraphe"));
    assert!(page.body.contains("Sur le même sujet"));
    assert!(!page.body.contains("javascript:"));
    // A search that does not find it, or none, shows it without marks.
    let plain = get(&index, "/article?id=id+3%26%3C%C3%A9%3E&q=anacarde");
    assert_eq!(plain.status, 200);
    assert!(!plain.body.contains("<mark>soja"));
    assert_eq!(get(&index, "/article?id=absent").status, 404);
    assert_eq!(get(&index, "/article").status, 404);
}

#[test]
fn completion_is_a_list_of_texts() {
    let page = get(&press(), "/suggest?q=gouv");
    assert_eq!(page.content_type, "application/json");
    let texts: Vec<String> = serde_json::from_str(&page.body).unwrap();
    assert_eq!(texts[0], "gouvernement");
    assert_eq!(get(&press(), "/suggest").body, "[]");
}

#[test]
fn nothing_that_is_sent_breaks_a_page() {
    let index = press();
    for address in [
        "/?q=%",
        "/?q=%zz%2",
        "/?q=%FF%FE",
        "/?q=\"><script>alert(1)</script>",
        "/?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&source=%3Cscript%3E",
        "/?page=99999999999999999999&q=coton",
        "/?page=-1&q=coton",
        "/?q=coton&page=1000",
        "/?tri=x&q=",
        "/?&&=&=x",
        "/?q=date:2023-02-31",
        "/?annee=0000",
        "/nulle-part",
        "/../Cargo.toml",
        "",
    ] {
        let page = get(&index, address);
        assert!(page.status < 500, "{address}: {}", page.status);
        assert!(!page.body.contains("<script>"), "{address}");
    }
    assert_eq!(pages::not_allowed().status, 405);
    for file in ["/style.css", "/search.js"] {
        assert_eq!(respond(&index, file).status, 200);
    }
}

#[test]
fn numbers_and_plurals_are_french() {
    assert_eq!(html::number(1_234_567), "1\u{202f}234\u{202f}567");
    assert_eq!(html::counted(0, "article"), "0 article");
    assert_eq!(html::counted(2, "article"), "2 articles");
    assert_eq!(request::decode("%C3%A9t%C3%A9+%2"), "été %2");
    let asked = request::Asked::read("q=a%26b&source=x&tri=recent&page=2");
    assert_eq!(
        request::Asked::read(asked.address().trim_start_matches("/?")),
        asked
    );
}
