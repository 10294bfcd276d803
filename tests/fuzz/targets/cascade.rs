//! Any bytes as what comes from another node: messages of an origin, one after the other, which a relay takes or refuses whole; and
//! what nodes tell each other of viewers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::webinar::cascade::message::{Answer, Present, message, read, written};
use server::webinar::media::stage::SEATS;
use server::webinar::media::wire::{self, Record};
use server::webinar::media::{clock, seats_after};

fuzz_target!(|bytes: &[u8]| {
    // A message a line.
    assert!(seats_after(bytes.split(|byte| *byte == b'\n'), clock()) <= SEATS);
    if let Some(records) = wire::read(bytes) {
        let carried = records.iter().map(|record| match record {
            Record::Packet { payload, .. } => payload.len(),
            Record::Stage(seats) => seats.len(),
        });
        assert!(records.is_empty() || carried.sum::<usize>() < bytes.len(), "more than came");
    }
    if let Some(said) = message(bytes) {
        assert_eq!(message(&written(&said)), Some(said), "what was read is written alike");
    }
    let _ = (read::<Present>(bytes), read::<Answer>(bytes));
});
