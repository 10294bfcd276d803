//! `problem`: each of its responses is a question.

use super::archive::{Archive, Block};
use super::links::Links;
use super::{markdown, said};
use crate::course::interchange::draft::{Asked, Choice, Draft};
use crate::course::interchange::gift::middle;
use crate::course::interchange::html;
use crate::course::interchange::pool::Found;
use crate::course::interchange::{Item, Notes, xml};
use crate::quiz::Pair;
use crate::text::folded;
use roxmltree::Node;

/// What is no part of the question asked.
const APART: [&str; 24] = [
    "solution",
    "demandhint",
    "script",
    "style",
    "choicegroup",
    "checkboxgroup",
    "radiogroup",
    "optioninput",
    "textline",
    "formulaequationinput",
    "textbox",
    "responseparam",
    "correcthint",
    "stringequalhint",
    "additional_answer",
    "compoundhint",
    "hint",
    "hintgroup",
    "choicehint",
    "optionhint",
    "numericalinput",
    "textinput",
    "regexphint",
    "answer",
];

/// Reads the questions of a problem.
pub(super) fn read(archive: &Archive<'_>, block: &Block<'_>, links: &mut Links<'_>) -> Vec<Found> {
    let what = archive.named(block);
    let left = |why: &str| vec![Found::left(Item::left(block.file, block.line, what.clone(), why))];
    let node = block.node;
    let responses: Vec<Node<'_, '_>> = node.descendants().filter(|node| is_response(*node)).collect();
    let mut notes = Notes::default();
    let told = Told::new(archive, block);
    if responses.is_empty() {
        return match archive.attribute(block, "markdown").filter(|text| !matches!(text.trim(), "" | "null")) {
            Some(text) => {
                let asked = markdown::read(&text, links, &mut notes);
                told.found(block, asked, &notes)
            }
            None => left("aucune question n’y est reconnue"),
        };
    }
    if responses.iter().any(|response| reason(response.tag_name().name()).is_none())
        && node.descendants().any(|node| node.has_tag_name("script"))
        && uses_variables(node)
    {
        return left("ses nombres ou ses textes sont calculés par un programme : écrivez-en un exemple");
    }
    let shared = stem(node, &|node| is_response(node) || APART.contains(&node.tag_name().name()));
    let shared = html::markdown(&shared, 3, links, &mut notes);
    let solution = explanation(node, links, &mut notes);
    if let Some(matching) = matching(&responses, &shared, &solution) {
        return told.found(block, vec![Ok(matching)], &notes);
    }
    let mut asked = Vec::new();
    for response in responses {
        asked.push(one(response, links, &mut notes).map(|(own, asked)| Draft {
            id: String::new(),
            stem: [shared.clone(), own].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n"),
            points: 1,
            feedback: solution.clone(),
            section: None,
            skill: None,
            asked,
        }));
    }
    told.found(block, asked, &notes)
}

/// What a problem says of itself.
struct Told {
    label: String,
    points: u32,
    notes: Notes,
}

