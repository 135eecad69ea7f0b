//! Everything that speaks tantivy on behalf of the public rooms: schema, documents, tokenizer,
//! queries, ranking, failures.

mod all;
mod any;
mod backlog;
mod best;
mod bm25;
mod body;
mod champions;
mod clause;
mod collation;
mod compile;
mod cursor;
mod derivation;
mod dictionary;
pub(crate) mod did_you_mean;
pub(crate) mod document;
mod documents;
mod evidence;
mod excluded;
mod expand;
mod expanded;
mod explain;
mod explained;
mod facets;
mod failure;
mod filtered;
mod fingerprint;
mod lemma_terms;
mod lock;
mod matcher;
mod order;
mod page;
mod phrase;
mod pieces;
mod plan;
mod planner;
mod postings;
mod profile;
mod ranking;
mod readings;
mod resembling;
pub(crate) mod schema;
mod similar;
mod sounds;
mod spelling;
mod storage;
mod store;
mod suggest;
mod table;
mod typos;
mod verify;

pub(crate) use backlog::Backlog;
pub(crate) use dictionary::KnownTerms;
pub(crate) use explain::Explainer;
pub(crate) use failure::{contained, failure};
pub(crate) use lock::{HolderNote, holder as lock_holder};
pub(crate) use order::view;
pub(crate) use page::{Counts, count_up_to};
pub(crate) use postings::{plugin as postings_plugin, register as register_postings};
pub(crate) use similar::Similar;
pub(crate) use storage::{Storage, is_leftover, remove_leftovers};
pub(crate) use store::open as open_store;
pub(crate) use suggest::{Completions, suggest};
pub(crate) use verify::{compare_counts, verify};

use std::cell::Cell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::query::Query as EngineQuery;
use tantivy::{DocAddress, IndexReader};

use self::compile::Compiler;
use self::dictionary::Dictionary;
use self::expanded::ExpandedQuery;
use self::filtered::filtered;
use self::order::{Freshness, Order};
use self::page::Page;
use self::phrase::PhraseQuery;
use self::plan::{Node, Scope};
use self::planner::Planner;
use self::ranking::Ranker;
use crate::error::{Place as IndexPlace, Result};
use crate::query::{Field, Match, Query, Search, Typos};
use crate::snippet::Matcher;
use crate::text::Analyzer;

/// What an index, its writer and its searchers share.
pub(crate) struct Core {
    pub index: tantivy::Index,
    /// The same for writers, whose merges of words are our own; opened with the first one.
    pub writing: OnceLock<tantivy::Index>,
    pub storage: Storage,
    pub backlog: Arc<Backlog>,
    pub reader: IndexReader,
    pub fields: schema::Fields,
    pub analyzer: Analyzer,
    pub place: IndexPlace,
    pub read_only: bool,
    pub writer_memory: usize,
    pub writer_threads: Option<usize>,
    pub completions: Completions,
    pub known_terms: KnownTerms,
    pub reloading: Mutex<()>,
}

impl Core {
    /// The index as writers see it. With a core to spare, articles are compressed in a thread of their own: without, to
    /// hand them over takes a thirtieth of the time of indexing. The last writer's choice stands in the list of segments, and
    /// each process makes its own.
    pub(crate) fn index_for_writing(
        &self,
        has_spare_core: bool,
    ) -> tantivy::Result<&tantivy::Index> {
        if let Some(index) = self.writing.get() {
            return Ok(index);
        }
        let mut index = tantivy::Index::open(self.storage.for_writer(&self.index.schema()))?;
        let tokenizer = schema::tokenizer_name(self.analyzer.fingerprint());
        let backlog = self.backlog.clone();
        index.settings_mut().docstore_compress_dedicated_thread = has_spare_core;
        register_postings(
            &mut index,
            &tokenizer,
            &self.analyzer,
            self.fields.text,
            backlog,
        )?;
        Ok(self.writing.get_or_init(|| index))
    }

    /// Opens what searches read of the last commit, so that damage shows now.
    pub(crate) fn open_postings(&self) -> tantivy::Result<()> {
        let view = self.reader.searcher();
        self.known_terms.follow(&view, self.fields.text)
    }

