//! What this node serves of rooms that are on others: their viewers, in rooms of the media core that have the name of a stage.

use super::message::{Answer, Join, MANY, Message, Pulse, Seen, written};
use super::{Line, malformed};
use crate::webinar::media::{Event, Media, PeerId, Refused, Role, RoomId};
use async_nats::{Subject, Subscriber};
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, MissedTickBehavior, interval};
use uuid::Uuid;

/// An origin that is not heard for so long is gone: it says three times a second how its stage stands.
const SILENT: Duration = Duration::from_secs(5);
/// What is proved of viewers is told so often.
const TOLD: Duration = Duration::from_secs(1);
/// Stages that are shown at a time, at most.
const STAGES: usize = 200;
/// A stage that nobody here watches is left after so long.
const IDLE: Duration = Duration::from_secs(15);

/// The stages that are shown here.
#[derive(Debug, Clone)]
pub struct Relay(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    node: String,
    line: Line,
    media: Media,
    stages: Mutex<BTreeMap<Uuid, Stage>>,
    /// Viewers of other nodes' rooms.
    served: AtomicU32,
}

#[derive(Debug, Clone)]
struct Stage {
    room: Uuid,
    origin: String,
    viewers: u32,
    /// When somebody last came.
    last: Instant,
}

impl Relay {
    pub fn new(node: String, line: Line, media: Media) -> Self {
        let (stages, served) = (Mutex::default(), AtomicU32::new(0));
        Self(Arc::new(Inner { node, line, media, stages, served }))
    }

    /// Browsers that this node serves picture and sound to, of whatever room.
    pub fn peers(&self) -> u32 {
        u32::try_from(self.0.media.totals().peers).unwrap_or(u32::MAX)
    }

    /// Tells what is counted.
    pub fn measure(&self) {
        let totals = self.0.media.totals();
        metrics::gauge!("socle_relayed_viewers").set(self.0.served.load(Ordering::Relaxed));
        metrics::counter!("socle_cascade_packets_dropped_total").absolute(totals.unrelayed);
        metrics::counter!("socle_cascade_messages_dropped_total").absolute(totals.unfed);
        metrics::counter!("socle_cascade_messages_refused_total").absolute(totals.malformed);
    }

    /// Does what an origin asks.
    pub async fn obey(&self, asked: Message, reply: Option<Subject>) {
        let (stage, peer) = match &asked {
            Message::Join(join) => (join.stage, join.peer),
            Message::Show { stage, peer, .. } | Message::Leave { stage, peer } => (*stage, *peer),
            Message::Seen(_) | Message::Wanted { .. } => return,
        };
        let (room, peer, media) = (RoomId(stage), PeerId(peer), &self.0.media);
        match asked {
            Message::Join(join) => {
                let Some(reply) = reply else { return malformed() };
                if !self.watches(&join).await {
                    return;
                }
                let relay = self.clone();
                tokio::spawn(async move {
                    let answer = relay.join(join).await;
                    relay.0.line.say(reply, written(&answer)).await;
                });
            }
            // A room of this node's own has another name.
            _ if !self.0.stages.lock().await.contains_key(&stage) => {}
            Message::Show { shown, .. } => {
                media.choose(room, peer, shown.pictures());
                media.show(room, peer, shown.sharpness());
            }
            Message::Leave { .. } => media.leave(room, peer),
            Message::Seen(_) | Message::Wanted { .. } => {}
        }
    }

    /// Makes sure that the stage comes here, before anybody is to see it. Gives whether it does.
    async fn watches(&self, join: &Join) -> bool {
        let mut stages = self.0.stages.lock().await;
        if let Some(known) = stages.get_mut(&join.stage) {
            known.last = Instant::now();
            return true;
        }
        if stages.len() >= STAGES {
            return false;
        }
        let heard = self.0.line.client.subscribe(self.0.line.stage(join.stage)).await;
        let Ok(heard) = heard.inspect_err(|error| tracing::warn!(%error, "A stage cannot be heard over NATS")) else {
            return false;
        };
        let (room, origin) = (join.room, join.origin.clone());
        stages.insert(join.stage, Stage { room, origin, viewers: 0, last: Instant::now() });
        tokio::spawn(Arc::clone(&self.0).follow(join.stage, heard));
        true
    }

    async fn join(&self, join: Join) -> Answer {
        let (room, peer) = (RoomId(join.stage), PeerId(join.peer));
        let media = &self.0.media;
        match media.join(room, peer, Role::Viewer, &join.sdp, Vec::new()).await {
            Ok(sdp) => {
                media.choose(room, peer, join.shown.pictures());
                media.show(room, peer, join.shown.sharpness());
                Answer::Answered { sdp }
            }
            Err(Refused::Offer(_) | Refused::NotAllowed(_)) => Answer::Refused,
            Err(Refused::RoomFull | Refused::StageFull | Refused::Stopped) => Answer::Full,
        }
    }

    /// Something happened in media: whether it is of a stage of another node.
    pub async fn happened(&self, event: &Event) -> bool {
        let Some(stage) = self.0.stages.lock().await.get(&event.room().0).cloned() else { return false };
        if let Event::Wanted { wanted, .. } = event {
            let said = written(&Message::wanted(stage.room, *wanted));
            self.0.line.say(self.0.line.node(&stage.origin), said).await;
        }
        true
    }
}

impl Inner {
    /// Shows a stage here until its origin is gone, or nobody watches it.
    async fn follow(self: Arc<Self>, stage: Uuid, mut heard: Subscriber) {
        let mut ticks = interval(TOLD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = Instant::now();
        loop {
            tokio::select! {
                came = heard.next() => match came {
                    Some(came) if !came.payload.is_empty() => {
                        last = Instant::now();
                        self.media.feed(RoomId(stage), came.payload);
                    }
                    // The origin has ended it, or NATS is closed.
                    _ => break,
                },
                _ = ticks.tick() => {
                    if last.elapsed() > SILENT {
                        tracing::warn!(%stage, "The origin of a stage is not heard any more: its viewers are let go");
                        break;
                    }
                    if !self.tell(stage).await {
                        return;
                    }
                }
            }
        }
        let mut stages = self.stages.lock().await;
        stages.remove(&stage);
        self.count(&stages);
        self.media.empty(RoomId(stage));
    }

    /// Tells the origin what is proved of its viewers here. Gives whether there are any, or may be soon.
    async fn tell(&self, stage: Uuid) -> bool {
        let proved = self.media.evidence(RoomId(stage));
        let mut stages = self.stages.lock().await;
        let Some(known) = stages.get_mut(&stage) else { return false };
        known.viewers = u32::try_from(proved.len()).unwrap_or(u32::MAX);
        if proved.is_empty() && known.last.elapsed() > IDLE {
            // Whoever comes now finds it gone, and begins it anew.
            stages.remove(&stage);
            self.count(&stages);
            return false;
        }
        let known = known.clone();
        self.count(&stages);
        drop(stages);
        let peers = proved.into_iter().take(MANY).map(|(peer, evidence)| Pulse::of(peer, evidence)).collect();
        let seen = Seen { stage, room: known.room, node: self.node.clone(), peers };
        self.line.say(self.line.node(&known.origin), written(&Message::Seen(seen))).await;
        true
    }

    fn count(&self, stages: &BTreeMap<Uuid, Stage>) {
        self.served.store(stages.values().map(|stage| stage.viewers).sum(), Ordering::Relaxed);
    }
}
