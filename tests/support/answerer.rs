//! Agents who answer a quiz and forget nothing of what was acknowledged to them.

use crate::dice::Rolls;
use crate::http::{Connection, Reply};
use crate::workspace;
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
use std::sync::Arc;
use uuid::Uuid;

const QUIZ: &str = "/cours/mediation-numerique/accueil-et-posture/quiz";

/// Why something was not done.
#[derive(Debug)]
pub enum Trouble {
    /// The line broke: nothing is known of it.
    Line(anyhow::Error),
    /// It was refused, with that status and these words.
    Refused(u16, String),
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Line(error)
    }
}

/// An agent at a browser that forgets nothing of what was acknowledged.
#[derive(Debug)]
pub struct Answerer {
    pub person: PersonId,
    /// The secret of their session.
    pub session: String,
    pub acknowledged: u64,
    rolls: Rolls,
    questions: Arc<Vec<Question>>,
    current: Attempt,
    finished: Vec<Attempt>,
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

/// The course, published, and so many agents, signed in.
pub async fn answerers(app: &App, many: u64, rolls: &mut Rolls) -> Vec<Answerer> {
    let checked = course::publish::check(&workspace().join("content/mediation-numerique")).expect("a folder");
    course::publish::publish(app, checked).await.expect("publishes");
    let published = app.library.course(&"mediation-numerique".parse().expect("a slug")).expect("published");
    let chapter = published.chapter(&"accueil-et-posture".parse().expect("a slug")).expect("a chapter");
    let questions = Arc::new(chapter.quiz.clone().expect("a quiz").questions);
    let mut agents = Vec::new();
    for number in 0..many {
        let new = NewPerson {
            email: format!("quiz{number}@exemple.example").parse().expect("an address"),
            first_name: "Léa".into(),
            last_name: format!("Agent {number}"),
            maison: None,
            grants: vec![Grant::new(Role::Agent, Scope::Own).expect("fits")],
            demonstration: false,
        };
        let person = identity::store::create(app, new).await.expect("an account");
        let session = session::open(app, person).await.expect("a session").secret;
        let mut rolls = Rolls(rolls.roll());
        let current = Attempt::new(&mut rolls);
        let questions = Arc::clone(&questions);
        agents.push(Answerer { person, session, rolls, questions, current, finished: Vec::new(), acknowledged: 0 });
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

impl Answerer {
    /// One thing that an agent does. What is dropped before it is done is done again the next time.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn act(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        if !self.current.started {
            let reply = line.post_form(QUIZ, &format!("attempt={}", self.current.id)).await?;
            let reply = answered(reply, 303)?;
            let before = self.finished.last().map(Attempt::path);
            assert_eq!(reply.location, Some(self.current.path()), "an attempt starts, after {before:?}");
            self.current.started = true;
        } else if self.current.finishing || self.rolls.below(60) == 0 {
            self.current.finishing = true;
            answered(line.post_form(&self.current.path(), "action=finish").await?, 303)?;
            let next = Attempt::new(&mut self.rolls);
            self.finished.push(std::mem::replace(&mut self.current, next));
        } else {
            self.say(line).await?;
        }
        Ok(())
    }

    /// Says something new, or again what was not acknowledged.
    async fn say(&mut self, line: &mut Connection) -> Result<(), Trouble> {
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
        let body: Value = serde_json::from_slice(&answered(reply, 200)?.body).expect("JSON");
        assert_eq!(body["kept"], json!(self.current.pending), "the last word is kept");
        for saying in self.current.pending.drain(..) {
            self.acknowledged += 1;
            self.current.kept.insert(saying.question.to_string(), saying);
        }
        Ok(())
    }

    /// Hands in what is still open, on a service that nobody disturbs.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn hand_in_last(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        let before = self.finished.len();
        while self.finished.len() == before {
            self.current.finishing = self.current.started;
            self.act(line).await?;
        }
        Ok(())
    }
}

/// The reply, where it has that status.
fn answered(reply: Reply, status: u16) -> Result<Reply, Trouble> {
    if reply.status == status {
        return Ok(reply);
    }
    Err(Trouble::Refused(reply.status, String::from_utf8_lossy(&reply.body).into_owned()))
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

/// What the agents were told against what is stored: how many answers were acknowledged.
///
/// # Panics
/// Where an acknowledged answer is gone, an attempt counts twice or not at all, or the record is broken.
pub async fn compare(app: &App, agents: &[Answerer]) -> u64 {
    let mut lost = Vec::new();
    let (mut acknowledged, mut attempts) = (0, 0);
    for agent in agents {
        acknowledged += agent.acknowledged;
        attempts += agent.finished.len();
        for attempt in &agent.finished {
            lost.extend(missing(app, attempt).await);
        }
        assert_eq!(
            graded(app, agent.person).await,
            agent.finished.iter().map(|attempt| attempt.id).collect::<Vec<_>>(),
            "attempts in the record"
        );
    }
    let (facts, findings) = record::store::check(&app.db).await.expect("reads");
    println!(
        "{acknowledged} answers acknowledged in {attempts} attempts handed in, {} lost; {facts} facts",
        lost.len()
    );
    assert!(lost.is_empty(), "acknowledged and lost: {lost:#?}");
    assert!(findings.is_empty(), "{findings:#?}");
    acknowledged
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