    pub(crate) fn reload(&self) -> Result<()> {
        let action = "reading the last commit";
        self.contained(action, || {
            // One at a time: the last view is the one that is followed.
            let _turn = self
                .reloading
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            self.reader
                .reload()
                .and_then(|()| self.open_postings())
                .map_err(|error| failure(action, &self.place, error))
        })
    }
}

/// A search, ready to run, and what it marks.
pub(crate) struct Compiled {
    /// What is counted: full matches.
    pub query: Box<dyn EngineQuery>,
    strict: Marks,
    /// What completes a page marks other words: some of them only, or corrected ones.
    lenient: Option<Marks>,
    /// Whether full matches were ranked together with those that complete the page.
    is_mixed: bool,
}

/// A plan, and what it marks in each field: made when the first snippet asks for it.
struct Marks {
    plan: Node,
    /// Apart, for they are large, mostly not made, and moved with what a search returns.
    matchers: [OnceLock<Box<Matcher>>; 7],
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.strict.plan.fmt(formatter)
    }
}

impl Compiled {
    /// What is marked in a field of an article that matches, fully or in part.
    pub(crate) fn matcher(&self, field: Field, is_partial: bool) -> &Matcher {
        let marks = self
            .lenient
            .as_ref()
            .filter(|_| is_partial)
            .unwrap_or(&self.strict);
        let [title, body, author, source, tag, comments, related] = &marks.matchers;
        let (slot, scope) = match field {
            Field::Title => (title, Scope::Title),
            Field::Body => (body, Scope::Body),
            Field::Author => (author, Scope::Author),
            Field::Source => (source, Scope::Source),
            Field::Tag => (tag, Scope::Tag),
            Field::Comments => (comments, Scope::Comments),
            Field::Related => (related, Scope::Related),
        };
        slot.get_or_init(|| Box::new(matcher::of_node(&marks.plan, scope)))
    }
}

impl Marks {
    fn new(plan: Node) -> Marks {
        Marks {
            plan,
            matchers: Default::default(),
        }
    }
}

/// Plans and compiles the searches of one view.
struct Compilation<'a> {
    core: &'a Core,
    searcher: &'a tantivy::Searcher,
    search: &'a Search,
}

impl Compilation<'_> {
    fn planner(&self) -> Planner<'_> {
        Planner {
            core: self.core,
            searcher: self.searcher,
            matching: self.search.default_match(),
            relaxed: false,
            derivation: 0.0,
            has_likelier: Cell::new(false),
            next_position: Cell::new(0),
            tolerance: match self.search.tolerance() {
                Typos::Always => Typos::Always,
                _ => Typos::Off,
            },
        }
    }

    /// What full matches have.
    fn strict(&self) -> Result<Node> {
        self.planner().plan(self.search.query())
    }

    /// What articles that complete a page have: some of the words, or words that resemble them. Quotes
    /// are meant, and only where nothing has them do their words alone come.
    ///
    /// And whether they come behind all full matches: beside a word that some articles have, a likelier
    /// one is a guess.
    fn lenient(&self, finds_nothing: bool) -> Result<(Node, bool)> {
        let mut planner = self.planner();
        planner.tolerance = self.search.tolerance();
        let query = self.search.query();
        if self.search.may_relax() && (has_loose_words(query) || finds_nothing && has_phrase(query))
        {
            planner.matching = Match::Any;
            planner.relaxed = true;
            planner.derivation = self.search.weights().derivation;
        }
        let plan = planner.plan(self.search.query())?;
        Ok((plan, planner.has_likelier.get()))
    }

    fn query(&self, plan: &Node) -> Result<Box<dyn EngineQuery>> {
        let compiler = Compiler { core: self.core };
        let planner = self.planner();
        let of_filter = |query: &Query| Ok(compiler.node(&planner.plan(query)?));
        let filters = self.search.filters().iter();
        let wanted = filters.map(|filter| compiler.filter(filter, &of_filter));
        Ok(filtered(
            compiler.node(plan),
            wanted.collect::<Result<_>>()?,
            Vec::new(),
        ))
    }
}

