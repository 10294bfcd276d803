//! What each night takes away, and its report.
//!
//! Done in small transactions, each with what it adds to the report: cut short and said again, it goes on where it was and the
//! report still tells what went.

use super::entity::retention_night;
use super::rows::counted;
use super::{erasure, report};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::mail::{Letter, outbox};
use crate::record;
use crate::record::store::LEDGER;
use crate::webinar::recording;
use domain::ids::PersonId;
use domain::protection::{CLASSES, Class, Kept, Night, Part, Past, Term, due};
use domain::text::date_long;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set, Statement,
};

/// Rows deleted in one transaction: other writes wait for it.
const ROWS: u64 = 500;

/// The class of which each recording has a last day of its own.
const RECORDINGS: &str = "enregistrements";

/// How long before its erasure the person of an account that nobody uses is told.
const NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How far ahead the report looks.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Does the night's work once it is due. A job.
///
/// # Errors
/// When the database fails; it is tried again, and goes on.
pub async fn tick(app: &App) -> Result<()> {
    let done = retention_night::Entity::find()
        .filter(retention_night::Column::DoneAt.is_not_null())
        .order_by_desc(retention_night::Column::Night)
        .one(app.db.reader())
        .await?;
    let done = done.and_then(|row| row.night.parse().ok());
    match due(app.clock.now(), done) {
        Some(night) => run(app, night).await,
        None => Ok(()),
    }
}

/// Takes away all that is past its term.
async fn run(app: &App, night: Night) -> Result<()> {
    let now = app.clock.now();
    let row = retention_night::ActiveModel {
        night: Set(night.to_string()),
        begun_at: Set(now.as_millisecond()),
        done_at: Set(None),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let column = retention_night::Column::Night;
                let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
                retention_night::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    for class in CLASSES {
        let (Kept::For { past, .. }, Some(term)) = (class.kept, app.config.term(class)) else { continue };
        let before = term.before(now);
        let work = Work { app, night, class, before };
        match past {
            Past::Rows => work.rows().await?,
            Past::People(which) => work.people(which).await?,
            Past::Accounts(which) => work.accounts(which, now).await?,
            Past::Chain => work.chain().await?,
        }
    }
    let removed = recording::remove_past(app).await?;
    app.db.write(move |db| Box::pin(async move { report::add(db, night, RECORDINGS, removed).await })).await?;
    let row = retention_night::ActiveModel {
        night: Set(night.to_string()),
        done_at: Set(Some(app.clock.now().as_millisecond())),
        ..Default::default()
    };
    app.db
        .write(move |db| {
            Box::pin(async move { retention_night::Entity::update(row).exec(db).await.map(drop).map_err(Error::from) })
        })
        .await?;
    tracing::info!(%night, "What was past its term was taken away");
    Ok(())
}

/// The work of a night on a class.
struct Work<'a> {
    app: &'a App,
    night: Night,
    class: &'static Class,
    before: Timestamp,
}

