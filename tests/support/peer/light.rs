//! A browser as light as can be: one socket, a check, a handshake, then sealed packets in and out. For crowds, where
//! load and server share the same cores, and for lines that lose packets, where every packet is to be seen.

use anyhow::{Context as _, bail, ensure};
use rtc::crypto::{HashAlgorithm, RTCCryptoProvider, default_provider};
use rtc::dtls::config::{ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::rtcp;
use rtc::shared::TransportProtocol;
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;
use rtc::stun::attributes::{ATTR_ICE_CONTROLLING, ATTR_PRIORITY, ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter as _, is_stun_message};
use server::webinar::media::Kind;
use server::webinar::media::codec::Codec;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout};

/// A certificate, which many may share: what it costs is not what is measured.
#[derive(Clone)]
pub struct Passport {
    provider: Arc<dyn RTCCryptoProvider>,
    config: Arc<HandshakeConfig>,
    fingerprint: String,
}

impl Passport {
    /// A new one.
    pub fn new() -> anyhow::Result<Self> {
        let provider = default_provider()?;
        let certificate = Certificate::generate_self_signed(vec!["light".to_owned()], provider.crypto())?;
        let der = certificate.certificate.first().context("a certificate")?;
        let hash = provider.crypto().hash(HashAlgorithm::Sha256, der)?;
        let fingerprint = hash.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&provider))
            .with_certificates(vec![certificate])
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .build(true, None)?;
        Ok(Self { provider, config: Arc::new(config), fingerprint })
    }
}

/// Payload types of VP8, its retransmissions, Opus and Opus sent twice, as Chromium has them.
pub const VIDEO: u8 = 96;
pub const REPAIR: u8 = 97;
pub const AUDIO: u8 = 111;
pub const REDUNDANT: u8 = 63;

/// The source of what is sent.
pub fn source(kind: Kind) -> u32 {
    0x50_0000 + kind as u32
}

/// The payload types of a codec and of its retransmissions.
pub fn types(codec: Codec) -> (u8, u8) {
    match codec {
        Codec::Vp8 => (VIDEO, REPAIR),
        Codec::Vp9 => (98, 99),
        Codec::H264 => (102, 103),
    }
}

/// What Chromium would offer who receives so many seats and sends those kinds: the SDP, and what its sections carry.
pub fn offer(passport: &Passport, seats: usize, sends: &[Kind]) -> (String, Vec<(String, Kind)>) {
    offer_in(&[Codec::Vp8], passport, seats, sends)
}

/// The same of a browser that knows these codecs.
pub fn offer_in(codecs: &[Codec], passport: &Passport, seats: usize, sends: &[Kind]) -> (String, Vec<(String, Kind)>) {
    let all = codecs.iter().flat_map(|codec| <[u8; 2]>::from(types(*codec)));
    let pictures = all.map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    let name = super::fresh().simple();
    let receives = [true, false].into_iter().flat_map(|is_picture| (0..seats).map(move |_| (is_picture, None)));
    let sections: Vec<_> = receives.chain(sends.iter().map(|kind| (kind.is_picture(), Some(*kind)))).collect();
    let mids: Vec<String> = (0..sections.len()).map(|mid| mid.to_string()).collect();
    let mut sdp = format!("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\n", mids.join(" "));
    let mut kinds = Vec::new();
    for (mid, (is_picture, sent)) in mids.iter().zip(sections) {
        let (medium, numbers) = if is_picture { ("video", pictures.as_str()) } else { ("audio", "111 63") };
        let _ = write!(sdp, "m={medium} 9 UDP/TLS/RTP/SAVPF {numbers}\r\na=mid:{mid}\r\na=rtcp-mux\r\n");
        let _ = write!(sdp, "a=ice-ufrag:{name}\r\na=ice-pwd:{name}\r\n");
        let _ = write!(sdp, "a=fingerprint:sha-256 {}\r\na=setup:actpass\r\n", passport.fingerprint);
        for codec in codecs.iter().filter(|_| is_picture) {
            let (plain, repair) = types(*codec);
            let _ = write!(sdp, "a=rtpmap:{plain} {}\r\n", codec.name());
            if let Some(settings) = codec.settings() {
                let _ = write!(sdp, "a=fmtp:{plain} {settings}\r\n");
            }
            let _ = write!(sdp, "a=rtpmap:{repair} rtx/90000\r\na=fmtp:{repair} apt={plain}\r\n");
        }
        sdp.push_str(if is_picture {
            "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n"
        } else {
            "a=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
        });
        if let Some(kind) = sent {
            let _ = write!(sdp, "a=sendonly\r\na=ssrc:{} cname:light\r\n", source(kind));
            kinds.push((mid.clone(), kind));
        } else {
            sdp.push_str("a=recvonly\r\n");
        }
    }
    (sdp, kinds)
}

