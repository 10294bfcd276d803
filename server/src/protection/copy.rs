//! Everybody's own copy: a file a class as JSON, and a page to read, packed as it is read. It takes the memory of some
//! hundred rows, however many there are.

use super::rows::{self, Row, TOGETHER};
use crate::app::App;
use crate::error::{Error, Result};
use axum::body::Body;
use domain::ids::PersonId;
use domain::protection::{CLASSES, Class, Part, Shown};
use domain::text::{counted, date_time, escaped};
use futures_util::stream;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Pieces on their way to a browser that is slow to take them.
const AHEAD: usize = 4;

/// Where the archive is written, and taken from as it grows.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive being made, and the browser that it goes to.
struct Archive {
    /// Apart: its state is large.
    zip: Box<ZipWriter<StreamWriter<Sink>>>,
    sink: Sink,
    to: mpsc::Sender<io::Result<Vec<u8>>>,
}

/// The copy of all that is held of that person, as it is made.
pub(super) fn body(app: &App, person: PersonId, name: String) -> Body {
    let (to, from) = mpsc::channel(AHEAD);
    let (app, failed) = (app.clone(), to.clone());
    tokio::spawn(async move {
        let sink = Sink::default();
        let archive = Archive { zip: Box::new(ZipWriter::new_stream(sink.clone())), sink, to };
        if let Err(error) = write(&app, person, &name, archive).await {
            tracing::error!(%error, "A copy of somebody's data could not be made");
            // The browser then knows that what it has is not whole.
            let _ = failed.send(Err(io::Error::other("interrupted"))).await;
        }
    });
    Body::from_stream(stream::unfold(from, |mut from| async move { Some((from.recv().await?, from)) }))
}

async fn write(app: &App, person: PersonId, name: &str, mut archive: Archive) -> Result<()> {
    for class in CLASSES {
        archive.begin(&format!("{}.json", class.slug))?;
        archive.say(&head(app, class)?)?;
        for (place, part) in class.parts.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            archive.say(&format!("{comma}\n  {{\"nom\": {}, \"lignes\": [", json!(part.name)))?;
            let (mut pages, mut comma) = (Pages::of(part, person), "");
            while let Some(rows) = pages.next(app).await? {
                for row in rows {
                    archive.say(&format!("{comma}\n    {}", Value::Object(object(row))))?;
                    comma = ",";
                }
                archive.send().await?;
            }
            archive.say("\n  ]}")?;
        }
        archive.say("\n]}\n")?;
    }
    archive.begin("mes-donnees.html")?;
    archive.say(&opening(name, app.clock.now()))?;
    for class in CLASSES {
        archive.say(&section(app, class))?;
        for part in class.parts {
            let mut pages = Pages::of(part, person);
            let total = rows::count(app.db.reader(), part, person).await?;
            archive.say(&table_head(part, total))?;
            while let Some(rows) = pages.next(app).await? {
                for row in rows {
                    archive.say(&table_row(&row))?;
                }
                archive.send().await?;
            }
            archive.say(if total > 0 { "</tbody></table></div>\n" } else { "" })?;
        }
    }
    archive.say("</main>\n</body>\n</html>\n")?;
    archive.end().await
}

/// A part's rows, some at a time.
struct Pages {
    part: &'static Part,
    person: PersonId,
    from: Option<u64>,
}

impl Pages {
    fn of(part: &'static Part, person: PersonId) -> Self {
        Self { part, person, from: Some(0) }
    }

    async fn next(&mut self, app: &App) -> Result<Option<Vec<Row>>> {
        let Some(from) = self.from else { return Ok(None) };
        let rows = rows::some(app.db.reader(), self.part, self.person, from).await?;
        self.from = (rows.len() as u64 == TOGETHER).then_some(from + TOGETHER);
        Ok(Some(rows))
    }
}

