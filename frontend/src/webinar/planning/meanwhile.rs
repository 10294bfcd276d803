//! What somebody else saved while a form was being typed.

use super::form::Choosable;
use domain::webinar::plan::{Audience, PlanForm};
use leptos::prelude::*;

/// A notice above the form that was typed: each field that now stands otherwise, and what it says.
pub(super) fn meanwhile(typed: &PlanForm, now: &PlanForm, offered: &Choosable) -> impl IntoView + use<> {
    let named = |from: &[(String, String)], value: &str| {
        from.iter().find(|(known, _)| known == value).map_or_else(|| value.to_owned(), |(_, label)| label.clone())
    };
    let trainers = |form: &PlanForm| {
        let mut leaders: Vec<_> = form.trainers.iter().map(|trainer| named(&offered.trainers, trainer)).collect();
        leaders.sort_unstable();
        leaders.join(", ")
    };
    let fields = [
        ("title", "Titre", typed.title.clone(), now.title.clone()),
        ("description", "Présentation", typed.description.clone(), now.description.clone()),
        ("course", "Cours", named(&offered.courses, &typed.course), named(&offered.courses, &now.course)),
        ("kit", "Support préparé", named(&offered.kits, &typed.kit), named(&offered.kits, &now.kit)),
        ("date", "Date", typed.date.clone(), now.date.clone()),
        ("time", "Heure du début", typed.time.clone(), now.time.clone()),
        ("minutes", "Durée, en minutes", typed.minutes.clone(), now.minutes.clone()),
        ("audience", "Ouvert à", open_to(&typed.audience), open_to(&now.audience)),
        ("capacity", "Nombre de places", typed.capacity.clone(), now.capacity.clone()),
        ("threshold", "Seuil de présence", typed.threshold.clone(), now.threshold.clone()),
        ("replay_counts", "La rediffusion compte", yes(&typed.replay_counts), yes(&now.replay_counts)),
        ("replay_quiz", "Quiz ouvert en rediffusion", yes(&typed.replay_quiz), yes(&now.replay_quiz)),
        ("recorded", "Enregistrement", yes(&typed.recorded), yes(&now.recorded)),
        (
            "recording_days",
            "Conservation de l’enregistrement, en jours",
            typed.recording_days.clone(),
            now.recording_days.clone(),
        ),
        ("trainers", "Co-animation", trainers(typed), trainers(now)),
    ];
    let others = fields.into_iter().filter(|(_, _, typed, now)| typed != now);
    let lines = others.map(|(field, label, _, now)| {
        let said = if now.is_empty() { "(vide)".to_owned() } else { now };
        view! { <dt><a href=format!("#{field}")>{label}</a></dt><dd>{said}</dd> }
    });
    let lines = lines.collect_view();
    view! {
        <div class="notice is-problem" role="alert">
            <p class="notice-title">"Quelqu’un d’autre a modifié ce webinaire pendant ce temps"</p>
            <p>"Rien n’est perdu\u{a0}: ce que vous avez tapé est resté dans le formulaire, et n’est pas encore enregistré. Voici ce qui est enregistré aujourd’hui et diffère de votre saisie. Gardez vos valeurs ou reprenez celles-ci, puis enregistrez de nouveau."</p>
            <dl class="facts-list">{lines}</dl>
        </div>
    }
}

fn yes(ticked: &str) -> String {
    if ticked.is_empty() { "non".to_owned() } else { "oui".to_owned() }
}

fn open_to(audience: &str) -> String {
    audience.parse::<Audience>().map_or_else(|_| audience.to_owned(), Audience::name)
}
