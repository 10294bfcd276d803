//! The trainer's pages: sessions, rosters, sheets, the code to sign with.

use super::closing::{self, title};
use super::code::code;
use super::plan::{self, offered, value_of};
use super::signing::{Address, find, takes_signatures};
use super::store::{self, Attendee, Classroom, HalfDaySheet};
use crate::access::{ClassroomManager, Planner, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::qr;
use crate::webinar::presence::{by, names};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{ClassroomId, CourseSlug, PersonId};
use domain::record::HalfDay;
use domain::text::{counted, date_time, days_long, paris};
use frontend::classroom::{
    CodePage, HalfDayLine, Listed, PaperPage, PlanPage, PlanTyped, RoomPage, RosterLine, SLOTS, SheetLine, SheetPage,
    code_page, list_page, paper_page, plan_page, room_page, sheet_page,
};
use frontend::pathway::Slot;
use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The page of the code is read anew so often: well within the time that a code is good.
const REFRESH: (HeaderName, &str) = (HeaderName::from_static("refresh"), "20");

/// The courses that lead a pathway with something to follow in a room, as far as this person trains them.
fn planner(app: &App, viewer: &Viewer) -> Result<Planner> {
    let pathways = app.pathways.current();
    let courses: BTreeSet<CourseSlug> = pathways.iter().map(|published| published.pathway.course.clone()).collect();
    viewer.planner(&courses.into_iter().collect::<Vec<_>>())
}

async fn managed(app: &App, viewer: &Viewer, id: ClassroomId) -> Result<(Classroom, ClassroomManager)> {
    let classroom = store::classroom(app.db.reader(), id).await?;
    let manager = viewer.classroom_manager(&classroom)?;
    Ok((classroom, manager))
}

/// `GET /presentiel`
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let planner = planner(&app, &viewer)?;
    let mut sessions = store::of_courses(app.db.reader(), &planner.courses).await?;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.sheets.last().map(|sheet| sheet.half_day)));
    let leaders = names(app.db.reader(), sessions.iter().map(|session| session.leader).collect::<Vec<_>>()).await?;
    let today = paris(app.clock.now()).date();
    let listed = |session: &Classroom| {
        let days = session.sheets.iter().map(|sheet| sheet.half_day.date);
        let days = days.clone().min().zip(days.max());
        let due = |sheet: &&HalfDaySheet| sheet.closed.is_none() && sheet.half_day.date <= today;
        let due = session.sheets.iter().filter(due).count() as u64;
        let open = session.sheets.iter().any(|sheet| sheet.closed.is_none());
        Listed {
            href: format!("/presentiel/{}", session.id),
            title: title(&app, session),
            place: session.place.clone(),
            days: days.map(|(from, to)| days_long(from, to)).unwrap_or_default(),
            leader: by(Some(session.leader), &leaders),
            stands: match (due, open) {
                (0, true) => "À venir".to_owned(),
                (0, false) => "Close".to_owned(),
                (due, _) => counted(due, "feuille à clore", "feuilles à clore"),
            },
        }
    };
    Ok(around.page("Sessions en présentiel", list_page(sessions.iter().map(listed).collect())))
}

/// `GET /presentiel/nouvelle`
pub async fn new(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let planner = planner(&app, &viewer)?;
    let typed = PlanTyped {
        classroom: app.dice.uuid().to_string(),
        slots: vec![Slot::default(); SLOTS],
        ..PlanTyped::default()
    };
    Ok(form(&app, around, StatusCode::OK, &planner, typed))
}

/// `POST /presentiel/nouvelle`
pub async fn plan(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let planner = planner(&app, &viewer)?;
    let typed = plan::typed(&sent);
    match plan::read(&typed, &app.pathways.current(), &planner.courses, paris(app.clock.now()).date()) {
        Err(problem) => {
            let typed = PlanTyped { problem: Some(problem), ..typed };
            Ok(form(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &planner, typed))
        }
        Ok(plan) => {
            let to = format!("/presentiel/{}", plan.id);
            store::plan(&app, &planner, plan).await?;
            Ok(Redirect::to(&to).into_response())
        }
    }
}

