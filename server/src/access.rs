//! Who is asking, and what they may reach.
//!
//! A handler never asks "is this allowed?": it obtains a value that only the right person can be given,
//! and passes it on. What is unknown to a person is answered as if it did not exist.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use domain::identity::{Grant, Subject, may_administer, may_follow_course, may_see_course_record, may_see_record};
use domain::ids::{CourseSlug, PersonId};
use http::request::Parts;

use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::session;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub person: PersonId,
    pub first_name: String,
    pub last_name: String,
    pub grants: Vec<Grant>,
    /// Percent of time added to this person's time limits (RGAA 13.1).
    pub extra_time: u32,
}

/// May create accounts, invite, suspend, end sessions.
#[derive(Debug, Clone, Copy)]
pub struct Administrator(());

/// May read this person's training record.
#[derive(Debug, Clone)]
pub struct RecordReader {
    pub subject: PersonId,
    viewer: PersonId,
    grants: Vec<Grant>,
    about: Subject,
}

/// May follow up the agents of these courses.
#[derive(Debug, Clone)]
pub struct FollowUp {
    pub courses: Vec<CourseSlug>,
}

impl Viewer {
    /// Their name as shown.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn administrator(&self) -> Result<Administrator> {
        may_administer(&self.grants).then_some(Administrator(())).ok_or(Error::NotFound)
    }

    /// # Errors
    /// [`Error::NotFound`] for somebody whose record this person may not read.
    pub fn reader_of(&self, subject: &Subject) -> Result<RecordReader> {
        if !may_see_record(&self.grants, self.person, subject) {
            return Err(Error::NotFound);
        }
        Ok(RecordReader {
            subject: subject.person,
            viewer: self.person,
            grants: self.grants.clone(),
            about: subject.clone(),
        })
    }

    /// The courses whose agents this person follows, among `published`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who follows nobody.
    pub fn follow_up(&self, published: &[CourseSlug]) -> Result<FollowUp> {
        let courses: Vec<_> =
            published.iter().filter(|course| may_follow_course(&self.grants, course)).cloned().collect();
        if courses.is_empty() { Err(Error::NotFound) } else { Ok(FollowUp { courses }) }
    }
}

impl RecordReader {
    /// Whether what was earned in that course is theirs to read: a trainer reads of their own courses only.
    #[must_use]
    pub fn reads(&self, course: &CourseSlug) -> bool {
        may_see_course_record(&self.grants, self.viewer, &self.about, course)
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        session::viewer(app, &parts.headers).await?.ok_or(Error::SignedOut)
    }
}

impl OptionalFromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>> {
        session::viewer(app, &parts.headers).await
    }
}
