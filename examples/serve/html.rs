//! Texts of pages: escaping, addresses, French numbers and dates.

use trouvaille::Published;

/// Text for an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\'' => output.push_str("&#39;"),
            other => output.push(other),
        }
    }
    output
}

/// A value for an address.
pub fn encode(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                output.push(char::from(byte));
            }
            b' ' => output.push('+'),
            other => output.push_str(&format!("%{other:02X}")),
        }
    }
    output
}

/// `1 234`, with the narrow space that French puts there.
pub fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut output = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            output.push('\u{202f}');
        }
        output.push(digit);
    }
    output
}

/// `1 article`, `0 article`, `12 articles`.
pub fn counted(count: usize, one: &str) -> String {
    let plural = if count > 1 { "s" } else { "" };
    format!("{} {one}{plural}", number(count))
}

/// `8 février 2023`.
pub fn day(published: Published) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let date = published.date();
    let month = MONTHS[usize::from(date.month()) - 1];
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{}{first} {month} {}", date.day(), date.year())
}

/// A whole page around its main part.
pub fn layout(title: &str, query: &str, main: &str) -> String {
    format!(
        r##"<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
<script src="/search.js" defer></script>
</head>
<body>
<a class="skip" href="#resultats">Aller au contenu</a>
<header>
<a class="brand" href="/">trouvaille</a>
<form action="/" role="search">
<label class="hidden" for="q">Rechercher dans les articles</label>
<input id="q" name="q" type="search" value="{query}" placeholder="Rechercher…" autocomplete="off"
 autocapitalize="off" spellcheck="false" list="completions" maxlength="500">
<datalist id="completions"></datalist>
<button>Rechercher</button>
</form>
</header>
<main id="resultats" tabindex="-1">
{main}
</main>
</body>
</html>
"##,
        title = escape(title),
        query = escape(query),
    )
}
