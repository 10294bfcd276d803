//! Coming in, coming back, and leaving.

use super::Session;
use super::flow::chosen;
use super::tab::{Direct, Link, Received, Tab, json};
use super::tick::unsaved;
use domain::ids::PersonId;
use domain::webinar::schedule::Stage;
use domain::webinar::signal::{Bye, FromServer, TabId, Welcome};
use jiff::SignedDuration;
use tokio::sync::{oneshot, watch};

/// Tabs that one person may have here.
const TABS: usize = 4;
/// A tab whose line is lost is waited for so long: its media goes on meanwhile.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

impl Session {
    /// Somebody comes in, or comes back.
    pub(super) fn enter(&mut self, mut tab: Tab, claimed: Option<TabId>, told: oneshot::Sender<TabId>) {
        if let Err(why) = self.admits(&tab, claimed) {
            tab.bye(why);
            return;
        }
        let known = claimed.and_then(|id| self.tabs.remove_entry(&id));
        let mut kept = false;
        let id = match known {
            Some((id, mut old)) if old.who.person == tab.who.person => {
                let direct = old.direct.take();
                old.bye(Bye::Replaced);
                (tab.sends, tab.watches, tab.direct) = (old.sends, old.watches, direct);
                (tab.shown, tab.pictures, tab.thin) = (old.shown, old.pictures, old.thin);
                (tab.served, tab.turn) = (old.served, old.turn);
                kept = !old.anew;
                id
            }
            // Somebody else's: a new one.
            Some((id, old)) => {
                self.tabs.insert(id, old);
                TabId(self.app.dice.uuid())
            }
            // One of before a restart goes on under its name.
            None => claimed.unwrap_or_else(|| TabId(self.app.dice.uuid())),
        };
        if told.send(id).is_err() {
            return;
        }
        let person = tab.who.person;
        tab.watches.entry(person).or_default();
        for (companion, _) in self.room.companions(person) {
            tab.watches.entry(companion).or_default();
        }
        let you = tab.present();
        // As everybody was last told: what comes next is told to this one too.
        let mut people = self.told.clone();
        people.insert(person, you.clone());
        let welcome = Welcome {
            tab: id,
            room: self.room.seen_by(person, you.trainer),
            you,
            people: people.into_values().collect(),
            seats: self.seats.clone(),
            now: self.app.clock.now(),
            kept,
        };
        tab.say(json(&FromServer::Welcome(Box::new(welcome))));
        self.been.insert(person);
        self.tabs.insert(id, tab);
        self.tend_stills();
    }

    fn admits(&self, tab: &Tab, claimed: Option<TabId>) -> Result<(), Bye> {
        let person = tab.who.person;
        let others = self.tabs.iter().filter(|(id, known)| known.who.person == person && Some(**id) != claimed).count();
        let been = self.been.contains(&person);
        let open = matches!(self.webinar.stage(self.app.clock.now()), Stage::Open | Stage::Live);
        if !open || self.room.is_closed() {
            Err(Bye::NotOpen)
        } else if self.room.removed.contains_key(&person) {
            Err(Bye::Removed)
        } else if self.room.locked && !been && !tab.who.trainer {
            Err(Bye::Locked)
        } else if others >= TABS {
            Err(Bye::Full)
        } else {
            Ok(())
        }
    }

    /// A tab asks for picture and sound over HTTPS: it has one such line, and the newest is the one. What is proved over it
    /// is told by what is given back; it is to be closed once nobody takes that any more.
    pub(super) fn direct(&mut self, id: TabId, person: PersonId) -> Option<Link> {
        let closed = self.room.is_closed();
        let tab = self.tabs.get_mut(&id).filter(|tab| !closed && tab.who.person == person && tab.line.is_some())?;
        let (told, received) = watch::channel(Received::default());
        let (choice, told_choice) = watch::channel(chosen(tab.pictures));
        tab.direct = Some(Direct { received, chosen: choice });
        Some(Link { received: told, chosen: told_choice })
    }

    /// Lets a tab go.
    pub(super) async fn part_with(&mut self, id: TabId, why: Bye) {
        if let Some(mut tab) = self.tabs.remove(&id) {
            tab.bye(why);
            self.ended.extend(unsaved(self.webinar.id, id, &tab));
            self.hang_up(id, &tab).await;
        }
    }

    /// Whoever sits beside a person is watched with each of that person's tabs, and no longer once gone: what was
    /// proved of them until then goes to disk with the rest.
    pub(super) fn watch_companions(&mut self) {
        for (id, tab) in &mut self.tabs {
            let owner = tab.who.person;
            for (companion, _) in self.room.companions(owner) {
                tab.watches.entry(companion).or_default();
            }
            let stays = |person: PersonId| {
                person == owner || self.room.beside.get(&person).is_some_and(|beside| beside.host == owner)
            };
            let gone: Vec<_> = tab.watches.keys().copied().filter(|person| !stays(*person)).collect();
            if !gone.is_empty() {
                let proved = unsaved(self.webinar.id, *id, tab);
                self.ended.extend(proved.into_iter().filter(|interval| gone.contains(&interval.person)));
                tab.watches.retain(|person, _| stays(*person));
            }
        }
    }
}
