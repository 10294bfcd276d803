//! What the domain finds, in plain words, with the address of its place.

use super::work::Foreseen;
use domain::course::Course;
use domain::course::interchange::{Fate, Item, tally};
use domain::ids::{ChapterSlug, CourseSlug};
use domain::studio::consequences::{Change, Cost};
use domain::studio::gate::{Figures, Finding, SLOW_LINE, THIN_LINE, seconds};
use domain::text::{counted, integer};
use frontend::studio::publishing::{BroughtItem, ConsequenceLine, Consequences, FigureLine, FindingLine};

/// Where a draft's file is mended.
pub(super) fn address(course: &CourseSlug, file: &str, line: u32) -> String {
    let base = format!("/studio/{course}");
    match file.split_once('/') {
        Some((chapter, "chapter.md")) => format!("{base}/chapitres/{chapter}?ligne={line}"),
        Some((chapter, "fiche.md")) => format!("{base}/chapitres/{chapter}?fichier=fiche.md&ligne={line}"),
        Some((_, name)) if name.rsplit('.').next() == Some("toml") => {
            format!("{base}/questions?fichier={file}&ligne={line}")
        }
        Some(_) => format!("{base}/medias?fichier={file}"),
        None if file == "glossary.toml" => format!("{base}/glossaire?ligne={line}"),
        None => format!("{base}?ligne={line}"),
    }
}

pub(super) fn finding(course: &CourseSlug, finding: &Finding) -> FindingLine {
    let Finding { rule, file, line, said, remedy, key, .. } = finding;
    FindingLine {
        rule: rule.name(),
        href: address(course, file, *line),
        place: format!("{file}, ligne {line}"),
        said: said.trim_end_matches('.').to_owned(),
        remedy: remedy.clone(),
        key: rule.may_be_waived().then(|| key.clone()),
    }
}

pub(super) fn figures(figures: &Figures) -> FigureLine {
    let Figures { title, reading, weight, .. } = figures;
    let level = reading.level().zip(reading.index());
    let all = weight.at_once() + weight.media;
    FigureLine {
        title: title.clone(),
        words: integer(reading.words.into()),
        level: level.map_or_else(|| "–".to_owned(), |(level, index)| format!("{} ({index})", level.name())),
        meaning: level.map_or_else(String::new, |(level, _)| level.meaning().to_owned()),
        text: kilobytes(weight.text),
        images: kilobytes(weight.images),
        media: kilobytes(weight.media),
        thin: wait(weight.at_once(), THIN_LINE),
        slow: wait(weight.at_once(), SLOW_LINE),
        media_slow: wait(all, SLOW_LINE),
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}\u{a0}ko", integer(bytes.div_ceil(1000)))
}

fn wait(bytes: u64, line: u64) -> String {
    match seconds(bytes, line) {
        seconds @ 0..120 => format!("{seconds}\u{a0}s"),
        seconds => format!("{}\u{a0}min", seconds.div_ceil(60)),
    }
}

/// What changes for agents, counted by reason: those who have more to do first.
pub(super) fn consequences(foreseen: &Foreseen, old: &Course, new: &Course) -> Consequences {
    let mut changes: Vec<_> = foreseen.by_change().into_iter().collect();
    changes.sort_by_key(|(change, count)| (change.cost(), std::cmp::Reverse(*count)));
    let line = |(change, count): (Change, u64)| {
        let (who, why) = told(&change, count, (old, new));
        ConsequenceLine { who, why }
    };
    Consequences {
        keep: foreseen.by_cost(Cost::Same),
        more: foreseen.by_cost(Cost::More),
        less: foreseen.by_cost(Cost::Less),
        not_begun: foreseen.not_begun,
        lines: changes.into_iter().map(line).collect(),
    }
}

