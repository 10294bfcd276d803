//! What the room says to people, in French.

use super::super::way::{Over, Way};
use super::state::Ending;

/// Why a device does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Denied,
    Missing,
    Busy,
    /// The page is not served over https, or the browser is too old.
    Unsupported,
    Other,
}

/// A thing that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    Microphone,
    Camera,
    Screen,
}

impl Trouble {
    /// What a browser calls it (W3C Media Capture and Streams, section 10.2).
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" => Self::Denied,
            "NotFoundError" | "OverconstrainedError" => Self::Missing,
            "NotReadableError" | "AbortError" => Self::Busy,
            "TypeError" | "NotSupportedError" => Self::Unsupported,
            _ => Self::Other,
        }
    }

    /// What is wrong and what to do.
    pub(crate) fn said(self, device: Device) -> &'static str {
        match (self, device) {
            (Self::Denied, Device::Screen) => {
                "Le partage d’écran n’a pas été autorisé. Recommencez, choisissez la fenêtre ou l’écran à montrer, puis «\u{a0}Partager\u{a0}»."
            }
            (Self::Denied, Device::Microphone) => {
                "Le navigateur n’a pas le droit d’utiliser le micro. Cliquez sur l’icône à gauche de l’adresse de la page, autorisez le micro, puis recommencez."
            }
            (Self::Denied, Device::Camera) => {
                "Le navigateur n’a pas le droit d’utiliser la caméra. Cliquez sur l’icône à gauche de l’adresse de la page, autorisez la caméra, puis recommencez."
            }
            (Self::Missing, Device::Microphone) => {
                "Aucun micro n’est branché, ou il est désactivé. Branchez un casque ou un micro, puis recommencez."
            }
            (Self::Missing, Device::Camera) => {
                "Aucune caméra n’est branchée, ou elle est désactivée. Branchez-la, ouvrez son cache, puis recommencez."
            }
            (Self::Missing | Self::Busy, Device::Screen) => {
                "Cet écran ne peut pas être montré. Choisissez une autre fenêtre, ou un onglet."
            }
            (Self::Busy, Device::Microphone) => {
                "Le micro est déjà pris par un autre logiciel. Fermez les autres réunions ou appels, puis recommencez."
            }
            (Self::Busy, Device::Camera) => {
                "La caméra est déjà prise par un autre logiciel. Fermez les autres réunions ou appels, puis recommencez."
            }
            (Self::Unsupported, Device::Screen) => {
                "Ce navigateur ne sait pas partager l’écran. Sur un ordinateur, utilisez Firefox, Chrome ou Edge à jour."
            }
            (Self::Unsupported, _) => {
                "Ce navigateur ne donne accès ni au micro ni à la caméra. Utilisez Firefox, Chrome, Edge ou Safari à jour."
            }
            (Self::Other, _) => {
                "L’appareil ne répond pas. Débranchez-le et rebranchez-le, ou redémarrez le navigateur, puis recommencez."
            }
        }
    }
}

/// That media takes a way that is not the best; nothing where it is.
pub(crate) fn otherwise(way: Way) -> Option<String> {
    match way.over {
        Over::Udp => None,
        Over::Tcp => Some(format!(
            "Votre réseau ne laisse pas passer l’UDP\u{a0}: le son et l’image passent par TCP (port\u{a0}{}), et peuvent arriver un peu plus tard.",
            way.port
        )),
        Over::Https => Some(
            "Votre réseau ne laisse passer que les pages\u{a0}: le son et l’image arrivent par HTTPS, avec 2 à 3\u{a0}secondes de retard. La main levée, la discussion, les questions et les sondages fonctionnent normalement."
                .to_owned(),
        ),
    }
}

/// Why nothing can be sent where media comes over HTTPS alone.
pub(crate) const ONE_WAY: &str = "Par HTTPS, le son et l’image ne vont que vers vous\u{a0}: pour parler, écrivez dans la discussion, ou changez de réseau.";

