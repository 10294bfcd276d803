use super::*;
use crate::ui::support::{assert_sound, html};
use domain::webinar::presence::Reason;
use jiff::Timestamp;

fn at(time: &str) -> Timestamp {
    format!("2026-12-03T{time}Z").parse().unwrap()
}

fn line(name: &str, minutes: u32, share: u8, reason: Reason) -> Line {
    Line {
        href: "/webinaires/w/presences/3".into(),
        name: name.into(),
        maison: Some("Maison de Vouziers".into()),
        departement: Some("08".into()),
        is_here: minutes > 0,
        minutes,
        percent: share,
        reason,
        corrected: None,
    }
}

fn sheet(state: State) -> Sheet {
    Sheet {
        href: "/webinaires/w".into(),
        title: "Les outils en direct".into(),
        trainers: vec!["Marie Le Goff".into(), "Paul Diot".into()],
        starts_at: at("09:00:00"),
        state,
        live_minutes: 90,
        threshold: 80,
        now: at("09:45:00"),
        registered: vec![
            line("Karim Benali", 0, 0, Reason::Absent),
            line("Zoé Petit", 40, 44, Reason::BelowThreshold),
            Line {
                corrected: Some("Marie Le Goff, ligne coupée".into()),
                ..line("Léa Perrin", 87, 97, Reason::Present)
            },
        ],
        others: vec![line("Nadia Roux", 88, 97, Reason::PresentBeside)],
    }
}

fn over() -> Sheet {
    sheet(State::Over { from: at("09:00:00"), to: at("10:30:00") })
}

fn page(sheet: Sheet) -> String {
    let html = html(sheet_page(sheet));
    assert_sound(&html);
    html
}

fn correct(form: CorrectionForm) -> String {
    let page = Correct {
        sheet: "/webinaires/w/presences".into(),
        href: "/webinaires/w/presences/3".into(),
        title: "Les outils en direct".into(),
        name: "Léa Perrin".into(),
        held_at: Some(at("09:00:00")),
        live_minutes: 90,
        threshold: 80,
        minutes: 40,
        percent: 44,
        stands: "Sous le seuil".into(),
        seen: vec![SeenLine { from: at("09:00:05"), to: at("09:40:07"), beside: Some("Karim Benali".into()) }],
        history: vec![HistoryLine {
            at: at("11:00:00"),
            by: "Marie Le Goff".into(),
            why: "ligne <coupée>".into(),
            before: Some(12),
            after: 40,
        }],
        form,
    };
    let html = html(correction_page(page));
    assert_sound(&html);
    html
}

fn sent(problem: Option<(&'static str, String)>) -> Sent {
    Sent { correction: "c-1".into(), minutes: "85".into(), why: "Ligne coupée".into(), problem }
}

#[test]
fn once_over_the_sheet_tells_who_came_how_long_and_who_did_not() {
    let html = page(over());
    assert!(html.contains("Le 3 décembre 2026, de 10\u{a0}h\u{a0}00 à 11\u{a0}h\u{a0}30, soit 90\u{a0}min"), "{html}");
    assert!(html.contains("3\u{a0}personnes inscrites, 1\u{a0}au seuil, 1\u{a0}sous le seuil, 1\u{a0}absente."));
    assert!(html.contains("Absence") && html.contains("97\u{a0}%") && html.contains("Maison de Vouziers (08)"));
    assert!(html.contains("Marie Le Goff, Paul Diot") && !html.contains("Actualiser"));
    assert!(html.contains("Corrigée par Marie Le Goff, ligne coupée"));
}

#[test]
fn those_who_came_without_a_place_are_listed_apart() {
    let html = page(over());
    let (registered, others) = html.split_once("titre-venues").unwrap();
    assert!(
        !registered.contains("Nadia") && others.contains("Nadia Roux") && others.contains("à deux devant un écran")
    );
    assert!(!page(Sheet { others: Vec::new(), ..over() }).contains("Sans inscription"));
}

#[test]
fn live_it_tells_who_is_in_the_room_and_judges_nobody_yet() {
    let html = page(sheet(State::Live { since: at("09:00:00") }));
    assert!(html.contains("Actualiser") && html.contains("Dans la salle. Pas encore au seuil"), "{html}");
    assert!(html.contains("Pas encore venue") && !html.contains("Absence"));
    assert!(html.contains("Relevé de 10\u{a0}h\u{a0}45"));
}

#[test]
fn before_it_begins_and_where_it_never_did_nobody_is_absent() {
    assert!(!page(sheet(State::Before)).contains("Absence"));
    let html = page(sheet(State::NeverHeld));
    assert!(html.contains("n’a pas eu lieu") && !html.contains(">Absence"), "{html}");
    assert!(page(Sheet { registered: Vec::new(), ..over() }).contains("Personne n’a de place"));
}

#[test]
fn a_correction_is_checked_before_it_is_written() {
    let html = correct(CorrectionForm::Confirm { sent: sent(None), after: 85, percent: 94, met: true });
    assert!(html.contains("40\u{a0}min → <strong>85\u{a0}min</strong>, soit 94\u{a0}%"), "{html}");
    assert!(html.contains("name=\"sure\" value=\"yes\"") && html.contains("name=\"why\" value=\"Ligne coupée\""));
}

#[test]
fn what_is_wrong_is_tied_to_its_field_and_what_was_typed_stays() {
    let html = correct(CorrectionForm::Open(sent(Some(("why", "Dites pourquoi.".into())))));
    assert!(html.contains("role=\"alert\"") && html.contains("aria-describedby=\"probleme aide-why\""), "{html}");
    assert!(html.contains("value=\"85\"") && html.contains(">Ligne coupée</textarea>"));
}

#[test]
fn history_and_proof_are_told_and_nothing_typed_is_markup() {
    let html = correct(CorrectionForm::Closed("Le webinaire n’est pas terminé."));
    assert!(
        html.contains("12\u{a0}min → 40\u{a0}min, par Marie Le Goff") && html.contains("ligne &lt;coupée&gt;"),
        "{html}"
    );
    assert!(html.contains("De 10\u{a0}h\u{a0}00\u{a0}min\u{a0}05\u{a0}s") && html.contains("à côté de Karim Benali"));
    assert!(!html.contains("<form"));
}
