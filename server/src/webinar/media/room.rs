//! One room: who is connected, who sits where, and the forwarding between them.

use super::cascade::Cascade;
use super::codec::{Codec, Codecs};
use super::connection::{Connection, Tools, Wants};
use super::evidence::{Evidence, Pulse};
use super::ice::Credentials;
use super::offer::{BadOffer, Offer};
use super::outbox::Outbox;
use super::source::Source;
use super::stage::{Kind, LAYERS, PeerId, Role, SEATS, Seat, Seated};
use super::tap::Tap;
use super::track::{Track, Want};
use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A browser that has not been heard for so long is gone.
const GONE: Duration = Duration::from_secs(20);
/// Ticks in a second.
pub const TICKS: u64 = 10;

/// Why nobody is let in or heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{0}")]
    Offer(#[from] BadOffer),
    #[error("{0:?} may not be sent with this role")]
    NotAllowed(Kind),
    #[error("every seat on the stage is taken")]
    StageFull,
    #[error("the room is full")]
    RoomFull,
    #[error("media has stopped")]
    Stopped,
}

/// Why a peer is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It was told to leave.
    Left,
    /// Its browser said goodbye.
    Closed,
    /// Nothing was heard of it for twenty seconds.
    Silent,
    /// It sent what cannot be dealt with.
    Faulty,
}

/// Somebody's wish to be in the room, or to send and receive something else.
#[derive(Debug)]
pub struct Entry {
    pub peer: PeerId,
    pub role: Role,
    pub offer: Offer,
    pub sends: Vec<(String, Kind)>,
    /// For a new connection, or one that restarts.
    pub credentials: Credentials,
}

/// What the answer is made of.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub credentials: Credentials,
    /// The sections that the browser may send in, and in what pictures are to be sent.
    pub taken: Vec<(String, Option<Codec>)>,
}

/// One room.
#[derive(Debug)]
pub struct Room {
    pub connections: BTreeMap<PeerId, Connection>,
    pub sources: [Option<Source>; SEATS],
    pub turns: u64,
    /// Something came that has not been forwarded.
    pub fresh: bool,
    /// Somebody's line has room for less than there is.
    pub waits: bool,
    /// Pictures are to be sent in what a file holds.
    pub recorded: bool,
    /// What sends the stage on to other nodes, where viewers of this room are there.
    pub cascade: Option<Cascade>,
    /// Keyframes that are to be asked of the room's origin, which is another node.
    pub wanted: Vec<Wanted>,
}

/// A keyframe that is wanted of something that comes from another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub seat: usize,
    pub layer: usize,
    /// Of its source, at the origin.
    pub turn: u64,
    pub urgent: bool,
}

impl Room {
    pub fn new() -> Self {
        Self {
            connections: BTreeMap::new(),
            sources: [const { None }; SEATS],
            turns: 0,
            fresh: false,
            waits: false,
            recorded: false,
            cascade: None,
            wanted: Vec::new(),
        }
    }

