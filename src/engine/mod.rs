//! Everything that speaks tantivy on behalf of the public rooms: schema, documents, tokenizer,
//! queries, ranking, failures.

mod body;
mod compile;
pub(crate) mod document;
mod expand;
mod failure;
mod lock;
mod matcher;
mod plan;
mod planner;
mod ranking;
pub(crate) mod schema;
mod tokenizer;

pub(crate) use failure::failure;
pub(crate) use lock::{HolderNote, holder as lock_holder};
pub(crate) use tokenizer::ArticleTokenizer;

use std::sync::OnceLock;

use tantivy::IndexReader;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery};

use self::compile::Compiler;
use self::plan::{Node, Scope};
use self::planner::Planner;
use self::ranking::{Ranker, Scored};
use crate::error::{Place, Result};
use crate::query::{Field, Match, Query, Search};
use crate::snippet::Matcher;
use crate::text::Analyzer;

/// What an index, its writer and its searchers share.
pub(crate) struct Core {
    pub index: tantivy::Index,
    pub reader: IndexReader,
    pub fields: schema::Fields,
    pub analyzer: Analyzer,
    pub place: Place,
    pub read_only: bool,
    pub writer_memory: usize,
}

impl Core {
    pub(crate) fn reload(&self) -> Result<()> {
        self.reader
            .reload()
            .map_err(|error| failure("reading the last commit", &self.place, error))
    }
}

/// A search, ready to run, and what it marks.
pub(crate) struct Compiled {
    pub query: Box<dyn EngineQuery>,
    /// Any of the words, where the search may be completed so.
    pub relaxed: Option<Box<dyn EngineQuery>>,
    /// With every word that raises the score.
    plan: Node,
    // Made when the first snippet asks for it.
    matchers: [OnceLock<Matcher>; 5],
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.plan.fmt(formatter)
    }
}

impl Compiled {
    pub(crate) fn matcher(&self, field: Field) -> &Matcher {
        let [title, body, author, source, tag] = &self.matchers;
        let (slot, scope) = match field {
            Field::Title => (title, Scope::Title),
            Field::Body => (body, Scope::Body),
            Field::Author => (author, Scope::Author),
            Field::Source => (source, Scope::Source),
            Field::Tag => (tag, Scope::Tag),
        };
        slot.get_or_init(|| matcher::of_node(&self.plan, scope))
    }
}

/// Plans and compiles a search on one view of the index.
pub(crate) fn compile(
    core: &Core,
    searcher: &tantivy::Searcher,
    search: &Search,
) -> Result<Compiled> {
    let planner = |matching| Planner {
        core,
        searcher,
        matching,
    };
    let compiler = Compiler { core };
    let strict = planner(search.default_match());
    let plan_query = |query: &Query| Ok(compiler.node(&strict.plan(query)?));
    let filtered = |query: Box<dyn EngineQuery>| -> Result<Box<dyn EngineQuery>> {
        if search.filters().is_empty() {
            return Ok(query);
        }
        let mut clauses = vec![(Occur::Must, query)];
        for filter in search.filters() {
            clauses.push((Occur::Must, compiler.filter(filter, &plan_query)?));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    };
    let plan = strict.plan(search.query())?;
    let query = filtered(compiler.node(&plan))?;
    let any = match search.may_relax() {
        true => Some(planner(Match::Any).plan(search.query())?).filter(|any| *any != plan),
        false => None,
    };
    let relaxed = any
        .as_ref()
        .map(|any| filtered(compiler.node(any)))
        .transpose()?;
    Ok(Compiled {
        query,
        relaxed,
        plan,
        matchers: Default::default(),
    })
}

/// The best `depth` articles by relevance, and from which place on they are partial matches.
pub(crate) fn best(
    core: &Core,
    searcher: &tantivy::Searcher,
    search: &Search,
    compiled: &Compiled,
    depth: usize,
) -> Result<(Vec<Scored>, usize)> {
    let ranking = search.weights();
    let ranker = Ranker::new(core, searcher, ranking, &compiled.plan)?;
    let window = ranking.window.max(1);
    let top = |query: &dyn EngineQuery, count: usize| -> Result<Vec<Scored>> {
        // Whole windows, so that the same articles are ranked together whatever the page.
        let count = count.div_ceil(window).saturating_mul(window);
        // Never more than there are: the collector allocates for its limit at once.
        let count = count
            .min(usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX))
            .max(1);
        let collector = TopDocs::with_limit(count).order_by_score();
        searcher
            .search(query, &collector)
            .map_err(|error| failure("searching", &core.place, error))
    };
    let order = |hits: &mut [Scored]| -> Result<()> {
        for block in hits.chunks_mut(window) {
            if let Some(ranker) = &ranker {
                ranker.rank(block)?;
            }
            ranking::sort(block);
        }
        Ok(())
    };
    let mut hits = top(&*compiled.query, depth)?;
    order(&mut hits)?;
    let full = hits.len();
    if let Some(relaxed) = compiled.relaxed.as_ref().filter(|_| full < depth) {
        let mut partial = ranking::only_new(&hits, top(&**relaxed, depth.saturating_add(full))?);
        order(&mut partial)?;
        hits.append(&mut partial);
    }
    // Scores never rise along the list, though blocks and partial matches are ranked apart.
    let mut most = f32::INFINITY;
    for (score, _) in &mut hits {
        most = most.min(*score);
        *score = most;
    }
    hits.truncate(depth);
    Ok((hits, full))
}
