//! The list of the questions, by chapter and quiz.

use crate::studio::{Framed, field::select, frame};
use domain::studio::question::Type;
use domain::studio::quiz_file::QuizFile;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionsPage {
    pub framed: Framed,
    pub filter: Filter,
    /// Slugs and titles.
    pub chapters: Vec<(String, String)>,
    /// Keys and names.
    pub skills: Vec<(String, String)>,
    pub tags: Vec<String>,
    pub blocks: Vec<ChapterBlock>,
    /// The quizzes of the whole course: where their rules are, and their name.
    pub whole: Vec<(String, String)>,
    pub request: String,
}

/// What is looked for; empty for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub kind: String,
    pub skill: String,
    pub chapter: String,
    pub tag: String,
}

/// The quizzes of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterBlock {
    pub slug: String,
    pub title: String,
    pub quizzes: Vec<QuizBlock>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizBlock {
    pub file: QuizFile,
    pub exists: bool,
    /// Its rules in a few words; may be empty.
    pub said: String,
    /// How many there are, whatever is looked for.
    pub questions: u64,
    pub lines: Vec<QuestionLine>,
    /// What is wrong with the file beside its questions.
    pub problems: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionLine {
    pub id: String,
    /// After `…/questions/`.
    pub path: String,
    /// Its first line, as written.
    pub stem: String,
    pub kind: &'static str,
    pub section: String,
    pub skill: String,
    pub tags: Vec<String>,
    pub may_go_up: bool,
    pub may_go_down: bool,
    pub problems: Vec<String>,
}

/// The page, without its shell. Each button POSTs `do` to the page's own address.
pub fn questions_page(page: QuestionsPage) -> impl IntoView {
    let QuestionsPage { framed, filter, chapters, skills, tags, blocks, whole, request } = page;
    let base = format!("/studio/{}/questions", framed.course);
    // Within a chapter all is shown, and can be put in order.
    let is_filtered = filter != Filter { chapter: filter.chapter.clone(), ..Filter::default() };
    let names = skills.clone();
    let found: u64 = blocks.iter().flat_map(|block| &block.quizzes).map(|quiz| quiz.lines.len() as u64).sum();
    let links = whole.into_iter().map(|(path, title)| {
        view! { <li><a href=format!("{base}/{path}")>"Règles\u{a0}: "{title}</a></li> }
    });
    let links = links.collect_view();
    let shown = {
        let base = base.clone();
        blocks.into_iter().map(move |block| chapter(&base, &request, &names, is_filtered, block)).collect_view()
    };
    frame(
        framed,
        view! {
            <h2>"Questions"</h2>
            {filters(&base, filter, chapters, skills, tags)}
            <p role="status">{counted(found, "question", "questions")}"."</p>
            <ul class="studio-links">{links}</ul>
            {shown}
        },
    )
}

fn filters(
    base: &str,
    Filter { kind, skill, chapter, tag }: Filter,
    chapters: Vec<(String, String)>,
    skills: Vec<(String, String)>,
    tags: Vec<String>,
) -> impl IntoView + use<> {
    let kinds = Type::ALL.map(|kind| (kind.key().to_owned(), kind.name().to_owned())).to_vec();
    let tags: Vec<(String, String)> = tags.into_iter().map(|tag| (tag.clone(), tag)).collect();
    view! {
        <form class="studio-filter" method="get" action=base.to_owned()>
            {select(("Chapitre", "chapitre", &chapter), Some("Tous"), chapters, None)}
            {select(("Type", "type", &kind), Some("Tous"), kinds, None)}
            {select(("Compétence", "competence", &skill), Some("Toutes"), skills, None)}
            {(!tags.is_empty()).then(|| select(("Étiquette", "etiquette", &tag), Some("Toutes"), tags, None))}
            <button type="submit" class="button is-quiet">"Filtrer"</button>
        </form>
    }
}

fn chapter(
    base: &str,
    request: &str,
    skills: &[(String, String)],
    is_filtered: bool,
    ChapterBlock { slug, title, quizzes }: ChapterBlock,
) -> impl IntoView + use<> {
    let shown = quizzes.into_iter().filter(|quiz| !is_filtered || !quiz.lines.is_empty());
    let quizzes: Vec<_> = shown.map(|block| quiz(base, request, skills, &slug, is_filtered, block)).collect();
    (!quizzes.is_empty()).then(|| view! { <section class="studio-chapter"><h3>{title}</h3>{quizzes}</section> })
}

fn quiz(
    base: &str,
    request: &str,
    skills: &[(String, String)],
    chapter: &str,
    is_filtered: bool,
    block: QuizBlock,
) -> AnyView {
    let QuizBlock { file, exists, said, questions, lines, problems } = block;
    let anchor = format!("{chapter}-{}", file.key());
    let here = format!("{base}/{chapter}/{}", file.key());
    let kinds = Type::ALL.map(|kind| {
        view! { <li><a href=format!("{here}/nouvelle:{}", kind.key())>{kind.name()}</a></li> }
    });
    let count = counted(questions, "question", "questions");
    let said = if said.is_empty() { count } else { format!("{count}, {said}") };
    let rules = (exists && file != QuizFile::Bank).then(|| {
        let label = if file == QuizFile::Quiz { "Règles du quiz" } else { "Seuil de dispense" };
        view! { " "<a href=here.clone()>{label}<span class="visually-hidden">"\u{a0}: "{chapter.to_owned()}</span></a> }
    });
    let lines = lines.into_iter().map(|one| line(base, skills, &anchor, is_filtered, one)).collect_view();
    view! {
        <section class="studio-quiz">
            <h4 id=anchor.clone()>{file.title()}</h4>
            <p>{said}"."{rules}</p>
            {(!problems.is_empty()).then(|| {
                let problems = problems.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
                view! { <ul class="studio-problems">{problems}</ul> }
            })}
            <form method="post" action=base.to_owned()>
                <input type="hidden" name="request" value=request.to_owned()/>
                <input type="hidden" name="chapter" value=chapter.to_owned()/>
                <input type="hidden" name="quiz" value=file.key()/>
                <ol class="question-list">{lines}</ol>
            </form>
            <details class="studio-add">
                <summary>"Ajouter une question"<span class="visually-hidden">"\u{a0}: "{file.title()}</span></summary>
                <ul>{kinds.into_iter().collect_view()}</ul>
            </details>
        </section>
    }
    .into_any()
}

fn line(
    base: &str,
    skills: &[(String, String)],
    anchor: &str,
    is_filtered: bool,
    line: QuestionLine,
) -> impl IntoView + use<> {
    let QuestionLine { id, path, stem, kind, section, skill, tags, may_go_up, may_go_down, problems } = line;
    let skill = skills.iter().find(|(key, _)| *key == skill).map_or(skill.clone(), |(_, name)| name.clone());
    let about = [kind.to_owned(), skill, section].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let tags = tags.into_iter().map(|tag| view! { " "<span class="studio-tag">{tag}</span> }).collect_view();
    let problems = problems.into_iter().map(|said| view! { <li>{super::in_words(&said)}</li> }).collect_view();
    let short: String = stem.chars().take(60).collect();
    let button = |what: &'static str, label: &'static str, shown: bool| {
        let name = short.clone();
        let value = format!("{what}:{id}");
        shown.then(|| {
            view! {
                <button type="submit" class="link-button" name="do" value=value>
                    {label}
                    <span class="visually-hidden">"\u{a0}: "{name}</span>
                </button>
            }
        })
    };
    // Among others that are not shown, above and below mean nothing.
    let buttons = (
        button("up", "Monter", may_go_up && !is_filtered),
        button("down", "Descendre", may_go_down && !is_filtered),
        button("copy", "Copier", true),
        button("remove", "Retirer", true),
    );
    view! {
        <li id=format!("{anchor}-{id}")>
            <a href=format!("{base}/{path}")>{stem}</a>
            <p class="hint">{about.join(" · ")}{tags}</p>
            <ul class="studio-problems">{problems}</ul>
            <p class="studio-buttons">{buttons}</p>
        </li>
    }
}
