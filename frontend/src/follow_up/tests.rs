use super::*;
use crate::ui::support::{assert_sound, html};
use domain::follow_up::{Month, State, Tally};
use jiff::civil::date;

fn tally() -> Tally {
    Tally {
        agents: 20,
        under_way: 9,
        done: 5,
        late: 3,
        minutes: 6_020,
        minutes_live: 450,
        webinars: 8,
        webinars_met: 6,
    }
}

fn courses() -> Courses {
    let one = ("mediation-numerique".to_owned(), "La médiation numérique".to_owned());
    Courses { shown: one.clone(), all: vec![one] }
}

fn ardennes() -> TerritoryPage {
    TerritoryPage {
        place: Place::Departement,
        title: "Ardennes (08)".into(),
        trail: vec![("/suivi/france".into(), "France".into())],
        href: "/suivi/departements/08".into(),
        courses: courses(),
        days: 90,
        whole: Some(tally()),
        maisons: 2,
        done: vec![Month { first: date(2026, 11, 1), total: 2 }, Month { first: date(2026, 12, 1), total: 5 }],
        rows: vec![
            Row { href: Some("/suivi/maisons/3".into()), name: "Espace de Rethel".into(), tally: Some(tally()) },
            Row { href: None, name: "Maison de Vouziers".into(), tally: None },
        ],
        ..TerritoryPage::default()
    }
}

fn territory(page: TerritoryPage) -> String {
    let html = html(territory_page(page));
    assert_sound(&html);
    html
}

#[test]
fn a_territory_tells_its_figures_in_words_and_in_tables() {
    let html = territory(ardennes());
    assert!(html.contains("25\u{a0}%") && html.contains("20\u{a0}agents inscrits"), "{html}");
    assert!(html.contains("100\u{a0}h") && html.contains("7\u{a0}h"), "hours by modality: {html}");
    assert!(html.contains("6 sur 8\u{a0}places prises au seuil de présence, soit 75\u{a0}%"), "{html}");
    assert!(html.contains("90\u{a0}jours") && html.contains("novembre 2026"), "{html}");
    assert!(html.contains("href=\"/suivi/maisons/3\"") && html.contains("href=\"/suivi/france\""));
    assert_eq!(
        html.matches("<svg").count(),
        html.matches("aria-hidden=\"true\" focusable").count(),
        "pictures repeat tables"
    );
    assert!(!html.contains(" style="), "the security policy refuses styles in the page");
}

#[test]
fn what_is_hidden_is_not_in_the_page() {
    let html = territory(TerritoryPage { whole: None, masks: true, ..ardennes() });
    assert!(html.contains("Chiffres masqués") && !html.contains("agents inscrits"), "{html}");
    assert!(html.contains("<td colspan=\"6\">Masqué</td>"));
    let empty = TerritoryPage { whole: Some(Tally::default()), rows: Vec::new(), ..ardennes() };
    assert!(territory(empty).contains("Aucune maison n’est encore connue dans ce département"));
}

#[test]
fn the_plan_is_told_beside_what_is() {
    let html = territory(TerritoryPage {
        place: Place::Nation,
        formed: vec![Month { first: date(2026, 12, 1), total: 450 }],
        plan: vec![Step { maisons: 900, by: "31 décembre 2026".into() }],
        chapters: Some(vec![
            ChapterLine {
                title: "3. Identité".into(),
                tried: Some(8),
                percent_passed: 50,
                attempts: 225,
                percent_best: 71,
            },
            ChapterLine { title: "1. Accueil".into(), tried: None, percent_passed: 0, attempts: 0, percent_best: 0 },
        ]),
        ..ardennes()
    });
    assert!(html.contains("900\u{a0}maisons") && html.contains("31 décembre 2026") && html.contains("50\u{a0}%"));
    assert!(html.contains("Maisons dont un agent au moins a terminé, en fin de mois"), "the picture's table: {html}");
    assert!(html.contains("2,25") && html.contains("71\u{a0}%") && html.contains("moins de cinq agents"), "{html}");
}

fn row(last: Option<&str>) -> AgentRow {
    AgentRow {
        href: "/suivi/3".into(),
        name: "Karim Benali".into(),
        maison: Some("Espace de Rethel".into()),
        departement: Some("08".into()),
        state: State::UnderWay,
        is_late: last.is_none(),
        done: 1,
        of: 3,
        minutes: 80,
        minutes_live: 55,
        last: last.map(|at| at.parse().unwrap()),
    }
}

fn agents(agents: Agents) -> String {
    let html = html(agents_page(Agents { courses: courses(), ..agents }));
    assert_sound(&html);
    html
}

#[test]
fn a_row_tells_who_where_and_how_far() {
    let rows = vec![row(Some("2026-11-24T13:05:00Z")), row(None)];
    let html = agents(Agents { rows, total: 2, ..Agents::default() });
    assert!(html.contains("href=\"/suivi/3\"") && html.contains("Espace de Rethel (08)"));
    assert!(html.contains("1\u{a0}h\u{a0}20\u{a0}min") && html.contains("55\u{a0}min"), "both modalities");
    assert!(html.contains("24 novembre 2026") && html.contains("Aucun") && html.contains("2\u{a0}agents"), "{html}");
    assert_eq!(html.matches("en retard</strong>").count(), 1);
    assert!(!html.contains("<nav"), "one page needs no links to others");
    assert!(html.contains("role=\"region\" tabindex=\"0\" aria-labelledby=\"agents\""));
}

#[test]
fn the_form_keeps_what_was_asked() {
    let asked = Asked {
        query: "été & co".into(),
        departement: "08".into(),
        maison: "12".into(),
        cohort: "aucune".into(),
        state: "en-retard".into(),
        order: "ancien".into(),
    };
    let html = agents(Agents {
        asked,
        departements: vec![("08".into(), "Ardennes".into()), ("14".into(), "Calvados".into())],
        before: Some("/suivi/agents?avant=x".into()),
        after: Some("/suivi/agents?apres=y".into()),
        ..Agents::default()
    });
    assert!(html.contains("value=\"été &amp; co\"") && html.contains("name=\"maison\" value=\"12\""), "{html}");
    assert_eq!(html.matches(" selected").count(), 3, "{html}");
    assert!(html.contains("rel=\"prev\"") && html.contains("rel=\"next\""));
    assert!(html.contains("Aucun agent ne répond"));
}

#[test]
fn nobody_yet_is_told_apart() {
    assert!(agents(Agents::default()).contains("n’est encore inscrit"));
    assert!(agents(Agents { takers_only: true, ..Agents::default() }).contains("n’a encore commencé"));
}

#[test]
fn who_is_reminded_is_shown_with_what_is_written() {
    let page = Reminders {
        href: "/suivi/agents?departement=08".into(),
        courses: courses(),
        hidden: vec![("departement".into(), "08".into())],
        total: 4,
        names: vec!["Karim Benali".into()],
        recent: 1,
        closed: 2,
        example: Some(("Votre formation".into(), "Bonjour <Karim>".into())),
    };
    let shown = html(reminders_page(page));
    assert_sound(&shown);
    assert!(shown.contains("4\u{a0}agents en retard") && shown.contains("3\u{a0}autres agents"), "{shown}");
    assert!(
        shown.contains("1\u{a0}agent a déjà été relancé") && shown.contains("2\u{a0}agents n’ont pas encore ouvert")
    );
    assert!(shown.contains("name=\"departement\" value=\"08\"") && shown.contains("Bonjour &lt;Karim&gt;"), "{shown}");
    assert!(!html(reminders_page(Reminders::default())).contains("<form"), "nobody, nothing to send");
}
