//! The page of trials.

use super::*;
use crate::ui::support::{assert_sound, html};

#[test]
fn each_trial_says_what_it_is_for_before_it_is_made() {
    let page = CheckPage {
        webinar: "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap(),
        title: "Les outils".into(),
        recorded: "Sont gardés la voix et l’écran, jusqu’au 3 décembre 2027.".into(),
        help: String::new(),
        light: true,
    };
    let html = html(check_page(page));
    assert_sound(&html);
    assert!(html.contains("Ce webinaire est enregistré.") && html.contains("jusqu’au 3 décembre 2027"));
    for title in [
        "Le navigateur",
        "La connexion au serveur",
        "L’image et la consommation",
        "Les haut-parleurs",
        "Le micro",
        "La caméra",
    ] {
        assert!(html.contains(title), "{title}");
    }
    assert!(html.contains("Sans JavaScript") && html.contains("Rien n’est enregistré"));
    assert!(html.contains("href=\"/webinaires/aaaaaaaa-0000-4000-8000-000000000001/salle\""));
}
