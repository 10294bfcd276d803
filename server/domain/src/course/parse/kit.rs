//! What a webinar is led with, read from its files: as for a course, every problem with its line and its remedy.
//!
//! # The format
//!
//! ```text
//! content/<webinar>/webinar.toml        what it is, and its steps by the minute
//! content/<webinar>/polls.toml          [[poll]] id, type, stem, choices, trainer          (optional)
//! content/<webinar>/quiz.toml           the live quiz, as a chapter's                      (optional)
//! content/<webinar>/demonstrations.md   how to play each demonstration, as a chapter.md    (optional)
//! content/<webinar>/suite.md            what to read after, as a chapter.md                (optional)
//! ```
//!
//! ```toml
//! # webinar.toml
//! title = "Les outils en direct"
//! summary = "Quatre-vingt-dix minutes pour voir faire."
//! minutes = 90                       # 5 to 240: the sum of the steps
//! objectives = ["Rendre un poste propre"]
//! licence = "CC BY 4.0"
//!
//! [[step]]                           # they follow each other
//! at = 0                             # minutes after the start
//! minutes = 5
//! title = "S’installer ensemble"
//! trainer = "Ce que dit et fait le formateur."
//! screen = "Ce qui est à l’écran."
//! agents = "Ce que font les agents."
//! poll = "temps-perdu"               # optional: a poll of polls.toml
//! demonstration = "poste-propre"     # optional: an anchor of demonstrations.md
//! quiz = true                        # optional: the live quiz
//!
//! [[link]]                           # optional
//! title = "Le chapitre 5"
//! url = "/cours/mediation-numerique/outils-de-l-agent"   # or https://…
//!
//! # polls.toml
//! [[poll]]
//! id = "temps-perdu"
//! type = "single"                    # or "multiple"
//! stem = "Plain text"
//! choices = ["un", "deux"]           # 2 to 8
//! trainer = "Ce que le formateur en fait."
//! ```

#[cfg(test)]
mod tests;

use super::chapter_file::Draft;
use super::files::Files;
use super::report::{Report, nearest, quoted};
use super::toml_reader::{Doc, Table, Text};
use super::world::{Place, World};
use super::{Problem, SourceFile, markdown, quiz_file};
use crate::course::Block;
use crate::ids::KitSlug;
use crate::quiz::Quiz;
use crate::webinar::kit::{Kit, KitSection, Link, Poll, PollKind, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The file that describes a webinar, and makes of its folder one.
pub const WEBINAR: &str = "webinar.toml";
const POLLS: &str = "polls.toml";
const QUIZ: &str = "quiz.toml";
const DEMONSTRATIONS: &str = "demonstrations.md";
const SUITE: &str = "suite.md";

/// Most signs in what the trainer says at one step.
const SPEECH: usize = 3000;

/// Reads the kit of that slug. There is one only when there is no problem.
#[must_use]
pub fn parse(slug: &str, files: &[SourceFile]) -> (Option<Kit>, Vec<Problem>) {
    let mut report = Report::default();
    let kit = read(slug, files, &mut report);
    let mut problems = report.problems;
    problems.sort();
    problems.dedup();
    (Some(kit).filter(|_| problems.is_empty()), problems)
}

fn read(slug: &str, files: &[SourceFile], report: &mut Report) -> Kit {
    if let Err(error) = slug.parse::<KitSlug>() {
        report.say(WEBINAR, 1, format!("le dossier du webinaire est mal nommé : {error}"));
    }
    let files = Files::new(files, report);
    let drafts: Vec<Draft> = [DEMONSTRATIONS, SUITE]
        .into_iter()
        .filter_map(|file| files.text(file, report).map(|text| Draft::read(file.to_owned(), &text, report)))
        .collect();
    let anchors = drafts.iter().map(|draft| {
        let anchors = draft.cuts.iter().filter_map(|cut| cut.slug.clone()).map(String::from);
        (draft.file.clone(), anchors.collect())
    });
    let world = World {
        course: slug,
        files: &files,
        terms: BTreeSet::new(),
        skills: BTreeSet::new(),
        anchors: anchors.collect::<BTreeMap<String, BTreeSet<String>>>(),
    };
    let rendered = |file: &str, report: &mut Report| {
        let draft = drafts.iter().find(|draft| draft.file == file);
        draft.map_or_else(Vec::new, |draft| sections(&world, draft, report))
    };
    let (demonstrations, suite) = (rendered(DEMONSTRATIONS, report), rendered(SUITE, report));
    let described = files.text(WEBINAR, report);
    if described.is_none() && !report.used.contains(WEBINAR) {
        report.say(
            WEBINAR,
            1,
            "il manque ce fichier : écrivez-le avec title, summary, minutes, objectives, licence et des [[step]]",
        );
    }
    let doc = Doc::read(WEBINAR, described.as_deref().unwrap_or_default(), 1, report);
    let root = doc.root();
    if described.is_some() {
        root.shape(&["title", "summary", "minutes", "objectives", "licence", "step"], &["link"], report);
    }
    let title = root.line_of_text("title", 120, report).said;
    let quiz = files.text(QUIZ, report).map(|text| quiz(&world, &text, &title, report));
    let polls = files.text(POLLS, report).map_or_else(Vec::new, |text| polls(&text, report));
    let known = Known { polls: &polls, demonstrations: &demonstrations, has_quiz: quiz.is_some() };
    let kit = Kit {
        summary: root.line_of_text("summary", 1000, report).said,
        minutes: root.whole("minutes", 5..=240, report),
        objectives: root.lines_of_text("objectives", 300, report).into_iter().map(|text| text.said).collect(),
        licence: root.line_of_text("licence", 100, report).said,
        steps: steps(&root, &known, report),
        links: links(&root, report),
        title,
        polls,
        quiz,
        demonstrations,
        suite,
    };
    for path in files.paths().filter(|path| !report.used.contains(*path)).collect::<Vec<_>>() {
        let expected = quoted([WEBINAR, POLLS, QUIZ, DEMONSTRATIONS, SUITE]);
        report.say(path, 1, format!("ce fichier ne sert à rien : retirez-le. Un webinaire tient dans {expected}"));
    }
    kit
}

/// What a step may name.
struct Known<'k> {
    polls: &'k [Poll],
    demonstrations: &'k [KitSection],
    has_quiz: bool,
}