impl Ending {
    /// A title, then what to do.
    pub(crate) fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Left => ("Vous avez quitté la salle", "Vous pouvez y revenir tant que le webinaire dure."),
            Self::Closed => (
                "Le webinaire est terminé",
                "Merci d’y avoir participé. Votre présence s’inscrit toute seule dans votre dossier, vous n’avez rien à faire.",
            ),
            Self::NotOpen => (
                "La salle n’est pas ouverte",
                "Elle ouvre un quart d’heure avant le début. Revenez à ce moment-là\u{a0}: la page du webinaire rappelle la date et l’heure.",
            ),
            Self::Replaced => (
                "La salle est ouverte ailleurs",
                "Cet onglet a repris dans une autre fenêtre. Continuez là-bas, ou revenez ici.",
            ),
            Self::SignedOut => (
                "Votre session a pris fin",
                "Reconnectez-vous\u{a0}: vous reviendrez directement dans la salle, votre présence d’ici là est notée.",
            ),
            Self::Removed => (
                "Vous avez été exclu de la salle",
                "L’équipe d’animation vous a demandé de sortir. Si c’est une erreur, écrivez-lui\u{a0}: elle peut vous laisser revenir.",
            ),
            Self::Locked => (
                "La salle est verrouillée",
                "L’équipe d’animation ne laisse plus entrer personne pour l’instant. Réessayez dans quelques minutes.",
            ),
            Self::Full => (
                "La salle est pleine",
                "Réessayez dans quelques minutes\u{a0}: une place se libère dès que quelqu’un sort.",
            ),
            Self::Misspoken => (
                "La salle s’est interrompue",
                "Cette page et le serveur ne se comprennent plus, sans doute après une mise à jour. Rechargez la page pour revenir.",
            ),
        }
    }

    /// Whether trying again can help.
    pub(crate) fn may_return(self) -> bool {
        !matches!(self, Self::Closed | Self::Removed | Self::SignedOut)
    }
}

/// A piece of what somebody wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// An https address.
    Link(String),
}

/// The text with its links apart. Only https addresses of named hosts are links; anything else stays text.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let opening: usize = bare.chars().take_while(|sign| "(«\"'[<".contains(*sign)).map(char::len_utf8).sum();
        let (before, rest) = bare.split_at(opening);
        let link = rest.trim_end_matches(|sign: char| ".,;:!?)»\"']>…".contains(sign));
        if is_link(link) {
            plain.push_str(before);
            if !plain.is_empty() {
                found.push(Piece::Text(std::mem::take(&mut plain)));
            }
            found.push(Piece::Link(link.to_owned()));
            plain.push_str(word.get(opening + link.len()..).unwrap_or_default());
        } else {
            plain.push_str(word);
        }
    }
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
    found
}

fn is_link(word: &str) -> bool {
    let Some(rest) = word.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = host.split(':').next().unwrap_or_default();
    named.contains('.')
        && !named.starts_with('.')
        && named.chars().all(|letter| letter.is_alphanumeric() || ".-".contains(letter))
        && !host.contains('@')
        && !word.contains(|letter: char| "\"<>\\".contains(letter) || letter.is_control())
}

/// The first letters of a name's first two words.
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect()
}

/// « 42 s », « 1 min 05 s ».
pub(crate) fn countdown(milliseconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    let seconds = (milliseconds / 1000.0).ceil().clamp(0.0, 1.0e6) as u32;
    match seconds {
        0..60 => format!("{seconds}\u{a0}s"),
        _ => format!("{}\u{a0}min\u{a0}{:02}\u{a0}s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let link = |piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) => None,
        };
        pieces(text).into_iter().filter_map(link).collect()
    }

    #[test]
    fn only_https_addresses_are_links() {
        assert_eq!(links("voir (https://www.ants.gouv.fr/aide?x=1), merci"), ["https://www.ants.gouv.fr/aide?x=1"]);
        assert_eq!(
            links("https://a.fr. https://b.fr\nhttps://c.fr/é"),
            ["https://a.fr", "https://b.fr", "https://c.fr/é"]
        );
        for text in [
            "http://a.fr",
            "javascript:alert(1)",
            "https://",
            "https://moi@a.fr",
            "https://local",
            "data:text/html,x",
            "xhttps://a.fr",
            "https://a.fr\"onclick=x",
            "https://.fr",
            "HTTPS://a.fr",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        for text in ["a  https://a.fr/b , c\n", "«https://a.fr»", "", "sans lien", "https://a.fr https://b.fr"] {
            let whole: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                })
                .collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn every_trouble_of_a_device_says_what_to_do() {
        for name in ["NotAllowedError", "NotFoundError", "NotReadableError", "TypeError", "?"] {
            for device in [Device::Microphone, Device::Camera, Device::Screen] {
                assert!(Trouble::named(name).said(device).len() > 40);
            }
        }
        assert_eq!(countdown(65_000.0), "1\u{a0}min\u{a0}05\u{a0}s");
        assert_eq!((countdown(900.0), initials("Léa de Perrin")), ("1\u{a0}s".into(), "Ld".into()));
    }
}
