//! What names of people are made of, and what looks like a name and is none.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::tokens::fold;

/// Words inside a name that may be in lower case.
const PARTICLES: [&str; 30] = [
    "de", "du", "des", "d", "da", "di", "do", "dos", "das", "van", "von", "der", "den", "ter",
    "el", "al", "ben", "bin", "bint", "ibn", "ould", "mint", "ag", "walet", "la", "le", "y", "e",
    "née", "dit",
];

/// No name of a person begins with these.
const NOT_FIRST: [&str; 44] = [
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "au", "aux", "ce", "cet", "cette",
    "ces", "son", "sa", "ses", "mon", "notre", "nos", "votre", "vos", "leur", "en", "à", "par",
    "pour", "sur", "avec", "sans", "dans", "et", "ou", "où", "qui", "que", "quand", "comment",
    "pourquoi", "voir", "lire", "tags", "fin",
];

/// No name of a person holds these.
const NOT_INSIDE: [&str; 94] = [
    "photo",
    "photos",
    "vidéo",
    "vidéos",
    "crédit",
    "crédits",
    "source",
    "sources",
    "image",
    "images",
    "archives",
    "illustration",
    "légende",
    "logo",
    "publicité",
    "annonce",
    "dossier",
    "newsletter",
    "abonnez-vous",
    "abonnés",
    "inscription",
    "connexion",
    "menu",
    "accueil",
    "contact",
    "contacts",
    "commentaire",
    "commentaires",
    "réactions",
    "partager",
    "imprimer",
    "suivant",
    "précédent",
    "retour",
    "plus",
    "article",
    "articles",
    "rédaction",
    "info",
    "infos",
    "news",
    "actu",
    "actus",
    "actualité",
    "actualités",
    "média",
    "médias",
    "journal",
    "magazine",
    "matin",
    "soir",
    "hebdo",
    "quotidien",
    "tribune",
    "télévision",
    "radio",
    "agence",
    "presse",
    "africa",
    "afrique",
    "france",
    "europe",
    "côte",
    "république",
    "ministère",
    "ministre",
    "président",
    "gouvernement",
    "assemblée",
    "conseil",
    "université",
    "banque",
    "société",
    "groupe",
    "union",
    "nations",
    "organisation",
    "association",
    "fédération",
    "facebook",
    "twitter",
    "whatsapp",
    "google",
    "youtube",
    "linkedin",
    "instagram",
    "telegram",
    "tous",
    "droits",
    "réservés",
    "copyright",
    "sommaire",
    "conclusion",
    "introduction",
];

/// What may follow the name in a byline: « …, envoyée spéciale à Lomé ».
const DESCRIPTORS: [&str; 38] = [
    "à",
    "au",
    "aux",
    "en",
    "dans",
    "avec",
    "pour",
    "envoyé",
    "envoyée",
    "envoyés",
    "envoyées",
    "correspondant",
    "correspondante",
    "correspondants",
    "correspondance",
    "journaliste",
    "stagiaire",
    "reporter",
    "rédacteur",
    "rédactrice",
    "notre",
    "nos",
    "de",
    "depuis",
    "chroniqueur",
    "chroniqueuse",
    "éditorialiste",
    "politologue",
    "économiste",
    "historien",
    "historienne",
    "sociologue",
    "professeur",
    "professeure",
    "chercheur",
    "chercheuse",
    "docteur",
    "le",
];

/// Bylines that name nobody.
pub(super) const COLLECTIVE: [&str; 14] = [
    "la rédaction",
    "rédaction",
    "rédaction web",
    "notre rédaction",
    "la rédaction web",
    "service *$",
    "avec agences",
    "avec les agences",
    "agences",
    "nos correspondants",
    "de nos correspondants",
    "nos reporters",
    "desk *$",
    "la direction de publication",
];

/// News agencies: an article of theirs names them where others name a person.
pub(super) const AGENCIES: [&str; 40] = [
    "AFP",
    "Reuters",
    "AP",
    "Associated Press",
    "Xinhua",
    "Belga",
    "ATS",
    "Keystone-ATS",
    "ANSA",
    "EFE",
    "DPA",
    "TASS",
    "RIA Novosti",
    "Anadolu",
    "AA",
    "MAP",
    "APS",
    "APA",
    "APA News",
    "TAP",
    "ABP",
    "AIB",
    "AIP",
    "AGP",
    "ANP",
    "AMAP",
    "ATOP",
    "AGA",
    "ACP",
    "AIP Cameroun",
    "Sputnik",
    "La Presse canadienne",
    "Agence France-Presse",
    "Panapress",
    "PANA",
    "Agence Ecofin",
    "ATPE",
    "ADI",
    "AMI",
    "CAMNEWS",
];

fn set(table: &[&str]) -> HashSet<String> {
    table.iter().map(|entry| fold(entry)).collect()
}

static PARTICLE_SET: LazyLock<HashSet<String>> = LazyLock::new(|| set(&PARTICLES));
static NOT_FIRST_SET: LazyLock<HashSet<String>> = LazyLock::new(|| set(&NOT_FIRST));
static NOT_INSIDE_SET: LazyLock<HashSet<String>> = LazyLock::new(|| set(&NOT_INSIDE));
static DESCRIPTOR_SET: LazyLock<HashSet<String>> = LazyLock::new(|| set(&DESCRIPTORS));

pub(in super::super) fn is_particle(folded: &str) -> bool {
    PARTICLE_SET.contains(folded)
}

pub(in super::super) fn is_not_first_of_a_name(folded: &str) -> bool {
    NOT_FIRST_SET.contains(folded)
}

pub(in super::super) fn is_not_a_name(folded: &str) -> bool {
    NOT_INSIDE_SET.contains(folded)
}

pub(in super::super) fn is_descriptor(folded: &str) -> bool {
    DESCRIPTOR_SET.contains(folded)
}