    /// Lets somebody in, or takes up what they offer next. Saying the same twice changes nothing.
    ///
    /// # Errors
    /// Where the role does not allow what is to be sent, or no seat is free for it; then nothing has changed.
    pub fn admit(
        &mut self,
        entry: Entry,
        tools: &Tools,
        pulse: impl FnOnce() -> Arc<Pulse>,
        now: Instant,
    ) -> Result<Admitted, Refused> {
        let Entry { peer, role, offer, sends, credentials } = entry;
        if let Some((_, kind)) = sends.iter().find(|(_, kind)| !role.may_send(*kind)) {
            return Err(Refused::NotAllowed(*kind));
        }
        let seat = |is_screen: bool| {
            let wanted = sends.iter().any(|(_, kind)| kind.is_screen() == is_screen);
            if wanted { self.free_seat(peer, is_screen).map(Some).ok_or(Refused::StageFull) } else { Ok(None) }
        };
        let (screen, person) = (seat(true)?, seat(false)?);
        let known = self.connections.remove(&peer).filter(|known| known.fingerprint == offer.fingerprint);
        let mut connection =
            known.unwrap_or_else(|| Connection::new(tools, role, credentials.clone(), &offer, pulse(), now));
        if connection.theirs.name != offer.name {
            // RFC 8445, section 9: a new user fragment restarts; media goes on over the old pair until then.
            connection.theirs = Credentials { name: offer.name.clone(), password: offer.password.clone() };
            connection.ours = credentials;
        }
        connection.role = role;
        connection.learn(&offer);
        let seats = |kind: Kind| if kind.is_screen() { screen } else { person };
        connection.uplink.learn(&offer, &sends, seats, |kind, offered| self.agreed(peer, kind, offered));
        let taken = connection.uplink.lines.iter().map(|line| (line.mid.clone(), line.codec)).collect();
        let ours = connection.ours.clone();
        self.connections.insert(peer, connection);
        self.seat(peer, &[screen, person]);
        Ok(Admitted { credentials: ours, taken })
    }

    /// What somebody's pictures are to be sent in, for those who are here.
    fn agreed(&self, publisher: PeerId, kind: Kind, offered: &Codecs) -> Option<Codec> {
        let viewers = self.connections.iter().filter(|(peer, _)| **peer != publisher);
        let afar = self.cascade.iter().flat_map(|cascade| cascade.viewers.values());
        let viewers = viewers.map(|(_, connection)| &connection.format.pictures).chain(afar);
        let viewers = viewers.filter(|pictures| !pictures.is_empty());
        Codec::agreed(kind, offered, viewers, self.recorded)
    }

    /// A seat for them: the one they have, else a free one.
    fn free_seat(&self, peer: PeerId, is_screen: bool) -> Option<Seat> {
        let mine = |seat: &Seat| self.sources[seat.number()].as_ref().is_some_and(|source| source.peer == peer);
        let free = |seat: &Seat| self.sources[seat.number()].is_none();
        if is_screen {
            return Some(Seat::SCREEN).filter(|seat| mine(seat) || free(seat));
        }
        Seat::of_people().find(mine).or_else(|| Seat::of_people().find(free))
    }

    /// Sits them down on these seats and on no other.
    fn seat(&mut self, peer: PeerId, seats: &[Option<Seat>]) {
        for (number, slot) in self.sources.iter_mut().enumerate() {
            let sits = seats.iter().flatten().any(|seat| seat.number() == number);
            if !sits {
                *slot = slot.take().filter(|source| source.peer != peer);
                continue;
            }
            let turn = self.turns + 1;
            let source = slot.get_or_insert_with(|| Source::new(peer, turn));
            self.turns = self.turns.max(source.turn);
            let Some(uplink) = self.connections.get(&peer).map(|connection| &connection.uplink) else { continue };
            let sends = |kind| uplink.lines.iter().any(|line| line.kind == kind);
            let (picture, sound) =
                if number == 0 { (Kind::Screen, Kind::ScreenSound) } else { (Kind::Camera, Kind::Microphone) };
            source.simulcast = uplink.is_simulcast(picture);
            if !sends(picture) {
                source.forget(picture);
            }
            if !sends(sound) {
                source.forget(sound);
            }
        }
    }

    /// Somebody leaves.
    pub fn leave(&mut self, peer: PeerId, tools: &Tools, now: Instant) -> Option<Evidence> {
        let mut connection = self.connections.remove(&peer)?;
        self.seat(peer, &[]);
        connection.handshake.close(now);
        connection.send_handshake(tools);
        Some(connection.pulse.read(now.saturating_duration_since(tools.began)))
    }

