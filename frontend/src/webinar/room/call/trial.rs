//! Whether sound and pictures have a way to the server: a connection that carries nothing.

use crate::browser::page;
use js_sys::Promise;
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

/// Milliseconds until the connection stood; nothing where it does not within that patience.
pub(crate) async fn connects(patience: u32, answer: impl AsyncFnOnce(String) -> Option<String>) -> Option<u32> {
    let connection = RtcPeerConnection::new().ok()?;
    let took = tried(&connection, patience, answer).await;
    connection.set_onconnectionstatechange(None);
    connection.close();
    took
}

async fn tried(
    connection: &RtcPeerConnection,
    patience: u32,
    answer: impl AsyncFnOnce(String) -> Option<String>,
) -> Option<u32> {
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Recvonly);
    connection.add_transceiver_with_str_and_init("audio", &init);
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
    let sdp = answer(connection.local_description()?.sdp()).await?;
    let said = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
    said.set_sdp(&sdp);
    JsFuture::from(connection.set_remote_description(&said)).await.ok()?;
    JsFuture::from(waiting).await.ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a patience of some seconds")]
    let took = (page::now_ms() - began).max(0.0) as u32;
    stands.get().then_some(took)
}
