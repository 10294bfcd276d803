use super::*;
use crate::ui::support::{assert_sound, html};

fn hit() -> Hit {
    let spans = vec![("le ".to_owned(), false), ("mandat".to_owned(), true), (" <b>".to_owned(), false)];
    Hit { href: "/cours/a/b#p-1".into(), chapter: "Faire avec".into(), section: "Agir en son nom".into(), spans }
}

fn page(query: &str, hits: Vec<Hit>, most: u64) -> String {
    let html = html(results_page(Results { query: query.into(), hits, most }));
    assert_sound(&html);
    html
}

#[test]
fn a_hit_leads_to_its_paragraph_and_marks_the_words() {
    let html = page("mandat", vec![hit()], 30);
    assert!(html.contains("href=\"/cours/a/b#p-1\"") && html.contains("<mark>mandat</mark>"));
    assert!(html.contains("1\u{a0}passage pour «\u{a0}mandat\u{a0}»") && html.contains("&lt;b&gt;"), "{html}");
}

#[test]
fn a_cut_list_says_so() {
    assert!(page("mandat", vec![hit(), hit()], 2).contains("Les 2\u{a0}premiers passages"));
}

#[test]
fn nothing_asked_and_nothing_found_differ() {
    assert!(page("  ", Vec::new(), 30).contains("Tapez un ou plusieurs mots"));
    assert!(page("zzz", Vec::new(), 30).contains("Aucun passage ne contient «\u{a0}zzz\u{a0}»"));
}
