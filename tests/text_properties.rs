//! What holds of the analyzer for every text.

use proptest::prelude::*;
use trouvaille::{Analyzer, Token};
use unicode_segmentation::UnicodeSegmentation;

use crate::support::work::{is_linear, work};

/// Pieces of French, of typing errors, and of other scripts.
const PIECES: [&str; 74] = [
    "l",
    "L",
    "d",
    "qu",
    "jusqu",
    "aujourd",
    "hui",
    "quelqu",
    "un",
    "presqu",
    "île",
    "N",
    "Djamena",
    "école",
    "Été",
    "marché",
    "MARCHE",
    "peche",
    "pêché",
    "cœur",
    "Œuvre",
    "étudiant",
    "e",
    "s",
    "es",
    "trice",
    "sénateur",
    "dit",
    "il",
    "t",
    "elle",
    "anti",
    "terroriste",
    "porte",
    "parole",
    "week",
    "end",
    "O",
    "N",
    "U",
    "1",
    "12",
    "234",
    "700",
    "5",
    "er",
    "ème",
    "XXI",
    "h",
    "30",
    "km",
    "€",
    "%",
    "2021",
    "e\u{301}te\u{301}",
    "co\u{ad}op",
    "ﬁn",
    "ＭＡＬＩ",
    "東京",
    "Москва",
    "Ἀθῆναι",
    "عربي",
    "한국",
    "ไทย",
    "🙂",
    "Ｘ",
    "₂",
    "²",
    "ᵉʳ",
    "ß",
    "İ",
    "ĳ",
    "Sahel",
    "Paris",
];

/// Signs between the pieces; most often none or a space.
const SIGNS: [&str; 36] = [
    "", "", "", " ", " ", " ", "'", "’", "‘", "ʼ", "´", "`", "′", "-", "‑", "–", "—", ".", ". ",
    ",", "·", "•", "(", ")", "/", "_", "\u{a0}", "\u{202f}", "\u{200b}", "\n", "« ", " »", ":",
    "&", "×", "\u{301}",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.to_vec());
    let sign = prop::sample::select(SIGNS.to_vec());
    prop::collection::vec((piece, sign), 0..24).prop_map(|pairs| {
        pairs
            .into_iter()
            .flat_map(|(piece, sign)| [piece, sign])
            .collect()
    })
}

fn share_a_term(one: &Token, others: &[Token]) -> bool {
    one.lemmas.iter().any(|wanted| {
        others
            .iter()
            .any(|other| other.lemmas.iter().any(|lemma| lemma.term == wanted.term))
    })
}

