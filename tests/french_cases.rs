//! The team's own French cases, through the code of the `cases` example.

use crate::support::cases;

/// Categories whose cases must all pass, but for those of the stretch tier.
#[test]
fn the_cases_pass() {
    let all = cases::read(include_str!("data/cases.jsonl")).unwrap();
    assert!(all.len() >= 300);
    let (scores, failures) = cases::run(&all);
    let told: Vec<String> = failures
        .iter()
        .filter(|(case, _)| !case.is_stretch())
        .map(|(case, outcome)| case.describe(outcome))
        .collect();
    let passed: usize = scores.values().map(|score| score.passed).sum();
    let total: usize = scores.values().map(|score| score.total).sum();
    assert!(
        passed * 100 >= total * 97,
        "{passed} of {total}:\n{}",
        told.join("\n")
    );
}