impl Work<'_> {
    /// Deletes rows by their own condition.
    async fn rows(&self) -> Result<()> {
        for part in self.class.parts {
            let Some(past) = past(part, self.before) else { continue };
            // A row has a place of its own on either database, whatever its key.
            let place = match self.app.db.backend() {
                DatabaseBackend::Postgres => "ctid",
                _ => "rowid",
            };
            let table = part.table;
            let some =
                format!("DELETE FROM {table} WHERE {place} IN (SELECT {place} FROM {table} WHERE {past} LIMIT {ROWS})");
            while self.delete(vec![some.clone()], None).await? > 0 {}
        }
        Ok(())
    }

    /// Deletes all that the class holds of people, one transaction each: a ledger goes whole.
    async fn people(&self, which: &str) -> Result<()> {
        for person in people(self.app.db.reader(), &holding(self.class, which, self.before)).await? {
            let parts = self.class.parts.iter();
            let (ledger, others): (Vec<&Part>, Vec<&Part>) = parts.partition(|part| LEDGER.contains(&part.table));
            let of = person.to_string();
            let all = others.iter().map(|part| format!("DELETE FROM {} WHERE {}", part.table, part.of(&of))).collect();
            self.delete(all, (!ledger.is_empty()).then_some(PersonId(person))).await?;
        }
        Ok(())
    }

    /// Tells the people of accounts that nobody uses, then erases those who were told long enough ago.
    async fn accounts(&self, which: &str, now: Timestamp) -> Result<()> {
        let told_before = now.checked_sub(NOTICE).unwrap_or(Timestamp::UNIX_EPOCH).as_millisecond();
        let which = which.replace("{before}", &self.before.as_millisecond().to_string());
        for person in people(self.app.db.reader(), &format!("{which} AND p.warned_at <= {told_before}")).await? {
            erasure::erase_unused(self.app, PersonId(person), self.night, self.class.slug).await?;
        }
        for person in people(self.app.db.reader(), &format!("{which} AND p.warned_at IS NULL")).await? {
            self.warn(PersonId(person), now).await?;
        }
        Ok(())
    }

    async fn warn(&self, person: PersonId, now: Timestamp) -> Result<()> {
        let app = self.app.clone();
        let term = self.app.config.term(self.class);
        self.app
            .db
            .write(move |db| {
                Box::pin(async move {
                    let row =
                        person::Entity::find_by_id(person.0).lock_exclusive().one(db).await?.ok_or(Error::NotFound)?;
                    if row.warned_at.is_none() {
                        outbox::post(db, &app, vec![warning(&app, &row, term, now)]).await?;
                        let warned = person::ActiveModel {
                            id: Set(person.0),
                            warned_at: Set(Some(now.as_millisecond())),
                            ..Default::default()
                        };
                        person::Entity::update(warned).exec(db).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    /// Shortens the log by its oldest end.
    async fn chain(&self) -> Result<()> {
        loop {
            let (night, slug, before) = (self.night, self.class.slug, self.before);
            let gone = self.app.db.write(move |db| {
                Box::pin(async move {
                    let gone = audit::prune(db, before).await?;
                    report::add(db, night, slug, gone).await?;
                    Ok::<_, Error>(gone)
                })
            });
            if gone.await? == 0 {
                return Ok(());
            }
        }
    }

    /// Runs these deletions in one transaction, ends that ledger, and adds it all to the report.
    async fn delete(&self, statements: Vec<String>, ledger: Option<PersonId>) -> Result<u64> {
        let (night, slug) = (self.night, self.class.slug);
        self.app
            .db
            .write(move |db| {
                Box::pin(async move {
                    let mut gone = 0;
                    for statement in statements {
                        gone += db.execute_unprepared(&statement).await?.rows_affected();
                    }
                    if let Some(agent) = ledger {
                        gone += record::store::end(db, agent).await?;
                    }
                    report::add(db, night, slug, gone).await?;
                    Ok::<_, Error>(gone)
                })
            })
            .await
    }
}

/// The people `p` whom this condition tells.
async fn people(db: &impl ConnectionTrait, which: &str) -> Result<Vec<i64>> {
    let sql = format!("SELECT p.id FROM person p WHERE {which} ORDER BY p.id");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, _>>()?)
}

fn past(part: &Part, before: Timestamp) -> Option<String> {
    Some(format!("({})", part.past?.replace("{before}", &before.as_millisecond().to_string())))
}

/// The people whom the condition tells and of whom the class holds something.
fn holding(class: &Class, which: &str, before: Timestamp) -> String {
    let some =
        class.parts.iter().map(|part| format!("EXISTS (SELECT 1 FROM {} WHERE {})", part.table, part.of("p.id")));
    let which = which.replace("{before}", &before.as_millisecond().to_string());
    format!("{which} AND ({})", some.collect::<Vec<_>>().join(" OR "))
}

fn warning(app: &App, row: &person::Model, term: Option<Term>, now: Timestamp) -> Letter {
    let on = now.checked_add(NOTICE).unwrap_or(now);
    let since = term.map(|term| format!(" depuis {term}")).unwrap_or_default();
    Letter {
        key: format!("inactive/{}/{}", row.id, now.as_millisecond()),
        to_address: row.email.clone(),
        to_name: format!("{} {}", row.first_name, row.last_name),
        subject: "Votre compte Socle va être effacé".to_owned(),
        body: format!(
            "Bonjour {},\n\nPersonne ne s’est connecté à votre compte de formation à distance{since}. Sans connexion de votre \
             part, il sera effacé à partir du {}.\n\nPour le garder, connectez-vous\u{a0}:\n{}/connexion\n\nPour garder une copie \
             de vos données ou de vos certificats, téléchargez-les d’ici là, depuis votre dossier.\n\n--\u{20}\nSocle, la \
             formation à distance des maisons France\u{a0}Services\n",
            row.first_name,
            date_long(on),
            app.config.public_url
        ),
        calendar: None,
        send_after: now,
        send_before: Some(on),
    }
}

/// How much of the class is past its term at that instant: rows, or people where they go one by one.
pub(super) async fn past_at(app: &App, class: &'static Class, at: Timestamp) -> Result<u64> {
    let (Kept::For { past: which, .. }, Some(term)) = (class.kept, app.config.term(class)) else { return Ok(0) };
    let (db, before) = (app.db.reader(), term.before(at));
    let number = before.as_millisecond().to_string();
    match which {
        Past::Rows | Past::Chain => {
            let mut total = 0;
            for part in class.parts {
                let Some(past) = past(part, before) else { continue };
                total += counted(db, format!("SELECT COUNT(*) AS n FROM {} WHERE {past}", part.table)).await?;
            }
            Ok(total)
        }
        Past::People(which) => {
            let which = holding(class, which, before);
            counted(db, format!("SELECT COUNT(*) AS n FROM person p WHERE {which}")).await
        }
        Past::Accounts(which) => {
            let which = which.replace("{before}", &number);
            counted(db, format!("SELECT COUNT(*) AS n FROM person p WHERE {which}")).await
        }
    }
}
