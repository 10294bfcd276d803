use super::*;
use crate::ui::support::{assert_sound, html};
use domain::webinar::plan::{PlanForm, Problem};
use domain::webinar::registration::Status;
use domain::webinar::schedule::Stage;
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn details(stage: Stage, standing: Standing) -> Details {
    Details {
        href: "/webinaires/1".into(),
        title: "Les outils de la maison".into(),
        description: "Une ligne.\nUne autre.\n\nUn paragraphe.".into(),
        course: "La médiation numérique".into(),
        starts_at: at("2026-12-03T09:00:00Z"),
        opens_at: at("2026-12-03T08:45:00Z"),
        minutes: 60,
        stage,
        audience: "tous les agents".into(),
        threshold: 80,
        capacity: 300,
        free: 12,
        trainers: vec!["Marie Le Goff".into()],
        standing,
        cancelled_why: None,
        recorded: None,
        manage: None,
    }
}

#[test]
fn every_stage_and_standing_is_sound() {
    for stage in [Stage::Scheduled, Stage::Open, Stage::Live, Stage::Closed, Stage::Cancelled] {
        for standing in [Standing::None, Standing::Registered, Standing::Waiting(Some(3)), Standing::Leads] {
            for free in [0, 1, 12] {
                let manage = Some(Manage {
                    roster: vec![RosterLine {
                        name: "Léa Perrin".into(),
                        email: "lea@exemple.example".into(),
                        at: at("2026-11-24T08:00:00Z"),
                        status: Status::Waiting,
                    }],
                    ..Manage::default()
                });
                let html = html(details_page(Details { free, manage, ..details(stage, standing) }));
                assert_sound(&html);
                let enters = html.contains("/webinaires/1/salle");
                let may = stage.is_enterable() && matches!(standing, Standing::Registered | Standing::Leads);
                assert_eq!(enters, may, "{stage:?} {standing:?}");
            }
        }
    }
}

#[test]
fn the_page_says_when_and_how_many_places_are_left() {
    let html = html(details_page(details(Stage::Scheduled, Standing::None)));
    for said in [
        "jeudi\u{a0}3 décembre 2026 à 10\u{a0}h\u{a0}00",
        "Il reste 12\u{a0}places sur 300",
        "M’inscrire",
        "Une ligne.<br>Une autre.",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_ties_each_problem_to_its_field() {
    let form = PlanForm { title: "ab".into(), minutes: "500".into(), description: "<b>".into(), ..PlanForm::default() };
    let problem = |field, said: &str| Problem { field, said: said.into() };
    let problems = vec![problem("title", "Trop court."), problem("trainers", "Choisissez.")];
    let offered = Choosable {
        courses: vec![("a".into(), "Cours".into())],
        kits: vec![("k".into(), "Support".into())],
        trainers: vec![("7".into(), "Anne".into())],
    };
    let html = html(plan_page(PlanPage { form, problems, offered, ..PlanPage::default() }));
    assert_sound(&html);
    for said in [
        "value=\"ab\"",
        "value=\"500\"",
        ">&lt;b&gt;</textarea>",
        "href=\"#title\"",
        "aria-describedby=\"erreur-title aide-title\"",
        "2\u{a0}points à corriger",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn what_somebody_else_saved_is_told_above_what_was_typed() {
    let form = PlanForm { title: "Le mien".into(), audience: "nation".into(), ..PlanForm::default() };
    let now = PlanForm {
        title: "Le <leur>".into(),
        audience: "departement:08".into(),
        trainers: vec!["7".into()],
        ..PlanForm::default()
    };
    let offered = Choosable { trainers: vec![("7".into(), "Anne".into())], ..Choosable::default() };
    let html = html(plan_page(PlanPage { form, meanwhile: Some(now), offered, ..PlanPage::default() }));
    assert_sound(&html);
    for said in ["role=\"alert\"", "Le &lt;leur&gt;", "Ardennes", "Anne</dd>", "value=\"Le mien\""] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(!html.contains("href=\"#minutes\""), "what is the same is not told");
}

#[test]
fn an_empty_list_says_what_will_come() {
    let html = html(list_page(WebinarList::default()));
    assert_sound(&html);
    assert!(html.contains("Aucun webinaire n’est prévu") && !html.contains("Planifier"));
}

#[test]
fn the_page_says_where_the_recording_stands_and_until_when_it_is_kept() {
    let until = jiff::civil::date(2027, 12, 3);
    for (recorded, said) in [
        (Recorded::Planned { until }, "sera enregistré"),
        (Recorded::Running { until }, "En préparation"),
        (Recorded::Whole { until }, "Gardé jusqu’au 3"),
        (Recorded::Failed, "Rien n’a pu être enregistré"),
        (Recorded::Removed { at: at("2026-12-04T09:00:00Z") }, "Supprimé le 4"),
    ] {
        let removable = matches!(recorded, Recorded::Whole { .. });
        let manage = Some(Manage { removable, ..Manage::default() });
        let page =
            details_page(Details { recorded: Some(recorded), manage, ..details(Stage::Closed, Standing::Leads) });
        let html = html(page);
        assert_sound(&html);
        assert!(html.contains(said), "{said}");
        assert_eq!(html.contains("/webinaires/1/enregistrement/supprimer"), removable);
    }
    assert!(!html(details_page(details(Stage::Scheduled, Standing::None))).contains("nregistr"));
}

#[test]
fn recording_is_not_ticked_unless_somebody_ticked_it() {
    let drawn = |recorded: &str| {
        let form = PlanForm { recorded: recorded.into(), recording_days: "365".into(), ..PlanForm::default() };
        html(plan_page(PlanPage { form, ..PlanPage::default() }))
    };
    let box_of = |html: &str| {
        let from = html.find("<input type=\"checkbox\" id=\"recorded\"").expect("a box");
        html[from..].split('>').next().expect("an end").to_owned()
    };
    assert!(!box_of(&drawn("")).contains("checked") && box_of(&drawn("on")).contains("checked"));
}
