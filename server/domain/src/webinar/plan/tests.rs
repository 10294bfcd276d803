use super::*;
use crate::text::paris;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

fn form() -> PlanForm {
    PlanForm {
        course: "mediation-numerique".into(),
        kit: String::new(),
        title: "  Les outils   de la maison ".into(),
        description: "Apportez vos questions.\r\n\r\nDurée : une heure.\t".into(),
        date: "2026-12-03".into(),
        time: "10:00".into(),
        minutes: "60".into(),
        capacity: "300".into(),
        threshold: "80".into(),
        audience: "nation".into(),
        replay_counts: TICKED.into(),
        replay_quiz: String::new(),
        recorded: String::new(),
        recording_days: String::new(),
        trainers: vec!["7".into()],
    }
}

fn offered() -> Offered {
    let course: CourseSlug = "mediation-numerique".parse().unwrap();
    Offered {
        courses: vec![course.clone()],
        kits: vec!["outils-numeriques".into()],
        trainers: vec![(course, PersonId(7)), ("autre".parse().unwrap(), PersonId(8))],
    }
}

fn read(change: impl FnOnce(&mut PlanForm)) -> Result<Plan, Vec<Problem>> {
    let mut form = form();
    change(&mut form);
    read_plan(&form, &offered(), now(), None)
}

/// The one problem of the form: its field and its words.
fn wrong(change: impl FnOnce(&mut PlanForm)) -> (&'static str, String) {
    let problems = read(change).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    (problems[0].field, problems[0].said.clone())
}

#[test]
fn a_form_well_filled_is_a_plan() {
    let plan = read(|_| {}).unwrap();
    assert_eq!(plan.title, "Les outils de la maison");
    assert_eq!(plan.description, "Apportez vos questions.\n\nDurée : une heure.");
    assert_eq!(plan.starts_at, "2026-12-03T09:00:00Z".parse().unwrap(), "winter: an hour ahead of UTC");
    assert_eq!((plan.minutes, plan.capacity, plan.threshold), (60, 300, 80));
    assert_eq!((plan.replay_counts, plan.replay_quiz), (true, false));
    assert_eq!(plan.trainers, [PersonId(7)].into());
    assert_eq!(read(|form| form.kit = "outils-numeriques".into()).unwrap().kit.as_deref(), Some("outils-numeriques"));
    assert_eq!(read(|form| form.capacity = "1 000".into()).unwrap().capacity, 1000);
}

#[test]
fn a_plan_goes_back_to_its_form_and_any_change_is_another_edition() {
    let plan = read(|form| form.kit = "outils-numeriques".into()).unwrap();
    let form = PlanForm::from(&plan);
    assert_eq!(read_plan(&form, &offered(), now(), None).unwrap(), plan);
    let others: [fn(&mut Plan); 9] = [
        |plan| plan.kit = None,
        |plan| plan.title.push('s'),
        |plan| plan.description.clear(),
        |plan| plan.starts_at += 1.minute(),
        |plan| plan.capacity += 1,
        |plan| plan.audience = "departement:08".parse().unwrap(),
        |plan| plan.trainers.clear(),
        |plan| plan.replay_counts = false,
        |plan| plan.replay_quiz = true,
    ];
    for change in others {
        let mut other = plan.clone();
        change(&mut other);
        assert_ne!(other.edition(), plan.edition(), "{other:?}");
    }
    assert_eq!(plan.clone().edition(), plan.edition());
}

