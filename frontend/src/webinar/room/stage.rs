//! Which seats are shown, where and how sharp. Plain values, no browser.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests press no key"))]

use super::state::Live;
use domain::webinar::signal::{Seat, Sharpness, Shown};

/// Seats on the stage: the screen's, and seven of people.
pub(crate) const SEATS: u8 = 8;

/// How the stage is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Layout {
    /// The screen when it is shared, else the one camera, else everybody.
    #[default]
    Auto,
    Screen,
    Camera,
    Mosaic,
}

impl Layout {
    pub(crate) const CHOICES: [(Self, &'static str); 3] =
        [(Self::Screen, "Écran"), (Self::Camera, "Caméra"), (Self::Mosaic, "Mosaïque")];

    /// What it comes down to, with those on stage.
    pub(crate) fn now(self, live: &Live) -> Self {
        match self {
            Self::Auto if live.seats.iter().any(|seat| seat.seat == 0) => Self::Screen,
            Self::Auto if live.seats.len() > 2 => Self::Mosaic,
            Self::Auto => Self::Camera,
            chosen => chosen,
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Screen => "screen",
            Self::Camera => "camera",
            Self::Mosaic => "mosaic",
        }
    }

    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto | Self::Mosaic => Self::Screen,
            Self::Screen => Self::Camera,
            Self::Camera => Self::Mosaic,
        }
    }
}

/// The seat shown large; none in a mosaic.
pub(crate) fn main_seat(live: &Live, layout: Layout) -> Option<u8> {
    let people = || live.seats.iter().filter(|seat| seat.seat > 0);
    let leads = |seat: &&Seat| live.people.get(&seat.person).is_some_and(|present| present.trainer);
    let camera = || {
        let with_picture = || people().filter(|seat| seat.picture);
        let speaker = with_picture().find(leads).or_else(|| with_picture().next());
        speaker.or_else(|| people().find(leads)).or_else(|| people().next())
    };
    match layout.now(live) {
        Layout::Screen => Some(0),
        Layout::Camera => camera().map(|seat| seat.seat),
        Layout::Auto | Layout::Mosaic => None,
    }
}

/// How sharp each seat's picture has to be; nothing at all while the page is hidden. What this tab sends itself is
/// shown from its own camera.
pub(crate) fn wanted(live: &Live, layout: Layout, hidden: bool) -> Vec<Shown> {
    let main = main_seat(live, layout);
    let shared = live.seats.iter().any(|seat| seat.seat == 0);
    let many = live.seats.iter().filter(|seat| seat.seat > 0).count();
    let sharpness = |number: u8| {
        let taken = live.seats.iter().find(|seat| seat.seat == number);
        let own = taken.is_some_and(|seat| Some(seat.tab) == live.tab);
        match main {
            _ if hidden || own => Sharpness::Off,
            // What is free is asked for as it will be needed: whoever comes is seen at once.
            Some(main) if main == number => Sharpness::Full,
            None if number == 0 => Sharpness::Full,
            Some(0) if !shared && many < 2 => Sharpness::Full,
            None if many <= 2 => Sharpness::Full,
            None => Sharpness::Middle,
            Some(_) if number == 0 => Sharpness::Middle,
            Some(_) => Sharpness::Low,
        }
    };
    (0..SEATS).map(|seat| Shown { seat, sharpness: sharpness(seat) }).collect()
}
