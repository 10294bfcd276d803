//! The studio: opening a course of 50 chapters, and what agents would read of a long chapter while it is typed.

use crate::report::{Budget, Durations, Figure};
use anyhow::{Context as _, ensure};
use domain::identity::{Grant, Role, Scope};
use server::course::publish;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use std::fmt::Write as _;
use std::path::Path;
use support::http::{Connection, LIKE_A_BROWSER};
use support::served::House;
use tokio::time::Instant;

const CHAPTERS: usize = 50;
const COURSE: &str = "cinquante-chapitres";

pub async fn figures(house: &House, rounds: usize) -> anyhow::Result<Vec<Figure>> {
    let folder = house.folder().join(COURSE);
    write_course(&folder)?;
    let app = house.open().await?;
    publish::publish(&app, publish::check(&folder)?).await?;
    let new = NewPerson {
        email: "formatrice@exemple.example".parse()?,
        first_name: "Marie".to_owned(),
        last_name: "Durand".to_owned(),
        maison: None,
        grants: vec![Grant::new(Role::Trainer, Scope::Course(COURSE.parse()?))?],
        demonstration: false,
    };
    let session = session::open(&app, store::create(&app, new).await?).await?.secret;
    let ids: Vec<String> = (0..=rounds).map(|_| app.dice.uuid().to_string()).collect();
    drop(app);
    let served = house.serve().await?;
    let mut line = Connection::open(served.address, &session, LIKE_A_BROWSER).await?;
    let (first, others) = ids.split_first().context("an id")?;
    let opened = line.post_form(&format!("/studio/{COURSE}/ouvrir"), &format!("request={first}")).await?;
    ensure!(opened.status == 303, "the draft is not made: {}", opened.status);
    let outline = format!("/studio/{COURSE}");
    let mut opening = Vec::new();
    for (round, id) in others.iter().enumerate() {
        // A save before each: nothing of the course is remembered from the last time.
        let form = format!("request={id}&do=rename&chapter=chapitre-1&title=Version+{round}");
        ensure!(line.post_form(&outline, &form).await?.status == 303, "a chapter is renamed");
        let asked = Instant::now();
        let reply = line.get(&outline).await?;
        opening.push(asked.elapsed());
        ensure!(reply.status == 200, "the outline: {}", reply.status);
    }
    let mut seeing = Vec::new();
    for round in 0..rounds {
        let body = serde_json::json!({
            "title": "Un", "summary": "Bref.", "minutes": 15, "objectives": ["Savoir"], "text": long(round),
        });
        let asked = Instant::now();
        let reply = line.post_json(&format!("{outline}/chapitres/chapitre-1/apercu"), &body.to_string()).await?;
        seeing.push(asked.elapsed());
        ensure!(reply.status == 200, "a preview: {}", reply.status);
    }
    served.kill().await?;
    let (opening, seeing) = (Durations::new(opening), Durations::new(seeing));
    Ok(vec![
        Figure {
            name: "o  studio, outline of 50 chapters, p95",
            measured: opening.rank(0.95),
            unit: "ms",
            budget: Budget::AtMost(300.0),
            conditions: format!(
                "{rounds} times, each after a save: read and checked anew; p50 {:.1} ms",
                opening.rank(0.5)
            ),
        },
        Figure {
            name: "o  studio, preview of 3,000 words, p95",
            measured: seeing.rank(0.95),
            unit: "ms",
            budget: Budget::AtMost(150.0),
            conditions: format!(
                "{rounds} texts of a chapter among 50, one at a time; p50 {:.1} ms; from typing to the page's redrawing: the scene in Chromium says",
                seeing.rank(0.5)
            ),
        },
    ])
}

/// Some 3,000 words, not twice the same.
fn long(round: usize) -> String {
    let paragraph = "Un paragraphe de **trente mots** sur l’accueil, où l’on écoute, où l’on reformule, et où l’on vérifie que la personne a compris ce qui va se passer ensuite pour elle.\n\n";
    format!("## Un long chapitre {{#long}}\n\n{}Fois {round}.\n", paragraph.repeat(100))
}

fn write_course(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let described = "title = \"Cinquante chapitres\"\nsummary = \"Pour mesurer.\"\nobjectives = [\"Savoir\"]\nlicence = \"CC BY 4.0\"\n";
    std::fs::write(folder.join("course.toml"), described)?;
    for number in 1..=CHAPTERS {
        let place = folder.join(format!("{number:02}-chapitre-{number}"));
        std::fs::create_dir_all(&place)?;
        let heading = format!(
            "+++\ntitle = \"Chapitre {number}\"\nsummary = \"Bref.\"\nminutes = 15\nobjectives = [\"Savoir\"]\n+++\n\n"
        );
        std::fs::write(place.join("chapter.md"), heading + long(number).as_str())?;
        let mut quiz = "[rules]\npass = 70\n".to_owned();
        for question in 1..=10 {
            write!(
                quiz,
                "\n[[question]]\nid = \"q{question}\"\ntype = \"true-false\"\nstem = \"Est-ce vrai ?\"\nsection = \"long\"\nanswer = true\nfeedback_true = \"Oui.\"\nfeedback_false = \"Si.\"\n"
            )?;
        }
        std::fs::write(place.join("quiz.toml"), quiz)?;
    }
    Ok(())
}
