//! The register, one's own data, erasing an account, and the report of nights.

use super::{copy, erasure, nights, report};
use crate::access::Viewer;
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::identity;
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::PersonId;
use domain::protection::{CLASSES, Class, Erased, FREE, Kept, Night};
use domain::text::{day_long, paris};
use frontend::protection::{
    ClassLine, DueLine, Erase, EraseLine, Mine, MineLine, NightLine, Nights, Register, erase_page, mine_page,
    nights_page, register_page,
};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

/// Lines of « Qui a consulté mon dossier » shown at a time.
const LOOKS: u64 = 20;

/// Nights shown at a time.
const NIGHTS: u64 = 30;

/// The classes as pages tell them.
pub(crate) fn classes(app: &App) -> Vec<ClassLine> {
    let line = |class: &Class| {
        let mut tables: Vec<&'static str> = class.parts.iter().map(|part| part.table).collect();
        tables.dedup();
        ClassLine {
            name: class.name,
            what: class.what,
            purpose: class.purpose,
            basis: class.basis.name(),
            seen_by: class.seen_by,
            kept: class.duration(app.config.term(class)),
            erasure: class.erasure,
            source: class.source,
            tables,
        }
    };
    CLASSES.iter().map(line).collect()
}

/// `GET /registre-des-traitements`
pub async fn register(State(app): State<App>, around: Surroundings) -> Response {
    let facts = &app.config.facts;
    let page = Register {
        publisher: facts.publisher.clone(),
        host: facts.host.clone(),
        contact_email: facts.contact_email.clone(),
        classes: classes(&app),
        free: FREE.to_vec(),
    };
    around.page("Registre des traitements", register_page(page))
}

#[derive(Debug, Deserialize)]
pub struct Before<T> {
    avant: Option<T>,
}

/// `GET /mes-donnees`
pub async fn mine(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Before { avant }): Query<Before<u64>>,
) -> Result<Response> {
    let held = erasure::held(&app, viewer.person).await?;
    let mut looks = audit::store::about(app.db.reader(), viewer.person, avant, LOOKS + 1).await?;
    let more = audit::routes::cut(&mut looks, LOOKS).map(|last| format!("/mes-donnees?avant={last}#consultations"));
    let log = CLASSES.iter().find(|class| class.slug == "journal");
    let page = Mine {
        classes: held
            .into_iter()
            .map(|held| MineLine {
                name: held.class.name,
                what: held.class.what,
                kept: held.class.duration(app.config.term(held.class)),
                rows: held.rows,
            })
            .collect(),
        looks: audit::routes::told(&app, looks).await?,
        more,
        looks_kept: log.and_then(|class| app.config.term(class)).map(|term| term.to_string()).unwrap_or_default(),
    };
    Ok(around.page("Mes données", mine_page(page)))
}

/// `GET /mes-donnees/copie.zip`
pub async fn copy(State(app): State<App>, viewer: Viewer) -> Response {
    let name = format!("mes-donnees-{}.zip", paris(app.clock.now()).date());
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, copy::body(&app, viewer.person, viewer.name())).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    #[serde(default)]
    sure: String,
}

/// `GET /administration/comptes/{person}/effacer`: what goes and what stays.
pub async fn erase_preview(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
) -> Result<Response> {
    viewer.administrator()?;
    show(&app, &viewer, around, person, false).await
}

/// `POST /administration/comptes/{person}/effacer`
pub async fn erase(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
    Form(Confirmed { sure }): Form<Confirmed>,
) -> Result<Response> {
    viewer.administrator()?;
    identity::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    if sure != "yes" {
        return show(&app, &viewer, around, person, true).await;
    }
    if let Some(refusal) = erasure::refusal(&app, person, viewer.person).await? {
        return Err(Error::Conflict(refusal.to_owned()));
    }
    erasure::erase(&app, person).await?;
    Ok(Redirect::to(&format!("/administration/comptes/{person}")).into_response())
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    person: PersonId,
    unconfirmed: bool,
) -> Result<Response> {
    let account = identity::store::account(app, person).await?.ok_or(Error::NotFound)?;
    let refusal = if account.erased {
        Some("Ce compte est déjà effacé.")
    } else {
        erasure::refusal(app, person, viewer.person).await?
    };
    let held = erasure::held(app, person).await?;
    let line = |erasure::Held { class, rows }| {
        let stays = class.parts.iter().any(|part| !matches!(part.erased, Erased::Deleted)) && class.slug != "compte";
        let until = match class.kept {
            Kept::For { .. } => class.duration(app.config.term(class)),
            Kept::Account => "le terme de ces preuves".to_owned(),
        };
        EraseLine {
            name: class.name,
            rows,
            erasure: class.erasure,
            until: stays.then_some(until),
            why: stays.then_some(class.source),
        }
    };
    let name = format!("{} {}", account.first_name, account.last_name);
    let status = if unconfirmed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Effacer le compte de {name}");
    let view = erase_page(Erase {
        href: format!("/administration/comptes/{person}"),
        name,
        email: account.email,
        lines: held.into_iter().map(line).collect(),
        refusal: refusal.map(str::to_owned),
        unconfirmed,
    });
    Ok(around.page_as(status, &title, view))
}

/// `GET /administration/conservation`
pub async fn retention(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Before { avant }): Query<Before<Night>>,
) -> Result<Response> {
    viewer.administrator()?;
    let now = app.clock.now();
    let soon = now.checked_add(nights::AHEAD).unwrap_or(now);
    let mut due = Vec::new();
    for class in CLASSES.iter().filter(|class| class.setting().is_some()) {
        due.push(DueLine {
            name: class.name,
            kept: class.duration(app.config.term(class)),
            next_night: nights::past_at(&app, class, now).await?,
            within_a_month: nights::past_at(&app, class, soon).await?,
        });
    }
    let mut reports = report::latest(app.db.reader(), avant, NIGHTS + 1).await?;
    let more = reports.len() as u64 > NIGHTS;
    reports.truncate(usize::try_from(NIGHTS).unwrap_or(usize::MAX));
    let more = reports.last().filter(|_| more).map(|last| format!("/administration/conservation?avant={}", last.night));
    let named = |slug: &str| {
        let class = CLASSES.iter().find(|class| class.slug == slug);
        class.map_or_else(|| slug.to_owned(), |class| class.name.to_owned())
    };
    let night = |done: report::Report| NightLine {
        night: day_long(done.night),
        done_at: done.done_at,
        gone: done.gone.into_iter().map(|(slug, gone)| (named(&slug), gone)).collect(),
    };
    let view = nights_page(Nights { due, nights: reports.into_iter().map(night).collect(), more });
    Ok(around.page("Conservation des données", view))
}
