//! Any text as a browser's offer: read or refused, and what is read is within bounds and safe to write into an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::webinar::media::Offer;

fuzz_target!(|sdp: &str| {
    let Ok(offer) = Offer::read(sdp) else { return };
    assert!(offer.sections.len() <= 48, "{} sections", offer.sections.len());
    for section in &offer.sections {
        assert!(section.mid.len() <= 32, "a mid of {} bytes", section.mid.len());
        assert!(!section.mid.contains(char::is_whitespace), "a mid that would begin another line: {:?}", section.mid);
    }
});
