//! Moodle XML, as question banks export it: <https://docs.moodle.org/en/Moodle_XML_format>.

mod cloze;
mod text;

use super::draft::{Asked, Choice, Draft, Gap};
use super::media::Shelf;
use super::pool::Found;
use super::{Item, NotACourse, Notes, html, xml};
use crate::quiz::Pair;
use roxmltree::Node;
use std::collections::BTreeMap;
use text::Texts;

/// Reads the questions of a file.
///
/// # Errors
/// When it is not XML, or not a file of questions.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Found>, NotACourse> {
    let document = xml::read(bytes).map_err(|(line, why)| NotACourse(format!("{file}:{line}: {why}")))?;
    let root = document.root_element();
    if !root.has_tag_name("quiz") {
        return Err(NotACourse(format!(
            "{file} n’est pas du Moodle XML : sa racine est <{}>, au lieu de <quiz>",
            root.tag_name().name()
        )));
    }
    let mut found: Vec<Found> = xml::children(root, "question").map(|question| one(file, question)).collect();
    let tried = xml::children(root, "question")
        .any(|question| xml::child(question, "hint").is_some_and(|hint| !xml::text(hint).trim().is_empty()));
    if tried {
        found.push(Found::left(Item::left(
            file,
            1,
            "les indices et les pénalités entre deux essais",
            "nos questions reçoivent une seule réponse par essai",
        )));
    }
    Ok(found)
}

fn one(file: &str, question: Node<'_, '_>) -> Found {
    let sort = question.attribute("type").unwrap_or_default();
    let line = xml::line(question);
    let said = |name: &str| xml::child(question, name).map(xml::text).unwrap_or_default();
    if sort == "category" {
        let what = format!("la catégorie « {} »", html::short(&said("category")));
        return Found::left(Item::left(
            file,
            line,
            what,
            "nos quiz n’ont pas de catégories : choisissez le fichier où vont les questions",
        ));
    }
    let mut notes = Notes::default();
    let mut texts = Texts { shelf: Shelf::default(), notes: &mut notes };
    let name = said("name").trim().to_owned();
    let asked = draft(question, sort, &name, &said, &mut texts);
    let files = std::mem::take(&mut texts.shelf).files().collect();
    let label = if name.is_empty() { html::plain(&said("questiontext")) } else { name };
    let tags = xml::child(question, "tags").into_iter().flat_map(|tags| xml::children(tags, "tag"));
    let tags = tags.map(|tag| xml::text(tag).trim().to_owned()).collect();
    let found = Found::new(file, line, &format!("question {sort}"), &label, asked, notes);
    let files = if found.draft.is_some() { files } else { Vec::new() };
    Found { tags, files, ..found }
}

fn draft(
    question: Node<'_, '_>,
    sort: &str,
    name: &str,
    said: &dyn Fn(&str) -> String,
    texts: &mut Texts<'_>,
) -> Result<Draft, String> {
    let mut stem = texts.blocks(xml::child(question, "questiontext"));
    let general = texts.blocks(xml::child(question, "generalfeedback"));
    let (asked, own) = match sort {
        "multichoice" => (choices(question, said, texts), String::new()),
        "truefalse" => (truth(question, texts)?, String::new()),
        "shortanswer" => short(question, said, texts),
        "numerical" => numeric(question, texts)?,
        "matching" | "match" | "ddmatch" => (matching(question, texts), String::new()),
        "ordering" => (
            Asked::Ordering {
                items: xml::children(question, "answer").map(|answer| texts.words(Some(answer))).collect(),
            },
            String::new(),
        ),
        "multianswer" | "cloze" => {
            let (text, gap) = cloze::read(&texts.html(xml::child(question, "questiontext")), texts.notes)?;
            stem = String::from("Complétez le texte.");
            (Asked::Gap { text, gap }, String::new())
        }
        "gapselect" | "ddwtos" => {
            let (text, gap) = picked(question, texts)?;
            stem = String::from("Complétez le texte.");
            (Asked::Gap { text, gap }, String::new())
        }
        "essay" => {
            return Err(String::from(
                "c’est une composition, que seul un formateur peut corriger : posez-la en salle ou en webinaire",
            ));
        }
        "description" => return Err(String::from("c’est un texte sans question : mettez-le dans le chapitre")),
        "calculated" | "calculatedmulti" | "calculatedsimple" => {
            return Err(String::from(
                "ses nombres sont tirés au sort par une formule : écrivez-en un exemple avec ses nombres",
            ));
        }
        "random" | "randomsamatch" => {
            return Err(String::from(
                "elle en tire d’autres au sort : importez celles-ci, et réglez « draw » dans [rules]",
            ));
        }
        "ddimageortext" | "ddmarker" => {
            return Err(String::from(
                "elle se répond en plaçant des marques sur une image, ce qui ne se fait ni au clavier ni à la voix : posez-la autrement",
            ));
        }
        other => return Err(format!("le type « {other} » n’a pas d’équivalent ici")),
    };
    if xml::children(question, "answer").any(|answer| grade(answer) < 0.0 && sort != "multichoice") {
        texts.notes.say("une mauvaise réponse retirait des points : elle n’en rapporte plus aucun");
    }
    let points = said("defaultgrade").trim().parse::<f64>().unwrap_or(1.0);
    let whole = points.round().clamp(1.0, 100.0);
    if (points - whole).abs() > 1e-9 {
        texts.notes.say(format!("elle valait {points} point(s) : elle en vaut {whole}"));
    }
    let feedback = [own, general].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    let id = [said("idnumber"), name.to_owned(), stem.clone()].into_iter().find(|id| !id.trim().is_empty());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100")]
    let points = whole as u32;
    Ok(Draft {
        id: id.unwrap_or_default().trim().to_owned(),
        stem,
        points,
        feedback,
        section: None,
        skill: None,
        asked,
    })
}

