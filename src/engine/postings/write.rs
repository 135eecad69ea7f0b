//! Recorded forms to the engine's postings: terms in order, each with its articles and positions.

use std::io;

use tantivy::postings::FieldSerializer;
use tantivy_stacker::MemoryArena;

use super::recorder::Forms;

/// A term of a form.
struct TermOfForm<'a> {
    /// Its first bytes as a number, which settles most comparisons.
    beginning: u64,
    term: &'a [u8],
    form: u32,
    times: u8,
}

/// Writes the postings of a field.
pub(super) fn write(
    forms: &Forms,
    arena: &MemoryArena,
    has_positions: bool,
    mut field: FieldSerializer<'_>,
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
    let (mut bytes, mut steps) = (Vec::new(), Vec::new());
    for of_term in terms.chunk_by(|a, b| a.beginning == b.beginning && a.term == b.term) {
        places.clear();
        for TermOfForm { form, times, .. } in of_term {
            forms.places(*form, arena, &mut bytes, |place| {
                let place = u64::from(place.document) << 32 | u64::from(place.position);
                for _ in 0..*times {
                    places.push(place);
                }
            });
        }
        // Each form is in order by itself, which a stable sort makes use of.
        places.sort();
        let term = of_term.first().map_or(&[][..], |first| first.term);
        let of_articles = || places.chunk_by(|a, b| a >> 32 == b >> 32);
        if !has_positions {
            field.new_term(term, 0, false)?;
            for places in of_articles() {
                field.write_doc(document(places), 0, &[]);
            }
        } else {
            let articles = u32::try_from(of_articles().count()).unwrap_or(u32::MAX);
            field.new_term(term, articles, true)?;
            for places in of_articles() {
                steps.clear();
                let mut last = 0;
                for place in places {
                    let position = *place as u32;
                    steps.push(position - last);
                    last = position;
                }
                let frequency = u32::try_from(steps.len()).unwrap_or(u32::MAX);
                field.write_doc(document(places), frequency, &steps);
            }
        }
        field.close_term()?;
    }
    field.close()
}

/// The article of places that are all in one.
fn document(places: &[u64]) -> u32 {
    places.first().map_or(0, |place| (place >> 32) as u32)
}

fn beginning(term: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (byte, of_term) in bytes.iter_mut().zip(term) {
        *byte = *of_term;
    }
    u64::from_be_bytes(bytes)
}
