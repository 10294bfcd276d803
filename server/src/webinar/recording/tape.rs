//! What runs while a room is recorded, or watched live: one task a room.
//!
//! Media hands it frames through a bounded channel and never waits for it; it hands clusters to a thread that writes, and
//! never waits for the disk. Where the disk does not take them, recording stops and the webinar goes on.

use super::file::{self, Write};
use super::live::{Edition, Live, Watching};
use super::reel::Reel;
use crate::app::App;
use crate::webinar::lease::{Lease, is_lost};
use crate::webinar::media::{self, Heard, Media, RoomId};
use crate::webinar::session::Command;
use domain::ids::WebinarId;
use domain::webinar::recording::{Block, Muxer, Track};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// Between two looks at what is whole.
const TICK: Duration = Duration::from_millis(100);
/// What was added to the file is put on disk every so many of them.
const SYNC: u32 = 10;
/// Without anybody who watches, nothing is told live any more after so many, half a minute; and it ends where it writes
/// nothing either.
const UNWATCHED: u32 = 300;
/// Clusters that wait for the disk: half a minute of them.
const CLUSTERS: usize = 64;
/// Orders that wait.
const ORDERS: usize = 64;

/// What it is told.
#[derive(Debug)]
pub enum Order {
    /// Writes what comes to that file, from now on or after what it holds. Time zero of the file is when it `began`.
    Record {
        part: PathBuf,
        began: Timestamp,
        /// For as long as the room is this node's, where several serve.
        lease: Option<Lease>,
        paused: bool,
    },
    Pause(bool),
    /// Something happens in the room.
    Note {
        at: Timestamp,
        text: String,
    },
    /// Writes no more. What was written is on disk when it is said.
    Stop {
        done: oneshot::Sender<()>,
    },
    /// Writes no more, and nothing of what came: the file is another node's.
    Leave,
    /// Whether a file is being written.
    Writes {
        answer: oneshot::Sender<bool>,
    },
    Watch {
        edition: Edition,
        answer: oneshot::Sender<Watching>,
    },
}

/// The file that is being written.
#[derive(Debug)]
struct Writing {
    muxer: Muxer,
    began: Timestamp,
    lease: Option<Lease>,
    /// Milliseconds of the file at this task's time zero.
    ahead: i64,
    paused: bool,
    /// Pictures of which a keyframe has come since it goes on.
    open: BTreeSet<Track>,
    out: mpsc::Sender<Write>,
    ended: JoinHandle<io::Result<()>>,
}

/// The task.
#[derive(Debug)]
struct Tape {
    app: App,
    webinar: WebinarId,
    media: Media,
    reel: Reel,
    writing: Option<Writing>,
    /// While somebody watches, and a little longer.
    live: Option<Live>,
    /// Time zero, by the clock on the wall, in milliseconds since 1970.
    began: i64,
    ticks: u32,
    unwatched: u32,
}

/// Starts it. It ends by itself when it has nothing to do.
///
/// # Errors
/// When media cannot be started.
pub async fn start(app: &App, webinar: WebinarId) -> anyhow::Result<mpsc::Sender<Order>> {
    let media = app.rooms.media(app).await?.clone();
    let heard = media.tap(RoomId(webinar.0));
    let (orders, told) = mpsc::channel(ORDERS);
    let tape = Tape {
        app: app.clone(),
        webinar,
        reel: Reel::new(media::clock()),
        writing: None,
        live: None,
        began: app.clock.now().as_millisecond(),
        media,
        ticks: 0,
        unwatched: 0,
    };
    tokio::spawn(tape.run(heard, told));
    Ok(orders)
}

