//! `kill -9`, again and again, while agents answer: what was acknowledged is found in the record.
//!
//! `SOCLE_KILLS` says how often (6 by default; the campaign is 200), `SOCLE_SEED` repeats the dice of a run.

use domain::identity::{Grant, Role, Scope};
use domain::ids::{AttemptId, PersonId};
use domain::quiz::{Answer, Kind, Question, Saying};
use domain::record::Fact;
use serde_json::{Value, json};
use server::app::App;
use server::identity::store::NewPerson;
use server::identity::{self, session};
use server::{course, quiz, record};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use support::dice::Rolls;
use support::http::Connection;
use support::served::House;
use support::{Database, workspace};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

const QUIZ: &str = "/cours/mediation-numerique/accueil-et-posture/quiz";
const AGENTS: u64 = 12;

/// Where the service is, as far as the agents know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    /// Nowhere, after so many starts.
    Down(u32),
    /// There, at that start.
    Up(u32, SocketAddr),
    /// No more answers are wanted.
    Over,
}

/// An agent at a browser that forgets nothing of what was acknowledged.
#[derive(Debug)]
struct Agent {
    person: PersonId,
    session: String,
    rolls: Rolls,
    questions: Arc<Vec<Question>>,
    current: Attempt,
    finished: Vec<Attempt>,
    acknowledged: u64,
}

