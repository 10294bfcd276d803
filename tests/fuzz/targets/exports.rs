//! Any texts as the files of an Open edX export, parted by a NUL: a course and what is said of it, or neither.
#![no_main]

use domain::course::interchange;
use domain::course::parse::SourceFile;
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 6] =
    ["course.xml", "vertical/v.xml", "html/h.html", "problem/p.xml", "video/v.xml", "static/subs.srt"];

fuzz_target!(|bytes: &[u8]| {
    let parts = bytes.split(|byte| *byte == 0);
    let files = PATHS.iter().zip(parts).map(|(path, bytes)| SourceFile { path: (*path).to_owned(), bytes: bytes.to_vec() });
    let files: Vec<SourceFile> = files.collect();
    let Ok(import) = interchange::course("cours", &files) else { return };
    assert!(import.items.iter().all(|item| item.line >= 1 && !item.what.is_empty()));
    assert!(import.files.iter().any(|file| file.path == "course.toml"));
});
