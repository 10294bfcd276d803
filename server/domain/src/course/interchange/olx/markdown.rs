//! A problem of which only the source is there: the simple Markdown of Studio's editor.

use super::links::Links;
use crate::course::interchange::Notes;
use crate::course::interchange::draft::{Asked, Choice, Draft};
use crate::course::interchange::gift::middle;
use crate::course::interchange::html;

/// The questions, parted by lines of `---`.
pub(super) fn read(text: &str, links: &mut Links<'_>, notes: &mut Notes) -> Vec<Result<Draft, String>> {
    let text = html::sound(text);
    let all: Vec<&str> = text.lines().collect();
    let parts = all.split(|line| line.trim() == "---").filter(|part| part.iter().any(|line| !line.trim().is_empty()));
    parts.map(|part| one(part, links, notes)).collect()
}

/// What has been read of a question.
#[derive(Default)]
struct Parts {
    stem: String,
    choices: Vec<Choice>,
    several: bool,
    answers: Vec<String>,
    explanation: String,
    hints: Vec<String>,
}

fn one(part: &[&str], links: &mut Links<'_>, notes: &mut Notes) -> Result<Draft, String> {
    let mut parts = Parts::default();
    let mut rest = part.iter().copied();
    let mut explaining = false;
    while let Some(line) = rest.next() {
        let trimmed = line.trim();
        if matches!(trimmed, "[explanation]" | "[/explanation]") {
            explaining = !explaining;
        } else if explaining {
            push!(parts.explanation, "{line}\n");
        } else if let Some(choice) = marked(trimmed, ["(", ")"]) {
            parts.choice(choice, links, notes);
        } else if let Some(choice) = marked(trimmed, ["[", "]"]) {
            parts.several = true;
            parts.choice(choice, links, notes);
        } else if let Some(listed) = trimmed.strip_prefix("[[") {
            let mut listed = listed.to_owned();
            while !listed.contains("]]") {
                let Some(line) = rest.next() else { break };
                push!(listed, "\n{line}");
            }
            parts.listed(listed.split("]]").next().unwrap_or_default(), links, notes);
        } else if let Some(answer) = ["or=", "s=", "="].iter().find_map(|mark| trimmed.strip_prefix(mark)) {
            parts.answers.push(hinted(answer, links, notes).0);
        } else if trimmed.starts_with("not=") {
            notes.say(
                "le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous",
            );
        } else if let Some(hint) = trimmed.strip_prefix("||").and_then(|hint| hint.strip_suffix("||")) {
            parts.hints.push(html::literal(hint.trim()));
        } else {
            let asked = trimmed.trim_start_matches(">>").trim_end_matches("<<");
            let asked = if asked == trimmed { line.to_owned() } else { asked.replace("||", "</p><p>") };
            let is_html = asked.trim_start().starts_with('<') || asked.trim().is_empty();
            let [open, close] = if is_html { ["", ""] } else { ["<p>", "</p>"] };
            push!(parts.stem, "{open}{asked}{close}\n");
        }
    }
    parts.draft(links, notes)
}

/// A choice `(x)` or `[ ]`: whether it is right, and its text.
fn marked<'l>(line: &'l str, [open, close]: [&str; 2]) -> Option<(bool, &'l str)> {
    let (mark, text) = line.strip_prefix(open)?.split_once(close)?;
    match mark.trim() {
        "" | "@" if !mark.is_empty() => Some((false, text)),
        "x" | "X" | "x@" | "@x" => Some((true, text)),
        _ => None,
    }
}

/// A text and the hint that follows it: `réponse {{commentaire}}`.
fn hinted(text: &str, links: &mut Links<'_>, notes: &mut Notes) -> (String, String) {
    let Some((text, hint)) = text.split_once("{{") else { return (text.trim().to_owned(), String::new()) };
    let hint = hint.split("}}").next().unwrap_or_default().trim();
    // what is said to who ticks it, and to who does not
    let (said, unticked) = match hint.strip_prefix("s:").or(hint.strip_prefix("selected:")) {
        Some(rest) => {
            rest.split_once("u:").map_or((rest, false), |(said, _)| (said.trim().trim_end_matches(','), true))
        }
        None if hint.starts_with("u:") || hint.starts_with("unselected:") => ("", true),
        None => (hint, false),
    };
    if unticked {
        notes.say("le commentaire montré à qui ne coche pas un choix est laissé");
    }
    (text.trim().to_owned(), html::markdown(said, 3, links, notes))
}

impl Parts {
    fn choice(&mut self, (right, text): (bool, &str), links: &mut Links<'_>, notes: &mut Notes) {
        let (text, feedback) = hinted(text, links, notes);
        self.choices.push(Choice { text: html::line(&text, links, notes), right, feedback });
    }

    /// `un, (deux), trois`, or one a line.
    fn listed(&mut self, text: &str, links: &mut Links<'_>, notes: &mut Notes) {
        let parted: Vec<&str> =
            if text.trim().contains('\n') { text.lines().collect() } else { text.split(',').collect() };
        for option in parted.into_iter().map(str::trim).filter(|option| !option.is_empty()) {
            let (text, feedback) = hinted(option, links, notes);
            let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            let shown = html::line(inner.unwrap_or(&text), links, notes);
            self.choices.push(Choice { text: shown, right: inner.is_some(), feedback });
        }
    }

    fn draft(self, links: &mut Links<'_>, notes: &mut Notes) -> Result<Draft, String> {
        let asked = match (self.choices.is_empty(), self.answers.split_first()) {
            (false, _) if self.several => Asked::Multiple { choice: self.choices },
            (false, _) => Asked::Single { choice: self.choices },
            (true, Some((first, _))) => match number(first) {
                Some((answer, tolerance)) => Asked::Numeric { answer, tolerance, unit: None },
                None if first.starts_with('|') => {
                    return Err(String::from(
                        "sa réponse est comparée à une expression régulière : écrivez chaque réponse acceptée",
                    ));
                }
                None => Asked::ShortText { accepted: self.answers },
            },
            (true, None) => return Err(String::from("aucune réponse n’y est reconnue")),
        };
        let mut feedback = html::markdown(&self.explanation, 3, links, notes);
        if !self.hints.is_empty() {
            notes.say("des indices se demandaient avant de répondre : ils sont dits après, avec l’explication");
            feedback.push_str(if feedback.is_empty() { "" } else { "\n\n" });
            push!(feedback, "Indices\u{a0}: {}", self.hints.join(" "));
        }
        let stem = html::markdown(&self.stem, 3, links, notes);
        Ok(Draft { id: String::new(), stem, points: 1, feedback, section: None, skill: None, asked })
    }
}

/// `600`, `600 +- 5`, `600 +- 5%` or `[595,605]`.
fn number(text: &str) -> Option<(f64, f64)> {
    let parsed = |text: &str| text.trim().parse::<f64>().ok();
    if let Some((least, most)) = text
        .strip_prefix(['[', '('])
        .and_then(|rest| rest.strip_suffix([']', ')']))
        .and_then(|rest| rest.split_once(','))
    {
        return parsed(least).zip(parsed(most)).map(|(least, most)| middle(least, most));
    }
    let Some((value, width)) = text.split_once("+-") else { return parsed(text).map(|value| (value, 0.0)) };
    let value = parsed(value)?;
    match width.trim().strip_suffix('%') {
        Some(percent) => Some((value, middle(0.0, value.abs() * parsed(percent)? / 50.0).0)),
        None => Some((value, parsed(width)?)),
    }
}
