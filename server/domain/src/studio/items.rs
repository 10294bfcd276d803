//! Item analysis: how the questions of a quiz did, from the attempts that were handed in.
//!
//! Facility is the mean share of a question's points that was earned. Discrimination is the point-biserial correlation
//! corrected for the item itself (item–rest): Pearson's, between the share earned at the question and the share earned at
//! the rest of the attempt (Henrysson 1963; Crocker & Algina 1986, chapter 14). Both are sums, so that attempts are read
//! once, one after another, whatever their number.

#[cfg(test)]
mod tests;

use crate::follow_up::{Cell, FEW, hidden};
use crate::ids::QuestionSlug;
use crate::quiz::{Answer, Kind, Mark, Question, grade, letter};
use crate::text::counted;
use std::collections::BTreeMap;

/// Attempts from which on the figures mean something.
pub const ENOUGH: u64 = 30;

/// Below, few know; the same as a thousandth of the share, like all that follows.
const TOO_HARD: f64 = 0.30;
const TOO_EASY: f64 = 0.95;
/// Below, the question does not tell those who know from the others.
const WEAK: f64 = 0.15;
/// A wrong choice that fewer take attracts nobody.
const IDLE: f64 = 0.02;
/// Share of attempts that leave it blank beyond which it puts people off.
const SKIPPED: f64 = 0.20;
/// Seconds of a median beyond which a question takes its time.
const LONG: u32 = 180;

/// A question of an attempt that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'a> {
    pub question: &'a QuestionSlug,
    pub answer: Option<&'a Answer>,
    /// Between the answer before, or the start, and this one; none where it is not known.
    pub seconds: Option<u32>,
}

/// What is summed up of a question.
#[derive(Debug, Clone)]
struct Sums<'q> {
    question: &'q Question,
    asked: u64,
    blank: u64,
    /// Of the share earned here (x), and of that earned at the rest (y).
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    choices: Vec<u64>,
    seconds: Vec<u32>,
}

/// The analysis of a quiz, attempt by attempt.
#[derive(Debug)]
pub struct Analysis<'q> {
    sums: BTreeMap<&'q QuestionSlug, Sums<'q>>,
    order: Vec<&'q QuestionSlug>,
}

/// How a question did.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub question: QuestionSlug,
    /// HTML of what is asked.
    pub stem: String,
    /// Attempts in which it was asked.
    pub asked: u64,
    /// None where fewer than [`FEW`] people were asked: a figure would be about them.
    pub figures: Option<ItemFigures>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ItemFigures {
    /// Thousandths, from 0, nobody, to 1000, everybody.
    pub facility: u32,
    /// Thousandths, from -1000 to 1000; none where everybody did the same.
    pub discrimination: Option<i32>,
    pub choices: Vec<ChoiceCount>,
    pub median_seconds: Option<u32>,
    /// Why to look at it again, each in plain words; none below [`ENOUGH`] attempts.
    pub remarks: Vec<String>,
}

/// How often something was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceCount {
    /// HTML.
    pub label: String,
    pub right: bool,
    /// None where it is hidden, being about few.
    pub count: Option<u64>,
}

impl<'q> Analysis<'q> {
    #[must_use]
    pub fn of(questions: &'q [Question]) -> Self {
        let sums = questions.iter().map(|question| (&question.slug, Sums::of(question)));
        Self { sums: sums.collect(), order: questions.iter().map(|question| &question.slug).collect() }
    }

