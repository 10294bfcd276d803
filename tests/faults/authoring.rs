//! An author who writes a chapter, and publishes the course now and then.

use super::crowd::Worker;
use domain::identity::{Role, Scope};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use server::app::App;
use server::identity::session;
use std::net::SocketAddr;
use support::accounts::person;
use support::answerer::Trouble;
use support::client::field;
use support::dice::Rolls;
use support::http::{Connection, Reply};
use support::studio::{publish_in, small_course, start_in};
use uuid::Uuid;

const COURSE: &str = "essai";
const CHAPTER: &str = "/studio/essai/chapitres/un";
const GATE: &str = "/studio/essai/publier";

/// An author at the editor of a chapter.
#[derive(Debug)]
pub struct Authoring {
    session: String,
    rolls: Rolls,
    tab: Uuid,
    /// The revision that the text was made from, and the text.
    base: i64,
    written: Value,
    /// The save under way: its request, and the title that it brings.
    pending: Option<(Uuid, String)>,
    saved: Vec<Uuid>,
    /// The publication under way: its request, and the draft that was seen.
    publishing: Option<(String, String)>,
    published: u64,
}

impl Authoring {
    /// The course, published, and its trainer.
    pub async fn prepare(app: &App, seed: u64) -> Self {
        publish_in(app, COURSE, small_course()).await;
        let marie = person(app, "Berthe", Role::Trainer, Scope::Course(COURSE.parse().expect("a slug"))).await;
        let session = session::open(app, marie).await.expect("a session").secret;
        let mut rolls = Rolls(seed);
        let tab = rolls.uuid();
        let (saved, written) = (Vec::new(), Value::Null);
        Self { session, rolls, tab, base: 0, written, pending: None, saved, publishing: None, published: 0 }
    }

    /// Opens the draft, and the editor.
    pub async fn open_draft(mut self, address: SocketAddr) -> Self {
        let mut line = Connection::open(address, &self.session, "identity").await.expect("connects");
        let opened = line.post_form("/studio/essai/ouvrir", &format!("request={}", self.rolls.uuid())).await;
        assert_eq!(opened.expect("a reply").status, 303);
        let page = text(line.get(CHAPTER).await.expect("a reply"), 200).expect("the editor");
        let start = start_in(&page);
        self.base = start["revision"].as_i64().expect("a number");
        self.written = start["written"].clone();
        self
    }

    async fn save(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        if self.pending.is_none() {
            self.pending = Some((self.rolls.uuid(), format!("Chapitre {}", self.saved.len())));
        }
        let (request, title) = self.pending.clone().expect("just made");
        self.written["title"] = title.into();
        let said = json!({ "tab": self.tab, "base": self.base, "request": request, "written": self.written });
        let told = text(line.post_json(&format!("{CHAPTER}/enregistrement"), &said.to_string()).await?, 200)?;
        let told: Value = serde_json::from_str(&told).expect("JSON");
        assert_eq!(told["written"], Value::Null, "nobody else writes: {told}");
        self.base = told["revision"].as_i64().expect("a number");
        self.saved.push(request);
        self.pending = None;
        Ok(())
    }

    async fn publish(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        if self.publishing.is_none() {
            let page = text(line.get(GATE).await?, 200)?;
            self.publishing = Some((field(&page, "request"), field(&page, "draft")));
        }
        let (request, draft) = self.publishing.clone().expect("just seen");
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("do", "publish"), ("request", &request), ("draft", &draft)])
            .finish();
        text(line.post_form(GATE, &form).await?, 303)?;
        self.publishing = None;
        self.published += 1;
        Ok(())
    }

    /// What was acknowledged against what is stored.
    ///
    /// # Panics
    /// Where a save or a version is gone, or there is another one than was asked for.
    pub async fn compare(&self, app: &App) {
        let count = async |sql: &str, values: Vec<sea_orm::Value>| {
            let db = app.db.reader();
            let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
            let row = db.query_one_raw(asked).await.expect("reads").expect("a row");
            row.try_get_by_index::<i64>(0).expect("a number")
        };
        for request in &self.saved {
            let kept = count("SELECT count(*) FROM draft_save WHERE request = $1", vec![request.to_string().into()]);
            assert_eq!(kept.await, 1, "the save {request}, which was acknowledged");
        }
        let versions = count("SELECT count(*) FROM course_version WHERE course = $1", vec![COURSE.into()]).await;
        // The first was there before; one may have been made of which the author has not heard.
        let made = u64::try_from(versions).expect("a count") - 1;
        let unheard = u64::from(self.publishing.is_some());
        assert!(
            (self.published..=self.published + unheard).contains(&made),
            "{made} for {} acknowledged",
            self.published
        );
        println!("{} saves and {} versions acknowledged and kept", self.saved.len(), self.published);
    }
}

impl Worker for Authoring {
    fn session(&self) -> &str {
        &self.session
    }

    async fn act(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        if self.publishing.is_some() || (self.pending.is_none() && self.saved.len() % 12 == 11) {
            self.publish(line).await?;
        }
        self.save(line).await
    }
}

/// The text of a reply of that status.
fn text(reply: Reply, status: u16) -> Result<String, Trouble> {
    let said = String::from_utf8_lossy(&reply.body).into_owned();
    if reply.status == status { Ok(said) } else { Err(Trouble::Refused(reply.status, said)) }
}