/// « 9 agents refont le chapitre « Accueillir » », and why.
fn told(change: &Change, count: u64, (old, new): (&Course, &Course)) -> (String, &'static str) {
    let who = |one: &str, many: &str, what: String| format!("{}{what}", counted(count, one, many));
    let chapter = |slug: &ChapterSlug| {
        let (place, found) = match (new.chapter(slug), old.chapter(slug)) {
            (Some(chapter), _) => ("le chapitre", Some(chapter)),
            (None, former) => ("l’ancien chapitre", former),
        };
        match found {
            Some(chapter) => format!(" {place} {}, «\u{a0}{}\u{a0}»", chapter.number, chapter.title),
            None => new.exercise(slug).or(old.exercise(slug)).map_or_else(
                || format!(" «\u{a0}{slug}\u{a0}»"),
                |exercise| format!(" «\u{a0}{}\u{a0}»", exercise.quiz().title),
            ),
        }
    };
    match change {
        Change::Redo(slug) => (
            who("agent refait", "agents refont", chapter(slug)),
            "ce chapitre a changé d’identifiant\u{a0}: ce qui était acquis l’est sous l’ancien",
        ),
        Change::BeginAgain(slug) => (
            who("agent recommence", "agents recommencent", chapter(slug)),
            "ce chapitre a changé d’identifiant\u{a0}: ce qui était commencé l’est sous l’ancien",
        ),
        Change::New(slug) => (who("agent suivra", "agents suivront", chapter(slug)), "ce chapitre est ajouté"),
        Change::ReadMore(slug) => (
            who(
                "agent relit une partie de ce qui suit\u{a0}:",
                "agents relisent une partie de ce qui suit\u{a0}:",
                chapter(slug),
            ),
            "des sections y sont ajoutées, ou ont changé d’ancre",
        ),
        Change::QuizMore(slug) => (
            who("agent aura un quiz à réussir pour", "agents auront un quiz à réussir pour", chapter(slug)),
            "la lecture ne suffit plus à l’acquérir",
        ),
        Change::QuizHarder(slug) => (
            who("agent devra obtenir plus de points pour", "agents devront obtenir plus de points pour", chapter(slug)),
            "le seuil de réussite de son quiz monte",
        ),
        Change::NoAttemptLeft(slug) => (
            who("agent n’a plus d’essai pour", "agents n’ont plus d’essai pour", chapter(slug)),
            "le quiz accorde moins d’essais qu’ils n’en ont faits",
        ),
        Change::AssessmentMore => (
            who("agent passera", "agents passeront", " l’évaluation finale".to_owned()),
            "le cours n’en demandait pas à ceux-là",
        ),
        Change::ReadLess(slug) => (
            who("agent a moins à lire dans", "agents ont moins à lire dans", chapter(slug)),
            "des sections en sont retirées",
        ),
        Change::QuizLess(slug) => (
            who("agent a moins à réussir pour", "agents ont moins à réussir pour", chapter(slug)),
            "son quiz est retiré, ou demande moins",
        ),
        Change::Acquired(slug) => {
            (who("agent acquiert", "agents acquièrent", chapter(slug)), "tout ce qui leur manquait en est retiré")
        }
        Change::Spared(slug) => {
            (who("agent n’a plus à suivre", "agents n’ont plus à suivre", chapter(slug)), "ce chapitre est retiré")
        }
        Change::AssessmentLess => (
            who("agent n’a plus à passer", "agents n’ont plus à passer", " l’évaluation finale".to_owned()),
            "elle est retirée",
        ),
        Change::Completed => (
            who("agent termine", "agents terminent", " le cours".to_owned()),
            "tout ce qui leur manquait en est retiré",
        ),
        Change::StaysCompleted => (
            who("agent garde son cours terminé", "agents gardent leur cours terminé", String::new()),
            "un cours une fois terminé le reste, même si un chapitre s’ajoute",
        ),
        Change::KeptOfGone(slug) => (
            who("agent garde à son dossier", "agents gardent à leur dossier", chapter(slug)),
            "ce chapitre est retiré, et ce qui est acquis reste acquis",
        ),
        Change::StaysAcquired(slug) => (
            who("agent garde acquis", "agents gardent acquis", chapter(slug)),
            "ce chapitre change, et ce qui est acquis reste acquis",
        ),
        Change::OtherQuestions(slug) => (
            who(
                "agent aura d’autres questions à son prochain essai pour",
                "agents auront d’autres questions à leur prochain essai pour",
                chapter(slug),
            ),
            "le quiz change, et ils ne l’ont pas encore réussi",
        ),
        Change::AttemptGoesOn(slug) => (
            who(
                "agent finit son essai en cours sur l’ancienne version pour",
                "agents finissent leur essai en cours sur l’ancienne version pour",
                chapter(slug),
            ),
            "un essai se termine sur la version où il a commencé",
        ),
    }
}

/// « 12 repris, 3 modifiés, 1 laissé »
pub(super) fn counts(items: &[Item]) -> String {
    let said = tally(items).map(|(fate, count)| {
        let (one, many) = match fate {
            Fate::Kept => ("élément repris", "éléments repris"),
            Fate::Changed => ("modifié", "modifiés"),
            Fate::Left => ("laissé", "laissés"),
        };
        counted(count as u64, one, many)
    });
    said.join(", ")
}

pub(super) fn item(item: &Item) -> BroughtItem {
    let fate = match item.fate {
        Fate::Kept => "Repris",
        Fate::Changed => "Modifié",
        Fate::Left => "Laissé",
    };
    let place = format!("{}, ligne {}", item.file, item.line);
    BroughtItem { place, what: item.what.clone(), fate, notes: item.notes.clone() }
}
