//! The head of a file: what it is, what tracks it has, and room for what is known once it is over.

use super::Track;
use super::ebml::{
    Begin, UNKNOWN, children, id, number, put, put_id, put_master, put_number, put_size, put_void, wide_size,
};
use super::steady::STAYS;

/// Room for the index: some three thousand keyframes, more than four hours of them.
pub const INDEX_ROOM: usize = 64 * 1024;
/// Room for how long the file is: an element of eight bytes.
const DURATION_ROOM: usize = 11;
/// Bytes that hold a whole head.
pub const HEAD_ROOM: usize = INDEX_ROOM + 1024;
/// Opus (RFC 7845): samples to drop at the beginning, at 48 kHz, and what must be decoded before one is heard aright.
const PRE_SKIP: u16 = 312;
const CODEC_DELAY: u64 = 6_500_000;
const SEEK_PRE_ROLL: u64 = 80_000_000;
/// Milliseconds from 1970 to 2001, when the dates of Matroska begin.
const EPOCH: i64 = 978_307_200_000;

/// What a head says.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    pub tracks: &'a [Track],
    /// When it began, in milliseconds since 1970.
    pub began: i64,
    /// How large pictures are, where that is known.
    pub size: Option<(u16, u16)>,
    /// It is to be completed once it is over; else it is told live, and never is.
    pub completed: bool,
}

impl Head<'_> {
    /// Writes it, with a segment whose size nobody knows yet.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(if self.completed { HEAD_ROOM } else { 512 });
        put_master(&mut out, id::EBML, |out| {
            put_number(out, id::EBML_VERSION, 1);
            put_number(out, id::EBML_READ_VERSION, 1);
            put_number(out, id::MAX_ID_LENGTH, 4);
            put_number(out, id::MAX_SIZE_LENGTH, 8);
            put(out, id::DOC_TYPE, b"webm");
            put_number(out, id::DOC_TYPE_VERSION, 4);
            put_number(out, id::DOC_TYPE_READ_VERSION, 2);
        });
        put_id(&mut out, id::SEGMENT);
        out.extend_from_slice(&UNKNOWN);
        if self.completed {
            put_void(&mut out, INDEX_ROOM);
        }
        put_master(&mut out, id::INFO, |out| {
            put_number(out, id::TIMESTAMP_SCALE, 1_000_000);
            put(out, id::MUXING_APP, b"Socle");
            put(out, id::WRITING_APP, b"Socle");
            put(out, id::DATE, &((self.began - EPOCH) * 1_000_000).to_be_bytes());
            if self.completed {
                put_void(out, DURATION_ROOM);
            }
        });
        put_master(&mut out, id::TRACKS, |out| {
            for track in self.tracks {
                put_master(out, id::TRACK_ENTRY, |out| self.entry(out, *track));
            }
        });
        out
    }

    fn entry(&self, out: &mut Vec<u8>, track: Track) {
        put_number(out, id::TRACK_NUMBER, track.number().into());
        put_number(out, id::TRACK_UID, track.number().into());
        put_number(out, id::FLAG_LACING, 0);
        put_number(out, id::FLAG_DEFAULT, u64::from(self.tracks.len() == 1 || track != Track::Camera));
        put(out, id::LANGUAGE, b"fre");
        let (kind, codec): (u64, &[u8]) = match track {
            Track::Stage | Track::Camera => (1, b"V_VP8"),
            Track::Voice => (2, b"A_OPUS"),
            Track::Events => (0x21, b"D_WEBVTT/METADATA"),
        };
        put_number(out, id::TRACK_TYPE, kind);
        put(out, id::CODEC, codec);
        match track {
            Track::Stage | Track::Camera => {
                let (width, height) = self.size.unwrap_or((1280, 720));
                if !self.completed {
                    // Nobody asks a file that is told live how long its last frame lasts: players are told before.
                    put_number(out, id::DEFAULT_DURATION, STAYS * 1_000_000);
                }
                put_master(out, id::VIDEO, |out| {
                    put(out, id::PIXEL_WIDTH, &width.to_be_bytes());
                    put(out, id::PIXEL_HEIGHT, &height.to_be_bytes());
                });
            }
            Track::Voice => {
                let mut private = b"OpusHead\x01\x02".to_vec();
                private.extend_from_slice(&PRE_SKIP.to_le_bytes());
                private.extend_from_slice(&48_000_u32.to_le_bytes());
                private.extend_from_slice(&[0, 0, 0]);
                put(out, id::CODEC_PRIVATE, &private);
                put_number(out, id::CODEC_DELAY, CODEC_DELAY);
                put_number(out, id::SEEK_PRE_ROLL, SEEK_PRE_ROLL);
                put_master(out, id::AUDIO, |out| {
                    put(out, id::SAMPLING_FREQUENCY, &48_000_f64.to_be_bytes());
                    put_number(out, id::CHANNELS, 2);
                });
            }
            Track::Events => {}
        }
    }
}

