//! Checking and publishing what is in the content folder; bringing courses in, and taking them out.

use super::say;
use anyhow::bail;
use domain::course::Course;
use domain::course::interchange::{Fate, Item, tally};
use domain::course::parse::Problem;
use domain::pathway::Pathway;
use domain::webinar::kit::Kit;
use server::app::App;
use server::course::interchange::{self, Form, Labels};
use server::course::publish::{self, Publication};
use server::document::{self, Checked, Document};
use std::path::{Path, PathBuf};

pub(super) fn check(folders: &[PathBuf]) -> anyhow::Result<()> {
    let mut problems = 0;
    for folder in folders {
        let (slug, found, holds) = if document::is::<Kit>(folder) {
            let Checked { slug, document, problems } = document::check::<Kit>(folder)?;
            (slug, problems, document.map(|kit| in_kit(&kit)))
        } else if document::is::<Pathway>(folder) {
            let Checked { slug, document, problems } = document::check::<Pathway>(folder)?;
            (slug, problems, document.map(|pathway| in_pathway(&pathway)))
        } else {
            let checked = publish::check(folder)?;
            (checked.slug, checked.problems, checked.course.map(|course| in_course(&course)))
        };
        problems += found.len();
        complain(&slug, &found)?;
        if let Some(holds) = holds {
            say(&format!("{slug}: no problem, {holds}"))?;
        }
    }
    if problems > 0 {
        bail!("{problems} problem(s)");
    }
    Ok(())
}

fn in_kit(kit: &Kit) -> String {
    let questions = kit.quiz.as_ref().map_or(0, |quiz| quiz.questions.len());
    let (steps, polls) = (kit.steps.len(), kit.polls.len());
    format!("a webinar of {} minutes, {steps} steps, {polls} polls, {questions} questions", kit.minutes)
}

fn in_pathway(pathway: &Pathway) -> String {
    let minutes: u32 = pathway.components.iter().map(|component| component.minutes).sum();
    let (components, awards) = (pathway.components.len(), pathway.awards.len());
    format!("a pathway of {minutes} minutes, {components} components, {awards} certificates")
}

fn in_course(course: &Course) -> String {
    let quizzes = course.chapters.iter().filter_map(|chapter| chapter.quiz.as_ref());
    let questions: usize = quizzes.map(|quiz| quiz.questions.len()).sum();
    format!("{} chapters, {} minutes, {questions} questions", course.chapters.len(), course.minutes())
}

pub(super) async fn publish(app: &App, folders: &[PathBuf]) -> anyhow::Result<()> {
    for folder in folders {
        if document::is::<Kit>(folder) {
            publish_document::<Kit>(app, folder, "a room that is open ends with the version it began with").await?;
        } else if document::is::<Pathway>(folder) {
            publish_document::<Pathway>(app, folder, "certificates that were issued stand").await?;
        } else {
            let checked = publish::check(folder)?;
            complain(&checked.slug, &checked.problems)?;
            let slug = checked.slug.clone();
            let stands = "what agents have earned stays earned, attempts under way end on the version they began on";
            published(&slug, &publish::publish(app, checked).await?, stands)?;
        }
    }
    Ok(())
}

async fn publish_document<D: Document>(app: &App, folder: &Path, stands: &str) -> anyhow::Result<()> {
    let checked = document::check::<D>(folder)?;
    complain(&checked.slug, &checked.problems)?;
    let slug = checked.slug.clone();
    published(&slug, &document::publish(app, checked).await?, stands)
}

/// Says every problem of a folder.
fn complain(slug: &str, problems: &[Problem]) -> anyhow::Result<()> {
    problems.iter().try_for_each(|problem| say(&format!("{slug}/{problem}")))
}

/// Says what publishing did, and what it leaves as it was.
fn published(slug: &str, publication: &Publication, stands: &str) -> anyhow::Result<()> {
    say(&match publication {
        Publication::Unchanged { number } => format!("{slug}: already published as version {number}"),
        Publication::New { number } => format!("{slug}: published as version {number}; {stands}"),
    })
}

pub(super) fn import(file: &Path, into: &Path, labels: Labels<'_>, dry_run: bool, replace: bool) -> anyhow::Result<()> {
    let plan = interchange::plan(file, into, labels)?;
    tell(&plan.items)?;
    for problem in &plan.problems {
        say(&format!("{problem}"))?;
    }
    let shown = into.display();
    let mend = match plan.problems.len() {
        0 => String::from("ready to be published"),
        problems => format!("{problems} problem(s) to mend, above, before it can be published"),
    };
    if dry_run {
        return say(&format!("dry run: nothing is written; {shown} would be made, {mend}"));
    }
    interchange::carry_out(&plan, replace)?;
    say(&format!("{shown}: written, {mend}"))
}

pub(super) fn export(folder: &Path, form: Form, to: &Path, replace: bool) -> anyhow::Result<()> {
    tell(&interchange::export(folder, form, to, replace)?)?;
    say(&format!("{} written", to.display()))
}

/// Says what becomes of each item, then how many of each there are.
fn tell(items: &[Item]) -> anyhow::Result<()> {
    for item in items {
        say(&item.to_string())?;
    }
    if items.is_empty() {
        return Ok(());
    }
    let counts = tally(items).map(|(fate, count)| {
        let said = match fate {
            Fate::Kept => "as it is",
            Fate::Changed => "changed",
            Fate::Left => "left out",
        };
        format!("{count} {said}")
    });
    say(&counts.join(", "))
}
