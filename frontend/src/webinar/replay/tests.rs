use super::*;
use crate::ui::support::{assert_sound, html};
use domain::ids::PersonId;
use domain::quiz::Score;
use domain::webinar::replay::{Chapter, PollThen, Said};
use domain::webinar::{Ballot, Tally};
use jiff::Timestamp;
use jiff::civil::date;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn partly() -> Counted {
    Counted::Partly { minutes: 42, seen_live: 0, live_minutes: 90, percent: 46, threshold: 80, covered: 100 }
}

fn page(stands: Stands) -> String {
    html(replay_page(ReplayPage {
        href: "/webinaires/1".into(),
        title: "Les outils de la maison".into(),
        at: at("2026-12-03T09:00:00Z"),
        stands,
    }))
}

fn line(number: u64, text: &str) -> Line {
    Line { number, from: number * 1000, to: number * 1000 + 900, text: text.into(), mended: None, mending: None }
}

fn ready() -> Ready {
    let ballot = Ballot { stem: "Combien\u{a0}?".into(), choices: vec!["Un".into(), "Deux".into()], many: false };
    Ready {
        watching: Watching { report: "/r".into(), whose: "7.1".into(), resume: Some(2_530_250) },
        length: 5_400_000,
        bytes: 181_400_000,
        has_camera: true,
        kept_until: date(2027, 12, 1),
        light: false,
        mends: false,
        counted: partly(),
        chapters: vec![
            Chapter { at: 0, title: "Accueil".into() },
            Chapter { at: 65_000, title: "FranceConnect".into() },
        ],
        lines: vec![line(1, "Bonjour <b>"), line(2, "On commence")],
        said: vec![Said {
            at: 5_000,
            by: PersonId(3),
            name: "Léa".into(),
            trainer: false,
            text: "Oui".into(),
            is_question: true,
        }],
        polls: vec![PollThen { number: 4, at: 9_000, ballot, tally: Tally { voters: 3, counts: vec![1, 2] } }],
        quizzes: vec![QuizPart { number: 5, at: 10_000, title: "Le quiz".into(), state: QuizState::Past }],
    }
}

#[test]
fn every_state_is_sound_and_says_what_to_do() {
    for (stands, said) in [
        (Stands::ToCome, "n’est pas terminé"),
        (Stands::NotRecorded, "n’a pas été enregistré"),
        (Stands::Preparing, "en préparation"),
        (Stands::Failed { why: Some("Le disque était plein.".into()) }, "Le disque était plein."),
        (Stands::Failed { why: None }, "n’a pas abouti"),
        (Stands::Removed { at: Some(at("2026-12-24T12:00:00Z")), why: None }, "supprimé le 24 décembre 2026"),
        (Stands::Removed { at: None, why: Some("À la demande.".into()) }, "À la demande."),
    ] {
        let html = page(stands);
        assert_sound(&html);
        assert!(html.contains(said) && !html.contains("<video"), "{said}: {html}");
    }
}

