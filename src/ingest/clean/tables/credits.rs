//! What is said around an article: credits, rights, advertising, tags, counters.

/// What is counted: « 12 458 vues ».
pub(super) const COUNTED: [&str; 25] = [
    "vue",
    "vues",
    "lecture",
    "lectures",
    "lecteurs",
    "partage",
    "partages",
    "share",
    "shares",
    "views",
    "view",
    "réaction",
    "réactions",
    "commentaire",
    "commentaires",
    "clic",
    "clics",
    "visite",
    "visites",
    "like",
    "likes",
    "fois",
    "affichages",
    "hits",
    "consultations",
];

/// « Temps de lecture : 3 minutes ».
pub(super) const READING_TIME: [&str; 6] = [
    "temps de lecture",
    "durée de lecture",
    "lecture",
    "temps estimé de lecture",
    "temps moyen de lecture",
    "reading time",
];

pub(super) const ADVERTISING: [&str; 17] = [
    "publicité$",
    "publicités$",
    "annonce$",
    "annonces$",
    "la suite après cette publicité",
    "la suite après la publicité",
    "suite après la publicité",
    "continuer la lecture",
    "contenu sponsorisé",
    "article sponsorisé",
    "contenu partenaire",
    "publi-reportage$",
    "publireportage$",
    "advertisement",
    "sponsorisé$",
    "en partenariat avec",
    "pub$",
];

pub(super) const COPYRIGHT: [&str; 12] = [
    "©",
    "(c)",
    "copyright",
    "tous droits réservés",
    "droits réservés",
    "reproduction interdite",
    "toute reproduction",
    "toute reprise",
    "reproduction soumise",
    "all rights reserved",
    "℗",
    "mentions légales",
];

pub(super) const COPYRIGHT_WITHIN: [&str; 4] = [
    "tous droits réservés",
    "reproduction interdite",
    "all rights reserved",
    "droits de reproduction",
];

/// Lines that are captions by their credit.
pub(super) const PHOTO_CREDITS: [&str; 27] = [
    "photo",
    "photos",
    "ph.",
    "crédit photo",
    "crédits photo",
    "crédit photos",
    "crédits",
    "crédit :",
    "photographie",
    "image :",
    "image d'illustration",
    "images d'illustration",
    "illustration",
    "légende",
    "capture d'écran",
    "capture d’image",
    "photo d'archives",
    "photo d'illustration",
    "dr$",
    "infographie :",
    "visuel :",
    "source photo",
    "source image",
    "cliché",
    "dessin de",
    "dessin :",
    "carte :",
];

/// Credits at the end of a caption.
pub(super) const PHOTO_CREDITS_WITHIN: [&str; 22] = [
    "©",
    "(photo",
    "(ph.",
    "(ph :",
    "[photo",
    ". photo ",
    ". photo:",
    ". ph.",
    ". photo :",
    "crédit photo",
    "crédits photo",
    "photo d'archives",
    "photo d'illustration",
    "(archives)",
    "(dr)",
    "/ afp",
    "/afp",
    "/ dr)",
    "/ reuters",
    "/reuters",
    " - photo",
    "(illustration)",
];

pub(super) const TAG_LEADS: [&str; 12] = [
    "tags",
    "tag",
    "étiquettes",
    "étiquette",
    "mots-clés",
    "mots clés",
    "mots-clefs",
    "mot-clé",
    "sujets",
    "thèmes",
    "thématiques",
    "tagged",
];

pub(super) const SOURCE_LEADS: [&str; 5] = [
    "source",
    "sources",
    "article paru dans",
    "paru dans",
    "publié dans",
];
