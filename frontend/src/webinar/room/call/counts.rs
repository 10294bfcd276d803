//! What the browser counts, read.

use super::super::measure::Counted;
use js_sys::Reflect;

/// What the browser counts of a connection (W3C Identifiers for WebRTC's Statistics API), in what is told of it.
pub(crate) fn counted(stats: &js_sys::Map, at_ms: f64) -> Counted {
    let mut counted = Counted { at_ms, ..Counted::default() };
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
