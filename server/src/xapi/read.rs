//! Finding statements, and making those of facts whole (Communication 2.1.3).

use super::entity::{activity_definition, attachment, statement};
use super::facts;
use crate::app::App;
use crate::crowd::evened;
use crate::error::{Error, Result};
use domain::ids::PersonId;
use domain::record::{Entry, Fact};
use domain::xapi::{Filter, Key, Titles, platform_key};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _,
    Statement, Value,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Bytes of statements on a page, unless the first alone has more.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;

/// A statement as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    pub stored: Timestamp,
    /// JSON.
    pub body: String,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    seq: i64,
    stored_at: i64,
    body: Option<String>,
    person_id: Option<i64>,
    fact_seq: Option<i64>,
    at: Option<i64>,
    author_id: Option<i64>,
    fact: Option<String>,
    hash: Option<String>,
}

/// These statements, in this order.
///
/// # Errors
/// When the database fails.
pub(super) async fn told(app: &App, db: &impl ConnectionTrait, seqs: &[i64]) -> Result<Vec<Told>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = evened(seqs.iter().copied());
    let places: Vec<String> = (1..=wanted.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT s.seq, s.stored_at, s.body, s.person_id, s.fact_seq, f.at, f.author_id, f.body AS fact, f.hash \
         FROM statement s LEFT JOIN fact f ON f.person_id = s.person_id AND f.seq = s.fact_seq WHERE s.seq IN ({})",
        places.join(", ")
    );
    let values = wanted.into_iter().map(Value::from);
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = Row::find_by_statement(query).all(db).await?;
    let mut rows: BTreeMap<i64, Row> = rows.into_iter().map(|row| (row.seq, row)).collect();
    let mut whole = Vec::new();
    for row in seqs.iter().filter_map(|seq| rows.remove(seq)) {
        let stored = instant(row.stored_at)?;
        let body = match row.body {
            Some(body) => body,
            None => of_fact(app, row, stored).await?,
        };
        whole.push(Told { stored, body });
    }
    Ok(whole)
}

async fn of_fact(app: &App, row: Row, stored: Timestamp) -> Result<String> {
    let unreadable = || Error::Internal(format!("statement {} has no fact that can be read", row.seq));
    let fact: Fact = row.fact.as_deref().and_then(|fact| serde_json::from_str(fact).ok()).ok_or_else(unreadable)?;
    let agent = PersonId(row.person_id.ok_or_else(unreadable)?);
    let entry = Entry {
        seq: row.fact_seq.and_then(|seq| u64::try_from(seq).ok()).ok_or_else(unreadable)?,
        at: instant(row.at.ok_or_else(unreadable)?)?,
        author: row.author_id.map(PersonId),
        hash: row.hash.as_deref().and_then(|hash| hash.parse().ok()).ok_or_else(unreadable)?,
        fact,
        // Those brought over from another account have their statement there.
        origin: None,
    };
    let version = match entry.fact.version() {
        Some(number) => app.library.numbered(&app.db, entry.fact.course(), number).await?,
        None => None,
    };
    let chapter = version.as_ref().and_then(|version| version.chapter(entry.fact.chapter()?));
    let titles = Titles {
        course: version.as_ref().map(|version| version.course.title.as_str()),
        chapter: chapter.map(|chapter| chapter.title.as_str()),
    };
    let told = facts::told(app, agent, &entry, titles, stored)?;
    Ok(serde_json::Value::Object(told.body().clone()).to_string())
}

fn instant(at: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(at).map_err(|_| Error::Internal("a statement has an unreadable date".into()))
}

/// The statement of that identifier. One that was taken back is found where `voided` asks for it, and there only.
///
/// # Errors
/// When the database fails.
pub async fn one(app: &App, id: Uuid, voided: bool) -> Result<Option<Told>> {
    let db = app.db.reader();
    let row = statement::Entity::find()
        .select_only()
        .column(statement::Column::Seq)
        .filter(statement::Column::Id.eq(id.as_bytes().to_vec()))
        .filter(statement::Column::Voided.eq(voided));
    let Some(seq) = row.into_tuple::<i64>().one(db).await? else { return Ok(None) };
    Ok(told(app, db, &[seq]).await?.pop())
}

/// A page of statements, and where the next one begins, if there is one.
#[derive(Debug)]
pub struct Page {
    pub told: Vec<Told>,
    pub after: Option<i64>,
}

/// The statements that the filter lets through, in their order.
///
/// # Errors
/// When the database fails.
pub async fn many(app: &App, filter: &Filter) -> Result<Page> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    let everybody = filter.agent == Some((platform_key(&app.config.public_url), true));
    for (way, related) in ways(filter, everybody) {
        found.extend(search(app, filter, way, related, everybody).await?);
    }
    found.sort_unstable_by_key(|(seq, _)| if filter.ascending { *seq } else { -*seq });
    found.dedup();
    let mut bytes = 0;
    let fits = found.iter().take(usize::try_from(filter.limit).unwrap_or(usize::MAX)).take_while(|(_, size)| {
        let first = bytes == 0;
        bytes += (*size).max(1);
        first || bytes <= PAGE_BYTES
    });
    let page: Vec<i64> = fits.map(|(seq, _)| *seq).collect();
    let after = if page.len() < found.len() { page.last().copied() } else { None };
    Ok(Page { told: told(app, app.db.reader(), &page).await?, after })
}

/// Where a search begins: each goes through statements in their order along one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By time, or by the verb or the activity that is the object.
    Statement,
    /// By something else that they name.
    Trait(Key),
    /// By the statements they point at.
    Reference,
}

