//! Checking and publishing what is in the content folder; bringing courses in, and taking them out.

use super::say;
use anyhow::bail;
use domain::course::interchange::{Fate, Item, tally};
use server::app::App;
use server::course::interchange::{self, Form, Labels};
use server::course::publish::{self, Publication};
use server::pathway::store as pathway;
use server::webinar::kit;
use std::path::{Path, PathBuf};

pub(super) fn check(folders: &[PathBuf]) -> anyhow::Result<()> {
    let mut problems = 0;
    for folder in folders {
        if kit::is_kit(folder) {
            problems += check_kit(folder)?;
            continue;
        }
        if pathway::is_pathway(folder) {
            problems += check_pathway(folder)?;
            continue;
        }
        let checked = publish::check(folder)?;
        problems += checked.problems.len();
        for problem in &checked.problems {
            say(&format!("{}/{problem}", checked.slug))?;
        }
        if let Some(course) = &checked.course {
            let questions: usize = course
                .chapters
                .iter()
                .filter_map(|chapter| chapter.quiz.as_ref())
                .map(|quiz| quiz.questions.len())
                .sum();
            say(&format!(
                "{}: no problem, {} chapters, {} minutes, {questions} questions",
                checked.slug,
                course.chapters.len(),
                course.minutes()
            ))?;
        }
    }
    if problems > 0 {
        bail!("{problems} problem(s)");
    }
    Ok(())
}

/// Says what is wrong with a webinar's folder, or what is in it; returns how many problems it has.
fn check_kit(folder: &Path) -> anyhow::Result<usize> {
    let checked = kit::check(folder)?;
    for problem in &checked.problems {
        say(&format!("{}/{problem}", checked.slug))?;
    }
    if let Some(kit) = &checked.kit {
        let questions = kit.quiz.as_ref().map_or(0, |quiz| quiz.questions.len());
        let (steps, polls) = (kit.steps.len(), kit.polls.len());
        say(&format!(
            "{}: no problem, a webinar of {} minutes, {steps} steps, {polls} polls, {questions} questions",
            checked.slug, kit.minutes
        ))?;
    }
    Ok(checked.problems.len())
}

/// Says what is wrong with a pathway's folder, or what is in it; returns how many problems it has.
fn check_pathway(folder: &Path) -> anyhow::Result<usize> {
    let checked = pathway::check(folder)?;
    for problem in &checked.problems {
        say(&format!("{}/{problem}", checked.slug))?;
    }
    if let Some(pathway) = &checked.pathway {
        let minutes: u32 = pathway.components.iter().map(|component| component.minutes).sum();
        let (components, awards) = (pathway.components.len(), pathway.awards.len());
        say(&format!(
            "{}: no problem, a pathway of {minutes} minutes, {components} components, {awards} certificates",
            checked.slug
        ))?;
    }
    Ok(checked.problems.len())
}

async fn publish_pathway(app: &App, folder: &Path) -> anyhow::Result<()> {
    let checked = pathway::check(folder)?;
    for problem in &checked.problems {
        say(&format!("{}/{problem}", checked.slug))?;
    }
    let slug = checked.slug.clone();
    say(&match pathway::publish(app, checked).await? {
        Publication::Unchanged { number } => format!("{slug}: already published as version {number}"),
        Publication::New { number } => {
            format!("{slug}: published as version {number}; certificates that were issued stand")
        }
    })
}

async fn publish_kit(app: &App, folder: &Path) -> anyhow::Result<()> {
    let checked = kit::check(folder)?;
    for problem in &checked.problems {
        say(&format!("{}/{problem}", checked.slug))?;
    }
    let slug = checked.slug.clone();
    say(&match kit::publish(app, checked).await? {
        Publication::Unchanged { number } => format!("{slug}: already published as version {number}"),
        Publication::New { number } => {
            format!("{slug}: published as version {number}; webinars under way end with the version they began with")
        }
    })
}

pub(super) async fn publish(app: &App, folders: &[PathBuf]) -> anyhow::Result<()> {
    for folder in folders {
        if kit::is_kit(folder) {
            publish_kit(app, folder).await?;
            continue;
        }
        if pathway::is_pathway(folder) {
            publish_pathway(app, folder).await?;
            continue;
        }
        let checked = publish::check(folder)?;
        for problem in &checked.problems {
            say(&format!("{}/{problem}", checked.slug))?;
        }
        let slug = checked.slug.clone();
        say(&match publish::publish(app, checked).await? {
            Publication::Unchanged { number } => format!("{slug}: already published as version {number}"),
            Publication::New { number } => format!(
                "{slug}: published as version {number}; what agents have earned stays earned, attempts under way end on \
                 the version they began on"
            ),
        })?;
    }
    Ok(())
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
