//! Who is asking, and what they may reach.
//!
//! A handler never asks "is this allowed?": it obtains a value that only the right person can be given,
//! and passes it on. What is unknown to a person is answered as if it did not exist.

mod cohort;
mod machine;
mod territory;

pub use cohort::CohortManager;
pub use machine::{Machine, Refusal};
pub use territory::{AgentLister, TerritoryReader};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use domain::identity::{
    Grant, Subject, may_administer, may_begin_course, may_follow_course, may_publish, may_see_course_record,
    may_see_record,
};
use domain::ids::{ClassroomId, CourseSlug, PersonId, WebinarId};
use domain::place::DepartementCode;
use domain::webinar::registration::Status;
use http::request::Parts;
use jiff::Timestamp;

use crate::app::App;
use crate::audit::Trace;
use crate::classroom::Classroom;
use crate::error::{Error, Result};
use crate::identity::session;
use crate::webinar::store::Webinar;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub person: PersonId,
    pub first_name: String,
    pub last_name: String,
    pub grants: Vec<Grant>,
    /// Percent of time added to this person's time limits (RGAA 13.1).
    pub extra_time: u32,
    /// Whether they write a course that others train.
    pub is_author: bool,
    /// When they last showed their second factor in this session; none without one.
    pub proved_at: Option<Timestamp>,
    /// What this very request was granted.
    pub trace: Trace,
}

/// May create accounts, invite, suspend, end sessions.
#[derive(Debug, Clone, Copy)]
pub struct Administrator(());

/// May make one account of these two.
#[derive(Debug, Clone, Copy)]
pub struct Merger {
    /// The account that stays.
    pub kept: PersonId,
    /// The one that is folded in.
    pub folded: PersonId,
    pub by: PersonId,
}

/// May read this person's training record.
#[derive(Debug, Clone)]
pub struct RecordReader {
    pub subject: PersonId,
    viewer: PersonId,
    grants: Vec<Grant>,
    about: Subject,
}

/// May write in this agent's record what they followed away from the platform.
#[derive(Debug, Clone, Copy)]
pub struct AttendanceKeeper {
    pub agent: PersonId,
    pub author: PersonId,
}

/// Leads this session face to face: reads its sheets, completes and closes them.
#[derive(Debug, Clone, Copy)]
pub struct ClassroomManager {
    pub classroom: ClassroomId,
    pub person: PersonId,
}

/// Is on the roster of this session face to face, and signs for themself.
#[derive(Debug, Clone, Copy)]
pub struct ClassroomSigner {
    pub classroom: ClassroomId,
    pub person: PersonId,
}

/// May plan webinars, and sessions face to face, for these courses.
#[derive(Debug, Clone)]
pub struct Planner {
    pub person: PersonId,
    pub courses: Vec<CourseSlug>,
}

/// May begin a course in the studio.
#[derive(Debug, Clone, Copy)]
pub struct CourseFounder {
    pub person: PersonId,
}

/// Writes this course in the studio.
#[derive(Debug, Clone)]
pub struct CourseAuthor {
    pub course: CourseSlug,
    pub person: PersonId,
    /// Whether they publish it too, and say who writes it: its trainers and the administrators.
    pub publishes: bool,
}

/// Publishes this course, withdraws it, says who writes it, reads how its questions are answered.
#[derive(Debug, Clone)]
pub struct CoursePublisher {
    pub course: CourseSlug,
    pub person: PersonId,
}

/// May change or call off this webinar, and read its roster.
#[derive(Debug, Clone, Copy)]
pub struct WebinarManager {
    pub webinar: WebinarId,
    pub person: PersonId,
}

/// Leads this webinar's room.
#[derive(Debug, Clone, Copy)]
pub struct WebinarTrainer {
    pub webinar: WebinarId,
    pub person: PersonId,
}

/// May read of this webinar, and ask for a place while it takes registrations.
#[derive(Debug, Clone, Copy)]
pub struct WebinarGuest {
    pub webinar: WebinarId,
    pub person: PersonId,
}

