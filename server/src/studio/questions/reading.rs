//! A draft as its authors' pages read it: its texts whole, its media by name alone.

use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::course::entity::blob;
use crate::error::Result;
use crate::studio::store::{self, File};
use crate::studio::{authored, framed};
use domain::course::Course;
use domain::course::parse::{Problem, SourceFile, glimpse};
use domain::ids::CourseSlug;
use domain::studio::folder;
use frontend::studio::{Framed, Tab};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use std::collections::BTreeMap;

/// The draft, and who writes it.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) course: CourseSlug,
    pub(crate) author: CourseAuthor,
    /// By their path in the draft.
    pub(crate) files: BTreeMap<String, File>,
    /// Under the draft's own names.
    sources: Vec<SourceFile>,
}

impl Reading {
    /// The draft of a course, for who writes it.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] for anybody else; when the database fails.
    pub(crate) async fn of(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<Self> {
        let (draft, author) = authored(app, viewer, course).await?;
        let files = store::files(app.db.reader(), &draft.course).await?;
        let sources = texts(app.db.reader(), &files).await?;
        let files = files.into_iter().map(|file| (file.path.clone(), file)).collect();
        Ok(Self { course: draft.course, author, files, sources })
    }

    /// A text of the draft; none where there is no such file.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let source = self.sources.iter().find(|source| source.path == path)?;
        Some(String::from_utf8_lossy(&source.bytes).into_owned())
    }

    /// The texts of the draft, by their path.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |source: &'_ SourceFile| is_text(&source.path);
        let texts = self.sources.iter().filter(move |source| text(source));
        texts.filter_map(|source| Some((source.path.as_str(), std::str::from_utf8(&source.bytes).ok()?)))
    }

    /// The slugs of the chapters, in their order.
    pub(crate) fn chapters(&self) -> Vec<String> {
        folder::order(&self.text(folder::ORDER).unwrap_or_default())
    }

    /// What there is of the course, and its problems by the draft's names. Those of media are no part of them: they are
    /// not read here.
    pub(crate) fn glimpse(&self) -> (Option<Course>, Vec<Problem>) {
        self.glimpse_of(self.sources.clone())
    }

    /// The same, were that file so.
    pub(crate) fn glimpse_with(&self, path: &str, text: &str) -> (Option<Course>, Vec<Problem>) {
        let mut sources: Vec<SourceFile> = self.sources.iter().filter(|known| known.path != path).cloned().collect();
        sources.push(SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() });
        self.glimpse_of(sources)
    }

    fn glimpse_of(&self, sources: Vec<SourceFile>) -> (Option<Course>, Vec<Problem>) {
        let (course, problems) = glimpse(self.course.as_str(), &folder::to_folder(sources));
        let named = |problem: Problem| Problem { file: folder::path_in_draft(&problem.file), ..problem };
        let problems = problems.into_iter().map(named).filter(|problem| is_text(&problem.file)).collect();
        (course, problems)
    }

    /// What surrounds its pages.
    pub(crate) fn framed(&self, course: Option<&Course>, tab: Tab) -> Framed {
        framed(&self.author, course.map_or("", |course| &course.title), tab)
    }
}

fn is_text(path: &str) -> bool {
    path == folder::ORDER || matches!(path.rsplit_once('.'), Some((_, "md" | "toml")))
}

/// Files of the draft, the bytes of texts alone.
async fn texts(db: &impl ConnectionTrait, files: &[File]) -> Result<Vec<SourceFile>> {
    let digests: Vec<&String> =
        files.iter().filter(|file| is_text(&file.path)).filter_map(|file| file.digest.as_ref()).collect();
    let mut known = BTreeMap::new();
    for some in digests.chunks(200) {
        let rows = blob::Entity::find().filter(blob::Column::Digest.is_in(some.iter().copied())).all(db).await?;
        known.extend(rows.into_iter().map(|row| (row.digest, row.bytes)));
    }
    let read = |file: &File| {
        let bytes = file.digest.as_ref().filter(|_| is_text(&file.path)).and_then(|digest| known.get(digest).cloned());
        SourceFile { path: file.path.clone(), bytes: bytes.unwrap_or_default() }
    };
    Ok(files.iter().map(read).collect())
}
