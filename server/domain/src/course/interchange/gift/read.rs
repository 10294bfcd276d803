//! From GIFT to questions.

use super::answers::{Side, answers};
use super::{hidden, shown};
use crate::course::interchange::draft::{Asked, Choice, Draft};
use crate::course::interchange::html::{self, Around};
use crate::course::interchange::pool::Found;
use crate::course::interchange::{Item, Notes};
use crate::quiz::Pair;

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// HTML whose line ends mean nothing, as `[moodle]`, which is what is meant by none.
    Html,
    Markdown,
    Plain,
}

/// GIFT carries no file.
struct Alone;

impl Around for Alone {
    fn image(&mut self, source: &str) -> Result<String, String> {
        Err(format!("l’image « {} » n’est pas dans un fichier GIFT : ajoutez-la au cours", html::short(source)))
    }
}

/// Reads the questions of a file. Blank lines end a question, whatever is open.
pub(in crate::course::interchange) fn read(file: &str, text: &str) -> Vec<Found> {
    let text = html::sound(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut found = Vec::new();
    let mut block = Block::default();
    for (line, number) in text.lines().zip(1u32..).chain([("", 0)]) {
        let trimmed = line.trim();
        if trimmed.starts_with("//") {
            block.mark(trimmed);
        } else if !trimmed.is_empty() {
            if block.text.is_empty() {
                block.line = number;
            }
            block.text.push_str(line);
            block.text.push('\n');
        } else if !block.text.is_empty() {
            found.push(std::mem::take(&mut block).read(file));
        }
    }
    found
}

/// The lines of a question.
#[derive(Debug, Default)]
struct Block {
    line: u32,
    text: String,
    /// `[id:…]` in a comment before the question.
    id: Option<String>,
    tags: Vec<String>,
}

impl Block {
    /// Keeps what Moodle says of a question in a comment: `[id:…]`, `[tag:…]`.
    fn mark(&mut self, comment: &str) {
        for part in comment.split('[').skip(1) {
            let Some((mark, _)) = part.split_once(']') else { continue };
            match mark.split_once(':') {
                Some(("id", id)) => self.id = Some(shown(&hidden(id))),
                Some(("tag", tag)) => self.tags.push(shown(&hidden(tag))),
                _ => {}
            }
        }
    }

    fn read(self, file: &str) -> Found {
        let text = hidden(self.text.trim());
        if let Some(category) = text.strip_prefix("$CATEGORY:") {
            let what = format!("la catégorie « {} »", html::short(&shown(category)));
            return Found::left(Item::left(
                file,
                self.line,
                what,
                "nos quiz n’ont pas de catégories : choisissez le fichier où vont les questions",
            ));
        }
        let (name, text) = match text.strip_prefix("::").and_then(|text| text.split_once("::")) {
            Some((name, text)) => (shown(name), text.trim()),
            None => (String::new(), text.as_str()),
        };
        let mut notes = Notes::default();
        let asked = self.asked(&name, text, &mut notes);
        let label = if name.is_empty() { html::short(&shown(text)) } else { name };
        Found { tags: self.tags, ..Found::new(file, self.line, "question", &label, asked, notes) }
    }

    fn asked(&self, name: &str, text: &str, notes: &mut Notes) -> Result<Draft, String> {
        let (before, answers_text, after) = match (text.split_once('{'), text.contains('}')) {
            (None, false) => {
                return Err(String::from(
                    "c’est une description, et nos quiz ne portent que des questions : mettez ce texte dans le chapitre",
                ));
            }
            (Some((before, rest)), true) if rest.contains('}') => {
                let (answers, after) = rest.split_once('}').unwrap_or((rest, ""));
                (before, answers.trim(), after)
            }
            _ => {
                return Err(String::from(
                    "une accolade n’est pas fermée : écrivez les réponses entre { et }, sans ligne vide",
                ));
            }
        };
        let missing = if after.trim().is_empty() { "" } else { "_____" };
        let (format, before) = formatted(before, Format::Html);
        let stem = match format {
            Format::Markdown => format!("{before}{}{after}", missing.replace('_', "\\_")),
            _ => format!("{before}{missing}{after}"),
        };
        let stem = blocks(&stem, format, notes);
        let (answers_text, general) = answers_text.rsplit_once("####").unwrap_or((answers_text, ""));
        let (general_format, general) = formatted(general, format);
        let feedback = blocks(general, general_format, notes);
        let (asked, said) = kind(answers_text.trim(), format, notes)?;
        let feedback = [said, feedback].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        let id = [self.id.as_deref().unwrap_or_default(), name, &stem].into_iter().find(|name| !name.trim().is_empty());
        let id = id.unwrap_or_default().to_owned();
        Ok(Draft { id, stem, points: 1, feedback, section: None, skill: None, asked })
    }
}

/// The format that a text begins with, and the rest.
fn formatted(text: &str, default: Format) -> (Format, &str) {
    let text = text.trim_start();
    let formats = [
        ("[html]", Format::Html),
        ("[moodle]", Format::Html),
        ("[markdown]", Format::Markdown),
        ("[plain]", Format::Plain),
    ];
    formats
        .into_iter()
        .find_map(|(mark, format)| text.strip_prefix(mark).map(|rest| (format, rest)))
        .unwrap_or((default, text))
}

/// A text of several paragraphs as Markdown.
fn blocks(text: &str, format: Format, notes: &mut Notes) -> String {
    let text = shown(text);
    match format {
        Format::Markdown => text,
        Format::Plain => text.lines().map(html::literal).collect::<Vec<_>>().join("\\\n"),
        Format::Html => html::markdown(&broken(&text), 3, &mut Alone, notes),
    }
}

/// A text of one paragraph as Markdown.
fn line(text: &str, format: Format, notes: &mut Notes) -> String {
    let text = shown(text);
    match format {
        Format::Markdown => text,
        Format::Plain => html::literal(&text),
        Format::Html => html::line(&text, &mut Alone, notes),
    }
}

/// The words of a text.
fn words(text: &str, format: Format) -> String {
    let text = shown(text);
    if format == Format::Html { html::plain(&text) } else { text }
}

/// `\n` is a line break, in what is HTML too.
fn broken(text: &str) -> String {
    text.replace('\n', "<br>\n")
}

/// The type of the question by what its answers look like, as Moodle tells it, and what is said to all after it.
fn kind(text: &str, format: Format, notes: &mut Notes) -> Result<(Asked, String), String> {
    if text.is_empty() {
        return Err(String::from(
            "c’est une composition, que seul un formateur peut corriger : posez-la en salle ou en webinaire",
        ));
    }
    if let Some(numbers) = text.strip_prefix('#') {
        return numeric(numbers, format, notes);
    }
    if text.contains('~') {
        let all = answers(text);
        let single = text.contains('=');
        if all.iter().any(|answer| 0.0 < answer.weight && answer.weight < 100.0) && single {
            notes.say("un choix valait une partie des points : il est faux désormais");
        } else if !single && uneven(&all.iter().map(|answer| answer.weight).collect::<Vec<_>>()) {
            notes.say("les choix n’avaient pas tous le même poids : les justes comptent autant, et un faux coché en retire autant");
        }
        let choice = all.iter().map(|answer| {
            let (text_format, text) = formatted(&answer.text, format);
            let (feedback_format, feedback) = formatted(&answer.feedback, format);
            Choice {
                text: line(text, text_format, notes),
                right: if single { answer.weight >= 100.0 } else { answer.weight > 0.0 },
                feedback: blocks(feedback, feedback_format, notes),
            }
        });
        let choice = choice.collect();
        return Ok((if single { Asked::Single { choice } } else { Asked::Multiple { choice } }, String::new()));
    }
    if text.contains('=') && text.contains("->") {
        return matching(text, format);
    }
    let mut parts = text.splitn(3, '#');
    let said = parts.next().unwrap_or_default().trim();
    if let Some(answer) = [("T", true), ("TRUE", true), ("F", false), ("FALSE", false)].iter().find(|(t, _)| *t == said)
    {
        let mut feedback = || {
            let (format, text) = formatted(parts.next().unwrap_or_default(), format);
            blocks(text, format, notes)
        };
        let (wrong, right) = (feedback(), feedback());
        let (feedback_true, feedback_false) = if answer.1 { (right, wrong) } else { (wrong, right) };
        return Ok((Asked::TrueFalse { answer: answer.1, feedback_true, feedback_false }, String::new()));
    }
    Ok(short_text(text, format, notes))
}

/// Whether the choices do not weigh what ours would.
fn uneven(weights: &[f64]) -> bool {
    let right: Vec<f64> = weights.iter().copied().filter(|weight| *weight > 0.0).collect();
    let (least, most) = (right.iter().copied().fold(f64::MAX, f64::min), right.iter().copied().fold(0.0, f64::max));
    let wrong = weights.iter().any(|weight| *weight <= 0.0 && (weight.abs() - most).abs() > 0.01);
    most - least > 0.01 || wrong
}

fn matching(text: &str, format: Format) -> Result<(Asked, String), String> {
    let (mut pair, mut distractors) = (Vec::new(), Vec::new());
    for answer in text.split('=').filter(|answer| !answer.trim().is_empty()) {
        let Some((left, right)) = answer.split_once("->") else {
            return Err(format!(
                "la paire « {} » n’a pas de flèche : écrivez =gauche -> droite",
                html::short(&shown(answer))
            ));
        };
        let (left_format, left) = formatted(left, format);
        let (left, right) = (words(left, left_format), shown(right));
        if left.is_empty() { distractors.push(right) } else { pair.push(Pair { left, right }) }
    }
    Ok((Asked::Matching { pair, distractors }, String::new()))
}

fn short_text(text: &str, format: Format, notes: &mut Notes) -> (Asked, String) {
    let (mut accepted, mut said) = (Vec::new(), String::new());
    for answer in answers(text) {
        let (text_format, text) = formatted(&answer.text, format);
        let words = words(text, text_format);
        if answer.weight < 100.0 {
            if words != "*" {
                notes.say(format!("« {words} » valait {} % des points : elle n’est pas acceptée", answer.weight));
            }
        } else if words.contains('*') {
            notes.say(format!(
                "« {words} » acceptait n’importe quels signes à la place de * : écrivez chaque réponse acceptée"
            ));
        } else {
            if said.is_empty() {
                let (format, feedback) = formatted(&answer.feedback, format);
                said = blocks(feedback, format, notes);
            }
            accepted.push(words);
        }
        lost(&answer, &said, notes);
    }
    (Asked::ShortText { accepted }, said)
}

/// One explanation is shown to all: what is said of the other answers is lost.
fn lost(answer: &Side, said: &str, notes: &mut Notes) {
    if !answer.feedback.trim().is_empty() && (answer.weight < 100.0 || said.is_empty()) {
        notes.say("le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous");
    }
}

fn numeric(text: &str, format: Format, notes: &mut Notes) -> Result<(Asked, String), String> {
    let (text, wrong) = text.split_once('~').unwrap_or((text, ""));
    if !wrong.trim().is_empty() {
        notes.say("le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous");
    }
    let mut right = None;
    let mut said = String::new();
    for answer in answers(text) {
        let spelled = shown(&answer.text.replace(':', "\u{e018}"));
        let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
        let span = match (spelled.split_once(".."), spelled.split_once('\u{e018}')) {
            (Some((least, most)), _) => number(least).zip(number(most)).map(|(least, most)| middle(least, most)),
            (None, Some((value, tolerance))) => number(value).zip(number(tolerance)),
            (None, None) => number(&spelled).map(|value| (value, 0.0)),
        };
        if answer.weight < 100.0 {
            notes.say(format!(
                "« {} » valait {} % des points : elle n’est pas acceptée",
                spelled.replace('\u{e018}', ":"),
                answer.weight
            ));
            lost(&answer, &said, notes);
            continue;
        }
        let span =
            span.ok_or_else(|| format!("« {} » n’est pas un nombre", html::short(&spelled.replace('\u{e018}', ":"))))?;
        if right.is_some_and(|known| known != span) {
            return Err(String::from(
                "plusieurs nombres sont tout à fait justes : faites-en autant de questions, ou une réponse courte",
            ));
        }
        right = Some(span);
        if said.is_empty() {
            let (format, feedback) = formatted(&answer.feedback, format);
            said = blocks(feedback, format, notes);
        }
    }
    let (answer, tolerance) =
        right.ok_or_else(|| String::from("aucun nombre n’est tout à fait juste : donnez-en un"))?;
    Ok((Asked::Numeric { answer, tolerance, unit: None }, said))
}

/// The middle of an interval and half its width, without the dust of binary fractions.
pub(in crate::course::interchange) fn middle(least: f64, most: f64) -> (f64, f64) {
    let clean = |number: f64| format!("{number:.9}").parse::<f64>().unwrap_or(number);
    (clean(f64::midpoint(least, most)), clean((most - least) / 2.0))
}
