//! Every route with every role. What each answers is a file under review: `access_matrix.txt`.

use domain::identity::{Role, Scope, TokenScope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};
use server::router::ROUTES;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use support::classroom::ROOM;
use support::cohorts::COHORT;
use support::footage::filmed;
use support::replays::film_of;
use support::{Client, Database, Product};

/// A webinar to come.
const PLANNED: &str = "22222222-2222-4222-8222-222222222222";
/// A webinar that is over.
const HELD: &str = "66666666-6666-4666-8666-666666666666";

/// A file that is being imported.
const IMPORT: &str = "77777777-7777-4777-8777-777777777777";

/// A file of members of the cohort.
const MEMBERS: &str = "77777777-7777-4777-8777-777777777778";

/// A token of another system, which opens nothing that is walked; and a webhook.
const TOKEN: &str = "99999999-9999-4999-8999-999999999999";

/// A file that the trainer is sending.
const UPLOAD: &str = "99999999-9999-4999-8999-999999999995";

/// Real objects, so that a refusal is about the person and not about a thing that does not exist.
pub(crate) fn filled(path: &str, number: &str) -> String {
    path.replace("{number}", number)
        .replace("{pathway}", "parcours-france-services")
        .replace("{component}", "retraite")
        .replace("{seq}", "1")
        .replace("{course}", "mediation-numerique")
        .replace("{chapter}", "accueil-et-posture")
        .replace("{attempt}", "11111111-1111-4111-8111-111111111111")
        .replace("{person}", "1")
        .replace("{departement}", "08")
        .replace("{maison}", "1")
        .replace("{format}", if path.starts_with("/studio") { "zip" } else { "csv" })
        .replace("{import}", if path.starts_with("/cohortes") { MEMBERS } else { IMPORT })
        .replace("{cohort}", COHORT)
        .replace("{classroom}", ROOM)
        .replace("{half_day}", "2026-12-01-matin")
        .replace("{code}", "0123456789")
        .replace("{token}", TOKEN)
        .replace("{webhook}", TOKEN)
        .replace("{delivery}", TOKEN)
        .replace("{quiz}", "quiz")
        .replace("{question}", "seul-au-telephone")
        .replace("{upload}", UPLOAD)
        .replace("{passkey}", "1")
        .replace("{*medium}", "accueil-et-posture/media/appel.ogg")
        .replace("{version}", "1")
        .replace("{edition}", "1")
        .replace("{award}", "journee-a-distance")
        .replace("{*path}", "02-accueil-et-posture/media/appel.ogg")
        .replace("{notice}", TOKEN)
        .replace("{still}", &format!("1?onglet={TOKEN}"))
        .replace("/enregistrement/image", "/enregistrement/image?a=0")
        .replace("{secret}", "0000")
        .replace("{name}", "nothing.css")
        .replace(
            "{webinar}",
            if ["/presences", "/enregistrement", "/revoir"].iter().any(|part| path.contains(part)) {
                HELD
            } else {
                PLANNED
            },
        )
}