fn steps(root: &Table<'_>, known: &Known<'_>, report: &mut Report) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut expected = 0;
    for table in root.tables("step", report) {
        table.shape(
            &["at", "minutes", "title", "trainer", "screen", "agents"],
            &["poll", "demonstration", "quiz"],
            report,
        );
        let at = table.whole("at", 0..=240, report);
        let minutes = table.whole("minutes", 1..=240, report);
        if at != expected && table.has("at") {
            report.say(
                WEBINAR,
                table.line_of("at"),
                format!(
                    "cette étape commence à la minute {at}, et la précédente finit à {expected} : faites-les se suivre"
                ),
            );
        }
        expected = at + minutes;
        let polls = known.polls.iter().map(|poll| poll.id.as_str());
        let shown = known.demonstrations.iter().map(|section| section.anchor.as_str());
        let quiz = table.flag("quiz", false, report);
        if quiz && !known.has_quiz {
            report.say(
                WEBINAR,
                table.line_of("quiz"),
                format!("il n’y a pas de {QUIZ} : écrivez-le ou retirez « quiz »"),
            );
        }
        steps.push(Step {
            at,
            minutes,
            title: table.line_of_text("title", 120, report).said,
            trainer: table.line_of_text("trainer", SPEECH, report).said,
            screen: table.line_of_text("screen", 500, report).said,
            agents: table.line_of_text("agents", 500, report).said,
            poll: named(&table, "poll", POLLS, polls, report).and_then(|name| name.parse().ok()),
            demonstration: named(&table, "demonstration", DEMONSTRATIONS, shown, report)
                .and_then(|name| name.parse().ok()),
            quiz,
        });
    }
    let minutes = root.whole("minutes", 5..=240, &mut Report::default());
    if expected != minutes && !steps.is_empty() && root.has("minutes") {
        report.say(
            WEBINAR,
            root.line_of("minutes"),
            format!("les étapes durent {expected} minutes en tout, et le webinaire {minutes} : accordez-les"),
        );
    }
    steps
}

/// What a step refers to, when it is in that file.
fn named<'k>(
    table: &Table<'_>,
    key: &str,
    file: &str,
    known: impl Iterator<Item = &'k str>,
    report: &mut Report,
) -> Option<String> {
    if !table.has(key) {
        return None;
    }
    let known: Vec<&str> = known.collect();
    let text = table.text(key, report);
    if !text.said.is_empty() && !known.contains(&text.said.as_str()) {
        let near = nearest(&text.said, known.iter().copied());
        report.say(
            WEBINAR,
            text.line,
            format!("« {} » n’est pas dans {file}.{near} Noms possibles : {}", text.said, quoted(known)),
        );
    }
    Some(text.said)
}

