//! Millions of generated and mutated queries: none may panic, take long, or change when it is
//! written and read again.

use std::time::{Duration, Instant};

use trouvaille::Query;

const PIECES: [&str; 112] = [
    "Mali",
    "Russie",
    "été",
    "l'été",
    "d'Abidjan",
    "porte-avions",
    "État",
    "œuvre",
    "2021",
    "20",
    "élu(e)s",
    "École",
    "MALI",
    "LA",
    "FRANCE",
    "EN",
    "ONU",
    "GUERRE",
    "ÉTATS",
    "naïve",
    "e\u{301}te\u{301}",
    "15\u{a0}000",
    "東京",
    "🙂",
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    "  ",
    "\u{a0}",
    "\u{202f}",
    "\n",
    "\t",
    "(",
    ")",
    "(",
    ")",
    "()",
    "(*)",
    "(-*)",
    "\"",
    "\"",
    "\"",
    "« ",
    " »",
    "«",
    "»",
    "“",
    "”",
    "„",
    "‹",
    "›",
    "\"coup d'État\"",
    "« accord de paix »",
    "'",
    "’",
    "+",
    "-",
    " +",
    " -",
    " - ",
    "–",
    "—",
    "~",
    "~1",
    "~2",
    "~3",
    "~99",
    "*",
    "*",
    "?",
    "**",
    "m?li",
    "agroalim*",
    "*que",
    "^",
    "^2",
    "^2.5",
    "^0",
    "^1000",
    "^2,5",
    "\\",
    "\\\\",
    "\\\"",
    "\\(",
    " AND ",
    " OR ",
    " NOT ",
    " ET ",
    " OU ",
    " SAUF ",
    "ET",
    "OU",
    "AND",
    "titre:",
    "title:",
    "auteur:",
    "tag:",
    "mot-clé:",
    "date:",
    "date:2021",
    "date:2021-11-03",
    "date:[2021-01-01 TO 2021-12-31]",
    "date:>2021-11",
    "date:{2020 à *}",
    "date:31/02/2021",
    "..",
    ":",
    "http://a.fr/b?c=d",
];

/// A small generator of numbers (xorshift), so that a run can be repeated from its seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(usize::MAX) % limit.max(1)
    }
}

fn generated(numbers: &mut Numbers, text: &mut String) {
    text.clear();
    // A few are long, so that limits are met.
    let longest = if numbers.below(1_000) == 0 { 4_000 } else { 14 };
    for _ in 0..1 + numbers.below(longest) {
        text.push_str(PIECES[numbers.below(PIECES.len())]);
    }
}

/// Takes out, doubles or swaps some characters.
fn mutated(numbers: &mut Numbers, text: &mut String) {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..1 + numbers.below(3) {
        if characters.is_empty() {
            break;
        }
        let (one, other) = (
            numbers.below(characters.len()),
            numbers.below(characters.len()),
        );
        match numbers.below(4) {
            0 => drop(characters.remove(one)),
            1 => characters.insert(one, characters[other]),
            2 => characters.swap(one, other),
            _ => {
                let character = char::from_u32(u32::try_from(numbers.below(0x1_0000)).unwrap_or(0));
                characters[one] = character.unwrap_or('\u{0}');
            }
        }
    }
    text.clear();
    text.extend(characters);
}

/// How long parsing `text` takes: the quickest of a few times if it seems slow, for the tests share
/// the machine with others.
fn quickest(text: &str) -> Duration {
    let mut quickest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let parsed = Query::parse(text);
        quickest = quickest.min(start.elapsed());
        drop(parsed);
        if quickest < Duration::from_millis(1) {
            break;
        }
    }
    quickest
}

/// Parses `text`, checks what came of it, and tells how long parsing took.
pub(crate) fn check(text: &str) -> Duration {
    let start = Instant::now();
    let parsed = Query::parse(text);
    let took = start.elapsed();
    for note in &parsed.notes {
        assert!(
            text.get(note.range.clone()).is_some(),
            "{text:?}: {note:?} is out of the text"
        );
        assert!(!note.message.is_empty());
    }
    let shown = parsed.query.to_string();
    if shown.len() <= Query::MAX_BYTES {
        let again = Query::parse(&shown);
        assert_eq!(
            again.query, parsed.query,
            "{text:?} was written as {shown:?}"
        );
        assert_eq!(again.query.to_string(), shown, "{text:?}");
    }
    took
}

/// Calls `check` with `count` queries, every second one a mutation of the one before.
pub(crate) fn each(count: usize, seed: u64, mut check: impl FnMut(&str)) {
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    for round in 0..count {
        if round % 2 == 0 {
            generated(&mut numbers, &mut text);
        } else {
            mutated(&mut numbers, &mut text);
        }
        check(&text);
    }
}

/// The slowest parse and all of them together.
fn storm(count: usize, seed: u64) -> (Duration, Duration) {
    let (mut worst, mut total) = (Duration::ZERO, Duration::ZERO);
    each(count, seed, |text| {
        let took = check(text);
        total += took;
        if took > worst {
            worst = worst.max(took.min(quickest(text)));
        }
    });
    (worst, total)
}

#[test]
fn a_short_storm() {
    storm(20_000, 42);
}

/// Run with `cargo test --release -- --ignored --nocapture ten_million`.
#[test]
#[ignore = "takes minutes"]
fn ten_million_queries() {
    const COUNT: usize = 10_000_000;
    let seed = std::env::var("STORM_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_231_103);
    let (worst, total) = storm(COUNT, seed);
    println!("{COUNT} queries from seed {seed}: {total:?} in all, {worst:?} for the slowest");
}
