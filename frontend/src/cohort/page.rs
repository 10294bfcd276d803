//! A cohort: its members and how they stand, its webinars and sessions, what may be done with it.

use crate::ui::{AreaField, Choice, SelectField, day, problem_box, scrolling};
use domain::cohort::Stage;
use domain::follow_up::State;
use domain::place::DEPARTEMENTS;
use domain::text::counted;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortPage {
    pub href: String,
    pub name: String,
    pub course: String,
    /// « du 3 décembre 2026 au 28 février 2027 »
    pub days: String,
    pub stage: Stage,
    /// Why it was called off, if it was.
    pub called_off: Option<String>,
    pub trainers: String,
    /// Members at work, by name.
    pub members: Vec<Member>,
    /// Those who are not: name, and why.
    pub away: Vec<(String, String)>,
    pub webinars: Vec<Attached>,
    pub classrooms: Vec<Attached>,
    pub csv: String,
    pub xlsx: String,
    /// Where its late members are reminded.
    pub reminders: String,
    /// For those who keep it.
    pub manage: Option<Manage>,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub person: i64,
    /// Their record.
    pub href: String,
    pub name: String,
    pub maison: Option<String>,
    pub state: State,
    pub is_late: bool,
    /// Chapters acquired, of those there are.
    pub done: u32,
    pub of: u32,
    /// When something was last earned.
    pub last: Option<Timestamp>,
}

/// A webinar or a session that is the cohort's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub id: String,
    /// None for who may not open it.
    pub href: Option<String>,
    pub title: String,
    pub when: String,
    /// « 9 inscrits, 2 en attente, sur 12 membres »
    pub said: String,
    /// Whether members may still be registered in one step.
    pub may_register: bool,
}

/// What those who keep it may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manage {
    pub capacity: u32,
    /// How many members there are, whoever is away too.
    pub size: u32,
    /// Whether members may join, and the rest: neither over nor called off.
    pub is_open: bool,
    /// Webinars and sessions that may be attached: identifier and name.
    pub webinars: Vec<(String, String)>,
    pub classrooms: Vec<(String, String)>,
    /// The reason typed, and what is wrong with it.
    pub reason: String,
    pub problem: Option<String>,
}

/// The page, without its shell. Sends `addresses` or `departement` to `{href}/membres`, `person` to `{href}/retirer`,
/// `webinar` to `{href}/webinaires`, `classroom` to `{href}/presentiel` (with `do`: `attach` or `detach`), and `reason` to
/// `{href}/annuler`, by POST.
pub fn cohort_page(page: CohortPage) -> impl IntoView {
    let CohortPage {
        href, name, course, days, stage, called_off, trainers, members, away, webinars, classrooms, ..
    } = page;
    let (csv, xlsx, reminders, manage) = (page.csv, page.xlsx, page.reminders, page.manage);
    let is_open = manage.as_ref().is_some_and(|manage| manage.is_open);
    let late = members.iter().filter(|member| member.is_late).count() as u64;
    let done = members.iter().filter(|member| member.state == State::Done).count() as u64;
    let problem = manage.as_ref().and_then(|manage| manage.problem.clone());
    let change = (manage.is_some() && called_off.is_none()).then(|| {
        view! { <li><a class="button is-quiet" href=format!("{href}/modifier")>"Modifier"</a></li> }
    });
    let remind = (late > 0).then(|| {
        view! { <li><a class="button is-quiet" href=reminders>"Relancer les membres en retard"</a></li> }
    });
    let has_members = !members.is_empty();
    let table = has_members.then(|| scrolling("membres", table(&href, members, is_open)));
    let files = has_members.then(|| {
        view! {
            <p class="small no-print">"Emporter cette liste\u{a0}: "<a href=csv>"CSV"</a>" · "<a href=xlsx>"tableur (XLSX)"</a></p>
        }
    });
    let size = manage.as_ref().map(|manage| {
        let places = counted(manage.capacity.into(), "place", "places");
        format!(" {} sur {places}.", counted(manage.size.into(), "membre", "membres"))
    });
    let counts = format!("{}, {}.", counted(done, "a terminé", "ont terminé"), counted(late, "en retard", "en retard"));
    let offered = manage.clone().unwrap_or_default();
    let events = [
        Events {
            title: "Webinaires",
            slug: "webinaires",
            field: "webinar",
            attached: webinars,
            offered: offered.webinars,
        },
        Events {
            title: "Sessions en présentiel",
            slug: "presentiel",
            field: "classroom",
            attached: classrooms,
            offered: offered.classrooms,
        },
    ];
    let events = events.into_iter().map(|events| events.view(&href, is_open)).collect_view();
    view! {
        <p class="overline"><a href="/cohortes">"Cohortes"</a></p>
        <h1>{name}</h1>
        <p class="lead">{course}", "{days}". "{stage.name()}"."</p>
        {called_off.map(|why| view! { <p class="notice">"Annulée\u{a0}: "{why}</p> })}
        <p>"Suivie par\u{a0}: "{trainers}"."</p>
        {problem_box(problem)}
        <ul class="actions no-print">{change}{remind}</ul>
        <section aria-labelledby="membres-titre">
            <h2 id="membres-titre">"Membres"</h2>
            <p>{counts}{size}</p>
            {table}
            {absent(away)}
            {files}
            {is_open.then(|| add(&href))}
        </section>
        {events}
        {manage.filter(|manage| manage.is_open).map(|manage| call_off(&href, manage.reason, manage.problem.is_some()))}
    }
}

