//! What the editor's page knows of its chapter: what the server has of it, what is on its way, what it says of that.
//!
//! Plain values, no browser: the editor tells it what happens and does what it says.

#![cfg_attr(not(feature = "studio"), expect(dead_code, reason = "only a browser meets all of it"))]

use super::talk::{Save, Start, Told};
use domain::studio::written::{Written, merge_written};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What keeps a save from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// No reply at all.
    Offline,
    /// A reply that saves nothing.
    Refused,
    /// 401: the session has ended.
    SignedOut,
    /// 404: the chapter was removed, or one no longer writes it.
    Gone,
}

impl Trouble {
    /// What a reply's status comes to; none where no reply came.
    pub(crate) fn of(status: Option<u16>) -> Self {
        match status {
            None => Self::Offline,
            Some(200..=299) => Self::None,
            Some(401) => Self::SignedOut,
            Some(404) => Self::Gone,
            Some(_) => Self::Refused,
        }
    }
}

/// A save on its way: sent again as it is until the server has answered, so that it is done once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sending {
    request: Uuid,
    base: i64,
    written: Written,
}

/// The chapter, as far as this page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// The newest save that this page has taken in, and what it says.
    base: i64,
    saved: Written,
    sending: Option<Sending>,
    trouble: Trouble,
    at: String,
}

/// What this computer keeps until the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    base: i64,
    saved: Written,
    sending: Option<Sending>,
    now: Written,
}

impl Sheet {
    pub(crate) fn new(start: &Start) -> Self {
        Self {
            base: start.revision,
            saved: start.written.clone(),
            sending: None,
            trouble: Trouble::None,
            at: String::new(),
        }
    }

    /// Goes on from what this computer kept; gives what was written.
    pub(crate) fn resume(&mut self, stored: Stored) -> Written {
        let Stored { base, saved, sending, now } = stored;
        (self.base, self.saved, self.sending) = (base, saved, sending);
        now
    }

    /// What this computer is to keep; nothing where the server has all of it.
    pub(crate) fn stored(&self, now: &Written) -> Option<Stored> {
        (self.sending.is_some() || self.differs(now)).then(|| Stored {
            base: self.base,
            saved: self.saved.clone(),
            sending: self.sending.clone(),
            now: now.clone(),
        })
    }

    fn differs(&self, now: &Written) -> bool {
        let minutes = now.minutes.or(self.saved.minutes);
        Written { minutes, ..now.clone().canonical() } != self.saved.clone().canonical()
    }

    /// What to say to the server now; `id` where something new is to be saved.
    pub(crate) fn say(&mut self, tab: Uuid, now: &Written, id: Option<Uuid>) -> Option<Save> {
        if self.sending.is_none() && self.differs(now) {
            let written = now.clone().canonical();
            self.sending = Some(Sending { request: id?, base: self.base, written });
        }
        Some(match &self.sending {
            Some(Sending { request, base, written }) => {
                Save { tab, base: *base, request: *request, written: Some(written.clone()) }
            }
            None => Save { tab, base: self.base, request: id?, written: None },
        })
    }

    /// Takes in the server's answer, while `now` is what the page holds; what it is to hold, where that is otherwise.
    pub(crate) fn told(&mut self, told: &Told, now: &Written) -> Option<Written> {
        let sent = self.sending.take().map_or_else(|| self.saved.clone(), |sending| sending.written);
        let saved = told.written.clone().unwrap_or_else(|| sent.clone());
        let now = now.clone().canonical();
        let (mut merged, _) = merge_written(&sent, &saved, &now);
        if now.minutes.is_none() {
            merged.minutes = None; // being typed
        }
        self.base = told.revision;
        self.saved = saved;
        self.trouble = Trouble::None;
        self.at.clone_from(&told.at);
        (merged != now).then_some(merged)
    }

    pub(crate) fn failed(&mut self, trouble: Trouble) {
        self.trouble = trouble;
    }

    pub(crate) fn has_trouble(&self) -> bool {
        self.trouble != Trouble::None
    }

    /// How it stands, in words; `kept` is whether this computer keeps what is not saved.
    pub(crate) fn said(&self, now: &Written, kept: bool) -> String {
        let waits = self.sending.is_some() || self.differs(now);
        let here = if kept { "gardé sur cet ordinateur" } else { "ne fermez pas cette page" };
        match self.trouble {
            Trouble::Offline if waits => format!("Hors ligne\u{a0}: {here}."),
            Trouble::Offline => "Hors ligne\u{a0}: tout est enregistré.".to_owned(),
            Trouble::SignedOut => {
                format!("Votre session a pris fin\u{a0}: {here}. Reconnectez-vous dans un autre onglet.")
            }
            Trouble::Gone => format!("Ce chapitre n’est plus ouvert à l’écriture\u{a0}: {here}."),
            Trouble::Refused => format!("Le serveur n’enregistre pas pour l’instant\u{a0}: {here}."),
            Trouble::None if waits => "Modifié, pas encore enregistré".to_owned(),
            Trouble::None if self.at.is_empty() => String::new(),
            Trouble::None => format!("Enregistré à {}", self.at),
        }
    }
}

