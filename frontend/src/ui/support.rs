//! For the tests of pages: HTML, and what is wrong with it.

use leptos::prelude::*;

pub(crate) fn html(view: impl IntoView) -> String {
    crate::app::without_markers(&view.into_view().to_html())
}

/// The values of an attribute of that tag, in order.
pub(crate) fn attributes(html: &str, tag: &str, attribute: &str) -> Vec<String> {
    let opening = format!("<{tag}");
    html.split(&opening)
        .skip(1)
        .filter(|rest| rest.starts_with([' ', '>', '/']))
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            let value = tag.split(&format!(" {attribute}=\"")).nth(1)?;
            Some(value.split('"').next()?.to_owned())
        })
        .collect()
}

/// Levels of the headings, in order.
pub(crate) fn headings(html: &str) -> Vec<u8> {
    let level = |rest: &str| rest.bytes().next().filter(u8::is_ascii_digit).map(|digit| digit - b'0');
    html.split("<h").skip(1).filter_map(level).collect()
}

/// One `h1`, first, and no level jumped; every visible field has a label; every id is alone and
/// every reference to one finds it.
pub(crate) fn assert_sound(html: &str) {
    let levels = headings(html);
    assert_eq!(levels.first(), Some(&1), "the page starts with its title: {html}");
    assert!(!levels[1..].contains(&1), "one title");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no level is jumped: {levels:?}");

    let labelled = attributes(html, "label", "for");
    for tag in ["input", "select", "textarea"] {
        for field in html.split(&format!("<{tag} ")).skip(1).filter_map(|rest| rest.split('>').next()) {
            if field.split(' ').any(|word| matches!(word, "hidden" | "type=\"hidden\"")) {
                continue;
            }
            let id = field.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            assert!(labelled.iter().any(|label| label == id), "a {tag} without label: {field}");
        }
    }

    let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for id in &ids {
        assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "the id {id} is given twice");
    }
    for reference in ["aria-describedby", "aria-labelledby"] {
        for wanted in html.split(&format!(" {reference}=\"")).skip(1).filter_map(|rest| rest.split('"').next()) {
            for id in wanted.split(' ') {
                assert!(ids.contains(&id), "{reference} names {id}, which is not there");
            }
        }
    }
    assert!(
        !html.contains(" :") && !html.contains(" ?") && !html.contains(" ;") && !html.contains("« "),
        "spaces that break lines"
    );
}
