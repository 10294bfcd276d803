//! Any texts as the files of a course, parted by a NUL: read whole, or every problem is told with its file, its line and what
//! to do; and as captions, whose moments go up.
#![no_main]

use domain::course::parse::{SourceFile, captions, glimpse, parse};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 6] =
    ["course.toml", "01-accueil/chapter.md", "01-accueil/quiz.toml", "glossary.toml", "01-accueil/fiche.md", "01-accueil/media/a.vtt"];

fuzz_target!(|bytes: &[u8]| {
    let parts = bytes.split(|byte| *byte == 0);
    let files = PATHS.iter().zip(parts).map(|(path, bytes)| SourceFile { path: (*path).to_owned(), bytes: bytes.to_vec() });
    let files: Vec<SourceFile> = files.collect();
    let (course, problems) = parse("cours", &files);
    assert_eq!(course.is_none(), !problems.is_empty(), "{problems:?}");
    assert!(problems.iter().all(|problem| problem.line >= 1 && !problem.said.is_empty()), "{problems:?}");
    let _ = glimpse("cours", &files);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let (cues, problems) = captions(text);
        assert!(problems.iter().all(|problem| problem.line >= 1));
        if problems.is_empty() {
            assert!(cues.windows(2).all(|pair| pair[0].start_ms <= pair[1].start_ms), "{cues:?}");
        }
    }
});
