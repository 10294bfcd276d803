//! Media: one `RTCPeerConnection` a tab, offered by the browser and answered by the server.
//!
//! Sections it receives in come first, eight of video and eight of audio: the n-th of each is seat n. Those it sends
//! in come after, and stay when they are no longer sent in. Nothing else in Socle names the browser's RTC.

mod counts;
mod link;
mod sending;
pub(crate) mod trial;

pub(crate) use counts::counted;
use link::Link;

use super::desk::Path;
use crate::browser::room::devices;
use domain::webinar::signal::{MediaKind, Sending};
use js_sys::Reflect;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStream, MediaStreamTrack, RtcOfferOptions, RtcPeerConnection, RtcPeerConnectionState, RtcSdpType,
    RtcSessionDescriptionInit,
};

/// What happens with media.
pub(crate) enum Event {
    Offer {
        turn: u32,
        sdp: String,
        sends: Vec<Sending>,
    },
    Path(Path),
    /// The server does not take these kinds; what it took before goes on.
    Declined {
        kinds: Vec<MediaKind>,
        why: String,
    },
    /// The browser, or the person through it, ended what was sent.
    Ended(MediaKind),
}

/// What this tab sends of one kind.
struct Sent {
    stream: MediaStream,
    track: MediaStreamTrack,
}

/// The connection.
pub(crate) struct Call {
    tell: Box<dyn Fn(Event)>,
    link: RefCell<Option<Link>>,
    sent: RefCell<BTreeMap<MediaKind, Sent>>,
    turn: Cell<u32>,
    /// The kinds of the last offer, and those of the last that was answered.
    offered: RefCell<BTreeSet<MediaKind>>,
    taken: RefCell<BTreeSet<MediaKind>>,
    /// An offer is made or on its way; another one is wanted after it; with new ICE credentials.
    busy: Cell<bool>,
    again: Cell<bool>,
    restart: Cell<bool>,
}

impl Call {
    pub(crate) fn new(tell: impl Fn(Event) + 'static) -> Rc<Self> {
        Rc::new(Self {
            tell: Box::new(tell),
            link: RefCell::default(),
            sent: RefCell::default(),
            turn: Cell::default(),
            offered: RefCell::default(),
            taken: RefCell::default(),
            busy: Cell::default(),
            again: Cell::default(),
            restart: Cell::default(),
        })
    }

    /// Makes media: on a new connection when `fresh`, else on the one there is, with new ICE credentials. Tells whether the
    /// connection is new.
    pub(crate) fn connect(self: &Rc<Self>, fresh: bool) -> bool {
        self.busy.set(false);
        self.again.set(false);
        let known = !fresh && self.link.borrow().is_some();
        if !known {
            self.restart.set(false);
            let link = Link::open(self);
            if link.is_none() {
                let why = "Ce navigateur ne sait pas recevoir le son et l’image en direct. Utilisez Firefox, Chrome, Edge ou Safari à jour.";
                (self.tell)(Event::Path(Path::Failed(why.to_owned())));
            }
            self.link.replace(link);
            self.taken.borrow_mut().clear();
            let kinds: Vec<MediaKind> = self.sent.borrow().keys().copied().collect();
            for kind in kinds {
                self.place(kind);
            }
        }
        self.negotiate(known);
        !known
    }

    /// Hangs up, and lets the devices go.
    pub(crate) fn close(&self) {
        self.link.replace(None);
        for (_, sent) in std::mem::take(&mut *self.sent.borrow_mut()) {
            sent.track.set_onended(None);
            devices::stop(&sent.stream);
        }
    }

    /// What comes from a seat: picture, then sound.
    pub(crate) fn seat(&self, seat: u8) -> Option<[MediaStream; 2]> {
        self.link.borrow().as_ref()?.seats.get(usize::from(seat)).cloned()
    }

    /// The server's answer to an offer.
    pub(crate) fn answered(self: &Rc<Self>, turn: u32, sdp: String) {
        if turn != self.turn.get() {
            return;
        }
        let Some(connection) = self.connection() else { return };
        self.taken.replace(self.offered.borrow().clone());
        let call = Rc::clone(self);
        spawn_local(async move {
            let answer = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
            answer.set_sdp(&sdp);
            if JsFuture::from(connection.set_remote_description(&answer)).await.is_err() {
                let why = "Le son et l’image n’ont pas pu être mis en place. Rechargez la page\u{a0}; si cela continue, vérifiez votre matériel.";
                (call.tell)(Event::Path(Path::Failed(why.to_owned())));
            }
            if turn == call.turn.get() {
                call.next();
            }
        });
    }

