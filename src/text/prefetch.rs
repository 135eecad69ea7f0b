//! [`prefetch`]: asks the processor for memory that is needed soon.

/// Whether anything is fetched: elsewhere the processor is not told, for Rust has no stable way to.
pub(crate) const IS_SUPPORTED: bool = cfg!(target_arch = "x86_64");

/// Begins to fetch an item, and goes on without it. None is fetched where there is none at the place.
///
/// A read that nobody waits for would fetch too, but holds up what the processor has begun after it: a dozen of them are on
/// their way at once, of these as many as it has room for. Words seen before lie all over 8 MB and their forms over some
/// 7 MB, of each thread that writes: a tenth of the time of indexing (`benches/indexing.rs`).
#[inline(always)]
pub(crate) fn prefetch<T>(items: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = items.get(place) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

        // SAFETY: changes nothing, reads nothing, and faults at no address, of which this one is valid.
        #[expect(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, place);
}