/// Whether the query has words that were put side by side, without a sign that all must be there.
fn has_loose_words(query: &Query) -> bool {
    match query {
        Query::Words { text, .. } => text.split_whitespace().nth(1).is_some(),
        Query::And(queries) => {
            let has = |wanted: fn(&Query) -> bool| queries.iter().any(wanted);
            queries.iter().any(has_loose_words)
                || (has(|query| matches!(query, Query::Phrase { .. }))
                    && has(|query| matches!(query, Query::Words { .. })))
        }
        Query::Or(queries) => queries.iter().any(has_loose_words),
        Query::Prefer { required, .. } => has_loose_words(required),
        Query::Boost { query, .. } => has_loose_words(query),
        _ => false,
    }
}

/// Whether all that a query finds is gone through for the first page, or found at once, so that a count costs little more.
fn is_counted_in_passing(query: &dyn EngineQuery) -> bool {
    query.is::<PhraseQuery>() || query.is::<ExpandedQuery>()
}

/// Whether the query asks for a phrase.
fn has_phrase(query: &Query) -> bool {
    match query {
        Query::Phrase { .. } => true,
        Query::And(queries) | Query::Or(queries) => queries.iter().any(has_phrase),
        Query::Prefer { required, .. } => has_phrase(required),
        Query::Boost { query, .. } => has_phrase(query),
        _ => false,
    }
}

/// One place of the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub score: f32,
    pub address: DocAddress,
    pub is_partial: bool,
    /// How many near duplicates were folded into it.
    pub duplicates: usize,
    /// What it has of the one word that was asked for, where a list told.
    champion: Option<postings::Champion>,
}

impl Place {
    fn new(score: f32, address: DocAddress, is_partial: bool) -> Place {
        Place {
            score,
            address,
            is_partial,
            duplicates: 0,
            champion: None,
        }
    }
}

/// What a search became, and what it found.
pub(crate) struct Answer {
    pub compiled: Compiled,
    /// Of the page alone.
    pub places: Vec<Place>,
    /// The rank of the first of them, in the whole answer.
    pub first_rank: usize,
    pub counts: Option<Counts>,
}

/// Runs a search on one view.
pub(crate) fn run(core: &Core, searcher: &tantivy::Searcher, search: &Search) -> Result<Answer> {
    let compilation = Compilation {
        core,
        searcher,
        search,
    };
    let strict = compilation.strict()?;
    let query = compilation.query(&strict)?;
    let dictionary = Dictionary::new(core, searcher)?;
    let page = Page::new(core, searcher, search)?;
    let mut loose = None;
    let (mut is_mixed, mut is_guess) = (false, false);
    let mut counts = None;
    let mut depth = page.depth();
    let mut places = loop {
        let found = match Order::of(search.order()) {
            _ if page.limit == 0 => Vec::new(),
            Some(order) => page.in_order(&*query, order, depth, &mut counts)?,
            None => {
                let window = match search.half_life() {
                    // Then the order is BM25's, which needs no more than the page.
                    None if !ranking::looks_at(search.weights(), &strict) => 0,
                    _ => search.weights().window,
                };
                // Partial matches lie closer together: BM25 alone tells less of them.
                let wide = search.weights().window;
                let wide = wide.saturating_add(wide / 2);
                let is_counted = search.counts_total() && search.facets().is_empty();
                let listed = match search.filters().is_empty() {
                    true => champions::best(&dictionary, &strict, whole(searcher, depth, window))?,
                    false => None,
                };
                let mut places = match listed {
                    Some(places) => places,
                    None if is_counted && is_counted_in_passing(&*query) => {
                        let (places, total) = counted(&dictionary, &*query, depth, window)?;
                        counts.get_or_insert((total, Vec::new()));
                        places
                    }
                    None => candidates(&dictionary, &*query, depth, window, false)?,
                };
                let full = places.len();
                if full < whole(searcher, depth, window) {
                    // Fewer than were asked for: these are all.
                    counts.get_or_insert((full, Vec::new()));
                }
                // Corrections cost look-ups in the dictionary, partial matches a second search: only
                // a page that lacks articles asks for them.
                if full < depth {
                    let (lenient, guess) = compilation.lenient(full == 0)?;
                    is_guess = guess && full > 0;
                    if lenient != strict {
                        let query = compilation.query(&lenient)?;
                        let depth = depth.saturating_add(places.len());
                        let more = candidates(&dictionary, &*query, depth, wide, true)?;
                        ranking::add_new(&mut places, more);
                        loose = Some(lenient);
                    }
                }
                // Where full matches fill the first page, it is ranked without partial ones: these
                // come behind on every page then, so that pages neither repeat nor skip.
                is_mixed = loose.is_some() && full < search.page().1 && !is_guess;
                let (first, behind) = places.split_at_mut(if is_mixed { 0 } else { full });
                rank(&dictionary, search, &strict, (window, f32::INFINITY), first)?;
                if let Some(lenient) = &loose {
                    let most = first.last().map_or(f32::INFINITY, |place| place.score);
                    rank(&dictionary, search, lenient, (wide, most), behind)?;
                }
                places
            }
        };
        let looked = found.len();
        let kept = page.fold(found);
        match page.next_depth(looked, depth, kept.len()) {
            Some(deeper) => depth = deeper,
            None => break kept,
        }
    };
    let counts = page.count(&*query, counts)?;
    places.truncate(page.depth());
    places.drain(..page.skip.min(places.len()));
    Ok(Answer {
        places,
        first_rank: page.first_rank,
        counts,
        compiled: Compiled {
            query,
            strict: Marks::new(strict),
            lenient: loose.map(Marks::new),
            is_mixed,
        },
    })
}

