//! Tokens of any text: ranges on character boundaries, positions that do not go back, the same twice.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trouvaille::Analyzer;

static CUSTOM: LazyLock<Analyzer> = LazyLock::new(|| {
    Analyzer::builder()
        .protect("C++")
        .lemma("covids", "covid")
        .stop_word("bref")
        .synonyms(["courriel", "courrier électronique", "e-mail"])
        .build()
});

fuzz_target!(|text: &str| {
    for analyzer in [&Analyzer::default(), &*CUSTOM] {
        for tokens in [analyzer.analyze(text), analyzer.analyze_query(text)] {
            let mut position = 0;
            for token in &tokens {
                assert!(text.get(token.range.clone()).is_some_and(|word| !word.is_empty()));
                assert!(token.position >= position, "{token:?}");
                position = token.position;
                // The mark of a synonym is no word of the text.
                assert!(!token.written.is_empty() || token.flags.is_synonym());
            }
            assert!(tokens.len() <= 8 * text.len());
        }
        assert_eq!(analyzer.analyze(text), analyzer.analyze(text));
        analyzer.fold(text);
    }
});
