//! The words of the stage: who may send what, where it is seen, how sharp.

use std::fmt;
use uuid::Uuid;

/// Seats on a stage: one for the screen, and seven for people (a trainer and six on the floor).
pub const SEATS: usize = 8;

/// Encodings of one picture that a browser may send at once (simulcast, RFC 8853), the smallest first.
pub const LAYERS: usize = 3;

/// A webinar's room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub Uuid);

/// One browser tab in a room. A participant who opens two tabs is two peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub Uuid);

/// What a browser sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Camera,
    Microphone,
    /// A window or a whole screen.
    Screen,
    /// What the shared page plays.
    ScreenSound,
}

impl Kind {
    /// Whether it is seen rather than heard.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Camera | Self::Screen)
    }

    /// Whether it belongs to the screen's seat rather than to a person's.
    pub fn is_screen(self) -> bool {
        matches!(self, Self::Screen | Self::ScreenSound)
    }
}

/// What a peer may do in a room. Everyone watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Viewer,
    /// Has the floor: camera and microphone.
    Speaker,
    /// Also shares the screen.
    Trainer,
}

impl Role {
    /// Whether that may be sent.
    pub fn may_send(self, kind: Kind) -> bool {
        match self {
            Self::Viewer => false,
            Self::Speaker => !kind.is_screen(),
            Self::Trainer => true,
        }
    }
}

/// A numbered place on the stage, the same for everyone in the room. A viewer's n-th receiving video section
/// and n-th receiving audio section (in the order of its offer) show and play seat n. Seat 0 is the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat(u8);

impl Seat {
    /// The screen's seat.
    pub const SCREEN: Self = Self(0);

    /// That seat, if there is one with that number.
    pub fn new(number: usize) -> Option<Self> {
        u8::try_from(number).ok().filter(|_| number < SEATS).map(Self)
    }

    /// Below [`SEATS`].
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    /// People's seats, in order.
    pub fn of_people() -> impl Iterator<Item = Self> {
        (1..SEATS).filter_map(Self::new)
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seat {}", self.0)
    }
}

/// Who sits where, and what comes from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seated {
    pub seat: Seat,
    pub peer: PeerId,
    /// There is a picture, and it is not muted.
    pub picture: bool,
    /// There is sound, and it is not muted.
    pub sound: bool,
    /// Somebody here does not understand what the picture is sent in, and another offer would be answered with what
    /// more of them do.
    pub unseen: bool,
}

/// How sharp a viewer wants a seat's picture at most; what its line carries may be less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Sharpness {
    /// No picture at all.
    Off,
    /// The smallest encoding, for a thumbnail.
    Low,
    Middle,
    #[default]
    Full,
}

impl Sharpness {
    /// How many encodings may be chosen from, the smallest first.
    pub fn layers(self) -> usize {
        match self {
            Self::Off => 0,
            Self::Low => 1,
            Self::Middle => 2,
            Self::Full => LAYERS,
        }
    }
}
