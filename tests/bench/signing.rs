//! Signing in: what one costs the server, and two hundred within five seconds, as when a morning begins.

use crate::report::{Budget, Durations, Figure};
use crate::rush::seconds_of_work;
use anyhow::ensure;
use domain::identity::{Role, Scope};
use server::identity::{password, store};
use std::time::Duration;
use support::accounts::{PASSWORD, person};
use support::http::{Connection, LIKE_A_BROWSER};
use support::served::House;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

const AGENTS: u16 = 200;
/// All click within this.
const WITHIN: Duration = Duration::from_secs(1);

pub async fn figures(house: House) -> anyhow::Result<Vec<Figure>> {
    // Each comes from an office of their own, which a proxy tells.
    let house = house.with("SOCLE_TRUSTED_PROXIES", "127.0.0.1".to_owned());
    let mut emails = Vec::new();
    {
        let app = house.open().await?;
        let hash = password::hash_new(PASSWORD.into(), &"nobody@exemple.example".parse()?, [3; 32]).await?;
        for number in 0..AGENTS {
            let agent = person(&app, &format!("Agent{number}"), Role::Agent, Scope::Own).await;
            store::set_password(&app, agent, hash.clone()).await?;
            emails.extend(store::account(&app, agent).await?.map(|account| account.email));
        }
    }
    ensure!(emails.len() == usize::from(AGENTS), "{} accounts", emails.len());
    let served = house.serve().await?;
    let before = seconds_of_work(served.pid())?;
    let mut signing = JoinSet::new();
    let start = Instant::now() + Duration::from_millis(500);
    for (place, email) in (0..AGENTS).zip(emails) {
        let address = served.address;
        signing.spawn(async move {
            let line = Connection::open(address, "", LIKE_A_BROWSER).await?;
            let mut line = line.with_header("X-Forwarded-For", &format!("198.51.{}.{}", place / 250, place % 250));
            let form = form(&email);
            sleep_until(start + WITHIN.mul_f64(f64::from(place) / f64::from(AGENTS))).await;
            let asked = Instant::now();
            let reply = line.post_form("/connexion", &form).await?;
            ensure!(reply.status == 303, "{email}: {}", reply.status);
            Ok((asked.elapsed(), start.elapsed()))
        });
    }
    let seen = signing.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let work = (seconds_of_work(served.pid())? - before) / f64::from(AGENTS);
    let last = seen.iter().map(|(_, done)| *done).max().unwrap_or_default();
    let waited = Durations::new(seen.iter().map(|(waited, _)| *waited).collect());
    served.kill().await?;
    Ok(vec![
        Figure {
            name: "i  processor time of a sign-in",
            measured: 1000.0 * work,
            unit: "ms",
            budget: Budget::AtMost(150.0),
            conditions: format!("all that the server did for {AGENTS} of them; argon2id, 19 MiB, 2 passes"),
        },
        Figure {
            name: "i  two hundred sign-ins: the last is done after",
            measured: last.as_secs_f64(),
            unit: "s",
            budget: Budget::AtMost(5.0),
            conditions: format!(
                "{AGENTS} agents of {AGENTS} addresses click within a second, none is refused; each waited p50 {:.0} ms, p99 {:.0} ms",
                waited.rank(0.5),
                waited.rank(0.99)
            ),
        },
    ])
}

fn form(email: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("password", PASSWORD)
        .finish()
}
