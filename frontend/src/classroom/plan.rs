//! The form that plans a session.

use crate::pathway::{Slot, half_day};
use crate::ui::{Choice, SelectField, TextField, problem_box};
use domain::classroom::PLACE;
use leptos::prelude::*;

/// Half days that one session may have.
pub const SLOTS: usize = 6;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPage {
    /// Components that are followed in half days: a value and a label.
    pub offered: Vec<(String, String)>,
    pub typed: PlanTyped,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanTyped {
    /// Made with the form, so that sending it twice plans one session.
    pub classroom: String,
    pub component: String,
    pub place: String,
    pub slots: Vec<Slot>,
    /// What is wrong, and in which field.
    pub problem: Option<(String, String)>,
}

/// The page, without its shell. POSTs `classroom`, `component`, `place`, and `date-N` and `part-N` of each half day.
pub fn plan_page(page: PlanPage) -> impl IntoView {
    let PlanPage { offered, typed } = page;
    let PlanTyped { classroom, component, place, slots, problem } = typed;
    let said = problem.clone().map(|(_, said)| said);
    let wrong = |name: &str| problem.as_ref().is_some_and(|(field, _)| field == name);
    let choices = offered.into_iter().map(|(value, label)| Choice::new(value, label)).collect();
    let component = SelectField {
        label: "Composante du parcours",
        name: "component",
        value: component,
        groups: vec![("", choices)],
        wrong: wrong("component"),
        ..SelectField::default()
    };
    let place = TextField {
        label: "Lieu",
        name: "place",
        value: place,
        hint: Some("Par exemple\u{a0}: préfecture de Charleville-Mézières, salle 2.".to_owned()),
        autocomplete: "off",
        wrong: wrong("place"),
        length: Some((3, u32::try_from(*PLACE.end()).unwrap_or(u32::MAX))),
        ..TextField::default()
    };
    let rows = slots.iter().zip(1..).map(|(slot, place)| half_day(place, slot, wrong(&format!("date-{place}"))));
    view! {
        <p class="overline"><a href="/presentiel">"Sessions en présentiel"</a></p>
        <h1>"Planifier une session"</h1>
        {problem_box(said)}
        <form class="form" method="post" action="/presentiel/nouvelle">
            <input type="hidden" name="classroom" value=classroom/>
            {component.view()}
            {place.view()}
            <fieldset class="group">
                <legend>"Demi-journées"</legend>
                <p class="hint">"Une feuille de présence chacune. Laissez vides celles qui ne servent pas."</p>
                {rows.collect_view()}
            </fieldset>
            <button type="submit" class="button">"Planifier la session"</button>
        </form>
    }
}
