//! Why an article is where it is in an answer.

use tantivy::query::EnableScoring;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, Term};

use super::compile::Compiler;
use super::dictionary::Dictionary;
use super::order::Freshness;
use super::plan::Node;
use super::ranking::Ranker;
use super::{Compilation, Compiled, Core, Place, failure};
use crate::answer::{Explanation, WordPart};
use crate::error::Result;
use crate::query::Search;

/// One view, asked about one article.
pub(crate) struct Explainer<'a> {
    pub core: &'a Core,
    pub searcher: &'a Searcher,
    pub search: &'a Search,
}

impl Explainer<'_> {
    /// About an article that the search found.
    pub(crate) fn of_place(
        &self,
        compiled: &Compiled,
        place: Place,
        id: &str,
    ) -> Result<Explanation> {
        let plan = match &compiled.lenient {
            Some(lenient) if place.is_partial || compiled.is_mixed => &lenient.plan,
            _ => &compiled.strict.plan,
        };
        self.explain(plan, place, id)
    }

    /// About any article; none where there is none of this id, or the search does not find it.
    pub(crate) fn of_id(&self, id: &str) -> Result<Option<Explanation>> {
        let Some(address) = address_of(self.core, self.searcher, id)? else {
            return Ok(None);
        };
        let compilation = Compilation {
            core: self.core,
            searcher: self.searcher,
            search: self.search,
        };
        let mut is_partial = false;
        for is_strict in [true, false] {
            let plan = match is_strict {
                true => compilation.strict()?,
                false => compilation.lenient(true)?.0,
            };
            let query = compilation.query(&plan)?;
            if self.score(&*query, address)?.is_some() {
                let place = Place::new(0.0, address, is_partial);
                return self.explain(&plan, place, id).map(Some);
            }
            if !self.search.may_complete() {
                break;
            }
            is_partial = true;
        }
        Ok(None)
    }

    fn explain(&self, plan: &Node, mut place: Place, id: &str) -> Result<Explanation> {
        let Explainer {
            core,
            searcher,
            search,
        } = *self;
        let query = Compiler { core }.node(plan);
        place.score = self.score(&*query, place.address)?.unwrap_or_default();
        let mut explanation = Explanation {
            id: id.to_owned(),
            score: place.score,
            is_partial: place.is_partial,
            words: Vec::new(),
            title: 0.0,
            exactness: 0.0,
            nearness: 0.0,
            early: 0.0,
            others: place.score,
            freshness: 1.0,
            ahead: Vec::new(),
        };
        let dictionary = Dictionary::new(core, searcher)?;
        if let Some(ranker) = Ranker::new(&dictionary, search.weights(), plan)? {
            let parts = ranker.parts(place)?;
            explanation.words = parts
                .words
                .into_iter()
                .map(|part| WordPart {
                    word: part.word,
                    in_title: part.in_title,
                    in_body: part.in_body,
                    as_typed: part.is_exact,
                    occurrences: part.occurrences,
                    amount: part.amount,
                })
                .collect();
            explanation.score = parts.score;
            explanation.title = parts.title;
            explanation.exactness = parts.exactness;
            explanation.nearness = parts.nearness;
            explanation.early = parts.early;
            explanation.others = parts.others;
        }
        if let Some(half_life) = search.half_life() {
            explanation.freshness =
                Freshness::new(core, searcher, half_life)?.factor(place.address);
            explanation.score *= explanation.freshness;
        }
        Ok(explanation)
    }

    /// The engine's score; none where the article does not match.
    fn score(&self, query: &dyn tantivy::query::Query, address: DocAddress) -> Result<Option<f32>> {
        let score = || -> tantivy::Result<Option<f32>> {
            let weight = query.weight(EnableScoring::enabled_from_searcher(self.searcher))?;
            let segment = self.searcher.segment_reader(address.segment_ord);
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut document = scorer.doc();
            if document < address.doc_id {
                document = scorer.seek(address.doc_id);
            }
            Ok((document == address.doc_id).then(|| scorer.score()))
        };
        score().map_err(|error| failure("explaining a score", &self.core.place, error))
    }
}

/// Where the article of this id is.
pub(super) fn address_of(core: &Core, searcher: &Searcher, id: &str) -> Result<Option<DocAddress>> {
    let term = Term::from_field_text(core.fields.id, id);
    let find = || -> tantivy::Result<Option<DocAddress>> {
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let index = segment.inverted_index(core.fields.id)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != tantivy::TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(ordinal, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    };
    find().map_err(|error| failure("looking for an article", &core.place, error))
}
