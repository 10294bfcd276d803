//! A browser's offer (SDP, RFC 8866 and RFC 8829), read down to what an SFU needs of it.

use super::codec::{Codec, Codecs, Types};
use super::dtls::Fingerprint;
use super::extension::Extensions;
use super::stage::LAYERS;

/// Longest offer, in bytes. Chromium's, with 16 sections, has about 40,000.
const LONGEST: usize = 200_000;
/// Most media sections.
const SECTIONS: usize = 48;
/// Longest `mid` or `rid`, in bytes.
const NAME: usize = 32;

/// Why an offer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadOffer {
    #[error("the offer is longer than {LONGEST} bytes or has more than {SECTIONS} sections")]
    TooLong,
    #[error("line {0} of the offer is malformed")]
    Malformed(usize),
    #[error("the offer has no ICE credentials")]
    NoCredentials,
    #[error("the offer has no SHA-256 fingerprint")]
    NoFingerprint,
    #[error("the offer lets nobody begin the DTLS handshake but the server")]
    Passive,
    #[error("the offer does not put all media on one transport (BUNDLE, rtcp-mux)")]
    Unbundled,
}

/// What a browser offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The browser's user fragment: another one is a restart (RFC 8445, section 9).
    pub name: String,
    /// What proves that a check comes from who read this, or that its answer does.
    pub password: String,
    pub fingerprint: Fingerprint,
    pub sections: Vec<Section>,
}

/// Who sends in a section. Whoever offers to send and receive is understood to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    #[default]
    Sends,
    Receives,
    Inactive,
}

/// What a section carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    Video,
    Audio,
    /// Not carried here, as data channels.
    Other,
}

/// One media section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub medium: Medium,
    /// Kind, protocol and first format of its `m=` line, to be said again in the answer.
    pub line: [String; 3],
    pub mid: String,
    pub direction: Direction,
    /// Payload types of pictures; none where nothing that is spoken here is offered, or the section is rejected.
    pub pictures: Codecs,
    /// The payload types of Opus and of sound sent twice.
    pub sound: Option<u8>,
    pub redundant: Option<u8>,
    pub extensions: Extensions,
    /// Simulcast streams that the browser will send, the smallest first; none where it sends one.
    pub rids: Vec<String>,
    /// The source announced for the media, and that of its retransmissions.
    pub ssrc: Option<u32>,
    pub repair_ssrc: Option<u32>,
    muxed: bool,
    /// Port 0: not, or no longer, of any use (RFC 8829, section 5.2.2), unless it shares another one's (RFC 9143).
    closed: bool,
    /// Payload types and what they are, and their settings: a browser may say these before it says what that is.
    maps: Vec<(u8, Codec)>,
    settings: Vec<(u8, String)>,
}

/// What session and section may both say.
#[derive(Default)]
struct Common {
    name: Option<String>,
    password: Option<String>,
    fingerprint: Option<Fingerprint>,
    setup: Option<String>,
    bundled: Vec<String>,
}

impl Offer {
    /// What the browser understands of pictures; nothing where it receives none.
    pub fn sees(&self) -> Codecs {
        let receives = |section: &&Section| {
            section.medium == Medium::Video && section.direction == Direction::Receives && section.is_understood()
        };
        self.sections.iter().find(receives).map(|section| section.pictures).unwrap_or_default()
    }

    /// Reads an offer.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(sdp: &str) -> Result<Self, BadOffer> {
        if sdp.len() > LONGEST {
            return Err(BadOffer::TooLong);
        }
        let mut common = Common::default();
        let mut sections: Vec<Section> = Vec::new();
        for (number, line) in sdp.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end())) {
            let malformed = BadOffer::Malformed(number);
            if line.is_empty() {
                continue;
            }
            let (letter, value) = line.split_once('=').ok_or(malformed)?;
            match letter {
                "m" if sections.len() == SECTIONS => return Err(BadOffer::TooLong),
                "m" => sections.push(Section::begin(value).ok_or(malformed)?),
                "a" => {
                    let (name, value) = value.split_once(':').unwrap_or((value, ""));
                    common.learn(name, value).ok_or(malformed)?;
                    if let Some(section) = sections.last_mut() {
                        section.learn(name, value).ok_or(malformed)?;
                    }
                }
                _ => {}
            }
        }
        common.finish(sections)
    }
}

impl Common {
    fn learn(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "ice-ufrag" => {
                let named = self.name.get_or_insert_with(|| value.to_owned());
                (named == value && value.len() <= 256).then_some(())?;
            }
            "ice-pwd" => {
                let said = self.password.get_or_insert_with(|| value.to_owned());
                (said == value && value.len() <= 256).then_some(())?;
            }
            "fingerprint" => {
                if let Some(hex) = value.strip_prefix("sha-256 ") {
                    self.fingerprint = Some(fingerprint(hex)?);
                }
            }
            "setup" => self.setup = Some(value.to_owned()),
            "group" => {
                if let Some(mids) = value.strip_prefix("BUNDLE") {
                    self.bundled = mids.split_whitespace().map(str::to_owned).collect();
                }
            }
            _ => {}
        }
        Some(())
    }

    fn finish(self, mut sections: Vec<Section>) -> Result<Offer, BadOffer> {
        sections.iter_mut().for_each(Section::finish);
        if matches!(self.setup.as_deref(), Some("passive" | "holdconn")) {
            return Err(BadOffer::Passive);
        }
        let loose =
            |section: &Section| section.is_understood() && !(section.muxed && self.bundled.contains(&section.mid));
        if sections.iter().any(loose) {
            return Err(BadOffer::Unbundled);
        }
        Ok(Offer {
            name: self.name.ok_or(BadOffer::NoCredentials)?,
            password: self.password.ok_or(BadOffer::NoCredentials)?,
            fingerprint: self.fingerprint.ok_or(BadOffer::NoFingerprint)?,
            sections,
        })
    }
}

