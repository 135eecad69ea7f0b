//! [`Cleaner`] and [`Cleaned`]: the press cleaner as one call.

use super::page::{Certainty, Page};
use super::step::{Decision, Fate, Step};
use super::{about, captions, comments, furniture, head, related, wraps, year};
use crate::article::Article;
use crate::date::{Date, Published};

/// Takes from the text of a press page what is not the article, and reads from it who wrote it and
/// when.
///
/// Each [`Step`] can be switched off. What a step is not sure of stays in the body: an article with
/// a line too many is found, an article with a line too few is not.
///
/// ```
/// use trouvaille::ingest::clean::Cleaner;
///
/// let page = "Économie\n\
///     Le port de Kribi double ses quais\n\
///     Publié le 1er mars 2021 à 14h30 - 2 min de lecture\n\
///     Les travaux ont commencé lundi devant une foule d’officiels et de dockers venus en voisins.\n\
///     Lire aussi : Douala, le port qui déborde\n\
///     Rokia Sow, à Kribi\n\
///     Partager sur Facebook";
/// let cleaned = Cleaner::new().clean(page);
/// assert_eq!(cleaned.title.as_deref(), Some("Le port de Kribi double ses quais"));
/// assert_eq!(cleaned.author.as_deref(), Some("Rokia Sow"));
/// assert_eq!(cleaned.published.unwrap().to_string(), "2021-03-01T14:30:00Z");
/// assert!(cleaned.body.starts_with("Les travaux") && cleaned.body.ends_with("voisins."));
/// assert_eq!(cleaned.related, ["Douala, le port qui déborde"]);
/// assert_eq!(cleaned.decisions.len(), 6);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Cleaner {
    steps: u32,
    fetched: Option<Date>,
    utc_offset: i16,
}

impl Default for Cleaner {
    fn default() -> Cleaner {
        Cleaner::new()
    }
}

/// What a page holds, apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Cleaned {
    /// The title, if the page has one.
    pub title: Option<String>,
    /// Who wrote it; several names are parted by commas.
    pub author: Option<String>,
    /// Who published it, where the page says so.
    pub source: Option<String>,
    /// When it was published. A time without a zone is taken for the zone of
    /// [`Cleaner::utc_offset`].
    pub published: Option<Published>,
    /// « Tags : … », « #Mali ».
    pub tags: Vec<String>,
    /// The article, paragraphs parted by a blank line.
    pub body: String,
    /// The titles of other articles that the page links to.
    pub related: Vec<String>,
    /// The lines of the comment section.
    pub comments: Vec<String>,
    /// Captions of pictures.
    pub captions: Vec<String>,
    /// What was decided, line after line.
    pub decisions: Vec<Decision>,
}

impl Cleaner {
    /// A cleaner that does every step.
    pub fn new() -> Cleaner {
        Cleaner {
            steps: Step::ALL.iter().fold(0, |steps, step| steps | step.bit()),
            fetched: None,
            utc_offset: 0,
        }
    }

    /// A cleaner that does nothing yet, to add steps to.
    pub fn nothing() -> Cleaner {
        Cleaner {
            steps: 0,
            ..Cleaner::new()
        }
    }

    /// Switches a step on.
    pub fn with(mut self, step: Step) -> Self {
        self.steps |= step.bit();
        self
    }

    /// Switches a step off: its lines stay in the body.
    ///
    /// ```
    /// use trouvaille::ingest::clean::{Cleaner, Step};
    ///
    /// let page = "Le titre\n\nUne phrase assez longue pour être un paragraphe, avec son point final.\n\n3 commentaires\n\nBravo !";
    /// let cleaner = Cleaner::new().without(Step::Comments);
    /// assert!(cleaner.clean(page).body.contains("Bravo"));
    /// ```
    pub fn without(mut self, step: Step) -> Self {
        self.steps &= !step.bit();
        self
    }

    /// The day on which the pages were fetched: with it, « mercredi 8 février » can be given its
    /// year in more cases.
    pub fn fetched_on(mut self, day: Date) -> Self {
        self.fetched = Some(day);
        self
    }

    /// How many minutes the clocks of the pages are ahead of UTC, 0 unless said: pages do not tell
    /// (60 for Paris in winter, 120 in summer, 0 for Dakar and Abidjan).
    pub fn utc_offset(mut self, minutes: i16) -> Self {
        self.utc_offset = minutes.clamp(-24 * 60, 24 * 60);
        self
    }

    /// Cleans the text of a page. It never fails; a text of nothing but noise gives an empty body.
    pub fn clean(&self, text: &str) -> Cleaned {
        self.run(text, None)
    }

