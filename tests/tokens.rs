//! The tokens of other systems: made, shown once, refused once they are spent.

use jiff::SignedDuration;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Method, StatusCode};
use support::machine::Token;
use support::{Client, Page, Product, on_both};

const ID: &str = "11111111-1111-4111-8111-111111111111";
const JETONS: &str = "/administration/jetons";
const ASKED: &str = "/api/v1/token";

async fn make(administrator: &Client, id: &str, days: &str) -> Page {
    let form = [("token", id), ("name", "SIRH"), ("scopes", "people:read"), ("scopes", "records:read"), ("days", days)];
    administrator.post(JETONS, &form).await
}

/// What the page shows once.
fn shown(page: &Page) -> Token {
    let secrets: Vec<&str> =
        page.body.split("class=\"secret\">").skip(1).filter_map(|it| it.split('<').next()).collect();
    Token { whole: secrets[0].into(), user: secrets[1].into(), password: secrets[2].into() }
}

async fn with(product: &Product, authorization: &str) -> Page {
    let stranger = product.stranger();
    stranger.send(stranger.bare_request(Method::GET, ASKED).header(AUTHORIZATION, authorization)).await
}

on_both!(a_token_is_shown_once_and_opens_by_either_way_of_showing_it, |product| async move {
    let administrator = product.administrator().await;
    let page = make(&administrator, ID, "30").await;
    assert_eq!(page.status, StatusCode::OK);
    let token = shown(&page);
    assert!(token.whole.starts_with("socle_11111111111141118111111111111111_") && token.password.len() == 64);
    assert!(!administrator.get(JETONS).await.body.contains(&token.password), "shown this once");

    for answer in [with(&product, &token.bearer()).await, with(&product, &token.basic()).await] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.headers[CACHE_CONTROL], "private, no-store");
        let said = answer.json();
        assert_eq!((said["name"].as_str(), said["scopes"][1].as_str()), (Some("SIRH"), Some("records:read")));
    }
    assert!(administrator.get(JETONS).await.text().contains("Le 1er décembre 2026"), "its last use");

    let again = make(&administrator, ID, "30").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "sent twice, made once");
    assert_eq!(with(&product, &token.bearer()).await.status, StatusCode::OK);
});

on_both!(a_token_that_is_absent_wrong_revoked_or_expired_is_told_so, |product| async move {
    let administrator = product.administrator().await;
    let (revoked, spent) = (shown(&make(&administrator, ID, "30").await), product.token(&["people:read"]).await);
    let to = format!("{JETONS}/{ID}/revoquer");
    assert_eq!(administrator.post(&to, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(administrator.post(&to, &[]).await.status, StatusCode::SEE_OTHER, "twice is once");
    product.wait(SignedDuration::from_hours(24 * 365));

    let refused = |page: &Page, said: &str| {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert_eq!(page.headers[CONTENT_TYPE], "application/problem+json");
        let problem = page.json();
        assert_eq!(problem["type"], "/api/v1#jeton");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{problem}");
        page.headers[WWW_AUTHENTICATE].to_str().expect("text").to_owned()
    };
    let challenge = refused(&product.stranger().get(ASKED).await, "Présentez un jeton");
    assert!(challenge.starts_with("Bearer realm=\"Socle\", Basic") && !challenge.contains("error"), "{challenge}");
    refused(&administrator.get(ASKED).await, "Présentez un jeton");
    let challenge = refused(&with(&product, &revoked.bearer()).await, "révoqué");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    refused(&with(&product, &spent.basic()).await, "expiré");
    let whole = spent.whole.as_str();
    for wrong in [
        "Bearer".to_owned(),
        "Bearer socle_".to_owned(),
        "Basic !!!".to_owned(),
        "Basic Og==".to_owned(),
        format!("Digest {whole}"),
        format!("Bearer {}", whole.replace("socle_", "")),
        format!("Bearer {whole}0"),
        format!("Bearer {}", &whole[..whole.len() - 1]),
        format!("Bearer {}", "x".repeat(4000)),
    ] {
        refused(&with(&product, &wrong).await, "n’existe pas");
    }
});

on_both!(what_systems_ask_is_answered_in_json_and_guessing_is_slowed_down, |product| async move {
    let stranger = product.stranger();
    let nowhere = stranger.get("/api/v1/nulle-part").await;
    assert_eq!((nowhere.status, nowhere.json()["type"].as_str()), (StatusCode::NOT_FOUND, Some("about:blank")));
    let method = stranger.send(stranger.bare_request(Method::DELETE, ASKED)).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!((method.json()["status"].as_u64(), method.headers["allow"].to_str().unwrap()), (Some(405), "GET,HEAD"));
    // Sixty at once, and one more each second that this takes.
    let mut tries = 0;
    let slowed = loop {
        let told = with(&product, "Bearer socle_x_y").await;
        if told.status != StatusCode::UNAUTHORIZED {
            break told;
        }
        tries += 1;
        assert!(tries < 600, "guessing goes on");
    };
    assert!(tries >= 60, "{tries}");
    assert_eq!((slowed.status, slowed.json()["status"].as_u64()), (StatusCode::TOO_MANY_REQUESTS, Some(429)));
    assert!(slowed.headers.contains_key("retry-after"));
    let token = product.token(&["people:read"]).await;
    assert_eq!(with(&product, &token.bearer()).await.status, StatusCode::OK, "who is known is not slowed");
});

on_both!(a_form_that_is_wrong_or_not_its_own_makes_no_token, |product| async move {
    let administrator = product.administrator().await;
    let refused = make(&administrator, ID, "367").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Indiquez une durée de 1 à 366 jours.") && refused.field("token") == ID);
    let too_many = [&[("token", ID)][..], &[("scopes", "people:read"); 20]].concat();
    for form in [
        &[("name", "SIRH"), ("scopes", "people:read"), ("days", "3")][..],
        &[("token", "1"), ("name", "SIRH"), ("scopes", "people:read"), ("days", "3")],
        &[("token", ID), ("name", "SIRH"), ("scopes", "people:read"), ("days", "3"), ("created_by", "1")],
        &too_many,
    ] {
        assert_eq!(administrator.post(JETONS, form).await.status, StatusCode::BAD_REQUEST, "{form:?}");
    }
    let form = [("token", ID), ("name", "SIRH"), ("scopes", "people:read"), ("days", "3")];
    let elsewhere = administrator.bare_request(Method::POST, JETONS).header("sec-fetch-site", "cross-site").form(&form);
    assert_eq!(administrator.send(elsewhere).await.status, StatusCode::FORBIDDEN);
    assert!(administrator.get(JETONS).await.text().contains("Aucun autre système"));
    for unknown in [ID, "1"] {
        let to = format!("{JETONS}/{unknown}/revoquer");
        assert_eq!(administrator.post(&to, &[]).await.status, StatusCode::NOT_FOUND);
    }
});
