//! Leptos parts neighbouring texts by `<!>`, which islands need to wake, and which is not valid HTML.

const MARKER: &str = "<!>";
const OPENED: &str = "<leptos-island";
const CLOSED: &str = "</leptos-island";

/// The page without these marks, but in islands.
pub(crate) fn without_markers(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut islands = 0usize;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        if islands == 0
            && let Some(after) = tag.strip_prefix(MARKER)
        {
            rest = after;
            continue;
        }
        if tag.starts_with(OPENED) {
            islands += 1;
        } else if tag.starts_with(CLOSED) {
            islands = islands.saturating_sub(1);
        }
        out.push('<');
        rest = tag.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_markers;

    #[test]
    fn marks_go_but_in_islands() {
        let html = "<p>a<!>b</p><leptos-island x>c<!>d<leptos-island>e<!>f</leptos-island>g<!>h</leptos-island>i<!>é<";
        let kept = "<p>ab</p><leptos-island x>c<!>d<leptos-island>e<!>f</leptos-island>g<!>h</leptos-island>ié<";
        assert_eq!(without_markers(html), kept);
    }
}
