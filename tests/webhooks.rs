//! Other systems told of what happens: signed, tried again, disabled in the end; never led to a private network.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::PersonId;
use domain::webhook::RETRIES;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use server::webhook;
use sha2::Sha256;
use support::completing::whole_course;
use support::receiver::{Message, Mood, Receiver};
use support::{Client, Database, Page, Product, on_both};

const ID: &str = "11111111-1111-4111-8111-111111111111";
const WEBHOOKS: &str = "/administration/webhooks";

async fn make(administrator: &Client, id: &str, url: &str, kinds: &[&str]) -> Page {
    let mut form = vec![("webhook", id), ("url", url)];
    form.extend(kinds.iter().map(|kind| ("kinds", *kind)));
    administrator.post(WEBHOOKS, &form).await
}

/// The secret, as the page shows it once.
fn secret(page: &Page) -> Vec<u8> {
    let shown = page.body.split("class=\"secret\">").nth(1).and_then(|it| it.split('<').next()).expect("a secret");
    STANDARD.decode(shown.strip_prefix("whsec_").expect("a prefix")).expect("base64")
}

/// Whether the receiver finds the signature good, as the specification says.
fn is_signed(secret: &[u8], message: &Message) -> bool {
    let said = format!("{}.{}.{}", message.header("webhook-id"), message.header("webhook-timestamp"), message.body);
    let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key").chain_update(said).finalize().into_bytes();
    message.header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac))
}

async fn deliver(product: &Product) {
    webhook::deliver(&product.app).await.expect("delivers");
}

