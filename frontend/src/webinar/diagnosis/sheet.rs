//! The sheet for the IT department: what was found, and what to open. Plain text, to print or to copy.

use super::super::way::{Over, Way};
use super::findings::{Conclusion, Findings, Found};
use super::page::Reach;

/// A rate in kbit/s, as it is read.
pub(crate) fn rate(kilobits: f64) -> String {
    if kilobits < 1_000.0 {
        format!("{kilobits:.0}\u{a0}kbit/s")
    } else {
        format!("{:.1}\u{a0}Mbit/s", kilobits / 1_000.0).replace('.', ",")
    }
}

/// A number with one decimal, as it is read.
pub(crate) fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}

fn said<T>(found: &Found<T>, passes: impl Fn(&T) -> String) -> String {
    match found {
        Found::Passes(found) => format!("passe ({})", passes(found)),
        Found::Blocked => "BLOQUÉ".to_owned(),
        Found::ToDo | Found::Running | Found::Moot(_) => "non essayé".to_owned(),
    }
}

/// « UDP, port 10000 vers socle.example (192.0.2.1) ».
fn target(way: Way, reach: &Reach) -> String {
    format!("{} vers {}", way.name(), reach.server())
}

/// The way of those to whom no other is open.
fn direct(reach: &Reach) -> Way {
    Way { over: Over::Https, port: reach.pages }
}

/// Whether that way passes: it is that of words.
fn by_https(findings: &Findings) -> String {
    match (&findings.words, findings.plays) {
        (Found::Passes(_), true) => "passe (avec 2 à 3\u{a0}secondes de retard, sans prendre la parole)".to_owned(),
        (Found::Passes(_), false) => "ce navigateur ne sait pas le lire".to_owned(),
        (Found::Blocked, _) => "BLOQUÉ".to_owned(),
        (Found::ToDo | Found::Running | Found::Moot(_), _) => "non essayé".to_owned(),
    }
}

/// What to ask for: the best first; nothing where nothing is missing.
pub(crate) fn to_open(findings: &Findings, reach: &Reach) -> Vec<String> {
    let mut asked = Vec::new();
    let pages = Way { over: Over::Tcp, port: reach.pages };
    if findings.pages == Found::Blocked {
        asked.push(format!("{}, pour les pages (HTTPS)", target(pages, reach)));
    }
    if findings.words == Found::Blocked {
        asked.push(format!(
            "les WebSockets (wss) sur {}, sans coupure des liaisons longues par le proxy ou le pare-feu",
            target(pages, reach)
        ));
    }
    let blocked = findings.ways.iter().take_while(|(_, found)| found.passes().is_none());
    for (rank, (way, _)) in blocked.enumerate() {
        let instead = if rank == 0 { "" } else { "à défaut, " };
        let how = match way {
            Way { over: Over::Udp, .. } => "son et image au mieux, réponses comprises",
            Way { port, .. } if *port == reach.pages => {
                "son et image, sans inspection TLS ni proxy HTTP vers ce serveur"
            }
            Way { .. } => "son et image, un peu plus tard que par UDP",
        };
        asked.push(format!("{instead}{}\u{a0}: {how}", target(*way, reach)));
    }
    asked
}

/// The whole sheet. `first` is how long the last webinar took to show something, in milliseconds, and by which way.
pub(crate) fn sheet(findings: &Findings, reach: &Reach, first: Option<(u32, Way)>) -> String {
    let mut lines = vec![
        "Webinaires Socle\u{a0}: diagnostic de la connexion".to_owned(),
        format!("Date\u{a0}: {} (heure de Paris)", reach.now),
    ];
    if !reach.office.is_empty() {
        lines.push(format!("Lieu\u{a0}: {}", reach.office));
    }
    lines.push(format!("Serveur\u{a0}: {}", reach.server()));
    lines.push(String::new());
    lines.push("Constaté depuis ce poste\u{a0}:".to_owned());
    let found = [
        ("Nom du serveur et pages (HTTPS)".to_owned(), said(&findings.pages, |took| format!("{took:.0}\u{a0}ms"))),
        (
            "Discussion et sondages (WebSocket)".to_owned(),
            said(&findings.words, |words| {
                format!("aller-retour {:.0}\u{a0}ms, gigue {:.0}\u{a0}ms", words.delay, words.jitter)
            }),
        ),
    ];
    let ways = findings.ways.iter().map(|(way, found)| {
        (format!("Son et image par {}", way.name()), said(found, |took| format!("établi en {took}\u{a0}ms")))
    });
    let https = (format!("Son et image par {}", direct(reach).name()), by_https(findings));
    let line = [
        (
            "Pertes par UDP, du poste vers le serveur".to_owned(),
            match &findings.sound {
                Found::Passes(sound) => format!("{}\u{a0}%", decimal(sound.lost)),
                _ => "non mesurées".to_owned(),
            },
        ),
        ("Débit reçu".to_owned(), measured(findings.down)),
        ("Débit envoyé".to_owned(), measured(findings.up)),
    ];
    lines.extend(
        found.into_iter().chain(ways).chain([https]).chain(line).map(|(what, said)| format!("- {what}\u{a0}: {said}")),
    );
    if let Found::Passes(words) = &findings.words {
        lines.push(format!("- Horloge du poste\u{a0}: {}", clock(words.skew)));
    }
    if let Some((milliseconds, way)) = first {
        let seconds = decimal(f64::from(milliseconds) / 1_000.0);
        lines.push(format!(
            "- Dernier webinaire\u{a0}: première image ou premier son en {seconds}\u{a0}s, par {}",
            way.name()
        ));
    }
    lines.push(String::new());
    lines.push(findings.said());
    let asked = to_open(findings, reach);
    lines.push(String::new());
    if asked.is_empty() {
        lines.push("Il n’y a rien à ouvrir.".to_owned());
    } else {
        lines.push("À ouvrir, en sortie, depuis les postes des agents\u{a0}:".to_owned());
        lines.extend(asked.into_iter().enumerate().map(|(number, asked)| format!("{}. {asked}", number + 1)));
        if findings.conclusion() != Conclusion::Nothing {
            lines.push("Le premier suffit. Rien n’est à ouvrir en entrée.".to_owned());
        }
        lines.push("Protocoles\u{a0}: WebRTC (STUN/ICE, RFC\u{a0}8445 et 6544\u{a0}; DTLS-SRTP, chiffré).".to_owned());
    }
    lines.join("\n")
}

fn measured(found: Found<f64>) -> String {
    match found {
        Found::Passes(kilobits) => rate(kilobits),
        _ => "non mesuré".to_owned(),
    }
}

/// How wrong this computer's clock is; `skew` is the server's less it, in milliseconds.
pub(crate) fn clock(skew: f64) -> String {
    let seconds = (skew.abs() / 1_000.0).round();
    match skew {
        _ if seconds < 2.0 => "à l’heure".to_owned(),
        ..0.0 => format!("en avance de {seconds}\u{a0}s"),
        _ => format!("en retard de {seconds}\u{a0}s"),
    }
}
