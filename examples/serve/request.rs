//! What a request asks, and addresses that ask it again with a difference.

use trouvaille::{Facet, Filter, Search, Sort};

use super::html::encode;

/// How many articles a page shows.
pub const PAGE: usize = 10;

/// The parameters of the search page, as its address has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub query: String,
    /// Facet name and value, in the order they were chosen.
    pub filters: Vec<(Facet, String)>,
    pub sort: Option<&'static str>,
    /// From 1.
    pub page: usize,
    pub id: Option<String>,
}

/// Names in an address, in the order of the page.
pub const FACETS: [(&str, Facet); 5] = [
    ("source", Facet::Source),
    ("auteur", Facet::Author),
    ("sujet", Facet::Tag),
    ("annee", Facet::Year),
    ("mois", Facet::Month),
];

/// The first is the one unless said.
pub const SORTS: [(&str, &str, Sort); 4] = [
    ("pertinence", "Pertinence", Sort::Relevance),
    ("recent", "Plus récents", Sort::Newest),
    ("ancien", "Plus anciens", Sort::Oldest),
    ("titre", "Titre", Sort::Title),
];

impl Asked {
    /// Reads the part of an address behind `?`; what it does not know is ignored.
    pub fn read(parameters: &str) -> Asked {
        let mut asked = Asked {
            page: 1,
            ..Asked::default()
        };
        for pair in parameters.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            if value.is_empty() {
                continue;
            }
            match name {
                "q" => asked.query = value,
                "id" => asked.id = Some(value),
                "page" => {
                    asked.page = value
                        .parse()
                        .unwrap_or(1)
                        .clamp(1, Search::MAX_DEPTH / PAGE)
                }
                "tri" => {
                    let known = SORTS.iter().skip(1).find(|(name, ..)| *name == value);
                    asked.sort = known.map(|(name, ..)| *name);
                }
                _ => {
                    if let Some((_, facet)) = FACETS.iter().find(|(known, _)| *known == name) {
                        asked.filters.push((*facet, value));
                    }
                }
            }
        }
        asked
    }

    /// The search that answers it, with the facets of the page.
    pub fn search(&self) -> Search {
        let sort = SORTS.iter().find(|(name, ..)| Some(*name) == self.sort);
        let mut search = Search::from(&self.query)
            .sort(sort.map_or(Sort::Relevance, |(.., sort)| *sort))
            .limit(PAGE)
            .offset(PAGE * (self.page - 1))
            .collapse_duplicates(true)
            .facet(Facet::Source)
            .facet(Facet::Author)
            .facet(Facet::Tag)
            .facet(Facet::Year);
        for (facet, value) in &self.filters {
            // A value that cannot be, such as the year "hier", lets nothing through.
            let filter = facet.filter(value);
            search = search.filter(filter.unwrap_or_else(|| Filter::any([])));
        }
        search
    }

    /// The address of the first page with this filter too.
    pub fn with(&self, facet: Facet, value: &str) -> String {
        let mut asked = self.clone();
        asked.filters.push((facet, value.to_owned()));
        asked.page = 1;
        asked.address()
    }

    /// The address of the first page without this filter.
    pub fn without(&self, facet: Facet, value: &str) -> String {
        let mut asked = self.clone();
        asked
            .filters
            .retain(|known| (known.0, known.1.as_str()) != (facet, value));
        asked.page = 1;
        asked.address()
    }

    pub fn address(&self) -> String {
        let mut pairs = vec![("q", self.query.clone())];
        for (facet, value) in &self.filters {
            if let Some((name, _)) = FACETS.iter().find(|(_, known)| known == facet) {
                pairs.push((name, value.clone()));
            }
        }
        pairs.extend(self.sort.map(|sort| ("tri", sort.to_owned())));
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        format!("/?{}", pairs.join("&"))
    }
}

/// `%C3%A9t%C3%A9+chaud` to `été chaud`; what is no text becomes `�`.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match behind.split_at_checked(2) {
                Some((digits, behind)) if digits.iter().all(u8::is_ascii_hexdigit) => {
                    rest = behind;
                    let digits = String::from_utf8_lossy(digits);
                    u8::from_str_radix(&digits, 16).unwrap_or(b'%')
                }
                _ => b'%',
            },
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
