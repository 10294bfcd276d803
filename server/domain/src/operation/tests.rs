use super::*;
use std::collections::BTreeSet;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn began() -> Timestamp {
    at("2026-12-01T08:00:00Z")
}

fn after(seconds: i64) -> Timestamp {
    began() + SignedDuration::from_secs(seconds)
}

fn ran(seconds: i64) -> Run {
    Run { ended: Some((after(seconds), SignedDuration::from_millis(12))), ..Run::default() }
}

fn standing(job: Job, run: Run, now: Timestamp) -> Standing {
    standings(&[(job, run)], began(), now)[0]
}

/// Everything works.
fn state(now: Timestamp) -> State {
    let space = Space { all: 100_000_000_000, free: 50_000_000_000 };
    State {
        now,
        health: Health {
            since: began(),
            production: true,
            public_url: "https://socle.example".into(),
            database: Ok(Database { engine: "SQLite 3.50.4".into(), took: SignedDuration::from_millis(1) }),
            clock: Ok(Clock::default()),
            media: Media::Open(vec!["UDP 10000".into()]),
            rooms: Ok(Rooms::default()),
            cascade: None,
            sessions: Ok(Sessions { open: 2, lately: 1 }),
        },
        jobs: Job::ALL.map(|job| (job, ran(now.duration_since(began()).as_secs() - 1))).to_vec(),
        mails: Ok(Mails { relay: true, planned: 3, last_sent: Some(began()), ..Mails::default() }),
        webhooks: Ok(Webhooks::default()),
        storage: Storage {
            at: now,
            database: Ok(1),
            recordings: Ok(Kept::default()),
            bucket: None,
            media: Ok(Kept::default()),
            uploads: Ok(Folder { bytes: 0, whole: true }),
            copies: Copies::Made {
                folder: "/copies".into(),
                all: Ok(Folder { bytes: 1, whole: true }),
                last: Ok(Some(LastCopy { at: now, bytes: Ok(1), path: "/copies/1".into() })),
            },
            disks: vec![Disk { holds: vec!["Données"], path: "/data".into(), space: Ok(space) }],
        },
        versions: Versions {
            socle: "0.1.0",
            commit: None,
            target: "linux x86_64".into(),
            migrations: Ok(Migrations { count: 1, last: "m1".into() }),
            editions: Ok(Vec::new()),
        },
        keys: Keys {
            signing: Ok(Vec::new()),
            tls: None,
            tokens: Ok(Tokens { good: 1, expiring: 0 }),
            without_factor: Ok(Some(2)),
        },
    }
}

#[test]
fn a_job_is_overdue_after_three_periods_and_never_before_a_minute() {
    for (job, patience) in [(Job::Webhooks, 60), (Job::Mails, 60), (Job::Sessions, 180), (Job::Copies, 180)] {
        assert_eq!(standing(job, ran(10), after(10 + patience)), Standing::Well, "{job:?}");
        assert_eq!(standing(job, ran(10), after(11 + patience)), Standing::Overdue(after(10)), "{job:?}");
        assert_eq!(standing(job, Run::default(), after(patience)), Standing::ToCome, "{job:?}, not run yet");
        assert_eq!(
            standing(job, Run::default(), after(patience + 1)),
            Standing::Overdue(began()),
            "{job:?}, never run"
        );
    }
}

#[test]
fn a_job_at_work_is_not_overdue_until_it_takes_far_too_long() {
    let run = Run { under_way: Some(after(70)), ..ran(10) };
    for (job, longest) in [(Job::Copies, 3600), (Job::Sessions, 600)] {
        assert_eq!(standing(job, run, after(70 + longest)), Standing::UnderWay(after(70)), "{job:?}");
        assert_eq!(standing(job, run, after(71 + longest)), Standing::Overdue(after(70)), "{job:?}");
    }
}

