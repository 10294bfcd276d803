//! The outbox: what is to be sent, what was, and what could not be.

use super::Letter;
use super::entity::mail;
use super::smtp::Outcome;
use crate::app::App;
use crate::error::{Error, Result};
use domain::operation::Mails;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

/// Minutes before each new try; a mail that fails once more is given up, after about two days.
const RETRIES: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 1440];

/// Mails looked at together.
const BATCH: u64 = 50;

/// A sending under way so long was interrupted: the line to the relay is given far less.
const INTERRUPTED: SignedDuration = SignedDuration::from_mins(10);

const INTERRUPTED_SAID: &str =
    "Le serveur s’est arrêté pendant l’envoi\u{a0}: le message est peut-être parti, il n’est pas renvoyé.";
const TOO_LATE_SAID: &str = "Le message n’a pas pu partir à temps\u{a0}: il n’avait plus d’objet.";

/// Writes mails in the transaction of what they tell of. One whose key is known already changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn post(db: &impl ConnectionTrait, app: &App, letters: Vec<Letter>) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    let rows: Vec<mail::ActiveModel> = letters
        .into_iter()
        .map(|letter| {
            let (method, calendar) = letter.calendar.unzip();
            mail::ActiveModel {
                id: Set(app.dice.uuid().to_string()),
                key: Set(letter.key),
                to_address: Set(letter.to_address),
                to_name: Set(letter.to_name),
                subject: Set(letter.subject),
                body: Set(letter.body),
                calendar: Set(calendar),
                calendar_method: Set(method.map(|method| method.as_str().to_owned())),
                created_at: Set(now),
                send_after: Set(letter.send_after.as_millisecond()),
                send_before: Set(letter.send_before.map(Timestamp::as_millisecond)),
                claimed_at: Set(None),
                sent_at: Set(None),
                given_up_at: Set(None),
                attempts: Set(0),
                failure: Set(None),
            }
        })
        .collect();
    for rows in rows.chunks(50) {
        let once = OnConflict::column(mail::Column::Key).do_nothing_on([mail::Column::Key]).to_owned();
        mail::Entity::insert_many(rows.to_vec()).on_conflict(once).try_insert().exec_without_returning(db).await?;
    }
    Ok(())
}

/// Takes back the mails not sent yet whose key starts so.
///
/// # Errors
/// When the database fails.
pub async fn take_back(db: &impl ConnectionTrait, key_start: &str) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::Key.starts_with(key_start))
        .filter(mail::Column::ClaimedAt.is_null())
        .filter(mail::Column::SentAt.is_null())
        .filter(mail::Column::GivenUpAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// What is not sent yet goes to another address of the same person.
///
/// # Errors
/// When the database fails.
pub async fn redirect(db: &impl ConnectionTrait, from: &str, to: &str) -> Result<()> {
    mail::Entity::update_many()
        .col_expr(mail::Column::ToAddress, Expr::value(to))
        .filter(mail::Column::ToAddress.eq(from))
        .filter(mail::Column::ClaimedAt.is_null())
        .filter(mail::Column::SentAt.is_null())
        .filter(mail::Column::GivenUpAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Sends what is due. May be run at any moment, and by two at once: each mail is claimed by one.
///
/// # Errors
/// When the database fails.
pub async fn deliver(app: &App) -> Result<()> {
    let Some(relay) = &app.relay else { return Ok(()) };
    give_up_hopeless(app).await?;
    loop {
        let now = app.clock.now().as_millisecond();
        let due = mail::Entity::find()
            .filter(mail::Column::SendAfter.lte(now))
            .filter(mail::Column::ClaimedAt.is_null())
            .filter(mail::Column::SentAt.is_null())
            .filter(mail::Column::GivenUpAt.is_null())
            .order_by_asc(mail::Column::SendAfter)
            .order_by_asc(mail::Column::CreatedAt)
            .limit(BATCH)
            .all(app.db.reader())
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        // Nothing can have left over a line that was never there: these failures are tried again.
        let reached = relay.reach().await;
        for mail in due {
            if claim(app, &mail).await? {
                let outcome = match &reached {
                    Ok(()) => relay.send(&mail, app.clock.now()).await,
                    Err(why) => Outcome::Later(why.clone()),
                };
                conclude(app, &mail, outcome).await?;
            }
        }
    }
}

/// Whether the mail is this caller's to send.
async fn claim(app: &App, mail: &mail::Model) -> Result<bool> {
    let (id, attempts, now) = (mail.id.clone(), mail.attempts, app.clock.now().as_millisecond());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let claimed = mail::ActiveModel {
                    claimed_at: Set(Some(now)),
                    attempts: Set(attempts.saturating_add(1)),
                    ..Default::default()
                };
                let rows = mail::Entity::update_many()
                    .set(claimed)
                    .filter(mail::Column::Id.eq(id))
                    .filter(mail::Column::Attempts.eq(attempts))
                    .filter(mail::Column::ClaimedAt.is_null())
                    .filter(mail::Column::SentAt.is_null())
                    .exec(db)
                    .await?
                    .rows_affected;
                Ok::<_, Error>(rows == 1)
            })
        })
        .await
}