/// The ways that together lead to all that is asked for. The flag: whether the activity is taken broadly there.
fn ways(filter: &Filter, everybody: bool) -> Vec<(Way, bool)> {
    let mut ways = match (filter.agent.filter(|_| !everybody), filter.activity, filter.registration) {
        (Some((agent, _)), activity, _) => {
            vec![(Way::Trait(agent), activity.is_some_and(|(_, broad)| broad))]
        }
        (None, _, Some(registration)) => {
            vec![(Way::Trait(registration), filter.activity.is_some_and(|(_, broad)| broad))]
        }
        (None, Some((activity, true)), None) => vec![(Way::Statement, false), (Way::Trait(activity), true)],
        (None, _, None) => vec![(Way::Statement, false)],
    };
    if filter.chooses() {
        ways.push((Way::Reference, filter.activity.is_some_and(|(_, broad)| broad)));
    }
    ways
}

/// Goes one way, one statement further than the page: whether there are more shows.
async fn search(app: &App, filter: &Filter, way: Way, related: bool, everybody: bool) -> Result<Vec<(i64, i64)>> {
    let mut values: Vec<Value> = Vec::new();
    let mut value = |number: i64| {
        values.push(number.into());
        format!("${}", values.len())
    };
    // `t` is told; `s` must let the filter through. They differ where one points at the other.
    let (from, told, seq) = match way {
        Way::Statement => ("statement s".to_owned(), "s", "s.seq"),
        Way::Trait(Key(key)) => {
            (format!("statement_trait d JOIN statement s ON s.seq = d.seq AND d.trait = {}", value(key)), "s", "d.seq")
        }
        Way::Reference => (
            "statement_reach r JOIN statement s ON s.seq = r.reached JOIN statement t ON t.seq = r.referrer".to_owned(),
            "t",
            "r.referrer",
        ),
    };
    let mut wanted = vec![format!("NOT {told}.voided")];
    if let Some(since) = filter.since {
        wanted.push(format!("{told}.stored_at > {}", value(since.as_millisecond())));
    }
    if let Some(until) = filter.until {
        wanted.push(format!("{told}.stored_at <= {}", value(until.as_millisecond())));
    }
    if let Some(after) = filter.after {
        wanted.push(format!("{seq} {} {}", if filter.ascending { ">" } else { "<" }, value(after)));
    }
    if let Some(Key(verb)) = filter.verb {
        wanted.push(format!("s.verb = {}", value(verb)));
    }
    let mut named = |Key(key): Key, broad: bool| {
        let narrow = if broad { "" } else { " AND NOT n.broad" };
        let key = value(key);
        format!("EXISTS (SELECT 1 FROM statement_trait n WHERE n.trait = {key} AND n.seq = s.seq{narrow})")
    };
    if let Some((agent, broad)) = filter.agent {
        // That the platform says what facts say is in no index: nearly all statements are theirs.
        let named = named(agent, broad);
        wanted.push(if everybody { format!("(s.person_id IS NOT NULL OR {named})") } else { named });
    }
    if let Some(registration) = filter.registration {
        wanted.push(named(registration, false));
    }
    if let Some((activity, _)) = filter.activity {
        let broadly = related.then(|| named(activity, true));
        let object = format!("s.activity = {}", value(activity.0));
        wanted.push(match broadly {
            Some(broadly) => format!("({object} OR {broadly})"),
            None => object,
        });
    }
    let order = if filter.ascending { "ASC" } else { "DESC" };
    let limit = value(i64::try_from(filter.limit + 1).unwrap_or(i64::MAX));
    let distinct = if way == Way::Reference { "DISTINCT " } else { "" };
    let sql = format!(
        "SELECT {distinct}{seq} AS seq, {told}.size AS size FROM {from} WHERE {} ORDER BY {seq} {order} LIMIT {limit}",
        wanted.join(" AND ")
    );
    let statement = Statement::from_sql_and_values(app.db.backend(), sql, values);
    let rows = app.db.reader().query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get("", "seq")?, row.try_get("", "size")?))).collect()
}

/// What is attached under these digests.
///
/// # Errors
/// When the database fails.
pub async fn attached(app: &App, hashes: Vec<String>) -> Result<BTreeMap<String, Vec<u8>>> {
    if hashes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = attachment::Entity::find().filter(attachment::Column::Sha2.is_in(evened(hashes)));
    let rows = rows.all(app.db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.sha2, row.content)).collect())
}

/// The definition of an activity: what statements said of it, or what the last fact about it says.
///
/// # Errors
/// When the database fails.
pub async fn definition(app: &App, activity: &str) -> Result<Option<serde_json::Value>> {
    let key = Key::activity(activity);
    if let Some(known) = definitions(app, vec![key]).await?.remove(&key) {
        return Ok(Some(known));
    }
    let filter = Filter { activity: Some((key, false)), limit: 1, ..Filter::default() };
    let last = many(app, &filter).await?.told.pop();
    let last: Option<serde_json::Value> = last.and_then(|last| serde_json::from_str(&last.body).ok());
    Ok(last.and_then(|last| last.pointer("/object/definition").cloned()))
}

/// The definitions that are known of these activities.
///
/// # Errors
/// When the database fails.
pub async fn definitions(app: &App, activities: Vec<Key>) -> Result<BTreeMap<Key, serde_json::Value>> {
    if activities.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys = evened(activities.iter().map(|Key(key)| *key));
    let rows = activity_definition::Entity::find()
        .filter(activity_definition::Column::Activity.is_in(keys))
        .all(app.db.reader())
        .await?;
    let read = |row: activity_definition::Model| Some((Key(row.activity), serde_json::from_str(&row.body).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}
