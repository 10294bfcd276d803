//! What a trainer types, read and turned into a fact.

use domain::ids::EntryId;
use domain::pathway::{Component, Pathway};
use domain::record::{AttendanceRecord, FIRST_DAY, Fact, HalfDay, Part, WHY};
use frontend::pathway::{Slot, Typed};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The field at fault, and what to do.
pub(crate) type Wrong = (String, String);

/// An entry that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    pub(crate) fact: Fact,
    /// Whether it is in the record already: it was sent twice.
    pub(crate) is_made: bool,
}

/// What came, as the form shows it again.
pub(crate) fn typed(sent: &[(String, String)], slots: u32) -> Typed {
    let sent: BTreeMap<&str, &str> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = |name: &str| sent.get(name).copied().unwrap_or_default().to_owned();
    let slot = |place: u32| Slot { date: text(&format!("date-{place}")), part: text(&format!("part-{place}")) };
    Typed {
        entry: text("entry"),
        state: text("state"),
        slots: (1..=slots).map(slot).collect(),
        why: text("why"),
        problem: None,
    }
}

/// What the record says, as the form shows it first.
pub(crate) fn known(record: Option<&AttendanceRecord>, slots: u32, entry: String) -> Typed {
    let mut half_days = record.into_iter().flat_map(|known| &known.half_days);
    let slot = |half_day: Option<&HalfDay>| match half_day {
        Some(HalfDay { date, part }) => Slot {
            date: date.to_string(),
            part: if *part == Part::Morning { "morning" } else { "afternoon" }.to_owned(),
        },
        None => Slot::default(),
    };
    let state = if record.is_some_and(|known| known.exempted) { "exempted" } else { "attended" };
    let slots = (0..slots).map(|_| slot(half_days.next())).collect();
    Typed { entry, state: state.to_owned(), slots, why: String::new(), problem: None }
}

/// Reads the form. `today` is the day in Paris.
pub(crate) fn read(
    typed: &Typed,
    pathway: &Pathway,
    component: &Component,
    record: Option<&AttendanceRecord>,
    today: Date,
) -> Result<Entry, Wrong> {
    let wrong = |field: &str, said: String| (field.to_owned(), said);
    let id = typed.entry.parse().map(EntryId);
    let id =
        id.map_err(|_| wrong("state", "Cette page n’est plus à jour\u{a0}: rouvrez-la depuis le dossier.".into()))?;
    let (half_days, exempted) = match typed.state.as_str() {
        "attended" => (
            half_days(
                &typed.slots,
                FIRST_DAY..=today,
                "Indiquez un jour passé\u{a0}: une présence s’inscrit après coup.",
                "Indiquez au moins une demi-journée, ou choisissez autre chose.",
            )?,
            false,
        ),
        "exempted" => (BTreeSet::new(), true),
        "nothing" => (BTreeSet::new(), false),
        _ => return Err(wrong("state", "Choisissez ce que vous inscrivez.".into())),
    };
    let why = typed.why.split_whitespace().collect::<Vec<_>>().join(" ");
    let why: String = why.chars().filter(|sign| !sign.is_control()).collect();
    if !WHY.contains(&why.chars().count()) {
        let said = format!("Dites d’où vient cette inscription, en {} à {} caractères.", WHY.start(), WHY.end());
        return Err(wrong("why", said));
    }
    let is_made = record.is_some_and(|known| known.has(id));
    let says_so = record
        .map_or(half_days.is_empty() && !exempted, |known| known.half_days == half_days && known.exempted == exempted);
    if !is_made && says_so {
        return Err(wrong("state", "Le dossier dit déjà cela\u{a0}: il n’y a rien à inscrire.".into()));
    }
    let fact = Fact::AttendanceEntered {
        course: pathway.course.clone(),
        component: component.slug.clone(),
        title: component.title.clone(),
        entry: id,
        minutes: component.minutes_of(half_days.len()),
        half_days,
        exempted,
        why,
    };
    Ok(Entry { id, fact, is_made })
}

/// The half days of a form, in order; `outside` tells what days it takes, `none` what to do where there is none.
pub(crate) fn half_days(
    slots: &[Slot],
    days: RangeInclusive<Date>,
    outside: &str,
    none: &str,
) -> Result<BTreeSet<HalfDay>, Wrong> {
    let mut half_days = BTreeSet::new();
    for (slot, place) in slots.iter().zip(1..).filter(|(slot, _)| !slot.date.trim().is_empty()) {
        let wrong = |said: &str| (format!("date-{place}"), said.to_owned());
        let date: Date = slot.date.trim().parse().map_err(|_| wrong("Indiquez un jour qui existe."))?;
        if !days.contains(&date) {
            return Err(wrong(outside));
        }
        let part = match slot.part.as_str() {
            "morning" => Part::Morning,
            "afternoon" => Part::Afternoon,
            _ => return Err(wrong("Choisissez le matin ou l’après-midi.")),
        };
        if !half_days.insert(HalfDay { date, part }) {
            return Err(wrong("Cette demi-journée est déjà indiquée\u{a0}: changez-la ou videz-la."));
        }
    }
    if half_days.is_empty() { Err(("date-1".to_owned(), none.to_owned())) } else { Ok(half_days) }
}
