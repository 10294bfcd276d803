//! Before those who are late are reminded.

use super::figures::Courses;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reminders {
    /// The list they are taken from.
    pub href: String,
    pub courses: Courses,
    /// What the form repeats of the list: name and value.
    pub hidden: Vec<(String, String)>,
    /// Agents who would be written to.
    pub total: u64,
    /// The first of them.
    pub names: Vec<String>,
    /// Late too, and reminded within a week.
    pub recent: u64,
    /// Late too, without having opened their account: an invitation is what they need.
    pub closed: u64,
    /// Subject and text of the first mail.
    pub example: Option<(String, String)>,
}

/// The page, without its shell. Sends the list's own fields to `/suivi/relances` by POST.
pub fn reminders_page(page: Reminders) -> impl IntoView {
    let Reminders { href, courses, hidden, total, names, recent, closed, example } = page;
    let others = total.saturating_sub(names.len() as u64);
    let names = names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
    let others = (others > 0).then(|| view! { <li>"et "{counted(others, "autre agent", "autres agents")}</li> });
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let send = (total > 0).then(|| {
        view! {
            <h2>"À qui"</h2>
            <ul>{names}{others}</ul>
            {example.map(|(subject, body)| view! {
                <h2>"Ce qui leur est écrit"</h2>
                <p>"Objet\u{a0}: "<strong>{subject}</strong></p>
                <pre class="mail-text" tabindex="0" aria-label="Texte du message">{body}</pre>
            })}
            <form method="post" action="/suivi/relances">
                {hidden.collect_view()}
                <button type="submit" class="button">"Relancer "{counted(total, "agent", "agents")}</button>
            </form>
        }
    });
    let said = match total {
        0 => "Personne n’est à relancer dans cette liste.".to_owned(),
        _ => format!("{} à relancer.", counted(total, "agent en retard", "agents en retard")),
    };
    view! {
        <p class="overline"><a href=href>"Agents"</a></p>
        <h1>"Relances"</h1>
        <p class="lead">{courses.shown.1}</p>
        <p role="status">{said}</p>
        {(recent > 0).then(|| view! { <p>{counted(recent, "agent a déjà été relancé", "agents ont déjà été relancés")}" depuis moins d’une semaine\u{a0}: pas de nouveau message."</p> })}
        {(closed > 0).then(|| view! { <p>{counted(closed, "agent n’a pas encore ouvert son compte", "agents n’ont pas encore ouvert leur compte")}"\u{a0}: c’est une invitation qu’il faut, de la part de l’administration."</p> })}
        {send}
    }
}
