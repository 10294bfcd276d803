//! What the attempt's page knows of its answers: which are said, which the server has, what to send next.
//!
//! Plain values, no browser: `saver` tells it what happens and does what it says.

#![cfg_attr(
    not(any(test, feature = "hydrate")),
    expect(dead_code, reason = "the server draws the first state; only a browser lives through the others")
)]

use domain::ids::{AnswerId, QuestionSlug};
use domain::quiz::{Answer, Saying, Type, latest};
use serde::{Deserialize, Serialize};

/// A question of the attempt, as the browser needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub slug: QuestionSlug,
    pub kind: Type,
}

/// What the server keeps of a question after a batch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Kept {
    pub(crate) question: QuestionSlug,
    pub(crate) id: AnswerId,
    pub(crate) revision: u32,
    /// Told when the saying kept is not the one that was sent.
    #[serde(default)]
    pub(crate) answer: Option<Answer>,
}

/// What has become of a question's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    ToAnswer,
    /// Begun, but not yet something that can be kept.
    Unfinished,
    Saving,
    Waiting,
    Kept,
}

impl Status {
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::ToAnswer => "À répondre",
            Self::Unfinished => "À compléter\u{a0}: une place différente pour chaque élément",
            Self::Saving => "Enregistrement…",
            Self::Waiting => "En attente de connexion",
            Self::Kept => "Enregistré",
        }
    }

    /// For the style sheet.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::ToAnswer => "to-answer",
            Self::Unfinished => "unfinished",
            Self::Saving => "saving",
            Self::Waiting => "waiting",
            Self::Kept => "kept",
        }
    }
}

/// What keeps answers from leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// No reply at all.
    Offline,
    /// A reply that keeps nothing.
    Refused,
    /// 401: the session has ended.
    SignedOut,
    /// 409 or 410: the attempt is handed in.
    Closed,
}

impl Trouble {
    /// What a reply's status means; `None` where there was no reply.
    pub(crate) fn of(status: Option<u16>) -> Self {
        match status {
            Some(200) => Self::None,
            Some(401) => Self::SignedOut,
            Some(409 | 410) => Self::Closed,
            Some(_) => Self::Refused,
            None => Self::Offline,
        }
    }

    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Offline => {
                "Connexion perdue\u{a0}: vos réponses sont gardées sur cet ordinateur et partiront dès son retour."
            }
            Self::Refused => {
                "Le serveur ne répond pas comme prévu\u{a0}: vos réponses sont gardées sur cet ordinateur et partiront dès que possible."
            }
            Self::SignedOut => {
                "Votre session a pris fin\u{a0}: reconnectez-vous dans un autre onglet, vos réponses sont gardées ici."
            }
            Self::Closed => "Cet essai est terminé\u{a0}: il ne reçoit plus de réponses.",
        }
    }
}

#[derive(Debug, Clone)]
struct Entry {
    question: QuestionSlug,
    saying: Option<Saying>,
    pending: bool,
    /// Greatest revision heard of, ours or not.
    revision: u32,
    unfinished: bool,
}

impl Entry {
    fn blank(&self) -> bool {
        self.saying.as_ref().is_none_or(|saying| saying.answer.is_blank())
    }
}

/// The answers of an attempt as this page knows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notebook {
    entries: Vec<Entry>,
    sending: bool,
    failures: u32,
    trouble: Trouble,
}

/// Whether `one` wins over `other`, by the rule that the server keeps.
fn later(one: &Saying, other: &Saying) -> bool {
    latest(other, one) == one && one != other
}

impl Notebook {
    /// A notebook for these questions, with what the server has.
    pub(crate) fn new(asked: &[Asked], saved: Vec<Saying>) -> Self {
        let entries = asked
            .iter()
            .map(|asked| Entry {
                question: asked.slug.clone(),
                saying: None,
                pending: false,
                revision: 0,
                unfinished: false,
            })
            .collect();
        let mut notebook = Self { entries, ..Self::default() };
        for saying in saved {
            notebook.learn(saying, false);
        }
        notebook
    }

