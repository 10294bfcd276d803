use super::*;
use crate::pathway::Slot;
use crate::ui::support::html;
use jiff::Timestamp;

fn sheet(closed: Option<String>) -> SheetPage {
    SheetPage {
        room: "/presentiel/1".into(),
        href: "/presentiel/1/2026-12-03-matin".into(),
        title: "Préparer sa retraite".into(),
        place: "Charleville".into(),
        half_day: "3 décembre 2026, matin".into(),
        closed,
        may_close: true,
        shows_code: true,
        lines: vec![SheetLine {
            person: 7,
            name: "Léa <b>".into(),
            maison: None,
            signed_at: Some(Timestamp::UNIX_EPOCH),
            is_present: true,
            record: "/suivi/7".into(),
        }],
        problem: None,
    }
}

#[test]
fn each_box_of_an_open_sheet_has_its_label_and_who_signed_is_ticked() {
    let html = html(sheet_page(sheet(None)));
    assert!(html.contains("id=\"present-7\"") && html.contains("for=\"present-7\""), "{html}");
    assert!(html.contains("checked") && html.contains("Signé à"), "{html}");
    assert!(html.contains("Léa &lt;b>") || html.contains("Léa &lt;b&gt;"), "{html}");
}

#[test]
fn a_closed_sheet_has_nothing_to_change() {
    let html = html(sheet_page(sheet(Some("Close le 3 décembre.".into()))));
    assert!(!html.contains("<form") && html.contains("/suivi/7") && html.contains("Présence"), "{html}");
}

#[test]
fn a_form_wrongly_filled_keeps_what_was_typed_and_marks_the_field() {
    let typed = PlanTyped {
        classroom: "x".into(),
        component: "a/b".into(),
        place: "Salle 2".into(),
        slots: vec![Slot { date: "2026-12-03".into(), part: "afternoon".into() }, Slot::default()],
        problem: Some(("date-1".into(), "Indiquez un jour qui existe.".into())),
    };
    let offered = vec![("a/b".to_owned(), "Retraite".to_owned())];
    let html = html(plan_page(PlanPage { offered, typed }));
    assert!(html.contains("value=\"2026-12-03\"") && html.contains("Salle 2"), "{html}");
    assert!(html.contains("Indiquez un jour qui existe.") && html.contains("aria-invalid"), "{html}");
}