fn links(root: &Table<'_>, report: &mut Report) -> Vec<Link> {
    let tables = root.tables("link", report);
    tables
        .iter()
        .map(|table| {
            table.shape(&["title", "url"], &[], report);
            let (title, url) = (table.line_of_text("title", 120, report), table.line_of_text("url", 500, report));
            let elsewhere =
                url.said.strip_prefix("https://").is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
            let here = url.said.starts_with('/') && !url.said.starts_with("//");
            let spelled = !url.said.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'));
            if !(url.said.is_empty() || (spelled && (elsewhere || here))) {
                report.say(
                    WEBINAR,
                    url.line,
                    format!(
                        "l’adresse « {} » n’est pas acceptée : écrivez https://… ou une page de ce site, /cours/…",
                        url.said
                    ),
                );
            }
            Link { title: title.said, url: url.said }
        })
        .collect()
}

fn polls(text: &str, report: &mut Report) -> Vec<Poll> {
    let doc = Doc::read(POLLS, text, 1, report);
    let root = doc.root();
    root.shape(&["poll"], &[], report);
    let mut polls: Vec<Poll> = Vec::new();
    for table in root.tables("poll", report) {
        table.shape(&["id", "type", "stem", "choices", "trainer"], &[], report);
        let named = table.text("type", report);
        let kind = match named.said.as_str() {
            "multiple" => PollKind::Multiple,
            "single" | "" => PollKind::Single,
            other => {
                let said = format!("le type « {other} » n’existe pas : écrivez \"single\" ou \"multiple\"");
                report.say(POLLS, named.line, said);
                PollKind::Single
            }
        };
        let choices = table.lines_of_text("choices", 200, report);
        if table.has("choices") && !(2..=8).contains(&choices.len()) {
            report.say(POLLS, table.line_of("choices"), "un sondage a de 2 à 8 choix : ajoutez-en ou retirez-en");
        }
        distinct(&choices, report);
        let stem = table.line_of_text("stem", 300, report).said;
        let trainer = table.line_of_text("trainer", SPEECH, report).said;
        let id = table.text("id", report);
        let choices = choices.into_iter().map(|text| text.said).collect();
        match id.said.parse() {
            Ok(slug) if polls.iter().any(|known| known.id == slug) => {
                let said = format!("le sondage « {slug} » est déjà écrit : donnez un identifiant à chacun");
                report.say(POLLS, id.line, said);
            }
            Ok(slug) => polls.push(Poll { id: slug, kind, stem, choices, trainer }),
            Err(_) if id.said.is_empty() => {}
            Err(error) => report.say(POLLS, id.line, format!("{error}")),
        }
    }
    polls
}

/// Reports the choices that a reader would take for the same.
fn distinct(choices: &[Text], report: &mut Report) {
    let mut seen = BTreeSet::new();
    for choice in choices.iter().filter(|choice| !choice.said.is_empty()) {
        if !seen.insert(choice.said.to_lowercase()) {
            report.say(
                POLLS,
                choice.line,
                format!("le choix « {} » est écrit deux fois : gardez-en un seul", choice.said),
            );
        }
    }
}

fn quiz(world: &World<'_>, text: &str, title: &str, report: &mut Report) -> Quiz {
    let place = Place { world, file: QUIZ, folder: "", chapter: "", away: false };
    quiz_file::read(&place, text, title, report)
}

/// The sections of a text, rendered. What a chapter may hold besides words has no place here: nothing serves it.
fn sections(world: &World<'_>, draft: &Draft, report: &mut Report) -> Vec<KitSection> {
    let place = Place { world, file: &draft.file, folder: "", chapter: &draft.file, away: false };
    let mut sections = Vec::new();
    for cut in &draft.cuts {
        if cut.text.trim().is_empty() {
            place.say(cut.line, "cette section est vide : écrivez-la ou retirez son titre", report);
        }
        if cut.inserts.iter().any(|insert| matches!(insert, super::outline::Insert::Media { .. })) {
            place.say(cut.line, "le texte d’un webinaire n’a ni son ni vidéo : retirez ce bloc", report);
        }
        let media = cut.inserts.iter().map(|_| None).collect();
        let (blocks, _) = markdown::section(&place, cut, media, report);
        let html: String = blocks
            .into_iter()
            .map(|block| match block {
                Block::Prose { html } => html,
                Block::Media(_) => String::new(),
            })
            .collect();
        if html.contains("<img") {
            place.say(
                cut.line,
                "le texte d’un webinaire n’a pas d’image : décrivez-la, ou montrez-la à l’écran",
                report,
            );
        }
        sections.extend(cut.slug.clone().map(|anchor| KitSection { anchor, title: cut.title.clone(), html }));
    }
    sections
}
