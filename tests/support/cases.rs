//! Runs executable French cases through the public API. Shared by the `cases` example and the tests.
//!
//! One JSON object a line: `id`, `category`, `kind`, what is indexed (`doc` or `docs`), `query`, what
//! is expected (`expect` or `best`), `why`, and optionally `accept` (other good outcomes) and `tier`
//! (`stretch` cases are counted apart).

use std::collections::BTreeMap;
use std::thread;

use serde::Deserialize;
use serde_json::Value;
use trouvaille::{Article, Error, Field, Index, Search, Typos};

#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    pub id: String,
    pub category: String,
    kind: Kind,
    doc: Option<Document>,
    #[serde(default)]
    docs: Vec<Document>,
    query: String,
    #[serde(default)]
    expect: Value,
    best: Option<usize>,
    #[serde(default)]
    accept: Vec<Value>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    tier: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Match,
    Rank,
    Highlight,
    Fuzzy,
    Query,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Document {
    Body(String),
    Fields {
        #[serde(default)]
        title: String,
        #[serde(default)]
        body: String,
        author: Option<String>,
        source: Option<String>,
        date: Option<String>,
        #[serde(default)]
        tags: Vec<String>,
    },
}

impl Document {
    fn article(&self, id: usize) -> Result<Article, Error> {
        Ok(match self {
            Document::Body(body) => Article::new(id.to_string(), "", body),
            Document::Fields {
                title,
                body,
                author,
                source,
                date,
                tags,
            } => {
                let mut article = Article::new(id.to_string(), title, body);
                article.author = author.clone();
                article.source = source.clone();
                article.tags = tags.clone();
                if let Some(date) = date {
                    article.published = Some(date.parse()?);
                }
                article
            }
        })
    }
}

impl Case {
    pub fn is_stretch(&self) -> bool {
        self.tier == "stretch"
    }

    /// `Ok` if the case passes, else what happened instead.
    pub fn run(&self) -> Result<(), String> {
        match self.kind {
            // A small stack, so that an unbounded recursion shows.
            Kind::Query => {
                let case = self.clone();
                let run = move || case.try_run();
                let thread = thread::Builder::new().stack_size(2 << 20).spawn(run);
                let thread = thread.map_err(|error| error.to_string())?;
                thread.join().map_err(|_| "it panicked".to_owned())?
            }
            _ => self.try_run(),
        }
    }

    fn try_run(&self) -> Result<(), String> {
        let index = self.index().map_err(|error| error.to_string())?;
        let mut search = Search::from(self.query.as_str()).limit(20);
        if self.kind == Kind::Fuzzy {
            search = search.typos(Typos::Always);
        }
        let results = index.search(search);
        let outcome = match self.kind {
            Kind::Query => Value::from(if results.is_ok() { "ok" } else { "error" }),
            Kind::Match | Kind::Fuzzy => {
                let total = results.and_then(|results| results.total());
                Value::from(total.map_err(|error| error.to_string())? > 0)
            }
            Kind::Rank => {
                let results = results.map_err(|error| error.to_string())?;
                let best = self.best.unwrap_or_default().to_string();
                let first = results.hits().first();
                let second = results.hits().get(1);
                let is_first = first.is_some_and(|hit| hit.article().id == best);
                let is_strict = match (first, second) {
                    (Some(first), Some(second)) => first.score() > second.score(),
                    _ => true,
                };
                return if is_first && is_strict {
                    Ok(())
                } else {
                    let order: Vec<String> = results
                        .iter()
                        .map(|hit| format!("{} ({:.3})", hit.article().id, hit.score()))
                        .collect();
                    Err(format!("order {}", order.join(", ")))
                };
            }
            Kind::Highlight => {
                let results = results.map_err(|error| error.to_string())?;
                let marked = results.hits().first().map_or(Vec::new(), |hit| {
                    let snippet = hit.snippet_of(Field::Body, usize::MAX);
                    snippet.marked().map(str::to_owned).collect()
                });
                Value::from(marked)
            }
        };
        if outcome == self.expect || self.accept.contains(&outcome) {
            Ok(())
        } else {
            Err(outcome.to_string())
        }
    }

    fn index(&self) -> Result<Index, Error> {
        let index = Index::builder().writer_memory(15_000_000).in_memory()?;
        let mut writer = index.writer()?;
        for (id, document) in self.doc.iter().chain(&self.docs).enumerate() {
            writer.add(&document.article(id)?)?;
        }
        writer.commit()?;
        Ok(index)
    }

    /// One line about a failure.
    pub fn describe(&self, outcome: &str) -> String {
        let query: String = self.query.chars().take(60).collect();
        let wanted = self
            .best
            .map_or(self.expect.to_string(), |best| format!("{best} first"));
        let short: String = outcome.chars().take(120).collect();
        format!(
            "{}  {query:?}  {}: expected {wanted}, got {short}",
            self.id, self.why
        )
    }
}

/// Reads a file of cases.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))
        })
        .collect()
}

/// Passes and totals of one category.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub passed: usize,
    pub total: usize,
    pub stretch_passed: usize,
    pub stretch_total: usize,
}

/// Runs all cases: the scores by category, in the order of their names, and the failures.
pub fn run(cases: &[Case]) -> (BTreeMap<String, Score>, Vec<(Case, String)>) {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in cases {
        let outcome = case.run();
        let score = scores.entry(case.category.clone()).or_default();
        let passed = usize::from(outcome.is_ok());
        if case.is_stretch() {
            score.stretch_passed += passed;
            score.stretch_total += 1;
        } else {
            score.passed += passed;
            score.total += 1;
        }
        if let Err(outcome) = outcome {
            failures.push((case.clone(), outcome));
        }
    }
    (scores, failures)
}
