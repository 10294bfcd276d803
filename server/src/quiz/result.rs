//! What an attempt handed in is told to have earned, and what it advises.

use super::routes::back;
use super::store::{self, Sitting};
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::record;
use domain::course::{Course, Exercise};
use domain::ids::QuestionSlug;
use domain::quiz::{Mark, Question, Review, Score, may_start, review, scores_by};
use domain::record::CourseRecord;
use domain::text::{hundredths, percent, points};
use frontend::quiz::{Advice, ResultPage, SkillLine};
use jiff::Timestamp;
use std::collections::BTreeSet;

pub(super) async fn result(
    app: &App,
    viewer: &Viewer,
    sitting: &Sitting,
    at: Timestamp,
    score: Score,
) -> Result<ResultPage> {
    let exercise = sitting.exercise()?;
    let quiz = exercise.quiz();
    let course = &sitting.published.course;
    let answers = store::answers(app.db.reader(), sitting.attempt.id).await?;
    let answer =
        |slug: &QuestionSlug| answers.iter().find(|saying| saying.question == *slug).map(|saying| &saying.answer);
    let questions = sitting.questions()?;
    let reviews: Vec<Review> = questions.iter().map(|question| review(question, answer(&question.slug))).collect();
    let marked: Vec<(&Question, Mark)> =
        questions.into_iter().zip(&reviews).map(|(question, review)| (question, review.mark)).collect();
    let folded = record::store::load(app.db.reader(), viewer.person).await?;
    let earned = folded.record.courses.get(&sitting.course);
    let attempts = store::attempts(app.db.reader(), viewer.person, &sitting.course, &sitting.exercise).await?;
    let retry = may_start(&quiz.rules, &attempts, app.clock.now())
        .is_ok()
        .then(|| format!("/cours/{}/{}/quiz", sitting.course, sitting.exercise));
    let whole = exercise.chapter().is_none();
    Ok(ResultPage {
        title: quiz.title.clone(),
        number: sitting.attempt.number,
        score,
        pass: quiz.rules.pass,
        said: said(&exercise, score, earned),
        skills: if whole { skills(course, &marked) } else { Vec::new() },
        again: if whole { again(course, &marked) } else { Vec::new() },
        advice: match exercise {
            Exercise::Positioning(_) => advice(course, &marked, earned),
            _ => Vec::new(),
        },
        next: next(app, sitting),
        retry,
        back: back(course, &sitting.exercise),
        course: sitting.course.clone(),
        exercise: sitting.exercise.clone(),
        reviews,
        handed_in_at: at,
    })
}

/// What this result changes, in sentences.
fn said(exercise: &Exercise<'_>, score: Score, earned: Option<&CourseRecord>) -> Vec<String> {
    let passed = score.passes(exercise.quiz().rules.pass);
    let said = match exercise {
        Exercise::Chapter(chapter, _) => {
            let known = earned.and_then(|earned| earned.chapters.get(&chapter.slug));
            let acquired = known.is_some_and(|known| known.acquired.is_some());
            let read = known.is_some_and(|known| known.read.is_some());
            match (acquired, passed, read) {
                (true, ..) => "Le chapitre est acquis : il est inscrit à votre dossier.",
                (false, true, false) => {
                    "Le quiz est réussi. Il reste à lire le chapitre en entier pour qu’il soit acquis."
                }
                _ => "Ce résultat est inscrit à votre dossier.",
            }
        }
        Exercise::Positioning(_) => "Voici par où commencer. Ce résultat est inscrit à votre dossier.",
        Exercise::Assessment(_) if passed => "L’évaluation finale est réussie : elle est inscrite à votre dossier.",
        Exercise::Assessment(_) => {
            "Ce résultat est inscrit à votre dossier. Relisez les sections ci-dessous, puis faites un nouvel essai."
        }
    };
    vec![said.into()]
}

/// The score at each skill, in the order of the course.
fn skills(course: &Course, marked: &[(&Question, Mark)]) -> Vec<SkillLine> {
    let scores = scores_by(marked.iter().map(|(question, mark)| (question.skill.as_ref(), *mark)));
    let line = |skill: &domain::course::Skill| {
        let score = *scores.get(&Some(&skill.slug))?;
        Some(SkillLine { name: skill.name.clone(), score })
    };
    course.skills.iter().filter_map(line).collect()
}

/// The sections of the questions that did not earn all their points, once each.
fn again(course: &Course, marked: &[(&Question, Mark)]) -> Vec<(String, String)> {
    let missed = marked.iter().filter(|(_, mark)| mark.earned < mark.max);
    let missed: BTreeSet<_> =
        missed.map(|(question, _)| (question.chapter.as_ref(), question.section.as_ref())).collect();
    let sections =
        course.chapters.iter().flat_map(|chapter| chapter.sections.iter().map(move |section| (chapter, section)));
    sections
        .filter(|(chapter, section)| missed.contains(&(Some(&chapter.slug), Some(&section.slug))))
        .map(|(chapter, section)| {
            let title = format!("Chapitre {}, « {} »", chapter.number, section.title);
            (title, format!("/cours/{}/{}#{}", course.slug, chapter.slug, section.slug))
        })
        .collect()
}

/// What to do about each chapter, after the positioning quiz.
fn advice(course: &Course, marked: &[(&Question, Mark)], earned: Option<&CourseRecord>) -> Vec<Advice> {
    let scores = scores_by(marked.iter().map(|(question, mark)| (question.chapter.as_ref(), *mark)));
    let line = |chapter: &domain::course::Chapter| {
        let score = *scores.get(&Some(&chapter.slug))?;
        let exempted = earned
            .and_then(|earned| earned.chapters.get(&chapter.slug))
            .is_some_and(|chapter| chapter.exempted.is_some());
        let said = match score.percent() {
            _ if exempted => "Vous n’avez pas à le suivre : il reste ouvert si vous voulez le lire.",
            100 => "Vous connaissez l’essentiel : parcourez-le, puis passez son quiz.",
            50.. => "À suivre, en vous arrêtant sur ce qui vous a manqué.",
            _ => "À suivre en entier : il vous apprendra beaucoup.",
        };
        Some(Advice {
            title: format!("Chapitre {} : {}", chapter.number, chapter.title),
            href: format!("/cours/{}/{}", course.slug, chapter.slug),
            score: format!("{} sur {}", hundredths(score.earned), points(score.max)),
            exempted,
            said: said.into(),
        })
    };
    course.chapters.iter().filter_map(line).collect()
}

/// What comes next: label and link.
fn next(app: &App, sitting: &Sitting) -> Option<(String, String)> {
    let published = app.library.course(&sitting.course)?;
    let course = &published.course;
    let Some(here) = course.chapters.iter().position(|chapter| chapter.slug == sitting.exercise) else {
        return Some(("Reprendre mon parcours".into(), "/".into()));
    };
    if let Some(next) = course.chapters.get(here + 1) {
        return Some((format!("Chapitre suivant : {}", next.title), format!("/cours/{}/{}", course.slug, next.slug)));
    }
    let assessment = course.assessment.as_ref()?;
    let pass = percent(assessment.quiz.rules.pass);
    Some((
        format!("{} ({pass} des points)", assessment.quiz.title),
        format!("/cours/{}/{}/quiz", course.slug, domain::course::ASSESSMENT),
    ))
}
