//! The files of an export: the elements spread over them, their policies, what is said about the course.

use crate::course::interchange::draft::quoted;
use crate::course::interchange::{Item, NotACourse, Notes, html, xml};
use crate::course::parse::SourceFile;
use roxmltree::{Document, Node, NodeId};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// An element, in the file where it is written.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) node: Node<'a, 'a>,
    /// Its name among the elements of its kind.
    pub(super) name: String,
}

impl Block<'_> {
    pub(super) fn tag(&self) -> &str {
        self.node.tag_name().name()
    }
}

/// XML files that were read, or why not.
type Documents<'a> = BTreeMap<&'a str, Result<Document<'a>, (u32, String)>>;

/// An export, whose root is taken off the paths.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    root: &'a str,
    files: BTreeMap<&'a str, &'a [u8]>,
    documents: Documents<'a>,
    policy: Value,
    course: Pointer,
    /// The element that opens each file: the first that points to it, and no other, so that files that point to each other
    /// come to an end.
    openers: RefCell<BTreeMap<String, (String, NodeId)>>,
}

/// Where the course element is.
#[derive(Debug, Clone)]
struct Pointer {
    file: String,
    name: String,
}

impl<'a> Archive<'a> {
    pub(super) fn new(files: &'a [SourceFile]) -> Result<Self, NotACourse> {
        let root = files
            .iter()
            .filter(|file| file.path == "course.xml" || file.path.ends_with("/course.xml"))
            .min_by_key(|file| file.path.matches('/').count());
        let Some(root) = root else {
            return Err(NotACourse(String::from(
                "ni course.toml (notre dossier) ni course.xml (export Open edX) dans cette archive : exportez le cours de nouveau",
            )));
        };
        let root = root.path.strip_suffix("course.xml").unwrap_or_default();
        let files: BTreeMap<&str, &[u8]> =
            files.iter().filter_map(|file| Some((file.path.strip_prefix(root)?, file.bytes.as_slice()))).collect();
        let is_xml = |path: &&str| {
            path.rsplit('.').next() == Some("xml") && !path.starts_with("static/") && !path.starts_with("drafts/")
        };
        let documents: Documents<'a> =
            files.iter().filter(|(path, _)| is_xml(path)).map(|(path, bytes)| (*path, xml::read(bytes))).collect();
        let refused = |(line, why): &(u32, String)| NotACourse(format!("{root}course.xml:{line}: {why}"));
        let course = match documents.get("course.xml") {
            Some(Ok(document)) => document.root_element(),
            Some(Err(error)) => return Err(refused(error)),
            None => return Err(refused(&(1, String::from("ce fichier ne se lit pas")))),
        };
        if !course.has_tag_name("course") {
            return Err(refused(&(1, String::from("sa racine n’est pas <course> : ce n’est pas l’export d’un cours"))));
        }
        let name = course.attribute("url_name").unwrap_or_default().to_owned();
        let away = format!("course/{name}.xml");
        let pointed =
            !course.children().any(|child| child.is_element()) && matches!(documents.get(away.as_str()), Some(Ok(_)));
        let file = if pointed { away } else { String::from("course.xml") };
        let policy = files.get(format!("policies/{name}/policy.json").as_str());
        let policy = policy.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or(Value::Null);
        Ok(Self { root, files, documents, policy, course: Pointer { file, name }, openers: RefCell::default() })
    }

    /// The course element.
    pub(super) fn whole(&'a self) -> Option<Block<'a>> {
        let (file, document) = self.documents.get_key_value(self.course.file.as_str())?;
        let node = document.as_ref().ok()?.root_element();
        Some(Block { file, line: 1, node, name: self.course.name.clone() })
    }

    /// Where a file stands in the archive.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// The files under `static/`, by their paths.
    pub(super) fn statics(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files.iter().filter(|(path, _)| path.starts_with("static/")).map(|(path, bytes)| (*path, *bytes))
    }

    /// The elements in an element, each where it is written.
    pub(super) fn children(&'a self, block: &Block<'a>) -> Vec<Block<'a>> {
        block.node.children().filter(Node::is_element).map(|node| self.resolve(block.file, node)).collect()
    }

