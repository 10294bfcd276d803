use super::*;
use crate::ui::support::{assert_sound, html};

fn path(state: StepState, next: Option<Next>) -> Path {
    Path {
        slug: "mediation".parse().unwrap(),
        title: "La médiation".into(),
        summary: "En bref.".into(),
        minutes_done: 20,
        minutes_total: 60,
        positioning: None,
        chapters: vec![Step {
            title: "Chapitre 1\u{a0}: L’accueil".into(),
            href: "/cours/mediation/accueil".into(),
            minutes: 20,
            state,
        }],
        assessment: None,
        next,
    }
}

fn home(courses: Vec<Path>) -> String {
    let html = html(home_page(Home {
        first_name: "Léa".into(),
        notices: Vec::new(),
        webinar: None,
        replays: Vec::new(),
        cohorts: Vec::new(),
        certificates: Vec::new(),
        courses,
    }));
    assert_sound(&html);
    html
}

fn next() -> Next {
    Next {
        label: "Reprendre où j’en étais".into(),
        href: "/cours/mediation/accueil#p-1".into(),
        detail: "Chapitre 1".into(),
    }
}

#[test]
fn one_button_goes_on_where_one_stopped() {
    let html = home(vec![path(StepState::Todo, Some(next()))]);
    assert_eq!(html.matches("class=\"button").count(), 1);
    assert!(html.contains("href=\"/cours/mediation/accueil#p-1\""));
}

#[test]
fn what_remains_is_told_in_a_sentence() {
    let remains = vec!["lire 2 sections".to_owned(), "réussir le quiz".to_owned()];
    let html = home(vec![path(StepState::Ongoing { remains }, None)]);
    assert!(html.contains("il reste à lire 2 sections et à réussir le quiz"), "{html}");
    assert_eq!(to_do(&["a".into(), "b".into(), "c".into()]), "a, à b et à c");
}

#[test]
fn what_is_acquired_tells_when_and_counts() {
    let on = "2026-11-24T13:05:00Z".parse().unwrap();
    let html = home(vec![path(StepState::Done { said: "Acquis", on }, None)]);
    assert!(
        html.contains("24 novembre 2026") && html.contains("1\u{a0}chapitre fait sur 1 · 20\u{a0}min sur 1\u{a0}h"),
        "{html}"
    );
    assert!(html.contains("Vous avez tout fait"));
}

#[test]
fn the_quizzes_of_the_whole_course_stand_around_the_chapters() {
    let on = "2026-11-24T13:05:00Z".parse().unwrap();
    let quiz =
        |title: &str, state| Step { title: title.into(), href: "/cours/mediation/x/quiz".into(), minutes: 20, state };
    let html = home(vec![Path {
        positioning: Some(quiz("Faites le point", StepState::Done { said: "Fait", on })),
        assessment: Some(quiz("Évaluation finale", StepState::Todo)),
        ..path(StepState::Exempted { on }, Some(next()))
    }]);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} not in {html}"));
    assert!(at("Faites le point") < at("<strong>Fait</strong> le") && at("<strong>Fait</strong>") < at("L’accueil"));
    assert!(at("<strong>Dispense</strong> depuis le") < at("Évaluation finale"));
    assert!(html.contains("1\u{a0}chapitre fait sur 1"), "an exempted chapter is done");
}

#[test]
fn two_courses_stand_on_one_page() {
    let other = Path { slug: "autre".parse().unwrap(), ..path(StepState::Todo, Some(next())) };
    home(vec![path(StepState::Todo, Some(next())), other]);
}

#[test]
fn nothing_published_is_said() {
    assert!(home(Vec::new()).contains("Aucun cours n’est publié"));
}

#[test]
fn signed_out_one_learns_what_it_is_and_where_to_come_in() {
    let html = html(welcome_page());
    assert_sound(&html);
    assert!(html.contains("href=\"/connexion\""));
}
