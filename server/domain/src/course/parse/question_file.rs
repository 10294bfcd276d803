//! One `[[question]]` of `quiz.toml`, of the eight types.

use super::markdown;
use super::quiz_file::Reader;
use super::report::{nearest, quoted};
use super::toml_reader::{Table, Text};
use crate::ids::{QuestionSlug, SectionSlug, SkillSlug};
use crate::quiz::{Choice, Gap, GapPart, Kind, Pair, Question, Type};
use crate::text::folded;

/// Most signs in a short text: an item, a unit, an accepted answer.
const SHORT: usize = 200;

/// Most signs in a tag.
const MOST_TAG: usize = 40;

/// Reads a question; `pooled` when it is brought to a quiz of the whole course. None when it has no usable identifier or type, which has been reported.
pub(super) fn read(reader: &mut Reader<'_, '_>, table: &Table<'_>, pooled: bool) -> Option<Question> {
    let named = table.text("type", reader.report);
    // keys of the type: required, optional; then whether a feedback for all is required
    let (required, optional, explained): (&[&str], &[&str], bool) = match named.said.as_str() {
        "single" | "multiple" => (&["choice"], &[], true),
        "true-false" => (&["answer", "feedback_true", "feedback_false"], &[], true),
        "numeric" => (&["answer"], &["tolerance", "unit"], false),
        "short-text" => (&["accepted"], &[], false),
        "matching" => (&["pair"], &["distractors"], false),
        "ordering" => (&["items"], &[], false),
        "gap" => (&["text", "gap"], &[], false),
        other => {
            if table.has("type") && !other.is_empty() {
                let near = nearest(other, Type::ALL.map(Type::key));
                reader.say(
                    named.line,
                    format!(
                        "le type « {other} » n’existe pas.{near} Types possibles : {}",
                        quoted(Type::ALL.map(Type::key))
                    ),
                );
            } else if !table.has("type") {
                reader.say(
                    table.line,
                    format!(
                        "il manque « type » : ajoutez cette clé. Types possibles : {}",
                        quoted(Type::ALL.map(Type::key))
                    ),
                );
            }
            return None;
        }
    };
    let mut needed = vec!["id", "type", "stem"];
    let mut possible = vec!["points", "tags"];
    if pooled { &mut needed } else { &mut possible }.push("section");
    if pooled {
        needed.push("skill");
    }
    if explained { &mut possible } else { &mut needed }.push("feedback");
    needed.extend(required);
    possible.extend(optional);
    table.shape(&needed, &possible, reader.report);

    let kind = match named.said.as_str() {
        "single" => Kind::Single { choices: choices(reader, table, true) },
        "multiple" => Kind::Multiple { choices: choices(reader, table, false) },
        "true-false" => Kind::TrueFalse {
            answer: table.flag("answer", false, reader.report),
            feedback_true: reader.markdown(table, "feedback_true"),
            feedback_false: reader.markdown(table, "feedback_false"),
        },
        "numeric" => numeric(reader, table),
        "short-text" => {
            Kind::ShortText { accepted: strings(short_texts(reader, table, "accepted", "la réponse acceptée")) }
        }
        "matching" => matching(reader, table),
        "ordering" => {
            let items = short_texts(reader, table, "items", "l’élément");
            if !items.is_empty() && !(3..=8).contains(&items.len()) {
                reader.say(
                    table.line_of("items"),
                    "une mise en ordre porte sur 3 à 8 éléments : ajoutez-en ou retirez-en",
                );
            }
            Kind::Ordering { items: strings(items) }
        }
        _ => gaps(reader, table),
    };
    let stem = reader.markdown(table, "stem");
    let feedback = if table.has("feedback") { reader.markdown(table, "feedback") } else { String::new() };
    let points = table.whole("points", 1..=100, reader.report);
    let section = section(reader, table);
    let skill = if pooled { skill(reader, table) } else { None };
    let chapter = reader.place.chapter.parse().ok().filter(|_| pooled);
    tags(reader, table);
    let id = table.text("id", reader.report);
    let slug = id.said.parse::<QuestionSlug>();
    if let (Err(error), false) = (&slug, id.said.is_empty()) {
        reader.say(id.line, error.to_string());
    }
    Some(Question { slug: slug.ok()?, stem, kind, points, feedback, section, chapter, skill })
}

