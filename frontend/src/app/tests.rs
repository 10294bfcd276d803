use super::*;
use crate::ui::support::{assert_sound, attributes};

fn agent() -> Viewer {
    Viewer { name: "Léa Perrin".into(), ..Viewer::default() }
}

fn parts(name: &str) -> Parts {
    Parts {
        css: format!("/assets/{name}-1.css"),
        js: Some(format!("/assets/{name}-2.js")),
        wasm: Some(format!("/assets/{name}-3.wasm")),
    }
}

fn shell(path: &str) -> Shell {
    Shell {
        title: "Mon parcours".into(),
        viewer: Some(agent()),
        path: path.into(),
        nonce: "n0nce".into(),
        assets: Assets { pages: parts("socle"), room: parts("room"), ..Assets::default() },
        accessibility_status: "non conforme".into(),
        ..Shell::default()
    }
}

fn plain() -> impl IntoView {
    view! { <h1>"Titre"</h1> }
}

fn with_island() -> impl IntoView {
    crate::ui::rooted::rooted(|| {
        view! {
            <h1>"Titre"</h1>
            <crate::course::reader::Reader course="c".to_owned() chapter="d".to_owned()/>
        }
    })
}

#[test]
fn a_page_says_its_language_its_title_and_where_its_content_starts() {
    let html = document(&shell("/"), plain());
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"fr\">"), "{html}");
    assert!(html.contains("<title>Mon parcours – Socle</title>"));
    assert!(html.contains("href=\"#contenu\"") && html.contains("<main id=\"contenu\" tabindex=\"-1\">"));
    assert_sound(&html);
}

#[test]
fn a_page_without_island_loads_no_script() {
    let html = document(&shell("/"), plain());
    assert!(!html.contains("<script") && !html.contains(".wasm"));
}

#[test]
fn a_page_that_asks_for_a_passkey_has_a_small_script_and_no_bundle() {
    let html = document(&shell("/"), view! { <form data-passkey="asked"></form> });
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("<script type=\"module\" nonce=\"n0nce\">") && !html.contains(".wasm"));
    assert!(PASSKEY.len() < 4_000, "{}", PASSKEY.len());
    // Words that are not set as French is would be shown so.
    let breaks = PASSKEY.lines().filter(|line| line.contains('’') && line.contains(" : "));
    assert_eq!(breaks.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_page_with_an_island_loads_the_bundle_under_the_nonce() {
    let html = document(&shell("/"), with_island());
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("<script type=\"module\" nonce=\"n0nce\">"));
    assert!(html.contains("from \"/assets/socle-2.js\"") && html.contains("module_or_path: \"/assets/socle-3.wasm\""));
    assert!(!html.contains("{js}") && !html.contains("{wasm}"));
}

#[test]
fn a_page_of_the_room_loads_the_rooms_bundle_alone_and_its_style_on_top() {
    let html = document(&Shell { bundle: Bundle::Room, ..shell("/") }, with_island());
    assert!(html.contains("from \"/assets/room-2.js\"") && html.contains("module_or_path: \"/assets/room-3.wasm\""));
    assert!(!html.contains("socle-2.js") && !html.contains("socle-3.wasm"));
    assert!(html.find("/assets/socle-1.css").unwrap() < html.find("/assets/room-1.css").unwrap());
    assert!(!document(&shell("/"), with_island()).contains("/assets/room-"));
}

#[test]
fn without_a_bundle_an_island_stays_asleep() {
    let html = document(&Shell { assets: Assets::default(), ..shell("/") }, with_island());
    assert!(html.contains("<leptos-island") && !html.contains("<script"));
}

#[test]
fn the_navigation_tells_where_one_is() {
    let at = |path: &str| {
        let html = document(&shell(path), plain());
        html.split("<a ")
            .filter(|link| link.contains("aria-current"))
            .map(|link| link.split('>').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(at("/dossier?avant=3"), ["href=\"/dossier\" aria-current=\"page\""]);
    assert_eq!(at("/cours/a/b"), ["href=\"/\" aria-current=\"true\""]);
    assert_eq!(at("/accessibilite"), [""; 0]);
}

#[test]
fn each_sees_the_places_that_are_theirs() {
    let links = |viewer| {
        let html = document(&Shell { viewer, ..shell("/") }, plain());
        (html.contains("\"/suivi\""), html.contains("\"/administration/comptes\""), html.contains("\"/dossier\""))
    };
    assert_eq!(links(Some(agent())), (false, false, true));
    assert_eq!(links(Some(Viewer { follows: true, ..agent() })), (true, false, true));
    assert_eq!(links(Some(Viewer { may_administer: true, ..agent() })), (false, true, true));
    assert_eq!(links(None), (false, false, false));
}

#[test]
fn signing_out_is_a_form_and_signing_in_a_link() {
    let html = document(&shell("/"), plain());
    assert!(html.contains("method=\"post\" action=\"/deconnexion\""));
    let html = document(&Shell { viewer: None, ..shell("/") }, plain());
    assert!(html.contains("href=\"/connexion\"") && !html.contains("/deconnexion"));
}

#[test]
fn every_page_carries_the_statements_and_the_light_mode() {
    let html = document(&shell("/dossier?avant=3"), plain());
    assert!(html.contains("Accessibilité\u{a0}: non conforme"), "{html}");
    for href in ["/accessibilite", "/mentions-legales", "/donnees-personnelles"] {
        assert!(attributes(&html, "a", "href").contains(&href.to_owned()));
    }
    assert_eq!(attributes(&html, "input", "value"), ["on", "/dossier?avant=3"]);
    let html = document(&Shell { light: true, ..shell("/") }, plain());
    assert!(attributes(&html, "input", "value").contains(&"off".to_owned()));
}

#[test]
fn nothing_of_a_title_or_an_address_is_taken_for_html() {
    let nasty = "\"><script>x</script>";
    let html = document(&Shell { title: nasty.into(), nonce: nasty.into(), ..shell(nasty) }, with_island());
    assert!(!html.contains("<script>x"), "{html}");
}

#[test]
fn a_failure_says_what_to_do() {
    let page = |status| {
        let view = error_page(ErrorPage { status, title: "Titre".into(), said: "Dit.".into() });
        let html = crate::ui::support::html(view);
        assert_sound(&html);
        html
    };
    assert!(page(401).contains("href=\"/connexion\""));
    assert!(page(404).contains("Aller à mon parcours"));
    assert!(page(503).contains("Aller à l’accueil"));
}