/// May be in this webinar's room.
#[derive(Debug, Clone, Copy)]
pub struct RoomMember {
    pub webinar: WebinarId,
    pub person: PersonId,
    /// Leads the room.
    pub leads: bool,
}

/// Has a place in this webinar's room.
#[derive(Debug, Clone, Copy)]
pub struct WebinarAttendee {
    pub webinar: WebinarId,
    pub person: PersonId,
}

impl Viewer {
    /// Their name as shown.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Refuses unless the rule holds for what they may. Else notes, for the log, by which of their roles they are let at
    /// that person's data; at many people's, or at those of whom the address names, where there is none.
    fn granted(&self, subject: Option<PersonId>, rule: impl Fn(&[Grant]) -> bool) -> Result<()> {
        if !rule(&self.grants) {
            return Err(Error::NotFound);
        }
        let by = self.grants.iter().find(|grant| rule(std::slice::from_ref(grant)));
        self.trace.grant(self.person, by.map(|grant| grant.role), subject);
        Ok(())
    }

    /// Notes, for the log, that the page shows what many people said or did, where no capability tells it.
    pub fn looks_at_many(&self) {
        self.trace.grant(self.person, self.grants.first().map(|grant| grant.role), None);
    }

    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn administrator(&self) -> Result<Administrator> {
        self.granted(None, may_administer)?;
        Ok(Administrator(()))
    }

    /// Administrators; nobody for themself.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else; [`Error::Conflict`] where one of the two is theirs, or they are one.
    pub fn merger(&self, kept: PersonId, folded: PersonId) -> Result<Merger> {
        self.administrator()?;
        if kept == folded {
            return Err(Error::Conflict("C’est un seul et même compte.".to_owned()));
        }
        if [kept, folded].contains(&self.person) {
            let said = "L’un de ces comptes est le vôtre\u{a0}: demandez-le à un autre administrateur.";
            return Err(Error::Conflict(said.to_owned()));
        }
        Ok(Merger { kept, folded, by: self.person })
    }

    /// # Errors
    /// [`Error::NotFound`] for somebody whose record this person may not read.
    pub fn reader_of(&self, subject: &Subject) -> Result<RecordReader> {
        self.granted(Some(subject.person), |grants| may_see_record(grants, self.person, subject))?;
        Ok(RecordReader {
            subject: subject.person,
            viewer: self.person,
            grants: self.grants.clone(),
            about: subject.clone(),
        })
    }

    /// The courses that this person may plan webinars for, among `published`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who trains nobody.
    pub fn planner(&self, published: &[CourseSlug]) -> Result<Planner> {
        let courses: Vec<_> = published.iter().filter(|course| may_publish(&self.grants, course)).cloned().collect();
        if courses.is_empty() { Err(Error::NotFound) } else { Ok(Planner { person: self.person, courses }) }
    }

