//! A pathway in plain words, for the record.

use crate::access::RecordReader;
use crate::classroom::Classroom;
use crate::pathway::store::Published;
use crate::webinar::presence::by;
use domain::ids::PersonId;
use domain::pathway::{Earned, Line, Modality, State, Way, standing};
use domain::record::{AttendanceEntry, AttendanceRecord, HalfDay, Record};
use domain::text::{counted, date_long, day_long, days_long};
use frontend::pathway::{ComponentLine, NextStep, PathwayLines};
use std::collections::{BTreeMap, BTreeSet};

/// Names of those who wrote in a record.
type Authors = BTreeMap<PersonId, String>;

/// Where the agent stands; `sessions` are those on whose roster they are.
pub(crate) fn lines(
    published: &Published,
    record: &Record,
    reader: &RecordReader,
    authors: &Authors,
    sessions: &[Classroom],
) -> PathwayLines {
    let pathway = &published.pathway;
    let standing = standing(pathway, record);
    let announced = |modality: Modality| -> u32 {
        let of = pathway.components.iter().filter(|component| component.modality == modality);
        of.map(|component| component.minutes).sum()
    };
    let may_enter = reader.keeper(&pathway.course).is_ok();
    let component = |line: &Line<'_>| {
        let entered = record.attendance(&pathway.course, &line.component.slug);
        let enter = || format!("/suivi/{}/parcours/{}/{}", reader.subject, published.slug, line.component.slug);
        ComponentLine {
            title: line.component.title.clone(),
            modality: line.component.modality,
            said: said(line, entered),
            is_done: line.state.is_done(),
            minutes: line.state.minutes(),
            announced: line.component.minutes,
            notes: sessions
                .iter()
                .filter(|session| session.pathway == published.slug && session.component == line.component.slug)
                .filter_map(planned)
                .chain(entered.iter().flat_map(|known| &known.entries).map(|entry| note(entry, authors)))
                .collect(),
            enter: (may_enter && line.component.half_days().is_some()).then(enter),
        }
    };
    PathwayLines {
        title: pathway.title.clone(),
        summary: pathway.summary.clone(),
        hours: standing
            .minutes_by_modality()
            .into_iter()
            .map(|(modality, minutes)| (modality, minutes, announced(modality)))
            .collect(),
        components: standing.lines.iter().map(component).collect(),
        next: standing.missing().next().map(|line| NextStep {
            title: line.component.title.clone(),
            how_to: line.component.how_to.clone(),
            href: match &line.component.way {
                Way::Course { course } => Some(format!("/cours/{course}")),
                Way::Webinar { .. } => Some("/webinaires".to_owned()),
                Way::HalfDays { .. } => None,
            },
        }),
    }
}

fn said(line: &Line<'_>, entered: Option<&AttendanceRecord>) -> String {
    match &line.state {
        State::Earned(Earned { from, to, .. }) => format!("Acquis, {}.", days_long(*from, *to)),
        State::Exempted => {
            let on =
                entered.and_then(AttendanceRecord::last).map(|entry| format!(" depuis le {}", date_long(entry.at)));
            format!("Dispense{}.", on.unwrap_or_default())
        }
        State::Ongoing { half_days_left: 0, .. } => "En cours.".to_owned(),
        State::Ongoing { half_days_left, .. } => {
            format!("En cours\u{a0}: il manque {}.", counted((*half_days_left).into(), "demi-journée", "demi-journées"))
        }
        State::Todo => "À faire.".to_owned(),
    }
}

/// « Session à Charleville : 3 décembre 2026, matin ; 3 décembre 2026, après-midi. », as long as a sheet is open.
fn planned(session: &Classroom) -> Option<String> {
    let open = session.sheets.iter().filter(|sheet| sheet.closed.is_none()).map(|sheet| sheet.half_day.said());
    let open = open.collect::<Vec<_>>().join("\u{a0}; ");
    (!open.is_empty()).then(|| format!("Session à {}\u{a0}: {open}.", session.place))
}

/// « Inscrit par Marie Le Goff, le 3 décembre 2026 : 1er décembre 2026, matin. Raison : feuille signée »
fn note(entry: &AttendanceEntry, authors: &Authors) -> String {
    format!(
        "Inscrit par {}, le {}\u{a0}: {}. Source ou raison\u{a0}: {}",
        by(entry.by, authors),
        date_long(entry.at),
        what(&entry.half_days, entry.exempted),
        entry.why
    )
}

/// What an entry says: half days, an exemption, nothing.
pub(crate) fn what(half_days: &BTreeSet<HalfDay>, exempted: bool) -> String {
    if exempted {
        return "dispense".to_owned();
    }
    let mut days: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for half_day in half_days {
        days.entry(half_day.date).or_default().push(half_day.part.name());
    }
    let days: Vec<String> =
        days.into_iter().map(|(date, parts)| format!("{}, {}", day_long(date), parts.join(" et "))).collect();
    if days.is_empty() { "rien".to_owned() } else { days.join("\u{a0}; ") }
}
