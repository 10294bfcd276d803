//! What an agent earns by following the whole course, without the time it takes.

use crate::Product;
use domain::ids::{AttemptId, PersonId};
use domain::quiz::Counts;
use domain::record::Fact;
use sea_orm::{ConnectionTrait as _, Statement};
use server::app::App;

/// The facts of the whole course, followed and passed from end to end.
pub fn whole_course(app: &App) -> Vec<Fact> {
    let published = app.library.course(&"mediation-numerique".parse().expect("a slug")).expect("the course");
    let (slug, version) = (published.course.slug.clone(), published.number);
    let mut facts = Vec::new();
    for chapter in &published.course.chapters {
        let (course, chapter, minutes) = (slug.clone(), chapter.slug.clone(), chapter.minutes);
        facts.push(Fact::ChapterRead {
            course: course.clone(),
            version,
            chapter: chapter.clone(),
            minutes,
            suffices: false,
        });
        let attempt = AttemptId(app.dice.uuid());
        facts.push(Fact::AttemptGraded {
            course,
            version,
            chapter,
            attempt,
            number: 1,
            earned: 1000,
            max: 1000,
            pass: 80,
            counts: Counts::Best,
            minutes,
        });
    }
    let minutes = published.course.assessment.as_ref().map_or(0, |assessment| assessment.minutes);
    facts.push(Fact::AssessmentGraded {
        course: slug,
        version,
        attempt: AttemptId(app.dice.uuid()),
        number: 1,
        earned: 3000,
        max: 3000,
        pass: 70,
        counts: Counts::Best,
        minutes,
    });
    facts
}

impl Product {
    /// The agent has followed the whole course.
    pub async fn complete_course(&self, person: PersonId) {
        let facts = whole_course(&self.app);
        self.earns(person, facts).await;
    }

    /// The number of their certificate that stands.
    pub async fn certificate_of(&self, person: PersonId) -> String {
        let sql = format!("SELECT number FROM certificate WHERE person_id = {person} AND withdrawn_at IS NULL");
        let statement = Statement::from_string(self.app.db.backend(), sql);
        let row = self.app.db.reader().query_one_raw(statement).await.expect("reads").expect("a certificate");
        row.try_get("", "number").expect("a number")
    }
}
