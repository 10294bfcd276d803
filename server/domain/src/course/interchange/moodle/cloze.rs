//! Questions in a text: `{1:MULTICHOICE:=juste#oui~faux}`, <https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type>.

use crate::course::interchange::draft::Gap;
use crate::course::interchange::{Notes, html};
use std::collections::BTreeMap;

/// The key of a gap by its place.
pub(super) fn key(place: usize) -> Result<String, String> {
    ('a'..='z').nth(place).map(String::from).ok_or_else(|| String::from("elle a plus de 26 trous : coupez-la"))
}

/// The text with gaps, and what each takes.
pub(super) fn read(source: &str, notes: &mut Notes) -> Result<(String, BTreeMap<String, Gap>), String> {
    let (mut html, mut gap) = (String::new(), BTreeMap::new());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('{') {
        html.push_str(before);
        let end = ends(after).unwrap_or(after.len());
        let (inside, next) = after.split_at_checked(end).unwrap_or((after, ""));
        rest = next.strip_prefix('}').unwrap_or(next);
        let Some((sort, answers)) = opened(inside) else {
            html.push_str(inside);
            continue;
        };
        let key = key(gap.len())?;
        gap.insert(key.clone(), self::gap(sort, answers, notes)?);
        // out of the way of HTML and of spaces
        push!(html, "\u{2997}{key}\u{2998}");
    }
    html.push_str(rest);
    if gap.is_empty() {
        return Err(String::from("son texte n’a pas de trou que l’on sache lire"));
    }
    let text = html::plain(&html).replace(['{', '}'], " ").replace('\u{2997}', "{").replace('\u{2998}', "}");
    Ok((text, gap))
}

/// Where the brace that is open ends.
fn ends(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, sign)| {
        let end = sign == '}' && !escaped;
        escaped = sign == '\\' && !escaped;
        end.then_some(at)
    })
}

/// The type and the answers of `1:TYPE:answers`.
fn opened(inside: &str) -> Option<(&str, &str)> {
    let (weight, rest) = inside.split_once(':')?;
    let (sort, answers) = rest.split_once(':')?;
    let counted = weight.trim().bytes().all(|digit| digit.is_ascii_digit());
    (counted && !sort.is_empty() && sort.bytes().all(|sign| sign.is_ascii_uppercase() || sign == b'_'))
        .then_some((sort, answers))
}

fn gap(sort: &str, answers: &str, notes: &mut Notes) -> Result<Gap, String> {
    let (mut accepted, mut options) = (Vec::new(), Vec::new());
    let picked = match sort.trim_end_matches("_S").trim_end_matches('S') {
        "MULTICHOICE" | "MC" | "MULTICHOICE_V" | "MULTICHOICE_H" | "MCV" | "MCH" | "MC_V" | "MC_H" => true,
        "SHORTANSWER" | "SA" | "MW" | "SHORTANSWER_C" | "SAC" | "MWC" | "NUMERICAL" | "NM" => false,
        _ => {
            return Err(format!(
                "un trou du type {sort} prend plusieurs réponses : faites-en une question à choix multiple"
            ));
        }
    };
    let numeric = matches!(sort, "NUMERICAL" | "NM");
    for answer in split(answers) {
        let (weight, said) = weighed(&answer);
        let (said, feedback) = cut(said, '#');
        if feedback.is_some_and(|feedback| !feedback.trim().is_empty()) {
            notes.say(
                "le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous",
            );
        }
        let mut words = html::plain(&unescaped(said));
        if numeric {
            let (value, tolerance) =
                words.split_once(':').map_or((words.as_str(), ""), |(value, tolerance)| (value, tolerance));
            if !matches!(tolerance.trim(), "" | "0") {
                notes.say("un trou acceptait les nombres voisins : il n’accepte que le nombre exact");
            }
            words = String::from(value.trim());
        }
        if words == "*" || words.is_empty() {
            continue;
        }
        if weight > 0.0 && weight < 99.99 {
            notes.say(format!("« {words} » valait {weight} % des points : elle n’est pas acceptée"));
        }
        if weight >= 99.99 {
            accepted.push(words.clone());
        }
        if picked {
            options.push(words);
        }
    }
    Ok(Gap { accepted, options })
}

/// The answers, each beginning with `=` when it is right.
fn split(answers: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut escaped = false;
    for sign in answers.chars() {
        if sign == '~' && !escaped {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            last.push(sign);
        }
        escaped = sign == '\\' && !escaped;
    }
    all.retain(|answer| !answer.trim().is_empty());
    all
}

/// `=` is 100 %, `%50%` says itself, and nothing is 0 %.
fn weighed(answer: &str) -> (f64, &str) {
    let answer = answer.trim();
    if let Some(answer) = answer.strip_prefix('=') {
        return (100.0, answer);
    }
    let weighted = answer.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    weighted.and_then(|(weight, rest)| Some((weight.trim().parse().ok()?, rest))).unwrap_or((0.0, answer))
}

/// The text before the first such sign that is not escaped, and after it.
fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    let mut escaped = false;
    let found = text.char_indices().find(|(_, sign)| {
        let here = *sign == at && !escaped;
        escaped = *sign == '\\' && !escaped;
        here
    });
    match found.and_then(|(place, sign)| Some((text.get(..place)?, text.get(place + sign.len_utf8()..)?))) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for sign in text.chars() {
        if sign == '\\' && !escaped {
            escaped = true;
        } else {
            out.push(sign);
            escaped = false;
        }
    }
    out
}
