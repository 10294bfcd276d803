//! What a trainer types to plan a session, read.

use super::store::Plan;
use crate::pathway::entry::{Wrong, half_days};
use crate::pathway::store::Published;
use domain::classroom::PLACE;
use domain::ids::{ClassroomId, CourseSlug};
use domain::pathway::Component;
use frontend::classroom::{PlanTyped, SLOTS};
use frontend::pathway::Slot;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What may be planned: the components in half days of the pathways that these courses lead.
pub(super) fn offered<'a>(
    pathways: &'a [Arc<Published>],
    courses: &'a [CourseSlug],
) -> impl Iterator<Item = (&'a Published, &'a Component)> {
    let led = pathways.iter().filter(|published| courses.contains(&published.pathway.course));
    led.flat_map(|published| {
        let in_room = published.pathway.components.iter().filter(|component| component.half_days().is_some());
        in_room.map(move |component| (&**published, component))
    })
}

/// A component's value in the form: « parcours-france-services/retraite »
pub(super) fn value_of(published: &Published, component: &Component) -> String {
    format!("{}/{}", published.slug, component.slug)
}

/// What came, as the form shows it again.
pub(super) fn typed(sent: &[(String, String)]) -> PlanTyped {
    let sent: BTreeMap<&str, &str> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = |name: &str| sent.get(name).copied().unwrap_or_default().to_owned();
    let slot = |place: usize| Slot { date: text(&format!("date-{place}")), part: text(&format!("part-{place}")) };
    PlanTyped {
        classroom: text("classroom"),
        component: text("component"),
        place: text("place"),
        slots: (1..=SLOTS).map(slot).collect(),
        problem: None,
    }
}

/// Reads the form. `today` is the day in Paris.
pub(super) fn read(
    typed: &PlanTyped,
    pathways: &[Arc<Published>],
    courses: &[CourseSlug],
    today: Date,
) -> Result<Plan, Wrong> {
    let wrong = |field: &str, said: &str| (field.to_owned(), said.to_owned());
    let id = typed.classroom.parse::<ClassroomId>();
    let id = id.map_err(|_| wrong("component", "Cette page n’est plus à jour\u{a0}: rouvrez-la depuis la liste."))?;
    let chosen =
        offered(pathways, courses).find(|(published, component)| value_of(published, component) == typed.component);
    let (published, component) =
        chosen.ok_or_else(|| wrong("component", "Choisissez la composante que la session fait suivre."))?;
    let place = typed.place.split_whitespace().collect::<Vec<_>>().join(" ");
    if !PLACE.contains(&place.chars().count()) || place.chars().any(char::is_control) {
        let said = format!("Dites où la session a lieu, en {} à {} caractères.", PLACE.start(), PLACE.end());
        return Err(wrong("place", &said));
    }
    // A sheet on paper may be entered some weeks after; nobody plans years ahead.
    let half_days = half_days(
        &typed.slots,
        today.saturating_sub(60.days())..=today.saturating_add(2.years()),
        "Indiquez un jour des soixante derniers, ou des deux années à venir.",
        "Indiquez au moins une demi-journée.",
    )?;
    Ok(Plan {
        id,
        pathway: published.slug.clone(),
        component: component.slug.clone(),
        course: published.pathway.course.clone(),
        place,
        half_days,
    })
}
