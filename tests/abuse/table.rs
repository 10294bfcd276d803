//! What `abuse.md` says stands in the way is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::workspace;

/// The items of ASVS 5.0 at levels 1 and 2 in the chapters that apply: so many of each section, from 1 on.
const ITEMS: &str = "\
    1.1×2 1.2×9 1.3×11 1.4×3 1.5×2 \
    2.1×3 2.2×3 2.3×4 2.4×1 \
    3.2×2 3.3×4 3.4×6 3.5×5 3.7×2 \
    4.1×3 4.2×1 4.3×2 4.4×4 \
    5.1×1 5.2×3 5.3×2 5.4×3 \
    6.1×3 6.2×12 6.3×4 6.4×4 6.5×5 6.6×3 6.8×4 \
    7.1×3 7.2×4 7.3×2 7.4×5 7.5×2 7.6×2 \
    8.1×2 8.2×3 8.3×1 8.4×1 \
    9.1×3 9.2×4 10.1×2 10.2×2 10.5×5 \
    15.1×3 15.2×3 15.3×7 \
    16.1×1 16.2×5 16.3×4 16.4×3 16.5×3 \
    17.1×1 17.2×4 17.3×2";

/// Where sources are, and what the paths of their tests begin with.
const SOURCES: &[(&str, &str)] =
    &[("tests", ""), ("server/src", "server"), ("server/domain/src", "domain"), ("frontend/src", "frontend")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn name(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Every test of the suite, by its path.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (folder, start) in SOURCES {
        let root = workspace().join(folder);
        let mut files = Vec::new();
        sources(&root, &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let inside = file.strip_prefix(&root).unwrap().with_extension("");
            let mut path: Vec<&str> = if start.is_empty() { Vec::new() } else { vec![start] };
            path.extend(inside.iter().map(|part| part.to_str().unwrap()).filter(|part| !["mod", "lib"].contains(part)));
            path.extend(text.contains("mod tests {").then_some("tests"));
            let attributes = ["#[test]", "#[tokio::test"].iter().flat_map(|attribute| text.split(attribute).skip(1));
            let functions = attributes.filter_map(|after| after.split_once("fn ").map(|(_, name)| name));
            for test in functions.chain(text.split("on_both!(").skip(1)) {
                tests.insert([&*path.join("::"), name(test)].join("::"));
            }
        }
    }
    tests
}

/// What stands between backquotes.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether that is a file of the repository, from its root or from that of a crate.
fn is_file(span: &str) -> bool {
    ["", "server/src", "server/domain/src"].iter().any(|root| workspace().join(root).join(span).is_file())
}

fn table() -> String {
    std::fs::read_to_string(workspace().join("tests/abuse.md")).unwrap()
}

/// The cells of the rows that begin with a number.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let cells = |line| -> Vec<&str> { str::trim_matches(line, '|').split(" | ").map(str::trim).collect() };
    text.lines()
        .filter(|line| line.starts_with("| "))
        .map(cells)
        .filter(|cells| cells[0].starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn every_test_and_every_file_that_the_table_names_exists() {
    let (table, tests) = (table(), tests());
    let unknown: Vec<_> = spans(&table).filter(|span| span.contains("::") && *span != "abuse::table").collect();
    assert!(unknown.len() > 200, "the test looks at something");
    let unknown: Vec<_> = unknown.into_iter().filter(|span| !tests.contains(*span)).collect();
    assert!(unknown.is_empty(), "no such test: {unknown:#?}");
    let ends = [".rs", ".txt", ".toml", ".lock"];
    let mut files = spans(&table).filter(|span| ends.iter().any(|end| span.ends_with(end)));
    assert_eq!(files.find(|span| !is_file(span)), None, "no such file");
}

#[test]
fn each_of_the_twenty_defects_has_its_tests() {
    let table = table();
    let classes = table.split("## The twenty defects").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<_> = lines(classes).collect();
    let numbers: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(numbers, (1..=20).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    for row in rows {
        assert!(spans(row[2]).count() >= 2, "{row:?}");
    }
}

#[test]
fn each_item_of_asvs_is_there_once_and_says_by_what_it_is_met() {
    let table = table();
    let items = table.split("## ASVS").nth(1).unwrap();
    let mut found = BTreeMap::new();
    for row in lines(items) {
        let [item, _, answer, by] = row[..] else { panic!("four cells: {row:?}") };
        let named = spans(by).filter(|span| span.contains("::") || is_file(span)).count();
        let is_met = match answer {
            "tested" => spans(by).any(|span| span.contains("::")),
            "code" => named > 0 || by.contains("above"),
            "partly" | "not yet" | "nothing" => by.len() > 5,
            other => panic!("{item}: {other}"),
        };
        assert!(is_met, "{row:?}");
        assert_eq!(found.insert(item.to_owned(), answer), None, "{item} is there twice");
    }
    let sections = ITEMS.split_whitespace().map(|section| section.split_once('×').unwrap());
    let counted = sections.map(|(section, count)| (section, count.parse::<u32>().unwrap()));
    let all = counted.flat_map(|(section, count)| (1..=count).map(move |item| format!("{section}.{item}")));
    assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), all.collect(), "the items of the list");
}
