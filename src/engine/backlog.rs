//! [`Backlog`]: how much the threads of a writer have before them.
//!
//! The engine lets ten thousand articles wait, however long they are: some 45 MB of short ones, a gigabyte of long
//! ones, beside the memory that the writer was given.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Value;

/// So many bytes may wait; who adds more waits until half of them are gone, for to be woken for each article
/// takes longer than to write it.
const MOST: usize = 8 << 20;

/// Threads that take nothing for so long are writing a segment, or are gone, which the engine then tells.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct Backlog {
    waiting: Mutex<usize>,
    has_room: Condvar,
}

impl Backlog {
    /// Waits until there is room for an article, and counts it.
    pub(crate) fn add(&self, article: &TantivyDocument) {
        let mut waiting = self.lock();
        if *waiting > MOST {
            loop {
                let before = *waiting;
                let woken = self.has_room.wait_timeout(waiting, PATIENCE);
                let (now, _) = woken.unwrap_or_else(PoisonError::into_inner);
                waiting = now;
                if *waiting <= MOST / 2 || *waiting >= before {
                    break;
                }
            }
        }
        *waiting = waiting.saturating_add(bytes(article));
    }

    /// A thread has taken an article.
    pub(crate) fn take(&self, article: &TantivyDocument) {
        let mut waiting = self.lock();
        let before = *waiting;
        *waiting = waiting.saturating_sub(bytes(article));
        if before > MOST / 2 && *waiting <= MOST / 2 {
            self.has_room.notify_all();
        }
    }

    /// Nothing waits any more: all is written, or given up.
    pub(crate) fn clear(&self) {
        *self.lock() = 0;
        self.has_room.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes(article: &TantivyDocument) -> usize {
    let values = article.field_values();
    values
        .filter_map(|(_, value)| value.as_str())
        .map(str::len)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tantivy::schema::Field;

    #[test]
    fn no_more_waits_than_is_allowed() {
        let mut article = TantivyDocument::new();
        article.add_text(Field::from_field_id(0), "a".repeat(1 << 20));
        let (backlog, added) = (Backlog::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..100 {
                    backlog.add(&article);
                    added.fetch_add(1, Ordering::SeqCst);
                }
            });
            for taken in 0..100 {
                while added.load(Ordering::SeqCst) <= taken {
                    std::thread::yield_now();
                }
                assert!(added.load(Ordering::SeqCst) - taken <= 10);
                backlog.take(&article);
            }
        });
        assert_eq!(*backlog.lock(), 0);
        // Nobody takes any: who adds goes on in the end.
        (0..10).for_each(|_| backlog.add(&article));
        backlog.clear();
        assert_eq!(*backlog.lock(), 0);
    }
}
