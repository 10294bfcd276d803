//! What pictures are encoded in, and which of it a publisher is asked for.

use super::stage::Kind;

/// How pictures are encoded. The server decodes none of them: it reads where keyframes begin, and counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Vp8,
    Vp9,
    H264,
}

/// Payload types of one codec, and of its retransmissions (RFC 4588).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types {
    pub plain: u8,
    pub repair: Option<u8>,
}

/// What a section, or a browser, understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Codecs([Option<Types>; 3]);

impl Codec {
    pub const ALL: [Self; 3] = [Self::Vp8, Self::Vp9, Self::H264];

    /// As an `rtpmap` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vp8 => "VP8/90000",
            Self::Vp9 => "VP9/90000",
            Self::H264 => "H264/90000",
        }
    }

    /// What nodes tell each other of a track's codec; sound has none.
    pub fn number(codec: Option<Self>) -> u8 {
        match codec {
            None => 0,
            Some(Self::Vp8) => 1,
            Some(Self::Vp9) => 2,
            Some(Self::H264) => 3,
        }
    }

    /// The codec of that number, if there is one.
    pub fn numbered(number: u8) -> Option<Option<Self>> {
        [None, Some(Self::Vp8), Some(Self::Vp9), Some(Self::H264)].get(usize::from(number)).copied()
    }

    /// The settings (`fmtp`) with which it is spoken here; nothing where it has none.
    pub fn settings(self) -> Option<&'static str> {
        match self {
            Self::Vp8 => None,
            Self::Vp9 => Some("profile-id=0"),
            // Constrained baseline, which every browser has; any packet may be a part of a picture (RFC 6184).
            Self::H264 => Some("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        }
    }

    /// Whether a payload type with these settings is this codec as it is spoken here.
    pub fn is_spoken(self, settings: &str) -> bool {
        let said = |name: &str| settings.split(';').find_map(|setting| setting.trim().strip_prefix(name));
        match self {
            Self::Vp8 => true,
            Self::Vp9 => said("profile-id=").is_none_or(|profile| profile == "0"),
            Self::H264 => {
                let profile = said("profile-level-id=").and_then(|profile| profile.get(..4));
                said("packetization-mode=") == Some("1")
                    && profile.is_some_and(|profile| profile.eq_ignore_ascii_case("42e0"))
            }
        }
    }

    /// The codec in which something is to be sent: the one that most viewers see, of those the best for it; where it is
    /// `recorded`, the one that a file holds, if it can be. Nothing where the publisher offers none.
    pub fn agreed<'a>(
        kind: Kind,
        offered: &Codecs,
        viewers: impl Iterator<Item = &'a Codecs>,
        recorded: bool,
    ) -> Option<Self> {
        if recorded && offered.get(Self::Vp8).is_some() {
            return Some(Self::Vp8);
        }
        let mut see = [0_u32; 3];
        for viewer in viewers {
            Self::ALL
                .into_iter()
                .filter(|codec| viewer.get(*codec).is_some())
                .for_each(|codec| see[codec as usize] += 1);
        }
        // VP9 shows a page's letters with a third of the bits less, and costs a camera's three sizes too much.
        let best =
            if kind.is_screen() { [Self::Vp9, Self::Vp8, Self::H264] } else { [Self::Vp8, Self::H264, Self::Vp9] };
        // The last of the greatest: the worst stands first.
        let choice = best.into_iter().rev().filter(|codec| offered.get(*codec).is_some());
        choice.max_by_key(|codec| see[*codec as usize])
    }
}

impl Codecs {
    pub fn get(&self, codec: Codec) -> Option<Types> {
        self.0[codec as usize]
    }

    pub fn set(&mut self, codec: Codec, types: Types) {
        self.0[codec as usize] = Some(types);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Each with its payload types, VP8 first.
    pub fn iter(&self) -> impl Iterator<Item = (Codec, Types)> {
        Codec::ALL.into_iter().filter_map(|codec| Some((codec, self.get(codec)?)))
    }

    /// Only that one.
    #[must_use]
    pub fn only(&self, codec: Codec) -> Self {
        let mut only = Self::default();
        only.0[codec as usize] = self.get(codec);
        only
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codecs: &[Codec]) -> Codecs {
        let mut all = Codecs::default();
        codecs.iter().zip(96..).for_each(|(codec, plain)| all.set(*codec, Types { plain, repair: None }));
        all
    }

    #[test]
    fn a_screen_goes_in_vp9_as_long_as_everybody_sees_it() {
        let all = of(&Codec::ALL);
        let agreed = |viewers: &[Codecs]| Codec::agreed(Kind::Screen, &all, viewers.iter(), false);
        assert_eq!(agreed(&[]), Some(Codec::Vp9));
        assert_eq!(agreed(&[all, of(&[Codec::Vp9, Codec::Vp8])]), Some(Codec::Vp9));
        assert_eq!(agreed(&[all, of(&[Codec::Vp8])]), Some(Codec::Vp8));
        assert_eq!(Codec::agreed(Kind::Camera, &all, [all].iter(), false), Some(Codec::Vp8));
    }

    #[test]
    fn what_is_recorded_goes_in_vp8_wherever_it_can() {
        let (all, apple) = (of(&Codec::ALL), of(&[Codec::H264]));
        assert_eq!(Codec::agreed(Kind::Screen, &all, [all].iter(), true), Some(Codec::Vp8));
        assert_eq!(Codec::agreed(Kind::Screen, &apple, [all].iter(), true), Some(Codec::H264));
    }

    #[test]
    fn who_has_no_vp8_is_seen_by_whom_can() {
        let apple = of(&[Codec::H264]);
        let viewers = [of(&Codec::ALL), of(&[Codec::Vp8])];
        assert_eq!(Codec::agreed(Kind::Camera, &apple, viewers.iter(), false), Some(Codec::H264));
        assert_eq!(Codec::agreed(Kind::Camera, &Codecs::default(), viewers.iter(), false), None);
    }

    #[test]
    fn only_profiles_that_every_browser_has_are_spoken() {
        assert!(Codec::Vp9.is_spoken("profile-id=0") && !Codec::Vp9.is_spoken("profile-id=2"));
        assert!(Codec::H264.is_spoken("level-asymmetry-allowed=1; packetization-mode=1;profile-level-id=42E01F"));
        assert!(!Codec::H264.is_spoken("packetization-mode=0;profile-level-id=42e01f"));
        assert!(!Codec::H264.is_spoken("packetization-mode=1;profile-level-id=640c1f"));
        assert!(!Codec::H264.is_spoken(""));
    }
}
