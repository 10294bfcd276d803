//! A course read from its files.
//!
//! Reading never fails: it reports. One reading says every problem, each with its file, its line
//! and its remedy, in French since authors read it. Any problem at all, and there is no course.
//!
//! # The format
//!
//! ```text
//! content/<course>/course.toml         title, summary, objectives = […], licence; skills and the
//!                                      quizzes of the whole course (below)
//! content/<course>/glossary.toml       [[term]] key, term, definition             (optional)
//! content/<course>/media/…             images (svg png jpg jpeg webp avif), sounds (ogg opus mp3),
//!                                      videos (webm mp4), captions (vtt), transcripts (md)
//! content/<course>/01-<chapter>/chapter.md
//! content/<course>/01-<chapter>/quiz.toml                                         (optional)
//! content/<course>/01-<chapter>/fiche.md          one page to print               (optional)
//! content/<course>/01-<chapter>/positioning.toml  questions brought to the positioning quiz
//! content/<course>/01-<chapter>/bank.toml         questions brought to the final assessment
//! content/<course>/01-<chapter>/media/…   looked in before the course's own media/
//! ```
//!
//! The numbers of the folders, of two or three digits, give the order: 01, 02, 03… without hole or
//! double. Names of files
//! are in letters without accents, digits, `-`, `_`, `.`. A file that nothing refers to is a
//! problem. A text holds 512 KiB at most, a medium 20 MiB.
//!
//! ## chapter.md
//!
//! ```text
//! +++
//! title = "Accueillir"
//! summary = "Les premières minutes d’un accompagnement."
//! minutes = 15                                 # 1 to 240: what the chapter counts for
//! objectives = ["Accueillir une personne en difficulté avec le numérique"]
//! +++
//!
//! ## Écouter d’abord {#ecouter}                # starts a section; the anchor is mandatory
//!
//! Markdown: CommonMark, tables, footnotes[^1], definition lists. No HTML. No smart punctuation.
//! ### and #### are allowed in a section, without a jump, and without anchor.
//!
//! [^1]: Gathered at the end of the section, with links back.
//!
//! > [!NOTE]        À noter            > [!TIP]       Astuce
//! > [!IMPORTANT]   À retenir          > [!WARNING]   Attention
//! > [!CAUTION]     À ne jamais faire
//!
//! [illectronisme](glossaire:illectronisme)     # a term of glossary.toml
//! [plus haut](#ecouter)                        # a section of this chapter
//! [la posture](chapitre:posture#distance)      # another chapter, with or without a section
//! [France Services](https://…) <mailto:…>      # elsewhere; nothing else is a link
//!
//! ![Ce que montre l’image](media/x.svg)        # described …
//! ![](media/frise.svg "décoratif")             # … or decorative
//!
//! :::cas Madame D. n’a pas d’adresse électronique
//! Markdown, without sound, video or another case.
//!
//! :::choix Vous lui en créez une
//! What happens, shown when the agent opens the choice.
//! :::
//! :::
//!
//! :::video media/demo.webm                     # or :::audio media/temoin.ogg (no poster)
//! title = "Démonstration"
//! captions = "media/demo.vtt"                  # mandatory
//! poster = "media/demo.svg"                    # optional
//! transcript = "media/demo.md"                 # optional Markdown
//! :::
//! ```
//!
//! `##` and `:::` lines start at the beginning of the line.
//!
//! ## fiche.md
//!
//! `title` between two lines `+++`, then Markdown as in a section, from `###` down.
//!
//! ## quiz.toml
//!
//! A chapter is acquired when it is read, and its quiz passed when there is one.
//!
//! ```toml
//! title = "Le quiz"                # default: « Quiz : <title of the chapter> »
//! [rules]
//! pass = 70                        # percent, required
//! attempts = 3                     # absent: as many as they like
//! attempts_per_day = 2             # days of Paris; absent: as many as they like
//! counts = "best"                  # or "last"
//! draw = 8                         # questions drawn; absent: all
//! shuffle = true                   # default
//! time_limit = 20                  # minutes; absent: none
//! opens = "2026-12-01T09:00"       # local time of Paris; absent: always
//! closes = "2026-12-31T18:00"
//!
//! [[question]]
//! id = "consentement"              # unique in the quiz, and kept from one version to the next
//! type = "single"                  # single multiple true-false numeric short-text matching ordering gap
//! stem = "Markdown"
//! points = 1                       # default
//! feedback = "Markdown"            # required for numeric, short-text, matching, ordering, gap
//! section = "ecouter"              # what to read again; optional
//! tags = ["posture", "accueil"]    # for authors to find it by, never shown to agents; optional
//! [[question.choice]]              # single: exactly one right; multiple: at least one right and one wrong
//! text = "Markdown, one paragraph"
//! right = true
//! feedback = "Markdown"
//!
//! # true-false
//! answer = true
//! feedback_true = "Markdown, shown to who answers true"
//! feedback_false = "Markdown"
//! # numeric
//! answer = 12
//! tolerance = 0                    # default
//! unit = "€"                       # optional
//! # short-text
//! accepted = ["impots.gouv.fr"]
//! # matching
//! distractors = ["La Poste"]       # optional
//! [[question.pair]]                # 2 to 8
//! left = "Retraite"
//! right = "CNAV"
//! # ordering
//! items = ["un", "deux", "trois"]  # 3 to 8, in the right order
//! # gap
//! text = "Je garde mon {a} pour moi."
//! [question.gap.a]
//! accepted = ["mot de passe"]
//! options = ["mot de passe", "nom"]  # absent: typed
//! ```
//!
//! ## Quizzes of the whole course
//!
//! ```toml
//! # course.toml
//! [[skill]]
//! key = "accueillir"
//! name = "Accueillir et écouter"
//!
//! [positioning]                    # the questions of every positioning.toml; one attempt
//! title = "Faites le point"
//! summary = "Ce que vous savez déjà."
//! minutes = 20
//!
//! [assessment]                     # the questions of every bank.toml; the rules of a quiz
//! title = "Évaluation finale"
//! summary = "Ce que vous avez appris."
//! minutes = 40
//! pass = 70
//! draw = 30                        # balanced by chapter, then by skill
//!
//! # 01-<chapter>/positioning.toml
//! exempts_at = 100                 # percent of their points that exempts from the chapter; optional
//!
//! # 01-<chapter>/positioning.toml and bank.toml: as in quiz.toml, and
//! [[question]]
//! section = "ecouter"              # required
//! skill = "accueillir"             # required
//! ```

