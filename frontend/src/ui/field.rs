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

/// Told at the top of a form that may have several problems: each that is of a field leads to it, which repeats it.
pub(crate) fn problem_list<N: AsRef<str>>(problems: &[(N, String)]) -> impl IntoView + use<N> {
    let line = |(field, said): &(N, String)| match field.as_ref() {
        "" => view! { <li>{said.clone()}</li> }.into_any(),
        field => view! { <li><a href=format!("#{field}")>{said.clone()}</a></li> }.into_any(),
    };
    let lines = problems.iter().map(line).collect_view();
    let title = domain::text::counted(problems.len() as u64, "point à corriger", "points à corriger");
    (!problems.is_empty()).then(|| {
        view! {
            <div class="notice is-problem" role="alert">
                <p class="notice-title">{title}</p>
                <ul>{lines}</ul>
            </div>
        }
    })
}

/// The problem of a field, beside it.
pub(crate) fn told(name: &str, problem: Option<String>) -> impl IntoView + use<> {
    let id = format!("erreur-{name}");
    problem.map(|problem| view! { <p class="field-problem" id=id>{problem}</p> })
}

fn described_by(hint: Option<String>, problem: Option<String>, wrong: bool) -> Option<String> {
    let parts = [wrong.then(|| PROBLEM.to_owned()), problem, hint];
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
    /// What is wrong with it, told beside it; for forms that begin with a [`problem_list`].
    pub(crate) problem: Option<String>,
    pub(crate) optional: bool,
    pub(crate) length: Option<(u32, u32)>,
}

impl TextField {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { label, name, kind, value, hint, autocomplete, wrong, problem, optional, length } = self;
        let hint_id = hint.is_some().then(|| format!("aide-{name}"));
        let problem_id = problem.is_some().then(|| format!("erreur-{name}"));
        let invalid = wrong || problem.is_some();
        let kind = if kind.is_empty() { "text" } else { kind };
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("aide-{name}")>{hint}</p> })}
                {told(name, problem)}
                <input
                    type=kind
                    id=name
                    name=name
                    value=value
                    autocomplete=autocomplete
                    required=!optional
                    minlength=length.map(|(least, _)| least.to_string())
                    maxlength=length.map(|(_, most)| most.to_string())
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by(hint_id, problem_id, wrong)
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
    /// As for [`TextField`].
    pub(crate) problem: Option<String>,
}

impl SelectField {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { label, name, value, hint, none, groups, wrong, problem } = self;
        let hint_id = hint.is_some().then(|| format!("aide-{name}"));
        let problem_id = problem.is_some().then(|| format!("erreur-{name}"));
        let invalid = wrong || problem.is_some();
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
                {told(name, problem)}
                <select
                    id=name
                    name=name
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by(hint_id, problem_id, wrong)
                >
                    {none.map(|none| view! { <option value="">{none}</option> })}
                    {groups}
                </select>
            </div>
        }
    }
}

/// A field of several lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct AreaField {
    pub(crate) label: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) hint: Option<String>,
    pub(crate) problem: Option<String>,
    pub(crate) optional: bool,
    pub(crate) rows: u32,
    pub(crate) most: usize,
}

impl AreaField {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { label, name, value, hint, problem, optional, rows, most } = self;
        let hint_id = hint.is_some().then(|| format!("aide-{name}"));
        let problem_id = problem.is_some().then(|| format!("erreur-{name}"));
        let invalid = problem.is_some();
        // Leptos writes what stands in a textarea as it is: unescaped, it could end the field and begin markup.
        let value = domain::text::escaped(&value);
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("aide-{name}")>{hint}</p> })}
                {told(name, problem)}
                <textarea
                    id=name
                    name=name
                    rows=rows.to_string()
                    maxlength=most.to_string()
                    required=!optional
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by(hint_id, problem_id, false)
                >
                    {value}
                </textarea>
            </div>
        }
    }
}
