//! Courses being written.

use crate::Product;
use domain::course::Course;
use domain::course::parse::{Problem, SourceFile, parse};
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use domain::studio::folder::path_in_draft;
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait as _, Statement, Value};
use server::app::App;
use server::course::publish::{self, Checked};
use server::error::Error;
use sha2::{Digest as _, Sha256};

/// The draft of a published course, as one of its trainers opens it.
pub async fn draft_of(product: &Product, course: &str) {
    let founder = product.person("Brice", Role::Trainer, Scope::Course(course.parse().expect("a slug"))).await;
    draft_by(product, course, founder).await;
}

/// The draft of a published course, as that trainer opens it.
pub async fn draft_by(product: &Product, course: &str, founder: PersonId) {
    let client = product.signed_in(founder).await;
    let request = product.app.dice.uuid().to_string();
    let page = client.post(&format!("/studio/{course}/ouvrir"), &[("request", &request)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
}

/// A file of a draft, by the draft's name; none where there is none.
pub async fn bytes_of(product: &Product, course: &str, path: &str) -> Option<Vec<u8>> {
    let files = server::studio::folder(&product.app, &course.parse().expect("a slug")).await.expect("the draft");
    files.into_iter().find(|file| path_in_draft(&file.path) == path).map(|file| file.bytes)
}

/// A text of a draft.
pub async fn text_of(product: &Product, course: &str, path: &str) -> String {
    String::from_utf8(bytes_of(product, course, path).await.expect("the file")).expect("a text")
}

/// The course that a draft makes, and its problems.
pub async fn read(product: &Product, course: &str) -> (Option<Course>, Vec<Problem>) {
    parse(course, &server::studio::folder(&product.app, &course.parse().expect("a slug")).await.expect("the draft"))
}

/// Saves a file of a draft over what is there; none removes it.
pub async fn write(product: &Product, course: &str, by: PersonId, path: &str, text: Option<&str>) {
    let (course, path, at) = (course.to_owned(), path.to_owned(), product.app.clock.now().as_millisecond());
    let (bytes, request) = (text.map(|text| text.as_bytes().to_vec()), product.app.dice.uuid().to_string());
    let digest = bytes.as_ref().map(|bytes| {
        Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + format!("{byte:02x}").as_str())
    });
    let save = product.app.db.write(move |db| {
        Box::pin(async move {
            let backend = db.get_database_backend();
            let run = |sql: &str, values: Vec<Value>| Statement::from_sql_and_values(backend, sql, values);
            if let (Some(digest), Some(bytes)) = (&digest, bytes) {
                let sql = "INSERT INTO blob (digest, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                db.execute_raw(run(sql, vec![digest.clone().into(), bytes.into()])).await?;
            }
            let sql = "INSERT INTO draft_save (request, course, path, digest, size, saved_at, saved_by) \
                VALUES ($1, $2, $3, $4, 0, $5, $6) RETURNING id";
            let values =
                vec![request.into(), course.clone().into(), path.clone().into(), digest.into(), at.into(), by.0.into()];
            let saved: i64 = db.query_one_raw(run(sql, values)).await?.expect("a row").try_get("", "id")?;
            let sql = "INSERT INTO draft_file (course, path, save_id) VALUES ($1, $2, $3) \
                ON CONFLICT (course, path) DO UPDATE SET save_id = excluded.save_id";
            db.execute_raw(run(sql, vec![course.into(), path.into(), saved.into()])).await?;
            Ok::<_, Error>(())
        })
    });
    save.await.expect("saves");
}

/// Replaces some words of a draft's file by others.
pub async fn edit(product: &Product, course: &str, by: PersonId, path: &str, (from, to): (&str, &str)) {
    let text = text_of(product, course, path).await;
    assert!(text.contains(from), "{path} holds no « {from} »: {text}");
    write(product, course, by, path, Some(&text.replacen(from, to, 1))).await;
}

/// Publishes a course made of these files.
pub async fn publish(product: &Product, slug: &str, files: Vec<SourceFile>) {
    publish_in(&product.app, slug, files).await;
}

/// The same in a product that is opened here.
pub async fn publish_in(app: &App, slug: &str, files: Vec<SourceFile>) {
    let (course, problems) = parse(slug, &files);
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let checked = Checked { slug: slug.to_owned(), files, course, problems };
    publish::publish(app, checked).await.expect("publishes");
}

/// What the editor of a chapter is handed by its page.
pub fn start_in(html: &str) -> serde_json::Value {
    let props = html.split("data-props=\"").nth(1).expect("an editor").split('"').next().expect("its end");
    let props = props.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    serde_json::from_str::<serde_json::Value>(&props.replace("&amp;", "&")).expect("JSON")["start"].clone()
}

/// The names of the chapters of [`small_course`].
pub const CHAPTERS: [&str; 6] = ["un", "deux", "trois", "quatre", "cinq", "six"];

/// A course of six chapters of three sections, each with a quiz of two questions, and a final assessment.
pub fn small_course() -> Vec<SourceFile> {
    let file = |path: String, text: String| SourceFile { path, bytes: text.into_bytes() };
    let mut files = vec![file(
        "course.toml".to_owned(),
        "title = \"Le cours d’essai\"\nsummary = \"En bref.\"\nobjectives = [\"Essayer\"]\nlicence = \"CC BY 4.0\"\n\n\
         [[skill]]\nkey = \"essayer\"\nname = \"Essayer\"\n\n[assessment]\ntitle = \"Évaluation\"\nsummary = \"La fin.\"\n\
         minutes = 10\npass = 70\n"
            .to_owned(),
    )];
    for (name, number) in CHAPTERS.iter().zip(1..) {
        let folder = format!("{number:02}-{name}");
        let sections = ["a", "b", "c"].map(|section| {
            format!("## Section {section} {{#{section}}}\n\nLe guichet ouvre à neuf heures. On accueille, on écoute, on note.\n")
        });
        files.push(file(
            format!("{folder}/chapter.md"),
            format!(
                "+++\ntitle = \"Chapitre {name}\"\nsummary = \"Il parle de {name}.\"\nminutes = 20\nobjectives = [\"Savoir\"]\n\
                 +++\n\n{}",
                sections.join("\n")
            ),
        ));
        files.push(file(
            format!("{folder}/quiz.toml"),
            format!("[rules]\npass = 70\n\n{}{}", question("q1", ""), question("q2", "")),
        ));
    }
    let labels = "section = \"a\"\nskill = \"essayer\"\n";
    files.push(file("01-un/bank.toml".to_owned(), format!("{}{}", question("f1", labels), question("f2", labels))));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// A question whose first choice is right.
pub fn question(id: &str, more: &str) -> String {
    let choice = |text: &str, right: bool| {
        format!("[[question.choice]]\ntext = \"{text}\"\nright = {right}\nfeedback = \"Voilà pourquoi.\"\n")
    };
    format!(
        "[[question]]\nid = \"{id}\"\ntype = \"single\"\nstem = \"Que faire pour {id} ?\"\n{more}{}{}{}\n",
        choice("Écouter", true),
        choice("Partir", false),
        choice("Attendre", false)
    )
}
