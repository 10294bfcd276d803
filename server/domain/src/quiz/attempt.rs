//! Attempts: who may start one, what is drawn for it, until when it takes answers, what is kept.

#[cfg(test)]
mod tests;

use super::{Counts, Question, Quiz, Rules, Score, shuffle::shuffled};
use crate::ids::{AttemptId, QuestionSlug};
use crate::text::{date_time, integer, paris};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after the deadline answers are still taken: they were given in time and travelled on
/// a bad line.
pub const GRACE: SignedDuration = SignedDuration::from_secs(120);

/// One attempt of one agent at one quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub id: AttemptId,
    /// Rank among the agent's attempts at this quiz, from 1.
    pub number: u32,
    /// Decides the questions drawn and the order of all that is shown.
    pub seed: u64,
    pub questions: Vec<QuestionSlug>,
    pub started_at: Timestamp,
    /// Shown to the agent; answers are taken for [`GRACE`] more.
    pub deadline: Option<Timestamp>,
    pub state: AttemptState,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AttemptState {
    Open,
    HandedIn { at: Timestamp, score: Score },
}

/// An attempt is handed in once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Cet essai a déjà été rendu le {}.", date_time(*at))]
pub struct AlreadyHandedIn {
    pub at: Timestamp,
    pub score: Score,
}

/// Why no attempt can start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Ce quiz ouvrira le {}.", date_time(*at))]
    NotYetOpen { at: Timestamp },
    #[error("Ce quiz est fermé depuis le {}.", date_time(*at))]
    Closed { at: Timestamp },
    #[error("Vous avez fait tous vos essais\u{a0}: ce quiz en accorde {}.", granted(*allowed))]
    NoAttemptLeft { allowed: u32 },
    #[error("Vous avez fait {} du jour\u{a0}: revenez demain.", today(*allowed))]
    NoneLeftToday { allowed: u32 },
    #[error("Vous avez un essai en cours\u{a0}: reprenez-le ou rendez-le avant d’en commencer un autre.")]
    OneIsOpen { id: AttemptId },
}

fn granted(allowed: u32) -> String {
    if allowed == 1 { "un seul".to_owned() } else { integer(u64::from(allowed)) }
}

fn today(allowed: u32) -> String {
    if allowed == 1 { "votre essai".to_owned() } else { format!("vos {} essais", integer(u64::from(allowed))) }
}

/// The day in Paris.
fn day(at: Timestamp) -> Date {
    paris(at).date()
}

impl Attempt {
    /// Ends the attempt with its score.
    pub fn hand_in(self, at: Timestamp, score: Score) -> Result<Self, AlreadyHandedIn> {
        match self.state {
            AttemptState::Open => Ok(Self { state: AttemptState::HandedIn { at, score }, ..self }),
            AttemptState::HandedIn { at, score } => Err(AlreadyHandedIn { at, score }),
        }
    }

    /// Whether an answer arriving now is taken.
    #[must_use]
    pub fn accepts(&self, now: Timestamp) -> bool {
        self.is_open() && !self.is_overdue(now)
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == AttemptState::Open
    }

    /// Whether the deadline and its grace are over: if open, it is to be handed in as it is.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| now.duration_since(deadline) > GRACE)
    }

    /// The score, once handed in.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        match self.state {
            AttemptState::Open => None,
            AttemptState::HandedIn { score, .. } => Some(score),
        }
    }
}

/// The questions of an attempt: as many as the rules say, distinct, the same for the same seed;
/// in the author's order unless the rules shuffle them.
///
/// Each chapter that questions come from has as many as another, give or take one, as far as the bank
/// allows; among those that keep this balance, the next question is of the skill drawn least so far.
#[must_use]
pub fn draw(quiz: &Quiz, seed: u64) -> Vec<QuestionSlug> {
    let count = quiz.rules.draw.and_then(|draw| usize::try_from(draw).ok()).unwrap_or(usize::MAX);
    let bank = quiz.questions.iter().enumerate().collect();
    let mut left = shuffled(bank, seed, "draw", |(_, question)| question.slug.as_str());
    let mut drawn: Vec<(usize, &Question)> = Vec::new();
    while drawn.len() < count {
        let next = (0..left.len()).min_by_key(|at| {
            let Some((_, candidate)) = left.get(*at) else { return (usize::MAX, usize::MAX) };
            let alike = |same: &dyn Fn(&Question) -> bool| drawn.iter().filter(|(_, drawn)| same(drawn)).count();
            (alike(&|drawn| drawn.chapter == candidate.chapter), alike(&|drawn| drawn.skill == candidate.skill))
        });
        let Some(next) = next else { break };
        drawn.push(left.remove(next));
    }
    if quiz.rules.shuffle {
        drawn = shuffled(drawn, seed, "order", |(_, question)| question.slug.as_str());
    } else {
        drawn.sort_unstable_by_key(|(place, _)| *place);
    }
    drawn.into_iter().map(|(_, question)| question.slug.clone()).collect()
}

/// When the attempt ends: after the time limit, lengthened by `extra_percent` for those who were
/// granted more time (RGAA 13.1), and when the quiz closes at the latest.
#[must_use]
pub fn deadline(rules: &Rules, started_at: Timestamp, extra_percent: u32) -> Option<Timestamp> {
    let limit = rules.time_limit.map(|minutes| {
        let seconds = (i64::from(minutes) * 60).saturating_mul(100 + i64::from(extra_percent)) / 100;
        started_at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    });
    limit.into_iter().chain(rules.closes).min()
}

/// Whether the agent may start an attempt now, and its number; `previous` are theirs at this quiz.
///
/// An open attempt comes first among refusals, since it is the one the agent can act on; an
/// overdue one is to be handed in before asking.
pub fn may_start(rules: &Rules, previous: &[Attempt], now: Timestamp) -> Result<u32, Refusal> {
    if let Some(open) = previous.iter().find(|attempt| attempt.is_open()) {
        return Err(Refusal::OneIsOpen { id: open.id });
    }
    if let Some(at) = rules.opens.filter(|at| now < *at) {
        return Err(Refusal::NotYetOpen { at });
    }
    if let Some(at) = rules.closes.filter(|at| now >= *at) {
        return Err(Refusal::Closed { at });
    }
    let number = previous.iter().map(|attempt| attempt.number).max().unwrap_or(0).saturating_add(1);
    let today = previous.iter().filter(|attempt| day(attempt.started_at) == day(now)).count();
    match (rules.attempts, rules.attempts_per_day) {
        (Some(allowed), _) if number > allowed => Err(Refusal::NoAttemptLeft { allowed }),
        (_, Some(allowed)) if u32::try_from(today).is_ok_and(|today| today >= allowed) => {
            Err(Refusal::NoneLeftToday { allowed })
        }
        _ => Ok(number),
    }
}

/// The score that is kept among those of the attempts handed in, in order.
#[must_use]
pub fn standing(rules: &Rules, scores: impl IntoIterator<Item = Score>) -> Option<Score> {
    scores.into_iter().reduce(|kept, next| match rules.counts {
        Counts::Last => next,
        Counts::Best if next.beats(kept) => next,
        Counts::Best => kept,
    })
}
