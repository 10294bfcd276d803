//! What an attempt handed in brings to the record.

use super::store::Sitting;
use crate::error::Result;
use domain::course::{Exemption, Exercise};
use domain::ids::{AttemptId, ChapterSlug, CourseSlug};
use domain::quiz::{Mark, Question, Rules, Score, scores_by};
use domain::record::Fact;

/// What it takes to turn the marks of an attempt into facts.
#[derive(Debug)]
pub(super) struct Earner {
    course: CourseSlug,
    version: u32,
    attempt: AttemptId,
    number: u32,
    rules: Rules,
    of: Of,
}

/// What the attempt was at.
#[derive(Debug)]
enum Of {
    Chapter { chapter: ChapterSlug, minutes: u32 },
    Positioning { exemptions: Vec<Exemption> },
    Assessment { minutes: u32 },
}

impl Earner {
    pub(super) fn of(sitting: &Sitting) -> Result<Self> {
        let exercise = sitting.exercise()?;
        Ok(Self {
            course: sitting.course.clone(),
            version: sitting.published.number,
            attempt: sitting.attempt.id,
            number: sitting.attempt.number,
            rules: exercise.quiz().rules.clone(),
            of: match exercise {
                Exercise::Chapter(chapter, _) => {
                    Of::Chapter { chapter: chapter.slug.clone(), minutes: chapter.minutes }
                }
                Exercise::Positioning(positioning) => Of::Positioning { exemptions: positioning.exemptions.clone() },
                Exercise::Assessment(assessment) => Of::Assessment { minutes: assessment.minutes },
            },
        })
    }

    /// The facts, in the order in which they are to be appended.
    pub(super) fn facts(self, score: Score, marked: &[(&Question, Mark)]) -> Vec<Fact> {
        let Self { course, version, attempt, number, rules: Rules { pass, counts, .. }, of } = self;
        let Score { earned, max } = score;
        match of {
            Of::Chapter { chapter, minutes } => {
                vec![Fact::AttemptGraded {
                    course,
                    version,
                    chapter,
                    attempt,
                    number,
                    earned,
                    max,
                    pass,
                    counts,
                    minutes,
                }]
            }
            Of::Assessment { minutes } => {
                vec![Fact::AssessmentGraded { course, version, attempt, number, earned, max, pass, counts, minutes }]
            }
            Of::Positioning { exemptions } => {
                let shown = scores_by(marked.iter().map(|(question, mark)| (question.chapter.as_ref(), *mark)));
                let exempted = exemptions.into_iter().filter_map(|Exemption { chapter, percent }| {
                    let score = shown.get(&Some(&chapter)).filter(|score| score.passes(percent))?;
                    let Score { earned, max } = *score;
                    Some(Fact::ChapterExempted {
                        course: course.clone(),
                        version,
                        chapter,
                        attempt,
                        earned,
                        max,
                        percent,
                    })
                });
                let positioned = Fact::Positioned { course: course.clone(), version, attempt, earned, max };
                std::iter::once(positioned).chain(exempted).collect()
            }
        }
    }
}
