//! Hearing the server: what is said becomes what is known, and what is to be done.

use super::super::announce::News;
use super::{ALL, Effect, Ending, Heard, Line, Live, Part, part};
use domain::webinar::signal::{Bye, FromBrowser, FromServer, Pictures, Seat, Welcome};
use domain::webinar::{Change, Entry};

impl Live {
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
            FromServer::OfferAnew => Heard::of(Effect::OfferAnew),
            FromServer::ConnectAnew => Heard::of(Effect::Media { fresh: true }),
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
            FromServer::Stills { on, last } => {
                let changed = self.stills != on && self.pictures == Pictures::Auto;
                (self.stills, self.still) = (on, last);
                let said = if on {
                    "La ligne ne porte plus l’image\u{a0}: des images fixes la remplacent."
                } else {
                    "L’image revient."
                };
                let news = changed.then(|| News::Said(said.to_owned())).into_iter().collect();
                Heard { parts: vec![Part::Seats], effects: vec![Effect::Still], news, refused: None }
            }
            FromServer::DrawStills { on } => {
                self.draws = on;
                Heard::default()
            }
            // The line goes elsewhere: what is known stays as it is.
            FromServer::Elsewhere { .. } => Heard::default(),
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
        // Told anew where it is still so.
        (self.stills, self.still, self.draws) = (false, None, false);
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
