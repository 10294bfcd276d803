//! Bringing maisons, agents and their presence in from a file.

use crate::ui::{Choice, SelectField, problem_box, scrolling};
use domain::import::Kind;
use domain::text::{counted, plural};
use leptos::prelude::*;

/// Where files are brought in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Desk {
    #[default]
    Administration,
    /// The members of a cohort: its address and its name.
    Cohort(String, String),
}

impl Desk {
    /// Its address.
    #[must_use]
    pub fn href(&self) -> String {
        match self {
            Self::Administration => "/administration/importations".to_owned(),
            Self::Cohort(href, _) => format!("{href}/importations"),
        }
    }
}

/// The form that sends a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendFile {
    /// Made with the form, so that sending it twice keeps one file.
    pub import: String,
    pub desk: Desk,
    /// The kind that was chosen ([`Kind::as_str`]), or nothing.
    pub kind: String,
    /// The sheet of a workbook; empty for the first.
    pub sheet: String,
    pub problem: Option<String>,
}

/// A file, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPage {
    pub href: String,
    pub desk: Desk,
    pub file_name: String,
    pub brings: Kind,
    pub header: Vec<String>,
    pub fields: Vec<ColumnChoice>,
    pub state: ImportState,
}

/// What a column may hold, and the column that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnChoice {
    pub name: &'static str,
    pub label: &'static str,
    pub required: bool,
    pub chosen: Option<usize>,
}

/// How many lines do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub wrong: u64,
}

