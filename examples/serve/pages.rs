//! Every page: one function from an address to a text.

use std::fmt::Write;

use trouvaille::{
    Article, Error, Facet, FacetCounts, Field, Filter, Hit, Index, Query, Results, Search, Sort,
};

use super::html::{counted, day, encode, escape, layout, number};
use super::request::{Asked, FACETS, PAGE, SORTS};

/// What goes back to the browser.
pub struct Page {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
}

const HTML: &str = "text/html; charset=utf-8";

impl Page {
    fn html(status: u16, body: String) -> Page {
        Page {
            status,
            content_type: HTML,
            body,
        }
    }

    fn file(content_type: &'static str, body: &str) -> Page {
        Page {
            status: 200,
            content_type,
            body: body.to_owned(),
        }
    }
}

/// Answers a path with its parameters, such as `/?q=coton`.
pub fn respond(index: &Index, address: &str) -> Page {
    let (path, parameters) = address.split_once('?').unwrap_or((address, ""));
    let asked = Asked::read(parameters);
    let page = match path {
        "/" if asked == Asked::read("") => home(index),
        "/" => search(index, &asked),
        "/article" => article(index, &asked),
        "/suggest" => suggest(index, &asked),
        "/style.css" => Ok(Page::file(
            "text/css; charset=utf-8",
            include_str!("style.css"),
        )),
        "/search.js" => Ok(Page::file(
            "text/javascript; charset=utf-8",
            include_str!("search.js"),
        )),
        _ => Ok(not_found()),
    };
    page.unwrap_or_else(|error| failed(&asked, &error))
}

pub fn not_allowed() -> Page {
    message(405, "", "Cette page se lit seulement.")
}

fn not_found() -> Page {
    message(404, "", "Cette page n’existe pas.")
}

fn message(status: u16, query: &str, text: &str) -> Page {
    let main = format!("<p class=\"message\">{}</p>", escape(text));
    Page::html(status, layout("trouvaille", query, &main))
}

fn failed(asked: &Asked, error: &Error) -> Page {
    if error.is_invalid_query() || error.is_invalid_argument() {
        return message(
            400,
            &asked.query,
            &format!("Recherche impossible : {error}"),
        );
    }
    eprintln!("{error}");
    message(500, &asked.query, "Les articles ne peuvent pas être lus.")
}

/// The first page: the latest articles.
fn home(index: &Index) -> trouvaille::Result<Page> {
    let latest = index.search(Search::new(Query::all()).sort(Sort::Newest).limit(PAGE))?;
    let mut main = format!(
        "<p class=\"count\">{}</p>\n<h1>Les derniers</h1>\n",
        counted(index.len(), "article")
    );
    list(&mut main, &latest, "");
    Ok(Page::html(200, layout("trouvaille", "", &main)))
}

fn search(index: &Index, asked: &Asked) -> trouvaille::Result<Page> {
    let results = index.search(asked.search())?;
    let total = results.total()?;
    let mut main = String::new();
    let took = match results.took().as_millis() {
        0 => "moins d’une milliseconde".to_owned(),
        took => format!("{took} ms"),
    };
    let _ = writeln!(
        main,
        "<p class=\"count\" role=\"status\">{} en {took}</p>",
        counted(total, "article"),
    );
    if total == 0 && results.relaxed() {
        main.push_str("<p class=\"note\">Aucun article n’a tout ce qui est demandé&#8239;; voici les plus proches.</p>\n");
    }
    for note in results.search().notes() {
        let _ = writeln!(main, "<p class=\"note\">{}</p>", escape(&note.to_string()));
    }
    if let Some(better) = results.did_you_mean()? {
        let meant = Asked {
            query: better.clone(),
            ..asked.clone()
        };
        let _ = writeln!(
            main,
            "<p class=\"meant\">Vouliez-vous dire <a href=\"{}\">{}</a> ?</p>",
            escape(&meant.address()),
            escape(&better)
        );
    }
    chosen(&mut main, asked);
    sorts(&mut main, asked);
    main.push_str("<div class=\"columns\">\n<section aria-label=\"Articles\">\n");
    if results.is_empty() {
        main.push_str(
            "<p class=\"message\">Aucun article. Essayez moins de mots, ou d’autres.</p>\n",
        );
    }
    list(&mut main, &results, &asked.query);
    pages(&mut main, asked, total);
    main.push_str("</section>\n");
    facets(&mut main, asked, &results);
    main.push_str("</div>\n");
    let title = format!("{} – trouvaille", asked.query);
    Ok(Page::html(200, layout(&title, &asked.query, &main)))
}

