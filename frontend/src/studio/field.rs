//! Fields whose names are made as the form goes: of rows, of rules.

use crate::ui::told;
use leptos::prelude::*;

/// What a field is filled in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Input {
    #[default]
    Line,
    /// So many lines at first.
    Lines(u32),
    Number,
    /// A day and an hour.
    Moment,
}

/// A field with its label, its hint and its problem; its name is its id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) hint: Option<&'static str>,
    pub(crate) problem: Option<String>,
    pub(crate) input: Input,
    /// Whether the keyboard goes there as the page opens.
    pub(crate) focus: bool,
}

/// The id of what is wrong with a field, and of what helps to fill it.
fn described(name: &str, problem: bool, hint: bool) -> Option<String> {
    let parts = [problem.then(|| format!("erreur-{name}")), hint.then(|| format!("aide-{name}"))];
    let ids = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!ids.is_empty()).then_some(ids)
}

impl Field {
    pub(crate) fn view(self) -> AnyView {
        let Self { label, name, value, hint, problem, input, focus } = self;
        let describedby = described(&name, problem.is_some(), hint.is_some());
        let invalid = problem.is_some().then_some("true");
        let head = view! {
            <label for=name.clone()>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("aide-{name}")>{hint}</p> })}
            {told(&name, problem)}
        };
        let field = if let Input::Lines(rows) = input {
            // What stands in a textarea is written as it is: unescaped, it could end the field.
            let value = domain::text::escaped(&value);
            view! {
                <textarea id=name.clone() name=name rows=rows.to_string() aria-invalid=invalid aria-describedby=describedby autofocus=focus>
                    {value}
                </textarea>
            }
            .into_any()
        } else {
            let (kind, mode) = match input {
                Input::Moment => ("datetime-local", None),
                Input::Number => ("text", Some("decimal")),
                Input::Line | Input::Lines(_) => ("text", None),
            };
            view! {
                <input
                    type=kind
                    inputmode=mode
                    id=name.clone()
                    name=name
                    value=value
                    autocomplete="off"
                    aria-invalid=invalid
                    aria-describedby=describedby
                    autofocus=focus
                />
            }
            .into_any()
        };
        view! { <div class="field">{head}{field}</div> }.into_any()
    }
}

/// A list of options; the first stands for no choice where it has a name.
pub(crate) fn select(
    (label, name, value): (&'static str, &'static str, &str),
    none: Option<&'static str>,
    options: Vec<(String, String)>,
    problem: Option<String>,
) -> AnyView {
    let describedby = described(name, problem.is_some(), false);
    let invalid = problem.is_some().then_some("true");
    // What is no longer there stays chosen until its author chooses anew.
    let stray = !value.is_empty() && !options.iter().any(|(key, _)| key == value);
    let stray = stray.then(|| (value.to_owned(), format!("{value} (n’existe plus)")));
    let line = |(key, shown): (String, String)| {
        let selected = key == value;
        view! { <option value=key selected=selected>{shown}</option> }
    };
    let options = options.into_iter().chain(stray).map(line).collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {told(name, problem)}
            <select id=name name=name autocomplete="off" aria-invalid=invalid aria-describedby=describedby>
                {none.map(|none| view! { <option value="">{none}</option> })}
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// What is wrong with a field of that name, if anything.
pub(crate) fn problem_of(problems: &[(String, String)], name: &str) -> Option<String> {
    problems.iter().find(|(field, _)| field == name).map(|(_, said)| said.clone())
}