fn form(app: &App, around: Surroundings, status: StatusCode, planner: &Planner, typed: PlanTyped) -> Response {
    let pathways = app.pathways.current();
    let offered = offered(&pathways, &planner.courses);
    let offered = offered.map(|(published, component)| (value_of(published, component), component.title.clone()));
    around.page_as(status, "Planifier une session", plan_page(PlanPage { offered: offered.collect(), typed }))
}

/// `GET /presentiel/{classroom}`
pub async fn room(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<ClassroomId>,
) -> Result<Response> {
    let (classroom, _) = managed(&app, &viewer, id).await?;
    show_room(&app, around, StatusCode::OK, classroom, (String::new(), None)).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    addresses: String,
}

/// `POST /presentiel/{classroom}/inscrits`
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<ClassroomId>,
    Form(Addresses { addresses }): Form<Addresses>,
) -> Result<Response> {
    let (classroom, manager) = managed(&app, &viewer, id).await?;
    let addresses: Vec<String> = addresses.split([' ', '\n', '\r', '\t', ',', ';']).map(str::to_owned).collect();
    let addresses: Vec<String> = addresses.into_iter().filter(|address| !address.is_empty()).collect();
    let added = store::add(&app, manager, &addresses).await?;
    if added.unknown.is_empty() {
        return Ok(Redirect::to(&format!("/presentiel/{id}")).into_response());
    }
    let said = format!(
        "{}. Vérifiez {}\u{a0}: aucun compte ouvert n’a {}.",
        counted(added.added, "personne ajoutée", "personnes ajoutées"),
        if added.unknown.len() == 1 {
            "l’adresse restée dans le champ"
        } else {
            "les adresses restées dans le champ"
        },
        if added.unknown.len() == 1 { "cette adresse" } else { "ces adresses" },
    );
    let typed = (added.unknown.join("\n"), Some(said));
    show_room(&app, around, StatusCode::UNPROCESSABLE_ENTITY, classroom, typed).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    person: PersonId,
}

/// `POST /presentiel/{classroom}/retirer`
pub async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ClassroomId>,
    Form(Person { person }): Form<Person>,
) -> Result<Redirect> {
    let (_, manager) = managed(&app, &viewer, id).await?;
    store::remove(&app, manager, person).await?;
    Ok(Redirect::to(&format!("/presentiel/{id}")))
}

async fn show_room(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    classroom: Classroom,
    (addresses, problem): (String, Option<String>),
) -> Result<Response> {
    let db = app.db.reader();
    let (roster, now) = (store::roster(db, classroom.id).await?, app.clock.now());
    let leaders = names(db, [classroom.leader]).await?;
    let href = format!("/presentiel/{}", classroom.id);
    let line = |sheet: &HalfDaySheet| HalfDayLine {
        href: format!("{href}/{}", sheet.half_day),
        said: sheet.half_day.said(),
        shows_code: takes_signatures(sheet, now),
        stands: stands(sheet, now),
        present: present(&roster, sheet.half_day),
    };
    let title = title(app, &classroom);
    let view = room_page(RoomPage {
        title: title.clone(),
        place: classroom.place.clone(),
        leader: by(Some(classroom.leader), &leaders),
        half_days: classroom.sheets.iter().map(line).collect(),
        roster: roster
            .iter()
            .map(|attendee| RosterLine {
                person: attendee.person.0,
                name: attendee.name.clone(),
                maison: attendee.maison.clone(),
                may_go: attendee.marks.is_empty(),
            })
            .collect(),
        addresses,
        problem,
        href: href.clone(),
    });
    Ok(around.page_as(status, &title, view))
}

fn present(roster: &[Attendee], half_day: HalfDay) -> u64 {
    roster.iter().filter(|attendee| attendee.mark(half_day).is_present()).count() as u64
}

fn stands(sheet: &HalfDaySheet, now: Timestamp) -> String {
    let today = paris(now).date();
    match sheet.closed {
        Some((at, _)) => format!("close le {}", date_time(at)),
        None if sheet.half_day.date == today => "aujourd’hui".to_owned(),
        None if sheet.half_day.date < today => "à clore".to_owned(),
        None => "à venir".to_owned(),
    }
}

