//! Scenes for the tests of the record: facts, and ledgers made of them.

use super::{Entry, Fact, HalfDay, StoredEntry, link};
use crate::ids::{AttemptId, CorrectionId, EntryId, PersonId, WebinarId};
use crate::pathway::{Award, Component, Modality, Pathway, Way};
use crate::quiz::Counts;
use crate::webinar::presence::{Attendance, Reason};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) const LEA: PersonId = PersonId(12);

pub(crate) fn read(chapter: &str, suffices: bool) -> Fact {
    Fact::ChapterRead {
        course: "mediation-numerique".parse().unwrap(),
        version: 1,
        chapter: chapter.parse().unwrap(),
        minutes: 20,
        suffices,
    }
}

/// An attempt at a quiz out of ten points, passed with eight.
pub(crate) fn graded(chapter: &str, number: u32, points: u32, counts: Counts) -> Fact {
    Fact::AttemptGraded {
        course: "mediation-numerique".parse().unwrap(),
        version: 1,
        chapter: chapter.parse().unwrap(),
        attempt: AttemptId(Uuid::from_u128(number.into())),
        number,
        earned: points * 100,
        max: 1000,
        pass: 80,
        counts,
        minutes: 20,
    }
}

pub(crate) fn exempted(chapter: &str) -> Fact {
    Fact::ChapterExempted {
        course: "mediation-numerique".parse().unwrap(),
        version: 1,
        chapter: chapter.parse().unwrap(),
        attempt: AttemptId(Uuid::nil()),
        earned: 300,
        max: 300,
        percent: 100,
    }
}

/// An attempt at an assessment out of ten points, passed with seven.
pub(crate) fn assessed(number: u32, points: u32) -> Fact {
    Fact::AssessmentGraded {
        course: "mediation-numerique".parse().unwrap(),
        version: 1,
        attempt: AttemptId(Uuid::from_u128(number.into())),
        number,
        earned: points * 100,
        max: 1000,
        pass: 70,
        counts: Counts::Best,
        minutes: 40,
    }
}

/// A webinar of 90 minutes, whose threshold is 80 %.
pub(crate) fn attended(minutes: u32) -> Fact {
    let attendance = Attendance::stated(minutes, 90);
    let reason = match (attendance.meets(80), minutes) {
        (true, _) => Reason::Present,
        (false, 0) => Reason::Absent,
        (false, _) => Reason::BelowThreshold,
    };
    Fact::WebinarAttended {
        course: "mediation-numerique".parse().unwrap(),
        webinar: WebinarId(Uuid::from_u128(1)),
        title: "En direct".into(),
        held_at: start(),
        minutes,
        live_minutes: 90,
        percent: attendance.percent(),
        threshold: 80,
        met: attendance.meets(80),
        reason,
    }
}

/// A correction of it.
pub(crate) fn corrected(correction: u128, minutes: u32) -> Fact {
    let attendance = Attendance::stated(minutes, 90);
    Fact::PresenceCorrected {
        course: "mediation-numerique".parse().unwrap(),
        webinar: WebinarId(Uuid::from_u128(1)),
        title: "En direct".into(),
        held_at: start(),
        correction: CorrectionId(Uuid::from_u128(correction)),
        minutes,
        live_minutes: 90,
        percent: attendance.percent(),
        threshold: 80,
        met: attendance.meets(80),
        why: "Ligne coupée".into(),
    }
}

/// Its recording, watched the next day until the threshold was reached; half an hour of it was seen live.
pub(crate) fn replayed(minutes: u32) -> Fact {
    Fact::ReplayFollowed {
        course: "mediation-numerique".parse().unwrap(),
        webinar: WebinarId(Uuid::from_u128(1)),
        title: "En direct".into(),
        held_at: start(),
        from: start() + SignedDuration::from_hours(24),
        minutes,
        seen_live: 30,
        live_minutes: 90,
        percent: Attendance::stated(minutes, 90).percent(),
        threshold: 80,
    }
}

/// The whole course, done, with what its one chapter gives.
pub(crate) fn completed() -> Fact {
    Fact::CourseCompleted { course: "mediation-numerique".parse().unwrap(), version: 1, begun_at: start(), minutes: 20 }
}

