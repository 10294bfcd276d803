//! What comes from one browser: handshakes, media, control. Nothing here trusts what it reads.

use super::answer::Sources;
use super::connection::{Connection, Tools};
use super::counts::Refusal;
use super::dtls::Step;
use super::evidence::Proof;
use super::outbox::Outbox;
use super::picture::Descriptor;
use super::redundancy::blocks;
use super::ring::Arrival;
use super::sender::Exit;
use super::source::Source;
use super::stage::SEATS;
use super::track::{SenderClock, Want};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::payload_feedbacks::receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::reception_report::ReceptionReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{NackPair, TransportLayerNack};
use rtc::shared::marshal::{MarshalSize as _, Unmarshal as _};
use rtc::{rtcp, rtp};
use std::time::{Duration, Instant};

/// Most packets that one request may ask for again.
const REPAIRS: usize = 100;
/// A viewer's own wish for a keyframe is urgent once in so long.
const PLEADS: Duration = Duration::from_secs(3);

/// What a datagram led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    Nothing,
    Connected,
    Closed,
    /// There is something to forward; it begins or ends nothing.
    Media {
        began: bool,
    },
}

impl Connection {
    /// Takes a datagram from the browser's address.
    pub fn take(
        &mut self,
        datagram: &[u8],
        sources: &mut [Option<Source>; SEATS],
        outbox: &mut Outbox,
        tools: &Tools,
        now: Instant,
    ) -> Received {
        // RFC 7983 tells protocols apart by the first byte, RFC 5761 control from media by the second.
        let refuse = |reason| {
            tools.counts.refuse(reason);
            Received::Nothing
        };
        match datagram {
            [20..=63, ..] => self.take_handshake(datagram, tools, now).unwrap_or_else(|| refuse(Refusal::Handshake)),
            [128..=191, 192..=223, ..] => match self.take_control(datagram, sources, outbox, tools, now) {
                Some(()) => Received::Nothing,
                None => refuse(Refusal::Control),
            },
            [128..=191, ..] => match self.take_media(datagram, sources, tools, now) {
                Some(began) => Received::Media { began },
                None => refuse(Refusal::Media),
            },
            _ => refuse(Refusal::Stranger),
        }
    }

    fn take_handshake(&mut self, datagram: &[u8], tools: &Tools, now: Instant) -> Option<Received> {
        let step = self.handshake.read(datagram, now);
        self.send_handshake(tools);
        match step.ok()? {
            Step::Waiting => Some(Received::Nothing),
            Step::Closed => Some(Received::Closed),
            Step::Done(keys) => {
                self.keys = Some(keys);
                self.note(Proof::Heard, tools, now);
                Some(Received::Connected)
            }
        }
    }

    /// Gives whether a track began with it; nothing where it is refused.
    fn take_media(
        &mut self,
        datagram: &[u8],
        sources: &mut [Option<Source>; SEATS],
        tools: &Tools,
        now: Instant,
    ) -> Option<bool> {
        if self.uplink.lines.is_empty() {
            return None;
        }
        let header = rtp::Header::unmarshal(&mut &*datagram).ok()?;
        let clear = self.keys.as_mut()?.open(datagram, &header).ok()?;
        let clear = clear.as_ref();
        self.note(Proof::Heard, tools, now);
        if let Some(sequence) = self.uplink.transport_sequence(&header) {
            self.uplink.arrivals.note(sequence, now.saturating_duration_since(tools.began));
        }
        let stream = self.uplink.stream(&header)?;
        let mut payload = clear.get(header.marshal_size()..)?;
        if header.padding {
            let padding = usize::from(*payload.last()?);
            payload = payload.get(..payload.len().checked_sub(padding)?)?;
        }
        let line = self.uplink.lines.get(stream.line)?;
        let mut sequence = header.sequence_number;
        let mut ssrc = header.ssrc;
        if stream.repair {
            // Padding that probes the line has no packet in it.
            let Some((repeated, rest)) = payload.split_first_chunk::<2>() else { return Some(false) };
            (sequence, payload) = (u16::from_be_bytes(*repeated), rest);
            ssrc = sources.get(line.seat.number())?.as_ref()?.pictures.get(stream.layer)?.as_ref()?.ssrc;
        }
        if payload.is_empty() || line.muted {
            return Some(false);
        }
        let codec = line.codec;
        let picture = match codec {
            Some(codec) => Some(Descriptor::read(codec, payload)?),
            None => None,
        };
        let redundant = line.redundant == Some(header.payload_type);
        let blocks = if redundant { blocks(payload, line.payload_type)? } else { vec![(0, payload)] };
        let level = self.uplink.level(&header);
        let source = sources.get_mut(line.seat.number())?.as_mut()?;
        let began =
            if picture.is_some() { source.pictures.iter().all(Option::is_none) } else { source.sound.is_none() };
        let track = source.track(codec, stream.layer, ssrc, now)?;
        // Older sound is that of the packets before, which may be missing; what is there already is refused.
        let newest = sequence.wrapping_add(1);
        let first = newest.wrapping_sub(u16::try_from(blocks.len()).ok()?);
        for (place, (age, payload)) in (0..).zip(blocks) {
            let (sequence, timestamp) = (first.wrapping_add(place), header.timestamp.wrapping_sub(age));
            let marker = header.marker && age == 0;
            if payload.is_empty() {
                continue;
            }
            // The level is that of the newest sound.
            let level = level.filter(|_| age == 0);
            track.take(&Arrival { sequence, timestamp, marker, picture, level, payload }, now);
        }
        self.note(Proof::Sent, tools, now);
        tools.counts.take();
        Some(began)
    }

