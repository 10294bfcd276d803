//! Accounts, as administrators manage them.

pub mod invitations;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::{Email, Grant, Role, Scope};
use domain::ids::{MaisonId, PersonId};
use frontend::administration::{
    AccountPage, AccountRow, Accounts, Gone, InviteForm, SessionLine, Typed, WayIn, account_page, accounts_page,
};
use http::StatusCode;
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;

use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::session;
use crate::identity::proconnect;
use crate::identity::session as sessions;
use crate::identity::store::{self, NewPerson};
use crate::merging;
use crate::page::Surroundings;
use crate::{place, posting};

const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    page: Option<u64>,
}

/// `GET /administration/comptes`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    viewer.administrator()?;
    let view = accounts_page(accounts(&app, asked, InviteForm::default()).await?);
    Ok(around.page("Comptes", view))
}

async fn accounts(app: &App, Asked { q, page }: Asked, form: InviteForm) -> Result<Accounts> {
    let query: String = q.trim().chars().take(100).collect();
    let page = page.unwrap_or(1).clamp(1, 1_000_000);
    let (rows, total) = store::list(app, &query, page - 1, PAGE).await?;
    let rows = rows.into_iter().map(|row| AccountRow {
        href: format!("/administration/comptes/{}", row.id),
        name: format!("{} {}", row.first_name, row.last_name),
        email: row.email,
        suspended: row.suspended_at.is_some(),
    });
    let maisons = place::list(app)
        .await?
        .into_iter()
        .map(|maison| (maison.id, format!("{} – {} ({})", maison.name, maison.commune, maison.departement)));
    let courses = app
        .library
        .current()
        .into_iter()
        .map(|published| (published.course.slug.to_string(), published.course.title.clone()));
    let invite = InviteForm { maisons: maisons.collect(), courses: courses.collect(), ..form };
    Ok(Accounts { query, rows: rows.collect(), page, pages: total.div_ceil(PAGE).max(1), total, invite })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    first_name: String,
    last_name: String,
    email: String,
    role: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    maison: String,
}

/// `POST /administration/comptes`: makes an account and its invitation.
pub async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(form): Form<Invited>,
) -> Result<Response> {
    viewer.administrator()?;
    let known = place::list(&app).await?;
    match read_invited(&form, &known) {
        Ok(new) => match store::create(&app, new).await {
            Ok(person) => Ok(Redirect::to(&format!("/administration/comptes/{person}")).into_response()),
            Err(Error::Conflict(problem)) => refuse_invitation(&app, around, form, ("email", problem)).await,
            Err(error) => Err(error),
        },
        Err(wrong) => refuse_invitation(&app, around, form, wrong).await,
    }
}

async fn refuse_invitation(
    app: &App,
    around: Surroundings,
    form: Invited,
    (field, problem): Wrong,
) -> Result<Response> {
    let form = InviteForm {
        problem: Some(problem),
        wrong: Some(field),
        first_name: form.first_name,
        last_name: form.last_name,
        email: form.email,
        role: form.role,
        scope: form.scope,
        maison: form.maison,
        ..InviteForm::default()
    };
    let view = accounts_page(accounts(app, Asked { q: String::new(), page: None }, form).await?);
    Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Comptes", view))
}

/// The field at fault, and what to do.
type Wrong = (&'static str, String);

fn read_invited(form: &Invited, known: &[place::maison::Model]) -> Result<NewPerson, Wrong> {
    let wrong = |field, said: &str| (field, said.to_owned());
    let named = |field, name: &str, what: &str| {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            Err((field, format!("Indiquez {what}, en 100 lettres au plus.")))
        } else {
            Ok(name.to_owned())
        }
    };
    let maison = match form.maison.as_str() {
        "" => None,
        id => {
            let maison = id.parse().ok().filter(|id| known.iter().any(|maison| maison.id == *id));
            Some(MaisonId(maison.ok_or_else(|| wrong("maison", "Choisissez la maison dans la liste."))?))
        }
    };
    let role: Role = form.role.parse().map_err(|_| wrong("role", "Choisissez le rôle dans la liste."))?;
    let scope = match (role, maison) {
        (Role::Agent, _) => Scope::Own,
        (Role::MaisonManager, Some(maison)) => Scope::Maison(maison),
        (Role::MaisonManager, None) => {
            return Err(wrong("maison", "Choisissez la maison dont cette personne est responsable."));
        }
        (Role::NationalPilot | Role::Administrator, _) => Scope::Nation,
        (Role::Trainer | Role::DepartmentPilot, _) => {
            let chosen = form.scope.parse();
            chosen.map_err(|_| wrong("scope", "Choisissez le cours du formateur ou le département du pilote."))?
        }
    };
    Ok(NewPerson {
        email: form.email.parse::<Email>().map_err(|error| ("email", error.to_string()))?,
        first_name: named("first_name", &form.first_name, "le prénom")?,
        last_name: named("last_name", &form.last_name, "le nom")?,
        maison,
        grants: vec![Grant::new(role, scope).map_err(|error| ("scope", error.to_string()))?],
        demonstration: false,
    })
}

