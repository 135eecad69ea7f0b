//! HTML pages: what the page says of itself, and its main text.
//!
//! The main text is found as readability tools do, in a modest way: paragraphs give weight to what
//! holds them, and the heaviest element is the article. Built on the tokenizer of browsers
//! (html5gum), without their tree: unclosed and crossed tags are taken as they come.

mod blocks;
mod main_text;
mod meta;

use std::path::PathBuf;

use super::super::bad_record::BadRecord;
use super::super::input::Input;
use super::super::record::{FileReader, Parsed};
use super::text_file::read_all;
use crate::article::Article;

pub(in super::super) struct HtmlPage {
    path: PathBuf,
    input: Option<Input>,
}

impl HtmlPage {
    pub(in super::super) fn new(path: PathBuf, input: Input) -> HtmlPage {
        HtmlPage {
            path,
            input: Some(input),
        }
    }
}

impl FileReader for HtmlPage {
    fn next_parsed(&mut self) -> Option<Result<Parsed, BadRecord>> {
        let input = self.input.take()?;
        Some(read_all(input, &self.path).and_then(|(text, notes)| {
            let article = article(&text);
            if article.title.is_empty() && article.body.is_empty() {
                return Err(BadRecord::new(
                    &self.path,
                    "has neither a title nor a text: is it made by scripts?",
                ));
            }
            let mut parsed = Parsed::new(article);
            parsed.notes = notes;
            Ok(parsed)
        }))
    }
}

/// The article of a page; its id stays empty.
fn article(html: &str) -> Article {
    let page = blocks::read(html);
    let about = meta::read(&page);
    let text = page.main_text();
    // What the page says to machines is sometimes all there is; mostly it is a part.
    let body = match about.body {
        Some(said) if said.len() > 2 * text.len() => said,
        _ => text,
    };
    let mut article = Article::new("", about.title.unwrap_or_default(), body);
    article.author = about.author;
    article.source = about.source;
    article.url = about.url;
    article.published = about.published;
    article.tags = about.tags;
    let comments = page.comments();
    if !comments.is_empty() {
        // As comments stand on a page, so that the cleaner takes them for what they are.
        article.body.push_str("\n\nCommentaires\n\n");
        article.body.push_str(&comments);
    }
    article
}

/// A piece of HTML as text, paragraphs parted by blank lines.
pub(in super::super) fn fragment_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    blocks::read(html).all_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="fr"><head>
        <title>Le sel de Fatick remonte les cours | La Saline</title>
        <meta property="og:site_name" content="La Saline">
        <meta property="article:published_time" content="2023-02-08T09:00:00+01:00">
        <meta name="author" content="Coumba Faye">
        <meta name="keywords" content="sel, commerce">
        <link rel="canonical" href="https://saline.example/sel">
        <script>var a = "<p>Ceci n’est pas un texte, mais un script de la page.</p>";</script></head>
        <body><nav><ul><li><a href="/">Accueil</a><li><a href="/eco">Économie</a></ul></nav>
        <div class="page"><article><h1>Le sel de Fatick remonte les cours</h1>
        <p>Le prix du sel a doublé en un an, et les saunières de Fatick n&rsquo;en reviennent pas.
        <p>« Nous avons <b>enfin</b> de quoi réparer les bassins », dit l’une d’elles, les pieds dans l’eau.</p>
        <figure><img src="x.jpg"><figcaption>Une saunière. Photo C. F.</figcaption></figure>
        <p>Les grossistes de Kaolack, eux, cherchent déjà du sel ailleurs, en Mauritanie notamment.</p></article>
        <aside><p><a href="/b">Un tout autre article sur les arachides et leurs cours, à lire demain</a></p></aside>
        <section id="comments"><h3>1 commentaire</h3><p>Bravo les dames !</p></section></div>
        <footer>© La Saline</footer></body></html>"#;

    #[test]
    fn a_page() {
        let article = article(PAGE);
        assert_eq!(article.title, "Le sel de Fatick remonte les cours");
        assert_eq!(article.author.as_deref(), Some("Coumba Faye"));
        assert_eq!(article.source.as_deref(), Some("La Saline"));
        assert_eq!(article.url.as_deref(), Some("https://saline.example/sel"));
        assert_eq!(
            article.published.unwrap().to_string(),
            "2023-02-08T08:00:00Z"
        );
        assert_eq!(article.tags, ["sel", "commerce"]);
        let paragraphs: Vec<&str> = article.body.split("\n\n").collect();
        assert_eq!(paragraphs.len(), 7, "{paragraphs:#?}");
        assert!(
            paragraphs[1].contains("n’en reviennent pas."),
            "{paragraphs:#?}"
        );
        assert!(paragraphs[2].contains("« Nous avons enfin de quoi"));
        assert_eq!(
            paragraphs[4..],
            ["Commentaires", "1 commentaire", "Bravo les dames !"]
        );
    }

    #[test]
    fn what_machines_are_told_comes_first() {
        let html = r#"<script type="application/ld+json">{"@graph":[{"@type":"WebPage","name":"x"},
            {"@type":["NewsArticle"],"headline":"Le mil &agrave; Zinder","author":[{"name":"Sani Oumarou"},{"name":"Hadiza Bako"}],
            "datePublished":"2022-10-01","publisher":{"name":"Le Griot"},"keywords":["mil"],
            "articleBody":"Le texte entier de l’article, que la page ne montre qu’aux abonnés."}]}</script>
            <p>Le texte.</p>"#;
        let article = article(html);
        assert_eq!(article.title, "Le mil à Zinder");
        assert_eq!(article.author.as_deref(), Some("Sani Oumarou, Hadiza Bako"));
        assert_eq!(article.published.unwrap().to_string(), "2022-10-01");
        assert!(article.body.starts_with("Le texte entier"));
    }

    #[test]
    fn fragments() {
        assert_eq!(
            fragment_text("<p>Un &amp; deux</p><p>Trois<br>quatre"),
            "Un & deux\n\nTrois\n\nquatre"
        );
        assert_eq!(fragment_text(" sans balise "), "sans balise");
    }
}