#[test]
fn dates_and_times_are_typed_as_people_do() {
    let winter: Timestamp = "2026-12-03T09:05:00Z".parse().unwrap();
    for (date, time) in [
        ("2026-12-03", "10:05"),
        ("2026-12-03", "10:05:00"),
        ("3/12/2026", "10h05"),
        ("03.12.2026", "10 h 05"),
        (" 03-12-2026 ", "10\u{a0}h\u{a0}05 min"),
    ] {
        let plan = read(|form| (form.date, form.time) = (date.into(), time.into()));
        assert_eq!(plan.unwrap().starts_at, winter, "{date} {time}");
    }
    let ten = read(|form| form.time = "10h".into()).unwrap();
    assert_eq!(ten.starts_at, "2026-12-03T09:00:00Z".parse().unwrap());
    let summer = read(|form| form.date = "2027-07-01".into()).unwrap();
    assert_eq!(summer.starts_at, "2027-07-01T08:00:00Z".parse().unwrap(), "two hours ahead");
}

#[test]
fn a_time_that_the_clocks_skip_is_explained() {
    let (field, said) = wrong(|form| (form.date, form.time) = ("2027-03-28".into(), "02:30".into()));
    assert_eq!(field, "time");
    assert_eq!(
        said,
        "Le 28 mars 2027, 2\u{a0}h\u{a0}30 n’existe pas\u{a0}: les horloges passent de 2\u{a0}h à 3\u{a0}h (heure d’été). \
         Choisissez une heure avant 2\u{a0}h ou à partir de 3\u{a0}h."
    );
    let three = read(|form| (form.date, form.time) = ("2027-03-28".into(), "03:00".into())).unwrap();
    assert_eq!(three.starts_at, "2027-03-28T01:00:00Z".parse().unwrap());
}

#[test]
fn a_time_that_comes_twice_is_explained() {
    let (field, said) = wrong(|form| (form.date, form.time) = ("2027-10-31".into(), "02:00".into()));
    assert_eq!(field, "time");
    assert!(said.starts_with("Le 31 octobre 2027, 2\u{a0}h\u{a0}00 arrive deux fois"), "{said}");
    let before = read(|form| (form.date, form.time) = ("2027-10-31".into(), "01:59".into())).unwrap();
    assert_eq!(before.starts_at, "2027-10-30T23:59:00Z".parse().unwrap());
}

#[test]
fn dates_that_are_none_are_refused_with_the_way_to_write_one() {
    for date in [
        "",
        "demain",
        "2026-12",
        "12/2026",
        "3/12/26",
        "2026/12/3/4",
        "99999-01-01",
        "-1",
        "3/12/2026x",
        "２０２６-12-03",
    ] {
        let (field, said) = wrong(|form| form.date = date.into());
        assert_eq!((field, said.contains("3/12/2026")), ("date", true), "{date}: {said}");
    }
    for date in ["2027-02-29", "31/04/2027", "2027-13-01", "0/1/2027"] {
        let (field, said) = wrong(|form| form.date = date.into());
        assert_eq!((field, said.contains("n’existe pas au calendrier")), ("date", true), "{date}: {said}");
    }
    for time in ["", "midi", "25:00", "10:60", "10", "10:00:30", "1000", "999:99"] {
        let (field, said) = wrong(|form| form.time = time.into());
        assert_eq!((field, said.contains("14:30")), ("time", true), "{time}: {said}");
    }
}

#[test]
fn a_webinar_is_to_come_and_not_too_far() {
    assert!(wrong(|form| form.date = "2026-11-23".into()).1.contains("passées"));
    assert!(wrong(|form| form.date = "2062-12-03".into()).1.contains("Vérifiez l’année"));
    let mut late = form();
    late.date = "2026-11-23".into();
    let had = "2026-11-23T09:00:00Z".parse().unwrap();
    assert!(read_plan(&late, &offered(), now(), Some(had)).is_ok(), "its title can change after its hour");
}

#[test]
fn numbers_have_bounds_that_are_told() {
    for (field, values) in [
        ("minutes", ["14", "241", "", "-60", "1e2", "60,5"]),
        ("capacity", ["0", "3001", "", "-1", "beaucoup", "99999999999999"]),
        ("threshold", ["0", "101", "", "80%", "-5", "0.5"]),
    ] {
        for value in values {
            let (found, said) = wrong(|form| match field {
                "minutes" => form.minutes = value.into(),
                "capacity" => form.capacity = value.into(),
                _ => form.threshold = value.into(),
            });
            assert_eq!((found, said.contains("un nombre entier de")), (field, true), "{value}: {said}");
        }
    }
}

