//! What agents did in a course, and what a version to come changes for each of them.

use crate::app::App;
use crate::course::entity::section_read;
use crate::error::Result;
use crate::follow_up::entity::enrolment;
use crate::{merging, quiz, record};
use domain::course::{Course, Read};
use domain::ids::{ChapterSlug, CourseSlug, PersonId};
use domain::record::CourseRecord;
use domain::studio::consequences::{Change, Consequence, Cost, Work, consequence};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use std::collections::{BTreeMap, BTreeSet};

/// Agents looked at together.
const TOGETHER: usize = 500;

/// What a version to come changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// For each agent who did something in the course.
    pub agents: Vec<(PersonId, Consequence)>,
    /// Enrolled, and not begun: they will follow the new version.
    pub not_begun: u64,
}

impl Foreseen {
    /// How many agents each change is about.
    #[must_use]
    pub fn by_change(&self) -> BTreeMap<Change, u64> {
        let mut counts = BTreeMap::new();
        for change in self.agents.iter().flat_map(|(_, consequence)| &consequence.changes) {
            *counts.entry(change.clone()).or_default() += 1;
        }
        counts
    }

    /// How many have more to do, less, and the same.
    #[must_use]
    pub fn by_cost(&self, cost: Cost) -> u64 {
        self.agents.iter().filter(|(_, consequence)| consequence.cost() == cost).count() as u64
    }

    /// Those for whom something changes, with the chapters where it does.
    pub(super) fn concerned(&self, new: &Course) -> Vec<(PersonId, Vec<ChapterSlug>)> {
        let concerned = self.agents.iter().filter_map(|(person, consequence)| {
            let told = consequence.changes.iter().filter(|change| !matches!(change, Change::StaysAcquired(_)));
            let chapters: Vec<Option<&ChapterSlug>> = told.map(Change::chapter).collect();
            if chapters.is_empty() {
                return None;
            }
            let known = |slug: &&ChapterSlug| new.chapter(slug).is_some();
            let chapters: BTreeSet<ChapterSlug> = chapters.into_iter().flatten().filter(known).cloned().collect();
            Some((*person, chapters.into_iter().collect()))
        });
        concerned.collect()
    }
}

/// What becomes of every agent enrolled in the course when `new` takes the place of `old`, by the rules that will hold.
///
/// # Errors
/// When the database fails.
pub async fn foresee(app: &App, old: &Course, new: &Course) -> Result<Foreseen> {
    let (db, course) = (app.db.reader(), &old.slug);
    let enrolled: Vec<(i64, Option<i64>)> = enrolment::Entity::find()
        .select_only()
        .columns([enrolment::Column::PersonId, enrolment::Column::MoocAt])
        .filter(enrolment::Column::Course.eq(course.as_str()))
        .order_by_asc(enrolment::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    let open = open(db, course).await?;
    let (nothing, nobody, none) = (CourseRecord::default(), BTreeMap::new(), BTreeSet::new());
    let mut foreseen = Foreseen::default();
    for some in enrolled.chunks(TOGETHER) {
        let people: Vec<PersonId> = some.iter().map(|(person, _)| PersonId(*person)).collect();
        let records = record::store::load_all(db, &people).await?;
        let read = read(db, course, &people).await?;
        for (person, mooc_at) in some.iter().map(|(person, mooc_at)| (PersonId(*person), mooc_at)) {
            let known = records.get(&person).and_then(|record| record.courses.get(course));
            let work = Work {
                record: known.unwrap_or(&nothing),
                read: read.get(&person).unwrap_or(&nobody),
                open: open.get(&person).unwrap_or(&none),
                completed: mooc_at.is_some(),
            };
            if work.has_begun() {
                foreseen.agents.push((person, consequence(&work, old, new)));
            } else {
                foreseen.not_begun += 1;
            }
        }
    }
    Ok(foreseen)
}

/// The quizzes at which each has an attempt under way; those begun by an account folded into another are the other's.
async fn open(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<BTreeMap<PersonId, BTreeSet<ChapterSlug>>> {
    let stands_for = merging::store::all(db).await?;
    let mut open = BTreeMap::<PersonId, BTreeSet<ChapterSlug>>::new();
    for (person, exercise) in quiz::store::open_in(db, course).await? {
        let person = PersonId(stands_for.get(&person).copied().unwrap_or(person));
        open.entry(person).or_default().insert(exercise);
    }
    Ok(open)
}

/// What each of these people read of the course.
async fn read(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, BTreeMap<ChapterSlug, Read>>> {
    let rows: Vec<(i64, String, String)> = section_read::Entity::find()
        .select_only()
        .columns([section_read::Column::PersonId, section_read::Column::Chapter, section_read::Column::Section])
        .filter(section_read::Column::PersonId.is_in(people.iter().map(|person| person.0)))
        .filter(section_read::Column::Course.eq(course.as_str()))
        .into_tuple()
        .all(db)
        .await?;
    let mut read = BTreeMap::<PersonId, BTreeMap<ChapterSlug, Read>>::new();
    for (person, chapter, section) in rows {
        let (Ok(chapter), Ok(section)) = (chapter.parse(), section.parse()) else { continue };
        read.entry(PersonId(person)).or_default().entry(chapter).or_default().insert(section);
    }
    Ok(read)
}
