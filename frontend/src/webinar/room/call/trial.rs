//! Whether sound and pictures have a way to the server: a connection to nobody, which carries nothing, or a tone.

use super::counts::counted;
use crate::browser::room::sound::Tone;
use crate::browser::{net, page};
use crate::json;
use crate::webinar::way::{Over, Way};
use js_sys::{Promise, Reflect};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RtcPeerConnection, RtcPeerConnectionState, RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
    RtcSessionDescriptionInit,
};

/// What a browser has to know to take part.
pub(crate) const NEEDED: [&str; 4] = ["RTCPeerConnection", "WebSocket", "MediaStream", "WebAssembly"];

/// A tone is sent for so many milliseconds before it is counted.
const SETTLING: u32 = 1_500;

/// Which ways are tried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ways {
    /// All of them: the browser chooses.
    Any,
    Udp,
    Only(Way),
}

impl Ways {
    fn hold(self, way: Way) -> bool {
        match self {
            Self::Any => true,
            Self::Udp => way.over == Over::Udp,
            Self::Only(only) => way == only,
        }
    }
}

/// A connection that stood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stood {
    /// Until it did.
    pub(crate) milliseconds: u32,
    /// Which way it took, where the browser tells.
    pub(crate) way: Option<Way>,
}

/// What happened to a tone on its way to the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Carried {
    pub(crate) sent: f64,
    pub(crate) lost: f64,
}

#[derive(Serialize, Deserialize)]
struct Description {
    sdp: String,
}

/// Connects to nobody, at that address of the server; nothing where no connection stands within that patience, in
/// milliseconds.
pub(crate) async fn connects(patience: u32, ways: Ways, address: &str) -> Option<Stood> {
    let connection = RtcPeerConnection::new().ok()?;
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Recvonly);
    connection.add_transceiver_with_str_and_init("audio", &init);
    let stood = match stands(&connection, patience, ways, address).await {
        Some(milliseconds) => {
            let stats = stats(&connection).await;
            Some(Stood { milliseconds, way: stats.and_then(|stats| counted(&stats, 0.0).way) })
        }
        None => None,
    };
    hang_up(&connection);
    stood
}

/// Sends a tone to nobody for so many milliseconds; nothing where no connection stands.
pub(crate) async fn carries(patience: u32, lasting: u32, ways: Ways, address: &str) -> Option<Carried> {
    let tone = Tone::new().ok()?;
    let connection = RtcPeerConnection::new().ok()?;
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Sendonly);
    connection.add_transceiver_with_media_stream_track_and_init(&tone.track()?, &init);
    let carried = match stands(&connection, patience, ways, address).await {
        Some(_) => {
            // What is lost while it begins says nothing of the line.
            page::sleep(SETTLING).await;
            let before = stats(&connection).await.map(|stats| carried(&stats));
            page::sleep(lasting).await;
            let after = stats(&connection).await.map(|stats| carried(&stats));
            let grown = |(before, after): (Carried, Carried)| Carried {
                sent: after.sent - before.sent,
                lost: (after.lost - before.lost).max(0.0),
            };
            before.zip(after).map(grown)
        }
        None => None,
    };
    hang_up(&connection);
    carried
}

fn hang_up(connection: &RtcPeerConnection) {
    connection.set_onconnectionstatechange(None);
    connection.close();
}

async fn stats(connection: &RtcPeerConnection) -> Option<js_sys::Map> {
    JsFuture::from(connection.get_stats()).await.ok().map(JsCast::unchecked_into)
}

/// What the browser counted of what it sent, and what the server reported of it.
fn carried(stats: &js_sys::Map) -> Carried {
    let mut carried = Carried { sent: 0.0, lost: 0.0 };
    stats.for_each(&mut |entry, _| {
        let number = |name: &str| Reflect::get(&entry, &name.into()).ok().and_then(|value| value.as_f64());
        match Reflect::get(&entry, &"type".into()).ok().and_then(|value| value.as_string()).as_deref() {
            Some("outbound-rtp") => carried.sent += number("packetsSent").unwrap_or(0.0),
            Some("remote-inbound-rtp") => {
                carried.lost += number("packetsLost").unwrap_or(0.0).max(0.0);
            }
            _ => {}
        }
    });
    carried
}

async fn stands(connection: &RtcPeerConnection, patience: u32, ways: Ways, address: &str) -> Option<u32> {
    let began = page::now_ms();
    let stands = Rc::new(Cell::new(false));
    let (watched, seen) = (connection.clone(), Rc::clone(&stands));
    let waiting = Promise::new(&mut |resolve, _| {
        let (watched, seen, done) = (watched.clone(), Rc::clone(&seen), resolve.clone());
        let changed = Closure::<dyn FnMut()>::new(move || match watched.connection_state() {
            RtcPeerConnectionState::Connected => {
                seen.set(true);
                let _ = done.call0(&done);
            }
            RtcPeerConnectionState::Failed => {
                let _ = done.call0(&done);
            }
            _ => {}
        });
        connection.set_onconnectionstatechange(Some(changed.into_js_value().unchecked_ref()));
        page::call_in(&resolve, patience);
    });
    let offer = JsFuture::from(connection.create_offer()).await.ok()?;
    JsFuture::from(connection.set_local_description(offer.unchecked_ref())).await.ok()?;
    let body = serde_json::to_string(&Description { sdp: connection.local_description()?.sdp() }).ok()?;
    let reply = net::post_json(address, &body).await.filter(|reply| reply.status == 200)?;
    let Description { sdp } = json::read(&reply.body)?;
    let said = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
    said.set_sdp(&Way::only(&sdp, |way| ways.hold(way)));
    JsFuture::from(connection.set_remote_description(&said)).await.ok()?;
    JsFuture::from(waiting).await.ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a patience of some seconds")]
    let took = (page::now_ms() - began).max(0.0) as u32;
    stands.get().then_some(took)
}