fn fingerprint(hex: &str) -> Option<Fingerprint> {
    let mut bytes = [0; 32];
    let mut said = hex.trim().split(':');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(said.next()?, 16).ok()?;
    }
    said.next().is_none().then_some(bytes)
}

impl Section {
    fn begin(value: &str) -> Option<Self> {
        let mut words = value.split_whitespace();
        let (kind, port, protocol, format) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let port = port.split('/').next()?.parse::<u16>().ok()?;
        let medium = match kind {
            "video" => Medium::Video,
            "audio" => Medium::Audio,
            _ => Medium::Other,
        };
        Some(Self {
            medium,
            line: [kind, protocol, format].map(str::to_owned),
            mid: String::new(),
            direction: Direction::default(),
            pictures: Codecs::default(),
            sound: None,
            redundant: None,
            extensions: Extensions::default(),
            rids: Vec::new(),
            ssrc: None,
            repair_ssrc: None,
            muxed: false,
            closed: port == 0,
            maps: Vec::new(),
            settings: Vec::new(),
        })
    }

    fn learn(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "mid" => self.mid = short(value)?,
            "rtcp-mux" => self.muxed = true,
            "bundle-only" => self.closed = false,
            "sendrecv" | "sendonly" => self.direction = Direction::Sends,
            "recvonly" => self.direction = Direction::Receives,
            "inactive" => self.direction = Direction::Inactive,
            "rtpmap" => {
                let (payload_type, codec) = value.split_once(' ')?;
                let payload_type = payload_type.parse::<u8>().ok().filter(|number| *number < 128)?;
                let is = |name: &str| codec.eq_ignore_ascii_case(name);
                match self.medium {
                    Medium::Video => {
                        let codec = Codec::ALL.into_iter().find(|known| is(known.name()));
                        self.maps.extend(codec.map(|codec| (payload_type, codec)));
                    }
                    Medium::Audio if is("opus/48000/2") => drop(self.sound.get_or_insert(payload_type)),
                    Medium::Audio if is("red/48000/2") => drop(self.redundant.get_or_insert(payload_type)),
                    Medium::Audio | Medium::Other => {}
                }
            }
            "fmtp" => {
                let (payload_type, settings) = value.split_once(' ')?;
                let payload_type = payload_type.parse::<u8>().ok().filter(|number| *number < 128);
                self.settings.extend(payload_type.map(|payload_type| (payload_type, settings.to_owned())));
            }
            "extmap" => {
                let (id, uri) = value.split_once(' ')?;
                let id = id.split('/').next()?.parse::<u8>().ok()?;
                // The one-byte form holds 1 to 14.
                if (1..=14).contains(&id) {
                    self.extensions.learn(uri.split(' ').next()?, id);
                }
            }
            "simulcast" => {
                let mut words = value.split(' ').skip_while(|word| *word != "send").skip(1);
                for stream in words.next().into_iter().flat_map(|streams| streams.split(';')).take(LAYERS) {
                    let first = stream.split(',').next()?.trim_start_matches('~');
                    self.rids.push(short(first)?);
                }
            }
            "ssrc-group" => {
                let mut words = value.split(' ');
                if words.next() == Some("FID") {
                    self.ssrc = Some(words.next()?.parse().ok()?);
                    self.repair_ssrc = Some(words.next()?.parse().ok()?);
                }
            }
            "ssrc" => {
                let ssrc = value.split(' ').next()?.parse().ok()?;
                self.ssrc.get_or_insert(ssrc);
            }
            _ => {}
        }
        Some(())
    }
}

impl Section {
    /// Whether anything that is offered in it is spoken here.
    pub fn is_understood(&self) -> bool {
        self.sound.is_some() || !self.pictures.is_empty()
    }

    fn finish(&mut self) {
        if self.closed {
            self.sound = None;
            return;
        }
        let settings = |payload_type: u8| {
            let said = self.settings.iter().filter(move |(of, _)| *of == payload_type);
            said.map(|(_, settings)| settings.as_str()).next().unwrap_or_default()
        };
        let repairs = |plain: u8| {
            let repaired = |settings: &str| {
                settings.split(';').find_map(|setting| setting.trim().strip_prefix("apt=")?.parse().ok())
            };
            self.settings.iter().find(|(_, settings)| repaired(settings) == Some(plain)).map(|(repair, _)| *repair)
        };
        let mut pictures = Codecs::default();
        for (plain, codec) in self.maps.iter().copied() {
            if pictures.get(codec).is_none() && codec.is_spoken(settings(plain)) {
                pictures.set(codec, Types { plain, repair: repairs(plain) });
            }
        }
        self.pictures = pictures;
    }
}

fn short(name: &str) -> Option<String> {
    (name.len() <= NAME && name.bytes().all(|byte| byte.is_ascii_graphic())).then(|| name.to_owned())
}