/// The percent of the points that an answer is worth.
fn grade(answer: Node<'_, '_>) -> f64 {
    answer.attribute("fraction").and_then(|fraction| fraction.trim().parse().ok()).unwrap_or(0.0)
}

fn choices(question: Node<'_, '_>, said: &dyn Fn(&str) -> String, texts: &mut Texts<'_>) -> Asked {
    let single = !matches!(said("single").trim(), "false" | "0");
    let (mut partly, mut weights) = (false, Vec::new());
    let (right_for_all, wrong_for_all) = (
        texts.blocks(xml::child(question, "correctfeedback")),
        texts.blocks(xml::child(question, "incorrectfeedback")),
    );
    let mut choice = Vec::new();
    for answer in xml::children(question, "answer") {
        let weight = grade(answer);
        let right = if single { weight >= 99.99 } else { weight > 0.0 };
        partly |= single && !right && weight > 0.0;
        weights.push(weight);
        let own = texts.blocks(xml::child(answer, "feedback"));
        let shared = if right { &right_for_all } else { &wrong_for_all };
        choice.push(Choice {
            text: texts.line(answer),
            right,
            feedback: if own.is_empty() { shared.clone() } else { own },
        });
    }
    if partly {
        texts.notes.say("un choix valait une partie des points : il est faux désormais");
    }
    let positive: Vec<f64> = weights.iter().copied().filter(|weight| *weight > 0.0).collect();
    if !single && positive.iter().any(|weight| (weight - positive.first().copied().unwrap_or(0.0)).abs() > 0.01) {
        texts.notes.say("les choix n’avaient pas tous le même poids : les justes comptent autant, et un faux coché en retire autant");
    }
    if single { Asked::Single { choice } } else { Asked::Multiple { choice } }
}

fn truth(question: Node<'_, '_>, texts: &mut Texts<'_>) -> Result<Asked, String> {
    let (mut right, mut said) = (None, [String::new(), String::new()]);
    for answer in xml::children(question, "answer") {
        let value = match texts.words(Some(answer)).to_lowercase().as_str() {
            "true" => true,
            "false" => false,
            other => return Err(format!("sa réponse « {} » n’est ni true ni false", html::short(other))),
        };
        if grade(answer) > 0.0 {
            right = Some(value);
        }
        said[usize::from(value)] = texts.blocks(xml::child(answer, "feedback"));
    }
    let [feedback_false, feedback_true] = said;
    let answer = right.ok_or_else(|| String::from("aucune de ses réponses n’est juste"))?;
    Ok(Asked::TrueFalse { answer, feedback_true, feedback_false })
}

fn short(question: Node<'_, '_>, said: &dyn Fn(&str) -> String, texts: &mut Texts<'_>) -> (Asked, String) {
    if said("usecase").trim() == "1" {
        texts.notes.say("les majuscules comptaient : elles ne comptent plus");
    }
    let (mut accepted, mut own) = (Vec::new(), String::new());
    for answer in xml::children(question, "answer") {
        let words = texts.words(Some(answer));
        let feedback = texts.blocks(xml::child(answer, "feedback"));
        if grade(answer) < 99.99 {
            if grade(answer) > 0.0 {
                texts.notes.say(format!("« {words} » valait {} % des points : elle n’est pas acceptée", grade(answer)));
            }
        } else if words.contains('*') {
            texts.notes.say(format!(
                "« {words} » acceptait n’importe quels signes à la place de * : écrivez chaque réponse acceptée"
            ));
        } else {
            accepted.push(words);
            if own.is_empty() {
                own = feedback;
                continue;
            }
        }
        lost(&feedback, &own, texts);
    }
    (Asked::ShortText { accepted }, own)
}

