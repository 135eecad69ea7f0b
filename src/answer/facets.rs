//! [`FacetCounts`]: how many matches have which value.

use serde::{Deserialize, Serialize};

use crate::query::Facet;

/// How many matches have which value of one [`Facet`].
///
/// ```
/// use trouvaille::{Article, Facet, Index, Search};
///
/// let index = Index::in_memory()?;
/// let mut writer = index.writer()?;
/// for (id, source) in [("1", "La Rive"), ("2", "La Rive"), ("3", "Abidjan Éco")] {
///     writer.upsert(&Article::new(id, "Le coton", "").source(source))?;
/// }
/// writer.commit()?;
/// let results = index.search(Search::from("coton").facet(Facet::Source))?;
/// let sources = &results.facets()[0];
/// assert_eq!(sources.values[0].value, "La Rive");
/// assert_eq!(sources.values[0].count, 2);
/// assert_eq!(sources.count_of("Abidjan Éco"), 1);
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FacetCounts {
    /// What is counted by.
    pub facet: Facet,
    /// The values: the most frequent first, those of one count in the order of their letters; years
    /// and months in the order of time.
    pub values: Vec<FacetValue>,
    /// How many more values the matches have than are listed.
    pub more: usize,
    /// How many matches have no value at all: no author, no date.
    pub without: usize,
}

/// One value and how many matches have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FacetValue {
    /// The value: as it was given to the articles, or `2023`, or `2023-02`.
    pub value: String,
    /// How many matches have it.
    pub count: usize,
}

impl FacetCounts {
    /// How many matches have this value; 0 where it is not listed.
    pub fn count_of(&self, value: &str) -> usize {
        self.values
            .iter()
            .find(|known| known.value == value)
            .map_or(0, |known| known.count)
    }

    /// Orders the values and keeps `most` of them: the most frequent, or the latest.
    pub(crate) fn of(
        facet: Facet,
        counts: impl IntoIterator<Item = (String, usize)>,
        without: usize,
        most: usize,
    ) -> FacetCounts {
        let mut values: Vec<FacetValue> = counts
            .into_iter()
            .map(|(value, count)| FacetValue { value, count })
            .collect();
        let all = values.len();
        if facet.is_date() {
            values.sort_unstable_by(|a, b| a.value.cmp(&b.value));
            values.drain(..all.saturating_sub(most));
        } else {
            let order = |a: &FacetValue, b: &FacetValue| {
                b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))
            };
            // Many values, few wanted: no need to order them all.
            if most < all {
                values.select_nth_unstable_by(most, order);
                values.truncate(most);
            }
            values.sort_unstable_by(order);
        }
        FacetCounts {
            facet,
            more: all - values.len(),
            values,
            without,
        }
    }
}
