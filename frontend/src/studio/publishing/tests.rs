use super::*;
use crate::studio::{Framed, Tab};
use crate::ui::support::{assert_sound, html};

fn framed(publishes: bool, tab: Tab) -> Framed {
    Framed { course: "accueil".into(), title: "L’accueil".into(), publishes, tab }
}

fn page(publishes: bool) -> PublishPage {
    let finding = |key: Option<&str>| FindingLine {
        rule: "Texte de lien",
        href: "/studio/accueil/chapitres/un?ligne=12".into(),
        place: "un/chapter.md, ligne 12".into(),
        said: "le lien «\u{a0}ici\u{a0}» ne dit pas où il mène".into(),
        remedy: "Nommez la page.".into(),
        key: key.map(str::to_owned),
    };
    PublishPage {
        framed: framed(publishes, Tab::Publishing),
        blocking: vec![finding(Some("0a1b")), finding(None)],
        advice: vec![finding(None)],
        waived: Vec::new(),
        figures: Vec::new(),
        consequences: None,
        order: OrderTyped::default(),
        planned: None,
        elsewhere: None,
        withdrawn: None,
        published: Some(3),
        problem: None,
    }
}

#[test]
fn each_finding_leads_to_its_place_and_publishers_alone_let_one_stand() {
    let drawn = html(publish_page(page(true)));
    assert_sound(&drawn);
    assert_eq!(drawn.matches("/studio/accueil/chapitres/un?ligne=12").count(), 3);
    assert_eq!(drawn.matches("value=\"waive\"").count(), 1, "what cannot be waived has no form: {drawn}");
    assert!(!drawn.contains("Publier maintenant"), "the gate is shut");
    let author = html(publish_page(page(false)));
    assert!(!author.contains("value=\"waive\"") && !author.contains("value=\"withdraw\""), "{author}");
}

#[test]
fn the_consequences_are_told_in_a_sentence_and_a_line_a_reason() {
    let line = ConsequenceLine { who: "9 agents refont le chapitre 3".into(), why: "il a changé d’identifiant" };
    let all = Consequences { keep: 112, more: 9, less: 0, not_begun: 4, lines: vec![line] };
    let open = PublishPage { blocking: Vec::new(), consequences: Some(all), ..page(true) };
    let drawn = html(publish_page(open));
    assert_sound(&drawn);
    for said in [
        "112 agents gardent tout leur travail",
        "9 ont quelque chose de plus",
        "4 n’ont pas commencé",
        "parce qu’il a changé",
    ] {
        assert!(drawn.replace('\u{a0}', " ").contains(said), "{said}: {drawn}");
    }
    assert!(drawn.contains("Publier maintenant"));
}

/// The contrast of our call-outs is that of the house's colours: WCAG 2.1, 1.4.3, in light and dark.
#[test]
fn call_outs_can_be_read_in_both_schemes() {
    let tokens = include_str!("../../../style/tokens.css");
    let (light, dark) = tokens.split_once("prefers-color-scheme").expect("two schemes");
    for scheme in [light, dark] {
        for (text, ground) in
            [("--ink", "--tint"), ("--accent", "--tint"), ("--ink", "--wrong-tint"), ("--wrong", "--wrong-tint")]
        {
            let ratio = contrast(colour(scheme, text), colour(scheme, ground));
            assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
        }
    }
}

fn colour(css: &str, name: &str) -> [f64; 3] {
    let value = css.split(&format!("{name}: #")).nth(1).expect("a colour").split(';').next().expect("its end");
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&value[at..at + 2], 16).expect("hexadecimal")) / 255.0)
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [r, g, b] =
            colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
