//! Runs a file of French cases and counts, by category, what passes.
//!
//! ```text
//! cargo run --release --example cases -- tests/data/cases.jsonl
//! ```
//!
//! The format is told in `tests/support/cases.rs`.

#[path = "../tests/support/cases.rs"]
mod cases;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: cases FILE.jsonl [CATEGORY ...]")?;
    let wanted: Vec<String> = std::env::args().skip(2).collect();
    let mut all = cases::read(&std::fs::read_to_string(&path)?)?;
    all.retain(|case| wanted.is_empty() || wanted.contains(&case.category));
    let (scores, failures) = cases::run(&all);
    for (case, outcome) in &failures {
        let tier = if case.is_stretch() {
            "stretch"
        } else {
            "FAILED"
        };
        println!("{tier}  {}", case.describe(outcome));
    }
    let mut sum = cases::Score::default();
    println!("\n{:<18} {:>12}  {:>12}", "category", "passed", "stretch");
    for (category, score) in &scores {
        print(category, *score);
        sum.passed += score.passed;
        sum.total += score.total;
        sum.stretch_passed += score.stretch_passed;
        sum.stretch_total += score.stretch_total;
    }
    print("all", sum);
    Ok(())
}

fn print(category: &str, score: cases::Score) {
    let ratio = |passed: usize, total: usize| match total {
        0 => String::new(),
        _ => format!("{passed}/{total}"),
    };
    println!(
        "{category:<18} {:>12}  {:>12}",
        ratio(score.passed, score.total),
        ratio(score.stretch_passed, score.stretch_total)
    );
}
