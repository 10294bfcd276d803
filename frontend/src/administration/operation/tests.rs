use super::operation_page;
use crate::ui::support::{assert_sound, attributes, html};
use domain::operation::{
    Acme, Cascade, Certificate, Clock, Copies, Database, Disk, Edition, Failure, Folder, Health, Job, Kept, Keys,
    LastCopy, Mails, Media, Migrations, Rooms, Run, Sessions, SigningKey, Space, State, Storage, Tokens, Trouble,
    Versions, Webhooks,
};
use jiff::{SignedDuration, Timestamp};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

const GB: u64 = 1_000_000_000;

/// A house where everything works, at 9:30 in Paris.
fn state() -> State {
    let (now, since) = (at("2026-12-01T08:30:00Z"), at("2026-11-28T08:00:00Z"));
    let ran =
        Run { ended: Some((now - SignedDuration::from_secs(3), SignedDuration::from_millis(12))), ..Run::default() };
    let copy =
        LastCopy { at: at("2026-12-01T00:31:00Z"), bytes: Ok(12_000_000), path: "/copies/2026-12-01T003100Z".into() };
    State {
        now,
        health: Health {
            since,
            production: true,
            public_url: "https://socle.example".into(),
            database: Ok(Database { engine: "SQLite 3.50.4".into(), took: SignedDuration::from_millis(2) }),
            clock: Ok(Clock::default()),
            media: Media::Open(vec!["UDP\u{a0}10000".into(), "TCP\u{a0}10000".into()]),
            rooms: Ok(Rooms { open: 1, people: 12 }),
            cascade: Some(Cascade {
                hosts: vec!["nats.example:4222".into()],
                connected: true,
                nodes: vec![("b".into(), 740), ("c".into(), 1)],
            }),
            sessions: Ok(Sessions { open: 30, lately: 4 }),
        },
        jobs: Job::ALL.map(|job| (job, ran)).to_vec(),
        mails: Ok(Mails { relay: true, planned: 3, last_sent: Some(now), ..Mails::default() }),
        webhooks: Ok(Webhooks { all: 1, disabled: 0, waiting: 0 }),
        storage: Storage {
            at: now,
            database: Ok(84_000_000),
            recordings: Ok(Kept { count: 10_000, bytes: 900 * GB }),
            bucket: Some("s3://socle/films".into()),
            media: Ok(Kept { count: 40, bytes: 30_000_000 }),
            uploads: Ok(Folder { bytes: 0, whole: true }),
            copies: Copies::Made {
                folder: "/copies".into(),
                all: Ok(Folder { bytes: 90_000_000, whole: true }),
                last: Ok(Some(copy)),
            },
            disks: vec![Disk {
                holds: vec!["Données", "Copies"],
                path: "/var/lib/socle".into(),
                space: Ok(Space { all: 20 * GB, free: 12 * GB }),
            }],
        },
        versions: Versions {
            socle: "0.1.0",
            commit: Some("0c48e13"),
            target: "linux x86_64".into(),
            migrations: Ok(Migrations { count: 26, last: "m20261129_000028_create_federated_identities".into() }),
            editions: Ok(vec![Edition {
                title: "La médiation numérique".into(),
                pathway: false,
                number: 3,
                at: Some(since),
                withdrawn: false,
            }]),
        },
        keys: Keys {
            signing: Ok(vec![
                SigningKey { name: "aaaa".into(), since, until: Some(now) },
                SigningKey { name: "bbbb".into(), since: now, until: None },
            ]),
            tls: Some(Ok(Certificate {
                names: vec!["socle.example".into()],
                since: at("2026-11-03T12:00:00Z"),
                until: at("2027-02-01T12:00:00Z"),
                fits: true,
            })),
            acme: None,
            tokens: Ok(Tokens { good: 2, expiring: 0 }),
            without_factor: Ok(Some(1)),
        },
    }
}

fn shown(state: State) -> String {
    let html = html(operation_page(state));
    assert_sound(&html);
    html
}

