//! What the room's page knows, folded from what the server says. Plain values, no browser.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests do not leave"))]

mod clock;
mod part;

pub(crate) use part::{ALL, Part};

use super::announce::News;
use domain::ids::PersonId;
use domain::quiz::Review;
use domain::webinar::signal::{ActId, Bye, FromBrowser, FromServer, MediaKind, Present, Seat, TabId, Welcome};
use domain::webinar::{Act, Change, Entry, Refusal, Room};
use jiff::Timestamp;
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
    /// What this person may send has changed, maybe.
    Rights,
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

    pub(crate) fn hand_is_up(&self) -> bool {
        self.me().is_some_and(|me| self.room.hands.iter().any(|who| who.person == me))
    }

    pub(crate) fn name_of(&self, person: PersonId) -> String {
        let present = self.people.get(&person).map(|present| present.name.clone());
        present.or_else(|| self.room.floor.get(&person).cloned()).unwrap_or_else(|| "Quelqu’un".to_owned())
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

    /// Hears the server.
    pub(crate) fn hear(&mut self, said: FromServer, now_ms: f64) -> Heard {
        self.failures = 0;
        match said {
            FromServer::Welcome(welcome) => self.welcomed(*welcome, now_ms),
            FromServer::Told { seq, entries } => {
                let mut heard = Heard::default();
                for entry in &entries {
                    self.told(entry, &mut heard);
                }
                self.room.seq = self.room.seq.max(seq);
                heard
            }
            FromServer::Done { id } => {
                self.unsent.retain(|(unsent, _)| *unsent != id);
                Heard { parts: vec![Part::Unsent], ..Heard::default() }
            }
            FromServer::Refused { id, why } => {
                let place = self.unsent.iter().position(|(unsent, _)| *unsent == id);
                let refused = place.map(|place| (self.unsent.remove(place).1, why));
                Heard { parts: vec![Part::Unsent, Part::Checks], refused, ..Heard::default() }
            }
            FromServer::Reviewed { quiz, review } => {
                let reviews = self.reviews.entry(quiz).or_default();
                reviews.retain(|known| known.slug != review.slug);
                reviews.push(*review);
                Heard { parts: vec![Part::Quizzes], ..Heard::default() }
            }
            FromServer::Answer { turn, sdp } => Heard::of(Effect::Answer { turn, sdp }),
            FromServer::NoMedia { turn, why } => Heard::of(Effect::NoMedia { turn, why }),
            FromServer::People { count, came, left } => {
                for person in left {
                    self.people.remove(&person);
                }
                self.people.extend(came.into_iter().map(|present| (present.person, present)));
                self.count = count;
                Heard { parts: vec![Part::People], ..Heard::default() }
            }
            FromServer::Stage { seats } => {
                let news = self.stage_news(&seats);
                self.seats = seats;
                Heard { parts: vec![Part::Seats], news, ..Heard::default() }
            }
            FromServer::Beat => Heard::of(Effect::Send(FromBrowser::Here)),
            FromServer::Bye { why } => self.bye(why),
        }
    }

    fn welcomed(&mut self, welcome: Welcome, now_ms: f64) -> Heard {
        let Welcome { tab, you, room, people, seats, now, kept } = welcome;
        let back = self.line == Line::Lost || self.tab.is_some();
        let mut news = Vec::new();
        if back {
            news.push(News::Back);
            let me = you.person;
            let fresh = room.messages.iter().filter(|(id, message)| **id > self.room.seq && message.by.person != me);
            news.extend(fresh.map(|(_, message)| News::message(message)));
        } else {
            news.push(News::Arrived { live: room.is_live(), count: people.len() });
        }
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit a double")]
        let clock = now.as_millisecond() as f64;
        self.skew = clock - now_ms;
        let fresh = !kept;
        self.line = if room.is_closed() { Line::Ended(Ending::Closed) } else { Line::Here };
        (self.tab, self.you) = (Some(tab), Some(you));
        self.count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        self.people.clear();
        self.people.extend(people.into_iter().map(|present| (present.person, present)));
        (self.room, self.seats) = (room, seats);
        let mut effects: Vec<Effect> = Vec::new();
        if self.is_over() {
            effects.push(Effect::HangUp);
        } else {
            effects.push(Effect::Media { fresh });
            let again = self.unsent.iter().map(|(id, act)| FromBrowser::Act { id: *id, act: act.clone() });
            effects.extend(again.map(Effect::Send));
        }
        Heard { parts: ALL.to_vec(), effects, news, refused: None }
    }

    fn told(&mut self, entry: &Entry, heard: &mut Heard) {
        if entry.seq <= self.room.seq {
            return;
        }
        self.room.apply(entry);
        heard.parts.extend(part::changed_by(&entry.change));
        heard.news.extend(News::of(entry, self));
        match &entry.change {
            Change::FloorGiven { .. } | Change::FloorTaken { .. } | Change::Muted { .. } => {
                heard.effects.push(Effect::Rights);
            }
            Change::Closed => {
                self.line = Line::Ended(Ending::Closed);
                heard.effects.push(Effect::HangUp);
            }
            Change::Removed { person, .. } if Some(*person) == self.me() => {
                self.line = Line::Ended(Ending::Removed);
                heard.effects.push(Effect::HangUp);
            }
            _ => {}
        }
    }

    fn bye(&mut self, why: Bye) -> Heard {
        let ending = match why {
            // The line will drop, and be picked up again.
            Bye::Stopping => return Heard::default(),
            Bye::Replaced => Ending::Replaced,
            Bye::SignedOut => Ending::SignedOut,
            Bye::Removed => Ending::Removed,
            Bye::Locked => Ending::Locked,
            Bye::NotOpen if self.room.is_closed() => Ending::Closed,
            Bye::NotOpen => Ending::NotOpen,
            Bye::Misspoken => Ending::Misspoken,
            Bye::Full => Ending::Full,
        };
        if !self.is_over() {
            self.line = Line::Ended(ending);
        }
        Heard { parts: vec![Part::Line, Part::Phase], effects: vec![Effect::HangUp], ..Heard::default() }
    }

    fn stage_news(&self, seats: &[Seat]) -> Vec<News> {
        let screen = |seats: &[Seat]| seats.iter().find(|seat| seat.seat == 0 && seat.picture).map(|seat| seat.person);
        match (screen(&self.seats), screen(seats)) {
            (None, Some(person)) if Some(person) != self.me() => vec![News::ScreenShown(self.name_of(person))],
            (Some(person), None) if Some(person) != self.me() => vec![News::ScreenGone],
            _ => Vec::new(),
        }
    }
}

impl Heard {
    fn of(effect: Effect) -> Self {
        Self { effects: vec![effect], ..Self::default() }
    }
}

#[cfg(test)]
mod tests;
