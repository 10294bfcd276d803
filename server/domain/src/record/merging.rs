//! Two accounts of one person made one: what the ledger of the account that is kept takes in.
//!
//! The other ledger stays as it is. Each of its facts is brought over with its [`Origin`], and counts at its own date, so
//! that the record is what it would be had there been one account: the same chapter, webinar or course counts once. One
//! thing does not come out of that order by itself, and is said in facts of its own: half days entered on each side
//! ([`Fact::AttendanceEntered`] replaces what was there).

#[cfg(test)]
mod tests;

use super::{AttendanceRecord, Entry, Fact, HalfDay, Origin, Record, Told, link};
use crate::ids::{ComponentSlug, CourseSlug, EntryId, PersonId};
use crate::pathway::{Component, Pathway};
use jiff::Timestamp;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why a fact of the merge itself was written, as records show it.
const WHY: &str = "Deux comptes de la même personne réunis en un seul.";

/// What the ledger that is kept takes in, linked to it, and what the record comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Each with its text, to be stored as it is. First those brought over, in the order of their own ledger.
    pub written: Vec<(Entry, String)>,
    pub record: Record,
}

/// Brings the facts of an account over to the ledger of the one that is kept: at that instant, by that administrator.
/// `id` makes the identifiers of what is said besides.
pub fn merge(
    (agent, kept): (PersonId, &[Entry]),
    (other, folded): (PersonId, &[Entry]),
    (at, author): (Timestamp, PersonId),
    pathways: &[Pathway],
    id: impl FnMut() -> Uuid,
) -> Merged {
    let mut last = kept.last().map(|entry| (entry.seq, entry.hash));
    let mut written = |told: Told| {
        let (entry, body) = link(agent, last, at, Some(author), told);
        last = Some((entry.seq, entry.hash));
        (entry, body)
    };
    let mut all: Vec<_> = brought_over(other, folded).map(&mut written).collect();
    let mut record = Record::of(kept.iter().chain(all.iter().map(|(entry, _)| entry)));
    for fact in reconciled((&Record::of(kept), &Record::of(folded), &record), pathways, id) {
        let (entry, body) = written(fact.into());
        record.apply(&entry);
        all.push((entry, body));
    }
    Merged { written: all, record }
}

/// The facts of the account that is folded in, to be written in their order.
fn brought_over(folded: PersonId, entries: &[Entry]) -> impl Iterator<Item = Told> {
    entries.iter().map(move |entry| {
        let (seq, hash, at, author) = (entry.seq, entry.hash, entry.when(), entry.said_by());
        Told { fact: entry.fact.clone(), origin: Some(Origin { person: folded, seq, hash, at, author }) }
    })
}

/// What is to be said besides, once `merged` is the record of both, so that no half day is lost to the other
/// account. `id` makes the identifiers of these facts.
fn reconciled(
    (kept, folded, merged): (&Record, &Record, &Record),
    pathways: &[Pathway],
    mut id: impl FnMut() -> Uuid,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (course, of_kept) in &kept.courses {
        let (Some(of_folded), Some(now)) = (folded.courses.get(course), merged.courses.get(course)) else { continue };
        for (component, first) in &of_kept.attendances {
            let (Some(second), Some(known)) = (of_folded.attendances.get(component), now.attendances.get(component))
            else {
                continue;
            };
            let fact = both_attended((course, component), (first, second), pathways, EntryId(id()));
            if !says(known, &fact) {
                facts.push(fact);
            }
        }
    }
    facts
}

/// The half days of both, each once. An exemption stands unless the half days suffice without it.
fn both_attended(
    (course, component): (&CourseSlug, &ComponentSlug),
    (first, second): (&AttendanceRecord, &AttendanceRecord),
    pathways: &[Pathway],
    entry: EntryId,
) -> Fact {
    let mut of_course = pathways.iter().filter(|pathway| pathway.course == *course);
    let known = of_course.find_map(|pathway| pathway.component(component));
    let half_days: BTreeSet<HalfDay> = first.half_days.union(&second.half_days).copied().collect();
    let count = known.and_then(Component::half_days).and_then(|count| usize::try_from(count).ok());
    let suffice = count.is_some_and(|count| half_days.len() >= count);
    let exempted = (first.exempted || second.exempted) && !suffice;
    let half_days = if exempted { BTreeSet::new() } else { half_days };
    // A component that is no longer in any pathway: a half day is worth what it was.
    let each = |record: &AttendanceRecord| {
        u32::try_from(record.half_days.len()).ok().filter(|count| *count > 0).map_or(0, |count| record.minutes / count)
    };
    let minutes = match known {
        Some(component) => component.minutes_of(half_days.len()),
        None => each(first).max(each(second)) * u32::try_from(half_days.len()).unwrap_or(0),
    };
    Fact::AttendanceEntered {
        course: course.clone(),
        component: component.clone(),
        title: known.map_or_else(|| component.to_string(), |component| component.title.clone()),
        entry,
        half_days,
        minutes,
        exempted,
        why: WHY.to_owned(),
    }
}

fn says(known: &AttendanceRecord, fact: &Fact) -> bool {
    matches!(fact, Fact::AttendanceEntered { half_days, exempted, minutes, .. }
        if known.half_days == *half_days && known.exempted == *exempted && known.minutes == *minutes)
}