/// Who else is at the chapter, in a sentence; nothing where nobody is.
pub(crate) fn here_said(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} écrit ici aussi."),
        [most @ .., last] => format!("{} et {last} écrivent ici aussi.", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Written {
        Written { title: "Accueil".into(), minutes: Some(15), text: text.into(), ..Written::default() }
    }

    fn start(text: &str) -> Start {
        Start {
            person: 1,
            course: "c".into(),
            chapter: "a".into(),
            revision: 1,
            written: written(text),
            terms: Vec::new(),
            media: Vec::new(),
        }
    }

    fn told(revision: i64, text: Option<&str>) -> Told {
        Told { revision, written: text.map(written), conflicts: 0, at: "10 h 32".into(), here: Vec::new() }
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn a_save_is_sent_again_as_it_was_until_it_is_answered() {
        let mut sheet = Sheet::new(&start("Un.\n"));
        let tab = Uuid::nil();
        assert_eq!(sheet.say(tab, &written("Un.\n"), Some(id(1))).unwrap().written, None, "nothing to save: only asks");
        let first = sheet.say(tab, &written("Un. Deux.\n"), Some(id(2))).unwrap();
        assert_eq!(sheet.say(tab, &written("Un. Deux. Trois.\n"), Some(id(3))), Some(first));
        sheet.failed(Trouble::Offline);
        assert!(sheet.said(&written("Un. Deux. Trois.\n"), true).starts_with("Hors ligne"));
        assert_eq!(sheet.told(&told(2, None), &written("Un. Deux. Trois.\n")), None);
        let next = sheet.say(tab, &written("Un. Deux. Trois.\n"), Some(id(3))).unwrap();
        assert_eq!((next.base, next.written), (2, Some(written("Un. Deux. Trois.\n"))));
    }

    #[test]
    fn what_another_wrote_meanwhile_comes_in_beside_what_is_being_typed() {
        let mut sheet = Sheet::new(&start("Un.\n\nDeux.\n"));
        let sent = written("Un bis.\n\nDeux.\n");
        sheet.say(Uuid::nil(), &sent, Some(id(1))).unwrap();
        let typed = written("Un bis, ter.\n\nDeux.\n");
        let now = sheet.told(&told(3, Some("Un bis.\n\nDeux d’un autre.\n")), &typed).unwrap();
        assert_eq!(now.text, "Un bis, ter.\n\nDeux d’un autre.\n");
        assert_eq!(sheet.say(Uuid::nil(), &now, Some(id(2))).unwrap().written, Some(now));
    }

    #[test]
    fn idle_spaces_and_minutes_being_typed_are_left_to_who_types() {
        let mut sheet = Sheet::new(&start("Un.\n"));
        let typing = Written { title: "Accueil ".into(), minutes: None, ..written("Un.") };
        assert_eq!(sheet.say(Uuid::nil(), &typing, Some(id(1))).unwrap().written, None);
        assert_eq!(sheet.told(&told(1, None), &typing), None);
        assert_eq!(sheet.stored(&typing), None);
    }

    #[test]
    fn what_this_computer_kept_goes_on_where_it_was() {
        let mut sheet = Sheet::new(&start("Un.\n"));
        sheet.say(Uuid::nil(), &written("Un. Deux.\n"), Some(id(1))).unwrap();
        let now = written("Un. Deux. Trois.\n");
        let kept = serde_json::to_string(&sheet.stored(&now).unwrap()).unwrap();
        let mut other = Sheet::new(&Start { revision: 7, ..start("Autre.\n") });
        assert_eq!(other.resume(serde_json::from_str(&kept).unwrap()), now);
        let again = other.say(Uuid::nil(), &now, Some(id(2))).unwrap();
        assert_eq!((again.request, again.base), (id(1), 1));
    }

    #[test]
    fn others_are_named_in_a_sentence() {
        assert_eq!(here_said(&[]), "");
        assert_eq!(here_said(&["Léa".into()]), "Léa écrit ici aussi.");
        assert_eq!(here_said(&["Léa".into(), "Karim".into()]), "Léa et Karim écrivent ici aussi.");
    }
}
