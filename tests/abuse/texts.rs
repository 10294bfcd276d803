//! Texts, drawings and files that would be more than what they say.

use crate::access_matrix::{filled, walkers};
use reqwest::StatusCode;
use server::course::publish::{check, publish};
use server::router::ROUTES;
use std::path::Path;
use support::guest::Guest;
use support::{Database, Product, workspace};

/// Gets out of a text, of an attribute between either quotes, of a script and of a comment.
const HARM: &str = "\"'--></script></textarea></title><img src=x onerror=alert(1)><script>alert(2)</script>";

/// How a browser would have to read it to run it.
const RUNS: [&str; 2] = ["<img src=x", "<script>alert"];

#[tokio::test(flavor = "multi_thread")]
async fn what_people_type_is_text_on_every_page_that_shows_it() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let (owner, trainer, administrator) = (&people[1].1, &people[3].1, &people[7].1);
    // Through the doors that take it…
    let named = [("first_name", HARM), ("last_name", HARM), ("email", "mal@exemple.example"), ("role", "agent")];
    assert_eq!(administrator.post("/administration/comptes", &named).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.post("/dossier/faits/1", &[("words", HARM)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(trainer.post("/suivi/1/faits/1", &[("words", HARM)]).await.status, StatusCode::SEE_OTHER);
    let webinar = "22222222-2222-4222-8222-222222222299";
    let planned = support::webinars::plan(trainer, webinar, &[("title", HARM), ("description", HARM)]).await;
    assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.text());
    let file = format!("Nom;Commune\n\"{0}\";\"{0}\"\n", HARM.replace('"', "\"\""));
    let import = "77777777-7777-4777-8777-777777777799";
    support::importing::send(administrator, import, "maisons", file.as_bytes()).await;
    // … and as if some door had let it by.
    let harm = format!("'{}'", HARM.replace('\'', "''"));
    for (table, columns) in [
        ("person", &["first_name", "last_name"][..]),
        ("maison", &["name", "commune"]),
        ("webinar", &["title", "description"]),
        ("classroom", &["place"]),
        ("mail", &["to_name", "subject", "body"]),
        ("token", &["name"]),
        ("import", &["file_name"]),
        ("webhook", &["url"]),
    ] {
        let set: Vec<_> = columns.iter().map(|column| format!("{column} = {harm}")).collect();
        product.sql(format!("UPDATE \"{table}\" SET {}", set.join(", "))).await;
    }
    let mut shown = 0;
    let mut looks = async |who: &str, client: &support::Client, path: &str| {
        let page = client.get(path).await;
        let kind = page.headers.get("content-type").map(|kind| kind.to_str().unwrap()).unwrap_or_default();
        if kind.starts_with("text/html") {
            shown += usize::from(page.body.contains("onerror=alert"));
            assert!(RUNS.iter().all(|runs| !page.body.contains(runs)), "{who} at {path}: {}", page.body);
        }
    };
    for (path, _) in ROUTES.iter().filter(|(path, methods)| methods.contains(&"GET") && !path.starts_with("/api/v1/")) {
        for (who, client) in &people {
            looks(who, client, &filled(path, &number)).await;
        }
    }
    let query = form_urlencoded::byte_serialize(HARM.as_bytes()).collect::<String>();
    for path in ["/recherche?q=", "/connexion?back=", "/suivi/agents?q=", "/administration/comptes?q=", "/nulle-part?"]
    {
        looks("administrator", administrator, &format!("{path}{query}")).await;
    }
    for path in [format!("/webinaires/{webinar}"), format!("/administration/importations/{import}")] {
        looks("administrator", administrator, &path).await;
    }
    assert!(shown > 40, "{shown} pages showed it");
}

/// The same folder with one file more, or another in its place.
fn with(folder: &Path, path: &str, bytes: &[u8]) -> Vec<String> {
    let before = std::fs::read(folder.join(path)).ok();
    std::fs::write(folder.join(path), bytes).unwrap();
    let problems = check(folder).unwrap().problems.into_iter().filter(|problem| problem.file == path);
    let said = problems.map(|problem| problem.to_string()).collect();
    match before {
        Some(bytes) => std::fs::write(folder.join(path), bytes).unwrap(),
        None => std::fs::remove_file(folder.join(path)).unwrap(),
    }
    said
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() { copied(&from, &to) } else { std::fs::copy(from, to).map(drop).unwrap() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_course_that_would_run_something_is_not_published() {
    let product = Product::start(Database::Sqlite).await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mediation-numerique");
    copied(&workspace().join("content/mediation-numerique"), &folder);
    assert_eq!(check(&folder).unwrap().problems, []);
    let chapter = "02-accueil-et-posture/chapter.md";
    let text = std::fs::read_to_string(folder.join(chapter)).unwrap();
    for harm in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[lire](javascript:alert(1))",
        "[lire](data:text/html,<script>alert(1)</script>)",
        "![Une image](https://autre.example/pixel.png)",
        "![Une image](media/../../course.toml)",
    ] {
        let said = with(&folder, chapter, format!("{text}\n{harm}\n").as_bytes());
        assert!(!said.is_empty(), "{harm}");
    }
    let drawing = "02-accueil-et-posture/media/comptoir.svg";
    let drawn = std::fs::read_to_string(folder.join(drawing)).unwrap();
    for harm in [
        "<script>alert(1)</script></svg>",
        "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject></svg>",
        "<rect onload=\"alert(1)\"/></svg>",
        "<a href=\"jav&#x61;script:alert(1)\"/></svg>",
        "<image href=\"https://autre.example/pixel.png\"/></svg>",
        "<style>@import url(https://autre.example/x.css)</style></svg>",
    ] {
        let said = with(&folder, drawing, drawn.replace("</svg>", harm).as_bytes());
        assert!(!said.is_empty(), "{harm}");
    }
    let entities = format!("<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{drawn}");
    assert!(!with(&folder, drawing, entities.as_bytes()).is_empty(), "entities of its own");
    // What is not what its name says, and what no course holds.
    for (path, bytes) in [
        ("02-accueil-et-posture/media/appel.ogg", &b"<html><script>alert(1)</script></html>"[..]),
        ("02-accueil-et-posture/media/page.html", b"<html></html>"),
        ("02-accueil-et-posture/media/outil.js", b"alert(1)"),
        ("02-accueil-et-posture/media/archive.zip", b"PK\x03\x04"),
    ] {
        assert!(!with(&folder, path, bytes).is_empty(), "{path}");
    }
    std::fs::write(folder.join(chapter), format!("{text}\n<script>alert(1)</script>\n")).unwrap();
    let refused = publish(&product.app, check(&folder).unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("nothing is published"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_course_run_nothing_and_lead_nowhere_else() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    let media = "/media/mediation-numerique/1/02-accueil-et-posture/media";
    for (name, kind) in [("comptoir.svg", "image/svg+xml"), ("appel.ogg", "audio/ogg")] {
        let page = agent.get(&format!("{media}/{name}")).await;
        let header = |name: &str| page.headers[name].to_str().unwrap();
        assert_eq!((page.status, header("content-type")), (StatusCode::OK, kind));
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("; sandbox"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    for path in [
        "..%2f..%2f..%2fcourse.toml",
        "..%2f..%2fcourse.toml",
        "%252e%252e%252fcourse.toml",
        "..%5c..%5ccourse.toml",
        "%2fetc%2fpasswd",
        "....//....//etc/passwd",
        "comptoir.svg%00.ogg",
        "comptoir.svg/",
        "COMPTOIR.svg",
    ] {
        let page = agent.get(&format!("{media}/{path}")).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
    }
    for path in ["..%2fmanifest.json", "..%2f..%2fCargo.toml", "%2e%2e%2fmanifest.json", "%2fetc%2fpasswd"] {
        assert_eq!(agent.get(&format!("/assets/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_a_room_is_told_as_it_was_said() {
    let product = Product::start(Database::Sqlite).await;
    let meeting = product.meeting(1).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    agent.act(domain::webinar::Act::Say { text: HARM.to_owned() }).await.unwrap();
    trainer.until("the words", |guest| guest.room.messages.values().any(|said| said.text == HARM)).await;
    let url = |url: &str| {
        domain::webinar::Act::Lead(domain::webinar::Lead::HandOut { title: "Un lien".to_owned(), url: url.to_owned() })
    };
    for leads in
        ["javascript:alert(1)", "data:text/html,x", "http://exemple.fr/", "//autre.example/", "file:///etc/passwd"]
    {
        assert!(trainer.act(url(leads)).await.is_err(), "{leads}");
    }
    trainer.act(url("https://exemple.fr/")).await.unwrap();
}
