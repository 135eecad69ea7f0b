//! Merges of ours against those of the engine.

use super::*;

/// The words of every field of the only segment of an index: their dictionary, postings and positions.
fn written(index: &Index) -> Vec<Vec<u8>> {
    let engine = index.as_tantivy();
    let [segment] = &engine.searchable_segments().unwrap()[..] else {
        panic!("one segment");
    };
    let mut found = Vec::new();
    for component in [
        SegmentComponent::Terms,
        SegmentComponent::Postings,
        SegmentComponent::Positions,
        SegmentComponent::FieldNorms,
    ] {
        let file = CompositeFile::open(&segment.open_read(component).unwrap()).unwrap();
        for (field, _) in engine.schema().fields() {
            let bytes = file.open_read(field).map(|file| file.read_bytes().unwrap());
            found.push(bytes.map_or_else(Vec::new, |bytes| bytes.to_vec()));
        }
    }
    found
}

/// An index of several segments, with articles deleted since.
fn in_segments(deleted: usize) -> RamDirectory {
    let directory = RamDirectory::create();
    let builder = Index::builder().writer_threads(1);
    let index = builder.open_directory(Box::new(directory.clone())).unwrap();
    let mut writer = index.writer().unwrap();
    let mut number = 0;
    for size in [300, 1, 40, 129, 2] {
        for _ in 0..size {
            number += 1;
            let title = match number % 3 {
                0 => "Le chœur de la ville",
                _ => "",
            };
            let body = format!(
                "Le conseil {} de la ville {}. {}",
                number % 7,
                if number % 40 == 0 {
                    "délibère longuement"
                } else {
                    "vote"
                },
                "Les rues, la mairie, la place. ".repeat(number % 11)
            );
            let mut article = Article::new(number.to_string(), title, body);
            article.author = Some(format!("Auteur {}", number % 5)).filter(|_| number > 300);
            writer.add(&article).unwrap();
        }
        writer.commit().unwrap();
    }
    for number in 0..deleted {
        writer.delete(&(number * 2).to_string()).unwrap();
    }
    writer.commit().unwrap();
    writer.close().unwrap();
    directory
}

/// An index, and the engine's view of it: that of a writer of ours, or its own.
fn opened(directory: &RamDirectory, by_engine: bool) -> (Index, tantivy::Index) {
    let index = Index::builder()
        .open_directory(Box::new(directory.clone()))
        .unwrap();
    let schema = index.as_tantivy().schema();
    let storage = Storage::new(Box::new(directory.clone()), false, 0);
    let mut engine = tantivy::Index::open(match by_engine {
        true => storage,
        false => storage.for_writer(&schema),
    })
    .unwrap();
    let tokenizer = tokenizer_name(index.analyzer().fingerprint());
    let text = schema.get_field("text").unwrap();
    register(
        &mut engine,
        &tokenizer,
        index.analyzer(),
        text,
        Arc::default(),
    )
    .unwrap();
    (index, engine)
}

fn merge_all(engine: &tantivy::Index) -> tantivy::Result<()> {
    let mut writer: IndexWriter = engine.writer_with_num_threads(1, 20_000_000)?;
    let mut segments = engine.searchable_segment_ids()?;
    segments.sort();
    assert!(segments.len() > 3);
    writer.merge(&segments).wait()?;
    writer.wait_merging_threads()
}

fn merged(directory: &RamDirectory, by_engine: bool) -> Vec<Vec<u8>> {
    let copy = RamDirectory::create();
    directory.persist(&copy).unwrap();
    let (index, engine) = opened(&copy, by_engine);
    let articles = index.len();
    merge_all(&engine).unwrap();
    index.refresh().unwrap();
    assert_eq!(index.len(), articles);
    index.verify().unwrap();
    written(&index)
}

#[test]
fn words_are_merged_as_the_engine_merges_them() {
    for deleted in [0, 100, 236] {
        let directory = in_segments(deleted);
        let (ours, engine) = (merged(&directory, false), merged(&directory, true));
        assert!(engine.iter().any(|part| part.len() > 1_000));
        for (part, (ours, engine)) in ours.iter().zip(&engine).enumerate() {
            assert!(
                ours == engine,
                "part {part}: {} and {} bytes",
                ours.len(),
                engine.len()
            );
        }
    }
}

#[test]
fn words_that_cannot_be_read_are_not_merged() {
    for component in [SegmentComponent::Positions, SegmentComponent::Postings] {
        let directory = in_segments(0);
        let (index, engine) = opened(&directory, false);
        let segments = engine.searchable_segments().unwrap();
        let longest = segments
            .iter()
            .max_by_key(|segment| segment.meta().max_doc());
        let path = longest.unwrap().relative_path(component);
        let file = directory.open_read(&path).unwrap();
        let mut damaged = file.read_bytes().unwrap().to_vec();
        // The list of fields and the checksum stand at the end, how many tokens there are at the beginning.
        let words = damaged.len() * 2 / 5..damaged.len() * 3 / 5;
        damaged[words].fill(0);
        directory.delete(&path).unwrap();
        let mut file = directory.open_write(&path).unwrap();
        file.write_all(&damaged).unwrap();
        file.terminate().unwrap();
        assert!(merge_all(&engine).is_err(), "{}", path.display());
        index.refresh().unwrap();
        assert_eq!(
            (
                index.len(),
                index.as_tantivy().searchable_segments().unwrap().len()
            ),
            (472, 5)
        );
    }
}