/// Requests whose answer depends on what they carry are walked with a body that is well-formed.
pub(crate) fn body(method: &str, path: &str) -> &'static [(&'static str, &'static str)] {
    match (method, path) {
        ("POST", "/connexion") => &[("email", "nobody@exemple.example"), ("password", "nothing at all")],
        ("POST", "/connexion/code") => &[("code", "000000")],
        ("POST", "/connexion/cle" | "/connexion/code/cle" | "/second-facteur/cles") => {
            &[("challenge", "0"), ("credential", "{}")]
        }
        ("POST", "/second-facteur/cles/{passkey}") => &[("do", "remove")],
        ("POST", "/second-facteur") => &[("code", "000000"), ("do", "set-up")],
        ("POST", "/mot-de-passe-oublie") => &[("email", "forgetful@exemple.example")],
        ("POST", "/compte") => &[("do", "end"), ("session", "0000000000000000")],
        ("POST", "/invitation/{secret}") => &[("password", "x"), ("password_again", "y")],
        ("POST", "/cours/{course}/{chapter}/lu") => &[("section", "deux-premieres-minutes")],
        ("POST", "/cours/{course}/{chapter}/quiz") => &[("attempt", "11111111-1111-4111-8111-111111111111")],
        ("POST", "/essais/{attempt}") => &[("action", "save")],
        ("POST", "/administration/comptes") => {
            &[("first_name", ""), ("last_name", ""), ("email", ""), ("role", "agent")]
        }
        ("POST", "/webinaires/{webinar}/presences/{person}") => {
            &[("correction", "55555555-5555-4555-8555-555555555555"), ("minutes", "5"), ("why", "Ligne coupée")]
        }
        ("POST", "/webinaires/{webinar}/revoir/quiz") => &[("quiz", "9")],
        ("POST", "/webinaires/{webinar}/revoir/sous-titres") => {
            &[("correction", "55555555-5555-4555-8555-555555555555"), ("line", "9"), ("text", "Bonjour")]
        }
        ("POST", "/dossier/faits/{seq}" | "/suivi/{person}/faits/{seq}") => &[("words", "J’y étais")],
        ("POST", "/administration/comptes/{person}/temps") => &[("extra_time", "0")],
        ("POST", "/webinaires/nouveau") => &[("webinar", "22222222-2222-4222-8222-222222222223")],
        ("POST", "/presentiel/nouvelle") => &[("classroom", "88888888-8888-4888-8888-888888888889")],
        ("POST", "/presentiel/{classroom}/inscrits") => &[("addresses", "")],
        ("POST", "/presentiel/{classroom}/retirer") => &[("person", "1")],
        ("POST", "/presentiel/{classroom}/{half_day}") => &[("do", "keep")],
        ("POST", "/cohortes/nouvelle") => &[("cohort", "88888888-8888-4888-8888-888888888890")],
        ("POST", "/cohortes/{cohort}/membres") => &[("addresses", "lea@exemple.example")],
        ("POST", "/cohortes/{cohort}/retirer") => &[("person", "999")],
        ("POST", "/cohortes/{cohort}/webinaires") => &[("webinar", PLANNED), ("do", "attach")],
        ("POST", "/cohortes/{cohort}/presentiel") => &[("classroom", ROOM), ("do", "attach")],
        ("POST", "/administration/jetons") => &[("token", TOKEN)],
        ("POST", "/administration/webhooks") => &[("webhook", TOKEN)],
        ("POST", "/administration/comptes/{person}/affectation") => &[
            ("affectation", "99999999-9999-4999-8999-999999999998"),
            ("depuis", "2026-12-01"),
            ("situation", "present"),
        ],
        ("POST", "/administration/comptes/{person}/reunion") => {
            &[("compte", "2"), ("cle", "99999999-9999-4999-8999-999999999999")]
        }
        ("POST", "/studio/nouveau") => &[("request", TOKEN)],
        ("POST", "/studio/{course}") => &[("request", TOKEN), ("do", "add")],
        ("POST", "/studio/{course}/ouvrir") => &[("request", TOKEN)],
        ("POST", "/studio/{course}/reglages") => {
            &[("request", TOKEN), ("base", "1"), ("title", ""), ("summary", ""), ("objectives", ""), ("licence", "")]
        }
        ("POST", "/studio/{course}/auteurs") => &[("remove", "1")],
        ("POST", "/studio/{course}/chapitres/{chapter}") => &[
            ("request", TOKEN),
            ("base", "1"),
            ("title", ""),
            ("summary", ""),
            ("minutes", ""),
            ("objectives", ""),
            ("text", ""),
        ],
        ("POST", "/studio/{course}/glossaire") => &[("term-1", "Mot"), ("definition-1", "")],
        ("POST", "/studio/{course}/historique") => {
            &[("request", TOKEN), ("fichier", "course.toml"), ("version", "0"), ("base", "0")]
        }
        ("POST", "/studio/{course}/questions") => {
            &[("request", UPLOAD), ("chapter", "accueil-et-posture"), ("quiz", "quiz"), ("do", "up:nulle-part")]
        }
        ("POST", "/studio/{course}/medias/retirer") => {
            &[("request", UPLOAD), ("path", "media/rien.png"), ("base", "1")]
        }
        ("POST", "/studio/{course}/medias/sous-titres/{*medium}") => {
            &[("request", UPLOAD), ("base", ""), ("text", "rien"), ("do", "save")]
        }
        ("POST", "/studio/{course}/publier") => &[("do", "cancel")],
        ("POST", "/studio/{course}/versions") => &[("request", TOKEN), ("number", "9")],
        ("POST", "/preferences/allege") => &[("light", "off"), ("back", "/")],
        _ => &[],
    }
}

/// The name of a player that nobody opened yet.
fn player() -> uuid::Uuid {
    static OPENED: AtomicU64 = AtomicU64::new(1);
    uuid::Uuid::from_u128(OPENED.fetch_add(1, Ordering::Relaxed).into())
}

