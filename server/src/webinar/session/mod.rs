//! One task a room: everything that happens in it passes here, one thing after the other.
//!
//! Acts are decided by the rules ([`domain::webinar::Room`]), kept in one commit for all that came together, and only
//! then acknowledged and told. Nothing here waits for a browser: a line that cannot take what it is told is given up.

mod acts;
mod afar;
mod enter;
mod flow;
mod recorded;
pub mod stills;
pub mod tab;
mod tick;

use super::cascade::{Seen, Stage};
use super::lease::Lease;
use super::media::{Event, PeerId, RoomId};
use super::presence::{self, Interval};
use super::{log, recording, store};
use crate::app::App;
use crate::document;
use crate::error::{Error, Result};
use axum::body::Bytes;
use domain::ids::{PersonId, WebinarId};
use domain::quiz;
use domain::webinar::kit::Kit;
use domain::webinar::signal::{Bye, FromBrowser, FromServer, Present, Seat, TabId};
use domain::webinar::{Entry, Refusal, Room, Who};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tab::{Line, Link, Tab, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// What is dealt with in one commit, at most.
const TOGETHER: usize = 256;
/// A room where nobody has been for so many seconds is closed, and opened again by whoever comes.
const EMPTY: u32 = 30;

/// What a room is told.
#[derive(Debug)]
pub enum Command {
    /// Somebody comes in, or comes back. The tab that the line belongs to is told.
    Enter {
        who: Who,
        place: String,
        login: String,
        tab: Option<TabId>,
        line: Line,
        told: oneshot::Sender<TabId>,
    },
    /// A line is lost.
    Lost {
        tab: TabId,
        line: u64,
    },
    Said {
        tab: TabId,
        line: u64,
        said: FromBrowser,
    },
    /// What was said is not of the protocol.
    Misspoke {
        tab: TabId,
        line: u64,
    },
    /// Somebody who has just proved who they are sits down beside that person.
    SitBeside {
        companion: Who,
        host: PersonId,
        done: oneshot::Sender<Result<(), Refusal>>,
    },
    /// A tab of that person asks for picture and sound over HTTPS; it is told nothing where there is no such tab.
    Direct {
        tab: TabId,
        person: PersonId,
        told: oneshot::Sender<Link>,
    },
    /// What came of an offer.
    Answered {
        tab: TabId,
        turn: u32,
        certificate: Option<afar::Certificate>,
        answered: afar::Answered,
    },
    /// Another node tells of those that it serves for this room, and did so then.
    Seen(Seen, Instant),
    Media(Event),
    /// The room is recorded from now on.
    Recorded,
    /// The recording stopped by itself, and why.
    NotRecorded {
        why: String,
    },
    /// Somebody is about to send a still of the screen that they share.
    MayDraw {
        person: PersonId,
        answer: oneshot::Sender<Result<usize, stills::Refused>>,
    },
    /// It is a good one, made light: its number is told.
    Draw {
        person: PersonId,
        image: Bytes,
        rung: usize,
        answer: oneshot::Sender<Result<u64, stills::Refused>>,
    },
    /// Somebody asks for a still, for that tab of theirs.
    Still {
        person: PersonId,
        tab: TabId,
        number: u64,
        answer: oneshot::Sender<Option<Bytes>>,
    },
    /// Somebody asks how many people are in.
    Count {
        answer: oneshot::Sender<u64>,
    },
    /// The hour is long past and nobody ended it.
    Overdue,
    /// The server stops: what is proved goes to disk, everybody is told to come back.
    Stop {
        done: oneshot::Sender<()>,
    },
}

/// An open room.
#[derive(Debug)]
struct Session {
    app: App,
    webinar: store::Webinar,
    /// That the room is this node's, where several serve.
    lease: Option<Lease>,
    /// The questions prepared for the live quiz, and their title.
    prepared: Option<quiz::Quiz>,
    room: Room,
    tabs: BTreeMap<TabId, Tab>,
    /// Who has been in: a locked door lets them back.
    been: BTreeSet<PersonId>,
    /// Who everybody was last told to be here.
    told: BTreeMap<PersonId, Present>,
    seats: Vec<Seat>,
    stills: stills::Stills,
    /// That what is on stage goes to other nodes, and for how many seconds nobody has watched it there.
    stage: Option<Stage>,
    unwatched: u32,
    /// What is proved and not yet on disk, of tabs that are gone.
    ended: Vec<Interval>,
    /// Tells the room itself what comes later.
    own: mpsc::WeakSender<Command>,
    ticks: u32,
    empty: u32,
}

/// Opens the room of a webinar, as its log left it; it closes when nobody is left in it.
///
/// # Errors
/// [`Error::NotFound`] where there is no such webinar; [`Error::Elsewhere`] where another node has its room; when the
/// database fails.
pub async fn open(app: &App, id: WebinarId, mail: mpsc::Receiver<Command>, own: &mpsc::Sender<Command>) -> Result<()> {
    store::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    // What it begins from is read once nobody else adds to it.
    let lease = app.rooms.lease(id).await?;
    let opened = opened(app, id, lease.clone(), own).await;
    match opened {
        Ok(session) => drop(tokio::spawn(session.run(mail))),
        Err(error) => {
            if let Some(lease) = &lease {
                app.rooms.release(lease).await;
            }
            return Err(error);
        }
    }
    Ok(())
}

async fn opened(app: &App, id: WebinarId, lease: Option<Lease>, own: &mpsc::Sender<Command>) -> Result<Session> {
    let db = app.db.reader();
    let webinar = store::webinar(db, id).await?.ok_or(Error::NotFound)?;
    let prepared = match &webinar.kit {
        Some(slug) => document::newest::<Kit>(db, slug).await?,
        None => None,
    };
    let prepared = prepared.and_then(|version| version.document.quiz);
    let room = Room::of(&log::load(db, id).await?);
    Ok(Session {
        app: app.clone(),
        webinar,
        lease,
        prepared,
        room,
        tabs: BTreeMap::new(),
        been: presence::been(db, id).await?,
        told: BTreeMap::new(),
        seats: Vec::new(),
        stills: stills::Stills::default(),
        stage: None,
        unwatched: 0,
        ended: Vec::new(),
        own: own.downgrade(),
        ticks: 0,
        empty: 0,
    })
}

impl Session {
    async fn run(mut self, mut mail: mpsc::Receiver<Command>) {
        let lease = self.lease.clone();
        let lost = tokio::select! {
            biased;
            () = over(lease.clone()) => true,
            () = self.stay(&mut mail) => false,
        };
        if lost {
            drop(mail);
            return self.leave_to_another().await;
        }
        self.checkpoint().await;
        if self.webinar.recorded {
            recording::stop(&self.app, self.webinar.id).await;
        }
        if let Some(lease) = &lease {
            self.app.rooms.release(lease).await;
        }
    }

    /// Deals with what happens, until nobody is left.
    async fn stay(&mut self, mail: &mut mpsc::Receiver<Command>) {
        self.record().await;
        let mut ticks = interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut together = Vec::with_capacity(TOGETHER);
        loop {
            tokio::select! {
                biased;
                _ = ticks.tick() => {
                    self.tick().await;
                    self.empty = if self.tabs.is_empty() { self.empty + 1 } else { 0 };
                    if self.empty > EMPTY {
                        // What was sent between the last look and now is dealt with before the door closes.
                        mail.close();
                    }
                }
                came = mail.recv_many(&mut together, TOGETHER) => {
                    if came == 0 {
                        break;
                    }
                    self.deal_with(&mut together).await;
                }
            }
        }
    }

    /// The room is another node's now, or will be: nothing more is written here but what is proved of presence, and the
    /// browsers are told to come back, which leads them there.
    async fn leave_to_another(mut self) {
        let webinar = self.webinar.id;
        tracing::error!(%webinar, "The lease of a room is over: the room is left to another node");
        metrics::counter!("socle_rooms_left_total").increment(1);
        recording::leave(&self.app, webinar).await;
        self.stage = None;
        let media = self.app.rooms.media(&self.app).await;
        for (id, tab) in &mut self.tabs {
            tab.bye(Bye::Stopping);
            if let Ok(media) = &media {
                media.leave(RoomId(webinar.0), peer(*id));
            }
        }
        if let Some(lease) = self.lease.take() {
            self.app.rooms.release(&lease).await;
        }
        self.checkpoint().await;
    }

    /// Deals with what came together: runs of acts share a commit.
    async fn deal_with(&mut self, together: &mut Vec<Command>) {
        let mut acts = Vec::new();
        for command in together.drain(..) {
            match command {
                Command::Said { tab, line, said } if self.speaks(tab, line) => match said {
                    FromBrowser::Act { id, act } => acts.push((tab, id, act)),
                    FromBrowser::Here => {}
                    said => {
                        self.act(std::mem::take(&mut acts)).await;
                        self.heard(tab, said).await;
                    }
                },
                Command::Said { .. } => {}
                Command::Media(event) => self.happened(event),
                command => {
                    self.act(std::mem::take(&mut acts)).await;
                    self.obey(command).await;
                }
            }
        }
        self.act(acts).await;
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Enter { who, place, login, tab, line, told } => {
                self.enter(Tab::new(who, place, login, line, self.app.clock.now()), tab, told);
            }
            Command::Lost { tab, line } => {
                let now = self.app.clock.now();
                if let Some(tab) = self.on_line(tab, line) {
                    (tab.line, tab.lost) = (None, Some(now));
                }
            }
            Command::Misspoke { tab, line } => self.misspoke(tab, line),
            Command::SitBeside { companion, host, done } => {
                let _ = done.send(self.sit_beside(companion, host).await);
            }
            Command::Direct { tab, person, told } => {
                if let Some(link) = self.direct(tab, person) {
                    let _ = told.send(link);
                }
            }
            Command::Answered { tab, turn, certificate, answered } => {
                self.answered(tab, turn, certificate, answered).await;
            }
            Command::Seen(seen, at) => self.seen(&seen, at).await,
            Command::Recorded => self.say_recorded().await,
            Command::NotRecorded { why } => self.say_not_recorded(why).await,
            Command::MayDraw { person, answer } => {
                let _ = answer.send(self.may_draw(person));
            }
            Command::Draw { person, image, rung, answer } => {
                let _ = answer.send(self.draw(person, image, rung));
            }
            Command::Still { person, tab, number, answer } => {
                let _ = answer.send(self.still(person, tab, number));
            }
            Command::Count { answer } => {
                let before =
                    |tab: &Tab| [tab.who.person].into_iter().chain(tab.watches.keys().copied()).collect::<Vec<_>>();
                let people: BTreeSet<PersonId> = self.tabs.values().flat_map(before).collect();
                let _ = answer.send(people.len() as u64);
            }
            Command::Overdue => self.close_overdue().await,
            Command::Stop { done } => {
                self.checkpoint().await;
                recording::stop(&self.app, self.webinar.id).await;
                self.stage = None;
                self.tabs.values_mut().for_each(|tab| tab.bye(Bye::Stopping));
                let _ = done.send(());
            }
            Command::Said { .. } | Command::Media(_) => {}
        }
    }

    /// The tab, if that is its line of now.
    fn on_line(&mut self, tab: TabId, line: u64) -> Option<&mut Tab> {
        self.tabs.get_mut(&tab).filter(|tab| tab.line.as_ref().is_some_and(|known| known.number == line))
    }

    /// Whether that tab, on that line, may say one more thing; notes that it was heard.
    fn speaks(&mut self, tab: TabId, line: u64) -> bool {
        let now = self.app.clock.now();
        let Some(known) = self.on_line(tab, line) else { return false };
        known.heard = now;
        if known.may_speak(now) {
            return true;
        }
        self.misspoke(tab, line);
        false
    }

    /// Too much, or nothing that can be understood: forgiven some times, since browsers have bad days.
    fn misspoke(&mut self, id: TabId, line: u64) {
        const FORGIVEN: u32 = 20;
        metrics::counter!("socle_room_messages_refused_total").increment(1);
        let (webinar, now) = (self.webinar.id, self.app.clock.now());
        let Some(tab) = self.on_line(id, line) else { return };
        tab.misspoken += 1;
        if tab.misspoken == 1 {
            tracing::warn!(%webinar, "A browser says what is not of the protocol, or too much of it");
        }
        if tab.misspoken > FORGIVEN {
            tab.bye(Bye::Misspoken);
            tab.lost = Some(now);
        }
    }

    /// Tells entries that are on disk: to each, what is theirs to know.
    fn tell(&mut self, entries: &[Entry]) {
        let Some(seq) = entries.last().map(|entry| entry.seq) else { return };
        let told = |person: PersonId, trainer: bool| {
            let entries = entries.iter().filter_map(|entry| entry.told_to(person, trainer)).collect();
            json(&FromServer::Told { seq, entries })
        };
        // Most entries are the same for everybody of a role: written once.
        let shared = entries.iter().all(Entry::is_for_all);
        let mut roles = HashMap::new();
        for tab in self.tabs.values_mut().filter(|tab| tab.line.is_some()) {
            let Who { person, trainer, .. } = tab.who;
            let text = if shared {
                roles.entry(trainer).or_insert_with(|| told(person, trainer)).clone()
            } else {
                told(person, trainer)
            };
            tab.say(text);
        }
    }

    /// Says the same to everybody.
    fn say_to_all(&mut self, said: &FromServer) {
        let text = json(said);
        self.tabs.values_mut().for_each(|tab| tab.say(text.clone()));
    }

    /// Everybody who has a tab here or sits before somebody's, once each.
    fn people(&self) -> BTreeMap<PersonId, Present> {
        let beside = |tab: &Tab| {
            let companions = self.room.companions(tab.who.person);
            let place = tab.place.clone();
            let present = move |(person, name): (PersonId, &str)| Present {
                person,
                name: name.to_owned(),
                place: place.clone(),
                trainer: false,
            };
            companions.map(present).collect::<Vec<_>>()
        };
        let mut people: BTreeMap<_, _> =
            self.tabs.values().flat_map(beside).map(|present| (present.person, present)).collect();
        people.extend(self.tabs.values().map(|tab| (tab.who.person, tab.present())));
        people
    }

    fn media_room(&self) -> RoomId {
        RoomId(self.webinar.id.0)
    }
}

/// Returns once the lease is over; never where there is none.
async fn over(lease: Option<Lease>) {
    match lease {
        Some(lease) => lease.over().await,
        None => std::future::pending().await,
    }
}

fn peer(tab: TabId) -> PeerId {
    PeerId(tab.0)
}
