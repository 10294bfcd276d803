//! From questions to GIFT.

use super::escaped;
use crate::course::interchange::draft::{Asked, Choice, Draft, Questions};
use crate::course::interchange::{Item, Notes};
use crate::course::parse::SourceFile;

/// The questions of a course's files, each file a category.
pub(in crate::course::interchange) fn write(slug: &str, files: &[SourceFile]) -> (String, Vec<Item>) {
    let mut out = format!("// {slug}\n");
    let mut items = Vec::new();
    for file in files {
        let Some(path) = file
            .path
            .strip_suffix(".toml")
            .filter(|path| matches!(path.split_once('/'), Some((_, "quiz" | "bank" | "positioning"))))
        else {
            continue;
        };
        let read = std::str::from_utf8(&file.bytes).ok();
        let Some(questions) = read.and_then(|text| toml::from_str::<Questions>(text).ok()) else {
            items.push(Item::left(
                &file.path,
                1,
                "les questions",
                "ce fichier ne se lit pas : corrigez-le d’abord (content check)",
            ));
            continue;
        };
        push!(out, "\n$CATEGORY: {slug}/{path}\n");
        for draft in questions.drafts {
            let text = String::from_utf8_lossy(&file.bytes);
            let line = line_of(&text, &draft.id);
            let what = format!("la question « {} »", draft.id);
            let mut notes = Notes::default();
            match question(&draft, &mut notes) {
                Ok(gift) => {
                    push!(out, "\n{gift}");
                    items.push(Item::kept(&file.path, line, what, notes));
                }
                Err(why) => items.push(Item::left(&file.path, line, what, why)),
            }
        }
    }
    (out, items)
}

/// The line where a question's identifier is written.
fn line_of(text: &str, id: &str) -> u32 {
    let written = |line: &str| line.strip_prefix("id").is_some_and(|rest| rest.contains(&format!("\"{id}\"")));
    text.lines().zip(1u32..).find(|(line, _)| written(line)).map_or(1, |(_, number)| number)
}

/// A question in GIFT, or why it cannot be said.
pub(in crate::course::interchange) fn question(draft: &Draft, notes: &mut Notes) -> Result<String, String> {
    let answers = match &draft.asked {
        Asked::Single { choice } => choices(choice, |choice| String::from(if choice.right { "=" } else { "~" })),
        Asked::Multiple { choice } => {
            #[expect(clippy::cast_precision_loss, reason = "a question has few choices")]
            let share = 100.0 / choice.iter().filter(|choice| choice.right).count().max(1) as f64;
            let share = format!("{share:.5}");
            let share = share.trim_end_matches('0').trim_end_matches('.');
            choices(choice, |choice| format!("~%{}{share}%", if choice.right { "" } else { "-" }))
        }
        Asked::TrueFalse { answer, feedback_true, feedback_false } => {
            let (right, wrong) =
                if *answer { (feedback_true, feedback_false) } else { (feedback_false, feedback_true) };
            format!("{}#{}#{}", if *answer { "TRUE" } else { "FALSE" }, text(wrong), text(right))
        }
        Asked::Numeric { answer, tolerance, unit } => {
            if let Some(unit) = unit {
                notes.say(format!("GIFT ne dit pas l’unité ({unit}) : dites-la dans l’énoncé"));
            }
            format!("#{answer}:{tolerance}")
        }
        Asked::ShortText { accepted } => {
            if accepted.iter().any(|accepted| accepted.contains("->") || accepted.contains('*')) {
                return Err(String::from(
                    "une réponse acceptée contient « -> » ou « * », qui ont un autre sens en GIFT",
                ));
            }
            accepted.iter().map(|accepted| format!("\n\t={}", plain(accepted))).collect::<Vec<_>>().concat()
        }
        Asked::Matching { pair, distractors } => {
            if pair.iter().any(|pair| pair.left.contains("->")) {
                return Err(String::from("un côté gauche contient « -> », qui a un autre sens en GIFT"));
            }
            let pairs =
                pair.iter().map(|pair| format!("\n\t=[plain]{} -> {}", escaped(&pair.left), escaped(&pair.right)));
            let alone = distractors.iter().map(|right| format!("\n\t= -> {}", escaped(right)));
            pairs.chain(alone).collect()
        }
        Asked::Ordering { .. } => return Err(String::from("GIFT ne connaît pas la mise en ordre")),
        Asked::Gap { .. } => return Err(String::from("GIFT ne connaît pas le texte à trous à plusieurs réponses")),
    };
    if draft.points != 1 {
        notes.say(format!("GIFT ne dit pas les points ({})", draft.points));
    }
    let said = [&draft.stem, &draft.feedback];
    if said.iter().any(|text| text.contains("](media/")) {
        notes.say("GIFT ne porte pas d’images : ajoutez-les après l’import");
    }
    if said.iter().any(|text| ["](glossaire:", "](chapitre:", "](#"].iter().any(|link| text.contains(link))) {
        notes.say("les liens vers le cours ne mènent nulle part ailleurs");
    }
    let general = Some(&draft.feedback).filter(|feedback| !feedback.trim().is_empty());
    let general = general.map(|feedback| format!("\n\t####{}", text(feedback))).unwrap_or_default();
    Ok(format!("::{}::[markdown]{}{{{answers}{general}\n}}\n", escaped(&draft.id), escaped(&draft.stem)))
}

fn choices(choices: &[Choice], mark: impl Fn(&Choice) -> String) -> String {
    let one = |choice: &Choice| format!("\n\t{}{}#{}", mark(choice), text(&choice.text), text(&choice.feedback));
    choices.iter().map(one).collect()
}

/// Markdown in an answer; its format is said again where it would begin like a format or a weight.
fn text(markdown: &str) -> String {
    let marked = if markdown.trim().starts_with(['[', '%']) { "[markdown]" } else { "" };
    format!("{marked}{}", escaped(markdown))
}

fn plain(text: &str) -> String {
    let marked = if text.trim().starts_with(['[', '%']) { "[plain]" } else { "" };
    format!("{marked}{}", escaped(text))
}