#[test]
fn where_everything_works_one_sentence_says_so() {
    let page = shown(state());
    assert!(page.contains("Tout fonctionne.") && !page.contains("is-problem") && !page.contains("À prévoir"), "{page}");
    for said in [
        "1er décembre 2026 à 9\u{a0}h\u{a0}30",
        "SQLite 3.50.4, répond en 2\u{a0}ms",
        "le 28 novembre 2026 à 9\u{a0}h\u{a0}00 (3\u{a0}jours)",
        "UDP\u{a0}10000, TCP\u{a0}10000",
        "1\u{a0}salle ouverte, 12\u{a0}personnes dedans",
        "b (740\u{a0}personnes y reçoivent le son et l’image), c (1\u{a0}personne y reçoit le son et l’image)",
        "30\u{a0}sessions ouvertes, dont 4\u{a0}utilisées",
        "il y a 3\u{a0}s</time>, en 12\u{a0}ms",
        "10\u{202f}000\u{a0}enregistrements, 900\u{a0}Go",
        "12\u{a0}Go sur 20\u{a0}Go (60\u{a0}%)",
        "26\u{a0}migrations appliquées",
        "Version 3, le <time",
        "ancienne, du 28 novembre 2026 au 1er décembre 2026",
        "encore 62\u{a0}jours",
        "1\u{a0}compte doit en avoir un et ne l’a pas encore",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("Horloge"), "nothing of a clock that is right");
    assert_eq!(page.matches("À l’heure").count(), Job::ALL.len());
}

#[test]
fn what_needs_attention_says_what_to_do_and_leads_there() {
    let mut wrong = state();
    wrong.health.database.as_mut().unwrap().took = SignedDuration::from_millis(2500);
    wrong.health.clock = Ok(Clock { ahead_of_it: Some(SignedDuration::from_mins(4)), apart: None });
    wrong.health.media = Media::Stopped;
    wrong.health.cascade.as_mut().unwrap().connected = false;
    wrong.mails = Ok(Mails {
        relay: true,
        waiting: 4,
        eldest: Some(at("2026-12-01T06:30:00Z")),
        given_up: 1,
        ..Mails::default()
    });
    wrong.webhooks = Ok(Webhooks { all: 2, disabled: 1, waiting: 7 });
    wrong.storage.disks[0].space = Ok(Space { all: 20 * GB, free: GB });
    wrong.storage.copies =
        Copies::Made { folder: "/copies".into(), all: Ok(Folder { bytes: 1, whole: false }), last: Ok(None) };
    let failed = Some((wrong.now, Failure::DiskFull));
    wrong.jobs[2].1 = Run { failed, in_a_row: 3, ..wrong.jobs[2].1 };
    wrong.jobs[0].1 = Run::default();
    wrong.jobs[3].1 = Run::default();
    wrong.keys.tls = Some(Ok(Certificate {
        names: vec!["socle.example".into()],
        since: at("2026-09-06T12:00:00Z"),
        until: at("2026-12-05T12:00:00Z"),
        fits: false,
    }));
    wrong.keys.tokens = Ok(Tokens { good: 3, expiring: 2 });
    wrong.keys.signing = Err(Failure::Database);
    let page = shown(wrong);
    assert!(!page.contains("Tout fonctionne."));
    for said in [
        "14\u{a0}points à traiter",
        "La base de données met 2,5\u{a0}s à répondre.",
        "L’horloge de la machine est fausse de 4\u{a0}min environ.",
        "<code>timedatectl</code>",
        "Le son et l’image des webinaires ne passent plus.",
        "NATS ne répond pas (nats.example:4222)",
        "<code>systemctl status nats-server</code>",
        "2\u{a0}tâches ne se font plus\u{a0}: Envoi des courriels, Conservation des données.",
        "La tâche «\u{a0}Copie de la nuit\u{a0}» échoue\u{a0}: le disque est plein.",
        "4\u{a0}courriels attendent depuis plus d’une demi-heure.",
        "1\u{a0}courriel abandonné depuis sept jours.",
        "1\u{a0}webhook désactivé.",
        "Il reste 1\u{a0}Go (5\u{a0}%) sur le disque de /var/lib/socle.",
        "Il n’y a aucune copie.",
        "<code>socle backup DOSSIER</code>",
        "Le certificat HTTPS expire dans 4\u{a0}jours.",
        "Les fichiers du certificat HTTPS ne sont pas utilisables.",
        "La liste des clés de signature\u{a0}: lecture impossible, la base de données n’a pas répondu",
        "À prévoir",
        "2\u{a0}jetons d’autres systèmes expirent d’ici trente jours.",
        "Horloge</dt>",
        "4, le plus ancien depuis 2\u{a0}h",
        "En retard\u{a0}: pas faite depuis 3\u{a0}jours",
        "Échoue\u{a0}: le disque est plein",
        "Trop peu",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let links = attributes(&page, "a", "href");
    for wanted in [
        "/administration/courriels",
        "/administration/webhooks",
        "/administration/jetons",
        "#stockage",
        "#taches",
        "#cles",
    ] {
        assert!(links.contains(&wanted.to_owned()), "{wanted} in {links:?}");
    }
}

#[test]
fn links_within_the_page_lead_somewhere() {
    let page = shown(state());
    let ids: Vec<String> = attributes(&page, "h2", "id");
    for link in attributes(&page, "a", "href").iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(ids.contains(&link.to_owned()), "{link} in {ids:?}");
    }
}

