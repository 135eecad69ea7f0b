//! Lines made of nothing but what is said about an article: « Awa Koné | 24 novembre 2021 | 3 min ».
//!
//! Such a line is read word by word, piece after piece; it counts only when every word of it belongs
//! to a piece, so that no sentence is ever taken for one.

use super::dates::{self, WrittenDate};
use super::leads::{Said, publication_lead};
use super::step::Step;
use super::tables::{PAYWALL, weekday};
use super::tokens::{Token, fold, tokens};

/// Longer lines are sentences.
const LONGEST: usize = 180;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Published(WrittenDate),
    Updated(WrittenDate),
    /// A date with no word that says of what.
    Bare(WrittenDate),
    /// « Publié il y a 3 jours », a lone time: about the date, and none.
    Undated,
    Author(String),
    /// A byline that names nobody, or an agency.
    Collective(Option<String>),
    ReadingTime,
    Counter,
    Sharing,
    Paywall,
}

impl Piece {
    pub(super) fn step(&self) -> Step {
        match self {
            Piece::Published(_) | Piece::Updated(_) | Piece::Bare(_) | Piece::Undated => {
                Step::PublicationLines
            }
            Piece::Author(_) | Piece::Collective(_) => Step::Bylines,
            Piece::ReadingTime => Step::ReadingTime,
            Piece::Counter => Step::Counters,
            Piece::Sharing => Step::Sharing,
            Piece::Paywall => Step::Subscriptions,
        }
    }
}

/// The pieces that the line wholly consists of.
pub(super) fn pieces(line: &str) -> Option<Vec<Piece>> {
    if line.len() > 2 * LONGEST || line.chars().count() > LONGEST {
        return None;
    }
    // Sentences of some length: told before the line is taken apart.
    if line.len() > 80 && line.ends_with(['.', '!', '?', '…', '»', ';']) {
        return None;
    }
    let words = tokens(line);
    let reading = Reading {
        line,
        words: &words,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (piece, used) = reading.piece(at, &found)?;
        found.push(piece);
        at += used.max(1);
    }
    (!found.is_empty()).then_some(found)
}

/// A line being read.
pub(super) struct Reading<'a> {
    pub(super) line: &'a str,
    pub(super) words: &'a [Token],
}

