//! [`Analyzer`]: the door of this room.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::custom::AnalyzerBuilder;
use super::document::read_document;
use super::folding::fold;
use super::group::Reader;
use super::lexicon;
use super::query_forms;
use super::synonyms::{Filter, Synonyms};
use super::token::{Token, TokenRef};
use super::vocabulary::{CustomWords, Mode};
use super::workspace::Workspace;

/// Turns French text into the words to index and to search.
///
/// Cheap to clone, and shared freely between threads.
///
/// ```
/// use trouvaille::Analyzer;
///
/// let analyzer = Analyzer::default();
/// let words: Vec<_> = analyzer
///     .analyze("L’État soutient les écoles.")
///     .into_iter()
///     .map(|token| token.written)
///     .collect();
/// assert_eq!(words, ["l", "etat", "soutient", "les", "ecoles"]);
/// ```
#[derive(Clone)]
pub struct Analyzer {
    shared: Arc<Shared>,
}

struct Shared {
    custom: CustomWords,
    synonyms: Synonyms,
    fingerprint: String,
    /// Workspaces at rest; each analysis borrows one.
    at_rest: Mutex<Vec<Workspace>>,
}

/// More workspaces than this at rest are freed: each holds a word cache.
const MAX_AT_REST: usize = 16;

impl Default for Analyzer {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for Analyzer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Analyzer")
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

impl Analyzer {
    /// Starts an analyzer with words of your own.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let analyzer = Analyzer::builder()
    ///     .protect("Canal+")
    ///     .lemma("mails", "courriel")
    ///     .synonyms(["vélo", "bicyclette"])
    ///     .build();
    /// let tokens = analyzer.analyze("Canal+ répond aux mails");
    /// assert_eq!(tokens[0].written, "canal+");
    /// assert_eq!(tokens[3].lemmas[0].term, "courriel");
    /// ```
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    pub(super) fn from_parts(custom: CustomWords, synonyms: Synonyms, fingerprint: String) -> Self {
        Self {
            shared: Arc::new(Shared {
                custom,
                synonyms,
                fingerprint,
                at_rest: Mutex::default(),
            }),
        }
    }

    /// Visits every word form of the built-in lexicon, some 400,000, with its accents and always in
    /// the same order: to complete a box of one's own, or to generate text.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let mut verbs = 0;
    /// Analyzer::lexicon_words(|word| verbs += usize::from(word.ends_with("erions")));
    /// assert!(verbs > 1_000);
    /// ```
    pub fn lexicon_words(mut visit: impl FnMut(&str)) {
        lexicon::for_each_spelling(&mut visit);
    }

    /// The words of a document: each stands for the readings that it surely
    /// has.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let tokens = Analyzer::default().analyze("les généraux d’aujourd’hui");
    /// assert_eq!(&"les généraux d’aujourd’hui"[tokens[3].range.clone()], "aujourd’hui");
    /// assert!(tokens[1].lemmas.iter().any(|lemma| lemma.term == "général"));
    /// assert!(tokens[2].flags.is_elided());
    /// ```
    pub fn analyze(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.each_token(text, Mode::Document, |token| tokens.push(token.to_token()));
        tokens
    }

    /// The words of a query: each stands for all the words that share its
    /// letters, whatever their accents, those with other accents marked as
    /// not exact. Two words that the lexicon writes as one get a token above
    /// them (`porte parole`), a word that may be two gets them behind it
    /// ([`is_split`](crate::TokenFlags::is_split)).
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let tokens = Analyzer::default().analyze_query("marche");
    /// let terms: Vec<_> = tokens[0].lemmas.iter().map(|lemma| lemma.term.as_str()).collect();
    /// assert!(terms.contains(&"marché"));
    /// ```
    pub fn analyze_query(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.each_token(text, Mode::Query, |token| tokens.push(token.to_token()));
        tokens
    }

    /// The written form of a word or of a part of one, as
    /// [`Token::written`] has it: for prefixes, wildcards and typos.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// assert_eq!(Analyzer::default().fold("Élèv"), "elev");
    /// assert_eq!(Analyzer::default().fold("aujourd’h"), "aujourdh");
    /// ```
    pub fn fold(&self, word: &str) -> String {
        let lower = word.to_lowercase();
        if self.shared.custom.symbols.contains(&lower) {
            return lower;
        }
        let (mut written, mut accented) = (String::new(), String::new());
        fold(word, &mut written, &mut accented);
        written
    }