mod chapter_file;
mod clean;
mod files;
pub mod kit;
mod markdown;
mod media;
mod notes;
mod outline;
pub mod pathway;
pub mod preview;
mod question_file;
mod quiz_file;
mod report;
mod svg;
mod tags;
mod toml_reader;
mod vtt;
mod whole_quiz;
mod world;

#[cfg(test)]
pub(crate) mod tests;

use super::{ASSESSMENT, Course, POSITIONING, Skill, Term};
use crate::ids::{ChapterSlug, CourseSlug};
use crate::text::folded;
use chapter_file::{Draft, Folder, Pools};
use files::Files;
pub use files::{MOST_MEDIA, extension_of};
use report::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use toml_reader::{Doc, Table};
use world::{Place, World};

/// A file of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the course's folder, with `/`: `01-accueil/chapter.md`.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Something that an author has to mend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path from the course's folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What is wrong and what to do, in French.
    pub said: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.said)
    }
}

/// What is wrong with a drawing (SVG): each problem with its line.
#[must_use]
pub fn drawing(text: &str) -> Vec<Problem> {
    let mut report = Report::default();
    svg::check("", text, &mut report);
    report.problems
}

/// The captions of a WebVTT file, and what is wrong with them: each problem with its line.
#[must_use]
pub fn captions(text: &str) -> (Vec<super::Cue>, Vec<Problem>) {
    let mut report = Report::default();
    let cues = vtt::read("", text, &mut report);
    (cues, report.problems)
}

