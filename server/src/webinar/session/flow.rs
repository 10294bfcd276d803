//! Media: offers, answers, who sits where.

use super::acts::media_kind;
use super::afar::{Answered, Certificate, Way, Why, answer};
use super::tab::json;
use super::{Command, Session, peer};
use crate::app::App;
use crate::webinar::media::stage::SEATS;
use crate::webinar::media::{self, Event, Kind, Offer, Refused, Role, RoomId, Seated, Sharpness};
use domain::webinar::signal::{self, FromBrowser, FromServer, MediaKind, Pictures, Seat, Sending, TabId};

impl Session {
    /// What a browser says of its media.
    pub(super) async fn heard(&mut self, tab: TabId, said: FromBrowser) {
        match said {
            FromBrowser::Offer { turn, sdp, sends } => self.offered(tab, turn, sdp, sends).await,
            FromBrowser::Show { seats } => {
                if let Some(known) = self.tabs.get_mut(&tab) {
                    known.shown = seats;
                }
                self.show(tab).await;
            }
            FromBrowser::Choose { pictures } => {
                if let Some(known) = self.tabs.get_mut(&tab) {
                    known.pictures = pictures;
                    known.thin &= pictures == Pictures::Auto;
                    if let Some(direct) = &known.direct {
                        direct.chosen.send_replace(chosen(pictures));
                    }
                }
                self.show(tab).await;
                self.tend_stills();
            }
            FromBrowser::Hello { .. } | FromBrowser::Act { .. } | FromBrowser::Here => {}
        }
    }

    /// Has the media core answer an offer; the room goes on meanwhile.
    async fn offered(&mut self, id: TabId, turn: u32, sdp: String, sends: Vec<Sending>) {
        let Some(tab) = self.tabs.get_mut(&id) else { return };
        let role = if tab.who.trainer {
            Role::Trainer
        } else if self.room.has_floor(tab.who.person) {
            Role::Speaker
        } else {
            Role::Viewer
        };
        tab.sends = sends.iter().map(|sending| sending.kind).collect();
        (tab.turn, tab.anew) = (turn, false);
        let sends: Vec<_> = sends.into_iter().map(|sending| (sending.mid, media_kind(sending.kind))).collect();
        // What is no offer is refused where it is answered.
        let read = Offer::read(&sdp).ok().filter(|_| self.app.rooms.cascade().is_on());
        let certificate = read.as_ref().map(|offer| offer.fingerprint);
        let way = read.as_ref().map_or(Way::Here, |offer| self.way(id, role, offer, &sends));
        let join = match &way {
            Way::Here => None,
            Way::Node(_) => self.join(id, &sdp).await,
            Way::Anew | Way::Refused(_) => {
                let Some(tab) = self.tabs.get_mut(&id) else { return };
                return match way {
                    Way::Refused(why) => tab.say(json(&FromServer::NoMedia { turn, why: said(why).to_owned() })),
                    _ => tab.connect_anew(),
                };
            }
        };
        let (room, own, app) = (self.media_room(), self.own.clone(), self.app.clone());
        tokio::spawn(async move {
            let elsewhere = match read {
                Some(offer) => answer(&app, way, join, Box::new(offer)).await,
                None => None,
            };
            let answered = match elsewhere {
                Some(answered) => answered,
                None => Answered { answer: here(&app, room, id, role, &sdp, sends).await, afar: None },
            };
            if let Some(own) = own.upgrade() {
                // A room that is gone has nobody to answer.
                let _ = own.send(Command::Answered { tab: id, turn, certificate, answered }).await;
            }
        });
    }

    /// Gives the answer to the browser. What was muted before the offer still is after it.
    pub(super) async fn answered(
        &mut self,
        id: TabId,
        turn: u32,
        certificate: Option<Certificate>,
        answered: Answered,
    ) {
        if self.tabs.get(&id).is_some_and(|tab| tab.turn != turn) && answered.afar.is_some() {
            // It has offered something else since: that is answered too.
            return;
        }
        self.placed(id, &answered, certificate).await;
        let Some(tab) = self.tabs.get_mut(&id) else { return };
        let (person, trainer) = (tab.who.person, tab.who.trainer);
        match answered.answer {
            Ok(sdp) => tab.say(json(&FromServer::Answer { turn, sdp })),
            Err(Why::Said(why) | Why::Full(why)) => tab.say(json(&FromServer::NoMedia { turn, why })),
            Err(Why::Gone) => tab.connect_anew(),
        }
        if self.show_afar(id).await {
            return;
        }
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        // The floor may have been taken back while the offer was being answered.
        let silent = !trainer && !self.room.has_floor(person);
        for kind in [MediaKind::Camera, MediaKind::Microphone, MediaKind::Screen, MediaKind::ScreenSound] {
            let muted = silent || self.room.muted.contains(&(person, kind));
            media.mute(self.media_room(), peer(id), media_kind(kind), muted);
        }
        // What was said before there was a connection.
        self.show(id).await;
    }