impl Tape {
    async fn run(mut self, mut heard: mpsc::Receiver<Heard>, mut orders: mpsc::Receiver<Order>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => {
                        self.hear(&mut heard);
                        self.obey(order).await;
                    }
                    None => break,
                },
                why = ended(&mut self.writing) => self.fail(&why).await,
                _ = ticks.tick() => {
                    if !self.hear(&mut heard) {
                        // Media has stopped, or another listens.
                        break;
                    }
                    self.tick().await;
                    if self.unwatched > UNWATCHED && self.writing.is_none() {
                        // What was said between the last look and now is done before the end.
                        orders.close();
                    }
                }
            }
        }
        self.stop().await;
    }

    async fn obey(&mut self, order: Order) {
        self.unwatched = 0;
        match order {
            Order::Record { part, began, lease, paused } => self.record(part, began, lease, paused),
            Order::Leave => drop(self.writing.take()),
            Order::Pause(paused) => {
                if let Some(writing) = &mut self.writing {
                    writing.paused = paused;
                    writing.open.clear();
                    self.media.refresh(RoomId(self.webinar.0));
                }
            }
            Order::Note { at, text } => {
                if let Some(writing) = &mut self.writing {
                    let time = millis(at.as_millisecond() - writing.began.as_millisecond());
                    let data = text.into_bytes();
                    writing.muxer.push(Block { track: Track::Events, time, keyframe: true, data });
                }
            }
            Order::Stop { done } => {
                self.stop().await;
                let _ = done.send(());
            }
            Order::Writes { answer } => {
                let _ = answer.send(self.writing.is_some());
            }
            Order::Watch { edition, answer } => {
                let _ = answer.send(self.live().watch(edition));
            }
        }
    }

    /// What is told live. It begins with a keyframe that is asked for, unless somebody watches already.
    fn live(&mut self) -> &Live {
        let Self { live, media, began, webinar, .. } = self;
        live.get_or_insert_with(|| {
            media.refresh(RoomId(webinar.0));
            Live::new(*began)
        })
    }

    fn record(&mut self, part: PathBuf, began: Timestamp, lease: Option<Lease>, paused: bool) {
        if self.writing.is_some() {
            return;
        }
        let now = self.reel.time(media::clock());
        let since = self.app.clock.now().as_millisecond() - began.as_millisecond();
        let (out, coming) = mpsc::channel(CLUSTERS);
        let began_at = began.as_millisecond();
        let ended = tokio::task::spawn_blocking(move || file::write(&part, began_at, coming));
        self.writing = Some(Writing {
            muxer: Muxer::new(Track::Stage, millis(since)),
            began,
            lease,
            ahead: since - i64::try_from(now).unwrap_or_default(),
            paused,
            open: BTreeSet::new(),
            out,
            ended,
        });
        self.media.refresh(RoomId(self.webinar.0));
    }

    /// Takes what came, and gives whether more may come. It looks at each tick: nothing is told or written between two.
    fn hear(&mut self, heard: &mut mpsc::Receiver<Heard>) -> bool {
        loop {
            match heard.try_recv() {
                Ok(heard) => self.take(heard),
                Err(why) => return why == mpsc::error::TryRecvError::Empty,
            }
        }
    }

    fn take(&mut self, heard: Heard) {
        let Some(block) = self.reel.take(heard) else { return };
        if let Some(live) = &mut self.live {
            live.take(&block);
        }
        if let Some(writing) = &mut self.writing {
            writing.take(block);
        }
    }

    async fn tick(&mut self) {
        self.ticks = self.ticks.wrapping_add(1);
        let now = self.reel.time(media::clock());
        if let Some(live) = &mut self.live {
            live.advance(now);
        }
        let watched = self.live.as_ref().is_some_and(Live::is_watched);
        self.unwatched = if watched { 0 } else { self.unwatched + 1 };
        if self.unwatched > UNWATCHED {
            self.live = None;
        }
        let sync = self.ticks.is_multiple_of(SYNC);
        if self.writing.as_ref().is_some_and(|writing| is_lost(writing.lease.as_ref())) {
            return drop(self.writing.take());
        }
        if let Some(writing) = &mut self.writing
            && !writing.advance(now, sync)
        {
            self.fail("le disque n’écrit pas assez vite").await;
        }
    }

    /// Says why nothing more is recorded. What was written stays, and can be played.
    async fn fail(&mut self, why: &str) {
        let Some(writing) = self.writing.take() else { return };
        drop(writing.out);
        tracing::error!(webinar = %self.webinar, why, "A recording stopped; the webinar goes on");
        metrics::counter!("socle_recordings_failed_total").increment(1);
        let why = format!("L’enregistrement s’est arrêté\u{a0}: {why}.");
        if let Err(error) = super::note_failure(&self.app, self.webinar, why.clone()).await {
            tracing::error!(webinar = %self.webinar, %error, "Why a recording stopped could not be noted");
        }
        self.app.rooms.tell_open(self.webinar, Command::NotRecorded { why }).await;
    }

    /// Puts all that came on disk, and closes the file.
    async fn stop(&mut self) {
        let Some(Writing { mut muxer, out, ended, .. }) = self.writing.take() else { return };
        for chunk in muxer.finish() {
            if out.send(Write::Cluster(chunk.bytes)).await.is_err() {
                break;
            }
        }
        drop(out);
        match ended.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(webinar = %self.webinar, %error, "The end of a recording could not be written");
            }
            Err(error) => tracing::error!(webinar = %self.webinar, %error, "A recording's writer failed"),
        }
    }
}

impl Writing {
    fn take(&mut self, mut block: Block) {
        if self.paused {
            return;
        }
        if block.track.is_picture() && !self.open.contains(&block.track) {
            if !block.keyframe {
                return;
            }
            self.open.insert(block.track);
        }
        block.time = self.place(block.time);
        self.muxer.push(block);
    }

    /// Hands over what is whole. Gives whether the writer keeps up.
    fn advance(&mut self, now: u64, sync: bool) -> bool {
        let now = self.place(now);
        let whole = self.muxer.advance(now).into_iter().map(|chunk| Write::Cluster(chunk.bytes));
        let mut writes = whole.chain(sync.then_some(Write::Sync));
        // One that has ended tells why by itself.
        writes.all(|write| !matches!(self.out.try_send(write), Err(mpsc::error::TrySendError::Full(_))))
    }

    /// That time of the task, in the file.
    fn place(&self, time: u64) -> u64 {
        time.saturating_add_signed(self.ahead)
    }
}

/// Why the writer ended before it was asked to.
async fn ended(writing: &mut Option<Writing>) -> String {
    match writing {
        Some(writing) => match (&mut writing.ended).await {
            Ok(Ok(())) => "son fichier s’est fermé".to_owned(),
            Ok(Err(error)) if error.kind() == io::ErrorKind::StorageFull => "le disque du serveur est plein".to_owned(),
            Ok(Err(error)) => format!("le disque du serveur a refusé d’écrire ({error})"),
            Err(_) => "une faute du programme".to_owned(),
        },
        None => std::future::pending().await,
    }
}

fn millis(time: i64) -> u64 {
    u64::try_from(time).unwrap_or_default()
}