/// `GET /administration/comptes/{person}`
pub async fn account(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
) -> Result<Response> {
    viewer.administrator()?;
    show(&app, around, StatusCode::OK, person, Shown::default()).await
}

/// What an account's page shows besides the account.
#[derive(Debug, Default)]
struct Shown {
    /// The secret of an invitation just made.
    invitation: Option<String>,
    /// A posting that was refused.
    typed: Option<Typed>,
}

/// The account's page, with a posting that was refused.
pub(crate) async fn refused(app: &App, around: Surroundings, person: PersonId, typed: Typed) -> Result<Response> {
    let shown = Shown { typed: Some(typed), ..Shown::default() };
    show(app, around, StatusCode::UNPROCESSABLE_ENTITY, person, shown).await
}

async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    person: PersonId,
    Shown { invitation, typed }: Shown,
) -> Result<Response> {
    let account = store::account(app, person).await?.ok_or(Error::NotFound)?;
    let instant = |at| Timestamp::from_millisecond(at).unwrap_or_default();
    let open = session::Entity::find().filter(session::Column::PersonId.eq(person.0)).all(app.db.reader()).await?;
    let name = format!("{} {}", account.first_name, account.last_name);
    let (folded_into, merged) = merging::routes::told(app, person).await?;
    let way_in = if account.has_password {
        WayIn::Password
    } else if proconnect::linked_since(app.db.reader(), person).await?.is_some() {
        WayIn::ProConnect
    } else {
        WayIn::Invitation
    };
    let view = account_page(AccountPage {
        gone: folded_into.map(|(said, other)| Gone::Folded(said, other)).or(account.erased.then_some(Gone::Erased)),
        merged,
        posted: posting::routes::shown(app, person, account.maison, typed).await?,
        href: format!("/administration/comptes/{person}"),
        name: name.clone(),
        email: account.email,
        roles: account.grants.iter().map(|grant| format!("{}, {}", grant.role.name(), grant.scope.name())).collect(),
        suspended: account.suspended,
        way_in,
        has_factor: sessions::has_factor(app, person).await?,
        sessions: open
            .iter()
            .map(|session| SessionLine { since: instant(session.created_at), seen: instant(session.seen_at) })
            .collect(),
        extra_time: account.extra_time,
        invitation_link: invitation.map(|secret| format!("{}/invitation/{secret}", app.config.public_url)),
    });
    Ok(around.page_as(status, &name, view))
}

/// `POST …/sessions`: ends all of them.
pub async fn end_sessions(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Redirect> {
    viewer.administrator()?;
    known(&app, person).await?;
    sessions::close_all(&app, person).await?;
    Ok(back_to(person))
}

/// `POST …/invitation`: a new link, shown once; the ones before it stop working.
pub async fn renew_invitation(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
) -> Result<Response> {
    viewer.administrator()?;
    known(&app, person).await?;
    let secret = store::invite(&app, person).await?;
    let shown = Shown { invitation: Some(secret), ..Shown::default() };
    show(&app, around, StatusCode::OK, person, shown).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraTime {
    extra_time: u32,
}

/// `POST …/temps`: time added to this person's time limits, in percent (RGAA 13.1).
pub async fn set_extra_time(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<PersonId>,
    Form(ExtraTime { extra_time }): Form<ExtraTime>,
) -> Result<Redirect> {
    viewer.administrator()?;
    known(&app, person).await?;
    if extra_time > 300 {
        return Err(Error::BadRequest("Le temps supplémentaire va de 0 à 300 %.".into()));
    }
    store::set_extra_time(&app, person, extra_time).await?;
    Ok(back_to(person))
}

/// `POST …/suspendre`
pub async fn suspend(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Redirect> {
    viewer.administrator()?;
    known(&app, person).await?;
    if person == viewer.person {
        return Err(Error::Conflict(
            "Vous ne pouvez pas suspendre votre propre compte : demandez-le à un autre administrateur.".into(),
        ));
    }
    store::suspend(&app, person, true).await?;
    sessions::close_all(&app, person).await?;
    Ok(back_to(person))
}

/// `POST …/retablir`
pub async fn restore(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Redirect> {
    viewer.administrator()?;
    known(&app, person).await?;
    store::suspend(&app, person, false).await?;
    Ok(back_to(person))
}

/// An account that something may be done with: it is neither erased nor folded into another.
async fn known(app: &App, person: PersonId) -> Result<()> {
    let account = store::account(app, person).await?.ok_or(Error::NotFound)?;
    if account.erased {
        return Err(Error::Conflict("Ce compte est effacé\u{a0}: invitez la personne de nouveau s’il le faut.".into()));
    }
    merging::store::still_stands(app.db.reader(), person).await
}

fn back_to(person: PersonId) -> Redirect {
    Redirect::to(&format!("/administration/comptes/{person}"))
}
