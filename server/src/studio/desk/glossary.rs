//! `/studio/{course}/glossaire`: the words of the course.

use super::{GLOSSARY, opened, store, text_of};
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::page::Surroundings;
use crate::studio::store::{Save, Saved};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::Term;
use domain::ids::CourseSlug;
use domain::studio::description;
use domain::studio::written::one_line;
use domain::text::{folded, slug};
use frontend::studio::desk::{GlossaryPage, TermLine, glossary_page};
use http::StatusCode;
use std::collections::BTreeSet;
use uuid::Uuid;

/// `GET /studio/{course}/glossaire`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    super::super::authored(&app, &viewer, &course).await?;
    let (base, text) = text_of(app.db.reader(), &course, GLOSSARY).await?.unwrap_or_default();
    let mut lines: Vec<TermLine> = description::terms(&text).into_iter().map(line).collect();
    lines.sort_by_cached_key(|line| folded(&line.term));
    show(&app, &viewer, around, (StatusCode::OK, course), (base, lines), None).await
}

fn line(Term { key, term, definition }: Term) -> TermLine {
    TermLine { key, term, definition, problem: None }
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    (status, course): (StatusCode, CourseSlug),
    (base, lines): (i64, Vec<TermLine>),
    problem: Option<String>,
) -> Result<Response> {
    let (_, _, framed) = opened(app, viewer, &course).await?;
    let title = format!("Glossaire\u{a0}: {}", framed.title);
    let request = app.dice.uuid().to_string();
    let view = glossary_page(GlossaryPage { framed, request, base, lines, problem });
    Ok(around.studio_page(status, &title, view))
}

/// The terms as they were typed, a line each; what was emptied goes.
fn typed(sent: &[(String, String)]) -> Vec<TermLine> {
    let value = |name: &str| {
        let found = sent.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| one_line(value)).unwrap_or_default()
    };
    let numbers = sent.iter().filter_map(|(name, _)| name.strip_prefix("term-"));
    let lines = numbers.map(|number| TermLine {
        key: value(&format!("key-{number}")),
        term: value(&format!("term-{number}")),
        definition: value(&format!("definition-{number}")),
        problem: None,
    });
    lines.filter(|line| !line.term.is_empty() || !line.definition.is_empty()).collect()
}

/// Gives new terms a key, and says what is wrong with each.
fn judged(lines: &mut [TermLine]) -> bool {
    let mut keys: BTreeSet<String> = lines.iter().map(|line| line.key.clone()).collect();
    let mut names = BTreeSet::new();
    for line in lines.iter_mut() {
        if line.key.is_empty() && !line.term.is_empty() {
            let proposed = match slug(&line.term, 48) {
                slug if slug.is_empty() => "mot".to_owned(),
                slug => slug,
            };
            let mut key = proposed.clone();
            let mut number = 2;
            while !keys.insert(key.clone()) {
                key = format!("{proposed}-{number}");
                number += 1;
            }
            line.key = key;
        }
        line.problem = if line.term.is_empty() {
            Some("Écrivez le terme, ou effacez sa définition.".to_owned())
        } else if line.definition.is_empty() {
            Some("Écrivez la définition, ou effacez le terme.".to_owned())
        } else if line.term.chars().count() > 100 || line.definition.chars().count() > 1000 {
            Some("Raccourcissez\u{a0}: 100 signes au plus pour le terme, 1 000 pour la définition.".to_owned())
        } else if !names.insert(folded(&line.term)) {
            Some("Ce terme est déjà défini plus haut\u{a0}: gardez une seule définition.".to_owned())
        } else {
            None
        };
    }
    lines.iter().all(|line| line.problem.is_none())
}

/// `POST /studio/{course}/glossaire`
pub async fn save(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (_, author) = super::super::authored(&app, &viewer, &course).await?;
    let field = |name: &str| sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let request: Uuid = field("request").and_then(|text| text.parse().ok()).unwrap_or_else(|| app.dice.uuid());
    let base: i64 = field("base").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut lines = typed(&sent);
    if !judged(&mut lines) {
        let said = "Un terme est à corriger\u{a0}: rien n’est encore enregistré.".to_owned();
        let place = (StatusCode::UNPROCESSABLE_ENTITY, course);
        return show(&app, &viewer, around, place, (base, lines), Some(said)).await;
    }
    let terms = lines.iter().map(|line| Term {
        key: line.key.clone(),
        term: line.term.clone(),
        definition: line.definition.clone(),
    });
    let (terms, now): (Vec<Term>, _) = (terms.collect(), app.clock.now());
    let saved = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let known = text_of(db, &author.course, GLOSSARY).await?;
                let file = known.map(|(_, text)| text).unwrap_or_default();
                // A glossary without terms is no file: nothing would refer to it.
                let bytes = (!terms.is_empty()).then(|| description::write_terms(&file, &terms).into_bytes());
                if base == 0 && bytes.is_none() {
                    return Ok(Saved::Kept(0));
                }
                let save = Save { path: GLOSSARY.to_owned(), base: (base > 0).then_some(base), bytes };
                store::save(db, &author, (now, request), save).await
            })
        })
        .await?;
    match saved {
        Saved::Kept(_) => Ok(Redirect::to(&format!("/studio/{course}/glossaire")).into_response()),
        Saved::Behind(known) => {
            let said = "Quelqu’un a changé le glossaire entre-temps. Le vôtre est ci-dessous\u{a0}: en enregistrant de nouveau, il remplacera le sien, que l’historique garde.";
            let base = known.map(|file| file.revision).unwrap_or_default();
            let place = (StatusCode::CONFLICT, course);
            show(&app, &viewer, around, place, (base, lines), Some(said.to_owned())).await
        }
    }
}