impl Told {
    fn new(archive: &Archive<'_>, block: &Block<'_>) -> Self {
        let mut notes = Notes::default();
        let weight = archive.attribute(block, "weight").and_then(|weight| weight.parse::<f64>().ok()).unwrap_or(1.0);
        let whole = weight.round().clamp(1.0, 100.0);
        if (weight - whole).abs() > 1e-9 {
            notes.say(format!("elle valait {weight} point(s) : elle en vaut {whole}"));
        }
        if archive.attribute(block, "max_attempts").is_some_and(|most| !matches!(most.as_str(), "" | "null" | "0")) {
            notes.say("elle avait ses propres essais : ici, ils sont ceux du quiz, réglez « attempts » dans [rules]");
        }
        if block.node.descendants().any(|node| node.attribute("partial_credit").is_some()) {
            notes.say("une réponse en partie juste rapportait des points selon sa propre règle : c’est désormais celle de nos quiz");
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100")]
        Self { label: archive.attribute(block, "display_name").unwrap_or_default(), points: whole as u32, notes }
    }

    fn found(&self, block: &Block<'_>, asked: Vec<Result<Draft, String>>, notes: &Notes) -> Vec<Found> {
        let several = asked.len() > 1;
        let count = asked.len();
        let numbered = (1..).zip(asked);
        numbered
            .map(|(number, asked)| {
                let mut all = self.notes.clone();
                notes.0.iter().for_each(|note| all.say(note.clone()));
                let stem = || asked.as_ref().map_or_else(|_| block.name.clone(), |draft| draft.stem.clone());
                let named = if self.label.is_empty() { stem() } else { self.label.clone() };
                let label = if several { format!("{named} ({number}/{count})") } else { named.clone() };
                let id = if several { format!("{} {number}", html::short(&named)) } else { named };
                let asked = asked.map(|draft| Draft { id, points: self.points, ..draft });
                Found::new(block.file, block.line, "question", &label, asked, all)
            })
            .collect()
    }
}

fn is_response(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().name().ends_with("response")
}

fn uses_variables(node: Node<'_, '_>) -> bool {
    node.descendants().filter(|node| !node.has_tag_name("script")).any(|node| {
        let named =
            |text: &str| text.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        node.attributes().any(|attribute| named(attribute.value()))
            || (node.is_text()
                && !node.parent().is_some_and(|parent| parent.has_tag_name("script"))
                && node.text().is_some_and(named))
    })
}

/// The question asked, in HTML: what is said, without where it is answered.
fn stem(node: Node<'_, '_>, apart: &dyn Fn(Node<'_, '_>) -> bool) -> String {
    let html = xml::html(node, apart);
    [("label>", "p>"), ("<description", "<p"), ("</description>", "</p>")]
        .into_iter()
        .fold(html, |html, (from, to)| html.replace(from, to))
}

/// What is said after the answer, and the hints that could be asked for before it.
fn explanation(node: Node<'_, '_>, links: &mut Links<'_>, notes: &mut Notes) -> String {
    let mut out = Vec::new();
    for solution in node.descendants().filter(|node| node.has_tag_name("solution")) {
        let text = html::markdown(&xml::html(solution, &|_| false), 3, links, notes);
        let titled = text
            .split_once("\n\n")
            .filter(|(first, _)| matches!(folded(first).as_str(), "explanation" | "explication" | "solution"));
        out.push(titled.map_or(text.clone(), |(_, rest)| rest.to_owned()));
    }
    let hints = node.descendants().filter(|node| node.has_tag_name("demandhint"));
    let hints: Vec<String> =
        hints.flat_map(|hints| xml::children(hints, "hint")).map(|hint| html::literal(&said(hint))).collect();
    if !hints.is_empty() {
        notes.say("des indices se demandaient avant de répondre : ils sont dits après, avec l’explication");
        out.push(format!("Indices\u{a0}: {}", hints.join(" ")));
    }
    out.retain(|text| !text.trim().is_empty());
    out.join("\n\n")
}

/// Why a kind of response does not come over; none for those that do.
fn reason(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "multiplechoiceresponse"
        | "truefalseresponse"
        | "choiceresponse"
        | "optionresponse"
        | "stringresponse"
        | "numericalresponse" => return None,
        "customresponse" | "coderesponse" | "externalresponse" | "javascriptresponse" | "schematicresponse" => {
            "sa réponse est corrigée par un programme"
        }
        "formularesponse" | "symbolicresponse" => "sa réponse est une formule, que nos quiz ne savent pas comparer",
        "imageresponse" => "elle se répond en montrant une image, ce qui ne se fait ni au clavier ni à la voix",
        "choicetextresponse" => "elle mêle choix et champs à remplir : posez deux questions",
        "annotationresponse" => "elle annote un texte : posez-la autrement",
        _ => "ce type de réponse n’a pas d’équivalent",
    })
}

/// What one response asks, and what is said just before it.
fn one(response: Node<'_, '_>, links: &mut Links<'_>, notes: &mut Notes) -> Result<(String, Asked), String> {
    let tag = response.tag_name().name();
    if let Some(why) = reason(tag) {
        return Err(format!("{why} ({tag})"));
    }
    let own = stem(response, &|node| APART.contains(&node.tag_name().name()));
    let mut own = html::markdown(&own, 3, links, notes);
    if own.is_empty() {
        let label = response.descendants().find_map(|node| node.attribute("label"));
        own = label.map(html::literal).unwrap_or_default();
    }
    let asked = match tag {
        "choiceresponse" => Asked::Multiple { choice: choices(response, links, notes) },
        "optionresponse" => Asked::Single { choice: options(response, links, notes) },
        "stringresponse" => text(response, notes)?,
        "numericalresponse" => number(response, notes)?,
        _ => truth(choices(response, links, notes)),
    };
    Ok((own, asked))
}