fn check_order(text: &str, tokens: &[Token]) {
    let (mut start, mut position) = (0, 0);
    for token in tokens {
        assert!(
            text.get(token.range.clone())
                .is_some_and(|shown| !shown.is_empty()),
            "{token:?} in {text:?}"
        );
        assert!(
            token.range.start >= start,
            "{token:?} starts before its forerunner in {text:?}"
        );
        assert!(
            token.position == position || token.position == position + 1,
            "{token:?} leaps in {text:?}"
        );
        assert!(token.positions >= 1, "{token:?}");
        assert!(!token.lemmas.is_empty(), "{token:?} has no term");
        assert!(token.written.len() <= 255 && token.accented.len() <= 255);
        assert!(
            !token.written.is_empty() || token.flags.is_synonym(),
            "{token:?} in {text:?}"
        );
        (start, position) = (token.range.start, token.position);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn tokens_are_in_order_and_in_the_text(text in texts()) {
        let analyzer = Analyzer::default();
        check_order(&text, &analyzer.analyze(&text));
        check_order(&text, &analyzer.analyze_query(&text));
    }

    #[test]
    fn any_text_at_all_is_read(text in any::<String>()) {
        let analyzer = Analyzer::builder().protect("C++").synonyms(["aa", "b c"]).build();
        check_order(&text, &analyzer.analyze(&text));
        check_order(&text, &analyzer.analyze_query(&text));
    }

    #[test]
    fn words_of_documents_are_found_by_their_own_form(text in texts()) {
        let analyzer = Analyzer::default();
        for token in analyzer.analyze(&text) {
            for query in [&token.written, &token.accented] {
                let found = analyzer.analyze_query(query);
                prop_assert!(share_a_term(&token, &found), "{query:?} does not find {token:?} of {text:?}: {found:?}");
            }
        }
    }

    #[test]
    fn what_was_read_before_does_not_count(first in texts(), second in texts()) {
        let analyzer = Analyzer::default();
        analyzer.analyze(&first);
        analyzer.analyze(&second);
        prop_assert_eq!(analyzer.analyze(&second), Analyzer::default().analyze(&second));
    }

    #[test]
    fn positions_are_those_of_the_words_alone(text in texts()) {
        // Overlays take no position of their own.
        let tokens = Analyzer::default().analyze(&text);
        let last = tokens.last().map_or(0, |token| token.position + 1);
        let words = tokens.iter().filter(|token| !token.flags.is_compound() && !token.flags.is_alternative());
        prop_assert_eq!(words.count() as u32, last);
    }

    /// Where no French rule speaks, words end where UAX #29 says.
    #[test]
    fn agrees_with_unicode_elsewhere(
        text in prop::collection::vec(
            (
                prop::sample::select(vec![
                    "été", "Œuvre", "garçon", "naïve", "ŝanĝo", "ıstanbul", "Москва", "Ἀθῆναι", "日本語", "한국어", "ไทย", "שלום",
                    "العربية", "カタカナ", "ひらがな", "हिन्दी", "e\u{301}te\u{301}", "A320", "2021", "Ёж", "ﬁn", "ＭＡＬＩ", "Việt", "ʻokina",
                ]),
                prop::sample::select(vec![" ", ", ", " ; ", " ! ", "? ", " « ", " » ", "\n", "\u{a0}: ", " 🙂 ", " … ", " — "]),
            ),
            0..20,
        )
    ) {
        let text: String = text.into_iter().flat_map(|(word, sign)| [word, sign]).collect();
        let ours: Vec<_> = Analyzer::default()
            .analyze(&text)
            .into_iter()
            .filter(|token| !token.flags.is_compound())
            .map(|token| token.range)
            .collect();
        let reference: Vec<_> = text
            .unicode_word_indices()
            .map(|(start, word)| start..start + word.len())
            .collect();
        prop_assert_eq!(ours, reference, "{}", text);
    }
}

/// Long runs of every sign that a rule looks ahead at: work must grow as the text does.
#[test]
fn work_is_linear() {
    let analyzer = Analyzer::builder()
        .protect("C++")
        .synonyms(["a b c", "d"])
        .build();
    for unit in [
        "a", "é", "a'", "l'", "a-", "a.", "A.", "1.", "1,", "1 234 ", "1\u{a0}", "a·", "(", "a(e)",
        "n ", "d' ", "日", "б", "a\u{ad}", "\u{200b}", "e\u{301}", "\u{301}", "a_", "a/", "- ",
        "été ", "₂", "ß", "«", "l’«", "a b ", "б'", "ก", "1h", "XXI", "a\u{ad}-",
    ] {
        let work = |count: usize| {
            let text = unit.repeat(count);
            work(|| analyzer.visit(&text, |_| ()))
        };
        let (short, long) = (work(5_000), work(40_000));
        assert!(is_linear(short, long), "{unit:?}: {short:?}, then {long:?}");
    }
}

#[test]
fn analyzers_are_shared_between_threads() {
    fn assert_shared<T: Clone + Send + Sync + std::fmt::Debug + Default>() {}
    assert_shared::<Analyzer>();
    let analyzer = Analyzer::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(analyzer.analyze("l’été").len(), 2));
        }
    });
}