    /// A short name for all that the terms depend on: rules, lexicon, lists
    /// and custom words. Two analyzers of one fingerprint give the same terms.
    pub fn fingerprint(&self) -> &str {
        &self.shared.fingerprint
    }

    /// Whether every form has the lemmas of the lexicon, and no others.
    pub(crate) fn is_plain(&self) -> bool {
        self.shared.custom.lemmas.is_empty() && self.shared.synonyms.is_empty()
    }

    /// Visits the tokens of a text to be indexed, as [`analyze`](Self::analyze) gives them, without
    /// allocating for each: the way to analyze much text.
    ///
    /// ```
    /// use trouvaille::Analyzer;
    ///
    /// let mut words = Vec::new();
    /// Analyzer::default().visit("L’été à Évian", |token| words.push(token.written().to_owned()));
    /// assert_eq!(words, ["l", "ete", "a", "evian"]);
    /// ```
    pub fn visit(&self, text: &str, visit: impl FnMut(&TokenRef<'_>)) {
        self.each_token(text, Mode::Document, visit);
    }

    /// Visits the tokens of a text, without allocating for each.
    ///
    /// Starts and positions never decrease; a token that covers others comes
    /// before them.
    pub(crate) fn each_token(&self, text: &str, mode: Mode, mut visit: impl FnMut(&TokenRef<'_>)) {
        let mut work = self.borrow();
        self.each_token_in(&mut work, text, mode, true, &mut visit);
        self.give_back(work);
    }

    fn each_token_in(
        &self,
        work: &mut Workspace,
        text: &str,
        mode: Mode,
        asks_for_letters: bool,
        mut visit: impl FnMut(&TokenRef<'_>),
    ) {
        let shared = &*self.shared;
        if mode == Mode::Query {
            let mut reader = Reader::new(text, mode, &shared.custom, work);
            let mut at = 0;
            while at < text.len() {
                at = reader.group(at);
            }
            query_forms::add(text, work, &shared.custom);
            if shared.synonyms.is_empty() {
                for draft in &work.drafts {
                    visit(&work.token(draft));
                }
            } else {
                let mut filter = Filter::new(&shared.synonyms, mode);
                for draft in &work.drafts {
                    filter.push(&work.token(draft), &mut visit);
                }
                filter.finish(&mut visit);
            }
        } else if shared.synonyms.is_empty() {
            read_document(text, &shared.custom, work, asks_for_letters, visit);
        } else {
            let mut filter = Filter::new(&shared.synonyms, mode);
            read_document(text, &shared.custom, work, true, |token| {
                filter.push(token, &mut visit)
            });
            filter.finish(&mut visit);
        }
        work.clear();
    }

    fn borrow(&self) -> Workspace {
        let mut at_rest = self
            .shared
            .at_rest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        at_rest.pop().unwrap_or_default()
    }

    fn give_back(&self, work: Workspace) {
        let mut at_rest = self
            .shared
            .at_rest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if at_rest.len() < MAX_AT_REST {
            at_rest.push(work);
        }
    }

    /// Frees what is kept for the next texts: a writer leaves much that searches don't need.
    pub(crate) fn forget(&self) {
        let at_rest = self.shared.at_rest.lock();
        at_rest.unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Reads documents one after the other, with a memory of words to itself: the words of one reader keep
/// their [identities](TokenRef::identity) as long as can be.
pub(crate) struct DocumentReader {
    analyzer: Analyzer,
    work: Workspace,
}

impl DocumentReader {
    /// Remembers as many words as so many bytes hold, some thousands at the least.
    pub(crate) fn new(analyzer: &Analyzer, memory: usize) -> DocumentReader {
        let mut work = analyzer.borrow();
        work.cache.allow(memory);
        DocumentReader {
            analyzer: analyzer.clone(),
            work,
        }
    }

    /// What it takes beyond what reading documents usually does, in bytes.
    pub(crate) fn extra_memory(&self) -> usize {
        self.work.cache.extra_memory()
    }

    /// As [`Analyzer::visit`], for those who know most tokens by their identity.
    pub(crate) fn visit(&mut self, text: &str, visit: impl FnMut(&TokenRef<'_>)) {
        self.analyzer
            .each_token_in(&mut self.work, text, Mode::Document, false, visit);
    }
}

impl Drop for DocumentReader {
    fn drop(&mut self) {
        self.analyzer.give_back(std::mem::take(&mut self.work));
    }
}