    fn take_control(
        &mut self,
        datagram: &[u8],
        sources: &mut [Option<Source>; SEATS],
        outbox: &mut Outbox,
        tools: &Tools,
        now: Instant,
    ) -> Option<()> {
        let clear = self.keys.as_mut()?.open_control(datagram).ok()?;
        self.note(Proof::Heard, tools, now);
        for packet in rtcp::packet::unmarshal(&mut clear.as_ref()).ok()? {
            let packet = packet.as_any();
            if let Some(report) = packet.downcast_ref::<ReceiverReport>() {
                self.take_reports(&report.reports, tools, now);
            } else if let Some(report) = packet.downcast_ref::<SenderReport>() {
                self.take_clock(report, sources, now);
                self.take_reports(&report.reports, tools, now);
            } else if let Some(estimate) = packet.downcast_ref::<ReceiverEstimatedMaximumBitrate>() {
                self.estimate.told(f64::from(estimate.bitrate));
            } else if let Some(nack) = packet.downcast_ref::<TransportLayerNack>() {
                self.take_nack(nack, sources, outbox, tools, now);
            } else if let Some(loss) = packet.downcast_ref::<PictureLossIndication>() {
                self.take_plea(loss.media_ssrc, sources, now);
            } else if let Some(request) = packet.downcast_ref::<FullIntraRequest>() {
                for entry in request.fir.iter().take(SEATS) {
                    self.take_plea(entry.ssrc, sources, now);
                }
            }
        }
        Some(())
    }

    fn take_reports(&mut self, reports: &[ReceptionReport], tools: &Tools, now: Instant) {
        for report in reports {
            let Some((seat, is_picture)) = Sources::seat(report.ssrc) else { continue };
            let Some(watch) = self.watches.get_mut(seat).and_then(Option::as_mut) else { continue };
            let sender = if is_picture { &mut watch.picture.sender } else { &mut watch.sound.sender };
            let progress = sender.reported(report, now);
            self.estimate.reported(&progress);
            if progress.more {
                self.note(Proof::Received, tools, now);
            }
        }
    }

    fn take_clock(&self, report: &SenderReport, sources: &mut [Option<Source>; SEATS], now: Instant) {
        let line = self.uplink.of_source(report.ssrc).and_then(|stream| self.uplink.lines.get(stream.line));
        let source = line.and_then(|line| sources.get_mut(line.seat.number())?.as_mut());
        let track = source.and_then(|source| source.tracks().find(|track| track.ssrc == report.ssrc));
        if let Some(track) = track {
            track.sender = Some(SenderClock { ntp: report.ntp_time, timestamp: report.rtp_time, at: now });
        }
    }

    fn take_nack(
        &mut self,
        nack: &TransportLayerNack,
        sources: &[Option<Source>; SEATS],
        outbox: &mut Outbox,
        tools: &Tools,
        now: Instant,
    ) {
        let Some((seat, true)) = Sources::seat(nack.media_ssrc) else { return };
        let (Some(Some(watch)), Some(Some(source))) = (self.watches.get_mut(seat), sources.get(seat)) else { return };
        let track = watch.picture.layer().and_then(|layer| source.pictures.get(layer)?.as_ref());
        let (Some(track), Some(keys)) = (track, &mut self.keys) else { return };
        if watch.turn != source.turn {
            return;
        }
        let mut exit = Exit { keys, format: &self.format, outbox, pace: &mut self.pace, now };
        for sequence in nack.nacks.iter().flat_map(NackPair::packet_list).take(REPAIRS) {
            if watch.picture.repair(sequence, track, &mut exit) {
                tools.counts.repair();
            }
        }
        self.flush(outbox, tools);
    }

    fn take_plea(&mut self, ssrc: u32, sources: &mut [Option<Source>; SEATS], now: Instant) {
        let Some((seat, true)) = Sources::seat(ssrc) else { return };
        let layer = self.watches.get(seat).and_then(|watch| watch.as_ref()?.picture.layer());
        let source = sources.get_mut(seat).and_then(Option::as_mut);
        let track = source.zip(layer).and_then(|(source, layer)| source.pictures.get_mut(layer)?.as_mut());
        if let Some(track) = track {
            let often = self.pleaded.is_some_and(|at| now < at + PLEADS);
            track.want_keyframe(if often { Want::Patient } else { Want::Urgent });
            self.pleaded = Some(now);
        }
    }
}
