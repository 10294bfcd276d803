//! Browsers made of the `webrtc` crate: a trainer who sends numbered packets, and viewers who note what comes.

pub mod light;

use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::{Registry, register_default_interceptors};
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::payload_feedbacks::receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate;
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use server::webinar::media::offer::{Direction, Medium};
use server::webinar::media::{Kind, Media, Offer, PeerId, Refused, Role, RoomId};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionState,
};
use webrtc::runtime::TokioRuntime;

/// An identifier that nobody else in this process has.
pub fn fresh() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

/// One packet that came.
#[derive(Debug, Clone)]
pub struct Came {
    pub at: Instant,
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload: Vec<u8>,
}

impl Came {
    /// The number that the trainer wrote into it: pictures carry it after the descriptor, sounds at once.
    pub fn number(&self) -> u32 {
        let tail = &self.payload[self.payload.len() - 4..];
        u32::from_be_bytes(tail.try_into().expect("four bytes"))
    }

    /// The first packet of a keyframe.
    pub fn is_keyframe(&self) -> bool {
        self.payload.len() > 6 && self.payload[0] & 0x10 != 0 && self.payload[6] & 1 == 0
    }

    /// `PictureID`.
    pub fn picture(&self) -> u16 {
        u16::from_be_bytes([self.payload[2] & 0x7f, self.payload[3]])
    }
}

type Notes = Arc<Mutex<Vec<Came>>>;

struct Handler {
    gathered: watch::Sender<bool>,
    state: watch::Sender<RTCPeerConnectionState>,
    pictures: Notes,
    sounds: Notes,
    seen: Seen,
}

/// A track of pictures, once there is one.
type Seen = Arc<Mutex<Option<Arc<dyn TrackRemote>>>>;

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let is_picture = track.kind().await == RtpCodecKind::Video;
        let notes = Arc::clone(if is_picture { &self.pictures } else { &self.sounds });
        if is_picture {
            *self.seen.lock().expect("alive") = Some(Arc::clone(&track));
        }
        tokio::spawn(async move {
            while let Some(event) = track.poll().await {
                if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                    notes.lock().expect("alive").push(Came {
                        at: Instant::now(),
                        ssrc: packet.header.ssrc,
                        sequence: packet.header.sequence_number,
                        timestamp: packet.header.timestamp,
                        payload: packet.payload.to_vec(),
                    });
                }
            }
        });
    }
}

/// A browser in a room.
pub struct Peer {
    pub id: PeerId,
    pub room: RoomId,
    pub connection: Arc<dyn PeerConnection>,
    tracks: Vec<(Kind, Arc<TrackLocalStaticRTP>)>,
    pictures: Notes,
    sounds: Notes,
    seen: Seen,
    gathered: watch::Receiver<bool>,
    state: watch::Receiver<RTCPeerConnectionState>,
    pub joined: Instant,
}

fn codec(kind: RtpCodecKind) -> RTCRtpCodec {
    let feedback = |typ: &str, parameter: &str| RTCPFeedback { typ: typ.to_owned(), parameter: parameter.to_owned() };
    let (mime_type, clock_rate, channels, rtcp_feedback) = match kind {
        RtpCodecKind::Video => ("video/VP8", 90_000, 0, vec![feedback("nack", ""), feedback("nack", "pli")]),
        _ => ("audio/opus", 48_000, 2, vec![]),
    };
    RTCRtpCodec { mime_type: mime_type.to_owned(), clock_rate, channels, sdp_fmtp_line: String::new(), rtcp_feedback }
}

fn engine() -> MediaEngine {
    let mut engine = MediaEngine::default();
    for (kind, payload_type) in [(RtpCodecKind::Video, 96), (RtpCodecKind::Audio, 111)] {
        let parameters = RTCRtpCodecParameters { rtp_codec: codec(kind), payload_type };
        engine.register_codec(parameters, kind).expect("a codec");
    }
    engine
}

fn ssrc(kind: Kind) -> u32 {
    match kind {
        Kind::Camera => 0x50_0001,
        Kind::Microphone => 0x50_0002,
        Kind::Screen => 0x50_0003,
        Kind::ScreenSound => 0x50_0004,
    }
}

