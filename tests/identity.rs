//! Invitations, signing in, sessions and their ends, guessing slowed down.

use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use server::identity::store;
use support::accounts::PASSWORD;
use support::{Client, on_both};

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
