//! Words that the program adds.

use trouvaille::{Analyzer, StopLevel, Token};

fn written(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|token| token.written.as_str()).collect()
}

fn terms(token: &Token) -> Vec<&str> {
    token
        .lemmas
        .iter()
        .map(|lemma| lemma.term.as_str())
        .collect()
}

/// What the marks of synonym rules show of a text.
fn marked<'a>(tokens: &[Token], text: &'a str) -> Vec<&'a str> {
    let marks = tokens.iter().filter(|token| token.flags.is_synonym());
    marks
        .map(|token| text.get(token.range.clone()).unwrap_or("OUT OF THE TEXT"))
        .collect()
}

#[test]
fn protected_words_stay_whole_and_as_they_are() {
    let analyzer = Analyzer::builder()
        .protect("Canal+")
        .protect("C++")
        .protect("Sud-Ouest")
        .protect("L'Équipe")
        .protect("Médias")
        .build();
    let tokens = analyzer.analyze("Lire L’Équipe et Sud-Ouest, voir CANAL+ ou C++ (les médias).");
    assert_eq!(
        written(&tokens),
        [
            "lire", "lequipe", "et", "sudouest", "voir", "canal+", "ou", "c++", "les", "medias"
        ]
    );
    assert_eq!(tokens.last().map(terms), Some(vec!["medias"]));
    assert_eq!(
        written(&analyzer.analyze("canal plus, C+, l'équipe de Sud")),
        ["canal", "plus", "c", "lequipe", "de", "sud"]
    );
    assert_eq!(analyzer.fold("CANAL+"), "canal+");
}

#[test]
fn lemmas_are_added_to_those_of_the_lexicon() {
    let analyzer = Analyzer::builder()
        .lemma("Insta", "photo")
        .lemma("googler", "chercher")
        .build();
    assert_eq!(terms(&analyzer.analyze("insta")[0]), ["photo"]);
    let search = analyzer.analyze("ils cherchent");
    let tokens = analyzer.analyze("googler");
    assert!(
        terms(&tokens[0]).contains(&terms(&search[1])[0]),
        "{tokens:?}"
    );
}

#[test]
fn stop_words_can_be_added_and_taken_off() {
    let analyzer = Analyzer::builder()
        .stop_word("Bamako")
        .keep_word("été")
        .keep_word("si")
        .build();
    let levels: Vec<_> = analyzer
        .analyze("si l'été bamako")
        .iter()
        .map(|token| token.flags.stop_level())
        .collect();
    assert_eq!(
        levels,
        [None, Some(StopLevel::Always), None, Some(StopLevel::Always)]
    );
}

#[test]
fn synonyms_meet_both_ways() {
    let analyzer = Analyzer::builder()
        .synonyms(["courriel", "courrier électronique", "e-mail"])
        .build();
    let all: Vec<_> = [
        "un courriel",
        "des courriers électroniques",
        "ses e-mails",
        "COURRIER ELECTRONIQUE",
    ]
    .into_iter()
    .flat_map(|text| [analyzer.analyze(text), analyzer.analyze_query(text)])
    .map(|tokens| {
        tokens
            .into_iter()
            .find(|token| token.flags.is_synonym())
            .map(|token| token.lemmas[0].term.clone())
    })
    .collect();
    assert!(all[0].is_some());
    assert!(all.iter().all(|term| *term == all[0]), "{all:?}");
    assert!(marked(&analyzer.analyze("un courrier, électronique"), "").len() <= 1);
    let text = "L’adresse du courrier électronique est un courrier.";
    let tokens = analyzer.analyze(text);
    assert_eq!(marked(&tokens, text), ["courrier électronique"]);
    let plain: Vec<_> = tokens
        .into_iter()
        .filter(|token| !token.flags.is_synonym())
        .collect();
    assert_eq!(plain, Analyzer::default().analyze(text));
}

#[test]
fn one_way_synonyms_go_one_way() {
    let analyzer = Analyzer::builder()
        .also_find("véhicule", ["voiture", "moto"])
        .build();
    for (text, document, query) in [
        ("Véhicules", 0, 1),
        ("voitures", 1, 0),
        ("une moto", 1, 0),
        ("vélo", 0, 0),
    ] {
        assert_eq!(
            marked(&analyzer.analyze(text), text).len(),
            document,
            "{text}"
        );
        assert_eq!(
            marked(&analyzer.analyze_query(text), text).len(),
            query,
            "{text}"
        );
    }
}

#[test]
fn rules_that_overlap_are_all_seen() {
    let analyzer = Analyzer::builder()
        .synonyms(["chef d'État", "président"])
        .synonyms(["État", "pays"])
        .build();
    let text = "le chef d’État et le pays";
    assert_eq!(
        marked(&analyzer.analyze(text), text),
        ["chef d’État", "État", "pays"]
    );
}

#[test]
fn words_without_letters_are_passed_over() {
    let analyzer = Analyzer::builder()
        .protect("…")
        .lemma("", "x")
        .stop_word("!")
        .synonyms(["", "?"])
        .build();
    assert_eq!(written(&analyzer.analyze("… été ! ?")), ["ete"]);
}
