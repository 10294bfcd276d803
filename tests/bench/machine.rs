//! What the disk can do at best, and how long the product takes to start.

use crate::report::{Budget, Figure};
use std::io::Write as _;
use support::Database;
use support::served::House;
use tokio::time::Instant;

/// Commits of one row each, as fast as this disk takes them.
pub fn disk(house: &House, commits: u32) -> anyhow::Result<Figure> {
    let path = house.folder().join("floor");
    let mut file = std::fs::File::create(&path)?;
    let start = Instant::now();
    for _ in 0..commits {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    let measured = f64::from(commits) / start.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(Figure {
        name: "f  disk: durable appends",
        measured,
        unit: "fdatasync/s",
        budget: Budget::None,
        conditions: format!("{commits} times 4 KiB, one after the other: what ungrouped commits could reach at most"),
    })
}

/// From the command to `/health/ready`: with nothing, then with what the first start left.
pub async fn starts(database: Database) -> anyhow::Result<Vec<Figure>> {
    let house = House::new(database, "demonstration")?;
    let mut figures = Vec::new();
    for (name, conditions) in [
        (
            "g  first start, empty database",
            "migrations, course published, accounts made (argon2id), demonstration mode",
        ),
        ("g  second start", "the same data, after kill -9"),
    ] {
        let start = Instant::now();
        let served = house.serve().await?;
        let measured = start.elapsed().as_secs_f64();
        served.kill().await?;
        figures.push(Figure { name, measured, unit: "s", budget: Budget::AtMost(5.0), conditions: conditions.into() });
    }
    Ok(figures)
}
