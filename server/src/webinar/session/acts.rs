//! What people do: decided, kept, then told.

use super::tab::json;
use super::{Session, peer};
use crate::error::Error;
use crate::webinar::lease::is_lost;
use crate::webinar::media::Kind;
use crate::webinar::{log, recording, store};
use domain::ids::PersonId;
use domain::quiz::review;
use domain::webinar::recording::event;
use domain::webinar::signal::{ActId, Bye, FromServer, MediaKind, TabId};
use domain::webinar::{Act, Change, Circumstances, Entry, Refusal, Room, Who};

impl Session {
    /// Does what came together: one commit, then everybody is told, and who did it that it is done.
    pub(super) async fn act(&mut self, acts: Vec<(TabId, ActId, Act)>) {
        let mut made: Vec<Entry> = Vec::new();
        let mut replies = Vec::new();
        for (tab, id, act) in acts {
            let Some(who) = self.tabs.get(&tab).map(|tab| tab.who.clone()) else { continue };
            match self.decide(&who, id, &act) {
                Ok(entry) => {
                    made.extend(entry);
                    replies.push((tab, FromServer::Done { id }));
                    replies.extend(self.reviewed(&who, &act).map(|review| (tab, review)));
                }
                Err(why) => replies.push((tab, FromServer::Refused { id, why })),
            }
        }
        if !self.keep(&made).await {
            if is_lost(self.lease.as_ref()) {
                // Neither done nor refused: the browsers say it again where the room is now.
                return;
            }
            for (_, reply) in &mut replies {
                if let FromServer::Done { id } = *reply {
                    *reply = FromServer::Refused { id, why: Refusal::NotKept };
                }
            }
            replies.retain(|(_, reply)| matches!(reply, FromServer::Refused { .. }));
            made.clear();
        }
        self.tell(&made);
        for (tab, reply) in replies {
            if let Some(tab) = self.tabs.get_mut(&tab) {
                tab.say(json(&reply));
            }
        }
        self.follow(&made).await;
    }

    /// Decides, and changes the room at once: what comes next is decided on it. Nobody is told before it is kept.
    fn decide(&mut self, who: &Who, id: ActId, act: &Act) -> Result<Option<Entry>, Refusal> {
        let present = |person: PersonId| {
            let tab = self.tabs.values().find(|tab| tab.who.person == person)?;
            Some((tab.who.name.clone(), tab.who.trainer))
        };
        let around = Circumstances {
            now: self.app.clock.now(),
            prepared: self.prepared.as_ref().map(|quiz| (quiz.title.as_str(), quiz.questions.as_slice())),
            present: &present,
        };
        let entry = self.room.decide(who, id, act, around)?;
        if let Some(entry) = &entry {
            self.room.apply(entry);
        }
        Ok(entry)
    }

    /// What an answer to the live quiz is worth, for who gave it.
    fn reviewed(&self, who: &Who, act: &Act) -> Option<FromServer> {
        let Act::Answer { quiz, question, answer } = act else { return None };
        let asked = self.room.quizzes.get(quiz)?;
        asked.answers.get(&who.person)?.get(question)?;
        let question = asked.questions.iter().find(|known| known.slug == *question)?;
        Some(FromServer::Reviewed { quiz: *quiz, review: Box::new(review(question, Some(answer))) })
    }

    /// Puts entries on disk. Where that fails, the room is again what the disk says.
    async fn keep(&mut self, entries: &[Entry]) -> bool {
        if entries.is_empty() {
            return true;
        }
        let (id, kept, lease) = (self.webinar.id, entries.to_vec(), self.lease.clone());
        let recorded = Some(&self.webinar).filter(|webinar| webinar.recorded);
        let kept_until = recorded.map(|webinar| recording::kept_until(webinar, self.app.clock.now()));
        let written = self.app.db.write(move |db| {
            Box::pin(async move {
                if let Some(lease) = lease {
                    lease.hold(db).await?;
                }
                for entry in &kept {
                    match entry.change {
                        Change::WentLive => {
                            store::begin(db, id, entry.at).await?;
                            if let Some(until) = kept_until {
                                recording::store::begin(db, id, entry.at, until).await?;
                            }
                        }
                        Change::Closed => store::close(db, id, entry.at).await?,
                        _ => {}
                    }
                }
                log::append(db, id, kept).await
            })
        });
        let Err(error) = written.await else { return true };
        tracing::error!(webinar = %id, %error, "A room's entries could not be kept");
        match log::load(self.app.db.reader(), id).await {
            Ok(entries) => self.room = Room::of(&entries),
            Err(error) => tracing::error!(webinar = %id, %error, "A room's log could not be read again"),
        }
        false
    }

