//! How much memory this process has, where the system tells.

use std::fs;

fn megabytes(wanted: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(wanted))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024)
}

/// The most it ever had.
pub fn most_megabytes() -> Option<u64> {
    megabytes("VmHWM:")
}

/// What it has now.
pub fn megabytes_now() -> Option<u64> {
    megabytes("VmRSS:")
}
