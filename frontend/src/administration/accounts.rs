//! The list of accounts, and the form that makes one.

use crate::ui::{Choice, SelectField, TextField, filter, pagination, problem_box, scrolling};
use domain::identity::Role;
use domain::place::DEPARTEMENTS;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    pub query: String,
    pub rows: Vec<AccountRow>,
    /// From 1.
    pub page: u64,
    pub pages: u64,
    pub total: u64,
    pub invite: InviteForm,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub href: String,
    pub name: String,
    pub email: String,
    pub suspended: bool,
}

/// The form, with what was typed before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteForm {
    pub problem: Option<String>,
    /// Name of the field that the problem is about, where it is known.
    pub wrong: Option<&'static str>,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub role: String,
    pub scope: String,
    pub maison: String,
    /// Identifier and label of every maison.
    pub maisons: Vec<(i64, String)>,
    /// Slug and title of every course.
    pub courses: Vec<(String, String)>,
}

/// The page, without its shell. Sends `q` and `page` by GET; by POST, `first_name`, `last_name`,
/// `email`, `role` (`agent`, `trainer`…), `scope` (`course:…`, `departement:…` or nothing) and
/// `maison` (its identifier, or nothing), all to `/administration/comptes`.
pub fn accounts_page(page: Accounts) -> impl IntoView {
    let Accounts { query, rows, page, pages, total, mut invite } = page;
    let said = match (total, query.is_empty()) {
        (0, false) => format!("Aucun compte ne répond à «\u{a0}{query}\u{a0}»."),
        _ => counted(total, "compte", "comptes"),
    };
    let pages = pagination("/administration/comptes", &query, page, pages);
    let problem = invite.problem.take();
    view! {
        <h1>"Comptes"</h1>
        {problem_box(problem)}
        <p><a href="#inviter">"Inviter une personne"</a>" · "<a href="/administration/importations">"Importer des maisons ou des agents"</a>" · "<a href="/administration/invitations">"Inviter par courriel"</a>" · "<a href="/administration/courriels">"Courriels envoyés et à envoyer"</a>" · "<a href="/administration/jetons">"Jetons d’accès"</a>" · "<a href="/administration/webhooks">"Webhooks"</a>" · "<a href="/administration/journal">"Journal"</a>" · "<a href="/administration/conservation">"Conservation des données"</a>" · "<a href="/administration/exploitation">"État du service"</a></p>
        {filter("Nom ou adresse électronique", "/administration/comptes", query)}
        <p role="status">{said}</p>
        {(!rows.is_empty()).then(|| scrolling("comptes", table(rows)))}
        {pages}
        {form(invite)}
    }
}

fn table(rows: Vec<AccountRow>) -> impl IntoView {
    let row = |AccountRow { href, name, email, suspended }: AccountRow| {
        view! {
            <tr>
                <th scope="row"><a href=href>{name}</a></th>
                <td>{email}</td>
                <td>{if suspended { "Suspendu" } else { "Ouvert" }}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="comptes">"Comptes, par ordre alphabétique"</caption>
            <thead>
                <tr><th scope="col">"Personne"</th><th scope="col">"Adresse électronique"</th><th scope="col">"État"</th></tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn form(form: InviteForm) -> impl IntoView {
    let InviteForm { first_name, last_name, email, role, scope, maison, maisons, courses, wrong, problem: _ } = form;
    let wrong = |name: &str| wrong == Some(name);
    let text = |label, name, kind, value| TextField {
        label,
        name,
        kind,
        value,
        autocomplete: "off",
        wrong: wrong(name),
        ..TextField::default()
    };
    let roles = Role::ALL.into_iter().map(|role| Choice::new(role.as_str(), sentence(role.name()))).collect();
    let role = SelectField {
        label: "Rôle",
        name: "role",
        value: role,
        groups: vec![("", roles)],
        wrong: wrong("role"),
        ..SelectField::default()
    };
    let maisons = maisons.into_iter().map(|(id, label)| Choice::new(id.to_string(), label)).collect();
    let maison = SelectField {
        label: "Maison",
        name: "maison",
        value: maison,
        hint: Some("Celle où la personne travaille, ou dont elle est responsable.".to_owned()),
        none: Some("Aucune"),
        groups: vec![("", maisons)],
        wrong: wrong("maison"),
        ..SelectField::default()
    };
    let courses = courses.into_iter().map(|(slug, title)| Choice::new(format!("course:{slug}"), title)).collect();
    let departements = DEPARTEMENTS
        .iter()
        .map(|known| Choice::new(format!("departement:{}", known.code), format!("{} – {}", known.code, known.name)))
        .collect();
    let scope = SelectField {
        label: "Cours ou département",
        name: "scope",
        value: scope,
        hint: Some("Seulement pour qui forme (un cours) ou pilote un département.".to_owned()),
        none: Some("Sans objet"),
        groups: vec![("Cours", courses), ("Départements", departements)],
        wrong: wrong("scope"),
        ..SelectField::default()
    };
    view! {
        <section aria-labelledby="inviter">
            <h2 id="inviter">"Inviter une personne"</h2>
            <p>"Son compte est créé, puis la page suivante donne le lien d’invitation à lui transmettre."</p>
            <form class="form" method="post" action="/administration/comptes">
                {text("Prénom", "first_name", "text", first_name).view()}
                {text("Nom", "last_name", "text", last_name).view()}
                {text("Adresse électronique", "email", "email", email).view()}
                {role.view()}
                {maison.view()}
                {scope.view()}
                <button type="submit" class="button">"Créer le compte"</button>
            </form>
        </section>
    }
}

/// With its first letter in capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
