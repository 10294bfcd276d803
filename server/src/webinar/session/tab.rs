//! One browser tab in a room.

use super::afar::Served;
use crate::webinar::media;
use axum::extract::ws::Utf8Bytes;
use domain::ids::PersonId;
use domain::webinar::Who;
use domain::webinar::presence::Watch;
use domain::webinar::signal::{Bye, FromServer, MediaKind, Pictures, Present, Shown};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Instant;
use tokio::sync::{mpsc, watch};

/// Messages that may wait for a slow line; one that has more waiting is dropped, and comes back.
pub const WAITING: usize = 1024;
/// A tab may say so much at once, and so much a second.
const BURST: f64 = 60.0;
const A_SECOND: f64 = 15.0;

/// A WebSocket's writing end.
#[derive(Debug, Clone)]
pub struct Line {
    /// Tells lines apart: the old one of a tab from its new one.
    pub number: u64,
    pub out: mpsc::Sender<Utf8Bytes>,
}

/// What is known of a tab's line over HTTPS.
#[derive(Debug, Clone, Copy, Default)]
pub struct Received {
    /// When it last proved that it received something.
    pub at: Option<Instant>,
    /// Whether it carries too little for pictures, once that is known.
    pub thin: Option<bool>,
}

/// The room's end of a line over HTTPS.
#[derive(Debug)]
pub struct Direct {
    pub received: watch::Receiver<Received>,
    pub chosen: watch::Sender<media::Pictures>,
}

/// The other end.
#[derive(Debug)]
pub struct Link {
    pub received: watch::Sender<Received>,
    /// What the tab wants to be shown.
    pub chosen: watch::Receiver<media::Pictures>,
}

/// One browser tab, with a line or waiting for one.
#[derive(Debug)]
pub struct Tab {
    pub who: Who,
    /// Where they work.
    pub place: String,
    /// The hash of their session's secret: the tab goes with the session.
    pub login: String,
    pub line: Option<Line>,
    /// When the browser last said anything.
    pub heard: Timestamp,
    /// When the line was lost.
    pub lost: Option<Timestamp>,
    /// What it sends, as last offered.
    pub sends: Vec<MediaKind>,
    /// How sharp it needs the picture of each seat, and what it wants to be shown at all.
    pub shown: Vec<Shown>,
    pub pictures: Pictures,
    /// Its line carries too little for pictures.
    pub thin: bool,
    /// Whether it shows stills, and the last one, as it was told; and whether it was told to draw them.
    pub stills: (bool, Option<u64>),
    pub draws: bool,
    /// Of whoever sits before it.
    pub watches: BTreeMap<PersonId, Watch>,
    /// Where picture and sound go to it over HTTPS. That line ends with this.
    pub direct: Option<Direct>,
    /// Where they come from else, and the number of its last offer.
    pub served: Served,
    pub turn: u32,
    /// It was told to make a new connection, and has not offered one yet.
    pub anew: bool,
    budget: f64,
    filled: Timestamp,
    /// What it said that is not of the protocol.
    pub misspoken: u32,
}

impl Tab {
    /// A new tab.
    pub fn new(who: Who, place: String, login: String, line: Line, now: Timestamp) -> Self {
        Self {
            who,
            place,
            login,
            line: Some(line),
            heard: now,
            lost: None,
            sends: Vec::new(),
            shown: Vec::new(),
            pictures: Pictures::default(),
            thin: false,
            stills: (false, None),
            draws: false,
            watches: BTreeMap::new(),
            direct: None,
            served: Served::None,
            turn: 0,
            anew: false,
            budget: BURST,
            filled: now,
            misspoken: 0,
        }
    }

    /// Says something to the browser. A line that cannot take it is given up: the browser comes back to what it
    /// missed, and nobody waits for it.
    pub fn say(&mut self, text: Utf8Bytes) {
        if self.line.as_ref().is_some_and(|line| line.out.try_send(text).is_err()) {
            metrics::counter!("socle_room_lines_dropped_total").increment(1);
            self.line = None;
        }
    }

    /// Has the browser make a new connection: what it has leads nowhere. Where its line is lost, it is so told when it is back.
    pub fn connect_anew(&mut self) {
        self.anew = true;
        self.say(json(&FromServer::ConnectAnew));
    }

    /// The last words; then the line is closed.
    pub fn bye(&mut self, why: Bye) {
        self.say(json(&FromServer::Bye { why }));
        (self.line, self.direct) = (None, None);
    }

    /// Whether it may say one more thing now.
    pub fn may_speak(&mut self, now: Timestamp) -> bool {
        let passed = now.duration_since(self.filled).as_secs_f64().max(0.0);
        self.filled = now;
        self.budget = (self.budget + passed * A_SECOND).min(BURST);
        if self.budget < 1.0 {
            return false;
        }
        self.budget -= 1.0;
        true
    }

    /// Who sits there, as the others are told.
    pub fn present(&self) -> Present {
        Present {
            person: self.who.person,
            name: self.who.name.clone(),
            place: self.place.clone(),
            trainer: self.who.trainer,
        }
    }
}

/// The message as it travels.
pub fn json(said: &FromServer) -> Utf8Bytes {
    serde_json::to_string(said).unwrap_or_default().into()
}