/// Bytes to be written over others, at that place of the file.
pub type Patch = (u64, Vec<u8>);

/// Where in a head is what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Of the segment's size, and of its first byte: positions in an index count from there.
    size: usize,
    pub data: usize,
    info: usize,
    duration: Option<usize>,
    tracks: usize,
    /// Of width and height, of each track of pictures.
    pictures: Vec<(u64, usize, usize)>,
    /// Where clusters begin: the head ends.
    pub end: usize,
}

impl Layout {
    /// Reads a head that [`Head::write`] wrote, completed or not. Nothing where it is cut short or is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let ebml = Begin::read(bytes).filter(|begin| begin.id == id::EBML)?;
        let segment = ebml.length + usize::try_from(ebml.size?).ok()?;
        let begin = Begin::read(bytes.get(segment..)?).filter(|begin| begin.id == id::SEGMENT && begin.length == 12)?;
        let data = segment + begin.length;
        let mut layout =
            Self { size: segment + 4, data, info: 0, duration: None, tracks: 0, pictures: Vec::new(), end: 0 };
        for (id, from, content) in children(bytes.get(data..)?) {
            let from = data + from;
            match id {
                id::CLUSTER => break,
                id::INFO => {
                    layout.info = from - before(id, content);
                    layout.duration = duration_room(content).map(|at| from + at);
                    layout.end = from + content.len();
                }
                id::TRACKS => {
                    layout.tracks = from - before(id, content);
                    layout.pictures = pictures(content, from);
                    layout.end = from + content.len();
                }
                _ => {}
            }
        }
        (layout.tracks > 0 && layout.info > 0).then_some(layout)
    }

    /// What is written over the head once the file is over: `length` in milliseconds, the sizes of pictures by track,
    /// the keyframes by their time and the place of their cluster in the file, and where the file ends.
    #[must_use]
    pub fn complete(&self, length: u64, sizes: &[(u64, (u16, u16))], keys: &[(u64, u64)], end: u64) -> Vec<Patch> {
        let mut patches = vec![(self.size as u64, wide_size(end - self.data as u64).to_vec())];
        if let Some(at) = self.duration {
            let mut duration = Vec::with_capacity(DURATION_ROOM);
            #[expect(clippy::cast_precision_loss, reason = "2^53 ms are more than any webinar")]
            put(&mut duration, id::DURATION, &(length as f64).to_be_bytes());
            patches.push((at as u64, duration));
        }
        for (track, (width, height)) in sizes {
            for (_, wide, high) in self.pictures.iter().filter(|(number, ..)| number == track) {
                patches.push((*wide as u64, width.to_be_bytes().to_vec()));
                patches.push((*high as u64, height.to_be_bytes().to_vec()));
            }
        }
        // A head that was written without room for one has clusters there.
        if self.info >= self.data + INDEX_ROOM {
            patches.push((self.data as u64, self.index(keys)));
        }
        patches
    }

    /// The index, in the room that was left for it. Where there are more keyframes than it holds, every second one is
    /// left out, and so on: the index stays at the head, where whoever seeks needs it.
    fn index(&self, keys: &[(u64, u64)]) -> Vec<u8> {
        let track = self.pictures.first().map_or(1, |(number, ..)| *number);
        let mut step = 1;
        loop {
            let index = self.every(keys.iter().step_by(step), track);
            if index.len() + 9 <= INDEX_ROOM {
                let mut whole = index;
                let room = INDEX_ROOM - whole.len();
                put_void(&mut whole, room);
                return whole;
            }
            step *= 2;
        }
    }

    fn every<'k>(&self, keys: impl Iterator<Item = &'k (u64, u64)>, track: u64) -> Vec<u8> {
        let mut cues = Vec::new();
        put_master(&mut cues, id::CUES, |out| {
            for (time, place) in keys {
                put_master(out, id::CUE_POINT, |out| {
                    put_number(out, id::CUE_TIME, *time);
                    put_master(out, id::CUE_TRACK_POSITIONS, |out| {
                        put_number(out, id::CUE_TRACK, track);
                        put_number(out, id::CUE_CLUSTER_POSITION, place - self.data as u64);
                    });
                });
            }
        });
        let mut index = Vec::new();
        put_master(&mut index, id::SEEK_HEAD, |out| {
            let places = [(id::INFO, self.info - self.data), (id::TRACKS, self.tracks - self.data)];
            // The index follows this list, whose length is known: positions are written in four bytes.
            for (id, place) in places.into_iter().chain([(id::CUES, SEEK_HEAD_LENGTH)]) {
                put_master(out, id::SEEK, |out| {
                    put(out, id::SEEK_ID, &id.to_be_bytes());
                    let place = u32::try_from(place).unwrap_or(u32::MAX);
                    put(out, id::SEEK_POSITION, &place.to_be_bytes());
                });
            }
        });
        index.extend_from_slice(&cues);
        index
    }
}

