//! The second factor: asked of those who see other people's records, and again before what weighs most.

use domain::identity::{Role, Scope, TotpKey};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use support::accounts::PASSWORD;
use support::{Client, Database, Page, Product};

async fn start(database: Database, demanded: &str) -> Product {
    Product::start_with(database, &[("SOCLE_SECOND_FACTOR", demanded.to_owned())]).await
}

/// Somebody with a password, and the address they sign in with.
pub(crate) async fn somebody(product: &Product, name: &str, role: Role, scope: Scope) -> (PersonId, String) {
    let person = product.person(name, role, scope).await;
    product.give_password(person).await;
    (person, format!("{}@exemple.example", name.to_lowercase()))
}

/// Signs in with a password; gives where that leads.
pub(crate) async fn sign_in(client: &Client, email: &str, back: &str) -> String {
    let page = client.post("/connexion", &[("email", email), ("password", PASSWORD), ("back", back)]).await;
    page.location.unwrap_or_else(|| panic!("{}", page.body))
}

/// The recovery codes that a page shows.
pub(crate) fn codes_in(page: &Page) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body.split("<li><code>").skip(1).map(|rest| rest.split("</code>").next().unwrap().to_owned()).collect()
}

/// The key that a page shows.
fn key_in(page: &str) -> TotpKey {
    let shown = page.split("<code class=\"secret\">").nth(1).unwrap().split("</code>").next().unwrap();
    TotpKey::read(&shown.replace([' ', '\u{a0}'], "")).unwrap()
}

/// The code that their generator shows, so many steps from now.
pub(crate) fn code(product: &Product, key: &TotpKey, steps: i64) -> String {
    key.code(product.app.clock.now().as_second() / 30 + steps)
}