    fn entry(&mut self, question: &QuestionSlug) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.question == *question)
    }

    /// Takes in a saying found elsewhere (server, IndexedDB). Tells whether it is now the one that counts.
    pub(crate) fn learn(&mut self, saying: Saying, pending: bool) -> bool {
        let Some(entry) = self.entry(&saying.question) else { return false };
        entry.revision = entry.revision.max(saying.revision);
        match &mut entry.saying {
            // Known to the server by one account: then it has it.
            Some(known) if known.id == saying.id => {
                entry.pending &= pending;
                false
            }
            Some(known) if !later(&saying, known) => false,
            slot => {
                *slot = Some(saying);
                entry.pending = pending;
                entry.unfinished = false;
                true
            }
        }
    }

    /// The agent says something: the saying to keep and send, unless nothing changes.
    pub(crate) fn say(&mut self, question: &QuestionSlug, answer: Answer, id: AnswerId) -> Option<Saying> {
        let entry = self.entry(question)?;
        entry.unfinished = false;
        match &entry.saying {
            None if answer.is_blank() => return None,
            Some(saying) if saying.answer == answer => return None,
            _ => {}
        }
        entry.revision = entry.revision.saturating_add(1);
        let saying = Saying { question: question.clone(), id, revision: entry.revision, answer };
        entry.saying = Some(saying.clone());
        entry.pending = true;
        Some(saying)
    }

    /// The fields hold something that is not an answer yet.
    pub(crate) fn unfinished(&mut self, question: &QuestionSlug, begun: bool) {
        if let Some(entry) = self.entry(question) {
            entry.unfinished = begun;
        }
    }

    /// Another tab had said more: this saying, still the agent's last word, takes the revision after it.
    pub(crate) fn raise(&mut self, question: &QuestionSlug, id: AnswerId, revision: u32) {
        if let Some(entry) = self.entry(question) {
            entry.revision = entry.revision.max(revision);
            if let Some(saying) = entry.saying.as_mut().filter(|saying| saying.id == id) {
                saying.revision = saying.revision.max(revision);
            }
        }
    }

    /// What to send now: everything pending, unless something is on its way already. Nothing
    /// pending is sent too when the server is to be `probe`d.
    pub(crate) fn take_batch(&mut self, probe: bool) -> Option<Vec<Saying>> {
        if self.sending || (self.trouble == Trouble::Closed && !probe) {
            return None;
        }
        let batch = self.pending().cloned().collect::<Vec<_>>();
        self.sending = probe || !batch.is_empty();
        self.sending.then_some(batch)
    }

    /// Whether the next batch would be the one just sent: the server took nothing of it.
    pub(crate) fn repeats(&self, sent: &[Saying]) -> bool {
        self.pending().eq(sent)
    }

    /// Of the questions sent, those that the server has, as it has them.
    pub(crate) fn acknowledged(&self, sent: &[Saying]) -> Vec<Saying> {
        let is_sent = |entry: &&Entry| sent.iter().any(|saying| saying.question == entry.question);
        self.entries
            .iter()
            .filter(|entry| !entry.pending)
            .filter(is_sent)
            .filter_map(|entry| entry.saying.clone())
            .collect()
    }

    fn pending(&self) -> impl Iterator<Item = &Saying> {
        self.entries.iter().filter(|entry| entry.pending).filter_map(|entry| entry.saying.as_ref())
    }

    pub(crate) fn is_all_kept(&self) -> bool {
        self.pending().next().is_none()
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sending
    }

    /// The server keeps these. Gives the numbers of the questions that were acknowledged, and the
    /// questions whose answer is now another one than this page showed.
    pub(crate) fn kept(&mut self, kept: Vec<Kept>) -> (Vec<usize>, Vec<QuestionSlug>) {
        self.sending = false;
        self.failures = 0;
        self.trouble = Trouble::None;
        let (mut acknowledged, mut changed) = (Vec::new(), Vec::new());
        for Kept { question, id, revision, answer } in kept {
            let Some(number) = self.entries.iter().position(|entry| entry.question == question) else { continue };
            let Some(entry) = self.entries.get_mut(number) else { continue };
            entry.revision = entry.revision.max(revision);
            let Some(ours) = &mut entry.saying else { continue };
            if ours.id == id {
                ours.revision = revision;
                entry.pending = false;
                acknowledged.push(number + 1);
            } else if (revision, id) > (ours.revision, ours.id) {
                // Another tab or device said more than this page knew.
                entry.pending = false;
                acknowledged.push(number + 1);
                if let Some(answer) = answer {
                    if ours.answer != answer {
                        changed.push(question.clone());
                    }
                    *ours = Saying { question, id, revision, answer };
                }
            }
            // Otherwise the agent has said something newer since the batch left: it stays pending.
        }
        (acknowledged, changed)
    }

    /// The batch did not pass. Tells whether the trouble is another one than before.
    pub(crate) fn failed(&mut self, trouble: Trouble) -> bool {
        self.sending = false;
        self.failures = self.failures.saturating_add(1);
        std::mem::replace(&mut self.trouble, trouble) != trouble
    }

    pub(crate) fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// Milliseconds before the next try: 1 s doubled up to 30 s, and up to a quarter more by `dice`
    /// (0 to 1), so that a whole office coming back does not speak at once.
    pub(crate) fn delay_ms(&self, dice: f64) -> f64 {
        let doubled = f64::from(1_u32 << self.failures.saturating_sub(1).min(5)) * 1000.0;
        doubled.min(30_000.0) * (1.0 + dice / 4.0)
    }

    pub(crate) fn status(&self, question: &QuestionSlug) -> Status {
        let Some(entry) = self.entries.iter().find(|entry| entry.question == *question) else {
            return Status::ToAnswer;
        };
        if entry.unfinished {
            Status::Unfinished
        } else if entry.pending {
            if self.trouble == Trouble::None { Status::Saving } else { Status::Waiting }
        } else if entry.blank() {
            Status::ToAnswer
        } else {
            Status::Kept
        }
    }

    pub(crate) fn answer(&self, question: &QuestionSlug) -> Option<&Answer> {
        let entry = self.entries.iter().find(|entry| entry.question == *question)?;
        entry.saying.as_ref().map(|saying| &saying.answer)
    }

    /// Numbers of the questions without a whole answer.
    pub(crate) fn unanswered(&self) -> Vec<usize> {
        self.entries
            .iter()
            .zip(1..)
            .filter(|(entry, _)| entry.unfinished || entry.blank())
            .map(|(_, number)| number)
            .collect()
    }

    /// « 3 questions répondues sur 10 ».
    pub(crate) fn progress(&self) -> String {
        let all = self.entries.len();
        let answered = all - self.unanswered().len();
        let said = if answered < 2 { "question répondue" } else { "questions répondues" };
        format!("{answered}\u{a0}{said} sur {all}")
    }
}

