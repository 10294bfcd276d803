//! A trainer who shows and speaks without end, and agents who watch, connect anew where they are told to, and come back.

use domain::ids::WebinarId;
use domain::webinar::signal::{ActId, FromServer};
use domain::webinar::{Act, Lead};
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use server::webinar::media::{Kind, RoomId};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::Client;
use support::dice::new_uuid;
use support::guest::Guest;
use support::peer::Peer;
use support::peer::light::{AUDIO, Head, LightPeer, Passport, VIDEO, candidates, offer, source};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// Picture and sound that came since are those of now.
const MOMENT: Duration = Duration::from_millis(700);

/// The port over which an answer says that media is reached: a node's own.
fn port(answer: &str) -> u16 {
    candidates(answer, "udp")[0].port()
}

/// Somebody in the room, who acts on their own.
pub struct Somebody {
    known: Arc<Mutex<Known>>,
    said: mpsc::UnboundedSender<Act>,
    task: JoinHandle<()>,
}

/// What is known of them.
#[derive(Default)]
struct Known {
    port: Option<u16>,
    peer: Option<Arc<Peer>>,
    /// How many connections of media they made, and how many times they were told to make one anew.
    connections: u32,
    anew: u32,
    heard: Vec<String>,
}

impl Drop for Somebody {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Somebody {
    fn known<T>(&self, read: impl FnOnce(&Known) -> T) -> T {
        read(&self.known.lock().expect("alive"))
    }

    /// The port of the node that serves them picture and sound.
    pub fn port(&self) -> Option<u16> {
        self.known(|known| known.port)
    }

    pub fn connections(&self) -> u32 {
        self.known(|known| known.connections)
    }

    pub fn anew(&self) -> u32 {
        self.known(|known| known.anew)
    }

    /// What they read in the discussion.
    pub fn heard(&self) -> Vec<String> {
        self.known(|known| known.heard.clone())
    }

    /// They do that.
    pub fn act(&self, act: Act) {
        self.said.send(act).expect("is in the room");
    }

    /// Whether picture and sound came within the last moment, over the connection that they have now.
    pub fn sees(&self) -> bool {
        self.known(|known| known.peer.as_ref().is_some_and(|peer| peer.receives(MOMENT)))
    }

