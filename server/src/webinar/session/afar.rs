//! Where each viewer's picture and sound come from: this node, or another that serves them for it.

use super::flow::{chosen, said, sharpness};
use super::tab::Tab;
use super::{Session, peer};
use crate::app::App;
use crate::webinar::cascade::{Answer, Join, Message, Seen, Shown};
use crate::webinar::media::stage::SEATS;
use crate::webinar::media::{self, BadOffer, Kind, Offer, Refused, Role};
use domain::webinar::signal::TabId;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// A viewer that a node does not name any more, so long after it was sent there, has gone by itself.
const SETTLED: Duration = Duration::from_secs(5);
/// The stage is sent on for so many seconds after its last viewer elsewhere.
const IDLE: u32 = 10;

/// What a browser's connection is known by: the hash of its certificate, which is as new as the connection.
pub type Certificate = [u8; 32];

/// Where a tab's picture and sound come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Served {
    /// From nowhere yet.
    #[default]
    None,
    Here(Certificate),
    /// Another node is being asked.
    Asked(Certificate),
    Afar(Afar),
    /// From nowhere: there was no room for it anywhere, and it is told when there may be some.
    Full,
    /// From nowhere any more: what that connection led to is gone, and nothing else answers for it.
    Lost(Certificate),
}

/// That they come from another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Afar {
    node: String,
    certificate: Certificate,
    since: Instant,
}

/// Who is to answer an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Here,
    /// The node that answered the connection's first offer, or whichever has the fewest viewers.
    Node(Option<String>),
    /// Nobody: only a new connection can have what this one offers.
    Anew,
    Refused(Refused),
}

/// What came of an offer.
#[derive(Debug)]
pub struct Answered {
    pub answer: Result<String, Why>,
    /// The node that answered, where it is not this one; and the offer.
    pub afar: Option<(String, Box<Offer>)>,
}

/// Why there is no media.
#[derive(Debug)]
pub enum Why {
    /// In words for whoever offered.
    Said(String),
    /// There is no room for it anywhere.
    Full(String),
    /// The node that served it does not answer.
    Gone,
}

impl Tab {
    fn afar(&self) -> Option<&Afar> {
        match &self.served {
            Served::Afar(afar) => Some(afar),
            _ => None,
        }
    }
}

impl Session {
    /// Who is to answer that offer. Whoever only watches may be sent elsewhere, and a connection stays where it is.
    pub(super) fn way(&mut self, id: TabId, role: Role, offer: &Offer, sends: &[(String, Kind)]) -> Way {
        let Some(tab) = self.tabs.get(&id) else { return Way::Here };
        let watches = role == Role::Viewer && sends.is_empty();
        let way = match &tab.served {
            Served::Here(known) if *known == offer.fingerprint => Way::Here,
            Served::Afar(afar) if afar.certificate == offer.fingerprint => match sends.first() {
                Some((_, kind)) if role == Role::Viewer => Way::Refused(Refused::NotAllowed(*kind)),
                _ if watches && self.app.rooms.cascade().lives(&afar.node) => Way::Node(Some(afar.node.clone())),
                _ => Way::Anew,
            },
            Served::Lost(known) if *known == offer.fingerprint => Way::Anew,
            _ if watches && self.app.rooms.cascade().takes_over(self.served_here(id)) => Way::Node(None),
            _ => Way::Here,
        };
        let asked = match (&way, &tab.served) {
            (Way::Node(None), Served::None | Served::Full | Served::Asked(_) | Served::Lost(_)) => {
                Some(Served::Asked(offer.fingerprint))
            }
            (Way::Here, Served::None | Served::Full | Served::Lost(_)) => Some(Served::Here(offer.fingerprint)),
            _ => None,
        };
        if let Some((tab, place)) = self.tabs.get_mut(&id).zip(asked) {
            tab.served = place;
        }
        way
    }

    /// How many of the others this node serves itself.
    fn served_here(&self, but: TabId) -> usize {
        self.tabs.iter().filter(|(id, tab)| **id != but && matches!(tab.served, Served::Here(_))).count()
    }

    /// An offer for another node, with what its tab wants to be shown. The stage is sent on from then on.
    pub(super) async fn join(&mut self, id: TabId, sdp: &str) -> Option<Join> {
        let cascade = self.app.rooms.cascade().clone();
        if self.stage.is_none() {
            let media = self.app.rooms.media(&self.app).await.ok()?;
            self.stage = cascade.send_on(media, self.media_room());
        }
        let (stage, shown) = (self.stage.as_ref()?.id, self.shown(id)?);
        let (room, origin) = (self.webinar.id.0, cascade.me()?.to_owned());
        self.unwatched = 0;
        Some(Join { stage, room, origin, peer: id.0, sdp: sdp.to_owned(), shown })
    }

    fn shown(&self, id: TabId) -> Option<Shown> {
        let tab = self.tabs.get(&id)?;
        let wanted = tab.shown.iter().take(SEATS).filter_map(|shown| {
            let seat = media::Seat::new(usize::from(shown.seat))?;
            Some((seat, sharpness(shown.sharpness)))
        });
        Some(Shown::new(chosen(tab.pictures), &wanted.collect::<Vec<_>>()))
    }