fn track(kind: Kind) -> Arc<TrackLocalStaticRTP> {
    let medium = if kind.is_picture() { RtpCodecKind::Video } else { RtpCodecKind::Audio };
    let name = format!("{kind:?}");
    let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc(kind)), ..Default::default() };
    let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec: codec(medium), ..Default::default() };
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        "stage".into(),
        name.clone(),
        name,
        medium,
        vec![encoding],
    )))
}

impl Peer {
    /// Somebody who receives the first `seats` seats, and sends those kinds. Not connected yet.
    pub async fn new(room: RoomId, seats: usize, sends: &[Kind]) -> Self {
        let (gathered, state) = (watch::Sender::new(false), watch::Sender::new(RTCPeerConnectionState::New));
        let (pictures, sounds, seen) = (Notes::default(), Notes::default(), Seen::default());
        let (gathered_rx, state_rx) = (gathered.subscribe(), state.subscribe());
        let (into_pictures, into_sounds) = (Arc::clone(&pictures), Arc::clone(&sounds));
        let handler =
            Handler { gathered, state, pictures: into_pictures, sounds: into_sounds, seen: Arc::clone(&seen) };
        let mut engine = engine();
        // Reports, and requests for what is missing.
        let chain = register_default_interceptors(Registry::new(), &mut engine).expect("a chain");
        let connection: Arc<dyn PeerConnection> = Arc::new(
            PeerConnectionBuilder::new()
                .with_handler(Arc::new(handler))
                .with_media_engine(engine)
                .with_interceptor_registry(chain)
                .with_runtime(Arc::new(TokioRuntime))
                .with_udp_addrs(vec!["127.0.0.1:0".to_owned()])
                .build()
                .await
                .expect("a connection"),
        );
        for kind in [RtpCodecKind::Video, RtpCodecKind::Audio] {
            for _ in 0..seats {
                let init = RTCRtpTransceiverInit {
                    direction: RTCRtpTransceiverDirection::Recvonly,
                    streams: vec![],
                    send_encodings: vec![],
                };
                connection.add_transceiver_from_kind(kind, Some(init)).await.expect("a section");
            }
        }
        let mut tracks = Vec::new();
        for kind in sends {
            let track = track(*kind);
            connection.add_track(Arc::clone(&track) as Arc<dyn TrackLocal>).await.expect("a track");
            tracks.push((*kind, track));
        }
        Self {
            id: PeerId(fresh()),
            room,
            connection,
            tracks,
            pictures,
            sounds,
            seen,
            gathered: gathered_rx,
            state: state_rx,
            joined: Instant::now(),
        }
    }

    /// What it offers, and what each section that it sends in carries.
    pub async fn offer(&mut self) -> (String, Vec<(String, Kind)>) {
        let offer = self.connection.create_offer(None).await.expect("an offer");
        self.connection.set_local_description(offer).await.expect("its own offer");
        self.gathered.wait_for(|gathered| *gathered).await.expect("gathers");
        let sdp = self.connection.local_description().await.expect("an offer").sdp;
        let read = Offer::read(&sdp).expect("well-formed");
        let mut kinds = Vec::new();
        for medium in [Medium::Video, Medium::Audio] {
            let sections = read.sections.iter().filter(|s| s.medium == medium && s.direction == Direction::Sends);
            let sent = self.tracks.iter().filter(|(kind, _)| kind.is_picture() == (medium == Medium::Video));
            kinds.extend(sections.zip(sent).map(|(section, (kind, _))| (section.mid.clone(), *kind)));
        }
        (sdp, kinds)
    }

    /// Joins and waits until media goes through.
    pub async fn join(mut self, media: &Media, role: Role) -> Self {
        self.try_join(media, role).await.expect("admitted");
        self
    }

    /// Joins, or is refused.
    pub async fn try_join(&mut self, media: &Media, role: Role) -> Result<(), Refused> {
        let (sdp, sends) = self.offer().await;
        self.joined = Instant::now();
        let answer = media.join(self.room, self.id, role, &sdp, sends).await?;
        self.take_answer(answer).await;
        Ok(())
    }