/// Words that authors sort questions by: checked, and left in the file, since nobody else has a use for them.
fn tags(reader: &mut Reader<'_, '_>, table: &Table<'_>) {
    let tags = table.lines_of_text("tags", MOST_TAG, reader.report);
    reader.distinct("l’étiquette", &tags);
    for tag in tags.iter().filter(|tag| tag.said.contains(',')) {
        reader.say(tag.line, "une étiquette est sans virgule : écrivez-en deux, ou retirez la virgule");
    }
}

fn skill(reader: &mut Reader<'_, '_>, table: &Table<'_>) -> Option<SkillSlug> {
    let named = table.text("skill", reader.report);
    let known = &reader.place.world.skills;
    if !named.said.is_empty() && !known.contains(&named.said) {
        let known = quoted(known.iter().map(String::as_str));
        reader.say(
            named.line,
            format!("la compétence « {} » n’est pas dans course.toml. Compétences possibles : {known}", named.said),
        );
    }
    named.said.parse().ok()
}

fn section(reader: &mut Reader<'_, '_>, table: &Table<'_>) -> Option<SectionSlug> {
    if !table.has("section") {
        return None;
    }
    let named = table.text("section", reader.report);
    let known = reader.place.world.anchors.get(reader.place.chapter);
    if known.is_none_or(|known| !known.contains(&named.said)) {
        let known = quoted(known.into_iter().flatten().map(String::as_str));
        reader.say(
            named.line,
            format!("la section « {} » n’existe pas dans ce chapitre. Sections possibles : {known}", named.said),
        );
    }
    named.said.parse().ok()
}

fn choices(reader: &mut Reader<'_, '_>, table: &Table<'_>, single: bool) -> Vec<Choice> {
    let tables = table.tables("choice", reader.report);
    let mut plain = Vec::new();
    let mut choices = Vec::new();
    for choice in &tables {
        choice.shape(&["text", "right", "feedback"], &[], reader.report);
        let text = choice.text("text", reader.report);
        let (html, words) = markdown::inline(reader.place, &text.said, text.line, reader.report);
        plain.push(Text { said: words, line: text.line });
        let right = choice.flag("right", false, reader.report);
        choices.push(Choice { text: html, right, feedback: reader.markdown(choice, "feedback") });
    }
    reader.distinct("le choix", &plain);
    if table.has("choice") && !(2..=8).contains(&choices.len()) {
        reader.say(table.line, "une question a de 2 à 8 choix : ajoutez-en ou retirez-en");
    }
    let right = choices.iter().filter(|choice| choice.right).count();
    if single && right != 1 && !choices.is_empty() {
        reader.say(
            table.line,
            format!(
                "cette question a {right} bonne(s) réponse(s) : il en faut exactement une (ou le type \"multiple\")"
            ),
        );
    }
    if !single && (right == 0 || right == choices.len()) && !choices.is_empty() {
        reader.say(
            table.line,
            "une question à choix multiple a au moins une bonne et une mauvaise réponse : corrigez « right »",
        );
    }
    choices
}

fn numeric(reader: &mut Reader<'_, '_>, table: &Table<'_>) -> Kind {
    let tolerance = table.number("tolerance", reader.report);
    if tolerance < 0.0 {
        reader.say(table.line_of("tolerance"), "la tolérance ne peut pas être négative : écrivez 0 ou plus");
    }
    let unit = table.has("unit").then(|| table.line_of_text("unit", 30, reader.report).said);
    Kind::Numeric { answer: table.number("answer", reader.report), tolerance, unit }
}