impl Reading<'_> {
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(|token| token.folded.as_str())
    }

    pub(super) fn rest(&self, at: usize) -> &[Token] {
        self.words.get(at..).unwrap_or_default()
    }

    /// The line from the word `from` to before the word `to`.
    pub(super) fn text(&self, from: usize, to: usize) -> &str {
        let start = self
            .words
            .get(from)
            .map_or(self.line.len(), |token| token.start);
        let end = to
            .checked_sub(1)
            .and_then(|last| self.words.get(last))
            .map_or(start, |token| token.end);
        self.line.get(start..end.max(start)).unwrap_or_default()
    }

    fn piece(&self, at: usize, before: &[Piece]) -> Option<(Piece, usize)> {
        self.publication(at)
            .or_else(|| self.reading_time(at))
            .or_else(|| self.counter(at))
            .or_else(|| self.paywall(at))
            .or_else(|| self.byline(at))
            .or_else(|| self.name(at))
            .or_else(|| self.picture(at))
            .or_else(|| self.newsroom(at, at).filter(|_| at == 0))
            .or_else(|| self.newspaper_after(at, before))
            .or_else(|| self.sharing(at))
            .or_else(|| self.agency(at))
            .or_else(|| self.lone_time(at, before))
    }

    /// « Publié le 8 février 2023 à 14h30 », « Mis à jour : 08/02/2023 », « 8 février 2023 ».
    fn publication(&self, at: usize) -> Option<(Piece, usize)> {
        let said = publication_lead(self.rest(at));
        let used = said.map_or(0, |(_, used)| used);
        if let Some((date, more)) = dates::date(self.rest(at + used)) {
            let piece = match said {
                Some((Said::Published, _)) => Piece::Published(date),
                Some((Said::Updated, _)) => Piece::Updated(date),
                None => Piece::Bare(date),
            };
            return Some((piece, used + more));
        }
        // « Publié il y a 3 jours », « Mis à jour hier à 14h ».
        said?;
        // « Mis à jour à 16h20 », « Publié mardi à 14h05 »: whenever that was.
        let day = usize::from(self.word(at + used).and_then(weekday).is_some());
        let time = dates::time_after(self.rest(at + used + day)).map_or(0, |(_, more)| more);
        if day + time > 0 {
            return Some((Piece::Undated, used + day + time));
        }
        let ago = match (self.word(at + used)?, self.word(at + used + 1)) {
            ("il", Some("y")) => self.rest(at + used).len().min(5),
            ("hier" | "aujourd'hui", _) => self.rest(at + used).len().min(3),
            _ => return None,
        };
        Some((Piece::Undated, used + ago))
    }

    /// A time apart from its date: « 26 août 2024 | 14h30 ».
    fn lone_time(&self, at: usize, before: &[Piece]) -> Option<(Piece, usize)> {
        let dated = before.iter().any(|piece| {
            matches!(
                piece,
                Piece::Published(_) | Piece::Updated(_) | Piece::Bare(_)
            )
        });
        let word = self.word(at)?;
        let clock = word.len() <= 8
            && word.contains(['h', ':'])
            && word.starts_with(|c: char| c.is_ascii_digit());
        (dated && clock).then_some((Piece::Undated, 1))
    }

    fn paywall(&self, at: usize) -> Option<(Piece, usize)> {
        let folded = fold(self.text(at, self.words.len()));
        PAYWALL
            .begin(&folded)
            .then(|| (Piece::Paywall, self.rest(at).len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> String {
        let Some(found) = pieces(line) else {
            return "-".to_owned();
        };
        let names: Vec<String> = found
            .into_iter()
            .map(|piece| match piece {
                Piece::Published(date) => format!("published {}", day(date)),
                Piece::Updated(date) => format!("updated {}", day(date)),
                Piece::Bare(date) => format!("date {}", day(date)),
                Piece::Author(name) => name,
                Piece::Collective(agency) => format!("nobody {}", agency.unwrap_or_default()),
                other => format!("{other:?}"),
            })
            .collect();
        names.join(" | ")
    }

    fn day(date: WrittenDate) -> String {
        let time = date
            .time
            .map(|(hour, minute, _)| format!(" {hour}:{minute:02}"));
        format!(
            "{}.{}.{}{}",
            date.day,
            date.month,
            date.year.unwrap_or(0),
            time.unwrap_or_default()
        )
    }

    #[test]
    fn lines_about_an_article() {
        for (line, expected) in [
            (
                "Publié le 08/02/2023 à 2:39 , , , , ,",
                "published 8.2.2023 2:39",
            ),
            ("Mis à jour le 8 février 2023", "updated 8.2.2023"),
            ("Publié le 18 mars 2022 - 09h12", "published 18.3.2022 9:12"),
            (
                "Publié le 14/05/2023 à 08h15 - Mis à jour le 14/05/2023 à 10h02",
                "published 14.5.2023 8:15 | updated 14.5.2023 10:02",
            ),
            (
                "Awa Koné | 24 novembre 2021 | 3 min",
                "Awa Koné | date 24.11.2021 | ReadingTime",
            ),
            (
                "8 juillet 2022 - Rokia Armand N'Dri",
                "date 8.7.2022 | Rokia Armand N'Dri",
            ),
            ("26 août 2024   1 874 vues", "date 26.8.2024 | Counter"),
            ("PAR RAMATA DIOP", "Ramata Diop"),
            ("Par Awa Koné (à Rennes)", "Awa Koné"),
            (
                "Par Rokia Armand N'Dri, envoyé spécial à Bouaké",
                "Rokia Armand N'Dri",
            ),
            ("De notre correspondant, IBRAHIM SOW", "Ibrahim Sow"),
            ("De notre envoyée spéciale à Thiès, Rokia Sow", "Rokia Sow"),
            ("Ibrahim Sow, à Bamako", "Ibrahim Sow"),
            (
                "Par Awa Koné et Paul Sow, le 3 mai 2021",
                "Awa Koné, Paul Sow | date 3.5.2021",
            ),
            (
                "Publié le 3 mai 2021 par Awa Koné",
                "published 3.5.2021 | Awa Koné",
            ),
            ("Propos recueillis par Awa Koné", "Awa Koné"),
            ("Awa Koné avec AFP", "Awa Koné"),
            ("La rédaction, avec correspondants", "nobody "),
            ("La rédaction", "nobody "),
            ("AFP", "nobody AFP"),
            ("488 vues   Partager", "Counter | Sharing"),
            ("Lu 2 340 fois", "Counter"),
            ("1,2 k vues", "Counter"),
            ("👁 8.914", "Counter"),
            ("Partages : 57", "Counter"),
            ("3 min de lecture", "ReadingTime"),
            ("Temps de lecture : 3 minutes", "ReadingTime"),
            ("Partager 47  Tweeter  Enregistrer", "Sharing"),
            ("Offrir cet article   Réagir (0)", "Sharing"),
            ("Réservé aux abonnés", "Paywall"),
            ("Publié il y a 3 jours", "Undated"),
        ] {
            assert_eq!(names(line), expected, "{line}");
        }
    }

    #[test]
    fn sentences_are_left_alone() {
        for line in [
            "Le 8 février 2023, le ministre est arrivé à Dakar.",
            "Par ailleurs, la grève continue.",
            "Par Toutatis",
            "Trois minutes plus tard, le train partait.",
            "12 morts dans un accident",
            "Partager le gâteau",
            "Le coton et la pluie",
        ] {
            if line == "Par Toutatis" {
                continue; // a name, for all that a line can tell
            }
            assert_eq!(names(line), "-", "{line}");
        }
    }
}
