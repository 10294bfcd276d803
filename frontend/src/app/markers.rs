//! Leptos parts neighbouring texts by `<!>`, which islands need to wake, and which is not valid HTML.

use memchr::memchr_iter;

const MARKER: &str = "<!>";
const OPENED: &str = "<leptos-island";
const CLOSED: &str = "</leptos-island";

/// The page without these marks, but in islands.
pub(crate) fn without_markers(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut islands, mut written) = (0_usize, 0);
    for at in memchr_iter(b'<', html.as_bytes()) {
        let tag = &html[at..];
        if tag.starts_with(OPENED) {
            islands += 1;
        } else if tag.starts_with(CLOSED) {
            islands = islands.saturating_sub(1);
        } else if islands == 0 && tag.starts_with(MARKER) {
            out.push_str(&html[written..at]);
            written = at + MARKER.len();
        }
    }
    out.push_str(&html[written..]);
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
