//! Who looked at or changed whose record: noted once, for the right person, by the right role, and never rewritten.

use crate::second_factor::{code, set_up, sign_in, somebody};
use domain::audit::Broken;
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection};
use server::audit;
use support::accounts::PASSWORD;
use support::served::House;
use support::{Client, Product, on_both};

const JOURNAL: &str = "/administration/journal";

/// Léa, who has earned something; Marie, who trains her.
async fn followed(product: &Product) -> (PersonId, Client, Client) {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.complete_course(lea).await;
    (lea, product.signed_in(lea).await, product.trainer().await)
}

/// The lines so far, the first first: who, whose, what, where.
async fn lines(product: &Product) -> Vec<String> {
    product.app.audit.settle().await;
    let sql = "SELECT actor_id, role, subject_id, deed, page FROM audit ORDER BY seq";
    let statement = sea_orm::Statement::from_string(product.app.db.backend(), sql);
    let rows = product.app.db.reader().query_all_raw(statement).await.expect("reads");
    let told = |row: &sea_orm::QueryResult| {
        let person = |name| row.try_get::<Option<i64>>("", name).unwrap().map_or("–".to_owned(), |id| id.to_string());
        let text = |name| row.try_get::<String>("", name).unwrap();
        format!("{} ({}) {} {} {}", person("actor_id"), text("role"), text("deed"), person("subject_id"), text("page"))
    };
    rows.iter().map(told).collect()
}

async fn holds(product: &Product) -> Result<(), Broken> {
    audit::check(&product.app.db).await.expect("reads").1
}

/// A hand on the database that the product does not know of.
async fn intruder(product: &Product) -> DatabaseConnection {
    let url = product.app.config.database_url.clone();
    let url = url.unwrap_or_else(|| format!("sqlite://{}", product.app.config.data.join("socle.sqlite").display()));
    Database::connect(url).await.expect("the database")
}

on_both!(looks_at_somebody_else_s_record_are_noted_once_in_ten_minutes, |product| async {
    let (lea, agent, trainer) = followed(&product).await;
    agent.get("/dossier").await;
    agent.get("/dossier/preuve.zip").await;
    assert_eq!(lines(&product).await, Vec::<String>::new(), "one’s own is one’s own");
    for _ in 0..3 {
        trainer.get(&format!("/suivi/{lea}")).await;
    }
    trainer.get(&format!("/suivi/{lea}?avant=3")).await;
    let look = format!("2 (trainer) looked {lea} /suivi/{{person}}");
    assert_eq!(lines(&product).await, std::slice::from_ref(&look));
    product.wait(SignedDuration::from_mins(9));
    trainer.get(&format!("/suivi/{lea}")).await;
    assert_eq!(lines(&product).await.len(), 1);
    product.wait(SignedDuration::from_mins(2));
    trainer.get(&format!("/suivi/{lea}")).await;
    trainer.get(&format!("/suivi/{lea}/preuve.zip")).await;
    let proof = format!("2 (trainer) looked {lea} /suivi/{{person}}/preuve.zip");
    assert_eq!(lines(&product).await, [look.clone(), look, proof]);
    assert_eq!(holds(&product).await, Ok(()));
});

