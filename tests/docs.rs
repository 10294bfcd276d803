//! What the README says of the product is what the product does.

use domain::webinar::signal::{FromBrowser, FromServer};
use std::collections::BTreeSet;
use support::workspace;

/// The lines of the README's JSON blocks about the room, in order: what browsers say, then what the server says.
fn examples() -> [Vec<String>; 2] {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("a README");
    let about =
        readme.split("## The room's protocol").nth(1).expect("a chapter").split("\n## ").next().expect("its end");
    let mut blocks = about.split("```json\n").skip(1).map(|block| {
        let block = block.split("```").next().expect("its end");
        block.lines().map(str::to_owned).collect()
    });
    [blocks.next().expect("a block"), blocks.next().expect("a block")]
}

fn names<'a>(lines: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    let name = |line: &String| line.trim_start_matches(['{', '"']).split('"').next().expect("a name").to_owned();
    lines.into_iter().map(name).collect()
}

/// Every message there is; a new one must be named here, and so in the README.
fn all() -> [Vec<&'static str>; 2] {
    let browser = |said: &FromBrowser| match said {
        FromBrowser::Hello { .. } => "hello",
        FromBrowser::Act { .. } => "act",
        FromBrowser::Offer { .. } => "offer",
        FromBrowser::Show { .. } => "show",
        FromBrowser::Choose { .. } => "choose",
        FromBrowser::Here => "here",
    };
    let server = |said: &FromServer| match said {
        FromServer::Welcome(_) => "welcome",
        FromServer::Told { .. } => "told",
        FromServer::Done { .. } => "done",
        FromServer::Refused { .. } => "refused",
        FromServer::Reviewed { .. } => "reviewed",
        FromServer::Answer { .. } => "answer",
        FromServer::NoMedia { .. } => "no-media",
        FromServer::OfferAnew => "offer-anew",
        FromServer::ConnectAnew => "connect-anew",
        FromServer::People { .. } => "people",
        FromServer::Stage { .. } => "stage",
        FromServer::Stills { .. } => "stills",
        FromServer::DrawStills { .. } => "draw-stills",
        FromServer::Elsewhere { .. } => "elsewhere",
        FromServer::Beat => "beat",
        FromServer::Bye { .. } => "bye",
    };
    let [said, told] = examples();
    [
        said.iter()
            .map(|line| browser(&serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))))
            .collect(),
        told.iter()
            .map(|line| server(&serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))))
            .collect(),
    ]
}

#[test]
fn the_protocol_of_the_room_is_as_the_readme_tells_it() {
    let [said, told] = examples();
    for (lines, read, count) in [(&said, &all()[0], 6), (&told, &all()[1], 16)] {
        let read: BTreeSet<String> = read.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(lines), read, "each example is what its name says");
        assert_eq!(read.len(), count, "every message has an example");
    }
}