async fn conclude(app: &App, mail: &mail::Model, outcome: Outcome) -> Result<()> {
    let now = app.clock.now();
    let ms = now.as_millisecond();
    let mut row = mail::ActiveModel { id: Set(mail.id.clone()), claimed_at: Set(None), ..Default::default() };
    match outcome {
        Outcome::Sent => {
            metrics::counter!("socle_mails_sent_total").increment(1);
            row.sent_at = Set(Some(ms));
            row.failure = Set(None);
        }
        Outcome::Later(why) => {
            let retry = usize::try_from(mail.attempts).ok().and_then(|tried| RETRIES.get(tried));
            tracing::warn!(mail = %mail.id, attempt = mail.attempts + 1, %why, "A mail could not be sent");
            match retry {
                Some(minutes) => row.send_after = Set(ms.saturating_add(minutes * 60_000)),
                None => row.given_up_at = Set(Some(ms)),
            }
            row.failure = Set(Some(why));
        }
        Outcome::Never(why) => {
            metrics::counter!("socle_mails_given_up_total").increment(1);
            tracing::error!(mail = %mail.id, %why, "A mail is given up");
            row.given_up_at = Set(Some(ms));
            row.failure = Set(Some(why));
        }
    }
    // Once it is gone, or will never go, nobody needs to read the secret of an invitation here.
    if (row.sent_at.is_set() || row.given_up_at.is_set())
        && let Some(body) = without_secret(&mail.body)
    {
        row.body = Set(body);
    }
    app.db
        .write(move |db| {
            Box::pin(async move {
                mail::Entity::update(row).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The text without the link of an invitation, where it has one.
fn without_secret(body: &str) -> Option<String> {
    let (before, after) = body.split_once("/invitation/")?;
    let rest = after.trim_start_matches(|sign: char| sign.is_ascii_hexdigit());
    Some(format!("{before}/invitation/…{rest}"))
}

/// Gives up what was interrupted, and what comes too late.
async fn give_up_hopeless(app: &App) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    let interrupted = now.saturating_sub(duration_ms(INTERRUPTED));
    app.db
        .write(move |db| {
            Box::pin(async move {
                for (condition, said) in [
                    (mail::Column::ClaimedAt.lt(interrupted), INTERRUPTED_SAID),
                    (mail::Column::ClaimedAt.is_null().and(mail::Column::SendBefore.lt(now)), TOO_LATE_SAID),
                ] {
                    let rows = mail::Entity::update_many()
                        .col_expr(mail::Column::GivenUpAt, Expr::value(now))
                        .col_expr(mail::Column::ClaimedAt, Expr::value(None::<i64>))
                        .col_expr(mail::Column::Failure, Expr::value(said))
                        .filter(condition)
                        .filter(mail::Column::SentAt.is_null())
                        .filter(mail::Column::GivenUpAt.is_null())
                        .exec(db)
                        .await?
                        .rows_affected;
                    if rows > 0 {
                        tracing::error!(mails = rows, said, "Mails are given up");
                    }
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Mails given up are told of for so long.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How the outbox stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App) -> Result<Mails> {
    let (db, now) = (app.db.reader(), app.clock.now().as_millisecond());
    let unsent = mail::Entity::find().filter(mail::Column::SentAt.is_null()).filter(mail::Column::GivenUpAt.is_null());
    // One that was tried waits for its next turn, and could have left at its first.
    let waits = mail::Column::SendAfter.lte(now).or(mail::Column::Attempts.gt(0));
    // By how often they were tried: a handful of rows, however many wait.
    let waiting: Vec<(i32, i64, i64)> = unsent
        .clone()
        .select_only()
        .column(mail::Column::Attempts)
        .column_as(mail::Column::Id.count(), "count")
        .column_as(mail::Column::SendAfter.min(), "first")
        .filter(waits.clone())
        .group_by(mail::Column::Attempts)
        .into_tuple()
        .all(db)
        .await?;
    let mut mails = Mails { relay: app.relay.is_some(), ..Mails::default() };
    for (attempts, count, next) in waiting {
        mails.waiting += u64::try_from(count).unwrap_or(0);
        let eldest = Timestamp::from_millisecond(first_due(attempts, next)).ok();
        mails.eldest = [mails.eldest, eldest].into_iter().flatten().min();
    }
    mails.planned = unsent.filter(waits.not()).count(db).await?;
    let lately = mail::Column::GivenUpAt.gt(now.saturating_sub(duration_ms(LATELY)));
    mails.given_up = mail::Entity::find().filter(lately).count(db).await?;
    let last: Option<Option<i64>> =
        mail::Entity::find().select_only().column_as(mail::Column::SentAt.max(), "last").into_tuple().one(db).await?;
    mails.last_sent = last.flatten().and_then(|last| Timestamp::from_millisecond(last).ok());
    Ok(mails)
}

/// When a mail that was tried so often, and is to be tried next then, could have left for the first time.
fn first_due(attempts: i32, next: i64) -> i64 {
    let tried = usize::try_from(attempts).unwrap_or(0).min(RETRIES.len());
    let waited: i64 = RETRIES.iter().take(tried).sum();
    next.saturating_sub(waited * 60_000)
}

fn duration_ms(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// One page of mails, those that failed first, then the latest; and how many there are in all.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App, page: u64, page_size: u64) -> Result<(Vec<mail::Model>, u64)> {
    let pages = mail::Entity::find()
        .order_by_desc(Expr::col(mail::Column::Failure).is_not_null())
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_asc(mail::Column::Id)
        .paginate(app.db.reader(), page_size);
    Ok((pages.fetch_page(page).await?, pages.num_items().await?))
}
