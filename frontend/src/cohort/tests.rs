use super::*;
use crate::ui::support::{assert_sound, html};
use domain::cohort::{Form, Stage};
use domain::follow_up::State;

fn cohort(manage: Option<Manage>) -> CohortPage {
    CohortPage {
        href: "/cohortes/1".into(),
        name: "Ardennes <b>".into(),
        course: "La médiation".into(),
        days: "du 3 au 5 décembre 2026".into(),
        stage: Stage::UnderWay,
        called_off: None,
        trainers: "Marie Durand".into(),
        members: vec![Member {
            person: 7,
            href: "/suivi/7".into(),
            name: "Léa Perrin".into(),
            maison: None,
            state: State::UnderWay,
            is_late: true,
            done: 2,
            of: 10,
            last: None,
        }],
        away: vec![("Karim Benali".into(), "en congé".into())],
        webinars: vec![Attached {
            id: "w".into(),
            href: Some("/webinaires/w".into()),
            title: "En direct".into(),
            when: "10 décembre 2026".into(),
            said: "1 membre inscrit sur 2".into(),
            may_register: true,
        }],
        classrooms: Vec::new(),
        csv: "/csv".into(),
        xlsx: "/xlsx".into(),
        reminders: "/suivi/relances".into(),
        manage,
    }
}

#[test]
fn who_keeps_a_cohort_has_what_it_takes_and_who_reads_it_changes_nothing() {
    let manage = Manage { capacity: 12, size: 2, is_open: true, ..Manage::default() };
    let kept = html(cohort_page(cohort(Some(manage.clone()))));
    assert_sound(&kept);
    assert!(kept.contains("name=\"person\" value=\"7\"") && kept.contains("Inscrire les membres"), "{kept}");
    assert!(kept.contains("2\u{a0}membres sur 12\u{a0}places") && kept.contains("Karim Benali"), "{kept}");
    assert!(!kept.contains("Ardennes <b>"));
    let read = html(cohort_page(cohort(None)));
    assert_sound(&read);
    assert!(read.contains("Léa Perrin") && !read.contains("<form"), "{read}");
    let over = html(cohort_page(cohort(Some(Manage { is_open: false, ..manage }))));
    assert!(over.contains("/cohortes/1/modifier") && !over.contains("<form"), "its end may be put off: {over}");
}

#[test]
fn who_would_join_is_shown_and_a_move_is_asked_for() {
    let page = AddPage {
        href: "/cohortes/1".into(),
        cohort: "Ardennes".into(),
        hidden: vec![("departement", "08".into()), ("maison", "3".into())],
        new: (0..25).map(|n| format!("Agent {n}")).collect(),
        elsewhere: vec![("Léa Perrin".into(), "Calvados".into())],
        maisons: vec![("3".into(), "Maison de Vouziers".into())],
        maison: "3".into(),
        problem: Some("5 agents de trop".into()),
        ..AddPage::default()
    };
    let shown = html(add_page(page.clone()));
    assert_sound(&shown);
    assert!(shown.contains("et 5\u{a0}autres") && shown.contains("Léa Perrin (Calvados)"), "{shown}");
    assert!(shown.contains("name=\"moves\"") && shown.contains("5 agents de trop"), "{shown}");
    assert_eq!(shown.matches("name=\"maison\" value=\"3\"").count(), 1, "the list of maisons says it itself");
    let nobody = html(add_page(AddPage { new: Vec::new(), elsewhere: Vec::new(), ..page }));
    assert!(!nobody.contains("value=\"add\""), "{nobody}");
}

#[test]
fn a_form_wrongly_filled_keeps_what_was_typed_and_marks_each_field() {
    let form = Form { name: "ab".into(), from: "2026-12-03".into(), trainers: vec!["4".into()], ..Form::default() };
    let problems = vec![("name", "Donnez un nom.".to_owned()), ("to", "Indiquez un jour.".to_owned())];
    let offered =
        Choosable { courses: vec![("mooc".into(), "Le MOOC".into())], trainers: vec![("4".into(), "Marie".into())] };
    let page = html(plan_page(PlanPage { form, problems, offered, ..PlanPage::default() }));
    assert_sound(&page);
    assert!(page.contains("2\u{a0}points à corriger") && page.contains("value=\"2026-12-03\""), "{page}");
    assert_eq!(page.matches("aria-invalid").count(), 2);
    assert!(page.contains("value=\"4\" checked"), "{page}");
}

#[test]
fn an_empty_list_says_what_to_do() {
    let mine = html(list_page(List { may_plan: true, ..List::default() }));
    assert!(mine.contains("Créez-en une") && mine.contains("/cohortes/nouvelle"), "{mine}");
    let pilot = html(list_page(List { is_partial: true, ..List::default() }));
    assert!(pilot.contains("Aucun de vos agents") && !pilot.contains("/cohortes/nouvelle"), "{pilot}");
}
