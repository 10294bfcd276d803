//! Reminding those of a list who are late, all at once: shown before, and not twice in a week.

use super::agents::{self, Filter, Order, Row, Wanted, Window};
use super::list::Asked;
use super::routes::{chapters_of, courses, published};
use super::store::Question;
use crate::access::{AgentLister, Viewer};
use crate::app::App;
use crate::error::Result;
use crate::identity::store::OPENED;
use crate::mail::notice::{self, Kind};
use crate::mail::{Letter, body, outbox};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use domain::text::{counted, date_long};
use frontend::follow_up::{Reminders, reminders_page};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::BTreeSet;

/// Agents reminded in one transaction.
const BATCH: usize = 200;

/// Names shown before they are written to.
const SHOWN: usize = 20;

/// What a reminder is about.
struct About {
    course: String,
    chapters: u32,
    url: String,
}

/// `GET /suivi/relances`: who would be reminded, and of what.
pub async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (question, lister, filter) = late(&asked, &app, &viewer)?;
    let about = about(&app, &lister);
    let mut page = Reminders { href: asked.path("/suivi/agents", &[]), hidden: asked.fields(), ..Reminders::default() };
    let mut window = Some(Window::First);
    while let Some(from) = window.take() {
        let found = some(&app, &question, (&lister, &filter), &from).await?;
        let ids: Vec<i64> = found.rows.iter().map(|row| row.person_id).collect();
        let (closed, recent) = apart(app.db.reader(), &ids, app.clock.now()).await?;
        for row in found.rows {
            if closed.contains(&row.person_id) {
                page.closed += 1;
            } else if recent.contains(&row.person_id) {
                page.recent += 1;
            } else {
                page.total += 1;
                if page.example.is_none() {
                    let letter = letter(&row, &about, app.clock.now());
                    page.example = Some((letter.subject, letter.body));
                }
                if page.names.len() < SHOWN {
                    page.names.push(format!("{} {}", row.first_name, row.last_name));
                }
            }
        }
        window = found.after.map(Window::After);
    }
    let (_, followed) = viewer.followed_course(&published(&app), asked.course())?;
    page.courses = courses(&app, &lister.course, &followed);
    Ok(around.page("Relances", reminders_page(page)))
}

/// `POST /suivi/relances`: writes to each of them who was not reminded within a week. Said twice, it writes once.
pub async fn send(State(app): State<App>, viewer: Viewer, Form(asked): Form<Asked>) -> Result<Redirect> {
    let (question, lister, filter) = late(&asked, &app, &viewer)?;
    let about = std::sync::Arc::new(about(&app, &lister));
    let mut window = Some(Window::First);
    while let Some(from) = window.take() {
        let found = some(&app, &question, (&lister, &filter), &from).await?;
        window = found.after.map(Window::After);
        let (app, about, now) = (app.clone(), std::sync::Arc::clone(&about), app.clock.now());
        let write = app.clone();
        write
            .db
            .write(move |db| {
                Box::pin(async move {
                    let ids: Vec<i64> = found.rows.iter().map(|row| row.person_id).collect();
                    let (closed, _) = apart(db, &ids, now).await?;
                    let open: Vec<i64> = ids.into_iter().filter(|id| !closed.contains(id)).collect();
                    let claimed = notice::claim(db, Kind::Reminder, &open, now).await?;
                    let rows = found.rows.iter().filter(|row| claimed.contains(&row.person_id));
                    let letters = rows.map(|row| letter(row, &about, now)).collect();
                    outbox::post(db, &app, letters).await
                })
            })
            .await?;
    }
    Ok(Redirect::to(&asked.path("/suivi/relances", &[])))
}

fn late(asked: &Asked, app: &App, viewer: &Viewer) -> Result<(Question, AgentLister, Filter)> {
    let (question, lister, filter) = asked.read(app, viewer)?;
    Ok((question, lister, Filter { state: Some(Wanted::Late), ..filter }))
}

async fn some(app: &App, question: &Question, who: (&AgentLister, &Filter), window: &Window) -> Result<agents::Listed> {
    agents::list(app.db.reader(), question, who, (Order::Name, window), BATCH).await
}

/// Those of these people who never opened their account, and those who were reminded within a week.
async fn apart(db: &impl ConnectionTrait, people: &[i64], now: Timestamp) -> Result<(BTreeSet<i64>, BTreeSet<i64>)> {
    if people.is_empty() {
        return Ok(Default::default());
    }
    let mut values: Vec<Value> = vec![Kind::Reminder.as_str().into(), notice::before(now).into()];
    let ids = people.iter().map(|person| {
        values.push((*person).into());
        format!("${}", values.len())
    });
    let ids = ids.collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT p.id, CASE WHEN c.person_id IS NULL THEN 1 ELSE 0 END AS closed, \
         CASE WHEN n.at > $2 THEN 1 ELSE 0 END AS recent FROM person p \
         LEFT JOIN ({OPENED}) c ON c.person_id = p.id \
         LEFT JOIN notice n ON n.person_id = p.id AND n.kind = $1 WHERE p.id IN ({ids})"
    );
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let (mut closed, mut recent) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let id: i64 = row.try_get("", "id")?;
        if row.try_get::<i32>("", "closed")? == 1 {
            closed.insert(id);
        }
        if row.try_get::<i32>("", "recent")? == 1 {
            recent.insert(id);
        }
    }
    Ok((closed, recent))
}

fn about(app: &App, lister: &AgentLister) -> About {
    let published = app.library.course(&lister.course);
    About {
        course: published.map_or_else(|| lister.course.to_string(), |published| published.course.title.clone()),
        chapters: chapters_of(app, &lister.course),
        url: app.config.public_url.clone(),
    }
}

fn letter(row: &Row, about: &About, now: Timestamp) -> Letter {
    let About { course, chapters, url } = about;
    let enrolled = Timestamp::from_millisecond(row.enrolled_at).unwrap_or_default();
    let since = match row.cohort.as_ref().zip(row.due_at) {
        Some((cohort, due_at)) => format!(
            "La cohorte «\u{a0}{cohort}\u{a0}», avec laquelle vous suivez la formation «\u{a0}{course}\u{a0}», s’est terminée le {}, et \
             la formation n’est pas encore terminée.",
            date_long(Timestamp::from_millisecond(due_at - 1).unwrap_or_default())
        ),
        None => format!(
            "Votre inscription à la formation «\u{a0}{course}\u{a0}» date du {}, et la formation n’est pas encore terminée.",
            date_long(enrolled)
        ),
    };
    let done = u64::try_from(row.chapters).unwrap_or(0);
    let chapters = counted(u64::from(*chapters), "chapitre", "chapitres");
    let so_far = match (row.mooc_at, done) {
        (Some(_), _) => "Le MOOC est terminé\u{a0}: il vous reste à suivre un webinaire.".to_owned(),
        (None, 0) => format!("Vous n’avez pas encore acquis de chapitre, sur {chapters}."),
        (None, done) => format!("Vous avez acquis {} sur {chapters}.", counted(done, "chapitre", "chapitres")),
    };
    let text = format!(
        "{since} {so_far}\n\nLes chapitres sont courts et reprennent là où vous en étiez\u{a0}:\n{url}/\n\n\
         Les prochains webinaires\u{a0}:\n{url}/webinaires"
    );
    Letter {
        key: format!("reminder/{}/{}", row.person_id, now.as_millisecond()),
        to_address: row.email.clone(),
        to_name: format!("{} {}", row.first_name, row.last_name),
        subject: "Votre formation à distance vous attend".to_owned(),
        body: body(&row.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: now.checked_add(notice::QUIET).ok(),
    }
}
