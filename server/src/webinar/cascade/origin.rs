//! A room's origin: its stage is sent on while viewers of it are on other nodes.

use super::{Cascade, Line};
use crate::webinar::media::{Media, RoomId};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Batches that go in one message, at most.
const TOGETHER: usize = 16;
/// Bytes after which no other batch joins a message.
const LARGE: usize = 64 * 1024;

/// That a room's stage is sent on; it ends when this is dropped, and relays are told so.
#[derive(Debug)]
pub struct Stage {
    pub id: Uuid,
    _ends: oneshot::Sender<()>,
}

impl Cascade {
    /// Begins to send a room's stage on, under a name of its own; nothing where there is no NATS.
    pub(crate) fn send_on(&self, media: &Media, room: RoomId) -> Option<Stage> {
        let inner = self.0.as_ref()?;
        let (id, (ends, ended)) = (inner.dice.uuid(), oneshot::channel());
        tokio::spawn(send_on(inner.line.clone(), id, media.cascade(room), ended));
        Some(Stage { id, _ends: ends })
    }

    /// The name of this node.
    pub(crate) fn me(&self) -> Option<&str> {
        self.0.as_ref().map(|inner| inner.node.as_str())
    }
}

async fn send_on(line: Line, stage: Uuid, mut batches: mpsc::Receiver<Vec<u8>>, mut ended: oneshot::Receiver<()>) {
    let subject = line.stage(stage);
    let mut together = Vec::with_capacity(TOGETHER);
    loop {
        let came = tokio::select! {
            biased;
            _ = &mut ended => 0,
            came = batches.recv_many(&mut together, TOGETHER) => came,
        };
        if came == 0 {
            break;
        }
        let mut batch = Vec::new();
        for next in together.drain(..) {
            if !batch.is_empty() && batch.len() + next.len() > LARGE {
                publish(&line, &subject, std::mem::take(&mut batch)).await;
            }
            if batch.is_empty() {
                batch = next;
            } else {
                batch.extend_from_slice(&next);
            }
        }
        publish(&line, &subject, batch).await;
    }
    // An empty message: nothing comes any more.
    line.say(subject, Vec::new()).await;
}

async fn publish(line: &Line, subject: &async_nats::Subject, batch: Vec<u8>) {
    // The channel fills where this waits, and what has no room in it is lost: media waits for nobody.
    if !line.say(subject.clone(), batch).await {
        metrics::counter!("socle_cascade_batches_dropped_total").increment(1);
    }
}
