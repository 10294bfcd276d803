//! What differs between two versions of a course, told so that an author can read it.

#[cfg(test)]
mod tests;
mod words;

pub use words::{Piece, plain};

use crate::course::{ASSESSMENT, Chapter, Course, POSITIONING, Section};
use crate::ids::{ChapterSlug, QuestionSlug};
use crate::quiz::{Choice, Kind, Question, Quiz, Rules};
use crate::text::percent;

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Added,
    Removed,
    Changed,
}

/// All that differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// What changed of the course as a whole: « le titre ».
    pub whole: Vec<&'static str>,
    /// Those that are not the same, in the order of the newer version, then those that are gone.
    pub chapters: Vec<ChapterChange>,
    pub quizzes: Vec<QuizChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChapterChange {
    pub chapter: ChapterSlug,
    pub title: String,
    pub fate: Fate,
    /// Its place before and after, where it is not the same.
    pub moved: Option<(u32, u32)>,
    /// What changed beside its sections: « la durée ».
    pub about: Vec<&'static str>,
    pub sections: Vec<SectionChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SectionChange {
    pub title: String,
    pub fate: Fate,
    /// Words.
    pub added: u32,
    pub removed: u32,
    /// The text, with what comes and goes; empty where no word does, and links, images or layout alone changed.
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QuizChange {
    pub exercise: ChapterSlug,
    pub title: String,
    pub fate: Fate,
    /// Each rule that changed, in a sentence.
    pub rules: Vec<String>,
    pub questions: Vec<QuestionChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QuestionChange {
    pub question: QuestionSlug,
    /// Plain text of what is asked.
    pub asked: String,
    pub fate: Fate,
    /// « l’énoncé », « la bonne réponse ».
    pub what: Vec<&'static str>,
    /// What it means for agents.
    pub meaning: &'static str,
}

impl Changes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.chapters.is_empty() && self.quizzes.is_empty()
    }
}

/// What differs between two versions.
#[must_use]
pub fn changes(old: &Course, new: &Course) -> Changes {
    let whole = [
        (old.title != new.title, "le titre"),
        (old.summary != new.summary, "le résumé"),
        (old.objectives != new.objectives, "les objectifs"),
        (old.licence != new.licence, "la licence"),
        (old.skills != new.skills, "les compétences"),
        (old.glossary != new.glossary, "le glossaire"),
    ];
    let gone = old.chapters.iter().filter(|chapter| new.chapter(&chapter.slug).is_none());
    let chapters = new.chapters.iter().filter_map(|chapter| match old.chapter(&chapter.slug) {
        Some(former) => changed(former, chapter),
        None => Some(whole_chapter(chapter, Fate::Added)),
    });
    Changes {
        whole: told(&whole),
        chapters: chapters.chain(gone.map(|chapter| whole_chapter(chapter, Fate::Removed))).collect(),
        quizzes: exercises(old, new).filter_map(|exercise| quiz(old, new, &exercise)).collect(),
    }
}

fn told(all: &[(bool, &'static str)]) -> Vec<&'static str> {
    all.iter().filter(|(differs, _)| *differs).map(|(_, what)| *what).collect()
}

fn whole_chapter(chapter: &Chapter, fate: Fate) -> ChapterChange {
    let sections = chapter.sections.iter().map(|section| whole_section(section, fate));
    ChapterChange {
        chapter: chapter.slug.clone(),
        title: chapter.title.clone(),
        fate,
        moved: None,
        about: Vec::new(),
        sections: sections.collect(),
    }
}

fn whole_section(section: &Section, fate: Fate) -> SectionChange {
    let count = words::count(&text(section));
    let (added, removed) = if fate == Fate::Added { (count, 0) } else { (0, count) };
    SectionChange { title: section.title.clone(), fate, added, removed, pieces: Vec::new() }
}

fn changed(old: &Chapter, new: &Chapter) -> Option<ChapterChange> {
    let about = [
        (old.title != new.title, "le titre"),
        (old.summary != new.summary, "le résumé"),
        (old.objectives != new.objectives, "les objectifs"),
        (old.minutes != new.minutes, "la durée"),
        (old.sheet != new.sheet, "la fiche"),
    ];
    let find =
        |chapter: &Chapter, section: &Section| chapter.sections.iter().find(|it| it.slug == section.slug).cloned();
    let here = new.sections.iter().filter_map(|section| match find(old, section) {
        Some(former) => changed_section(&former, section),
        None => Some(whole_section(section, Fate::Added)),
    });
    let gone = old.sections.iter().filter(|section| find(new, section).is_none());
    let change = ChapterChange {
        chapter: new.slug.clone(),
        title: new.title.clone(),
        fate: Fate::Changed,
        moved: (old.number != new.number).then_some((old.number, new.number)),
        about: told(&about),
        sections: here.chain(gone.map(|section| whole_section(section, Fate::Removed))).collect(),
    };
    (change.moved.is_some() || !change.about.is_empty() || !change.sections.is_empty()).then_some(change)
}

fn changed_section(old: &Section, new: &Section) -> Option<SectionChange> {
    if old == new {
        return None;
    }
    let compared = words::compare(&text(old), &text(new));
    Some(SectionChange {
        title: new.title.clone(),
        fate: Fate::Changed,
        added: compared.added,
        removed: compared.removed,
        pieces: compared.pieces,
    })
}

/// Its words, with its title.
fn text(section: &Section) -> String {
    let passages = section.passages.iter().map(|passage| passage.text.as_str());
    std::iter::once(section.title.as_str()).chain(passages).collect::<Vec<_>>().join("\n")
}

/// The quizzes of both versions, in the order of the newer one.
fn exercises<'c>(old: &'c Course, new: &'c Course) -> impl Iterator<Item = ChapterSlug> {
    let chapters = new.chapters.iter().chain(old.chapters.iter().filter(|it| new.chapter(&it.slug).is_none()));
    let whole = [POSITIONING, ASSESSMENT].into_iter().filter_map(|slug| slug.parse().ok());
    chapters.map(|chapter| chapter.slug.clone()).chain(whole)
}

fn quiz(old: &Course, new: &Course, exercise: &ChapterSlug) -> Option<QuizChange> {
    let of = |course: &Course| course.exercise(exercise).map(|it| it.quiz().clone());
    let change = |quiz: &Quiz, fate, rules, questions| QuizChange {
        exercise: exercise.clone(),
        title: quiz.title.clone(),
        fate,
        rules,
        questions,
    };
    match (of(old), of(new)) {
        (None, None) => None,
        (None, Some(quiz)) => Some(change(&quiz, Fate::Added, Vec::new(), Vec::new())),
        (Some(quiz), None) => Some(change(&quiz, Fate::Removed, Vec::new(), Vec::new())),
        (Some(former), Some(quiz)) => {
            let (rules, questions) = (rules(&former.rules, &quiz.rules), questions(&former, &quiz));
            (!rules.is_empty() || !questions.is_empty() || former.title != quiz.title)
                .then(|| change(&quiz, Fate::Changed, rules, questions))
        }
    }
}

fn rules(old: &Rules, new: &Rules) -> Vec<String> {
    let mut said = Vec::new();
    if old.pass != new.pass {
        said.push(format!("Réussi à partir de {} des points, au lieu de {}.", percent(new.pass), percent(old.pass)));
    }
    let count = |n: Option<u32>| n.map_or_else(|| "sans limite".to_owned(), |n| n.to_string());
    for (was, is, what) in [
        (old.attempts, new.attempts, "Essais"),
        (old.attempts_per_day, new.attempts_per_day, "Essais par jour"),
        (old.draw, new.draw, "Questions tirées"),
        (old.time_limit, new.time_limit, "Minutes"),
    ] {
        if was != is {
            said.push(format!("{what}\u{a0}: {}, au lieu de {}.", count(is), count(was)));
        }
    }
    if old.counts != new.counts {
        said.push("L’essai qui compte n’est plus le même (le meilleur ou le dernier).".to_owned());
    }
    if (old.opens, old.closes, old.shuffle) != (new.opens, new.closes, new.shuffle) {
        said.push("Les dates d’ouverture ou l’ordre des questions changent.".to_owned());
    }
    said
}

fn questions(old: &Quiz, new: &Quiz) -> Vec<QuestionChange> {
    let find = |quiz: &Quiz, slug: &QuestionSlug| quiz.questions.iter().find(|it| it.slug == *slug).cloned();
    let here = new.questions.iter().filter_map(|question| match find(old, &question.slug) {
        Some(former) => changed_question(&former, question),
        None => Some(told_question(question, Fate::Added, Vec::new())),
    });
    let gone = old.questions.iter().filter(|question| find(new, &question.slug).is_none());
    here.chain(gone.map(|question| told_question(question, Fate::Removed, Vec::new()))).collect()
}

fn changed_question(old: &Question, new: &Question) -> Option<QuestionChange> {
    let key = |question: &Question| answer(&question.kind);
    let what = [
        (old.stem != new.stem, "l’énoncé"),
        (key(old) != key(new), "la bonne réponse"),
        (key(old) == key(new) && old.kind != new.kind, "ce qui est proposé"),
        (old.points != new.points, "les points"),
        (old.feedback != new.feedback, "l’explication"),
        ((&old.section, &old.chapter, &old.skill) != (&new.section, &new.chapter, &new.skill), "ce qu’elle évalue"),
    ];
    let what = told(&what);
    (!what.is_empty()).then(|| told_question(new, Fate::Changed, what))
}

fn told_question(question: &Question, fate: Fate, what: Vec<&'static str>) -> QuestionChange {
    let meaning = match fate {
        Fate::Added => "Posée aux prochains essais.",
        Fate::Removed => "Plus posée\u{a0}; les essais en cours et rendus la gardent.",
        Fate::Changed if what.contains(&"la bonne réponse") => {
            "Les essais déjà rendus gardent leur note, et les essais en cours l’ancienne réponse."
        }
        Fate::Changed => "Les essais en cours gardent l’ancienne\u{a0}; les prochains ont celle-ci.",
    };
    let asked = plain(&question.stem);
    QuestionChange { question: question.slug.clone(), asked, fate, what, meaning }
}

/// What makes an answer right, whatever is proposed beside it.
fn answer(kind: &Kind) -> String {
    let right = |choices: &[Choice]| {
        choices.iter().filter(|choice| choice.right).map(|choice| choice.text.as_str()).collect::<Vec<_>>().join("\n")
    };
    match kind {
        Kind::Single { choices } | Kind::Multiple { choices } => right(choices),
        Kind::TrueFalse { answer, .. } => answer.to_string(),
        Kind::Numeric { answer, tolerance, unit } => format!("{answer} {tolerance} {unit:?}"),
        Kind::ShortText { accepted } => accepted.join("\n"),
        Kind::Matching { pairs, .. } => format!("{pairs:?}"),
        Kind::Ordering { items } => items.join("\n"),
        Kind::Gap { parts } => format!("{parts:?}"),
    }
}
