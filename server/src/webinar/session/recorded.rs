//! Recording the room: begun when it goes live, taken up again when the server comes back, completed when it is over.

use super::{Command, Session};
use crate::webinar::media::RoomId;
use crate::webinar::recording;
use domain::webinar::{Change, RecordingState, Who};

impl Session {
    /// Records a room that is live and is to be recorded, and says so to everybody. Saying it twice changes nothing.
    pub(super) async fn record(&mut self) {
        if !self.webinar.recorded {
            return;
        }
        if let Ok(media) = self.app.rooms.media(&self.app).await {
            media.keepable(self.media_room(), true);
        }
        if !self.room.is_live() || matches!(self.room.recording, Some(RecordingState::Failed { .. })) {
            return;
        }
        let paused = self.room.recording == Some(RecordingState::Paused);
        if let Err(error) = recording::record(&self.app, self.webinar.id, self.lease.clone(), paused).await {
            tracing::error!(webinar = %self.webinar.id, %error, "A webinar cannot be recorded");
            return self
                .tell_itself(Command::NotRecorded { why: "L’enregistrement n’a pas pu commencer.".to_owned() });
        }
        if self.room.recording.is_none() {
            self.tell_itself(Command::Recorded);
        }
    }

    /// Says that what happens from here on is recorded.
    pub(super) async fn say_recorded(&mut self) {
        if self.room.is_live() && self.room.recording.is_none() {
            self.say_for_the_room(Change::Recording { on: true }).await;
        }
    }

    /// Says that nothing more is recorded; trainers are told why.
    pub(super) async fn say_not_recorded(&mut self, why: String) {
        if self.room.is_live() {
            self.say_for_the_room(Change::RecordingFailed { why }).await;
        }
    }

    /// The webinar is over: its recording is completed meanwhile. What fails here is done again by the job.
    pub(super) fn recorded(&self) {
        let (app, webinar) = (self.app.clone(), self.webinar.id);
        if !self.webinar.recorded {
            return;
        }
        tokio::spawn(async move {
            recording::stop(&app, webinar).await;
            if let Ok(media) = app.rooms.media(&app).await {
                media.keepable(RoomId(webinar.0), false);
            }
            if let Err(error) = recording::finish(&app, webinar).await {
                tracing::error!(%webinar, %error, "A recording could not be completed; it will be tried again");
            }
        });
    }

    /// Says what nobody did, in the name of who leads.
    async fn say_for_the_room(&mut self, change: Change) {
        let Some(trainer) = self.webinar.trainers.first() else { return };
        let who = Who { person: trainer.id, name: trainer.name(), trainer: true };
        // What could not be kept is said again when the room is opened anew.
        let _ = self.say_as(who, change).await;
    }

    /// Says later what is to be decided with the rest of what happens.
    fn tell_itself(&self, command: Command) {
        if let Some(own) = self.own.upgrade()
            && own.try_send(command).is_err()
        {
            tracing::error!(webinar = %self.webinar.id, "A room is too full to be told whether it is recorded");
        }
    }
}