    /// Takes the server's answer and waits until media goes through.
    pub async fn take_answer(&mut self, sdp: String) {
        let answer = RTCSessionDescription::answer(sdp).expect("a well-formed answer");
        self.connection.set_remote_description(answer).await.expect("an answer");
        let connected = self.state.wait_for(|state| *state == RTCPeerConnectionState::Connected);
        tokio::time::timeout(Duration::from_secs(20), connected).await.expect("connects in time").expect("alive");
    }

    /// Sends one packet, a whole picture: that number of them.
    pub async fn show(&self, kind: Kind, number: u32, keyframe: bool) {
        let [.., high, low] = number.to_be_bytes();
        let mut payload = vec![0x90, 0xe0, 0x80 | high, low, low, 0x20, u8::from(!keyframe), 0, 0];
        payload.resize(900, 0);
        payload.extend_from_slice(&number.to_be_bytes());
        self.send(kind, (96, 3000), number, true, payload).await;
    }

    /// Sends one packet of sound.
    pub async fn say(&self, kind: Kind, number: u32) {
        self.send(kind, (111, 960), number, false, [[7; 4], number.to_be_bytes()].concat()).await;
    }

    async fn send(&self, kind: Kind, (payload_type, ticks): (u8, u32), number: u32, marker: bool, payload: Vec<u8>) {
        let (_, track) = self.tracks.iter().find(|(sent, _)| *sent == kind).expect("sends that");
        let header = rtp::Header {
            version: 2,
            marker,
            payload_type,
            sequence_number: (number & 0xffff).try_into().expect("16 bits"),
            timestamp: number.wrapping_mul(ticks),
            ssrc: ssrc(kind),
            ..Default::default()
        };
        track.write_rtp(rtp::Packet { header, payload: payload.into() }).await.expect("sent");
    }

    /// Sends a packet of real media.
    pub async fn send_packet(&self, kind: Kind, (sequence, timestamp): (u32, u32), marker: bool, payload: Vec<u8>) {
        let payload_type = if kind.is_picture() { 96 } else { 111 };
        let (_, track) = self.tracks.iter().find(|(sent, _)| *sent == kind).expect("sends that");
        let header = rtp::Header {
            version: 2,
            marker,
            payload_type,
            sequence_number: (sequence & 0xffff).try_into().expect("16 bits"),
            timestamp,
            ssrc: ssrc(kind),
            ..Default::default()
        };
        track.write_rtp(rtp::Packet { header, payload: payload.into() }).await.expect("sent");
    }

    /// Pictures' packets that came so far.
    pub fn pictures(&self) -> Vec<Came> {
        self.pictures.lock().expect("alive").clone()
    }

    /// Packets of sound that came so far.
    pub fn sounds(&self) -> Vec<Came> {
        self.sounds.lock().expect("alive").clone()
    }

    /// Whether picture and sound came within that time.
    pub fn receives(&self, within: Duration) -> bool {
        let lately = |notes: &Notes| {
            let notes = notes.lock().expect("alive");
            notes.last().is_some_and(|came| came.at.elapsed() < within)
        };
        lately(&self.pictures) && lately(&self.sounds)
    }

    /// Asks for a keyframe (PLI), as a browser does that cannot make its pictures out.
    pub async fn ask_for_keyframe(&self) {
        let media_ssrc = self.pictures().last().expect("has seen something").ssrc;
        self.control(PictureLossIndication { sender_ssrc: 1, media_ssrc }).await;
    }

    /// Says that its line carries so many bits a second (REMB), as a browser does.
    pub async fn estimate(&self, bitrate: f32) {
        let ssrcs = vec![self.pictures().last().expect("has seen something").ssrc];
        let estimate = ReceiverEstimatedMaximumBitrate { sender_ssrc: 1, bitrate, ssrcs };
        self.control(estimate).await;
    }

    async fn control(&self, packet: impl rtcp::Packet + 'static) {
        let track = self.seen.lock().expect("alive").clone().expect("has a track");
        track.write_rtcp(vec![Box::new(packet)]).await.expect("sent");
    }

    /// Closes the connection, as a closed tab does.
    pub async fn close(&self) {
        self.connection.close().await.expect("closes");
    }
}
