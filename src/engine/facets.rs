//! Counts of all matches by value, in one pass over fast fields, with the total.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Cardinality, Column, StrColumn};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, u64_to_i64};

use crate::answer::FacetCounts;
use crate::date::month_of;
use crate::query::Facet;

/// Counts matches, and the values of each facet that is asked.
pub(super) struct Counting<'a> {
    /// Each with how many values to give.
    pub facets: &'a [(Facet, usize)],
}

/// The counts of one segment: of whole values by number, of months by their place after the first.
pub(super) struct SegmentCounting {
    total: usize,
    values: Vec<Values>,
    months: Option<Months>,
}

struct Values {
    facet: Facet,
    /// None where no article of the segment has a value.
    column: Option<StrColumn>,
    is_single: bool,
    counts: Vec<u32>,
    without: usize,
}

struct Months {
    /// As the engine keeps it: read as it is, it costs half.
    column: Option<Column<u64>>,
    first: i64,
    counts: Vec<u32>,
    without: usize,
}

/// A facet, its values with their counts, and how many articles have none.
type NamedValues = (Facet, Vec<(String, usize)>, usize);

/// What one segment gives to the sum.
#[derive(Default)]
pub(super) struct Counted {
    total: usize,
    values: Vec<NamedValues>,
    months: Vec<(i64, usize)>,
    undated: usize,
}

fn field(facet: Facet) -> Option<&'static str> {
    match facet {
        Facet::Author => Some("author"),
        Facet::Source => Some("source"),
        Facet::Tag => Some("tag"),
        Facet::Year | Facet::Month => None,
    }
}

