//! Media keys (RFC 3711, RFC 5764), and the one thing done for every packet of every viewer: sealing it.
//!
//! With AES-128-GCM (RFC 7714), which every browser of these last years chooses first, packets are sealed where
//! they lie, without an allocation. Older browsers get AES-CM with HMAC-SHA1 through `rtc`'s own context.

use rtc::crypto::{AeadAlgorithm, AeadCipher, BlockCipherAlgorithm, CryptoError, RTCCrypto, RTCCryptoProvider};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::dtls::state::State;
use rtc::rtp;
use rtc::shared::error::Error;
use rtc::shared::marshal::Unmarshal as _;
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use rtc::srtp::protection_profile::ProtectionProfile;
use std::fmt;

/// Bytes of an AES-GCM tag.
const TAG: usize = 16;
/// Packets that may come out of order before they count as replayed.
const REPLAY_WINDOW: usize = 256;

/// Packets of unknown sources that one connection may be asked to open.
const MOST_TRIED: u16 = 1000;

/// Both directions of one connection.
pub struct Keys {
    /// Opens what the browser sends.
    inbound: Context,
    /// Seals control packets, and media where there is no AES-GCM.
    outbound: Context,
    fast: Option<Gcm>,
    /// Sources that have proved to be the browser's, and how many others were tried.
    proved: Vec<u32>,
    tried: u16,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys {{ gcm: {} }}", self.fast.is_some())
    }
}

impl Keys {
    /// The keys that a completed handshake agreed on; the server is the DTLS server.
    ///
    /// # Errors
    /// Where no protection profile was agreed on, or the library refuses the keys.
    pub fn of(handshake: &State, provider: &dyn RTCCryptoProvider) -> Result<Self, Error> {
        let profile = match handshake.srtp_protection_profile() {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
            _ => return Err(Error::ErrNoSuchSrtpProfile),
        };
        let mut config = Config { profile, ..Config::default() };
        let length = config.keying_material_len();
        let material = handshake.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], length)?;
        config.set_session_keys_from_keying_material(material.as_ref(), false)?;
        let keys = &config.keys;
        let crypto = provider.crypto();
        let fast = matches!(profile, ProtectionProfile::AeadAes128Gcm)
            .then(|| Gcm::new(&keys.local_master_key, &keys.local_master_salt, crypto))
            .transpose()
            .map_err(|error| Error::Crypto(error.to_string()))?;
        Ok(Self {
            inbound: Context::new(
                &keys.remote_master_key,
                &keys.remote_master_salt,
                profile,
                Some(srtp_replay_protection(REPLAY_WINDOW)),
                Some(srtcp_replay_protection(REPLAY_WINDOW)),
                crypto,
            )?,
            outbound: Context::new(&keys.local_master_key, &keys.local_master_salt, profile, None, None, crypto)?,
            fast,
            proved: Vec::new(),
            tried: 0,
        })
    }

    /// Opens a media packet: the whole packet in the clear.
    ///
    /// # Errors
    /// Where it is forged, replayed or cut short.
    pub fn open(&mut self, packet: &[u8], header: &rtp::Header) -> Result<impl AsRef<[u8]> + use<>, Error> {
        self.try_source(header.ssrc)?;
        let clear = self.inbound.decrypt_rtp_with_header(packet, header)?;
        self.believe(header.ssrc);
        Ok(clear)
    }

    /// Opens a control packet (SRTCP).
    ///
    /// # Errors
    /// Where it is forged, replayed or cut short.
    pub fn open_control(&mut self, packet: &[u8]) -> Result<impl AsRef<[u8]> + use<>, Error> {
        let ssrc = packet.get(4..8).and_then(|bytes| bytes.try_into().ok()).ok_or(Error::ErrTooShortRtcp)?;
        let ssrc = u32::from_be_bytes(ssrc);
        self.try_source(ssrc)?;
        let clear = self.inbound.decrypt_rtcp(packet)?;
        self.believe(ssrc);
        Ok(clear)
    }

    /// The library keeps a state for every source that it is asked to open a packet of, forged ones too: so those
    /// that have proved nothing yet are tried so often and no more.
    fn try_source(&mut self, ssrc: u32) -> Result<(), Error> {
        if self.proved.contains(&ssrc) {
            return Ok(());
        }
        self.tried = self.tried.saturating_add(1);
        (self.tried <= MOST_TRIED).then_some(()).ok_or(Error::ErrFailedToVerifyAuthTag)
    }

    fn believe(&mut self, ssrc: u32) {
        if !self.proved.contains(&ssrc) {
            self.proved.push(ssrc);
        }
    }

    /// Seals a control packet.
    ///
    /// # Errors
    /// Where the packet has no header.
    pub fn seal_control(&mut self, packet: &[u8]) -> Result<impl AsRef<[u8]> + use<>, Error> {
        self.outbound.encrypt_rtcp(packet)
    }

    /// Seals in place the media packet that begins at `start` of `buffer` and ends with it; `index` is its
    /// sequence number, extended. What cannot be sealed is taken out of the buffer again.
    ///
    /// # Errors
    /// Where the library refuses; nothing in the clear is left behind.
    pub fn seal(&mut self, buffer: &mut Vec<u8>, start: usize, body: usize, head: Head) -> Result<(), Error> {
        let sealed = match &mut self.fast {
            Some(gcm) => gcm.seal(buffer, start, body, head).map_err(|error| Error::Crypto(error.to_string())),
            None => seal_slowly(&mut self.outbound, buffer, start),
        };
        if sealed.is_err() {
            buffer.truncate(start);
        }
        sealed
    }
}