    /// Silences what somebody sends, or lets it be heard again.
    pub fn mute(&mut self, peer: PeerId, kind: Kind, muted: bool) {
        let lines = self.connections.get_mut(&peer).map(|connection| &mut connection.uplink.lines);
        for line in lines.into_iter().flatten().filter(|line| line.kind == kind) {
            line.muted = muted;
            // Nobody is to be shown it from a cache, nor to ask for what was sent meanwhile.
            if let Some(source) = self.sources[line.seat.number()].as_mut().filter(|_| muted) {
                source.forget(kind);
                self.fresh = true;
            }
        }
    }

    /// Takes a datagram from one of them.
    pub fn take(
        &mut self,
        peer: PeerId,
        datagram: &[u8],
        outbox: &mut Outbox,
        tools: &Tools,
        now: Instant,
    ) -> super::receive::Received {
        let Some(connection) = self.connections.get_mut(&peer) else { return super::receive::Received::Nothing };
        let received = connection.take(datagram, &mut self.sources, outbox, tools, now);
        self.fresh |= matches!(received, super::receive::Received::Media { .. });
        received
    }

    /// Whether nobody is in, and nothing of it goes anywhere else.
    pub fn is_over(&self) -> bool {
        self.connections.is_empty() && self.cascade.as_ref().is_none_or(|cascade| !cascade.is_heard())
    }

    /// Who sits where.
    pub fn stage(&self) -> Vec<Seated> {
        let seated = |(number, source): (usize, &Option<Source>)| {
            let (seat, source) = (Seat::new(number)?, source.as_ref()?);
            let lines = &self.connections.get(&source.peer)?.uplink.lines;
            let flows = |is_picture: bool| {
                lines.iter().any(|line| line.seat == seat && line.kind.is_picture() == is_picture && !line.muted)
            };
            // A codec is changed for somebody who does not see it, not for one that would be better.
            let unseen = lines.iter().filter(|line| line.seat == seat).any(|line| {
                let afar = |codec| self.cascade.iter().all(|cascade| cascade.is_seen(codec));
                let seen = |codec| self.connections.values().all(|viewer| viewer.sees(codec)) && afar(codec);
                line.codec.is_some_and(|codec| {
                    (!seen(codec) || self.recorded) && self.agreed(source.peer, line.kind, &line.offered) != Some(codec)
                })
            });
            Some(Seated { seat, peer: source.peer, picture: flows(true), sound: flows(false), unseen })
        };
        self.sources.iter().enumerate().filter_map(seated).collect()
    }

    /// Forwards what came, and to those who wait what they have room for now; last, to who records it.
    pub fn pump(&mut self, tap: Option<&mut Tap>, outbox: &mut Outbox, tools: &Tools, now: Instant) {
        let mut wants: Wants = [[None; LAYERS]; SEATS];
        self.waits = false;
        if let Some(cascade) = &mut self.cascade {
            cascade.listen(&mut self.sources, &tools.counts, now);
        }
        for (peer, connection) in &mut self.connections {
            if (self.fresh || connection.waits) && connection.is_up(now) {
                connection.serve(*peer, &self.sources, outbox, tools, &mut wants, now);
                self.waits |= connection.waits;
            }
        }
        self.fresh = false;
        self.listen(tap, tools, now);
        self.sources.iter_mut().flatten().flat_map(Source::tracks).for_each(|track| track.late.clear());
        self.ask(&wants, tools, now);
    }

    fn listen(&mut self, tap: Option<&mut Tap>, tools: &Tools, now: Instant) {
        let connections = &self.connections;
        let leads = |peer| connections.get(&peer).is_some_and(|connection| connection.role == Role::Trainer);
        if let Some(tap) = tap {
            tap.listen(&mut self.sources, leads, &tools.counts, now);
        }
    }