#[test]
fn a_part_that_could_not_be_read_hides_no_other() {
    let mut blind = state();
    blind.health.rooms = Err(Failure::Late);
    blind.storage.uploads = Err(Failure::NotFound);
    blind.storage.disks[0].space = Err(Failure::NotAllowed);
    blind.versions.editions = Err(Failure::Database);
    blind.mails = Err(Failure::Database);
    let page = shown(blind);
    assert!(page.contains("5\u{a0}points à traiter"), "{page}");
    assert_eq!(page.matches("Lecture impossible").count(), 5, "{page}");
    assert!(page.contains("répond en 2\u{a0}ms") && page.contains("Clés publiées"));
}

#[test]
fn a_certificate_that_socle_asks_for_says_how_that_goes() {
    let mut asked = state();
    let came = Some(at("2026-11-03T12:00:00Z"));
    asked.keys.acme = Some(Acme { came, failed: None, next: at("2027-01-02T12:00:00Z") });
    let page = shown(asked.clone());
    assert!(
        page.contains("Tout fonctionne.") && page.contains("Demandé par Socle (ACME), délivré le 3 novembre 2026"),
        "{page}"
    );
    assert!(page.contains("prochaine demande le <time datetime=\"2027-01-02T12:00:00Z\">"), "{page}");

    asked.keys.acme = Some(Acme { came, failed: Some((asked.now, Trouble::NotFound)), next: asked.now });
    let page = shown(asked.clone());
    for said in [
        "À prévoir",
        "Le certificat HTTPS, valable jusqu’au 1er février 2027, n’est pas renouvelé\u{a0}: l’autorité ne trouve pas cette machine",
        "Vérifiez où mène le nom (DNS, A et AAAA)",
        "Échec du 1er décembre 2026",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    asked.keys.tls = None;
    let page = shown(asked);
    assert!(
        page.contains("Il n’y a pas de certificat HTTPS\u{a0}: l’autorité ne trouve pas")
            && page.contains("Aucun encore")
    );
    assert!(page.contains("1\u{a0}point à traiter") && !page.contains("serveur mandataire"), "{page}");
}

#[test]
fn postgresql_and_proxies_keep_what_is_theirs() {
    let mut elsewhere = state();
    elsewhere.storage.copies = Copies::Elsewhere;
    elsewhere.keys.tls = None;
    elsewhere.keys.without_factor = Ok(None);
    let page = shown(elsewhere);
    assert!(page.contains("Tout fonctionne.") && page.contains("<code>pg_dump</code>"), "{page}");
    assert!(page.contains("Celui du serveur mandataire") && page.contains("exigé de personne"));
}