    /// The element itself, or the file that it points to.
    fn resolve(&'a self, file: &'a str, node: Node<'a, 'a>) -> Block<'a> {
        let name = node.attribute("url_name").or(node.attribute("slug")).unwrap_or_default().to_owned();
        let here = Block { file, line: xml::line(node), node, name: name.clone() };
        let empty = !node.children().any(|child| child.is_element());
        let away = format!("{}/{}.xml", node.tag_name().name(), name.replace(':', "/"));
        let away = self.documents.get_key_value(away.as_str()).filter(|(path, _)| empty && **path != file);
        let opens = |path: &str| {
            let me = (file.to_owned(), node.id());
            *self.openers.borrow_mut().entry(path.to_owned()).or_insert_with(|| me.clone()) == me
        };
        match away.and_then(|(path, document)| Some((*path, document.as_ref().ok()?))) {
            Some((path, document)) if opens(path) => Block { file: path, line: 1, node: document.root_element(), name },
            Some(_) | None => here,
        }
    }

    /// An attribute of the element, or of its policy.
    pub(super) fn attribute(&self, block: &Block<'_>, name: &str) -> Option<String> {
        let policy = || {
            let value = self.policy.get(format!("{}/{}", block.tag(), block.name))?.get(name)?;
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        block.node.attribute(name).map(str::to_owned).or_else(policy)
    }

    /// What the element is called; its kind when it has no name.
    pub(super) fn title(&self, block: &Block<'_>) -> String {
        let title = self.attribute(block, "display_name").unwrap_or_default();
        let title = html::squeezed(&html::sound(&title));
        match block.tag() {
            _ if !title.is_empty() => title.chars().take(200).collect(),
            "chapter" => String::from("Chapitre"),
            "sequential" => String::from("Section"),
            "vertical" => String::from("Suite"),
            "video" => String::from("Vidéo"),
            _ => block.name.clone(),
        }
    }

    /// « le bloc html « Accueil » »
    pub(super) fn named(&self, block: &Block<'_>) -> String {
        let kind = match block.tag() {
            "chapter" => "le chapitre",
            "sequential" => "la séquence",
            "vertical" => "l’unité",
            "html" => "le texte",
            "video" => "la vidéo",
            "problem" => "la question",
            other => return format!("le bloc {other} « {} »", html::short(&self.title(block))),
        };
        format!("{kind} « {} »", html::short(&self.title(block)))
    }

    /// The HTML of an `html` block, and the file that holds it.
    pub(super) fn html(&self, block: &Block<'_>) -> (String, String) {
        let name = block.node.attribute("filename").unwrap_or(&block.name);
        let path = format!("html/{name}.html");
        match self.files.get(path.as_str()) {
            Some(bytes) => (path, String::from_utf8_lossy(bytes).into_owned()),
            None => (block.file.to_owned(), xml::html(block.node, &|_| false)),
        }
    }

    /// The files that could not be read.
    pub(super) fn unreadable(&self) -> Vec<Item> {
        let errors = self.documents.iter().filter_map(|(path, document)| Some((path, document.as_ref().err()?)));
        errors.map(|(path, (line, why))| Item::left(path, *line, "ce qui est dans ce fichier", why)).collect()
    }

    /// What stands beside the chapters and does not come over.
    pub(super) fn beside(&self, used: &dyn Fn(&str) -> bool) -> Vec<Item> {
        let mut items = Vec::new();
        let mut others = 0usize;
        for path in self.files.keys() {
            let why = match path.split('/').next().unwrap_or_default() {
                "info" => "les annonces et les documents du cours d’origine n’ont pas d’équivalent",
                "tabs" => "une page à part n’a pas d’équivalent : mettez son texte dans un chapitre",
                "drafts" => "c’est un brouillon, que les apprenants ne voient pas",
                "static" if !used(path) => {
                    others += 1;
                    continue;
                }
                _ => continue,
            };
            items.push(Item::left(path, 1, "le fichier", why));
        }
        if others > 0 {
            items.push(Item::left(
                "static/",
                1,
                format!("{others} fichier(s)"),
                "rien de ce qui est repris n’y renvoie",
            ));
        }
        items
    }

    /// The percent of the points that the course asks for.
    pub(super) fn pass(&self) -> u8 {
        let read = self.files.get(format!("policies/{}/grading_policy.json", self.course.name).as_str());
        let policy: Option<Value> = read.and_then(|bytes| serde_json::from_slice(bytes).ok());
        let cutoffs = policy.as_ref().and_then(|policy| policy.get("GRADE_CUTOFFS")?.as_object());
        let least = cutoffs.into_iter().flatten().filter_map(|(_, value)| value.as_f64()).fold(f64::MAX, f64::min);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100")]
        if (0.01..=1.0).contains(&least) { (least * 100.0).round() as u8 } else { 70 }
    }
}

/// What is said about a course.
#[derive(Debug)]
pub(super) struct About {
    pub(super) file: String,
    pub(super) title: String,
    summary: String,
    objectives: Vec<String>,
    licence: Option<String>,
}