/// Reads the course of that slug. There is a course only when there is no problem.
#[must_use]
pub fn parse(slug: &str, files: &[SourceFile]) -> (Option<Course>, Vec<Problem>) {
    let mut report = Report::default();
    let course = read(slug, files, true, &mut report);
    let problems = report.in_order();
    (course.filter(|_| problems.is_empty()), problems)
}

/// Reads what there is of a course that is being written, beside its problems: what has some is missing, or stands
/// there with something harmless in its place. For authors to look at; never to be published.
#[must_use]
pub fn glimpse(slug: &str, files: &[SourceFile]) -> (Option<Course>, Vec<Problem>) {
    let mut report = Report::default();
    let course = read(slug, files, true, &mut report);
    let mut problems = report.problems;
    problems.sort();
    problems.dedup();
    (course, problems)
}

/// Reads the course; `with_media` judges the contents of its media too.
fn read(slug: &str, files: &[SourceFile], with_media: bool, report: &mut Report) -> Option<Course> {
    let files = Files::new(files, report);
    let course_slug = slug.parse::<CourseSlug>();
    if let Err(error) = &course_slug {
        report.say("course.toml", 1, format!("le dossier du cours est mal nommé : {error}"));
    }
    let glossary = glossary(&files, report);
    let described = files.text(COURSE, report);
    if described.is_none() && !report.used.contains(COURSE) {
        report.say(COURSE, 1, "il manque ce fichier : écrivez-le avec title, summary, objectives et licence");
    }
    let doc = Doc::read(COURSE, described.as_deref().unwrap_or_default(), 1, report);
    let skills = skills(&doc.root(), report);
    let folders = folders(&files, report);
    let mut drafts = Vec::new();
    for folder in &folders {
        let file = format!("{}/chapter.md", folder.name);
        match files.text(&file, report) {
            Some(text) => drafts.push((folder, Draft::read(file, &text, report))),
            None if report.used.contains(&file) => {}
            None => report.say(&file, 1, "il manque ce fichier : écrivez le chapitre ou retirez le dossier"),
        }
    }
    let anchors = drafts.iter().map(|(folder, draft)| {
        let anchors = draft.cuts.iter().filter_map(|cut| cut.slug.clone()).map(String::from);
        (folder.slug.to_string(), anchors.collect())
    });
    let world = World {
        course: course_slug.as_ref().map_or("cours", CourseSlug::as_str),
        files: &files,
        terms: glossary.iter().map(|term| term.key.clone()).collect(),
        skills: skills.iter().map(|skill| skill.slug.to_string()).collect(),
        anchors: anchors.collect::<BTreeMap<String, BTreeSet<String>>>(),
    };
    let mut chapters = Vec::new();
    let mut pools = Pools::default();
    for (folder, draft) in drafts {
        let file = draft.file.clone();
        let place =
            Place { world: &world, file: &file, folder: folder.name, chapter: folder.slug.as_str(), away: false };
        chapters.push(draft.finish(&place, folder, &mut pools, report));
    }

    let keys = doc.root();
    if described.is_some() {
        keys.shape(&["title", "summary", "objectives", "licence"], &["skill", "positioning", "assessment"], report);
    }
    let place = Place { world: &world, file: COURSE, folder: "", chapter: "", away: true };
    let course = Course {
        slug: course_slug.clone().ok()?,
        title: keys.line_of_text("title", 200, report).said,
        summary: keys.line_of_text("summary", 1000, report).said,
        objectives: keys.lines_of_text("objectives", 300, report).into_iter().map(|text| text.said).collect(),
        licence: keys.line_of_text("licence", 100, report).said,
        chapters,
        skills,
        positioning: whole_quiz::positioning(&place, &keys, pools.positioning, report),
        assessment: whole_quiz::assessment(&place, &keys, pools.assessment, report),
        glossary,
    };
    if with_media {
        files.check_media(report);
    }
    files.check_used(&folders.iter().map(|folder| folder.name).collect(), report);
    Some(course)
}

/// The file that describes a course.
const COURSE: &str = "course.toml";

