//! What demonstration mode prepares: the courses of the content folder and an account a role.

mod webinars;

use anyhow::{Context as _, bail};
use domain::course::parse::Problem;
use domain::identity::{Email, Grant, Role, Scope};
use domain::ids::{CourseSlug, MaisonId};
use domain::pathway::Pathway;
use domain::webinar::kit::Kit;
use std::path::Path;

use crate::app::App;
use crate::course::publish::{self, Publication};
use crate::document::{self, Document};
use crate::identity::store::NewPerson;
use crate::identity::{password, store};
use crate::place::{self, NewMaison};

/// The password of every demonstration account.
pub const PASSWORD: &str = "le guichet ouvre à neuf heures";

/// The maison where everybody works.
const MAISON: &str = "Maison France Services de Vouziers";

/// Its département: the Ardennes.
const DEPARTEMENT: &str = "08";

/// An account to try the product with.
#[derive(Debug)]
pub struct Character {
    pub email: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub role: Role,
    pub may: &'static str,
}

/// One account a role that has pages of its own.
pub const CHARACTERS: &[Character] = &[
    Character {
        email: "lea@socle.example",
        first_name: "Léa",
        last_name: "Perrin",
        role: Role::Agent,
        may: "follows the course, answers its quizzes, reads her record",
    },
    Character {
        email: "karim@socle.example",
        first_name: "Karim",
        last_name: "Benali",
        role: Role::Agent,
        may: "another agent, to try two at once",
    },
    Character {
        email: "marie@socle.example",
        first_name: "Marie",
        last_name: "Le Goff",
        role: Role::Trainer,
        may: "trainer: sees the agents of her course and their records",
    },
    Character {
        email: "jeanne@socle.example",
        first_name: "Jeanne",
        last_name: "Roussel",
        role: Role::MaisonManager,
        may: "maison manager: follows the agents of Vouziers",
    },
    Character {
        email: "paul@socle.example",
        first_name: "Paul",
        last_name: "Lambert",
        role: Role::DepartmentPilot,
        may: "departmental pilot: follows the maisons of the Ardennes",
    },
    Character {
        email: "samira@socle.example",
        first_name: "Samira",
        last_name: "Haddad",
        role: Role::NationalPilot,
        may: "national pilot: follows the whole country",
    },
    Character {
        email: "admin@socle.example",
        first_name: "Alex",
        last_name: "Moreau",
        role: Role::Administrator,
        may: "administrator: invites, suspends, grants extra time, ends sessions",
    },
];

/// Publishes the content folder and makes the accounts that are missing. Saying it twice changes nothing.
///
/// # Errors
/// When a course has problems, each of which is named; when the database fails.
pub async fn prepare(app: &App) -> anyhow::Result<()> {
    let courses = publish_content(app).await?;
    let known = place::list(app).await?.into_iter().find(|known| known.name == MAISON);
    let mut maison = known.map(|known| MaisonId(known.id));
    for character in CHARACTERS {
        let email: Email = character.email.parse().map_err(|error| anyhow::anyhow!("{}: {error}", character.email))?;
        if store::find(app, &email).await?.is_some() {
            continue;
        }
        if maison.is_none() {
            let new = NewMaison {
                name: MAISON.into(),
                commune: "Vouziers".into(),
                departement: DEPARTEMENT.parse()?,
                siret: None,
                labelled_on: Some(jiff::civil::date(2020, 1, 1)),
            };
            maison = Some(place::create(app, new).await?);
        }
        let grants = match character.role {
            Role::Agent => vec![Grant::new(Role::Agent, Scope::Own)],
            Role::Trainer => {
                courses.iter().map(|course| Grant::new(Role::Trainer, Scope::Course(course.clone()))).collect()
            }
            Role::MaisonManager => {
                maison.map(|id| Grant::new(Role::MaisonManager, Scope::Maison(id))).into_iter().collect()
            }
            Role::DepartmentPilot => vec![Grant::new(Role::DepartmentPilot, Scope::Departement(DEPARTEMENT.parse()?))],
            role => vec![Grant::new(role, Scope::Nation)],
        };
        let new = NewPerson {
            email: email.clone(),
            first_name: character.first_name.into(),
            last_name: character.last_name.into(),
            maison,
            grants: grants
                .into_iter()
                .collect::<Result<_, _>>()
                .map_err(|error| anyhow::anyhow!("{}: {error}", character.email))?,
            demonstration: true,
        };
        let person = store::create(app, new).await?;
        let hash = password::hash_new(PASSWORD.into(), &email, app.dice.secret()).await?;
        store::set_password(app, person, hash).await?;
    }
    webinars::prepare(app).await
}

async fn publish_content(app: &App) -> anyhow::Result<Vec<CourseSlug>> {
    let folder = &app.config.content;
    let entries = std::fs::read_dir(folder).with_context(|| {
        format!("the content folder {} cannot be read: SOCLE_CONTENT names another", folder.display())
    })?;
    let mut folders: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    let mut slugs = Vec::new();
    for folder in &folders {
        if document::is::<Kit>(folder) {
            publish_document::<Kit>(app, folder).await?;
        } else if document::is::<Pathway>(folder) {
            publish_document::<Pathway>(app, folder).await?;
        } else if folder.join("course.toml").is_file() {
            slugs.push(publish_course(app, folder).await?);
        }
    }
    Ok(slugs)
}

async fn publish_course(app: &App, folder: &Path) -> anyhow::Result<CourseSlug> {
    let checked = publish::check(folder)?;
    complain(&checked.problems);
    let Some(course) = &checked.course else {
        bail!("the course {} has {} problem(s), named above", checked.slug, checked.problems.len());
    };
    let slug = course.slug.clone();
    published(slug.as_str(), &publish::publish(app, checked).await?);
    Ok(slug)
}

async fn publish_document<D: Document>(app: &App, folder: &Path) -> anyhow::Result<()> {
    let checked = document::check::<D>(folder)?;
    complain(&checked.problems);
    let slug = checked.slug.clone();
    published(&slug, &document::publish(app, checked).await?);
    Ok(())
}

fn complain(problems: &[Problem]) {
    for problem in problems {
        tracing::error!("{problem}");
    }
}

fn published(slug: &str, publication: &Publication) {
    if let Publication::New { number } = publication {
        tracing::info!(slug, version = number, "Published `{slug}`, version {number}");
    }
}