/// Half days entered by a trainer, or an exemption.
pub(crate) fn entered(entry: u128, half_days: impl IntoIterator<Item = HalfDay>, exempted: bool) -> Fact {
    let half_days: std::collections::BTreeSet<_> = half_days.into_iter().collect();
    Fact::AttendanceEntered {
        course: "mediation-numerique".parse().unwrap(),
        component: "salle".parse().unwrap(),
        title: "En salle".into(),
        entry: EntryId(Uuid::from_u128(entry)),
        minutes: 180 * u32::try_from(half_days.len()).unwrap(),
        half_days,
        exempted,
        why: "Feuille de présence".into(),
    }
}

/// The course, a webinar, five half days; the first two are certified.
pub(crate) fn pathway() -> Pathway {
    let course: crate::ids::CourseSlug = "mediation-numerique".parse().unwrap();
    let component = |slug: &str, modality, minutes, way| Component {
        slug: slug.parse().unwrap(),
        title: slug.to_owned(),
        how_to: "Suivez-le.".into(),
        modality,
        minutes,
        way,
    };
    Pathway {
        title: "Le parcours".into(),
        summary: "En bref.".into(),
        nature: "Action de formation".into(),
        components: vec![
            component("mooc", Modality::Asynchronous, 60, Way::Course { course: course.clone() }),
            component("webinaire", Modality::Synchronous, 90, Way::Webinar { course: course.clone() }),
            component("salle", Modality::FaceToFace, 900, Way::HalfDays { count: 5 }),
        ],
        awards: vec![Award {
            slug: "a-distance".parse().unwrap(),
            title: "La journée à distance".into(),
            components: vec!["mooc".parse().unwrap(), "webinaire".parse().unwrap()],
        }],
        course,
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// Léa's ledger: one fact a minute, the second one written by a trainer.
pub(crate) fn ledger(facts: impl IntoIterator<Item = Fact>) -> Vec<(Entry, StoredEntry)> {
    let mut last = None;
    let mut rows = Vec::new();
    for (minute, fact) in (0..).zip(facts) {
        let author = (minute == 1).then_some(PersonId(3));
        let (entry, body) = link(LEA, last, start() + SignedDuration::from_mins(minute), author, fact);
        last = Some((entry.seq, entry.hash));
        let stored = StoredEntry { seq: entry.seq, at: entry.at, author: entry.author, body, hash: entry.hash };
        rows.push((entry, stored));
    }
    rows
}

pub(crate) fn entries(facts: impl IntoIterator<Item = Fact>) -> Vec<Entry> {
    ledger(facts).into_iter().map(|(entry, _)| entry).collect()
}

pub(crate) fn any_fact() -> impl Strategy<Value = Fact> {
    let chapter = prop_oneof![Just("accueil"), Just("caf"), Just("impots")];
    let counts = prop_oneof![Just(Counts::Best), Just(Counts::Last)];
    (chapter, any::<bool>(), prop::option::of((1..5u32, 0..=10u32)), counts, 0..7u8).prop_map(
        |(chapter, suffices, attempt, counts, what)| match (attempt, what) {
            (None, 0) => exempted(chapter),
            (None, 1) => attended(if suffices { 87 } else { 0 }),
            (None, 2) => corrected(u128::from(suffices), if suffices { 80 } else { 10 }),
            (None, 4) => completed(),
            (None, 5) => entered(1, [], suffices),
            (None, 6) => replayed(75),
            (None, _) => read(chapter, suffices),
            (Some((number, points)), 0) => assessed(number, points),
            (Some((number, points)), _) => graded(chapter, number, points, counts),
        },
    )
}

pub(crate) fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec(any_fact(), 1..12)
}

/// A course of these chapters, without a quiz.
pub(crate) fn course_of(chapters: &[&str]) -> crate::course::Course {
    let chapters = chapters.iter().zip(1..).map(|(slug, number)| {
        serde_json::json!({ "slug": slug, "number": number, "title": slug, "summary": "", "objectives": [],
            "minutes": 20, "sections": [], "quiz": null })
    });
    let course = serde_json::json!({ "slug": "mediation-numerique", "title": "La médiation", "summary": "",
        "objectives": [], "licence": "CC BY 4.0", "chapters": chapters.collect::<Vec<_>>(), "glossary": [] });
    serde_json::from_value(course).unwrap()
}
