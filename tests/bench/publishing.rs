//! Publishing from the studio a course of 100 chapters and 1,500 questions, that 6,800 agents are enrolled in; and what
//! readers see meanwhile.

use crate::report::{Budget, Durations, Figure};
use anyhow::{Context as _, ensure};
use domain::course::parse::{SourceFile, parse};
use domain::identity::{Grant, Role, Scope};
use domain::ids::{AttemptId, PersonId};
use domain::quiz::Counts;
use domain::record::Fact;
use server::app::App;
use server::course::publish::{self, Checked};
use server::error::Error;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use server::record::store::append_unless;
use std::net::SocketAddr;
use support::dice::Rolls;
use support::http::{Connection, LIKE_A_BROWSER};
use support::served::House;
use support::studio::question;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// How large.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub chapters: usize,
    pub questions: usize,
    pub agents: usize,
}

pub const WHOLE: Scale = Scale { chapters: 100, questions: 15, agents: 6_800 };
pub const SMALL: Scale = Scale { chapters: 20, questions: 15, agents: 300 };

const COURSE: &str = "grand";

pub async fn figures(house: &House, scale: Scale) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let course = COURSE.parse()?;
    publish_files(&app, files(scale, false)).await?;
    let trainer = person(&app, "marie", Role::Trainer, Scope::Course(COURSE.parse()?)).await?;
    let reader = agents(&app, scale).await?;
    // The draft is taken of a version of which every chapter is another, and follows the one that is published.
    publish_files(&app, files(scale, true)).await?;
    server::studio::begin(&app, &course, trainer, app.dice.uuid()).await?;
    publish_files(&app, files(scale, false)).await?;
    let (trainer, reader) = (session::open(&app, trainer).await?.secret, session::open(&app, reader).await?.secret);
    drop(app);
    let served = house.serve().await?;
    let (stop, stopped) = oneshot::channel();
    let mut line = Connection::open(served.address, &trainer, "identity").await?;
    let gate = format!("/studio/{COURSE}/publier");
    line.post_form(&gate, "do=rebase&number=3").await?;
    let reading = tokio::spawn(read(served.address, reader, stopped));
    let asked = Instant::now();
    let page = line.get(&gate).await?;
    ensure!(page.status == 200, "{}", page.status);
    let checked = asked.elapsed();
    let body = String::from_utf8(page.body)?;
    let draft = body.split("name=\"draft\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let draft = draft.context("no draft in the form")?;
    let form = format!("do=publish&request=77777777-7777-4777-8777-777777777777&draft={draft}");
    let asked = Instant::now();
    let done = line.post_form(&gate, &form).await?;
    let published = asked.elapsed();
    ensure!(done.status == 303, "{}", done.status);
    let _ = stop.send(());
    let read = reading.await??;
    served.kill().await?;
    let among = format!(
        "{} chapters, {} questions, {} agents enrolled",
        scale.chapters,
        scale.chapters * scale.questions,
        scale.agents
    );
    Ok(vec![
        Figure {
            name: "s  a course published",
            measured: published.as_secs_f64(),
            unit: "s",
            budget: Budget::AtMost(2.0),
            conditions: format!("{among}: read, checked, written; every chapter changed"),
        },
        Figure {
            name: "s  what readers wait for meanwhile, p95",
            measured: read.rank(0.95),
            unit: "ms",
            budget: Budget::AtMost(100.0),
            conditions: format!(
                "{} chapters read one after another while it was checked and published, longest {:.0} ms",
                read.count(),
                read.rank(1.0)
            ),
        },
        Figure {
            name: "s  the gate, with what changes for whom",
            measured: checked.as_secs_f64(),
            unit: "s",
            budget: Budget::None,
            conditions: among,
        },
    ])
}