    /// Takes in an attempt. Questions that are not of the analysis count in the rest of the others only through `marks`
    /// of the whole: they are left out.
    pub fn add(&mut self, attempt: &[Asked<'_>]) {
        let known = attempt.iter().filter_map(|asked| {
            let question = self.sums.get(asked.question)?.question;
            Some((asked, grade(question, asked.answer)))
        });
        let known: Vec<(&Asked<'_>, Mark)> = known.collect();
        let (earned, max) = known.iter().fold((0_u64, 0_u64), |(earned, max), (_, mark)| {
            (earned + u64::from(mark.earned), max + u64::from(mark.max))
        });
        for (asked, mark) in known {
            let rest = (earned - u64::from(mark.earned), max - u64::from(mark.max));
            if let Some(sums) = self.sums.get_mut(asked.question) {
                sums.add(asked, mark, rest);
            }
        }
    }

    /// How each question did, in the author's order.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.order.iter().filter_map(|slug| self.sums.get(slug)).map(Sums::item).collect()
    }
}

impl<'q> Sums<'q> {
    fn of(question: &'q Question) -> Self {
        let choices = vec![0; labels(&question.kind).len()];
        let (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        Self { question, asked: 0, blank: 0, x, y, xx, yy, xy, choices, seconds: Vec::new() }
    }

    fn add(&mut self, asked: &Asked<'_>, mark: Mark, rest: (u64, u64)) {
        let answer = asked.answer.filter(|answer| !answer.is_blank());
        let (x, y) = (share(mark.earned.into(), mark.max.into()), share(rest.0, rest.1));
        self.asked += 1;
        self.blank += u64::from(answer.is_none());
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.yy += y * y;
        self.xy += x * y;
        for place in taken(&self.question.kind, answer, mark) {
            if let Some(count) = self.choices.get_mut(place) {
                *count += 1;
            }
        }
        self.seconds.extend(asked.seconds.filter(|_| answer.is_some()));
    }

    fn item(&self) -> Item {
        Item {
            question: self.question.slug.clone(),
            stem: self.question.stem.clone(),
            asked: self.asked,
            figures: (self.asked >= FEW).then(|| self.figures()),
        }
    }

    fn figures(&self) -> ItemFigures {
        let (facility, discrimination, median) = (self.x / float(self.asked), self.discrimination(), self.median());
        let labels = labels(&self.question.kind);
        let whole = matches!(self.question.kind, Kind::Multiple { .. });
        // The boxes of a multiple choice are counts of their own; elsewhere the counts make up a whole.
        let masked = if whole {
            self.choices.iter().map(|n| (1..FEW).contains(n)).collect()
        } else {
            hidden(&self.choices.iter().map(|n| Cell { people: *n, known: 0 }).collect::<Vec<_>>()).parts
        };
        let choices = labels
            .into_iter()
            .zip(&self.choices)
            .zip(masked)
            .map(|(((label, right), count), masked)| ChoiceCount { label, right, count: (!masked).then_some(*count) });
        ItemFigures {
            facility: thousandths(facility).unsigned_abs(),
            discrimination: discrimination.map(thousandths),
            choices: choices.collect(),
            median_seconds: median,
            remarks: if self.asked < ENOUGH { Vec::new() } else { self.remarks(facility, discrimination, median) },
        }
    }

    fn discrimination(&self) -> Option<f64> {
        let n = float(self.asked);
        let (vx, vy) = (n * self.xx - self.x * self.x, n * self.yy - self.y * self.y);
        // What is left of sums that cancel out is no spread.
        (vx > 1e-9 * n * n && vy > 1e-9 * n * n).then(|| (n * self.xy - self.x * self.y) / (vx * vy).sqrt())
    }

    fn median(&self) -> Option<u32> {
        let mut seconds = self.seconds.clone();
        seconds.sort_unstable();
        seconds.get(seconds.len() / 2).copied().filter(|_| seconds.len() as u64 >= FEW)
    }

    fn remarks(&self, facility: f64, discrimination: Option<f64>, median: Option<u32>) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        if facility < TOO_HARD {
            said.push("Trop difficile\u{a0}: peu d’agents trouvent. Le chapitre l’enseigne-t-il\u{a0}? L’énoncé est-il clair\u{a0}?".into());
        } else if facility > TOO_EASY {
            said.push("Trop facile\u{a0}: presque tous trouvent, elle n’apprend rien de ce qui est su.".into());
        }
        match discrimination {
            Some(value) if value < 0.0 => said.push(
                "À l’envers\u{a0}: ceux qui réussissent le reste la ratent plus que les autres. La bonne réponse est-elle la bonne\u{a0}?".into(),
            ),
            Some(value) if value < WEAK && facility <= TOO_EASY => said.push(
                "Peu parlante\u{a0}: ceux qui réussissent le reste ne la réussissent guère plus que les autres.".into(),
            ),
            _ => {}
        }
        if float(self.blank) / float(self.asked) > SKIPPED {
            said.push("Souvent laissée sans réponse\u{a0}: l’énoncé décourage, ou la question vient trop tard.".into());
        }
        said.extend(self.distractors());
        if let Some(median) = median.filter(|median| *median > LONG) {
            said.push(format!(
                "Longue\u{a0}: {} de médiane.",
                counted(u64::from(median.div_ceil(60)), "minute", "minutes")
            ));
        }
        said
    }

