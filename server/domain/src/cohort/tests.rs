use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: Date = date(2026, 12, 1);

fn form() -> Form {
    Form {
        course: "mooc".into(),
        name: " Ardennes,  hiver ".into(),
        from: "2026-12-03".into(),
        to: "2027-02-28".into(),
        capacity: "12".into(),
        trainers: vec!["4".into()],
    }
}

fn offered() -> Offered {
    let course: CourseSlug = "mooc".parse().unwrap();
    Offered { courses: vec![course.clone()], trainers: vec![(course, PersonId(4))] }
}

fn id(n: u128) -> CohortId {
    CohortId(uuid::Uuid::from_u128(n))
}

#[test]
fn a_form_well_filled_is_a_plan() {
    let plan = read(&form(), &offered(), TODAY, 0).unwrap();
    assert_eq!(
        (plan.name.as_str(), plan.capacity, plan.from, plan.to),
        ("Ardennes, hiver", 12, date(2026, 12, 3), date(2027, 2, 28))
    );
    assert_eq!(plan.trainers, [PersonId(4)].into());
    assert!(read(&Form { trainers: Vec::new(), ..form() }, &offered(), TODAY, 12).is_ok());
}

#[test]
fn each_field_at_fault_is_told_and_all_at_once() {
    let fields = |form: Form, members: u32| -> Vec<&'static str> {
        read(&form, &offered(), TODAY, members).unwrap_err().into_iter().map(|(field, _)| field).collect()
    };
    assert_eq!(fields(Form::default(), 0), ["course", "name", "from", "to", "capacity"]);
    for (form, members, field) in [
        (Form { name: "ab".into(), ..form() }, 0, "name"),
        (Form { name: "a\u{7}bc".into(), ..form() }, 0, "name"),
        (Form { from: "2026-02-30".into(), ..form() }, 0, "from"),
        (Form { to: "2126-02-28".into(), ..form() }, 0, "to"),
        (Form { to: "2026-12-02".into(), ..form() }, 0, "to"),
        (Form { capacity: "301".into(), ..form() }, 0, "capacity"),
        (Form { capacity: "-1".into(), ..form() }, 0, "capacity"),
        (form(), 13, "capacity"),
        (Form { trainers: vec!["5".into()], ..form() }, 0, "trainers"),
    ] {
        assert_eq!(fields(form.clone(), members), [field], "{form:?}");
    }
}

#[test]
fn a_cohort_is_under_way_from_its_first_day_to_its_last() {
    let on = |today| Stage::of(date(2026, 12, 3), date(2026, 12, 5), false, today);
    assert_eq!(on(date(2026, 12, 2)), Stage::Coming);
    assert_eq!((on(date(2026, 12, 3)), on(date(2026, 12, 5))), (Stage::UnderWay, Stage::UnderWay));
    assert_eq!(on(date(2026, 12, 6)), Stage::Ended);
    assert_eq!(Stage::of(TODAY, TODAY, true, TODAY), Stage::CalledOff);
    assert!(Stage::Ended.still_open().is_err() && Stage::Coming.still_open().is_ok());
}

#[test]
fn members_have_until_the_last_day_is_over_in_paris() {
    assert_eq!(due_at(date(2026, 12, 5)), "2026-12-05T23:00:00Z".parse().unwrap());
    assert_eq!(due_at(date(2026, 7, 5)), "2026-07-05T22:00:00Z".parse().unwrap(), "summer time");
    assert!(due_at(Date::MAX) > due_at(date(9000, 1, 1)), "no day is beyond it");
}

#[test]
fn a_reason_is_a_sentence() {
    assert_eq!(read_reason(" Trop peu\r\n d’inscrits. ").unwrap(), "Trop peu d’inscrits.");
    assert!(read_reason(" \u{7} ").is_err() && read_reason(&"x".repeat(301)).is_err());
}

proptest! {
    #[test]
    fn nobody_is_lost_nobody_counts_twice_and_capacity_is_held(
        people in proptest::collection::vec((1i64..30, 0u128..4), 0..40),
        members in 0u32..20,
        capacity in 1u32..40,
        moves: bool,
    ) {
        let mut known = std::collections::BTreeMap::new();
        for (person, cohort) in people {
            known.entry(person).or_insert(cohort);
        }
        let candidates: Vec<Candidate> = known
            .iter()
            .flat_map(|(person, cohort)| {
                let one = Candidate { person: PersonId(*person), cohort: (*cohort > 0).then(|| id(*cohort)) };
                [one, one]
            })
            .collect();
        let found = admit(id(1), (members, capacity), &candidates, moves);
        prop_assert_eq!(found.new.len() + found.elsewhere.len() + found.already.len(), known.len());
        let joining = found.joining(moves).count();
        prop_assert_eq!(joining, found.new.len() + if moves { found.elsewhere.len() } else { 0 });
        let after = members as usize + joining;
        prop_assert_eq!(found.over > 0, joining > 0 && after > capacity as usize);
    }
}