    /// The trainers of its course: one falls ill, another goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn classroom_manager(&self, classroom: &Classroom) -> Result<ClassroomManager> {
        self.granted(None, |grants| may_publish(grants, &classroom.course))?;
        Ok(ClassroomManager { classroom: classroom.id, person: self.person })
    }

    /// # Errors
    /// [`Error::NotFound`] for somebody who is not on its roster.
    pub fn signer_of(&self, classroom: &Classroom, on_roster: bool) -> Result<ClassroomSigner> {
        on_roster.then_some(ClassroomSigner { classroom: classroom.id, person: self.person }).ok_or(Error::NotFound)
    }

    /// Those who train some course, and the administrators.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn course_founder(&self) -> Result<CourseFounder> {
        self.granted(None, may_begin_course)?;
        Ok(CourseFounder { person: self.person })
    }

    /// Its trainers, the administrators, and the `authors` that these named.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn course_author(&self, course: &CourseSlug, authors: &[PersonId]) -> Result<CourseAuthor> {
        let publishes = may_publish(&self.grants, course);
        if !publishes && !authors.contains(&self.person) {
            return Err(Error::NotFound);
        }
        Ok(CourseAuthor { course: course.clone(), person: self.person, publishes })
    }

    /// Its trainers and the administrators.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn course_publisher(&self, course: &CourseSlug) -> Result<CoursePublisher> {
        self.granted(None, |grants| may_publish(grants, course))?;
        Ok(CoursePublisher { course: course.clone(), person: self.person })
    }

    /// Those who lead it, the other trainers of its course (a trainer falls ill), the administrators.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn manager_of(&self, webinar: &Webinar) -> Result<WebinarManager> {
        self.granted(None, |grants| self.manages(webinar, grants))?;
        Ok(WebinarManager { webinar: webinar.id, person: self.person })
    }

    /// Whether [`Viewer::manager_of`] would be granted: what a page offers, where nothing of anybody is read by it.
    #[must_use]
    pub fn may_manage(&self, webinar: &Webinar) -> bool {
        self.manages(webinar, &self.grants)
    }

    fn manages(&self, webinar: &Webinar, grants: &[Grant]) -> bool {
        webinar.is_led_by(self.person) || may_publish(grants, &webinar.course)
    }

    /// # Errors
    /// [`Error::NotFound`] for anybody who does not lead it.
    pub fn trainer_of(&self, webinar: &Webinar) -> Result<WebinarTrainer> {
        let leads = webinar.is_led_by(self.person);
        leads.then_some(WebinarTrainer { webinar: webinar.id, person: self.person }).ok_or(Error::NotFound)
    }

    /// Those it is open to, by the département of their maison; those who ever asked for a place, wherever they
    /// work now; those who manage it or follow its course.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn guest_of(
        &self,
        webinar: &Webinar,
        departement: Option<DepartementCode>,
        status: Option<Status>,
    ) -> Result<WebinarGuest> {
        let knows = webinar.audience.includes(departement)
            || status.is_some()
            || self.manages(webinar, &self.grants)
            || may_follow_course(&self.grants, &webinar.course);
        knows.then_some(WebinarGuest { webinar: webinar.id, person: self.person }).ok_or(Error::NotFound)
    }

    /// `status` is where this person stands in the webinar's roster.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody without a place.
    pub fn attendee_of(&self, webinar: &Webinar, status: Option<Status>) -> Result<WebinarAttendee> {
        let attends = status == Some(Status::Registered);
        attends.then_some(WebinarAttendee { webinar: webinar.id, person: self.person }).ok_or(Error::NotFound)
    }

    /// Those who lead it, and those who have a place.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn member_of(&self, webinar: &Webinar, status: Option<Status>) -> Result<RoomMember> {
        let leads = self.trainer_of(webinar).is_ok();
        let member = leads || self.attendee_of(webinar, status).is_ok();
        member.then_some(RoomMember { webinar: webinar.id, person: self.person, leads }).ok_or(Error::NotFound)
    }
}

impl RecordReader {
    /// Whether what was earned in that course is theirs to read: a trainer reads of their own courses only.
    #[must_use]
    pub fn reads(&self, course: &CourseSlug) -> bool {
        may_see_course_record(&self.grants, self.viewer, &self.about, course)
    }

    /// Whether all that is in the record is theirs to read.
    #[must_use]
    pub fn reads_all(&self) -> bool {
        self.about.courses.iter().all(|course| self.reads(course))
    }

    /// The trainers of that course, and the administrators; nobody for themself.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody else.
    pub fn keeper(&self, course: &CourseSlug) -> Result<AttendanceKeeper> {
        let keeps = self.viewer != self.subject && self.reads(course) && may_publish(&self.grants, course);
        keeps.then_some(AttendanceKeeper { agent: self.subject, author: self.viewer }).ok_or(Error::NotFound)
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let viewer = session::viewer(app, &parts.headers).await?.ok_or(Error::SignedOut)?;
        let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
        trace.asked_by(viewer.person);
        Ok(Self { trace, ..viewer })
    }
}

impl OptionalFromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>> {
        session::viewer(app, &parts.headers).await
    }
}