#[test]
fn jobs_behind_one_that_is_at_work_wait_for_it_and_those_of_other_rounds_do_not() {
    let at_work = Run { under_way: Some(after(20)), ..ran(10) };
    let jobs = [(Job::Recordings, at_work), (Job::Sessions, ran(10)), (Job::Copies, ran(10))];
    let told = standings(&jobs, began(), after(1000));
    assert_eq!(told, [Standing::UnderWay(after(20)), Standing::Behind(Job::Recordings), Standing::Overdue(after(10))]);
}

#[test]
fn a_job_fails_until_it_succeeds_again() {
    let failed = Run { failed: Some((after(10), Failure::DiskFull)), in_a_row: 1, ..ran(10) };
    let left = Run { left: Some(after(20)), ..failed };
    assert_eq!(standing(Job::Mails, left, after(25)), Standing::Elsewhere, "whatever was of it here");
    assert_eq!(standing(Job::Mails, left, after(81)), Standing::Overdue(after(20)), "nobody asks whose it is any more");
    assert_eq!(standing(Job::Copies, failed, after(20)), Standing::Failing(Failure::DiskFull));
    assert_eq!(standing(Job::Copies, Run { in_a_row: 0, ..failed }, after(20)), Standing::Well);
}

#[test]
fn each_job_has_a_key_a_name_and_a_purpose_of_its_own() {
    let all = |told: fn(Job) -> &'static str| Job::ALL.into_iter().map(told).collect::<BTreeSet<_>>().len();
    assert_eq!([all(Job::key), all(Job::name), all(Job::purpose)], [Job::ALL.len(); 3]);
}

#[test]
fn the_kind_of_a_failure_is_read_in_what_the_error_says() {
    for (said, kind) in [
        ("/copies/.x.part cannot be made: No space left on device (os error 28)", Failure::DiskFull),
        (
            "database: Execution Error: error returned from database: (code: 13) database or disk is full",
            Failure::DiskFull,
        ),
        ("Execution Error: attempt to write a readonly database", Failure::ReadOnly),
        ("Permission denied (os error 13)", Failure::NotAllowed),
        ("Not a directory (os error 20)", Failure::NotFound),
        ("there is no database at /data/socle.sqlite: unable to open", Failure::NotFound),
        ("database: Failed to acquire connection from pool: Connection pool timed out", Failure::Database),
        ("Generic S3 error: error sending request", Failure::Elsewhere),
        ("SOCLE_TLS_CERTIFICATE names /cert.pem, which holds no certificate", Failure::Unreadable),
        ("internal: the recording of webinar 1 cannot be read", Failure::Other),
    ] {
        assert_eq!(Failure::read(said), kind, "{said}");
    }
}

#[test]
fn a_disk_is_short_below_a_tenth_or_two_gigabytes() {
    const GB: u64 = 1_000_000_000;
    for (all, free, short) in [
        (100 * GB, 50 * GB, false),
        (100 * GB, 10 * GB, false),
        (100 * GB, 10 * GB - 1, true),
        (10 * GB, 2 * GB, false),
        (10 * GB, 2 * GB - 1, true),
        (4000 * GB, 399 * GB, true),
    ] {
        assert_eq!(Space { all, free }.is_short(), short, "{free} of {all}");
    }
    assert_eq!(Space { all: 8, free: 1 }.percent(), 12);
}

#[test]
fn copies_are_stale_after_twenty_six_hours_from_the_last_or_from_the_start() {
    let copies = |last: Option<Timestamp>| Copies::Made {
        folder: String::new(),
        all: Ok(Folder::default()),
        last: Ok(last.map(|at| LastCopy { at, bytes: Ok(1), path: String::new() })),
    };
    let hours = |hours: i64| after(hours * 3600);
    for (copies, now, stale) in [
        (copies(Some(hours(5))), hours(31), false),
        (copies(Some(hours(5))), hours(32), true),
        (copies(None), hours(26), false),
        (copies(None), hours(27), true),
        (Copies::Elsewhere, hours(99), false),
        (Copies::None, hours(99), false),
    ] {
        assert_eq!(copies.are_stale(began(), now), stale, "{copies:?} at {now}");
    }
}