#[test]
fn the_player_reads_without_script_and_goes_on_where_one_stopped() {
    let html = page(Stands::Ready(Box::new(ready())));
    assert_sound(&html);
    for said in [
        "src=\"/webinaires/1/enregistrement.webm#t=2530.250\"",
        "src=\"/webinaires/1/revoir/sous-titres.vtt\"",
        "src=\"/webinaires/1/enregistrement-camera.webm\"",
        "href=\"/webinaires/1/enregistrement.webm#t=65.000\"",
        "preload=\"metadata\"",
        "1:30:00, 182\u{a0}Mo",
        "Vous vous étiez arrêté à 42:10",
        "Bonjour &lt;b&gt;",
        "Ce que la salle a répondu",
        "42\u{a0}min sur 90\u{a0}min comptées, soit 46\u{a0}%",
        "un onglet caché dont le son est coupé",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(!html.contains("Corriger"), "those who do not lead do not mend");
    let light = page(Stands::Ready(Box::new(Ready { light: true, ..ready() })));
    assert!(light.contains("preload=\"none\"") && !light.contains("preload=\"metadata\""));
}

#[test]
fn those_who_lead_mend_one_line_at_a_time_and_what_was_typed_stays() {
    let mut lines = ready().lines;
    lines[0].mended = Some(("Bonjour à tousse".into(), "Marie Le Goff".into(), at("2026-12-04T09:00:00Z")));
    lines[1].mending = Some(("55".into(), Some("Écrivez ce qui a été dit.".into())));
    let html = page(Stands::Ready(Box::new(Ready { mends: true, lines, ..ready() })));
    assert_sound(&html);
    for said in ["?corriger=1#ligne-1", "Corrigé par Marie Le Goff", "Bonjour à tousse", "Écrivez ce qui a été dit."]
    {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert_eq!(html.matches("class=\"form cue-form\"").count(), 1);
}

#[test]
fn a_recording_of_which_nothing_is_told_says_so() {
    let empty = Ready {
        lines: Vec::new(),
        said: Vec::new(),
        polls: Vec::new(),
        quizzes: Vec::new(),
        chapters: Vec::new(),
        ..ready()
    };
    let html = page(Stands::Ready(Box::new(empty)));
    assert_sound(&html);
    assert!(html.contains("il n’y a pas de transcription") && html.contains("Rien n’a été écrit"), "{html}");
    assert!(!html.contains("Chapitres") && !html.contains("Sondages") && !html.contains("id=\"quiz\""));
}

#[test]
fn what_is_counted_is_told_in_plain_words() {
    let said = |counted: Counted| counted.said().replace('\u{a0}', " ");
    assert_eq!(said(partly()), "42 min sur 90 min comptées, soit 46 % ; il en faut 80 %.");
    let live = Counted::Partly { minutes: 50, seen_live: 8, live_minutes: 90, percent: 55, threshold: 80, covered: 50 };
    assert_eq!(said(live), "50 min sur 90 min comptées (dont 8 min en direct), soit 55 % ; il en faut 80 %.");
    let short = Counted::Partly { minutes: 0, seen_live: 0, live_minutes: 0, percent: 40, threshold: 80, covered: 100 };
    assert_eq!(said(short), "Direct de moins d’une minute, compté à 40 % ; il en faut 80 %.");
    assert!(live.rule().unwrap().contains("ne contient que 50\u{a0}% du direct"));
    let later = Counted::Later { at: at("2026-12-04T09:00:00Z"), minutes: 75 };
    assert_eq!(
        said(later),
        "Seuil atteint : 75 min à distance, asynchrone, à votre dossier depuis le 4 décembre 2026."
    );
    assert_eq!(said(Counted::Live { minutes: 87 }), "Votre présence est déjà à votre dossier : 87 min.");
    for counted in [Counted::Leads, Counted::Not, later] {
        assert_eq!(counted.rule(), None);
    }
    assert!(later.is_met() && Counted::Live { minutes: 1 }.is_met() && !partly().is_met());
}

#[test]
fn a_quiz_tells_what_became_of_it() {
    let told = |state| {
        let quizzes = vec![QuizPart { number: 5, at: 10_000, title: "Le quiz".into(), state }];
        page(Stands::Ready(Box::new(Ready { quizzes, ..ready() })))
    };
    let score = Score { earned: 150, max: 200 };
    assert!(told(QuizState::Live(score)).contains("en direct\u{a0}: 1,5 sur 2"));
    assert!(told(QuizState::Done { score, reviews: Vec::new() }).contains("en rediffusion\u{a0}: 1,5 sur 2"));
    let open = told(QuizState::Open { prompts: Vec::new(), problem: Some("Question 1\u{a0}: un nombre".into()) });
    assert_sound(&open);
    assert!(open.contains("Rendre mes réponses") && open.contains("un nombre"), "{open}");
}

#[test]
fn moments_are_told_as_clocks_do() {
    assert_eq!([0, 65_999, 3_725_000].map(clock), ["0:00", "1:05", "1:02:05"]);
}
