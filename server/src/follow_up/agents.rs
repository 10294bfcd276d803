//! Agents by name: filtered, sorted, a page at a time.

use super::store::Question;
use crate::access::AgentLister;
use crate::error::{Error, Result};
use domain::follow_up::State;
use domain::identity::Reach;
use domain::ids::{CohortId, MaisonId};
use domain::place::DepartementCode;
use domain::text::folded;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use std::fmt;

/// What keeps an agent on the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Words of the agent's name or of their maison.
    pub(crate) query: String,
    pub(crate) departement: Option<DepartementCode>,
    pub(crate) maison: Option<MaisonId>,
    pub(crate) state: Option<Wanted>,
    pub(crate) cohort: Option<Among>,
}

/// With which cohort the agents asked for follow the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    Cohort(CohortId),
    /// With none.
    None,
}

/// How far the agents asked for are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    State(State),
    Late,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Name,
    /// The furthest first.
    Progress,
    /// The latest result first.
    Recent,
    /// The longest enrolled first.
    Oldest,
}

/// From where on the list is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Window {
    First,
    After(Cursor),
    Before(Cursor),
}

/// A place in the list: what it is sorted by, then who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    key: String,
    person: i64,
}

/// An agent as the list shows them.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Row {
    pub(crate) person_id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) maison: Option<String>,
    pub(crate) commune: Option<String>,
    pub(crate) departement: String,
    pub(crate) enrolled_at: i64,
    pub(crate) begun: i32,
    pub(crate) chapters: i32,
    pub(crate) minutes: i32,
    pub(crate) minutes_live: i32,
    pub(crate) webinars_met: i32,
    pub(crate) mooc_at: Option<i64>,
    pub(crate) done_at: Option<i64>,
    pub(crate) last_at: i64,
    pub(crate) due_at: Option<i64>,
    /// The name of their cohort.
    pub(crate) cohort: Option<String>,
    name: String,
}

/// Rows, and the places around them.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Row>,
    pub(crate) before: Option<Cursor>,
    pub(crate) after: Option<Cursor>,
}

impl Wanted {
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("en-retard", Self::Late),
        ("pas-commence", Self::State(State::NotBegun)),
        ("en-cours", Self::State(State::UnderWay)),
        ("termine", Self::State(State::Done)),
    ];
}

impl Order {
    pub(crate) const ALL: [(&'static str, Self); 4] =
        [("nom", Self::Name), ("avancement", Self::Progress), ("recent", Self::Recent), ("ancien", Self::Oldest)];

    /// What the list is sorted by, and whether the greatest come first.
    fn column(self) -> (&'static str, bool) {
        match self {
            Self::Name => ("e.name", false),
            Self::Progress => ("e.chapters", true),
            Self::Recent => ("e.last_at", true),
            Self::Oldest => ("e.enrolled_at", false),
        }
    }

    fn cursor(self, row: &Row) -> Cursor {
        let key = match self {
            Self::Name => row.name.clone(),
            Self::Progress => row.chapters.to_string(),
            Self::Recent => row.last_at.to_string(),
            Self::Oldest => row.enrolled_at.to_string(),
        };
        Cursor { key, person: row.person_id }
    }

    fn value(self, cursor: &Cursor) -> Result<Value> {
        let number = || cursor.key.parse::<i64>().map(Value::from).map_err(|_| unknown_place());
        if self == Self::Name { Ok(cursor.key.as_str().into()) } else { number() }
    }
}

impl std::str::FromStr for Cursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let (key, person) = text.rsplit_once('~').ok_or_else(unknown_place)?;
        Ok(Self { key: key.to_owned(), person: person.parse().map_err(|_| unknown_place())? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.key, self.person)
    }
}

fn unknown_place() -> Error {
    Error::BadRequest("Cette page de la liste n’existe pas\u{a0}: revenez à la première.".into())
}

impl Row {
    pub(crate) fn state(&self) -> State {
        match (self.done_at, self.begun) {
            (Some(_), _) => State::Done,
            (None, 0) => State::NotBegun,
            (None, _) => State::UnderWay,
        }
    }

