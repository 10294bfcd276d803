use super::*;
use crate::course::{Assessment, Section};
use crate::quiz::{Counts, Kind, Rules};
use crate::record::support::{assessed, completed, entries, exempted, graded, read as read_fact};
use crate::record::{Fact, Record, completion, settled};
use proptest::prelude::*;

/// A chapter: its slug, its sections, and what its quiz asks for.
type Shape<'s> = (&'s str, &'s [&'s str], Option<u8>);

fn quiz(pass: u8) -> Quiz {
    let rules = Rules {
        pass,
        attempts: None,
        attempts_per_day: None,
        counts: Counts::Best,
        draw: None,
        shuffle: true,
        time_limit: None,
        opens: None,
        closes: None,
    };
    let question = Question {
        slug: "q".parse().unwrap(),
        stem: "?".to_owned(),
        kind: Kind::ShortText { accepted: vec!["oui".to_owned()] },
        points: 1,
        feedback: String::new(),
        section: None,
        chapter: None,
        skill: None,
    };
    Quiz { title: "Quiz".to_owned(), rules, questions: vec![question] }
}

fn course(chapters: &[Shape<'_>], assessed: bool) -> Course {
    let section = |slug: &&str| Section {
        slug: slug.parse().unwrap(),
        title: (*slug).to_owned(),
        blocks: Vec::new(),
        passages: Vec::new(),
    };
    let chapter = |((slug, sections, pass), number): (&Shape<'_>, u32)| Chapter {
        slug: slug.parse().unwrap(),
        number,
        title: format!("Chapitre {slug}"),
        summary: String::new(),
        objectives: Vec::new(),
        minutes: 20,
        sections: sections.iter().map(section).collect(),
        quiz: pass.map(quiz),
        sheet: None,
    };
    Course {
        slug: "mediation-numerique".parse().unwrap(),
        title: "Cours".to_owned(),
        summary: String::new(),
        objectives: Vec::new(),
        licence: String::new(),
        chapters: chapters.iter().zip(1..).map(chapter).collect(),
        skills: Vec::new(),
        positioning: None,
        assessment: assessed.then(|| Assessment { summary: String::new(), minutes: 40, quiz: quiz(70) }),
        glossary: Vec::new(),
    }
}

/// Somebody's work: facts, sections read, attempts under way.
#[derive(Debug, Clone, Default)]
struct Somebody {
    facts: Vec<Fact>,
    read: BTreeMap<ChapterSlug, Read>,
    open: BTreeSet<ChapterSlug>,
}

impl Somebody {
    fn of(facts: impl IntoIterator<Item = Fact>) -> Self {
        Self { facts: facts.into_iter().collect(), ..Self::default() }
    }

    fn reading(mut self, chapter: &str, sections: &[&str]) -> Self {
        let sections = sections.iter().map(|section| section.parse().unwrap());
        self.read.entry(chapter.parse().unwrap()).or_default().extend(sections);
        self
    }

    fn record(&self) -> CourseRecord {
        let slug = "mediation-numerique".parse().unwrap();
        Record::of(&entries(self.facts.clone())).courses.remove(&slug).unwrap_or_default()
    }

    fn meets(&self, old: &Course, new: &Course) -> Consequence {
        let record = self.record();
        consequence(&Work { record: &record, read: &self.read, open: &self.open, completed: false }, old, new)
    }
}

fn slug(chapter: &str) -> ChapterSlug {
    chapter.parse().unwrap()
}

/// The whole of a chapter: read, and passed.
fn whole(chapter: &str) -> [Fact; 2] {
    [read_fact(chapter, false), graded(chapter, 1, 9, Counts::Best)]
}

#[test]
fn what_is_acquired_stays_and_what_is_under_way_grows_or_shrinks() {
    let old = course(&[("caf", &["un", "deux"], Some(80)), ("impots", &["un", "deux"], None)], false);
    let acquired = Somebody::of(whole("caf"));
    let longer = course(&[("caf", &["un", "deux", "trois"], Some(90)), ("impots", &["un", "deux"], None)], false);
    assert_eq!(acquired.meets(&old, &longer).changes, [Change::StaysAcquired(slug("caf"))]);
    let reading = Somebody::default().reading("caf", &["un"]);
    assert_eq!(reading.meets(&old, &longer).changes, [Change::ReadMore(slug("caf")), Change::QuizHarder(slug("caf"))]);
    let tried = Somebody::of([read_fact("caf", false), graded("caf", 1, 3, Counts::Best)]);
    let free = course(&[("caf", &["un"], None), ("impots", &["un", "deux"], None)], false);
    let consequence = tried.meets(&old, &free);
    assert_eq!(consequence.changes, [Change::Acquired(slug("caf"))], "the quiz that was missing is gone");
    assert_eq!((consequence.cost(), consequence.after.done), (Cost::Less, 1));
    let almost = Somebody::default().reading("impots", &["un"]);
    let shorter = course(&[("caf", &["un", "deux"], Some(80)), ("impots", &["un"], None)], false);
    assert_eq!(almost.meets(&old, &shorter).changes, [Change::Acquired(slug("impots"))]);
}

#[test]
fn a_chapter_under_another_name_is_done_again_and_one_that_is_gone_is_spared() {
    let old = course(&[("caf", &["un", "deux"], Some(80)), ("impots", &["un"], None)], false);
    let renamed = course(&[("caf-et-msa", &["un", "deux", "trois"], Some(80)), ("impots", &["un"], None)], false);
    assert_eq!(Somebody::of(whole("caf")).meets(&old, &renamed).changes, [Change::Redo(slug("caf-et-msa"))]);
    let midway = Somebody::default().reading("caf", &["un"]);
    assert_eq!(midway.meets(&old, &renamed).changes, [Change::BeginAgain(slug("caf-et-msa"))]);
    let elsewhere = Somebody::of([read_fact("impots", true)]);
    assert_eq!(elsewhere.meets(&old, &renamed).changes, [], "who had not begun it loses nothing");
    let without = course(&[("impots", &["un"], None)], false);
    let consequence = elsewhere.meets(&old, &without);
    assert_eq!(consequence.changes, [Change::Spared(slug("caf")), Change::Completed]);
    assert!(consequence.after.completed);
    let both = Somebody::of(whole("caf"));
    assert_eq!(both.meets(&old, &without).changes, [Change::KeptOfGone(slug("caf"))]);
}

#[test]
fn a_course_that_is_done_stays_done_and_an_attempt_ends_where_it_began() {
    let old = course(&[("caf", &["un"], Some(80))], true);
    let new = course(&[("caf", &["un"], Some(80)), ("impots", &["un"], None)], true);
    let done = Somebody::of(whole("caf").into_iter().chain([assessed(1, 9), completed()]));
    let consequence = done.meets(&old, &new);
    assert_eq!((consequence.changes.as_slice(), consequence.cost()), (&[Change::StaysCompleted][..], Cost::Same));
    let mut trying = Somebody::of(whole("caf"));
    trying.open.insert(slug("evaluation"));
    let mut other = new.clone();
    other.assessment.as_mut().unwrap().quiz.rules.pass = 60;
    assert_eq!(
        trying.meets(&old, &other).changes,
        [Change::New(slug("impots")), Change::AttemptGoesOn(slug("evaluation"))]
    );
}

const NAMES: [&str; 4] = ["caf", "impots", "sante", "emploi"];
const SECTIONS: [&str; 3] = ["un", "deux", "trois"];

prop_compose! {
    fn any_course()(
        shapes in prop::collection::btree_map(0..4_usize, (1..8_usize, prop::option::of(1..3_u8)), 1..5),
        assessed in any::<bool>(),
    ) -> Course {
        let sections: Vec<Vec<&str>> = shapes
            .values()
            .map(|(bits, _)| SECTIONS.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, it)| *it).collect())
            .collect();
        let shapes: Vec<Shape<'_>> =
            shapes.iter().zip(&sections).map(|((at, (_, pass)), it)| (NAMES[*at], &it[..], pass.map(|it| it * 40))).collect();
        course(&shapes, assessed)
    }
}

