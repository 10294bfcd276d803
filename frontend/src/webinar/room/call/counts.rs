//! What the browser counts, read.

use super::super::measure::Counted;
use crate::webinar::way::{Over, Way};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What the browser counts of a connection (W3C Identifiers for WebRTC's Statistics API), in what is told of it.
pub(crate) fn counted(stats: &js_sys::Map, at_ms: f64) -> Counted {
    let mut counted = Counted { at_ms, way: way(stats), ..Counted::default() };
    stats.for_each(&mut |entry, _| {
        let number = |name: &str| Reflect::get(&entry, &name.into()).ok().and_then(|value| value.as_f64());
        let text = |name: &str| Reflect::get(&entry, &name.into()).ok().and_then(|value| value.as_string());
        match text("type").as_deref() {
            Some("inbound-rtp") => {
                counted.received_bytes += number("bytesReceived").unwrap_or(0.0);
                counted.packets += number("packetsReceived").unwrap_or(0.0);
                counted.lost += number("packetsLost").unwrap_or(0.0).max(0.0);
                counted.lost += number("retransmittedPacketsReceived").unwrap_or(0.0);
                counted.frames += number("framesDecoded").unwrap_or(0.0);
                counted.energy += number("totalAudioEnergy").unwrap_or(0.0);
                let (width, height) = (number("frameWidth").unwrap_or(0.0), number("frameHeight").unwrap_or(0.0));
                if width * height > counted.width * counted.height {
                    (counted.width, counted.height) = (width, height);
                }
            }
            Some("outbound-rtp") => counted.sent_bytes += number("bytesSent").unwrap_or(0.0),
            Some("candidate-pair") if text("state").as_deref() == Some("succeeded") => {
                counted.round_trip = number("currentRoundTripTime").or(counted.round_trip);
            }
            _ => {}
        }
    });
    counted
}

/// The way that the browser chose: that of the server's end of the pair that is in use. Firefox marks the pair itself.
fn way(stats: &js_sys::Map) -> Option<Way> {
    let of = |entry: &JsValue, name: &str| Reflect::get(entry, &name.into()).unwrap_or_default();
    let mut pair = None;
    stats.for_each(&mut |entry, id| match of(&entry, "type").as_string().as_deref() {
        Some("transport") => pair = of(&entry, "selectedCandidatePairId").as_string().or_else(|| pair.take()),
        Some("candidate-pair") if of(&entry, "selected").is_truthy() => pair = id.as_string(),
        _ => {}
    });
    let remote = stats.get(&of(&stats.get(&pair?.into()), "remoteCandidateId"));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a port, clamped")]
    let port = of(&remote, "port").as_f64()?.clamp(0.0, 65_535.0) as u16;
    let tcp = of(&remote, "protocol").as_string()? == "tcp";
    Some(Way { over: if tcp { Over::Tcp } else { Over::Udp }, port })
}