fn table(href: &str, members: Vec<Member>, may_remove: bool) -> impl IntoView + use<> {
    let action = format!("{href}/retirer");
    let row = move |member: Member| {
        let Member { person, href, name, maison, state, is_late, done, of, last } = member;
        let go = may_remove.then(|| {
            view! {
                <td class="align-right"><form method="post" action=action.clone()>
                    <input type="hidden" name="person" value=person.to_string()/>
                    <button type="submit" class="link-button">"Retirer"<span class="visually-hidden">" "{name.clone()}</span></button>
                </form></td>
            }
        });
        view! {
            <tr>
                <th scope="row"><a href=href>{name}</a><span class="narrow-only">{maison.clone()}</span></th>
                <td class="wide-only">{maison.unwrap_or_else(|| "Aucune".to_owned())}</td>
                <td>{state.name()}{is_late.then(|| view! { ", "<strong class="is-late">"en retard"</strong> })}</td>
                <td class="align-right wide-only">{done}" sur "{of}</td>
                <td class="wide-only">{match last {
                    Some(at) => day(at).into_any(),
                    None => "Aucun".into_any(),
                }}</td>
                {go}
            </tr>
        }
    };
    let last = may_remove
        .then(|| view! { <th scope="col" class="align-right"><span class="visually-hidden">"Retirer"</span></th> });
    view! {
        <table>
            <caption id="membres" class="visually-hidden">"Membres, par ordre alphabétique"</caption>
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col" class="wide-only">"Maison"</th>
                    <th scope="col">"Avancement"</th>
                    <th scope="col" class="align-right wide-only">"Chapitres"</th>
                    <th scope="col" class="wide-only">"Dernier résultat"</th>
                    {last}
                </tr>
            </thead>
            <tbody>{members.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// Who is away is neither counted nor late.
fn absent(away: Vec<(String, String)>) -> impl IntoView {
    let lines: Vec<_> = away.into_iter().map(|(name, why)| view! { <li>{name}", "{why}</li> }).collect();
    (!lines.is_empty()).then(|| view! { <p>"Ne sont pas comptés\u{a0}:"</p><ul>{lines}</ul> })
}

fn add(href: &str) -> impl IntoView + use<> {
    let action = format!("{href}/membres");
    let addresses = AreaField {
        label: "Adresses électroniques des agents",
        name: "addresses",
        hint: Some("Une par ligne. Vous verrez qui sera ajouté avant que rien ne soit écrit.".to_owned()),
        rows: 4,
        most: 20_000,
        ..AreaField::default()
    };
    let departements =
        DEPARTEMENTS.iter().map(|known| Choice::new(known.code, format!("{} – {}", known.code, known.name)));
    let territory = SelectField {
        label: "Tous les agents d’un département, ou d’une de ses maisons",
        name: "departement",
        none: Some("Choisir"),
        groups: vec![("", departements.collect())],
        ..SelectField::default()
    };
    view! {
        <h3>"Ajouter des membres"</h3>
        <form class="form" method="post" action=action.clone()>
            {addresses.view()}
            <button type="submit" class="button is-quiet" name="do" value="look">"Voir qui serait ajouté"</button>
        </form>
        <form class="form" method="post" action=action>
            {territory.view()}
            <button type="submit" class="button is-quiet" name="do" value="look">"Voir ces agents"</button>
        </form>
        <p><a href=format!("{href}/importations")>"Ajouter depuis un fichier"</a>" CSV ou XLSX."</p>
    }
}

/// Webinars, or sessions face to face.
struct Events {
    title: &'static str,
    slug: &'static str,
    field: &'static str,
    attached: Vec<Attached>,
    offered: Vec<(String, String)>,
}

impl Events {
    fn view(self, href: &str, is_open: bool) -> impl IntoView + use<> {
        let Self { title, slug, field, attached, offered } = self;
        let action = format!("{href}/{slug}");
        let none = attached.is_empty().then(|| view! { <p>"Aucun rattachement encore."</p> });
        let post = action.clone();
        let line = move |Attached { id, href, title, when, said, may_register }: Attached| {
            let name = match href {
                Some(href) => view! { <a href=href>{title.clone()}</a> }.into_any(),
                None => title.clone().into_any(),
            };
            let acts = is_open.then(|| {
                let register = may_register.then(|| {
                    view! { <button type="submit" class="link-button" name="do" value="attach">"Inscrire les membres"<span class="visually-hidden">{format!(" à {title}")}</span></button>" · " }
                });
                view! {
                    <form method="post" action=post.clone()>
                        <input type="hidden" name=field value=id/>
                        {register}
                        <button type="submit" class="link-button" name="do" value="detach">"Détacher"<span class="visually-hidden">{format!(" {title}")}</span></button>
                    </form>
                }
            });
            view! { <li>{name}", "{when}". "{said}"."{acts}</li> }
        };
        let lines: Vec<_> = attached.into_iter().map(line).collect();
        let lines = (!lines.is_empty()).then(|| view! { <ul class="half-days">{lines}</ul> });
        let attach = (is_open && !offered.is_empty()).then(|| {
            let choices = offered.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
            let label = if field == "webinar" { "Webinaire à venir" } else { "Session à tenir" };
            let choice = SelectField { label, name: field, groups: vec![("", choices)], ..SelectField::default() };
            view! {
                <form class="form" method="post" action=action>
                    {choice.view()}
                    <button type="submit" class="button is-quiet" name="do" value="attach">"Rattacher et inscrire les membres"</button>
                </form>
            }
        });
        view! {
            <section aria-labelledby=format!("{slug}-titre")>
                <h2 id=format!("{slug}-titre")>{title}</h2>
                {none}
                {lines}
                {attach}
            </section>
        }
    }
}

fn call_off(href: &str, reason: String, open: bool) -> impl IntoView + use<> {
    let field = AreaField {
        label: "Raison, que les membres recevront",
        name: "reason",
        value: reason,
        rows: 3,
        most: 300,
        ..AreaField::default()
    };
    view! {
        <details class="cancel" open=open>
            <summary>"Annuler la cohorte"</summary>
            <p>"Ses membres n’en auront plus, et pourront en rejoindre une autre. Leurs dossiers restent."</p>
            <form class="form" method="post" action=format!("{href}/annuler")>
                {field.view()}
                <button type="submit" class="button">"Annuler la cohorte"</button>
            </form>
        </details>
    }
}
