//! What a screen reader is told: little, and in time. Plain values, no browser.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests lose no line"))]

use super::state::Live;
use domain::text::counted;
use domain::webinar::signal::MediaKind;
use domain::webinar::{Change, Entry, Message};

/// Milliseconds between two announcements.
const BETWEEN: f64 = 2_500.0;
/// Milliseconds between two counts of messages.
const BETWEEN_COUNTS: f64 = 15_000.0;
/// Sentences in one announcement: more would be an interruption.
const AT_ONCE: usize = 3;

/// Something worth telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    Arrived {
        live: bool,
        count: usize,
    },
    Lost,
    Back,
    Message {
        by: String,
        text: String,
    },
    Question,
    Hand(String),
    ScreenShown(String),
    ScreenGone,
    /// Told as it is.
    Said(String),
}

impl News {
    pub(crate) fn message(message: &Message) -> Self {
        Self::Message { by: message.by.name.clone(), text: message.text.clone() }
    }

    /// What an entry, just folded in, has to tell this person. What they did themselves is no news to them.
    pub(crate) fn of(entry: &Entry, live: &Live) -> Option<Self> {
        let me = live.me();
        let own = Some(entry.by.person) == me;
        let said = |text: String| Some(Self::Said(text));
        match &entry.change {
            Change::WentLive => said("Le webinaire commence.".into()),
            Change::Closed => said("Le webinaire est terminé.".into()),
            Change::Recording { on: true } => said("Ce webinaire est enregistré.".into()),
            Change::Recording { on: false } => said("L’enregistrement est suspendu.".into()),
            Change::RecordingFailed { why } if live.leads() => said(why.clone()),
            Change::RecordingFailed { .. } => said("Ce webinaire n’est plus enregistré.".into()),
            Change::FloorGiven { person, .. } if Some(*person) == me => {
                said("Vous avez la parole\u{a0}: vous pouvez allumer votre micro et votre caméra.".into())
            }
            Change::FloorTaken { person } if Some(*person) == me => said("Vous n’avez plus la parole.".into()),
            Change::HandLowered { person } if Some(*person) == me && !own => said("Votre main a été baissée.".into()),
            Change::Muted { person, kind, on } if Some(*person) == me && !own => {
                let what = match kind {
                    MediaKind::Microphone => "votre micro",
                    MediaKind::Camera => "votre caméra",
                    MediaKind::Screen | MediaKind::ScreenSound => "votre partage d’écran",
                };
                let done = if *on { "a été coupé par l’animation" } else { "peut être rallumé" };
                let agreed = if *kind == MediaKind::Camera {
                    done.replace("coupé", "coupée").replace("rallumé", "rallumée")
                } else {
                    done.to_owned()
                };
                said(format!("{} {agreed}.", capital(what)))
            }
            Change::SatBeside { person } if Some(*person) == me => {
                said(format!("{} est à côté de vous, devant cet écran\u{a0}: sa présence est comptée.", entry.by.name))
            }
            Change::PartedWith { .. } if own => {
                said("Votre collègue n’est plus à côté de vous\u{a0}: sa présence n’est plus comptée ici.".into())
            }
            _ if own => None,
            Change::Said { text } => Some(Self::Message { by: entry.by.name.clone(), text: text.clone() }),
            Change::Asked { .. } => Some(Self::Question),
            Change::HandRaised if live.leads() => Some(Self::Hand(entry.by.name.clone())),
            Change::FloorGiven { name, .. } => said(format!("{name} a la parole.")),
            Change::PollLaunched { ballot } => said(format!("Nouveau sondage\u{a0}: {}", ballot.stem)),
            Change::PollShown { .. } => said("Les résultats d’un sondage sont affichés.".into()),
            Change::QuizLaunched { title, .. } => said(format!("Nouveau quiz\u{a0}: {title}")),
            Change::HandedOut { title, .. } => said(format!("Nouveau document\u{a0}: {title}")),
            Change::Removed { name, .. } if live.leads() => said(format!("{name} a été exclu de la salle.")),
            Change::Locked { on } if live.leads() => {
                said(if *on { "La salle est verrouillée." } else { "La salle est ouverte." }.into())
            }
            Change::QuestionAnswered { question, on: true } => {
                let asked = live.room.questions.get(question)?;
                (Some(asked.by.person) == me).then(|| Self::Said("Votre question est marquée comme répondue.".into()))
            }
            _ => None,
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Gathers news, and gives them out at a pace that can be listened to.
#[derive(Debug, Default)]
pub(crate) struct Announcer {
    sentences: Vec<String>,
    messages: Vec<(String, String)>,
    questions: u64,
    hands: Vec<String>,
    said_at: Option<f64>,
    counted_at: Option<f64>,
}

impl Announcer {
    pub(crate) fn note(&mut self, news: News) {
        match news {
            News::Arrived { live, count } => {
                let phase = if live { "Le webinaire est en direct" } else { "Le webinaire n’a pas encore commencé" };
                let people = counted(count as u64, "personne présente", "personnes présentes");
                self.sentences.push(format!("Vous êtes dans la salle. {phase}, {people}."));
            }
            News::Lost => self.sentences.push("Connexion perdue\u{a0}: nous vous ramenons dans la salle.".into()),
            News::Back => self.sentences.push("Vous êtes de nouveau dans la salle.".into()),
            News::Message { by, text } => self.messages.push((by, text)),
            News::Question => self.questions += 1,
            News::Hand(name) => self.hands.push(name),
            News::ScreenShown(name) => self.sentences.push(format!("{name} partage son écran.")),
            News::ScreenGone => self.sentences.push("Le partage d’écran est terminé.".into()),
            News::Said(sentence) => self.sentences.push(sentence),
        }
    }

    /// What to say now, if anything; `reading` where the discussion is what is on screen.
    pub(crate) fn due(&mut self, now_ms: f64, reading: bool) -> Option<String> {
        if self.said_at.is_some_and(|at| now_ms - at < BETWEEN) {
            return None;
        }
        let mut said: Vec<String> = Vec::new();
        let waiting = self.sentences.len().min(AT_ONCE);
        said.extend(self.sentences.drain(..waiting));
        match self.hands.as_slice() {
            [] => {}
            [one] => said.push(format!("{one} lève la main.")),
            many => said.push(format!("{} se lèvent.", counted(many.len() as u64, "main", "mains"))),
        }
        self.hands.clear();
        if self.questions > 0 {
            said.push(format!("{}.", counted(self.questions, "nouvelle question", "nouvelles questions")));
            self.questions = 0;
        }
        let rested = self.counted_at.is_none_or(|at| now_ms - at >= BETWEEN_COUNTS);
        if reading && said.is_empty() && (1..=2).contains(&self.messages.len()) {
            said.extend(self.messages.drain(..).map(|(by, text)| format!("{by}\u{a0}: {text}")));
        } else if !self.messages.is_empty() && rested {
            let count = self.messages.len() as u64;
            said.push(format!("{}.", counted(count, "nouveau message", "nouveaux messages")));
            self.messages.clear();
            self.counted_at = Some(now_ms);
        }
        if said.is_empty() {
            return None;
        }
        self.said_at = Some(now_ms);
        Some(said.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(announcer: &mut Announcer, count: usize) {
        for number in 0..count {
            announcer.note(News::Message { by: "Karim".into(), text: format!("bonjour {number}") });
        }
    }

    #[test]
    fn many_messages_are_one_number_and_not_often() {
        let mut announcer = Announcer::default();
        chat(&mut announcer, 3);
        assert_eq!(announcer.due(0.0, false).unwrap(), "3\u{a0}nouveaux messages.");
        chat(&mut announcer, 1);
        assert_eq!(announcer.due(5_000.0, false), None, "messages alone wait");
        assert_eq!(announcer.due(15_000.0, false).unwrap(), "1\u{a0}nouveau message.");
    }

    #[test]
    fn who_reads_the_discussion_hears_what_is_said() {
        let mut announcer = Announcer::default();
        chat(&mut announcer, 1);
        assert_eq!(announcer.due(0.0, true).unwrap(), "Karim\u{a0}: bonjour 0");
        chat(&mut announcer, 7);
        assert_eq!(announcer.due(3_000.0, true).unwrap(), "7\u{a0}nouveaux messages.");
    }

    #[test]
    fn floor_and_hands_do_not_wait_for_messages() {
        let mut announcer = Announcer::default();
        announcer.note(News::Hand("Léa".into()));
        announcer.note(News::Question);
        announcer.note(News::Question);
        announcer.note(News::Said("Karim a la parole.".into()));
        assert_eq!(
            announcer.due(0.0, false).unwrap(),
            "Karim a la parole. Léa lève la main. 2\u{a0}nouvelles questions."
        );
        announcer.note(News::Back);
        assert_eq!(announcer.due(1_000.0, false), None, "one thing at a time");
        assert!(announcer.due(2_500.0, false).is_some());
        assert_eq!(announcer.due(9_000.0, false), None, "nothing is said twice");
    }
}
