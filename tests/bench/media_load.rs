//! A trainer who shares a screen and speaks, and viewers who count what comes.

use crate::report::Durations;
use anyhow::Context as _;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::reception_report::ReceptionReport;
use server::webinar::media::Kind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::peer::light::{AUDIO, Head, LightPeer, Passport, VIDEO, offer, source};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

/// What the trainer sends a second: 25 pictures of five packets, 50 sounds.
pub const PACKETS_A_SECOND: f64 = 175.0;
/// Packets of a picture, and of a keyframe; bytes in each.
const PICTURE: u32 = 5;
const KEYFRAME: u32 = 30;
const BYTES: usize = 1000;
/// Of the packets that come to a viewer who times them, one in so many is opened.
const SAMPLE: u64 = 5;

/// What the sections of an offer carry.
pub type Sends = Vec<(String, Kind)>;

/// A trainer on the air; off it when dropped.
pub struct Trainer(JoinHandle<()>);

impl Drop for Trainer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Puts a trainer on the air. Times in packets count from `epoch`; `signal` brings an offer to the server, and its
/// answer back.
pub async fn trainer(
    passport: &Passport,
    epoch: Instant,
    signal: impl AsyncFnOnce(String, Sends) -> anyhow::Result<String>,
) -> anyhow::Result<Trainer> {
    let (sdp, sends) = offer(passport, 0, &[Kind::Screen, Kind::Microphone]);
    let peer = LightPeer::connect(passport, &signal(sdp, sends).await?, None).await?;
    Ok(Trainer(tokio::spawn(async move {
        if let Err(error) = perform(peer, epoch).await {
            eprintln!("the trainer fell silent: {error:#}");
        }
    })))
}

async fn perform(mut peer: LightPeer, epoch: Instant) -> anyhow::Result<()> {
    let mut beat = interval(Duration::from_millis(20));
    let (mut pictures, mut sequence, mut keyframe) = (0_u32, 0_u16, true);
    let mut buffer = [0; 2000];
    for number in 0_u32.. {
        beat.tick().await;
        while let Ok(length) = peer.socket.try_recv(&mut buffer) {
            let datagram = &buffer[..length];
            if matches!(datagram, [128..=191, 192..=223, ..]) {
                let packets = peer.open_control(datagram)?;
                keyframe |= packets.iter().any(|packet| packet.as_any().is::<PictureLossIndication>());
            }
        }
        let mut sound = [0; 80];
        sound[..8].copy_from_slice(&nanos(epoch));
        #[expect(clippy::cast_possible_truncation, reason = "sequence numbers turn")]
        let head = Head {
            ssrc: source(Kind::Microphone),
            sequence: number as u16,
            timestamp: number.wrapping_mul(960),
            payload_type: AUDIO,
            marker: false,
        };
        peer.send(head, &sound).await?;
        if number.is_multiple_of(100) {
            peer.check().await?;
        }
        if number.is_multiple_of(2) {
            let packets = if keyframe { KEYFRAME } else { PICTURE };
            for packet in 0..packets {
                let payload = picture(pictures, packet == 0, keyframe, epoch);
                let (timestamp, marker) = (pictures.wrapping_mul(3600), packet + 1 == packets);
                let head = Head { ssrc: source(Kind::Screen), sequence, timestamp, payload_type: VIDEO, marker };
                peer.send(head, &payload).await?;
                sequence = sequence.wrapping_add(1);
            }
            (pictures, keyframe) = (pictures + 1, false);
        }
    }
    Ok(())
}

/// A packet of a picture: the VP8 descriptor, the first byte of a frame, and when it was sent.
fn picture(number: u32, first: bool, keyframe: bool, epoch: Instant) -> Vec<u8> {
    let [.., high, low] = number.to_be_bytes();
    let mut payload = vec![if first { 0x90 } else { 0x80 }, 0xe0, 0x80 | high, low, low, 0x20, u8::from(!keyframe), 0];
    payload.extend(nanos(epoch));
    payload.resize(BYTES, 0);
    payload
}

fn nanos(epoch: Instant) -> [u8; 8] {
    u64::try_from(epoch.elapsed().as_nanos()).unwrap_or_default().to_be_bytes()
}

/// What one viewer has counted.
#[derive(Debug, Default)]
pub struct Seen {
    received: AtomicU64,
    missed: AtomicU64,
    /// Whether delays are noted, and those that were.
    timing: AtomicBool,
    delays: Mutex<Vec<Duration>>,
}

/// One viewer; gone when dropped, without a word, as a lost connection is.
pub struct Viewer {
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What viewers have counted together.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    pub received: u64,
    pub missed: u64,
}

/// The sum of what they have counted so far.
pub fn sum(viewers: &[Viewer]) -> Sum {
    let add =
        |count: fn(&Seen) -> &AtomicU64| viewers.iter().map(|viewer| count(&viewer.seen).load(Ordering::Relaxed)).sum();
    Sum { received: add(|seen| &seen.received), missed: add(|seen| &seen.missed) }
}

/// Lets every so manieth viewer note delays from now on, or no more; gives those noted.
pub fn time(viewers: &[Viewer], step: usize, timing: bool) -> Vec<Duration> {
    let noted = viewers.iter().step_by(step).map(|viewer| {
        viewer.seen.timing.store(timing, Ordering::Relaxed);
        viewer.seen.delays.lock().map(|mut delays| std::mem::take(&mut *delays)).unwrap_or_default()
    });
    noted.flatten().collect()
}