impl<'a> Archive<'a> {
    pub(super) fn about(&'a self) -> About {
        let attribute = |name: &str| self.whole().and_then(|course| self.attribute(&course, name));
        let read = |path: &str| {
            let bytes = self.files.get(path)?;
            Some(html::plain(&String::from_utf8_lossy(bytes))).filter(|text| !text.is_empty())
        };
        let listed = attribute("learning_info").and_then(|list| serde_json::from_str::<Vec<String>>(&list).ok());
        let title = attribute("display_name").filter(|title| !title.trim().is_empty());
        let summary = read("about/short_description.html").or_else(|| read("about/overview.html"));
        About {
            file: self.course.file.clone(),
            title: title.unwrap_or_else(|| self.course.name.clone()),
            summary: summary.unwrap_or_default(),
            objectives: listed.unwrap_or_default().into_iter().filter(|line| !line.trim().is_empty()).collect(),
            licence: attribute("license").filter(|licence| !licence.is_empty()),
        }
    }
}

impl About {
    /// `course.toml`, and what was not said.
    pub(super) fn toml(&self, chapters: &[String]) -> (String, Notes) {
        let mut notes = Notes::default();
        let summary = if self.summary.is_empty() {
            notes.say("il n’avait pas de résumé : son titre en tient lieu, écrivez-le");
            &self.title
        } else {
            &self.summary
        };
        let objectives = if self.objectives.is_empty() {
            notes.say("il n’avait pas d’objectifs : les titres des chapitres en tiennent lieu, écrivez-les");
            chapters
        } else {
            &self.objectives
        };
        let licence = match self.licence.as_deref() {
            Some(licence) if licence.starts_with("creative-commons") => {
                let version =
                    licence.split("ver=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or("4.0");
                let parts = ["BY", "NC", "SA", "ND"].into_iter().filter(|part| licence.contains(part));
                format!("CC {} {version}", parts.collect::<Vec<_>>().join("-"))
            }
            Some("all-rights-reserved") => String::from("Tous droits réservés"),
            Some(other) => other.to_owned(),
            None => {
                notes.say("sa licence n’était pas dite : « Tous droits réservés » est écrit, assurez-vous d’avoir le droit de le reprendre");
                String::from("Tous droits réservés")
            }
        };
        notes.say("forum, dates, notes, groupes et réglages du cours d’origine ne viennent pas");
        let objectives: Vec<String> = objectives.iter().take(20).map(|line| line_of(line, 300)).collect();
        let text = format!(
            "title = {}\nsummary = {}\nobjectives = [{}]\nlicence = {}",
            line_of(&self.title, 200),
            line_of(summary, 1000),
            objectives.join(", "),
            line_of(&licence, 100)
        );
        (text, notes)
    }
}

/// A text on one line, as TOML writes it, cut where it is too long.
pub(super) fn line_of(text: &str, most: usize) -> String {
    let line = html::squeezed(&html::sound(text));
    let cut: String =
        if line.chars().count() > most { line.chars().take(most - 1).chain(['…']).collect() } else { line };
    quoted(&cut)
}

/// Why a kind of block does not come over.
pub(super) fn reason(tag: &str) -> String {
    let why = match tag {
        "discussion" => "un forum n’a pas d’équivalent",
        "lti" | "lti_consumer" | "lti-consumer" => {
            "un outil d’un autre site n’a pas d’équivalent : nos pages n’appellent aucun autre site"
        }
        "poll" | "poll_question" | "survey" | "word_cloud" => {
            "un sondage n’a pas d’équivalent dans un chapitre : posez-le en webinaire"
        }
        "openassessment" | "peergrading" | "combinedopenended" => {
            "une rédaction évaluée par des personnes n’a pas d’équivalent"
        }
        "edx_sga" | "staffgradedxblock" | "sga" => "un devoir corrigé par un formateur n’a pas d’équivalent",
        "drag-and-drop-v2" | "drag-and-drop" => {
            "un glisser-déposer sur image ne se fait ni au clavier ni à la voix : faites-en une association"
        }
        "annotatable" | "textannotation" | "videoannotation" | "imageannotation" => {
            "des annotations n’ont pas d’équivalent"
        }
        "scorm" | "scormxblock" => "un module SCORM est un programme : demandez ses sources à son auteur",
        "done" | "completion" => "un bouton « fait » n’a pas d’équivalent : la lecture en tient lieu",
        "split_test" | "conditional" => {
            "un contenu qui dépend du groupe ou des réponses n’a pas d’équivalent : choisissez-en une version"
        }
        "library_sourced" => {
            "son contenu est dans une bibliothèque hors de l’archive : exportez-la et importez-la à part"
        }
        "problem-builder" | "step-builder" | "mentoring" => "une suite de questions guidée n’a pas d’équivalent",
        "google-document" | "google-calendar" | "pdf" => {
            "un document d’un autre site ou un PDF n’a pas d’équivalent : mettez son texte dans le chapitre"
        }
        other => return format!("un bloc « {other} » n’a pas d’équivalent"),
    };
    why.to_owned()
}
