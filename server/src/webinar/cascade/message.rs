//! What nodes say to each other of viewers that one serves for another, as JSON. What is not wholly of this form is nothing.

use crate::config::is_node;
use crate::webinar::media::stage::{LAYERS, SEATS};
use crate::webinar::media::{Evidence, PeerId, Pictures, Seat, Sharpness, Wanted};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Of what is said here and of what [`crate::webinar::media`] sends on: nodes that speak another share nothing.
pub const PROTOCOL: u32 = 1;

/// The longest message that is read, in bytes.
const LONGEST: usize = 512 * 1024;
/// Most viewers of one room that a relay serves.
pub const MANY: usize = 2000;

/// A node says that it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub node: String,
    pub protocol: u32,
    /// Browsers that it serves picture and sound to.
    pub peers: u32,
    /// It stops.
    pub leaving: bool,
}

/// What a node tells another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Message {
    /// From a room's origin: answers that viewer's offer. Its reply is an [`Answer`].
    Join(Join),
    /// From the origin: that viewer wants to be shown this.
    Show { stage: Uuid, peer: Uuid, shown: Shown },
    /// From the origin: that viewer leaves.
    Leave { stage: Uuid, peer: Uuid },
    /// From a relay, every second: who is connected to it, and what is proved of each.
    Seen(Seen),
    /// From a relay: a keyframe is wanted.
    Wanted { room: Uuid, seat: usize, layer: usize, turn: u64, urgent: bool },
}

/// A viewer's offer, handed to a relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What the origin sends on under, made anew each time that it begins to.
    pub stage: Uuid,
    /// The webinar, and the node that has its room.
    pub room: Uuid,
    pub origin: String,
    pub peer: Uuid,
    pub sdp: String,
    pub shown: Shown,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answer {
    Answered {
        sdp: String,
    },
    /// The relay has no room for it, or serves nothing.
    Full,
    /// No node understands it.
    Refused,
}

/// What a viewer wants to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    pictures: u8,
    /// By seat: how many encodings may be chosen from.
    seats: Vec<(u8, u8)>,
}

/// Those whom a relay serves of one room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub stage: Uuid,
    pub room: Uuid,
    pub node: String,
    pub peers: Vec<Pulse>,
}

/// What is proved of one of them: so many milliseconds ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pulse {
    peer: Uuid,
    heard: Option<u32>,
    received: Option<u32>,
    thin: bool,
    left: u32,
}

impl Shown {
    pub fn new(pictures: Pictures, sharpness: &[(Seat, Sharpness)]) -> Self {
        let pictures = match pictures {
            Pictures::Auto => 0,
            Pictures::Stills => 1,
            Pictures::None => 2,
        };
        let small = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let seats = sharpness.iter().map(|(seat, sharp)| (small(seat.number()), small(sharp.layers()))).collect();
        Self { pictures, seats }
    }

    pub fn pictures(&self) -> Pictures {
        match self.pictures {
            1 => Pictures::Stills,
            2 => Pictures::None,
            _ => Pictures::Auto,
        }
    }

    pub fn sharpness(&self) -> Vec<(Seat, Sharpness)> {
        let sharp = |layers: u8| match layers {
            0 => Sharpness::Off,
            1 => Sharpness::Low,
            2 => Sharpness::Middle,
            _ => Sharpness::Full,
        };
        let seats = self.seats.iter().take(SEATS);
        seats.filter_map(|(seat, layers)| Some((Seat::new(usize::from(*seat))?, sharp(*layers)))).collect()
    }
}

impl Pulse {
    pub fn of(peer: PeerId, evidence: Evidence) -> Self {
        let ago = |ago: Option<Duration>| ago.map(|ago| u32::try_from(ago.as_millis()).unwrap_or(u32::MAX));
        let (heard, received) = (ago(evidence.heard), ago(evidence.received));
        Self { peer: peer.0, heard, received, thin: evidence.thin, left: evidence.left }
    }

    /// What it says, so long after it was said.
    pub fn read(&self, late: Duration) -> (PeerId, Evidence) {
        let ago = |ago: Option<u32>| ago.map(|ago| Duration::from_millis(ago.into()) + late);
        let (heard, received) = (ago(self.heard), ago(self.received));
        (PeerId(self.peer), Evidence { heard, received, sent: None, thin: self.thin, left: self.left })
    }
}

impl Message {
    pub fn wanted(room: Uuid, wanted: Wanted) -> Self {
        let Wanted { seat, layer, turn, urgent } = wanted;
        Self::Wanted { room, seat, layer, turn, urgent }
    }

    /// Whether its numbers are within bounds.
    fn is_sound(&self) -> bool {
        match self {
            Self::Wanted { seat, layer, .. } => *seat < SEATS && *layer < LAYERS,
            Self::Seen(seen) => seen.peers.len() <= MANY && is_node(&seen.node),
            Self::Join(join) => is_node(&join.origin),
            Self::Show { .. } | Self::Leave { .. } => true,
        }
    }
}

/// A message of another node; nothing where it is none.
pub fn message(bytes: &[u8]) -> Option<Message> {
    read(bytes).filter(Message::is_sound)
}

/// Anything else that a node says; nothing where it is none.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    if bytes.len() > LONGEST {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

/// As it travels.
pub fn written(said: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_wholly_a_message_is_none() {
        let wanted = Message::Wanted { room: Uuid::nil(), seat: 1, layer: 2, turn: 3, urgent: true };
        let said = written(&wanted);
        assert_eq!(message(&said), Some(wanted));
        for length in 0..said.len() {
            assert_eq!(message(&said[..length]), None);
        }
        let text = String::from_utf8(said).unwrap();
        for wrong in [("1", "8"), ("2", "3"), ("seat", "sat"), ("true", "true,\"x\":1")] {
            assert_eq!(message(text.replace(wrong.0, wrong.1).as_bytes()), None, "{wrong:?}");
        }
        assert_eq!(message(&vec![b' '; LONGEST + 1]), None);
    }

    #[test]
    fn what_a_viewer_wants_to_be_shown_travels() {
        let seat = |number| Seat::new(number).unwrap();
        let sharpness = vec![(seat(0), Sharpness::Full), (seat(3), Sharpness::Off), (seat(7), Sharpness::Low)];
        for pictures in [Pictures::Auto, Pictures::Stills, Pictures::None] {
            let shown = Shown::new(pictures, &sharpness);
            assert_eq!((shown.pictures(), shown.sharpness()), (pictures, sharpness.clone()));
        }
        let strange = Shown { pictures: 9, seats: vec![(99, 1), (1, 200)] };
        assert_eq!((strange.pictures(), strange.sharpness()), (Pictures::Auto, vec![(seat(1), Sharpness::Full)]));
    }

    proptest! {
        #[test]
        fn anything_may_come(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = (message(&bytes), read::<Present>(&bytes), read::<Answer>(&bytes));
        }
    }
}
