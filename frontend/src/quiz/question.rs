//! One question as a native group of fields, filled with the answer known so far.

use super::form;
use domain::quiz::{Answer, Field, Labelled, NUMBER_LIMIT, Prompt, PromptPart, TEXT_LIMIT, Type};
use domain::text::{counted, rank};
use leptos::prelude::*;

/// A group of fields being written: the question's slug and what is already in its fields.
struct Filled {
    slug: String,
    entries: Vec<(String, String)>,
}

impl Filled {
    fn name(&self, key: Option<&str>) -> String {
        form::name(&self.slug, key)
    }

    fn id(&self, key: &str) -> String {
        format!("r-{}-{key}", self.slug)
    }

    fn holds(&self, name: &str, value: &str) -> bool {
        self.entries.iter().any(|(n, v)| n == name && v == value)
    }

    fn value(&self, name: &str) -> String {
        self.entries.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default()
    }
}

/// Sanitised HTML that is one paragraph, without its tags: it goes into a label or a legend.
/// What follows the first paragraph comes apart.
pub(crate) fn first_paragraph(html: &str) -> (String, String) {
    let html = html.trim();
    html.strip_prefix("<p>")
        .and_then(|rest| rest.split_once("</p>"))
        .map_or_else(|| (html.to_owned(), String::new()), |(first, rest)| (first.to_owned(), rest.trim().to_owned()))
}

/// The id of the line that tells what has become of an answer.
pub(crate) fn status_id(slug: &str) -> String {
    format!("etat-{slug}")
}

/// The group of fields of a question.
pub(crate) fn fieldset(prompt: Prompt, answer: Option<&Answer>, number: usize, of: usize) -> impl IntoView + use<> {
    let Prompt { slug, stem, points, rule, field } = prompt;
    let slug = slug.as_str().to_owned();
    let (asked, more) = first_paragraph(&stem);
    let rule_id = format!("regle-{slug}");
    let blank = answer.is_none_or(Answer::is_blank);
    let status = if blank { super::state::Status::ToAnswer } else { super::state::Status::Kept };
    let filled =
        Filled { entries: answer.map(|answer| form::entries(&slug, answer)).unwrap_or_default(), slug: slug.clone() };
    view! {
        <fieldset class="question" id=format!("question-{slug}") aria-describedby=rule_id>
            <legend>
                <span class="question-number">"Question "{number}" sur "{of}</span>
                " "
                <span class="stem" inner_html=asked></span>
            </legend>
            {(!more.is_empty()).then(|| view! { <div class="stem" inner_html=more></div> })}
            <p class="rule" id=format!("regle-{slug}")>{counted(u64::from(points), "point", "points")}" · "{rule}</p>
            {fields(&filled, field)}
            <p class="status" id=status_id(&slug) data-status=status.key()>{status.said()}</p>
        </fieldset>
    }
}

fn fields(filled: &Filled, field: Field) -> AnyView {
    match field {
        Field::Single { choices } => choice_list(filled, choices, "radio").into_any(),
        Field::Multiple { choices } => choice_list(filled, choices, "checkbox").into_any(),
        Field::TrueFalse => {
            let choice = |key: &str, label: &str| Labelled { key: key.to_owned(), label: label.to_owned() };
            choice_list(filled, vec![choice("true", "Vrai"), choice("false", "Faux")], "radio").into_any()
        }
        Field::Numeric { unit } => typed(filled, unit, "decimal", NUMBER_LIMIT).into_any(),
        Field::ShortText => typed(filled, None, "text", TEXT_LIMIT).into_any(),
        Field::Matching { lefts, rights } => {
            let options = rights.into_iter().map(|right| (right.key, right.label)).collect::<Vec<_>>();
            picks(filled, lefts, &options).into_any()
        }
        Field::Ordering { items } => {
            let options = (1..=items.len())
                .map(|place| (format!("{place}"), format!("{}\u{a0}place", rank(place))))
                .collect::<Vec<_>>();
            picks(filled, items, &options).into_any()
        }
        Field::Gap { parts } => gaps(filled, parts).into_any(),
    }
}

fn choice_list(filled: &Filled, choices: Vec<Labelled>, kind: &'static str) -> impl IntoView + use<> {
    let name = filled.name(None);
    let line = |choice: Labelled| {
        let (label, _) = first_paragraph(&choice.label);
        let id = filled.id(&choice.key);
        let checked = filled.holds(&name, &choice.key);
        view! {
            <li class="choice">
                <input type=kind id=id.clone() name=name.clone() value=choice.key checked=checked/>
                <label for=id inner_html=label></label>
            </li>
        }
    };
    let lines = choices.into_iter().map(line).collect_view();
    view! { <ul class="choices">{lines}</ul> }
}

fn typed(filled: &Filled, unit: Option<String>, mode: &'static str, limit: usize) -> impl IntoView + use<> {
    let name = filled.name(None);
    let id = filled.id("texte");
    let value = filled.value(&name);
    let label = unit.map_or_else(|| "Votre réponse".to_owned(), |unit| format!("Votre réponse, en {unit}"));
    view! {
        <p class="typed">
            <label for=id.clone()>{label}</label>
            <input type="text" id=id name=name value=value inputmode=mode maxlength=limit.to_string() autocomplete="off" spellcheck="false"/>
        </p>
    }
}

/// A list of things that are each given one of the same options: right sides, or places.
fn picks(filled: &Filled, things: Vec<Labelled>, options: &[(String, String)]) -> impl IntoView + use<> {
    let line = |thing: Labelled| {
        let name = filled.name(Some(&thing.key));
        let id = filled.id(&thing.key);
        view! {
            <li class="pick">
                <label for=id.clone()>{thing.label}</label>
                {select(filled, id, name, options)}
            </li>
        }
    };
    let lines = things.into_iter().map(line).collect_view();
    view! { <ul class="picks">{lines}</ul> }
}

fn select(filled: &Filled, id: String, name: String, options: &[(String, String)]) -> impl IntoView + use<> {
    let lines = options
        .iter()
        .map(|(key, label)| {
            let selected = filled.holds(&name, key);
            view! { <option value=key.clone() selected=selected>{label.clone()}</option> }
        })
        .collect_view();
    view! { <select id=id name=name autocomplete="off"><option value="">"Choisir…"</option>{lines}</select> }
}

fn gaps(filled: &Filled, parts: Vec<PromptPart>) -> impl IntoView + use<> {
    let mut number = 0;
    let pieces = parts
        .into_iter()
        .map(|part| match part {
            PromptPart::Text { text } => text.into_any(),
            PromptPart::Gap { key, options } => {
                number += 1;
                let name = filled.name(Some(&key));
                let id = filled.id(&key);
                let field = if options.is_empty() {
                    let value = filled.value(&name);
                    view! {
                        <input type="text" id=id.clone() name=name value=value size="16" maxlength=TEXT_LIMIT.to_string() autocomplete="off" spellcheck="false"/>
                    }
                    .into_any()
                } else {
                    let options = options.into_iter().map(|option| (option.clone(), option)).collect::<Vec<_>>();
                    select(filled, id.clone(), name, &options).into_any()
                };
                view! { <span class="gap"><label class="visually-hidden" for=id>"Blanc "{number}</label>{field}</span> }.into_any()
            }
        })
        .collect_view();
    view! { <p class="gaps">{pieces}</p> }
}

/// What a browser needs of a question to read its fields.
pub(crate) fn asked(prompt: &Prompt) -> super::state::Asked {
    super::state::Asked { slug: prompt.slug.clone(), kind: Type::from(&prompt.field) }
}
