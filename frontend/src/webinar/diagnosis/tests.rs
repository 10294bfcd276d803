//! The page of the diagnosis, what it concludes, and the sheet.

use super::findings::{Conclusion, Findings, Found, Sound, Words};
use super::sheet::{clock, sheet, to_open};
use super::*;
use crate::ui::support::{assert_sound, html};
use crate::webinar::way::{Over, Way};

const UDP: Way = Way { over: Over::Udp, port: 10_000 };
const TCP: Way = Way { over: Over::Tcp, port: 10_000 };
const SHARED: Way = Way { over: Over::Tcp, port: 443 };

fn reach() -> Reach {
    Reach {
        host: "socle.example".into(),
        pages: 443,
        addresses: vec!["192.0.2.1".into()],
        ways: vec![UDP, TCP, SHARED],
        office: "Maison de Morlaix".into(),
        now: "1 décembre 2026 à 9 h 30".into(),
    }
}

/// On a network that lets those ways out.
fn found(passes: &[Way]) -> Findings {
    let mut findings = Findings::new(&reach());
    findings.pages = Found::Passes(45.0);
    findings.words = Words::of(&[(60.0, 100.0), (40.0, -90.0), (50.0, 0.0)]).map_or(Found::Blocked, Found::Passes);
    for (way, found) in &mut findings.ways {
        *found = if passes.contains(way) { Found::Passes(120) } else { Found::Blocked };
    }
    findings.plays = true;
    findings.sound = Found::Passes(Sound { lost: 1.25 });
    (findings.down, findings.up) = (Found::Passes(3_250.0), Found::Passes(420.0));
    findings
}

#[test]
fn without_script_hosts_and_ports_are_there_to_read() {
    let id = "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap();
    for webinar in [None, Some((id, "Les outils".to_owned()))] {
        let is_of_one = webinar.is_some();
        let html = html(diagnosis_page(DiagnosisPage { webinar, reach: reach(), help: "aide@socle.example".into() }));
        assert_sound(&html);
        for words in ["Sans JavaScript", "socle.example (192.0.2.1)", "UDP", "10000", "443", "aide@socle.example"] {
            assert!(html.contains(words), "{words}");
        }
        assert_eq!(html.contains("/webinaires/aaaaaaaa"), is_of_one);
    }
}

#[test]
fn what_passes_decides_how_the_webinar_is_followed_and_what_is_asked_for() {
    for (passes, conclusion, asked) in [
        (&[UDP, TCP, SHARED][..], Conclusion::Well, 0),
        (&[UDP], Conclusion::Well, 0),
        (&[TCP, SHARED], Conclusion::Otherwise(TCP), 1),
        (&[SHARED], Conclusion::Otherwise(SHARED), 2),
        (&[], Conclusion::Late, 3),
    ] {
        let findings = found(passes);
        assert_eq!(findings.conclusion(), conclusion, "{passes:?}");
        let open = to_open(&findings, &reach());
        assert_eq!(open.len(), asked, "{open:?}");
        assert!(
            open.first().is_none_or(|first| first.starts_with("UDP, port\u{a0}10000 vers socle.example")),
            "{open:?}"
        );
    }
    let mut nothing = found(&[]);
    nothing.plays = false;
    assert_eq!(nothing.conclusion(), Conclusion::Words);
    (nothing.pages, nothing.words) = (Found::Blocked, Found::Blocked);
    assert_eq!(nothing.conclusion(), Conclusion::Nothing);
    assert_eq!(to_open(&nothing, &reach()).len(), 5);
}

#[test]
fn the_sheet_names_what_is_blocked_and_what_to_open() {
    let late = sheet(&found(&[]), &reach(), None);
    assert!(late.contains("par HTTPS (WebSocket), avec 2 à 3\u{a0}secondes de retard"), "{late}");
    assert!(
        late.contains("1. UDP, port\u{a0}10000 vers socle.example (192.0.2.1)"),
        "what would do better is asked for"
    );
    let sheet = sheet(&found(&[SHARED]), &reach(), Some((1_240, SHARED)));
    for line in [
        "Lieu\u{a0}: Maison de Morlaix",
        "Date\u{a0}: 1 décembre 2026 à 9 h 30 (heure de Paris)",
        "- Discussion et sondages (WebSocket)\u{a0}: passe (aller-retour 40\u{a0}ms, gigue 15\u{a0}ms)",
        "- Son et image par UDP, port\u{a0}10000\u{a0}: BLOQUÉ",
        "- Son et image par TCP, port\u{a0}443\u{a0}: passe (établi en 120\u{a0}ms)",
        "- Son et image par HTTPS (WebSocket), port\u{a0}443\u{a0}: passe (avec 2 à 3\u{a0}secondes de retard, sans prendre la parole)",
        "- Pertes par UDP, du poste vers le serveur\u{a0}: 1,2\u{a0}%",
        "- Débit reçu\u{a0}: 3,2\u{a0}Mbit/s",
        "- Débit envoyé\u{a0}: 420\u{a0}kbit/s",
        "- Dernier webinaire\u{a0}: première image ou premier son en 1,2\u{a0}s, par TCP, port\u{a0}443",
        "2. à défaut, TCP, port\u{a0}10000 vers socle.example (192.0.2.1)\u{a0}: son et image, un peu plus tard que par UDP",
    ] {
        assert!(sheet.lines().any(|known| known == line), "{line}\n\n{sheet}");
    }
    assert!(sheet.contains("Vous suivrez le webinaire par TCP (port\u{a0}443)"));
}

#[test]
fn a_thin_line_and_a_wrong_clock_are_said() {
    let mut findings = found(&[UDP]);
    findings.down = Found::Passes(120.0);
    assert!(findings.said().contains("Votre ligne est lente"));
    findings.down = Found::Passes(30.0);
    assert!(findings.said().contains("trop lente pour le son"));
    findings.words = Found::Passes(Words { skew: -120_000.0, ..Words::default() });
    assert!(findings.said().contains("n’est pas à l’heure"));
    assert_eq!(clock(-120_000.0), "en avance de 120\u{a0}s");
    assert_eq!((clock(1_400.0), clock(3_000.0)), ("à l’heure".into(), "en retard de 3\u{a0}s".into()));
    assert_eq!(Words::of(&[]), None);
}
