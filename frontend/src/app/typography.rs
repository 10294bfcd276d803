//! The no-break spaces of French typography, put in once for every page, so that no line begins with « : » or ends
//! with « « » (Lexique des règles typographiques en usage à l’Imprimerie nationale, « Ponctuation »).

use domain::text::NBSP;
use memchr::{memchr, memchr2};

/// Elements whose text is somebody's, or code's.
const VERBATIM: [&str; 5] = ["textarea", "pre", "code", "script", "style"];

/// The page with its spaces before `: ; ! ? » %` and after `«` made no-break, in its text alone.
pub(crate) fn typeset(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 64);
    // What is written, where this text begins, and how far it is read.
    let (mut written, mut text, mut at) = (0, 0, 0);
    while let Some(found) = memchr2(b'<', b' ', &html.as_bytes()[at..]) {
        at += found;
        let rest = &html[at..];
        if rest.starts_with('<') {
            at += tag(rest);
            text = at;
            continue;
        }
        if html[text..at].ends_with('«') || is_held_back(&rest[1..]) {
            out.push_str(&html[written..at]);
            out.push(NBSP);
            written = at + 1;
        }
        at += 1;
    }
    out.push_str(&html[written..]);
    out
}

/// The length of the tag that opens here, with what is inside where that is to be left alone.
fn tag(tag: &str) -> usize {
    match verbatim(tag) {
        Some(name) => tag.find(&format!("</{name}")).unwrap_or(tag.len()),
        None => memchr(b'>', tag.as_bytes()).map_or(tag.len(), |end| end + 1),
    }
}

/// The element that opens here, where its text is to be left alone.
fn verbatim(tag: &str) -> Option<&'static str> {
    let after = |name: &str| tag[1..].strip_prefix(name).and_then(|rest| rest.chars().next());
    VERBATIM.into_iter().find(|name| after(name).is_some_and(|next| next == '>' || next.is_whitespace()))
}

/// Whether what follows a space begins with a sign that stays on the line of the word before it.
fn is_held_back(after: &str) -> bool {
    let mut signs = after.chars();
    let sign = signs.next();
    let alone = signs.next().is_none_or(|next| !next.is_alphanumeric());
    sign == Some('»') || (matches!(sign, Some(':' | ';' | '!' | '?' | '%')) && alone)
}

#[cfg(test)]
mod tests {
    use super::typeset;

    /// No-break spaces shown as `~`.
    fn shown(html: &str) -> String {
        typeset(html).replace('\u{a0}', "~")
    }

    #[test]
    fn signs_stay_with_their_words() {
        for (html, expected) in [
            (
                "<p>Chapitre 5 : les outils ; vrai ? Oui ! 70 % des points.</p>",
                "<p>Chapitre 5~: les outils~; vrai~? Oui~! 70~% des points.</p>",
            ),
            ("« <em>Bonjour</em> », dit-elle", "«~<em>Bonjour</em>~», dit-elle"),
            ("<span>Attention</span> : lisez", "<span>Attention</span>~: lisez"),
            ("à 9 h 30, :smile, a :b", "à 9 h 30, :smile, a :b"),
            ("fin :", "fin~:"),
            ("<b>«</b> fin", "<b>«</b> fin"),
        ] {
            assert_eq!(shown(html), expected);
        }
    }

    #[test]
    fn what_is_not_text_of_ours_is_left_alone() {
        for html in [
            "<a title=\"a : b\" href=\"x ?y\">c</a>",
            "<textarea name=\"why\">a : b <i> ; c</textarea>",
            "<pre class=\"x\">a ; b</pre><code>a ? b : c</code><script>a ? b : c</script>",
            "<p>é<",
        ] {
            assert_eq!(shown(html), html);
        }
        assert_eq!(shown("<prefix>a : b</prefix>"), "<prefix>a~: b</prefix>");
    }
}
