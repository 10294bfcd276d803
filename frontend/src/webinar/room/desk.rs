//! What views hold in their hands: the room to read, part by part, and orders to give.

use super::super::gear::{Chosen, Gear};
use super::super::way::Way;
use super::page::Entrance;
use super::stage::Layout;
use super::state::{ALL, Live, Part};
use domain::webinar::signal::Pictures;
use domain::webinar::{Act, Lead};
use leptos::prelude::*;
use std::ops::Deref;

/// A panel beside the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Panel {
    #[default]
    Chat,
    Questions,
    People,
    Polls,
    Documents,
}

impl Panel {
    pub(crate) const ALL: [Self; 5] = [Self::Chat, Self::Questions, Self::People, Self::Polls, Self::Documents];

    /// Its name, and that of its elements in the page.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Chat => ("Discussion", "discussion"),
            Self::Questions => ("Questions", "questions"),
            Self::People => ("Participants", "participants"),
            Self::Polls => ("Sondages et quiz", "sondages"),
            Self::Documents => ("Documents", "documents"),
        }
    }

    pub(crate) fn at(place: usize) -> Self {
        Self::ALL.get(place % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// Something that this tab sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sent {
    #[default]
    Off,
    /// The browser asks for leave.
    Asking,
    On,
}

/// How media goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Path {
    #[default]
    Connecting,
    Connected,
    /// In words for a person.
    Failed(String),
}

/// How the connection does, in figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Quality {
    /// kbit/s.
    pub(crate) received: u32,
    pub(crate) sent: u32,
    /// Tenths of a percent of packets that got lost on the way, whether or not they came when asked for again.
    pub(crate) lost: u32,
    /// Milliseconds there and back.
    pub(crate) delay: Option<u32>,
    /// Of the sharpest picture that is received.
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) frames: u32,
    /// Whether something is heard.
    pub(crate) heard: bool,
}

/// The colleague's signing in beside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Joining {
    #[default]
    Idle,
    Asking,
    /// In words for a person.
    Refused(String),
}

/// What a person asks of their own page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    Do(Act),
    Microphone(bool),
    Camera(bool),
    Screen(bool),
    /// Be shown that.
    Choose(Pictures),
    /// Play sound, which the browser would not without being asked.
    Play,
    Layout(Layout),
    FullScreen,
    Reconnect,
    /// Look for sound and pictures again, now.
    SeekMedia,
    /// Read again what is plugged in.
    KnowGear,
    /// Use that one, by its identifier.
    Use(Gear, String),
    Leave,
    /// Measure the connection, or no longer.
    Measure(bool),
}

/// Handed from view to view, and copied freely. What is on it lives as long as the page.
#[derive(Clone, Copy)]
pub(crate) struct Desk(&'static Board);

impl Deref for Desk {
    type Target = Board;

    fn deref(&self) -> &Board {
        self.0
    }
}

/// What is on the desk.
pub(crate) struct Board {
    live: StoredValue<Live>,
    parts: [RwSignal<u32>; Part::COUNT],
    pub(crate) entrance: StoredValue<Entrance>,
    /// This computer's clock, in milliseconds, once a second.
    pub(crate) clock: RwSignal<f64>,
    pub(crate) panel: RwSignal<Panel>,
    /// Messages and questions that were on screen: the newest of each.
    pub(crate) seen: RwSignal<(u64, u64)>,
    pub(crate) layout: RwSignal<Layout>,
    pub(crate) captions: RwSignal<bool>,
    pub(crate) help: RwSignal<bool>,
    pub(crate) microphone: RwSignal<Sent>,
    pub(crate) camera: RwSignal<Sent>,
    pub(crate) screen: RwSignal<Sent>,
    /// The browser refuses to play sound before it is asked to.
    pub(crate) silent: RwSignal<bool>,
    pub(crate) path: RwSignal<Path>,
    /// Media comes over HTTPS alone: some seconds late, and one way.
    pub(crate) late: RwSignal<bool>,
    /// When media is looked for again, by this computer's clock in milliseconds; none while it is being.
    pub(crate) again: RwSignal<Option<f64>>,
    pub(crate) gear: Chosen,
    pub(crate) beside: RwSignal<Joining>,
    pub(crate) quality: RwSignal<Option<Quality>>,
    /// What comes on the whole, in kbit/s, once it was measured for a while.
    pub(crate) spent: RwSignal<Option<u32>>,
    /// The way that media takes, once it takes one.
    pub(crate) way: RwSignal<Option<Way>>,
    /// What goes wrong here and now, in words for a person.
    pub(crate) trouble: RwSignal<Option<String>>,
    /// Words that were refused, to go back to their field.
    pub(crate) returned: RwSignal<Option<Act>>,
    /// For screen readers.
    pub(crate) said: RwSignal<String>,
}

impl Desk {
    pub(crate) fn new(entrance: Entrance) -> Self {
        let board = Board {
            live: StoredValue::new(Live::default()),
            parts: std::array::from_fn(|_| RwSignal::new(0)),
            entrance: StoredValue::new(entrance),
            clock: RwSignal::new(0.0),
            panel: RwSignal::default(),
            seen: RwSignal::default(),
            layout: RwSignal::default(),
            captions: RwSignal::new(true),
            help: RwSignal::default(),
            microphone: RwSignal::default(),
            camera: RwSignal::default(),
            screen: RwSignal::default(),
            silent: RwSignal::default(),
            path: RwSignal::default(),
            late: RwSignal::default(),
            again: RwSignal::default(),
            gear: Chosen::new(),
            beside: RwSignal::default(),
            quality: RwSignal::default(),
            spent: RwSignal::default(),
            way: RwSignal::default(),
            trouble: RwSignal::default(),
            returned: RwSignal::default(),
            said: RwSignal::default(),
        };
        Self(Box::leak(Box::new(board)))
    }

    /// Reads the room, and reads it again whenever that part of it changes.
    pub(crate) fn read<T>(self, part: Part, read: impl FnOnce(&Live) -> T) -> T {
        if let Some(signal) = self.parts.get(part as usize) {
            signal.track();
        }
        self.peek(read)
    }

    /// Reads the room as it is now.
    pub(crate) fn peek<T>(self, read: impl FnOnce(&Live) -> T) -> T {
        self.live.with_value(read)
    }

    /// Changes the room, then tells who reads these parts of it. Nothing where the page is gone.
    #[cfg_attr(not(any(test, feature = "room")), expect(dead_code, reason = "nothing is heard on the server"))]
    pub(crate) fn change<T>(self, change: impl FnOnce(&mut Live) -> (T, Vec<Part>)) -> Option<T> {
        let (told, parts) = self.live.try_update_value(change)?;
        for part in ALL.into_iter().filter(|part| parts.contains(part)) {
            if let Some(signal) = self.parts.get(part as usize) {
                signal.update(|version| *version = version.wrapping_add(1));
            }
        }
        Some(told)
    }

    /// Whether this person leads the room.
    pub(crate) fn leads(self) -> bool {
        self.entrance.with_value(|entrance| entrance.trainer)
    }

    #[expect(clippy::unused_self, reason = "orders reach the one room of the page")]
    pub(crate) fn order(self, order: Order) {
        #[cfg(feature = "room")]
        super::engine::order(order);
        #[cfg(not(feature = "room"))]
        drop(order);
    }

    pub(crate) fn act(self, act: Act) {
        self.order(Order::Do(act));
    }

    pub(crate) fn lead(self, lead: Lead) {
        self.act(Act::Lead(lead));
    }
}
