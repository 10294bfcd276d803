//! What the README says of the product is what the product does.

use domain::webinar::direct;
use domain::webinar::signal::{FromBrowser, FromServer};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use support::workspace;

/// The README's JSON blocks about the room, in order: what browsers say, what the server says, and the same on the line of
/// picture and sound over HTTPS.
fn blocks() -> [String; 4] {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("a README");
    let about =
        readme.split("## The room's protocol").nth(1).expect("a chapter").split("\n## ").next().expect("its end");
    let mut blocks =
        about.split("```json\n").skip(1).map(|block| block.split("```").next().expect("its end").to_owned());
    std::array::from_fn(|_| blocks.next().expect("a block"))
}

/// Asserts that each line of a block is the message that its name says, and that every message there is has a line.
fn assert_told<Message: DeserializeOwned>(block: &str, name: fn(&Message) -> &'static str, messages: usize) {
    let read = |line: &str| {
        let message = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let name = name(&message);
        let told = line.trim_start_matches(['{', '"']).split('"').next();
        assert_eq!(told, Some(name), "{line}");
        name
    };
    let told: BTreeSet<_> = block.lines().map(read).collect();
    assert_eq!(told.len(), messages, "every message has an example: {told:?}");
}

#[test]
fn the_protocol_of_the_room_is_as_the_readme_tells_it() {
    // A new message must be named here, and so in the README.
    let [said, told, said_directly, told_directly] = blocks();
    let name = |said: &FromBrowser| match said {
        FromBrowser::Hello { .. } => "hello",
        FromBrowser::Act { .. } => "act",
        FromBrowser::Offer { .. } => "offer",
        FromBrowser::Show { .. } => "show",
        FromBrowser::Choose { .. } => "choose",
        FromBrowser::Here => "here",
    };
    assert_told(&said, name, 6);
    let name = |told: &FromServer| match told {
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
    assert_told(&told, name, 16);
    let name = |said: &direct::FromViewer| match said {
        direct::FromViewer::Tab(_) => "tab",
        direct::FromViewer::Took { .. } => "took",
        direct::FromViewer::Came { .. } => "came",
        direct::FromViewer::Checked { .. } => "checked",
    };
    assert_told(&said_directly, name, 4);
    let name = |told: &direct::FromServer| match told {
        direct::FromServer::Begin { .. } => "begin",
        direct::FromServer::Check { .. } => "check",
    };
    assert_told(&told_directly, name, 2);
}