#[test]
fn nothing_needs_attention_where_everything_works() {
    assert_eq!(concerns(&state(after(600))), []);
}

#[test]
fn each_thing_that_is_wrong_needs_attention() {
    type Spoils = fn(&mut State);
    let now = after(7 * 3600);
    let wrong = |change: fn(&mut State)| {
        let mut state = state(now);
        change(&mut state);
        concerns(&state)
    };
    let two_hours_ago = now - SignedDuration::from_hours(2);
    let cases: [(Spoils, Concern); 12] = [
        (
            |state| state.health.database.as_mut().unwrap().took = SignedDuration::from_secs(3),
            Concern::SlowDatabase(SignedDuration::from_secs(3)),
        ),
        (
            |state| state.health.clock = Ok(Clock { ahead_of_it: Some(SignedDuration::from_mins(4)), apart: None }),
            Concern::ClockWrong(SignedDuration::from_mins(4)),
        ),
        (|state| state.health.media = Media::Stopped, Concern::MediaStopped),
        (
            |state| state.health.cascade = Some(Cascade { hosts: vec![], connected: false, nodes: vec![] }),
            Concern::NatsLost,
        ),
        (|state| state.mails.as_mut().unwrap().relay = false, Concern::NoRelay),
        (
            |state| {
                let mails = state.mails.as_mut().unwrap();
                (mails.waiting, mails.eldest) = (4, Some(state.now - SignedDuration::from_hours(2)));
            },
            Concern::MailsLate(4, two_hours_ago),
        ),
        (|state| state.mails.as_mut().unwrap().given_up = 2, Concern::MailsGivenUp(2)),
        (|state| state.webhooks = Ok(Webhooks { all: 2, disabled: 1, waiting: 5 }), Concern::WebhooksDisabled(1)),
        (
            |state| state.storage.disks[0].space = Ok(Space { all: 100, free: 9 }),
            Concern::DiskShort("/data".into(), Space { all: 100, free: 9 }),
        ),
        (|state| state.keys.tokens = Ok(Tokens { good: 3, expiring: 2 }), Concern::TokensExpire(2)),
        (|state| state.health.sessions = Err(Failure::Late), Concern::Unread(Part::Sessions, Failure::Late)),
        (
            |state| {
                state.jobs[2] =
                    (Job::Copies, Run { failed: Some((state.now, Failure::DiskFull)), in_a_row: 3, ..state.jobs[2].1 });
            },
            Concern::Failing(Job::Copies, Failure::DiskFull),
        ),
    ];
    for (change, concern) in cases {
        assert_eq!(wrong(change), [concern]);
    }
}

#[test]
fn a_certificate_needs_attention_below_twenty_one_days() {
    let told = |days: i64, fits: bool| {
        let mut state = state(after(0));
        let until = state.now + SignedDuration::from_hours(24 * days);
        state.keys.tls = Some(Ok(Certificate { names: vec!["socle.example".into()], until, fits }));
        concerns(&state)
    };
    assert_eq!(told(21, true), []);
    assert_eq!(told(20, true), [Concern::CertificateEnds(20)]);
    assert_eq!(told(-1, true), [Concern::CertificateExpired(after(-24 * 3600))]);
    assert_eq!(told(90, false), [Concern::CertificateUnfit]);
}

#[test]
fn what_presses_comes_before_what_is_to_be_planned() {
    let mut state = state(after(600));
    state.keys.tokens = Ok(Tokens { good: 1, expiring: 1 });
    state.keys.without_factor = Err(Failure::Database);
    let told = concerns(&state);
    assert_eq!(told.iter().map(Concern::degree).collect::<Vec<_>>(), [Degree::Now, Degree::Soon]);
}
