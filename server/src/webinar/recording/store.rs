//! Recordings as they stand in the database.

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::crowd::evened;
use crate::error::{Error, Result};
use crate::operation;
use domain::ids::WebinarId;
use domain::operation::Kept;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set, Statement};

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is being written, or waits to be completed.
    Running,
    /// It can be played, from end to end.
    Whole,
    /// Nothing of it can be played; `why` says why.
    Failed,
    /// It was, and its files are gone.
    Removed,
}

impl State {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Whole => "whole",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Running, Self::Whole, Self::Failed, Self::Removed].into_iter().find(|state| state.as_str() == text)
    }
}

/// The recording of a webinar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub webinar: WebinarId,
    pub state: State,
    /// Time zero of the file: an entry of the room's log is at its own time less this one.
    pub started_at: Timestamp,
    /// Of the whole file; zero while it runs.
    pub length: SignedDuration,
    /// Of both files.
    pub bytes: u64,
    /// There is a second file, of the camera beside the screen.
    pub has_camera: bool,
    /// The last day on which it is kept, in Paris.
    pub kept_until: Date,
    /// Why it stopped early, failed or was removed, for people.
    pub why: Option<String>,
    pub removed_at: Option<Timestamp>,
}

impl Recording {
    /// How long it is, in milliseconds.
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.length.as_millis()).unwrap_or(0)
    }
}

/// The recording of that webinar, if one was ever begun.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<Option<Recording>> {
    Entity::find_by_id(webinar.to_string()).one(db).await?.map(read).transpose()
}

/// All those in that state.
///
/// # Errors
/// When the database fails.
pub async fn in_state(db: &impl ConnectionTrait, state: State) -> Result<Vec<Recording>> {
    let rows = Entity::find().filter(Column::State.eq(state.as_str())).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// How many can be played, and the bytes of their files.
///
/// # Errors
/// When the database fails.
pub(crate) async fn kept(db: &impl ConnectionTrait) -> Result<Kept> {
    let sql =
        "SELECT COUNT(*) AS count, CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM recording WHERE state = $1";
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [State::Whole.as_str().into()]);
    Ok(operation::kept(db, query).await?)
}

/// Of these webinars, the recordings that can be played, the latest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn whole_of(
    db: &impl ConnectionTrait,
    webinars: impl IntoIterator<Item = WebinarId>,
) -> Result<Vec<Recording>> {
    let webinars: Vec<String> = webinars.into_iter().map(|webinar| webinar.to_string()).collect();
    if webinars.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::State.eq(State::Whole.as_str()))
        .filter(Column::Webinar.is_in(evened(webinars)))
        .order_by_desc(Column::StartedAt);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Those whose files are past their last day.
///
/// # Errors
/// When the database fails.
pub async fn past(db: &impl ConnectionTrait, today: Date) -> Result<Vec<Recording>> {
    let gone = Column::State.ne(State::Removed.as_str());
    let rows = Entity::find().filter(gone).filter(Column::KeptUntil.lt(today.to_string())).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// Begins the recording of a webinar. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &impl ConnectionTrait, webinar: WebinarId, at: Timestamp, kept_until: Date) -> Result<()> {
    let row = ActiveModel {
        webinar: Set(webinar.to_string()),
        state: Set(State::Running.as_str().to_owned()),
        started_at: Set(at.as_millisecond()),
        length: Set(0),
        bytes: Set(0),
        has_camera: Set(false),
        kept_until: Set(kept_until.to_string()),
        why: Set(None),
        removed_at: Set(None),
    };
    let once = OnConflict::column(Column::Webinar).do_nothing_on([Column::Webinar]).to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    Ok(())
}

/// Writes how a recording stands now.
///
/// # Errors
/// When the database fails.
pub async fn save(db: &impl ConnectionTrait, recording: Recording) -> Result<()> {
    let row = ActiveModel {
        webinar: Set(recording.webinar.to_string()),
        state: Set(recording.state.as_str().to_owned()),
        started_at: Set(recording.started_at.as_millisecond()),
        length: Set(i64::try_from(recording.length.as_millis()).unwrap_or(i64::MAX)),
        bytes: Set(i64::try_from(recording.bytes).unwrap_or(i64::MAX)),
        has_camera: Set(recording.has_camera),
        kept_until: Set(recording.kept_until.to_string()),
        why: Set(recording.why),
        removed_at: Set(recording.removed_at.map(Timestamp::as_millisecond)),
    };
    Entity::update(row).exec(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Recording> {
    let unreadable = || Error::Internal(format!("the recording of webinar {} cannot be read", row.webinar));
    let instant = |at: i64| Timestamp::from_millisecond(at).map_err(|_| unreadable());
    Ok(Recording {
        webinar: row.webinar.parse().map_err(|_| unreadable())?,
        state: State::read(&row.state).ok_or_else(unreadable)?,
        started_at: instant(row.started_at)?,
        length: SignedDuration::from_millis(row.length),
        bytes: u64::try_from(row.bytes).map_err(|_| unreadable())?,
        has_camera: row.has_camera,
        kept_until: row.kept_until.parse().map_err(|_| unreadable())?,
        why: row.why,
        removed_at: row.removed_at.map(instant).transpose()?,
    })
}
