//! What comes back beside the articles, as plain data: counts by value, and why an article is here.

mod explanation;
mod facets;

pub use explanation::{Explanation, WordPart};
pub use facets::{FacetCounts, FacetValue};
