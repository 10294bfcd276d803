//! One browser's connection: who it is, its keys, what it sends and what it is shown.

mod line;

use super::answer::Sources;
use super::codec::Codec;
use super::counts::Counts;
use super::dtls::{Fingerprint, Handshake, Identity};
use super::estimate::Estimate;
use super::evidence::{Proof, Pulse};
use super::hearing::Hearing;
use super::ice::Credentials;
use super::offer::{Direction, Medium, Offer, Section};
use super::outbox::{Format, Outbox};
use super::pace::Pace;
use super::probe::Probe;
use super::sender::Exit;
use super::source::Source;
use super::srtp::Keys;
use super::stage::{LAYERS, PeerId, Role, SEATS, Sharpness};
use super::thin::Thin;
use super::track::Want;
use super::transport::{Route, Transport};
use super::uplink::Uplink;
use super::view::View;
use rtc::rtcp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Nothing is forwarded to a browser that has not been heard for so long: it checks every few seconds.
const SILENT: Duration = Duration::from_secs(8);

/// Sound goes twice only where the line carries so many times as much.
const TWICE: f64 = 3.0;

/// What every connection works with.
#[derive(Debug)]
pub struct Tools {
    pub transport: Transport,
    pub identity: Identity,
    pub counts: Arc<Counts>,
    /// When the media clock began.
    pub began: Instant,
    /// Bits a second at which the estimate of a new line begins.
    pub first_rate: f64,
}

/// What a viewer is shown of one seat.
#[derive(Debug)]
pub struct Watch {
    pub turn: u64,
    /// No encoding has been allotted yet: the smallest one is shown.
    unallotted: bool,
    pub picture: View,
    pub sound: Hearing,
}

/// Keyframes that viewers want, by seat and encoding.
pub type Wants = [[Option<Want>; LAYERS]; SEATS];

/// One browser's connection.
#[derive(Debug)]
pub struct Connection {
    pub role: Role,
    pub ours: Credentials,
    pub theirs: Credentials,
    pub fingerprint: Fingerprint,
    pub handshake: Handshake,
    pub keys: Option<Box<Keys>>,
    pub remote: Option<Route>,
    pub heard: Instant,
    pub uplink: Uplink,
    pub pulse: Arc<Pulse>,
    pub format: Format,
    /// Sections it receives in, of pictures and of sound.
    receives: (usize, usize),
    pub watches: [Option<Box<Watch>>; SEATS],
    pub sharpness: [Sharpness; SEATS],
    allotted: [Option<usize>; SEATS],
    pub estimate: Estimate,
    pub thin: Thin,
    probe: Probe,
    /// Bits a second of all that it hears.
    sounds: f64,
    pub pace: Pace,
    /// When it last asked for a keyframe itself.
    pub pleaded: Option<Instant>,
    /// There is more than its line had room for.
    pub waits: bool,
    sent: u32,
}

impl Connection {
    pub fn new(tools: &Tools, role: Role, ours: Credentials, offer: &Offer, pulse: Arc<Pulse>, now: Instant) -> Self {
        Self {
            role,
            ours,
            theirs: Credentials { name: offer.name.clone(), password: offer.password.clone() },
            fingerprint: offer.fingerprint,
            handshake: Handshake::new(&tools.identity, offer.fingerprint),
            keys: None,
            remote: None,
            heard: now,
            uplink: Uplink::default(),
            pulse,
            format: Format::default(),
            receives: (0, 0),
            watches: [const { None }; SEATS],
            sharpness: [Sharpness::default(); SEATS],
            allotted: [None; SEATS],
            estimate: Estimate::new(tools.first_rate),
            thin: Thin::default(),
            probe: Probe::default(),
            sounds: 0.0,
            pace: Pace::default(),
            pleaded: None,
            waits: false,
            sent: 0,
        }
    }

    /// Learns what the browser wants to receive, and how.
    pub fn learn(&mut self, offer: &Offer) {
        let receiving = |medium: Medium| {
            offer.sections.iter().filter(move |section| {
                section.medium == medium && section.direction == Direction::Receives && section.is_understood()
            })
        };
        let before = self.format;
        let picture: Option<&Section> = receiving(Medium::Video).next();
        let sound = receiving(Medium::Audio).next();
        self.format = Format {
            pictures: picture.map(|section| section.pictures).unwrap_or_default(),
            sound: sound.and_then(|section| section.sound),
            redundant: sound.and_then(|section| section.redundant),
            sent_at: picture.and_then(|section| section.extensions.sent_at),
        };
        self.receives = (receiving(Medium::Video).count(), receiving(Medium::Audio).count());
        if self.format != before {
            // What was sent in another way is never sent again: it would be something else under the same number.
            for watch in self.watches.iter_mut().flatten() {
                watch.picture.stop();
                watch.sound.stop();
            }
        }
    }