prop_compose! {
    fn anybody()(
        read in prop::collection::vec((0..4_usize, 0..3_usize), 0..8),
        facts in prop::collection::vec((0..4_usize, 0..5_u8, 0..11_u32), 0..8),
    ) -> Somebody {
        let fact = |(number, (at, kind, points)): (u32, &(usize, u8, u32))| match kind {
            0 => read_fact(NAMES[*at], false),
            1 => read_fact(NAMES[*at], true),
            2 => exempted(NAMES[*at]),
            3 => assessed(number, *points),
            _ => graded(NAMES[*at], number, *points, Counts::Best),
        };
        let mut somebody = Somebody::of((1..).zip(&facts).map(fact));
        for (chapter, section) in read {
            somebody = somebody.reading(NAMES[chapter], &[SECTIONS[section]]);
        }
        somebody
    }
}

proptest! {
    #[test]
    fn the_same_version_changes_nothing(who in anybody(), course in any_course()) {
        // But that what was due and not written yet is written.
        let changes = who.meets(&course, &course).changes;
        prop_assert!(changes.iter().all(|change| *change == Change::Completed), "{:?}", changes);
    }

    #[test]
    fn what_is_said_is_what_the_record_comes_to(who in anybody(), old in any_course(), new in any_course()) {
        let said = who.meets(&old, &new);
        // What publishing then does: the facts that are due, then the course as done.
        let mut facts = who.facts.clone();
        facts.extend(settled(&who.record(), &who.read, &new, 2));
        let record = Record::of(&entries(facts.clone()));
        let done = completion(&record, &new, 2);
        let known = record.courses.get(&new.slug).cloned().unwrap_or_default();
        let held = new.chapters.iter().filter(|chapter| {
            known.chapters.get(&chapter.slug).is_some_and(|it| it.acquired.or(it.exempted).is_some())
        });
        prop_assert_eq!(said.after.done as usize, held.count());
        prop_assert_eq!(said.after.completed, done.is_some() || known.completed.is_some());
        prop_assert!(settled(&known, &who.read, &new, 3).is_empty(), "settled once, it is settled");
        // Whoever is told that there is more to do has something to do, and owes it.
        if said.cost() == Cost::More {
            prop_assert!(!said.after.remaining.is_empty() || said.after.assessment);
            prop_assert!(!said.after.completed);
        }
    }

    #[test]
    fn what_is_done_of_a_chapter_that_stays_is_never_to_be_done_again(
        who in anybody(), old in any_course(), new in any_course(),
    ) {
        let record = who.record();
        let work = Work { record: &record, read: &who.read, open: &who.open, completed: false };
        let (before, after) = (outlook(&work, &old), outlook(&work, &new));
        for chapter in &old.chapters {
            let earned = record.chapters.get(&chapter.slug).is_some_and(|it| it.acquired.or(it.exempted).is_some());
            if earned {
                prop_assert!(left(&before, &chapter.slug).is_none() && left(&after, &chapter.slug).is_none());
            }
        }
    }
}
