//! A file of 500 MB, received piece by piece: the memory that it takes, and how fast it comes.

use crate::report::{Budget, Figure};
use anyhow::{Context as _, ensure};
use domain::identity::{Role, Scope};
use domain::ids::CourseSlug;
use server::identity::session;
use server::{course, studio};
use support::served::House;
use support::{Client, workspace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const MB: f64 = 1_000_000.0;

pub async fn figures(house: &House, size: u64) -> anyhow::Result<Vec<Figure>> {
    let slug: CourseSlug = "mediation-numerique".parse()?;
    let session = {
        let app = house.open().await?;
        course::publish::publish(&app, course::publish::check(&workspace().join("content").join(slug.as_str()))?)
            .await?;
        let marie = support::accounts::person(&app, "Marie", Role::Trainer, Scope::Course(slug.clone())).await;
        studio::begin(&app, &slug, marie, app.dice.uuid()).await?;
        session::open(&app, marie).await?.secret
    };
    let served = house.serve().await?;
    let client = Client::new(&format!("http://{}", served.address));
    client.take_cookie("__Host-socle", &session);
    // « film.mp4 », « mediation-numerique »
    let about = "filename ZmlsbS5tcDQ=,course bWVkaWF0aW9uLW51bWVyaXF1ZQ==";
    let request = client.request(reqwest::Method::POST, "/studio/envois").header("tus-resumable", "1.0.0");
    let created = client.send(request.header("upload-length", size).header("upload-metadata", about)).await;
    let url = created.location.with_context(|| format!("no upload: {} {}", created.status, created.body))?;
    let before = peak(served.pid())?;
    let began = Instant::now();
    let mut line = TcpStream::connect(served.address).await?;
    let head = format!(
        "PATCH {url} HTTP/1.1\r\nHost: {}\r\nCookie: __Host-socle={session}\r\nSec-Fetch-Site: same-origin\r\n\
         Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n\
         Content-Length: {size}\r\nConnection: close\r\n\r\n",
        served.address
    );
    line.write_all(head.as_bytes()).await?;
    let piece = vec![7_u8; 256 * 1024];
    let mut left = size;
    while left > 0 {
        let length = usize::try_from(left.min(piece.len() as u64))?;
        line.write_all(&piece[..length]).await?;
        left -= length as u64;
    }
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await?;
    ensure!(answer.starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(&answer));
    let took = began.elapsed().as_secs_f64();
    let grown = peak(served.pid())? - before;
    served.kill().await?;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let sent = size as f64 / MB;
    Ok(vec![
        Figure {
            name: "u  upload, memory",
            measured: grown / MB,
            unit: "MB",
            budget: Budget::AtMost(32.0),
            conditions: format!("how far the server's peak grew while {sent:.0} MB came in one request"),
        },
        Figure {
            name: "u  upload, speed",
            measured: sent / took,
            unit: "MB/s",
            budget: Budget::None,
            conditions: "written through to the disk every 8 MiB, and noted in the database".to_owned(),
        },
    ])
}

/// The most memory that a process ever held, in bytes.
fn peak(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0)
}