on_both!(what_happens_is_told_signed_and_once, |product| async move {
    let receiver = Receiver::start().await;
    let administrator = product.administrator().await;
    let kinds = ["fact.recorded", "certificate.issued", "webinar.closed"];
    let secret = secret(&make(&administrator, ID, &receiver.url, &kinds).await);
    let agent =
        product.works(("Lea", "Durand"), None, domain::identity::Role::Agent, domain::identity::Scope::Own).await;
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    let held = product.webinar(leader, &[agent]).await;
    let live_at = product.begin(held).await;
    let there = support::held::seen(held, agent, 1, live_at, (0, 90));
    server::webinar::presence::checkpoint(&product.app, vec![there]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(held, live_at).await;
    product.complete_course(agent).await;

    tokio::join!(deliver(&product), deliver(&product));
    deliver(&product).await;
    let taken = receiver.taken();
    let count = |kind: &str| taken.iter().filter(|message| message.json()["type"] == kind).count();
    let facts = server::record::store::load(product.app.db.reader(), agent).await.unwrap().head.unwrap().0;
    assert_eq!((count("fact.recorded") as u64, count("certificate.issued"), count("webinar.closed")), (facts, 1, 1));
    assert_eq!(taken.len() as u64, facts + 2, "two deliver at once, each message leaves once");
    assert!(taken.iter().all(|message| is_signed(&secret, message)));
    assert!(taken.iter().all(|message| !message.body.contains("Durand")), "identifiers, no names");
    let at: i64 = taken[0].header("webhook-timestamp").parse().unwrap();
    assert_eq!(at, product.app.clock.now().as_second());
    let number = product.certificate_of(agent).await;
    assert!(taken.iter().any(|message| message.json()["data"]["number"] == *number));
});

on_both!(
    a_message_that_does_not_arrive_is_tried_again_for_two_days_then_its_webhook_is_disabled,
    |product| async move {
        let receiver = Receiver::start().await;
        let administrator = product.administrator().await;
        make(&administrator, ID, &receiver.url, &["fact.recorded"]).await;
        let page = format!("{WEBHOOKS}/{ID}");
        receiver.becomes(Mood::Answers(500));
        assert_eq!(administrator.post(&format!("{page}/essai"), &[]).await.status, StatusCode::SEE_OTHER);
        for (tried, minutes) in (1..).zip(RETRIES) {
            deliver(&product).await;
            assert_eq!(receiver.taken().len(), tried);
            product.wait(SignedDuration::from_mins(minutes) - SignedDuration::from_secs(1));
            deliver(&product).await;
            assert_eq!(receiver.taken().len(), tried, "a second too early");
            product.wait(SignedDuration::from_secs(1));
        }
        deliver(&product).await;
        let same: std::collections::BTreeSet<_> =
            receiver.taken().iter().map(|message| message.header("webhook-id").to_owned()).collect();
        assert_eq!(
            (receiver.taken().len(), same.len()),
            (RETRIES.len() + 1, 1),
            "one message, known by one identifier"
        );
        // Two days later one signs in again.
        let administrator = product.signed_in(PersonId(1)).await;
        let told = administrator.get(&page).await.text();
        assert!(
            told.contains("Désactivé le") && told.contains("Abandonné le") && told.contains("a répondu 500"),
            "{told}"
        );

        // What happens meanwhile is not kept for it; enabled, and sent again, it arrives.
        product.earns(PersonId(1), whole_course(&product.app).into_iter().take(1)).await;
        receiver.becomes(Mood::Answers(200));
        deliver(&product).await;
        assert_eq!(receiver.taken().len(), RETRIES.len() + 1);
        administrator.post(&format!("{page}/reactiver"), &[]).await;
        let again = format!("{page}/messages/{}", same.first().unwrap());
        assert_eq!(administrator.post(&again, &[]).await.status, StatusCode::SEE_OTHER);
        deliver(&product).await;
        let last = receiver.taken().pop().unwrap();
        assert_eq!(
            (receiver.taken().len(), last.header("webhook-id")),
            (RETRIES.len() + 2, same.first().unwrap().as_str())
        );
        let told = administrator.get(&page).await.text();
        assert!(told.contains("Arrivé le") && !told.contains("Désactivé"), "{told}");
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn one_slow_receiver_delays_no_other_and_no_redirection_is_followed() {
    let product = Product::start(Database::Sqlite).await;
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    let administrator = product.administrator().await;
    make(&administrator, ID, &slow.url, &["fact.recorded"]).await;
    make(&administrator, &ID.replace('1', "2"), &quick.url, &["fact.recorded"]).await;
    slow.becomes(Mood::Hangs);
    let facts = whole_course(&product.app);
    product.earns(PersonId(1), facts.into_iter().take(3)).await;
    let app = product.app.clone();
    let first = tokio::spawn(async move { webhook::deliver(&app).await });
    slow.until_taken(1).await;
    quick.until_taken(3).await;
    // Another round meanwhile: the slow one is left to whoever waits for it, the quick one is served.
    administrator.post(&format!("{WEBHOOKS}/{}/essai", ID.replace('1', "2")), &[]).await;
    while quick.taken().len() < 4 {
        deliver(&product).await;
    }
    assert_eq!(slow.taken().len(), 1);
    slow.becomes(Mood::Answers(200));
    first.await.unwrap().unwrap();
    assert_eq!(slow.taken().len(), 3);

    slow.becomes(Mood::Redirects);
    administrator.post(&format!("{WEBHOOKS}/{ID}/essai"), &[]).await;
    deliver(&product).await;
    assert_eq!(slow.taken().len(), 4, "asked once, and nowhere else");
    assert!(administrator.get(&format!("{WEBHOOKS}/{ID}")).await.text().contains("a répondu 307"));
    // A receiver that says that it is gone is not asked again.
    slow.becomes(Mood::Answers(410));
    product.wait(SignedDuration::from_mins(1));
    deliver(&product).await;
    assert!(administrator.get(&format!("{WEBHOOKS}/{ID}")).await.text().contains("Désactivé le"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_told_on_the_page_and_a_broken_transaction_tells_nobody() {
    let product = Product::start(Database::Sqlite).await;
    let administrator = product.administrator().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    make(&administrator, ID, &format!("http://127.0.0.1:{port}/"), &["fact.recorded"]).await;
    administrator.post(&format!("{WEBHOOKS}/{ID}/essai"), &[]).await;
    deliver(&product).await;
    let page = administrator.get(&format!("{WEBHOOKS}/{ID}")).await;
    assert!(page.text().contains("La connexion a été refusée") && page.text().contains("Nouvel essai le"));
    assert_eq!(page.body.matches("webhook.trial").count(), 2, "its name, and its text");

    let fact = whole_course(&product.app).remove(0);
    let inside = product.app.clone();
    let broken: Result<(), server::error::Error> = product
        .app
        .db
        .write(move |db| {
            Box::pin(async move {
                let now = inside.clock.now();
                server::record::store::append_unless(&inside, db, PersonId(1), now, fact, |_| false).await?;
                Err(server::error::Error::NotFound)
            })
        })
        .await;
    assert!(broken.is_err());
    assert!(!administrator.get(&format!("{WEBHOOKS}/{ID}")).await.body.contains("fact.recorded</strong>"));
    assert_eq!(administrator.post(&format!("{WEBHOOKS}/{ID}/retirer"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(administrator.get(&format!("{WEBHOOKS}/{ID}")).await.status, StatusCode::NOT_FOUND);
}

on_both!(a_form_that_is_wrong_or_not_its_own_makes_no_webhook, |product| async move {
    let administrator = product.administrator().await;
    for (url, said) in [
        ("http://exemple.fr/", "commence par https://"),
        ("https://10.0.0.1/", "réseau privé"),
        ("https://169.254.169.254/latest/meta-data", "réseau privé"),
        ("https://[::ffff:192.168.0.1]/", "réseau privé"),
        ("https://a:b@exemple.fr/", "commence par https://"),
        ("javascript:alert(1)", "commence par https://"),
    ] {
        let refused = make(&administrator, ID, url, &["fact.recorded"]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(refused.text().contains(said) && refused.field("webhook") == ID, "{url}: {}", refused.text());
    }
    let long = format!("https://exemple.fr/{}", "x".repeat(500));
    assert_eq!(make(&administrator, ID, &long, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = [("webhook", ID), ("url", "https://exemple.fr/"), ("kinds", "fact.recorded"), ("secret", "mine")];
    assert_eq!(administrator.post(WEBHOOKS, &unknown).await.status, StatusCode::BAD_REQUEST);
    let elsewhere = administrator.bare_request(Method::POST, WEBHOOKS).header("sec-fetch-site", "cross-site");
    assert_eq!(administrator.send(elsewhere.form(&unknown[..3])).await.status, StatusCode::FORBIDDEN);
    assert!(administrator.get(WEBHOOKS).await.text().contains("Aucun système n’est encore prévenu"));

    let kinds = ["fact.recorded"];
    assert_eq!(make(&administrator, ID, "https://exemple.fr/", &kinds).await.status, StatusCode::OK);
    assert_eq!(make(&administrator, ID, "https://exemple.fr/", &kinds).await.status, StatusCode::CONFLICT);
    for number in 2..=20 {
        let id = format!("22222222-2222-4222-8222-2222222222{number:02}");
        assert_eq!(make(&administrator, &id, "https://exemple.fr/", &kinds).await.status, StatusCode::OK);
    }
    let page = administrator.get(WEBHOOKS).await.text();
    assert!(page.contains("20 webhooks au plus") && !page.contains("Faire le webhook"), "{page}");
    let other = "11111111-1111-4111-8111-111111111199";
    assert_eq!(make(&administrator, other, "https://exemple.fr/", &kinds).await.status, StatusCode::CONFLICT);
    for unknown in [other, "x"] {
        for action in ["essai", "reactiver", "retirer", "messages/x"] {
            let to = format!("{WEBHOOKS}/{unknown}/{action}");
            assert_eq!(administrator.post(&to, &[]).await.status, StatusCode::NOT_FOUND, "{to}");
        }
    }
    let another = format!("{WEBHOOKS}/{ID}/messages/{other}");
    assert_eq!(administrator.post(&another, &[]).await.status, StatusCode::NOT_FOUND);
});

#[tokio::test(flavor = "multi_thread")]
async fn production_sends_nothing_to_this_machine() {
    let settings = [
        ("SOCLE_MODE", "production".to_owned()),
        ("SOCLE_PUBLIC_URL", "https://socle.example".to_owned()),
        ("SOCLE_SECOND_FACTOR", "offered".to_owned()),
    ];
    let product = Product::start_with(Database::Sqlite, &settings).await;
    let receiver = Receiver::start().await;
    let administrator = product.administrator().await;
    for url in [receiver.url.clone(), receiver.url.replace("http:", "https:"), "https://localhost/".to_owned()] {
        let refused = make(&administrator, ID, &url, &["fact.recorded"]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
    }
}