/// Sets one up, and gives the key and the recovery codes.
pub(crate) async fn set_up(product: &Product, client: &Client, path: &str) -> (TotpKey, Vec<String>) {
    let key = key_in(&client.get(path).await.body);
    let mut fields = vec![("code", code(product, &key, 0))];
    if path == "/second-facteur" {
        fields.push(("do", "set-up".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = client.post(path.split('?').next().unwrap(), &fields).await;
    (key, codes_in(&page))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_others_records_enters_with_a_password_and_a_code() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database, "required").await;
        let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
        let client = product.stranger();
        assert_eq!(sign_in(&client, &email, "/suivi/france").await, "/connexion/code?back=%2Fsuivi%2Ffrance");
        // The password alone opens nothing.
        for path in ["/suivi/france", "/dossier", "/second-facteur"] {
            let page = client.get(path).await;
            assert!(page.location.is_some_and(|to| to.starts_with("/connexion?")), "{path}");
        }
        let key = key_in(&client.get("/connexion/code").await.body);
        assert_eq!(key_in(&client.get("/connexion/code").await.body), key, "the same key until it is set up");
        let wrong = client.post("/connexion/code", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Ce code n’est pas le bon"));
        let (key, codes) = set_up(&product, &client, "/connexion/code?back=%2Fsuivi%2Ffrance").await;
        assert_eq!(codes.len(), 10);
        assert_eq!(client.get("/suivi/france").await.status, StatusCode::OK);
        product.app.audit.settle().await;
        let refused = "SELECT COUNT(*) FROM audit WHERE deed = 'refused' AND page = 'connexion/codes'";
        assert_eq!(product.number(refused).await, 1, "the wrong code, and not the one that set it up");

        // Elsewhere: the code that was used is worth nothing, the next one enters and leads on.
        let other = product.stranger();
        sign_in(&other, &email, "/suivi/france").await;
        let page = other.get("/connexion/code").await;
        assert!(page.body.contains("Votre code de connexion") && !page.body.contains("<svg"), "the key is told once");
        let used = other.post("/connexion/code", &[("code", &code(&product, &key, 0))]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        let next = [("code", code(&product, &key, 1)), ("back", "/suivi/france".to_owned())];
        let next = next.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        assert_eq!(other.post("/connexion/code", &next).await.location.as_deref(), Some("/suivi/france"));

        // Without the telephone: a recovery code, once, however it is typed.
        let typed = codes[0].to_uppercase().replace('-', " ");
        for status in [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY] {
            let without = product.stranger();
            sign_in(&without, &email, "/").await;
            assert_eq!(without.post("/connexion/code", &[("code", &typed)]).await.status, status);
        }
        let refused = client.post("/second-facteur", &[("code", codes[1].as_str()), ("do", "remove")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "their role demands one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_are_kept_slowly_hashed_under_a_salt_and_those_given_before_still_serve() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database, "required").await;
        let mut given = Vec::new();
        for name in ["Paul", "Anne"] {
            let (person, email) = somebody(&product, name, Role::NationalPilot, Scope::Nation).await;
            let client = product.stranger();
            sign_in(&client, &email, "/").await;
            given.push((person, email, set_up(&product, &client, "/connexion/code").await.1));
        }
        assert_eq!(product.number("SELECT COUNT(DISTINCT substr(code_hash, 1, 33)) FROM recovery_code").await, 2);
        assert_eq!(
            product.number("SELECT COUNT(*) FROM recovery_code WHERE length(code_hash) = 32 + 1 + 64").await,
            20
        );

        let (person, email, codes) = &given[0];
        let former = "aaaa-bbbb-cccc";
        let hash = server::identity::session::hashed(former);
        support::meeting::run(&product.app, format!("INSERT INTO recovery_code VALUES ({person}, '{hash}', NULL)"))
            .await;
        for (typed, status) in [
            (former, StatusCode::SEE_OTHER),
            (former, StatusCode::UNPROCESSABLE_ENTITY),
            (&given[1].2[0], StatusCode::UNPROCESSABLE_ENTITY),
            (&codes[9], StatusCode::SEE_OTHER),
            (&codes[9], StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let client = product.stranger();
            sign_in(&client, email, "/").await;
            assert_eq!(client.post("/connexion/code", &[("code", typed)]).await.status, status, "{typed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_not_asked_and_may_have_one() {
    let product = start(Database::Sqlite, "required").await;
    let (_, email) = somebody(&product, "Lea", Role::Agent, Scope::Own).await;
    let client = product.stranger();
    assert_eq!(sign_in(&client, &email, "/dossier").await, "/dossier");
    let other = product.stranger();
    sign_in(&other, &email, "/").await;
    let (key, codes) = set_up(&product, &client, "/second-facteur").await;
    assert!(other.get("/dossier").await.location.is_some_and(|to| to.starts_with("/connexion?")), "in without a code");
    assert!(client.get("/second-facteur").await.body.contains("10\u{a0}codes de secours"));

    assert_eq!(sign_in(&product.stranger(), &email, "/").await, "/connexion/code?back=%2F", "asked from now on");
    let renewed = client.post("/second-facteur", &[("code", codes[3].as_str()), ("do", "renew-codes")]).await;
    assert_eq!(renewed.body.matches("<li><code>").count(), 10);
    let former = client.post("/second-facteur", &[("code", codes[4].as_str()), ("do", "remove")]).await;
    assert_eq!(former.status, StatusCode::UNPROCESSABLE_ENTITY, "the codes before are worth nothing");
    let removed = client.post("/second-facteur", &[("code", code(&product, &key, 1).as_str()), ("do", "remove")]).await;
    assert_eq!(removed.location.as_deref(), Some("/connexion"));
    assert_eq!(sign_in(&product.stranger(), &email, "/").await, "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_about_many_people_ask_for_another_code_after_a_while() {
    let product = start(Database::Sqlite, "offered").await;
    let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    let file = "/suivi/agents/fichier/csv?tri=recent";
    assert_eq!(client.get(file).await.status, StatusCode::OK, "nothing is asked of who has none");
    let (key, _) = set_up(&product, &client, "/second-facteur").await;
    product.wait(SignedDuration::from_mins(14));
    assert_eq!(client.get(file).await.status, StatusCode::OK);
    product.wait(SignedDuration::from_mins(2));
    let asked = client.get(file).await;
    let to = "/connexion/code?back=%2Fsuivi%2Fagents%2Ffichier%2Fcsv%3Ftri%3Drecent";
    assert_eq!((asked.status, asked.location.as_deref()), (StatusCode::SEE_OTHER, Some(to)));
    assert_eq!(client.get("/suivi/france").await.status, StatusCode::OK, "pages go on");
    let shown = code(&product, &key, 0);
    let proved = client.post("/connexion/code", &[("code", shown.as_str()), ("back", file)]).await;
    assert_eq!(proved.location.as_deref(), Some(file));
    assert_eq!(client.get(file).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed_and_a_password_does_not_wait_for_ever() {
    let product = start(Database::Sqlite, "required").await;
    let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    client.get("/connexion/code").await;
    for _ in 0..10 {
        let guess = client.post("/connexion/code", &[("code", "123456")]).await;
        assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(client.post("/connexion/code", &[("code", "123456")]).await.status, StatusCode::TOO_MANY_REQUESTS);
    product.wait(SignedDuration::from_mins(16));
    let late = client.get("/connexion/code").await;
    assert!(late.location.is_some_and(|to| to.starts_with("/connexion?")), "the password is to be typed again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_away_the_factor_of_who_lost_it() {
    let product = start(Database::Sqlite, "required").await;
    let (paul, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    let (key, _) = set_up(&product, &client, "/connexion/code").await;

    let (anne, address) = somebody(&product, "Anne", Role::Administrator, Scope::Nation).await;
    let administrator = product.stranger();
    sign_in(&administrator, &address, "/").await;
    set_up(&product, &administrator, "/connexion/code").await;
    let account = format!("/administration/comptes/{paul}");
    assert!(administrator.get(&account).await.body.contains("Retirer le second facteur"));
    let own = administrator.post(&format!("/administration/comptes/{anne}/second-facteur"), &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    let taken = administrator.post(&format!("{account}/second-facteur"), &[]).await;
    assert_eq!(taken.location.as_deref(), Some(account.as_str()));

    let page = client.get("/suivi/france").await;
    assert!(page.location.is_some_and(|to| to.starts_with("/connexion?")), "every session is ended");
    sign_in(&client, &email, "/").await;
    assert_ne!(key_in(&client.get("/connexion/code").await.body), key, "another is set up");
}