/// Two choices that say true and false are a true or false question.
fn truth(choice: Vec<Choice>) -> Asked {
    if let [first, second] = choice.as_slice() {
        let value = |choice: &Choice| match folded(&choice.text).as_str() {
            "vrai" | "true" => Some(true),
            "faux" | "false" => Some(false),
            _ => None,
        };
        if let (Some(one), Some(other)) = (value(first), value(second))
            && one != other
            && first.right != second.right
        {
            let (yes, no) = if one { (first, second) } else { (second, first) };
            return Asked::TrueFalse {
                answer: yes.right,
                feedback_true: yes.feedback.clone(),
                feedback_false: no.feedback.clone(),
            };
        }
    }
    Asked::Single { choice }
}

fn choices(response: Node<'_, '_>, links: &mut Links<'_>, notes: &mut Notes) -> Vec<Choice> {
    if response.descendants().any(|node| node.has_tag_name("compoundhint")) {
        notes.say("le commentaire propre à une combinaison de réponses est laissé");
    }
    let choices = response.descendants().filter(|node| node.has_tag_name("choice"));
    choices
        .map(|choice| {
            let text = xml::html(choice, &|node| node.has_tag_name("choicehint"));
            if choice.attribute("correct") == Some("partial") {
                notes.say("un choix valait une partie des points : il est faux désormais");
            }
            let mut feedback = Vec::new();
            for hint in xml::children(choice, "choicehint") {
                if hint.attribute("selected") == Some("false") {
                    notes.say("le commentaire montré à qui ne coche pas un choix est laissé");
                } else {
                    feedback.push(html::markdown(&xml::html(hint, &|_| false), 3, links, notes));
                }
            }
            Choice {
                text: html::line(&text, links, notes),
                right: choice.attribute("correct").is_some_and(|right| right.eq_ignore_ascii_case("true")),
                feedback: feedback.join("\n\n"),
            }
        })
        .collect()
}

/// A list to pick from: `<option>` elements, or an attribute written `('un','deux')`.
fn options(response: Node<'_, '_>, links: &mut Links<'_>, notes: &mut Notes) -> Vec<Choice> {
    let Some(input) = response.descendants().find(|node| node.has_tag_name("optioninput")) else { return Vec::new() };
    let options: Vec<Choice> = xml::children(input, "option")
        .map(|option| {
            let hint = xml::child(option, "optionhint").map(|hint| xml::html(hint, &|_| false)).unwrap_or_default();
            Choice {
                text: html::line(&xml::html(option, &|node| node.has_tag_name("optionhint")), links, notes),
                right: option.attribute("correct").is_some_and(|right| right.eq_ignore_ascii_case("true")),
                feedback: html::markdown(&hint, 3, links, notes),
            }
        })
        .collect();
    if !options.is_empty() {
        return options;
    }
    let right = input.attribute("correct").unwrap_or_default().trim();
    let listed = input.attribute("options").unwrap_or_default().trim().trim_start_matches('(').trim_end_matches(')');
    let mark = listed.chars().next().filter(|sign| matches!(sign, '\'' | '"')).unwrap_or('\'');
    let texts = listed.split(mark).skip(1).step_by(2);
    texts
        .map(|text| Choice { text: html::literal(text), right: text.trim() == right, feedback: String::new() })
        .collect()
}