    /// Their connection of media.
    pub fn peer(&self) -> Option<Arc<Peer>> {
        self.known(|known| known.peer.clone())
    }
}

/// An agent who watches.
pub async fn agent(client: Client, webinar: WebinarId) -> Somebody {
    let guest = Guest::enter(&client, webinar).await.expect("comes in");
    let (known, (said, wants)) = (Arc::new(Mutex::new(Known::default())), mpsc::unbounded_channel());
    let task = tokio::spawn(watch(client, webinar, guest, Arc::clone(&known), wants));
    Somebody { known, said, task }
}

async fn watch(
    client: Client,
    webinar: WebinarId,
    mut guest: Guest,
    known: Arc<Mutex<Known>>,
    mut wants: mpsc::UnboundedReceiver<Act>,
) {
    connect(&mut guest, webinar, &known).await;
    loop {
        let heard = tokio::select! {
            act = wants.recv() => {
                let Some(act) = act else { return };
                let _ = guest.try_act(ActId(new_uuid()), act).await;
                continue;
            }
            heard = guest.hear() => heard,
        };
        {
            let texts = guest.room.messages.values().map(|message| message.text.clone()).collect();
            known.lock().expect("alive").heard = texts;
        }
        match heard {
            Some(FromServer::ConnectAnew) => {
                known.lock().expect("alive").anew += 1;
                connect(&mut guest, webinar, &known).await;
            }
            Some(_) => {}
            None => {
                known.lock().expect("alive").peer = None;
                guest = Guest::come_back(&client, webinar, guest.tab).await.expect("is let in again");
                if !guest.kept {
                    connect(&mut guest, webinar, &known).await;
                }
            }
        }
    }
}

/// Makes a new connection, as often as it takes.
async fn connect(guest: &mut Guest, webinar: WebinarId, known: &Arc<Mutex<Known>>) {
    known.lock().expect("alive").peer = None;
    let (mut peer, answer) = loop {
        let mut peer = Peer::new(RoomId(webinar.0), 2, &[]).await;
        let (sdp, sends) = peer.offer().await;
        match guest.try_offer(sdp, &sends).await {
            Some(Ok(answer)) => break (peer, answer),
            None if guest.said.last() == Some(&FromServer::ConnectAnew) => {}
            Some(Err(_)) | None => return,
        }
    };
    peer.take_answer(answer.clone()).await;
    let mut known = known.lock().expect("alive");
    (known.port, known.peer) = (Some(port(&answer)), Some(Arc::new(peer)));
    known.connections += 1;
}

/// The trainer: shows pictures and speaks, and makes a keyframe only where one is asked for.
pub async fn trainer(client: Client, webinar: WebinarId) -> Somebody {
    let mut guest = Guest::enter(&client, webinar).await.expect("comes in");
    guest.act(Act::Lead(Lead::GoLive)).await.expect("begins");
    let (known, (said, mut wants)) = (Arc::new(Mutex::new(Known::default())), mpsc::unbounded_channel());
    let told = Arc::clone(&known);
    let task = tokio::spawn(async move {
        loop {
            let performing = performs(&mut guest).await;
            let performing = performing.map(|(port, performing)| {
                told.lock().expect("alive").port = Some(port);
                performing
            });
            let over = loop {
                tokio::select! {
                    act = wants.recv() => match act {
                        Some(act) => drop(guest.try_act(ActId(new_uuid()), act).await),
                        None => break true,
                    },
                    heard = guest.hear() => {
                        let texts = guest.room.messages.values().map(|message| message.text.clone()).collect();
                        told.lock().expect("alive").heard = texts;
                        if heard.is_none() {
                            break false;
                        }
                    }
                }
            };
            if let Some(performing) = performing {
                performing.abort();
            }
            if over {
                return;
            }
            guest = Guest::come_back(&client, webinar, guest.tab).await.expect("is let in again");
        }
    });
    Somebody { known, said, task }
}

async fn performs(guest: &mut Guest) -> Option<(u16, JoinHandle<()>)> {
    let passport = Passport::new().expect("a certificate");
    let (sdp, sends) = offer(&passport, 0, &[Kind::Camera, Kind::Microphone]);
    let answer = guest.try_offer(sdp, &sends).await?.expect("admitted");
    let peer = LightPeer::connect(&passport, &answer, None).await.expect("connects");
    Some((port(&answer), tokio::spawn(perform(peer))))
}

async fn perform(mut peer: LightPeer) {
    let mut beat = interval(Duration::from_millis(20));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut keyframe, mut buffer) = (true, [0; 2000]);
    for number in 0_u32.. {
        beat.tick().await;
        while let Ok(length) = peer.socket.try_recv(&mut buffer) {
            if let [128..=191, 192..=223, ..] = buffer[..length] {
                let packets = peer.open_control(&buffer[..length]).unwrap_or_default();
                keyframe |= packets.iter().any(|packet| packet.as_any().is::<PictureLossIndication>());
            }
        }
        let [.., high, low] = number.to_be_bytes();
        let sequence = u16::from_be_bytes([high, low]);
        let (ssrc, timestamp) = (source(Kind::Microphone), number.wrapping_mul(960));
        let sound = Head { ssrc, sequence, timestamp, payload_type: AUDIO, marker: false };
        let sent = peer.send(sound, &[[7; 4], number.to_be_bytes()].concat()).await;
        let mut payload = vec![0x90, 0xe0, 0x80 | (high & 0x7f), low, low, 0x20, u8::from(!keyframe), 0, 0];
        payload.resize(900, 0);
        payload.extend_from_slice(&number.to_be_bytes());
        let (ssrc, timestamp) = (source(Kind::Camera), number.wrapping_mul(1800));
        let picture = Head { ssrc, sequence, timestamp, payload_type: VIDEO, marker: true };
        if sent.is_err() || peer.send(picture, &payload).await.is_err() {
            return; // the node is gone
        }
        keyframe = false;
        if number.is_multiple_of(100) {
            let _ = peer.check().await;
        }
    }
}