/// The clear part of a media packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload_type: u8,
    pub marker: bool,
}

impl Head {
    /// Reads it; nothing where the datagram is no media packet.
    pub fn read(datagram: &[u8]) -> Option<Self> {
        let [first @ 128..=191, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3, ..] = *datagram else { return None };
        let _ = first;
        if (192..=223).contains(&second) {
            return None;
        }
        Some(Self {
            ssrc: u32::from_be_bytes([c0, c1, c2, c3]),
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            payload_type: second & 0x7f,
            marker: second & 0x80 != 0,
        })
    }

    /// Writes it.
    pub fn bytes(self) -> Vec<u8> {
        let mut bytes = vec![0x80, u8::from(self.marker) << 7 | self.payload_type];
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.timestamp.to_be_bytes());
        bytes.extend(self.ssrc.to_be_bytes());
        bytes
    }
}

/// A light browser whose media goes through.
pub struct LightPeer {
    pub socket: UdpSocket,
    passport: Passport,
    user: String,
    password: String,
    inbound: Context,
    outbound: Context,
}

impl LightPeer {
    /// Takes the answer to its offer up: checks, shakes hands, and has keys. Sends to `via` rather than to where the
    /// answer says, if there is such an address.
    pub async fn connect(passport: &Passport, answer: &str, via: Option<SocketAddr>) -> anyhow::Result<Self> {
        let (user, password, server) = told(answer)?;
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        socket.connect(via.unwrap_or(server)).await?;
        prove(&socket, &check(passport, &user, &password)?).await?;
        let (inbound, outbound) = shake_hands(passport, &socket, server).await?;
        Ok(Self { socket, passport: passport.clone(), user, password, inbound, outbound })
    }

    /// Says that it is still there (RFC 7675).
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let check = self.signed_check()?;
        self.socket.send(&check).await?;
        Ok(())
    }

    /// What it says to prove that it is there.
    pub fn signed_check(&self) -> anyhow::Result<Vec<u8>> {
        check(&self.passport, &self.user, &self.password)
    }

    /// Goes on from another network, with the answer to an offer that restarts: new checks, the same keys (RFC 8445,
    /// section 9).
    pub async fn restart(&mut self, answer: &str) -> anyhow::Result<()> {
        self.restart_by(self.socket.peer_addr()?, answer).await
    }

    /// The same by another way to the server.
    pub async fn restart_by(&mut self, server: SocketAddr, answer: &str) -> anyhow::Result<()> {
        let (user, password, _) = told(answer)?;
        self.socket = UdpSocket::bind("127.0.0.1:0").await?;
        self.socket.connect(server).await?;
        (self.user, self.password) = (user, password);
        prove(&self.socket, &self.signed_check()?).await
    }

    /// Opens a media packet: its payload, without header extensions.
    pub fn open(&mut self, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let clear = self.inbound.decrypt_rtp(sealed)?;
        let extension =
            if clear[0] & 0x10 == 0 { 0 } else { 4 + 4 * usize::from(u16::from_be_bytes([clear[14], clear[15]])) };
        Ok(clear.get(12 + extension..).context("a payload")?.to_vec())
    }

    /// Opens control packets.
    pub fn open_control(&mut self, sealed: &[u8]) -> anyhow::Result<Vec<Box<dyn rtcp::Packet>>> {
        Ok(rtcp::packet::unmarshal(&mut self.inbound.decrypt_rtcp(sealed)?.as_ref())?)
    }

    /// Sends a media packet.
    pub async fn send(&mut self, head: Head, payload: &[u8]) -> anyhow::Result<()> {
        self.seal(&[&head.bytes(), payload].concat()).await
    }

    /// Sends a media packet of those bytes, sealed, whatever they say.
    pub async fn seal(&mut self, packet: &[u8]) -> anyhow::Result<()> {
        let sealed = self.outbound.encrypt_rtp(packet)?;
        self.socket.send(&sealed).await?;
        Ok(())
    }

    /// Sends control packets.
    pub async fn send_control(&mut self, packets: &[Box<dyn rtcp::Packet>]) -> anyhow::Result<()> {
        self.seal_control(&rtcp::packet::marshal(packets)?).await
    }

    /// Sends control of those bytes, sealed, whatever they say.
    pub async fn seal_control(&mut self, packet: &[u8]) -> anyhow::Result<()> {
        let sealed = self.outbound.encrypt_rtcp(packet)?;
        self.socket.send(&sealed).await?;
        Ok(())
    }
}

