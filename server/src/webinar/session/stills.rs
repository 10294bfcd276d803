//! Stills of the shared screen, for those whose line carries no picture or who chose so: who makes them, the last one, and
//! who is told of it. They are asked for only while somebody is shown them.

use super::Session;
use super::tab::json;
use axum::body::Bytes;
use domain::ids::PersonId;
use domain::webinar::signal::{FromServer, Pictures, TabId};
use jiff::{SignedDuration, Timestamp};

/// Between two stills: a browser makes one every four seconds at most, and its clock and its line are not ours.
const PAUSE: SignedDuration = SignedDuration::from_secs(3);

/// Why a still is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Who sends it shares no screen in this room.
    NotShown,
    /// The last one was sent a moment ago.
    TooSoon,
}

/// The last still, and when one was last offered.
#[derive(Debug, Default)]
pub struct Stills {
    last: Option<Still>,
    offered: Option<Timestamp>,
    number: u64,
    /// How the last one was made light.
    rung: usize,
}

#[derive(Debug)]
struct Still {
    number: u64,
    /// Whose screen it shows.
    tab: TabId,
    image: Bytes,
}

impl Session {
    /// The tab whose screen is seen.
    fn shares(&self) -> Option<(TabId, PersonId)> {
        let shown = self.seats.iter().find(|seat| seat.seat == 0 && seat.picture);
        shown.filter(|_| !self.room.is_closed()).map(|seat| (seat.tab, seat.person))
    }

    /// Whether that person may send a still now, and how the last one was made light. It counts as one, whatever comes of it.
    pub(super) fn may_draw(&mut self, person: PersonId) -> Result<usize, Refused> {
        self.shares().filter(|(_, shares)| *shares == person).ok_or(Refused::NotShown)?;
        let now = self.app.clock.now();
        if self.stills.offered.is_some_and(|offered| now.duration_since(offered) < PAUSE) {
            return Err(Refused::TooSoon);
        }
        self.stills.offered = Some(now);
        Ok(self.stills.rung)
    }

    /// Keeps a still in the place of the last one, and tells those who are shown stills.
    pub(super) fn draw(&mut self, person: PersonId, image: Bytes, rung: usize) -> Result<u64, Refused> {
        let (tab, _) = self.shares().filter(|(_, shares)| *shares == person).ok_or(Refused::NotShown)?;
        // By the clock, so that a room that was opened again begins no number anew: browsers keep stills by it.
        let now = u64::try_from(self.app.clock.now().as_millisecond()).unwrap_or_default();
        let number = now.max(self.stills.number + 1);
        (self.stills.number, self.stills.rung) = (number, rung);
        self.stills.last = Some(Still { number, tab, image });
        self.tend_stills();
        Ok(number)
    }

    /// That still, where it is the last one and that tab is theirs.
    pub(super) fn still(&self, person: PersonId, tab: TabId, number: u64) -> Option<Bytes> {
        self.tabs.get(&tab).filter(|tab| tab.who.person == person)?;
        let still = self.stills.last.as_ref().filter(|still| still.number == number)?;
        self.shares().filter(|(tab, _)| *tab == still.tab).map(|_| still.image.clone())
    }

    /// Tells each tab what it does not know yet: whether it is shown stills and the last one, whether it is to make some.
    pub(super) fn tend_stills(&mut self) {
        let shares = self.shares().map(|(tab, _)| tab);
        self.stills.last.take_if(|still| Some(still.tab) != shares);
        let last = self.stills.last.as_ref().map(|still| still.number);
        let mut wanted = false;
        for (id, tab) in self.tabs.iter_mut().filter(|(_, tab)| tab.line.is_some()) {
            let on = match tab.pictures {
                Pictures::Auto => tab.thin,
                Pictures::Stills => true,
                Pictures::None => false,
            };
            let stills = (on, last.filter(|_| on));
            if tab.stills != stills {
                tab.stills = stills;
                tab.say(json(&FromServer::Stills { on, last: stills.1 }));
            }
            wanted |= on && Some(*id) != shares;
        }
        for (id, tab) in self.tabs.iter_mut().filter(|(_, tab)| tab.line.is_some()) {
            let draws = wanted && Some(*id) == shares;
            if tab.draws != draws {
                tab.draws = draws;
                tab.say(json(&FromServer::DrawStills { on: draws }));
            }
        }
    }
}
