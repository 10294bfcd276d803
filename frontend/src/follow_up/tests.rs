use super::*;
use crate::ui::support::{assert_sound, html};

fn row(last: Option<&str>) -> AgentRow {
    AgentRow {
        href: "/suivi/3".into(),
        name: "Karim Benali".into(),
        maison: Some("Espace de Rethel".into()),
        departement: Some("08".into()),
        done: 1,
        of: 3,
        minutes: 80,
        last: last.map(|at| at.parse().unwrap()),
    }
}

fn page(agents: Agents) -> String {
    let html = html(agents_page(agents));
    assert_sound(&html);
    html
}

#[test]
fn a_row_tells_who_where_and_how_far() {
    let html = page(Agents {
        rows: vec![row(Some("2026-11-24T13:05:00Z")), row(None)],
        page: 1,
        pages: 1,
        total: 2,
        ..Agents::default()
    });
    assert!(
        html.contains("href=\"/suivi/3\"")
            && html.contains("Espace de Rethel (08)")
            && html.contains("1\u{a0}h\u{a0}20\u{a0}min")
    );
    assert!(html.contains("24 novembre 2026") && html.contains("Aucun") && html.contains("2\u{a0}agents"), "{html}");
    assert!(!html.contains("<nav"), "one page needs no links to others");
}

#[test]
fn pages_keep_the_filter() {
    let html = page(Agents { query: "été & co".into(), rows: vec![row(None)], page: 2, pages: 3, total: 120 });
    assert!(html.contains("/suivi?q=%C3%A9t%C3%A9%20%26%20co&amp;page=1") && html.contains("page=3"), "{html}");
    assert!(html.contains("rel=\"prev\"") && html.contains("rel=\"next\""));
}

#[test]
fn a_wide_table_scrolls_under_the_keyboard() {
    let html = page(Agents { rows: vec![row(None)], page: 1, pages: 1, total: 1, ..Agents::default() });
    assert!(html.contains("role=\"region\" tabindex=\"0\" aria-labelledby=\"agents\""));
}

#[test]
fn nobody_yet_and_nobody_found_differ() {
    assert!(page(Agents { page: 1, pages: 1, ..Agents::default() }).contains("n’a encore de résultat"));
    assert!(
        page(Agents { query: "zz".into(), page: 1, pages: 1, ..Agents::default() })
            .contains("ne répond à «\u{a0}zz\u{a0}»")
    );
}