/// Never more than there are: a collector allocates for its limit at once. Never 0: it would panic.
fn within(searcher: &tantivy::Searcher, count: usize) -> usize {
    let articles = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
    count.min(articles).max(1)
}

/// How many articles are looked for: whole windows of them, so that the same articles are ranked together
/// whatever the page.
fn whole(searcher: &tantivy::Searcher, depth: usize, window: usize) -> usize {
    let count = match window {
        0 => depth,
        _ => depth.div_ceil(window).saturating_mul(window),
    };
    within(searcher, count)
}

/// The best articles by BM25.
fn candidates(
    dictionary: &Dictionary<'_>,
    query: &dyn EngineQuery,
    depth: usize,
    window: usize,
    is_partial: bool,
) -> Result<Vec<Place>> {
    let count = whole(dictionary.searcher, depth, window);
    let found = best::best(dictionary, query, count)
        .map_err(|error| failure("searching", &dictionary.core.place, error))?;
    Ok(places(found, is_partial))
}

/// The same, and how many there are in all.
fn counted(
    dictionary: &Dictionary<'_>,
    query: &dyn EngineQuery,
    depth: usize,
    window: usize,
) -> Result<(Vec<Place>, usize)> {
    let count = whole(dictionary.searcher, depth, window);
    let counted = best::best_and_count(dictionary, query, count);
    let (found, total) =
        counted.map_err(|error| failure("searching", &dictionary.core.place, error))?;
    Ok((places(found, false), total))
}

fn places(found: Vec<(f32, DocAddress)>, is_partial: bool) -> Vec<Place> {
    let place = |(score, address)| Place::new(score, address, is_partial);
    found.into_iter().map(place).collect()
}

/// Orders the candidates, window by window; none scores above `most`.
fn rank(
    dictionary: &Dictionary<'_>,
    search: &Search,
    plan: &Node,
    (window, mut most): (usize, f32),
    places: &mut [Place],
) -> Result<()> {
    let ranking = search.weights();
    if window == 0 {
        ranking::sort(places);
        return Ok(());
    }
    let ranker = Ranker::new(dictionary, ranking, plan)?;
    let freshness = match search.half_life() {
        Some(half_life) => Some(Freshness::new(
            dictionary.core,
            dictionary.searcher,
            half_life,
        )?),
        None => None,
    };
    for block in places.chunks_mut(window) {
        if let Some(ranker) = &ranker {
            ranker.rank(block)?;
        }
        if let Some(freshness) = &freshness {
            freshness.apply(block);
        }
        ranking::sort(block);
    }
    // Scores never rise along the list, though windows are ranked apart.
    for place in places {
        most = most.min(place.score);
        place.score = most;
    }
    Ok(())
}