/// Where an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportState {
    /// What is required and has no column.
    Incomplete(Vec<&'static str>),
    Planned {
        counts: Imported,
        /// The first of them.
        problems: Vec<ProblemLine>,
        /// How many there are besides.
        more: u64,
        /// Whether everything was asked for, and nothing done since a line is wrong.
        refused: bool,
    },
    Done(Imported),
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLine {
    pub line: u32,
    pub column: &'static str,
    pub what: String,
    pub remedy: String,
}

/// The page that sends a file, without its shell: `import`, `kind`, `sheet` and `file`, as `multipart/form-data`.
pub fn send_file_page(page: SendFile) -> impl IntoView {
    let SendFile { import, desk, kind, sheet, problem } = page;
    let wrong = problem.is_some();
    let action = desk.href();
    let (back, title, brings, kind) = match desk {
        Desk::Administration => {
            let kinds = SelectField {
                label: "Ce que le fichier apporte",
                name: "kind",
                value: kind,
                groups: vec![("", [Kind::Agents, Kind::Maisons, Kind::Attendances].map(choice).to_vec())],
                ..SelectField::default()
            };
            let back = ("/administration/comptes".to_owned(), "Comptes".to_owned());
            (back, "Importer un fichier", what_files_bring().into_any(), kinds.view().into_any())
        }
        Desk::Cohort(href, name) => {
            let kind = view! { <input type="hidden" name="kind" value=Kind::Members.as_str()/> };
            let brings = view! {
                <p>"Une adresse électronique par ligne. Un agent n’est que dans une cohorte du même cours à la fois\u{a0}: pour qu’un agent en quitte une autre, ajoutez une colonne «\u{a0}Déplacer\u{a0}» et écrivez-y oui."</p>
            };
            ((href, name), "Ajouter des membres depuis un fichier", brings.into_any(), kind.into_any())
        }
    };
    view! {
        <p class="overline"><a href=back.0>{back.1}</a></p>
        <h1>{title}</h1>
        {problem_box(problem)}
        <p>"Envoyez un classeur XLSX ou un fichier CSV dont la première ligne nomme les colonnes. Rien n’est écrit avant que vous ayez vu ce qui changera, ligne par ligne. Importer deux fois le même fichier ne change rien la seconde fois."</p>
        {brings}
        <form class="form" method="post" action=action enctype="multipart/form-data">
            <input type="hidden" name="import" value=import/>
            {kind}
            <div class="field">
                <label for="file">"Fichier"</label>
                <p class="hint" id="aide-file">"XLSX ou CSV, 4\u{a0}Mo au plus."</p>
                <input type="file" id="file" name="file" accept=".xlsx,.csv,text/csv" required=true aria-describedby="aide-file" aria-invalid=wrong.then_some("true")/>
            </div>
            <div class="field">
                <label for="sheet">"Feuille du classeur (facultatif)"</label>
                <p class="hint" id="aide-sheet">"Son nom, si ce n’est pas la première."</p>
                <input type="text" id="sheet" name="sheet" value=sheet maxlength="60" autocomplete="off" aria-describedby="aide-sheet"/>
            </div>
            <button type="submit" class="button">"Vérifier le fichier"</button>
        </form>
    }
}

/// What the administration's files bring.
fn what_files_bring() -> impl IntoView {
    view! {
        <dl>
            <dt>"Maisons"</dt>
            <dd>"Nom, commune et département\u{a0}; SIRET et date de labellisation s’ils sont connus. À importer avant les agents."</dd>
            <dt>"Agents"</dt>
            <dd>"Nom, prénom, adresse électronique\u{a0}; la maison par son SIRET, ou par son nom avec le département ou la commune. Une autre maison, un congé, un départ ou un retour (situation, depuis le) s’ajoute à l’historique du compte."</dd>
            <dt>"Présences en salle"</dt>
            <dd>"Adresse électronique de l’agent, composante du parcours, date, demi-journée (matin, après-midi ou journée) et source, par exemple la feuille d’émargement. Chaque ligne s’ajoute au dossier de l’agent, à votre nom\u{a0}; qui n’est pas dans le fichier n’est pas noté absent."</dd>
        </dl>
    }
}

fn choice(kind: Kind) -> Choice {
    let label = match kind {
        Kind::Agents => "Des agents",
        Kind::Maisons => "Des maisons",
        Kind::Attendances => "Des présences en salle",
        Kind::Members => "Des membres d’une cohorte",
    };
    Choice::new(kind.as_str(), label)
}

/// The page of a file, without its shell. Sends `c-…` (a column's number from 0, or nothing) by GET to check again, and
/// by POST with `choix` (`tout` or `valides`) to carry it out.
pub fn import_page(page: ImportPage) -> impl IntoView {
    let ImportPage { href, desk, file_name, brings, header, fields, state } = page;
    let back = desk.href();
    let (title, one, many) = match brings {
        Kind::Agents => ("Importer des agents", "agent à créer", "agents à créer"),
        Kind::Maisons => ("Importer des maisons", "maison à créer", "maisons à créer"),
        Kind::Attendances => ("Importer des présences", "présence à inscrire", "présences à inscrire"),
        Kind::Members => ("Ajouter des membres", "agent à ajouter", "agents à ajouter"),
    };
    let body = match state {
        ImportState::Done(counts) => done(counts, brings, &desk).into_any(),
        ImportState::Incomplete(labels) => view! {
            <div class="notice is-problem" role="alert">
                <p class="notice-title">"Des colonnes manquent"</p>
                <p>"Dites quelle colonne contient\u{a0}: "{labels.join(", ")}"."</p>
            </div>
            {columns(&href, &header, &fields)}
        }
        .into_any(),
        ImportState::Planned { counts, problems, more, refused } => {
            let hidden = fields.iter().filter_map(|field| Some((field.name, field.chosen?)));
            let hidden =
                hidden.map(|(name, at)| view! { <input type="hidden" name=format!("c-{name}") value=at.to_string()/> });
            let hidden = hidden.collect_view();
            view! {
                {refused.then(|| problem_box(Some("Rien n’a été importé\u{a0}: des lignes sont en erreur. Corrigez le fichier, ou choisissez d’importer les autres lignes.".to_owned())))}
                <h2>"Ce qui changera"</h2>
                {summary(counts, (one, many))}
                {carry_out(&href, counts, hidden)}
                {(!problems.is_empty()).then(|| wrong_lines(problems, more))}
                {columns(&href, &header, &fields)}
            }
            .into_any()
        }
    };
    view! {
        <p class="overline"><a href=back>"Importer"</a></p>
        <h1>{title}</h1>
        <p class="lead">{file_name}</p>
        {body}
    }
}

fn done(counts: Imported, brings: Kind, desk: &Desk) -> impl IntoView + use<> {
    let Imported { created, updated, unchanged, wrong } = counts;
    let again = desk.href();
    let back = match desk {
        Desk::Administration => None,
        Desk::Cohort(href, name) => Some((href.clone(), name.clone())),
    };
    view! {
        <div class="notice is-good" role="status">
            <p class="notice-title">"Import terminé"</p>
            <p>{counted(created, "création", "créations")}", "{counted(updated, "modification", "modifications")}", "{counted(unchanged, "ligne déjà connue", "lignes déjà connues")}", "{counted(wrong, "ligne laissée de côté", "lignes laissées de côté")}"."</p>
        </div>
        <ul class="actions">
            {back.map(|(href, name)| view! { <li><a class="button" href=href>{name}</a></li> })}
            <li><a class="button is-quiet" href=again>"Importer un autre fichier"</a></li>
            {(brings == Kind::Agents).then(|| view! { <li><a class="button is-quiet" href="/administration/invitations">"Inviter les agents"</a></li> })}
        </ul>
    }
}

fn summary(counts: Imported, (one, many): (&'static str, &'static str)) -> impl IntoView + use<> {
    let Imported { created, updated, unchanged, wrong } = counts;
    view! {
        <div role="status"><ul>
            <li>{counted(created, one, many)}</li>
            {(updated > 0).then(|| view! { <li>{counted(updated, "ligne qui change ce qui est connu", "lignes qui changent ce qui est connu")}</li> })}
            <li>{counted(unchanged, "ligne déjà connue, sans changement", "lignes déjà connues, sans changement")}</li>
            <li><strong>{counted(wrong, "ligne en erreur", "lignes en erreur")}</strong></li>
        </ul></div>
    }
}

fn carry_out(href: &str, counts: Imported, hidden: impl IntoView) -> impl IntoView {
    let Imported { created, updated, wrong, .. } = counts;
    let changes = created + updated;
    let choice = |value: &'static str, said: String, checked: bool| {
        let id = format!("choix-{value}");
        view! {
            <li><input type="radio" id=id.clone() name="choix" value=value checked=checked/><label for=id>{said}</label></li>
        }
    };
    let choices = (wrong > 0).then(|| {
        let rest = format!(
            "Importer les autres lignes, et laisser {} de côté",
            counted(wrong, "ligne en erreur", "lignes en erreur")
        );
        view! {
            <fieldset class="group">
                <legend>"Lignes en erreur"</legend>
                <ul class="boxes">
                    {choice("tout", "N’importer que si tout est juste".to_owned(), true)}
                    {choice("valides", rest, false)}
                </ul>
            </fieldset>
        }
    });
    if changes == 0 {
        return view! { <p>"Rien n’est à écrire."</p> }.into_any();
    }
    let href = href.to_owned();
    view! {
        <form class="form" method="post" action=href>
            {hidden}
            {choices}
            <button type="submit" class="button">"Importer"</button>
        </form>
    }
    .into_any()
}

