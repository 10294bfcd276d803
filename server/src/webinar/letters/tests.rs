use super::*;
use domain::webinar::plan::Audience;
use domain::webinar::schedule::Schedule;

fn person(id: i64, first_name: &str) -> Person {
    Person {
        id: PersonId(id),
        first_name: first_name.into(),
        last_name: "Durand".into(),
        email: format!("{}@exemple.example", first_name.to_lowercase()),
        suspended: false,
    }
}

fn webinar() -> Webinar {
    Webinar {
        id: "7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55".parse().unwrap(),
        course: "mediation-numerique".parse().unwrap(),
        kit: None,
        title: "Les outils de la maison".into(),
        description: String::new(),
        schedule: Schedule::planned("2026-12-03T09:00:00Z".parse().unwrap(), 90),
        capacity: 2,
        threshold: 80,
        audience: Audience::Everybody,
        created_by: PersonId(9),
        created_at: Timestamp::UNIX_EPOCH,
        cancelled_why: None,
        sequence: 1,
        recorded: false,
        recording_days: 365,
        replay_counts: true,
        replay_quiz: false,
        trainers: vec![person(9, "Marie")],
    }
}

fn from() -> Sender {
    Sender {
        url: "https://socle.example".into(),
        host: "socle.example".into(),
        address: "ne-pas-repondre@socle.example".into(),
        now: "2026-11-24T08:00:00Z".parse().unwrap(),
    }
}

#[test]
fn a_confirmation_says_when_where_and_how_to_give_up() {
    let told = letter(&webinar(), &person(1, "Léa"), News::Registered(from().now), &from());
    assert_eq!(
        told.subject,
        "Inscription confirmée\u{a0}: Les outils de la maison, jeudi\u{a0}3 décembre 2026 à 10\u{a0}h\u{a0}00"
    );
    for said in [
        "Bonjour Léa,",
        "«\u{a0}Les outils de la maison\u{a0}»",
        "Quand\u{a0}: jeudi\u{a0}3 décembre 2026 à 10\u{a0}h\u{a0}00 (heure de Paris)",
        "Durée\u{a0}: 1\u{a0}h\u{a0}30\u{a0}min",
        "Avec\u{a0}: Marie Durand",
        "https://socle.example/webinaires/7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55",
        "Désinscrivez-vous",
    ] {
        assert!(told.body.contains(said), "{said}: {}", told.body);
    }
    let (method, calendar) = told.calendar.unwrap();
    assert_eq!(method, Method::Request);
    assert!(calendar.contains("SEQUENCE:1\r\n") && calendar.contains("METHOD:REQUEST\r\n"));
}

#[test]
fn every_mail_has_a_key_of_its_own_and_good_typography() {
    let at = from().now;
    let news = [
        News::Registered(at),
        News::Waits(at, 1),
        News::Promoted(at),
        News::Withdrew(at),
        News::Leads,
        News::LeadsNoMore,
        News::Changed { in_calendar: true },
        News::Cancelled { in_calendar: true, why: "Marie est malade." },
        News::Reminder(Reminder::DayBefore),
        News::Reminder(Reminder::HourBefore),
    ];
    let mut keys = std::collections::BTreeSet::new();
    for news in news {
        for id in [1, 2] {
            let told = letter(&webinar(), &person(id, "Léa"), news, &from());
            assert!(keys.insert(told.key.clone()), "{}", told.key);
            for text in [&told.subject, &told.body] {
                for wrong in [" :", " ?", " ;", " !", "« ", " »", "  ", "'"] {
                    assert!(!text.contains(wrong), "{wrong:?} in {text}");
                }
            }
        }
    }
}

#[test]
fn reminders_wait_for_their_hour_and_are_not_sent_after_the_start() {
    let told = letter(&webinar(), &person(1, "Léa"), News::Reminder(Reminder::DayBefore), &from());
    assert_eq!(told.send_after, "2026-12-02T09:00:00Z".parse().unwrap());
    assert_eq!(told.send_before, Some(webinar().schedule.starts_at));
    assert!(told.key.starts_with(&reminders_key(webinar().id, Some(PersonId(1)))));
    assert!(!told.key.starts_with(&reminders_key(webinar().id, Some(PersonId(11)))));
}

#[test]
fn an_invitation_says_that_the_webinar_is_recorded_and_until_when() {
    let told = |webinar: &Webinar| letter(webinar, &person(1, "Léa"), News::Registered(from().now), &from()).body;
    assert!(!told(&webinar()).contains("Enregistrement"));
    let body = told(&Webinar { recorded: true, recording_days: 30, ..webinar() });
    assert!(body.contains("Enregistrement\u{a0}: oui.") && body.contains("jusqu’au 2 janvier 2027"), "{body}");
}
