//! Invitations, signing in, sessions and their ends, guessing slowed down.

use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use server::identity::store;
use sha1::{Digest as _, Sha1};
use std::path::Path;
use support::accounts::PASSWORD;
use support::{Client, Database, Product, on_both};

async fn sign_in(client: &Client, email: &str, password: &str) -> support::Page {
    client.post("/connexion", &[("email", email), ("password", password)]).await
}

on_both!(an_invitation_gives_a_password_once_and_signs_in, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    let link = format!("/invitation/{}", store::invite(&product.app, person).await.unwrap());
    let agent = product.stranger();
    assert!(agent.get(&link).await.text().contains("Lea Durand"));
    for (password, again) in
        [("court", "court"), ("motdepasse2026", "motdepasse2026"), (PASSWORD, "autre chose que cela")]
    {
        let page = agent.post(&link, &[("password", password), ("password_again", again)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("role=\"alert\""), "the problem is announced");
    }
    let page = agent.post(&link, &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(page.location.as_deref(), Some("/"));
    assert!(agent.get("/").await.text().contains("Lea"));
    assert_eq!(product.stranger().get(&link).await.status, StatusCode::NOT_FOUND, "the link is used up");
    assert_eq!(sign_in(&product.stranger(), "LEA@exemple.example ", PASSWORD).await.status, StatusCode::SEE_OTHER);
});

on_both!(an_invitation_expires_and_a_new_one_replaces_it, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    let old = store::invite(&product.app, person).await.unwrap();
    let new = store::invite(&product.app, person).await.unwrap();
    assert_eq!(product.stranger().get(&format!("/invitation/{old}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(product.stranger().get(&format!("/invitation/{new}")).await.status, StatusCode::OK);
    product.wait(SignedDuration::from_hours(15 * 24));
    let late = product
        .stranger()
        .post(&format!("/invitation/{new}"), &[("password", PASSWORD), ("password_again", PASSWORD)])
        .await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
});

on_both!(a_wrong_password_and_an_unknown_address_are_told_in_the_same_words, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let words = |page: support::Page| {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.text().replace("lea@exemple.example", "").replace("personne@exemple.example", "")
    };
    let wrong = words(sign_in(&product.stranger(), "lea@exemple.example", "ce n’est pas le bon").await);
    let unknown = words(sign_in(&product.stranger(), "personne@exemple.example", PASSWORD).await);
    assert_eq!(wrong, unknown);
});

on_both!(guessing_is_slowed_and_the_victim_still_signs_in, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let guesser = product.stranger().from_address("198.51.100.66");
    let mut last = StatusCode::OK;
    for guess in 0..11 {
        last = sign_in(&guesser, "lea@exemple.example", &format!("un essai de plus {guess}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = sign_in(&guesser, "lea@exemple.example", PASSWORD).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "even the right password waits there");
    assert!(right.headers.contains_key("retry-after"));
    assert_eq!(sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
});

on_both!(a_session_rotates_at_sign_in_and_dies_at_sign_out, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let agent = product.stranger();
    agent.take_cookie("__Host-socle", "planted-by-a-neighbour");
    let page = sign_in(&agent, "lea@exemple.example", PASSWORD).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    for attribute in ["__Host-socle=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let first = agent.cookies();
    assert!(!first.contains("planted"));
    sign_in(&agent, "lea@exemple.example", PASSWORD).await;
    assert_ne!(agent.cookies(), first);
    let stolen = product.stranger();
    stolen.take_cookie("__Host-socle", first.trim_start_matches("__Host-socle="));
    assert_eq!(stolen.get("/dossier").await.status, StatusCode::SEE_OTHER, "the former secret is worth nothing");
    let copy = product.stranger();
    copy.take_cookie("__Host-socle", agent.cookies().trim_start_matches("__Host-socle="));
    agent.post("/deconnexion", &[]).await;
    assert_eq!(copy.get("/dossier").await.status, StatusCode::SEE_OTHER, "signing out ends it on the server");
});

on_both!(a_session_ends_by_idleness_and_by_age, |product| async {
    let agent = product.agent("Lea").await;
    product.wait(SignedDuration::from_hours(7));
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK);
    product.wait(SignedDuration::from_hours(7));
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK, "used meanwhile");
    product.wait(SignedDuration::from_hours(9));
    let page = agent.get("/dossier?avant=3").await;
    assert_eq!(page.location.as_deref(), Some("/connexion?back=%2Fdossier%3Favant%3D3"), "and it comes back there");
    let other = product.agent("Karim").await;
    for _ in 0..28 {
        product.wait(SignedDuration::from_hours(6));
        other.get("/dossier").await;
    }
    product.wait(SignedDuration::from_hours(1));
    assert_eq!(other.get("/dossier").await.status, StatusCode::SEE_OTHER, "seven days old");
});

on_both!(an_administrator_suspends_ends_sessions_and_restores, |product| async {
    let admin = product.administrator().await;
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let agent = product.signed_in(person).await;
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK);
    let account = format!("/administration/comptes/{person}");
    admin.post(&format!("{account}/sessions"), &[]).await;
    assert_eq!(agent.get("/dossier").await.status, StatusCode::SEE_OTHER);
    admin.post(&format!("{account}/suspendre"), &[]).await;
    let refused = sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.post(&format!("{account}/retablir"), &[]).await;
    assert_eq!(sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
});

on_both!(an_administrator_invites_and_cannot_be_made_by_a_form, |product| async {
    let admin = product.administrator().await;
    let invite = |email: &'static str, role: &'static str, scope: &'static str| {
        [
            ("first_name", "Zoé"),
            ("last_name", "Petit"),
            ("email", email),
            ("role", role),
            ("scope", scope),
            ("maison", ""),
        ]
    };
    let page = admin.post("/administration/comptes", &invite("zoe@exemple.example", "agent", "")).await;
    let account = page.location.expect("the account");
    let shown = admin.post(&format!("{account}/invitation"), &[]).await;
    assert!(shown.body.contains("/invitation/"), "the link is shown");
    for (email, role, scope) in [
        ("zoe@exemple.example", "agent", ""),
        ("pas une adresse", "agent", ""),
        ("a@exemple.example", "reine", ""),
        ("b@exemple.example", "trainer", "nation"),
        ("c@exemple.example", "trainer", ""),
    ] {
        let page = admin.post("/administration/comptes", &invite(email, role, scope)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{email} {role} {scope}");
        assert!(page.body.contains("role=\"alert\""));
    }
    let mut nowhere = invite("e@exemple.example", "agent", "");
    nowhere[5].1 = "999";
    assert_eq!(admin.post("/administration/comptes", &nowhere).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let agent = product.agent("Lea").await;
    let page = agent.post("/administration/comptes", &invite("d@exemple.example", "administrator", "nation")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
});

on_both!(another_site_can_change_nothing, |product| async {
    let agent = product.agent("Lea").await;
    for (name, value) in [
        ("origin", "https://autre.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("x-nothing", "said"),
    ] {
        let request = agent.bare_request(Method::POST, "/deconnexion").header(name, value);
        assert_eq!(agent.send(request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK);
});

on_both!(a_password_is_changed_by_whoever_knows_it_and_closes_the_account_elsewhere, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let (here, elsewhere) = (product.signed_in(person).await, product.signed_in(person).await);
    let page = here.get("/compte").await.text();
    assert!(page.contains("Lea Durand") && page.contains("lea@exemple.example"), "{page}");
    let new = "la porte bleue grince en hiver";
    let change = async |client: &Client, current: &str, password: &str, again: &str| {
        let fields = [("do", "password"), ("current", current), ("password", password), ("password_again", again)];
        client.post("/compte", &fields).await
    };
    for (current, password, again, said) in [
        ("ce n’est pas le bon", new, new, "n’est pas celui-là"),
        (PASSWORD, new, "autre chose que cela", "diffèrent"),
        (PASSWORD, "court", "court", "12"),
        (PASSWORD, "motdepasse2026", "motdepasse2026", "courant"),
    ] {
        let refused = change(&here, current, password, again).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(said), "{}", refused.text());
    }
    assert_eq!(elsewhere.get("/compte").await.status, StatusCode::OK, "nothing has changed yet");
    let done = change(&here, PASSWORD, new, new).await;
    assert_eq!(done.location.as_deref(), Some("/compte?fait=mot-de-passe"));
    assert!(here.get(&done.location.unwrap()).await.text().contains("Mot de passe changé"));
    assert_eq!(elsewhere.get("/compte").await.status, StatusCode::SEE_OTHER, "closed elsewhere");
    assert_eq!(
        sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(sign_in(&product.stranger(), "lea@exemple.example", new).await.status, StatusCode::SEE_OTHER);
    assert_eq!(product.number("SELECT COUNT(*) FROM mail WHERE subject = 'Votre mot de passe a été changé'").await, 1);
    // Whoever sits at an open computer does not guess for long.
    let mut last = StatusCode::OK;
    for _ in 0..11 {
        last = change(&here, "un essai", new, new).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
});

/// A list of leaked passwords, as Have I Been Pwned's: these among a thousand others.
fn leaked(passwords: &[&str], list: &Path) {
    let others = (0..1_000).map(|number| format!("un mot de passe volé {number}"));
    let hashes = others.chain(passwords.iter().map(|password| (*password).to_owned()));
    let mut lines: Vec<String> =
        hashes.map(|password| format!("{}:3\r\n", hex::encode_upper(Sha1::digest(password)))).collect();
    lines.sort();
    std::fs::write(list, lines.concat()).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_leaked_elsewhere_is_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("leaked.txt");
    let (stolen, fresh) = ("le chat dort sur la chaise", "la porte bleue grince en hiver");
    leaked(&[stolen], &list);
    let setting = ("SOCLE_LEAKED_PASSWORDS", list.display().to_string());
    let product = Product::start_with(Database::Sqlite, &[setting]).await;
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    let link = format!("/invitation/{}", store::invite(&product.app, person).await.unwrap());
    let agent = product.stranger();
    let refused = agent.post(&link, &[("password", stolen), ("password_again", stolen)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("volés sur d’autres sites"), "{}", refused.text());
    let taken = agent.post(&link, &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(taken.location.as_deref(), Some("/"), "{}", taken.text());
    // The operator puts a newer list in its place, and nothing is started again.
    let newer = folder.path().join("newer.txt");
    leaked(&[stolen, fresh], &newer);
    std::fs::rename(&newer, &list).expect("renamed");
    let change =
        |password| [("do", "password"), ("current", PASSWORD), ("password", password), ("password_again", password)];
    for password in [stolen, fresh] {
        let refused = agent.post("/compte", &change(password)).await;
        assert!(refused.text().contains("volés sur d’autres sites"), "{password}: {}", refused.text());
    }
    // Where the list is gone, it is not known what leaked: nothing is taken, and nothing is lost.
    std::fs::remove_file(&list).expect("removed");
    let unknown = agent.post("/compte", &change("une phrase jamais écrite")).await;
    assert_eq!(unknown.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

on_both!(everybody_sees_where_their_account_is_open_and_closes_it_there, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    let other = product.agent("Karim").await;
    let clients = [product.signed_in(person).await, product.signed_in(person).await, product.signed_in(person).await];
    let page = clients[0].get("/compte").await;
    assert_eq!(page.body.matches("name=\"session\"").count(), 2, "{}", page.body);
    assert!(page.text().contains("Ici") && !page.body.contains(&clients[1].cookies()), "{}", page.text());
    let key = page.field("session");
    for odd in ["", "%", "0", "%%%%%%%%%%%%%%%%"] {
        let refused = clients[0].post("/compte", &[("do", "end"), ("session", odd)]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{odd}");
    }
    other.post("/compte", &[("do", "end"), ("session", &key)]).await;
    let open = async || {
        let mut open = 0;
        for client in &clients {
            open += usize::from(client.get("/compte").await.status == StatusCode::OK);
        }
        open
    };
    assert_eq!(open().await, 3, "nobody closes another's");
    clients[0].post("/compte", &[("do", "end"), ("session", &key)]).await;
    assert_eq!(open().await, 2);
    clients[0].post("/compte", &[("do", "end-others")]).await;
    assert_eq!(open().await, 1);
    assert_eq!(clients[0].get("/compte").await.body.matches("name=\"session\"").count(), 0);
    assert_eq!(other.get("/compte").await.status, StatusCode::OK);
});

on_both!(a_link_for_a_forgotten_password_is_mailed_and_nobody_learns_who_has_an_account, |product| async {
    let person = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(person).await;
    let karim = product.person("Karim", Role::Agent, Scope::Own).await;
    product.give_password(karim).await;
    store::suspend(&product.app, karim, true).await.unwrap();
    let administrator = product.administrator().await;
    let ask = async |email: &str| product.stranger().post("/mot-de-passe-oublie", &[("email", email)]).await;
    assert!(product.stranger().get("/connexion").await.body.contains("/mot-de-passe-oublie"));
    let wrong = ask("lea").await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("value=\"lea\""),
        "{}",
        wrong.text()
    );
    let known = ask(" LEA@exemple.example").await;
    assert_eq!(known.status, StatusCode::OK);
    for other in ["personne@exemple.example", "karim@exemple.example", "lea@exemple.example"] {
        assert_eq!(ask(other).await.text(), known.text(), "{other}");
    }
    let mails = "SELECT COUNT(*) FROM mail WHERE subject = 'Choisir un nouveau mot de passe'";
    assert_eq!(
        product.number(mails).await,
        1,
        "one, though asked twice; none to who has no account or may not sign in"
    );
    let outbox = administrator.get("/administration/courriels").await.body;
    let secret =
        outbox.split("/invitation/").nth(1).unwrap().split(|sign: char| !sign.is_ascii_hexdigit()).next().unwrap();
    let link = format!("/invitation/{secret}");
    assert_eq!(sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let agent = product.stranger();
    let new = "la porte bleue grince en hiver";
    assert_eq!(agent.post(&link, &[("password", new), ("password_again", new)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(product.stranger().get(&link).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(
        sign_in(&product.stranger(), "lea@exemple.example", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    product.wait(SignedDuration::from_mins(11));
    ask("lea@exemple.example").await;
    assert_eq!(product.number(mails).await, 2);
    product.wait(SignedDuration::from_mins(61));
    let outbox = administrator.get("/administration/courriels").await.body;
    let late: Vec<String> = outbox
        .split("/invitation/")
        .skip(1)
        .map(|rest| rest.split(|sign: char| !sign.is_ascii_hexdigit()).next().unwrap().to_owned())
        .collect();
    for secret in late {
        assert_eq!(
            product.stranger().get(&format!("/invitation/{secret}")).await.status,
            StatusCode::NOT_FOUND,
            "late"
        );
    }
    // Guessing whom there is to write to is slowed like any guess.
    let guesser = product.stranger().from_address("198.51.100.66");
    let mut last = StatusCode::OK;
    for _ in 0..11 {
        last = guesser.post("/mot-de-passe-oublie", &[("email", "lea@exemple.example")]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
});
