//! Erasing an account: once, in one transaction, by the list.
//!
//! What the law has kept stays, under a pseudonym, until its term; the night then takes it away. The row of the account stays
//! too, since the ledger, the log and what others keep know people by their number alone.

use super::{report, rows};
use crate::app::App;
use crate::audit;
use crate::certificate;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::mail::{Letter, outbox};
use crate::merging;
use crate::webinar::log;
use domain::identity::Role;
use domain::ids::PersonId;
use domain::protection::{CLASSES, Class, Erased, Night, Part};
use domain::text::date_long;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _, RelationDef, Set, Statement,
};

/// How long the last mail is tried.
const LAST_WORD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the list cannot say: an attempt that nobody will hand in, places that nobody will take.
const UNFINISHED: [&str; 2] = [
    "DELETE FROM attempt WHERE person_id = {person} AND handed_in_at IS NULL",
    "DELETE FROM webinar_registration WHERE person_id = {person} AND webinar_id IN \
     (SELECT id FROM webinar WHERE closed_at IS NULL AND cancelled_at IS NULL)",
];

/// A class, and how many of its rows are about the person.
pub(super) struct Held {
    pub(super) class: &'static Class,
    pub(super) rows: u64,
}

/// What is held of that person, class by class.
pub(super) async fn held(app: &App, person: PersonId) -> Result<Vec<Held>> {
    let mut all = Vec::with_capacity(CLASSES.len());
    for class in CLASSES {
        let mut held = Held { class, rows: 0 };
        for part in class.parts {
            held.rows += rows::count(app.db.reader(), part, person).await?;
        }
        all.push(held);
    }
    Ok(all)
}

/// Why that account may not be erased by `by`, if so.
pub(super) async fn refusal(app: &App, person: PersonId, by: PersonId) -> Result<Option<&'static str>> {
    if person == by {
        return Ok(Some(
            "Vous ne pouvez pas effacer votre propre compte\u{a0}: demandez-le à un autre administrateur.",
        ));
    }
    if merging::store::of(app.db.reader(), person).await?.is_some() {
        return Ok(Some("Ce compte a été réuni à un autre\u{a0}: effacez l’autre, et il le sera avec lui."));
    }
    let last = is_last_administrator(app.db.reader(), person).await?;
    Ok(last.then_some(
        "C’est le dernier compte d’administration qui puisse se connecter\u{a0}: donnez d’abord ce rôle à quelqu’un d’autre.",
    ))
}

/// Says that something more may be written about that person.
///
/// # Errors
/// [`Error::Conflict`] where their account is erased; when the database fails.
pub(crate) async fn not_erased(db: &impl ConnectionTrait, person: PersonId) -> Result<()> {
    let row = person::Entity::find_by_id(person.0).filter(person::Column::ErasedAt.is_not_null()).one(db).await?;
    row.map_or(Ok(()), |row| {
        let name = format!("{} {}", row.first_name, row.last_name);
        Err(Error::Conflict(format!("{name}\u{a0}: ce compte a été effacé, et rien ne s’ajoute plus à son dossier.")))
    })
}

async fn is_last_administrator(db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
    let administrators = |person_is: sea_orm::sea_query::SimpleExpr| {
        role_grant::Entity::find()
            .join(JoinType::InnerJoin, person_of_grant())
            .filter(role_grant::Column::Role.eq(Role::Administrator.as_str()))
            .filter(person::Column::SuspendedAt.is_null())
            .filter(person_is)
    };
    let own = administrators(person::Column::Id.eq(person.0)).count(db).await?;
    let others = administrators(person::Column::Id.ne(person.0)).count(db).await?;
    Ok(own > 0 && others == 0)
}

fn person_of_grant() -> RelationDef {
    role_grant::Entity::belongs_to(person::Entity).from(role_grant::Column::PersonId).to(person::Column::Id).into()
}

/// Erases the account of that person and tells them by a last mail. Said twice, it is done once.
///
/// # Errors
/// [`Error::Conflict`] for the last administrator, [`Error::NotFound`] for nobody.
pub async fn erase(app: &App, person: PersonId) -> Result<()> {
    erase_once(app, person, None).await
}

/// The same for an account that nobody uses; the log and the report of that night tell it.
pub(super) async fn erase_unused(app: &App, person: PersonId, night: Night, class: &'static str) -> Result<()> {
    erase_once(app, person, Some((night, class))).await
}

