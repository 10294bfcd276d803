//! What is read here is what `serde_json` reads.

use super::*;
use domain::webinar::Entry;
use domain::webinar::signal::{FromBrowser, FromServer};
use std::collections::BTreeMap;

fn same<T: DeserializeOwned + PartialEq + fmt::Debug>(text: &str) {
    let (here, there) = (read::<T>(text), serde_json::from_str::<T>(text).ok());
    assert_eq!(here, there, "{text}");
    assert!(there.is_some(), "{text}");
}

/// Every message that the README shows, by the protocol's own reader.
#[test]
fn every_message_of_the_protocol_is_read_the_same() {
    let readme = include_str!("../../../README.md");
    let section = readme.split("## The room's protocol").nth(1).expect("the section");
    let mut blocks = section.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let (said, heard) = (blocks.next().expect("a block"), blocks.next().expect("a block"));
    said.lines().for_each(same::<FromBrowser>);
    heard.lines().for_each(same::<FromServer>);
    assert!(said.lines().count() > 5 && heard.lines().count() > 10);
}

#[test]
fn every_shape_of_a_change_is_read_the_same() {
    let entry = |change: &str| {
        format!(
            r#"{{"seq":3,"at":"2026-12-01T09:00:02.25Z","by":{{"person":7,"name":"Léa","trainer":false}},"act":null,"change":{change}}}"#
        )
    };
    for change in [
        r#""went-live""#,
        r#"{"voted":{"poll":12,"choices":[0,2]}}"#,
        r#"{"poll-launched":{"ballot":{"stem":"Prêts ?","choices":["Oui","Non"],"many":true}}}"#,
        r#"{"poll-shown":{"poll":2,"tally":{"voters":3,"counts":[1,2]}}}"#,
        r#"{"check-launched":{"until":"2026-12-01T10:00:00Z"}}"#,
        r#"{"answered":{"quiz":20,"question":"direct-1","answer":null,"mark":{"earned":100,"max":100}}}"#,
        r#"{"quiz-launched":{"title":"Quiz","prompts":[{"slug":"direct-1","stem":"<p>Que garder ?</p>","points":1,"rule":"Un point.","field":{"type":"single","choices":[{"key":"a","label":"Rien"}]},"more":1}]}}"#,
        r#"{"sat-beside":{"person":-7}}"#,
    ] {
        same::<Entry>(&entry(change));
    }
}

#[test]
fn what_is_wrong_is_not_read() {
    for text in [
        "",
        "{",
        "[]",
        "null",
        "3",
        r#""unknown""#,
        r#"{"done":{}}"#,
        r#"{"done":["6f1c2a52"]}"#,
        r#"{"bye":{"why":"x"}}"#,
    ] {
        assert_eq!(read::<FromServer>(text), None, "{text}");
    }
    assert_eq!(read::<BTreeMap<u64, bool>>(r#"{"1":true}"#), Some([(1, true)].into()));
    assert_eq!(read::<BTreeMap<u64, bool>>(r#"{"x":true}"#), None);
}
