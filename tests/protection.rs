//! What is held of people: the list and the schema, the register, everybody's own copy, erasure, and what nights take away.

use domain::certificate::Certificate;
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use domain::protection::{CLASSES, FREE, Kept};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use server::protection::{erase, nights};
use server::{audit, record};
use std::collections::BTreeSet;
use support::accounts::PASSWORD;
use support::protection::unpacked;
use support::{Client, Product, on_both};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const YEAR: SignedDuration = SignedDuration::from_hours(24 * 366);

async fn findings(product: &Product) -> Vec<String> {
    record::store::check(&product.app.db).await.expect("reads").1.iter().map(ToString::to_string).collect()
}

async fn holds(product: &Product) {
    assert_eq!(findings(product).await, Vec::<String>::new());
    assert_eq!(audit::check(&product.app.db).await.unwrap().1, Ok(()));
}

/// The text with plain spaces, as pages are read here.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn copy(client: &Client) -> std::collections::BTreeMap<String, String> {
    let answer = client.request(Method::GET, "/mes-donnees/copie.zip").send().await.unwrap();
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"application/zip".parse().unwrap())
    );
    unpacked(&answer.bytes().await.unwrap())
}

on_both!(whoever_adds_a_column_says_what_it_holds_of_people, |product| async {
    let said = CLASSES.iter().flat_map(|class| class.parts);
    let said: BTreeSet<(String, String)> = said
        .flat_map(|part| part.columns.iter().map(|column| (part.table.to_owned(), column.name.to_owned())))
        .collect();
    let free: BTreeSet<&str> = FREE.iter().map(|(table, _)| *table).collect();
    let schema = crate::migrations::columns(&product.app).await;
    let unsaid: Vec<_> = schema.iter().filter(|place| !free.contains(&*place.0) && !said.contains(place)).collect();
    assert!(unsaid.is_empty(), "say in domain::protection::CLASSES, or FREE, what these hold: {unsaid:?}");
    let gone: Vec<_> = said.difference(&schema).collect();
    assert!(gone.is_empty(), "these are listed and not in the schema: {gone:?}");
});

on_both!(the_register_and_the_privacy_page_tell_the_same_list_with_the_terms_that_are_set, |product| async {
    let register = product.stranger().get("/registre-des-traitements").await;
    let privacy = product.stranger().get("/donnees-personnelles").await;
    for class in CLASSES {
        for page in [&register, &privacy] {
            assert!(
                page.text().contains(&spaced(class.name)) && page.text().contains(&spaced(class.purpose)),
                "{}",
                class.slug
            );
        }
        let term = product.app.config.term(class);
        assert_eq!(term.is_some(), matches!(class.kept, Kept::For { .. }));
        assert!(register.text().contains(&spaced(&class.duration(term))), "{}", class.slug);
    }
});