/// What of a packet's header its nonce is made of.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    pub ssrc: u32,
    /// The sequence number, extended: its upper part is the rollover counter.
    pub index: u64,
}

fn seal_slowly(context: &mut Context, buffer: &mut Vec<u8>, start: usize) -> Result<(), Error> {
    let packet = buffer.split_off(start);
    let header = rtp::Header::unmarshal(&mut packet.as_slice())?;
    buffer.extend_from_slice(&context.encrypt_rtp_with_header(&packet, &header)?);
    Ok(())
}

struct Gcm {
    cipher: Box<dyn AeadCipher>,
    salt: [u8; 12],
}

impl Gcm {
    fn new(master_key: &[u8], master_salt: &[u8], crypto: &dyn RTCCrypto) -> Result<Self, CryptoError> {
        let derive = |label| derive(label, master_key, master_salt, crypto);
        let [key, salt] = [derive(0)?, derive(2)?];
        let mut short = [0; 12];
        short.copy_from_slice(&salt[..12]);
        Ok(Self { cipher: crypto.new_aead(AeadAlgorithm::Aes128Gcm, &key)?, salt: short })
    }

    fn seal(&mut self, buffer: &mut Vec<u8>, start: usize, body: usize, head: Head) -> Result<(), CryptoError> {
        // RFC 7714, section 8.1: two zeros, the source, the rollover counter, the sequence number; then the salt.
        let mut nonce = self.salt;
        let [_, _, index @ ..] = head.index.to_be_bytes();
        for (byte, value) in nonce.iter_mut().skip(2).zip(head.ssrc.to_be_bytes().into_iter().chain(index)) {
            *byte ^= value;
        }
        let end = buffer.len();
        buffer.resize(end + TAG, 0);
        let (clear, tag) = buffer.split_at_mut(end);
        let (header, payload) = clear[start..].split_at_mut(body);
        self.cipher.seal_in_place(&nonce, header, payload, tag)
    }
}

/// One block of session key (RFC 3711, section 4.3; key derivation rate zero).
fn derive(label: u8, key: &[u8], salt: &[u8], crypto: &dyn RTCCrypto) -> Result<[u8; 16], CryptoError> {
    let mut block = [0; 16];
    for (byte, salt) in block.iter_mut().zip(salt) {
        *byte = *salt;
    }
    block[7] ^= label;
    // The last two bytes count blocks: this is the first.
    (block[14], block[15]) = (0, 0);
    crypto.block_encrypt(BlockCipherAlgorithm::Aes128, key, &mut block)?;
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fast way and the library's own say the same, over a turn of the sequence number.
    #[test]
    fn what_is_sealed_in_place_is_what_the_library_opens() {
        let provider = rtc::crypto::default_provider().expect("ring");
        let crypto = provider.crypto();
        let (key, salt) = ([7; 16], [9; 12]);
        let mut gcm = Gcm::new(&key, &salt, crypto).expect("keys");
        let mut context =
            Context::new(&key, &salt, ProtectionProfile::AeadAes128Gcm, None, None, crypto).expect("keys");
        for index in [65_534_u64, 65_535, 65_536, 65_537] {
            let [.., high, low] = index.to_be_bytes();
            let packet = [&[0x80, 96, high, low, 0, 0, 0, 1, 0, 0, 0, 5][..], b"a picture"].concat();
            let mut buffer = [b"before", packet.as_slice()].concat();
            gcm.seal(&mut buffer, 6, 12, Head { ssrc: 5, index }).expect("sealed");
            assert_eq!(context.decrypt_rtp(&buffer[6..]).expect("opened"), packet);
        }
    }
}