on_both!(what_was_refused_was_not_looked_at_and_is_noted_as_such, |product| async {
    let (lea, ..) = followed(&product).await;
    let other = product.agent("Karim").await;
    for path in
        [format!("/suivi/{lea}"), format!("/administration/comptes/{lea}"), "/suivi/999".to_owned(), JOURNAL.to_owned()]
    {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    let admin = product.administrator().await;
    assert_eq!(admin.get("/administration/comptes/999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/cours/inconnu").await.status, StatusCode::NOT_FOUND, "a page about nobody");
    assert_eq!(product.stranger().get(&format!("/suivi/{lea}")).await.status, StatusCode::SEE_OTHER);
    let mut told = lines(&product).await;
    // They do not wait for each other on their way to the disk.
    told.sort();
    assert_eq!(
        told,
        [
            "3 () refused 1 /administration/comptes/{person}",
            "3 () refused 1 /suivi/{person}",
            "3 () refused – /administration/journal",
            "3 () refused – /suivi/{person}",
            "4 () refused – /administration/comptes/{person}",
        ]
    );
    let page = admin.get(&format!("{JOURNAL}?par=karim&acte=refused")).await.text();
    assert_eq!((page.matches("Karim Durand").count(), page.matches("Refus :").count()), (4, 4), "{page}");
    let own = product.signed_in(lea).await.get("/mes-donnees").await.text();
    assert!(!own.contains("Karim"), "who saw nothing is for administrators: {own}");
});

on_both!(whoever_tries_addresses_all_night_fills_no_disk, |product| async {
    let karim = product.agent("Karim").await;
    for person in 100..300 {
        assert_eq!(karim.get(&format!("/suivi/{person}")).await.status, StatusCode::NOT_FOUND);
    }
    let noted = lines(&product).await.len();
    assert!((100..=110).contains(&noted), "{noted}");
    let other = product.agent("Lea").await;
    other.get("/suivi/100").await;
    assert_eq!(lines(&product).await.len(), noted + 1, "others’ are noted as before");
});

on_both!(how_accounts_are_entered_and_are_not_is_noted_and_shown_to_their_holder, |product| async {
    let (lea, email) = somebody(&product, "Lea", Role::Agent, Scope::Own).await;
    let client = product.stranger();
    for (address, password) in [(email.as_str(), "ce n’est pas celui-là"), ("personne@exemple.example", PASSWORD)] {
        let page = client.post("/connexion", &[("email", address), ("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(lines(&product).await, [format!("– () refused {lea} connexion/mot-de-passe")]);
    sign_in(&client, &email, "/").await;
    let (key, codes) = set_up(&product, &client, "/second-facteur").await;
    product.wait(SignedDuration::from_mins(1));
    for typed in ["000000", &code(&product, &key, 0), &codes[0]] {
        let other = product.stranger();
        sign_in(&other, &email, "/").await;
        other.post("/connexion/code", &[("code", typed)]).await;
    }
    let by = |deed, by| format!("{lea} () {deed} {lea} {by}");
    assert_eq!(
        lines(&product).await[1..],
        [
            by("entered", "connexion/mot-de-passe"),
            by("changed", "application/ajoutee"),
            by("entered", "connexion/mot-de-passe-puis"),
            format!("– () refused {lea} connexion/codes"),
            by("entered", "connexion/mot-de-passe-puis"),
            by("entered", "connexion/code"),
            by("entered", "connexion/mot-de-passe-puis"),
            by("entered", "connexion/code-de-secours"),
        ]
    );
    assert_eq!(holds(&product).await, Ok(()));

    // The codes ended the session before; what is shown is what happened, the latest first.
    let page = client.get("/compte").await.text();
    let told = page.split("Dernières connexions").nth(1).expect("a section");
    let at = |words| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
    assert!(at("Code de secours") < at("Code de l’application"), "{told}");
    assert!(at("Code de l’application ou de secours : refusé") < at("Mot de passe : refusé"), "{told}");

    let admin = product.administrator().await;
    let page = admin.get(&format!("{JOURNAL}?dossier=lea&acte=refused")).await;
    assert!(page.text().contains("Inconnu") && page.body.contains("selected"), "{}", page.body);
    assert!(!page.text().contains("Code de secours"), "only what was asked for: {}", page.text());
    assert_eq!(admin.get(&format!("{JOURNAL}?acte=x")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(certificates_accounts_presences_and_lists_are_noted_with_the_role_that_opened_them, |product| async {
    let held = product.everything_held().await;
    let (admin, trainer, lea) = (&held.administrator, &held.trainer, held.zebulon);
    let before = lines(&product).await.len();
    let number = product.certificate_of(lea).await;
    let webinar = format!("/webinaires/{}", held.webinar);
    trainer.get(&format!("/dossier/certificats/{number}")).await;
    trainer.get(&format!("{webinar}/presences")).await;
    trainer.get(&format!("{webinar}/presences/{lea}")).await;
    trainer.get("/suivi/agents").await;
    admin.get(&format!("/administration/comptes/{lea}")).await;
    product.stranger().get(&format!("/certificats/{number}")).await;
    let told = lines(&product).await.split_off(before);
    let (marie, alex) = (held.trainer_id, 4);
    assert_eq!(
        told,
        [
            format!("{marie} (trainer) looked {lea} /dossier/certificats/{{number}}"),
            format!("{marie} (trainer) looked – /webinaires/{{webinar}}/presences"),
            format!("{marie} (trainer) looked {lea} /webinaires/{{webinar}}/presences/{{person}}"),
            format!("{marie} (trainer) looked – /suivi/agents"),
            format!("{alex} (administrator) looked {lea} /administration/comptes/{{person}}"),
        ]
    );
});

on_both!(changes_are_noted_each_time_and_forms_that_come_back_are_not, |product| async {
    let (lea, agent, trainer) = followed(&product).await;
    let admin = product.administrator().await;
    agent.post("/dossier/faits/1", &[("words", "Je le conteste")]).await;
    let account = format!("/administration/comptes/{lea}");
    for path in ["suspendre", "retablir", "suspendre", "retablir"] {
        admin.post(&format!("{account}/{path}"), &[]).await;
    }
    admin.post(&format!("{account}/invitation"), &[]).await;
    let entry = format!("/suivi/{lea}/parcours/parcours-france-services/retraite");
    assert_eq!(trainer.post(&entry, &[("state", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = |what| format!("3 (administrator) changed {lea} /administration/comptes/{{person}}/{what}");
    assert_eq!(
        lines(&product).await,
        [changed("suspendre"), changed("retablir"), changed("suspendre"), changed("retablir"), changed("invitation")]
    );
    trainer.post(&format!("/suivi/{lea}/faits/1"), &[("words", "Vous avez raison")]).await;
    let answered = format!("2 (trainer) changed {lea} /suivi/{{person}}/faits/{{seq}}");
    assert_eq!(lines(&product).await.last(), Some(&answered));
});

on_both!(each_agent_sees_who_looked_and_administrators_see_all_and_filter, |product| async {
    let (lea, agent, trainer) = followed(&product).await;
    let karim = product.person("Karim", Role::Agent, Scope::Own).await;
    product.complete_course(karim).await;
    let admin = product.administrator().await;
    trainer.get(&format!("/suivi/{lea}")).await;
    admin.get(&format!("/administration/comptes/{karim}")).await;
    product.app.audit.settle().await;
    let own = agent.get("/mes-donnees").await.text();
    assert!(own.contains("Marie Durand") && own.contains("formateur ou formatrice") && !own.contains("Alex"), "{own}");
    let told = |page: support::Page| {
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        (text.contains("Lea Durand"), text.contains("Karim Durand"))
    };
    for (query, wanted) in [
        ("", (true, true)),
        ("?dossier=lea", (true, false)),
        ("?dossier=Karim+Durand", (false, true)),
        ("?par=marie", (true, false)),
        ("?par=alex&dossier=karim", (false, true)),
        ("?par=alex&dossier=lea", (false, false)),
        ("?dossier=personne", (false, false)),
        ("?du=2026-12-01&au=2026-12-01", (true, true)),
        ("?du=2026-12-02", (false, false)),
        ("?au=2026-11-30", (false, false)),
        ("?avant=1", (false, false)),
    ] {
        assert_eq!(told(admin.get(&format!("{JOURNAL}{query}")).await), wanted, "{query}");
    }
    let file = admin.get(&format!("{JOURNAL}.csv?dossier=lea")).await;
    assert!(
        file.body.starts_with('\u{feff}') && file.body.contains("Marie Durand;formateur ou formatrice;Lea Durand;"),
        "{}",
        file.body
    );
    assert!(!file.body.contains("Karim"));
    for (query, status) in [
        ("?du=hier", StatusCode::UNPROCESSABLE_ENTITY),
        ("?au=2026-02-30", StatusCode::UNPROCESSABLE_ENTITY),
        ("?avant=x", StatusCode::BAD_REQUEST),
        ("?avant=18446744073709551615", StatusCode::OK),
        ("?du=9999-12-31&au=9999-12-31", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(admin.get(&format!("{JOURNAL}{query}")).await.status, status, "{query}");
    }
    assert_eq!(admin.get(&format!("{JOURNAL}.csv?du=hier")).await.status, StatusCode::BAD_REQUEST);
    for path in [JOURNAL.to_owned(), format!("{JOURNAL}.csv"), "/administration/conservation".to_owned()] {
        assert_eq!(trainer.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(product.stranger().get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for method in [Method::POST, Method::DELETE, Method::PUT] {
        assert_eq!(admin.send(admin.request(method, JOURNAL)).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
});

on_both!(long_logs_are_read_by_pages_and_taken_away_whole, |product| async {
    let admin = product.administrator().await;
    let people: Vec<PersonId> = {
        let mut people = Vec::new();
        for name in ["Ana", "Bea", "Cleo"] {
            people.push(product.person(name, Role::Agent, Scope::Own).await);
        }
        people
    };
    for turn in 0..40 {
        for person in &people {
            product.app.audit.by_platform(&product.app, *person, &format!("page-{turn}")).await.unwrap();
        }
    }
    let first = admin.get(JOURNAL).await;
    assert_eq!(first.body.matches("<tr>").count(), 51, "fifty and the head");
    let next = first.body.split("rel=\"next\"").next().and_then(|before| before.rsplit("href=\"").next()).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = admin.get(&next).await;
    assert!(second.body.matches("<tr>").count() == 51 && second.body != first.body);
    let file = admin.get(&format!("{JOURNAL}.csv")).await;
    assert!(file.body.lines().count() >= 121, "{}", file.body.lines().count());
});

on_both!(the_database_itself_refuses_to_rewrite_the_log, |product| async {
    let (lea, _, trainer) = followed(&product).await;
    for page in ["", "/preuve.zip"] {
        trainer.get(&format!("/suivi/{lea}{page}")).await;
    }
    assert_eq!(lines(&product).await.len(), 2);
    let intruder = intruder(&product).await;
    let mut refused = vec![
        "UPDATE audit SET actor_id = 9",
        "UPDATE audit SET at = at + 1 WHERE seq = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit_chain SET head_seq = 0",
        "UPDATE audit_chain SET origin_seq = 3",
        "DELETE FROM audit_chain",
    ];
    if product.app.db.backend() == DatabaseBackend::Postgres {
        refused.extend(["TRUNCATE audit", "TRUNCATE audit_chain"]);
    }
    for statement in refused {
        let error = intruder.execute_unprepared(statement).await.expect_err(statement).to_string();
        assert!(error.contains("audit log"), "{statement}: {error}");
    }
    assert_eq!(holds(&product).await, Ok(()));
});

on_both!(whatever_is_changed_once_the_triggers_are_gone_shows, |product| async {
    let (lea, _, trainer) = followed(&product).await;
    for page in ["", "/preuve.zip", "/faits/1"] {
        trainer.get(&format!("/suivi/{lea}{page}")).await;
    }
    product.administrator().await.get(&format!("/administration/comptes/{lea}")).await;
    assert_eq!(lines(&product).await.len(), 4);
    let intruder = intruder(&product).await;
    let on = if product.app.db.backend() == DatabaseBackend::Postgres { " ON audit" } else { "" };
    for trigger in ["audit_is_not_changed", "audit_goes_by_its_oldest_end"] {
        intruder.execute_unprepared(&format!("DROP TRIGGER {trigger}{on}")).await.expect("an owner may");
    }
    for (harm, undo, found) in [
        (
            "UPDATE audit SET subject_id = 9 WHERE seq = 2",
            "UPDATE audit SET subject_id = 1 WHERE seq = 2",
            Broken::Changed(2),
        ),
        (
            "UPDATE audit SET role = 'agent' WHERE seq = 1",
            "UPDATE audit SET role = 'trainer' WHERE seq = 1",
            Broken::Changed(1),
        ),
        ("UPDATE audit SET seq = 9 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 9", Broken::Missing(2)),
    ] {
        intruder.execute_unprepared(harm).await.unwrap();
        assert_eq!(holds(&product).await, Err(found), "{harm}");
        intruder.execute_unprepared(undo).await.unwrap();
        assert_eq!(holds(&product).await, Ok(()), "{undo}");
    }
    intruder.execute_unprepared("DELETE FROM audit WHERE seq = 4").await.unwrap();
    assert_eq!(holds(&product).await, Err(Broken::WrongHead { expected: 4, found: 3 }));
});

on_both!(old_lines_go_from_the_oldest_end_and_what_is_left_holds, |product| async {
    let (lea, _, trainer) = followed(&product).await;
    trainer.get(&format!("/suivi/{lea}")).await;
    product.wait(SignedDuration::from_hours(24 * 300));
    let trainer = product.signed_in(PersonId(2)).await;
    trainer.get(&format!("/suivi/{lea}")).await;
    product.app.audit.settle().await;
    product.wait(SignedDuration::from_hours(24 * 70));
    server::protection::nights::tick(&product.app).await.unwrap();
    assert_eq!(lines(&product).await.len(), 1, "a year for the first, not for the second");
    assert_eq!(audit::check(&product.app.db).await.unwrap(), (1, Ok(())));
    product.signed_in(PersonId(2)).await.get(&format!("/suivi/{lea}")).await;
    assert_eq!(lines(&product).await.len(), 2);
    assert_eq!(audit::check(&product.app.db).await.unwrap(), (2, Ok(())));
});

on_both!(a_crowd_that_looks_is_noted_whole_in_one_chain, |product| async {
    let (lea, _, trainer) = followed(&product).await;
    let admin = product.administrator().await;
    let at_once = (0..40).map(|turn| {
        let (path, client) = if turn % 2 == 0 {
            (format!("/suivi/{lea}"), &trainer)
        } else {
            (format!("/administration/comptes/{}", 1 + turn % 3), &admin)
        };
        async move { client.get(&path).await.status }
    });
    futures_util::future::join_all(at_once).await;
    let noted = lines(&product).await.len();
    // The same look asked for at the same instant may be noted more than once, never less.
    assert!(noted >= 3, "{noted}");
    assert_eq!(audit::check(&product.app.db).await.unwrap(), (noted as u64, Ok(())));
});

/// Sixty accounts looked at one after the other by the real program, which is then stopped at once; how many lines are left.
async fn looked_then_stopped(kill: bool) -> u64 {
    let house = House::new(support::Database::Sqlite, "demonstration").expect("a house");
    let (admin, people) = {
        let app = house.open().await.expect("opens");
        let admin = support::accounts::person(&app, "Alex", Role::Administrator, Scope::Nation).await;
        let mut people = Vec::new();
        for number in 0..60 {
            people.push(support::accounts::person(&app, &format!("Agent{number}"), Role::Agent, Scope::Own).await);
        }
        (server::identity::session::open(&app, admin).await.expect("a session").secret, people)
    };
    let served = house.serve().await.expect("serves");
    let client = Client::new(&format!("http://{}", served.address));
    client.take_cookie("__Host-socle", &admin);
    for person in people {
        assert_eq!(client.get(&format!("/administration/comptes/{person}")).await.status, StatusCode::OK);
    }
    if kill {
        served.kill().await.expect("killed");
    } else {
        served.terminate().expect("told");
        assert!(served.stopped().await.expect("stops").success());
    }
    let app = house.open().await.expect("opens again");
    let (lines, held) = audit::check(&app.db).await.expect("reads");
    assert_eq!(held, Ok(()));
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_normal_stop_loses_no_look_and_a_kill_leaves_a_chain_that_holds() {
    assert_eq!(looked_then_stopped(false).await, 60);
    let left = looked_then_stopped(true).await;
    println!("{left} of 60 looks were on disk after a kill -9 that followed the last answer at once");
    assert!(left <= 60);
}

on_both!(what_another_system_reads_is_noted_of_whom_it_reads_of_and_told_them, |product| async {
    let held = product.everything_held().await;
    let (lea, before) = (held.zebulon, lines(&product).await.len());
    let number = product.certificate_of(lea).await;
    let token = product.token(&["people:read", "maisons:read", "records:read", "certificates:read"]).await;
    let paths = [
        "/api/v1/people".to_owned(),
        "/api/v1/people?limit=1".to_owned(),
        "/api/v1/maisons".to_owned(),
        format!("/api/v1/records/{lea}"),
        format!("/api/v1/certificates/{number}"),
        "/api/v1/token".to_owned(),
    ];
    for path in &paths {
        assert_eq!(product.read_by(&token, path).await.status, StatusCode::OK, "{path}");
    }
    for refused in ["/api/v1/webinars".to_owned(), "/api/v1/records/999".to_owned()] {
        assert!(product.read_by(&token, &refused).await.status.is_client_error(), "{refused}");
    }
    let id = token.whole.split('_').nth(1).unwrap().parse::<uuid::Uuid>().unwrap();
    let told = |deed: &str, subject: &str, page: &str| format!("– (token:{id}) {deed} {subject} {page}");
    let lea = lea.to_string();
    assert_eq!(
        lines(&product).await.split_off(before),
        [
            told("looked", "–", "/api/v1/people"),
            told("looked", &lea, "/api/v1/records/{person}"),
            told("looked", &lea, "/api/v1/certificates/{number}"),
            told("refused", "–", "/api/v1/webinars"),
            told("refused", "–", "/api/v1/records/{person}"),
        ]
    );
    let told = held.agent.get("/mes-donnees").await.text();
    assert!(told.contains("Un système") && told.contains("autre système, par un jeton"), "{told}");
    let journal = held.administrator.get(JOURNAL).await.text();
    assert!(journal.contains("Un système") && journal.contains("Agents, par un autre système"), "{journal}");
    assert_eq!(holds(&product).await, Ok(()));
});
