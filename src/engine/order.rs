//! Orders other than relevance: by a fast field, from a cursor on; and freshness.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::SystemTime;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, Score, Searcher, SegmentReader};

use super::{Core, Place, failure};
use crate::error::{Error, Result};
use crate::query::{Cursor, Sort};

/// What articles are ordered by; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Newest,
    Oldest,
    Title,
}

impl Order {
    /// None for relevance.
    pub(super) fn of(sort: Sort) -> Option<Order> {
        match sort {
            Sort::Relevance => None,
            Sort::Newest => Some(Order::Newest),
            Sort::Oldest => Some(Order::Oldest),
            Sort::Title => Some(Order::Title),
        }
    }

    /// The values of a segment as numbers, and the titles they stand for.
    fn column(self, segment: &SegmentReader) -> tantivy::Result<(Column<u64>, Option<StrColumn>)> {
        let fields = segment.fast_fields();
        let empty = || Column::build_empty_column(segment.max_doc());
        Ok(match self {
            Order::Title => match fields.str("title_order")? {
                Some(titles) => (titles.ords().clone(), Some(titles)),
                None => (empty(), None),
            },
            // Keeps the order of the signed numbers.
            _ => match fields.u64_lenient("timestamp")? {
                Some((column, _)) => (column, None),
                None => (empty(), None),
            },
        })
    }

    /// A value as a number that is the less the earlier it comes; those without come last.
    #[inline]
    fn rank(self, value: Option<u64>) -> u64 {
        let flipped = match self {
            Order::Newest => u64::MAX,
            Order::Oldest | Order::Title => 0,
        };
        value.map_or(u64::MAX, |value| value ^ flipped)
    }
}

/// What decides between articles of different segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(u64),
    Text(Vec<u8>),
    Missing,
}

/// Collects the first `count` articles of an order, behind a certain one if that is asked.
pub(super) struct InOrder {
    order: Order,
    count: usize,
    after: Option<(Key, DocAddress)>,
    /// What comes behind this number is not among the first, whatever the segment. Titles have numbers of their own in
    /// each.
    most: Arc<AtomicU64>,
}

impl InOrder {
    pub(super) fn new(
        core: &Core,
        searcher: &Searcher,
        order: Order,
        count: usize,
        after: Option<Cursor>,
    ) -> Result<InOrder> {
        let after = after
            .map(|cursor| {
                let address = DocAddress::new(cursor.segment, cursor.document);
                let key = key_of(order, searcher, address)
                    .map_err(|error| failure("reading a cursor", &core.place, error))?;
                Ok((key, address))
            })
            .transpose()?;
        Ok(InOrder {
            order,
            count,
            after,
            most: Arc::new(AtomicU64::new(u64::MAX)),
        })
    }

    /// The first rank and document of a segment that come behind the cursor.
    fn least(&self, segment: u32, titles: Option<&StrColumn>) -> tantivy::Result<(u64, DocId)> {
        let Some((key, address)) = &self.after else {
            return Ok((0, 0));
        };
        let rank = match (key, titles) {
            (Key::Number(rank), _) => *rank,
            (Key::Missing, _) => u64::MAX,
            (Key::Text(_), None) => 0,
            (Key::Text(text), Some(titles)) => {
                // Where this segment has no such title, those behind it begin at the next.
                match titles.dictionary().term_ord(text)? {
                    Some(rank) => rank,
                    None => return Ok((next_title(titles, text)?, 0)),
                }
            }
        };
        // Equal values stand in the order of segments and documents.
        Ok(match segment.cmp(&address.segment_ord) {
            std::cmp::Ordering::Less => (rank, DocId::MAX),
            std::cmp::Ordering::Equal => (rank, address.doc_id.saturating_add(1)),
            std::cmp::Ordering::Greater => (rank, 0),
        })
    }
}