    /// The server has no media for an offer.
    pub(crate) fn refused(self: &Rc<Self>, turn: u32, why: String) {
        if turn != self.turn.get() {
            return;
        }
        self.again.set(false);
        self.busy.set(false);
        let flows =
            self.connection().is_some_and(|known| known.connection_state() == RtcPeerConnectionState::Connected);
        let kinds: Vec<_> = self.offered.borrow().difference(&self.taken.borrow()).copied().collect();
        (self.tell)(if flows && !kinds.is_empty() {
            Event::Declined { kinds, why }
        } else {
            Event::Path(Path::Failed(why))
        });
    }

    /// Offers the same once more: the server may agree to another codec.
    pub(crate) fn offer_anew(self: &Rc<Self>) {
        self.negotiate(false);
    }

    /// What the browser counts, as it counts it.
    pub(crate) async fn stats(self: Rc<Self>) -> Option<js_sys::Map> {
        let connection = self.connection()?;
        JsFuture::from(connection.get_stats()).await.ok().map(JsCast::unchecked_into)
    }

    /// Keeps what comes for so many milliseconds before it is played (WebRTC Extensions, `jitterBufferTarget`; a browser
    /// that does not know it decides alone), picture and sound alike, so that they stay together.
    pub(crate) fn keep(&self, milliseconds: Option<u32>) {
        let target = milliseconds.map_or(JsValue::NULL, JsValue::from);
        for receiver in self.connection().iter().flat_map(RtcPeerConnection::get_receivers) {
            let _ = Reflect::set(&receiver, &"jitterBufferTarget".into(), &target);
        }
    }

    fn connection(&self) -> Option<RtcPeerConnection> {
        self.link.borrow().as_ref().map(|link| link.connection.clone())
    }

    fn negotiate(self: &Rc<Self>, restart: bool) {
        self.restart.set(self.restart.get() || restart);
        if self.link.borrow().is_none() {
            return;
        }
        if self.busy.replace(true) {
            self.again.set(true);
            return;
        }
        let call = Rc::clone(self);
        spawn_local(async move {
            let turn = call.turn.get() + 1;
            call.turn.set(turn);
            match call.offer().await {
                // Overtaken by a new connection: that one offers for itself.
                _ if call.turn.get() != turn => {}
                Some((sdp, sends)) => {
                    call.offered.replace(sends.iter().map(|sending| sending.kind).collect());
                    (call.tell)(Event::Offer { turn, sdp, sends });
                }
                None => call.next(),
            }
        });
    }

    async fn offer(&self) -> Option<(String, Vec<Sending>)> {
        let connection = self.connection()?;
        let options = RtcOfferOptions::new();
        options.set_ice_restart(self.restart.replace(false));
        let offer = JsFuture::from(connection.create_offer_with_rtc_offer_options(&options)).await.ok()?;
        JsFuture::from(connection.set_local_description(offer.unchecked_ref())).await.ok()?;
        // The server knows where this browser is by its first packet: no candidate is waited for.
        let sdp = connection.local_description()?.sdp();
        let (link, sent) = (self.link.borrow(), self.sent.borrow());
        let senders = link.as_ref()?.senders.iter().filter(|(kind, _)| sent.contains_key(kind));
        let sends = senders.filter_map(|(kind, transceiver)| Some(Sending { mid: transceiver.mid()?, kind: *kind }));
        Some((sdp, sends.collect()))
    }

    fn next(self: &Rc<Self>) {
        self.busy.set(false);
        if self.again.replace(false) {
            self.negotiate(false);
        }
    }

    fn state_changed(self: &Rc<Self>) {
        let Some(connection) = self.connection() else { return };
        match connection.connection_state() {
            RtcPeerConnectionState::Connected => (self.tell)(Event::Path(Path::Connected)),
            RtcPeerConnectionState::Failed => {
                // The server gives up a connection as soon as browsers do: nothing is left to restart.
                let why = "Le son et l’image ne passent plus. La discussion, les questions et les sondages continuent.";
                (self.tell)(Event::Path(Path::Failed(why.to_owned())));
            }
            RtcPeerConnectionState::Disconnected | RtcPeerConnectionState::Connecting => {
                (self.tell)(Event::Path(Path::Connecting));
            }
            _ => {}
        }
    }

    /// Seeks every way anew; media goes on over the one it has until a better one is found.
    pub(crate) fn restart(self: &Rc<Self>) {
        self.negotiate(true);
    }

    /// Media has been interrupted for a while: another way is sought before the browser gives up.
    pub(crate) fn revive(self: &Rc<Self>) {
        let stalled = self
            .connection()
            .is_some_and(|connection| connection.connection_state() == RtcPeerConnectionState::Disconnected);
        if stalled {
            self.negotiate(true);
        }
    }
}
