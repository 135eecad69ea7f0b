//! The query as it may have been meant.

use tantivy::Searcher;

use super::plan::{Scope, Word};
use super::typos::{self, Correction};
use super::{Core, spelling};
use crate::error::Result;
use crate::query::Query;

/// The query with its misspelt words replaced, accents and all; `None` where every word is known or
/// has nothing near it.
pub(crate) fn corrected(core: &Core, searcher: &Searcher, query: &Query) -> Result<Option<Query>> {
    let mut query = query.clone();
    let mut changed = false;
    let mut failed = None;
    query.for_each_leaf(&mut |leaf| {
        if let Query::Words {
            text, field: None, ..
        }
        | Query::Phrase {
            text, field: None, ..
        } = leaf
        {
            match corrected_text(core, searcher, text) {
                Ok(Some(better)) => {
                    *text = better;
                    changed = true;
                }
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(changed.then_some(query)),
    }
}

fn corrected_text(core: &Core, searcher: &Searcher, text: &str) -> Result<Option<String>> {
    let mut better = String::with_capacity(text.len());
    let mut end = 0;
    for token in core.analyzer.analyze_query(text) {
        let flags = token.flags;
        let stands_alone = !(flags.is_compound()
            || flags.is_alternative()
            || flags.is_split()
            || flags.is_synonym()
            || flags.is_elided());
        if !stands_alone || flags.stop_level().is_some() || token.range.start < end {
            continue;
        }
        let word = Word {
            scope: Scope::Text,
            lemmas: token
                .lemmas
                .iter()
                .map(|lemma| (lemma.term.clone(), 1.0))
                .collect(),
            kin: Vec::new(),
            phrases: Vec::new(),
            written: token.written.clone(),
            is_french: !token.flags.is_unknown(),
            position: token.position,
        };
        let replacement = match typos::correction(core, searcher, &word, false)? {
            Some(Correction::Words(candidates) | Correction::Likelier(candidates)) => {
                match candidates.first() {
                    Some(likeliest) => spelling::of(core, searcher, &likeliest.word)?,
                    None => continue,
                }
            }
            Some(Correction::Glued(left, right)) => {
                let right = spelling::of(core, searcher, &right)?;
                if left.chars().count() < 3 {
                    format!("{left}’{right}")
                } else {
                    format!("{} {right}", spelling::of(core, searcher, &left)?)
                }
            }
            None => continue,
        };
        better.push_str(text.get(end..token.range.start).unwrap_or_default());
        better.push_str(&replacement);
        end = token.range.end;
    }
    if end == 0 {
        return Ok(None);
    }
    better.push_str(text.get(end..).unwrap_or_default());
    Ok(Some(better))
}