    pub(crate) fn is_late(&self, asked: &Question) -> bool {
        asked.is_late(self.enrolled_at, self.due_at, self.done_at)
    }
}

/// The condition on the enrolments `e`, and its values.
pub(super) fn condition(asked: &Question, lister: &AgentLister, filter: &Filter) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![lister.course.as_str().into(), asked.now.as_millisecond().into()];
    let mut take = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    // Every question names the instant, so that its place is the same in all.
    let mut conditions = vec!["e.course = $1 AND e.active = 1 AND $2 > 0".to_owned()];
    let Reach { everybody, takers, departements, maisons } = &lister.reach;
    if !everybody {
        let mut either: Vec<String> = Vec::new();
        either.extend(takers.then(|| "e.begun = 1 OR e.cohort_id IS NOT NULL".to_owned()));
        either.extend(departements.iter().map(|code| format!("e.departement = {}", take(code.as_str().into()))));
        either.extend(maisons.iter().map(|id| format!("e.maison_id = {}", take(id.0.into()))));
        conditions.push(format!("({})", either.join(" OR ")));
    }
    for word in folded(&filter.query).split(' ').filter(|word| !word.is_empty()) {
        // `%` typed by a person means itself.
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        conditions.push(format!("e.search LIKE {} ESCAPE '\\'", take(format!("%{escaped}%").into())));
    }
    if let Some(code) = filter.departement {
        conditions.push(format!("e.departement = {}", take(code.as_str().into())));
    }
    if let Some(maison) = filter.maison {
        conditions.push(format!("e.maison_id = {}", take(maison.0.into())));
    }
    match filter.cohort {
        Some(Among::Cohort(cohort)) => conditions.push(format!("e.cohort_id = {}", take(cohort.to_string().into()))),
        Some(Among::None) => conditions.push("e.cohort_id IS NULL".to_owned()),
        None => {}
    }
    conditions.extend(filter.state.map(|wanted| {
        let said = match wanted {
            Wanted::Late => return asked.late(),
            Wanted::State(State::NotBegun) => "e.done_at IS NULL AND e.begun = 0",
            Wanted::State(State::UnderWay) => "e.done_at IS NULL AND e.begun = 1",
            Wanted::State(State::Done) => "e.done_at IS NOT NULL",
        };
        said.to_owned()
    }));
    (conditions.join(" AND "), values)
}

/// How many agents answer.
///
/// # Errors
/// When the database fails.
pub(crate) async fn count(
    db: &impl ConnectionTrait,
    asked: &Question,
    lister: &AgentLister,
    filter: &Filter,
) -> Result<u64> {
    let (condition, values) = condition(asked, lister, filter);
    let sql = format!("SELECT COUNT(*) AS n FROM enrolment e WHERE {condition}");
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let n = row.map_or(Ok(0), |row| row.try_get::<i64>("", "n"))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Some of the agents who answer, from a place in the list on.
///
/// # Errors
/// [`Error::BadRequest`] for a place that the list does not have; when the database fails.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    asked: &Question,
    (lister, filter): (&AgentLister, &Filter),
    (order, window): (Order, &Window),
    size: usize,
) -> Result<Listed> {
    let (mut condition, mut values) = condition(asked, lister, filter);
    let (column, greatest_first) = order.column();
    let backwards = matches!(window, Window::Before(_));
    let descends = greatest_first != backwards;
    if let Window::After(cursor) | Window::Before(cursor) = window {
        values.extend([order.value(cursor)?, cursor.person.into()]);
        let sign = if descends { "<" } else { ">" };
        let (key, person) = (values.len() - 1, values.len());
        condition = format!("{condition} AND ({column}, e.person_id) {sign} (${key}, ${person})");
    }
    let direction = if descends { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT e.person_id, e.name, p.first_name, p.last_name, p.email, m.name AS maison, m.commune, e.departement, \
         e.enrolled_at, e.begun, e.chapters, e.minutes, e.minutes_live, e.webinars_met, e.mooc_at, e.done_at, e.last_at, \
         e.due_at, c.name AS cohort FROM enrolment e JOIN person p ON p.id = e.person_id \
         LEFT JOIN maison m ON m.id = e.maison_id LEFT JOIN cohort c ON c.id = e.cohort_id \
         WHERE {condition} ORDER BY {column} {direction}, e.person_id {direction} LIMIT {}",
        size + 1
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let mut rows = Row::find_by_statement(statement).all(db).await?;
    let more = rows.len() > size;
    rows.truncate(size);
    if backwards {
        rows.reverse();
    }
    let first = rows.first().map(|row| order.cursor(row));
    let last = rows.last().map(|row| order.cursor(row));
    let (has_before, has_after) = match window {
        Window::First => (false, more),
        Window::After(_) => (true, more),
        Window::Before(_) => (more, true),
    };
    Ok(Listed { before: first.filter(|_| has_before), after: last.filter(|_| has_after), rows })
}
