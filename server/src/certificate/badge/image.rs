//! The picture of a badge, with the badge inside it (Open Badges 3.0, §5.3.2.1, « Baked Badge »).

use domain::text::escaped;
use serde_json::Value;
use std::fmt::Write as _;

/// Letters of the title on a line.
const LINE: usize = 26;

/// An SVG that shows the title, and holds the badge.
pub(in crate::certificate) fn baked(badge: &Value) -> String {
    // In JSON, a sign may be told by its code: so the document never ends where it must not.
    let document = badge.to_string().replace("]]>", "]]\\u003e");
    let title = badge["name"].as_str().unwrap_or_default();
    let issuer = badge["issuer"]["name"].as_str().unwrap_or_default();
    let year = badge["validFrom"].as_str().and_then(|at| at.get(..4)).unwrap_or_default();
    let lines = wrapped(title);
    let top = 214 - 17 * lines.len();
    let mut words = String::new();
    for (place, line) in lines.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(words, "<text x=\"256\" y=\"{}\">{}</text>", top + 34 * place, escaped(line));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" \
         viewBox=\"0 0 512 512\" role=\"img\" aria-labelledby=\"titre\">\
         <openbadges:credential><![CDATA[{document}]]></openbadges:credential>\
         <title id=\"titre\">{}</title>\
         <path fill=\"#0b5f63\" d=\"M152 356h80l-24 148-40-36-56 8zM360 356h-80l24 148 40-36 56 8z\"/>\
         <circle cx=\"256\" cy=\"216\" r=\"208\" fill=\"#0b5f63\"/><circle cx=\"256\" cy=\"216\" r=\"190\" fill=\"#fbf8f2\"/>\
         <g font-family=\"sans-serif\" font-size=\"25\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#23201b\">{words}</g>\
         <g font-family=\"sans-serif\" font-size=\"20\" text-anchor=\"middle\" fill=\"#0b5f63\">\
         <text x=\"256\" y=\"88\">{year}</text><text x=\"256\" y=\"358\">{}</text></g></svg>",
        escaped(title),
        escaped(&shortened(issuer)),
    )
}

/// The title on lines that the medal has room for; what is longer is cut short: the badge itself says it all.
fn wrapped(title: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in title.split_whitespace() {
        let fits =
            lines.last().is_some_and(|line| line.is_empty() || line.chars().count() + word.chars().count() < LINE);
        match lines.last_mut() {
            Some(line) if fits => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let too_many = lines.len() > 6;
    lines.truncate(6);
    if let Some(last) = lines.last_mut().filter(|_| too_many) {
        last.push('…');
    }
    lines.into_iter().map(|line| shortened(&line)).collect()
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LINE + 2 {
        return text.to_owned();
    }
    text.chars().take(LINE).chain(['…']).collect()
}