/// The filters in force, each a link that takes it away.
fn chosen(main: &mut String, asked: &Asked) {
    if asked.filters.is_empty() {
        return;
    }
    main.push_str("<ul class=\"chosen\" aria-label=\"Filtres\">\n");
    for (facet, value) in &asked.filters {
        let without = escape(&asked.without(*facet, value));
        let value = escape(value);
        let _ = writeln!(
            main,
            "<li><a href=\"{without}\" aria-label=\"Retirer le filtre {value}\">{value} ✕</a></li>"
        );
    }
    main.push_str("</ul>\n");
}

fn sorts(main: &mut String, asked: &Asked) {
    main.push_str("<nav class=\"sorts\" aria-label=\"Ordre\">\n");
    for (place, (name, label, _)) in SORTS.iter().enumerate() {
        let sort = (place > 0).then_some(*name);
        if asked.sort == sort {
            let _ = writeln!(main, "<strong aria-current=\"true\">{label}</strong>");
        } else {
            let other = Asked {
                sort,
                page: 1,
                ..asked.clone()
            };
            let _ = writeln!(main, "<a href=\"{}\">{label}</a>", escape(&other.address()));
        }
    }
    main.push_str("</nav>\n");
}

fn list(main: &mut String, results: &Results, query: &str) {
    let has_full = results.iter().any(|hit| !hit.is_partial());
    main.push_str("<ol class=\"hits\">\n");
    for hit in results {
        let article = hit.article();
        let class = if hit.is_partial() {
            " class=\"partial\""
        } else {
            ""
        };
        let _ = writeln!(
            main,
            "<li{class}>\n<h2><a href=\"{}\">{}</a></h2>",
            escape(&address_of(article, query)),
            title_of(hit)
        );
        about(main, article);
        let snippet = hit.snippet(Field::Body);
        if !snippet.text().is_empty() {
            let _ = writeln!(main, "<p>{}</p>", snippet.html());
        }
        match hit.duplicates() {
            0 => {}
            1 => main.push_str("<p class=\"more\">et une reprise</p>\n"),
            more => {
                let _ = writeln!(main, "<p class=\"more\">et {} reprises</p>", number(more));
            }
        }
        if hit.is_partial() && has_full {
            main.push_str("<p class=\"more\">il y manque une partie de la recherche</p>\n");
        }
        main.push_str("</li>\n");
    }
    main.push_str("</ol>\n");
}

fn address_of(article: &Article, query: &str) -> String {
    let query = match query {
        "" => String::new(),
        query => format!("&q={}", encode(query)),
    };
    format!("/article?id={}{query}", encode(&article.id))
}

/// The title with its marks, or the first words of an article without one.
fn title_of(hit: &Hit) -> String {
    let title = hit.snippet(Field::Title);
    if title.text().trim().is_empty() {
        let start: String = hit.article().body.chars().take(60).collect();
        return format!("<i>{}…</i>", escape(start.trim()));
    }
    title.html()
}

fn about(main: &mut String, article: &Article) {
    let mut parts: Vec<String> = [&article.source, &article.author]
        .into_iter()
        .flatten()
        .map(|value| escape(value))
        .collect();
    parts.extend(article.published.map(|published| {
        let iso = published.date();
        format!("<time datetime=\"{iso}\">{}</time>", day(published))
    }));
    if !parts.is_empty() {
        let _ = writeln!(main, "<p class=\"about\">{}</p>", parts.join(" · "));
    }
}

fn pages(main: &mut String, asked: &Asked, total: usize) {
    let last = total.min(Search::MAX_DEPTH).div_ceil(PAGE).max(1);
    if last == 1 {
        return;
    }
    main.push_str("<nav class=\"pages\" aria-label=\"Pages\">\n");
    let mut link = |page: usize, rel: &str, label: &str| {
        let other = Asked {
            page,
            ..asked.clone()
        };
        let _ = writeln!(
            main,
            "<a rel=\"{rel}\" href=\"{}\">{label}</a>",
            escape(&other.address())
        );
    };
    if asked.page > 1 {
        link(asked.page - 1, "prev", "← Précédente");
    }
    if asked.page < last {
        link(asked.page + 1, "next", "Suivante →");
    }
    let _ = writeln!(
        main,
        "<span>page {} sur {}</span>\n</nav>",
        asked.page,
        number(last)
    );
}