    /// Notes who answered a tab's offer: whoever served it before does so no more.
    pub(super) async fn placed(&mut self, id: TabId, answered: &Answered, certificate: Option<Certificate>) {
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        let (room, now) = (self.media_room(), Instant::now());
        let Some(tab) = self.tabs.get_mut(&id) else {
            if let Some((node, _)) = &answered.afar {
                self.leave_node(id, node).await;
            }
            return;
        };
        if let Err(why) = &answered.answer {
            match (why, &tab.served) {
                (Why::Full(_), Served::Asked(_) | Served::Here(_) | Served::None) => tab.served = Served::Full,
                (_, Served::Asked(_)) => tab.served = Served::None,
                (Why::Gone, Served::Afar(afar)) => {
                    tab.served = Served::Lost(afar.certificate);
                    media.not_afar(room, peer(id));
                }
                // What it had before goes on.
                _ => {}
            }
            return;
        }
        let before = std::mem::take(&mut tab.served);
        tab.served = match &answered.afar {
            Some((node, offer)) => {
                media.afar(room, peer(id), offer);
                Served::Afar(Afar { node: node.clone(), certificate: offer.fingerprint, since: now })
            }
            None => certificate.map_or(Served::None, Served::Here),
        };
        let moved = tab.afar().map(|afar| &afar.node);
        match &before {
            Served::Here(_) if moved.is_some() => media.leave(room, peer(id)),
            Served::Afar(afar) if moved != Some(&afar.node) => {
                if moved.is_none() {
                    media.not_afar(room, peer(id));
                }
                self.leave_node(id, &afar.node).await;
            }
            _ => {}
        }
    }

    async fn leave_node(&self, id: TabId, node: &str) {
        if let Some(stage) = &self.stage {
            self.app.rooms.cascade().tell(node, &Message::Leave { stage: stage.id, peer: id.0 }).await;
        }
    }

    /// The media of a tab that goes.
    pub(super) async fn hang_up(&self, id: TabId, tab: &Tab) {
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        media.leave(self.media_room(), peer(id));
        if let Some(afar) = tab.afar() {
            media.not_afar(self.media_room(), peer(id));
            self.leave_node(id, &afar.node).await;
        }
    }

    /// Tells the node that serves a tab what it wants to be shown; nothing where this one does.
    pub(super) async fn show_afar(&self, id: TabId) -> bool {
        let Some(afar) = self.tabs.get(&id).and_then(Tab::afar) else { return false };
        if let (Some(stage), Some(shown)) = (&self.stage, self.shown(id)) {
            let said = Message::Show { stage: stage.id, peer: id.0, shown };
            self.app.rooms.cascade().tell(&afar.node, &said).await;
        }
        true
    }

    /// A node tells what is proved of those that it serves for this room. It is believed of nobody else.
    pub(super) async fn seen(&mut self, seen: &Seen, at: Instant) {
        if self.stage.as_ref().is_none_or(|stage| stage.id != seen.stage) {
            return;
        }
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        let (room, now) = (self.media_room(), Instant::now());
        let proved: BTreeMap<_, _> = seen.peers.iter().map(|pulse| pulse.read(now - at)).collect();
        for (id, tab) in &mut self.tabs {
            let Served::Afar(afar) = &mut tab.served else { continue };
            if afar.node != seen.node {
                continue;
            }
            if let Some(evidence) = proved.get(&peer(*id)) {
                media.vouch(room, peer(*id), *evidence);
            } else if at > afar.since + SETTLED {
                tab.served = Served::Lost(afar.certificate);
                media.not_afar(room, peer(*id));
            }
        }
        for peer in proved.into_keys() {
            let tab = TabId(peer.0);
            let place = self.tabs.get(&tab).map(|tab| &tab.served);
            let stays = match place {
                Some(Served::Afar(afar)) => afar.node == seen.node,
                Some(Served::Asked(_)) => true,
                Some(Served::Here(_) | Served::None | Served::Full | Served::Lost(_)) | None => false,
            };
            if !stays {
                self.leave_node(tab, &seen.node).await;
            }
        }
    }

    /// Has those connect anew whose node is gone, and those who found no room where there may be some now. A second has
    /// passed.
    pub(super) async fn tend_afar(&mut self) {
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        let (room, now) = (self.media_room(), Instant::now());
        let cascade = self.app.rooms.cascade();
        let (mut watched, room_elsewhere) = (false, cascade.takes_over(usize::MAX));
        let stage = self.stage.as_ref().map(|stage| stage.id);
        let serves = |afar: &Afar| {
            let begins = now < afar.since + SETTLED;
            cascade.lives(&afar.node) && (begins || stage.is_some_and(|stage| cascade.tells(stage, &afar.node)))
        };
        for (id, tab) in &mut self.tabs {
            let anew = match &tab.served {
                Served::Afar(afar) if !serves(afar) => Some(Served::Lost(afar.certificate)),
                Served::Full if room_elsewhere => Some(Served::None),
                _ => None,
            };
            if let Some(served) = anew {
                metrics::counter!("socle_viewers_moved_total").increment(1);
                tab.served = served;
                media.not_afar(room, peer(*id));
                tab.connect_anew();
            }
            watched |= matches!(tab.served, Served::Afar(_) | Served::Asked(_));
        }
        self.unwatched = if watched { 0 } else { self.unwatched + 1 };
        if self.unwatched > IDLE {
            self.stage = None;
        }
    }
}

/// Has whoever is to do so answer an offer; where no other node does, this one.
pub(super) async fn answer(app: &App, way: Way, join: Option<Join>, offer: Box<Offer>) -> Option<Answered> {
    let Way::Node(only) = way else { return None };
    let answered = |answer, afar| Some(Answered { answer, afar });
    let came = match &join {
        Some(join) => app.rooms.cascade().join(only.as_deref(), join).await,
        None => None,
    };
    match came {
        Some((node, Answer::Answered { sdp })) => answered(Ok(sdp), Some((node, offer))),
        Some((_, Answer::Refused)) => {
            answered(Err(Why::Said(said(Refused::Offer(BadOffer::NoCredentials)).to_owned())), None)
        }
        _ if only.is_some() => answered(Err(Why::Gone), None),
        _ => None,
    }
}