/// `GET /presentiel/{classroom}/{half_day}`
pub async fn sheet(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
) -> Result<Response> {
    let (classroom, half_day) = find(&app, &address).await?;
    viewer.classroom_manager(&classroom)?;
    let sheet = classroom.sheet(half_day)?;
    let (roster, now) = (store::roster(app.db.reader(), classroom.id).await?, app.clock.now());
    let closers = names(app.db.reader(), sheet.closed.map(|(_, by)| by)).await?;
    let room = format!("/presentiel/{}", classroom.id);
    let line = |attendee: &Attendee| {
        let mark = attendee.mark(half_day);
        SheetLine {
            person: attendee.person.0,
            name: attendee.name.clone(),
            maison: attendee.maison.clone(),
            signed_at: mark.signed_at,
            is_present: mark.is_present(),
            record: format!("/suivi/{}", attendee.person),
        }
    };
    let closed = sheet.closed.map(|(at, person)| {
        format!(
            "Close le {} par {}. Chaque présence est au dossier de l’agent.",
            date_time(at),
            by(Some(person), &closers)
        )
    });
    let view = sheet_page(SheetPage {
        href: format!("{room}/{half_day}"),
        title: title(&app, &classroom),
        place: classroom.place.clone(),
        half_day: half_day.said(),
        closed,
        may_close: half_day.date <= paris(now).date(),
        shows_code: takes_signatures(sheet, now),
        lines: roster.iter().map(line).collect(),
        problem: None,
        room,
    });
    Ok(around.page(&format!("Feuille du {}", half_day.said()), view))
}

/// `POST /presentiel/{classroom}/{half_day}`: who was there, and whether that closes the sheet.
pub async fn keep(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<Address>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Redirect> {
    let (classroom, half_day) = find(&app, &address).await?;
    let manager = viewer.classroom_manager(&classroom)?;
    let to = format!("/presentiel/{}/{half_day}", classroom.id);
    let wrong = || Error::BadRequest("Cette page n’est plus à jour\u{a0}: rouvrez la feuille.".to_owned());
    let mut present = BTreeSet::new();
    let mut closes = None;
    for (name, value) in sent {
        match (name.as_str(), value.as_str()) {
            ("present", person) => drop(present.insert(PersonId(person.parse().map_err(|_| wrong())?))),
            ("do", "keep") => closes = Some(false),
            ("do", "close") => closes = Some(true),
            _ => return Err(wrong()),
        }
    }
    closing::keep(&app, manager, classroom, half_day, present, closes.ok_or_else(wrong)?).await?;
    Ok(Redirect::to(&to))
}

/// `GET /presentiel/{classroom}/{half_day}/code`: shown in the room, on the day.
pub async fn show_code(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
) -> Result<Response> {
    let (classroom, half_day) = find(&app, &address).await?;
    viewer.classroom_manager(&classroom)?;
    let (sheet, now) = (classroom.sheet(half_day)?, app.clock.now());
    if !takes_signatures(sheet, now) {
        let said = "Le code se montre le jour même, tant que la feuille est ouverte.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let code = code(classroom.id, sheet, now);
    let url = format!("{}/emargement/{}/{half_day}/{code}", app.config.public_url, classroom.id);
    let roster = store::roster(app.db.reader(), classroom.id).await?;
    let view = code_page(CodePage {
        sheet: format!("/presentiel/{}/{half_day}", classroom.id),
        title: title(&app, &classroom),
        half_day: half_day.said(),
        svg: qr::code(&url)?.svg("l’adresse où signer sa présence"),
        signed: roster.iter().filter(|attendee| attendee.mark(half_day).signed_at.is_some()).count() as u64,
        people: roster.len() as u64,
    });
    Ok(([REFRESH], around.page("Code à signer", view)).into_response())
}

/// `GET /presentiel/{classroom}/feuille`
pub async fn paper(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<ClassroomId>,
) -> Result<Response> {
    let (classroom, _) = managed(&app, &viewer, id).await?;
    let leaders = names(app.db.reader(), [classroom.leader]).await?;
    let people = store::roster(app.db.reader(), id).await?;
    let view = paper_page(PaperPage {
        room: format!("/presentiel/{id}"),
        title: title(&app, &classroom),
        place: classroom.place.clone(),
        leader: by(Some(classroom.leader), &leaders),
        half_days: classroom.sheets.iter().map(|sheet| sheet.half_day.said()).collect(),
        people: people.into_iter().map(|attendee| (attendee.name, attendee.maison)).collect(),
    });
    Ok(around.page("Feuille d’émargement", view))
}