    /// What wrong choices say: those that attract nobody, and those that attract more than the right one.
    fn distractors(&self) -> Vec<String> {
        let Kind::Single { choices } = &self.question.kind else { return Vec::new() };
        let counts: Vec<(bool, u64)> =
            choices.iter().map(|choice| choice.right).zip(self.choices.iter().copied()).collect();
        let right = counts.iter().find(|(right, _)| *right).map_or(0, |(_, count)| *count);
        let wrong = || counts.iter().filter(|(right, _)| !right);
        let idle = wrong().filter(|(_, count)| float(*count) < IDLE * float(self.asked)).count() as u64;
        let mut said = Vec::new();
        if idle > 0 {
            let choices = counted(idle, "mauvaise réponse n’attire", "mauvaises réponses n’attirent");
            said.push(format!("{choices} personne\u{a0}: remplacez-la par une erreur que l’on fait vraiment."));
        }
        if wrong().any(|(_, count)| *count > right) {
            said.push("Une mauvaise réponse attire plus que la bonne\u{a0}: est-elle vraiment fausse\u{a0}?".into());
        }
        said
    }
}

/// What may be answered, and whether it is right; the last stands for no answer.
fn labels(kind: &Kind) -> Vec<(String, bool)> {
    let mut labels: Vec<(String, bool)> = match kind {
        Kind::Single { choices } | Kind::Multiple { choices } => {
            choices.iter().map(|choice| (choice.text.clone(), choice.right)).collect()
        }
        Kind::TrueFalse { answer, .. } => vec![("Vrai".to_owned(), *answer), ("Faux".to_owned(), !answer)],
        _ => vec![("Juste".to_owned(), true), ("En partie juste".to_owned(), false), ("Faux".to_owned(), false)],
    };
    labels.push(("Sans réponse".to_owned(), false));
    labels
}

/// The places, among the labels, of what was answered.
fn taken(kind: &Kind, answer: Option<&Answer>, mark: Mark) -> Vec<usize> {
    let last = labels_count(kind) - 1;
    match (kind, answer) {
        (_, None) => vec![last],
        (Kind::Single { choices }, Some(Answer::Choice(key))) => {
            (0..choices.len()).filter(|at| letter(*at) == *key).collect()
        }
        (Kind::Multiple { choices }, Some(Answer::Choices(keys))) => {
            (0..choices.len()).filter(|at| keys.contains(&letter(*at))).collect()
        }
        (Kind::TrueFalse { .. }, Some(Answer::Truth(truth))) => vec![usize::from(!truth)],
        (Kind::Single { .. } | Kind::Multiple { .. } | Kind::TrueFalse { .. }, Some(_)) => Vec::new(),
        _ if mark.earned == mark.max => vec![0],
        _ if mark.earned > 0 => vec![1],
        _ => vec![2],
    }
}

fn labels_count(kind: &Kind) -> usize {
    match kind {
        Kind::Single { choices } | Kind::Multiple { choices } => choices.len() + 1,
        Kind::TrueFalse { .. } => 3,
        _ => 4,
    }
}

fn share(earned: u64, max: u64) -> f64 {
    if max == 0 { 0.0 } else { float(earned) / float(max) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of attempts and points, far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

#[expect(clippy::cast_possible_truncation, reason = "between -1000 and 1000")]
fn thousandths(share: f64) -> i32 {
    (share.clamp(-1.0, 1.0) * 1000.0).round() as i32
}