impl Collector for Counting<'_> {
    type Fruit = (usize, Vec<FacetCounts>);
    type Child = SegmentCounting;

    fn for_segment(&self, _: u32, reader: &SegmentReader) -> tantivy::Result<SegmentCounting> {
        let fields = reader.fast_fields();
        let mut values = Vec::new();
        for &(facet, _) in self.facets {
            let Some(field) = field(facet) else {
                continue;
            };
            let column = fields.str(field)?;
            values.push(Values {
                facet,
                is_single: column.as_ref().is_none_or(|column| {
                    column.ords().get_cardinality() != Cardinality::Multivalued
                }),
                counts: vec![0; column.as_ref().map_or(0, |column| column.num_terms())],
                column,
                without: 0,
            });
        }
        let wants_dates = self.facets.iter().any(|(facet, _)| facet.is_date());
        let months = match wants_dates {
            true => Some(Months::new(
                fields.u64_lenient("timestamp")?.map(|(column, _)| column),
            )),
            false => None,
        };
        Ok(SegmentCounting {
            total: 0,
            values,
            months,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        fruits: Vec<tantivy::Result<Counted>>,
    ) -> tantivy::Result<(usize, Vec<FacetCounts>)> {
        let mut total = 0;
        let mut undated = 0;
        let mut months: HashMap<i64, usize> = HashMap::new();
        let mut values: HashMap<Facet, (HashMap<String, usize>, usize)> = HashMap::new();
        for fruit in fruits {
            let counted = fruit?;
            total += counted.total;
            undated += counted.undated;
            for (month, count) in counted.months {
                *months.entry(month).or_default() += count;
            }
            for (facet, counts, without) in counted.values {
                let (sum, sum_without) = values.entry(facet).or_default();
                *sum_without += without;
                if sum.is_empty() {
                    sum.extend(counts);
                } else {
                    for (value, count) in counts {
                        *sum.entry(value).or_default() += count;
                    }
                }
            }
        }
        let mut years: HashMap<i64, usize> = HashMap::new();
        for (month, count) in &months {
            *years.entry(month.div_euclid(12)).or_default() += count;
        }
        let month = |month: i64| {
            format!(
                "{:04}-{:02}",
                month.div_euclid(12),
                month.rem_euclid(12) + 1
            )
        };
        let facets = self.facets.iter().map(|&(facet, most)| match facet {
            Facet::Year => {
                let years = years
                    .iter()
                    .map(|(year, count)| (format!("{year:04}"), *count));
                FacetCounts::of(facet, years, undated, most)
            }
            Facet::Month => {
                let months = months.iter().map(|(key, count)| (month(*key), *count));
                FacetCounts::of(facet, months, undated, most)
            }
            _ => {
                let (counts, without) = values.remove(&facet).unwrap_or((HashMap::new(), total));
                FacetCounts::of(facet, counts, without, most)
            }
        });
        Ok((total, facets.collect()))
    }
}

impl Months {
    fn new(column: Option<Column<u64>>) -> Months {
        let (first, last) = column.as_ref().map_or((0, -1), |column| {
            (
                month_of(u64_to_i64(column.min_value())),
                month_of(u64_to_i64(column.max_value())),
            )
        });
        // Dates go from year 1 to 9999: never more than 120,000 months.
        let months = usize::try_from(last - first + 1).unwrap_or_default();
        Months {
            column,
            first,
            counts: vec![0; months.min(12 * 10_000)],
            without: 0,
        }
    }

    fn count(&mut self, documents: &[DocId]) {
        let Some(column) = &self.column else {
            self.without += documents.len();
            return;
        };
        let mut times = [None; COLLECT_BLOCK_BUFFER_LEN];
        let Some(times) = times.get_mut(..documents.len()) else {
            return;
        };
        column.first_vals(documents, times);
        for time in times {
            let month = time.map(|time| usize::try_from(month_of(u64_to_i64(time)) - self.first));
            match month {
                Some(Ok(month)) => {
                    if let Some(count) = self.counts.get_mut(month) {
                        *count += 1;
                    }
                }
                _ => self.without += 1,
            }
        }
    }
}

impl Values {
    fn count(&mut self, documents: &[DocId]) {
        let Some(column) = &self.column else {
            self.without += documents.len();
            return;
        };
        let mut add = |number: u64| {
            let count = usize::try_from(number)
                .ok()
                .and_then(|number| self.counts.get_mut(number));
            if let Some(count) = count {
                *count += 1;
            }
        };
        if self.is_single {
            let mut numbers = [None; COLLECT_BLOCK_BUFFER_LEN];
            let Some(numbers) = numbers.get_mut(..documents.len()) else {
                return;
            };
            column.ords().first_vals(documents, numbers);
            for number in numbers {
                match number {
                    Some(number) => add(*number),
                    None => self.without += 1,
                }
            }
        } else {
            for &document in documents {
                let mut has_none = true;
                for number in column.ords().values_for_doc(document) {
                    has_none = false;
                    add(number);
                }
                self.without += usize::from(has_none);
            }
        }
    }

    /// The values that were seen, by name.
    fn named(&self) -> tantivy::Result<Vec<(String, usize)>> {
        let seen = || (0..).zip(&self.counts).filter(|(_, count)| **count > 0);
        let numbers: Vec<u64> = seen().map(|(number, _)| number).collect();
        let mut counts = seen().map(|(_, count)| *count as usize);
        let mut named = Vec::with_capacity(numbers.len());
        if let Some(column) = &self.column {
            column
                .dictionary()
                .sorted_ords_to_term_cb(&numbers, |value| {
                    let value = String::from_utf8_lossy(value).into_owned();
                    named.extend(counts.next().map(|count| (value, count)));
                })?;
        }
        Ok(named)
    }
}

impl SegmentCollector for SegmentCounting {
    type Fruit = tantivy::Result<Counted>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.collect_block(&[document]);
    }

    fn collect_block(&mut self, documents: &[DocId]) {
        self.total += documents.len();
        for block in documents.chunks(COLLECT_BLOCK_BUFFER_LEN) {
            for values in &mut self.values {
                values.count(block);
            }
            if let Some(months) = &mut self.months {
                months.count(block);
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Counted> {
        let mut counted = Counted {
            total: self.total,
            ..Counted::default()
        };
        for values in self.values {
            let named = values.named()?;
            counted.values.push((values.facet, named, values.without));
        }
        if let Some(months) = self.months {
            counted.undated = months.without;
            counted.months = (months.first..)
                .zip(months.counts)
                .filter(|(_, count)| *count > 0)
                .map(|(month, count)| (month, count as usize))
                .collect();
        }
        Ok(counted)
    }
}