/// Joins, and waits for the first whole picture. Gives how long that took, from the first word of the signalling on.
/// The viewer then counts in the runtime given.
pub async fn viewer(
    passport: Passport,
    epoch: Instant,
    runtime: &Handle,
    signal: impl AsyncFnOnce(String, Sends) -> anyhow::Result<String>,
) -> anyhow::Result<(Viewer, Duration)> {
    let (sdp, sends) = offer(&passport, 2, &[]);
    let asked = Instant::now();
    let answer = signal(sdp, sends).await?;
    let connecting = async move { LightPeer::connect(&passport, &answer, None).await };
    let peer = runtime.spawn(connecting).await??;
    let seen = Arc::new(Seen::default());
    let (shown, first) = oneshot::channel();
    let watching = Watching {
        peer,
        seen: Arc::clone(&seen),
        epoch,
        next: [None; 2],
        highest: [None; 2],
        shown: Some(shown),
        opened: 0,
    };
    let task = runtime.spawn(async move {
        if let Err(error) = watching.watch().await {
            eprintln!("a viewer saw the end: {error:#}");
        }
    });
    let viewer = Viewer { seen, task };
    let first = timeout(Duration::from_secs(10), first).await.context("no picture")??;
    Ok((viewer, first - asked))
}

/// Lets that many come, spread evenly over that time. Gives those who came, by place, how long each waited for the
/// first picture, and how many never saw one.
pub async fn crowd<Coming>(
    count: usize,
    over: Duration,
    mut come: impl FnMut(usize) -> Coming,
) -> anyhow::Result<(Vec<Viewer>, Durations, u32)>
where
    Coming: Future<Output = anyhow::Result<(Viewer, Duration)>> + Send + 'static,
{
    let (begin, mut coming) = (Instant::now(), Vec::new());
    for place in 0..count {
        let at = begin + over.mul_f64(f64::from(u32::try_from(place)?) / f64::from(u32::try_from(count)?));
        let one = come(place);
        coming.push(tokio::spawn(async move {
            sleep_until(at).await;
            one.await
        }));
    }
    let (mut viewers, mut waits, mut failures) = (Vec::new(), Vec::new(), 0);
    for one in coming {
        match one.await.map_err(anyhow::Error::from).and_then(|came| came) {
            Ok((viewer, wait)) => {
                viewers.push(viewer);
                waits.push(wait);
            }
            Err(error) => {
                eprintln!("media: a join failed: {error:#}");
                failures += 1;
            }
        }
    }
    Ok((viewers, Durations::new(waits), failures))
}

struct Watching {
    peer: LightPeer,
    seen: Arc<Seen>,
    epoch: Instant,
    /// By picture and sound: the next number, and the highest one, extended.
    next: [Option<u16>; 2],
    highest: [Option<(u32, u32)>; 2],
    shown: Option<oneshot::Sender<Instant>>,
    /// Packets of a keyframe that came so far.
    opened: u32,
}

impl Watching {
    async fn watch(mut self) -> anyhow::Result<()> {
        let mut second = interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut buffer = [0; 2000];
        loop {
            tokio::select! {
                readable = self.peer.socket.readable() => {
                    readable?;
                    while let Ok(length) = self.peer.socket.try_recv(&mut buffer) {
                        self.take(&buffer[..length])?;
                    }
                }
                _ = second.tick() => self.second().await?,
            }
        }
    }

    fn take(&mut self, datagram: &[u8]) -> anyhow::Result<()> {
        let Some(head) = Head::read(datagram) else { return Ok(()) };
        let place = match head.payload_type {
            VIDEO => 0,
            AUDIO => 1,
            _ => return Ok(()),
        };
        let number = self.seen.received.fetch_add(1, Ordering::Relaxed);
        let ahead = self.next[place].map_or(0, |next| head.sequence.wrapping_sub(next));
        if ahead < 0x8000 {
            self.seen.missed.fetch_add(u64::from(ahead), Ordering::Relaxed);
            self.next[place] = Some(head.sequence.wrapping_add(1));
            let highest = self.highest[place].map_or(u32::from(head.sequence), |(_, last)| last + u32::from(ahead) + 1);
            self.highest[place] = Some((head.ssrc, highest));
        } else {
            self.seen.missed.fetch_sub(1, Ordering::Relaxed);
        }
        let opens = number.is_multiple_of(SAMPLE) && self.seen.timing.load(Ordering::Relaxed);
        if !opens && (self.shown.is_none() || place == 1) {
            return Ok(());
        }
        // A port may have been somebody else's, whose packets are under other keys.
        let Ok(payload) = self.peer.open(datagram) else { return Ok(()) };
        if opens {
            let at = if place == 0 { &payload[8..16] } else { &payload[..8] };
            let sent = Duration::from_nanos(u64::from_be_bytes(at.try_into()?));
            let delay = self.epoch.elapsed().saturating_sub(sent);
            self.seen.delays.lock().map_err(|_| anyhow::anyhow!("a reader panicked"))?.push(delay);
        }
        if place == 0 && self.shown.is_some() {
            let begins = payload[0] & 0x10 != 0 && payload[6] & 1 == 0;
            self.opened = if begins { 1 } else { self.opened + u32::from(self.opened > 0) };
            if head.marker
                && self.opened == KEYFRAME
                && let Some(shown) = self.shown.take()
            {
                let _ = shown.send(Instant::now());
            }
        }
        Ok(())
    }

    /// What a browser says each second: that it is there, and what it received.
    async fn second(&mut self) -> anyhow::Result<()> {
        self.peer.check().await?;
        let reports = self.highest.iter().flatten().map(|(ssrc, highest)| ReceptionReport {
            ssrc: *ssrc,
            last_sequence_number: *highest,
            ..ReceptionReport::default()
        });
        let reports: Vec<_> = reports.collect();
        if reports.is_empty() {
            return Ok(());
        }
        self.peer.send_control(&[Box::new(ReceiverReport { ssrc: 1, reports, ..ReceiverReport::default() })]).await
    }
}
