//! Pieces of a line that say who wrote: people, newspapers and agencies.

use super::dates;
use super::leads::{byline_lead, is_help, publication_lead, split_names};
use super::person;
use super::pieces::{Piece, Reading};
use super::tables::{AGENCIES, is_descriptor};
use super::tokens::fold;

impl Reading<'_> {
    /// « Par … », « De notre correspondant à …, … », « Propos recueillis par … ».
    pub(super) fn byline(&self, at: usize) -> Option<(Piece, usize)> {
        let mut start = at + byline_lead(self.rest(at))?;
        // « De notre envoyé spécial à Thiès, Awa Koné ».
        if self.words.get(start).is_some_and(|token| !token.comma)
            && matches!(self.word(at), Some("de" | "par"))
        {
            while matches!(self.word(start), Some("a" | "au" | "en" | "aux")) {
                start += 1;
                while self
                    .words
                    .get(start)
                    .is_some_and(|token| !token.comma && !token.parted)
                {
                    start += 1;
                }
            }
        }
        // « Depuis Labé, Awa Koné ».
        if self.word(at) == Some("depuis") {
            let name =
                (at + 1..at + 5).find(|&at| self.words.get(at).is_some_and(|token| token.comma))?;
            return self.author(at, name, person::is_person);
        }
        if is_help(self.rest(at)) {
            let (_, used) = self.author(at, start, person::is_name_after_par)?;
            return Some((Piece::Collective(None), used));
        }
        // « De notre correspondant à Abidjan, », and no name.
        if start >= self.words.len() && matches!(self.word(at), Some("de" | "par")) {
            // « … AU CAMBODGE MAËLLE KERVADEC »: no comma parts the place from the name.
            let name = self.text(start.saturating_sub(2), start);
            let named = start > at + 5 && person::is_person(name);
            let found = if named {
                Piece::Author(person::tidy(name))
            } else {
                Piece::Collective(None)
            };
            return Some((found, start - at));
        }
        self.author(at, start, person::is_name_after_par)
            .map(|(piece, used)| self.with_occupation(at, piece, used))
            .or_else(|| self.newsroom(at, start))
    }

    /// « Par Adèle Pommier, hydrologue, et Nicolas Vuillemin, juriste »: what an announced person does,
    /// in words that no table has.
    fn with_occupation(&self, at: usize, piece: Piece, used: usize) -> (Piece, usize) {
        const LONGEST_OCCUPATION: usize = 14;
        let start = at + used;
        let end = (start..self.words.len())
            .find(|&at| {
                self.words.get(at).is_some_and(|token| token.parted)
                    || dates::date(self.rest(at)).is_some()
                    || publication_lead(self.rest(at)).is_some()
            })
            .unwrap_or(self.words.len());
        let described = self.words.get(start).is_some_and(|token| token.comma)
            && end - start <= LONGEST_OCCUPATION
            && !self.line.ends_with(['.', '!', '?', '…', '»', ':']);
        match piece {
            Piece::Author(mut names) if described && names.contains(' ') => {
                let more = self
                    .text(start, end)
                    .split(',')
                    .flat_map(|part| part.split(" et "));
                for name in more.map(|part| part.trim().trim_start_matches("et ")) {
                    if person::is_person(name) {
                        names.push_str(", ");
                        names.push_str(&person::tidy(name));
                    }
                }
                (Piece::Author(names), end - at)
            }
            other => (other, used),
        }
    }

    /// « Par Le Figaro avec AFP », « Par RFI », « Ouest-France avec AFP »: a newspaper in the place of
    /// a person. Its name ends at « avec », a date or the end of the line.
    pub(super) fn newsroom(&self, at: usize, start: usize) -> Option<(Piece, usize)> {
        let end = (start + 1..self.words.len())
            .find(|&at| self.ends_name(at))
            .unwrap_or(self.words.len());
        let name = self.text(start, end);
        let with_agency = self.word(end) == Some("avec")
            && (1..=3).any(|length| AGENCIES.has(&fold(self.text(end + 1, end + 1 + length))));
        let announced = start > at;
        if !person::is_newspaper(name, with_agency) || !(announced || with_agency) {
            return None;
        }
        let found = Piece::Collective(Some(name.to_owned()));
        Some((found, self.described(end) - at))
    }

    /// « Publié le 3 mai 2021 | L’Intelligent du Centre ».
    pub(super) fn newspaper_after(&self, at: usize, before: &[Piece]) -> Option<(Piece, usize)> {
        let dated = before
            .iter()
            .any(|piece| matches!(piece, Piece::Published(_) | Piece::Bare(_)));
        if !dated || !self.words.get(at).is_some_and(|token| token.parted) {
            return None;
        }
        let end = (at + 1..self.words.len())
            .find(|&at| self.ends_name(at))
            .unwrap_or(self.words.len());
        let name = self.text(at, end);
        person::is_newspaper(name, false)
            .then(|| (Piece::Collective(Some(name.to_owned())), end - at))
    }

    /// « Photo : Théo Guyon » behind a name or a date.
    pub(super) fn picture(&self, at: usize) -> Option<(Piece, usize)> {
        if at == 0
            || !matches!(
                self.word(at)?,
                "photo" | "photos" | "video" | "dessin" | "infographie"
            )
        {
            return None;
        }
        let (_, used) = self.author(at, at + 1, person::is_name_after_par)?;
        Some((Piece::Collective(None), used))
    }

    /// A lone name, at the start of the line or after a bar.
    pub(super) fn name(&self, at: usize) -> Option<(Piece, usize)> {
        if at > 0 && !self.words.get(at).is_some_and(|token| token.parted) {
            return None;
        }
        // « Quid de Rosso ? » is a heading.
        if self.line.ends_with(['?', '!', '…', ':', '»']) {
            return None;
        }
        self.author(at, at, person::is_person)
    }

    /// The name from the word `start` on, with what is said of the person after a comma.
    fn author(&self, at: usize, start: usize, is_name: fn(&str) -> bool) -> Option<(Piece, usize)> {
        let end = (start + 1..self.words.len())
            .find(|&at| self.ends_name(at))
            .unwrap_or(self.words.len());
        let name = self.text(start, end);
        if person::is_collective(name) {
            return Some((Piece::Collective(None), self.described(end) - at));
        }
        if let Some(agency) = person::agency(name) {
            return Some((Piece::Collective(Some(agency)), self.described(end) - at));
        }
        // « Awa Koné et Paul Kaboré », « Awa Koné avec AFP ».
        let (names, more) = split_names(name);
        if names.is_empty() || !names.iter().all(|name| is_name(name)) {
            return None;
        }
        let mut author: Vec<String> = names.iter().map(|name| person::tidy(name)).collect();
        let mut end = end;
        // « Awa Koné, Paul Kaboré et Rokia Sow ».
        while !more
            && self
                .words
                .get(end)
                .is_some_and(|token| token.comma && !token.parted)
            && !self.is_descriptor(end)
        {
            let next = (end + 1..self.words.len())
                .find(|&at| self.ends_name(at))
                .unwrap_or(self.words.len());
            let (names, _) = split_names(self.text(end, next));
            if names.is_empty() || !names.iter().all(|name| person::is_person(name)) {
                break;
            }
            author.extend(names.iter().map(|name| person::tidy(name)));
            end = next;
        }
        Some((Piece::Author(author.join(", ")), self.described(end) - at))
    }

    /// Where the description after a name ends, if one begins here.
    fn described(&self, end: usize) -> usize {
        // « (Port-Soudan, correspondance) », « (à Rennes) », up to the bracket.
        if let Some(close) = self.brackets(end) {
            return close;
        }
        let place = self.word(end).is_some_and(|word| {
            word == "a"
                || ["correspondant", "envoye", "stagiaire"]
                    .iter()
                    .any(|role| word.starts_with(role))
        });
        let describes = self
            .words
            .get(end)
            .is_some_and(|token| !token.parted || place)
            && self.is_descriptor(end)
            && dates::date(self.rest(end)).is_none();
        if !describes {
            return end;
        }
        (end..self.words.len())
            .find(|&at| {
                at > end
                    && (self.words.get(at).is_some_and(|token| token.parted)
                        || dates::date(self.rest(at)).is_some()
                        || publication_lead(self.rest(at)).is_some())
            })
            .unwrap_or(self.words.len())
    }

    /// Where the bracket that opens before this word closes, a few words on.
    fn brackets(&self, at: usize) -> Option<usize> {
        let start = self.words.get(at)?.start;
        if !self.line.get(..start)?.ends_with('(') {
            return None;
        }
        let close = start + self.line.get(start..)?.find(')')?;
        let end = at
            + self
                .rest(at)
                .iter()
                .take_while(|token| token.start < close)
                .count();
        (end - at <= 6).then_some(end)
    }

    fn ends_name(&self, at: usize) -> bool {
        self.words
            .get(at)
            .is_some_and(|token| token.parted || token.comma)
            || publication_lead(self.rest(at)).is_some()
            || dates::date(self.rest(at)).is_some()
            || self.word(at).is_some_and(|word| {
                matches!(
                    word,
                    "avec" | "via" | "envoye" | "envoyee" | "correspondant" | "correspondante"
                ) || word.contains('@')
            })
            || (self.word(at) == Some("a") && self.is_descriptor(at))
            || (self.word(at) == Some("pour")
                && self.text(at + 1, at + 2).starts_with(char::is_uppercase))
    }

    /// What says who or where someone is: « envoyée spéciale à Lomé », « à Bamako ».
    fn is_descriptor(&self, at: usize) -> bool {
        // « Awa Koné a ouvert … » is a sentence.
        let verb = self.words.get(at).is_some_and(|token| {
            token.folded == "a"
                && !token.comma
                && self.line.get(token.start..token.end) == Some("a")
        });
        self.word(at).is_some_and(is_descriptor) && !verb
    }

    /// « AFP », « avec AFP », after or without a name.
    pub(super) fn agency(&self, at: usize) -> Option<(Piece, usize)> {
        let rest = self.rest(at);
        // « Awa Koné - Avec l’Agence Rouergue ».
        if at > 0 && (2..=4).contains(&rest.len()) && self.word(at) == Some("avec") {
            let capital = self.text(at + rest.len() - 1, at + rest.len());
            if capital.starts_with(char::is_uppercase) {
                return Some((Piece::Collective(None), rest.len()));
            }
        }
        // « Publié le 3 octobre 2019 dans Culture, Musique ».
        if at > 1 && (2..=5).contains(&rest.len()) && self.word(at) == Some("dans") {
            return Some((Piece::Collective(None), rest.len()));
        }
        let lead = usize::from(matches!(self.word(at)?, "avec" | "par" | "source"));
        (1..=2)
            .rev()
            .filter(|length| at + lead + length <= self.words.len())
            .find_map(|length| {
                let name = self.text(at + lead, at + lead + length);
                AGENCIES
                    .has(&fold(name))
                    .then(|| (Piece::Collective(Some(name.to_owned())), lead + length))
            })
    }
}