    /// Cleans the body of an article whose title is known, and fills what is empty: author, source,
    /// date, tags. Links and comments go to the extras `related` and `comments`, one a line.
    ///
    /// An extra holds at most [`Article::MAX_VALUE_BYTES`]: what is longer goes on in `comments_2`,
    /// `comments_3` and so on.
    ///
    /// ```
    /// use trouvaille::Article;
    /// use trouvaille::ingest::clean::Cleaner;
    ///
    /// let mut article = Article::new("1", "Le titre", "Le titre\n\nPAR ROKIA SOW\n\nLe texte.\n\nLire aussi : Un autre");
    /// let decisions = Cleaner::new().clean_article(&mut article);
    /// assert_eq!(article.body, "Le texte.");
    /// assert_eq!(article.author.as_deref(), Some("Rokia Sow"));
    /// assert_eq!(article.extra["related"], "Un autre");
    /// assert_eq!(decisions.len(), 3);
    /// ```
    pub fn clean_article(&self, article: &mut Article) -> Vec<Decision> {
        let known = Some(article.title.as_str()).filter(|title| !title.is_empty());
        let cleaned = self.run(&article.body, known);
        if let Some(title) = cleaned.title {
            article.title = title;
        }
        article.body = cleaned.body;
        article.author = article.author.take().or(cleaned.author);
        article.source = article.source.take().or(cleaned.source);
        article.published = article.published.or(cleaned.published);
        if article.tags.is_empty() {
            article.tags = cleaned.tags;
        }
        store(article, RELATED, &cleaned.related);
        store(article, COMMENTS, &cleaned.comments);
        cleaned.decisions
    }

    fn run(&self, text: &str, known: Option<&str>) -> Cleaned {
        let mut page = Page::new(text, self.steps);
        wraps::join(&mut page);
        comments::cut(&mut page);
        related::take(&mut page);
        furniture::take(&mut page);
        let names = about::take(&mut page);
        head::take(&mut page, known);
        about::take_names(&mut page, names);
        about::take_numbers(&mut page);
        furniture::take_around(&mut page);
        captions::join(&mut page);
        self.finish(page, text)
    }

    fn finish(&self, mut page: Page<'_>, text: &str) -> Cleaned {
        let title = page.found.title.take();
        related::tidy(&mut page, title.as_deref());
        let published = self.published(&mut page);
        let mut body = String::with_capacity(text.len());
        for line in page.lines.iter().filter(|line| line.gone.is_none()) {
            if !body.is_empty() {
                body.push_str("\n\n");
            }
            body.push_str(&line.text);
        }
        let Page {
            mut found,
            mut decisions,
            ..
        } = page;
        // As they stand on the page, whichever step decided first.
        decisions.sort_by_key(|decision| decision.line);
        found.sources.sort_by_key(|(certainty, _)| *certainty);
        Cleaned {
            title,
            author: authors(found.authors),
            source: found.sources.into_iter().next().map(|(_, source)| source),
            published,
            tags: found.tags,
            body,
            related: found.related,
            comments: found.comments,
            captions: found.captions,
            decisions,
        }
    }

    /// The surest date that has a year, or can be given one.
    fn published(&self, page: &mut Page<'_>) -> Option<Published> {
        let mut dates = std::mem::take(&mut page.found.dates);
        dates.sort_by_key(|(certainty, ..)| *certainty);
        for (_, written, at) in dates {
            let day = match written.year {
                Some(year) => written.in_year(year),
                None => match year::infer(page, written, self.fetched) {
                    Ok(day) => Some(day),
                    Err(why) => {
                        let text = page.text(at).to_owned();
                        page.note(at, Step::PublicationLines, Fate::Removed, &text, why);
                        None
                    }
                },
            };
            if let Some(day) = day {
                return Some(written.published(day, self.utc_offset));
            }
        }
        None
    }
}

/// The extra that keeps links to other articles.
pub(crate) const RELATED: &str = "related";
/// The extra that keeps comments.
pub(crate) const COMMENTS: &str = "comments";

/// The surest names; those of equal certainty together.
fn authors(mut found: Vec<(Certainty, String)>) -> Option<String> {
    found.sort_by_key(|(certainty, _)| *certainty);
    let best = found.first()?.0;
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in found.iter().filter(|(certainty, _)| *certainty == best) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    Some(names.join(", "))
}

/// Keeps lines in extras, each as long as an extra may be.
fn store(article: &mut Article, name: &str, lines: &[String]) {
    let mut parts: Vec<String> = Vec::new();
    for line in lines {
        let mut rest = line.as_str();
        while !rest.is_empty() {
            let room = match parts.last() {
                Some(part) => Article::MAX_VALUE_BYTES.saturating_sub(part.len() + 1),
                None => 0,
            };
            let fits = rest.len() <= room;
            match parts.last_mut() {
                Some(part) if fits => {
                    part.push('\n');
                    part.push_str(rest);
                    rest = "";
                }
                _ => {
                    let end = rest.floor_char_boundary_at(Article::MAX_VALUE_BYTES);
                    let (part, more) = rest.split_at(end);
                    parts.push(part.to_owned());
                    rest = more;
                }
            }
        }
    }
    for (number, part) in (1..).zip(parts) {
        let name = match number {
            1 => name.to_owned(),
            more => format!("{name}_{more}"),
        };
        article.extra.entry(name).or_insert(part);
    }
}

/// What `str::floor_char_boundary` does since Rust 1.91.
trait CharBoundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl CharBoundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        (0..=at.min(self.len()))
            .rev()
            .find(|&at| self.is_char_boundary(at))
            .unwrap_or_default()
    }
}
