//! [`Step`] and [`Decision`]: what the cleaner can do, and what it did.

use serde::{Deserialize, Serialize};

/// One thing the cleaner looks for. Each can be switched off alone with
/// [`Cleaner::without`](super::Cleaner::without).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Lines broken at a fixed width are joined to paragraphs again.
    HardWraps,
    /// The comment section goes to a field of its own.
    Comments,
    /// « Lire aussi : … » and lists of other articles go to a field of their own.
    RelatedLinks,
    /// The title is found and taken out of the body, with its repetitions.
    Titles,
    /// « Continent », « Accueil > Politique ».
    SectionLabels,
    /// « PAR … », a lone name, « La rédaction ».
    Bylines,
    /// « Publié le … », « Mis à jour le … », « Paris, le 12 mars (AFP) ».
    PublicationLines,
    /// « Temps de lecture : 3 minutes ».
    ReadingTime,
    /// « 12 458 vues », « 47 partages ».
    Counters,
    /// « Partager sur Facebook », « Imprimer ».
    Sharing,
    /// « Abonnez-vous », « Réservé aux abonnés », « Suivez-nous sur WhatsApp ».
    Subscriptions,
    /// « Publicité », « La suite après cette publicité ».
    Advertising,
    /// « © … », « Tous droits réservés ».
    Copyright,
    /// Names of picture files and logos.
    Logos,
    /// Captions: by their credit, by their place in the middle of a sentence, or a lone name.
    Captions,
    /// « Tags : … », « #Mali #Russie ».
    Tags,
    /// What is left between the end of the text and the end of the page: slogans, menus.
    Footers,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 17] = [
        Step::HardWraps,
        Step::Comments,
        Step::RelatedLinks,
        Step::Titles,
        Step::SectionLabels,
        Step::Bylines,
        Step::PublicationLines,
        Step::ReadingTime,
        Step::Counters,
        Step::Sharing,
        Step::Subscriptions,
        Step::Advertising,
        Step::Copyright,
        Step::Logos,
        Step::Captions,
        Step::Tags,
        Step::Footers,
    ];

    pub(crate) fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// What became of a line, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// Left out.
    Removed,
    /// Taken for the title.
    Title,
    /// Taken for the author.
    Author,
    /// Taken for the source.
    Source,
    /// Taken for the date of publication.
    Published,
    /// Taken for tags.
    Tags,
    /// Put with the links to other articles.
    Related,
    /// Put with the comments.
    Comment,
    /// Put with the captions.
    Caption,
    /// Joined to the line before it, which it continues.
    Joined,
}

/// One decision of the cleaner: which line, what became of it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// The line of the text, counted from 1.
    pub line: usize,
    /// The step that decided.
    pub step: Step,
    /// What became of the text.
    pub fate: Fate,
    /// The line, or the part of it that is meant.
    pub text: String,
    /// Why, where the step does not say it all: « no year », « repeats the title ».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}
