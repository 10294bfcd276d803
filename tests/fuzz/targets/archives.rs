//! Any bytes as an archive: refused, or files whose paths stay in it and that differ, and a course or none.
#![no_main]

use domain::course::interchange;
use libfuzzer_sys::fuzz_target;
use server::course::archive;

fuzz_target!(|bytes: &[u8]| {
    let Ok(opened) = archive::open(bytes) else { return };
    for pair in opened.files.windows(2) {
        assert!(pair[0].path < pair[1].path, "{} twice", pair[0].path);
    }
    for file in &opened.files {
        let inside = file.path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        assert!(inside && !file.path.contains('\\'), "{}", file.path);
    }
    let _ = interchange::course("cours", &opened.files);
});