fn check(passport: &Passport, user: &str, password: &str) -> anyhow::Result<Vec<u8>> {
    let mut check = Message::new();
    check.new_transaction_id()?;
    check.set_type(BINDING_REQUEST);
    check.write_header();
    check.add(ATTR_USERNAME, user.as_bytes());
    check.add(ATTR_ICE_CONTROLLING, &[0; 8]);
    check.add(ATTR_PRIORITY, &[0x6e, 0, 1, 0]);
    check.add(ATTR_USE_CANDIDATE, &[]);
    MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), passport.provider.crypto())
        .add_to(&mut check)?;
    FINGERPRINT.add_to(&mut check)?;
    Ok(check.raw)
}

/// What an answer says: a user name and a password for checks, and where the server is.
fn told(answer: &str) -> anyhow::Result<(String, String, SocketAddr)> {
    let said = |name: &str| answer.lines().find_map(|line| line.trim_end().strip_prefix(name));
    let candidate: Vec<&str> = said("a=candidate:").context("a candidate")?.split(' ').collect();
    let server = format!("{}:{}", candidate[4], candidate[5]).parse()?;
    let user = format!("{}:light", said("a=ice-ufrag:").context("a user fragment")?);
    Ok((user, said("a=ice-pwd:").context("a password")?.to_owned(), server))
}

/// Where an answer says that media is reached over that protocol (`udp` or `tcp`), in its first section.
pub fn candidates(answer: &str, protocol: &str) -> Vec<SocketAddr> {
    let section = answer.split("a=end-of-candidates").next().unwrap_or_default();
    let lines = section.lines().filter_map(|line| line.strip_prefix("a=candidate:"));
    let words = lines.map(|line| line.trim_end().split(' ').collect::<Vec<_>>());
    let passive = |words: &[&str]| protocol == "udp" || words.ends_with(&["tcptype", "passive"]);
    words
        .filter(|words| words[2] == protocol && passive(words))
        .map(|words| format!("{}:{}", words[4], words[5]).parse().expect("an address"))
        .collect()
}

/// Checks until the server answers.
async fn prove(socket: &UdpSocket, check: &[u8]) -> anyhow::Result<()> {
    let mut buffer = [0; 2000];
    for _ in 0..40 {
        socket.send(check).await?;
        match timeout(Duration::from_millis(250), socket.recv(&mut buffer)).await {
            Ok(Ok(length)) if proves(&buffer[..length]) => return Ok(()),
            _ => {}
        }
    }
    bail!("nobody answers the check")
}

fn proves(datagram: &[u8]) -> bool {
    let mut answer = Message::new();
    is_stun_message(datagram) && answer.unmarshal_binary(datagram).is_ok() && answer.typ == BINDING_SUCCESS
}

async fn shake_hands(
    passport: &Passport,
    socket: &UdpSocket,
    server: SocketAddr,
) -> anyhow::Result<(Context, Context)> {
    let mut endpoint = Endpoint::new(socket.local_addr()?, TransportProtocol::UDP, None);
    endpoint.connect(Instant::now().into_std(), server, Arc::clone(&passport.config), None)?;
    let began = Instant::now();
    let mut buffer = [0; 2000];
    let mut done = false;
    loop {
        while let Some(transmit) = endpoint.poll_transmit() {
            socket.send(&transmit.message).await?;
        }
        if done {
            break;
        }
        ensure!(began.elapsed() < Duration::from_secs(20), "the handshake does not end");
        if let Ok(length) = timeout(Duration::from_millis(100), socket.recv(&mut buffer)).await {
            let datagram = &buffer[..length?];
            if let [20..=63, ..] = datagram {
                let events = endpoint.read(Instant::now().into_std(), server, None, datagram.into())?;
                done = events.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete));
            }
        }
        let now = Instant::now().into_std();
        if endpoint.poll_timeout(&server).is_some_and(|at| at <= now) {
            endpoint.handle_timeout(server, now)?;
        }
    }
    let state = endpoint.get_connection_state(server).context("a connection")?;
    let profile = ProtectionProfile::AeadAes128Gcm;
    let mut config = Config { profile, ..Config::default() };
    let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len())?;
    config.set_session_keys_from_keying_material(material.as_ref(), true)?;
    let (keys, crypto) = (&config.keys, passport.provider.crypto());
    Ok((
        Context::new(&keys.remote_master_key, &keys.remote_master_salt, profile, None, None, crypto)?,
        Context::new(&keys.local_master_key, &keys.local_master_salt, profile, None, None, crypto)?,
    ))
}
