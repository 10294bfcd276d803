//! What the room's page knows, folded from what the server says. Plain values, no browser.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests do not leave"))]

mod clock;
mod hearing;
mod part;

pub(crate) use part::{ALL, Part};

use super::announce::News;
use domain::ids::PersonId;
use domain::quiz::Review;
use domain::webinar::signal::{ActId, FromBrowser, MediaKind, Pictures, Present, Seat, TabId};
use domain::webinar::{Act, Refusal, Room};
use std::collections::BTreeMap;

/// The line to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Line {
    /// Not in the room yet.
    #[default]
    Joining,
    Here,
    /// Dropped: being picked up again.
    Lost,
    Ended(Ending),
}

/// Why one is no longer in the room, and will not be by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Left,
    Closed,
    NotOpen,
    Replaced,
    SignedOut,
    Removed,
    Locked,
    Full,
    Misspoken,
}

/// What is to be done beside showing.
#[derive(Debug, PartialEq)]
pub(crate) enum Effect {
    Send(FromBrowser),
    /// Make media, on a new connection when `fresh`, else on the one there is, with new ICE credentials.
    Media {
        fresh: bool,
    },
    Answer {
        turn: u32,
        sdp: String,
    },
    NoMedia {
        turn: u32,
        why: String,
    },
    /// Offer what is sent once more.
    OfferAnew,
    /// What this person may send has changed, maybe.
    Rights,
    /// Another still is to be shown, or none.
    Still,
    /// The line is of no more use.
    HangUp,
}

/// What comes of something heard.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    pub(crate) parts: Vec<Part>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) news: Vec<News>,
    /// An act that was refused, and why.
    pub(crate) refused: Option<(Act, Refusal)>,
}

/// The room as this tab knows it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live {
    pub(crate) line: Line,
    pub(crate) you: Option<Present>,
    pub(crate) tab: Option<TabId>,
    pub(crate) room: Room,
    pub(crate) people: BTreeMap<PersonId, Present>,
    pub(crate) count: u32,
    pub(crate) seats: Vec<Seat>,
    /// What this person wants to be shown.
    pub(crate) pictures: Pictures,
    /// Whether stills are shown in place of pictures, and the last one; and whether this tab is to make some.
    pub(crate) stills: bool,
    pub(crate) still: Option<u64>,
    pub(crate) draws: bool,
    /// What answers to live quizzes were worth.
    pub(crate) reviews: BTreeMap<u64, Vec<Review>>,
    /// Said, and not acknowledged yet.
    pub(crate) unsent: Vec<(ActId, Act)>,
    /// Tries to reach the server since it was last heard.
    failures: u32,
    /// The server's clock less this computer's, in milliseconds.
    skew: f64,
}

impl Live {
    pub(crate) fn me(&self) -> Option<PersonId> {
        self.you.as_ref().map(|you| you.person)
    }

    pub(crate) fn leads(&self) -> bool {
        self.you.as_ref().is_some_and(|you| you.trainer)
    }

    pub(crate) fn has_floor(&self) -> bool {
        self.me().is_some_and(|me| self.room.has_floor(me))
    }

    /// Whether this person may send that now.
    pub(crate) fn may_send(&self, kind: MediaKind) -> bool {
        let screen = matches!(kind, MediaKind::Screen | MediaKind::ScreenSound);
        let allowed = self.leads() || (self.has_floor() && !screen);
        allowed && !self.room.is_closed() && !matches!(self.line, Line::Ended(_)) && !self.is_muted(kind)
    }

    /// Whether a trainer stopped that.
    pub(crate) fn is_muted(&self, kind: MediaKind) -> bool {
        self.me().is_some_and(|me| self.room.muted.contains(&(me, kind)))
    }

    /// Whether no picture comes.
    pub(crate) fn is_blank(&self) -> bool {
        self.stills || self.pictures != Pictures::Auto
    }

    pub(crate) fn hand_is_up(&self) -> bool {
        self.me().is_some_and(|me| self.room.hands.iter().any(|who| who.person == me))
    }

    pub(crate) fn name_of(&self, person: PersonId) -> String {
        let present = self.people.get(&person).map(|present| present.name.clone());
        present
            .or_else(|| self.room.floor.get(&person).cloned())
            .or_else(|| self.room.beside.get(&person).map(|beside| beside.name.clone()))
            .unwrap_or_else(|| "Quelqu’un".to_owned())
    }

    /// Who sits before this person's screen.
    pub(crate) fn companions(&self) -> Vec<(PersonId, String)> {
        let companions = self.me().map(|me| self.room.companions(me).map(|(person, name)| (person, name.to_owned())));
        companions.into_iter().flatten().collect()
    }

    /// Somebody does something: what to say to the server, where there is a line.
    pub(crate) fn act(&mut self, id: ActId, act: Act) -> Option<FromBrowser> {
        self.unsent.push((id, act.clone()));
        (self.line == Line::Here).then_some(FromBrowser::Act { id, act })
    }

    /// The line is dropped. Tells whether it was not known.
    pub(crate) fn lost(&mut self) -> bool {
        self.failures = self.failures.saturating_add(1);
        match self.line {
            Line::Here => {
                self.line = Line::Lost;
                true
            }
            _ => false,
        }
    }

    /// Milliseconds before the next try: up to half a second at first, then up to two, by `dice` (0 to 1), so that a
    /// whole room coming back does not knock at once, and everybody is back within five seconds.
    pub(crate) fn delay_ms(&self, dice: f64) -> f64 {
        let most: f64 = match self.failures {
            0 | 1 => 500.0,
            2 => 1_000.0,
            _ => 2_000.0,
        };
        most * (0.2 + 0.8 * dice)
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.line, Line::Ended(_))
    }

    pub(crate) fn leave(&mut self, why: Ending) {
        self.line = Line::Ended(why);
    }
}

impl Heard {
    fn of(effect: Effect) -> Self {
        Self { effects: vec![effect], ..Self::default() }
    }
}

#[cfg(test)]
mod tests;