async fn erase_once(app: &App, person: PersonId, by_night: Option<(Night, &'static str)>) -> Result<()> {
    let (now, inside) = (app.clock.now(), app.clone());
    let code: String = app.dice.uuid().simple().to_string().to_uppercase().chars().take(6).collect();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let row =
                    person::Entity::find_by_id(person.0).lock_exclusive().one(db).await?.ok_or(Error::NotFound)?;
                if row.erased_at.is_some() {
                    return Ok(());
                }
                if is_last_administrator(db, person).await? {
                    return Err(Error::Conflict("Le dernier compte d’administration ne s’efface pas.".into()));
                }
                let pseudonym = Pseudonym::of(&code);
                for folded in merging::store::into(db, person).await? {
                    unname(&inside, db, PersonId(folded.person_id), &pseudonym, now).await?;
                }
                unname(&inside, db, person, &pseudonym, now).await?;
                outbox::post(db, &inside, vec![last_word(&inside, &row, now)]).await?;
                if let Some((night, class)) = by_night {
                    report::add(db, night, class, 1).await?;
                    let note = audit::by_platform(now, person, audit::pages::ERASED_BY_NIGHT);
                    audit::store::append(db, vec![note]).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.sessions.forget(person);
    tracing::info!(person = person.0, "An account was erased");
    Ok(())
}

/// Does to an account what the list says, and gives it that name.
async fn unname(
    app: &App,
    db: &impl ConnectionTrait,
    person: PersonId,
    pseudonym: &Pseudonym,
    now: Timestamp,
) -> Result<()> {
    for part in CLASSES.iter().flat_map(|class| class.parts) {
        apply(db, part, person).await?;
    }
    certificate::unname(app, db, person, &pseudonym.name()).await?;
    // By the places they had, so before those go.
    log::unname(db, person, &pseudonym.name()).await?;
    for statement in UNFINISHED {
        db.execute_unprepared(&statement.replace("{person}", &person.to_string())).await?;
    }
    // The last of all: conditions of others go by the address.
    rename(db, person, pseudonym, now).await
}

async fn apply(db: &impl ConnectionTrait, part: &Part, person: PersonId) -> Result<()> {
    let (table, whose) = (part.table, part.of(&person.to_string()));
    let statement = match part.erased {
        Erased::Deleted => format!("DELETE FROM {table} WHERE {whose}"),
        Erased::Rewritten(values) => format!("UPDATE {table} SET {values} WHERE {whose}"),
        Erased::Kept | Erased::Remade => return Ok(()),
    };
    db.execute_unprepared(&statement).await?;
    Ok(())
}

/// What an erased account is called: « Agent effacé 3F9A1C ».
struct Pseudonym {
    code: String,
}

impl Pseudonym {
    fn of(code: &str) -> Self {
        Self { code: code.to_owned() }
    }

    fn name(&self) -> String {
        format!("Agent effacé {}", self.code)
    }
}

async fn rename(db: &impl ConnectionTrait, person: PersonId, pseudonym: &Pseudonym, now: Timestamp) -> Result<()> {
    // What came from an account is kept as long as what it came to.
    let sql = format!(
        "SELECT MAX(at) AS last_at FROM fact WHERE person_id = {person} OR person_id IN \
         (SELECT into_id FROM merge WHERE person_id = {person})"
    );
    let last = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let last: Option<i64> = last.map(|row| row.try_get("", "last_at")).transpose()?.flatten();
    let row = person::Entity::find_by_id(person.0).one(db).await?.ok_or(Error::NotFound)?;
    let now = now.as_millisecond();
    let erased = person::ActiveModel {
        id: Set(person.0),
        // Nobody receives mail there (RFC 2606), and each account has its own.
        email: Set(format!("efface-{}-{}@effacement.invalid", person.0, pseudonym.code.to_lowercase())),
        first_name: Set("Agent".to_owned()),
        last_name: Set(format!("effacé {}", pseudonym.code)),
        maison_id: Set(None),
        away: Set(None),
        extra_time: Set(0),
        seen_at: Set(None),
        warned_at: Set(None),
        suspended_at: Set(Some(row.suspended_at.unwrap_or(now))),
        erased_at: Set(Some(now)),
        proof_from: Set(Some(last.unwrap_or(row.created_at))),
        ..Default::default()
    };
    erased.update(db).await?;
    Ok(())
}

fn last_word(app: &App, row: &person::Model, now: Timestamp) -> Letter {
    let evidence = CLASSES.iter().find(|class| class.slug == "preuves").and_then(|class| app.config.term(class));
    let kept = evidence.map(|term| format!(", pendant {term} après votre dernier résultat")).unwrap_or_default();
    Letter {
        key: format!("erasure/{}", row.id),
        to_address: row.email.clone(),
        to_name: format!("{} {}", row.first_name, row.last_name),
        subject: "Votre compte Socle est effacé".to_owned(),
        body: format!(
            "Bonjour {},\n\nVotre compte de formation à distance a été effacé le {}. Vous ne pouvez plus vous connecter. \
             Votre nom, votre adresse, votre maison, vos réponses et vos messages ont été retirés.\n\nCe que la loi impose \
             de garder comme preuve de la formation reste sous un pseudonyme{kept}, puis disparaît. Gardez vos \
             certificats\u{a0}: leur numéro permet toujours de les vérifier, sans votre nom.\n\nCe message est le dernier\u{a0}: \
             votre adresse n’est gardée que le temps de l’envoyer. Pour toute question\u{a0}: {}\n\n--\u{20}\nSocle, la \
             formation à distance des maisons France\u{a0}Services\n{}\n",
            row.first_name,
            date_long(now),
            app.config.facts.contact_email,
            app.config.public_url
        ),
        calendar: None,
        send_after: now,
        send_before: now.checked_add(LAST_WORD).ok(),
    }
}
