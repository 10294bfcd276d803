//! What was found, and what it means for who follows a webinar here. Plain values, no browser.

#![cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests try nothing"))]

use super::super::way::{Over, Way};
use super::page::Reach;

/// What came of one trial.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Found<T> {
    #[default]
    ToDo,
    Running,
    Passes(T),
    Blocked,
    /// Cannot be tried, for that reason.
    Moot(&'static str),
}

impl<T> Found<T> {
    pub(crate) fn of(found: Option<T>) -> Self {
        found.map_or(Self::Blocked, Self::Passes)
    }

    pub(crate) fn passes(&self) -> Option<&T> {
        match self {
            Self::Passes(found) => Some(found),
            Self::ToDo | Self::Running | Self::Blocked | Self::Moot(_) => None,
        }
    }
}

/// The line for words: the way there and back, how unevenly, and how wrong this computer's clock is; in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Words {
    pub(crate) delay: f64,
    pub(crate) jitter: f64,
    /// The server's clock less this computer's.
    pub(crate) skew: f64,
}

impl Words {
    /// From pings: how long each took, and the server's clock less this computer's, in milliseconds. The quickest tells
    /// the clock best.
    pub(crate) fn of(pings: &[(f64, f64)]) -> Option<Self> {
        let (delay, skew) = pings.iter().copied().min_by(|one, other| one.0.total_cmp(&other.0))?;
        let changes: Vec<f64> = pings.windows(2).map(|pair| (pair[1].0 - pair[0].0).abs()).collect();
        #[expect(clippy::cast_precision_loss, reason = "some dozens of pings")]
        let jitter = if changes.is_empty() { 0.0 } else { changes.iter().sum::<f64>() / changes.len() as f64 };
        Some(Self { delay, jitter, skew })
    }
}

/// A tone sent for some seconds over UDP: a stream loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sound {
    /// Of a hundred packets, how many got lost.
    pub(crate) lost: f64,
}

/// Everything that is tried.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Findings {
    /// Milliseconds until a page answered.
    pub(crate) pages: Found<f64>,
    pub(crate) words: Found<Words>,
    /// Each way of sound and pictures, and milliseconds until it stood.
    pub(crate) ways: Vec<(Way, Found<u32>)>,
    pub(crate) sound: Found<Sound>,
    /// Whether this browser plays what comes over HTTPS alone.
    pub(crate) plays: bool,
    /// kbit/s, coming and going.
    pub(crate) down: Found<f64>,
    pub(crate) up: Found<f64>,
    pub(crate) over: bool,
}

/// How somebody follows a webinar from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// Sound and pictures come by the best way there is.
    Well,
    /// They come by another.
    Otherwise(Way),
    /// They come over HTTPS alone, some seconds late, and one way.
    Late,
    /// Words alone.
    Words,
    Nothing,
}

/// Less than this carries no picture, in kbit/s.
pub(crate) const THIN: f64 = 250.0;
/// Less than this carries no sound.
pub(crate) const TOO_THIN: f64 = 50.0;
/// A clock that is wrong by more makes certificates and codes fail, in milliseconds.
pub(crate) const WRONG: f64 = 60_000.0;

impl Findings {
    pub(crate) fn new(reach: &Reach) -> Self {
        Self { ways: reach.ways.iter().map(|way| (*way, Found::ToDo)).collect(), ..Self::default() }
    }

    /// The best way that passes.
    pub(crate) fn best(&self) -> Option<Way> {
        self.ways.iter().find(|(_, found)| found.passes().is_some()).map(|(way, _)| *way)
    }

    pub(crate) fn conclusion(&self) -> Conclusion {
        match (self.best(), &self.words) {
            (Some(way), _) if way.over == Over::Udp => Conclusion::Well,
            (Some(way), _) => Conclusion::Otherwise(way),
            (None, Found::Passes(_)) if self.plays => Conclusion::Late,
            (None, Found::Passes(_)) => Conclusion::Words,
            (None, _) => Conclusion::Nothing,
        }
    }

    /// What it means, in words for a person.
    pub(crate) fn said(&self) -> String {
        let way = match self.conclusion() {
            Conclusion::Well => "Vous suivrez le webinaire normalement\u{a0}: le son et l’image passent par UDP.".to_owned(),
            Conclusion::Otherwise(way) => format!(
                "Vous suivrez le webinaire par TCP (port\u{a0}{})\u{a0}: le son et l’image passent, et peuvent arriver un peu plus tard.",
                way.port
            ),
            Conclusion::Late => "Vous suivrez le webinaire par HTTPS (WebSocket), avec 2 à 3\u{a0}secondes de retard\u{a0}: le son et l’image passent, mais vous ne pourrez ni parler ni vous montrer. La discussion, les questions et les sondages fonctionnent.".to_owned(),
            Conclusion::Words => "Vous suivrez la discussion, les questions et les sondages\u{a0}; le son et l’image ne passent pas sur ce réseau.".to_owned(),
            Conclusion::Nothing => "Le webinaire ne passe pas sur ce réseau. Essayez-en un autre, par exemple le partage de connexion d’un téléphone.".to_owned(),
        };
        let thin = match self.down {
            Found::Passes(rate) if rate < TOO_THIN => " Votre ligne est trop lente pour le son.",
            Found::Passes(rate) if rate < THIN => {
                " Votre ligne est lente\u{a0}: le son passera, l’image sera petite ou s’arrêtera."
            }
            _ => "",
        };
        let clock = match &self.words {
            Found::Passes(words) if words.skew.abs() > WRONG => {
                " L’horloge de cet ordinateur n’est pas à l’heure\u{a0}: il faut la régler."
            }
            _ => "",
        };
        format!("{way}{thin}{clock}")
    }
}