fn wrong_lines(problems: Vec<ProblemLine>, more: u64) -> impl IntoView {
    let rows = problems.into_iter().map(|ProblemLine { line, column, what, remedy }| {
        view! { <tr><th scope="row">{line}</th><td>{column}</td><td>{what}</td><td>{remedy}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"Lignes en erreur"</h2>
        {scrolling("erreurs", view! {
            <table>
                <caption id="erreurs">"Ce qui ne va pas, et comment le corriger dans le fichier"</caption>
                <thead><tr><th scope="col">"Ligne"</th><th scope="col">"Colonne"</th><th scope="col">"Ce qui ne va pas"</th><th scope="col">"Que faire"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        })}
        {(more > 0).then(|| view! { <p>"Et "{counted(more, "autre problème", "autres problèmes")}" qui "{plural(more, "apparaîtra", "apparaîtront")}" une fois ceux-ci corrigés."</p> })}
    }
}

fn columns(href: &str, header: &[String], fields: &[ColumnChoice]) -> impl IntoView + use<> {
    let fields = fields.iter().map(|field| {
        let id = format!("c-{}", field.name);
        let label = if field.required { format!("{} (obligatoire)", field.label) } else { field.label.to_owned() };
        let options = header.iter().enumerate().map(|(at, heading)| {
            let selected = field.chosen == Some(at);
            let heading = if heading.trim().is_empty() { format!("Colonne {}", at + 1) } else { heading.clone() };
            view! { <option value=at.to_string() selected=selected>{heading}</option> }
        });
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <select id=id.clone() name=id>
                    <option value="" selected=field.chosen.is_none()>"Aucune colonne"</option>
                    {options.collect_view()}
                </select>
            </div>
        }
    });
    let fields = fields.collect_view();
    let href = href.to_owned();
    view! {
        <h2>"Colonnes du fichier"</h2>
        <form class="filter-many" method="get" action=href>
            {fields}
            <p class="actions"><button type="submit" class="button is-quiet">"Vérifier de nouveau"</button></p>
        </form>
    }
}