/// Reads chapters until told to stop.
async fn read(address: SocketAddr, session: String, mut stopped: oneshot::Receiver<()>) -> anyhow::Result<Durations> {
    let mut line = Connection::open(address, &session, LIKE_A_BROWSER).await?;
    let mut durations = Vec::new();
    while stopped.try_recv() == Err(oneshot::error::TryRecvError::Empty) {
        let asked = Instant::now();
        let reply = line.get(&format!("/cours/{COURSE}/c{}", durations.len() % 5 + 1)).await?;
        ensure!(reply.status == 200, "{}", reply.status);
        durations.push(asked.elapsed());
    }
    Ok(Durations::new(durations))
}

fn files(scale: Scale, revised: bool) -> Vec<SourceFile> {
    let file = |path: String, text: String| SourceFile { path, bytes: text.into_bytes() };
    let mut files = vec![file(
        "course.toml".to_owned(),
        "title = \"Un grand cours\"\nsummary = \"En bref.\"\nobjectives = [\"Essayer\"]\nlicence = \"CC BY 4.0\"\n"
            .to_owned(),
    )];
    let words = "Le guichet ouvre à neuf heures. On accueille, on écoute, on note ce qui est dit. ".repeat(6);
    let more = if revised { "\n\nUne phrase de plus." } else { "" };
    for number in 1..=scale.chapters {
        let folder = format!("{number:03}-c{number}");
        let sections =
            (1..=6).map(|section| format!("## Section {section} {{#s{section}}}\n\n{words}\n\n{words}{more}\n"));
        let sections = sections.collect::<Vec<_>>().join("\n");
        let head = format!(
            "+++\ntitle = \"Chapitre {number}\"\nsummary = \"En bref.\"\nminutes = 20\nobjectives = [\"Savoir\"]\n+++\n\n"
        );
        files.push(file(format!("{folder}/chapter.md"), head + sections.as_str()));
        let questions = (1..=scale.questions).map(|at| question(&format!("q{at}"), "")).collect::<String>();
        files.push(file(format!("{folder}/quiz.toml"), format!("[rules]\npass = 70\n\n{questions}")));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

async fn publish_files(app: &App, files: Vec<SourceFile>) -> anyhow::Result<()> {
    let (course, problems) = parse(COURSE, &files);
    ensure!(problems.is_empty(), "{problems:?}");
    publish::publish(app, Checked { slug: COURSE.to_owned(), files, course, problems }).await?;
    Ok(())
}

async fn person(app: &App, name: &str, role: Role, scope: Scope) -> anyhow::Result<PersonId> {
    let new = NewPerson {
        email: format!("{name}@exemple.example").parse()?,
        first_name: name.to_owned(),
        last_name: "Durand".into(),
        maison: None,
        grants: vec![Grant::new(role, scope)?],
        demonstration: false,
    };
    Ok(store::create(app, new).await?)
}

/// Agents who have followed some of the course; returns one of them.
async fn agents(app: &App, scale: Scale) -> anyhow::Result<PersonId> {
    let mut last = PersonId(0);
    for number in 0..scale.agents {
        let agent = person(app, &format!("agent{number}"), Role::Agent, Scope::Own).await?;
        let mut dice = Rolls(number as u64 + 1);
        let mut facts = Vec::new();
        for chapter in 1..=dice.below(6) {
            facts.extend(followed(&format!("c{chapter}"), &mut dice)?);
        }
        let (now, inside) = (app.clock.now(), app.clone());
        app.db
            .write(move |db| {
                Box::pin(async move {
                    for fact in facts {
                        append_unless(&inside, db, agent, now, fact, |_| false).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
        last = agent;
    }
    Ok(last)
}

fn followed(chapter: &str, dice: &mut Rolls) -> anyhow::Result<[Fact; 2]> {
    let course = || COURSE.parse();
    Ok([
        Fact::ChapterRead { course: course()?, version: 1, chapter: chapter.parse()?, minutes: 20, suffices: false },
        Fact::AttemptGraded {
            course: course()?,
            version: 1,
            chapter: chapter.parse()?,
            attempt: AttemptId(dice.uuid()),
            number: 1,
            earned: 1_000 + u32::try_from(dice.below(500))?,
            max: 1_500,
            pass: 70,
            counts: Counts::Best,
            minutes: 20,
        },
    ])
}