#[derive(Debug)]
struct Attempt {
    id: Uuid,
    started: bool,
    finishing: bool,
    revision: u32,
    /// Said and not acknowledged.
    pending: Vec<Saying>,
    /// The last acknowledged, by question.
    kept: BTreeMap<String, Saying>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_answer_is_lost_to_kill_9_on_sqlite() {
    campaign(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_answer_is_lost_to_kill_9_on_postgres() {
    campaign(Database::Postgres).await;
}

async fn campaign(database: Database) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let kills = number("SOCLE_KILLS").unwrap_or(6);
    let seed = number("SOCLE_SEED").unwrap_or_else(|| server::clock::Dice::system().expect("dice").seed());
    println!("{database:?}: SOCLE_KILLS={kills} SOCLE_SEED={seed}");
    let mut rolls = Rolls(seed);
    let house = House::new(database, "production").expect("a house");
    let (tell, hear) = watch::channel(Service::Down(0));
    let mut agents = JoinSet::new();
    for agent in prepare(&house, &mut rolls).await {
        agents.spawn(agent.answer(hear.clone()));
    }
    for start in 1..=u32::try_from(kills).expect("not so many") {
        let served = house.serve().await.expect("starts again");
        tell.send_replace(Service::Up(start, served.address));
        tokio::time::sleep(Duration::from_millis(50 + rolls.below(550))).await;
        served.kill().await.expect("dies");
        tell.send_replace(Service::Down(start));
    }
    tell.send_replace(Service::Over);
    let mut agents = agents.join_all().await;
    let served = house.serve().await.expect("starts a last time");
    for agent in &mut agents {
        agent.hand_in_last(served.address).await;
    }
    served.kill().await.expect("dies");
    compare(&house, &agents, kills).await;
}

/// The course and the agents, signed in; the product is closed again when this returns.
async fn prepare(house: &House, rolls: &mut Rolls) -> Vec<Agent> {
    let app = house.open().await.expect("opens");
    let checked = course::publish::check(&workspace().join("content/mediation-numerique")).expect("a folder");
    course::publish::publish(&app, checked).await.expect("publishes");
    let published = app.library.course(&"mediation-numerique".parse().expect("a slug")).expect("published");
    let chapter = published.chapter(&"accueil-et-posture".parse().expect("a slug")).expect("a chapter");
    let questions = Arc::new(chapter.quiz.clone().expect("a quiz").questions);
    let mut agents = Vec::new();
    for number in 0..AGENTS {
        let new = NewPerson {
            email: format!("agent{number}@exemple.example").parse().expect("an address"),
            first_name: "Léa".into(),
            last_name: format!("Agent {number}"),
            maison: None,
            grants: vec![Grant::new(Role::Agent, Scope::Own).expect("fits")],
            demonstration: false,
        };
        let person = identity::store::create(&app, new).await.expect("an account");
        let session = session::open(&app, person).await.expect("a session").secret;
        let mut rolls = Rolls(rolls.roll());
        let current = Attempt::new(&mut rolls);
        let questions = Arc::clone(&questions);
        agents.push(Agent { person, session, rolls, questions, current, finished: Vec::new(), acknowledged: 0 });
    }
    agents
}

impl Attempt {
    fn new(rolls: &mut Rolls) -> Self {
        Self {
            id: rolls.uuid(),
            started: false,
            finishing: false,
            revision: 0,
            pending: Vec::new(),
            kept: BTreeMap::new(),
        }
    }

    fn path(&self) -> String {
        format!("/essais/{}", self.id)
    }
}

impl Agent {
    /// Answers wherever the service is, until it is over.
    async fn answer(mut self, mut hear: watch::Receiver<Service>) -> Self {
        loop {
            let known = *hear.borrow_and_update();
            match known {
                Service::Over => return self,
                Service::Down(_) => {}
                // This ends with the process: then the agent waits for the next.
                Service::Up(_, address) => while_it_lasts(&mut self, address).await,
            }
            hear.wait_for(|now| *now != known).await.expect("the campaign goes on");
        }
    }

    /// One thing that an agent does. `Err` where the line broke: then nothing is known of it.
    async fn act(&mut self, line: &mut Connection) -> anyhow::Result<()> {
        if !self.current.started {
            let reply = line.post_form(QUIZ, &format!("attempt={}", self.current.id)).await?;
            assert_eq!((reply.status, reply.location), (303, Some(self.current.path())), "an attempt starts");
            self.current.started = true;
        } else if self.current.finishing || self.rolls.below(60) == 0 {
            self.current.finishing = true;
            let reply = line.post_form(&self.current.path(), "action=finish").await?;
            assert_eq!(reply.status, 303, "an attempt is handed in: {}", String::from_utf8_lossy(&reply.body));
            let next = Attempt::new(&mut self.rolls);
            self.finished.push(std::mem::replace(&mut self.current, next));
        } else {
            self.say(line).await?;
        }
        Ok(())
    }

    /// Says something new, or again what was not acknowledged.
    async fn say(&mut self, line: &mut Connection) -> anyhow::Result<()> {
        if self.current.pending.is_empty() || self.rolls.below(2) == 0 {
            let first = self.rolls.below(self.questions.len() as u64);
            let said = (0..=self.rolls.below(3))
                .map(|step| usize::try_from(first + step).expect("few") % self.questions.len());
            self.current.revision += 1;
            let (questions, revision) = (Arc::clone(&self.questions), self.current.revision);
            self.current.pending = said
                .filter_map(|place| {
                    let question = questions.get(place)?;
                    let answer = some_answer(question, &mut self.rolls)?;
                    Some(Saying {
                        question: question.slug.clone(),
                        id: self.rolls.uuid().to_string().parse().ok()?,
                        revision,
                        answer,
                    })
                })
                .collect();
        }
        let path = format!("{}/reponses", self.current.path());
        let reply = line.post_json(&path, &json!({ "sayings": self.current.pending }).to_string()).await?;
        let body = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, 200, "answers are taken: {body}");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(body["kept"], json!(self.current.pending), "the last word is kept");
        for saying in self.current.pending.drain(..) {
            self.acknowledged += 1;
            self.current.kept.insert(saying.question.to_string(), saying);
        }
        Ok(())
    }

    /// Hands in what is still open, on a service that nobody kills.
    async fn hand_in_last(&mut self, address: SocketAddr) {
        let mut line = Connection::open(address, &self.session, "identity").await.expect("connects");
        let before = self.finished.len();
        while self.finished.len() == before {
            self.current.finishing = self.current.started;
            self.act(&mut line).await.expect("answers");
        }
    }
}

async fn while_it_lasts(agent: &mut Agent, address: SocketAddr) {
    if let Ok(mut line) = Connection::open(address, &agent.session, "identity").await {
        while agent.act(&mut line).await.is_ok() {}
    }
}

/// An answer that fits the question; none for the kinds whose keys are dealt by the page.
fn some_answer(question: &Question, rolls: &mut Rolls) -> Option<Answer> {
    match &question.kind {
        Kind::Single { choices } => {
            let place = u8::try_from(rolls.below(choices.len() as u64)).ok()?;
            Some(Answer::Choice(char::from(b'a' + place).to_string()))
        }
        Kind::TrueFalse { .. } => Some(Answer::Truth(rolls.below(2) == 0)),
        Kind::Numeric { .. } => Some(Answer::Number(rolls.below(100).to_string())),
        Kind::ShortText { .. } => Some(Answer::Text(format!("mot {}", rolls.below(1000)))),
        _ => None,
    }
}

/// What the agents were told against what is on disk.
async fn compare(house: &House, agents: &[Agent], kills: u64) {
    let app = house.open().await.expect("opens");
    let mut lost = Vec::new();
    let (mut acknowledged, mut attempts) = (0, 0);
    for agent in agents {
        acknowledged += agent.acknowledged;
        attempts += agent.finished.len();
        for attempt in &agent.finished {
            lost.extend(missing(&app, attempt).await);
        }
        assert_eq!(
            graded(&app, agent.person).await,
            agent.finished.iter().map(|attempt| attempt.id).collect::<Vec<_>>(),
            "attempts in the record"
        );
    }
    let (facts, findings) = record::store::check(&app.db).await.expect("reads");
    println!(
        "{kills} kills, {acknowledged} answers acknowledged in {attempts} attempts handed in, {} lost; {facts} facts",
        lost.len()
    );
    assert!(lost.is_empty(), "acknowledged and lost: {lost:#?}");
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(acknowledged > kills * 5, "the campaign is one: answers are acknowledged between kills");
}

/// Answers of the attempt that were acknowledged, and of which neither they nor a later one is stored.
async fn missing(app: &App, attempt: &Attempt) -> Vec<String> {
    let stored = quiz::store::answers(app.db.reader(), AttemptId(attempt.id)).await.expect("reads");
    let holds = |kept: &Saying| {
        let stored = stored.iter().find(|stored| stored.question == kept.question);
        stored.is_some_and(|stored| stored.revision > kept.revision || stored == kept)
    };
    attempt.kept.values().filter(|kept| !holds(kept)).map(|kept| format!("{}: {kept:?}", attempt.id)).collect()
}

/// The attempts in an agent's record, first to last.
async fn graded(app: &App, person: PersonId) -> Vec<Uuid> {
    let mut entries = record::store::facts(app.db.reader(), person, None, 100_000).await.expect("reads");
    entries.reverse();
    let attempt = |fact| match fact {
        Fact::AttemptGraded { attempt, .. } => Some(attempt.0),
        _ => None,
    };
    entries.into_iter().filter_map(|entry| attempt(entry.fact)).collect()
}
