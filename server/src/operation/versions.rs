//! What is installed and published.

use super::health::one;
use super::seen;
use crate::app::App;
use crate::course;
use crate::error::Result;
use domain::operation::{Edition, Migrations, Versions};

/// What whoever built it says that it was built from: `SOCLE_COMMIT` in the environment of cargo.
const COMMIT: Option<&str> = option_env!("SOCLE_COMMIT");

pub(super) async fn look(app: &App) -> Versions {
    let (migrations, editions) = tokio::join!(seen(migrations(app)), seen(editions(app)));
    Versions {
        socle: env!("CARGO_PKG_VERSION"),
        commit: COMMIT.filter(|commit| !commit.is_empty()),
        target: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        migrations,
        editions,
    }
}

async fn migrations(app: &App) -> Result<Migrations> {
    let count: i64 = one(app, "SELECT COUNT(*) AS count FROM seaql_migrations", "count").await?;
    let last: Option<String> = one(app, "SELECT MAX(version) AS last FROM seaql_migrations", "last").await?;
    Ok(Migrations { count: u64::try_from(count).unwrap_or(0), last: last.unwrap_or_default() })
}

async fn editions(app: &App) -> Result<Vec<Edition>> {
    let courses = course::library::published_at(app.db.reader()).await?;
    let courses = app.library.current().into_iter().map(|published| Edition {
        title: published.course.title.clone(),
        pathway: false,
        number: published.number,
        at: courses.get(&published.id).copied(),
        withdrawn: app.library.is_withdrawn(&published.course.slug),
    });
    let pathways = app.pathways.current().into_iter().map(|published| Edition {
        title: published.pathway.title.clone(),
        pathway: true,
        number: published.number,
        at: Some(published.at),
        withdrawn: false,
    });
    Ok(courses.chain(pathways).collect())
}