/// The number of the first title behind `text`, which is not one of them.
fn next_title(titles: &StrColumn, text: &[u8]) -> tantivy::Result<u64> {
    // `term_ord_or_next` tells the block's last title for a text behind it: a search by halves is as
    // quick for one look-up.
    let (mut low, mut high) = (0, titles.num_terms() as u64);
    let mut bytes = Vec::new();
    while low < high {
        let middle = low + (high - low) / 2;
        bytes.clear();
        titles.dictionary().ord_to_term(middle, &mut bytes)?;
        if bytes.as_slice() < text {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    // Behind all titles come those without one.
    Ok(if low == titles.num_terms() as u64 {
        u64::MAX
    } else {
        low
    })
}

fn key_of(order: Order, searcher: &Searcher, address: DocAddress) -> tantivy::Result<Key> {
    let (column, titles) = order.column(searcher.segment_reader(address.segment_ord))?;
    Ok(match (column.first(address.doc_id), titles) {
        (None, _) => Key::Missing,
        (Some(title), Some(titles)) => {
            let mut text = Vec::new();
            titles.dictionary().ord_to_term(title, &mut text)?;
            Key::Text(text)
        }
        (value, None) => Key::Number(order.rank(value)),
    })
}

impl Collector for InOrder {
    type Fruit = Vec<(Key, DocAddress)>;
    type Child = SegmentInOrder;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentInOrder> {
        let (column, titles) = self.order.column(reader)?;
        Ok(SegmentInOrder {
            segment,
            order: self.order,
            count: self.count.min(reader.max_doc() as usize).max(1),
            least: self.least(segment, titles.as_ref())?,
            most: match titles {
                Some(_) => (u64::MAX, DocId::MAX),
                None => (self.most.load(Relaxed), DocId::MAX),
            },
            wanted: self.count,
            most_of_all: self.most.clone(),
            column,
            titles,
            first: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        fruits: Vec<tantivy::Result<Vec<(Key, DocAddress)>>>,
    ) -> tantivy::Result<Vec<(Key, DocAddress)>> {
        let mut all = Vec::new();
        for fruit in fruits {
            all.extend(fruit?);
        }
        all.sort_unstable();
        all.truncate(self.count);
        Ok(all)
    }
}

pub(super) struct SegmentInOrder {
    segment: u32,
    order: Order,
    count: usize,
    column: Column<u64>,
    titles: Option<StrColumn>,
    /// At most twice the count, and only then thinned out: cheaper than a heap.
    first: Vec<(u64, DocId)>,
    least: (u64, DocId),
    /// What comes behind this is not among the first.
    most: (u64, DocId),
    /// How many are wanted of all segments.
    wanted: usize,
    /// What comes behind this number is not among those.
    most_of_all: Arc<AtomicU64>,
}

impl SegmentInOrder {
    #[inline]
    fn see(&mut self, document: DocId, value: Option<u64>) {
        let rank = self.order.rank(value);
        // Most articles go no further. Comparing documents too, for equal numbers, takes a third more in all.
        if rank <= self.most.0 {
            self.keep((rank, document));
        }
    }

    fn keep(&mut self, place: (u64, DocId)) {
        if place < self.least || place > self.most {
            return;
        }
        self.first.push(place);
        if self.first.len() >= 2 * self.count {
            self.thin();
        }
    }

    fn thin(&mut self) {
        if self.first.len() > self.count {
            let (_, last, _) = self.first.select_nth_unstable(self.count - 1);
            self.most = *last;
            self.first.truncate(self.count);
        }
    }
}

impl SegmentCollector for SegmentInOrder {
    type Fruit = tantivy::Result<Vec<(Key, DocAddress)>>;

    fn collect(&mut self, document: DocId, _: Score) {
        let value = self.column.first(document);
        self.see(document, value);
    }

    fn collect_block(&mut self, documents: &[DocId]) {
        let mut values = [None; COLLECT_BLOCK_BUFFER_LEN];
        for block in documents.chunks(COLLECT_BLOCK_BUFFER_LEN) {
            let Some(values) = values.get_mut(..block.len()) else {
                continue;
            };
            values.fill(None);
            self.column.first_vals(block, values);
            for (&document, value) in block.iter().zip(values) {
                self.see(document, *value);
            }
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.thin();
        self.first.sort_unstable();
        if self.titles.is_none()
            && self.first.len() == self.wanted
            && let Some((rank, _)) = self.first.last()
        {
            self.most_of_all.fetch_min(*rank, Relaxed);
        }
        let address = |document| DocAddress::new(self.segment, document);
        let Some(titles) = &self.titles else {
            let key = |rank| match rank {
                u64::MAX => Key::Missing,
                rank => Key::Number(rank),
            };
            let places = self.first.iter();
            return Ok(places
                .map(|&(rank, document)| (key(rank), address(document)))
                .collect());
        };
        let with_title = self.first.partition_point(|(rank, _)| *rank != u64::MAX);
        let (with_title, without) = self.first.split_at(with_title);
        let numbers: Vec<u64> = with_title.iter().map(|(rank, _)| *rank).collect();
        let mut keys = Vec::with_capacity(numbers.len());
        titles
            .dictionary()
            .sorted_ords_to_term_cb(&numbers, |text| keys.push(Key::Text(text.to_vec())))?;
        keys.extend(without.iter().map(|_| Key::Missing));
        let documents = self.first.iter().map(|(_, document)| address(*document));
        Ok(keys.into_iter().zip(documents).collect())
    }
}

/// A number for this view: another commit gives another.
pub(crate) fn view(searcher: &Searcher) -> u64 {
    // FNV-1a: the same in every program, for cursors travel.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for segment in searcher.segment_readers() {
        add(segment.segment_id().uuid_string().as_bytes());
        add(&segment.num_docs().to_le_bytes());
    }
    hash
}

/// Refuses a cursor of another view.
pub(super) fn check(cursor: Cursor, searcher: &Searcher) -> Result<()> {
    let segment = usize::try_from(cursor.segment).unwrap_or(usize::MAX);
    let is_inside = searcher
        .segment_readers()
        .get(segment)
        .is_some_and(|segment| cursor.document < segment.max_doc());
    if cursor.view == view(searcher) && is_inside {
        return Ok(());
    }
    Err(Error::invalid_argument(
        "the cursor belongs to another view of the index: search the `Searcher` that gave it, or begin again",
    ))
}

/// Multiplies scores by how fresh the articles are.
pub(crate) struct Freshness {
    half_life: f32,
    now: i64,
    columns: Vec<Option<Column<i64>>>,
}

impl Freshness {
    pub(super) fn new(core: &Core, searcher: &Searcher, half_life: f32) -> Result<Freshness> {
        let columns: tantivy::Result<Vec<Option<Column<i64>>>> = searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().column_opt::<i64>("timestamp"))
            .collect();
        let columns = columns.map_err(|error| failure("reading dates", &core.place, error))?;
        let latest = columns.iter().flatten().map(Column::max_value).max();
        let clock = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok());
        // An article dated in the future must not make all others old.
        let now = latest.into_iter().chain(clock).min().unwrap_or_default();
        Ok(Freshness {
            half_life,
            now,
            columns,
        })
    }

    /// Half to one: see [`Search::freshness`](crate::Search::freshness).
    pub(super) fn factor(&self, address: DocAddress) -> f32 {
        const DAY: f32 = 86_400.0;
        let segment = usize::try_from(address.segment_ord).unwrap_or(usize::MAX);
        let published = self
            .columns
            .get(segment)
            .and_then(|column| column.as_ref()?.first(address.doc_id));
        let fresh = published.map_or(0.0, |published| {
            let age = self.now.saturating_sub(published).max(0) as f32 / DAY;
            (-age / self.half_life).exp2()
        });
        (1.0 + fresh) / 2.0
    }

    pub(super) fn apply(&self, places: &mut [Place]) {
        for place in places {
            place.score *= self.factor(place.address);
        }
    }
}
