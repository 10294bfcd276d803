//! Webinars to try: one whose room opens at once, one next week.

use anyhow::Context as _;
use domain::identity::Email;
use domain::ids::{CourseSlug, PersonId, WebinarId};
use domain::text::paris_zone;
use domain::webinar::kit::Kit;
use domain::webinar::plan::{Audience, Plan};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::access::{Planner, WebinarGuest};
use crate::app::App;
use crate::document;
use crate::identity::store as people;
use crate::webinar::{planning, store};

/// Minutes before the start of the first webinar, at the first start of the product.
const SOON: i64 = 10;

/// Plans both where there is no webinar yet. Marie leads them; Léa and Karim have places in the first.
pub(super) async fn prepare(app: &App) -> anyhow::Result<()> {
    let Some(course) = app.library.current().first().map(|published| published.course.slug.clone()) else {
        return Ok(());
    };
    if !store::latest(app.db.reader(), 1).await?.is_empty() {
        return Ok(());
    }
    let marie = person(app, "marie@socle.example").await?;
    let planner = Planner { person: marie, courses: vec![course.clone()] };
    let now = app.clock.now();
    let soon = plan(
        &course,
        "Les outils numériques de la maison, en direct",
        "Marie montre à l’écran les outils du quotidien et répond à vos questions.\n\nPréparez la question que les usagers vous posent le plus souvent.",
        five_minutes(now.saturating_add(SignedDuration::from_mins(SOON))?),
    );
    let kit = document::all::<Kit>(app.db.reader()).await?.into_iter().next();
    let soon = match kit {
        Some(version) => Plan { kit: Some(version.slug), minutes: version.document.minutes, ..soon },
        None => soon,
    };
    let first = WebinarId(app.dice.uuid());
    planning::plan(app, &planner, first, soon).await?;
    for email in ["lea@socle.example", "karim@socle.example"] {
        let guest = WebinarGuest { webinar: first, person: person(app, email).await? };
        planning::register(app, guest).await?;
    }
    let zone = paris_zone();
    let next_week = zone.to_datetime(now).date().checked_add(7.days())?.at(10, 0, 0, 0);
    let later = plan(
        &course,
        "Questions et réponses sur la médiation numérique",
        "Une heure pour revenir sur les chapitres, avec vos propres situations.",
        zone.to_ambiguous_timestamp(next_week).compatible()?,
    );
    planning::plan(app, &planner, WebinarId(app.dice.uuid()), later).await?;
    Ok(())
}

fn plan(course: &CourseSlug, title: &str, description: &str, starts_at: Timestamp) -> Plan {
    Plan {
        course: course.clone(),
        kit: None,
        title: title.to_owned(),
        description: description.to_owned(),
        starts_at,
        minutes: 60,
        capacity: 300,
        threshold: 80,
        replay_counts: true,
        replay_quiz: false,
        audience: Audience::Everybody,
        recorded: false,
        recording_days: 365,
        trainers: [].into(),
    }
}

/// That instant or up to five minutes later, where the clock shows a multiple of five minutes.
fn five_minutes(at: Timestamp) -> Timestamp {
    let seconds = at.as_second().saturating_add(299) / 300 * 300;
    Timestamp::from_second(seconds).unwrap_or(at)
}

async fn person(app: &App, email: &str) -> anyhow::Result<PersonId> {
    let address: Email = email.parse().map_err(|error| anyhow::anyhow!("{email}: {error}"))?;
    people::find(app, &address).await?.with_context(|| format!("no account {email}"))
}
