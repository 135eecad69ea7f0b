//! Recorded forms to the engine's postings: terms in order, each with its articles and positions.

use std::io;

use tantivy_stacker::MemoryArena;

use super::recorder::{Forms, Place};
use super::serializer::TermWriter;

/// A term of a form.
struct TermOfForm<'a> {
    /// Its first bytes as a number, which settles most comparisons.
    beginning: u64,
    term: &'a [u8],
    form: u32,
    times: u8,
}

/// How many forms are fetched together before they are written.
const TOGETHER: usize = 64;

/// Writes the postings of a field.
pub(super) fn write(
    forms: &Forms,
    arena: &MemoryArena,
    mut field: impl TermWriter,
) -> io::Result<()> {
    let mut terms = Vec::with_capacity(forms.pairs());
    forms.for_each_term(|term, form, times| {
        terms.push(TermOfForm {
            beginning: beginning(term),
            term,
            form,
            times,
        });
    });
    terms.sort_unstable_by(|a, b| {
        let by_beginning = a.beginning.cmp(&b.beginning);
        by_beginning
            .then_with(|| a.term.cmp(b.term))
            .then_with(|| a.form.cmp(&b.form))
    });
    let mut places: Vec<u64> = Vec::new();
    let mut bytes = Vec::new();
    let (mut fetched, mut written) = (0, 0);
    for of_term in terms.chunk_by(|a, b| a.beginning == b.beginning && a.term == b.term) {
        if fetched <= written {
            let next = terms.get(fetched..).unwrap_or_default().iter();
            for of_term in next.take(TOGETHER) {
                forms.prefetch(of_term.form);
            }
            fetched += TOGETHER;
        }
        written += of_term.len();
        let term = of_term.first().map_or(&[][..], |first| first.term);
        field.new_term(term)?;
        let mut article = Article::new();
        if let [TermOfForm { form, times: 1, .. }] = of_term {
            forms.places(*form, arena, &mut bytes, |Place { document, position }| {
                article.add(document, position, &mut field);
            });
        } else {
            places.clear();
            for TermOfForm { form, times, .. } in of_term {
                forms.places(*form, arena, &mut bytes, |Place { document, position }| {
                    let place = u64::from(document) << 32 | u64::from(position);
                    for _ in 0..*times {
                        places.push(place);
                    }
                });
            }
            // Each form is in order by itself, which a stable sort makes use of.
            places.sort();
            for place in &places {
                article.add((place >> 32) as u32, *place as u32, &mut field);
            }
        }
        article.write(&mut field);
        field.close_term()?;
    }
    field.close()
}

/// The places of one article, as steps from one to the next.
struct Article {
    document: Option<u32>,
    last: u32,
    steps: Vec<u32>,
    is_in_order: bool,
}

impl Article {
    fn new() -> Article {
        Article {
            document: None,
            last: 0,
            steps: Vec::new(),
            is_in_order: true,
        }
    }

    /// Adds a place. Articles come in order; the two ends of compounds may not.
    #[inline]
    fn add(&mut self, document: u32, position: u32, field: &mut impl TermWriter) {
        if self.document != Some(document) {
            self.write(field);
            self.document = Some(document);
            self.last = 0;
        }
        self.is_in_order &= self.last <= position;
        self.steps.push(position.wrapping_sub(self.last));
        self.last = position;
    }

    fn write(&mut self, field: &mut impl TermWriter) {
        if let Some(document) = self.document {
            if !std::mem::replace(&mut self.is_in_order, true) {
                self.put_in_order();
            }
            field.write_document(document, &self.steps);
        }
        self.steps.clear();
    }

    #[cold]
    fn put_in_order(&mut self) {
        let mut last: u32 = 0;
        for step in &mut self.steps {
            last = last.wrapping_add(*step);
            *step = last;
        }
        self.steps.sort_unstable();
        last = 0;
        for step in &mut self.steps {
            (last, *step) = (*step, *step - last);
        }
    }
}

fn beginning(term: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (byte, of_term) in bytes.iter_mut().zip(term) {
        *byte = *of_term;
    }
    u64::from_be_bytes(bytes)
}