    /// Does what follows from entries that are kept and told.
    async fn follow(&mut self, entries: &[Entry]) {
        for entry in entries {
            match &entry.change {
                Change::FloorGiven { person, .. } => self.silence(*person, false).await,
                Change::FloorTaken { person } => self.silence(*person, true).await,
                Change::Muted { person, kind, on } => self.mute(*person, &[*kind], *on).await,
                Change::Removed { person, .. } => {
                    self.dismiss(*person).await;
                    self.watch_companions();
                }
                Change::SatBeside { .. } | Change::PartedWith { .. } => self.watch_companions(),
                Change::WentLive => {
                    self.reread().await;
                    self.record().await;
                }
                Change::Recording { on } => recording::pause(&self.app, self.webinar.id, !on).await,
                Change::Closed => {
                    self.reread().await;
                    self.tabs.values_mut().for_each(|tab| tab.direct = None);
                    self.recorded();
                    self.settle().await;
                }
                _ => {}
            }
            if let Some(text) = event(entry).filter(|_| self.webinar.recorded) {
                recording::note(&self.app, self.webinar.id, entry.at, text).await;
            }
        }
    }

    async fn reread(&mut self) {
        match store::webinar(self.app.db.reader(), self.webinar.id).await {
            Ok(Some(webinar)) => self.webinar = webinar,
            Ok(None) => {}
            Err(error) => tracing::error!(webinar = %self.webinar.id, %error, "A webinar could not be read again"),
        }
    }

    /// Whoever has not the floor is not forwarded, whatever their browser sends.
    async fn silence(&self, person: PersonId, silent: bool) {
        self.mute(person, &[MediaKind::Camera, MediaKind::Microphone], silent).await;
    }

    async fn mute(&self, person: PersonId, kinds: &[MediaKind], on: bool) {
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        for (tab, _) in self.tabs.iter().filter(|(_, tab)| tab.who.person == person) {
            for kind in kinds {
                media.mute(self.media_room(), peer(*tab), media_kind(*kind), on);
            }
        }
    }

    async fn dismiss(&mut self, person: PersonId) {
        let tabs: Vec<_> = self.tabs.iter().filter(|(_, tab)| tab.who.person == person).map(|(id, _)| *id).collect();
        for id in tabs {
            self.part_with(id, Bye::Removed).await;
        }
    }

    /// A companion sits down: an entry like any other, but its author proved who they are elsewhere.
    pub(super) async fn sit_beside(&mut self, companion: Who, host: PersonId) -> Result<(), Refusal> {
        if self.room.is_closed() {
            return Err(Refusal::Closed);
        }
        if !self.tabs.values().any(|tab| tab.who.person == host) || self.room.removed.contains_key(&companion.person) {
            return Err(Refusal::NotHere);
        }
        if self.room.beside.get(&companion.person).is_some_and(|beside| beside.host == host) {
            return Ok(());
        }
        self.say_as(companion, Change::SatBeside { person: host }).await
    }

    /// Ends a webinar that nobody ended.
    pub(super) async fn close_overdue(&mut self) {
        if self.room.is_closed() {
            self.settle().await;
            return;
        }
        let Some(trainer) = self.webinar.trainers.first() else { return };
        let who = Who { person: trainer.id, name: trainer.name(), trainer: true };
        if self.say_as(who, Change::Closed).await.is_ok() {
            tracing::info!(webinar = %self.webinar.id, "A webinar that nobody ended was closed");
        }
    }

    pub(super) async fn say_as(&mut self, by: Who, change: Change) -> Result<(), Refusal> {
        let entry = Entry { seq: self.room.seq + 1, at: self.app.clock.now(), by, act: None, change };
        self.room.apply(&entry);
        let made = [entry];
        if !self.keep(&made).await {
            return Err(Refusal::NotKept);
        }
        self.tell(&made);
        self.follow(&made).await;
        Ok(())
    }

    /// Writes the facts of a closed webinar. What fails here is done again by the job.
    pub(super) async fn settle(&mut self) {
        self.checkpoint().await;
        if let Err(error) = super::super::settle::settle(&self.app, self.webinar.id).await {
            let error: Error = error;
            tracing::error!(webinar = %self.webinar.id, %error, "A webinar's facts could not be written; it will be tried again");
        }
    }
}

/// The same, as the media core names it.
pub(super) fn media_kind(kind: MediaKind) -> Kind {
    match kind {
        MediaKind::Camera => Kind::Camera,
        MediaKind::Microphone => Kind::Microphone,
        MediaKind::Screen => Kind::Screen,
        MediaKind::ScreenSound => Kind::ScreenSound,
    }
}