fn facets(main: &mut String, asked: &Asked, results: &Results) {
    main.push_str("<aside aria-label=\"Affiner\">\n");
    for counts in results.facets() {
        let heading = match counts.facet {
            Facet::Source => "Sources",
            Facet::Author => "Auteurs",
            Facet::Tag => "Sujets",
            _ => "Années",
        };
        let free: Vec<_> = counts
            .values
            .iter()
            .filter(|value| !is_chosen(asked, counts, &value.value))
            .collect();
        if free.is_empty() {
            continue;
        }
        let most = free.iter().map(|value| value.count).max().unwrap_or(1);
        let is_date = counts.facet.is_date();
        let class = if is_date { " class=\"years\"" } else { "" };
        let _ = writeln!(
            main,
            "<details open{class}>\n<summary>{heading}</summary>\n<ul>"
        );
        for value in free {
            // The bar is a meter, not a style: it needs no exception in the content policy.
            let bar = match is_date {
                true => format!("<meter max=\"{most}\" value=\"{}\"></meter>", value.count),
                false => String::new(),
            };
            let _ = writeln!(
                main,
                "<li><a href=\"{}\">{}</a> {bar}<span>{}</span></li>",
                escape(&asked.with(counts.facet, &value.value)),
                escape(&value.value),
                number(value.count)
            );
        }
        main.push_str("</ul>\n</details>\n");
    }
    main.push_str("</aside>\n");
}

fn is_chosen(asked: &Asked, counts: &FacetCounts, value: &str) -> bool {
    let mut filters = asked.filters.iter();
    filters.any(|(facet, known)| *facet == counts.facet && known == value)
}

/// One article, with the words of the search marked, and articles like it.
fn article(index: &Index, asked: &Asked) -> trouvaille::Result<Page> {
    let searcher = index.searcher();
    let id = asked.id.as_deref().unwrap_or_default();
    let similar = match searcher.similar(id, 5) {
        Err(error) if error.is_not_found() => return Ok(not_found()),
        similar => similar?,
    };
    // The search that led here, if it finds this article, marks it.
    let only = |search: Search| search.filter(Filter::ids([id])).limit(1);
    let marked = match asked.query.as_str() {
        "" => None,
        query => searcher
            .search(only(Search::from(query)))?
            .into_iter()
            .next(),
    };
    let hit = match marked {
        Some(hit) => Some(hit),
        None => searcher
            .search(only(Search::new(Query::all())))?
            .into_iter()
            .next(),
    };
    let Some(hit) = hit else {
        return Ok(not_found());
    };
    let article = hit.article();
    let mut main = format!("<article>\n<h1>{}</h1>\n", title_of(&hit));
    about(&mut main, article);
    let body = hit.snippet_of(Field::Body, usize::MAX).html();
    for paragraph in body
        .split('\n')
        .filter(|paragraph| !paragraph.trim().is_empty())
    {
        let _ = writeln!(main, "<p>{paragraph}</p>");
    }
    if !article.tags.is_empty() {
        main.push_str("<ul class=\"tags\" aria-label=\"Sujets\">\n");
        for tag in &article.tags {
            let all = Asked::read("").with(FACETS[2].1, tag);
            let _ = writeln!(
                main,
                "<li><a href=\"{}\">{}</a></li>",
                escape(&all),
                escape(tag)
            );
        }
        main.push_str("</ul>\n");
    }
    if let Some(url) = article.url.as_deref().filter(|url| is_web(url)) {
        let _ = writeln!(
            main,
            "<p><a rel=\"nofollow noopener\" href=\"{}\">À la source</a></p>",
            escape(url)
        );
    }
    main.push_str("</article>\n");
    if !similar.is_empty() {
        main.push_str("<aside aria-labelledby=\"similaires\">\n<h2 id=\"similaires\">Sur le même sujet</h2>\n<ul class=\"similar\">\n");
        for other in &similar {
            let _ = writeln!(
                main,
                "<li><a href=\"{}\">{}</a>",
                escape(&address_of(other.article(), "")),
                plain_title(other.article())
            );
            about(&mut main, other.article());
            main.push_str("</li>\n");
        }
        main.push_str("</ul>\n</aside>\n");
    }
    let title = format!("{} – trouvaille", article.title);
    Ok(Page::html(200, layout(&title, &asked.query, &main)))
}

/// An address from an article may be anything: only the web's are linked.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn plain_title(article: &Article) -> String {
    match article.title.trim() {
        "" => {
            let start: String = article.body.chars().take(60).collect();
            format!("<i>{}…</i>", escape(start.trim()))
        }
        title => escape(title),
    }
}

/// Completions of what is typed, as a JSON list of texts.
fn suggest(index: &Index, asked: &Asked) -> trouvaille::Result<Page> {
    let texts: Vec<String> = index
        .suggest(&asked.query)?
        .into_iter()
        .map(|suggestion| suggestion.text)
        .collect();
    Ok(Page {
        status: 200,
        content_type: "application/json",
        body: serde_json::to_string(&texts).unwrap_or_else(|_| "[]".to_owned()),
    })
}
