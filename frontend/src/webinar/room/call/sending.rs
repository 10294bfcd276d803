//! What this tab sends: each kind in a section of its own.

use super::{Call, Event, Sent};
use crate::browser::room::devices;
use domain::webinar::signal::MediaKind;
use js_sys::{Array, JSON, Reflect};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit};

/// Three sizes of one camera (simulcast), the smallest first: the server gives each viewer the one their line carries.
const CAMERA: &str = r#"[
    {"rid":"q","scaleResolutionDownBy":4,"maxBitrate":150000},
    {"rid":"h","scaleResolutionDownBy":2,"maxBitrate":450000},
    {"rid":"f","scaleResolutionDownBy":1,"maxBitrate":1200000}
]"#;
/// A page is read: whole, and seldom. One layer: what VP9 could put on top of it nobody chooses from.
const SCREEN: &str = r#"[{"maxBitrate":2500000,"maxFramerate":15,"scalabilityMode":"L1T1"}]"#;
/// A voice is whole in this, and leaves something of a line of 64 kbit/s for stills.
const MICROPHONE: &str = r#"[{"maxBitrate":24000}]"#;
const SCREEN_SOUND: &str = r#"[{"maxBitrate":96000}]"#;

impl Call {
    /// Sends a track from now on.
    pub(crate) fn send(self: &Rc<Self>, kind: MediaKind, stream: &MediaStream) {
        let picture = matches!(kind, MediaKind::Camera | MediaKind::Screen);
        let Some(track) = devices::first(stream, picture) else { return };
        let call = Rc::downgrade(self);
        let ended = Closure::once_into_js(move || {
            if let Some(call) = call.upgrade() {
                (call.tell)(Event::Ended(kind));
            }
        });
        track.set_onended(Some(ended.unchecked_ref()));
        let former = self.sent.borrow_mut().insert(kind, Sent { stream: stream.clone(), track });
        if let Some(former) = former {
            former.track.set_onended(None);
            former.track.stop();
        }
        self.place(kind);
        self.negotiate(false);
    }

    /// Sends that no longer, and lets the device go.
    pub(crate) fn stop(self: &Rc<Self>, kind: MediaKind) {
        let Some(sent) = self.sent.borrow_mut().remove(&kind) else { return };
        sent.track.set_onended(None);
        sent.track.stop();
        if let Some(transceiver) = self.link.borrow().as_ref().and_then(|link| link.senders.get(&kind)) {
            let _ = transceiver.sender().replace_track(None);
            transceiver.set_direction(RtcRtpTransceiverDirection::Inactive);
        }
        self.negotiate(false);
    }

    pub(crate) fn sends(&self, kind: MediaKind) -> bool {
        self.sent.borrow().contains_key(&kind)
    }

    /// Sends silence, or sound again: at once, without a word to the server.
    pub(crate) fn hush(&self, kind: MediaKind, hushed: bool) {
        if let Some(sent) = self.sent.borrow().get(&kind) {
            sent.track.set_enabled(!hushed);
        }
    }

    /// What this tab sends of that kind, to show it here.
    pub(crate) fn own(&self, kind: MediaKind) -> Option<MediaStream> {
        self.sent.borrow().get(&kind).map(|sent| sent.stream.clone())
    }

    /// Puts a track in a section of its own: the one it had before, if it had one.
    pub(super) fn place(&self, kind: MediaKind) {
        let (mut link, sent) = (self.link.borrow_mut(), self.sent.borrow());
        let (Some(link), Some(sent)) = (link.as_mut(), sent.get(&kind)) else { return };
        if let Some(transceiver) = link.senders.get(&kind) {
            let _ = transceiver.sender().replace_track(Some(&sent.track));
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendonly);
            return;
        }
        let encodings = match kind {
            MediaKind::Camera => CAMERA,
            MediaKind::Microphone => MICROPHONE,
            MediaKind::Screen => SCREEN,
            MediaKind::ScreenSound => SCREEN_SOUND,
        };
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Sendonly);
        init.set_streams(&Array::of1(&sent.stream));
        init.set_send_encodings(&JSON::parse(encodings).unwrap_or_default());
        let transceiver = link.connection.add_transceiver_with_media_stream_track_and_init(&sent.track, &init);
        if kind == MediaKind::Screen {
            favour_resolution(&transceiver);
        }
        link.senders.insert(kind, transceiver);
    }
}

/// When the line is short, a shared page is shown less often rather than blurred.
fn favour_resolution(transceiver: &RtcRtpTransceiver) {
    let sender = transceiver.sender();
    let parameters = sender.get_parameters();
    let set = Reflect::set(&parameters, &JsValue::from("degradationPreference"), &JsValue::from("maintain-resolution"));
    if set.is_ok() {
        // A browser that does not know the word keeps to its own.
        let _ = sender.set_parameters_with_parameters(&parameters);
    }
}
