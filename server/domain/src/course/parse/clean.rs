//! The last gate: whatever was rendered, only this list gets through.

use ammonia::Builder;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const TAGS: [&str; 30] = [
    "a",
    "aside",
    "blockquote",
    "br",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "h3",
    "h4",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

const CLASSES: [(&str, &[&str]); 9] = [
    ("a", &["term", "footnote-back"]),
    ("aside", &["footnotes"]),
    ("details", &["case", "choice"]),
    (
        "div",
        &[
            "callout",
            "callout-note",
            "callout-tip",
            "callout-important",
            "callout-warning",
            "callout-caution",
            "table-scroll",
        ],
    ),
    ("figure", &["figure"]),
    ("p", &["callout-title", "footnotes-title"]),
    ("sup", &["footnote-ref"]),
    ("td", &["align-center", "align-right"]),
    ("th", &["align-center", "align-right"]),
];

static GATE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes: [(&str, &[&str]); 5] = [
        ("a", &["href", "rel", "aria-label"]),
        ("div", &["role", "aria-label", "tabindex"]),
        ("img", &["src", "width", "height", "alt", "loading"]),
        ("ol", &["start"]),
        ("th", &["scope"]),
    ];
    let sets = |lists: &[(&'static str, &'static [&'static str])]| -> HashMap<&'static str, HashSet<&'static str>> {
        lists.iter().map(|(tag, list)| (*tag, list.iter().copied().collect())).collect()
    };
    let mut gate = Builder::empty();
    gate.tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(sets(&attributes))
        .generic_attributes(HashSet::from(["id"]))
        .allowed_classes(sets(&CLASSES))
        .url_schemes(HashSet::from(["https", "mailto", "media"]))
        .link_rel(None)
        .attribute_filter(kept);
    gate
});

/// Values as the renderer writes them, and no others.
fn kept<'v>(_: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let fits = match attribute {
        "id" => value.starts_with("p-"),
        "src" => value.starts_with("media:///"),
        "href" => ["#", "/cours/", "https://", "mailto:"].iter().any(|start| value.starts_with(start)),
        "role" => matches!(value, "note" | "group"),
        "width" | "height" => value.parse::<u32>().is_ok(),
        "tabindex" => value == "0",
        "rel" => value == "noopener external",
        "loading" => value == "lazy",
        "scope" => value == "col",
        _ => true,
    };
    fits.then_some(Cow::Borrowed(value))
}

/// HTML that holds nothing else than what the list lets through.
pub(super) fn clean(html: &str) -> String {
    GATE.clean(html).to_string()
}