    /// Whether it understands that codec; who receives no pictures misses none.
    pub fn sees(&self, codec: Codec) -> bool {
        self.format.pictures.is_empty() || self.format.pictures.get(codec).is_some()
    }

    /// The browser proved that it is there.
    pub fn note(&mut self, proof: Proof, tools: &Tools, now: Instant) {
        self.pulse.note(proof, now.saturating_duration_since(tools.began));
        if proof == Proof::Heard {
            self.heard = now;
        }
    }

    /// Sends handshake messages that wait.
    pub fn send_handshake(&mut self, tools: &Tools) {
        while let Some(datagram) = self.handshake.outgoing() {
            let datagram = datagram.as_ref();
            if let Some(remote) = self.remote {
                let _ = tools.transport.send(datagram, datagram.len(), remote);
            }
        }
    }

    /// Sends control packets. They are lost where they cannot be sent, as on any line.
    pub fn send_control(&mut self, packets: &[Box<dyn rtcp::Packet>], tools: &Tools) {
        let (Some(keys), Some(remote), Ok(clear)) = (&mut self.keys, self.remote, rtcp::packet::marshal(packets))
        else {
            return;
        };
        if packets.is_empty() {
            return;
        }
        if let Ok(sealed) = keys.seal_control(&clear) {
            let sealed = sealed.as_ref();
            let _ = tools.transport.send(sealed, sealed.len(), remote);
        }
    }

    /// Whether anything can be forwarded to it.
    pub fn is_up(&self, now: Instant) -> bool {
        self.keys.is_some() && self.remote.is_some() && now < self.heard + SILENT
    }

    /// Serves it from every seat but its own, sound first.
    pub fn serve(
        &mut self,
        me: PeerId,
        sources: &[Option<Source>; SEATS],
        outbox: &mut Outbox,
        tools: &Tools,
        wants: &mut Wants,
        now: Instant,
    ) {
        let Some(keys) = &mut self.keys else { return };
        self.pace.fill(self.estimate.rate(), now);
        self.pace.hold(self.remote.is_some_and(|remote| tools.transport.is_full(remote)));
        let frail = self.estimate.is_frail() && self.estimate.rate() > TWICE * self.sounds;
        let blank = self.thin.is_blank();
        let mut exit = Exit { keys, format: &self.format, outbox, pace: &mut self.pace, now };
        for (seat, (source, watch)) in sources.iter().zip(&mut self.watches).enumerate() {
            let Some(source) = source.as_ref().filter(|source| source.peer != me) else { continue };
            let watch = watch.get_or_insert_with(|| Box::new(Watch::new(seat, source.turn)));
            if watch.turn != source.turn {
                watch.turn = source.turn;
                watch.unallotted = true;
                watch.picture.stop();
                watch.sound.stop();
            }
            if let Some(sound) = source.sound.as_ref().filter(|_| seat < self.receives.1) {
                watch.sound.hear(sound, frail, &mut exit);
            }
        }
        self.waits = false;
        for (seat, (source, watch)) in sources.iter().zip(&mut self.watches).enumerate().take(self.receives.0) {
            let Some(source) = source.as_ref().filter(|source| source.peer != me) else { continue };
            let Some(watch) = watch else { continue };
            if blank {
                watch.picture.stop();
                continue;
            }
            // A new picture does not wait for the next allotment.
            let smallest = source.pictures.iter().position(Option::is_some);
            let smallest = smallest.filter(|_| watch.unallotted && self.sharpness[seat] != Sharpness::Off);
            let allotted = smallest.or(self.allotted[seat]);
            let pumped = watch.picture.see(source, allotted, &mut exit);
            self.waits |= pumped.waits;
            if let Some((layer, want)) = pumped.wants {
                wants[seat][layer] = wants[seat][layer].max(Some(want));
            }
        }
        self.flush(outbox, tools);
    }

    /// Hands what was written to the kernel.
    pub fn flush(&mut self, outbox: &mut Outbox, tools: &Tools) {
        let Some(remote) = self.remote else { return };
        tools.counts.forward(outbox.len());
        outbox.drain(tools.transport.socket.run_length(), |packets, size| {
            self.sent = self.sent.saturating_add(u32::try_from(packets.len()).unwrap_or_default());
            if tools.transport.send(packets, size, remote).is_err() {
                tools.counts.unsent(packets.len().div_ceil(size.max(1)));
            }
        });
    }
}

impl Watch {
    fn new(seat: usize, turn: u64) -> Self {
        let Sources { picture, repair, sound } = Sources::of(seat);
        Self { turn, unallotted: true, picture: View::new(picture, repair), sound: Hearing::new(sound) }
    }
}
