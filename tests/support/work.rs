//! How much a thread has computed: what other programs do on the machine does not count.

use std::fs;
use std::time::{Duration, Instant};

/// The time that the processor spent on this, or, where the system does not tell, that passed.
pub fn work(run: impl FnOnce()) -> Duration {
    let (before, started) = (processor_time(), Instant::now());
    run();
    match (before, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    }
}

/// Of this thread, in steps of some milliseconds.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Whether work grows as a text does: eight times the text may take three times as long as that, and
/// a quarter of a second for what clocks don't see. Work that grows with the square takes 64 times as long.
pub fn is_linear(short: Duration, eight_times: Duration) -> bool {
    eight_times < short * 24 + Duration::from_millis(250)
}
