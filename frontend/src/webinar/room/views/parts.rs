//! Small things that several views use.

use super::super::words::{Piece, pieces};
use domain::text::hour;
use domain::webinar::Who;
use jiff::Timestamp;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// A button that does something.
pub(super) fn press(label: &'static str, class: &'static str, does: impl Fn() + 'static) -> AnyView {
    boxed(label, String::new(), class, Box::new(does))
}

/// A button whose label needs more words for who does not see what is around it.
pub(super) fn press_for(
    label: &'static str,
    more: impl Into<String>,
    class: &'static str,
    does: impl Fn() + 'static,
) -> AnyView {
    boxed(label, more.into(), class, Box::new(does))
}

fn boxed(label: &'static str, more: String, class: &'static str, does: Box<dyn Fn()>) -> AnyView {
    let more = (!more.is_empty()).then(|| view! { <span class="visually-hidden">" "{more}</span> });
    view! { <button type="button" class=class on:click=move |_| does()>{label}{more}</button> }.into_any()
}

/// Who said something, and when.
pub(super) fn signed(by: &Who, at: Timestamp) -> AnyView {
    let trainer = by.trainer.then(|| view! { <span class="badge">"animation"</span> });
    view! {
        <p class="signed">
            <strong>{by.name.clone()}</strong>
            " "
            {trainer}
            " "
            <time datetime=at.to_string()>{hour(at)}</time>
        </p>
    }
    .into_any()
}

/// What somebody wrote: text, whose https addresses lead out.
pub(super) fn prose(text: &str) -> AnyView {
    let piece = |piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link(url) => outward(url.clone(), url),
    };
    view! { <p class="prose">{pieces(text).into_iter().map(piece).collect_view()}</p> }.into_any()
}

/// A link that leaves the room open.
pub(super) fn outward(url: String, label: String) -> AnyView {
    view! {
        <a href=url target="_blank" rel="noopener noreferrer nofollow">
            {label}
            <span class="visually-hidden">" (nouvel onglet)"</span>
        </a>
    }
    .into_any()
}

/// A field of one line or several, with its label.
pub(super) fn field(
    id: &'static str,
    label: &'static str,
    limit: usize,
    value: RwSignal<String>,
    rows: Option<u8>,
) -> AnyView {
    let input = move |event| value.set(event_target_value(&event));
    let box_of = match rows {
        None => view! {
            <input type="text" id=id maxlength=limit.to_string() autocomplete="off" prop:value=move || value.get() on:input=input/>
        }
        .into_any(),
        Some(rows) => view! {
            <textarea id=id maxlength=limit.to_string() rows=rows.to_string() prop:value=move || value.get() on:input=input></textarea>
        }
        .into_any(),
    };
    view! { <div class="field"><label for=id>{label}</label>{box_of}</div> }.into_any()
}

/// A form that the page itself takes.
pub(super) fn form(class: &'static str, sent: impl Fn() + 'static, inside: AnyView) -> AnyView {
    let sent: Box<dyn Fn()> = Box::new(sent);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        sent();
    };
    view! { <form class=class on:submit=submit>{inside}</form> }.into_any()
}

/// The button of such a form.
pub(super) fn send(label: &'static str) -> AnyView {
    view! { <button type="submit" class="button">{label}</button> }.into_any()
}

/// Lines of a text that are not blank.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
