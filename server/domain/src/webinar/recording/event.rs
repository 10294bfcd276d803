//! What happens in the room, as the file tells it.

use crate::webinar::{Change, Entry};
use serde::Serialize;

/// One line of the track of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line<'a> {
    /// The entry's place in the room's log, where whoever may read it finds the rest.
    seq: u64,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum What<'a> {
    Message,
    Question,
    Caption { text: &'a str },
    Mark { title: &'a str },
    Poll { stem: &'a str, choices: &'a [String] },
    PollShown { poll: u64, counts: Vec<u32>, voters: u32 },
    Quiz { title: &'a str },
    Handout { title: &'a str, url: &'a str },
    Recording { on: bool },
}

/// The entry as JSON, where the file tells it. It names nobody.
#[must_use]
pub fn event(entry: &Entry) -> Option<String> {
    let what = match &entry.change {
        Change::Said { .. } => What::Message,
        Change::Asked { .. } => What::Question,
        Change::Captioned { text } => What::Caption { text },
        Change::Marked { title } => What::Mark { title },
        Change::PollLaunched { ballot } => What::Poll { stem: &ballot.stem, choices: &ballot.choices },
        Change::PollShown { poll, tally } => {
            What::PollShown { poll: *poll, counts: tally.counts.clone(), voters: tally.voters }
        }
        Change::QuizLaunched { title, .. } => What::Quiz { title },
        Change::HandedOut { title, url } => What::Handout { title, url },
        Change::Recording { on } => What::Recording { on: *on },
        _ => return None,
    };
    serde_json::to_string(&Line { seq: entry.seq, what }).ok()
}
