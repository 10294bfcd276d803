//! Telling a publishing browser when each of its packets came (transport-wide congestion control), which is what
//! its own estimate of its line, and so the sharpness it sends, rests on.

use rtc::rtcp::transport_feedbacks::transport_layer_cc::{
    PacketStatusChunk, RecvDelta, StatusChunkTypeTcc, StatusVectorChunk, SymbolSizeTypeTcc, SymbolTypeTcc,
    TransportLayerCc,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// Most packets one report tells about.
const MOST: usize = 400;
/// Symbols in a chunk.
const CHUNK: usize = 7;

/// What came since the last report.
#[derive(Debug, Default)]
pub struct Arrivals {
    /// By extended transport sequence number: when it came, in quarters of a millisecond.
    came: BTreeMap<i64, i64>,
    newest: Option<i64>,
    /// The first number that the next report tells about.
    next: Option<i64>,
    reports: u8,
}

impl Arrivals {
    /// A packet came; `at` counts from any fixed instant.
    pub fn note(&mut self, sequence: u16, at: Duration) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low 16 bits")]
        let extend = |newest: i64| newest + i64::from(sequence.wrapping_sub(newest as u16).cast_signed());
        let number = self.newest.map_or(i64::from(sequence) + 0x1_0000, extend);
        self.newest = Some(self.newest.map_or(number, |newest| newest.max(number)));
        if self.came.len() < MOST {
            self.came.insert(number, i64::try_from(at.as_micros() / 250).unwrap_or_default());
        }
    }

    /// The next report, where anything came since the last.
    pub fn report(&mut self, media_ssrc: u32) -> Option<TransportLayerCc> {
        let (&oldest, &first) = self.came.first_key_value()?;
        let (&last, _) = self.came.last_key_value()?;
        // A packet that comes late is told about after all; a gap too wide to tell about is passed over.
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let base = self.next.map_or(oldest, |next| next.min(oldest)).max(last - most);
        let came = std::mem::take(&mut self.came);
        self.next = Some(last + 1);
        // The reference counts 64 ms.
        let reference = first.div_euclid(256);
        let mut before = reference * 256;
        let (mut symbols, mut deltas) = (Vec::new(), Vec::new());
        for number in base..=last {
            let Some(at) = came.get(&number) else {
                symbols.push(SymbolTypeTcc::PacketNotReceived);
                continue;
            };
            let delta = (at - before).clamp(i64::from(i16::MIN), i64::from(i16::MAX));
            before += delta;
            let small = (0..=255).contains(&delta);
            let symbol =
                if small { SymbolTypeTcc::PacketReceivedSmallDelta } else { SymbolTypeTcc::PacketReceivedLargeDelta };
            symbols.push(symbol);
            deltas.push(RecvDelta { type_tcc_packet: symbol, delta: delta * 250 });
        }
        self.reports = self.reports.wrapping_add(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "fields of 16 and 24 bits turn")]
        let report = TransportLayerCc {
            sender_ssrc: 1,
            media_ssrc,
            base_sequence_number: base as u16,
            packet_status_count: symbols.len() as u16,
            reference_time: (reference & 0xff_ffff) as u32,
            fb_pkt_count: self.reports.wrapping_sub(1),
            packet_chunks: symbols.chunks(CHUNK).map(chunk).collect(),
            recv_deltas: deltas,
        };
        Some(report)
    }
}

fn chunk(symbols: &[SymbolTypeTcc]) -> PacketStatusChunk {
    let mut list = symbols.to_vec();
    list.resize(CHUNK, SymbolTypeTcc::PacketNotReceived);
    PacketStatusChunk::StatusVectorChunk(StatusVectorChunk {
        type_tcc: StatusChunkTypeTcc::StatusVectorChunk,
        symbol_size: SymbolSizeTypeTcc::TwoBit,
        symbol_list: list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::shared::marshal::{Marshal as _, Unmarshal as _};

    #[test]
    fn a_report_tells_what_came_and_what_did_not() {
        let mut arrivals = Arrivals::default();
        for (sequence, millis) in [(65_534, 100), (65_535, 101), (1, 200), (2, 199)] {
            arrivals.note(sequence, Duration::from_millis(millis));
        }
        let report = arrivals.report(9).expect("something came");
        assert_eq!((report.base_sequence_number, report.packet_status_count), (65_534, 5));
        let deltas: Vec<i64> = report.recv_deltas.iter().map(|delta| delta.delta / 1000).collect();
        assert_eq!(deltas, [36, 1, 99, -1]);
        let read = TransportLayerCc::unmarshal(&mut report.marshal().expect("bytes")).expect("well-formed");
        assert_eq!(read.recv_deltas, report.recv_deltas);
        assert!(arrivals.report(9).is_none());
        arrivals.note(3, Duration::from_millis(210));
        assert_eq!(arrivals.report(9).expect("one more").base_sequence_number, 3);
    }

    #[test]
    fn a_leap_of_numbers_makes_no_endless_report() {
        let mut arrivals = Arrivals::default();
        arrivals.note(0, Duration::ZERO);
        arrivals.note(30_000, Duration::from_secs(1));
        assert!(usize::from(arrivals.report(9).expect("two").packet_status_count) <= MOST + 1);
    }
}
