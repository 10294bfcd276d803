//! The log, as administrators read it and take it away.

use super::layer::BY_TOKEN;
use super::pages;
use super::store::{self, Filter};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity;
use crate::page::Surroundings;
use crate::token;
use crate::webinar::presence::names;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::audit::{Deed, Line};
use domain::csv;
use domain::identity::Role;
use domain::text::{paris, paris_zone};
use frontend::protection::{Asked as Shown, DeedLine, Journal, journal_page};
use futures_util::stream;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Lines of a page.
const PAGE: u64 = 50;

/// Lines read at a time for a file.
const BATCH: u64 = 500;

/// People whom a name may mean.
const PEOPLE: u64 = 200;

const COLUMNS: [&str; 8] = ["Rang", "Date", "Heure", "Qui", "À quel titre", "Dossier de", "Acte", "Page"];

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Whose data, by name or address.
    #[serde(default)]
    dossier: String,
    /// Who looked, by name or address.
    #[serde(default)]
    par: String,
    /// What was done, as stored.
    #[serde(default)]
    acte: String,
    #[serde(default)]
    du: String,
    #[serde(default)]
    au: String,
    /// The place before which to go on.
    avant: Option<u64>,
}

impl Asked {
    async fn filter(&self, app: &App) -> Result<std::result::Result<Filter, String>> {
        let (from, to) = match (day(&self.du, 0), day(&self.au, 1)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(problem), _) | (_, Err(problem)) => return Ok(Err(problem)),
        };
        let deeds = match self.acte.as_str() {
            "" => None,
            deed => match deed.parse() {
                Ok(deed) => Some(vec![deed]),
                Err(()) => return Ok(Err("Cet acte n’existe pas\u{a0}: choisissez-le dans la liste.".to_owned())),
            },
        };
        let (subjects, actors) = (people(app, &self.dossier).await?, people(app, &self.par).await?);
        Ok(Ok(Filter { subjects, actors, deeds, from, to, ..Filter::default() }))
    }

    /// The query that asks for the same, and goes on before that place.
    fn query(&self, before: Option<u64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("dossier", &self.dossier), ("par", &self.par), ("acte", &self.acte), ("du", &self.du), ("au", &self.au)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            query.append_pair("avant", &before.to_string());
        }
        query.finish()
    }
}

/// The beginning of a day in Paris, or of the one `after` days later.
fn day(text: &str, after: i64) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("«\u{a0}{}\u{a0}» n’est pas une date\u{a0}: écrivez-la comme 2026-12-01.", short(text));
    let day: Date = text.parse().map_err(|_| wrong())?;
    let day = day.checked_add(after.days()).map_err(|_| wrong())?;
    Ok(Some(day.to_zoned_datetime(paris_zone()).map_err(|_| wrong())?.timestamp()))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Those whose name or address contains the text; none where nobody is asked for.
async fn people(app: &App, text: &str) -> Result<Option<BTreeSet<i64>>> {
    let text: String = text.trim().chars().take(100).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let mut found = BTreeSet::new();
    // As lists of accounts are searched, and by first and last name together.
    for word in text.split_whitespace() {
        let (rows, _) = identity::store::list(app, word, 0, PEOPLE).await?;
        let ids: BTreeSet<i64> = rows.into_iter().map(|row| row.id).collect();
        found = if found.is_empty() { ids } else { &found & &ids };
        if found.is_empty() {
            break;
        }
    }
    Ok(Some(found))
}

