use super::*;
use crate::ui::support::{assert_sound, html};

#[test]
fn the_page_explains_each_problem_where_its_type_points() {
    let opened = vec![Opened { scope: "maisons:read", said: "lire les maisons", paths: vec!["/api/v1/maisons"] }];
    let page = html(api_page(ApiPage { url: "https://socle.example".into(), opened }));
    assert_sound(&page);
    for wanted in
        ["id=\"jeton\"", "id=\"portee\"", "id=\"parametre\"", "https://socle.example/api/v1/token", "maisons:read"]
    {
        assert!(page.contains(wanted), "{wanted}");
    }
}
