//! [`Snippet`]: the passage of a text that shows why an article was found, with the words marked.

mod beginnings;
mod matcher;
mod passage;
mod quick;

use std::borrow::Cow;
use std::ops::Range;

use serde::ser::{Serialize, SerializeStruct, Serializer};

pub(crate) use matcher::{Matcher, PhraseMatcher};
pub(crate) use passage::{passages, snippet};

/// A passage of a field and the words in it that a search matched.
///
/// The passage begins and ends between words, at a sentence's where that fits. Marks cover what
/// really matched (`grèves` for *grève*, `État` for *etat*, a phrase only where it stands as a
/// phrase) and never an elided article: in `l’engagement`, `engagement` is marked.
///
/// ```
/// use trouvaille::{Article, Field, Index};
///
/// # let index = Index::in_memory()?;
/// # let mut writer = index.writer()?;
/// writer.upsert(&Article::new("1", "", "Bamako salue l’engagement <tenu> d'Alger."))?;
/// writer.commit()?;
/// let results = index.search("engagements")?;
/// let snippet = results[0].snippet(Field::Body);
/// assert_eq!(
///     snippet.html(),
///     "Bamako salue l’<mark>engagement</mark> &lt;tenu&gt; d&#39;Alger."
/// );
/// # Ok::<(), trouvaille::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    text: String,
    /// Where `text` begins in the field, in bytes.
    start: usize,
    /// Length of the field, in bytes.
    field_length: usize,
    /// In bytes of `text`; increasing, disjoint.
    highlights: Vec<Range<usize>>,
}

impl Snippet {
    /// The passage, as it stands in the field.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the passage stands in the field: bytes, start inclusive, end exclusive.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start.saturating_add(self.text.len())
    }

    /// The marked parts, as byte ranges of [`text`](Self::text): increasing, disjoint, on character
    /// boundaries.
    pub fn highlights(&self) -> &[Range<usize>] {
        &self.highlights
    }

    /// The marked words themselves, in order.
    pub fn marked(&self) -> impl Iterator<Item = &str> {
        self.highlights
            .iter()
            .filter_map(|range| self.text.get(range.clone()))
    }

    /// Whether the field goes on before the passage.
    pub fn is_cut_before(&self) -> bool {
        self.start > 0
    }

    /// Whether the field goes on after the passage.
    pub fn is_cut_after(&self) -> bool {
        self.range().end < self.field_length
    }

    /// The passage as HTML: text escaped, matches in `<mark>`, `…` where the field goes on.
    pub fn html(&self) -> String {
        self.render("<mark>", "</mark>", escape)
    }

    /// As [`html`](Self::html), with markers of your own; the text is escaped, the markers are put
    /// in as they are.
    pub fn html_with(&self, open: &str, close: &str) -> String {
        self.render(open, close, escape)
    }

    /// The passage as plain text with markers of your own (escape codes of a terminal, asterisks),
    /// nothing escaped.
    pub fn text_with(&self, open: &str, close: &str) -> String {
        self.render(open, close, |text| Cow::Borrowed(text))
    }

    fn render(&self, open: &str, close: &str, show: impl Fn(&str) -> Cow<'_, str>) -> String {
        let part = |range: Range<usize>| show(self.text.get(range).unwrap_or_default());
        let mut output = String::with_capacity(self.text.len() + 32);
        if self.is_cut_before() {
            output.push_str("… ");
        }
        let mut end = 0;
        for mark in &self.highlights {
            output.push_str(&part(end..mark.start));
            output.push_str(open);
            output.push_str(&part(mark.clone()));
            output.push_str(close);
            end = mark.end;
        }
        output.push_str(&part(end..self.text.len()));
        if self.is_cut_after() {
            output.push_str(" …");
        }
        output
    }
}

impl Serialize for Snippet {
    /// The text, the same as HTML, and where it stands.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Snippet", 6)?;
        fields.serialize_field("text", self.text())?;
        fields.serialize_field("html", &self.html())?;
        fields.serialize_field("range", &self.range())?;
        fields.serialize_field("highlights", self.highlights())?;
        fields.serialize_field("is_cut_before", &self.is_cut_before())?;
        fields.serialize_field("is_cut_after", &self.is_cut_after())?;
        fields.end()
    }
}

/// Escapes what could leave the text of an HTML element or of a quoted attribute.
fn escape(text: &str) -> Cow<'_, str> {
    const SPECIAL: [char; 5] = ['&', '<', '>', '"', '\''];
    if !text.contains(SPECIAL) {
        return Cow::Borrowed(text);
    }
    let mut output = String::with_capacity(text.len() + 16);
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
    Cow::Owned(output)
}
