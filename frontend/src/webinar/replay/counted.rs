//! What watching the recording comes to, in plain words.

use crate::webinar::presence::in_minutes;
use domain::text::{date_long, percent};
use jiff::Timestamp;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// They lead the webinar.
    Leads,
    /// The trainer chose so.
    Not,
    /// They were there for long enough, or a trainer said so.
    Live { minutes: u32 },
    /// The recording was watched for long enough.
    Later { at: Timestamp, minutes: u32 },
    Partly {
        /// Live and later together, each once.
        minutes: u32,
        seen_live: u32,
        live_minutes: u32,
        percent: u8,
        threshold: u8,
        /// Percent of the live time that the recording holds.
        covered: u8,
    },
}

impl Counted {
    /// « 42 min sur 90 min comptées, soit 46 % ; il en faut 80 %. »
    #[must_use]
    pub fn said(&self) -> String {
        match *self {
            Self::Leads => "Vous animez ce webinaire\u{a0}: le regarder ne compte pas pour vous.".to_owned(),
            Self::Not => {
                "Cette rediffusion ne compte pas pour la présence\u{a0}: c’est le choix de qui anime.".to_owned()
            }
            Self::Live { minutes } => {
                format!("Votre présence est déjà à votre dossier\u{a0}: {}.", in_minutes(minutes))
            }
            Self::Later { at, minutes } => format!(
                "Seuil atteint\u{a0}: {} à distance, asynchrone, à votre dossier depuis le {}.",
                in_minutes(minutes),
                date_long(at)
            ),
            Self::Partly { live_minutes: 0, percent: share, threshold, .. } => format!(
                "Direct de moins d’une minute, compté à {}\u{a0}; il en faut {}.",
                percent(share),
                percent(threshold)
            ),
            Self::Partly { minutes, seen_live, live_minutes, percent: share, threshold, .. } => {
                let live = (seen_live > 0).then(|| format!(" (dont {} en direct)", in_minutes(seen_live)));
                format!(
                    "{} sur {} comptées{}, soit {}\u{a0}; il en faut {}.",
                    in_minutes(minutes),
                    in_minutes(live_minutes),
                    live.unwrap_or_default(),
                    percent(share),
                    percent(threshold)
                )
            }
        }
    }

    /// Whether nothing remains to be watched for the record.
    #[must_use]
    pub fn is_met(&self) -> bool {
        matches!(self, Self::Live { .. } | Self::Later { .. })
    }

    /// The rule, where it is theirs.
    #[must_use]
    pub(super) fn rule(&self) -> Option<String> {
        let Self::Partly { threshold, covered, .. } = *self else { return None };
        let mut said = format!(
            "Compte ce qui est vraiment lu, une seule fois, jusqu’à la vitesse 2\u{a0}: ni les passages sautés ou relus, ni un \
             onglet caché dont le son est coupé. Ce que vous avez suivi en direct et ce que vous regardez s’ajoutent, chaque \
             minute une fois. À {} du temps en direct, votre dossier dit que vous avez suivi ce webinaire à distance, \
             asynchrone.",
            percent(threshold)
        );
        if covered < threshold {
            said += " L’enregistrement ne contient que ";
            said += &percent(covered);
            said += " du direct\u{a0}: à lui seul il n’y suffit pas.";
        }
        Some(said)
    }
}

/// « 1:02:05 », or « 12:05 »: a moment of the recording.
#[must_use]
pub fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}