    /// Asks publishers for keyframes that are wanted, and for packets that are missing.
    fn ask(&mut self, wants: &Wants, tools: &Tools, now: Instant) {
        self.want(wants, now);
        for (source, wanted) in self.sources.iter_mut().zip(wants) {
            let Some(source) = source else { continue };
            let Some(publisher) = self.connections.get_mut(&source.peer) else { continue };
            for (track, want) in source.pictures.iter_mut().zip(wanted) {
                let Some(track) = track else { continue };
                if let Some(want) = want {
                    track.want_keyframe(*want);
                }
                if track.asks_keyframe(now) {
                    tools.counts.ask_keyframe();
                    let loss = PictureLossIndication { sender_ssrc: 1, media_ssrc: track.ssrc };
                    publisher.send_control(&[Box::new(loss)], tools);
                }
                let missing = track.asks_again(now);
                if !missing.is_empty() {
                    let nacks = nack_pairs_from_sequence_numbers(&missing);
                    let nack = TransportLayerNack { sender_ssrc: 1, media_ssrc: track.ssrc, nacks };
                    publisher.send_control(&[Box::new(nack)], tools);
                }
            }
        }
    }

    /// Notes which keyframes are to be asked of the origin, of what comes from another node.
    pub fn want(&mut self, wants: &Wants, now: Instant) {
        for (seat, (source, wanted)) in self.sources.iter_mut().zip(wants).enumerate() {
            let Some(source) = source else { continue };
            let Some(turn) = source.origin else { continue };
            let tracks = source.pictures.iter_mut().zip(wanted).enumerate();
            self.wanted.extend(tracks.filter_map(|(layer, (track, want))| {
                let urgent = ask_origin(track.as_mut()?, *want, now)?;
                Some(Wanted { seat, layer, turn, urgent })
            }));
        }
    }

    /// A tenth of a second has passed. Gives who is gone.
    pub fn tick(&mut self, number: u64, tap: Option<&mut Tap>, tools: &Tools, now: Instant) -> Vec<(PeerId, Gone)> {
        let mut gone = Vec::new();
        let second = number.is_multiple_of(TICKS);
        for track in self.sources.iter_mut().flatten().flat_map(Source::tracks).filter(|_| second) {
            track.second();
        }
        for (turn, (peer, connection)) in self.connections.iter_mut().enumerate() {
            if now > connection.heard + GONE {
                gone.push((*peer, Gone::Silent));
            } else if connection.handshake.tick(now).is_err() {
                gone.push((*peer, Gone::Faulty));
            }
            connection.send_handshake(tools);
            if let Some(report) = connection.uplink.report() {
                connection.send_control(&[Box::new(report)], tools);
            }
            // Each in its own tenth of the second, so that the work is spread.
            if connection.is_up(now) && (turn as u64 + number).is_multiple_of(TICKS) {
                connection.second(*peer, &self.sources, tools, now);
                self.waits |= connection.waits;
            }
        }
        if second {
            self.report(tools, now);
        }
        if let Some(cascade) = &mut self.cascade {
            cascade.tick(number, &self.sources, &tools.counts, now);
        }
        self.listen(tap, tools, now);
        self.ask(&[[None; LAYERS]; SEATS], tools, now);
        gone
    }

    /// Tells publishers how their packets come.
    fn report(&mut self, tools: &Tools, now: Instant) {
        for source in self.sources.iter_mut().flatten() {
            let reports: Vec<_> = source.tracks().filter_map(|track| track.report(now)).collect();
            let Some(publisher) = self.connections.get_mut(&source.peer).filter(|_| !reports.is_empty()) else {
                continue;
            };
            let report: Box<dyn rtcp::Packet> =
                Box::new(ReceiverReport { ssrc: 1, reports, ..ReceiverReport::default() });
            publisher.send_control(&[report], tools);
        }
    }
}

/// Whether a keyframe is to be asked of the origin now, and how urgently. What is missing there is missing here.
fn ask_origin(track: &mut Track, want: Option<Want>, now: Instant) -> Option<bool> {
    track.asks_again(now);
    if let Some(want) = want {
        track.want_keyframe(want);
    }
    let want = track.wants_keyframe()?;
    track.asks_keyframe(now).then_some(want == Want::Urgent)
}