on_both!(a_copy_has_all_that_is_held_of_its_owner_and_nothing_of_anybody_else, |product| async {
    let held = product.everything_held().await;
    let files = copy(&held.agent).await;
    assert_eq!(files.len(), CLASSES.len() + 1);
    for class in CLASSES {
        let file: serde_json::Value = serde_json::from_str(&files[&format!("{}.json", class.slug)]).unwrap();
        for (part, told) in class.parts.iter().zip(file["parties"].as_array().unwrap()) {
            let whose = part.of(&held.zebulon.to_string());
            let rows = product.number(&format!("SELECT COUNT(*) FROM {} WHERE {whose}", part.table)).await;
            assert!(rows > 0, "nothing of « {} » was seeded", part.name);
            let lines = told["lignes"].as_array().unwrap();
            assert_eq!(lines.len() as i64, rows, "{}", part.name);
            let columns = part.columns.iter().filter(|column| column.shown.label().is_some());
            for column in columns {
                assert!(lines[0].get(column.name).is_some(), "{} of {}", column.name, part.name);
            }
            assert!(files["mes-donnees.html"].contains(&domain::text::escaped(part.name)), "{}", part.name);
        }
    }
    let page = &files["mes-donnees.html"];
    assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("src=") && !page.contains("href="), "opens alone");
    let all = files.values().cloned().collect::<String>();
    for own in ["zebulon@exemple.example", "Bonjour de Zebulon", "Moi, Zebulon, je le conteste", "Réponse de Zebulon"]
    {
        assert!(page.contains(own), "{own}");
    }
    assert!(page.contains("Rose Durand"), "who looked is named, as on the page");
    for other in ["Karim", "karim", "$argon2"] {
        assert!(!all.contains(other), "{other}: {all}");
    }
    let told = held.agent.get("/mes-donnees").await;
    assert!(told.text().contains("Qui a consulté mon dossier") && told.text().contains("Rose Durand"));
    assert!(held.agent.get("/dossier").await.body.contains("href=\"/mes-donnees\""));
    for path in ["/mes-donnees?avant=0", "/mes-donnees?avant=18446744073709551615"] {
        assert_eq!(held.agent.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(held.agent.get("/mes-donnees?avant=x").await.status, StatusCode::BAD_REQUEST);
});

on_both!(a_copy_longer_than_a_page_of_rows_is_whole, |product| async {
    let person = product.person("Zebulon", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(person).await;
    let rows: Vec<String> = (0..1201).map(|n| format!("({person}, 'c', 'h', 's{n}', 0)")).collect();
    product.sql(format!("INSERT INTO section_read VALUES {}", rows.join(","))).await;
    let files = copy(&agent).await;
    let told: serde_json::Value = serde_json::from_str(&files["lecture.json"]).unwrap();
    let lines = told["parties"][0]["lignes"].as_array().unwrap();
    let sections: BTreeSet<&str> = lines.iter().filter_map(|line| line["section"].as_str()).collect();
    assert_eq!((lines.len(), sections.len()), (1201, 1201));
});

/// Every place of the database where one of these words stands.
async fn places(product: &Product, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in crate::migrations::columns(&product.app).await {
        for word in words {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE lower(CAST(\"{column}\" AS text)) LIKE '%{word}%'");
            if table != "blob" && product.number(&sql).await > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}

on_both!(an_erased_account_is_named_nowhere_and_its_record_still_holds, |product| async {
    let held = product.everything_held().await;
    let (person, admin) = (held.zebulon, &held.administrator);
    let facts = product.number(&format!("SELECT COUNT(*) FROM fact WHERE person_id = {person}")).await;
    let number = product.certificate_of(person).await;
    let path = format!("/administration/comptes/{person}/effacer");
    let preview = admin.get(&path).await;
    assert!(preview.text().contains("Effacer le compte de Zebulon Durand") && preview.text().contains("6 ans après"));
    for unsure in ["", "no"] {
        let page = admin.post(&path, &[("sure", unsure)]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains("Cochez la case"));
    }
    assert_eq!(held.agent.get("/dossier").await.status, StatusCode::OK, "nothing happened yet");
    for _ in 0..2 {
        assert_eq!(admin.post(&path, &[("sure", "yes")]).await.status, StatusCode::SEE_OTHER, "once, said twice");
    }
    assert_eq!(held.agent.get("/dossier").await.status, StatusCode::SEE_OTHER, "the session ended");
    let form = [("email", "zebulon@exemple.example"), ("password", PASSWORD)];
    assert_eq!(product.stranger().post("/connexion", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let last_word: BTreeSet<String> =
        ["mail.body", "mail.to_address", "mail.to_name"].map(str::to_owned).into_iter().collect();
    let found: BTreeSet<String> = places(&product, &["zebulon"]).await.into_iter().collect();
    assert_eq!(found, last_word, "named by the last mail alone");
    assert_eq!(product.number("SELECT COUNT(*) FROM mail WHERE key LIKE 'erasure/%'").await, 1);
    assert_eq!(product.number(&format!("SELECT COUNT(*) FROM fact WHERE person_id = {person}")).await, facts);
    assert_eq!(product.number("SELECT COUNT(*) FROM enrolment WHERE name LIKE '%zebulon%'").await, 0);
    holds(&product).await;
    // The paper is still verified, and no longer says whose it is.
    let verified = product.stranger().get(&format!("/certificats/{number}")).await.text();
    assert!(verified.contains("authentique et en vigueur") && verified.contains("Agent effacé"), "{verified}");
    assert!(
        verified.contains("Le nom du bénéficiaire et son employeur ont été effacés") && !verified.contains("Zebulon")
    );
    let account = admin.get(&format!("/administration/comptes/{person}")).await;
    assert!(account.text().contains("Agent effacé") && account.text().contains("Effacé :"));
    for action in ["sessions", "invitation", "suspendre", "retablir"] {
        let page = admin.post(&format!("/administration/comptes/{person}/{action}"), &[]).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{action}");
    }
    // So does the proof file, which still holds by itself.
    let proof = held.trainer.request(Method::GET, &format!("/suivi/{person}/preuve.zip")).send().await.unwrap();
    let checked = server::certificate::proof::check(&proof.bytes().await.unwrap(), None).unwrap();
    assert_eq!(checked.problems, Vec::<String>::new());
    assert!(checked.name.starts_with("Agent effacé"));
    // Karim’s record tells who wrote in it, by the pseudonym.
    let record = held.trainer.get(&format!("/suivi/{}", held.karim)).await.text();
    assert!(record.contains("Agent effacé") && !record.contains("Zebulon"));
});

on_both!(an_account_is_not_erased_by_itself_nor_the_last_that_administers, |product| async {
    let admin = product.administrator().await;
    let other = product.person("Zoe", Role::Administrator, Scope::Nation).await;
    let own = "/administration/comptes/1/effacer";
    assert!(admin.get(own).await.text().contains("votre propre compte"));
    assert_eq!(admin.post(own, &[("sure", "yes")]).await.status, StatusCode::CONFLICT);
    assert_eq!(
        admin.post(&format!("/administration/comptes/{other}/effacer"), &[("sure", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    let refused = erase(&product.app, PersonId(1)).await.expect_err("the last").to_string();
    assert!(refused.contains("dernier"), "{refused}");
    let agent = product.agent("Lea").await;
    for forger in [&agent, &product.trainer().await] {
        assert_eq!(forger.post(own, &[("sure", "yes")]).await.status, StatusCode::NOT_FOUND);
    }
    for (path, status) in [("999", StatusCode::NOT_FOUND), ("x", StatusCode::BAD_REQUEST)] {
        let page = admin.post(&format!("/administration/comptes/{path}/effacer"), &[("sure", "yes")]).await;
        assert_eq!(page.status, status, "{path}");
    }
    let odd = admin.post("/administration/comptes/3/effacer", &[("sure", "yes"), ("also", "1")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "an unknown field");
    let elsewhere =
        admin.bare_request(Method::POST, "/administration/comptes/3/effacer").header("origin", "https://autre.example");
    assert_eq!(admin.send(elsewhere.form(&[("sure", "yes")])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK);
});

on_both!(what_proves_a_training_goes_at_its_term_and_the_certificate_later, |product| async {
    let held = product.everything_held().await;
    let number = product.certificate_of(held.zebulon).await;
    erase(&product.app, held.zebulon).await.unwrap();
    let facts =
        async |person: PersonId| product.number(&format!("SELECT COUNT(*) FROM fact WHERE person_id = {person}")).await;
    product.wait(YEAR * 5);
    nights::tick(&product.app).await.unwrap();
    assert!(facts(held.zebulon).await > 0, "six years have not gone");
    product.wait(YEAR + DAY);
    // Karim still signs in: his record stays.
    product.signed_in(held.karim).await;
    nights::tick(&product.app).await.unwrap();
    assert_eq!(facts(held.zebulon).await, 0);
    for table in ["record", "attempt", "presence_interval", "dispute", "webinar_registration", "classroom_roster"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE person_id = {}", held.zebulon);
        assert_eq!(product.number(&sql).await, 0, "{table}");
    }
    assert!(facts(held.karim).await > 0);
    holds(&product).await;
    let certificate = format!("/certificats/{number}");
    assert_eq!(product.stranger().get(&certificate).await.status, StatusCode::OK, "ten years have not gone");
    product.wait(YEAR * 4);
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.stranger().get(&certificate).await.status, StatusCode::NOT_FOUND);
    holds(&product).await;
});

/// A mail sent that many days ago.
async fn mail(product: &Product, days: i64) {
    let at = (product.app.clock.now() - DAY * i32::try_from(days).unwrap()).as_millisecond();
    product
        .sql(format!(
            "INSERT INTO mail (id, key, to_address, to_name, subject, body, created_at, send_after, sent_at, attempts) \
             VALUES ('m{days}', 'm{days}', 'x@exemple.example', '', '', '', {at}, {at}, {at}, 1)"
        ))
        .await;
}

on_both!(each_night_takes_away_what_is_past_its_term_once_and_reports_it, |product| async {
    let admin = product.administrator().await;
    let page = "/administration/conservation";
    assert!(admin.get(page).await.text().contains("Aucune nuit n’a encore été faite"));
    for days in [5, 31, 400] {
        mail(&product, days).await;
    }
    let old = product.app.clock.now().as_millisecond() - 3 * 366 * 24 * 3_600_000;
    let rows: Vec<String> = (0..1100).map(|n| format!("(1, 'c', 'h', 's{n}', {old})")).collect();
    product.sql(format!("INSERT INTO section_read VALUES {}", rows.join(","))).await;
    assert!(admin.get(page).await.text().contains("1 100"), "the page tells what comes");
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.number("SELECT COUNT(*) FROM mail").await, 1);
    assert_eq!(product.number("SELECT COUNT(*) FROM section_read").await, 0, "more than one transaction takes");
    let told = admin.get(page).await.text();
    assert!(told.contains("Nuit du 1er décembre 2026") && told.contains("Courriels : 2 effacements"), "{told}");
    assert!(told.contains("Traces de lecture : 1 100 effacements"), "{told}");
    // The night is done: what passes its term meanwhile waits for the next.
    mail(&product, 40).await;
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.number("SELECT COUNT(*) FROM mail").await, 2);
    product.wait(SignedDuration::from_hours(17));
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.number("SELECT COUNT(*) FROM mail").await, 2, "2:30 in Paris is not night enough");
    product.wait(SignedDuration::from_hours(1));
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.number("SELECT COUNT(*) FROM mail").await, 1);
    let admin = product.signed_in(PersonId(1)).await;
    assert!(admin.get(page).await.text().contains("Nuit du 2 décembre 2026"));
    assert!(!admin.get(&format!("{page}?avant=2026-12-02")).await.text().contains("Nuit du 2 décembre 2026"));
    assert_eq!(admin.get(&format!("{page}?avant=hier")).await.status, StatusCode::BAD_REQUEST);
});

on_both!(a_night_cut_short_goes_on_and_counts_all_that_went, |product| async {
    mail(&product, 31).await;
    nights::tick(&product.app).await.unwrap();
    // As it stands where the server was stopped in the middle.
    product.sql("UPDATE retention_night SET done_at = NULL".to_owned()).await;
    mail(&product, 32).await;
    nights::tick(&product.app).await.unwrap();
    assert_eq!(product.number("SELECT gone FROM retention_line WHERE class = 'courriels'").await, 2);
});

on_both!(an_account_that_nobody_uses_is_erased_a_month_after_its_person_was_told, |product| async {
    let (idle, back) = (
        product.person("Zebulon", Role::Agent, Scope::Own).await,
        product.person("Karim", Role::Agent, Scope::Own).await,
    );
    let keeper = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let erased = async |person: PersonId| {
        product.number(&format!("SELECT COUNT(*) FROM person WHERE id = {person} AND erased_at IS NOT NULL")).await == 1
    };
    product.wait(YEAR * 3);
    nights::tick(&product.app).await.unwrap();
    assert!(!erased(idle).await);
    assert_eq!(product.number("SELECT COUNT(*) FROM mail WHERE key LIKE 'inactive/%'").await, 2);
    product.wait(DAY * 29);
    product.signed_in(back).await;
    nights::tick(&product.app).await.unwrap();
    assert!(!erased(idle).await, "a month has not gone");
    product.wait(DAY * 2);
    nights::tick(&product.app).await.unwrap();
    assert!(erased(idle).await && !erased(back).await && !erased(keeper).await);
    let told = product.signed_in(keeper).await.get("/administration/journal").await.text();
    assert!(told.contains("Compte inactif, effacé") && told.contains("Socle"), "{told}");
    holds(&product).await;
});

/// The remote day, whole.
async fn certified(product: &Product, person: PersonId, leader: PersonId) {
    let webinar = product.webinar(leader, &[person]).await;
    let live_at = product.begin(webinar).await;
    let seen = support::held::seen(webinar, person, 1, live_at, (0, 90));
    server::webinar::presence::checkpoint(&product.app, vec![seen]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    product.complete_course(person).await;
}

on_both!(a_certificate_of_an_account_that_was_folded_in_loses_its_name_with_the_other, |product| async {
    let admin = product.administrator().await;
    let kept = product.person("Zebulon", Role::Agent, Scope::Own).await;
    let folded = product.person("Zebulon-Bis", Role::Agent, Scope::Own).await;
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    certified(&product, folded, leader).await;
    let first = product.certificate_of(folded).await;
    let merge = [("compte", &*folded.to_string()), ("cle", "11111111-1111-4111-8111-111111111111")];
    let merged = admin.post(&format!("/administration/comptes/{kept}/reunion"), &merge).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    let second = product.certificate_of(kept).await;
    assert_ne!(first, second, "the account that is kept has its own");
    let erased = admin.post(&format!("/administration/comptes/{kept}/effacer"), &[("sure", "yes")]).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER);
    let found: BTreeSet<String> = places(&product, &["zebulon"]).await.into_iter().collect();
    let last_word = ["mail.body", "mail.to_address", "mail.to_name"].map(str::to_owned);
    assert_eq!(found, last_word.into_iter().collect());
    for (number, stands) in [(first, "retiré"), (second, "authentique et en vigueur")] {
        let page = product.stranger().get(&format!("/certificats/{number}")).await.text();
        assert!(page.contains("Agent effacé") && page.contains(stands), "{page}");
    }
    holds(&product).await;
});

on_both!(nothing_is_added_to_the_record_of_an_account_that_is_erased, |product| async {
    let held = product.everything_held().await;
    let facts = async || product.number(&format!("SELECT COUNT(*) FROM fact WHERE person_id = {}", held.zebulon)).await;
    let before = facts().await;
    erase(&product.app, held.zebulon).await.unwrap();
    // Sessions ended while the webinar of the scene lasted.
    let trainer = product.signed_in(held.trainer_id).await;
    let entry = format!("/suivi/{}/parcours/parcours-france-services/retraite", held.zebulon);
    let sent = [
        ("entry", "11111111-1111-4111-8111-111111111111"),
        ("state", "attended"),
        ("date-1", "2026-11-30"),
        ("part-1", "morning"),
        ("why", "Feuille de Sedan"),
    ];
    let sheet = format!("/presentiel/{}/2026-12-01-matin", support::classroom::ROOM);
    let ticked = held.zebulon.to_string();
    for refused in [
        trainer.get(&entry).await,
        trainer.post(&entry, &sent).await,
        trainer.post(&sheet, &[("present", ticked.as_str()), ("do", "close")]).await,
    ] {
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        assert!(refused.text().contains("ce compte a été effacé, et rien ne s’ajoute plus"), "{}", refused.text());
    }
    assert_eq!(facts().await, before);
    assert_eq!(trainer.post(&sheet, &[("do", "close")]).await.status, StatusCode::SEE_OTHER, "without them it closes");
});

on_both!(a_certificate_without_a_name_is_signed_and_says_since_when, |product| async {
    let person = product.person("Zebulon", Role::Agent, Scope::Own).await;
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    certified(&product, person, leader).await;
    let read = async || {
        use sea_orm::{ConnectionTrait as _, Statement};
        let sql = Statement::from_string(product.app.db.backend(), "SELECT body FROM certificate");
        let row = product.app.db.reader().query_one_raw(sql).await.unwrap().unwrap();
        serde_json::from_str::<Certificate>(&row.try_get::<String>("", "body").unwrap()).unwrap()
    };
    let before = read().await;
    erase(&product.app, person).await.unwrap();
    let after = read().await;
    assert_eq!(after.erased_at, Some(product.app.clock.now()));
    assert!(after.name.starts_with("Agent effacé ") && after.employer.is_none());
    let same = Certificate { name: before.name.clone(), employer: before.employer.clone(), erased_at: None, ..after };
    assert_eq!(same, before, "all else stays");
    assert_ne!(before.issued_at, Timestamp::UNIX_EPOCH);
});
