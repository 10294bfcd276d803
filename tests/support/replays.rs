//! Recorded webinars for tests, and browsers that play them without a picture.

use crate::meeting::{Meeting, run};
use crate::{Client, Page, Product, workspace};
use anyhow::Context as _;
use domain::ids::WebinarId;
use domain::webinar::presence::Span;
use domain::webinar::recording::{Block, Head, Muxer, Track};
use domain::webinar::replay::{Claim, Position, Report};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use server::app::App;
use server::webinar::presence;
use server::webinar::recording::{self, Recording, State};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use uuid::Uuid;

/// That webinar was recorded from that instant on, for so long; the recording is kept for a year.
pub async fn recorded(app: &App, webinar: WebinarId, from: Timestamp, length: SignedDuration) {
    let kept_until = jiff::civil::date(2027, 12, 1);
    let whole = Recording {
        webinar,
        state: State::Whole,
        started_at: from,
        length,
        bytes: 182_000_000,
        has_camera: false,
        kept_until,
        why: None,
        removed_at: None,
    };
    let kept = app.db.write(move |db| {
        Box::pin(async move {
            recording::store::begin(db, webinar, from, kept_until).await?;
            recording::store::save(db, whole).await
        })
    });
    kept.await.map_err(|error: server::error::Error| error.to_string()).expect("is recorded");
}

/// Puts the film of a recording where it is looked for; a short one of the course, without sound.
pub fn film(data: &Path, webinar: WebinarId) {
    let folder = data.join("recordings").join(webinar.to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    let film = workspace().join("content/mediation-numerique/07-donnees-et-droit/media/mandat.webm");
    std::fs::copy(film, folder.join("stage.webm")).expect("a film");
}

/// The recording of a webinar that is over is of those blocks, in the order of time, which last so many milliseconds, so many
/// times: left by a recorder, and completed by the server.
///
/// # Errors
/// When the disk or the database fails.
pub async fn film_of(app: &App, webinar: WebinarId, blocks: (&[Block], u64), times: u64) -> anyhow::Result<()> {
    let known = recording::of(app.db.reader(), webinar).await?.context("a recording")?;
    let part = app.config.data.join(format!("recordings/parts/{webinar}.stage.webm"));
    long_film(&part, known.started_at.as_millisecond(), blocks, times)?;
    is_running(app, webinar).await;
    Ok(recording::catch_up(app).await?)
}

/// Writes what the recorder leaves of a webinar that began then, in milliseconds since 1970: those blocks, in the order of
/// time, which last so many milliseconds, again and again.
///
/// # Errors
/// When the disk fails.
pub fn long_film(part: &Path, began: i64, (blocks, lasting): (&[Block], u64), times: u64) -> anyhow::Result<()> {
    if let Some(folder) = part.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut out = BufWriter::new(std::fs::File::create(part)?);
    out.write_all(&Head { tracks: &Track::ALL, began, size: None, completed: true }.write())?;
    let mut muxer = Muxer::new(Track::Stage, 0);
    for number in 0..times {
        for block in blocks {
            let time = block.time + number * lasting;
            muxer.push(Block { time, ..block.clone() });
            for chunk in muxer.advance(time) {
                out.write_all(&chunk.bytes)?;
            }
        }
    }
    for chunk in muxer.finish() {
        out.write_all(&chunk.bytes)?;
    }
    Ok(out.flush()?)
}

/// The recording of that webinar is as a server that stopped after the hour leaves it: the next one completes it.
pub async fn is_running(app: &App, webinar: WebinarId) {
    run(app, format!("UPDATE recording SET state = 'running' WHERE webinar = '{webinar}'")).await;
}

/// A webinar as long as the film, held an hour ago, which its one agent did not follow; recorded.
pub async fn missed(app: &App) -> Meeting {
    let meeting = Meeting::in_house(app, 1).await;
    let from = app.clock.now() - SignedDuration::from_hours(1);
    let to = from + FILM;
    let (id, live, closed) = (meeting.webinar, from.as_millisecond(), to.as_millisecond());
    let times = format!("starts_at = {live}, live_at = {live}, closed_at = {closed}");
    run(app, format!("UPDATE webinar SET {times} WHERE id = '{id}'")).await;
    presence::close(app, id, vec![Span { from, to }], to).await.expect("closes");
    recorded(app, id, from, FILM).await;
    meeting
}

/// How long that film lasts.
pub const FILM: SignedDuration = SignedDuration::from_secs(48);

impl Product {
    /// As [`recorded`].
    pub async fn recorded(&self, webinar: WebinarId, from: Timestamp, length: SignedDuration) {
        recorded(&self.app, webinar, from, length).await;
    }
}

/// A player that somebody opened; it reports as the page's script does.
pub struct Player<'p> {
    product: &'p Product,
    client: &'p Client,
    path: String,
    pub watch: Uuid,
}

impl<'p> Player<'p> {
    /// Opens it: the server knows it from now on.
    pub async fn open(product: &'p Product, client: &'p Client, webinar: WebinarId) -> Self {
        let path = format!("/webinaires/{webinar}/revoir/lecture");
        let player = Self { product, client, path, watch: product.app.dice.uuid() };
        let opened = player.report(Vec::new(), None).await;
        assert_eq!(opened.status, reqwest::StatusCode::OK, "{}", opened.body);
        player
    }

    /// The browser's clock, which is a day wrong.
    pub fn now(&self) -> i64 {
        self.product.app.clock.now().as_millisecond() + 86_400_000
    }

    /// A stretch that ends now: from there to there, in seconds, at that speed in hundredths.
    pub fn claim(&self, from: u64, to: u64, speed: u32) -> Claim {
        let took = (to - from) * 100_000 / u64::from(speed);
        let at = self.now() - i64::try_from(took).expect("a while");
        let id = self.product.app.dice.uuid();
        Claim { id, from: from * 1000, to: to * 1000, at, took, speed, hidden: false, silent: false }
    }

    /// Time passes as long as that takes to be played.
    pub fn spend(&self, from: u64, to: u64, speed: u32) {
        let took = i64::try_from((to - from) * 100_000 / u64::from(speed)).expect("a while");
        self.product.wait(SignedDuration::from_millis(took));
    }

    /// Plays it, and reports it; what the server answers.
    pub async fn play(&self, from: u64, to: u64, speed: u32) -> Page {
        self.spend(from, to, speed);
        self.report(vec![self.claim(from, to, speed)], None).await
    }

    /// Sends a report.
    pub async fn report(&self, pieces: Vec<Claim>, position: Option<Position>) -> Page {
        let report = Report { watch: self.watch, now: self.now(), pieces, position };
        self.send(&serde_json::to_value(&report).expect("JSON")).await
    }

    /// Sends whatever it is.
    pub async fn send(&self, report: &Value) -> Page {
        self.client.post_json(&self.path, report).await
    }
}

/// What is counted so far, as the server tells it.
pub fn told(page: &Page) -> String {
    page.json()["said"].as_str().expect("words").replace('\u{a0}', " ")
}
