//! Everybody starts the same quiz in the same second; then again, to see what memory keeps.

use crate::answers::saying;
use crate::report::{Budget, Durations, Figure};
use crate::seed::CHAPTER;
use anyhow::{Context as _, ensure};
use domain::ids::AttemptId;
use sea_orm::DatabaseConnection;
use server::quiz;
use std::net::SocketAddr;
use std::time::Duration;
use support::dice::Rolls;
use support::http::{Connection, LIKE_A_BROWSER};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);

/// An agent with their browser open on the chapter.
struct Seat {
    line: Connection,
    rolls: Rolls,
    attempt: Uuid,
}

/// What one rush came to.
struct Rush {
    /// From each agent's click on « Commencer » to the acknowledgement of their first answer.
    journeys: Durations,
    /// From the first click of all to the last acknowledgement of all.
    whole: Duration,
    lost: usize,
}

/// Everybody who takes part, connected.
pub struct Hall(Vec<Seat>);

impl Hall {
    pub async fn open(address: SocketAddr, sessions: &[String]) -> anyhow::Result<Self> {
        let mut seats = Vec::new();
        for (place, session) in sessions.iter().enumerate() {
            let line = Connection::open(address, session, LIKE_A_BROWSER).await?;
            seats.push(Seat { line, rolls: Rolls(0xc000_0000 + place as u64), attempt: Uuid::nil() });
        }
        Ok(Self(seats))
    }

    /// Everybody clicks « Commencer » at an instant of `within`, sees the questions and answers one.
    async fn rush(&mut self, reader: &DatabaseConnection, within: Duration) -> anyhow::Result<Rush> {
        let mut tasks = JoinSet::new();
        let start = Instant::now() + Duration::from_millis(200);
        for mut seat in self.0.drain(..) {
            let click = start + within.mul_f64(f64::from(u32::try_from(seat.rolls.below(1_000_000))?) / 1e6);
            tasks.spawn(async move {
                sleep_until(click).await;
                seat.begin().await?;
                Ok((seat, click.elapsed(), start.elapsed()))
            });
        }
        let seen = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        let whole = seen.iter().map(|(_, _, done)| *done).max().unwrap_or_default();
        let journeys = Durations::new(seen.iter().map(|(_, took, _)| *took).collect());
        self.0 = seen.into_iter().map(|(seat, ..)| seat).collect();
        let mut lost = 0;
        for seat in &self.0 {
            let stored = quiz::store::answers(reader, AttemptId(seat.attempt)).await?;
            lost += usize::from(stored.len() != 1 || stored[0].revision != 1);
        }
        Ok(Rush { journeys, whole, lost })
    }

    /// Everybody hands in, so that everybody may start again.
    async fn hand_in(&mut self) -> anyhow::Result<()> {
        let mut tasks = JoinSet::new();
        for mut seat in self.0.drain(..) {
            tasks.spawn(async move {
                let reply = seat.line.post_form(&format!("/essais/{}", seat.attempt), "action=finish").await?;
                ensure!(reply.status == 303, "handing in: {}", reply.status);
                Ok(seat)
            });
        }
        self.0 = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        Ok(())
    }
}

impl Seat {
    async fn begin(&mut self) -> anyhow::Result<()> {
        let wanted = self.rolls.uuid();
        let started = self.line.post_form(&format!("{CHAPTER}/quiz"), &format!("attempt={wanted}")).await?;
        let path = started.location.with_context(|| format!("an attempt: {}", started.status))?;
        self.attempt = path.trim_start_matches("/essais/").parse()?;
        ensure!(self.attempt == wanted, "another attempt was open");
        let page = self.line.get(&path).await?;
        ensure!(page.status == 200 && page.body.len() > 1000, "the questions: {}", page.status);
        let kept = self.line.post_json(&format!("{path}/reponses"), &saying(&mut self.rolls, 1)).await?;
        ensure!(kept.status == 200, "an answer: {}", kept.status);
        Ok(())
    }
}

/// The rush, and what the server weighs after it and after `rounds` more.
pub async fn rush(
    hall: &mut Hall,
    reader: &DatabaseConnection,
    pid: u32,
    rounds: usize,
) -> anyhow::Result<Vec<Figure>> {
    let agents = hall.0.len();
    let first = hall.rush(reader, SECOND).await?;
    let weight = settled_mb(pid).await?;
    let mut after = Vec::new();
    let mut lost = first.lost;
    for _ in 0..rounds {
        hall.hand_in().await?;
        lost += hall.rush(reader, SECOND).await?.lost;
        after.push(settled_mb(pid).await?);
    }
    hall.hand_in().await?;
    let at_once = hall.rush(reader, Duration::ZERO).await?;
    hall.hand_in().await?;
    lost += at_once.lost;
    ensure!(lost == 0, "{lost} acknowledged answers are not in the database");
    let third = after.get(2).or(after.last()).copied().unwrap_or(weight);
    let last = after.last().copied().unwrap_or(weight);
    let series = after.iter().map(|weight| format!("{weight:.0}")).collect::<Vec<_>>().join(" ");
    let journey = format!(
        "{agents} agents, connected, click « Commencer » at random instants of one second; counted for each: from the click, start + \
         page of questions + one answer acknowledged; p50 {:.0} ms, p99 {:.0} ms; every answer found in the database",
        first.journeys.rank(0.5),
        first.journeys.rank(0.99)
    );
    Ok(vec![
        figure(
            "c  same quiz, same second: slowest",
            first.journeys.rank(1.0) / 1000.0,
            "s",
            Budget::AtMost(2.0),
            journey,
        ),
        figure(
            "c  first click to last answer",
            first.whole.as_secs_f64(),
            "s",
            Budget::None,
            "the second of clicks included".into(),
        ),
        figure(
            "c  all at the same instant: slowest",
            at_once.journeys.rank(1.0) / 1000.0,
            "s",
            Budget::None,
            format!("harsher: {agents} clicks at once, {} requests in all", agents * 3),
        ),
        figure(
            "d  resident memory after c",
            weight,
            "MB",
            Budget::AtMost(150.0),
            format!("{agents} connections still open, two seconds after the last answer"),
        ),
        figure(
            "d  resident memory, rounds later",
            last,
            "MB",
            Budget::AtMost(150.0),
            format!("after each round: {series}"),
        ),
        figure(
            "d  growth from the third round on",
            (last - third) / third * 100.0,
            "%",
            Budget::AtMost(5.0),
            format!("{rounds} rounds of new attempts, answers and hand-ins by the same {agents} agents"),
        ),
    ])
}

fn figure(name: &'static str, measured: f64, unit: &'static str, budget: Budget, conditions: String) -> Figure {
    Figure { name, measured, unit, budget, conditions }
}

/// Megabytes that the process still holds once the crowd is served: what answers on their way took is given back within
/// a second or two.
async fn settled_mb(pid: u32) -> anyhow::Result<f64> {
    sleep(2 * SECOND).await;
    resident_mb(pid)
}

/// Megabytes that the process holds in memory.
pub fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0 / 1e6)
}

/// Seconds of processor that the process has used, all of its threads together (`proc_pid_stat(5)`: user and system
/// time, in ticks of ten milliseconds).
pub fn seconds_of_work(pid: u32) -> anyhow::Result<f64> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name of the program, in parentheses, may hold spaces.
    let (_, told) = told.rsplit_once(") ").context("a name")?;
    let times = told.split(' ').skip(11).take(2).map(str::parse::<f64>);
    Ok(times.sum::<Result<f64, _>>()? / 100.0)
}
