//! A change to files of questions, made of what they are at that moment: what others save meanwhile is kept.

use crate::access::CourseAuthor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::studio::store::{self, Save, Saved};
use domain::studio::quiz_sheet::{QuizFile, Sheet};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How often a change is made anew where others save at the same moment.
const TRIES: usize = 5;

/// What is done to the questions of a file.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Up(String),
    Down(String),
    Copy(String),
    Remove(String),
}

/// Does it to the file of that path. Said twice, it is done once.
///
/// # Errors
/// [`Error::NotFound`] where the question is gone; [`Error::Conflict`] where the file cannot be read.
pub(super) async fn change(
    app: &App,
    author: &CourseAuthor,
    (path, request): (&str, Uuid),
    change: Change,
) -> Result<()> {
    let edit = |sheet: &mut Sheet| match &change {
        Change::Up(id) => sheet.shift(id, true),
        Change::Down(id) => sheet.shift(id, false),
        Change::Copy(id) => sheet.copy(id).is_some(),
        Change::Remove(id) => sheet.take(id).is_some(),
    };
    for _ in 0..TRIES {
        let (author, path) = (author.clone(), path.to_owned());
        let (mut sheet, base) = read(app, &author, &path).await?.ok_or(Error::NotFound)?;
        if !edit(&mut sheet) {
            return Ok(()); // first of all already, or gone: what was asked for is so
        }
        let saves = vec![save(path, base, &sheet)];
        if keep(app, &author, request, saves).await? {
            return Ok(());
        }
    }
    Err(busy())
}

/// Takes a question from a file to another; gives its name there.
pub(super) async fn carry(
    app: &App,
    author: &CourseAuthor,
    request: Uuid,
    (from, id): (&str, &str),
    (to, file): (&str, QuizFile),
) -> Result<String> {
    for _ in 0..TRIES {
        let (mut source, source_base) = read(app, author, from).await?.ok_or(Error::NotFound)?;
        let target = read(app, author, to).await?;
        let (mut target, target_base) = target.map_or_else(|| (Sheet::new(file), None), |(sheet, base)| (sheet, base));
        let taken = source.take(id).ok_or(Error::NotFound)?;
        let name = target.push(taken);
        let saves = vec![save(from.to_owned(), source_base, &source), save(to.to_owned(), target_base, &target)];
        if keep(app, author, request, saves).await? {
            return Ok(name);
        }
    }
    Err(busy())
}

fn busy() -> Error {
    Error::Conflict("D’autres enregistrent ce quiz au même moment\u{a0}: recommencez dans un instant.".to_owned())
}

/// A file that has no question left is taken away.
fn save(path: String, base: Option<i64>, sheet: &Sheet) -> Save {
    let bytes = (!sheet.is_empty()).then(|| sheet.to_string().into_bytes());
    Save { path, base, bytes }
}

/// A file of questions as it is, with its revision; none where there is none.
pub(super) async fn read(app: &App, author: &CourseAuthor, path: &str) -> Result<Option<(Sheet, Option<i64>)>> {
    let db = app.db.reader();
    let Some(file) = store::file(db, &author.course, path).await? else { return Ok(None) };
    let sheet = sheet_of(db, &file).await?;
    Ok(Some((sheet, Some(file.revision))))
}

/// The questions of a save.
pub(super) async fn sheet_of(db: &impl ConnectionTrait, file: &store::File) -> Result<Sheet> {
    let text = String::from_utf8_lossy(&store::bytes(db, file).await?).into_owned();
    Sheet::read(&text).map_err(|unreadable| {
        let line = unreadable.0;
        Error::Conflict(format!("Ce fichier ne se lit pas à partir de sa ligne {line}\u{a0}: corrigez-le d’abord."))
    })
}

/// Saves all of them or none; says whether they were what they are made from.
pub(super) async fn keep(app: &App, author: &CourseAuthor, request: Uuid, saves: Vec<Save>) -> Result<bool> {
    let (author, now) = (author.clone(), app.clock.now());
    let kept = app
        .db
        .write(move |db| {
            Box::pin(async move {
                for save in saves {
                    if let Saved::Behind(_) = store::save(db, &author, (now, request), save).await? {
                        return Err(Behind(None)); // nothing of it is written
                    }
                }
                Ok(())
            })
        })
        .await;
    match kept {
        Ok(()) => Ok(true),
        Err(Behind(None)) => Ok(false),
        Err(Behind(Some(error))) => Err(error),
    }
}

/// Somebody saved since; or the database failed.
struct Behind(Option<Error>);

impl From<Error> for Behind {
    fn from(error: Error) -> Self {
        Self(Some(error))
    }
}

impl From<sea_orm::DbErr> for Behind {
    fn from(error: sea_orm::DbErr) -> Self {
        Self(Some(error.into()))
    }
}
