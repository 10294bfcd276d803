//! One connection and its sections.

use super::super::stage::SEATS;
use super::Call;
use domain::webinar::signal::MediaKind;
use js_sys::Array;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcBundlePolicy, RtcConfiguration, RtcPeerConnection, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
};

/// A connection, with what comes over it. Dropping it ends it.
pub(super) struct Link {
    pub(super) connection: RtcPeerConnection,
    /// Seat by seat: picture, then sound.
    pub(super) seats: Vec<[MediaStream; 2]>,
    pub(super) senders: BTreeMap<MediaKind, RtcRtpTransceiver>,
    _state: Closure<dyn FnMut()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.connection.set_onconnectionstatechange(None);
        self.connection.close();
    }
}

impl Link {
    /// A new one, that receives every seat.
    pub(super) fn open(call: &Rc<Call>) -> Option<Self> {
        let configuration = RtcConfiguration::new();
        configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
        let connection = RtcPeerConnection::new_with_configuration(&configuration).ok()?;
        let receive = |kind: &str| {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Recvonly);
            connection.add_transceiver_with_str_and_init(kind, &init).receiver().track()
        };
        let pictures: Vec<MediaStreamTrack> = (0..SEATS).map(|_| receive("video")).collect();
        let sounds: Vec<MediaStreamTrack> = (0..SEATS).map(|_| receive("audio")).collect();
        let stream = |track: &MediaStreamTrack| MediaStream::new_with_tracks(&Array::of1(track)).ok();
        let seats = pictures.iter().zip(&sounds);
        let seats = seats.filter_map(|(picture, sound)| Some([stream(picture)?, stream(sound)?])).collect();
        let call = Rc::downgrade(call);
        let state = Closure::<dyn FnMut()>::new(move || {
            if let Some(call) = call.upgrade() {
                call.state_changed();
            }
        });
        connection.set_onconnectionstatechange(Some(state.as_ref().unchecked_ref()));
        Some(Self { connection, seats, senders: BTreeMap::new(), _state: state })
    }
}