pub(crate) async fn told(client: &Client, method: &str, path: &str, number: &str) -> String {
    let page = match method {
        "GET" => client.get(&filled(path, number)).await,
        "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" => {
            let method = method.parse().expect("a method");
            client.send(client.request(method, &filled(path, number))).await
        }
        _ if path.ends_with("/apercu") || path.ends_with("/enregistrement") => {
            let written = serde_json::json!({
                "title": "", "summary": "", "minutes": null, "objectives": [], "text": "",
                "tab": TOKEN, "base": 0, "request": TOKEN, "written": null,
            });
            client.post_json(&filled(path, number), &written).await
        }
        // Each a player of their own.
        _ if path.ends_with("/lecture") => {
            let report = serde_json::json!({ "watch": player(), "now": 0, "pieces": [] });
            client.post_json(&filled(path, number), &report).await
        }
        _ if path == "/position" || path.ends_with("/reponses") => {
            let body = match path {
                "/position" => {
                    serde_json::json!({ "course": "mediation-numerique", "chapter": "accueil-et-posture", "anchor": "nowhere" })
                }
                _ => serde_json::json!({ "sayings": [] }),
            };
            client.post_json(&filled(path, number), &body).await
        }
        _ => client.post(&filled(path, number), body(method, path)).await,
    };
    let leads_to_sign_in = page.location.as_deref().is_some_and(|location| location.starts_with("/connexion"));
    if leads_to_sign_in { "sign in".into() } else { page.status.as_u16().to_string() }
}

