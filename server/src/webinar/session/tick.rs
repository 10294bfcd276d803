//! What a room does every second: who is here, whose line is dead, what is proved of everybody's presence.

use super::Session;
use super::enter::PATIENCE;
use super::tab::{Tab, json};
use crate::identity::session::still_open;
use crate::webinar::media::{self, Evidence};
use crate::webinar::presence::{self, Interval};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::presence::{Piece, Watch};
use domain::webinar::signal::{Bye, FromServer, TabId};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A browser is asked whether it is there every so many seconds; it has three times as long to reply.
const BEAT: u32 = 4;
const SILENT: SignedDuration = SignedDuration::from_secs(12);
/// What is proved of everybody's presence is put on disk every so many seconds.
const CHECKPOINT: u32 = 10;
/// Sessions that have ended are looked for every so many seconds.
const LOGINS: u32 = 4;

impl Session {
    pub(super) async fn tick(&mut self) {
        self.ticks = self.ticks.wrapping_add(1);
        let now = self.app.clock.now();
        if self.ticks.is_multiple_of(LOGINS) {
            self.sign_out().await;
        }
        self.drop_dead_lines(now).await;
        self.tend_afar().await;
        self.watch(now).await;
        self.tend_stills();
        if self.ticks.is_multiple_of(CHECKPOINT) {
            self.checkpoint().await;
        }
        if self.ticks.is_multiple_of(BEAT) {
            self.say_to_all(&FromServer::Beat);
            // Media's own events may have been lost in a crowd.
            self.look_at_stage().await;
        }
        self.tell_people();
    }

    /// Those whose session has ended, here or by an administrator, leave.
    async fn sign_out(&mut self) {
        let logins = self.tabs.values().map(|tab| tab.login.clone()).collect();
        let open = match still_open(&self.app, logins).await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "Sessions in a room could not be checked; they will be in a moment");
                return;
            }
        };
        let ended: Vec<_> = self.tabs.iter().filter(|(_, tab)| !open.contains(&tab.login)).map(|(id, _)| *id).collect();
        for id in ended {
            self.part_with(id, Bye::SignedOut).await;
        }
    }

    async fn drop_dead_lines(&mut self, now: Timestamp) {
        for tab in self.tabs.values_mut() {
            if now.duration_since(tab.heard) > SILENT {
                tab.line = None;
            }
            if tab.line.is_none() {
                tab.lost.get_or_insert(now);
            }
        }
        let gone = |tab: &Tab| tab.lost.is_some_and(|lost| now.duration_since(lost) > PATIENCE);
        let gone: Vec<TabId> = self.tabs.iter().filter(|(_, tab)| gone(tab)).map(|(id, _)| *id).collect();
        for id in gone {
            self.part_with(id, Bye::Replaced).await;
        }
    }

    /// Notes what is proved of everybody: their line is alive, and media flows to them or from them.
    async fn watch(&mut self, now: Timestamp) {
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        let evidence: BTreeMap<TabId, Evidence> =
            media.evidence(self.media_room()).into_iter().map(|(peer, evidence)| (TabId(peer.0), evidence)).collect();
        self.watch_companions();
        let flows = !self.seats.is_empty();
        for (id, tab) in &mut self.tabs {
            tab.thin = match &tab.direct {
                Some(direct) => direct.received.borrow().thin.unwrap_or(tab.thin),
                None => evidence.get(id).is_some_and(|evidence| evidence.thin),
            };
            let media = evidence.get(id).and_then(|evidence| proved(*evidence, flows));
            let media = media.into_iter().chain(delivered(tab)).min().map(|ago| now - ago);
            let line = tab.line.is_some().then_some(tab.heard);
            for watch in tab.watches.values_mut() {
                watch.feed(now, line, media, || self.app.dice.uuid());
            }
        }
    }

    /// Puts on disk what is proved of everybody's presence, in one commit.
    pub(super) async fn checkpoint(&mut self) {
        let mut intervals = std::mem::take(&mut self.ended);
        for (id, tab) in &self.tabs {
            intervals.extend(unsaved(self.webinar.id, *id, tab));
        }
        if intervals.is_empty() {
            return;
        }
        if let Err(error) = presence::checkpoint(&self.app, intervals.clone()).await {
            tracing::error!(webinar = %self.webinar.id, %error, "Presence could not be kept; it will be in ten seconds");
            // What a tab still watches it will tell again.
            let watched = |interval: &Interval| {
                self.tabs.get(&TabId(interval.tab)).is_some_and(|tab| tab.watches.contains_key(&interval.person))
            };
            self.ended = intervals.into_iter().filter(|interval| !watched(interval)).collect();
            return;
        }
        let saved: Vec<_> = intervals.iter().map(|Interval { id, span, .. }| Piece { id: *id, span: *span }).collect();
        let watches = self.tabs.values_mut().flat_map(|tab| tab.watches.values_mut());
        watches.for_each(|watch| watch.saved(&saved));
    }

    async fn look_at_stage(&mut self) {
        if let Ok(media) = self.app.rooms.media(&self.app).await {
            let seated = media.stage(self.media_room()).await;
            self.seat(&seated);
        }
    }

    /// Tells everybody who came and who left since they were last told.
    fn tell_people(&mut self) {
        let people = self.people();
        if people == self.told {
            return;
        }
        let came = people.iter().filter(|(id, present)| self.told.get(id) != Some(present));
        let came = came.map(|(_, present)| present.clone()).collect();
        let left = self.told.keys().filter(|id| !people.contains_key(id)).copied().collect();
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let text = json(&FromServer::People { count, came, left });
        self.tabs.values_mut().for_each(|tab| tab.say(text.clone()));
        self.told = people;
    }
}

/// How long ago media was last proved to flow. Where nobody sends anything there is nothing to receive, and a
/// connection that is alive is proof enough.
fn proved(evidence: Evidence, flows: bool) -> Option<SignedDuration> {
    let proofs = [evidence.received, evidence.sent, evidence.heard.filter(|_| !flows)];
    proofs.into_iter().flatten().min().and_then(|ago| SignedDuration::try_from(ago).ok())
}

/// How long ago the browser last proved that it received what went to it over HTTPS. Silence is told as such there, so that
/// there is always something to receive.
fn delivered(tab: &Tab) -> Option<SignedDuration> {
    let at = tab.direct.as_ref()?.received.borrow().at?;
    SignedDuration::try_from(media::clock().saturating_duration_since(at)).ok()
}

/// What of a tab is not yet on disk, for everybody who sits before it.
pub(super) fn unsaved(webinar: WebinarId, id: TabId, tab: &Tab) -> Vec<Interval> {
    let owner = tab.who.person;
    let of = |(person, watch): (&PersonId, &Watch)| {
        let (person, beside) = (*person, Some(owner).filter(|owner| owner != person));
        let interval = |Piece { id: piece, span }| Interval { id: piece, webinar, person, tab: id.0, span, beside };
        watch.unsaved().map(interval).collect::<Vec<_>>()
    };
    tab.watches.iter().flat_map(of).collect()
}