#[test]
fn what_is_chosen_is_among_what_is_offered() {
    assert_eq!(wrong(|form| form.course = "autre".into()).0, "course");
    assert_eq!(wrong(|form| form.kit = "inconnu".into()).0, "kit");
    assert_eq!(wrong(|form| form.trainers = vec!["8".into()]).0, "trainers", "trains another course");
    assert_eq!(wrong(|form| form.trainers.push("x".into())).0, "trainers");
    for audience in ["", "own", "departement:20", "departement:", "course:mediation-numerique"] {
        assert_eq!(wrong(|form| form.audience = audience.into()).0, "audience", "{audience}");
    }
    let plan = read(|form| form.audience = "departement:2A".into()).unwrap();
    assert!(plan.audience.includes("2A".parse().ok()) && !plan.audience.includes(None));
    assert_eq!(plan.audience.to_string().parse(), Ok(plan.audience));
}

#[test]
fn texts_have_bounds_and_no_control_sign() {
    for title in ["", "  ab ", "a\u{0}bc"] {
        assert_eq!(wrong(|form| form.title = title.into()).0, "title", "{title:?}");
    }
    assert_eq!(wrong(|form| form.title = "é".repeat(121)).0, "title");
    assert_eq!(wrong(|form| form.description = "é".repeat(2001)).0, "description");
    assert_eq!(read(|form| form.description = "é\u{7}".repeat(2000)).unwrap().description, "é".repeat(2000));
    assert_eq!(read_reason(" \r\n ").unwrap_err().field, "reason");
    assert_eq!(read_reason(&"x".repeat(501)).unwrap_err().field, "reason");
    assert_eq!(read_reason(" Marie est malade. ").unwrap(), "Marie est malade.");
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = read_plan(&PlanForm::default(), &offered(), now(), None).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["title", "course", "date", "time", "minutes", "audience", "capacity", "threshold"]);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(date in ".{0,12}", time in ".{0,8}", number in ".{0,6}", text in ".{0,200}") {
        let read = read(|form| {
            (form.date, form.time) = (date, time);
            form.capacity = number;
            (form.title, form.description) = (text.clone(), text);
        });
        if let Err(problems) = read {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn the_clocks_of_paris_show_what_was_typed(day in 1_i8..=28, month in 1_i8..=12, hour in 0_i8..24, minute in 0_i8..60) {
        let plan = read(|form| {
            form.date = format!("2027-{month:02}-{day:02}");
            form.time = format!("{hour:02}:{minute:02}");
        });
        match plan {
            Ok(plan) => {
                let shown = paris(plan.starts_at);
                prop_assert_eq!((shown.month(), shown.day(), shown.hour(), shown.minute()), (month, day, hour, minute));
            }
            Err(problems) => {
                prop_assert_eq!(problems[0].field, "time");
                prop_assert_eq!((month, day, hour), (3, 28, 2));
            }
        }
    }
}

#[test]
fn a_webinar_is_recorded_only_where_it_is_asked_for_and_kept_for_a_time_that_is_said() {
    let plan = read(|_| {}).unwrap();
    assert_eq!((plan.recorded, plan.recording_days), (false, 365));
    let record = |form: &mut PlanForm, days: &str| (form.recorded, form.recording_days) = ("on".into(), days.into());
    let plan = read(|form| record(form, "90")).unwrap();
    assert_eq!((plan.recorded, plan.recording_days), (true, 90));
    for days in ["", "0", "1097", "un an"] {
        let (field, said) = wrong(|form| record(form, days));
        assert_eq!(field, "recording_days");
        assert!(said.contains("de 1 à 1096"), "{said}");
    }
}