/// « Réponse 3 enregistrée ».
pub(crate) fn acknowledged_said(numbers: &[usize]) -> String {
    match numbers {
        [] => String::new(),
        [one] => format!("Réponse {one} enregistrée"),
        many => format!("Réponses {} enregistrées", listed(many)),
    }
}

/// « Les questions 3 et 5 sont sans réponse. »
pub(crate) fn unanswered_said(numbers: &[usize]) -> String {
    match numbers {
        [] => String::new(),
        [one] => format!("La question {one} est sans réponse complète."),
        many => format!("Les questions {} sont sans réponse complète.", listed(many)),
    }
}

/// Whole minutes left, rounded up: « 1 minute » lasts until the end.
pub(crate) fn minutes_left(deadline_ms: f64, now_ms: f64) -> u32 {
    let minutes = ((deadline_ms - now_ms) / 60_000.0).ceil().clamp(0.0, 1.0e6);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped just above")]
    let minutes = minutes as u32;
    minutes
}

/// « Temps restant : 1 h 05 ».
pub(crate) fn left_said(minutes: u32) -> String {
    match minutes {
        0 => "Le temps est écoulé\u{a0}: terminez l’essai, vos réponses enregistrées seront notées.".to_owned(),
        1 => "Temps restant\u{a0}: 1\u{a0}minute".to_owned(),
        2..60 => format!("Temps restant\u{a0}: {minutes}\u{a0}minutes"),
        _ => format!("Temps restant\u{a0}: {}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60),
    }
}

/// Whether that many minutes left is worth interrupting for.
pub(crate) fn is_announced(minutes: u32) -> bool {
    matches!(minutes, 0 | 1 | 5 | 10)
}

/// `3`, `3 et 5`, `3, 5 et 8`.
fn listed(numbers: &[usize]) -> String {
    match numbers {
        [] => String::new(),
        [one] => format!("{one}"),
        [first @ .., last] => {
            let first = first.iter().map(|number| format!("{number}")).collect::<Vec<_>>();
            format!("{} et {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