/// The place in the file of the cluster whose keyframe is the last one at or before that time, in milliseconds, as the
/// index of a completed head tells it; the first one where it is earlier than all. Nothing where there is no index.
#[must_use]
pub fn key_at(head: &[u8], time: u64) -> Option<u64> {
    let layout = Layout::read(head)?;
    let (_, _, cues) = children(head.get(layout.data..)?).find(|(id, ..)| *id == id::CUES)?;
    let inside = |content, wanted| children(content).find(|(id, ..)| *id == wanted).map(|(_, _, content)| content);
    let mut found = None;
    for (_, _, point) in children(cues).filter(|(id, ..)| *id == id::CUE_POINT) {
        if found.is_some() && number(inside(point, id::CUE_TIME)?)? > time {
            break;
        }
        let positions = inside(point, id::CUE_TRACK_POSITIONS)?;
        let place = number(inside(positions, id::CUE_CLUSTER_POSITION)?)?;
        found = place.checked_add(layout.data as u64);
    }
    found
}

/// Three places of 17 bytes, in an element whose identifier takes four bytes and whose size one.
pub(super) const SEEK_HEAD_LENGTH: usize = 5 + 3 * 17;

/// Bytes before an element's content, as it is written here.
fn before(id: u32, content: &[u8]) -> usize {
    let mut begin = Vec::new();
    put_id(&mut begin, id);
    put_size(&mut begin, content.len());
    begin.len()
}

/// Where the room for the duration begins in the content of an `Info`.
fn duration_room(content: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(begin) = Begin::read(content.get(at..)?) {
        if matches!(begin.id, id::VOID | id::DURATION) {
            return Some(at);
        }
        at += begin.length + usize::try_from(begin.size?).ok()?;
    }
    None
}

/// Number of each track of pictures, and where its width and height are, in the content of `Tracks` that begins there.
fn pictures(content: &[u8], from: usize) -> Vec<(u64, usize, usize)> {
    let entries = children(content).filter(|(id, ..)| *id == id::TRACK_ENTRY);
    let picture = |(_, at, entry)| {
        let mut track = None;
        let (mut wide, mut high) = (None, None);
        for (id, inside, content) in children(entry) {
            match id {
                id::TRACK_NUMBER => track = number(content),
                id::VIDEO => {
                    for (id, deep, _) in children(content).filter(|(.., content)| content.len() == 2) {
                        let place = from + at + inside + deep;
                        match id {
                            id::PIXEL_WIDTH => wide = Some(place),
                            id::PIXEL_HEIGHT => high = Some(place),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some((track?, wide?, high?))
    };
    entries.filter_map(picture).collect()
}
