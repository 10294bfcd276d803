//! The cohort that an agent follows a course with.

use leptos::prelude::*;

/// A cohort, as its member reads of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCohort {
    pub name: String,
    /// The course's title.
    pub course: String,
    /// « du 3 décembre 2026 au 28 février 2027 »
    pub days: String,
    /// « Marie Durand et Rose Petit »; empty for nobody.
    pub trainers: String,
    /// Its last day is over, and they are not done.
    pub is_late: bool,
    /// Its webinars and sessions to come: address and what it is, with its date.
    pub coming: Vec<(String, String)>,
}

pub(super) fn own_cohort(cohort: OwnCohort) -> impl IntoView {
    let OwnCohort { name, course, days, trainers, is_late, coming } = cohort;
    let with = (!trainers.is_empty()).then(|| format!(" Elle est suivie par {trainers}."));
    let coming: Vec<_> = coming.into_iter().map(|(href, said)| view! { <li><a href=href>{said}</a></li> }).collect();
    let coming = (!coming.is_empty()).then(|| view! { <p>"Ce qui vient\u{a0}:"</p><ul>{coming}</ul> });
    view! {
        <div class="notice">
            <p class="notice-title">"Votre cohorte\u{a0}: "{name}</p>
            <p>{course}", "{days}"."{with}</p>
            {is_late.then(|| view! { <p>"Elle est terminée, et il vous reste à faire\u{a0}: continuez, ce que vous acquérez compte toujours."</p> })}
            {coming}
        </div>
    }
}
