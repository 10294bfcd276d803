use super::*;
use crate::ui::support::{assert_sound, html};
use domain::pathway::Modality;

fn lines(next: Option<NextStep>, enter: Option<&str>) -> PathwayLines {
    PathwayLines {
        title: "Le parcours".into(),
        summary: "Six jours et demi.".into(),
        hours: vec![
            (Modality::Asynchronous, 306, 306),
            (Modality::Synchronous, 0, 90),
            (Modality::FaceToFace, 180, 900),
        ],
        components: vec![ComponentLine {
            title: "En salle".into(),
            modality: Modality::FaceToFace,
            said: "1 demi-journée sur 5".into(),
            is_done: false,
            minutes: 180,
            announced: 900,
            notes: vec!["Inscrit par Marie".into()],
            enter: enter.map(Into::into),
        }],
        next,
    }
}

fn section(lines: PathwayLines, owner_view: bool) -> String {
    use leptos::prelude::*;
    let html = html(view! { <h1>"Mon dossier"</h1>{pathway(lines, 1, owner_view)} });
    assert_sound(&html);
    html
}

fn step() -> NextStep {
    NextStep { title: "Webinaire".into(), how_to: "Inscrivez-vous.".into(), href: Some("/webinaires".into()) }
}

#[test]
fn the_next_step_is_told_with_the_way_to_it() {
    let html = section(lines(Some(step()), None), true);
    assert!(html.contains("Prochaine étape\u{a0}: Webinaire") && html.contains("href=\"/webinaires\""), "{html}");
    assert!(
        !section(lines(Some(step()), None), false).contains("href=\"/webinaires\""),
        "it is not the trainer's step"
    );
    assert!(section(lines(None, None), true).contains("Tout le parcours est acquis"));
}

#[test]
fn hours_stand_by_modality_with_what_is_announced() {
    let html = section(lines(Some(step()), None), true);
    assert!(
        html.contains("À distance, asynchrone")
            && html.contains("<td class=\"align-right\">5\u{a0}h\u{a0}6\u{a0}min</td>"),
        "{html}"
    );
    assert!(html.contains("<strong>8\u{a0}h\u{a0}6\u{a0}min</strong>") && html.contains("21\u{a0}h\u{a0}36\u{a0}min"));
}

#[test]
fn who_may_enter_attendance_finds_the_way_there() {
    let html = section(lines(Some(step()), Some("/suivi/1/parcours/x/salle")), false);
    assert!(html.contains("href=\"/suivi/1/parcours/x/salle\"") && html.contains("Rien n’y est effacé"));
    assert!(!section(lines(Some(step()), None), true).contains("Inscrire la présence"));
}

fn entry(typed: Typed) -> String {
    let html = html(entry_page(EntryPage {
        record: "/suivi/1".into(),
        href: "/suivi/1/parcours/x/salle".into(),
        name: "Léa Perrin".into(),
        title: "En salle".into(),
        minutes: 180,
        stands: "Rien n’est encore inscrit.".into(),
        history: vec![HistoryLine {
            at: "2026-12-03T09:00:00Z".parse().unwrap(),
            said: "1er\u{a0}décembre 2026, matin".into(),
            by: "Marie Le Goff".into(),
            why: "Feuille signée".into(),
        }],
        typed,
    }));
    assert_sound(&html);
    html
}

#[test]
fn what_was_typed_stands_in_the_form_and_what_is_wrong_is_told() {
    let slot = |date: &str| Slot { date: date.into(), part: "afternoon".into() };
    let typed = Typed {
        entry: "id".into(),
        state: "attended".into(),
        slots: vec![slot("2026-12-01"), slot("")],
        why: "</textarea><b>".into(),
        problem: Some(("date-2".into(), "Indiquez le jour.".into())),
    };
    let html = entry(typed);
    assert!(html.contains("value=\"2026-12-01\"") && html.contains(">2e demi-journée<"), "{html}");
    assert!(html.contains("value=\"attended\" checked") && html.contains("id=\"probleme\">Indiquez le jour."));
    assert!(html.contains("&lt;/textarea&gt;&lt;b&gt;") && html.contains("par Marie Le Goff"));
}
