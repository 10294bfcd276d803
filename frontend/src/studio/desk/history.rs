//! Every save of a file.

use crate::studio::{Framed, frame};
use crate::ui::encoded;
use domain::studio::words::Change;
use domain::text::{counted, integer};
use leptos::prelude::*;

/// The files of a draft, when none was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesPage {
    pub framed: Framed,
    pub files: Vec<FileLine>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    pub path: String,
    /// When it was last saved, by whom.
    pub said: String,
}

/// What the page about a file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    pub framed: Framed,
    pub path: String,
    /// The revision that is there now; 0 where the file is removed.
    pub base: i64,
    pub request: String,
    /// The newest first.
    pub lines: Vec<SaveLine>,
    /// The revision before which there are others.
    pub older: Option<i64>,
    pub opened: Option<Opened>,
}

/// Saves of one author within a quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveLine {
    /// The last of them.
    pub revision: i64,
    pub at: String,
    pub author: String,
    pub count: u64,
    pub removed: bool,
    /// Words added and removed; none for what is no text.
    pub words: Option<(u64, u64)>,
}

/// A save that is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub revision: i64,
    pub said: String,
    pub removed: bool,
    /// Line by line; none for what is no text.
    pub changes: Option<Vec<(Change, String)>>,
}

/// The page of the files, without its shell.
pub fn files_page(FilesPage { framed, files }: FilesPage) -> impl IntoView {
    let here = format!("/studio/{}/historique", framed.course);
    let line = |FileLine { path, said }: FileLine| {
        let href = format!("{here}?fichier={}", encoded(&path));
        view! { <li><a href=href>{path}</a>" "<span class="small">{said}</span></li> }
    };
    let lines = files.into_iter().map(line).collect_view();
    frame(
        framed,
        view! {
            <h2>"Historique"</h2>
            <p>"Chaque enregistrement est gardé. Choisissez un fichier pour voir ce qui a changé, et revenir en arrière."</p>
            <ul class="plain-list file-lines">{lines}</ul>
        },
    )
}

/// The page of a file, without its shell.
pub fn history_page(page: HistoryPage) -> impl IntoView {
    let HistoryPage { framed, path, base, request, lines, older, opened } = page;
    let all = format!("/studio/{}/historique", framed.course);
    let here = format!("{all}?fichier={}", encoded(&path));
    let shown = opened.as_ref().map(|opened| opened.revision);
    let lines = lines.into_iter().map(|line| save(&here, line, shown)).collect_view();
    let older = older.map(|revision| {
        view! { <p><a href=format!("{here}&avant={revision}")>"Enregistrements plus anciens"</a></p> }
    });
    let action = all.clone();
    let opened = opened.map(|opened| open(&action, (&path, base, request), opened));
    frame(
        framed,
        view! {
            <p class="overline"><a href=all>"Tous les fichiers"</a></p>
            <h2>"Historique de "{path.clone()}</h2>
            {opened}
            <h3>"Enregistrements"</h3>
            <ol class="plain-list save-lines">{lines}</ol>
            {older}
        },
    )
}

fn save(here: &str, line: SaveLine, shown: Option<i64>) -> impl IntoView + use<> {
    let SaveLine { revision, at, author, count, removed, words } = line;
    let said = match (removed, words) {
        (true, _) => "fichier retiré".to_owned(),
        (false, None) => "fichier remplacé".to_owned(),
        (false, Some((0, 0))) => "mêmes mots".to_owned(),
        (false, Some((added, removed))) => format!(
            "{}, {}",
            counted(added, "mot ajouté", "mots ajoutés"),
            counted(removed, "mot retiré", "mots retirés")
        ),
    };
    let count = (count > 1).then(|| format!(", {} enregistrements", integer(count)));
    let current = (shown == Some(revision)).then_some("true");
    view! {
        <li>
            <a href=format!("{here}&version={revision}") aria-current=current>{at}</a>
            <span class="small">" par "{author}"\u{a0}: "{said}{count}</span>
        </li>
    }
}

fn open(action: &str, (path, base, request): (&str, i64, String), opened: Opened) -> impl IntoView + use<> {
    let Opened { revision, said, removed, changes } = opened;
    let restore = (revision != base).then(|| {
        let label = if removed { "Retirer de nouveau ce fichier" } else { "Rétablir cette version" };
        view! {
            <form method="post" action=action.to_owned()>
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="fichier" value=path.to_owned()/>
                <input type="hidden" name="version" value=revision/>
                <input type="hidden" name="base" value=base/>
                <button type="submit" class="button">{label}</button>
            </form>
        }
    });
    let changes = match changes {
        None => view! { <p>"Ce fichier n’est pas un texte."</p> }.into_any(),
        Some(changes) => {
            view! { <div class="diff" role="group" aria-label="Ce qui a changé" tabindex="0">{diff(changes)}</div> }
                .into_any()
        }
    };
    let is_now = (revision == base).then(|| view! { <p class="small">"C’est la version d’aujourd’hui."</p> });
    view! {
        <section class="opened" aria-labelledby="version-ouverte">
            <h3 id="version-ouverte">"Version du "{said}</h3>
            {is_now}
            {restore}
            {changes}
        </section>
    }
}

fn diff(changes: Vec<(Change, String)>) -> impl IntoView {
    let line = |(change, line): (Change, String)| {
        let line = if line.is_empty() { "\u{a0}".to_owned() } else { line };
        match change {
            Change::Kept => view! { <p>{line}</p> }.into_any(),
            Change::Added => {
                view! { <p class="added"><span class="visually-hidden">"Ajouté : "</span><ins>{line}</ins></p> }
                    .into_any()
            }
            Change::Removed => {
                view! { <p class="removed"><span class="visually-hidden">"Retiré : "</span><del>{line}</del></p> }
                    .into_any()
            }
        }
    };
    changes.into_iter().map(line).collect_view()
}