fn text(response: Node<'_, '_>, notes: &mut Notes) -> Result<Asked, String> {
    let sort = response.attribute("type").unwrap_or_default();
    if sort.split_whitespace().any(|word| word == "regexp") {
        return Err(String::from(
            "sa réponse est comparée à une expression régulière : écrivez chaque réponse acceptée",
        ));
    }
    if !sort.split_whitespace().any(|word| word == "ci") {
        notes.say("les majuscules comptaient : elles ne comptent plus");
    }
    if response.children().any(|node| matches!(node.tag_name().name(), "stringequalhint" | "regexphint")) {
        notes.say("le commentaire propre à certaines réponses est laissé : une seule explication est montrée à tous");
    }
    let more = xml::children(response, "additional_answer")
        .map(|more| more.attribute("answer").map_or_else(|| said(more), str::to_owned));
    let accepted = response.attribute("answer").map(str::to_owned).into_iter().chain(more);
    Ok(Asked::ShortText { accepted: accepted.map(|text| html::sound(&text)).collect() })
}

fn number(response: Node<'_, '_>, notes: &mut Notes) -> Result<Asked, String> {
    let answer = response.attribute("answer").unwrap_or_default().trim();
    let parsed = |text: &str| text.trim().parse::<f64>().ok();
    if xml::children(response, "additional_answer").next().is_some() {
        notes.say("d’autres nombres étaient acceptés : seul le premier l’est");
    }
    let unit = response.descendants().find_map(|node| node.attribute("trailing_text")).map(str::trim);
    let unit = unit.filter(|unit| !unit.is_empty()).map(str::to_owned);
    let bounded = answer
        .strip_prefix(['[', '('])
        .and_then(|rest| rest.strip_suffix([']', ')']))
        .and_then(|rest| rest.split_once(','));
    if let Some((least, most)) = bounded.and_then(|(least, most)| parsed(least).zip(parsed(most))) {
        if answer.starts_with('(') || answer.ends_with(')') {
            notes.say("une borne était exclue : elle est acceptée");
        }
        let (answer, tolerance) = middle(least, most);
        return Ok(Asked::Numeric { answer, tolerance, unit });
    }
    let value = parsed(answer)
        .ok_or_else(|| format!("sa réponse « {} » est un calcul : écrivez son résultat", html::short(answer)))?;
    let params = response.descendants().filter(|node| node.has_tag_name("responseparam"));
    let spelled = params
        .filter(|param| param.attribute("type") == Some("tolerance"))
        .find_map(|param| param.attribute("default"));
    let tolerance = match spelled.map(str::trim) {
        None => Some(0.0),
        Some(percent) if percent.ends_with('%') => {
            parsed(percent.trim_end_matches('%')).map(|percent| middle(0.0, value.abs() * percent / 50.0).0)
        }
        Some(width) => parsed(width),
    };
    let tolerance = tolerance.ok_or_else(|| String::from("sa tolérance est un calcul : écrivez son résultat"))?;
    Ok(Asked::Numeric { answer: value, tolerance, unit })
}

/// Several lists to pick from that offer the same are an association.
fn matching(responses: &[Node<'_, '_>], shared: &str, solution: &str) -> Option<Draft> {
    let mut pair = Vec::new();
    let mut offered: Option<Vec<String>> = None;
    for response in responses {
        let input = response.descendants().find(|node| node.has_tag_name("optioninput"))?;
        let options: Vec<Node<'_, '_>> = xml::children(input, "option").collect();
        let mut texts: Vec<String> =
            options.iter().map(|option| html::plain(&xml::html(*option, &|_| false))).collect();
        let right = options
            .iter()
            .position(|option| option.attribute("correct").is_some_and(|right| right.eq_ignore_ascii_case("true")))?;
        let left = html::plain(&stem(*response, &|node| APART.contains(&node.tag_name().name())));
        pair.push(Pair { left: Some(left).filter(|left| !left.is_empty())?, right: texts.get(right)?.clone() });
        texts.sort();
        if offered.as_ref().is_some_and(|offered| *offered != texts) {
            return None;
        }
        offered = Some(texts);
    }
    let mut distractors = offered.filter(|_| pair.len() > 1)?;
    distractors.retain(|text| pair.iter().all(|pair| pair.right != *text));
    let stem = if shared.is_empty() {
        String::from("Associez chaque élément à ce qui lui correspond.")
    } else {
        shared.to_owned()
    };
    let asked = Asked::Matching { pair, distractors };
    Some(Draft { id: String::new(), stem, points: 1, feedback: solution.to_owned(), section: None, skill: None, asked })
}