fn lost(feedback: &str, own: &str, texts: &mut Texts<'_>) {
    if !feedback.is_empty() && feedback != own {
        texts
            .notes
            .say("le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous");
    }
}

fn numeric(question: Node<'_, '_>, texts: &mut Texts<'_>) -> Result<(Asked, String), String> {
    let (mut right, mut own) = (None, String::new());
    for answer in xml::children(question, "answer") {
        let words = texts.words(Some(answer));
        let feedback = texts.blocks(xml::child(answer, "feedback"));
        if grade(answer) < 99.99 {
            if grade(answer) > 0.0 {
                texts.notes.say(format!("« {words} » valait {} % des points : elle n’est pas acceptée", grade(answer)));
            }
            lost(&feedback, &own, texts);
            continue;
        }
        let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
        let value = number(&words).ok_or_else(|| format!("« {} » n’est pas un nombre", html::short(&words)))?;
        let tolerance = xml::child(answer, "tolerance").map(xml::text).and_then(|text| number(&text)).unwrap_or(0.0);
        if right.is_some_and(|known| known != (value, tolerance)) {
            return Err(String::from(
                "plusieurs nombres sont tout à fait justes : faites-en autant de questions, ou une réponse courte",
            ));
        }
        right = Some((value, tolerance));
        own = feedback;
    }
    let units = xml::child(question, "units").into_iter().flat_map(|units| xml::children(units, "unit"));
    let units: Vec<(f64, String)> = units
        .map(|unit| {
            let said = |name: &str| xml::child(unit, name).map(xml::text).unwrap_or_default().trim().to_owned();
            (said("multiplier").parse().unwrap_or(1.0), said("unit_name"))
        })
        .collect();
    let unit = units.iter().find(|(multiplier, _)| (multiplier - 1.0).abs() < 1e-9).map(|(_, name)| name.clone());
    if units.len() > 1 {
        texts.notes.say("plusieurs unités étaient acceptées : une seule l’est, celle de la réponse");
    }
    let (answer, tolerance) =
        right.ok_or_else(|| String::from("aucun nombre n’est tout à fait juste : donnez-en un"))?;
    Ok((Asked::Numeric { answer, tolerance, unit }, own))
}

fn matching(question: Node<'_, '_>, texts: &mut Texts<'_>) -> Asked {
    let (mut pair, mut distractors) = (Vec::new(), Vec::new());
    for sub in xml::children(question, "subquestion") {
        let (left, right) = (texts.words(Some(sub)), texts.words(xml::child(sub, "answer")));
        if left.is_empty() { distractors.push(right) } else { pair.push(Pair { left, right }) }
    }
    Asked::Matching { pair, distractors }
}

/// `[[1]]` in a text: the first of the words to pick, among those of its group.
fn picked(question: Node<'_, '_>, texts: &mut Texts<'_>) -> Result<(String, BTreeMap<String, Gap>), String> {
    let options: Vec<(String, String)> = question
        .children()
        .filter(|child| child.has_tag_name("selectoption") || child.has_tag_name("dragbox"))
        .map(|option| (texts.words(Some(option)), xml::child(option, "group").map(xml::text).unwrap_or_default()))
        .collect();
    let words = texts.words(xml::child(question, "questiontext")).replace(['{', '}'], " ");
    let (mut text, mut gap) = (String::new(), BTreeMap::new());
    let mut rest = words.as_str();
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((number, after)) = after.split_once("]]") else { break };
        let place = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let Some((right, group)) = place.and_then(|place| options.get(place)) else {
            return Err(format!("le trou [[{}]] ne renvoie à aucun mot", html::short(number)));
        };
        let key = cloze::key(gap.len())?;
        let same: Vec<String> =
            options.iter().filter(|(_, other)| other == group).map(|(text, _)| text.clone()).collect();
        push!(text, "{before}{{{key}}}");
        gap.insert(key, Gap { accepted: vec![right.clone()], options: same });
        rest = after;
    }
    text.push_str(rest);
    if gap.is_empty() {
        return Err(String::from("son texte n’a pas de trou"));
    }
    Ok((text, gap))
}
