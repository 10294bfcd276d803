//! What passes between a browser and a room, as JSON text over a WebSocket.
//!
//! The browser opens `/webinaires/{webinar}/signal` and says [`FromBrowser::Hello`] first. The server replies with
//! [`FromServer::Welcome`], which holds the room as this person may see it, or, where another node has the room, with
//! [`FromServer::Elsewhere`]; from then on it tells [`FromServer::Told`]: the entries of the room's log after it, in
//! order. A browser that comes back says which tab it was. Acts carry an id made in the browser: saying one twice
//! changes nothing, and it is answered
//! [`FromServer::Done`] only once it is on disk.

use super::{Act, Entry, Refusal, Room};
use crate::ids::PersonId;
use crate::quiz::Review;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest message of a browser, in bytes: an offer with its sections has about 40,000.
pub const LONGEST: usize = 128 * 1024;

/// Made in the browser, so that an act said twice is known as itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActId(pub Uuid);

/// One tab of a browser: made by the server, given back by the browser when its line was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TabId(pub Uuid);

/// What a browser says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FromBrowser {
    /// First of all. A tab that comes back names itself.
    Hello { tab: Option<TabId> },
    /// Somebody does something.
    Act { id: ActId, act: Act },
    /// The browser's side of the media connection (SDP, RFC 8866); `turn` numbers offers, so that an answer is known
    /// as that of the last one. `sends` names the sections it sends in, by their `mid`.
    Offer { turn: u32, sdp: String, sends: Vec<Sending> },
    /// How sharp the picture of each seat needs to be.
    Show { seats: Vec<Shown> },
    /// What this browser wants to be shown, as its person chose.
    Choose { pictures: Pictures },
    /// Nothing to say, but here: asked for by the server's [`FromServer::Beat`].
    Here,
}

/// What a section of an offer carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    pub mid: String,
    pub kind: MediaKind,
}

/// What a browser sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaKind {
    Camera,
    Microphone,
    /// A window or a whole screen.
    Screen,
    /// What the shared page plays.
    ScreenSound,
}

/// How sharp one seat's picture needs to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    pub seat: u8,
    pub sharpness: Sharpness,
}

/// How sharp a picture needs to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharpness {
    /// Not shown at all.
    Off,
    /// A thumbnail.
    Low,
    Middle,
    Full,
}

/// What somebody wants to be shown, and so what the hour costs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pictures {
    /// Moving pictures while the line carries them, else stills.
    #[default]
    Auto,
    /// Stills of the shared screen.
    Stills,
    /// Nothing: sound alone.
    None,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromServer {
    Welcome(Box<Welcome>),
    /// Entries of the room's log, in order, without those that are not for this person; `seq` is how far it goes.
    Told {
        seq: u64,
        entries: Vec<Entry>,
    },
    /// That act is done, and on disk.
    Done {
        id: ActId,
    },
    /// That act is not done.
    Refused {
        id: ActId,
        why: Refusal,
    },
    /// What the answer to a question of the live quiz is worth, once it is given.
    Reviewed {
        quiz: u64,
        review: Box<Review>,
    },
    /// The server's side of the media connection.
    Answer {
        turn: u32,
        sdp: String,
    },
    /// There is no media for this offer; the words are for a person.
    NoMedia {
        turn: u32,
        why: String,
    },
    /// What is sent is to be offered anew: somebody came who does not understand the codec that was agreed.
    OfferAnew,
    /// Picture and sound come no more from where they did, or cannot have there what was offered: a new connection is to be
    /// made, and offered.
    ConnectAnew,
    /// Who came and who left since last told, and how many there are.
    People {
        count: u32,
        came: Vec<Present>,
        left: Vec<PersonId>,
    },
    /// Who sits where on the stage, whole.
    Stage {
        seats: Vec<Seat>,
    },
    /// Whether this browser is shown stills of the shared screen in place of pictures, because its line carries no more or
    /// because its person chose so, and the number of the last still, if there is one.
    Stills {
        on: bool,
        last: Option<u64>,
    },
    /// Said to who shares the screen: whether stills of it are to be made and sent.
    DrawStills {
        on: bool,
    },
    /// The room is on another node, whose addresses begin with `/noeud/{node}`: said in place of a welcome, to be asked there.
    Elsewhere {
        node: String,
    },
    /// The line is alive. The browser replies [`FromBrowser::Here`].
    Beat,
    /// The last words.
    Bye {
        why: Bye,
    },
}

/// What a browser starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    pub tab: TabId,
    pub you: Present,
    /// The room as this person may see it.
    pub room: Room,
    pub people: Vec<Present>,
    pub seats: Vec<Seat>,
    /// The server's clock.
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub now: Timestamp,
    /// Whether the server still had this tab: then its media connection goes on, else there is none.
    pub kept: bool,
}

/// Somebody who is in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub person: PersonId,
    pub name: String,
    /// Where they work, for people to recognise each other; may be empty.
    pub place: String,
    /// Leads the room.
    pub trainer: bool,
}

/// One seat of the stage that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// 0 is the screen's; the browser's n-th receiving sections show and play seat n.
    pub seat: u8,
    pub person: PersonId,
    pub tab: TabId,
    pub picture: bool,
    pub sound: bool,
}

/// Why the server ends the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bye {
    /// The same tab came back: this is its old line.
    Replaced,
    /// The session has ended: sign in again.
    SignedOut,
    /// A trainer asked this person to leave.
    Removed,
    /// Nobody else may come in.
    Locked,
    /// The webinar is over, or not open yet.
    NotOpen,
    /// Too much was said, or something that is not of this protocol.
    Misspoken,
    /// The server stops; come back.
    Stopping,
    /// The room is full.
    Full,
}
