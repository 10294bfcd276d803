//! Invitations by mail to everybody who has not opened their account, not twice in a week.

use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::identity::store::{self, OPENED};
use crate::mail::notice::{self, Kind};
use crate::mail::{Letter, body, outbox};
use crate::page::Surroundings;
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::text::date_long;
use frontend::administration::{Invitations, invitations_page};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Statement,
};

/// People invited in one transaction.
const BATCH: u64 = 200;

/// `GET /administration/invitations`: how many there are to invite, and how far the sending is.
pub async fn page(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    viewer.administrator()?;
    let now = app.clock.now();
    let sql = format!(
        "SELECT COUNT(c.person_id) AS opened, \
        COUNT(CASE WHEN c.person_id IS NULL AND n.at > $1 THEN 1 END) AS recent, \
        COUNT(CASE WHEN c.person_id IS NULL AND (n.at IS NULL OR n.at <= $1) THEN 1 END) AS ready FROM person p \
        LEFT JOIN ({OPENED}) c ON c.person_id = p.id \
        LEFT JOIN notice n ON n.person_id = p.id AND n.kind = 'invitation' WHERE p.suspended_at IS NULL AND p.away IS NULL"
    );
    let [opened, recent, ready] = counts(&app, &sql, Some(notice::before(now)), ["opened", "recent", "ready"]).await?;
    let sql = "SELECT COUNT(*) AS written, COUNT(sent_at) AS sent, COUNT(given_up_at) AS failed FROM mail \
        WHERE key LIKE 'invitation/%'";
    let [written, sent, failed] = counts(&app, sql, None, ["written", "sent", "failed"]).await?;
    let days = app.config.invitation.as_secs() / 86_400;
    let view = invitations_page(Invitations {
        sends: app.relay.is_some(),
        ready,
        recent,
        opened,
        written,
        sent,
        failed,
        days,
    });
    Ok(around.page("Invitations", view))
}

async fn counts(app: &App, sql: &str, value: Option<i64>, columns: [&str; 3]) -> Result<[u64; 3]> {
    let values = value.map(sea_orm::Value::from);
    let statement = Statement::from_sql_and_values(app.db.backend(), sql, values);
    let Some(row) = app.db.reader().query_one_raw(statement).await? else { return Ok([0; 3]) };
    let mut found = [0; 3];
    for (found, column) in found.iter_mut().zip(columns) {
        *found = u64::try_from(row.try_get::<i64>("", column)?).unwrap_or(0);
    }
    Ok(found)
}

/// `POST /administration/invitations`: writes to each of them. Sent twice, or by two at once, it writes once.
pub async fn send(State(app): State<App>, viewer: Viewer) -> Result<Redirect> {
    viewer.administrator()?;
    let mut last = 0;
    loop {
        let people = person::Entity::find()
            .filter(person::Column::Id.gt(last))
            .filter(person::Column::SuspendedAt.is_null())
            .filter(person::Column::Away.is_null())
            .filter(Expr::cust(format!("id NOT IN ({OPENED})")))
            .order_by_asc(person::Column::Id)
            .limit(BATCH)
            .all(app.db.reader())
            .await?;
        let Some(greatest) = people.last() else { break };
        last = greatest.id;
        invite(&app, people).await?;
    }
    Ok(Redirect::to("/administration/invitations"))
}

async fn invite(app: &App, people: Vec<person::Model>) -> Result<()> {
    let lifetime = store::invitation_lifetime(app);
    let (app, write) = (app.clone(), app.clone());
    write
        .db
        .write(move |db| {
            Box::pin(async move {
                let now = app.clock.now();
                let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
                let claimed = notice::claim(db, Kind::Invitation, &ids, now).await?;
                let mut letters = Vec::new();
                for person in people.iter().filter(|person| claimed.contains(&person.id)) {
                    let secret = hex::encode(app.dice.secret());
                    let expires = store::put_invitation(db, &app, (person.id, lifetime), &secret).await?;
                    letters.push(letter(person, &app.config.public_url, &secret, (now, expires)));
                }
                outbox::post(db, &app, letters).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

fn letter(to: &person::Model, url: &str, secret: &str, (now, expires): (Timestamp, Timestamp)) -> Letter {
    let text = format!(
        "Un compte vous attend sur Socle, la formation à distance des agents des maisons France\u{a0}Services. Choisissez \
         votre mot de passe pour l’ouvrir\u{a0}:\n{url}/invitation/{secret}\n\nCe lien est personnel, sert une seule fois \
         et fonctionne jusqu’au {}.",
        date_long(expires)
    );
    Letter {
        key: format!("invitation/{}/{}", to.id, now.as_millisecond()),
        to_address: to.email.clone(),
        to_name: format!("{} {}", to.first_name, to.last_name),
        subject: "Votre accès à la formation des maisons France\u{a0}Services".to_owned(),
        body: body(&to.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: Some(expires),
    }
}
