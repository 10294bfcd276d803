//! From what was written to what can be watched, and what takes it away again. Each is done once, however often it is
//! tried: a server that stops in between does the rest when it starts again.

use super::file;
use super::internal;
use super::shelf::Film;
use super::store::{self, Recording, State};
use crate::app::App;
use crate::error::{Error, Result};
use crate::webinar::store as webinars;
use domain::ids::WebinarId;
use domain::text::paris;
use domain::webinar::recording::Track;
use jiff::SignedDuration;

/// Completes the recordings of webinars that are over, but those whose room another node still has. A job.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn catch_up(app: &App) -> Result<()> {
    for recording in store::in_state(app.db.reader(), State::Running).await? {
        let webinar = webinars::webinar(app.db.reader(), recording.webinar).await?;
        if webinar.is_some_and(|webinar| webinar.schedule.closed_at.is_some())
            && app.rooms.not_elsewhere(app, recording.webinar).await.is_ok()
        {
            finish(app, recording.webinar).await?;
        }
    }
    Ok(())
}

/// Completes the recording of a webinar that is over, where there is one to complete.
///
/// # Errors
/// When the database, the disk or the bucket fails; said again, it goes on.
pub async fn finish(app: &App, webinar: WebinarId) -> Result<()> {
    if app.recordings.writes(webinar).await {
        return Ok(());
    }
    let _one = app.recordings.finishing.lock().await;
    let Some(recording) = store::of(app.db.reader(), webinar).await?.filter(|known| known.state == State::Running)
    else {
        return Ok(());
    };
    let Some(whole) = made(app, recording.clone()).await? else {
        let why = recording.why.clone().or_else(|| Some("Aucune image et aucun son ne sont arrivés.".to_owned()));
        return save(app, Recording { state: State::Failed, why, ..recording }).await;
    };
    let shelf = &app.recordings.shelf;
    if whole.has_camera {
        shelf.put(webinar, Film::Camera).await.map_err(internal)?;
    }
    shelf.put(webinar, Film::Stage).await.map_err(internal)?;
    tracing::info!(%webinar, "A recording is whole");
    save(app, Recording { state: State::Whole, ..whole }).await
}

/// Completes the files where they were written. What they come to is noted before they are put in their place: a server
/// that stops in between finds them there. Nothing where nothing was recorded.
async fn made(app: &App, recording: Recording) -> Result<Option<Recording>> {
    let (webinar, shelf) = (recording.webinar, &app.recordings.shelf);
    let [stage, camera] = Film::ALL.map(|film| shelf.part(webinar, film));
    let began = recording.started_at.as_millisecond();
    let work = tokio::task::spawn_blocking(move || {
        let Some(whole) = file::complete(&stage, Track::Stage)? else { return Ok(None) };
        let beside = if whole.has_camera { file::camera(&stage, &camera, began) } else { Ok(None) };
        Ok::<_, std::io::Error>(Some((whole, beside)))
    });
    let Some((whole, beside)) = work.await.map_err(internal)?.map_err(internal)? else {
        let noted = recording.bytes > 0 && shelf.size(webinar, Film::Stage).await.map_err(internal)?.is_some();
        return Ok(noted.then_some(recording));
    };
    let beside = beside.unwrap_or_else(|error| {
        tracing::error!(%webinar, %error, "The camera beside a recording could not be made");
        None
    });
    let made = Recording {
        length: SignedDuration::from_millis(i64::try_from(whole.length).unwrap_or(i64::MAX)),
        bytes: whole.bytes + beside.map_or(0, |beside| beside.bytes),
        has_camera: beside.is_some(),
        ..recording
    };
    save(app, made.clone()).await?;
    Ok(Some(made))
}

async fn save(app: &App, recording: Recording) -> Result<()> {
    app.db.write(move |db| Box::pin(async move { store::save(db, recording).await })).await
}

/// Takes away the files of a recording, and says why.
///
/// # Errors
/// [`Error::NotFound`] where there is none; when the database, the disk or the bucket fails.
pub async fn remove(app: &App, webinar: WebinarId, why: String) -> Result<()> {
    let recording = store::of(app.db.reader(), webinar).await?.ok_or(Error::NotFound)?;
    if recording.state == State::Removed {
        return Ok(());
    }
    if recording.state == State::Running {
        return Err(Error::Conflict(
            "L’enregistrement n’est pas terminé\u{a0}: il pourra être supprimé une fois le webinaire fini.".to_owned(),
        ));
    }
    app.recordings.shelf.remove(webinar).await.map_err(internal)?;
    let removed = Recording { state: State::Removed, why: Some(why), removed_at: Some(app.clock.now()), ..recording };
    tracing::info!(%webinar, "A recording was removed");
    save(app, removed).await
}

/// Takes away the recordings whose last day is past; gives how many.
///
/// # Errors
/// When the database, the disk or the bucket fails.
pub async fn remove_past(app: &App) -> Result<u64> {
    let mut removed = 0;
    for recording in store::past(app.db.reader(), paris(app.clock.now()).date()).await? {
        if recording.state == State::Running {
            continue;
        }
        remove(app, recording.webinar, "Sa durée de conservation est passée.".to_owned()).await?;
        removed += 1;
    }
    Ok(removed)
}
