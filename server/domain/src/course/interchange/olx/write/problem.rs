//! A question as a `problem`.

use crate::course::interchange::Notes;
use crate::quiz::{Choice, GapPart, Kind, Question};
use crate::text::escaped;

/// How the HTML of our pages is made theirs.
type Html<'h> = dyn FnMut(&str, &mut Notes) -> String + 'h;

/// The whole file; what OLX cannot say is told.
pub(super) fn write(question: &Question, html: &mut Html<'_>, notes: &mut Notes) -> String {
    let stem = html(&question.stem, notes);
    let stem = stem.trim();
    let label = stem.strip_prefix("<p>").and_then(|stem| stem.strip_suffix("</p>")).filter(|stem| !stem.contains("<p"));
    // one paragraph labels the field; what is longer stands before it
    let (before, label) = match label {
        Some(label) => (String::new(), format!("<label>{label}</label>\n")),
        None => (format!("<div>{stem}</div>\n"), String::new()),
    };
    let body = match &question.kind {
        Kind::Single { choices } => {
            let choices = choices_of(choices, html, notes);
            format!(
                "{before}<multiplechoiceresponse>\n{label}<choicegroup type=\"MultipleChoice\">\n{choices}</choicegroup>\n</multiplechoiceresponse>\n"
            )
        }
        Kind::Multiple { choices } => {
            let choices = choices_of(choices, html, notes);
            format!("{before}<choiceresponse>\n{label}<checkboxgroup>\n{choices}</checkboxgroup>\n</choiceresponse>\n")
        }
        Kind::TrueFalse { answer, feedback_true, feedback_false } => {
            let choice = |text: &str, right: bool, feedback: &str| Choice {
                text: text.to_owned(),
                right,
                feedback: feedback.to_owned(),
            };
            let both = [choice("Vrai", *answer, feedback_true), choice("Faux", !*answer, feedback_false)];
            let choices = choices_of(&both, html, notes);
            format!(
                "{before}<multiplechoiceresponse>\n{label}<choicegroup type=\"MultipleChoice\">\n{choices}</choicegroup>\n</multiplechoiceresponse>\n"
            )
        }
        Kind::Numeric { answer, tolerance, unit } => {
            let unit = unit.as_ref().map(|unit| format!(" trailing_text=\"{}\"", escaped(unit))).unwrap_or_default();
            format!(
                "{before}<numericalresponse answer=\"{answer}\">\n{label}<responseparam type=\"tolerance\" default=\"{tolerance}\"/>\n<formulaequationinput{unit}/>\n</numericalresponse>\n"
            )
        }
        Kind::ShortText { accepted } => format!("{before}{}", typed(&label, accepted)),
        Kind::Matching { pairs, distractors } => {
            let mut offered: Vec<&str> =
                pairs.iter().map(|pair| pair.right.as_str()).chain(distractors.iter().map(String::as_str)).collect();
            offered.sort_unstable();
            let lists: String =
                pairs.iter().map(|pair| list(&pair.left, &offered, std::slice::from_ref(&pair.right))).collect();
            format!("<div>{stem}</div>\n{lists}")
        }
        Kind::Ordering { items } => {
            notes.say("OLX n’a pas de mise en ordre : elle devient une association entre les places et les éléments");
            let mut offered: Vec<&str> = items.iter().map(String::as_str).collect();
            offered.sort_unstable();
            let lists: String = (1..)
                .zip(items)
                .map(|(place, item)| list(&format!("Place {place}"), &offered, std::slice::from_ref(item)))
                .collect();
            format!("<div>{stem}</div>\n{lists}")
        }
        Kind::Gap { parts } => {
            notes.say("OLX n’a pas de texte à trous : les trous sont numérotés, et chacun est une question");
            gaps(stem, parts)
        }
    };
    let solution = if question.feedback.trim().is_empty() {
        String::new()
    } else {
        format!(
            "<solution>\n<div class=\"detailed-solution\">\n{}</div>\n</solution>\n",
            html(&question.feedback, notes)
        )
    };
    if question.section.is_some() {
        notes.say("la section à relire ne se dit pas en OLX");
    }
    format!(
        "<problem display_name=\"{}\" weight=\"{}\" showanswer=\"attempted\" markdown=\"null\">\n{body}{solution}</problem>\n",
        question.slug, question.points
    )
}

fn choices_of(choices: &[Choice], html: &mut Html<'_>, notes: &mut Notes) -> String {
    let mut out = String::new();
    for choice in choices {
        let (text, feedback) = (html(&choice.text, notes), html(&choice.feedback, notes));
        push!(
            out,
            "<choice correct=\"{}\">{text}\n<choicehint>{}</choicehint></choice>\n",
            choice.right,
            feedback.trim()
        );
    }
    out
}

/// A field to type in, after its label.
fn typed(label: &str, accepted: &[String]) -> String {
    let (first, more) = accepted.split_first().map_or(("", accepted), |(first, more)| (first.as_str(), more));
    let mut out = format!("<stringresponse answer=\"{}\" type=\"ci\">\n{label}", escaped(first));
    for more in more {
        push!(out, "<additional_answer answer=\"{}\"/>\n", escaped(more));
    }
    out.push_str("<textline size=\"30\"/>\n</stringresponse>\n");
    out
}

/// A list to pick from, after its label.
fn list(label: &str, offered: &[&str], right: &[String]) -> String {
    let mut out = format!("<optionresponse>\n<label>{}</label>\n<optioninput>\n", escaped(label));
    for option in offered {
        let correct = if right.iter().any(|right| right == option) { "True" } else { "False" };
        push!(out, "<option correct=\"{correct}\">{}</option>\n", escaped(option));
    }
    out.push_str("</optioninput>\n</optionresponse>\n");
    out
}

/// The text with its gaps numbered, then a field a gap.
fn gaps(stem: &str, parts: &[GapPart]) -> String {
    let (mut text, mut fields) = (String::new(), String::new());
    let mut number = 0;
    for part in parts {
        match part {
            GapPart::Text { text: words } => text.push_str(&escaped(words).replace('\n', "<br/>\n")),
            GapPart::Gap(gap) => {
                number += 1;
                let label = format!("Trou {number}");
                push!(text, "<strong>({number})</strong>");
                if gap.options.is_empty() {
                    fields.push_str(&typed(&format!("<label>{label}</label>\n"), &gap.accepted));
                } else {
                    let offered: Vec<&str> = gap.options.iter().map(String::as_str).collect();
                    fields.push_str(&list(&label, &offered, &gap.accepted));
                }
            }
        }
    }
    format!("<div>{stem}</div>\n<p>{text}</p>\n{fields}")
}