impl Archive {
    fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, options).map_err(failed)
    }

    fn say(&mut self, text: &str) -> Result<()> {
        self.zip.write_all(text.as_bytes()).map_err(failed)
    }

    /// Sends what is packed so far; waits where the browser is slow.
    async fn send(&mut self) -> Result<()> {
        let bytes = std::mem::take(&mut *self.sink.0.lock().unwrap_or_else(PoisonError::into_inner));
        if bytes.is_empty() {
            return Ok(());
        }
        self.to.send(Ok(bytes)).await.map_err(|_| failed("the browser has gone"))
    }

    async fn end(mut self) -> Result<()> {
        self.send().await?;
        let Self { zip, sink, to } = self;
        zip.finish().map_err(failed)?;
        let bytes = std::mem::take(&mut *sink.0.lock().unwrap_or_else(PoisonError::into_inner));
        to.send(Ok(bytes)).await.map_err(|_| failed("the browser has gone"))
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a copy cannot be made: {error}"))
}

fn head(app: &App, class: &Class) -> Result<String> {
    let about = json!({
        "classe": class.name,
        "contenu": class.what,
        "finalite": class.purpose,
        "base-legale": class.basis.name(),
        "conservation": class.duration(app.config.term(class)),
    });
    let about = serde_json::to_string(&about).map_err(failed)?;
    Ok(format!("{}, \"parties\": [", about.trim_end_matches('}')))
}

fn object(row: Row) -> Map<String, Value> {
    row.into_iter().map(|(column, value)| (column.name.to_owned(), value)).collect()
}

fn opening(name: &str, now: Timestamp) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Mes données, Socle</title>\n\
         <style>:root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;\
         padding:1rem}}.cadre{{overflow-x:auto}}table{{border-collapse:collapse}}th,td{{border:1px solid;padding:.3rem \
         .6rem;text-align:left;vertical-align:top}}td{{overflow-wrap:anywhere;min-width:6rem;white-space:pre-wrap}}\
         </style>\n</head>\n<body>\n<main>\n<h1>Mes données</h1>\n<p>Tout ce que Socle détient au sujet de {}, \
         le {}.</p>\n",
        escaped(name),
        date_time(now)
    )
}

fn section(app: &App, class: &Class) -> String {
    format!(
        "<h2>{}</h2>\n<p>{}.<br>Pourquoi\u{a0}: {}.<br>Jusqu’à quand\u{a0}: {}.</p>\n",
        escaped(class.name),
        escaped(class.what),
        escaped(class.purpose),
        escaped(&class.duration(app.config.term(class)))
    )
}

fn table_head(part: &Part, total: u64) -> String {
    let secret = part.columns.iter().filter_map(|column| match column.shown {
        Shown::Secret(what) => Some(what),
        _ => None,
    });
    let secret = secret.collect::<Vec<_>>().join("\u{a0}; ");
    let secret = if secret.is_empty() { secret } else { format!("<p>Non recopié\u{a0}: {}.</p>\n", escaped(&secret)) };
    let title = format!("<h3>{}</h3>\n", escaped(part.name));
    if total == 0 {
        return format!("{title}<p>Rien.</p>\n");
    }
    let labels = part.columns.iter().filter_map(|column| column.shown.label());
    let labels = labels.map(|label| format!("<th scope=\"col\">{}</th>", escaped(label))).collect::<Vec<_>>().concat();
    let total = counted(total, "ligne", "lignes");
    format!(
        "{title}<p>{total}.</p>\n{secret}<div class=\"cadre\" tabindex=\"0\"><table><thead><tr>{labels}</tr></thead><tbody>\n"
    )
}

fn table_row(row: &Row) -> String {
    let cells = row.iter().map(|(column, value)| format!("<td>{}</td>", escaped(&shown(column.shown, value))));
    format!("<tr>{}</tr>\n", cells.collect::<Vec<_>>().concat())
}

/// What a cell says.
fn shown(how: Shown, value: &Value) -> String {
    match (how, value) {
        (_, Value::Null) => "–".to_owned(),
        (_, Value::Bool(yes)) => if *yes { "oui" } else { "non" }.to_owned(),
        (Shown::Instant(_), Value::String(text)) => {
            text.parse().map_or_else(|_| text.clone(), |at: Timestamp| date_time(at))
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, other) => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}
