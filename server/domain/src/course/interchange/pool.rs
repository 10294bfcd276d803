//! Questions that come from a file, added to those of a chapter.

use super::draft::{Draft, Ids, Questions};
use super::{Fate, Item, NotACourse, Notes, gift, moodle};
use crate::course::parse::SourceFile;

/// What is found at one place of a source.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) item: Item,
    pub(super) draft: Option<Draft>,
    pub(super) tags: Vec<String>,
    /// Files that the question names, by their path in the chapter: `media/plan.png`.
    pub(super) files: Vec<SourceFile>,
}

impl Found {
    /// A question, within what our format takes, or the reason why it cannot be.
    pub(super) fn new(
        file: &str,
        line: u32,
        sort: &str,
        label: &str,
        asked: Result<Draft, String>,
        mut notes: Notes,
    ) -> Self {
        let what = format!("la {sort} « {} »", super::html::short(label));
        match asked.and_then(|draft| draft.fitted(&mut notes)) {
            Ok(draft) => Self {
                item: Item::kept(file, line, what, notes),
                draft: Some(draft),
                tags: Vec::new(),
                files: Vec::new(),
            },
            Err(why) => Self::left(Item::left(file, line, what, why)),
        }
    }

    pub(super) fn left(item: Item) -> Self {
        Self { item, draft: None, tags: Vec::new(), files: Vec::new() }
    }
}

/// Which file of a chapter takes the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `quiz.toml`
    Quiz,
    /// `bank.toml`, whose questions each have a section and a skill
    Bank,
}

/// Where questions are to go.
#[derive(Debug, Clone)]
pub struct Wanted<'w> {
    pub sort: Sort,
    /// The file as it is, if it is there.
    pub existing: Option<&'w str>,
    /// The section to read again, for all of them.
    pub section: Option<&'w str>,
    /// The skill that they test, for all of them; without, a tag that is the key of one.
    pub skill: Option<&'w str>,
    /// The skills of the course.
    pub skills: &'w [String],
}

/// What adding questions makes.
#[derive(Debug, Clone)]
pub struct Added {
    pub items: Vec<Item>,
    /// The whole file; what was in it is untouched.
    pub text: String,
    /// Files to put beside it, by their path in the chapter: `media/plan.png`.
    pub files: Vec<SourceFile>,
}

/// Reads the questions of a GIFT or Moodle XML file, and adds those that are not there yet.
///
/// # Errors
/// When the file is neither, or when the file to add to cannot be read.
pub fn questions(name: &str, bytes: &[u8], wanted: &Wanted<'_>) -> Result<Added, NotACourse> {
    let found = read(name, bytes)?;
    let known = match wanted.existing.map(toml::from_str::<Questions>).transpose() {
        Ok(known) => known.map(|known| known.drafts).unwrap_or_default(),
        Err(_) => {
            return Err(NotACourse(String::from(
                "le fichier où ajouter ne se lit pas : corrigez-le d’abord (content check)",
            )));
        }
    };
    let mut ids = Ids(known.iter().map(|draft| draft.id.clone()).collect());
    let mut added = Added { items: Vec::new(), text: beginning(wanted), files: Vec::new() };
    for Found { mut item, draft, tags, files } in found {
        let Some(mut draft) = draft.map(as_read) else {
            added.items.push(item);
            continue;
        };
        let tag = |skill: &&String| tags.iter().any(|tag| crate::text::slug(tag, 64) == **skill);
        draft.section = wanted.section.map(str::to_owned);
        draft.skill = wanted.skill.map(str::to_owned).or_else(|| wanted.skills.iter().find(tag).cloned());
        let same = |known: &&Draft| {
            Draft { id: known.id.clone(), section: known.section.clone(), skill: known.skill.clone(), ..draft.clone() }
                == **known
        };
        if let Some(known) = known.iter().find(same) {
            item.fate = Fate::Left;
            item.notes = vec![format!("elle y est déjà (« {} »)", known.id)];
            added.items.push(item);
            continue;
        }
        draft.id = ids.take(&[&draft.id, &draft.stem]);
        added.text.push('\n');
        added.text.push_str(&draft.toml());
        for file in files {
            if !added.files.iter().any(|known| known.path == file.path) {
                added.files.push(file);
            }
        }
        added.items.push(item);
    }
    if wanted.existing.is_none() && wanted.sort == Sort::Quiz {
        let mut notes = Notes::default();
        notes.say("le quiz n’existait pas : il demande 70 % des points, changez-le dans [rules]");
        added.items.push(Item::kept(name, 1, "les règles du quiz", notes));
    }
    Ok(added)
}

/// The question as it is once it was written and read again, to be told from those that were: a line break, or a sign that no
/// text keeps, makes no other question.
fn as_read(draft: Draft) -> Draft {
    let again = toml::from_str::<Questions>(&draft.toml()).ok();
    again.and_then(|again| again.drafts.into_iter().next()).unwrap_or(draft)
}

/// Moodle XML when it is XML, else GIFT.
fn read(name: &str, bytes: &[u8]) -> Result<Vec<Found>, NotACourse> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if start.starts_with(b"<") {
        return moodle::read(name, bytes);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        NotACourse(format!("{name} n’est ni du Moodle XML ni un texte en UTF-8 : enregistrez-le dans cet encodage"))
    })?;
    if text.len() > LARGEST {
        return Err(NotACourse(format!("{name} est trop gros : {} Mio au plus", LARGEST / 1024 / 1024)));
    }
    Ok(gift::read(name, text))
}

/// The largest GIFT file.
const LARGEST: usize = 8 * 1024 * 1024;

fn beginning(wanted: &Wanted<'_>) -> String {
    match (wanted.existing, wanted.sort) {
        (Some(text), _) if text.is_empty() || text.ends_with('\n') => text.to_owned(),
        (Some(text), _) => format!("{text}\n"),
        (None, Sort::Quiz) => String::from("[rules]\npass = 70\n"),
        (None, Sort::Bank) => String::new(),
    }
}