/// `GET /administration/journal`
pub async fn journal(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    viewer.administrator()?;
    let mut page = Journal {
        asked: Shown {
            subject: asked.dossier.clone(),
            actor: asked.par.clone(),
            deed: asked.acte.clone(),
            from: asked.du.clone(),
            to: asked.au.clone(),
        },
        csv: format!("/administration/journal.csv?{}", asked.query(None)).trim_end_matches('?').to_owned(),
        ..Journal::default()
    };
    let filter = match asked.filter(&app).await? {
        Ok(filter) => filter,
        Err(problem) => {
            page.problem = Some(problem);
            return Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Journal", journal_page(page)));
        }
    };
    let mut lines = store::list(app.db.reader(), &filter, asked.avant, PAGE + 1).await?;
    page.more = cut(&mut lines, PAGE).map(|last| format!("/administration/journal?{}", asked.query(Some(last))));
    page.lines = told(&app, lines).await?;
    Ok(around.page("Journal", journal_page(page)))
}

/// `GET /administration/journal.csv`: all of what was asked for, sent as it is read.
pub async fn file(State(app): State<App>, viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response> {
    viewer.administrator()?;
    let filter = asked.filter(&app).await?.map_err(Error::BadRequest)?;
    let name = format!("journal-{}.csv", paris(app.clock.now()).date());
    let head = std::iter::once(Ok(csv::MARK.to_owned() + &csv::line(COLUMNS)));
    let rest = stream::try_unfold((app, filter, Some(None)), |(app, filter, before)| async move {
        let Some(before) = before else { return Ok::<_, Error>(None) };
        let lines = store::list(app.db.reader(), &filter, before, BATCH).await?;
        let next = (lines.len() as u64 == BATCH).then(|| lines.last().map(|line| line.seq));
        let seqs: Vec<u64> = lines.iter().map(|line| line.seq).collect();
        let told = told(&app, lines).await?;
        let text: String = seqs.into_iter().zip(told).map(|(seq, line)| row(seq, line)).collect();
        Ok(Some((text, (app, filter, next))))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(stream::StreamExt::chain(stream::iter(head), rest))).into_response())
}

fn row(seq: u64, line: DeedLine) -> String {
    let at = paris(line.at);
    csv::line([
        seq.to_string(),
        at.date().to_string(),
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second()),
        line.actor,
        line.role,
        line.subject,
        line.deed.to_owned(),
        line.page,
    ])
}

/// Leaves as many lines as a page has; the place of its last where there are more.
pub(crate) fn cut(lines: &mut Vec<Line>, page: u64) -> Option<u64> {
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let more = lines.len() > page;
    lines.truncate(page);
    lines.last().filter(|_| more).map(|last| last.seq)
}

/// Lines as pages tell them.
pub(crate) async fn told(app: &App, lines: Vec<Line>) -> Result<Vec<DeedLine>> {
    let people = lines.iter().flat_map(|line| [line.note.actor, line.note.subject]).flatten();
    let people = names(app.db.reader(), people.collect::<Vec<_>>()).await?;
    let tokens = lines.iter().filter_map(|line| line.note.role.strip_prefix(BY_TOKEN)).collect();
    let tokens = token::store::named(app.db.reader(), tokens).await?;
    let name = |person| people.get(&person).cloned().unwrap_or_else(|| format!("compte n°\u{a0}{person}"));
    let line = |line: Line| DeedLine {
        at: line.note.at,
        role: match line.note.role.strip_prefix(BY_TOKEN) {
            Some(_) => "autre système, par un jeton".to_owned(),
            None => line.note.role.parse::<Role>().map_or_else(|_| String::new(), |role| role.name().to_owned()),
        },
        actor: match (line.note.actor, line.note.role.strip_prefix(BY_TOKEN)) {
            (Some(person), _) => name(person),
            (None, Some(token)) => tokens.get(token).cloned().unwrap_or_else(|| "un autre système".to_owned()),
            (None, None) if line.note.deed == Deed::Refused => "Inconnu".to_owned(),
            (None, None) => "Socle".to_owned(),
        },
        subject: line.note.subject.map(name).unwrap_or_default(),
        deed: line.note.deed.name(),
        page: pages::name(&line.note.page).to_owned(),
    };
    Ok(lines.into_iter().map(line).collect())
}
