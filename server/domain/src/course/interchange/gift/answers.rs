//! The answers between the braces: `=` right, `~` wrong or weighted, `%50%`, `#feedback`.

/// One answer, its signs still hidden.
#[derive(Debug, PartialEq)]
pub(super) struct Side {
    /// Percent of the points, from -100 to 100.
    pub(super) weight: f64,
    pub(super) text: String,
    pub(super) feedback: String,
}

/// The answers, in order.
pub(super) fn answers(text: &str) -> Vec<Side> {
    let mut sides = Vec::new();
    let mut mark = '=';
    let mut rest = text.trim();
    loop {
        let end = rest.find(['=', '~']).unwrap_or(rest.len());
        let (side, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !side.trim().is_empty() {
            sides.push(self::side(mark, side.trim()));
        }
        let mut signs = after.chars();
        match signs.next() {
            Some(sign) => mark = sign,
            None => return sides,
        }
        rest = signs.as_str();
        // `~=` is a right answer
        if let (true, Some(right)) = (mark == '~', rest.strip_prefix('=')) {
            (mark, rest) = ('=', right);
        }
    }
}

fn side(mark: char, text: &str) -> Side {
    let weighted = text.strip_prefix('%').and_then(|text| text.split_once('%'));
    let weighted = weighted.and_then(|(weight, text)| Some((weight.trim().parse::<f64>().ok()?, text)));
    let (weight, text) =
        weighted.filter(|(weight, _)| weight.is_finite()).unwrap_or((if mark == '=' { 100.0 } else { 0.0 }, text));
    let (text, feedback) = text.split_once('#').unwrap_or((text, ""));
    Side { weight: weight.clamp(-100.0, 100.0), text: text.trim().to_owned(), feedback: feedback.trim().to_owned() }
}
