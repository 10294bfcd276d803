//! Fields of forms: each has its label, its hint and its problem tied to it.

use leptos::prelude::*;

/// Where a form tells what is wrong with what was sent.
const PROBLEM: &str = "probleme";

/// Told at the top of the page, announced at once.
pub(crate) fn problem_box(problem: Option<String>) -> impl IntoView {
    problem.map(|problem| {
        view! {
            <div class="notice is-problem" role="alert">
                <p class="notice-title">"À corriger"</p>
                <p id=PROBLEM>{problem}</p>
            </div>
        }
    })
}

fn described_by(hint: Option<String>, wrong: bool) -> Option<String> {
    let parts = [wrong.then(|| PROBLEM.to_owned()), hint];
    let ids = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!ids.is_empty()).then_some(ids)
}

/// A field of one line.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextField {
    pub(crate) label: &'static str,
    /// Also its id.
    pub(crate) name: &'static str,
    /// `text` when empty.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) hint: Option<String>,
    pub(crate) autocomplete: &'static str,
    /// Whether the problem told at the top is, or may be, this field's.
    pub(crate) wrong: bool,
    pub(crate) optional: bool,
    pub(crate) length: Option<(u32, u32)>,
}

impl TextField {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { label, name, kind, value, hint, autocomplete, wrong, optional, length } = self;
        let hint_id = hint.is_some().then(|| format!("aide-{name}"));
        let kind = if kind.is_empty() { "text" } else { kind };
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("aide-{name}")>{hint}</p> })}
                <input
                    type=kind
                    id=name
                    name=name
                    value=value
                    autocomplete=autocomplete
                    required=!optional
                    minlength=length.map(|(least, _)| least.to_string())
                    maxlength=length.map(|(_, most)| most.to_string())
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described_by(hint_id, wrong)
                    spellcheck=matches!(kind, "email" | "password").then_some("false")
                    autocapitalize=matches!(kind, "email" | "password").then_some("none")
                />
            </div>
        }
    }
}

/// An option of a list.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A field with a list of options, in groups where they have a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectField {
    pub(crate) label: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) hint: Option<String>,
    /// The option that stands for no choice.
    pub(crate) none: Option<&'static str>,
    pub(crate) groups: Vec<(&'static str, Vec<Choice>)>,
    pub(crate) wrong: bool,
}

impl SelectField {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { label, name, value, hint, none, groups, wrong } = self;
        let hint_id = hint.is_some().then(|| format!("aide-{name}"));
        let option = |Choice { value: key, label }: Choice| {
            let selected = key == value;
            view! { <option value=key selected=selected>{label}</option> }
        };
        let groups = groups
            .into_iter()
            .map(|(title, choices)| {
                let options = choices.into_iter().map(&option).collect_view();
                if title.is_empty() {
                    options.into_any()
                } else {
                    view! { <optgroup label=title>{options}</optgroup> }.into_any()
                }
            })
            .collect_view();
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("aide-{name}")>{hint}</p> })}
                <select id=name name=name aria-invalid=wrong.then_some("true") aria-describedby=described_by(hint_id, wrong)>
                    {none.map(|none| view! { <option value="">{none}</option> })}
                    {groups}
                </select>
            </div>
        }
    }
}