    /// Tells media what a tab wants to be shown, and how sharp.
    async fn show(&self, id: TabId) {
        if self.show_afar(id).await {
            return;
        }
        let Ok(media) = self.app.rooms.media(&self.app).await else { return };
        let Some(tab) = self.tabs.get(&id) else { return };
        media.choose(self.media_room(), peer(id), chosen(tab.pictures));
        let wanted = tab.shown.iter().take(SEATS).filter_map(|shown| {
            let seat = media::Seat::new(usize::from(shown.seat))?;
            Some((seat, sharpness(shown.sharpness)))
        });
        media.show(self.media_room(), peer(id), wanted.collect());
    }

    /// Something happened in media.
    pub(super) fn happened(&mut self, event: Event) {
        match event {
            Event::Connected { .. } | Event::Gone { .. } | Event::Wanted { .. } => {}
            Event::Stage { seats, .. } => self.seat(&seats),
        }
    }

    /// Tells everybody who sits where, if that has changed; and whose picture not everybody understands to offer it
    /// anew.
    pub(super) fn seat(&mut self, seated: &[Seated]) {
        for seated in seated.iter().filter(|seated| seated.unseen) {
            if let Some(tab) = self.tabs.get_mut(&TabId(seated.peer.0)) {
                tab.say(json(&FromServer::OfferAnew));
            }
        }
        let seats: Vec<Seat> = seated
            .iter()
            .filter_map(|seated| {
                let tab = TabId(seated.peer.0);
                let person = self.tabs.get(&tab)?.who.person;
                let seat = u8::try_from(seated.seat.number()).ok()?;
                Some(Seat { seat, person, tab, picture: seated.picture, sound: seated.sound })
            })
            .collect();
        if seats != self.seats {
            self.say_to_all(&FromServer::Stage { seats: seats.clone() });
            self.seats = seats;
            self.tend_stills();
        }
    }
}

/// Has this node answer an offer.
async fn here(
    app: &App,
    room: RoomId,
    id: TabId,
    role: Role,
    sdp: &str,
    sends: Vec<(String, Kind)>,
) -> Result<String, Why> {
    match app.rooms.media(app).await {
        Ok(media) => media.join(room, peer(id), role, sdp, sends).await.map_err(|why| match why {
            Refused::RoomFull if app.rooms.cascade().is_on() => Why::Full(
                "Il n’y a pas assez de serveurs pour l’instant\u{a0}: le son et l’image reviendront dès qu’il y en aura."
                    .into(),
            ),
            why => Why::Said(said(why).to_owned()),
        }),
        Err(error) => {
            tracing::error!(%error, "Media cannot be served");
            Err(Why::Said(
                "Le serveur ne peut pas transmettre l’image et le son en ce moment. Réessayez plus tard.".into(),
            ))
        }
    }
}

pub(super) fn chosen(pictures: Pictures) -> media::Pictures {
    match pictures {
        Pictures::Auto => media::Pictures::Auto,
        Pictures::Stills => media::Pictures::Stills,
        Pictures::None => media::Pictures::None,
    }
}

pub(super) fn sharpness(wanted: signal::Sharpness) -> Sharpness {
    match wanted {
        signal::Sharpness::Off => Sharpness::Off,
        signal::Sharpness::Low => Sharpness::Low,
        signal::Sharpness::Middle => Sharpness::Middle,
        signal::Sharpness::Full => Sharpness::Full,
    }
}

/// Why there is no media, in words for whoever offered.
pub(super) fn said(why: Refused) -> &'static str {
    match why {
        Refused::Offer(_) => "Ce navigateur ne propose pas une connexion que le serveur comprenne. Mettez-le à jour.",
        Refused::NotAllowed(Kind::Screen | Kind::ScreenSound) => {
            "Seules les personnes qui animent partagent leur écran."
        }
        Refused::NotAllowed(_) => "Vous n’avez pas la parole. Levez la main pour la demander.",
        Refused::StageFull => "La scène est pleine, ou quelqu’un partage déjà son écran.",
        Refused::RoomFull => "La salle est pleine.",
        Refused::Stopped => "Le serveur s’arrête. La page se reconnectera toute seule.",
    }
}