/// The skills, in the author's order.
fn skills(keys: &Table<'_>, report: &mut Report) -> Vec<Skill> {
    let mut skills: Vec<Skill> = Vec::new();
    for table in keys.tables("skill", report) {
        table.shape(&["key", "name"], &[], report);
        let key = table.line_of_text("key", 64, report);
        let name = table.line_of_text("name", 100, report).said;
        match key.said.parse() {
            Ok(slug) if skills.iter().any(|known| known.slug == slug) => {
                report.say(
                    COURSE,
                    key.line,
                    format!("la compétence « {slug} » est déjà définie : gardez-en une seule"),
                );
            }
            Ok(slug) => skills.push(Skill { slug, name }),
            Err(error) => report.say(COURSE, key.line, format!("la clé de compétence est mal écrite : {error}")),
        }
    }
    skills
}

/// The terms, in alphabetical order.
fn glossary(files: &Files<'_>, report: &mut Report) -> Vec<Term> {
    let file = "glossary.toml";
    let Some(text) = files.text(file, report) else { return Vec::new() };
    let doc = Doc::read(file, &text, 1, report);
    let root = doc.root();
    root.shape(&["term"], &[], report);
    let (mut keys, mut names) = (BTreeSet::new(), BTreeSet::new());
    let mut terms = Vec::new();
    for table in root.tables("term", report) {
        table.shape(&["key", "term", "definition"], &[], report);
        let key = table.line_of_text("key", 64, report);
        let term = table.line_of_text("term", 100, report);
        if key.said.parse::<ChapterSlug>().is_err() && !key.said.is_empty() {
            report.say(
                file,
                key.line,
                format!("la clé « {} » est refusée : lettres minuscules sans accent, chiffres et tirets", key.said),
            );
        }
        if (!keys.insert(key.said.clone()) && !key.said.is_empty())
            || (!names.insert(folded(&term.said)) && !term.said.is_empty())
        {
            report.say(
                file,
                table.line,
                format!("le terme « {} » est déjà défini : gardez une seule définition", term.said),
            );
        }
        let definition = table.line_of_text("definition", 1000, report).said;
        terms.push(Term { key: key.said, term: term.said, definition });
    }
    terms.sort_by_cached_key(|term| (folded(&term.term), term.key.clone()));
    terms
}

/// The folders of the chapters, in order.
fn folders<'a>(files: &Files<'a>, report: &mut Report) -> Vec<Folder<'a>> {
    let names: BTreeSet<&str> =
        files.paths().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
    let parts = |name: &'a str| {
        let (number, slug) = name.split_once('-')?;
        let digits = matches!(number.len(), 2 | 3) && number.bytes().all(|b| b.is_ascii_digit());
        Some((number.parse::<u32>().ok().filter(|_| digits)?, name, slug.parse::<ChapterSlug>().ok()?))
    };
    let mut ordered: Vec<_> = names.into_iter().filter_map(parts).collect();
    // 100 comes before 11 in the order of names.
    ordered.sort_by_key(|(number, name, _)| (*number, *name));
    let mut folders: Vec<Folder<'a>> = Vec::new();
    for (number, name, slug) in ordered {
        let file = format!("{name}/chapter.md");
        if [POSITIONING, ASSESSMENT].contains(&slug.as_str()) {
            report.say(&file, 1, format!("« {slug} » est réservé à un quiz du cours entier : renommez ce dossier"));
        }
        if folders.iter().any(|folder| folder.slug == slug) {
            report.say(&file, 1, format!("deux chapitres s’appellent « {slug} » : renommez l’un des dossiers"));
        }
        let expected = folders.last().map_or(1, |folder| folder.number + 1);
        if number < expected {
            report.say(
                &file,
                1,
                format!("le numéro {number:02} est déjà pris ou n’est pas permis : numérotez les dossiers 01, 02, 03…"),
            );
        } else if number > expected {
            report.say(
                &file,
                1,
                format!("il manque le chapitre {expected:02} avant celui-ci : renumérotez les dossiers sans trou"),
            );
        }
        folders.push(Folder { name, number, slug });
    }
    if folders.is_empty() {
        report.say(
            "course.toml",
            1,
            "ce cours n’a pas de chapitre : ajoutez un dossier 01-nom-du-chapitre avec un fichier chapter.md",
        );
    }
    folders
}
