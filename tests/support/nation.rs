//! Maisons, those who work in them, and what they earn.

use crate::{Client, Product};
use domain::identity::{Grant, Role, Scope};
use domain::ids::{AttemptId, ChapterSlug, CorrectionId, CourseSlug, MaisonId, PersonId, WebinarId};
use domain::quiz::Counts;
use domain::record::Fact;
use domain::webinar::presence::Reason;
use jiff::Timestamp;
use server::error::Error;
use server::identity::store::{self, NewPerson};
use server::place::{self, NewMaison};
use server::record;
use uuid::Uuid;

/// The course of every fact here.
pub fn course() -> CourseSlug {
    "mediation-numerique".parse().expect("a slug")
}

impl Product {
    /// A maison of that département.
    pub async fn maison(&self, name: &str, departement: &str) -> MaisonId {
        let new = NewMaison {
            name: format!("Maison de {name}"),
            commune: name.to_owned(),
            departement: departement.parse().expect("a département"),
            siret: None,
            labelled_on: None,
        };
        place::create(&self.app, new).await.expect("a maison")
    }

    /// Somebody who works there.
    pub async fn works(&self, names: (&str, &str), maison: Option<MaisonId>, role: Role, scope: Scope) -> PersonId {
        let (first_name, last_name) = names;
        let address = domain::text::folded(&format!("{first_name} {last_name}")).replace(' ', ".");
        let new = NewPerson {
            email: format!("{address}@exemple.example").parse().expect("an address"),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            maison,
            grants: vec![Grant::new(role, scope).expect("fits")],
            demonstration: false,
        };
        store::create(&self.app, new).await.expect("an account")
    }

    /// So many agents who work there: « Agent 1 Vouziers »…
    pub async fn agents_of(&self, maison: MaisonId, name: &str, count: usize) -> Vec<PersonId> {
        let mut agents = Vec::new();
        for number in 1..=count {
            let names = (&*format!("Agent{number}"), name);
            agents.push(self.works(names, Some(maison), Role::Agent, Scope::Own).await);
        }
        agents
    }

    /// Somebody with that role, at their browser.
    pub async fn follows(&self, role: Role, scope: Scope) -> Client {
        let names = (&*role.as_str().replace('-', " "), &*scope.to_string().replace(':', " "));
        let person = self.works(names, None, role, scope).await;
        self.signed_in(person).await
    }

    /// Appends facts to the agent's record, one commit each.
    pub async fn earns(&self, agent: PersonId, facts: impl IntoIterator<Item = Fact>) {
        for fact in facts {
            let (now, app) = (self.app.clock.now(), self.app.clone());
            let append = self.app.db.write(move |db| {
                Box::pin(async move { record::store::append_unless(&app, db, agent, now, fact, |_| false).await })
            });
            append.await.map_err(|error: Error| error.to_string()).expect("appends");
        }
    }

    /// The chapters of the course.
    pub fn chapters(&self) -> Vec<ChapterSlug> {
        let published = self.app.library.course(&course()).expect("the course");
        published.course.chapters.iter().map(|chapter| chapter.slug.clone()).collect()
    }

    /// Everything that the MOOC takes.
    pub fn mooc(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self.chapters().iter().map(|chapter| read(chapter, true)).collect();
        facts.push(assessed(1, 100));
        facts
    }
}

pub fn read(chapter: &ChapterSlug, suffices: bool) -> Fact {
    Fact::ChapterRead { course: course(), version: 1, chapter: chapter.clone(), minutes: 45, suffices }
}

/// An attempt at a chapter's quiz: percent earned of those it takes 70 to pass.
pub fn graded(chapter: &ChapterSlug, number: u32, percent: u32) -> Fact {
    Fact::AttemptGraded {
        course: course(),
        version: 1,
        chapter: chapter.clone(),
        attempt: AttemptId(Uuid::from_u128(number.into())),
        number,
        earned: percent * 10,
        max: 1000,
        pass: 70,
        counts: Counts::Best,
        minutes: 45,
    }
}

pub fn assessed(number: u32, percent: u32) -> Fact {
    Fact::AssessmentGraded {
        course: course(),
        version: 1,
        attempt: AttemptId(Uuid::from_u128(number.into())),
        number,
        earned: percent * 10,
        max: 1000,
        pass: 70,
        counts: Counts::Best,
        minutes: 40,
    }
}

/// A webinar of 90 minutes, known by its number.
pub fn attended(webinar: u128, held_at: Timestamp, minutes: u32) -> Fact {
    let met = minutes >= 72;
    let reason = match (met, minutes) {
        (true, _) => Reason::Present,
        (false, 0) => Reason::Absent,
        (false, _) => Reason::BelowThreshold,
    };
    Fact::WebinarAttended {
        course: course(),
        webinar: WebinarId(Uuid::from_u128(webinar)),
        title: "En direct".into(),
        held_at,
        minutes,
        live_minutes: 90,
        percent: u8::try_from(minutes * 100 / 90).expect("a percent"),
        threshold: 80,
        met,
        reason,
    }
}

pub fn corrected(webinar: u128, held_at: Timestamp, correction: u128, minutes: u32) -> Fact {
    Fact::PresenceCorrected {
        course: course(),
        webinar: WebinarId(Uuid::from_u128(webinar)),
        title: "En direct".into(),
        held_at,
        correction: CorrectionId(Uuid::from_u128(correction)),
        minutes,
        live_minutes: 90,
        percent: u8::try_from(minutes * 100 / 90).expect("a percent"),
        threshold: 80,
        met: minutes >= 72,
        why: "Ligne coupée".into(),
    }
}