fn matching(reader: &mut Reader<'_, '_>, table: &Table<'_>) -> Kind {
    let tables = table.tables("pair", reader.report);
    let mut side =
        |key: &str| -> Vec<Text> { tables.iter().map(|pair| pair.line_of_text(key, SHORT, reader.report)).collect() };
    let (left, mut right) = (side("left"), side("right"));
    for pair in &tables {
        pair.shape(&["left", "right"], &[], reader.report);
    }
    if table.has("pair") && !(2..=8).contains(&tables.len()) {
        reader.say(table.line, "une association a de 2 à 8 paires : ajoutez-en ou retirez-en");
    }
    reader.distinct("le côté gauche", &left);
    let pairs =
        left.into_iter().zip(&right).map(|(left, right)| Pair { left: left.said, right: right.said.clone() }).collect();
    let distractors = table.lines_of_text("distractors", SHORT, reader.report);
    right.extend(distractors.iter().cloned());
    reader.distinct("le côté droit ou le leurre", &right);
    Kind::Matching { pairs, distractors: strings(distractors) }
}

fn gaps(reader: &mut Reader<'_, '_>, table: &Table<'_>) -> Kind {
    let text = table.text("text", reader.report);
    let defined = table.table("gap", reader.report);
    let mut parts = Vec::new();
    let mut used: Vec<String> = Vec::new();
    let mut rest = text.said.as_str();
    while let Some((before, from)) = rest.split_once('{') {
        let Some((key, after)) = from.split_once('}') else {
            reader.say(text.line, "une accolade n’est pas fermée : écrivez {cle} à la place de chaque trou");
            break;
        };
        parts.push(GapPart::Text { text: before.to_owned() });
        rest = after;
        if used.iter().any(|used| used == key) {
            reader.say(text.line, format!("le trou {{{key}}} est écrit deux fois : donnez une clé à chacun"));
            continue;
        }
        used.push(key.to_owned());
        let gap = defined.filter(|gaps| gaps.has(key)).map(|gaps| gaps.table(key, reader.report));
        if gap.is_none() && table.has("gap") {
            reader
                .say(text.line, format!("le trou {{{key}}} n’est pas défini : ajoutez une table [question.gap.{key}]"));
        }
        if let Some(gap) = gap.flatten() {
            parts.push(GapPart::Gap(self::gap(reader, key, &gap)));
        }
    }
    parts.push(GapPart::Text { text: rest.to_owned() });
    parts.retain(|part| !matches!(part, GapPart::Text { text } if text.is_empty()));
    if used.is_empty() && table.has("text") {
        reader.say(text.line, "ce texte n’a pas de trou : écrivez {cle} à la place de ce qu’il faut compléter");
    }
    for name in
        defined.into_iter().flat_map(|gaps| gaps.names().collect::<Vec<_>>()).filter(|name| !used.contains(&name.said))
    {
        reader.say(
            name.line,
            format!(
                "le trou « {} » n’est pas dans le texte : écrivez-y {{{}}} ou retirez cette table",
                name.said, name.said
            ),
        );
    }
    Kind::Gap { parts }
}

fn gap(reader: &mut Reader<'_, '_>, key: &str, gap: &Table<'_>) -> Gap {
    gap.shape(&["accepted"], &["options"], reader.report);
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        reader.say(
            gap.line,
            format!("la clé de trou « {key} » est refusée : lettres minuscules sans accent, chiffres et tirets"),
        );
    }
    let accepted = short_texts(reader, gap, "accepted", "la réponse acceptée");
    let options = short_texts(reader, gap, "options", "la proposition");
    let offered =
        options.iter().any(|option| accepted.iter().any(|accepted| folded(&accepted.said) == folded(&option.said)));
    if !options.is_empty() && !offered {
        reader.say(gap.line_of("options"), "aucune proposition n’est une réponse acceptée : ajoutez-la à « options »");
    }
    Gap { key: key.to_owned(), accepted: strings(accepted), options: strings(options) }
}

/// A list of distinct short texts.
fn short_texts(reader: &mut Reader<'_, '_>, table: &Table<'_>, key: &str, what: &str) -> Vec<Text> {
    let texts = table.lines_of_text(key, SHORT, reader.report);
    reader.distinct(what, &texts);
    texts
}

fn strings(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.said).collect()
}