/// Who walks, by role, once there is something of everything; and the number of the certificate of person 1.
pub(crate) async fn walkers(product: &Product) -> (Vec<(&'static str, Client)>, String) {
    // Person 1 owns the attempt, and follows the trainer's course.
    let owner = product.agent("Lea").await;
    let quiz = "/cours/mediation-numerique/accueil-et-posture/quiz";
    owner.post(quiz, &[("attempt", "33333333-3333-4333-8333-333333333333")]).await;
    owner.post("/essais/33333333-3333-4333-8333-333333333333", &[("action", "finish")]).await;
    owner.post(quiz, &[("attempt", "11111111-1111-4111-8111-111111111111")]).await;
    let trainer = product.trainer().await;
    support::webinars::plan(&trainer, PLANNED, &[]).await;
    support::classroom::plan(&trainer, jiff::civil::date(2026, 12, 1), "lea@exemple.example").await;
    // And follows it with a cohort.
    support::cohorts::plan(&trainer, COHORT, &[]).await;
    support::cohorts::add(&trainer, COHORT, "lea@exemple.example").await;
    // And had a place at a webinar of it, which is over.
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    let webinar = HELD.parse().unwrap();
    product.webinar_known_as(webinar, leader, &[PersonId(1)]).await;
    let live_at = product.begin(webinar).await;
    let seen = support::held::seen(webinar, PersonId(1), 1, live_at, (0, 90));
    server::webinar::presence::checkpoint(&product.app, vec![seen]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    let row = format!(
        "INSERT INTO recording (webinar, state, started_at, length, bytes, has_camera, kept_until) \
         VALUES ('{HELD}', 'whole', 0, 1000, 8, true, '2100-01-01')"
    );
    product.sql(row).await;
    let folder = product.app.config.data.join("recordings").join(HELD);
    film_of(&product.app, webinar, (&filmed("testsrc2=size=32x32:rate=1", 1, &[]), 1000), 1).await.unwrap();
    std::fs::write(folder.join("camera.webm"), b"webm").unwrap();
    // The course is being written.
    support::studio::draft_of(product, "mediation-numerique").await;
    // And holds a certificate.
    product.complete_course(PersonId(1)).await;
    let number = product.certificate_of(PersonId(1)).await;
    // Person 1 works in no maison: those who follow one do not know them.
    let maison = product.maison("Vouziers", "08").await;
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().unwrap())).await;
    let manager = product.follows(Role::MaisonManager, Scope::Maison(maison)).await;
    let national = product.follows(Role::NationalPilot, Scope::Nation).await;
    let people = vec![
        ("stranger", product.stranger()),
        ("owner", owner),
        ("other agent", product.agent("Karim").await),
        ("trainer", trainer),
        ("manager", manager),
        ("departmental pilot", pilot),
        ("national pilot", national),
        ("administrator", product.administrator().await),
    ];
    let (_, administrator) = people.last().expect("the administrator");
    let file = b"E-mail\nlea@exemple.example\n";
    support::cohorts::send(administrator, MEMBERS, file).await;
    support::importing::send(administrator, IMPORT, "maisons", b"Nom;Commune\nMaison de Rethel;Rethel\n").await;
    let form = [("webhook", TOKEN), ("url", "https://exemple.example/"), ("kinds", "fact.recorded")];
    assert_eq!(administrator.post("/administration/webhooks", &form).await.status, StatusCode::OK);
    let form = [("token", TOKEN), ("name", "SIRH"), ("scopes", "people:read"), ("days", "1")];
    assert_eq!(administrator.post("/administration/jetons", &form).await.status, StatusCode::OK);
    (people, number)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_each_role_as_the_matrix_says() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let mut table = format!("method path | {}\n", people.iter().map(|(who, _)| *who).collect::<Vec<_>>().join(" | "));
    for (path, methods) in ROUTES {
        // Signing out, or ending the sessions of person 1, would take the walkers away: tried last, below.
        for method in methods.iter().filter(|_| !LAST.contains(path)) {
            write!(table, "{method} {path}").unwrap();
            for (_, client) in &people {
                write!(table, " | {}", told(client, method, path, &number).await).unwrap();
            }
            table.push('\n');
        }
    }
    for path in LAST {
        write!(table, "POST {path}").unwrap();
        for (_, client) in &people {
            write!(table, " | {}", told(client, "POST", path, &number).await).unwrap();
        }
        table.push('\n');
    }
    check("access_matrix.txt", &table);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scope_of_a_token_opens_what_the_matrix_of_machines_says() {
    let product = Product::start(Database::Sqlite).await;
    let mut tokens = Vec::new();
    for scope in TokenScope::ALL {
        tokens.push(product.token(&[scope.as_str()]).await);
    }
    let mut table = format!("method path | {}\n", TokenScope::ALL.map(TokenScope::as_str).join(" | "));
    let machines = |path: &&(&str, &[&str])| server::error::is_for_machines(path.0);
    for (path, methods) in ROUTES.iter().filter(machines) {
        for method in *methods {
            write!(table, "{method} {path}").unwrap();
            for token in &tokens {
                let stranger = product.stranger();
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let request = stranger.bare_request(method, &filled(path, "SF-2026-0000-0000-0000"));
                let status = stranger.send(request.header(AUTHORIZATION, token.bearer())).await.status;
                write!(table, " | {}", status.as_u16()).unwrap();
            }
            table.push('\n');
        }
    }
    check("machine_matrix.txt", &table);
}

#[test]
fn the_walk_knows_every_route_of_the_router() {
    let router = std::fs::read_to_string(support::workspace().join("server/src/router.rs")).unwrap();
    assert_eq!(router.matches(".route(").count(), ROUTES.len(), "add the route to ROUTES, then look at its row");
}

/// What would take the walkers away.
pub(crate) const LAST: &[&str] = &[
    "/administration/comptes/{person}/second-facteur",
    "/administration/comptes/{person}/sessions",
    "/administration/comptes/{person}/suspendre",
    "/administration/comptes/{person}/retablir",
    "/deconnexion",
];

/// Compares with the file under review; `UPDATE=1` writes it anew.
fn check(name: &str, told: &str) {
    let path = support::workspace().join("tests").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, told).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> = told.lines().filter(|line| !known.lines().any(|known| known == *line)).collect();
    assert!(known == told, "{name} differs; review, then run with UPDATE=1:\n{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_refused_and_unknown_paths_are_not_found() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    for (path, methods) in ROUTES {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            if !methods.contains(&method.as_str()) {
                let status =
                    agent.send(agent.request(method.clone(), &filled(path, "SF-2026-0000-0000-0000"))).await.status;
                assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            }
        }
    }
    assert_eq!(agent.get("/nulle-part").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_carries_the_headers_that_protect_it() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    for path in ["/", "/cours/mediation-numerique/accueil-et-posture", "/dossier", "/nulle-part", "/connexion"] {
        let page = agent.get(path).await;
        let header = |name: &str| page.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'nonce-"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{path}: {policy}");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert_eq!(
            page.body.matches("<script").count(),
            page.body.matches(&format!("nonce=\"{nonce}\"")).count(),
            "{path}"
        );
        assert_eq!((header("x-content-type-options"), header("referrer-policy")), ("nosniff", "same-origin"), "{path}");
        assert_eq!(header("cache-control"), "private, no-store", "{path}");
        assert!(!page.body.contains("src=\"http") && !page.body.contains("href=\"http:"), "{path} calls nobody else");
    }
}
