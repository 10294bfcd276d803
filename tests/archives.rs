//! What is in an archive comes out; what could harm does not, whatever it is dressed as.

use domain::course::parse::SourceFile;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use server::course::archive::{MOST_FILES, Opened, Refused, open, tar_gz, zip};
use std::io::{Cursor, Write as _};
use tar::{Builder, EntryType, Header};
use zip::unstable::write::FileOptionsExt as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn file(path: &str, bytes: &[u8]) -> SourceFile {
    SourceFile { path: path.to_owned(), bytes: bytes.to_vec() }
}

/// A zip of these entries, written without any care.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A .tar.gz of these entries, whose names are written as they are.
fn tarred(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (name, sort, bytes) in entries {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name);
        header.set_entry_type(*sort);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if matches!(sort, EntryType::Symlink | EntryType::Link) {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn plain(name: &str) -> Vec<u8> {
    tarred(&[(name.as_bytes(), EntryType::Regular, b"x")])
}

/// The same bytes with one text in place of another of the same length, wherever it stands.
fn forged(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..=out.len() - from.len() {
        if &out[at..at + from.len()] == from {
            out[at..at + from.len()].copy_from_slice(to);
        }
    }
    out
}

#[test]
fn what_is_packed_is_unpacked() {
    let files = [file("01-a/chapter.md", b"texte"), file("course.toml", b""), file("media/a b.png", &[0, 255, 10])];
    assert_eq!(open(&zip(&files).unwrap()).unwrap().files, files);
    assert_eq!(open(&tar_gz(&files).unwrap()).unwrap().files, files);
    assert_eq!(zip(&files).unwrap(), zip(&files).unwrap(), "the same bytes each time");
}

#[test]
fn folders_hidden_files_and_the_archives_own_folder_are_passed_over() {
    let entries: [(&[u8], EntryType, &[u8]); 5] = [
        (b"./", EntryType::Directory, b""),
        (b"./course/", EntryType::Directory, b""),
        (b"./course/course.xml", EntryType::Regular, b"<course/>"),
        (b"./course/._course.xml", EntryType::Regular, b"?"),
        (b"__MACOSX/course.xml", EntryType::Regular, b"?"),
    ];
    let opened = Opened { files: vec![file("course/course.xml", b"<course/>")], too_large: Vec::new() };
    assert_eq!(open(&tarred(&entries)).unwrap(), opened);
}

#[test]
fn an_archive_in_an_archive_is_a_file_like_another() {
    let inner = zipped(&[("../x", b"x")]);
    assert_eq!(open(&zipped(&[("inner.zip", &inner)])).unwrap().files, [file("inner.zip", &inner)]);
}

/// Each malicious archive, and what it gets.
#[test]
fn every_malicious_archive_is_refused_for_what_it_is() {
    let path = |refused: &Refused| matches!(refused, Refused::Path(_));
    let names = [
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "C:/evil",
        "C:evil",
        "a\\..\\evil",
        "a//b",
        "a/./b",
        "a\u{7}b",
        "a\nb",
        "a:stream",
        "CON",
        "a/nul.txt",
        "com1",
        "LPT¹.md",
        "aux .md",
        "trailing.",
        "trailing ",
        "a\u{202e}gpj.exe",
        "..",
    ];
    for name in names {
        let refused = open(&zipped(&[(name, b"x")])).unwrap_err();
        assert!(path(&refused), "zip {name:?}: {refused}");
        let refused = open(&plain(name)).unwrap_err();
        assert!(path(&refused), "tar {name:?}: {refused}");
    }
    let long = "a/".repeat(300) + "x";
    assert!(path(&open(&zipped(&[(&long, b"x")])).unwrap_err()));
    let nul = forged(&zipped(&[("aZb", b"x")]), b"aZb", b"a\0b");
    assert!(path(&open(&nul).unwrap_err()), "a NUL in a name");
    let latin = forged(&zipped(&[("aZb", b"x")]), b"aZb", b"a\xffb");
    assert!(path(&open(&latin).unwrap_err()), "a name that is no UTF-8");

    for sort in
        [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::GNUSparse]
    {
        let refused = open(&tarred(&[(b"a", sort, b"")])).unwrap_err();
        assert!(matches!(refused, Refused::Special(_) | Refused::Broken(_)), "{sort:?}: {refused}");
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let linked = writer.finish().unwrap().into_inner();
    assert!(matches!(open(&linked), Err(Refused::Special(_))));

    for [first, second] in [["a.md", "A.md"], ["\u{e9}.md", "e\u{301}.md"], ["a", "a/b"], ["dir/A", "DIR/a"]] {
        for bytes in [
            zipped(&[(first, b"x"), (second, b"y")]),
            tarred(&[(first.as_bytes(), EntryType::Regular, b"x"), (second.as_bytes(), EntryType::Regular, b"y")]),
        ] {
            let opened = open(&bytes);
            assert!(matches!(opened, Err(Refused::Twice(_))), "{first:?} and {second:?}: {opened:?}");
        }
    }
    let twice = forged(&zipped(&[("aaaa", b"x"), ("bbbb", b"y")]), b"bbbb", b"aaaa");
    assert!(matches!(open(&twice), Err(Refused::Twice(_) | Refused::Broken(_))), "one name twice");

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
    writer.start_file("a", options).unwrap();
    writer.write_all(b"x").unwrap();
    let locked = writer.finish().unwrap().into_inner();
    assert!(matches!(open(&locked), Err(Refused::Encrypted(_))));
}

#[test]
fn bombs_and_lies_are_refused_before_they_are_unpacked() {
    let zeros = vec![0; 8 << 20];
    assert!(matches!(open(&zipped(&[("zeros", &zeros)])), Err(Refused::Bomb)), "a ratio of a thousand");
    let tar = tarred(&[(b"zeros", EntryType::Regular, &zeros)]);
    assert!(matches!(open(&tar), Err(Refused::Bomb)));

    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a", stored).unwrap();
    writer.write_all(&[7; 0x1234]).unwrap();
    let honest = writer.finish().unwrap().into_inner();
    for size in [0x0234_u32, 0x2234] {
        let lying = forged(
            &honest,
            &[0x34, 0x12, 0, 0, 0x34, 0x12, 0, 0],
            &[&[0x34, 0x12, 0, 0], &size.to_le_bytes()[..]].concat(),
        );
        assert!(matches!(open(&lying), Err(Refused::Lying(_) | Refused::Broken(_))), "it says {size}");
    }
    let mut cut = tarred(&[(b"a", EntryType::Regular, b"some words")]);
    cut.truncate(cut.len() / 2);
    assert!(matches!(open(&cut), Err(Refused::Broken(_) | Refused::Lying(_))));
    assert!(matches!(open(b"MZ.."), Err(Refused::Unknown)));
    assert!(matches!(open(b""), Err(Refused::Unknown)));
}

#[test]
fn too_many_files_are_refused() {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for number in 0..=MOST_FILES {
        let mut header = Header::new_gnu();
        header.set_size(0);
        builder.append_data(&mut header, format!("{number:x}-{}", number * 7919), &b""[..]).unwrap();
    }
    let refused = open(&builder.into_inner().unwrap().finish().unwrap()).unwrap_err();
    assert!(matches!(refused, Refused::TooMuch | Refused::Bomb), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), sort in 0usize..3) {
        let start: &[u8] = [&b"PK\x03\x04"[..], b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b""][sort];
        let _ = open(&[start, &bytes].concat());
    }

    #[test]
    fn no_mutation_makes_it_panic(at in 0usize..400, byte in any::<u8>(), tar in any::<bool>()) {
        let files = [file("01-a/chapter.md", b"texte"), file("course.toml", b"title")];
        let mut bytes = if tar { tar_gz(&files).unwrap() } else { zip(&files).unwrap() };
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(opened) = open(&bytes) {
            prop_assert!(opened.files.iter().all(|file| !file.path.starts_with('/') && !file.path.contains("..")));
        }
    }
}
