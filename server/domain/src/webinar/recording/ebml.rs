//! Elements of EBML (RFC 8794): an identifier, a size, and that many bytes.

/// Identifiers (RFC 9559, section 5).
pub mod id {
    pub const EBML: u32 = 0x1a45_dfa3;
    pub const EBML_VERSION: u32 = 0x4286;
    pub const EBML_READ_VERSION: u32 = 0x42f7;
    pub const MAX_ID_LENGTH: u32 = 0x42f2;
    pub const MAX_SIZE_LENGTH: u32 = 0x42f3;
    pub const DOC_TYPE: u32 = 0x4282;
    pub const DOC_TYPE_VERSION: u32 = 0x4287;
    pub const DOC_TYPE_READ_VERSION: u32 = 0x4285;
    pub const VOID: u32 = 0xec;
    pub const SEGMENT: u32 = 0x1853_8067;
    pub const SEEK_HEAD: u32 = 0x114d_9b74;
    pub const SEEK: u32 = 0x4dbb;
    pub const SEEK_ID: u32 = 0x53ab;
    pub const SEEK_POSITION: u32 = 0x53ac;
    pub const INFO: u32 = 0x1549_a966;
    pub const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
    pub const DURATION: u32 = 0x4489;
    pub const DATE: u32 = 0x4461;
    pub const MUXING_APP: u32 = 0x4d80;
    pub const WRITING_APP: u32 = 0x5741;
    pub const TRACKS: u32 = 0x1654_ae6b;
    pub const TRACK_ENTRY: u32 = 0xae;
    pub const TRACK_NUMBER: u32 = 0xd7;
    pub const TRACK_UID: u32 = 0x73c5;
    pub const TRACK_TYPE: u32 = 0x83;
    pub const FLAG_DEFAULT: u32 = 0x88;
    pub const FLAG_LACING: u32 = 0x9c;
    pub const DEFAULT_DURATION: u32 = 0x0023_e383;
    pub const LANGUAGE: u32 = 0x0022_b59c;
    pub const CODEC: u32 = 0x86;
    pub const CODEC_PRIVATE: u32 = 0x63a2;
    pub const CODEC_DELAY: u32 = 0x56aa;
    pub const SEEK_PRE_ROLL: u32 = 0x56bb;
    pub const VIDEO: u32 = 0xe0;
    pub const PIXEL_WIDTH: u32 = 0xb0;
    pub const PIXEL_HEIGHT: u32 = 0xba;
    pub const AUDIO: u32 = 0xe1;
    pub const SAMPLING_FREQUENCY: u32 = 0xb5;
    pub const CHANNELS: u32 = 0x9f;
    pub const CLUSTER: u32 = 0x1f43_b675;
    pub const TIMESTAMP: u32 = 0xe7;
    pub const SIMPLE_BLOCK: u32 = 0xa3;
    pub const BLOCK_GROUP: u32 = 0xa0;
    pub const BLOCK: u32 = 0xa1;
    pub const BLOCK_DURATION: u32 = 0x9b;
    pub const REFERENCE_BLOCK: u32 = 0xfb;
    pub const CUES: u32 = 0x1c53_bb6b;
    pub const CUE_POINT: u32 = 0xbb;
    pub const CUE_TIME: u32 = 0xb3;
    pub const CUE_TRACK_POSITIONS: u32 = 0xb7;
    pub const CUE_TRACK: u32 = 0xf7;
    pub const CUE_CLUSTER_POSITION: u32 = 0xf1;
}

/// The size that says that nobody knows it yet, in eight bytes.
pub const UNKNOWN: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// Writes an identifier.
pub fn put_id(out: &mut Vec<u8>, id: u32) {
    let bytes = id.to_be_bytes();
    out.extend_from_slice(&bytes[(id.leading_zeros() / 8) as usize..]);
}

/// Writes a size, in as few bytes as it takes.
pub fn put_size(out: &mut Vec<u8>, size: usize) {
    let size = size as u64;
    // All ones means unknown: a length is used up to one below it.
    let length = (1..8_u32).find(|length| size < (1_u64 << (7 * length)) - 1).unwrap_or(8);
    let marked = size | 1_u64 << (7 * length);
    out.extend_from_slice(&marked.to_be_bytes()[8 - length as usize..]);
}

/// A size in eight bytes, to be written over another one.
pub fn wide_size(size: u64) -> [u8; 8] {
    (size & 0x00ff_ffff_ffff_ffff | 1 << 56).to_be_bytes()
}

/// Writes an element.
pub fn put(out: &mut Vec<u8>, id: u32, content: &[u8]) {
    put_id(out, id);
    put_size(out, content.len());
    out.extend_from_slice(content);
}

/// Writes an element that holds a number.
pub fn put_number(out: &mut Vec<u8>, id: u32, number: u64) {
    let first = (number.leading_zeros() / 8).min(7) as usize;
    put(out, id, &number.to_be_bytes()[first..]);
}

/// Writes an element that holds others.
pub fn put_master(out: &mut Vec<u8>, id: u32, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    fill(&mut content);
    put(out, id, &content);
}

/// Writes an element that says nothing and takes that much room: its own identifier and size, nine bytes, included.
pub fn put_void(out: &mut Vec<u8>, room: usize) {
    put_id(out, id::VOID);
    let content = room.saturating_sub(9);
    out.extend_from_slice(&wide_size(content as u64));
    out.resize(out.len() + content, 0);
}

/// How an element begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin {
    pub id: u32,
    /// Bytes of the identifier and of the size.
    pub length: usize,
    /// Bytes of its content; none where nobody knew it.
    pub size: Option<u64>,
}

impl Begin {
    /// Reads how the element at the beginning of these bytes begins. Nothing where they are too few, or none begins there.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (id, first) = vint(bytes, 4, false)?;
        let (size, second) = vint(bytes.get(first..)?, 8, true)?;
        let unknown = (1_u64 << (7 * second)) - 1;
        let size = Some(size).filter(|size| *size != unknown);
        Some(Self { id: u32::try_from(id).ok()?, length: first + second, size })
    }
}

/// A number whose length its first bits say, and that length (RFC 8794, section 4).
pub fn vint(bytes: &[u8], most: usize, masked: bool) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    let all = bytes.get(..length).filter(|_| length <= most)?;
    let number = all.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Some((if masked { number & !(1 << (7 * length)) } else { number }, length))
}

/// A number in an element.
pub fn number(content: &[u8]) -> Option<u64> {
    (content.len() <= 8).then(|| content.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The elements one after the other in a content, with where the content of each begins. Ends at the first that is not
/// whole.
pub fn children(content: &[u8]) -> impl Iterator<Item = (u32, usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = Begin::read(content.get(at..)?)?;
        let from = at + begin.length;
        let to = from.checked_add(usize::try_from(begin.size?).ok()?)?;
        let inside = content.get(from..to)?;
        at = to;
        Some((begin.id, from, inside))
    })
}
